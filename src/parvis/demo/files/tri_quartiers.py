"""Sorting by district and month: CSV. Planted: the first district sorts least of much, and a measure in the
third raises what is sorted by six points from the thirteenth month on.
"""

from __future__ import annotations

import numpy as np

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World
from parvis.demo.writing import Cell, text_table

MEASURE = "Composteurs au pied des immeubles"
EFFECT = 0.06


SHARES = {"emballages": 0.45, "verre": 0.25, "biodéchets": 0.3}
"""How what is sorted divides among the flows."""


MONTHS, STARTED = 22, 12
"""Months of weighings, and which of them is the first with the measure, from 0."""


def write(world: World) -> tuple[bytes, Truth]:
    """Twenty-two months of four flows."""
    rng = world.rng("tri-quartiers")
    shares = rng.uniform(0.24, 0.38, len(world.districts))
    shares[0] = 0.17
    rows: list[list[Cell]] = []
    for n, first in enumerate(world.days.months(MONTHS)):
        month = f"{first:%Y-%m}"
        for i, district in enumerate(world.districts):
            whole = (
                district.people * 0.042 * (1 + 0.06 * np.sin(2 * np.pi * n / 12)) * float(rng.normal(1, 0.03))
            )
            share = float(
                np.clip(shares[i] + (EFFECT if i == 2 and n >= 12 else 0) + rng.normal(0, 0.012), 0.05, 0.9)
            )
            rows.append(
                [
                    month,
                    "ordures ménagères",
                    district.name,
                    round(whole * (1 - share), 2),
                    None,
                    district.people,
                ]
            )
            for flow, part in SHARES.items():
                refused = float(np.clip(rng.normal(0.14 + 0.1 * (i == 5), 0.015), 0, 1))
                brought = round(whole * share * part, 2)
                rows.append(
                    [month, flow, district.name, brought, round(brought * refused, 2), district.people]
                )
    header = ["mois", "flux", "quartier", "tonnes", "tonnes_refus", "population"]
    types = {"flux": "text", "quartier": "text", "tonnes": "number", "population": "integer"}
    return text_table(header, rows), Truth(
        "csv", encoding="utf-8", separator=";", header_row=1, rows=len(rows), types=types
    )


def measures(world: World) -> tuple[bytes, Truth]:
    """The one measure."""
    rows: list[list[Cell]] = [[MEASURE, world.districts[2].name, world.days.months(MONTHS)[STARTED]]]
    return text_table(["mesure", "quartier", "debut"], rows), Truth(
        "csv", encoding="utf-8", separator=";", header_row=1, rows=1, types={"debut": "date"}
    )


FILE = RawFile(
    "tri-quartiers.csv",
    "Tri par quartier",
    Dossier(
        "tri-quartiers",
        "Tri par quartier",
        "Tonnes collectées chaque mois dans chaque quartier, par flux, et ce que le centre de tri a refusé. "
        "Les pesées sont celles des camions à l’entrée du centre.",
        "proprete",
        ("ENVI",),
        ("tri", "recyclage", "refus", "quartier"),
        "monthly",
        about="Une ligne par mois, par flux et par quartier, en tonnes.",
        period=("{two_years}", "{closed}"),
        schema="tonnages-dechets",
    ),
    write,
)
MEASURES = RawFile(
    "mesures-dechets.csv",
    "Mesures pour le tri",
    Dossier(
        "mesures-dechets",
        "Mesures pour le tri",
        "Les mesures prises dans un quartier pour que l’on y trie mieux, et depuis quand : composteurs, visites, "
        "consignes, passages en plus.",
        "proprete",
        ("ENVI",),
        ("tri", "mesure", "composteur"),
        "annual",
        about="Une ligne par mesure et par quartier.",
        schema="mesures-dechets",
    ),
    measures,
)
