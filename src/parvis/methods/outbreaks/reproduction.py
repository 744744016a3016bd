"""How many people each case of an illness passes it on to, by windows of days.

Two estimates: of the instant (Cori: how fast it passes on now, with its doubt) and of cases (Wallinga and
Teunis: how many each case of a day went on to infect, which needs the days after it).

Sources: A. Cori et al., A New Framework and Software to Estimate Time-Varying Reproduction Numbers During
Epidemics, Am. J. Epidemiol. 178 (2013); J. Wallinga, P. Teunis, Am. J. Epidemiol. 160 (2004).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from parvis.core.late import late

if TYPE_CHECKING:
    from scipy import stats
else:
    stats = late("scipy.stats")

Floats = npt.NDArray[np.float64]

PRIOR_MEAN, PRIOR_SD = 5.0, 5.0
"""What is believed before the first case: large and vague, so that an epidemic is not called over too soon."""
WINDOW = 7
"""Days over which one number is estimated."""
SURE = 0.3
"""Coefficient of variation of an estimate that may be shown as a number."""


@dataclass(frozen=True, slots=True)
class Reproduction:
    """Estimates over windows of days, all of shape (series, windows); nan where it is too early to say.

    start, end: first and last day of each window, from 0. cases: local cases in the window. quantiles: by the
    probability asked for.
    """

    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    mean: Floats
    sd: Floats
    cases: Floats
    quantiles: dict[float, Floats]


def serial_interval(mean: float, sd: float, days: int) -> Floats:
    """Chance that a case shows k days after the one that it was caught from, k = 0, 1, …, days.

    A gamma distribution of mean `mean` and standard deviation `sd` (days) moved by one day, spread over whole
    days; what is left beyond `days` is not given out. Source: Cori et al. (2013), web appendix 11.
    """
    if not (mean > 1 and sd > 0 and days >= 1):
        raise ValueError(
            "a serial interval needs a mean over one day, a positive deviation and a day at least"
        )
    shape, scale = ((mean - 1) / sd) ** 2, sd**2 / (mean - 1)
    k = np.arange(days + 1, dtype=np.float64)

    def cumulative(at: Floats, a: float) -> Floats:
        return np.asarray(stats.gamma.cdf(np.maximum(at, 0.0), a, scale=scale), np.float64)

    mass = (
        k * cumulative(k, shape)
        + (k - 2) * cumulative(k - 2, shape)
        - 2 * (k - 1) * cumulative(k - 1, shape)
        + shape
        * scale
        * (2 * cumulative(k - 1, shape + 1) - cumulative(k - 2, shape + 1) - cumulative(k, shape + 1))
    )
    return np.maximum(mass, 0.0)


def infectivity(cases: Floats, interval: Floats) -> Floats:
    """How infectious the past is on each day: cases of each day before weighed by the serial interval.

    cases: (series, days), local and imported. interval: chance of k days from 0; its first value counts for
    nothing. Returns (series, days); nan on the first day, which has no past.
    """
    days = cases.shape[1]
    weights = np.zeros(days)
    weights[: min(days, len(interval))] = interval[:days]
    weights[0] = 0.0
    size = 1 << (2 * days - 1).bit_length()
    if days > 400:  # a product of transforms; its rounding is of 1e-13 of the largest day
        weighed = np.fft.irfft(np.fft.rfft(cases, size) * np.fft.rfft(weights, size), size)[:, :days]
        weighed = np.maximum(weighed, 0.0)
    else:
        weighed = np.zeros_like(cases)
        for k in np.flatnonzero(weights):
            weighed[:, k:] += weights[k] * cases[:, : days - k]
    weighed[:, 0] = np.nan
    return weighed


def windows(days: int, length: int = WINDOW) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """First and last day, from 0, of every window of `length` days that leaves the first day out."""
    start = np.arange(1, days - length + 1, dtype=np.int64)
    return start, start + length - 1


def reproduction(
    cases: npt.ArrayLike,
    interval: npt.ArrayLike,
    *,
    imported: npt.ArrayLike | None = None,
    start: Sequence[int] | None = None,
    end: Sequence[int] | None = None,
    prior_mean: float = PRIOR_MEAN,
    prior_sd: float = PRIOR_SD,
    quantiles: Sequence[float] = (0.025, 0.5, 0.975),
) -> Reproduction:
    """The reproduction number of the instant over windows of days, by Bayes: cases of a day are Poisson around
    their number times the infectivity of the past, which a gamma law is believed of before.

    cases: (days,) or (series, days), whole and not negative, local and imported together. interval: chance
    that a case shows k days after its source, from k = 0; it is scaled to sum to one. imported: of `cases`,
    those caught elsewhere, same shape; those of the first day are taken as imported whatever is said. start,
    end: windows, from day 0 (a week each from the second day if none are given). A window that ends before one
    mean serial interval is nan. One that nothing infectious came before says what was believed at first: whoever
    shows it looks at `cases` (see `enough_cases`).
    """
    counts = _series(cases)
    weights = np.asarray(interval, np.float64)
    if weights.ndim != 1 or len(weights) < 2 or not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError("a serial interval is a list of chances, none negative")
    if weights[0] > 0 or not math.isclose(weights.sum(), 1.0, abs_tol=1e-2):
        raise ValueError("a serial interval begins with 0 at day 0 and its chances sum to 1")
    abroad = np.zeros_like(counts) if imported is None else _series(imported)
    if abroad.shape != counts.shape or (abroad > counts).any():
        raise ValueError("imported cases are some of the cases, day by day")
    days = counts.shape[1]
    local = counts - abroad
    local[:, 0] = 0.0
    first, last = (
        windows(days)
        if start is None or end is None
        else (np.asarray(start, np.int64), np.asarray(end, np.int64))
    )
    if len(first) != len(last) or (
        len(first) and (first.min() < 1 or last.max() >= days or (first > last).any())
    ):
        raise ValueError("windows lie between the second day and the last")
    past = infectivity(counts, weights)
    past[:, 0] = 0.0
    n, force = _over(local, first, last), _over(past, first, last)
    shape0, scale0 = (prior_mean / prior_sd) ** 2, prior_sd**2 / prior_mean
    shape, scale = shape0 + n, 1 / (1 / scale0 + force)
    early = last + 1 <= float(weights @ np.arange(len(weights)))
    known = np.where(early, np.nan, 1.0)
    return Reproduction(
        first,
        last,
        shape * scale * known,
        np.sqrt(shape) * scale * known,
        n,
        {q: np.asarray(stats.gamma.ppf(q, shape, scale=scale), np.float64) * known for q in quantiles},
    )


def case_reproduction(cases: npt.ArrayLike, interval: npt.ArrayLike) -> Floats:
    """Those whom a case of each day went on to infect, on average: every case is shared out among those before
    it by how likely each is its source.

    cases: (days,). interval: as for `reproduction`. Returns (days,): nan on days without a case. The last days
    are low because what they pass on has not shown yet.
    """
    counts = _series(cases)[0]
    weights = np.zeros(len(counts))
    mass = np.asarray(interval, np.float64)[: len(counts)]
    weights[: len(mass)] = mass
    weights[0] = 0.0
    past = infectivity(counts[None, :], weights)[0]
    past[0] = 0.0
    share = np.divide(counts, past, out=np.zeros_like(counts), where=past > 0)
    passed = np.array([share[t:] @ weights[: len(counts) - t] for t in range(len(counts))])
    return np.where(counts > 0, passed, np.nan)


def over_windows(
    cases: npt.ArrayLike, by_day: Floats, start: npt.NDArray[np.int64], end: npt.NDArray[np.int64]
) -> Floats:
    """Means over windows of what is said of the cases of each day, weighed by the cases."""
    counts = _series(cases)[0]
    weighed = np.nan_to_num(by_day) * counts
    n = _over(counts[None, :], start, end)[0]
    return np.divide(_over(weighed[None, :], start, end)[0], n, out=np.full(len(n), np.nan), where=n > 0)


def enough_cases(prior_mean: float = PRIOR_MEAN, prior_sd: float = PRIOR_SD, sure: float = SURE) -> int:
    """Cases in a window from which the estimate's coefficient of variation is at most `sure`.

    >>> enough_cases()
    11
    """
    return max(0, math.ceil(1 / sure**2 - (prior_mean / prior_sd) ** 2))


def _series(cases: npt.ArrayLike) -> Floats:
    counts = np.array(cases, np.float64, ndmin=2)
    if counts.ndim != 2 or not np.isfinite(counts).all() or (counts < 0).any():
        raise ValueError("cases are counts by day, none negative and none missing")
    return counts


def _over(values: Floats, first: npt.NDArray[np.int64], last: npt.NDArray[np.int64]) -> Floats:
    """Sums over windows; whole counts are summed exactly."""
    summed = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)
    return summed[:, last + 1] - summed[:, first]
