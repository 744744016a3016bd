"""Which groups are green together, and in which order: stages from the matrix of conflicts.

A stage is a set of groups without a conflict; only sets that no further group can join are looked at, with groups
that give way to others let pass beside them and apart from them. Source:
R. E. Allsop, Transportation Science 6 (1972); C. Bron, J. Kerbosch, CACM 16 (1973).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, islice

import numpy as np

from parvis.methods.signals.values import Flags, Floats, Junction

Stage = frozenset[int]

LOOKED_AT = 20_000
"""Sets of stages that are weighed at most: those of few stages first."""


def maximal_stages(conflicts: Flags) -> list[Stage]:
    """Every set of groups without a conflict that none can join, in a stable order. conflicts: shape (m, m).

    >>> [sorted(s) for s in maximal_stages(np.array([[0, 1, 1], [1, 0, 0], [1, 0, 0]], bool))]
    [[0], [1, 2]]
    """
    m = len(conflicts)
    free = [frozenset(j for j in range(m) if j != i and not conflicts[i, j]) for i in range(m)]

    def grown(chosen: Stage, open_: frozenset[int], done: frozenset[int]) -> Iterator[Stage]:
        if not open_:
            if not done:
                yield chosen
            return
        pivot = max(open_ | done, key=lambda i: (len(free[i] & open_), -i))
        for i in sorted(open_ - free[pivot]):
            yield from grown(chosen | {i}, open_ & free[i], done & free[i])
            open_ -= {i}
            done |= {i}

    return sorted(grown(frozenset(), frozenset(range(m)), frozenset()), key=sorted)


def change_s(junction: Junction, before: Stage, after: Stage) -> float:
    """Seconds from the end of one stage to the start of the next: the longest intergreen of what ends and what begins."""
    ending, beginning = sorted(before - after), sorted(after - before)
    if not ending or not beginning:
        return 0.0
    wanted = junction.intergreen[np.ix_(ending, beginning)]
    return float(np.nanmax(wanted)) if not np.isnan(wanted).all() else 0.0


def ordered(junction: Junction, stages: Sequence[Stage]) -> tuple[tuple[Stage, ...], float]:
    """The cyclic order of the stages that loses the least time, and the seconds that it loses in a cycle.

    Exact, by dynamic programming over sets of stages (M. Held, R. Karp, 1962): for the few stages of a junction.
    """
    n = len(stages)
    if n < 3:
        return tuple(stages), sum(
            change_s(junction, stages[i], stages[(i + 1) % n]) for i in range(n) if n > 1
        )
    cost = np.array([[change_s(junction, a, b) for b in stages] for a in stages])
    best: dict[tuple[int, int], tuple[float, int]] = {(1, 0): (0.0, -1)}
    for size in range(1, n):
        for others in combinations(range(1, n), size):
            seen = 1 + sum(1 << i for i in others)
            for last in others:
                rest = seen & ~(1 << last)
                best[seen, last] = min(
                    (best[rest, k][0] + float(cost[k, last]), k)
                    for k in ((0,) if size == 1 else others)
                    if k != last and (rest, k) in best
                )
    whole = (1 << n) - 1
    lost, last = min((best[whole, k][0] + float(cost[k, 0]), k) for k in range(1, n))
    order, seen = [], whole
    while last != -1:
        order.append(last)
        seen, last = seen & ~(1 << last), best[seen, last][1]
    return tuple(stages[i] for i in reversed(order)), lost


def candidates(
    junction: Junction, ratios: Floats, *, most: int = 5, limit: int = 120
) -> list[tuple[Stage, ...]]:
    """Orders of stages that show green to every group, the most promising first, at most `limit` of them.

    ratios: flow over saturation of each group, shape (m,), 0 for pedestrians; most: stages in a cycle. Promise:
    share of the cycle that the groups need at the least, plus what changing stages loses of a cycle of 90 s.
    """
    together = maximal_stages(junction.conflicts)
    apart = maximal_stages(junction.conflicts | (junction.passing_share < 1) | (junction.passing_share.T < 1))
    stages = list(dict.fromkeys(together + apart))
    everyone = frozenset(range(len(junction.groups)))
    covers = (
        chosen
        for size in range(1, most + 1)
        for chosen in combinations(stages, size)
        if frozenset[int]().union(*chosen) == everyone
    )
    orders_found = [(_need(chosen, ratios), chosen) for chosen in islice(covers, LOOKED_AT)]
    near = sorted(orders_found, key=lambda one: (one[0], len(one[1]), [sorted(s) for s in one[1]]))[
        : 4 * limit
    ]
    orders = [(need, *ordered(junction, chosen)) for need, chosen in near]
    orders.sort(key=lambda one: (one[0] + one[2] / 90.0, [sorted(s) for s in one[1]]))
    return [order for _, order, _ in orders[:limit]]


def _need(chosen: Sequence[Stage], ratios: Floats) -> float:
    """The least share of the cycle in which these stages pass all ratios: a linear program, by its dual bound
    of groups that share no stage, which is exact for stages that don't overlap.
    """
    need, taken = 0.0, set[int]()
    for i in np.argsort(-ratios, kind="stable"):
        mine = {k for k, stage in enumerate(chosen) if int(i) in stage}
        if not mine & taken:
            need += float(ratios[i])
            taken |= mine
    return need
