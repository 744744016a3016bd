"""Dates in another form than the column's: day/month/year, months in words. The whole column settles the
order of day and month, never one cell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from parvis.checks.declaration import English
from parvis.checks.repair import Example, Repair, Suspect
from parvis.checks.typed import directives
from parvis.core.text import fold

Order = Literal["day", "month", ""]

_NUMBERS = re.compile(r"(\d{1,2})\s*[/. -]\s*(\d{1,2})\s*[/. -]\s*(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})\s*[/. -]\s*(\d{1,2})\s*[/. -]\s*(\d{1,2})")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_WORDS = re.compile(r"(?:[a-z]+\s+)?(\d{1,2}|1er)[\s-]+([a-z]{3,9})\.?[\s-]+(\d{4})")
_CLOCK = re.compile(
    r"(.*?)(?:[T\s]+(?:à\s*)?(\d{1,2})[:hH](\d{2})(?::(\d{2}))?(?:[.]\d+)?\s*(Z?))?", re.DOTALL
)
_MONTHS = {
    name: i + 1
    for i, names in enumerate(
        (
            "janvier janv jan january",
            "fevrier fevr fev feb february",
            "mars mar march",
            "avril avr apr april",
            "mai may",
            "juin jun june",
            "juillet juil jul july",
            "aout aou aug august",
            "septembre sept sep september",
            "octobre oct october",
            "novembre nov november",
            "decembre dec december",
        )
    )
    for name in names.split()
}
_PIVOT = 69
"""Two digits from here on are of the 1900s, as POSIX and the typing of columns have it."""


def _mend(suspect: Suspect) -> Mapping[str, str]:
    if suspect.column.type not in ("date", "datetime"):
        return {}
    target = _target(suspect)
    if target is None:
        return {}
    order = _order({**suspect.known, **suspect.texts})
    out: dict[str, str] = {}
    for text in suspect.texts:
        moment = _read(text, order)
        if moment is not None:
            written = moment.strftime(target)
            out[text] = (
                written.zfill(len(written) + 4 - len(str(moment.year)))
                if target.startswith("%Y")
                else written
            )
    return out


def _target(suspect: Suspect) -> str | None:
    """The form that the column wants: the schema's, or the one that most of an inferred column has."""
    written = suspect.column.format
    if written in ("default", "any", ""):
        return "%Y-%m-%d" if suspect.column.type == "date" else "%Y-%m-%dT%H:%M:%S"
    pattern = directives(written)
    return pattern if pattern is not None and "%-" not in pattern else None


def _order(known: Mapping[str, int]) -> Order:
    """Day or month first, when the column shows one and never the other."""
    seen: Counter[Order] = Counter()
    for text in known:
        match = _NUMBERS.match(text.strip())
        if match:
            first, second = int(match[1]), int(match[2])
            if 12 < first <= 31 and second <= 12:
                seen["day"] += 1
            if 12 < second <= 31 and first <= 12:
                seen["month"] += 1
    return (
        "day" if seen["day"] and not seen["month"] else "month" if seen["month"] and not seen["day"] else ""
    )


def _read(text: str, order: Order) -> datetime | None:
    """The moment that a text means, None when it may mean two, or none."""
    split = _CLOCK.fullmatch(text.strip())
    if split is None:
        return None
    body, clock = split[1].strip(), [int(part or 0) for part in split.group(2, 3, 4)]
    days = {day for day in _days(body, order) if day is not None}
    if len(days) != 1 or clock[0] > 23 or clock[1] > 59 or clock[2] > 59:
        return None
    return days.pop().replace(hour=clock[0], minute=clock[1], second=clock[2])


def _days(body: str, order: Order) -> Iterable[datetime | None]:
    """What the day may be: both readings while the order is not settled."""
    if match := _YEAR_FIRST.fullmatch(body) or _COMPACT.fullmatch(body):
        yield _day(int(match[1]), int(match[2]), int(match[3]))
    elif match := _NUMBERS.fullmatch(body):
        if len(match[3]) == 2 and not order:
            return
        year = (
            int(match[3])
            if len(match[3]) == 4
            else int(match[3]) + (1900 if int(match[3]) >= _PIVOT else 2000)
        )
        first, second = int(match[1]), int(match[2])
        if order != "month":
            yield _day(year, second, first)
        if order != "day":
            yield _day(year, first, second)
    elif (match := _WORDS.fullmatch(fold(body))) and match[2] in _MONTHS:
        yield _day(int(match[3]), _MONTHS[match[2]], 1 if match[1] == "1er" else int(match[1]))


def _day(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day)  # noqa: DTZ001
    except ValueError:
        return None


dates = Repair(
    name="dates",
    title="Dates récrites dans la forme de la colonne",
    certain="L’ordre du jour et du mois est celui que montre toute la colonne ; s’il reste un doute, la date est laissée.",
    english=English(
        title="Dates rewritten in the form of the column",
        why="The order of day and month is the one that the whole column shows; where a doubt remains the date is left.",
    ),
    turn=3,
    mend=_mend,
    examples=(
        Example(
            {"type": "date"},
            ("2024-01-02", "25/12/2023", "03/04/2024", "31/13/2024", "3 mars 2024"),
            {
                "25/12/2023": "2023-12-25",
                "03/04/2024": "2024-04-03",
                "3 mars 2024": "2024-03-03",
            },
        ),
        Example(
            {"type": "date"},
            ("03/04/2024", "05/05/2024", "2024/01/02"),
            {"05/05/2024": "2024-05-05", "2024/01/02": "2024-01-02"},
        ),
        Example(
            {"type": "date", "format": "%d/%m/%Y"},
            ("25/12/2023", "2024-01-02", "1er mai 2024", "31.12.99"),
            {
                "2024-01-02": "02/01/2024",
                "1er mai 2024": "01/05/2024",
                "31.12.99": "31/12/1999",
            },
        ),
        Example(
            {"type": "datetime"},
            ("25/12/2023 08:30", "2024-01-02 10:00"),
            {
                "25/12/2023 08:30": "2023-12-25T08:30:00",
                "2024-01-02 10:00": "2024-01-02T10:00:00",
            },
        ),
    ),
)
