"""Whether so many hits can be luck: check digits pass by chance in one case out of ten to a hundred."""

from __future__ import annotations

import math

NEGLIGIBLE = 1e-4


EXACT = 1_000
"""Tries up to which the tail is summed term by term."""


def tail(tries: int, hits: int, chance: float) -> float:
    """P(Bin(tries, chance) >= hits): exact for few tries, an upper bound beyond. Source: Chernoff's bound, exp(-n KL(x/n || p)).

    >>> tail(1_000_000, 10_400, 0.0104)
    1.0
    >>> tail(3, 3, 0.0104) < 2e-6
    True
    """
    if hits <= 0 or tries <= 0:
        return 1.0
    hits = min(hits, tries)
    share = hits / tries
    if share <= chance:
        return 1.0
    if chance <= 0:
        return 0.0
    if tries <= EXACT:
        return min(
            1.0,
            math.fsum(
                math.comb(tries, k) * chance**k * (1 - chance) ** (tries - k) for k in range(hits, tries + 1)
            ),
        )
    gain = share * math.log(share / chance) + (
        (1 - share) * math.log((1 - share) / (1 - chance)) if share < 1 else 0.0
    )
    return math.exp(-tries * gain)
