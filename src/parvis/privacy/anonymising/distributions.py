"""How the values of a column are spread before and after: a dozen bars for the eye of whoever decides."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from parvis.core.text import french_number
from parvis.privacy.anonymising.declaration import EMPTY, Value, number_of
from parvis.privacy.anonymising.treatments import Cells, coded

Reals = npt.NDArray[np.float64]

BARS = 12
"""Bars at most: numbers and dates in so many ranges, other values by themselves, the most frequent first, the
others as one.
"""
OTHERS = "(autres)"


@dataclass(frozen=True, slots=True)
class Spread:
    """Shares of the rows, from 0 to 1, that bear each value or range of values."""

    labels: tuple[str, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]


def of_leaves(leaves: Sequence[Value], before: Reals, after: Reals) -> Spread | None:
    """The spread over single values. before, after: weight of each value, shape (n,). None where there is none.

    >>> of_leaves(["b", "a"], np.array([3.0, 1.0]), np.array([2.0, 2.0]))
    Spread(labels=('b', 'a'), before=(0.75, 0.25), after=(0.5, 0.5))
    """
    if not len(leaves) or not before.sum() or not after.sum():
        return None
    shares = np.stack([before / before.sum(), after / after.sum()])
    labels, of = _binned(leaves, shares)
    held = np.stack([np.bincount(of, s, len(labels)) for s in shares]).round(6)
    return Spread(labels, tuple(held[0].tolist()), tuple(held[1].tolist()))


def of_cells(before: Cells, after: Cells) -> Spread | None:
    """The spread of cells of the same kind."""
    (codes, values), (again, others) = coded(before), coded(after)
    place = {value: i for i, value in enumerate(dict.fromkeys([*values, *others]))}
    first, then = (
        np.bincount(np.array([place[v] for v in known], dtype=np.int64)[of], minlength=len(place)).astype(
            np.float64
        )
        for of, known in ((codes, values), (again, others))
        if known
    )
    return of_leaves(list(place), first, then)


def _binned(leaves: Sequence[Value], shares: Reals) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    """The bars, and the bar of each leaf."""
    if len(leaves) > BARS and all(_is_number(v) for v in leaves if v is not None):
        return _ranges(leaves)
    if all(isinstance(v, date | datetime | time) for v in leaves if v is not None) and len(leaves) > BARS:
        return _runs(leaves)
    if len(leaves) <= BARS:
        return tuple(_written(v) for v in leaves), np.arange(len(leaves))
    order = np.argsort(-shares.sum(axis=0), kind="stable")
    of = np.full(len(leaves), BARS - 1, dtype=np.int64)
    of[order[: BARS - 1]] = np.arange(BARS - 1)
    return (*(_written(leaves[i]) for i in order[: BARS - 1].tolist()), OTHERS), of


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _ranges(leaves: Sequence[Value]) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    """Ranges of equal width; the empty ones apart."""
    inside = [number_of(v) for v in leaves]
    numbers = np.array([n for n in inside if n is not None], dtype=np.float64)
    edges = np.linspace(numbers.min(), numbers.max(), BARS + 1)
    of = np.full(len(inside), BARS, dtype=np.int64)
    of[[n is not None for n in inside]] = np.minimum(np.searchsorted(edges, numbers, "right") - 1, BARS - 1)
    digits = 0 if edges[1] - edges[0] >= 1 else 2
    labels = [f"{french_number(a, digits)} – {french_number(b, digits)}" for a, b in pairwise(edges.tolist())]
    return (*labels, *([EMPTY] if None in inside else [])), of


def _runs(leaves: Sequence[Value]) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    """Runs of dates with as many distinct ones each; the empty ones apart."""
    known = sorted((str(v), i) for i, v in enumerate(leaves) if v is not None)
    of = np.full(len(leaves), BARS, dtype=np.int64)
    runs = np.array_split(np.arange(len(known)), BARS)
    for bar, run in enumerate(runs):
        of[[known[i][1] for i in run.tolist()]] = bar
    labels = [
        known[int(run[0])][0] if len(run) == 1 else f"{known[int(run[0])][0]} – {known[int(run[-1])][0]}"
        for run in runs
    ]
    return (*labels, *([EMPTY] if None in leaves else [])), of


def _written(value: Value) -> str:
    if value is None:
        return EMPTY
    return (
        french_number(value, 2)
        if isinstance(value, float) and not value.is_integer()
        else str(int(value))
        if isinstance(value, float)
        else str(value)
    )
