"""A share known from a sample: how many to look at, and what the answer is worth."""

from __future__ import annotations

import math

import numpy as np

from parvis.core.types import Estimate

Z95 = 1.959963984540054
"""Two-sided 95 % quantile of the normal law."""


def sample_size(population: int, margin: float) -> int:
    """How many of a population to look at, drawn without replacement, to know a share within `margin` (0.1 for ten points) 95 times in 100.

    For the worst case, a share of one half. Raises ValueError for a margin outside ]0, 0.5]. Source: W. G. Cochran, Sampling Techniques (1977), section 4.4.
    >>> sample_size(10_000, 0.1), sample_size(60, 0.1), sample_size(3, 0.1)
    (96, 38, 3)
    """
    if not 0 < margin <= 0.5:
        raise ValueError(f"a margin lies in ]0, 0.5], not {margin}")
    ideal = (Z95 * 0.5 / margin) ** 2
    return min(population, math.ceil(ideal / (1 + (ideal - 1) / population) - 1e-9)) if population else 0


def drawn(population: int, size: int, seed: int) -> list[int]:
    """Places, from 0, of `size` things drawn from a population without replacement and without preference, in order. The same seed draws the same.

    >>> drawn(10, 3, 7), len(set(drawn(1000, 50, 1)))
    ([5, 6, 7], 50)
    """
    return sorted(np.random.default_rng(seed).choice(population, size, replace=False).tolist())


def share(hits: int, seen: int, population: int) -> Estimate:
    """The share of a population, from `hits` among `seen` drawn without replacement, with its 95 % interval.

    Wilson's interval on the size that the sample would have in an endless population: nothing is left in doubt once all are seen.
    Raises ValueError when 0 <= hits <= seen <= population does not hold or nothing was seen. Source: E. B. Wilson, JASA 22 (1927), 209-212.
    >>> e = share(3, 40, 10_000); (round(e.value, 3), round(e.low, 3), round(e.high, 3))
    (0.075, 0.026, 0.198)
    >>> e = share(2, 10, 10); (e.low, e.value, e.high)
    (0.2, 0.2, 0.2)
    """
    if not 0 <= hits <= seen <= population or not seen:
        raise ValueError(f"{hits} of {seen} of {population}")
    p = hits / seen
    if seen == population:
        return Estimate(p, p, p, "part", "exhaustif", seen=seen, expected=population)
    n = seen * (population - 1) / (population - seen)
    middle = (p + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 / (1 + Z95**2 / n) * math.sqrt(p * (1 - p) / n + Z95**2 / (4 * n**2))
    return Estimate(
        p,
        max(0.0, min(p, middle - half)),
        min(1.0, max(p, middle + half)),
        "part",
        "Wilson",
        seen=seen,
        expected=population,
    )
