"""How often bikes come and go, by station, kind of day and half-hour, told from counts that are blind at the
ends.

An empty station shows no departure and a full one no arrival, however many riders turn away: the time spent
there is no exposure. Rates that few events tell are drawn towards what the station's size and the city's day
make likely (gamma prior): lambda = (a + events) / (a / m + exposure). Source of the estimator: conjugate
gamma-Poisson, as in A. Gelman et al., Bayesian Data Analysis (2013), section 2.6.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parvis.methods.bikes.calendar import KINDS, SLOT_S, SLOTS, Calendar
from parvis.methods.bikes.history import Flags, Floats, History, Ints

TRUCK = 4
"""A count that moves by more than this at once was moved by a truck, not by riders (0.9 % of the updates in
Boston, April 2022).
"""

BLIND_S = 12 * 3600
"""Between records so far apart nothing is known. Long, for many stations speak only when something moves:
their silence is a quiet night.
"""

SMOOTH_SLOTS = 1.5
"""Standard deviation of the kernel over the half-hours of a day."""

PRIOR = 6.0
"""Events that the prior weighs (a)."""

LEAST_H = 0.005
"""No rate is under this (an hour): nothing is impossible."""

_WIDTH = 2 * np.sqrt(np.pi) * SMOOTH_SLOTS
"""Half-hours that the kernel counts as one."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What was seen, by local day, station and half-hour. days: shape (d,), growing; the others: shape (d,
    stations, SLOTS).

    ups, downs: events; can_rise_h, can_fall_h: hours during which one could have been seen; seen_h, held_h:
    hours known, and the sum of count times hours; none_h, all_h: hours with nothing there, and with no room
    left.
    """

    days: Ints
    ups: Floats
    downs: Floats
    can_rise_h: Floats
    can_fall_h: Floats
    seen_h: Floats
    held_h: Floats
    none_h: Floats
    all_h: Floats

    def by_kind(self, calendar: Calendar, chosen: Flags) -> Tally:
        """The days that are kept, added up by kind of day: `days` holds the kinds. chosen: shape (d,)."""
        kinds = calendar.kind(self.days)

        def total(part: Floats) -> Floats:
            return np.stack([part[chosen & (kinds == kind)].sum(0) for kind in range(KINDS)])

        return Tally(
            np.arange(KINDS),
            total(self.ups),
            total(self.downs),
            total(self.can_rise_h),
            total(self.can_fall_h),
            total(self.seen_h),
            total(self.held_h),
            total(self.none_h),
            total(self.all_h),
        )


def tally(past: History, calendar: Calendar, since_s: int, until_s: int) -> Tally:
    """Add up what a history shows between two moments. A movement between two records is spread over the time
    between them.
    """
    first = np.flatnonzero(
        (past.station[1:] == past.station[:-1]) & (past.at_s[1:] - past.at_s[:-1] <= BLIND_S) & past.open[:-1]
    )
    first = first[(past.at_s[first] >= since_s) & (past.at_s[first + 1] <= until_s)]
    start, end = past.at_s[first], past.at_s[first + 1]
    moved = past.count[first + 1] - past.count[first]
    days = np.unique(calendar.day(np.concatenate([start, end]))) if len(first) else np.empty(0, np.int64)
    shape = (len(days), past.stations, SLOTS)
    if not len(first):
        return Tally(days, *(np.zeros(shape) for _ in range(8)))
    # A gap that spans several half-hours is cut at each: slots begin on multiples of half an hour of POSIX
    # time too, in every zone of whole half-hours.
    pieces = end // SLOT_S - start // SLOT_S + 1
    of = np.repeat(np.arange(len(first)), pieces)
    nth = np.arange(len(of)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    opens = np.maximum(start[of], (start[of] // SLOT_S + nth) * SLOT_S)
    shuts = np.minimum(end[of], (start[of] // SLOT_S + nth + 1) * SLOT_S)
    local = calendar.local(opens)
    cell = (
        np.searchsorted(days, local // (SLOT_S * SLOTS)) * past.stations + past.station[first][of]
    ) * SLOTS + local // SLOT_S % SLOTS
    share, hours = (shuts - opens) / (end - start)[of], (shuts - opens) / 3600.0
    count, size, truck = past.count[first], past.size[first], np.abs(moved) > TRUCK

    def add(weight: Floats) -> Floats:
        return (
            np.bincount(cell, weight, shape[0] * shape[1] * shape[2])
            .astype(np.float64, copy=False)
            .reshape(shape)
        )

    return Tally(
        days,
        add(np.where(truck, 0, np.maximum(moved, 0))[of] * share),
        add(np.where(truck, 0, np.maximum(-moved, 0))[of] * share),
        add(hours * ((count < size) & ~truck)[of]),
        add(hours * ((count > 0) & ~truck)[of]),
        add(hours),
        add(hours * count[of]),
        add(hours * (count == 0)[of]),
        add(hours * (count >= size)[of]),
    )


def rates(seen: Tally) -> Floats:
    """Arrivals and departures an hour while they can happen: shape (2, stations, KINDS, SLOTS). seen: by kind
    of day (`Tally.by_kind`).
    """
    per_hour = [
        _rate(np.swapaxes(e, 0, 1), np.swapaxes(x, 0, 1))
        for e, x in ((seen.ups, seen.can_rise_h), (seen.downs, seen.can_fall_h))
    ]
    return np.stack(per_hour)


def usual(seen: Tally) -> Floats:
    """Mean count of each station by kind of day and half-hour: shape (stations, KINDS, SLOTS); that of the
    whole station where little was seen.
    """
    held, hours = np.swapaxes(seen.held_h, 0, 1), np.swapaxes(seen.seen_h, 0, 1)
    whole = held.sum((1, 2), keepdims=True) / np.maximum(hours.sum((1, 2), keepdims=True), 1e-9)
    return (smoothed(held) + 0.5 * whole) / (smoothed(hours) + 0.5)


def smoothed(values: Floats) -> Floats:
    """A Gaussian mean over the last axis, a day that closes on itself."""
    reach = int(4 * SMOOTH_SLOTS) + 1
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / SMOOTH_SLOTS) ** 2)
    return np.sum(
        [
            w * np.roll(values, lag, -1)
            for w, lag in zip(weights / weights.sum(), range(-reach, reach + 1), strict=True)
        ],
        axis=0,
    )


def _rate(events: Floats, hours: Floats) -> Floats:
    """One direction. events, hours: shape (stations, KINDS, SLOTS)."""
    city = smoothed(events.sum(0) / np.maximum(hours.sum(0), 1e-9))
    level = (events.sum((1, 2)) + 2) / ((hours * city).sum((1, 2)) + 2)
    likely = np.maximum(level[:, None, None] * city, 1e-6)
    return (PRIOR + smoothed(events) * _WIDTH) / (PRIOR / likely + smoothed(hours) * _WIDTH) + LEAST_H
