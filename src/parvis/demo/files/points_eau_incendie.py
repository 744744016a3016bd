"""Hydrants by the national schema: two out of service, one that gives too little, one that nobody tested, some not
controlled for years.
"""

from __future__ import annotations

from datetime import date, timedelta

from parvis.demo import firewater
from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import INSEE, World
from parvis.demo.writing import text_table

HEADER = [
    "insee", "id_sdis", "id_gestion", "nom_gest", "ref_terr", "type_pei", "type_rd", "diam_pei", "source_pei", "statut", "situation", "debit",
    "disponible", "date_dispo", "date_maj", "date_ct", "lon", "lat",
]  # fmt: skip
LATE = 12
"""Every so many hydrants, one was last controlled four years ago."""


def write(world: World) -> tuple[bytes, Truth]:
    """All of them, the row of a hydrant that serves nobody's lack like any other."""
    rng = world.rng("points-eau-incendie")
    _, hydrants = firewater.drawn(world)
    read = world.days.on(date(2026, 11, 10))
    rows: list[list[str]] = []
    planted: dict[str, list[int]] = {}
    for n, one in enumerate(hydrants, 1):
        out = one.planted == firewater.BROKEN
        since = read - timedelta(days=18 + n if out else int(rng.integers(400, 3000)))
        seen = read - timedelta(days=4 * 365 + 30 if n % LATE == 0 else int(rng.integers(30, 700)))
        if one.planted:
            planted.setdefault(one.planted, []).append(n)
        rows.append(
            [
                INSEE, f"{INSEE}.{n:05d}", str(n), "Régie des eaux de Rivemont", str(n), "PI", "poteau", "100", "reseau_aep", "public",
                one.street, "" if one.flow is None else str(one.flow), "0" if out else "1", since.isoformat(), read.isoformat(), seen.isoformat(),
                f"{one.lon:.7f}", f"{one.lat:.7f}",
            ]
        )  # fmt: skip
    types = {
        "insee": "text",
        "id_sdis": "text",
        "debit": "number",
        "disponible": "boolean",
        "date_ct": "date",
    }
    truth = Truth(
        "csv", encoding="utf-8", separator=",", header_row=1, rows=len(rows), types=types, geometry="point",
        planted={k: tuple(v) for k, v in planted.items()},
    )  # fmt: skip
    return text_table(HEADER, rows, separator=",", newline="\n"), truth


FILE = RawFile(
    "points_eau_incendie.csv",
    "Points d’eau incendie",
    Dossier(
        "points-eau-incendie",
        "Points d’eau incendie",
        "Les poteaux d’incendie de la ville, leur débit, leur dernier contrôle et ceux qui sont hors service, relevés par la régie des eaux aux noms du "
        "schéma national.",
        "eaux",
        ("GOVE",),
        ("incendie", "poteau", "secours", "PEI"),
        "monthly",
        about="Une ligne par point d’eau.",
        schema="points-eau-incendie",
        period=("{year}-01-01", "{today}"),
    ),
    write,
)
