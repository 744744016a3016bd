"""What the calendar and the clock are at a place: its time zone, its school zone, its holidays.

A territory is a département (« 34 », « 2A », « 974 »), a country or one of its regions as ISO 3166 has them
(« DE », « DE-SL »), or "" where nothing says it.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from parvis.methods.hours import abroad, calendars
from parvis.methods.hours.calendars import Holidays

YEARS = (2020, 2035)
"""Of the public holidays: they follow from the law, which may change."""

_CLOCKS = {
    "971": "America/Guadeloupe", "972": "America/Martinique", "973": "America/Cayenne", "974": "Indian/Reunion", "975": "America/Miquelon",
    "976": "Indian/Mayotte", "977": "America/St_Barthelemy", "978": "America/Marigot", "987": "Pacific/Tahiti", "988": "Pacific/Noumea",
}  # fmt: skip
_SCHOOL = {
    "A": "01 03 07 15 16 17 19 21 23 24 25 26 33 38 39 40 42 43 47 58 63 64 69 70 71 73 74 79 86 87 89 90",
    "B": "02 04 05 06 08 10 13 14 18 22 27 28 29 35 36 37 41 44 45 49 50 51 52 53 54 55 56 57 59 60 61 62 67 68 72 76 80 83 84 85 88",
    "C": "09 11 12 30 31 32 34 46 48 65 66 75 77 78 81 82 91 92 93 94 95",
}
"""Départements of the académies of each zone. Corsica and overseas have calendars of their own, not known
here.
"""


def departement(insee: str) -> str:
    """Two characters of a commune's code, three overseas; "" when it is no such code.

    >>> departement("34172"), departement("97411"), departement("2A004")
    ('34', '974', '2A')
    """
    if len(insee) != 5:
        return ""
    return insee[:3] if insee[:2] in ("97", "98") else insee[:2]


def of(insee: str, country: str = "") -> str:
    """The territory of a place, by its country where that is said and by its commune else; one of INSEE's codes of countries says it too.

    >>> of("34172"), of("67482", "FR"), of("99109"), of("99109", "DE-SL"), of("", "de-bw"), of("")
    ('34', '67', 'DE', 'DE-SL', 'DE-BW', '')
    """
    said = country.strip().upper()
    if said and said.partition("-")[0] != "FR":
        return said
    return abroad.country_of(insee) or ("" if insee.startswith("99") else departement(insee))


def foreign(place: str) -> bool:
    """Whether a territory is a country beside France, or a region of one."""
    return place[:1].isalpha()


def clock(place: str) -> ZoneInfo:
    """The time zone of a territory."""
    return ZoneInfo(abroad.clock(place) if foreign(place) else _CLOCKS.get(place, "Europe/Paris"))


def school_zone(dep: str) -> str:
    """A, B or C; "" where no zone is known.

    >>> school_zone("34"), school_zone("69"), school_zone("2A")
    ('C', 'A', '')
    """
    return next((zone for zone, deps in _SCHOOL.items() if dep in deps.split()), "")


@cache
def holidays(place: str) -> Holidays:
    """Public and school holidays of a territory, each with the days between which they are known."""
    if foreign(place):
        return abroad.holidays(place)
    zone = school_zone(place)
    if not zone:
        return _with_doubt(calendars.france(*YEARS, departement=place), place)
    data = tomllib.loads(
        resources.files("parvis.methods.hours").joinpath("vacances.toml").read_text(encoding="utf-8")
    )
    free: list[tuple[date, date, str]] = [
        (one["first"], one["last"], one["name"]) for one in data["free"] if zone in one["zones"]
    ]
    return calendars.france(*YEARS, departement=place, school=free, known=(data["since"], data["until"]))


def _with_doubt(known: Holidays, place: str) -> Holidays:
    """Where no commune is said, the days that only Alsace, Moselle and overseas keep may be free or not."""
    if place:
        return known
    local = {
        day
        for dep in (*calendars.ALSACE_MOSELLE, *_CLOCKS)
        for year in range(YEARS[0], YEARS[1] + 1)
        for day in calendars.french_public(year, dep)
    }
    return replace(known, unsure=frozenset(local - set(known.public)))
