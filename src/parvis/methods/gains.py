"""How much better one way does than another, from their errors day by day, with its doubt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def relative_gain(
    ours: Floats, theirs: Floats, weights: Floats, z: float = 1.96
) -> tuple[float, float, float]:
    """1 - (weighted mean of ours) / (weighted mean of theirs), and its jackknife interval over the groups.

    ours, theirs: errors by group (a day), shape (n,), n >= 1, theirs not all 0; weights: how many things each
    mean is of. z: of the interval, 1.96 for 95 %. Returns value, low, high, no unit; with one group the bounds
    are nan. Raises ValueError when theirs has no error at all. Source: B. Efron, The Jackknife (1982), ch. 3.

    >>> [round(v, 3) for v in relative_gain(np.array([1.0, 1.0]), np.array([2.0, 2.0]), np.ones(2))]
    [0.5, 0.5, 0.5]
    """
    up, down = ours * weights, theirs * weights
    if not down.sum() > 0:
        raise ValueError("nothing to gain: the other way makes no error")
    value = float(1 - up.sum() / down.sum())
    n = len(up)
    rest = down.sum() - down
    if n < 2 or not (rest > 0).all():
        return value, float("nan"), float("nan")
    without = 1 - (up.sum() - up) / rest
    spread = float(np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum()))
    return value, value - z * spread, value + z * spread
