"""How long vehicles wait at a signal: control delay, level of service.

Source: Highway Capacity Manual 6, chapter 19 (uniform and incremental delay).
"""

from __future__ import annotations

import numpy as np

from parvis.methods.signals.values import Floats, Junction, Plan

HOURS = 0.25
"""Length of the period that is analysed, as the manual proposes."""
BOUNDS = (10.0, 20.0, 35.0, 55.0, 80.0)
"""Seconds up to which levels A to E reach."""


def control_delay(
    flow: Floats, saturation: Floats, green: Floats, cycle: Floats | float, *, hours: float = HOURS
) -> Floats:
    """Seconds that a vehicle loses on average at a signal with fixed times, of any broadcast shape.

    flow, saturation: veh/h; green: effective, s; hours: length of the period. Infinite where vehicles come
    and no green is shown, 0 where no vehicle comes and no green is either.
    >>> control_delay(np.array([600.0]), np.array([1800.0]), np.array([40.0]), 90.0).round(2).tolist()
    [27.22]
    """
    share = np.clip(green / cycle, 0.0, 1.0)
    capacity = saturation * share
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(capacity > 0, flow / capacity, np.where(flow > 0, np.inf, 0.0))
        uniform = 0.5 * cycle * (1 - share) ** 2 / (1 - np.minimum(ratio, 1.0) * share)
        more = ratio - 1
        incremental = 900 * hours * (more + np.sqrt(more**2 + 4 * ratio / (capacity * hours)))
    uniform = np.where(share >= 1, 0.0, uniform)
    return np.where(capacity > 0, uniform + incremental, np.where(flow > 0, np.inf, 0.0))


def pedestrian_wait(green: Floats, cycle: float) -> Floats:
    """Seconds that whoever comes at any moment waits for green on average, shape of `green` (displayed, s, in one run)."""
    return (cycle - green) ** 2 / (2 * cycle)


def level_of_service(delay: Floats, ratio: Floats) -> list[str]:
    """A to F by control delay in seconds, F also where the flow is over the capacity (ratio > 1). Arrays of shape (m,)."""
    levels = np.searchsorted(np.array(BOUNDS), delay, side="left")
    return ["ABCDEF"[5 if r > 1 else int(level)] for level, r in zip(levels, ratio, strict=True)]


def plan_delay(junction: Junction, plan: Plan, flow: Floats, *, hours: float = HOURS) -> Floats:
    """Seconds that a vehicle of each group loses on average under a plan, shape (m,); 0 for pedestrians.

    Greens of a group that come twice in a cycle count as one of their length: delay is then overstated.
    """
    moved = junction.vehicles
    is_green = plan.seconds()
    saturated = np.where(is_green[None], junction.passing_share[:, :, None], 1.0).min(1)
    green = np.maximum(is_green.sum(1) + junction.gain, 1e-9)
    passing = np.maximum((is_green * saturated).sum(1) + junction.gain, 1e-9)
    waits = np.zeros(len(flow))
    waits[moved] = control_delay(
        flow[moved],
        (junction.saturation * passing / green)[moved],
        green[moved],
        float(plan.cycle),
        hours=hours,
    )
    return waits
