"""Leaks that ran already when a network was first watched: no jump tells them, only what its model cannot explain.

The days that are thought usual leave a residual, by night and by day. Errors of the model (roughness of each pipe, demand of each
node) explain some of it, and what they can do is known from the model itself: it grows with demand, a leak hardly does. Leaks are
taken one by one, the one that explains most first, and placed again after each, given the others. Sources: matching pursuit (Mallat
and Zhang 1993) under a Gaussian error of the model (Kennedy and O'Hagan 2001).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from parvis.methods.water.leak_tracking import Found, places, probabilities

Array = NDArray[np.float64]

STATISTIC, FLOW = 30.0, 1.5
"""χ² that a leak explains, and m³/h of it, from where it is taken."""
MOST, SWEEPS = 8, 3
"""Leaks at most; times that all are placed again after each."""
UNEXPLAINED = 2.0
"""χ² a reading that the leaks may leave: beyond it the model is wrong in ways that it does not know, and tells nothing."""
SIGNATURE, DOUBT = 0.06, 2.0
"""Error of a signature, as a share; times that the covariance is widened where a place is told: the model errs in more ways than it
knows."""


class UsualDays(Protocol):
    """A hydraulic model beside what was read, on the mean, at some hours of usual days."""

    def covariance(self) -> Array:
        """Of the residual, by all that the model may be wrong in, shape (readings, readings)."""
        ...

    def residual(self, leaks: Mapping[int, float]) -> Array:
        """Measured less simulated with these leaks (node to m³/h), shape (readings,)."""
        ...

    def signatures(self, leaks: Mapping[int, float], flow: float) -> Array:
        """What a leak of this flow adds to the residual for each m³/h, shape (nodes, readings)."""
        ...


def running(days: UsualDays, night: int) -> tuple[Found, ...]:
    """Leaks of the usual days, the surest first, told on this night; none where the model explains too little."""
    covariance = days.covariance()
    leaks: dict[int, float] = {}
    for _ in range(MOST):
        residual = days.residual(leaks)
        flow, statistic = places(days.signatures(leaks, 3.0), residual, covariance)
        best = int(statistic.argmax())
        if statistic[best] < STATISTIC or flow[best] < FLOW or best in leaks:
            break
        leaks = _placed_again(days, covariance, {**leaks, best: float(flow[best])})
    left = days.residual(leaks)
    if left @ np.linalg.solve(covariance, left) > UNEXPLAINED * len(left):
        return ()
    return tuple(_located(days, covariance, leaks, node, night) for node in leaks)


def _without(
    days: UsualDays, covariance: Array, leaks: Mapping[int, float], node: int
) -> tuple[Array, Array, Array]:
    """(signatures, residual, covariance) as if one leak were not known and the flows of the others were not sure."""
    others = {n: f for n, f in leaks.items() if n != node}
    signatures = days.signatures(others, max(2.0, 0.9 * leaks[node]))
    by = signatures[list(others)].T.reshape(len(covariance), -1)
    return signatures, days.residual(others), covariance + by @ by.T


def _placed_again(days: UsualDays, covariance: Array, leaks: Mapping[int, float]) -> dict[int, float]:
    """Each leak where it explains most, given the others; then all flows together."""
    placed = dict(leaks)
    for _ in range(SWEEPS):
        before = set(placed)
        for node in list(placed):
            signatures, residual, wide = _without(days, covariance, placed, node)
            flow, statistic = places(signatures, residual, wide)
            best = int(statistic.argmax())
            if best == node or best not in placed:
                placed = {best if n == node else n: f for n, f in placed.items()}
                placed[best] = float(flow[best])
        by = days.signatures(placed, 3.0)[list(placed)].T
        weighted = np.linalg.solve(covariance, by)
        change = np.linalg.solve(
            by.T @ weighted + 1e-6 * np.eye(len(placed)), weighted.T @ days.residual(placed)
        )
        placed = {n: max(0.1, f + float(c)) for (n, f), c in zip(placed.items(), change, strict=True)}
        if set(placed) == before:
            break
    return placed


def _located(days: UsualDays, covariance: Array, leaks: Mapping[int, float], node: int, night: int) -> Found:
    signatures, residual, wide = _without(days, covariance, leaks, node)
    flow, statistic = places(signatures, residual, wide)
    likely = probabilities(signatures, flow, statistic, residual, DOUBT * wide, SIGNATURE)
    return Found(night, node, leaks[node], likely)
