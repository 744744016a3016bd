"""Headers that name a period, as tables that grow by one column a year or a month have: « pop_2019 », « janv-24 »,
« 1er trimestre 2024 », « 2023-2024 ».
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from parvis.core.text import fold, tokens

Kind = Literal["year", "school-year", "semester", "quarter", "month", "month-of-year", "day"]

LEAST = 3
"""Columns from which a row of periods is one: two may be a « before » and an « after »."""

_MONTHS = (
    "janvier|janv|jan",
    "fevrier|fevr|fev",
    "mars",
    "avril|avr",
    "mai",
    "juin",
    "juillet|juil",
    "aout",
    "septembre|sept",
    "octobre|oct",
    "novembre|nov",
    "decembre|dec",
)
_SEP = r"[ ._/-]*"
_YEAR = r"(?P<y>(?:19|20)[0-9]{2})"
_MONTH = "(?P<name>" + "|".join(_MONTHS) + r")(?![a-z])[.]?"
_TH = r"(?:ers?|ere|nd|nde|e|eme|ieme)?"
_QUARTER = rf"(?:(?:t|q|trim(?:estre)?)[ ._-]*(?P<n>[1-4])|(?P<n2>[1-4]){_TH}[ ._-]*(?:t|trim(?:estre)?))(?![a-z0-9])"
_HALF = rf"(?:(?:s|sem(?:estre)?)[ ._-]*(?P<n>[12])|(?P<n2>[12]){_TH}[ ._-]*(?:s|sem(?:estre)?))(?![a-z0-9])"
_START, _END = "(?<![a-z0-9])", "(?![a-z0-9])"
_GRAMMAR: tuple[tuple[Kind, str], ...] = (
    ("day", rf"{_START}{_YEAR}-(?P<m>[0-9]{{2}})-(?P<d>[0-9]{{2}})(?:[ t]00:00(?::00)?)?{_END}"),
    ("day", rf"{_START}(?P<d>[0-9]{{1,2}})[/.-](?P<m>[0-9]{{1,2}})[/.-]{_YEAR}{_END}"),
    ("school-year", rf"(?<![0-9]){_YEAR} ?[-/_–] ?(?P<to>(?:20)?[0-9]{{2}})(?![0-9])"),
    ("quarter", rf"(?<![0-9]){_YEAR}{_SEP}{_QUARTER}"),
    ("quarter", rf"{_START}{_QUARTER}(?:{_SEP}{_YEAR}(?![0-9]))?"),
    ("semester", rf"{_START}{_HALF}{_SEP}{_YEAR}(?![0-9])"),
    ("semester", rf"(?<![0-9]){_YEAR}{_SEP}{_HALF}"),
    ("month", rf"(?<![a-z]){_MONTH}{_SEP}{_YEAR}(?![0-9])"),
    ("month", rf"(?<![a-z]){_MONTH}[ -](?P<yy>[0-9]{{2}})(?![0-9])"),
    ("month", rf"(?<![0-9]){_YEAR}{_SEP}{_MONTH}"),
    ("month", rf"(?<![0-9]){_YEAR}[-/_.](?P<m>0[1-9]|1[0-2])(?![0-9])"),
    ("month", rf"(?<![0-9])(?P<m>0[1-9]|1[0-2])[-/_.]{_YEAR}(?![0-9])"),
    ("month-of-year", rf"(?<![a-z]){_MONTH}(?![a-z0-9])"),
    ("year", rf"(?<![0-9]){_YEAR}(?![0-9])"),
)
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple((k, re.compile(p)) for k, p in _GRAMMAR)


@dataclass(frozen=True, slots=True)
class Period:
    """One way to read a header. text: the period as it is written in a column of its own (2024, 2023-2024, 2024-T1,
    2024-01, 1 to 12 for months without a year, 2024-01-31); measure: what is left of the header.
    """

    kind: Kind
    text: str
    measure: str

    @property
    def stem(self) -> str:
        """What headers of one measure have in common."""
        return " ".join(tokens(self.measure))


@dataclass(frozen=True, slots=True)
class Group:
    """Columns of one measure, each at another period. places: of the headers, from 0; texts: their periods."""

    kind: Kind
    measure: str
    places: tuple[int, ...]
    texts: tuple[str, ...]


def periods(header: str) -> tuple[Period, ...]:
    """Every period that a header may name: « 2010-11 » is a school year or a November.

    >>> [(p.text, p.measure) for p in periods("Inscrits – janv. 2024")][0]
    ('2024-01', 'Inscrits')
    >>> [p.text for p in periods("2010-11")], periods("code_insee")
    (['2010-2011', '2010-11', '2010'], ())
    """
    folded = fold(header)
    written = header if len(header) == len(folded) else folded
    return tuple(
        Period(kind, text, _without(written, match))
        for kind, pattern in _PATTERNS
        if (match := pattern.search(folded)) is not None and (text := _text(kind, match))
    )


def groups(headers: Sequence[str]) -> tuple[Group, ...]:
    """The measures of which at least `LEAST` headers name each another period, in the order of their first column; a
    column is in one of them. Years are none beside other numbers: there numbers name the columns.

    >>> [(g.kind, g.measure, g.texts) for g in groups(["code", "pop_2020", "pop_2021", "pop_2022", "bac 2019"])]
    [('year', 'pop', ('2020', '2021', '2022'))]
    """
    numbered = any(header.strip().isdecimal() and not periods(header) for header in headers)
    read: defaultdict[tuple[str, Kind], dict[int, Period]] = defaultdict(dict)
    for place, header in enumerate(headers):
        for period in () if numbered and header.strip().isdecimal() else periods(header):
            read[period.stem, period.kind].setdefault(place, period)
    measures: list[Group] = []
    taken: set[int] = set()
    for (_, kind), named in sorted(read.items(), key=lambda one: -len(one[1])):
        texts = tuple(p.text for p in named.values())
        if len(named) >= LEAST and len({*texts}) == len(texts) and not taken & named.keys():
            taken |= named.keys()
            measures.append(Group(kind, next(iter(named.values())).measure, tuple(named), texts))
    return tuple(sorted(measures, key=lambda group: group.places))


def like(header: str, headers: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The place and the period of each header of the measure that one header names, whether or not that one is among
    them: a table that gains a column a year keeps its measure. Read as most of them can be read together.

    >>> list(like("pop_2024", ["code", "pop_2025", "pop_2026"]))
    [(1, '2025'), (2, '2026')]
    """
    ways = [
        [
            (place, period.text)
            for place, one in enumerate(headers)
            for period in periods(one)
            if (period.stem, period.kind) == (wanted.stem, wanted.kind)
        ]
        for wanted in periods(header)
    ]
    yield from max(ways, key=len, default=[])


