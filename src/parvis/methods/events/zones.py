"""Time zones as calendars name them: IANA names, names of Windows, paths that end with one, and definitions
written in the file itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar import Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

PARIS = "Europe/Paris"
_FRENCH = (
    PARIS, "America/Guadeloupe", "America/Martinique", "America/Cayenne", "Indian/Reunion", "Indian/Mayotte", "America/Miquelon", "America/St_Barthelemy",
    "America/Marigot", "Pacific/Noumea", "Pacific/Tahiti", "Pacific/Wallis", "Pacific/Marquesas", "Pacific/Gambier", "Indian/Kerguelen", "UTC",
)  # fmt: skip
"""Tried first: where French calendars are kept."""
_YEARS = range(2020, 2031)
"""Definitions are compared over these."""


@lru_cache(maxsize=512)
def zone(name: str) -> tzinfo | None:
    """The zone of a name as `resolved` gives it: IANA, or a fixed offset as `UTC+01:00`; None for ""
    (floating) and for what nobody knows.
    """
    if not name:
        return None
    if name.startswith("UTC") and name[3:4] in ("+", "-"):
        hours, _, minutes = name[4:].partition(":")
        if not (hours.isdecimal() and minutes.isdecimal() and int(hours) < 24):
            return None
        shift = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(shift if name[3] == "+" else -shift)
    return ZoneInfo(name) if name in _known() else None


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(available_timezones())


def resolved(tzid: str, definition: str = "") -> str:
    """What a TZID of a file means: an IANA name, else a fixed offset, else "" when nothing is known of it.

    definition: the VTIMEZONE of that id as text, "" when the file has none.
    >>> resolved("Romance Standard Time"), resolved("/example.org/20070129_1/Europe/Paris"), resolved("Heure de la mairie")
    ('Europe/Paris', 'Europe/Paris', '')
    """
    for name in (tzid, tzid.strip('"').strip("/"), WINDOWS_TO_OLSON.get(tzid, "")):
        if name in _known() or (name.startswith("UTC") and zone(name) is not None):
            return name
    parts = tzid.strip("/").split("/")
    for start in range(1, len(parts)):
        if (name := "/".join(parts[start:])) in _known():
            return name
    return _alike(definition) if definition else ""


def _alike(definition: str) -> str:
    """The zone that keeps the same hours as a definition; a fixed offset when its hour never changes; "" when
    nothing does.
    """
    try:
        read = Timezone.from_ical(definition)
        if not isinstance(read, Timezone):
            return ""
        definition_zone = read.to_tz(lookup_tzid=False)
        offsets = tuple(definition_zone.utcoffset(m) for m in _moments())
    except (
        ValueError,
        KeyError,
        AttributeError,
        IndexError,
        TypeError,
        OverflowError,
    ):  # what the library raises on definitions that make no sense
        return ""
    first = offsets[0]
    steady = all(o == first for o in offsets)
    for name in _FRENCH if steady else (*_FRENCH, *sorted(_known())):
        if _offsets(name) == offsets:
            return name
    if first is None or not steady:
        return ""
    minutes = int(first.total_seconds()) // 60
    return f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _moments() -> Iterable[datetime]:
    """Local middays, one a week: zones that differ by a week of summer time differ here."""
    return (datetime(year, 1, 1, 12) + timedelta(days=7 * week) for year in _YEARS for week in range(52))  # noqa: DTZ001


@lru_cache(maxsize=1024)
def _offsets(name: str) -> tuple[timedelta | None, ...]:
    there = ZoneInfo(name)
    return tuple(m.replace(tzinfo=there).utcoffset() for m in _moments())


def moment(local: datetime, name: str, default: str = PARIS) -> datetime:
    """A local time as an instant in UTC.

    A time that summer time skips is read with the offset before the change, one that comes twice is the first (RFC 5545, 3.3.5).

    local: without a zone; name: "" for a floating time, which is read in `default`.
    >>> moment(datetime(2026, 3, 29, 2, 30), "Europe/Paris").isoformat()
    '2026-03-29T01:30:00+00:00'
    """
    where = zone(name) or zone(default) or UTC
    return local.replace(tzinfo=where, fold=0).astimezone(UTC)
