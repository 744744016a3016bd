"""Cycle paths: a zipped Shapefile in Lambert-93, names in cp1252."""

from __future__ import annotations

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World
from parvis.demo.writing import layer, zipped


def write(world: World) -> tuple[bytes, Truth]:
    """One street in four."""
    rng = world.rng("pistes")
    chosen = [s for s in world.streets if rng.random() < 0.25]
    kinds = ("Piste cyclable", "Bande cyclable", "Voie verte", "Double-sens")
    columns = {
        "voie": [s.name for s in chosen],
        "type_amen": [kinds[int(rng.integers(4))] for _ in chosen],
        "longueur": [round(s.line.length, 1) for s in chosen],
        "annee": [int(rng.integers(2008, 2027)) for _ in chosen],
    }
    files = layer(
        [s.line for s in chosen],
        columns,
        driver="ESRI Shapefile",
        name="pistes",
        suffix=".shp",
        kind="LineString",
    )
    types = {"voie": "text", "type_amen": "text", "longueur": "number", "annee": "year"}
    return zipped({f"amenagements/{n}": c for n, c in files.items()}), Truth(
        "zip+shapefile", rows=len(chosen), types=types, geometry="shape"
    )


FILE = RawFile(
    "pistes_cyclables_L93.zip",
    "Aménagements cyclables",
    Dossier(
        "amenagements-cyclables",
        "Aménagements cyclables",
        "Pistes, bandes, voies vertes et double-sens cyclables, avec leur longueur et leur année de mise en service. Tracé relevé "
        "au GPS par le service des mobilités.",
        "mobilites",
        ("TRAN", "ENVI"),
        ("vélo", "piste cyclable", "mobilité douce"),
        "semiannual",
        about="Un tronçon par ligne : voie, type d’aménagement, longueur, année de création ; tracé en Lambert-93.",
    ),
    write,
)
