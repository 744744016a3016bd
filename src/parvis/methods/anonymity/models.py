"""What a class of equal rows must hold before it may be published: k-anonymity, l-diversity, t-closeness.

Sources: L. Sweeney (2002) for k; A. Machanavajjhala et al., ICDE 2006, for distinct, entropy and recursive
(c, l)-diversity; N. Li et al., ICDE 2007, for t.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from parvis.methods.anonymity.grouping import Integers
from parvis.methods.anonymity.tuples import Pairs

Counts = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

Diversity = Literal["distinct", "entropy", "recursive"]

BLOCK = 4_000_000
"""Cells of a block of histograms."""


@dataclass(frozen=True, slots=True)
class Models:
    """The floor of a release. l = 1 and t = 1 ask for nothing."""

    k: int = 1
    l: float = 1.0  # noqa: E741
    diversity: Diversity = "distinct"
    c: float = 3.0
    """Of recursive (c, l): the commonest value stands less than c times as often as those from the l-th on
    together.
    """
    t: float = 1.0
    ordered: bool = False
    """Whether the sensitive values stand in an order: t then measures how far they are moved, not only how
    many.
    """

    @property
    def only_k(self) -> bool:
        return self.l <= 1 and self.t >= 1


def histograms(pairs: Pairs, classes: Integers, count: int) -> Counts:
    """Rows of each sensitive value in each class, shape (count, values). classes: class of each tuple, -1 for
    none.
    """
    of = classes[pairs.tuple_]
    inside = of >= 0
    keys = of[inside] * pairs.values + pairs.value[inside]
    return (
        np.bincount(keys, weights=pairs.rows[inside], minlength=count * pairs.values)
        .astype(np.int64)
        .reshape(count, pairs.values)
    )


def diversity(shares: Counts, kind: Diversity, c: float = 3.0) -> Reals:
    """l of each class. shares: rows by value, shape (classes, values). entropy: exp(H); recursive: the largest l that holds with this c, 0 when none does.

    >>> s = np.array([[2, 2], [4, 0]])
    >>> diversity(s, "distinct").tolist(), diversity(s, "entropy").round(6).tolist(), diversity(s, "recursive", 3).tolist()
    ([2.0, 1.0], [2.0, 1.0], [2.0, 1.0])
    """
    if kind == "distinct":
        return (shares > 0).sum(axis=1).astype(np.float64)
    totals = np.maximum(shares.sum(axis=1, keepdims=True), 1)
    if kind == "entropy":
        p = shares / totals
        logs = np.log(p, out=np.zeros_like(p), where=p > 0)
        return np.exp(-(p * logs).sum(axis=1))
    falling = -np.sort(-shares, axis=1)
    tail = np.cumsum(falling[:, ::-1], axis=1)[:, ::-1]
    holds = (falling[:, :1] < c * tail) & (falling > 0)  # column i: l = i + 1
    return np.where(holds.any(axis=1), holds.shape[1] - np.argmax(holds[:, ::-1], axis=1), 0).astype(
        np.float64
    )


def closeness(shares: Counts, whole: Counts, *, ordered: bool = False) -> Reals:
    """t of each class: its distance to the whole table. shares: shape (classes, values); whole: rows of each value in the table, shape (values,).

    Equal distance: half the sum of differences. ordered: the values stand in their order, and the distance counts the steps, over (values - 1).
    >>> closeness(np.array([[1, 1], [2, 0]]), np.array([3, 1])).tolist()
    [0.25, 0.25]
    """
    p = shares / np.maximum(shares.sum(axis=1, keepdims=True), 1)
    gap = p - whole / max(int(whole.sum()), 1)
    if not ordered:
        return np.abs(gap).sum(axis=1) / 2
    return np.abs(np.cumsum(gap, axis=1)).sum(axis=1) / max(len(whole) - 1, 1)


def small(models: Models, units: Counts) -> Flags:
    """Classes that are too small."""
    return units < models.k


def uneven(models: Models, shares: Counts, whole: Counts) -> Flags:
    """Classes whose sensitive values tell too much. shares: shape (classes, values)."""
    wrong = np.zeros(len(shares), dtype=bool)
    step = max(1, BLOCK // max(shares.shape[1], 1))
    for start in range(0, len(shares), step):
        part = shares[start : start + step]
        if models.l > 1:
            wrong[start : start + step] |= diversity(part, models.diversity, models.c) < models.l - 1e-9
        if models.t < 1:
            wrong[start : start + step] |= closeness(part, whole, ordered=models.ordered) > models.t + 1e-9
    return wrong


def monotone(models: Models, *, nothing_suppressed: bool) -> bool:
    """Whether a table that meets the models still meets them when its classes are merged, and one that fails
    still fails when they are split.

    With k and distinct l always; with t, entropy and recursive l only when no row is left out: a class that
    fails may spoil the one that it is merged into.
    """
    return nothing_suppressed or (models.t >= 1 and (models.l <= 1 or models.diversity == "distinct"))


def reachable(models: Models, units: int, whole: list[Counts]) -> bool:
    """Whether the whole table as one class meets the models: if it does not, nothing does."""
    return (
        units >= models.k
        and not any(uneven(models, w[None, :], w).any() for w in whole)
        and not math.isnan(models.t)
    )
