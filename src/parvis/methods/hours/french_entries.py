"""What French sentences of opening hours are made of, once read: days, spans of time, seasons, and the doubts
that a reader has.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, NamedTuple

from parvis.core.sentence import mark
from parvis.methods.hours.calendars import easter
from parvis.methods.hours.french_words import NotFrench
from parvis.methods.hours.words import MONTHS, WEEKDAYS

Span = tuple[int, int | None]
"""Minutes from, minutes to; None: the end is not said."""


class Point(NamedTuple):
    """Where a season begins or ends. day 0: the whole month; month 0: at no time. base: what the day counts
    from, when it is no day of the month.
    """

    month: int
    day: int = 0
    year: int = 0
    """0: every year."""
    base: Literal["", "easter", "last Sunday"] = ""
    """Easter (its month is there to order by), or the last Sunday of the month: then day is how many days
    later.
    """
    far: tuple[int, int] | None = None
    """Of a date that is said roughly, the other side of it: month and day, or days after Easter."""
    feast: bool = False
    """Said by the name of a feast."""

    @property
    def whole(self) -> bool:
        return not self.day and not self.base

    def moved(self, days: int) -> Point:
        """So many days later (-1, 1)."""
        if self.base:
            return self._replace(day=self.day + days)
        at = date(self.year or 2000, self.month, self.day) + timedelta(days)
        return Point(at.month, at.day, at.year if self.year else 0)

    def in_year(self, year: int) -> date:
        if self.base == "easter":
            return easter(year) + timedelta(self.day)
        if self.base:
            last = date(year, self.month, MONTH_DAYS[self.month - 1])
            return last + timedelta(self.day - (last.weekday() + 1) % 7)
        return date(year, self.month, self.day)

    def code(self) -> str:
        if self.base:
            shift = f" {self.day:+d} day{'s' * (abs(self.day) > 1)}" if self.day else ""
            return ("easter" if self.base == "easter" else f"{MONTHS[self.month - 1]} Su[-1]") + shift
        return (
            (f"{self.year} " if self.year else "")
            + MONTHS[self.month - 1]
            + (f" {self.day:02d}" if self.day else "")
        )


def exists(month: int, day: int, year: int = 0) -> bool:
    """Whether that year has the day; without one, whether any has.

    >>> exists(2, 29), exists(2, 29, 2028), exists(2, 29, 2027), exists(6, 31)
    (True, True, False, False)
    """
    return 1 <= day <= monthrange(year or 2000, month)[1]


class Season(NamedTuple):
    """From a point of the year to another, both included. school: of the school holidays, only these."""

    first: Point
    last: Point
    school: bool = False

    @property
    def single(self) -> bool:
        """One day."""
        return self.first == self.last and not self.first.whole

    @property
    def brief(self) -> bool:
        """One day, or a weekend of a feast: whatever days of the week these are."""
        return self.single or (
            self.first.base == self.last.base == "easter" and self.last.day - self.first.day < 7
        )


Scope = Literal["", "term", "sh"]


SUN: Span = (-1, None)
"""From sunrise to sunset."""


DAY_NAMES = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


RDV = '"sur rendez-vous"'


NOT_SAID = '"heures non dites"'


NOON = 12 * 60


EVENING = 17 * 60


MIDDAY = 3
"""The middle of the day, beside its halves (0, 1) and the evening (2)."""


EVERY = frozenset(range(7))


MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


DASH = mark("Le tiret entre deux jours se lit « du… au… » ou « et » : écrivez l’un ou l’autre.")


SLASH = mark("La barre entre deux jours se lit « et » ou « du… au… » : écrivez l’un ou l’autre.")


BINDING = mark("On ne sait si l’exception vaut pour le dernier jour dit ou pour tous.")


OVERLAP = mark("Un jour est dit deux fois, à des heures différentes : elles s’ajoutent ou se remplacent.")


HOLIDAYS = mark(
    "On ne sait si les jours dont les vacances ne disent rien sont alors ouverts comme d’habitude."
)


NO_DAY = mark("Les jours ne sont pas dits : ils sont pris pour tous les jours.")


SUMMER = mark("L’été et l’hiver ne sont pas datés : ce qui diffère de l’un à l’autre n’est pas sûr.")


WEEK = mark("« Tous les jours de la semaine » se lit avec le samedi et le dimanche, ou sans.")


EXCEPTED = mark(
    "On ne sait si les heures dites après « sauf » sont celles de ce jour ou celles qui lui manquent."
)


LONG_DAY = mark(
    "Une fin d’ouverture se lit du matin ou de l’après-midi : écrivez « 17h », ou « 5h du matin »."
)


HEAD = mark("Des mots du début ne sont pas connus : ils sont pris pour le nom du lieu ou du service.")


TAIL = mark(
    "Des mots qui suivent les heures ne sont pas connus : ils sont pris pour un lieu, ou pour un autre service."
)


SEASON_DAYS = mark("On ne sait si les jours dont la saison ne dit rien sont alors ouverts comme d’habitude.")


OTHERS = mark("Les « autres jours » comprennent des jours dont rien n’est dit, le dimanche peut-être.")


VAGUE = mark("Une date n’est dite qu’à peu près (« mi-avril », « la rentrée ») : autour d’elle, on ne sait.")


FEASTS = mark("Une fête qui commence ou finit une période y est comprise.")


NAMED_HOLIDAYS = mark(
    "Les vacances nommées sont prises pour celles du calendrier scolaire ; des autres, rien n’est dit."
)


SAME_HALF = mark("Les heures d’une demi-journée ne sont pas dites : elles sont prises des autres jours.")


LONG_WEEKEND = mark("Un week-end de fête se lit avec les jours fériés qui l’entourent, ou sans.")


FEAST_DAYS = mark("Les « fêtes » sont prises pour les jours fériés.")


SEASON_GOES_ON = mark("On ne sait si la saison ou la période dite plus haut vaut encore dans cette phrase.")


PARTLY = '"fermé une partie du mois"'


SOME_DAYS = mark("Une fermeture n’est dite que pour une partie d’un mois : ses dates ne sont pas connues.")


HALF_OF = mark("« Matin » ou « après-midi », derrière plusieurs jours, se lit du dernier ou de tous.")


EVERY_HALF = mark(
    "« Tous les matins » ou « tous les après-midis », dans une phrase sans jour, se lit des jours dits avant, ou de toute la semaine."
)


HALF_BEGINS = mark("« À partir de » se lit de la journée ou de l’après-midi seul.")


NTH = mark("« Le 1er lundi », sans plus, est pris pour celui de chaque mois.")


CROSSED = mark("Deux périodes se chevauchent : on ne sait quelles heures valent alors.")


LED = mark(
    "On ne sait si « sur rendez-vous » vaut pour les seules heures qui suivent ou pour toute la phrase."
)


SHUT_END = mark("Un jour est dit ouvert, puis fermé : il est pris pour fermé.")


ONCE = mark("Une fermeture exceptionnelle est dite sans son année : elle est prise pour chaque année.")


NAMED_FEAST = mark(
    "La fête et les vacances portent le même nom : les heures sont prises pour celles du jour de fête."
)


EVEN_DAYS = mark(
    "« Pair » ou « impair », dit d’un jour, est pris pour celui des semaines paires ou impaires, et non pour sa date."
)


UNLESS = mark(
    "Des exceptions sont annoncées sans leurs jours (« sauf en cas de… ») : ces jours-là, on ne sait."
)


PAIRED = mark(
    "Plusieurs heures sont dites de plusieurs jours : on ne sait si chacune vaut pour un jour ou pour tous."
)


UNSAID = mark("Des jours ne sont dits ni ouverts ni fermés, alors que d’autres sont dits fermés.")


READINGS = mark("La phrase se lit de plusieurs façons : écrivez chaque jour avec ses heures.")


@dataclass(frozen=True, slots=True)
class Days:
    """Days of a list: weekdays, (weekday, which of the month) and public holidays."""

    week: frozenset[int] = frozenset()
    nth: tuple[tuple[int, tuple[int, ...]], ...] = ()
    ph: bool = False
    eve: bool = False
    worked: bool = False

    @property
    def plain(self) -> bool:
        return not self.nth and not self.ph and not self.eve

    def code(self) -> str:
        """As OpenStreetMap writes them."""
        out = weekday_codes(self.week) if self.week else []
        out += [f"{WEEKDAYS[day]}[{','.join(map(str, which))}]" for day, which in self.nth]
        if self.ph:
            out.append("PH")
        if self.eve:
            out.append("PH -1 day")
        return ",".join(out)


@dataclass(frozen=True, slots=True)
class Entry:
    """Days, their hours and when in the year these hold. adds: to those of an earlier entry."""

    days: Days
    spans: tuple[Span, ...] = ()
    appointment: bool = False
    seasons: tuple[Season, ...] = ()
    scope: Scope = ""
    parity: int | None = None
    adds: bool = False


@dataclass(slots=True)
class Text:
    """What a text says, in one of its readings."""

    entries: list[Entry] = field(default_factory=list[Entry])
    off: list[str] = field(default_factory=list[str])
    """Rules that come last: closed on these days, months, dates."""
    shut: set[int] = field(default_factory=set[int])
    """Weekdays that are closed, all the year."""
    fallback: str = ""
    holidays_whole: bool = False
    """In the school holidays nothing stands but what is said of them."""


def clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def weekday_codes(week: frozenset[int]) -> list[str]:
    """« Mo-Fr », « Mo,We », in order; a range when three and more follow one another."""
    if len(week) == 7:
        return ["Mo-Su"]
    runs: list[list[int]] = []
    for day in sorted(week):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    out: list[str] = []
    for run in runs:
        out += (
            [WEEKDAYS[run[0]]]
            if len(run) == 1
            else [f"{WEEKDAYS[run[0]]}-{WEEKDAYS[run[-1]]}"]
            if len(run) > 2
            else [WEEKDAYS[d] for d in run]
        )
    return out


def season_code(season: Season) -> str:
    first, last, school = season
    if school:
        return f"{season_code(Season(first, last))} SH"
    if not last.month:
        return f"{first.code()}+"
    if not first.month:
        return f"2000 Jan 01-{last.code()}"
    if first == last:
        return first.code()
    if last.base == "easter":  # a range that ends with Easter ends before it
        last = last.moved(1)
    same = (
        not first.whole
        and not first.base
        and not last.base
        and (first.month, first.year) == (last.month, last.year)
    )
    return f"{first.code()}-{last.day:02d}" if same else f"{first.code()}-{last.code()}"


def complement(seasons: Iterable[Season]) -> tuple[Season, ...]:
    """What is left of the year. Raises NotFrench when that cannot be said."""
    known = [
        (
            s.first._replace(day=1) if s.first.whole else s.first,
            s.last._replace(day=MONTH_DAYS[s.last.month - 1]) if s.last.whole else s.last,
            s,
        )
        for s in set(seasons)
    ]
    if any(s.school or s.first.year or s.last.year for _, _, s in known):
        raise NotFrench("the rest of what", "")
    bounds = sorted(((first, last) for first, last, _ in known), key=lambda pair: pair[0].in_year(2000))
    out: list[Season] = []
    for i, (_, last) in enumerate(bounds):
        begin, following = last.moved(1), bounds[(i + 1) % len(bounds)][0]
        if begin == following:
            continue
        end = following.moved(-1)
        whole = not begin.base and not end.base and begin.day == 1 and end.day == MONTH_DAYS[end.month - 1]
        out.append(Season(Point(begin.month), Point(end.month)) if whole else Season(begin, end))
    return tuple(out)


def days_between(first: int, last: int) -> list[int]:
    return [(first + n) % 7 for n in range((last - first) % 7 + 1)]


def check_part(part: int, spans: tuple[Span, ...]) -> None:
    """« matin » before times that are of the morning says nothing more; before others it does."""
    for start, end in spans:
        if part == 0 and (start >= 13 * 60 or (end is not None and end > 14 * 60 + 30)):
            raise NotFrench("a morning that is none", "")
        if part == MIDDAY and not of_part((start, end), MIDDAY):
            raise NotFrench("a midday that is none", "")
        if part and part != MIDDAY and start < 11 * 60 + 30:
            raise NotFrench("an afternoon that is none", "")


def half(span: Span) -> int:
    """0: of the morning; 1: of the afternoon."""
    start, end = span
    if end is not None and end <= 13 * 60 + 30:
        return 0
    if start >= NOON:
        return 1
    raise NotFrench("half of hours without a break", "")


def of_part(span: Span, part: int | None) -> bool:
    """Whether it is of the morning (0), of what follows (1, 2), or of the middle of the day."""
    start, end = span
    if part == MIDDAY:
        return start >= 11 * 60 and end is not None and start < end <= 16 * 60
    return (half(span) == 0) == (part == 0)


def without_part(spans: tuple[Span, ...], part: int | None) -> tuple[Span, ...]:
    """What is left of the hours when a part of the day is closed: 0 the morning, 1 the afternoon, 2 the
    evening.
    """
    if part == 2:
        left = tuple(s for s in spans if s[0] < EVENING)
        if left == spans:
            raise NotFrench("an evening that is none", "")
        return left
    if part == MIDDAY:
        left = tuple(s for s in spans if not of_part(s, MIDDAY))
        if left == spans:
            raise NotFrench("a midday that is none", "")
        return left
    left = tuple(s for s in spans if (half(s) == 0) == (part != 0))
    gone = [s for s in spans if s not in left]
    if part == 1 and len(gone) > 1:
        raise NotFrench("an afternoon, and an evening", "")
    return left


def disjoint(one: tuple[Span, ...], other: tuple[Span, ...]) -> bool:
    return all((b is not None and b <= c) or (d is not None and d <= a) for a, b in one for c, d in other)
