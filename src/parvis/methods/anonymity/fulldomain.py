"""One level for each column, the same for all rows: the node of the lattice that loses least, found by
search, with proof.

A node may leave out rows: those in classes that do not meet the models, up to a limit; t is against the whole
table, those rows included. The score is the loss of a release, what is left out being wholly lost: the
geometric mean over columns of (1 + L), less 1, where L is the mean NCP of the column (the default objective
of ARX), or the mean NCP. Suppression breaks the monotony of the loss, so a node is bounded by its loss
without any, and by the rows that are already alone at a node above it. Sources: F. Kohlmayer et al., PASSAT
2012 (Flash: paths through the lattice, halved); F. Prasser et al., Softw. Pract. Exper. 2020 (ARX).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from parvis.methods.anonymity import lattice
from parvis.methods.anonymity.grouping import Integers
from parvis.methods.anonymity.hierarchy import Hierarchy
from parvis.methods.anonymity.models import Models, Reals, histograms, monotone, small, uneven
from parvis.methods.anonymity.tuples import Tuples

Objective = Literal["geometric", "mean"]


@dataclass(frozen=True, slots=True)
class Optimum:
    """The best node. classes: class of each tuple, -1 where it is left out."""

    node: tuple[int, ...]
    score: float
    ncp: float
    suppressed: int
    """Rows left out."""
    classes: Integers
    count: int
    """Classes that are kept."""
    looked_at: int
    """Nodes that were looked at until it was found."""


def optimum(
    tuples: Tuples,
    hierarchies: Sequence[Hierarchy],
    models: Models,
    *,
    limit: float = 0.0,
    objective: Objective = "geometric",
    seed: int = 0,
) -> Optimum | None:
    """The node of least score that meets the models when at most `limit` (a share) of the rows is left out;
    None when there is none.

    The seed changes the time; never the score, nor the node unless two have the same score.
    """
    return _Search(
        tuples, hierarchies, models, int(np.floor(limit * tuples.total + 1e-9)), objective, seed
    ).run()


class _Search:
    """Branch and bound: each look at a node raises the bounds of all nodes below it."""

    def __init__(
        self,
        tuples: Tuples,
        hierarchies: Sequence[Hierarchy],
        models: Models,
        budget: int,
        objective: Objective,
        seed: int,
    ) -> None:
        self.tuples, self.hierarchies, self.models, self.budget = tuples, hierarchies, models, budget
        self.objective: Objective = objective
        self.nodes = lattice.nodes(hierarchies)
        self.levels = np.ascontiguousarray(self.nodes.T)
        self.prefilter = lattice.Sieve(tuples.codes, hierarchies, seed)
        self.units = tuples.units.astype(np.float64)
        means = lattice.losses(tuples.codes, tuples.rows, hierarchies)
        self.lost = np.stack([m[levels] for m, levels in zip(means, self.levels, strict=True)])
        self.bounds = _score(self.lost, objective)
        self.seen = np.zeros(len(self.nodes), dtype=bool)
        self.strides = np.cumprod([1, *(h.height for h in reversed(hierarchies))])[-2::-1]
        self.monotone = monotone(models, nothing_suppressed=budget == 0)
        self.best: Optimum | None = None
        self.looked_at = 0

    def run(self) -> Optimum | None:
        while True:
            at = int(np.argmin(self.bounds))
            if self._beaten(at):
                return self.best
            self._halve(at)
            if not self._beaten(at):
                self._weigh(at)

    def _beaten(self, at: int) -> bool:
        bound = self.bounds[at]
        return bool(np.isinf(bound)) or (self.best is not None and bound >= self.best.score - 1e-12)

    def _halve(self, at: int) -> None:
        """Look for the highest node, on a path from this one to the top, that is bad enough to rule it out;
        what it rules out is much more than this one.
        """
        path = [at]
        levels = self.nodes[at].astype(np.int64)
        heights = [h.height for h in self.hierarchies]
        while True:
            ups = [int(path[-1] + self.strides[j]) for j in range(len(heights)) if levels[j] + 1 < heights[j]]
            if not ups:
                break
            path.append(min(ups, key=lambda u: (self.bounds[u], u)))
            levels = self.nodes[path[-1]].astype(np.int64)
        low, high = 0, len(path) - 1
        while low <= high:
            middle = (low + high) // 2
            self._look(path[middle])
            if self._beaten(at):
                low = middle + 1
            else:
                high = middle - 1

    def _look(self, at: int) -> None:
        """Count who is alone at a node: those rows are alone, so lost, at every node below it too."""
        if self.seen[at] or self._beaten(at):
            return
        self.seen[at] = True
        self.looked_at += 1
        node = self.nodes[at].tolist()
        if self._raise(at, self.prefilter.crowds(node, self.units) < self.models.k):
            return
        grouping = lattice.classes(self.tuples.codes, self.hierarchies, node)
        wrong = small(self.models, np.bincount(grouping.ids, self.units, grouping.count).astype(np.int64))[
            grouping.ids
        ]
        if self._raise(at, wrong):
            return
        if not self.models.only_k:
            failed = self._left_out(at)[0] < 0
            if self.monotone and self._raise(at, failed):
                return
        self._weigh(at)

    def _raise(self, at: int, failed: npt.NDArray[np.bool_]) -> bool:
        """Raise the bounds at and below a node by the tuples that surely fail there; True when that settles
        the node itself.
        """
        below = np.flatnonzero(np.all(self.nodes <= self.nodes[at], axis=1))
        rows = int(self.tuples.rows[failed].sum())
        if rows > self.budget:
            self.bounds[below] = np.inf
            return True
        if rows:
            total = self.tuples.total
            means = lattice.losses(self.tuples.codes[:, failed], self.tuples.rows[failed], self.hierarchies)
            more = np.stack(
                [
                    (rows - rows * m[levels[below]]) / total
                    for m, levels in zip(means, self.levels, strict=True)
                ]
            )
            self.bounds[below] = np.maximum(
                self.bounds[below], _score(self.lost[:, below] + more, self.objective)
            )
        return self._beaten(at)

    def _left_out(self, at: int) -> tuple[Integers, int, int]:
        """Class of each tuple (-1 where it does not meet the models), the rows left out, the classes kept."""
        tuples = self.tuples
        grouping = lattice.classes(tuples.codes, self.hierarchies, self.nodes[at].tolist())
        wrong = small(self.models, np.bincount(grouping.ids, self.units, grouping.count).astype(np.int64))
        for pairs in tuples.pairs if not self.models.only_k else ():
            large = np.where(wrong, -1, np.cumsum(~wrong) - 1)
            whole = np.bincount(pairs.value, pairs.rows, pairs.values).astype(np.int64)
            bad = uneven(self.models, histograms(pairs, large[grouping.ids], int((~wrong).sum())), whole)
            wrong[np.flatnonzero(~wrong)[bad]] = True
        names = np.where(wrong, -1, np.cumsum(~wrong) - 1)
        classes = names[grouping.ids]
        return classes, int(tuples.rows[classes < 0].sum()), int((~wrong).sum())

    def _weigh(self, at: int) -> None:
        """The node as a release: it is the best so far when it meets the models and loses less than the
        others; it is settled in any case.
        """
        if np.isinf(self.bounds[at]):
            return
        self.bounds[at] = np.inf
        classes, suppressed, count = self._left_out(at)
        if suppressed > self.budget:
            return
        tuples, released, node = self.tuples, classes >= 0, self.nodes[at].tolist()
        rows = tuples.rows[released]
        lost = [
            (float(h.losses[level][column[released]] @ rows) + suppressed) / tuples.total
            for column, h, level in zip(tuples.codes, self.hierarchies, node, strict=True)
        ]
        by_column = np.array(lost)
        score = float(_score(by_column[:, None], self.objective)[0])
        former = self.best
        if former is None or score < former.score - 1e-12:
            self.best = Optimum(
                tuple(node), score, float(by_column.mean()), suppressed, classes, count, self.looked_at
            )


def _score(by_column: npt.NDArray[np.float64], objective: Objective) -> Reals:
    """Score from the losses of the columns, shape (d, nodes) to (nodes,)."""
    if objective == "mean":
        return by_column.mean(axis=0)
    return np.exp(np.log1p(by_column).mean(axis=0)) - 1
