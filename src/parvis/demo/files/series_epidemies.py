"""Weekly series of illnesses as an authority publishes them. Planted: bronchiolitis that doubles in its last five weeks; two
others go on as ever.
"""

from __future__ import annotations

from datetime import timedelta

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World
from parvis.demo.writing import text_table

WEEKS, RISE = 110, 5
OUTBREAK = "bronchiolite"
SERIES = ((OUTBREAK, 60.0), ("gastro-entérite", 110.0), ("varicelle", 25.0))
"""Illness, and visits of a usual week."""
UNIT = "pour 10 000 passages"


def write(world: World) -> tuple[bytes, Truth]:
    """Whole weeks alone, the last of them over before the city is built."""
    rng = world.rng("series-epidemies")
    monday = world.today - timedelta(days=world.today.weekday())
    rows: list[list[str]] = []
    for illness, usual in SERIES:
        for back in range(WEEKS, 0, -1):
            value = usual * float(rng.uniform(0.85, 1.15)) if back > 1 else usual
            if illness == OUTBREAK and back <= RISE:
                value = usual * (1 + 0.25 * (RISE + 1 - back))
            week = monday - timedelta(weeks=back)
            rows.append(
                [
                    week.isoformat(), "249900990", "Rivemont et ses voisines", "epci", illness, "passages aux urgences", f"{value:.1f}", UNIT,
                    "Observatoire de santé de Rivemont", "",
                ]
            )  # fmt: skip
    header = [
        "semaine",
        "code_zone",
        "zone",
        "niveau",
        "maladie",
        "mesure",
        "valeur",
        "unite",
        "source",
        "url",
    ]
    types = {"semaine": "date", "code_zone": "text", "valeur": "number"}
    return text_table(header, rows), Truth(
        "csv", encoding="utf-8", separator=";", header_row=1, rows=len(rows), types=types
    )


FILE = RawFile(
    "series_epidemies.csv",
    "Séries d’épidémies",
    Dossier(
        "series-epidemies",
        "Passages aux urgences par maladie",
        "Semaine après semaine, la part des passages aux urgences pour quelques maladies suivies, dans Rivemont et les communes voisines.",
        "sante",
        ("HEAL",),
        ("épidémie", "surveillance", "urgences"),
        "weekly",
        about="Une ligne par semaine et par maladie ; une semaine sans ligne n’a pas été publiée.",
        schema="series-epidemies",
    ),
    write,
)
