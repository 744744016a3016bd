"""What posts of rescue had to serve in a year, by block: in proportion to the people of each district."""

from __future__ import annotations

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World, lonlat
from parvis.demo.writing import text_table

PER_DISTRICT = 14


def write(world: World) -> tuple[bytes, Truth]:
    """Fourteen blocks a district."""
    rng = world.rng("demande-secours")
    rows: list[list[str]] = []
    for district in world.districts:
        for x, y, _, _ in world.places(rng, PER_DISTRICT, district=district.name):
            lon, lat = lonlat(x, y)
            calls = 5 + int(rng.poisson(district.people / 120))
            rows.append([f"IL-{len(rows) + 1:03d}", str(calls), f"{lat:.6f}", f"{lon:.6f}"])
    types = {"id": "text", "poids": "number", "latitude": "number"}
    content = text_table(["id", "poids", "latitude", "longitude"], rows)
    truth = Truth(
        "csv", encoding="utf-8", separator=";", header_row=1, rows=len(rows), types=types, geometry="point"
    )
    return content, truth


FILE = RawFile(
    "demande_secours.csv",
    "Interventions de secours par îlot",
    Dossier(
        "demande-secours",
        "Interventions de secours par îlot",
        "Le nombre d’interventions de secours d’une année par îlot d’une centaine de logements, au centre de l’îlot. Jamais moins de cinq, jamais une adresse.",
        "proximite",
        ("GOVE",),
        ("secours", "intervention", "îlot"),
        "annual",
        about="Une ligne par îlot : ses interventions de l’année, et la position de son milieu.",
        period=("{year}-01-01", "{today}"),
        schema="demande-secours",
    ),
    write,
)
