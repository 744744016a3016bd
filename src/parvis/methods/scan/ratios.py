"""Log-likelihood ratios of a zone where cases are more than elsewhere. Source: Kulldorff (1997)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

BINS = 1 << 14
"""Bars are worked out for so many sizes of a zone."""


def poisson_ratio(cases: npt.ArrayLike, expected: npt.ArrayLike, total: float) -> Floats:
    """c ln(c/E) + (C − c) ln((C − c)/(C − E)) where c > E, else 0; E scaled so that all of it sums to C."""
    c, e = np.asarray(cases, np.float64), np.asarray(expected, np.float64)
    inside = _times_log(c, e)
    return np.where(c > e, inside + _times_log(total - c, total - e), 0.0)


def bernoulli_ratio(cases: npt.ArrayLike, people: npt.ArrayLike, total: float, all_people: float) -> Floats:
    """The ratio of a share of cases inside over the share outside, where the first is larger, else 0."""
    c, n = np.asarray(cases, np.float64), np.asarray(people, np.float64)
    outside, others = total - c, all_people - n
    ratio = _gain(c, n, total / all_people) + _gain(outside, others, total / all_people)
    return np.where(c * others > outside * n, ratio, 0.0)


def _gain(cases: Floats, people: Floats, share: float) -> Floats:
    """What a share of its own gains over that of all. The healthy are many: their shares are near 1."""
    of_people = np.divide(
        cases, people, out=np.zeros(np.broadcast_shapes(cases.shape, people.shape)), where=people > 0
    )
    healthy = people - cases
    with np.errstate(divide="ignore", invalid="ignore"):
        ill = np.where(cases > 0, cases * np.log(of_people / share), 0.0)
        well = np.where(healthy > 0, healthy * (np.log1p(-of_people) - np.log1p(-share)), 0.0)
    return ill + well


def _times_log(count: Floats, of: Floats) -> Floats:
    """count · ln(count / of), 0 where count is 0."""
    known = (count > 0) & (of > 0)
    ratio = np.divide(count, of, out=np.ones(np.broadcast_shapes(count.shape, of.shape)), where=known)
    return np.where(known, count * np.log(ratio), 0.0)


def bars(total: int, all_people: float, bar: float, least: int) -> Ints:
    """Smallest count of cases at which a zone may reach the bar, by the size of the zone in `BINS` steps of all.

    all_people: 0 for the Poisson ratio (size: expected cases), else people, for the Bernoulli ratio. Each is a
    bound from below: the count that the smallest zone of the step needs. `total + 1` where none does.
    """
    of_all = all_people or float(total)
    sizes = np.arange(BINS + 1) * (of_all / BINS)
    low, high = np.full(len(sizes), least - 1, np.int64), np.full(len(sizes), total + 1, np.int64)
    while (high - low > 1).any():
        middle = (low + high) // 2
        counts = middle.astype(np.float64)
        ratio = (
            bernoulli_ratio(np.minimum(counts, sizes), sizes, total, all_people)
            if all_people
            else poisson_ratio(counts, sizes, total)
        )
        reached = (ratio >= bar) | ((sizes == 0) & (counts >= 1))
        high, low = np.where(reached, middle, high), np.where(reached, low, middle)
    return high
