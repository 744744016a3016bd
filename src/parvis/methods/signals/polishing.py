"""A plan polished by simulation: a few seconds moved between its stages, or its cycle, while the same draws of traffic say
that less is lost; taken only where other draws, and other demands, say so too.

Comparing on common random numbers takes the luck of a draw out of a difference (A. M. Law, Simulation Modeling and
Analysis, 5th ed., 2015, section 11.2). What is chosen as the best of many looks better than it is on the draws that it
was chosen by: so the draws that decide are others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from parvis.methods.signals.splits import Timing
from parvis.methods.signals.values import Floats

Simulate = Callable[[Timing, int, float], float]
"""(timing, seed of the draw, demand as a share of that counted) -> seconds lost by a vehicle on average."""

STEPS = (6, 3, 1)
"""Seconds that are moved in one try: large moves first."""
DEMANDS = (0.8, 1.0, 1.2)
"""Under which a polished plan has to be the better one."""


@dataclass(frozen=True, slots=True)
class Draws:
    """Seeds that choose, and others that decide. most: simulations that choosing may take; deciding takes two a seed and
    demand more.
    """

    choosing: Sequence[int]
    deciding: Sequence[int]
    most: int = 60

    def __post_init__(self) -> None:
        if set(self.choosing) & set(self.deciding):
            raise ValueError("what decides is not what chose")
        if not self.choosing or len(self.deciding) < 2:
            raise ValueError("one draw to choose by, and two to decide by, at least")


@dataclass(frozen=True, slots=True)
class Polished:
    """timing: the polished one where it was taken, else that which was given. before, after: seconds lost by a vehicle
    under the given and under the tried timing, shape (demands, deciding draws); empty where nothing was better on the
    draws that choose.
    """

    timing: Timing
    taken: bool
    simulations: int
    before: Floats
    after: Floats


def polished(
    timing: Timing,
    simulate: Simulate,
    draws: Draws,
    cycles: range,
    *,
    stop: Callable[[], bool] = lambda: False,
) -> Polished:
    """The timing, polished where that is better on draws that nothing was chosen by, at each of `DEMANDS`. It keeps every
    rule of the structure, and its cycle stays in `cycles`. stop: asked before each try, ends the choosing.
    """
    best = _chosen(timing, simulate, draws, cycles, stop)
    nothing = np.zeros((len(DEMANDS), 0))
    if np.array_equal(best.timing.seconds, timing.seconds):
        return Polished(timing, False, best.spent, nothing, nothing)
    before, after = (
        np.array([[simulate(one, seed, demand) for seed in draws.deciding] for demand in DEMANDS])
        for one in (timing, best.timing)
    )
    spent = best.spent + before.size + after.size
    taken = better(before, after)
    return Polished(best.timing if taken else timing, taken, spent, before, after)


def better(before: Floats, after: Floats) -> bool:
    """Whether less is lost under each demand, by more than twice its standard error at least once over all. before, after:
    shape (demands, draws), draws in common.
    """
    gains = before - after
    mean = gains.mean(1)
    each = gains.mean(0)
    error = float(each.std(ddof=1)) / len(each) ** 0.5
    return bool((mean > 0).all() and float(each.mean()) > 2 * error)


@dataclass(frozen=True, slots=True)
class _Best:
    timing: Timing
    losses: Floats
    spent: int


def _chosen(
    timing: Timing, simulate: Simulate, draws: Draws, cycles: range, stop: Callable[[], bool]
) -> _Best:
    """Descent on the draws that choose. A try goes on to the next draw only while the draws before it are for it."""
    n = len(draws.choosing)
    losses = np.array([simulate(timing, seed, 1.0) for seed in draws.choosing])
    best = _Best(timing, losses, n)
    for step in STEPS:
        again = True
        while again:
            again = False
            for tried in _moved(best.timing, step, cycles):
                if best.spent + n > draws.most or stop():
                    return best
                gained, spent = np.zeros(n), 0
                for k, seed in enumerate(draws.choosing):
                    gained[k] = best.losses[k] - simulate(tried, seed, 1.0)
                    spent += 1
                    if gained[: k + 1].sum() <= 0:
                        break
                better_one = spent == n and gained.sum() > 0
                best = _Best(
                    tried if better_one else best.timing,
                    best.losses - gained if better_one else best.losses,
                    best.spent + spent,
                )
                if better_one:
                    again = True
                    break
    return best


def _moved(timing: Timing, step: int, cycles: range) -> Iterator[Timing]:
    """The timings with so many seconds more or less in a stage, or moved from one to another, that keep the rules."""
    n = len(timing.seconds)
    whole = np.eye(n, dtype=np.int64)
    for i in range(n):
        for change in (
            *(step * (whole[i] - whole[j]) for j in range(n) if j != i),
            step * whole[i],
            -step * whole[i],
        ):
            tried = replace(timing, seconds=timing.seconds + change)
            rules = timing.structure.rows @ tried.seconds >= timing.structure.least - 1e-9
            if bool(rules.all()) and tried.cycle in cycles:
                yield tried
