"""Polling stations: a zip of two CSV files."""

from __future__ import annotations

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World
from parvis.demo.writing import text_table, zipped


def write(world: World) -> tuple[bytes, Truth]:
    """36 polling stations, two rounds."""
    rng = world.rng("vote")
    header = ["bureau", "lieu", "inscrits", "votants", "blancs", "nuls", "exprimes"]
    members: dict[str, bytes] = {}
    places = [p[2] for p in world.places(rng, 36)]
    for turn in (1, 2):
        rows: list[list[str | int]] = []
        for number in range(1, 37):
            listed = int(rng.integers(700, 1200))
            voted = int(listed * rng.uniform(0.4, 0.7))
            blank, spoilt = int(voted * 0.015), int(voted * 0.007)
            rows.append(
                [f"{number:04d}", places[number - 1], listed, voted, blank, spoilt, voted - blank - spoilt]
            )
        members[f"resultats/tour{turn}.csv"] = text_table(header, rows, encoding="cp1252")
    types = {"bureau": "text", "inscrits": "integer", "exprimes": "integer"}
    return zipped(members), Truth("zip+csv", separator=";", header_row=1, rows=36, types=types)


FILE = RawFile(
    "municipales_2026.zip",
    "Élections municipales 2026",
    Dossier(
        "elections-municipales-2026",
        "Élections municipales 2026, par bureau de vote",
        "Inscrits, votants, blancs, nuls et exprimés aux deux tours des élections municipales de mars 2026, par bureau.",
        "assemblees",
        ("GOVE",),
        ("élection", "vote", "bureau de vote"),
        "punctual",
        resource="Premier tour",
        about="Une ligne par bureau de vote et par tour : inscrits, votants, blancs, nuls, exprimés.",
        period=("2026-03-15", "2026-03-22"),
    ),
    write,
)
