"""Whether a place is open: at a moment, until when, and over a stretch of time.

The rules are those of the specification, as its reference program reads them: a later rule that opens takes
the whole day from the earlier ones, « , » adds, « || » speaks only where nothing else did, a rule that closes
takes its own times only; what runs past midnight belongs to the day on which it began, and a day that is
overridden receives nothing from the night before.
"""

from __future__ import annotations

import calendar as months
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from parvis.methods.hours import calendars, sun
from parvis.methods.hours.calendars import Holidays
from parvis.methods.hours.sun import Sun
from parvis.methods.hours.values import (
    DAY,
    Clock,
    Dates,
    Holiday,
    Hours,
    Moment,
    Months,
    Rule,
    Selector,
    Span,
    State,
    Weekdays,
    Weeks,
    Years,
)

OPEN_END = "heure de fermeture non dite"
NOT_KNOWN = "calendrier des jours fériés ou des vacances inconnu à cette date"
SEVERAL = "les horaires se lisent de plusieurs façons"
HORIZON_DAYS = 400
"""How far ahead the next change is looked for: a season and a year."""

_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Local:
    """What the hours of a place depend on beside their text."""

    holidays: Holidays = calendars.NONE
    sun: Sun | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of local time in one state, end excluded."""

    begin: datetime
    end: datetime
    state: State
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """The state at a moment, and when it changes next; None: not within the horizon."""

    state: State
    comment: str | None
    until: datetime | None
    then: State | None


def intervals(hours: Hours, begin: datetime, end: datetime, where: Local) -> list[Interval]:
    """The stretches from begin to end (local, naive) in which the place is open or may be, in order; closed
    ones are left out.
    """
    return [i for i in _stretches(hours, begin, end, where) if i.state != "closed"]


def state(hours: Hours, at: datetime, where: Local) -> tuple[State, str | None]:
    """Open, closed or unknown at a moment (local, naive), and the comment that goes with it."""
    minute = at.hour * 60 + at.minute
    for _, to, found, comment in _day(hours, at.date(), where):
        if minute < to:
            return found, comment
    raise AssertionError("a day has 1,440 minutes")


def status(hours: Hours, at: datetime, where: Local) -> Status:
    """The state at a moment, and the first later moment at which it is another: open, closed or unknown (a
    comment that changes is no change).
    """
    now, comment = state(hours, at, where)
    if all(not rule.dates and not rule.times for rules in (hours.rules, *hours.others) for rule in rules):
        return Status(now, comment, None, None)
    for found in _stretches(hours, at, at + timedelta(days=HORIZON_DAYS), where):
        if found.state != now:
            return Status(now, comment, found.begin, found.state)
    return Status(now, comment, None, None)


def next_open(hours: Hours, at: datetime, where: Local) -> datetime | None:
    """The first moment from now on at which the place is surely open; None when it is not within the horizon."""
    for found in _stretches(hours, at, at + timedelta(days=HORIZON_DAYS), where):
        if found.state == "open":
            return found.begin
    return None


def _stretches(hours: Hours, begin: datetime, end: datetime, where: Local) -> Iterator[Interval]:
    """Every stretch, closed ones too, neighbours alike joined."""
    current: Interval | None = None
    day = begin.date()
    while (midnight := datetime.combine(day, time.min)) < end:
        for start, to, found, comment in _day(hours, day, where):
            first, last = (
                max(midnight + timedelta(minutes=start), begin),
                min(midnight + timedelta(minutes=to), end),
            )
            if first >= last:
                continue
            if current is not None and (current.state, current.comment) == (found, comment):
                current = Interval(current.begin, last, found, comment)
                continue
            if current is not None:
                yield current
            current = Interval(first, last, found, comment)
        day += _ONE
    if current is not None:
        yield current


_Piece = tuple[int, int, State, str | None]


def _day(hours: Hours, day: date, where: Local) -> list[_Piece]:
    """The pieces of one day, from minute 0 to 1,440; unknown where the readings of the text do not agree."""
    out = _day_of(hours.rules, day, where)
    for rules in hours.others:
        out = _where_sure(out, _day_of(rules, day, where), SEVERAL)
    return out


def _day_of(rules: tuple[Rule, ...], day: date, where: Local) -> list[_Piece]:
    """By one reading; unknown where it depends on what the calendar does not know."""
    matches = [
        (_holds(rule, day, where), _holds(rule, day - _ONE, where) if rule.times else (False, None))
        for rule in rules
    ]
    if not any(m is None for pair in matches for m, _ in pair):
        return _pieces(rules, day, where, [(bool(a), n, bool(b), o) for (a, n), (b, o) in matches])
    ways = [
        _pieces(
            rules,
            day,
            where,
            [
                (a is True or (a is None and guess), n, b is True or (b is None and guess), o)
                for (a, n), (b, o) in matches
            ],
        )
        for guess in (False, True)
    ]
    return _where_sure(ways[0], ways[1], NOT_KNOWN)


def _where_sure(one: list[_Piece], other: list[_Piece], why: str) -> list[_Piece]:
    """What both agree on; unknown, and why, where they do not."""
    out: list[_Piece] = []
    i = j = at = 0
    while at < DAY:
        (_, to, state_one, said), (_, until, state_other, _) = one[i], other[j]
        end = min(to, until)
        out.append((at, end, state_one, said) if state_one == state_other else (at, end, "unknown", why))
        i, j, at = i + (to == end), j + (until == end), end
    return out


def _pieces(
    rules: tuple[Rule, ...],
    day: date,
    where: Local,
    matches: Sequence[tuple[bool, str | None, bool, str | None]],
) -> list[_Piece]:
    layers: list[tuple[Rule, str | None, list[tuple[int, int, bool]] | None]] = []
    for number, (rule, (today, name, before, name_before)) in enumerate(zip(rules, matches, strict=True)):
        if today:
            own = bool(rule.dates) or (number > 0 and rule.state == "open" and not rules[number - 1].dates)
            if own and rule.state != "closed" and rule.joint == "normal":
                layers.clear()
            layers.append((rule, name, _spans(rule, day, where) if rule.times else None))
        if before:
            night = [(a - DAY, b - DAY, tail) for a, b, tail in _spans(rule, day - _ONE, where) if b > DAY]
            if night:
                layers.append((rule, name_before, night))
    cuts = {0, DAY}
    for _, _, spans in layers:
        if spans is not None:
            for a, b, _ in spans:
                cuts.update((min(max(a, 0), DAY), min(max(b, 0), DAY)))
    edges = sorted(cuts)
    out: list[_Piece] = []
    for a, b in itertools.pairwise(edges):
        found, comment = _at(layers, a)
        if out and out[-1][2:] == (found, comment):
            out[-1] = (out[-1][0], b, found, comment)
        else:
            out.append((a, b, found, comment))
    return out


def _at(
    layers: Sequence[tuple[Rule, str | None, list[tuple[int, int, bool]] | None]], minute: int
) -> tuple[State, str | None]:
    state: State = "closed"
    comment: str | None = None
    for rule, name, spans in layers:
        if rule.joint == "fallback" and state != "closed":
            continue
        tail = False
        if spans is not None:
            inside = [t for a, b, t in spans if a <= minute < b]
            if not inside:
                continue
            tail = inside[-1]  # of two at once, the one listed later counts
        state, comment = rule.state, rule.comment if rule.comment is not None else name
        if tail and state != "closed":
            state, comment = "unknown", comment if comment is not None else OPEN_END
    return state, comment


def _spans(rule: Rule, day: date, where: Local) -> list[tuple[int, int, bool]]:
    """(from, to, guessed end) in minutes of the day, as listed; past 1,440 in the night after. A guessed end
    is over when a span listed later begins.
    """
    out: list[tuple[int, int, bool]] = []
    for span in rule.times:
        out += _span(span, day, where)
    ended = [
        (a, min([b, *(s for s, _, _ in out[i + 1 :] if s > a)]) if tail else b, tail)
        for i, (a, b, tail) in enumerate(out)
    ]
    return [(a, b, tail) for a, b, tail in ended if b > a]


def _span(span: Span, day: date, where: Local) -> list[tuple[int, int, bool]]:
    start = _minutes(span.start, day, where)
    if start is None:
        return []
    if span.end is None:
        return [(start, _guess(_plain(span.start)), True)] if span.open_end else [(start, start + 1, False)]
    # Which comes first is that of the plain times: « sunrise-08:00 » is no night on a day when the sun rises
    # at 08:30, and then it is nothing.
    overnight = span.end == span.start or _plain(span.end) < _plain(span.start)
    end = _minutes(span.end, day, where)
    if end is None:
        return []
    if overnight and end <= start:
        later = _minutes(span.end, day + _ONE, where) if span.end.event else end
        end = (end if later is None else later) + DAY
    if span.every is not None:
        return [(at, at + 1, False) for at in range(start, end + 1, span.every)]
    if span.open_end:
        return [
            (start, end, False),
            (end, _guess(_plain(span.end) + (DAY if overnight and span.end.minutes < DAY else 0)), True),
        ]
    return [(start, end, False)]


def _guess(last: int) -> int:
    """Until when an open end that begins at a minute is taken to last: ten hours from the evening on, eight
    from late evening on, else the end of the day.
    """
    if last >= 22 * 60:
        return last + 8 * 60
    return last + 10 * 60 if last >= 17 * 60 else DAY


def _plain(clock: Clock) -> int:
    """Minutes since midnight, those of events as they stand for where no place is known."""
    return clock.minutes + (sun.PLAIN[clock.event] if clock.event else 0)


def _minutes(clock: Clock, day: date, where: Local) -> int | None:
    if clock.event is None:
        return clock.minutes
    base = sun.PLAIN[clock.event] if where.sun is None else where.sun.minutes(clock.event, day)
    return None if base is None else base + clock.minutes


def _holds(rule: Rule, day: date, where: Local) -> tuple[bool | None, str | None]:
    """Whether the days of a rule hold (None: the calendar does not know), and the name of the holiday by
    which they do.
    """
    sure, name = True, None
    for group in rule.dates:
        any_true, any_unknown, plainly, called = False, False, False, None
        for selector in group:
            if isinstance(selector, Holiday):
                said = where.holidays.name(
                    selector.kind, day - timedelta(days=selector.shift) if selector.shift else day
                )
                any_unknown |= said is None
                if said:
                    any_true = True
                    called = (
                        said
                        if not selector.shift
                        else f"{'Veille' if selector.shift < 0 else 'Lendemain'} : {said}"
                    )
            elif _on(selector, day):
                any_true = plainly = True
        if not any_true:
            if not any_unknown:
                return False, None
            sure = False
        if (
            called and not plainly
        ):  # « Mo-Su,PH » holds on a holiday as on any day: its name is not the reason
            name = called
    return (True if sure else None), name


def _on(selector: Selector, day: date) -> bool:
    match selector:
        case Weekdays(first, last, nth, shift):
            base = day - timedelta(days=shift) if shift else day
            number = base.weekday()
            if not (first <= number <= last if first <= last else number >= first or number <= last):
                return False
            if not nth:
                return True
            from_end = -((months.monthrange(base.year, base.month)[1] - base.day) // 7 + 1)
            return (base.day - 1) // 7 + 1 in nth or from_end in nth
        case Months(first, last, year):
            if first <= last:
                return first <= day.month <= last and (year is None or day.year == year)
            return (day.month >= first and (year is None or day.year == year)) or (
                day.month <= last and (year is None or day.year == year + 1)
            )
        case Years(first, last, every):
            return (
                first <= day.year and (last is None or day.year <= last) and (day.year - first) % every == 0
            )
        case Weeks(first, last, every):
            week = day.isocalendar()[1]
            return first <= week <= last and (week - first) % every == 0
        case Dates():
            return _within(selector, day)
        case Holiday():
            raise TypeError("holidays are looked up in the calendar")


def _within(dates: Dates, day: date) -> bool:
    if not (dates.first.month and dates.last.month) and dates.first != dates.last:
        return _around_easter(dates, day)
    years = (dates.first.year,) if dates.first.year is not None else (day.year - 1, day.year, day.year + 1)
    for year in years:
        start = _resolve(dates.first, year, up=True, alone=dates.first == dates.last)
        if start is None:
            continue
        if dates.endless:
            if day >= start and (dates.first.year is not None or day.year == year):
                return True
            continue
        end_year = dates.last.year if dates.last.year is not None else year
        end = _resolve(dates.last, end_year, up=False, alone=dates.first == dates.last)
        if end is not None and end < start and dates.last.year in (None, dates.first.year):
            end = _resolve(dates.last, end_year + 1, up=False, alone=False)
        if end is not None and start <= day <= end and (day - start).days % dates.every == 0:
            return True
    return False


def _around_easter(dates: Dates, day: date) -> bool:
    """A range that begins or ends with Easter is taken within one year; one that ends with it ends before it,
    as the reference program has it.
    """
    if dates.first.year is not None and dates.last.year is not None and dates.last.year > dates.first.year:
        years = (dates.first.year, dates.last.year)
    elif dates.first.year is not None and day.year != dates.first.year:
        return False
    else:
        years = (day.year, day.year)
    start, end = (
        _resolve(dates.first, years[0], up=True, alone=False),
        _resolve(dates.last, years[1], up=False, alone=False),
    )
    if start is None or end is None:
        return False
    if dates.last.month:
        end += _ONE
    return start <= day < end if start <= end else day >= start or day < end


def _resolve(moment: Moment, year: int, *, up: bool, alone: bool) -> date | None:
    """The day that a moment is in a year. 29 February of a common year: none when it stands alone, else its
    neighbour within the range.
    """
    if not moment.month:
        base = calendars.easter(year)
    elif moment.weekday is not None:
        length = months.monthrange(year, moment.month)[1]
        if moment.nth > 0:
            first = date(year, moment.month, 1)
            base = first + timedelta(days=(moment.weekday - first.weekday()) % 7 + 7 * (moment.nth - 1))
        else:
            last = date(year, moment.month, length)
            base = last - timedelta(days=(last.weekday() - moment.weekday) % 7 + 7 * (-moment.nth - 1))
        if base.month != moment.month:
            return None
    elif (moment.month, moment.day) == (2, 29) and not months.isleap(year):
        if alone:
            return None
        base = date(year, 3, 1) if up else date(year, 2, 28)
    else:
        base = date(year, moment.month, moment.day)
    if moment.toward is not None:
        base += timedelta(
            days=-((base.weekday() - moment.toward) % 7)
            if moment.back
            else (moment.toward - base.weekday()) % 7
        )
    return base + timedelta(days=moment.shift)
