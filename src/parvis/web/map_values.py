"""A map by value: the rows in classes of a number, larger dots, darker areas or wider lines as it grows; or by
category, each with a mark of its own. A legend says the bounds, the unit and how many rows.

    ?valeur=hauteur

Classes hold as many rows each as ties allow (quantiles), with bounds rounded to as few digits as keep them apart.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.types import POINT, SHAPE, Column, ColumnProfile, Schema
from parvis.engine import trees as t
from parvis.web.chart_choice import measures
from parvis.web.chart_figures import Rows
from parvis.web.table import base

CLASSES = 5
"""Classes of a number, and categories that have a mark of their own, at most."""


@dataclass(frozen=True, slots=True)
class ValueClass:
    """Rows of a map that are drawn alike."""

    low: Annotated[float | None, "Borne basse, comprise ; absente pour une catégorie."]
    high: Annotated[
        float | None,
        "Borne haute, comprise dans la dernière classe seulement ; égale à low pour une valeur seule.",
    ]
    value: Annotated[str | None, "Catégorie ; absente pour des nombres."]
    rows: Annotated[int, "Lignes placées de cette classe."]


@dataclass(frozen=True, slots=True)
class Valued:
    """What a map says beside where."""

    column: Annotated[Column, "Colonne montrée."]
    classes: Annotated[tuple[ValueClass, ...], "Classes, de la plus petite à la plus grande ; ou catégories."]
    missing: Annotated[int, "Lignes placées sans valeur : dessinées en creux."]

    @property
    def numbers(self) -> bool:
        return self.column.type in ("integer", "number")

    @property
    def even(self) -> bool:
        """Whether the classes hold about as many rows."""
        counts = [c.rows for c in self.classes]
        return len(counts) > 1 and max(counts) <= 2 * min(counts)

    @property
    def bounds(self) -> tuple[float, ...]:
        """Where a class begins, but the first."""
        return tuple(c.low for c in self.classes[1:] if c.low is not None)


def choices(schema: Schema, profile: Sequence[ColumnProfile]) -> tuple[Column, ...]:
    """Columns that a map may show: quantities, and for points categories with few values."""
    few = {p.name for p in profile if 1 < p.distinct <= CLASSES}
    kinds = [c for c in schema.columns if c.type in ("text", "boolean") and c.name in few]
    return (*measures(schema.columns), *(kinds if schema.geometry == "point" else ()))


def valued(rows: Rows, column: Column) -> Valued | None:
    """The rows that pass the filters and have a place, in classes; None when none has a value."""
    placed = _placed(rows.released.schema)
    value = t.column(column.name)
    if column.type not in ("integer", "number"):
        return _categories(rows, column, placed)
    number = t.cast(value, "DOUBLE")
    usable = exp.and_(placed, t.call("isfinite", number.copy()))
    only = t.either(usable.copy(), number.copy())
    seen = rows.one(
        n=exp.func("count_if", placed.copy(), dialect="duckdb"),
        known=exp.func("count", only.copy()),
        distinct=exp.Count(this=exp.Distinct(expressions=[only.copy()])),
        low=exp.func("min", only.copy()),
        high=exp.func("max", only.copy()),
        **{f"q{i}": _quantile(only, i) for i in range(1, CLASSES)},
        **{f"d{i}": _quantile(exp.Distinct(expressions=[only]), i) for i in range(1, CLASSES)},
    )
    known = _int(seen["known"])
    if not known:
        return None
    low, high = float(str(seen["low"])), float(str(seen["high"]))
    if _int(seen["distinct"]) <= CLASSES:
        tree = base(rows.released, t.alias(number.copy(), "v")).distinct().order_by(t.number(1))
        edges = [float(str(r["v"])) for r in rows.read(tree, usable)]
        pairs = [(v, v) for v in edges]
    else:
        inner = _inner(seen, "q", low, high)
        if len(inner) < CLASSES // 2:  # most rows are alike: classes of the values, then
            inner = _inner(seen, "d", low, high)
        edges = [low, *_rounded(inner, low, high)]
        pairs = list(pairwise([*edges, high]))
    place: Expr = t.number(0)
    for i, edge in enumerate(edges[1:], 1):
        place = t.either(exp.GTE(this=number.copy(), expression=t.number(edge)), t.number(i), place)
    tree = base(rows.released, t.alias(place, "c"), t.alias(exp.func("count", exp.Star()), "n"))
    counts = {_int(r["c"]): _int(r["n"]) for r in rows.read(tree.group_by(t.number(1)), usable)}
    classes = [ValueClass(a, b, None, counts.get(i, 0)) for i, (a, b) in enumerate(pairs)]
    return Valued(column, tuple(classes), _int(seen["n"]) - known)


def _categories(rows: Rows, column: Column, placed: Expr) -> Valued | None:
    tree = base(
        rows.released, t.alias(t.column(column.name), "v"), t.alias(exp.func("count", exp.Star()), "n")
    ).group_by(t.number(1))
    counts = {_text(r["v"]): _int(r["n"]) for r in rows.read(tree, placed)}
    missing = counts.pop(None, 0)
    if not counts or len(counts) > CLASSES:
        return None
    ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0] or ""))
    return Valued(column, tuple(ValueClass(None, None, v, n) for v, n in ranked), missing)


def conditions(shown: Valued) -> Iterator[Expr]:
    """Which rows each class holds, then those without a value."""
    value = t.column(shown.column.name)
    if not shown.numbers:
        for one in shown.classes:
            same = t.text(one.value or "") if shown.column.type == "text" else _boolean(one.value)
            yield exp.EQ(this=value.copy(), expression=same)
        yield t.absent(value)
        return
    number = t.cast(value, "DOUBLE")
    finite = t.surely(t.call("isfinite", number.copy()))
    for i, one in enumerate(shown.classes):
        parts = [finite.copy()]
        if i and one.low is not None:
            parts.append(exp.GTE(this=number.copy(), expression=t.number(one.low)))
        if i + 1 < len(shown.classes) and (above := shown.classes[i + 1].low) is not None:
            parts.append(exp.LT(this=number.copy(), expression=t.number(above)))
        yield exp.and_(*parts)
    yield exp.not_(finite)


def _quantile(value: Expr, i: int) -> Expr:
    return t.call("quantile_cont", value.copy(), t.number(i / CLASSES))


def _inner(seen: Mapping[str, object], name: str, low: float, high: float) -> list[float]:
    return sorted({q for i in range(1, CLASSES) if low < (q := float(str(seen[f"{name}{i}"]))) <= high})


def _rounded(inner: Sequence[float], low: float, high: float) -> list[float]:
    """Bounds with as few significant digits as keep those apart that are."""
    for digits in range(2, 16):
        made = [_significant(q, digits) for q in inner]
        if len(set(made)) == len(inner) and all(low < b <= high for b in made):
            return made
    return list(inner)


def _significant(value: float, digits: int) -> float:
    if not value:
        return 0.0
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


def _placed(schema: Schema) -> Expr:
    return exp.not_(t.absent(t.column(POINT if schema.geometry == "point" else SHAPE)))


def _boolean(value: str | None) -> Expr:
    return exp.true() if value == "oui" else exp.false()


def _text(value: object) -> str | None:
    return (
        None
        if value is None
        else {True: "oui", False: "non"}[value]
        if isinstance(value, bool)
        else str(value)
    )


def _int(value: object) -> int:
    return 0 if value is None else int(str(value))


_DOT = re.compile(r"M(-?\d+) (-?\d+)h0")

MARKS = (
    "M{x} {y}m-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z",
    "M{x} {y}m-5 -5h10v10h-10z",
    "M{x} {y}m0 -6l6 11h-12z",
    "M{x} {y}m0 -7l6 7l-6 7l-6 -7z",
    "M{x} {y}m-6 -2h4v-4h4v4h4v4h-4v4h-4v-4h-4z",
)
"""A disc, a square, a triangle, a diamond and a cross: what tells categories apart without their colour."""


def marked(dots: str, mark: int) -> str:
    """Dots of a picture as marks of a category."""
    return _DOT.sub(lambda place: MARKS[mark].format(x=place[1], y=place[2]), dots)


WIDTHS = (6, 9, 12, 16, 21)
"""Units of the picture of the dot of each class."""


CROWD = 300
"""Rows from which the dots of a map are drawn smaller."""


def sizes(count: int, placed: int) -> tuple[int, ...]:
    """Dots of so many classes: the largest is always as large, where rows are few."""
    widths = WIDTHS[len(WIDTHS) - count :]
    return widths if placed <= CROWD else tuple(-(-w // 2) for w in widths)
