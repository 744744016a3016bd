"""Classes cut in two, and again, while both halves still meet the models and something is gained: Mondrian
from one class, or the last touch of another method.

A cut lies between two leaves of one column, in the order in which every group of the hierarchy stands
together; a class shows in each column the lowest group that holds all of its leaves, or their interval where
the hierarchy is ranged. All classes are cut at once, round after round. Source: K. LeFevre et al., ICDE 2006
(Mondrian), with the gain in NCP as the rule that chooses the cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from parvis.methods.anonymity.grouping import Integers
from parvis.methods.anonymity.hierarchy import Hierarchy
from parvis.methods.anonymity.models import Models, histograms, reachable, uneven
from parvis.methods.anonymity.recoding import Levels, Recoding, recoding
from parvis.methods.anonymity.tuples import Tuples

Reals = npt.NDArray[np.float64]

ROUNDS = 200
NO_GAIN = 1e-9


@dataclass(frozen=True, slots=True)
class Order:
    """A column whose groups stand together. rank: place of each leaf; levels, losses: by place."""

    hierarchy: Hierarchy
    rank: Integers
    levels: tuple[Integers, ...]
    losses: tuple[Reals, ...]

    def cost(self, low: Integers, high: Integers) -> Reals:
        """NCP of what holds all places from low to high."""
        if self.hierarchy.ranged:
            return (high - low) / max(self.hierarchy.leaves - 1, 1)
        level = self.level(low, high)
        return np.stack(self.losses)[level, low]

    def level(self, low: Integers, high: Integers) -> Integers:
        """The lowest level at which both places are in one group."""
        level_of = np.full(len(low), self.hierarchy.height - 1, dtype=np.int64)
        for level in range(self.hierarchy.height - 2, -1, -1):
            level_of[self.levels[level][low] == self.levels[level][high]] = level
        return level_of


def ordered(h: Hierarchy) -> Order:
    by = np.arange(h.leaves) if h.ranged else np.lexsort(h.levels)
    rank = np.empty(h.leaves, dtype=np.int64)
    rank[by] = np.arange(h.leaves)
    return Order(
        h, rank, tuple(level[by].astype(np.int64) for level in h.levels), tuple(loss[by] for loss in h.losses)
    )


def mondrian(tuples: Tuples, hierarchies: Sequence[Hierarchy], models: Models) -> Recoding | None:
    """Classes that meet the models, cut top down from the whole table; None when even the whole does not meet
    them.
    """
    wholes = [np.bincount(p.value, p.rows, p.values).astype(np.int64) for p in tuples.pairs]
    if not reachable(models, int(tuples.units.sum()), wholes):
        return None
    return split(tuples, hierarchies, models, np.zeros(tuples.codes.shape[1], dtype=np.int64), even=True)


def split(
    tuples: Tuples, hierarchies: Sequence[Hierarchy], models: Models, classes: Integers, *, even: bool = False
) -> Recoding:
    """Cut classes that meet the models as long as the halves do. classes: from 0 without gaps, -1 for rows
    left out.

    even: where no cut gains anything at once, cut the dearest column in the middle, for what may be gained
    below.
    """
    orders = [ordered(h) for h in hierarchies]
    places = np.stack([o.rank[column] for o, column in zip(orders, tuples.codes, strict=True)])
    classes = classes.copy()
    count = int(classes.max(initial=-1)) + 1
    frozen = np.zeros(count, dtype=bool)
    for _ in range(ROUNDS):
        units = np.bincount(classes[classes >= 0], tuples.units[classes >= 0], count)
        active = np.flatnonzero((classes >= 0) & ((units >= 2 * models.k) & ~frozen)[classes])
        if not len(active):
            break
        right, cut = _cuts(tuples, orders, places, classes, active, count, models.k, even=even)
        frozen[np.setdiff1d(np.unique(classes[active]), cut, assume_unique=True)] = True
        if not len(cut):
            break
        name = np.full(count, -1, dtype=np.int64)
        name[cut] = count + np.arange(len(cut))
        trial = classes.copy()
        trial[right] = name[classes[right]]
        bad = _spoilt(tuples, models, trial, cut, name[cut], count + len(cut))
        if len(bad):
            frozen[cut[bad]] = True
            undone = np.isin(trial, name[cut[bad]])
            trial[undone] = classes[undone]
        # names without gaps
        _, dense = np.unique(trial[trial >= 0], return_inverse=True)
        was = np.zeros(int(dense.max(initial=-1)) + 1, dtype=bool)
        flags = np.r_[frozen, np.zeros(len(cut), dtype=bool)]
        was[dense] = flags[trial[trial >= 0]]
        classes[trial >= 0] = dense
        count, frozen = len(was), was
    return recoding_of(tuples, orders, places, classes, count)


def _spoilt(
    tuples: Tuples, models: Models, trial: Integers, cut: Integers, new: Integers, count: int
) -> Integers:
    """Cuts of which a half no longer meets l or t, which is against the whole table, rows that are left out
    included.
    """
    if models.only_k:
        return np.zeros(0, dtype=np.int64)
    wrong = np.zeros(len(cut), dtype=bool)
    both = np.concatenate([cut, new])
    name = np.full(count, -1, dtype=np.int64)
    name[both] = np.arange(len(both))
    of = np.where(trial >= 0, name[np.maximum(trial, 0)], -1)
    for pairs in tuples.pairs:
        whole = np.bincount(pairs.value, pairs.rows, pairs.values).astype(np.int64)
        bad = uneven(models, histograms(pairs, of, len(both)), whole)
        wrong |= bad[: len(cut)] | bad[len(cut) :]
    return np.flatnonzero(wrong)


def _cuts(
    tuples: Tuples,
    orders: Sequence[Order],
    places: Integers,
    classes: Integers,
    active: Integers,
    count: int,
    k: int,
    *,
    even: bool,
) -> tuple[Integers, Integers]:
    """The best cut of each class. Returns the tuples that go to the right of it, and the classes that are
    cut.
    """
    best_gain = np.full(count, -np.inf)
    best_column = np.full(count, -1, dtype=np.int64)
    best_place = np.zeros(count, dtype=np.int64)
    of = classes[active]
    for j, order in enumerate(orders):
        place = places[j][active]
        sort = np.argsort(of * order.hierarchy.leaves + place, kind="stable")
        c, p, u, r = of[sort], place[sort], tuples.units[active][sort], tuples.rows[active][sort]
        starts = np.flatnonzero(np.r_[True, c[1:] != c[:-1]])
        ends = np.r_[starts[1:], len(c)] - 1
        segment = np.repeat(np.arange(len(starts)), ends - starts + 1)
        units, rows = within(u, starts, segment), within(r, starts, segment)
        all_units, all_rows = units[ends][segment], rows[ends][segment]
        may = np.flatnonzero(
            np.r_[(c[1:] == c[:-1]) & (p[1:] != p[:-1]), False] & (units >= k) & (all_units - units >= k)
        )
        if not len(may):
            continue
        low, high = p[starts][segment[may]], p[ends][segment[may]]
        before = order.cost(low, high) * all_rows[may]
        gain = (
            before
            - order.cost(low, p[may]) * rows[may]
            - order.cost(p[may + 1], high) * (all_rows - rows)[may]
        )
        if even:  # a share of nothing: it decides only among cuts that gain nothing
            gain = (
                gain + NO_GAIN * before * np.minimum(units[may], all_units[may] - units[may]) / all_units[may]
            )
        top = np.full(count, -np.inf)
        np.maximum.at(top, c[may], gain)
        first = may[np.flatnonzero(gain == top[c[may]])[::-1]]
        at = np.full(count, -1, dtype=np.int64)
        at[c[first]] = first
        better = np.flatnonzero((at >= 0) & (top > best_gain) & (top > (0 if even else NO_GAIN)))
        best_gain[better], best_column[better], best_place[better] = top[better], j, p[at[better]]
    mine = best_column[of]
    going = np.flatnonzero(mine >= 0)
    right = going[places[mine[going], active[going]] > best_place[of[going]]]
    return active[right], np.flatnonzero(best_column >= 0)


def within(values: Integers, starts: Integers, segment: Integers) -> Integers:
    """Running sums that begin anew in each segment."""
    sums = np.cumsum(values)
    return sums - np.r_[0, sums[starts[1:] - 1]][segment]


def recoding_of(
    tuples: Tuples, orders: Sequence[Order], places: Integers, classes: Integers, count: int
) -> Recoding:
    levels: Levels = np.zeros((count, len(orders)), dtype=np.int8)
    inside = np.flatnonzero(classes >= 0)
    if len(inside):
        sort = inside[np.argsort(classes[inside], kind="stable")]
        starts = np.flatnonzero(np.r_[True, classes[sort][1:] != classes[sort][:-1]])
        for j, order in enumerate(orders):
            low, high = (
                np.minimum.reduceat(places[j][sort], starts),
                np.maximum.reduceat(places[j][sort], starts),
            )
            # an interval shows its leaves whatever its level, unless that is the top, which shows nothing
            levels[:, j] = (
                np.where(low == high, 0, min(1, order.hierarchy.height - 2))
                if order.hierarchy.ranged
                else order.level(low, high)
            )
    return recoding(tuples, classes, levels)
