"""A table as its distinct tuples with weights: every method here works on them, however many rows there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from parvis.methods.anonymity.grouping import Codes, Integers, combined, group


@dataclass(frozen=True, slots=True)
class Pairs:
    """How often each tuple has each sensitive value: sorted by tuple. starts: shape (n + 1,), where the pairs
    of a tuple begin.
    """

    tuple_: Integers
    value: Integers
    rows: Integers
    starts: Integers
    values: int
    """Values that the sensitive column can take."""


@dataclass(frozen=True, slots=True)
class Tuples:
    """Distinct combinations of the quasi-identifiers."""

    codes: Codes
    """Shape (d, n): leaf of each tuple in each column."""
    rows: Integers
    """Rows that bear each tuple, shape (n,)."""
    units: Integers
    """What k counts, shape (n,): rows, or persons, each counted at one of their rows only. Then any class
    holds at least so many persons.
    """
    of_row: Integers
    """Tuple of each row, shape (N,)."""
    pairs: tuple[Pairs, ...] = ()
    """One for each sensitive column."""

    @property
    def total(self) -> int:
        return len(self.of_row)


def compress(
    columns: Sequence[Codes],
    sizes: Sequence[int],
    *,
    persons: Integers | None = None,
    sensitive: Sequence[Codes] = (),
) -> Tuples:
    """Distinct tuples of a table. columns: leaf codes, each shape (N,) and below its size; a missing value is
    a leaf as any other.

    persons: code of the person of each row, when k is to count persons. sensitive: codes of the columns that
    l and t speak of.
    """
    keys, domain = combined(columns, sizes)
    grouping = group(keys, domain)
    codes = np.stack([np.asarray(c, dtype=np.int32)[grouping.one] for c in columns])
    rows = np.bincount(grouping.ids, minlength=grouping.count)
    units = rows
    if persons is not None:
        _, first = np.unique(persons, return_index=True)
        units = np.bincount(grouping.ids[first], minlength=grouping.count)
    return Tuples(
        codes, rows, units, grouping.ids, tuple(_pairs(grouping.ids, grouping.count, s) for s in sensitive)
    )


def _pairs(ids: Integers, count: int, sensitive: Codes) -> Pairs:
    values = int(sensitive.max(initial=0)) + 1
    keys, times = np.unique(ids * values + sensitive, return_counts=True)
    of = keys // values
    starts = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(of, minlength=count), out=starts[1:])
    return Pairs(of, keys % values, times, starts, values)
