"""What the calendar and the clock are at a place of France: its time zone, its school zone, its holidays."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from parvis.methods.hours import calendars
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
"""Départements of the académies of each zone. Corsica and overseas have calendars of their own, not known here."""


def departement(insee: str) -> str:
    """Two characters of a commune's code, three overseas; "" when it is no such code.

    >>> departement("34172"), departement("97411"), departement("2A004")
    ('34', '974', '2A')
    """
    if len(insee) != 5:
        return ""
    return insee[:3] if insee[:2] in ("97", "98") else insee[:2]


def clock(dep: str) -> ZoneInfo:
    """The time zone of a département."""
    return ZoneInfo(_CLOCKS.get(dep, "Europe/Paris"))


def school_zone(dep: str) -> str:
    """A, B or C; "" where no zone is known.

    >>> school_zone("34"), school_zone("69"), school_zone("2A")
    ('C', 'A', '')
    """
    return next((zone for zone, deps in _SCHOOL.items() if dep in deps.split()), "")


@cache
def holidays(dep: str) -> Holidays:
    """Public and school holidays of a département, each with the days between which they are known."""
    zone = school_zone(dep)
    if not zone:
        return calendars.france(*YEARS, departement=dep)
    data = tomllib.loads(resources.files("parvis.services.soins").joinpath("vacances.toml").read_text(encoding="utf-8"))
    free: list[tuple[date, date, str]] = [(one["first"], one["last"], one["name"]) for one in data["free"] if zone in one["zones"]]
    return calendars.france(*YEARS, departement=dep, school=free, known=(data["since"], data["until"]))