def _without(header: str, match: re.Match[str]) -> str:
    """A header without its period, and without what parted or linked them."""
    before, after = (
        re.sub(r"\(\s*\)", "", part) for part in (header[: match.start()], header[match.end() :])
    )
    left = (
        f"{before.rstrip(_EDGE)} {after.lstrip(_EDGE)}"
        if before.strip(_EDGE) and after.strip(_EDGE)
        else before + after
    )
    return re.sub(r"\s*\(\s*\)", "", re.sub(_LINK, "", left).strip(_EDGE)).strip(_EDGE)


_EDGE = " \t\n_-–—:;,./'’"
_LINK = re.compile(r"(?i)(?<=\S)[ _]+(?:en|de|au|du|le|pour|annee|année|an)[ _]*$")


def _text(kind: Kind, match: re.Match[str]) -> str:
    """The period that a match says; "" for a day or a school year that there is none of."""
    part = match.groupdict()
    year = part.get("y") or (f"20{part['yy']}" if part.get("yy") else "")
    number = part.get("n") or part.get("n2") or ""
    month = int(part["m"]) if part.get("m") else _month(part.get("name") or "")
    match kind:
        case "year":
            return year
        case "school-year":
            ends = int(part["to"]) % 100 == (int(year) + 1) % 100
            return f"{year}-{int(year) + 1}" if ends else ""
        case "quarter":
            return f"{year}-T{number}" if year else f"T{number}"
        case "semester":
            return f"{year}-S{number}"
        case "month":
            return f"{year}-{month:02}"
        case "month-of-year":
            return str(month)
        case "day":
            day = int(part["d"])
            return f"{year}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else ""


def _month(name: str) -> int:
    return next((n for n, names in enumerate(_MONTHS, 1) if name in names.split("|")), 0)
