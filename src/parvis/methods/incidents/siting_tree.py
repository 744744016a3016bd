"""A p-median's proof by branches: each fixes a site open or closed, and has its own bound by Lagrange's multipliers.

The bound at the root may stand below the best choice for ever (a gap of duality). Where p is small, a few sites fixed close most of
it. A branch ends when its bound is near enough to the best choice, so that what is proven is that nearness, not more. Sources: N.
Christofides, J. Beasley, Eur. J. Oper. Res. 10 (1982) for branches on sites with this bound; Beasley (1985) for sites shut out on
the way.
"""

from __future__ import annotations

import heapq
import time

import numpy as np
import numpy.typing as npt

from parvis.methods.incidents import siting_kernel as kernel

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

TURNS, STALE = 250, 12
"""Steps of the multipliers in a branch; those without a better bound after which steps are halved."""


class _Branches:
    """The sites of one program. costs: of each place to its sites, rising, shape (places, sites); order: those sites."""

    def __init__(self, weighted: Floats, p: int, value: float, target: float, until: float) -> None:
        order = np.argsort(weighted, axis=1, kind="stable")
        self.costs, self.order = np.take_along_axis(weighted, order, axis=1), order
        self.p, self.value, self.target, self.until = p, value, target, until
        self.best: Ints | None = None
        self.lowest = np.inf
        self._worth, self._slack = np.empty(weighted.shape[1]), np.empty(len(weighted))

    def bound(self, paid: Floats, opened: Bools, closed: Bools) -> tuple[float, Floats, Floats]:
        """(bound, its multipliers, what each site is worth to them) with these sites fixed."""
        best, best_paid, worth_kept = -np.inf, paid, np.zeros(len(opened))
        step, stale, direction = 0.5, 0, np.zeros(len(paid))
        left = self.p - int(opened.sum())
        forced = np.flatnonzero(opened)
        free = np.flatnonzero(~opened & ~closed)
        for _ in range(TURNS):
            kernel.priced(self.costs, self.order, paid, self._worth)
            chosen = free[np.argpartition(self._worth[free], left - 1)[:left]] if left else free[:0]
            chosen = np.concatenate([forced, chosen])
            total = float(paid.sum() + self._worth[chosen].sum())
            if total > best + 1e-9 * self.value:
                best, best_paid, worth_kept, stale = total, paid.copy(), self._worth.copy(), 0
            else:
                stale += 1
            is_open = np.zeros(len(opened), np.bool_)
            is_open[chosen] = True
            other = kernel.served(self.costs, self.order, paid, is_open, self._slack)
            if other < self.value - 1e-9:
                self.value, self.best = other, chosen.astype(np.int64)
            if best >= self.target or step < 1e-3:
                break
            if stale >= STALE:
                step, stale, paid, direction = step / 2, 0, best_paid.copy(), np.zeros(len(paid))
                continue
            direction = self._slack + 0.6 * direction
            norm = float((direction**2).sum())
            if norm == 0:
                break
            paid = np.maximum(0.0, paid + step * (1.001 * self.value - total) / norm * direction)
        return best, best_paid, worth_kept

    def search(self, paid: Floats, bound: float) -> None:
        """All choices, whose bound is this one already; `lowest` is what none of them passes."""
        none = np.zeros(self.order.shape[1], np.bool_)
        waiting: list[tuple[float, int, Floats, Bools, Bools]] = [(bound, 0, paid, none, none)]
        number = 1
        while waiting:  # the branch of the lowest bound first: what is left when time is out is above it
            above, _, paid, opened, closed = heapq.heappop(waiting)
            left, free = self.p - int(opened.sum()), np.flatnonzero(~opened & ~closed)
            if left > len(free):
                continue  # too few sites are left
            if left == 0:
                self._weigh(np.flatnonzero(opened))
                continue
            if time.monotonic() > self.until:
                self.lowest = min(self.lowest, above)
                break
            own, paid, worth = self.bound(paid, opened, closed)
            own = max(own, above)
            if own >= self.target:
                self.lowest = min(self.lowest, own)
                continue
            ranked = free[np.argsort(worth[free])]
            shut = free[own + worth[free] - worth[ranked[left - 1]] >= self.target]
            if len(shut):
                self.lowest = min(self.lowest, self.target)
                closed = _with(closed, shut)
            site = ranked[:1]
            heapq.heappush(waiting, (own, number, paid, _with(opened, site), closed))
            heapq.heappush(waiting, (own, number + 1, paid, opened, _with(closed, site)))
            number += 2

    def _weigh(self, chosen: Ints) -> None:
        """The one choice of a branch whose sites are all open."""
        is_open = np.zeros(self.order.shape[1], np.bool_)
        is_open[chosen] = True
        total = kernel.served(self.costs, self.order, np.zeros(len(self.costs)), is_open, self._slack)
        self.lowest = min(self.lowest, total)
        if total < self.value - 1e-9:
            self.value, self.best = total, chosen.astype(np.int64)


def _with(these: Bools, sites: Ints) -> Bools:
    out = these.copy()
    out[sites] = True
    return out


def nearer(
    weighted: Floats, p: int, paid: Floats, value: float, bound: float, target: float, seconds: float
) -> tuple[Ints | None, float]:
    """(a better choice, None where none was met; a bound on all choices) where the best choice known has this value.

    weighted: cost of each site (column) to each place; paid: multipliers of the bound at the root; target: a bound that is enough;
    seconds: after which what is left keeps the bound that it has.
    """
    branches = _Branches(weighted, p, value, target, time.monotonic() + seconds)
    branches.search(paid, bound)
    return branches.best, max(bound, min(branches.lowest, branches.value))
