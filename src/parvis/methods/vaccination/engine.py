"""From a calendar and a person's doses to what is done and what is due. `web/static/vaccins.js` is this file
in another language: change both, or neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from parvis.methods.vaccination.dates import earlier, later
from parvis.methods.vaccination.rules import Calendar, Scheme, Series

State = Literal["done", "not_counted", "now", "late", "catch_up", "to_come", "closed", "look_up"]


@dataclass(frozen=True, slots=True)
class Dose:
    """A dose that was given. vaccine: a code of the calendar."""

    vaccine: str
    on: date


@dataclass(frozen=True, slots=True)
class Person:
    """What the calendar needs to know. term: the day on which a birth is expected, of a pregnancy."""

    born: date
    doses: tuple[Dose, ...] = ()
    risk: bool = False
    term: date | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a person's calendar.

    dose, of: which of how many; 0 where they are not counted. since: from when it may be given; by: late
    after that day; until: not given from that day on. on: the day of a dose that was given. why: of a dose
    that does not count, « age » or « gap ».
    """

    series: str
    dose: int
    of: int
    state: State
    since: date | None = None
    by: date | None = None
    until: date | None = None
    on: date | None = None
    why: str = ""


def plan(calendar: Calendar, person: Person, today: date) -> tuple[Item, ...]:
    """The lines of a person on a day, in the order of the calendar. Doses dated after today, and before
    birth, are left out.
    """
    given = tuple(sorted((d for d in person.doses if person.born <= d.on <= today), key=lambda d: d.on))
    return tuple(
        item
        for series in calendar.series
        if _concerns(series, person, today)
        for item in _lines(series, person, given, today)
    )


def _concerns(series: Series, person: Person, today: date) -> bool:
    if today < series.since or (series.until is not None and today > series.until):
        return False
    if (series.born_from is not None and person.born < series.born_from) or (
        series.born_until is not None and person.born > series.born_until
    ):
        return False
    return (series.need != "pregnant" or person.term is not None) and (series.need != "risk" or person.risk)


def _lines(series: Series, person: Person, given: tuple[Dose, ...], today: date) -> Iterator[Item]:
    begin = later(person.born, series.counts_from) if series.counts_from else person.born
    days = [d.on for d in given if d.vaccine in series.counts and d.on >= begin]
    if series.kind == "doses":
        return _doses(series, person.born, days, today)
    if series.kind == "ages":
        return _ages(series, person.born, days, today)
    if series.kind == "season":
        return _season(series, person.born, days, today)
    if series.kind == "birth":
        return _birth(series, person.born, days, today)
    return _pregnancy(series, person, days, today)


# --- a scheme of doses --------------------------------------------------------------------------------------


def _doses(series: Series, born: date, days: list[date], today: date) -> Iterator[Item]:
    scheme = _scheme(series, born, days, today)
    if scheme is None:
        return
    of = len(scheme.steps)
    counted: list[date] = []
    for day in days:
        if len(counted) == of:
            break
        step = scheme.steps[len(counted)]
        if step.min and day < later(born, step.min):
            yield Item(series.id, len(counted) + 1, of, "not_counted", on=day, why="age")
        elif step.gap and counted and day < later(counted[-1], step.gap):
            yield Item(series.id, len(counted) + 1, of, "not_counted", on=day, why="gap")
        else:
            counted.append(day)
            yield Item(series.id, len(counted), of, "done", on=day)
    before = counted[-1] if counted else None
    nothing = not days
    for number in range(len(counted) + 1, of + 1):
        step = scheme.steps[number - 1]
        soonest = later(born, step.min or scheme.start)
        if before is not None and step.gap:
            soonest = max(soonest, later(before, step.gap))
        advised = later(born, step.at) if step.at else soonest
        if before is not None and (step.wait or step.gap):
            advised = max(advised, later(before, step.wait or step.gap))
        advised = max(advised, soonest)
        until = later(born, step.until) if step.until else None
        by = later(born, step.by) if step.by else None
        if by is not None and by < advised:
            by = None
        first = number == len(counted) + 1
        if until is not None and (today >= until or advised >= until):
            if first and not (nothing and scheme.late):
                yield Item(series.id, number, of, "closed", until=until)
            return
        if first and nothing and series.ask_from and today >= later(born, series.ask_from):
            yield Item(series.id, number, of, "look_up", since=advised, until=until)
            return
        yield Item(
            series.id,
            number,
            of,
            _state(advised, by, today, late=scheme.late, first=first),
            since=advised,
            by=by,
            until=until,
        )
        before = max(advised, today)


def _state(advised: date, by: date | None, today: date, *, late: bool, first: bool) -> State:
    if today < advised or not first:
        return "to_come"
    if late:
        return "catch_up"
    return "late" if by is not None and today >= by else "now"


