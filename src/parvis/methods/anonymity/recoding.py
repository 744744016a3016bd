"""What a method answers: a class for each tuple, and what each class shows of each column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from parvis.methods.anonymity.grouping import Codes, Integers
from parvis.methods.anonymity.hierarchy import Hierarchy
from parvis.methods.anonymity.tuples import Tuples

Levels = npt.NDArray[np.int8]
Reals = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Recoding:
    """Classes and their levels. In a column whose hierarchy is `ranged` a class shows the interval of its
    leaves instead, unless its level is the top.
    """

    classes: Integers
    """Class of each tuple, shape (n,); -1 where its rows are left out."""
    levels: Levels
    """Shape (classes, d): the level at which the class shows each column."""
    low: Codes
    """Shape (classes, d): smallest leaf of the class."""
    high: Codes
    """Shape (classes, d): largest leaf of the class."""

    @property
    def count(self) -> int:
        return len(self.levels)


def recoding(tuples: Tuples, classes: Integers, levels: Levels) -> Recoding:
    """The classes with the span of their leaves. classes: from 0 without gaps, -1 for none."""
    d, count = tuples.codes.shape[0], len(levels)
    low, high = np.zeros((count, d), dtype=np.int32), np.zeros((count, d), dtype=np.int32)
    inside = np.flatnonzero(classes >= 0)
    if len(inside):
        order = inside[np.argsort(classes[inside], kind="stable")]
        ordered = classes[order]
        starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        for j in range(d):
            leaves = tuples.codes[j][order]
            low[ordered[starts], j] = np.minimum.reduceat(leaves, starts)
            high[ordered[starts], j] = np.maximum.reduceat(leaves, starts)
    return Recoding(classes, levels, low, high)


def losses(tuples: Tuples, hierarchies: Sequence[Hierarchy], done: Recoding) -> Reals:
    """NCP of each column over all rows, shape (d,): those that are left out are lost wholly.

    >>> import numpy as np; from parvis.methods.anonymity.hierarchy import hierarchy; from parvis.methods.anonymity.tuples import compress
    >>> t = compress([np.array([0, 1, 2], np.int32)], [3])
    >>> losses(t, [hierarchy([[0, 0, 1]])], recoding(t, np.array([0, 0, -1]), np.array([[1]], np.int8))).round(3).tolist()
    [0.667]
    """
    inside = done.classes >= 0
    rows, of = tuples.rows[inside], done.classes[inside]
    suppressed = int(tuples.rows.sum()) - int(rows.sum())
    by_column: list[float] = []
    for j, h in enumerate(hierarchies):
        leaves, levels = tuples.codes[j][inside], done.levels[of, j]
        table = np.stack(h.losses)
        lost = table[levels, leaves]
        if h.ranged and h.leaves > 1:
            span = (done.high[of, j] - done.low[of, j]) / (h.leaves - 1)
            lost = np.where(levels == h.height - 1, lost, span)
        by_column.append((float(lost @ rows) + suppressed) / tuples.total)
    return np.array(by_column)
