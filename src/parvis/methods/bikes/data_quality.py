"""Stations and bikes whose numbers can hardly be right: nothing moved for longer than the demand lets
believe.

Time is counted in movements that demand promised meanwhile: with right rates, the wait for the next movement
is exponential of mean 1, P(none) = e^-waited. Rates are never quite right, so that the limit is also the one
that past waits of the whole city passed once in a thousand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parvis.methods.bikes.calendar import SLOT_S, Calendar
from parvis.methods.bikes.history import Flags, Floats, History, Ints

RARE = 0.01
"""A silence this improbable under the rates is doubtful."""

ONE_IN = 0.999
"""Quantile of past waits that a doubtful one passes as well."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Spells during which a count stood still, in the order of the history: shape (w,).

    up, down: arrivals and departures promised meanwhile; ended: by a movement."""

    station: Ints
    since_s: Ints
    until_s: Ints
    count: Ints
    size: Ints
    up: Floats
    down: Floats
    ended: Flags

    @property
    def promised(self) -> Floats:
        """Movements that demand promised and the ends allowed: no departure from nothing, no arrival where no
        room is left.
        """
        return self.up * (self.count < self.size) + self.down * (self.count > 0)


def waits(past: History, hourly: Floats, calendar: Calendar, until_s: int) -> Waits:
    """Every spell of a count up to a moment. hourly: as `demand.rates`. A station's last spell goes on to
    that moment.

    A spell that a silence of the whole feed cuts begins anew after it: what moved meanwhile is not known.
    """
    moved = np.ones(len(past.count), np.bool_)
    same = past.station[1:] == past.station[:-1]
    moved[1:] = ~same | (past.count[1:] != past.count[:-1]) | (past.open[1:] != past.open[:-1])
    used = moved & (past.at_s < until_s)
    station, since, count, open_ = past.station[used], past.at_s[used], past.count[used], past.open[used]
    goes_on = np.append(station[1:] == station[:-1], False) if len(station) else np.empty(0, np.bool_)
    until = np.where(goes_on, np.append(since[1:], until_s), until_s) if len(since) else since
    for silent_s, heard_s in zip(*past.silences, strict=True):
        since = np.where((since <= silent_s) & (until >= heard_s), heard_s, since)
    promised = [_between(one, calendar, station, since, until) for one in hourly]
    return Waits(
        station[open_],
        since[open_],
        until[open_],
        count[open_],
        past.size[used][open_],
        promised[0][open_],
        promised[1][open_],
        goes_on[open_],
    )


def limit(past: Waits) -> float:
    """Promised movements after which a wait is doubtful: see RARE and ONE_IN."""
    over = past.promised[past.ended]
    usual = float(np.quantile(over, ONE_IN)) if len(over) else 0.0
    return max(-float(np.log(RARE)), usual)


def silent(past: Waits, most: float) -> Ints:
    """Spells, by index, that still go on and have outlasted `most` promised movements: their stations are
    doubtful.
    """
    return np.flatnonzero(~past.ended & (past.promised > most))


def stuck(past: Waits, stations: int, since_s: int, most: float) -> Ints:
    """How many of the things counted seem out of order at each station, shape (stations,).

    A count that since a moment never fell under m, while at m demand promised more than `most` departures:
    those m are there, but nobody can take them. The spell at m may be cut by others. On a history of docks it
    tells docks that nobody can use.
    """
    recent = past.until_s > since_s
    part = np.clip(
        (past.until_s - np.maximum(past.since_s, since_s)) / np.maximum(past.until_s - past.since_s, 1), 0, 1
    )
    least = np.full(stations, np.iinfo(np.int64).max)
    np.minimum.at(least, past.station[recent], past.count[recent])
    at_least = recent & (past.count == least[past.station])
    promised = np.bincount(past.station[at_least], (past.down * part)[at_least], stations)
    return np.where((promised > most) & (least < np.iinfo(np.int64).max), least, 0)


def _between(hourly: Floats, calendar: Calendar, station: Ints, since: Ints, until: Ints) -> Floats:
    """Integral of one direction's rates over each spell. hourly: (stations, KINDS, SLOTS)."""
    if not len(since):
        return np.zeros(0)
    first = int(since.min()) // SLOT_S
    edges = np.arange(first, int(until.max()) // SLOT_S + 2) * SLOT_S
    kind, slot = calendar.slot(edges)
    sums = np.concatenate([np.zeros((len(hourly), 1)), np.cumsum(hourly[:, kind, slot], 1)], 1) * (
        SLOT_S / 3600
    )

    def upto(at: Ints) -> Floats:
        number = at // SLOT_S - first
        before = sums[station, number]
        return before + (sums[station, number + 1] - before) * (at % SLOT_S / SLOT_S)

    return upto(until) - upto(since)
