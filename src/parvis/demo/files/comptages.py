"""Bicycle counters: gzip, ISO dates with a zone, one sensor frozen, one silent for days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World
from parvis.demo.writing import gzipped

SITES = (
    "Pont-Vieux",
    "Quai de l’Ansonne",
    "Avenue de la Gare",
    "Voie verte nord",
    "Université",
    "Boulevard Gambetta",
)
HOURS = 24 * 300


def write(world: World) -> tuple[bytes, Truth]:
    """300 days of hours at six sites: 43,200 rows less a gap."""
    rng = world.rng("comptages")
    start = datetime.combine(world.days.on(date(2026, 1, 1)), time(), UTC)
    hour = np.arange(HOURS)
    shape = np.exp(-0.5 * ((hour % 24 - 7) / 1.3) ** 2) + np.exp(-0.5 * ((hour % 24 - 17) / 1.8) ** 2) + 0.05
    week = np.where((hour // 24 + start.weekday()) % 7 >= 5, 0.45, 1.0)
    lines = ["site,date_heure,comptage,temperature"]
    frozen: list[int] = []
    for index, site in enumerate(SITES):
        counts = rng.poisson(
            90 * (0.5 + index / 4) * shape * week * (1 + 0.4 * np.sin(hour / 8760 * 6.28 - 1))
        )
        for h in range(HOURS):
            if index == 3 and 3000 <= h < 3120:
                continue  # silent for five days
            if index == 4 and 5000 <= h < 5060:
                counts[h] = 37  # frozen
                frozen.append(len(lines))
            lines.append(
                f"{site},{(start + timedelta(hours=h)).isoformat().replace('+00:00', 'Z')},{counts[h]},{12 + 9 * np.sin(h / 8760 * 6.28 - 1.8) + 4 * np.sin((h % 24 - 9) / 24 * 6.28):.1f}"
            )
    types = {"site": "text", "date_heure": "datetime", "comptage": "integer", "temperature": "number"}
    truth = Truth(
        "gzip+csv",
        encoding="utf-8",
        separator=",",
        header_row=1,
        rows=len(lines) - 1,
        types=types,
        planted={"frozen-series": tuple(frozen)},
    )
    return gzipped(("\n".join(lines) + "\n").encode()), truth


FILE = RawFile(
    "comptages_velos.csv.gz",
    "Comptages de vélos",
    Dossier(
        "comptages-velos",
        "Comptages de vélos, heure par heure",
        "Passages de vélos comptés chaque heure en six endroits depuis dix mois, avec la température. Un compteur en "
        "panne ne donne rien : une heure absente n’est pas une heure sans vélos.",
        "mobilites",
        ("TRAN", "ENVI"),
        ("vélo", "comptage", "trafic", "mobilité"),
        "daily",
        about="Une ligne par compteur et par heure ; une heure absente est une panne, pas un zéro.",
    ),
    write,
)
