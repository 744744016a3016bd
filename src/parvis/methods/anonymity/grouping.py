"""Rows that are equal on some columns, found by one integer key a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]

_WIDEST = 1 << 62
_DENSE = 4
"""Keys below so many times the rows are counted in a table, above they are sorted."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Classes of equal keys. ids: class of each row, from 0; one: some row of each class."""

    ids: Integers
    one: Integers

    @property
    def count(self) -> int:
        return len(self.one)


def combined(columns: Sequence[Codes | Integers], sizes: Sequence[int]) -> tuple[Integers, int]:
    """One key a row in mixed radix, and how many keys there could be. columns: codes from 0, each below its size.

    Where the product passes 2^62 the key so far is made dense first: any number of columns fits.
    >>> combined([np.array([0, 1], np.int32), np.array([2, 0], np.int32)], [2, 3])
    (array([2, 3]), 6)
    """
    keys = np.zeros(len(columns[0]) if columns else 0, dtype=np.int64)
    domain = 1
    for column, size in zip(columns, sizes, strict=True):
        if domain * size >= _WIDEST:
            dense = group(keys, domain)
            keys, domain = dense.ids, dense.count
        if size > 1:
            keys *= size
            keys += column
            domain *= size
    return keys, domain


def group(keys: Integers, domain: int) -> Groups:
    """Classes of equal keys, in the order of the keys. keys: shape (n,), 0 <= key < domain.

    >>> g = group(np.array([7, 3, 7]), 10)
    >>> g.ids.tolist(), g.count
    ([1, 0, 1], 2)
    """
    n = len(keys)
    if domain <= _DENSE * n + 1024:
        last = np.full(domain, -1, dtype=np.int64)
        last[keys] = np.arange(n)
        there = last >= 0
        place = np.cumsum(there) - 1
        return Groups(place[keys], last[there])
    order = np.argsort(keys)
    ordered = keys[order]
    new = np.empty(n, dtype=bool)
    new[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    ids = np.empty(n, dtype=np.int64)
    ids[order] = np.cumsum(new) - 1
    return Groups(ids, order[new])


def equal_rows(columns: Sequence[Codes | Integers]) -> Groups:
    """Classes of rows that are equal on all columns. columns: codes from 0, all of one length; without a
    column all rows are one class. Raises ValueError.
    """
    if not columns:
        raise ValueError("no column to compare")
    keys, domain = combined(columns, [int(c.max(initial=0)) + 1 for c in columns])
    return group(keys, domain)
