"""What a network read on its usual days, by night and by day, beside its model and all that the model may be wrong in."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from parvis.services.eau.hydraulics import MONDAY, Hydraulics

Array = NDArray[np.float64]

HOURS = ((1, 2, 3, 4), (7,), (10,), (13,), (19,))
"""Night, then hours of more and more demand: what a pipe loses by its roughness grows with it, what a leak loses hardly does."""
ROUGHNESS, DEMAND, TAKEN = 0.1, 0.12, 0.12
"""How far the file is thought wrong, as a share: the roughness of a pipe, the demand of a node, that of a metered part."""
LEVELLED = 0.003
"""Metres that a sensor stands wrong by."""
ALIKE = 0.7
"""The mean of n days is as good as that of n to this power that do not resemble one another."""


class UsualDays:
    """Implements `methods.water.leaks_before.UsualDays`. Readings: pressures and parts at night, then pressures at each hour of day."""

    def __init__(self, network: Hydraulics, days: range) -> None:
        self._network = network
        self._days = [[hours for day in days if (hours := network.snapshots(day, group))] for group in HOURS]
        self._demands = [
            np.mean([network.nominal(MONDAY + np.timedelta64(24 * d + h, "h")) for d in range(7) for h in group], axis=0)
            for group in HOURS
        ]  # fmt: skip

    @property
    def whole(self) -> bool:
        """Whether each hour was read on a week of days at least."""
        return all(len(days) >= 7 for days in self._days)

    def _residuals(self, leaks: Mapping[int, float], every: int) -> list[Array]:
        """For each group of hours, shape (days, readings of the group)."""
        width = len(self._network.sensors)
        rows = [
            np.array([self._network.residual_of(hours, leaks) for hours in days[::every]])
            for days in self._days
        ]
        return [rows[0], *(r[:, :width] for r in rows[1:])]

    def residual(self, leaks: Mapping[int, float]) -> Array:
        """Measured less simulated, on the mean of every other day."""
        return np.concatenate([r.mean(axis=0) for r in self._residuals(leaks, 2)])

    def signatures(self, leaks: Mapping[int, float], flow: float) -> Array:
        """What a leak adds to the residual for each m³/h."""
        width = len(self._network.sensors)
        of = [self._network.signatures_at(demand, leaks, flow) for demand in self._demands]
        return np.hstack([of[0], *(s[:, :width] for s in of[1:])])

    def covariance(self) -> Array:
        """Of the residual: by roughness, demand, levels of sensors, what the parts take, and chance."""
        network = self._network
        width, parts = len(network.sensors), len(network.parts)
        rough = np.hstack(
            [
                np.pad(network.roughness_effects(demand), ((0, 0), (0, 0 if n else parts)))
                for n, demand in enumerate(self._demands)
            ]
        )
        by_demand = np.hstack(
            [
                np.pad(
                    network.signatures_at(demand, {}, 2.0)[:, :width] * demand[:, None],
                    ((0, 0), (0, 0 if n else parts)),
                )
                for n, demand in enumerate(self._demands)
            ]
        )
        out: Array = ROUGHNESS**2 * rough.T @ rough + DEMAND**2 * by_demand.T @ by_demand
        out += np.diag([0.0 if width <= i < width + parts else LEVELLED**2 for i in range(len(out))])
        taken = TAKEN * network.taken(self._demands[0])
        out[width : width + parts, width : width + parts] += np.diag(taken**2)
        at = 0
        for rows in self._residuals({}, 1):
            to = at + rows.shape[1]
            out[at:to, at:to] += np.cov(rows.T) / len(rows) ** ALIKE
            at = to
        return out
