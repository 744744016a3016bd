"""Holidays beyond the border: a town lists the pharmacy across the river too, and that one keeps the holidays
of its own country and region.

The days are facts of two files beside this one: `feries.tsv` (public holidays, by rule) and
`vacances_voisins.tsv` (school holidays, by date). Who has no region, in a country whose regions differ, is
told « unknown » on the days that only some of them keep.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources

from parvis.methods.hours.calendars import Holidays, easter, orthodox_easter
from parvis.methods.hours.words import WEEKDAYS

YEARS = (2020, 2035)
"""Between which public holidays are worked out: laws change."""

_OF_CODE = {
    "99109": "DE", "99131": "BE", "99137": "LU", "99140": "CH", "99127": "IT", "99134": "ES", "99138": "MC", "99130": "AD", "99416": "BR",
    "99132": "GB", "99135": "NL", "99139": "PT",
}  # fmt: skip
"""Codes that INSEE gives to countries (Code officiel géographique, « Pays et territoires étrangers »), beside
those of communes.
"""
_CLOCKS = {
    "GB": "Europe/London", "IE": "Europe/Dublin", "PT": "Europe/Lisbon", "BR": "America/Sao_Paulo", "BR-AP": "America/Belem", "BR-PA": "America/Belem",
    "SR": "America/Paramaribo", "SX": "America/Lower_Princes",
}  # fmt: skip
"""Where clocks do not go with those of Paris."""


@dataclass(frozen=True, slots=True)
class Line:
    """A holiday of a country. sure, maybe: regions that keep it, that may keep it ("*": all). since, until:
    years, included.
    """

    country: str
    sure: frozenset[str]
    maybe: frozenset[str]
    rule: str
    since: int
    until: int
    name: str


def country_of(insee: str) -> str:
    """The country of one of INSEE's codes of countries, as ISO 3166-1 has it; "" when it is none that we know.

    >>> country_of("99109"), country_of("67482")
    ('DE', '')
    """
    return _OF_CODE.get(insee, "")


def clock(place: str) -> str:
    """The name of the time zone of « DE », « BR-AP »."""
    return _CLOCKS.get(place, _CLOCKS.get(place[:2], "Europe/Paris"))


def holidays(place: str) -> Holidays:
    """The calendar of « DE » or « DE-SL » (ISO 3166); empty, so that all is unknown, for a country that is in
    no file.
    """
    country, _, region = place.partition("-")
    if country not in {line.country for line in _lines()}:
        return Holidays()
    days, unsure = public(country, region, *YEARS)
    free, since, until = _school(place)
    return Holidays(days, free, date(YEARS[0], 1, 1), date(YEARS[1], 12, 31), since, until, unsure)


def public(country: str, region: str, first: int, last: int) -> tuple[dict[date, str], frozenset[date]]:
    """Public holidays from year to year, by name, and the days that may be one.

    >>> days, unsure = public("DE", "", 2026, 2026)
    >>> days[date(2026, 10, 3)], date(2026, 6, 4) in unsure, date(2026, 6, 4) in public("DE", "SL", 2026, 2026)[0]
    ('Tag der Deutschen Einheit', True, True)
    """
    return worked_out(_lines(), country, region, first, last)


def worked_out(
    table: Iterable[Line], country: str, region: str, first: int, last: int
) -> tuple[dict[date, str], frozenset[date]]:
    """The same, from the lines of a table. A line whose rule is « - » names regions that have nothing of
    their own.
    """
    own = [line for line in table if line.country == country]
    known = {code for line in own for code in line.sure | line.maybe}
    days: dict[date, str] = {}
    moved: list[tuple[date, str, str]] = []
    unsure: set[date] = set()
    for year in range(first, last + 1):
        for line in own:
            if line.rule == "-" or not line.since <= year <= line.until:
                continue
            rule, _, weekend = line.rule.partition("~")
            day = _day(rule, year)
            if "*" in line.sure or region in line.sure:
                days.setdefault(day, line.name)
                if WEEKDAYS[day.weekday()] in weekend:
                    if weekend.startswith("?"):
                        unsure.add(day + timedelta(1))
                    else:
                        moved.append((day, line.name, weekend))
            elif region in line.maybe or region not in known:
                unsure.add(day)
    for day, name, weekend in sorted(moved):
        free = day + timedelta(1)
        while free in days or WEEKDAYS[free.weekday()] in weekend:
            free += timedelta(1)
        days[free] = name
    return days, frozenset(unsure - set(days))


def _day(rule: str, year: int) -> date:
    if rule[0] in "EO":
        return (easter(year) if rule[0] == "E" else orthodox_easter(year)) + timedelta(int(rule[1:]))
    day = date(year, int(rule[:2]), int(rule[3:5]))
    if len(rule) > 5:
        weekday = WEEKDAYS.index(rule[6:])
        day += (
            timedelta((weekday - day.weekday()) % 7)
            if rule[5] == ">"
            else -timedelta((day.weekday() - weekday) % 7)
        )
    return day


def _text(name: str) -> str:
    return resources.files("parvis.methods.hours").joinpath(name).read_text(encoding="utf-8")


def _rows(text: str) -> Iterator[list[str]]:
    return (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))


def read(text: str) -> tuple[Line, ...]:
    """A table of holidays in the form of `feries.tsv`. Raises ValueError on a line that has not its six
    columns.
    """
    out: list[Line] = []
    for country, regions, rule, since, until, name in _rows(text):
        said = regions.split()
        sure, maybe = (
            frozenset(r for r in said if not r.endswith("?")),
            frozenset(r[:-1] for r in said if r.endswith("?")),
        )
        out.append(Line(country, sure, maybe, rule, int(since or 0), int(until or 9999), name))
    return tuple(out)


@cache
def _lines() -> tuple[Line, ...]:
    return read(_text("feries.tsv"))


def _school(place: str) -> tuple[dict[date, str], date | None, date | None]:
    free: dict[date, str] = {}
    since: date | None = None
    until: date | None = None
    for of, first, last, name in _rows(_text("vacances_voisins.tsv")):
        begin, end = date.fromisoformat(first), date.fromisoformat(last)
        if of != place:
            continue
        if name == "connu":
            since, until = begin, end
        else:
            free |= {begin + timedelta(i): name for i in range((end - begin).days + 1)}
    return free, since, until
