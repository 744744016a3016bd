"""The opening hours of a place as people say them: the days that come, their public holidays, school holidays and
announced closings in them, never the grammar that they are written in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import reduce
from itertools import groupby

from parvis.core.types import Column
from parvis.services import open_places
from parvis.services.answers import Asked, Rows
from parvis.services.open_places import MAYBE, OpenPlace, Stretch
from parvis.services.weekdays import dated_weekday, weekday

WEEK = 7


def week_table(asked: Asked, place: OpenPlace, at: datetime) -> Rows:
    """Seven days from the one of `at` (aware), one a row. The hours of the place are understood."""
    rows = tuple(
        {"jour": dated_weekday(asked, day), "heures": hours} for day, hours in _week(asked, place, at).items()
    )
    columns = (Column("jour", title=asked.say("Jour")), Column("heures", title=asked.say("Heures")))
    title = asked.say("Les sept jours qui viennent : %(name)s", name=place.name)
    return Rows(title, columns, rows, asked.say("Jours fériés et vacances scolaires compris."))


def week_cell(asked: Asked, place: OpenPlace, at: datetime) -> str:
    """The same in one cell, days of the same hours together: « mercredi à vendredi : 9 h – 19 h ; samedi : fermé ». The
    text as it is written where nobody understood it.
    """
    if place.hours is None:
        return place.text
    days = _week(asked, place, at)
    if len(set(days.values())) == 1:
        return asked.say("tous les jours : %(hours)s", hours=next(iter(days.values())))
    parts: list[str] = []
    for hours, same in groupby(days, key=lambda day: days[day]):
        first, *others = [weekday(asked, day) for day in same]
        if not others:
            parts.append(asked.say("%(day)s : %(hours)s", day=first, hours=hours))
        elif len(others) == 1:
            parts.append(asked.say("%(day)s et %(last)s : %(hours)s", day=first, last=others[0], hours=hours))
        else:
            parts.append(asked.say("%(day)s à %(last)s : %(hours)s", day=first, last=others[-1], hours=hours))
    return reduce(
        lambda before, after: asked.say("%(before)s ; %(after)s", before=before, after=after), parts
    )


def _week(asked: Asked, place: OpenPlace, at: datetime) -> Mapping[date, str]:
    """The hours of each of the seven days, in words."""
    start = open_places.local(place, at).date()
    by_day: dict[date, list[Stretch]] = {start + timedelta(n): [] for n in range(WEEK)}
    for one in open_places.stretches(place, at, WEEK):
        if one.begin.date() in by_day:
            by_day[one.begin.date()].append(one)
    return {day: _hours(asked, stretches) for day, stretches in by_day.items()}


def _hours(asked: Asked, day: Sequence[Stretch]) -> str:
    return ", ".join(_stretch(asked, one) for one in day) or asked.say("fermé")


def _stretch(asked: Asked, one: Stretch) -> str:
    whole = one.end - one.begin >= timedelta(hours=24) and one.begin.hour == 0
    text = (
        asked.say("jour et nuit")
        if whole
        else asked.say("%(start)s – %(end)s", start=asked.hour(one.begin), end=asked.hour(one.end))
    )
    note = asked.say("à vérifier") if one.state == MAYBE else ""
    more = " : ".join(n for n in (note, one.note) if n)
    return f"{text} ({more})" if more else text
