"""Date literals and `now()`: a literal is an interval of its own granularity."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

_ISO = re.compile(
    r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2})(?:[T ](\d{1,2})(?::(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?)?)?",
    re.ASCII | re.IGNORECASE,
)
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001


@dataclass(frozen=True, slots=True)
class Interval:
    """[low, high), as wall clock without zone, and as instants in UTC. day: whether both bounds are
    midnights. low == high: one instant (`now()`).
    """

    low: datetime
    high: datetime
    low_utc: datetime
    high_utc: datetime

    @property
    def whole_days(self) -> bool:
        return self.low.time() == self.high.time() == datetime.min.time() and self.low < self.high


@lru_cache(maxsize=1)
def known_zones() -> frozenset[str]:
    """Names that both Python and the engine know."""
    return frozenset(zoneinfo.available_timezones() - {"localtime", "Factory", "posixrules"})


def interval(text: str, zone: str) -> Interval | None:
    """Read `2024`, `2024-07`, `2024/07/01`, `2024-07-01T12`, …`:30`, …`:15.5Z`; None when it is none of
    these. zone: of a literal that names none.
    """
    match = _ISO.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    try:
        low = datetime(  # noqa: DTZ001
            int(year),
            int(month or 1),
            int(day or 1),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            int((fraction or "")[:6].ljust(6, "0")),
        )
        high = _after(low, (month, day, hour, minute, second, fraction))
        if offset is None:
            return Interval(low, high, utc(low, zone), utc(high, zone))
        shift = _offset(offset)
        return Interval(
            low, high, low.replace(tzinfo=shift).astimezone(UTC), high.replace(tzinfo=shift).astimezone(UTC)
        )
    except (ValueError, OverflowError):
        return None


def instant(moment: datetime, zone: str) -> Interval:
    """One instant."""
    wall = moment.astimezone(zoneinfo.ZoneInfo(zone)).replace(tzinfo=None)
    return Interval(wall, wall, moment.astimezone(UTC), moment.astimezone(UTC))


def utc(wall: datetime, zone: str) -> datetime:
    """The instant of a wall clock in a zone. Raises OverflowError at the ends of time."""
    return wall.replace(tzinfo=zoneinfo.ZoneInfo(zone)).astimezone(UTC)


def _offset(text: str) -> timezone:
    if text in "zZ":
        return UTC
    digits = text[1:].replace(":", "")
    shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-shift if text[0] == "-" else shift)


def _after(low: datetime, parts: Sequence[str | None]) -> datetime:
    """The end of the interval that begins at `low`, by what was said of it: month, day, hour, minute, second,
    fraction.
    """
    month, day, hour, minute, second, fraction = parts
    if month is None:
        return low.replace(year=low.year + 1)
    if day is None:
        return low.replace(year=low.year + low.month // 12, month=low.month % 12 + 1)
    if hour is None:
        return low + timedelta(days=1)
    if minute is None:
        return low + timedelta(hours=1)
    if second is None:
        return low + timedelta(minutes=1)
    if fraction is None:
        return low + timedelta(seconds=1)
    return low + timedelta(microseconds=10 ** max(0, 6 - len(fraction)))


WEEKDAYS = ("mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays")
_PLURALS = ("years", "months", "weeks", "days", "hours", "minutes", "seconds", "microseconds")
_SINGULARS: dict[str, Callable[[datetime, int], datetime]] = {
    "year": lambda d, v: _clipped(d, v, d.month),
    "month": lambda d, v: _clipped(d, d.year, v),
    "day": lambda d, v: d.replace(day=min(v, _days_in(d.year, d.month)) if v > 0 else v),
    "hour": lambda d, v: d.replace(hour=v),
    "minute": lambda d, v: d.replace(minute=v),
    "second": lambda d, v: d.replace(second=v),
    "microsecond": lambda d, v: d.replace(microsecond=v),
}
NOW_SETTINGS = (*_SINGULARS, "weekday", *_PLURALS, *WEEKDAYS)


def now(moment: datetime, zone: str, settings: Sequence[tuple[str, int]]) -> datetime:
    """`now(year=2001, months=-1)`: apply the settings from left to right to the wall clock of `zone`; the
    last of two equal names wins.

    Raises ValueError for a value out of range and OverflowError past the ends of time.
    """
    wall = moment.astimezone(zoneinfo.ZoneInfo(zone)).replace(tzinfo=None)
    for name, value in dict(settings).items():
        wall = _set(wall, name, value)
    return utc(wall, zone)


def _set(wall: datetime, name: str, value: int) -> datetime:
    if name in _SINGULARS:
        return _SINGULARS[name](wall, value)
    if name == "weekday":
        if not 0 <= value <= 6:
            raise ValueError("weekday")
        return wall + timedelta(days=(value - wall.weekday()) % 7)
    if name in WEEKDAYS:
        return _nth(wall, WEEKDAYS.index(name), value)
    if name == "years":
        return _clipped(wall, wall.year + value, wall.month)
    if name == "months":
        months = wall.year * 12 + wall.month - 1 + value
        return _clipped(wall, months // 12, months % 12 + 1)
    return wall + timedelta(**{name: value})


def _nth(wall: datetime, weekday: int, count: int) -> datetime:
    """The count-th such day at or after (count > 0), at or before (count < 0)."""
    if count == 0:
        raise ValueError("count")
    if count > 0:
        return wall + timedelta(days=(weekday - wall.weekday()) % 7 + 7 * (count - 1))
    return wall - timedelta(days=(wall.weekday() - weekday) % 7 + 7 * (-count - 1))


def _clipped(wall: datetime, year: int, month: int) -> datetime:
    if not 1 <= month <= 12:
        raise ValueError("month")
    return wall.replace(year=year, month=month, day=min(wall.day, _days_in(year, month)))


def _days_in(year: int, month: int) -> int:
    return (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
