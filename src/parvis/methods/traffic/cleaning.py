"""What is wrong with measures of flow and occupancy: a flag a measure, never another value in its place.

q: flow, veh/h; k: share of the time that the loop is occupied, per cent. Both of shape (steps, arcs), nan where
nothing was measured: what is missing is missing, never zero.
"""

from __future__ import annotations

import itertools
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

from parvis.methods.traffic.grid import Flags, Floats, Grid

Faults = NDArray[np.int64]
"""Sums of `Fault`, a measure each."""

LANE_MOST = 2_400.0
"""veh/h that one lane can pass."""
FULL_PCT, FULL_H = 60.0, 2.0
"""A loop that is occupied more than that for so many hours is broken: no queue stands so still."""
REPEATS = 4
"""Same flow and occupancy so many steps running."""
STUCK_VALUES = 8
"""A single repeated value is chance where the arc is so quiet that fewer vehicles pass in a step."""
BUSY_PCT = 10.0
"""A loop occupied more than that with nobody passing."""
DEVIATIONS = 5.0
MAD_SIGMA = 1.4826


class Fault(IntFlag):
    """Why a measure is not to be trusted."""

    RANGE = 1
    FULL = 2
    STUCK = 4
    PAIR = 8
    LENGTH = 16
    OUTLIER = 32
    MISSING = 64


def flags(q: Floats, k: Floats, grid: Grid, lanes: Floats, v: Floats | None = None) -> Faults:
    """Every fault of every measure. lanes: of each arc, shape (arcs,); v: measured speed, km/h, nan where
    none.

    With a measured speed the mean length of vehicles, 10 k v / q metres, must lie between 3 and 15.
    """
    faults = np.zeros(q.shape, np.int64)
    with np.errstate(invalid="ignore", divide="ignore"):
        faults |= Fault.RANGE * ((q < 0) | (q > LANE_MOST * lanes) | (k < 0) | (k > 100)).astype(np.int64)
        faults |= Fault.FULL * _running(k > FULL_PCT, round(FULL_H * 3600 / grid.step_s)).astype(np.int64)
        faults |= Fault.STUCK * _stuck(q, k, grid).astype(np.int64)
        faults |= Fault.PAIR * (((q == 0) & (k > BUSY_PCT)) | ((q > _few(grid)) & (k == 0))).astype(np.int64)
        if v is not None:
            metres = 10 * k * v / q
            faults |= Fault.LENGTH * ((q > _few(grid)) & ((metres < 3) | (metres > 15))).astype(np.int64)
    faults |= Fault.MISSING * (np.isnan(q) & np.isnan(k)).astype(np.int64)
    return faults


def _few(grid: Grid) -> float:
    """Flow of so few vehicles in a step that an occupancy of 0.0 % is a matter of rounding."""
    return 2 * 3600 / grid.step_s if grid.step_s < 3600 else 10.0


def _running(true: Flags, steps: int) -> Flags:
    """Where it has been true for at least so many steps running, all of these."""
    steps = max(1, steps)
    n = true.shape[0]
    run = np.zeros(true.shape, np.int64)
    for t in range(n):
        run[t] = np.where(true[t], (run[t - 1] if t else 0) + 1, 0)
    whole = run >= steps
    for t in range(n - 2, -1, -1):
        whole[t] |= whole[t + 1] & true[t]
    return whole


def _stuck(q: Floats, k: Floats, grid: Grid) -> Flags:
    """The same pair over and over while vehicles pass; or an occupancy that does not move while the flow
    does.
    """
    same_q, same_k = np.zeros(q.shape, np.bool_), np.zeros(q.shape, np.bool_)
    same_q[1:], same_k[1:] = q[1:] == q[:-1], k[1:] == k[:-1]
    both = np.isnan(k) & np.isnan(np.roll(k, 1, axis=0))
    passing = q * grid.step_s / 3600 >= STUCK_VALUES
    held = same_q & (same_k | both) & passing
    frozen = same_k & ~same_q & (k > 0) & passing
    return _grown(_running(held, REPEATS - 1)) | _grown(_running(frozen, 2 * REPEATS - 1))


def _grown(repeats: Flags) -> Flags:
    """With the measure before each run, the first of the equal ones."""
    grown = repeats.copy()
    grown[:-1] |= repeats[1:]
    return grown


def outliers(values: Floats, middle: Floats, deviation: Floats) -> Flags:
    """Measures farther than `DEVIATIONS` robust deviations from what that kind of day has at that slot.

    middle, deviation: median and MAD of each measure's kind of day and slot, same shape.
    """
    with np.errstate(invalid="ignore"):
        return np.abs(values - middle) > DEVIATIONS * MAD_SIGMA * np.maximum(deviation, 1e-9)


def imbalance(entering: Floats, leaving: Floats) -> float:
    """|in - out| / max(in, out) over all steps where every arc of a node was measured; nan without any.

    entering, leaving: shape (steps, arcs of the node). More than 0.15 over a day says that one is wrong.
    """
    known = ~np.isnan(entering).any(axis=1) & ~np.isnan(leaving).any(axis=1)
    inside, outside = float(entering[known].sum()), float(leaving[known].sum())
    return abs(inside - outside) / max(inside, outside) if max(inside, outside) > 0 else float("nan")


def estimates(values: Floats, profile: Floats, longest: int = 2) -> tuple[Floats, NDArray[np.int64]]:
    """Values with their gaps filled, and how each came: 0 measured, 1 between its neighbours (gaps of at most
    `longest` steps), 2 the profile of that kind of day, 3 nothing known (nan).
    """
    filled, how = values.copy(), np.where(np.isnan(values), 3, 0)
    for a in range(values.shape[1]):
        known = np.flatnonzero(~np.isnan(values[:, a]))
        for left, right in itertools.pairwise(known):
            gap = right - left - 1
            if 0 < gap <= longest:
                inner = np.arange(left + 1, right)
                filled[inner, a] = np.interp(inner, [left, right], values[[left, right], a])
                how[inner, a] = 1
    rest = np.isnan(filled) & ~np.isnan(profile)
    filled[rest], how[rest] = profile[rest], 2
    return filled, how
