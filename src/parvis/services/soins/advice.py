"""Advice by age, season and what agencies publish: rules in a file, each with its source. It looks at
nobody's health.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any

import pyarrow as pa

from parvis.core.sentence import mark

AGES = {
    "nourrisson": "nourrissons",
    "enfant": "enfants",
    "enceinte": mark("femmes enceintes"),
    "adulte": "adultes",
    "aine": mark("65 ans et plus"),
}
"""For whom there is advice. Nobody is asked who they are: all that holds on the day is shown, with whom it is
for.
"""


@dataclass(frozen=True, slots=True)
class Source:
    """Whose advice it is. checked: read at the source itself, and not only in what others say of it."""

    title: str
    url: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Advice:
    """One rule. months: (): all year; indicator, level: "" and 0: whatever is published."""

    text: str
    english: str
    source: Source
    ages: frozenset[str]
    months: frozenset[int]
    indicator: str
    level: int


@dataclass(frozen=True, slots=True)
class Level:
    """An indicator as an agency published it for the day."""

    indicator: str
    level: int
    label: str
    source: str


@cache
def rules() -> tuple[Advice, ...]:
    """The rules of the file. Raises KeyError when one lacks its words or its source."""
    data = tomllib.loads(
        resources.files("parvis.services.soins").joinpath("conseils.toml").read_text(encoding="utf-8")
    )
    sources = {one["id"]: Source(one["title"], one["url"], one["checked"]) for one in data["source"]}
    return tuple(_rule(one, sources) for one in data["advice"])


def _rule(one: Mapping[str, Any], sources: Mapping[str, Source]) -> Advice:
    ages, months = frozenset[str](one["ages"]), frozenset[int](one.get("months", ()))
    return Advice(
        one["text"],
        one["english"],
        sources[one["source"]],
        ages,
        months,
        one.get("indicator", ""),
        one.get("level", 0),
    )


def levels(table: pa.Table, day: date) -> list[Level]:
    """What is published for a day; a row that does not cover it is left out, one that nobody publishes any
    more too.
    """
    out: list[Level] = []
    for row in table.to_pylist():
        begin, end, level = _day(row.get("debut")), _day(row.get("fin")), row.get("niveau")
        if begin is not None and end is not None and begin <= day <= end and isinstance(level, int):
            out.append(
                Level(
                    str(row.get("indicateur") or ""),
                    level,
                    str(row.get("libelle") or ""),
                    str(row.get("source") or ""),
                )
            )
    return out


def of_air(table: pa.Table, day: date) -> list[Level]:
    """The worst index of the air of a day, over the city's zones, from 0 (good) to 4; none when it is not
    known.
    """
    of_day = [row for row in table.to_pylist() if _day(row.get("date_ech")) == day]
    found = [
        (code, str(row.get("lib_qual") or ""))
        for row in of_day
        if isinstance(code := row.get("code_qual"), int) and code > 0
    ]
    if not found:
        return []
    code, label = max(found)
    return [Level("air", min(code - 1, 4), label, "indice de la qualité de l’air")]


def advised(day: date, published: Sequence[Level]) -> list[Advice]:
    """The rules that hold on a day, in the order of the file."""
    height: dict[str, int] = {}
    for one in published:
        height[one.indicator] = max(one.level, height.get(one.indicator, 0))
    return [
        r
        for r in rules()
        if (not r.months or day.month in r.months)
        and (not r.indicator or height.get(r.indicator, -1) >= r.level)
    ]


def _day(value: object) -> date | None:
    return value.date() if isinstance(value, datetime) else value if isinstance(value, date) else None
