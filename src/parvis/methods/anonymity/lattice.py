"""The lattice of full-domain generalisations: one level for each column, what each node costs, and who is
alone there.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np
import numpy.typing as npt

from parvis.methods.anonymity.grouping import Codes, Groups, Integers, combined, group
from parvis.methods.anonymity.hierarchy import Hierarchy

Hashes = npt.NDArray[np.uint32]
Reals = npt.NDArray[np.float64]

MOST = 50_000
"""Nodes of a lattice that is searched node by node; what is larger goes to `splitting.mondrian`."""
_TOGETHER = 16
"""Combinations of levels whose hashes are kept for a block of columns."""


def size(hierarchies: Sequence[Hierarchy]) -> int:
    """Nodes of the lattice."""
    return prod(h.height for h in hierarchies)


def nodes(hierarchies: Sequence[Hierarchy]) -> npt.NDArray[np.int8]:
    """Every node as the levels of the columns, shape (nodes, d); the last column turns first."""
    left = np.arange(size(hierarchies))
    every = np.empty((len(left), len(hierarchies)), dtype=np.int8)
    for j in range(len(hierarchies) - 1, -1, -1):
        left, every[:, j] = np.divmod(left, hierarchies[j].height)
    return every


def losses(codes: Codes, rows: Integers, hierarchies: Sequence[Hierarchy]) -> list[Reals]:
    """Mean NCP of each column at each of its levels over all rows: one array (height,) a column."""
    total = max(int(rows.sum()), 1)
    counted = [
        np.bincount(column, weights=rows, minlength=h.leaves)
        for column, h in zip(codes, hierarchies, strict=True)
    ]
    return [
        np.array([float(loss @ weights) / total for loss in h.losses])
        for weights, h in zip(counted, hierarchies, strict=True)
    ]


def classes(
    codes: Codes, hierarchies: Sequence[Hierarchy], node: Sequence[int], index: Integers | None = None
) -> Groups:
    """Classes of the tuples (of those of `index`) that are equal at a node."""
    columns = [
        h.levels[level][column if index is None else column[index]]
        for column, h, level in zip(codes, hierarchies, node, strict=True)
    ]
    return group(*combined(columns, [h.groups[level] for h, level in zip(hierarchies, node, strict=True)]))


class Sieve:
    """Tells at each node, by sums of random numbers, which tuples can't be in a class of k: what is below k
    in a table of hashes is below k in truth.

    Equal tuples have equal sums; others may collide, which only makes a class look larger: what passes is to
    be counted exactly.
    """

    def __init__(self, codes: Codes, hierarchies: Sequence[Hierarchy], seed: int = 0) -> None:
        random = np.random.default_rng(seed)
        self._parts: list[list[Hashes]] = []
        for column, h in zip(codes, hierarchies, strict=True):
            tables = [
                random.integers(0, 1 << 32, int(level.max(initial=0)) + 1, dtype=np.uint32)
                for level in h.levels
            ]
            self._parts.append([table[level][column] for table, level in zip(tables, h.levels, strict=True)])
        self._blocks: list[tuple[int, ...]] = []
        block: list[int] = []
        for j in range(len(hierarchies)):
            if block and prod(hierarchies[i].height for i in (*block, j)) > _TOGETHER:
                self._blocks.append(tuple(block))
                block = []
            block.append(j)
        self._blocks.append(tuple(block))
        self._sums: dict[tuple[int, ...], Hashes] = {}
        self.count = codes.shape[1]

    def hashes(self, node: Sequence[int]) -> Hashes:
        """One number a tuple."""
        total: Hashes | None = None
        for place, block in enumerate(self._blocks):
            name = (place, *(node[j] for j in block))
            part = self._sums.get(name)
            if part is None:
                part = self._parts[block[0]][node[block[0]]]
                for j in block[1:]:
                    part = part + self._parts[j][node[j]]
                self._sums[name] = part
            total = part if total is None else total + part
        if total is None:
            raise ValueError("a lattice has a column at least")
        return total

    def crowds(self, node: Sequence[int], units: Reals) -> Reals:
        """For each tuple, at least the units of its class at the node. units: shape (count,)."""
        bits = max(8, min(22, (4 * self.count).bit_length()))
        places = (self.hashes(node) >> np.uint32(32 - bits)).astype(np.int64)
        crowds: Reals = np.bincount(places, units, 1 << bits).astype(np.float64, copy=False)[places]
        return crowds

    def near(self, node: Sequence[int], units: Reals, alive: npt.NDArray[np.bool_], k: int) -> Integers:
        """Places of the tuples that may be in a class of k at the node: after the table, a look at the whole
        numbers of the few that passed.
        """
        candidates = np.flatnonzero((self.crowds(node, units) >= k) & alive)
        if len(candidates) < 2:
            return candidates if len(candidates) and units[candidates[0]] >= k else candidates[:0]
        whole = self.hashes(node)[candidates]
        order = np.argsort(whole)
        whole, candidates = whole[order], candidates[order]
        new = np.empty(len(whole), dtype=bool)
        new[0] = True
        np.not_equal(whole[1:], whole[:-1], out=new[1:])
        large = np.add.reduceat(units[candidates], new.nonzero()[0]) >= k
        return candidates[large[new.cumsum() - 1]] if large.any() else candidates[:0]

    def crowded(self, levels: npt.NDArray[np.int8], units: Reals, k: int) -> npt.NDArray[np.bool_]:
        """Whether each of many nodes has a class of k at all, all of them looked at together: for when few
        tuples are left. levels: shape (nodes, d).
        """
        sums = np.zeros((len(levels), self.count), dtype=np.uint32)
        for parts, level in zip(self._parts, levels.T, strict=True):
            sums += np.stack(parts)[level]
        order = np.argsort(sums, axis=1)
        ordered = np.take_along_axis(sums, order, axis=1)
        new = np.ones(ordered.shape, dtype=bool)
        np.not_equal(ordered[:, 1:], ordered[:, :-1], out=new[:, 1:])
        starts = np.flatnonzero(new)
        large = np.add.reduceat(units[order].ravel(), starts) >= k
        has_crowd = np.zeros(len(levels), dtype=bool)
        has_crowd[starts[large] // self.count] = True
        return has_crowd

    def keep(self, alive: npt.NDArray[np.bool_]) -> None:
        """Forget the other tuples."""
        self._parts = [[part[alive] for part in parts] for parts in self._parts]
        self._sums = {name: part[alive] for name, part in self._sums.items() if len(name) > 2}
        self.count = int(alive.sum())
