"""The times of a row of an agenda: a list of them in one cell, or a start and an end; days and local times
are taken in the row's zone.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import cast

from parvis.methods.events.fields import Row, first, json_of
from parvis.methods.events.ical import EARLIEST, LATEST
from parvis.methods.events.zones import resolved, zone

OVERNIGHT = timedelta(hours=12)
"""An end before its start by no more than a day is taken for the next morning when it then lasts no longer
than this.
"""


def times_of(row: Row, floating: str) -> tuple[tuple[tuple[datetime, datetime], ...], tuple[str, ...]]:
    """The times of a row, and what is odd about them."""
    there = zone(_zone_name(row)) or zone(floating) or UTC
    pairs = _listed(first(row, "times"))
    if not pairs:
        start, end = first(row, "start"), first(row, "end")
        pairs = [(start, end)] if start is not None else []
    times: set[tuple[datetime, datetime]] = set()
    doubts: set[str] = set()
    for begins, ends in pairs:
        start, whole = _when(begins, there)
        if start is None:
            continue
        end, last = _when(ends, there)
        if end is None:
            doubts.add("no-end")
            end = _next_day(start, there) if whole else start
        elif last:
            end = _next_day(end, there)  # the last day is one of them
        if end < start:
            turned = end + timedelta(days=1)
            if start < turned <= start + OVERNIGHT:  # 21:30 to 00:00 "of the same day"
                doubts.add("past-midnight")
                end = turned
            else:
                doubts.add("ends-before")
                end = start
        times.add((start, end))
    return tuple(sorted(times)), tuple(sorted(doubts))


def _zone_name(row: Row) -> str:
    name = row.get("timezone") or row.get("location.timezone") or row.get("tzid")
    return resolved(str(name)) if name else ""


def _next_day(at: datetime, there: tzinfo) -> datetime:
    day = at.astimezone(there).date() + timedelta(days=1)
    return datetime.combine(day, time(), there).astimezone(UTC)


def _listed(value: object) -> list[tuple[object, object]]:
    """The pairs of a list of times: objects with begin and end, or text `a_b;c_d` or `a b;c d`."""
    if isinstance(value, str) and value[:1] in "[{":
        value = json_of(value)
    if isinstance(value, dict):
        value = [cast(object, value)]
    if isinstance(value, list):
        pairs: list[tuple[object, object]] = []
        for item in cast(list[object], value):
            part = json_of(item) if isinstance(item, str) and item[:1] == "{" else item
            if isinstance(part, dict):
                times = cast(Row, part)
                pairs.append((times.get("begin", times.get("start")), times.get("end")))
            elif isinstance(part, str):
                pairs += _listed(part)
        return pairs
    if isinstance(value, str):
        cut = [re.split(r"[_\s]", p.strip()) for p in value.split(";") if p.strip()]
        return [(p[0], p[1] if len(p) > 1 else None) for p in cut]
    return []


def _when(value: object, there: tzinfo) -> tuple[datetime | None, bool]:
    """An instant in UTC, and whether a day without an hour was said."""
    if isinstance(value, str):
        text = value.strip()
        try:
            value = date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
        except ValueError:
            return None, False
    if not isinstance(value, date) or not EARLIEST <= value.year <= LATEST:
        return None, False
    if not isinstance(value, datetime):
        return datetime.combine(value, time(), there).astimezone(UTC), True
    at = value
    return (at if at.tzinfo else at.replace(tzinfo=there)).astimezone(UTC), False
