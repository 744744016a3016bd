"""Local recoding: each class of rows is released at the cheapest node of the lattice at which it is large
enough, other classes at others.

The nodes are visited from the cheapest to the dearest; at each, the classes of the rows that are still there
and meet the models leave. A class that leaves is as specific as it could be: whoever knows the rule learns
that nothing cheaper was possible (minimality, downcoding). `spread` is the answer to that: each possible
class draws a floor of its own in [k, (1 + spread) k), by a secret seed, so that a class that was not released
says nothing certain of its size.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from parvis.methods.anonymity import lattice
from parvis.methods.anonymity.grouping import Integers, combined, group
from parvis.methods.anonymity.hierarchy import Hierarchy
from parvis.methods.anonymity.models import Counts, Models, reachable, uneven
from parvis.methods.anonymity.recoding import Recoding, recoding
from parvis.methods.anonymity.tuples import Pairs, Tuples

Flags = npt.NDArray[np.bool_]

_COMPACT = 0.9
"""What is released is forgotten when less than this share is left."""
_FEW = 40
"""Tuples left from which all nodes that wait are looked at together: most have nothing to release, and each
look by itself costs more than its answer.
"""


def release(
    tuples: Tuples, hierarchies: Sequence[Hierarchy], models: Models, *, spread: float = 0.0, seed: int = 0
) -> Recoding | None:
    """Classes that meet the models, none of the rows left out; None when even the whole table as one class
    does not.

    seed: chance of the floors when spread > 0; otherwise it changes the time, not the answer. Lattices above
    `lattice.MOST` nodes are refused (ValueError).
    """
    if lattice.size(hierarchies) > lattice.MOST:
        raise ValueError(f"a lattice of {lattice.size(hierarchies)} nodes is too large to visit")
    wholes = [np.bincount(p.value, p.rows, p.values).astype(np.int64) for p in tuples.pairs]
    if not reachable(models, int(tuples.units.sum()), wholes):
        return None
    return _Release(tuples, hierarchies, models, wholes, spread, seed).run()


class _Release:
    def __init__(
        self,
        tuples: Tuples,
        hierarchies: Sequence[Hierarchy],
        models: Models,
        wholes: list[Counts],
        spread: float,
        seed: int,
    ) -> None:
        self.tuples, self.hierarchies, self.models, self.wholes, self.spread, self.seed = (
            tuples,
            hierarchies,
            models,
            wholes,
            spread,
            seed,
        )
        self.nodes = lattice.nodes(hierarchies)
        self.levels_of = np.ascontiguousarray(self.nodes.T)
        self.prefilter = lattice.Sieve(tuples.codes, hierarchies, seed)
        self.there = np.arange(tuples.codes.shape[1])
        """Tuples that the sieve still holds."""
        self.alive = np.ones(len(self.there), dtype=bool)
        self.units = tuples.units.astype(np.float64)
        self.classes = np.full(len(self.there), -1, dtype=np.int64)
        self.levels: list[npt.NDArray[np.int8]] = []
        self.count = 0
        self.left = int(tuples.units.sum())
        self.left_rows = tuples.total

    def run(self) -> Recoding:
        waiting = self._sorted(np.arange(len(self.nodes)))
        while len(waiting) and self.left_rows:
            held, done = self.prefilter.count, 0
            for at in waiting.tolist():
                done += 1
                if self._visit(at) and (not self.left_rows or self.prefilter.count < held):
                    break
            waiting = self._sorted(self._able(waiting[done:]))
        levels = (
            np.concatenate(self.levels)
            if self.levels
            else np.zeros((0, len(self.hierarchies)), dtype=np.int8)
        )
        classes = self.classes
        if self.left_rows:
            classes, levels = self._merged(classes, levels)
        return recoding(self.tuples, classes, levels)

    def _able(self, waiting: Integers) -> Integers:
        """Once few tuples are left, the nodes at which any of them still meet: what has no class of k now has
        none later, for tuples only leave.
        """
        if not len(waiting) or not 0 < self.prefilter.count <= _FEW:
            return waiting
        return waiting[self.prefilter.crowded(self.nodes[waiting], self.units, self.models.k)]

    def _sorted(self, waiting: Integers) -> Integers:
        """Nodes from the cheapest to the dearest, as they cost the rows that are left: those are not like
        those that went first.
        """
        means = lattice.losses(
            self.tuples.codes[:, self.there], self.tuples.rows[self.there] * self.alive, self.hierarchies
        )
        loss = np.sum([m[levels[waiting]] for m, levels in zip(means, self.levels_of, strict=True)], axis=0)
        return waiting[np.argsort(loss, kind="stable")]

    def _visit(self, at: int) -> bool:
        """Release what the node can; True when that was anything."""
        node = self.nodes[at].tolist()
        near = self.prefilter.near(node, self.units, self.alive, self.models.k)
        if not len(near):
            return False
        index = self.there[near]
        columns = [
            h.levels[level][column[index]]
            for column, h, level in zip(self.tuples.codes, self.hierarchies, node, strict=True)
        ]
        keys, domain = combined(
            columns, [h.groups[level] for h, level in zip(self.hierarchies, node, strict=True)]
        )
        grouping = group(keys, domain)
        units = np.bincount(grouping.ids, self.tuples.units[index], grouping.count).astype(np.int64)
        good = units >= (self._floors(keys[grouping.one], at) if self.spread else self.models.k)
        if not self.models.only_k and good.any():
            good[np.flatnonzero(good)[self._uneven(index, grouping.ids, good)]] = False
        going = int(units[good].sum())
        rest = self.left - going
        leaving = good[grouping.ids]
        rows = int(self.tuples.rows[index[leaving]].sum())
        if not rows or (self.left_rows > rows and rest < self.models.k):
            return False  # what is left would be too few for anything
        self.classes[index[leaving]] = self.count + (np.cumsum(good) - 1)[grouping.ids[leaving]]
        self.levels.append(np.repeat(self.nodes[at][None, :], int(good.sum()), axis=0))
        self.count += int(good.sum())
        self.left, self.left_rows = rest, self.left_rows - rows
        gone = near[leaving]
        self.alive[gone] = False
        self.units[gone] = 0
        if self.alive.sum() < _COMPACT * len(self.alive):
            keep = self.alive
            self.prefilter.keep(keep)
            self.there, self.units, self.alive = (
                self.there[keep],
                self.units[keep],
                np.ones(int(keep.sum()), dtype=bool),
            )
        return True

    def _floors(self, keys: Integers, at: int) -> Integers:
        """The floor of each class, drawn by what it is, so that it is the same whenever it is asked."""
        salt = np.array([(at * 0x9E3779B97F4A7C15 ^ self.seed) & (2**64 - 1)], dtype=np.uint64)
        chance = _mixed(keys.astype(np.uint64) ^ _mixed(salt))
        share = (chance >> np.uint64(11)).astype(np.float64) / float(1 << 53)
        return self.models.k + np.floor(share * self.spread * self.models.k).astype(np.int64)

    def _uneven(self, index: Integers, ids: Integers, good: Flags) -> Flags:
        """Of the classes that are large enough, those whose sensitive values tell too much."""
        names = np.where(good, np.cumsum(good) - 1, -1)[ids]
        count = int(good.sum())
        wrong = np.zeros(count, dtype=bool)
        for pairs, whole in zip(self.tuples.pairs, self.wholes, strict=True):
            wrong |= uneven(self.models, _shares(pairs, index, names, count), whole)
        return wrong

    def _merged(
        self, classes: Integers, levels: npt.NDArray[np.int8]
    ) -> tuple[Integers, npt.NDArray[np.int8]]:
        """Rows that no node could release, together with the dearest classes, as many as it takes, as one
        class that shows nothing.
        """
        rest = classes < 0
        top = np.array([h.height - 1 for h in self.hierarchies], dtype=np.int8)
        if not len(levels):
            return np.zeros_like(classes), top[None, :]
        cost = np.sum(
            [
                np.array([loss.mean() for loss in h.losses])[levels[:, j]]
                for j, h in enumerate(self.hierarchies)
            ],
            axis=0,
        )
        dearest = np.argsort(-cost, kind="stable")
        taken = self._needed(classes, rest, dearest)
        merged = np.zeros(len(levels), dtype=bool)
        merged[dearest[:taken]] = True
        names = np.where(merged, -1, np.cumsum(~merged) - 1)
        last = int((~merged).sum())
        now = np.where(rest, last, names[np.maximum(classes, 0)])
        return np.where(now < 0, last, now), np.concatenate([levels[~merged], top[None, :]])

    def _needed(self, classes: Integers, rest: Flags, dearest: Integers) -> int:
        """How many of the dearest classes the rows that are left must be joined with to meet the models."""
        place = np.empty(len(dearest) + 1, dtype=np.int64)
        place[dearest] = np.arange(1, len(dearest) + 1)
        place[-1] = 0
        order = np.where(rest, 0, place[classes])
        good = np.cumsum(np.bincount(order, self.tuples.units, len(dearest) + 1)) >= self.models.k
        for pairs, whole in zip(
            self.tuples.pairs if not self.models.only_k else (), self.wholes, strict=False
        ):
            shares = _shares(pairs, np.arange(len(order)), order, len(dearest) + 1)
            good &= ~uneven(self.models, np.cumsum(shares, axis=0), whole)
        return int(np.argmax(good)) if good.any() else len(dearest)


def _shares(pairs: Pairs, index: Integers, names: Integers, count: int) -> Counts:
    """Rows of each sensitive value in each class, of some tuples. names: class of each of them, -1 for none."""
    named = names >= 0
    index, names = index[named], names[named]
    starts, lengths = pairs.starts[index], pairs.starts[index + 1] - pairs.starts[index]
    ends = np.cumsum(lengths)
    places = (
        np.arange(int(ends[-1]) if len(ends) else 0)
        - np.repeat(ends - lengths, lengths)
        + np.repeat(starts, lengths)
    )
    keys = np.repeat(names, lengths) * pairs.values + pairs.value[places]
    return (
        np.bincount(keys, pairs.rows[places], count * pairs.values)
        .astype(np.int64)
        .reshape(count, pairs.values)
    )


def _mixed(x: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """SplitMix64's finaliser: each bit of the answer hangs on each bit of x. Source: G. Steele et al., OOPSLA
    2014.
    """
    with np.errstate(over="ignore"):
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
