"""On which days a flow is collected in a sector: the rule that the file states, what it says of public holidays, and
the days that it moves by name.

A rule is written in the grammar of opening hours of OpenStreetMap, as a French sentence, or as an RRULE of
iCalendar (RFC 5545, 3.3.10) that counts from the first day of the row. What the file says nothing of is not
guessed: a collection that falls on a public holiday is then to be checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

from parvis.core.text import fold
from parvis.methods.events import recurrence
from parvis.methods.events.recurrence import BadRule
from parvis.methods.events.values import Event, Time
from parvis.methods.hours import calendars, evaluation, french, reading
from parvis.methods.hours.evaluation import Local
from parvis.methods.hours.french_words import NotFrench
from parvis.methods.hours.reading import NotHours
from parvis.methods.hours.values import Hours

State = Literal["prévue", "déplacée", "à vérifier"]
Holiday = Literal["", "collecté", "supprimé", "veille", "lendemain", "semaine"]
"""What becomes of a collection on a public holiday: as usual, none, the day before, the day after; « semaine »: from
the holiday to Saturday each one is a day later. "": nobody says.
"""

_ONE, _WEEK = timedelta(1), timedelta(7)
_SATURDAY, _SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class Flow:
    """What is collected in a sector, and when. since, until: first and last day on which the rule holds; moved: a
    usual day to the day that takes its place, None where there is none; added: days beside the rule.
    """

    sector: str
    name: str
    rule: str
    holidays: Holiday = ""
    since: date | None = None
    until: date | None = None
    moved: Mapping[date, date | None] = field(default_factory=dict[date, "date | None"])
    added: tuple[date, ...] = ()
    departement: str = ""
    put_out: str = ""
    streets: frozenset[str] = frozenset()
    """Names of streets, folded; none where its area says where it is."""


@dataclass(frozen=True, slots=True)
class Collection:
    """One day on which bins are emptied. usual: the day of the rule; why: the holiday; over: when the lorry has passed at
    the latest, None where the rule has no hours.
    """

    day: date
    usual: date
    state: State
    why: str = ""
    over: time | None = None


@lru_cache(maxsize=1024)
def understood(rule: str) -> tuple[Hours, ...] | None:
    """The readings of a rule in hours: none for an RRULE, None when it is not understood."""
    if is_rrule(rule):
        return ()
    try:
        return (reading.read(rule),)
    except NotHours:
        pass
    try:
        sentence = french.read(rule)
        return None if sentence is None else tuple(reading.read(t) for t in (sentence.text, *sentence.others))
    except (NotFrench, NotHours):
        return None


def is_rrule(rule: str) -> bool:
    """Whether it is written as calendars do."""
    return rule.upper().lstrip().removeprefix("RRULE:").startswith("FREQ=")


def collections(flow: Flow, first: date, last: date) -> list[Collection] | None:
    """Those from first to last, in order; None when the rule is not understood. Of two on one day the surer stays."""
    usual = _usual(flow, first - _WEEK, last + _WEEK)
    if usual is None:
        return None
    public = {
        day: name
        for year in range(first.year - 1, last.year + 2)
        for day, name in calendars.french_public(year, flow.departement).items()
    }
    out: dict[date, Collection] = {}
    for each in [*usual, *(Collection(day, day, "prévue") for day in flow.added)]:
        moved = _moved(flow, each, public)
        if moved is None or not first <= moved.day <= last:
            continue
        other = out.get(moved.day)
        if other is None or (other.state == "à vérifier" and moved.state != "à vérifier"):
            out[moved.day] = moved
    return [out[day] for day in sorted(out)]


def _moved(flow: Flow, one: Collection, public: Mapping[date, str]) -> Collection | None:
    day = one.day
    if day in flow.moved:
        to = flow.moved[day]
        return None if to is None else Collection(to, day, _state(to, day), public.get(day, ""), one.over)
    if day in flow.added or flow.holidays == "collecté":
        return one
    if flow.holidays == "semaine":
        monday = day - timedelta(day.weekday())
        before = [h for h in (monday + timedelta(n) for n in range(day.weekday() + 1)) if h in public]
        if not before or day.weekday() == _SUNDAY:
            return one
        to = day + _ONE
        state: State = "à vérifier" if to in public else "déplacée"
        return Collection(to, day, state, public[before[-1]], one.over)
    if day not in public:
        return one
    why = public[day]
    if flow.holidays == "supprimé":
        return None
    if flow.holidays == "":
        return Collection(day, day, "à vérifier", why, one.over)
    step = _ONE if flow.holidays == "lendemain" else -_ONE
    to = day + step
    while to in public or to.weekday() == _SUNDAY:
        to += step
    return Collection(to, day, "déplacée", why, one.over)


def _state(day: date, usual: date) -> State:
    return "prévue" if day == usual else "déplacée"


def _usual(flow: Flow, first: date, last: date) -> list[Collection] | None:
    """The days of the rule alone; where its readings differ on a day, it is to be checked."""
    low, high = max(first, flow.since or first), min(last, flow.until or last)
    if is_rrule(flow.rule):
        return _by_calendar(flow, low, high)
    readings = understood(flow.rule)
    if not readings:
        return None
    where = Local(calendars.france(first.year - 1, last.year + 1, departement=flow.departement))
    by_day = [{c.day: c for c in _by_hours(hours, low, high, where)} for hours in readings]
    out: list[Collection] = []
    for day in sorted({day for one in by_day for day in one}):
        some = [one[day] for one in by_day if day in one]
        sure = len(some) == len(by_day) and all(c.state == "prévue" for c in some)
        out.append(Collection(day, day, "prévue" if sure else "à vérifier", "", some[0].over))
    return out


def _by_calendar(flow: Flow, first: date, last: date) -> list[Collection] | None:
    rule = flow.rule.strip()
    rule = rule[6:] if rule.upper().startswith("RRULE:") else rule
    try:
        if flow.since is None and recurrence.parts(rule).get("INTERVAL", "1") != "1":
            return None  # every other week: from which?
        event = Event("", Time(flow.since or first), _ONE, rules=(rule,))
        begin, end = (datetime.combine(d, time(), UTC) for d in (first, last + _ONE))
        times = recurrence.expand(event, begin, end, floating="UTC") if first <= last else []
    except (BadRule, OverflowError):
        return None
    # a calendar counts the first day as one of the rule even where it is none: here the rule alone counts
    return [Collection(t[0].date(), t[0].date(), "prévue") for t in times if _fits(rule, t[0].date())]


def _fits(rule: str, day: date) -> bool:
    names = recurrence.parts(rule).get("BYDAY", "")
    return not names or ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[day.weekday()] in {
        part[-2:] for part in names.split(",")
    }


def _by_hours(hours: Hours, first: date, last: date, where: Local) -> Iterator[Collection]:
    """The days on which a stretch begins: what goes on after midnight is of the day before."""
    tail = False
    day = first - _ONE
    while day <= last:
        begin = datetime.combine(day, time())
        parts = evaluation.intervals(hours, begin, begin + _ONE, where)
        own = [p for p in parts if not (tail and p.begin == begin and p.end < begin + _ONE)]
        if own and day >= first:
            end = own[-1].end
            over = None if end >= begin + _ONE else end.time()
            sure = all(p.state == "open" for p in own)
            yield Collection(day, day, "prévue" if sure else "à vérifier", "", over)
        tail = bool(parts) and parts[-1].end >= begin + _ONE
        day += _ONE


def exceptions(text: str) -> tuple[Mapping[date, date | None], tuple[date, ...]]:
    """Days moved and days added, of a cell such as « 2026-12-25>2026-12-26 2027-01-01> >2026-12-30 ». Raises ValueError.

    >>> exceptions("2026-12-25>2026-12-26 2027-01-01>")[0][date(2026, 12, 25)].isoformat()
    '2026-12-26'
    """
    moved: dict[date, date | None] = {}
    added: list[date] = []
    for part in text.replace(",", " ").replace("|", " ").split():
        usual, arrow, to = part.partition(">")
        if not arrow or not (usual or to):
            raise ValueError(part)
        if usual:
            moved[date.fromisoformat(usual)] = date.fromisoformat(to) if to else None
        else:
            added.append(date.fromisoformat(to))
    return moved, tuple(added)


def streets(text: str) -> frozenset[str]:
    """Names of a cell, folded: « rue du Moulin|place du Marché »."""
    return frozenset(name for part in text.split("|") if (name := fold(part).strip()))
