"""The demo city's bicycle counters, in the three tables of the national schema: where they stand, what each counts, and
400 days of it. Planted: a counter that has been silent for weeks, one whose second channel stopped, one that repeats
itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from parvis.demo.world import ZONE, World, lonlat

DAYS = 400
SILENT, HALF, STUCK = 2, 4, 5
"""Numbers of the sites with something planted."""
SILENT_DAYS, HALF_DAYS, STUCK_DAYS = 24, 12, 15
SITES = (
    ("Pont-Vieux", "CYCLEWAY"), ("Quai de l’Ansonne", "CYCLEWAY"), ("Avenue de la Gare", "ROAD"), ("Voie verte nord", "CYCLEWAY"),
    ("Université", "CYCLEWAY"), ("Boulevard Gambetta", "ROAD"),
)  # fmt: skip
WAYS = (("E", "Vers l’est"), ("W", "Vers l’ouest"))


@lru_cache(maxsize=4)
def places(world: World) -> tuple[tuple[float, float], ...]:
    """Longitude and latitude of each site."""
    return tuple(lonlat(x, y) for x, y, _, _ in world.places(world.rng("sites-comptage"), len(SITES)))


def channel(site: int, way: int) -> str:
    """The identifier of the channel of one site and way."""
    return f"RIV-{site + 1}-{WAYS[way][0]}"


def days(world: World) -> tuple[date, ...]:
    """The days that are counted: up to yesterday."""
    return tuple(world.today - timedelta(days=n) for n in range(DAYS, 0, -1))


def counts(world: World, site: int, way: int) -> NDArray[np.int64]:
    """What one channel counted on each of `days`, without what was planted."""
    every = days(world)
    rng = world.rng(f"comptages-mobilite-{site}-{way}")
    season = np.array([1 - 0.35 * np.cos(2 * np.pi * (d.timetuple().tm_yday - 15) / 365) for d in every])
    week = np.array([0.55 if d.weekday() >= 5 else 1.0 for d in every])
    grown = np.linspace(0.94, 1.05, DAYS)
    return rng.poisson((260 + 120 * site) * season * week * grown * rng.gamma(40, 1 / 40, DAYS))


def rows(world: World) -> Iterator[tuple[str, datetime, datetime, int]]:
    """Channel, start, end and count of each day that was counted."""
    every = days(world)
    for site in range(len(SITES)):
        for way in range(len(WAYS)):
            number = counts(world, site, way)
            if site == STUCK:
                number[-STUCK_DAYS:] = 412
            missing = SILENT_DAYS if site == SILENT else HALF_DAYS if (site, way) == (HALF, 1) else 0
            for day, n in list(zip(every, number, strict=True))[: DAYS - missing]:
                yield channel(site, way), _midnight(day), _midnight(day + timedelta(days=1)), int(n)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE).astimezone(UTC)
