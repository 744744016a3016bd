"""Whether so many hits can be luck: check digits pass by chance in one case out of ten to a hundred."""

from __future__ import annotations

import math

NEGLIGIBLE = 1e-4


def tail(tries: int, hits: int, chance: float) -> float:
    """Upper bound of P(Bin(tries, chance) >= hits). Source: Chernoff's bound, exp(-n KL(x/n || p)); exact when every try passes.

    >>> tail(1_000_000, 10_400, 0.0104)
    1.0
    >>> tail(3, 3, 0.0104) < 2e-6
    True
    """
    if hits <= 0 or tries <= 0:
        return 1.0
    share = min(1.0, hits / tries)
    if share <= chance:
        return 1.0
    if chance <= 0:
        return 0.0
    gain = share * math.log(share / chance) + ((1 - share) * math.log((1 - share) / (1 - chance)) if share < 1 else 0.0)
    return math.exp(-tries * gain)
