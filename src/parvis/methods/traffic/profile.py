"""What a counter says on each kind of day at each slot, robustly, and how far from it a moment is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parvis.methods.traffic.cleaning import MAD_SIGMA
from parvis.methods.traffic.grid import KINDS, Floats, Grid, Ints

FEWEST = 3
"""Days of a kind below which their median says little: the slot of all days stands for it."""
MANY = 8
"""Days of a kind from which on their own deviation is believed."""
FAR = 3.0
"""Robust deviations of an anomaly."""
STEPS = 2
"""Steps running that it must last."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Median and MAD of each kind of day and slot, shape (KINDS, slots, series), nan where never measured;
    days: how many were measured.
    """

    middle: Floats
    deviation: Floats
    days: Ints

    def at(self, grid: Grid) -> tuple[Floats, Floats]:
        """Median and MAD of each step of a grid, shape (steps, series)."""
        return self.middle[grid.kind, grid.slot], self.deviation[grid.kind, grid.slot]


def profile(values: Floats, grid: Grid) -> Profile:
    """The profile of all that was measured. values: shape (steps, series)."""
    slots, series = grid.slots, values.shape[1]
    middle = np.full((KINDS, slots, series), np.nan)
    deviation, days = middle.copy(), np.zeros((KINDS, slots, series), np.int64)
    for slot in range(slots):
        here = grid.slot == slot
        every = _robust(values[here])
        for kind in range(KINDS):
            part = values[here & (grid.kind == kind)]
            known = (~np.isnan(part)).sum(axis=0)
            own = _robust(part)
            enough = known >= FEWEST
            middle[kind, slot] = np.where(enough, own[0], every[0])
            deviation[kind, slot] = np.where(enough, own[1], every[1])
            days[kind, slot] = known
        # of a few days the deviation says little: that of all days around their own medians bounds it
        around = _robust(values[here] - middle[grid.kind[here], slot])[1]
        few = days[:, slot] < MANY
        deviation[:, slot] = np.where(few, np.fmax(deviation[:, slot], around), deviation[:, slot])
    return Profile(middle, deviation, days)


def _robust(part: Floats) -> tuple[Floats, Floats]:
    """Median and MAD by series, nan where nothing is known."""
    middle = known_median(part)
    return middle, known_median(np.abs(part - middle))


def known_median(part: Floats) -> Floats:
    """Median by series of what is known, nan where nothing is. part: shape (steps, series). That of `numpy.nanmedian`,
    without its masked arrays, which take ten times as long for a slot's few days.

    >>> known_median(np.array([[3.0, np.nan], [np.nan, np.nan], [1.0, np.nan]])).tolist()
    [2.0, nan]
    """
    ordered = np.sort(part, axis=0)  # nan last
    known = (~np.isnan(ordered)).sum(axis=0)
    median, some = np.full(part.shape[1], np.nan), np.flatnonzero(known)
    low, high = (known[some] - 1) // 2, known[some] // 2
    median[some] = (ordered[low, some] + ordered[high, some]) / 2
    return median


def scores(values: Floats, middle: Floats, deviation: Floats, least: float = 1.0) -> Floats:
    """Robust distances from the profile, in deviations; nan where one is not known. least: of a deviation,
    in the unit of the values.

    >>> scores(np.array([[130.0]]), np.array([[100.0]]), np.array([[10.0]])).round(2).tolist()
    [[2.02]]
    """
    return (values - middle) / np.maximum(MAD_SIGMA * deviation, least)


def anomalies(z: Floats) -> Ints:
    """-1 or 1 where a series has been so far below or above its profile for `STEPS` steps running, else 0."""
    sign = np.where(np.abs(np.nan_to_num(z)) > FAR, np.sign(np.nan_to_num(z)), 0).astype(np.int64)
    signs = np.zeros_like(sign)
    for t in range(STEPS - 1, len(sign)):
        same = np.all(sign[t - STEPS + 1 : t + 1] == sign[t], axis=0)
        signs[t] = np.where(same, sign[t], 0)
    return signs
