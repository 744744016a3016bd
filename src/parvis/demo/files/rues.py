"""Streets: a GeoPackage in Lambert-93."""

from __future__ import annotations

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World
from parvis.demo.writing import layer


def write(world: World) -> tuple[bytes, Truth]:
    """Every street of the map."""
    rng = world.rng("rues")
    limits = [int(v) for v in rng.choice([20, 30, 30, 50], len(world.streets))]
    columns = {
        "nom_voie": [s.name for s in world.streets],
        "quartier": [s.district for s in world.streets],
        "vitesse_max": limits,
        "longueur_m": [round(s.line.length, 1) for s in world.streets],
    }
    files = layer(
        [s.line for s in world.streets],
        columns,
        driver="GPKG",
        name="voies",
        suffix=".gpkg",
        kind="LineString",
    )
    types = {"nom_voie": "text", "vitesse_max": "integer", "longueur_m": "number"}
    return files["voies.gpkg"], Truth("gpkg", rows=len(world.streets), types=types, geometry="shape")


FILE = RawFile(
    "voies.gpkg",
    "Voies",
    Dossier(
        "voies",
        "Voies et vitesses maximales",
        "Le réseau des rues : nom, quartier, longueur et vitesse maximale autorisée. Le tracé suit l’axe de la chaussée, à deux mètres près.",
        "mobilites",
        ("TRAN", "REGI"),
        ("rue", "voirie", "vitesse", "zone 30", "fond de carte"),
        "quarterly",
        about="Un tronçon par ligne : nom, vitesse maximale, longueur en mètres.",
        period=("{year}-01-01", "{today}"),
    ),
    write,
)
