"""What French sentences of opening hours are made of, once read: days, spans of time, seasons, and the doubts that a reader has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from parvis.methods.hours.french_words import NotFrench
from parvis.methods.hours.words import MONTHS, WEEKDAYS

Span = tuple[int, int | None]
"""Minutes from, minutes to; None: the end is not said."""


Season = tuple[int, int, int, int]
"""First month and day, last month and day; day 0: the whole month."""


Scope = Literal["", "term", "sh"]


RDV = '"sur rendez-vous"'


NOT_SAID = '"heures non dites"'


NOON = 12 * 60


EVENING = 17 * 60


EVERY = frozenset(range(7))


MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


DASH = "Le tiret entre deux jours se lit « du… au… » ou « et » : écrivez l’un ou l’autre."


SLASH = "La barre entre deux jours se lit « et » ou « du… au… » : écrivez l’un ou l’autre."


BINDING = "On ne sait si l’exception vaut pour le dernier jour dit ou pour tous."


OVERLAP = "Un jour est dit deux fois, à des heures différentes : elles s’ajoutent ou se remplacent."


HOLIDAYS = "On ne sait si les jours dont les vacances ne disent rien sont alors ouverts comme d’habitude."


NO_DAY = "Les jours ne sont pas dits : ils sont pris pour tous les jours."


SUMMER = "L’été et l’hiver ne sont pas datés : ce qui diffère de l’un à l’autre n’est pas sûr."


WEEK = "« Tous les jours de la semaine » se lit avec le samedi et le dimanche, ou sans."


EXCEPTED = "On ne sait si les heures dites après « sauf » sont celles de ce jour ou celles qui lui manquent."


LONG_DAY = "Une fin d’ouverture se lit du matin ou de l’après-midi : écrivez « 17h », ou « 5h du matin »."


HEAD = "Des mots du début ne sont pas connus : ils sont pris pour le nom du lieu ou du service."


TAIL = "Des mots qui suivent les heures ne sont pas connus : ils sont pris pour un lieu, ou pour un autre service."


SEASON_DAYS = "On ne sait si les jours dont la saison ne dit rien sont alors ouverts comme d’habitude."


OTHERS = "Les « autres jours » comprennent des jours dont rien n’est dit, le dimanche peut-être."


SEASON_GOES_ON = "On ne sait si la saison ou la période dite plus haut vaut encore dans cette phrase."


@dataclass(frozen=True, slots=True)
class Days:
    """Days of a list: weekdays, (weekday, which of the month) and public holidays. chains: how it was written, where that leaves a doubt."""

    week: frozenset[int] = frozenset()
    nth: tuple[tuple[int, tuple[int, ...]], ...] = ()
    ph: bool = False
    eve: bool = False
    part: int | None = None
    worked: bool = False
    mixed: bool = False
    """A half of the day was said of some of them only: « mercredi et samedi matin »."""

    def __or__(self, other: Days) -> Days:
        if self.part is not None and other.part not in (None, self.part):
            raise NotFrench("two halves of the day", "")
        part = other.part if other.part is not None else self.part
        mixed = self.mixed or other.mixed or (self.part != other.part and bool(self.week))
        return Days(self.week | other.week, self.nth + other.nth, self.ph or other.ph, self.eve or other.eve, part, self.worked or other.worked, mixed)

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
    """Days and what is said of them. sentence: which of the text, so that an exception finds what it is of."""

    days: Days
    spans: tuple[Span, ...] = ()
    closed: bool = False
    appointment: bool = False
    note: str = ""
    seasons: tuple[Season, ...] = ()
    scope: Scope = ""
    parity: int | None = None
    sentence: int = 0
    headed: bool = False
    """Its season stands before it, as a heading."""
    adds: bool = False
    """Its times add to those of an earlier entry."""


@dataclass(slots=True)
class Text:
    """What is known of a text while it is read."""

    entries: list[Entry] = field(default_factory=list[Entry])
    off: list[str] = field(default_factory=list[str])
    """Rules that come last: closed on these days, months, dates."""
    shut: set[int] = field(default_factory=set[int])
    """Weekdays that are closed, all the year."""
    halves: list[Days] = field(default_factory=list[Days])
    """Half days that are closed, said before the hours of these days."""
    doubts: list[str] = field(default_factory=list[str])
    fallback: str = ""
    holidays_whole: bool = False
    """In the school holidays nothing stands but what is said of them."""


def min_day(days: Days) -> int:
    """The day before which none of a range stands."""
    return next(d for d in days.week if (d - 1) % 7 not in days.week) if len(days.week) < 7 else 0


def max_day(days: Days) -> int:
    """The day after which none of a range stands."""
    return next(d for d in days.week if (d + 1) % 7 not in days.week) if len(days.week) < 7 else 6


def clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def span_code(span: Span) -> str:
    """Where the end is not said, until midnight."""
    return f"{clock(span[0])}-{clock(1440 if span[1] is None else span[1])}"


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
        out += [WEEKDAYS[run[0]]] if len(run) == 1 else [f"{WEEKDAYS[run[0]]}-{WEEKDAYS[run[-1]]}"] if len(run) > 2 else [WEEKDAYS[d] for d in run]
    return out


def season_code(season: Season) -> str:
    m1, d1, m2, d2 = season
    if not d1:
        return MONTHS[m1 - 1] if m1 == m2 else f"{MONTHS[m1 - 1]}-{MONTHS[m2 - 1]}"
    if (m1, d1) == (m2, d2):
        return f"{MONTHS[m1 - 1]} {d1:02d}"
    return f"{MONTHS[m1 - 1]} {d1:02d}-{d2:02d}" if m1 == m2 else f"{MONTHS[m1 - 1]} {d1:02d}-{MONTHS[m2 - 1]} {d2:02d}"


def complement(seasons: Iterable[Season]) -> tuple[Season, ...]:
    """What is left of the year. Raises NotFrench when they meet."""
    bounds = sorted({((m1, d1 or 1), (m2, d2 or MONTH_DAYS[m2 - 1])) for m1, d1, m2, d2 in seasons})
    out: list[Season] = []
    for i, (_, last) in enumerate(bounds):
        following = bounds[(i + 1) % len(bounds)][0]
        begin = (last[0] % 12 + 1, 1) if last[1] >= MONTH_DAYS[last[0] - 1] else (last[0], last[1] + 1)
        end = ((following[0] - 2) % 12 + 1, MONTH_DAYS[(following[0] - 2) % 12]) if following[1] == 1 else (following[0], following[1] - 1)
        if begin == following:
            continue
        whole = begin[1] == 1 and end[1] == MONTH_DAYS[end[0] - 1]
        out.append((begin[0], 0, end[0], 0) if whole else (begin[0], begin[1], end[0], end[1]))
    return tuple(out)


def checked(month: int, day: int) -> tuple[int, int]:
    if day and not 1 <= day <= MONTH_DAYS[month - 1]:
        raise NotFrench("no such day", f"{day}/{month}")
    return month, day


def union(items: Iterable[Days]) -> Days:
    out = Days()
    for one in items:
        out = out | one
    return out


def days_between(first: int, last: int) -> list[int]:
    return [(first + n) % 7 for n in range((last - first) % 7 + 1)]


def from_to(first: Days, last: Days) -> Days:
    return replace(first | last, week=frozenset(days_between(min(first.week), min(last.week))))


def follows_on(spans: tuple[Span, ...], more: tuple[Span, ...]) -> bool:
    last = spans[-1][1] if spans else None
    return last is not None and spans[-1][0] < last <= more[0][0]


def check_part(part: int, spans: tuple[Span, ...]) -> None:
    """« matin » before times that are of the morning says nothing more; before others it does."""
    for start, end in spans:
        if part == 0 and (start >= 13 * 60 or (end is not None and end > 14 * 60 + 30)):
            raise NotFrench("a morning that is none", "")
        if part and start < 11 * 60 + 30:
            raise NotFrench("an afternoon that is none", "")


def half(span: Span) -> int:
    """0: of the morning; 1: of the afternoon."""
    start, end = span
    if end is not None and end <= 13 * 60 + 30:
        return 0
    if start >= NOON:
        return 1
    raise NotFrench("half of hours without a break", "")


def without_part(spans: tuple[Span, ...], part: int | None) -> tuple[Span, ...]:
    """What is left of the hours when a part of the day is closed: 0 the morning, 1 the afternoon, 2 the evening."""
    if part == 2:
        left = tuple(s for s in spans if s[0] < EVENING)
        if left == spans:
            raise NotFrench("an evening that is none", "")
        return left
    left = tuple(s for s in spans if (half(s) == 0) == (part != 0))
    gone = [s for s in spans if s not in left]
    if part == 1 and len(gone) > 1:
        raise NotFrench("an afternoon, and an evening", "")
    return left


def ended_at(spans: tuple[Span, ...], end: int) -> tuple[Span, ...]:
    if not spans or end <= spans[-1][0]:
        raise NotFrench("an end before the beginning", "")
    return (*spans[:-1], (spans[-1][0], end))


def begun_at(spans: tuple[Span, ...], start: int) -> tuple[Span, ...]:
    """« à partir de 14h »: the end is that of the hours known."""
    last = spans[-1][1]
    if last is None or start >= last:
        return ((start, None),)
    return ((start, last),)


def disjoint(one: tuple[Span, ...], other: tuple[Span, ...]) -> bool:
    return all((b is not None and b <= c) or (d is not None and d <= a) for a, b in one for c, d in other)
