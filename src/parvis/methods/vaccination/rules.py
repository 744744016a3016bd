"""A vaccination calendar as values, read from its data file. The file is the calendar: dates, sources and
reviewer are in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

Kind = Literal["doses", "ages", "season", "birth", "pregnancy"]
Need = Literal["", "pregnant", "risk"]
Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Step:
    """One dose of a scheme. Spans count from birth (at, min, by, until) or from the dose before (gap); ""
    where there is none.
    """

    at: str = ""
    """Age at which it is advised."""
    min: str = ""
    """Younger than that it does not count."""
    by: str = ""
    """Late from that age on."""
    gap: str = ""
    """Least time since the dose before; sooner it does not count."""
    wait: str = ""
    """Time advised since the dose before, when longer than `gap`."""
    until: str = ""
    """From that age on it is not given any more."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """The doses of who begins between two ages (the second excluded; "": no end). late: a catch-up."""

    start: str
    end: str
    steps: tuple[Step, ...]
    late: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """One vaccine for one public: who, from when to when the rule holds, which doses count, and who says so."""

    id: str
    kind: Kind
    counts: frozenset[str]
    source: str
    since: date
    """First day on which the rule holds, and the last; None: still does."""
    until: date | None
    status: str
    schemes: tuple[Scheme, ...] = ()
    born_from: date | None = None
    born_until: date | None = None
    need: Need = ""
    ages: tuple[str, ...] = ()
    """Of boosters at fixed ages; then one each `every`. A dose counts for an age from `grace` before it on.
    """
    every: str = ""
    grace: str = ""
    start: str = ""
    """Of a yearly vaccine: from that age on, to the age `end`; of a vaccine of a season of birth: until the
    age `end`.
    """
    end: str = ""
    season: tuple[str, str] = ("", "")
    """MM-DD to MM-DD, across the new year when the second comes first."""
    before_term: tuple[str, str] = ("", "")
    """Of a pregnancy: from so long before the term to so long before it."""
    counts_from: str = ""
    """Doses given before that age belong to another series."""
    ask_from: str = ""
    """From that age on, a person of whom nothing is recorded is asked to look it up rather than called late.
    """


@dataclass(frozen=True, slots=True)
class Calendar:
    """All series, in the order of the page. reviewed_by: the health professional who read it; "" as long as
    nobody did.
    """

    edition: str
    fresh_until: date
    """After this day a newer edition is to be expected."""
    reviewed_by: str
    reviewed_on: date | None
    series: tuple[Series, ...]


def read(data: Json) -> Calendar:
    """The calendar that a data file holds. Raises KeyError, ValueError or TypeError when the file is not of
    its form.
    """
    return Calendar(
        edition=_text(data, "edition"),
        fresh_until=date.fromisoformat(_text(data, "fresh_until")),
        reviewed_by=_text(data, "reviewed_by"),
        reviewed_on=_day(data, "reviewed_on"),
        series=tuple(_series(one) for one in _list(data, "series")),
    )


def _series(data: Json) -> Series:
    first, _, last = _text(data, "season").partition("/")
    begin, _, end = _text(data, "before_term").partition("/")
    since = _day(data, "since")
    if since is None:
        raise KeyError("since")
    return Series(
        id=_text(data, "id"),
        kind=cast(Kind, _text(data, "kind")),
        counts=frozenset(cast(Sequence[str], data["counts"])),
        source=_text(data, "source"),
        since=since,
        until=_day(data, "until"),
        status=_text(data, "status"),
        schemes=tuple(_scheme(one) for one in _list(data, "schemes")),
        born_from=_day(data, "born_from"),
        born_until=_day(data, "born_until"),
        need=cast(Need, _text(data, "need")),
        ages=tuple(cast(Sequence[str], data.get("ages", ()))),
        every=_text(data, "every"),
        grace=_text(data, "grace"),
        start=_text(data, "from"),
        end=_text(data, "to"),
        season=(first, last),
        before_term=(begin, end),
        counts_from=_text(data, "counts_from"),
        ask_from=_text(data, "ask_from"),
    )


def _scheme(data: Json) -> Scheme:
    steps = tuple(
        Step(*(_text(one, name) for name in ("at", "min", "by", "gap", "wait", "until")))
        for one in _list(data, "doses")
    )
    return Scheme(_text(data, "from"), _text(data, "to"), steps, data.get("late") is True)


def _list(data: Json, name: str) -> Sequence[Json]:
    return cast(Sequence[Json], data.get(name, ()))


def _text(data: Json, name: str) -> str:
    value = data.get(name, "")
    if not isinstance(value, str):
        raise TypeError(f"{name}: text expected")
    return value


def _day(data: Json, name: str) -> date | None:
    text = _text(data, name)
    return date.fromisoformat(text) if text else None
