"""Measures of prevention: the lighting of the planted hotspot, whose effect can be seen by now, and one that is too young."""

from __future__ import annotations

from datetime import date

from parvis.demo import incidents
from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World, lonlat
from parvis.demo.writing import text_table

HEADER = ["mesure", "lieu", "latitude", "longitude", "rayon_m", "debut", "effet_pct", "bas_pct", "haut_pct", "source"]  # fmt: skip
SOURCE = "Revue systématique sur l’éclairage public (Welsh et Farrington, 2008), chiffres à vérifier"


def write(world: World) -> tuple[bytes, Truth]:
    """Two measures."""
    lon, lat = incidents.hotspot(world)
    centre = world.districts[0].shape.centroid
    other = lonlat(centre.x, centre.y)
    rows = [
        ["éclairage du parking", "parking de la Gare", f"{lat:.6f}", f"{lon:.6f}", "250", incidents.lit(world.today).isoformat(), "-21", "-31", "-8", SOURCE],
        ["médiation de soirée", "place du Marché", f"{other[1]:.6f}", f"{other[0]:.6f}", "200", date(world.today.year, 6, 1).isoformat(), "-10", "-25", "5",
         "Avis du service, sans étude"],
    ]  # fmt: skip
    types = {"mesure": "text", "latitude": "number", "debut": "date", "effet_pct": "number"}
    return text_table(HEADER, rows), Truth(
        "csv", encoding="utf-8", separator=";", header_row=1, rows=2, types=types, geometry="point"
    )


FILE = RawFile(
    "mesures_prevention.csv",
    "Mesures de prévention",
    Dossier(
        "mesures-prevention",
        "Mesures de prévention",
        "Ce que la ville fait contre les incidents d’un lieu : éclairage, médiation, aménagement ; depuis quand, l’effet attendu avec son doute, et d’où vient cette attente.",
        "proximite",
        ("JUST",),
        ("prévention", "tranquillité publique", "éclairage"),
        "quarterly",
        about="Une ligne par mesure et par lieu ; l’effet attendu est en pour cent, négatif quand moins d’incidents sont attendus.",
        period=("{first_year}-01-01", "{today}"),
        schema="mesures-prevention",
    ),
    write,
)
