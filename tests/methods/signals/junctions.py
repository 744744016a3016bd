"""Junctions made by hand and at random, for the tests of signal plans."""

from __future__ import annotations

import numpy as np

from parvis.methods.signals.values import Floats, Junction, junction

CROSS = ("N", "S", "E", "W", "NL", "SL", "EL", "WL", "PN", "PE")
"""Through and left movements by entrance, pedestrians across the north-south and the east-west street."""
CROSSING = (
    "N-E N-W S-E S-W N-SL S-NL E-WL W-EL NL-E NL-W SL-E SL-W EL-N EL-S WL-N WL-S NL-EL NL-WL SL-EL SL-WL "
    "PN-N PN-S PN-NL PN-SL PN-EL PN-WL PE-E PE-W PE-EL PE-WL PE-NL PE-SL"
)


def cross() -> Junction:
    """A crossroads with lanes for turning left, and pedestrians."""
    matrix = np.full((len(CROSS), len(CROSS)), np.nan)
    for pair in CROSSING.split():
        a, b = (CROSS.index(name) for name in pair.split("-"))
        matrix[a, b], matrix[b, a] = 6.0, 7.0
    saturation = np.array([3600.0] * 2 + [1800.0] * 6 + [0.0] * 2)
    return junction(CROSS, matrix, saturation, max_red=115.0)


def crossroads(rng: np.random.Generator, groups: int) -> tuple[Junction, Floats]:
    """A junction of so many groups with conflicts at random, and flows of a quarter to a half of what fits."""
    matrix = np.full((groups, groups), np.nan)
    for i in range(groups):
        for j in range(i):
            if rng.random() < 0.55:
                matrix[i, j], matrix[j, i] = rng.integers(3, 10, 2)
    saturation = np.where(rng.random(groups) < 0.75, 1800.0 * rng.integers(1, 3, groups), 0.0)
    flow = saturation * rng.uniform(0.02, 0.2, groups)
    return junction(
        tuple(f"g{k}" for k in range(groups)),
        matrix,
        saturation,
        min_green=rng.integers(5, 10, groups).astype(float),
        max_red=150.0,
    ), flow
