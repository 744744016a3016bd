"""Cycle paths: the national schema in a zipped Shapefile in Lambert-93, texts in cp1252."""

from __future__ import annotations

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import INSEE, World
from parvis.demo.writing import layer, zipped

KINDS = ("PISTE CYCLABLE", "BANDE CYCLABLE", "VOIE VERTE", "DOUBLE SENS CYCLABLE NON MATERIALISE")
CLOSED = 5
"""One section in so many is closed for works."""


def write(world: World) -> tuple[bytes, Truth]:
    """One street in four."""
    rng = world.rng("pistes")
    chosen = [s for s in world.streets if rng.random() < 0.25]
    right = [KINDS[int(rng.integers(4))] for _ in chosen]
    left = ["BANDE CYCLABLE" if kind == "BANDE CYCLABLE" else "AUCUN" for kind in right]
    both = [
        "BIDIRECTIONNEL" if kind in ("PISTE CYCLABLE", "VOIE VERTE") else "UNIDIRECTIONNEL" for kind in right
    ]
    state = ["EN TRAVAUX" if n % CLOSED == 3 else "EN SERVICE" for n in range(len(chosen))]
    columns = {
        "id_local": [f"{INSEE}AC{n:03d}" for n in range(1, len(chosen) + 1)],
        "reseau_loc": ["Structurant" if kind == "VOIE VERTE" else "Autre" for kind in right],
        "nom_loc": [s.name for s in chosen],
        "code_com_d": [INSEE] * len(chosen),
        "ame_d": right,
        "sens_d": both,
        "statut_d": state,
        "code_com_g": [INSEE] * len(chosen),
        "ame_g": left,
        "sens_g": ["UNIDIRECTIONNEL" if kind != "AUCUN" else "" for kind in left],
        "statut_g": ["EN SERVICE" if kind != "AUCUN" else "" for kind in left],
        "d_service": [int(rng.integers(2008, world.today.year + 1)) for _ in chosen],
    }
    files = layer(
        [s.line for s in chosen],
        columns,
        driver="ESRI Shapefile",
        name="pistes",
        suffix=".shp",
        kind="LineString",
    )
    types = {"id_local": "text", "ame_d": "text", "code_com_d": "text", "d_service": "year"}
    return zipped({f"amenagements/{n}": c for n, c in files.items()}), Truth(
        "zip+shapefile", rows=len(chosen), types=types, geometry="shape"
    )


FILE = RawFile(
    "pistes_cyclables_L93.zip",
    "Aménagements cyclables",
    Dossier(
        "amenagements-cyclables",
        "Aménagements cyclables",
        "Pistes, bandes, voies vertes et double-sens cyclables, au schéma national, avec leur état et leur année de mise en service. Tracé "
        "relevé au GPS par le service des mobilités.",
        "mobilites",
        ("TRAN", "ENVI"),
        ("vélo", "piste cyclable", "mobilité douce"),
        "semiannual",
        about="Un tronçon par ligne, côté droit et côté gauche, aux noms du schéma national ; tracé en Lambert-93.",
        schema="amenagements-cyclables",
        period=("{year}-01-01", "{today}"),
    ),
    write,
)
