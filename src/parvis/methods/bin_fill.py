"""How full is a bin, and when will it overflow? Learned from emptyings or from level sensors, told with its
doubt.

What is known is a list of spans: a bin, from when to when, and by how much it filled, in parts of its
capacity. A bin found full tells only that it took at least so much. Deposits of a day are Gamma with a mean
of rate x weekday and a variance of `noise` times that mean; the rate of a bin with few spans leans on those
of its group. Sources: H. Bühlmann, A. Gisler, A Course in Credibility Theory (2005), chapter 4; censored
spans by expectation and maximisation: A. P. Dempster, N. M. Laird, D. B. Rubin, JRSS B 39 (1977), 1-38.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

TURNS = 40
"""Rounds of expectation and maximisation; the rates of a test change by less than a thousandth after 25."""


ONE_ACT = 1 / 12
"""Days within which two emptyings of a bin are one, noted twice (a badge read again): the second would say
that it filled up in minutes.
"""

STUCK_DAYS, STUCK_READINGS = 7.0, 8
"""A sensor that gives the very same level for so long, in so many readings, says nothing any more."""


@dataclass(frozen=True, slots=True)
class Spans:
    """k spans. bins: whose; since, until: days, counted from a Monday at midnight, with fractions; taken:
    parts of the capacity; full: it took at least that.
    """

    bins: Ints
    since: Floats
    until: Floats
    taken: Floats
    full: Flags

    def __len__(self) -> int:
        return len(self.bins)


@dataclass(frozen=True, slots=True)
class Filling:
    """What was learned. rate: (b,) parts of the capacity a day; doubt: (b,) standard deviation of that; week:
    (7,) weight of each weekday, mean 1; noise: variance per mean.
    """

    rate: Floats
    doubt: Floats
    week: Floats
    noise: float


def learn(spans: Spans, group: Ints, *, now: float, half_life_days: float = 90.0) -> Filling:
    """Rates of all bins. group: (b,) bins that are alike (a flow, a district); half_life_days: an old span
    counts half as much as one so many days younger.

    A bin without a span has the rate of its group, and the doubt of a bin nobody has looked at. Raises
    ValueError where a span is empty, ends in what is to come, or no span is given at all.
    """
    count = len(group)
    if not len(spans):
        raise ValueError("nothing is known of any bin")
    if (spans.until <= spans.since).any() or (spans.until > now + 1e-9).any() or (spans.taken < 0).any():
        raise ValueError("a span without length, in the future, or of less than nothing")
    days = weekdays(spans.since, spans.until)
    weight = 0.5 ** ((now - spans.until) / half_life_days)
    taken = np.maximum(spans.taken, 1e-6)
    week = np.ones(7)
    noise = 0.05
    which = spans.bins
    exposure = days @ week
    overall = float((weight * taken).sum() / (weight * exposure).sum())
    rate = np.full(count, overall)
    doubt = np.full(count, overall)
    for _ in range(TURNS):
        exposure = days @ week
        mean = np.maximum(rate[which] * exposure, 1e-9)
        # a span that ended full took at least `taken`: what it took on average, given that
        shape = mean / noise
        over = _tail(shape + 1, taken / noise) / np.maximum(_tail(shape, taken / noise), 1e-300)
        least_fill = np.where(
            spans.full, np.maximum(taken, mean * np.where(np.isfinite(over), over, 1.0)), taken
        )
        seen = np.bincount(which, weight * exposure, count).astype(np.float64)
        total = np.bincount(which, weight * least_fill, count)
        raw = total / np.maximum(seen, 1e-12)
        rate, doubt = _credible(raw, seen, group, noise)
        by_day = (
            (weight * least_fill / mean * rate[which])
            @ days
            / np.maximum((weight * rate[which]) @ days, 1e-12)
        )
        week = week * by_day
        week = np.maximum(week / max(float(week.mean()), 1e-12), 1e-3)
        open_ = ~spans.full
        if open_.sum() > count:
            mean = np.maximum(rate[which] * (days @ week), 1e-9)
            # spans whose mean is far below full are hardly ever cut off: what they scatter is the noise
            low = open_ & (mean < 0.7)
            used = low if low.sum() > 30 else open_
            free = max(1.0, used.sum() - min(count, len(np.unique(which[used]))))
            noise = float(np.clip(((taken[used] - mean[used]) ** 2 / mean[used]).sum() / free, 1e-4, 2.0))
    return Filling(rate, doubt, week, noise)


def _credible(raw: Floats, seen: Floats, group: Ints, noise: float) -> tuple[Floats, Floats]:
    """Rates drawn towards their group by as much as they are in doubt, and what doubt is left."""
    rate, doubt = raw.copy(), np.zeros(len(raw))
    for g in np.unique(group):
        members = np.flatnonzero(group == g)
        known = members[seen[members] > 0]
        if not len(known):
            known = np.flatnonzero(seen > 0)
        middle = float((raw[known] * seen[known]).sum() / seen[known].sum())
        within = noise * middle / np.maximum(seen[known], 1e-9)
        # never nought: that would say that a group is known to be all alike
        between = max(float(np.mean((raw[known] - middle) ** 2 - within)), (0.15 * middle) ** 2)
        trust = between / (between + noise * middle / np.maximum(seen[members], 1e-12))
        trust = np.where(seen[members] > 0, trust, 0.0)
        rate[members] = np.maximum(trust * raw[members] + (1 - trust) * middle, 1e-9)
        doubt[members] = np.sqrt((1 - trust) * between)
    return rate, doubt


def weekdays(since: Floats, until: Floats) -> Floats:
    """(k, 7) days of each weekday, Monday first, between two moments.

    >>> weekdays(np.array([0.0]), np.array([8.5])).tolist()
    [[2.0, 1.5, 1.0, 1.0, 1.0, 1.0, 1.0]]
    """
    day = np.arange(7)
    return _before(until[:, None], day) - _before(since[:, None], day)


def _before(moment: Floats, day: NDArray[np.int_]) -> Floats:
    weeks = np.floor(moment / 7)
    return weeks + np.clip(moment - 7 * weeks - day, 0.0, 1.0)


def expected(filling: Filling, level: Floats, since: Floats, until: float) -> Floats:
    """(b,) mean level at a moment, in parts of the capacity, of bins whose level was known at `since`; above
    1 is beside the bin.
    """
    exposure = weekdays(since, np.full(len(since), until)) @ filling.week
    return level + filling.rate * exposure


def overflow(filling: Filling, level: Floats, since: Floats, until: float) -> Floats:
    """(b,) probability that a bin whose level was known at `since` (0 after it was emptied) is over full at a
    moment, unless it is emptied before.
    """
    exposure = np.maximum(weekdays(since, np.full(len(since), until)) @ filling.week, 1e-12)
    mean = filling.rate * exposure
    variance = filling.noise * mean + (filling.doubt * exposure) ** 2
    room = 1.0 - level
    return np.where(room <= 0, 1.0, _tail(mean**2 / variance, np.maximum(room, 0.0) * mean / variance))


def _tail(shape: Floats, x: Floats) -> Floats:
    from scipy.special import (
        gammaincc,
    )  # an eighth of a second to load, and every command that publishes looks at every service

    return np.asarray(gammaincc(np.maximum(shape, 1e-9), np.maximum(x, 0.0)), dtype=np.float64)


def from_emptyings(bins: Ints, day: Floats, level: Floats, *, full_from: float = 0.98) -> Spans:
    """Spans between one emptying of a bin and the next. level: what was found, in parts of the capacity; from
    `full_from` on it says only that the bin was full.

    The first emptying of a bin begins its first span. A level that nobody noted (NaN), or noted twice within
    `ONE_ACT`, gives no span.
    """
    order = np.lexsort((day, bins))
    again = np.zeros(len(order), np.bool_)
    again[1:] = (bins[order][1:] == bins[order][:-1]) & (np.diff(day[order]) <= ONE_ACT)
    order = order[~again]
    b, d, v = bins[order], day[order], level[order]
    ok = (b[1:] == b[:-1]) & (d[1:] > d[:-1]) & np.isfinite(v[1:])
    later = np.flatnonzero(ok) + 1
    return Spans(b[later], d[later - 1], d[later], np.clip(v[later], 0.0, 1.0), v[later] >= full_from)


def from_levels(
    bins: Ints, day: Floats, level: Floats, *, fall: float = 0.15, full_from: float = 0.98
) -> Spans:
    """Spans between readings of a sensor. A level that falls by more than `fall` is an emptying, and no span;
    smaller falls are noise, and count as nothing.

    Readings nearer than half a day are skipped: their noise would be taken for deposits.
    """
    order = np.lexsort((day, bins))
    b, d, v = bins[order], day[order], level[order]
    readings: list[int] = []
    for i in range(len(b)):
        if not np.isfinite(v[i]):
            continue
        if (
            not readings
            or b[readings[-1]] != b[i]
            or d[i] - d[readings[-1]] >= 0.5
            or v[i] < v[readings[-1]] - fall
        ):
            readings.append(i)
    at = np.array(readings, dtype=np.int64)
    if len(at) < 2:
        return NONE
    same = (
        (b[at[1:]] == b[at[:-1]])
        & (v[at[1:]] >= v[at[:-1]] - fall)
        & (v[at[:-1]] < full_from)
        & (d[at[1:]] > d[at[:-1]])
    )
    first, last = at[:-1][same], at[1:][same]
    return Spans(b[first], d[first], d[last], np.maximum(v[last] - v[first], 0.0), v[last] >= full_from)


def stuck(bins: Ints, day: Floats, level: Floats, *, full_from: float = 0.98) -> Flags:
    """Readings of sensors that have stopped: all but the first of a run of one level. A bin that stays full is no such run: it can't get fuller.

    A bin that nobody uses looks alike; it is better visited for nothing than one that overflows unseen. NaN never counts.
    >>> stuck(np.zeros(12, np.int64), np.arange(12.0), np.array([0.1, 0.2, *[0.37] * 9, 0.5])).nonzero()[0].tolist()
    [3, 4, 5, 6, 7, 8, 9, 10]
    """
    order = np.lexsort((day, bins))
    order = order[np.isfinite(level[order])]
    b, d, v = bins[order], day[order], level[order]
    is_stuck = np.zeros(len(bins), np.bool_)
    if not len(order):
        return is_stuck
    starts = np.flatnonzero(np.r_[True, (b[1:] != b[:-1]) | (np.abs(np.diff(v)) > 1e-6)])
    ends = np.r_[starts[1:], len(order)]
    long = (
        (d[ends - 1] - d[starts] >= STUCK_DAYS) & (ends - starts >= STUCK_READINGS) & (v[starts] < full_from)
    )
    for first, last in zip(starts[long].tolist(), ends[long].tolist(), strict=True):
        is_stuck[order[first + 1 : last]] = True
    return is_stuck


def joined(parts: Sequence[Spans]) -> Spans:
    """Spans of several sources."""
    return Spans(
        np.concatenate([p.bins for p in parts]),
        np.concatenate([p.since for p in parts]),
        np.concatenate([p.until for p in parts]),
        np.concatenate([p.taken for p in parts]),
        np.concatenate([p.full for p in parts]),
    )


NONE = Spans(np.zeros(0, np.int64), np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0, np.bool_))
"""Nothing is known."""
