"""A table that may be asked anything: classes of enough people, whole, so that no answer and no difference of
two answers is about fewer.

A threshold on answers is not enough: two large answers may differ by one person, and sums of answers carve
out what a single one may not. So the threshold is on what is asked about. Whatever filters by the columns
that make the classes counts whole classes, and any difference of two answers is whole classes too.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Reals = npt.NDArray[np.float64]

SHARE = 0.85
"""Most that one person may make of the total of a class. Source: the French rule on tables of firms."""


def publishable(classes: Integers, people: Integers, least: int) -> Flags:
    """The classes that are of `least` people or more, and leave nobody alone outside.

    classes: class of each row, from 0 without gaps; people: whose each row is. Where those who are left out would be some, but fewer than `least`, the smallest
    class that is shown is left out with them: whoever knows the total would else know how many they are. Returns a flag for each class.

    >>> publishable(np.array([0] * 3 + [1] * 5 + [2] * 9), np.arange(17), 5).tolist()
    [False, False, True]
    """
    count = int(classes.max(initial=-1)) + 1
    sizes = np.bincount(_pairs(classes, people)[0], minlength=count)
    enough = sizes >= least
    out = len(np.unique(people[~enough[classes]]))
    if 0 < out < least and enough.any():
        enough[np.argmin(np.where(enough, sizes, np.iinfo(np.int64).max))] = False
    return enough


def means(amounts: Reals, classes: Integers, people: Integers, least: int, share: float = SHARE) -> Reals:
    """The mean amount of each class, NaN where it would tell of somebody.

    amounts: shape (n,), NaN where empty. Empty stays empty where one person makes more than `share` of a class, and where fewer than `least` people, but some,
    have an empty amount or a filled one.

    >>> means(np.array([1.0, 3, 2, 2, 9, np.nan]), np.array([0, 0, 0, 0, 1, 1]), np.arange(6), 2).tolist()
    [2.0, nan]
    """
    count = int(classes.max(initial=-1)) + 1
    there = ~np.isnan(amounts)
    filled, sums = classes[there], np.abs(amounts[there])
    of, which = _pairs(filled, people[there])
    each = np.bincount(which, sums, len(of))
    largest, total = np.zeros(count), np.bincount(filled, sums, count)
    np.maximum.at(largest, of, each)
    full = np.bincount(of, minlength=count)
    empty = np.bincount(_pairs(classes[~there], people[~there])[0], minlength=count)
    safe = (full >= least) & ((empty == 0) | (empty >= least)) & ((largest <= share * total) | (largest == 0))
    rows = np.bincount(filled, minlength=count)
    mean = np.bincount(filled, amounts[there], count) / np.maximum(rows, 1)
    return np.where(safe, mean, np.nan)


def _pairs(classes: Integers, people: Integers) -> tuple[Integers, Integers]:
    """The class of each pair of a class and a person that meet, and the pair of each row."""
    if not len(classes):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    _, known = np.unique(people, return_inverse=True)
    keys, which = np.unique(classes * (int(known.max()) + 1) + known.reshape(-1), return_inverse=True)
    return keys // (int(known.max()) + 1), which.reshape(-1)
