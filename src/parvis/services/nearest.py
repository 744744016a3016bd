"""The places nearest to a spot on foot, in the minutes that several services say: along the city's walking network
where it is published, else in a straight line and three tenths more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from parvis.methods.bikes.nearby import DETOUR, WALK_M_S
from parvis.methods.sphere import distances
from parvis.services import walking
from parvis.services.answers import Asked, Spot

FAR_MIN = 20
"""Nobody is sent farther than so many minutes on foot: the answers say it in words."""


@dataclass(frozen=True, slots=True)
class Near:
    """One of the places, by its number. by_streets: not in a straight line."""

    index: int
    minutes: int
    by_streets: bool


def closest(spot: Spot, places: Sequence[tuple[float, float]]) -> tuple[int, float]:
    """The number of the place that is nearest as the crow flies, however far, and its kilometres. places: lon, lat, at
    least one.
    """
    points = np.asarray(places, np.float64)
    metres = distances(points[:, 1], points[:, 0], spot.lat, spot.lon)
    best = int(np.argmin(metres))
    return best, float(metres[best]) / 1000


def straight_line(asked: Asked) -> str:
    """What an answer says of minutes that are not all along streets."""
    return asked.say(
        "Temps à pied à vol d’oiseau, trois dixièmes de plus : le réseau piéton n’est pas connu partout ici."
    )


def nearest(spot: Spot, places: Sequence[tuple[float, float]], streets: pa.Table | None) -> list[Near]:
    """Those within `FAR_MIN`, the nearest first. places: lon, lat; streets: the walking network, as `walking.walks`
    takes it.
    """
    every = np.ones(len(places), np.bool_)
    limit = FAR_MIN * 60 * WALK_M_S
    walks = walking.walks(streets, True, (spot.lon, spot.lat), places, every, len(places), limit=limit)
    timed = [(w.metres * (1.0 if w.by_streets else DETOUR) / WALK_M_S / 60, w) for w in walks]
    return [
        Near(w.index, max(1, round(minutes)), w.by_streets)
        for minutes, w in sorted(timed, key=lambda one: (one[0], one[1].index))
        if minutes <= FAR_MIN
    ]
