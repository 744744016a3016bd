"""Injury accidents of five years in the columns of the national file, decimal commas and all: where traffic is, and at one planted
junction far more than its traffic explains.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from parvis.demo.files.cheminements import network
from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import INSEE, World, lonlat
from parvis.demo.writing import text_table

HEADER = ["Num_Acc", "jour", "mois", "an", "hrmn", "lum", "dep", "com", "agg", "int", "atm", "col", "adr", "lat", "long"]  # fmt: skip
YEARS = 5
PER_YEAR = 60
PLANTED = 16


def traffic(world: World) -> list[int]:
    """Vehicles a day of each piece of the road network, in its order."""
    rng = world.rng("trafic-troncons")
    return [int(v) for v in np.exp(rng.normal(7.6, 0.7, len(network(world)))).round(-1).clip(100, 30_000)]


def black_spot(world: World) -> tuple[float, float]:
    """The planted junction: of those of three streets or more, the nearest to the middle of Les Tanneries. Lambert-93 metres."""
    ends = Counter(
        (round(x, 2), round(y, 2)) for line in network(world) for x, y in (line.coords[0], line.coords[-1])
    )
    middle = next(d for d in world.districts if d.name == "Les Tanneries").shape.centroid
    return min(
        (p for p, n in ends.items() if n >= 3), key=lambda p: (p[0] - middle.x) ** 2 + (p[1] - middle.y) ** 2
    )


def write(world: World) -> tuple[bytes, Truth]:
    """About 300 accidents in proportion to length and traffic, and those of the black spot."""
    rng = world.rng("accidents")
    lines, flows = network(world), np.array(traffic(world), np.float64)
    risk = np.array([line.length for line in lines]) * flows**0.8
    last = world.today.year - 1
    places = [
        lines[int(i)].interpolate(float(rng.random()), normalized=True)
        for i in rng.choice(len(lines), YEARS * PER_YEAR, p=risk / risk.sum())
    ]
    spots = [(p.x, p.y) for p in places] + [black_spot(world)] * PLANTED
    rows: list[list[str]] = []
    for x, y in spots:
        lon, lat = lonlat(x + float(rng.normal(0, 3)), y + float(rng.normal(0, 3)))
        year = last - int(rng.integers(YEARS))
        known = rng.random() > 0.02
        rows.append(
            [
                "", str(int(rng.integers(1, 29))), str(int(rng.integers(1, 13))), str(year), f"{int(rng.integers(7, 22)):02d}:{int(rng.integers(60)):02d}", "1", INSEE[:2],
                INSEE, "2", "1", "1", str(int(rng.integers(1, 8))), "", f"{lat:.7f}".replace(".", ",") if known else "", f"{lon:.7f}".replace(".", ",") if known else "",
            ]
        )  # fmt: skip
    rows.sort(key=lambda r: (r[3], int(r[2]), int(r[1])))
    for n, r in enumerate(rows, 1):
        r[0] = f"{r[3]}{n:08d}"
    types = {"Num_Acc": "text", "an": "year", "lat": "number", "long": "number", "com": "text"}
    content = text_table(HEADER, rows)
    truth = Truth(
        "csv", encoding="utf-8", separator=";", header_row=1, rows=len(rows), types=types, geometry="point"
    )
    return content, truth


FILE = RawFile(
    "caracteristiques.csv",
    "Accidents corporels de la circulation",
    Dossier(
        "accidents-corporels",
        "Accidents corporels de la circulation",
        "Les accidents corporels de la commune sur cinq ans, extraits des fichiers « caractéristiques » de la base nationale (BAAC) : l’année, le "
        "lieu, les circonstances. "
        "Une ligne par accident, aucune personne.",
        "mobilites",
        ("TRAN",),
        ("accident", "sécurité routière", "circulation"),
        "annual",
        about="Une ligne par accident, dans les colonnes du fichier national ; deux sur cent n’ont pas de position.",
        schema="accidents-corporels",
    ),
    write,
)
