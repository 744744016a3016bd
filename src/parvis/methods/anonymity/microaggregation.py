"""Numbers replaced by the mean of k near ones (MDAV).

Source: J. Domingo-Ferrer and V. Torra, Data Mining and Knowledge Discovery 11 (2005), generic MDAV.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Reals = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def mdav(points: Reals, k: int) -> Integers:
    """Groups of at least k (and below 2k) near points. points: shape (n, d), without NaN, in units that may be compared.

    One column is grouped in its order, which is optimal up to the sizes and takes n log n; several take n^2 / k. Returns the group of each point, from 0; all
    points are one group when there are fewer than 2k. Raises ValueError for k < 1.
    >>> mdav(np.array([[1.0], [9.0], [2.0], [8.0]]), 2).tolist()
    [0, 1, 0, 1]
    """
    if k < 1:
        raise ValueError(f"a group holds one point at least, not {k}")
    n = len(points)
    groups = np.zeros(n, dtype=np.int64)
    if n < 2 * k:
        return groups
    if points.shape[1] == 1:
        order = np.argsort(points[:, 0], kind="stable")
        groups[order] = np.minimum(np.arange(n) // k, n // k - 1)
        return groups
    left, count = np.arange(n), 0
    while len(left) >= 3 * k:
        far = _farthest(points[left], points[left].mean(axis=0))
        opposite = _farthest(points[left], points[left[far]])
        one = _nearest(points[left], points[left[far]], k)
        groups[left[one]] = count
        rest = np.setdiff1d(np.arange(len(left)), one, assume_unique=True)
        seed = points[left[opposite]]
        other = rest[_nearest(points[left[rest]], seed, k)]
        groups[left[other]] = count + 1
        count += 2
        left = left[np.setdiff1d(rest, other, assume_unique=True)]
    if len(left) >= 2 * k:
        far = _farthest(points[left], points[left].mean(axis=0))
        one = _nearest(points[left], points[left[far]], k)
        groups[left[one]] = count
        count += 1
        left = np.delete(left, one)
    groups[left] = count
    return groups


def means(values: Reals, groups: Integers) -> Reals:
    """Each value replaced by the mean of its group; sums are conserved. values: shape (n,).

    >>> means(np.array([1.0, 9.0, 2.0, 8.0]), np.array([0, 1, 0, 1])).tolist()
    [1.5, 8.5, 1.5, 8.5]
    """
    return (np.bincount(groups, values) / np.maximum(np.bincount(groups), 1))[groups]


def _farthest(points: Reals, seed: Reals) -> int:
    return int(np.argmax(((points - seed) ** 2).sum(axis=1)))


def _nearest(points: Reals, seed: Reals, k: int) -> Integers:
    return np.argsort(((points - seed) ** 2).sum(axis=1), kind="stable")[:k]
