"""Where posts of rescue could stand, two of them today on the same side of the town; and what they have to serve."""

from __future__ import annotations

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World, lonlat
from parvis.demo.writing import text_table

STANDING = ("Port-Neuf", "Université")
"""Districts with a post today: neighbours."""


def write(world: World) -> tuple[bytes, Truth]:
    """Two candidates a district."""
    rng = world.rng("postes")
    rows: list[list[str]] = []
    for district in world.districts:
        for k, (x, y, _, _) in enumerate(world.places(rng, 2, district=district.name)):
            lon, lat = lonlat(x, y)
            here = "oui" if k == 0 and district.name in STANDING else "non"
            name = f"poste {district.name}" if k == 0 else f"terrain {district.name}"
            rows.append([f"PO-{len(rows) + 1:02d}", name, f"{lat:.6f}", f"{lon:.6f}", here])
    types = {"id": "text", "latitude": "number", "existant": "boolean"}
    content = text_table(["id", "nom", "latitude", "longitude", "existant"], rows)
    truth = Truth(
        "csv", encoding="utf-8", separator=";", header_row=1, rows=len(rows), types=types, geometry="point"
    )
    return content, truth


FILE = RawFile(
    "postes_possibles.csv",
    "Postes possibles",
    Dossier(
        "postes-possibles",
        "Postes de secours possibles",
        "Les terrains et bâtiments de la ville où un poste de secours pourrait se tenir, et ceux où il y en a un aujourd’hui. Relevés par la "
        "direction du patrimoine.",
        "patrimoine",
        ("GOVE",),
        ("secours", "poste", "déploiement"),
        "annual",
        about="Une ligne par place possible, avec sa position, et si un poste s’y tient aujourd’hui.",
        period=("{year}-01-01", "{today}"),
        schema="postes-possibles",
    ),
    write,
)
