"""Whether two samples speak of the same thing: distances between distributions and shares, and how large
chance alone makes them.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]


def ks_distance(first: Values, second: Values) -> float:
    """Largest gap between the two cumulative distributions, from 0 (alike) to 1 (apart); ties count as they stand.

    first, second: values in any order, without NaN, at least one each. Source: N. Smirnov, Ann. Math. Stat. 19 (1948), 279-281.
    >>> ks_distance(np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.0, 4.0])).__round__(3)
    0.333
    """
    a, b = np.sort(first), np.sort(second)
    at = np.concatenate([a, b])
    gap = np.searchsorted(a, at, side="right") / len(a) - np.searchsorted(b, at, side="right") / len(b)
    return float(np.abs(gap).max())


def ks_limit(first: int, second: int, alpha: float) -> float:
    """The distance that two samples of one distribution pass with probability alpha (asymptotic, so a little large for small samples).

    >>> ks_limit(1000, 1000, 0.05).__round__(4)
    0.0607
    """
    return math.sqrt(-math.log(alpha / 2) / 2 * (first + second) / (first * second))


def share_score(hits: int, of: int, again: int, of_again: int) -> float:
    """By how many standard errors two shares differ (pooled); positive when the second is larger, 0 when either sample is empty.

    >>> share_score(10, 100, 30, 100).__round__(2)
    3.54
    """
    if not of or not of_again:
        return 0.0
    pooled = (hits + again) / (of + of_again)
    error = math.sqrt(pooled * (1 - pooled) * (1 / of + 1 / of_again))
    return (again / of_again - hits / of) / error if error else 0.0
