"""Supplies added one by one where they serve most, with a bound on what any other choice of as many could do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Added:
    """Places in the order in which they are chosen. gains: what each adds to those before it; bound: no choice of as
    many places as were asked for gains more.
    """

    chosen: tuple[int, ...]
    gains: tuple[float, ...]
    bound: float

    @property
    def gain(self) -> float:
        """What all of them add."""
        return float(sum(self.gains))


def add(
    place: Ints,
    thing: Ints,
    amount: Floats,
    lack: Floats,
    count: int,
    *,
    weights: Floats | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Added:
    """Choose so many places, each time the one that adds most.

    place, thing, amount: (k,) a place would bring so much to a thing, a pair once at most; lack: (things,) > 0 what each
    still wants; weights: (things,) worth of a thing that has all it wants (default 1), in proportion of what it has
    before that. That worth never grows by more for having more (it is submodular), so the places taken are worth at
    least 63 % of the best choice, and after each step what is had plus the largest gains left, one a place, is no less
    than the best choice. The smallest of these sums is the bound. Ties go to the smaller number. Raises ValueError where
    nothing is lacked. Source: G. L. Nemhauser, L. A. Wolsey, M. L. Fisher, Mathematical Programming 14 (1978), 265-294.
    >>> import numpy as np
    >>> near = np.array([0, 0, 1, 1, 1, 2]), np.array([0, 1, 1, 2, 3, 3])
    >>> add(*near, np.ones(6), np.ones(4), 2)
    Added(chosen=(1, 0), gains=(3.0, 1.0), bound=4.0)
    """
    if not (lack > 0).all():
        raise ValueError("a thing that lacks nothing gains nothing")
    worth = np.ones(len(lack)) if weights is None else weights
    places = int(place.max()) + 1 if len(place) else 0
    had = np.zeros(len(lack))
    chosen: list[int] = []
    gains: list[float] = []
    bound = float(worth.sum())
    while not stop():
        before = np.minimum(1.0, had[thing] / lack[thing])
        after = np.minimum(1.0, (had[thing] + amount) / lack[thing])
        each = np.bincount(place, weights=worth[thing] * (after - before), minlength=places)
        each[chosen] = 0.0
        bound = min(bound, float(sum(gains)) + float(np.sort(each)[::-1][:count].sum()))
        if len(chosen) == min(count, places) or each.max(initial=0.0) <= 1e-12:
            break
        best = int(each.argmax())
        mine = place == best
        had[thing[mine]] += amount[mine]
        chosen.append(best)
        gains.append(float(each[best]))
    return Added(tuple(chosen), tuple(gains), bound)
