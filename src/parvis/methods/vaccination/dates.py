"""Ages and intervals as the calendar writes them: « 2m », « 6w », « 16y », counted on civil dates."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

_PART = re.compile(r"(\d+)([dwmy])")


def later(day: date, span: str) -> date:
    """The day that lies a span after another: years and months first, then weeks and days. A day that its month does not have is the first of the next one.

    So nothing is ever due too early. Raises ValueError when the span is not written as above.
    >>> later(date(2026, 1, 31), "1m").isoformat(), later(date(2024, 2, 29), "1y").isoformat(), later(date(2026, 1, 15), "2m1w").isoformat()
    ('2026-03-01', '2025-03-01', '2026-03-22')
    """
    months, days = _counted(span)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    length = monthrange(year, month + 1)[1]
    at = (
        date(year, month + 1, day.day)
        if day.day <= length
        else date(year, month + 1, length) + timedelta(days=1)
    )
    return at + timedelta(days=days)


def earlier(day: date, span: str) -> date:
    """The day that lies a span of weeks and days before another. Raises ValueError when there are months or
    years in it.
    """
    months, days = _counted(span)
    if months:
        raise ValueError(f"{span!r}: weeks and days only")
    return day - timedelta(days=days)


def _counted(span: str) -> tuple[int, int]:
    """Months and days of an ISO span. Raises ValueError for what is none."""
    if not span or _PART.sub("", span):
        raise ValueError(f"{span!r} is no span of time")
    months = days = 0
    for number, unit in _PART.findall(span):
        months += int(number) * {"y": 12, "m": 1}.get(unit, 0)
        days += int(number) * {"w": 7, "d": 1}.get(unit, 0)
    return months, days
