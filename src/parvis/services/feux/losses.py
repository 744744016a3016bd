"""What the approved plans of a junction make people lose under given flows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from parvis.methods.signals.delay import pedestrian_wait, plan_delay
from parvis.methods.signals.values import Floats
from parvis.services.feux.junctions import Current, Site, giving_way

ENDLESS_S = 600.0
"""Seconds that a vehicle is taken to lose where a plan shows its group no green."""


def losing(one: Site, plans: Sequence[Current], usual: Floats) -> Callable[[Floats], Floats]:
    """A function: passages an hour, shape (groups,) -> weighted seconds an hour by plan, shape (plans,).

    usual: passages an hour of the usual day, shape (intervals, groups): left turns give way to its busy hours.
    """
    known = np.nan_to_num(usual)
    at = giving_way(one, np.where(one.lanes > 0, np.quantile(known, 0.85, axis=0), 0.0))
    walks = np.array([pedestrian_wait(p.plan.displayed(), float(p.plan.cycle)) for p in plans])

    def delays(passing: Floats) -> Floats:
        moved = np.where(at.vehicles, passing, 0.0)
        by_plan = np.array([np.minimum(plan_delay(at, p.plan, moved), ENDLESS_S) for p in plans])
        return (np.where(at.vehicles, by_plan, walks) * passing).sum(1)

    return delays
