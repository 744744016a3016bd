"""Building fires by block and year: more where buildings are old or of business. Planted: blocks whose fires follow that far
more than chance hides.
"""

from __future__ import annotations

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World, lonlat
from parvis.demo.writing import text_table

PER_DISTRICT, YEARS = 16, 7
YEARLY = 0.00015
"""Fires a building and a year, of a block with nothing old."""
TIMES = 30.0
"""So many times more where all is old."""
SMALL = 3
"""Number of a block that is too small to be told of."""


def write(world: World) -> tuple[bytes, Truth]:
    """Sixteen blocks a district, seven whole years."""
    rng = world.rng("feux-batiments")
    rows: list[list[str]] = []
    block = 0
    for district in world.districts:
        for x, y, _, _ in world.places(rng, PER_DISTRICT, district=district.name):
            block += 1
            buildings = 30 if block == SMALL else int(rng.integers(120, 320))
            old, business = float(rng.beta(0.5, 0.9)), float(rng.uniform(0, 0.3))
            lon, lat = lonlat(x, y)
            mean = buildings * YEARLY * TIMES ** (old + business) * float(rng.gamma(8, 1 / 8))
            for back, fires in enumerate(rng.poisson(mean, YEARS)):
                year = world.today.year - YEARS + back
                rows.append(
                    [
                        f"ZONE-{block:03d}", str(year), str(int(fires)), str(buildings), f"{100 * old:.0f}", f"{100 * business:.0f}",
                        f"{lat:.5f}", f"{lon:.5f}",
                    ]
                )  # fmt: skip
    types = {
        "zone": "text",
        "annee": "integer",
        "feux": "integer",
        "batiments": "integer",
        "anciens_pct": "number",
    }
    header = ["zone", "annee", "feux", "batiments", "anciens_pct", "activites_pct", "latitude", "longitude"]
    truth = Truth(
        "csv", encoding="utf-8", separator=";", header_row=1, rows=len(rows), types=types, geometry="point",
    )  # fmt: skip
    return text_table(header, rows), truth


FILE = RawFile(
    "feux_batiments_zone.csv",
    "Feux de bâtiments par zone",
    Dossier(
        "feux-batiments-zone",
        "Feux de bâtiments par zone",
        "Les feux de bâtiments où les secours sont venus, par zone d’une centaine de bâtiments et par année, avec l’âge et l’usage du bâti. Jamais une adresse.",
        "proximite",
        ("GOVE",),
        ("incendie", "feu", "bâtiment", "zone"),
        "annual",
        about="Une ligne par zone et par année, aussi quand il n’y eut aucun feu.",
        period=("{year}-01-01", "{today}"),
        schema="feux-batiments-zone",
    ),
    write,
)
