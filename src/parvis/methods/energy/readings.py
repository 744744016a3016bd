"""Readings of meters as days of the city's own zone: half-hours, days or bills; gaps, estimates, clock changes.

A reading is a span [start, end) in UTC and what was used in it. Its use is spread evenly over the span, so a day of 23
or 25 hours gets what belongs to it. Rules of CalTRACK 2.0: a day whose readings cover half of it or less is unknown;
what covers more is scaled to the whole day; zero is missing where the energy is electricity.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from parvis.methods.energy.changepoint import Array

Micros = NDArray[np.int64]

HOUR = 3_600_000_000
COVERED = 0.5


@dataclass(frozen=True, slots=True)
class DailyUse:
    """days: datetime64[D], without a hole. kwh: NaN where unknown. covered: part of each day that readings cover, overlaps
    counted once each. estimated: part of it that was estimated.
    """

    days: NDArray[np.datetime64]
    kwh: Array
    covered: Array
    estimated: Array


def daily(
    start: Micros,
    end: Micros,
    kwh: Array,
    estimated: NDArray[np.bool_],
    zone: ZoneInfo,
    *,
    zero_is_missing: bool = False,
) -> DailyUse:
    """Days of the zone from readings of one meter. start, end: microseconds since 1970, UTC; all of shape (k,).

    Of two readings of the same span the last one given counts. Raises ValueError where a span does not end after it begins.
    """
    if not len(start):
        none = np.array([], dtype=np.float64)
        return DailyUse(np.array([], dtype="datetime64[D]"), none, none, none)
    if bool((end <= start).any()):
        raise ValueError("a reading ends before it begins")
    last = (
        {key: i for i, key in enumerate(zip(start.tolist(), end.tolist(), strict=True))}
        if _twice(start)
        else None
    )
    keep = np.isfinite(kwh)
    if last is not None:
        of = np.zeros(len(start), bool)
        of[list(last.values())] = True
        keep &= of
    if zero_is_missing:
        keep &= kwh != 0
    start, end, kwh, estimated = start[keep], end[keep], kwh[keep], estimated[keep]
    if not len(start):
        return daily(start[:0], end[:0], kwh[:0], estimated[:0], zone)
    first, final = _day(int(start.min()), zone), _day(int(end.max()) - 1, zone)
    days = np.arange(first, final + 1)
    edges = midnights(days[0], len(days) + 1, zone)
    use, seconds, guessed = (np.zeros(len(days)) for _ in range(3))
    lo = np.searchsorted(edges, start, side="right") - 1
    hi = np.searchsorted(edges, end, side="left") - 1
    within = lo == hi
    length = (end - start).astype(np.float64)
    for sums, values in ((use, kwh), (seconds, length), (guessed, length * estimated)):
        sums += np.bincount(lo[within], values[within], len(days))
    for i in np.flatnonzero(~within):  # bills, and half-hours over midnight that a wrong zone makes
        span = np.arange(lo[i], hi[i] + 1)
        part = np.minimum(end[i], edges[span + 1]) - np.maximum(start[i], edges[span])
        use[span] += kwh[i] * part / length[i]
        seconds[span] += part
        guessed[span] += part * estimated[i]
    whole = np.diff(edges).astype(np.float64)
    covered = seconds / whole
    known = np.where(covered > COVERED, use / np.maximum(covered, 1e-9), np.nan)
    full = np.where(np.abs(covered - 1) < 1e-9, use, known)
    return DailyUse(
        days, full, covered, np.divide(guessed, seconds, out=np.zeros(len(days)), where=seconds > 0)
    )


def _twice(start: Micros) -> bool:
    return len(np.unique(start)) < len(start)


def _day(at: int, zone: ZoneInfo) -> np.datetime64:
    return np.datetime64(datetime.fromtimestamp(at / 1_000_000, zone).date())


def midnights(first: np.datetime64, count: int, zone: ZoneInfo) -> Micros:
    """Midnights of the zone, microseconds since 1970, UTC: so many from that day on."""
    instants: list[int] = []
    for day in (first + np.arange(count)).astype("datetime64[D]").tolist():
        instants.append(round(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()) * 1_000_000)
    return np.array(instants, dtype=np.int64)


def moments(local: NDArray[np.datetime64], zone: ZoneInfo) -> Micros:
    """Local clock readings without an offset, in the order they were written, as microseconds UTC. In the hour that comes
    twice in autumn the second time a clock reading comes is the later one; one that spring skips is moved on.
    """
    instants: list[int] = []
    seen: set[datetime] = set()
    for at in local.astype("datetime64[us]").tolist():
        again = at in seen
        seen.add(at)
        instants.append(round(at.replace(tzinfo=zone, fold=1 if again else 0).timestamp() * 1_000_000))
    return np.array(instants, dtype=np.int64)


def day_grid(
    start: Micros, kwh: Array, zone: ZoneInfo, step_minutes: int = 30
) -> tuple[NDArray[np.datetime64], Array]:
    """Readings of a fixed step as local days by steps of the clock, NaN where none is; both readings of the hour that comes
    twice are averaged. Returns days and a grid of shape (days, steps).
    """
    slots = 24 * 60 // step_minutes
    if not len(start):
        return np.array([], dtype="datetime64[D]"), np.zeros((0, slots))
    first, last = _day(int(start.min()), zone), _day(int(start.max()), zone)
    days = np.arange(first, last + 1)
    edges = midnights(first, len(days) + 1, zone)
    row = np.searchsorted(edges, start, side="right") - 1
    shift = _offsets(edges, start, row, zone)
    slot = np.clip(((start + shift) // 60_000_000 % 1440) // step_minutes, 0, slots - 1)
    flat = row * slots + slot
    known = np.isfinite(kwh)
    count = np.bincount(flat[known], minlength=len(days) * slots)
    total = np.bincount(flat[known], kwh[known], len(days) * slots)
    grid = np.divide(total, count, out=np.full(len(total), np.nan), where=count > 0)
    return days, grid.reshape(len(days), slots)


def _offsets(edges: Micros, at: Micros, row: NDArray[np.int64], zone: ZoneInfo) -> Micros:
    """What local time adds to UTC at each moment: that of its midnight, or of the next once the clocks changed."""
    offset = np.array([_offset(int(e), zone) for e in edges], dtype=np.int64)
    out = offset[row]
    changes = offset[row + 1] != offset[row]
    for i in np.flatnonzero(changes):
        out[i] = _offset(int(at[i]), zone)
    return out


def _offset(at: int, zone: ZoneInfo) -> int:
    shift = datetime.fromtimestamp(at / 1_000_000, zone).utcoffset()
    return round(shift.total_seconds() * 1_000_000) if shift else 0
