"""Bicycles counted, from the three tables of the national schema (sites, channels, counts): the last whole day of each
site, what is usual on such a day, and how that goes since a year.

A counter that is silent has no rows: a day counts when its periods cover it, on every channel of the site that was
there. Never is a missing hour taken for an hour without bicycles.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from parvis.core.arrow import arrow_table
from parvis.core.sentence import mark
from parvis.core.types import POINT
from parvis.services.cyclable.schemas import COUNTERS

PARIS = ZoneInfo("Europe/Paris")
WHOLE = 0.95
"""Part of a day that its periods cover, for it to be whole."""
STUCK_PERIODS, STUCK_COUNT = 8, 3
"""So many periods in a row with the same count, of so many bicycles at least, are no counts but a fault."""
USUAL_WEEKS, USUAL_DAYS = 8, 4
"""Weeks in which the same day of the week is looked for, and how many are needed."""
MONTH, YEAR, PAIRS = 28, 364, 14
"""Days that are compared, with those so many days before (the same days of the week); how many pairs are needed."""
LATE = timedelta(days=2)
"""A site that ends so long before the others is silent."""

COUNTS, PARTLY, STUCK, SILENT = mark("à jour"), mark("incomplet"), mark("figé"), mark("silencieux")


@dataclass(frozen=True, slots=True)
class Channel:
    """What one channel counted. days: count by whole day; first, last: days on which it was there; heard: end of its
    last period; stuck: it ends in a row of equal counts.
    """

    days: Mapping[date, int]
    first: date
    last: date
    heard: datetime
    stuck: bool


def counters(sites: pa.Table, channels: pa.Table, counts: pa.Table) -> pa.Table:
    """Each site where bicycles are counted, as `COUNTERS`."""
    bikes = {
        r["channel_id"]: r
        for r in channels.to_pylist()
        if "BIKE" in str(r.get("mobility_type") or "").split(",")
    }
    heard = _channels(counts, bikes)
    by_site = defaultdict[str, list[Channel]](list)
    for name, channel in heard.items():
        by_site[bikes[name]["site_id"]].append(channel)
    newest = max((c.heard for c in heard.values()), default=None)
    rows = [
        _row(r, by_site[r["site_id"]], newest)
        for r in sites.to_pylist()
        if newest is not None and r["site_id"] in by_site
    ]
    return arrow_table(COUNTERS, rows)


def _row(site: Mapping[str, Any], channels: Sequence[Channel], newest: datetime) -> dict[str, object]:
    days = whole_days(channels)
    day = max(days, default=None)
    usual = usual_on(days, day) if day else ()
    pairs = year_apart(days, day) if day else ()
    before = sum(then for _, then in pairs)
    return {
        "site": site["site_id"],
        "nom": site["site_name"],
        "etat": _state(channels, newest, day),
        "jour": day,
        "passages": days[day] if day else None,
        "habituel": round(sum(usual) / len(usual)) if len(usual) >= USUAL_DAYS else None,
        "habituel_bas": min(usual) if len(usual) >= USUAL_DAYS else None,
        "habituel_haut": max(usual) if len(usual) >= USUAL_DAYS else None,
        "evolution_pct": round(100 * (sum(now for now, _ in pairs) / before - 1), 1)
        if len(pairs) >= PAIRS and before
        else None,
        "jours_compares": len(pairs),
        "jours_connus": sum(d > day - timedelta(days=MONTH) for d in days) if day else 0,
        POINT: site.get(POINT),
    }


def _state(channels: Sequence[Channel], newest: datetime, day: date | None) -> str:
    if all(newest - c.heard > LATE for c in channels):
        return SILENT
    if any(c.stuck for c in channels):
        return STUCK
    behind = day is None or newest.astimezone(PARIS).date() - day > LATE
    return PARTLY if behind else COUNTS


def whole_days(channels: Sequence[Channel]) -> dict[date, int]:
    """Bicycles by day, of the days that every channel that was there counted whole."""
    every = {d for c in channels for d in c.days}
    there = {d: [c for c in channels if c.first <= d <= c.last] for d in every}
    return {d: sum(c.days[d] for c in of) for d, of in there.items() if of and all(d in c.days for c in of)}


def usual_on(days: Mapping[date, int], day: date) -> tuple[int, ...]:
    """What was counted on the same day of the week, in the weeks before."""
    before = (day - timedelta(weeks=w) for w in range(1, USUAL_WEEKS + 1))
    return tuple(days[d] for d in before if d in days)


def year_apart(days: Mapping[date, int], day: date) -> tuple[tuple[int, int], ...]:
    """(count, count a year before) of the last four weeks, of the days that are whole both times."""
    last = (day - timedelta(days=n) for n in range(MONTH))
    return tuple(
        (days[d], days[then]) for d in last if d in days and (then := d - timedelta(days=YEAR)) in days
    )


# --- from periods to days -----------------------------------------------------------------------------------


def _channels(counts: pa.Table, bikes: Mapping[str, Mapping[str, Any]]) -> dict[str, Channel]:
    wanted = pc.is_in(counts["channel_id"], pa.array(list(bikes), pa.string()))
    of = counts.filter(pc.and_(wanted, pc.is_valid(counts["start_datetime"])))
    if not of.num_rows:
        return {}
    once = of.group_by(["channel_id", "start_datetime"], use_threads=False).aggregate(
        [("count", "last"), ("end_datetime", "last")]
    )
    once = once.sort_by([("channel_id", "ascending"), ("start_datetime", "ascending")])
    begun = once["start_datetime"].cast(pa.timestamp("s", "UTC"))
    starts = begun.cast(pa.int64()).to_numpy()
    ends = (
        once["end_datetime_last"]
        .cast(pa.timestamp("s", "UTC"))
        .cast(pa.int64())
        .fill_null(pa.scalar(-1, pa.int64()))
        .to_numpy()
    )
    local = pc.local_timestamp(begun.cast(pa.timestamp("s", PARIS.key)))  # pyright: ignore[reportArgumentType, reportCallIssue]
    dates = local.cast(pa.date32()).cast(pa.int32()).to_numpy()
    number = once["count_last"].cast(pa.float64()).fill_null(pa.scalar(float("nan"), pa.float64())).to_numpy()
    names = [str(name) for name in once["channel_id"].to_pylist()]
    edges = [0, *(i for i in range(1, len(names)) if names[i] != names[i - 1]), len(names)]
    return {
        names[low]: _channel(
            starts[low:high], ends[low:high], dates[low:high], number[low:high], bikes[names[low]]
        )
        for low, high in pairwise(edges)
    }


def _channel(
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    dates: NDArray[np.int32],
    number: NDArray[np.float64],
    told: Mapping[str, Any],
) -> Channel:
    """One channel, its periods in order. starts, ends: seconds of UTC, -1 where the end is not said; dates: local days
    of the starts, since 1970.
    """
    after = np.append(starts[1:], np.iinfo(np.int64).max)
    step = int(told.get("time_step") or (np.median(np.diff(starts)) if len(starts) > 1 else 3600))
    until = np.minimum(np.where(ends > starts, ends, starts + step), after)
    stuck = equal_runs(number)
    good = ~np.isnan(number) & ~stuck
    each, begins = np.unique(dates, return_index=True)
    known = np.add.reduceat(np.where(good, until - starts, 0), begins)
    total = np.add.reduceat(np.where(good, number, 0.0), begins)
    known_days = ((_day(d), k, n) for d, k, n in zip(each, known, total, strict=True))
    days = {day: round(float(n)) for day, k, n in known_days if float(k) >= WHOLE * seconds_of(day)}
    first = _day(dates[0])
    begun, ended = told.get("started_at"), told.get("ended_at")
    return Channel(
        days,
        max(first, begun.astimezone(PARIS).date()) if begun else first,
        ended.astimezone(PARIS).date() if ended else date.max,
        datetime.fromtimestamp(int(until[-1]), UTC),
        bool(stuck[-1]),
    )


def equal_runs(number: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which counts stand in a row of equal ones that no traffic makes."""
    if not len(number):
        return np.zeros(0, np.bool_)
    change = np.flatnonzero(np.append(True, number[1:] != number[:-1]))
    lengths = np.diff(np.append(change, len(number)))
    return np.repeat((lengths >= STUCK_PERIODS) & (number[change] >= STUCK_COUNT), lengths)


def seconds_of(day: date) -> float:
    """How long a day is by the clock of Paris: 23 or 25 hours when it changes."""
    begin, end = (datetime.combine(d, time(), PARIS).astimezone(UTC) for d in (day, day + timedelta(days=1)))
    return (end - begin).total_seconds()


def _day(since_1970: np.int32) -> date:
    return date(1970, 1, 1) + timedelta(days=int(since_1970))
