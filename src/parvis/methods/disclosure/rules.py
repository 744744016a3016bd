"""Which cells tell too much by themselves, and how far each must seem able to be from what it is."""

from __future__ import annotations

import numpy as np

from parvis.methods.disclosure.audit import Protection
from parvis.methods.disclosure.tables import Floats, Ints, Mask

MARGIN = 0.15
"""Part of a sensitive total by which it must seem able to move: what a rule of 85 % leaves to the others."""


def small(counts: Ints, least: int) -> Mask:
    """Cells of fewer than `least` units, but some: nobody is told apart by a zero.

    >>> small(np.array([0, 1, 10, 11]), 11).tolist()
    [False, True, True, False]
    """
    return (counts > 0) & (counts < least)


def dominated(totals: Floats, largest: Floats, share: float) -> Mask:
    """Cells of which one unit makes more than `share`. totals, largest: of the cell and of its largest unit, on weights where there are weights.

    >>> dominated(np.array([100.0, 100.0]), np.array([86.0, 85.0]), 0.85).tolist()
    [True, False]
    """
    return largest > share * totals


def sustained(counts: Ints, more_than: int, years: int) -> Mask:
    """Cells with more than so many facts in each of so many years running, the last one included. counts: shape (cells, years), oldest first; returns (cells,).

    >>> sustained(np.array([[6, 6, 6], [9, 5, 9], [1, 6, 6]]), 5, 3).tolist()
    [True, False, False]
    """
    return (
        np.asarray((counts[:, -years:] > more_than).all(axis=1), np.bool_)
        if counts.shape[1] >= years
        else np.zeros(len(counts), np.bool_)
    )


def counts_protected(counts: Ints, least: int) -> Protection:
    """A small count must seem able to be nobody, and to be enough: its interval covers [0, least]."""
    where = small(counts, least)
    return Protection(
        np.where(where, counts, 0).astype(np.float64), np.where(where, least - counts, 0).astype(np.float64)
    )


def totals_protected(
    totals: Floats, sensitive: Mask, largest: Floats, share: float, *, margin: float = MARGIN
) -> Protection:
    """A sensitive total must seem able to be `margin` less and more, and large enough for its largest unit to
    make no more than `share` of it.

    That of nothing, which tells of each unit that it has nothing, must seem able to be `margin` of the mean
    total.
    """
    something = np.where(totals > 0, totals, totals.mean() if len(totals) else 0.0)
    up = np.maximum(margin * something, largest / share - totals)
    return Protection(np.where(sensitive, margin * totals, 0.0), np.where(sensitive, up, 0.0))
