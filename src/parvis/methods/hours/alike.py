"""Whether two lists of rules say the same: by their answers over a year, each minute of it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from parvis.methods.hours.calendars import Holidays
from parvis.methods.hours.evaluation import Local, intervals
from parvis.methods.hours.values import Hours, Rule, Selector, Weekdays, Weeks

_ONE = timedelta(days=1)
_YEAR = tuple(date(2027, 1, 1) + n * _ONE for n in range(365))
_SCHOOL = frozenset(
    d
    for d in _YEAR
    if d.month in (7, 8) or (d.month, d.day) < (1, 4) or date(2027, 2, 13) <= d <= date(2027, 2, 28)
)
_FEASTS = frozenset(
    date(2027, *at)
    for at in ((1, 1), (3, 29), (5, 1), (5, 6), (5, 17), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
)
_HERE = Local(
    Holidays(
        public=dict.fromkeys(_FEASTS, "PH"),
        school=dict.fromkeys(_SCHOOL, "SH"),
        public_since=_YEAR[0] - _ONE,
        public_until=_YEAR[-1] + _ONE,
        school_since=_YEAR[0] - _ONE,
        school_until=_YEAR[-1] + _ONE,
    )
)
_DAYS = tuple(
    d for d in _YEAR if d.day in (1, 2, 15, 16, 28, 31) or d in _FEASTS or d.day <= 7 + 7 * (d.month % 4 == 1)
)
"""A week of each month and a fortnight of some, both sides of where seasons are wont to change, and the feasts."""


def alike(one: tuple[Rule, ...], other: tuple[Rule, ...]) -> bool:
    """The same answers on the days of a year.

    >>> from parvis.methods.hours.reading import read
    >>> alike(read("Mo,Tu,We 09:00-12:00").rules, read("We 09:00-12:00; Mo-Tu 09:00-12:00").rules)
    True
    """
    if one == other:
        return True
    first, second = Hours("", one), Hours("", other)
    rare = any(_some_weeks(selector) for rule in (*one, *other) for group in rule.dates for selector in group)
    for day in _YEAR if rare else _DAYS:
        begin = datetime.combine(day, time.min)
        if _states(first, begin) != _states(second, begin):
            return False
    return True


def _some_weeks(selector: Selector) -> bool:
    """Weeks by their number, or some of a month: a week of each month does not show them all."""
    return isinstance(selector, Weeks) or (isinstance(selector, Weekdays) and bool(selector.nth))


def plain_week(rules: tuple[Rule, ...]) -> list[tuple[tuple[int, int], ...]]:
    """The hours of each weekday in a week of June without a feast, in minutes of the day: open, or open by appointment.

    >>> from parvis.methods.hours.reading import read
    >>> plain_week(read("Mo 09:00-12:00; Tu off").rules)[:2]
    [((540, 720),), ()]
    """
    hours = Hours("", rules)
    monday = datetime.combine(date(2027, 6, 7), time.min)
    return [
        tuple(
            (int((a - day).total_seconds() // 60), int((b - day).total_seconds() // 60))
            for a, b, _ in _states(hours, day)
        )
        for day in (monday + n * _ONE for n in range(7))
    ]


def _states(hours: Hours, begin: datetime) -> list[tuple[datetime, datetime, str]]:
    """The stretches of a day, those that meet in one."""
    out: list[tuple[datetime, datetime, str]] = []
    for one in intervals(hours, begin, begin + _ONE, _HERE):
        if out and out[-1][1] >= one.begin and out[-1][2] == one.state:
            out[-1] = (out[-1][0], max(out[-1][1], one.end), one.state)
        else:
            out.append((one.begin, one.end, one.state))
    return out
