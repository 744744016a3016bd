"""Where else to go: stations near a place, by the time that a person may expect to lose."""

from __future__ import annotations

import numpy as np

from parvis.methods.bikes.history import Floats, Ints

WALK_M_S = 1.2
RIDE_M_S = 4.0
DETOUR = 1.3
"""Metres of street for a metre as the crow flies, where no network says better."""

RETRY_S = 600
"""What it costs to arrive for nothing: going on to another station."""


def ride_s(straight_m: float) -> float:
    """Riding time for a distance as the crow flies, with two minutes to unlock and to dock."""
    return straight_m * DETOUR / RIDE_M_S + 120


def ranked(on_foot_s: Floats, chance: Floats) -> Ints:
    """Places from the best: least time on foot, and to retry as often as it fails. on_foot_s, chance: shape (m,); ties by the shorter walk.

    >>> ranked(np.array([60.0, 240.0, 900.0]), np.array([0.2, 0.95, 1.0])).tolist()
    [1, 0, 2]
    """
    return np.lexsort((on_foot_s, on_foot_s + (1 - chance) * RETRY_S))