def _scheme(series: Series, born: date, days: list[date], today: date) -> Scheme | None:
    """That of the age at the first dose that may count; of today when there is none; the first when that age
    has not come yet.
    """
    earliest = later(born, series.schemes[0].start)
    start = next((day for day in days if day >= earliest), today)
    return next((s for s in series.schemes if not s.end or start < later(born, s.end)), None)


# --- boosters at fixed ages ---------------------------------------------------------------------------------


def _ages(series: Series, born: date, days: list[date], today: date) -> Iterator[Item]:
    """The last age that has come, when its booster is not done; and the next."""
    stops = [later(born, age) for age in series.ages]
    while series.every and stops[-1] <= today:
        stops.append(later(stops[-1], series.every))
    windows = [_back(stop, series.grace) for stop in stops]
    passed = [i for i, stop in enumerate(stops) if stop <= today]
    for i in passed:
        ends = windows[i + 1] if i + 1 < len(windows) else None
        done = [day for day in days if windows[i] <= day and (ends is None or day < ends)]
        if done:
            yield Item(series.id, i + 1, 0, "done", on=done[0])
        elif i == passed[-1]:
            if not days and series.ask_from and today >= later(born, series.ask_from):
                yield Item(series.id, i + 1, 0, "look_up", since=stops[i])
            else:
                yield Item(
                    series.id,
                    i + 1,
                    0,
                    "late" if today >= later(stops[i], "1y") else "now",
                    since=stops[i],
                    by=later(stops[i], "1y"),
                )
    after = len(passed)
    if after < len(stops):
        done = [day for day in days if windows[after] <= day]
        yield (
            Item(series.id, after + 1, 0, "done", on=done[0])
            if done
            else Item(series.id, after + 1, 0, "to_come", since=stops[after], by=later(stops[after], "1y"))
        )


def _back(day: date, years: str) -> date:
    """So many years before a day; of 29 February, the 1 March."""
    if not years:
        return day
    year = day.year - int(years.removesuffix("y"))
    return (
        date(year, 3, 1) if (day.month, day.day) == (2, 29) and year % 4 else date(year, day.month, day.day)
    )


# --- seasons ------------------------------------------------------------------------------------------------


def _open(season: tuple[str, str], year: int) -> tuple[date, date]:
    """First and last day of the season that begins in a year."""
    first = date.fromisoformat(f"{year}-{season[0]}")
    last = date.fromisoformat(f"{year}-{season[1]}")
    return first, last if last >= first else date.fromisoformat(f"{year + 1}-{season[1]}")


def _current(season: tuple[str, str], day: date) -> tuple[date, date]:
    """The season that a day is in, or the next one."""
    for year in (day.year - 1, day.year):
        first, last = _open(season, year)
        if day <= last:
            return first, last
    return _open(season, day.year + 1)


def _season(series: Series, born: date, days: list[date], today: date) -> Iterator[Item]:
    """One dose a season, for who is old enough before its end."""
    first, last = _current(series.season, today)
    if series.start and later(born, series.start) > last:
        return
    since = max(first, later(born, series.start)) if series.start else first
    done = [day for day in days if first <= day <= last]
    if done:
        yield Item(series.id, 0, 0, "done", on=done[-1])
        return
    yield Item(
        series.id, 0, 0, "now" if today >= since else "to_come", since=since, by=last + timedelta(days=1)
    )


def _birth(series: Series, born: date, days: list[date], today: date) -> Iterator[Item]:
    """One dose in the season in which a child is born, or in the first one of its life."""
    ends = later(born, series.end)
    first, last = _current(series.season, born)
    if days:
        yield Item(series.id, 0, 0, "done", on=days[0])
        return
    since = max(first, born)
    if today >= ends or since >= ends:
        return
    if today > last:
        yield Item(series.id, 0, 0, "closed", until=last + timedelta(days=1))
        return
    yield Item(
        series.id,
        0,
        0,
        "now" if today >= since else "to_come",
        since=since,
        until=min(ends, last + timedelta(days=1)),
    )


def _pregnancy(series: Series, person: Person, days: list[date], today: date) -> Iterator[Item]:
    """Between two distances from the term, and within the season when there is one."""
    if person.term is None:
        return
    since, until = (earlier(person.term, span) for span in series.before_term)
    if series.season[0]:
        first, last = _current(series.season, since)
        since, until = max(since, first), min(until, last + timedelta(days=1))
    if since >= until or today > person.term:
        return
    begun = earlier(person.term, "41w")
    done = [day for day in days if day >= begun]
    if done:
        yield Item(series.id, 0, 0, "done", on=done[0])
    elif today >= until:
        yield Item(series.id, 0, 0, "closed", until=until)
    else:
        yield Item(series.id, 0, 0, "now" if today >= since else "to_come", since=since, until=until)
