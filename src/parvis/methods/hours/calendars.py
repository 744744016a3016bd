"""Public and school holidays: named days, and until when they are known.

French public holidays: code du travail, art. L3133-1 (the eleven) and L3134-13 (Alsace-Moselle: Good Friday,
26 December), L3422-2 (abolition of slavery, overseas). School holidays are given as days: they are set by
arrêté, a few years ahead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

Named = Mapping[date, str]


@dataclass(frozen=True, slots=True)
class Holidays:
    """Named days. since, until: first and last day on which the list is complete (None: not known at all).
    unsure: days of which it cannot be said.
    """

    public: Named = field(default_factory=dict[date, str])
    school: Named = field(default_factory=dict[date, str])
    public_since: date | None = None
    public_until: date | None = None
    school_since: date | None = None
    school_until: date | None = None
    unsure: frozenset[date] = frozenset()
    """Public holidays of a part of the country, where it is not known in which the place lies, or that its
    communes choose.
    """

    def name(self, kind: Literal["PH", "SH"], day: date) -> str | None:
        """What the day is called, "" on an ordinary day, None when the calendar does not know."""
        public = kind == "PH"
        since, until = (
            (self.public_since, self.public_until) if public else (self.school_since, self.school_until)
        )
        if since is None or until is None or not since <= day <= until:
            return None
        if public and day in self.unsure:
            return None
        return (self.public if public else self.school).get(day, "")


NONE = Holidays()

ALSACE_MOSELLE = frozenset({"57", "67", "68"})
_ABOLITION = {
    "976": (4, 27),
    "972": (5, 22),
    "971": (5, 27),
    "973": (6, 10),
    "974": (12, 20),
    "977": (10, 9),
    "978": (5, 28),
}


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar. Source: Meeus, Jones and Butcher, Astronomical Algorithms (1991), chapter 8.

    >>> easter(2026).isoformat()
    '2026-04-05'
    """
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    x = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * x) // 451
    month, day = divmod(h + x - 7 * m + 114, 31)
    return date(year, month, day + 1)


def orthodox_easter(year: int) -> date:
    """Easter Sunday of the Julian calendar, as a date of the Gregorian one. Source: Meeus, Astronomical Algorithms (1991), chapter 8. From 1900 to 2099.

    >>> orthodox_easter(2014).isoformat(), orthodox_easter(2027).isoformat()
    ('2014-04-20', '2027-05-02')
    """
    d = (19 * (year % 19) + 15) % 30
    e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7
    month, day = divmod(d + e + 114, 31)
    return date(year, month, day + 1) + timedelta(13)


def french_public(year: int, departement: str = "") -> dict[date, str]:
    """Public holidays of a French département (two or three characters; "": those of all).

    >>> sorted(day.isoformat() for day in french_public(2026, "67") if day.month in (4, 12))
    ['2026-04-03', '2026-04-06', '2026-12-25', '2026-12-26']
    """
    sunday = easter(year)
    out = {
        date(year, 1, 1): "Jour de l’an",
        sunday + timedelta(1): "Lundi de Pâques",
        date(year, 5, 1): "Fête du Travail",
        date(year, 5, 8): "Victoire de 1945",
        sunday + timedelta(39): "Ascension",
        sunday + timedelta(50): "Lundi de Pentecôte",
        date(year, 7, 14): "Fête nationale",
        date(year, 8, 15): "Assomption",
        date(year, 11, 1): "Toussaint",
        date(year, 11, 11): "Armistice de 1918",
        date(year, 12, 25): "Noël",
    }
    if departement in ALSACE_MOSELLE:
        out[sunday - timedelta(2)] = "Vendredi saint"
        out[date(year, 12, 26)] = "Saint-Étienne"
    if departement in ("971", "972", "987"):
        out[sunday - timedelta(2)] = "Vendredi saint"
    if departement in _ABOLITION:
        out[date(year, *_ABOLITION[departement])] = "Abolition de l’esclavage"
    return out


def france(
    first: int,
    last: int,
    *,
    departement: str = "",
    school: Iterable[tuple[date, date, str]] = (),
    known: tuple[date, date] | None = None,
) -> Holidays:
    """The calendar of a French place.

    first, last: years of the public holidays. school: (first free day, last free day, name) of its zone;
    known: first and last day on which these are complete.
    """
    days = {begin + timedelta(i): name for begin, end, name in school for i in range((end - begin).days + 1)}
    public = {
        day: name for year in range(first, last + 1) for day, name in french_public(year, departement).items()
    }
    since, until = known or (None, None)
    return Holidays(public, days, date(first, 1, 1), date(last, 12, 31), since, until)
