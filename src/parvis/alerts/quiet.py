"""Quiet hours: when a message may reach somebody."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

_SPAN = re.compile(r"([01]?[0-9]|2[0-3])-([01]?[0-9]|2[0-3])")


def valid(quiet: str) -> bool:
    """Whether a text is « 22-7 », from one hour to another, or "" for none.

    >>> [valid(q) for q in ("22-7", "", "0-6", "7-7", "24-6", "22h-7h")]
    [True, True, True, False, False, False]
    """
    match = _SPAN.fullmatch(quiet)
    return quiet == "" or (match is not None and int(match[1]) != int(match[2]))


def due(now: datetime, quiet: str, zone: tzinfo) -> datetime:
    """When a message of now may go: at once, or at the end of the quiet hours, in the city's time.

    >>> from zoneinfo import ZoneInfo
    >>> due(datetime.fromisoformat("2026-01-10T23:30+01:00"), "22-7", ZoneInfo("Europe/Paris")).isoformat()
    '2026-01-11T07:00:00+01:00'
    """
    match = _SPAN.fullmatch(quiet)
    if match is None:
        return now
    start, end = int(match[1]), int(match[2])
    local = now.astimezone(zone)
    if not (start <= local.hour < end if start < end else local.hour >= start or local.hour < end):
        return now
    day = local.date() + timedelta(days=1) if start > end and local.hour >= start else local.date()
    # Through UTC: an hour that a night of March leaves out is the one after it.
    return datetime(day.year, day.month, day.day, end, tzinfo=zone).astimezone(UTC).astimezone(zone)
