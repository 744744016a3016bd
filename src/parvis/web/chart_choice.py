"""Which chart is drawn of a table: the kind, the columns and the sum that the address asks for, completed by what
the columns are fit for.

    ?type=stacked&x=annee&y=montant&calcul=sum&pile=direction

What is asked and cannot be drawn is ignored: an old link still shows a chart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from starlette.datastructures import QueryParams

from parvis.core.text import fold
from parvis.core.types import Column, ColumnProfile

Kind = Literal["bar", "line", "area", "histogram", "scatter", "pair", "stacked"]
Sum = Literal["sum", "mean", "count"]

PARAMETERS = ("type", "x", "y", "y2", "calcul", "pile")
"""What an address says of the chart."""

FEW = 60
"""Distinct values of a text column that is offered as an axis before the others, or as what parts the bars."""

PARTS = 5
"""Parts of a bar that are drawn by name at most."""

PLACES = frozenset(
    {"latitude", "longitude", "lambert93_x", "lambert93_y", "code_postal", "commune_insee", "siret", "siren"}
)
"""Meanings that no sum makes sense of."""

ADDED = frozenset({"€", "k€", "M€", "t", "kg", "l", "m³", "m3", "kWh", "MWh", "GWh", "m²", "m2", "ha", "km"})
"""Units of amounts that add up; of other quantities the mean says more."""

_COUNTED = re.compile(
    r"\b(nombre|nb|effectifs?|total|comptages?|montants?|quantites?|population|passages|entrees|habitants|votes?|realises?|depenses?|recettes?|credits?)\b"
)
"""Words, folded, of columns that count something, whatever they call its unit."""

_TIMES = ("date", "datetime", "year")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a chart shows: `y`, or rows when `how` is count, by `x`; y2: a second measure; by: what parts the
    bars.
    """

    kind: Kind
    x: Column
    y: Column | None
    how: Sum
    y2: Column | None = None
    by: Column | None = None

    @property
    def time(self) -> bool:
        return self.x.type in _TIMES


@dataclass(frozen=True, slots=True)
class Offer:
    """What the columns of a table are fit for."""

    kinds: Annotated[
        tuple[Kind, ...],
        "Sortes possibles : bar, line, area, histogram, scatter, pair (deux mesures), stacked (empilé).",
    ]
    axes: Annotated[tuple[Column, ...], "Colonnes qui peuvent servir d’axe à la sorte tracée."]
    measures: Annotated[tuple[Column, ...], "Colonnes qui peuvent être mesurées."]
    groups: Annotated[tuple[Column, ...], "Colonnes qui peuvent partager les barres."]


def axes(columns: Sequence[Column], profile: Sequence[ColumnProfile]) -> tuple[Column, ...]:
    """Columns that may be the axis: time first, then categories, those with few values first. A column that
    names each row (an identifier, a label) is none.
    """
    known = {p.name: p for p in profile}
    time = [c for c in columns if c.type in _TIMES and (known[c.name].distinct if c.name in known else 0) > 1]
    texts = [c for c in columns if c.type in ("text", "boolean") and c.name in known]
    few = [c for c in texts if 1 < known[c.name].distinct <= FEW]
    many = [
        c for c in texts if FEW < known[c.name].distinct <= (known[c.name].rows - known[c.name].nulls) / 2
    ]
    return (*time, *few, *many)


def measures(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Columns that may be summed or averaged: numbers that are not codes or places."""
    return tuple(
        c for c in columns if c.type in ("integer", "number") and c.meaning not in PLACES and c.unit != "°"
    )


def choose(
    query: QueryParams, columns: Sequence[Column], profile: Sequence[ColumnProfile]
) -> tuple[Choice, Offer] | None:
    """The visitor's choice, completed by ours, and what else could be drawn. None when nothing can be.

    Ours is a line over time, bars by category, else how a number is spread; of an amount that adds up, or the
    mean of a quantity, or the number of rows: a number without a unit is as likely a code.
    """
    may_x, may_y = axes(columns, profile), measures(columns)
    groups = tuple(
        c for c in may_x if c.type in ("text", "boolean") and _distinct(profile, c.name) <= FEW
    )  # what has a thousand values parts nothing
    kinds: tuple[Kind, ...] = tuple(_kinds(may_x, may_y, groups))
    if not kinds:
        return None
    wanted: str = query.get("type", "")
    x = next((c for c in may_x if c.name == query.get("x")), None)
    kind: Kind = _usual(x or next(iter(may_x), None))
    for able in kinds:
        kind = able if able == wanted else kind
    if kind in ("histogram", "scatter"):
        return _of_numbers(query, kind, may_y), Offer(kinds, may_y, may_y, groups)
    fit = tuple(c for c in may_x if c.type in _TIMES) if kind in ("line", "area") else may_x
    first = next((c for c in fit if c.type not in _TIMES), fit[0]) if wanted == "bar" else fit[0]
    x = x if x in fit else first
    y, how = _measure(query, may_y)
    offer = Offer(kinds, fit, may_y, groups)
    if kind == "pair":
        one = y or next(iter(_preferred(may_y)))
        others = [c for c in may_y if c != one]
        alike = next((c for c in others if c.unit == one.unit), others[0])
        two = next((c for c in others if c.name == query.get("y2")), alike)
        return Choice(kind, x, one, _usual_sum(one) if how == "count" else how, y2=two), offer
    if kind == "stacked":
        parts = [c for c in groups if c != x]
        if not parts:  # the only column that parts is the axis: another axis, then
            x = next(c for c in fit if c != groups[0])
            parts = [groups[0]]
        by = next(
            (c for c in parts if c.name == query.get("pile")),
            min(parts, key=lambda c: _fit_to_part(_distinct(profile, c.name))),
        )
        # means of parts add up to nothing
        return (
            Choice(kind, x, None, "count", by=by) if how == "mean" else Choice(kind, x, y, how, by=by)
        ), offer
    return Choice(kind, x, y, how), offer


def _kinds(may_x: Sequence[Column], may_y: Sequence[Column], groups: Sequence[Column]) -> Iterator[Kind]:
    able: dict[Kind, bool] = {
        "bar": bool(may_x),
        "line": any(c.type in _TIMES for c in may_x),
        "area": any(c.type in _TIMES for c in may_x),
        "histogram": bool(may_y),
        "scatter": len(may_y) > 1,
        "pair": bool(may_x) and len(may_y) > 1,
        "stacked": bool(groups) and len(may_x) > 1,
    }
    for kind, fits in able.items():
        if fits:
            yield kind


def _usual(x: Column | None) -> Kind:
    return "histogram" if x is None else "line" if x.type in _TIMES else "bar"


def _of_numbers(query: QueryParams, kind: Kind, may_y: Sequence[Column]) -> Choice:
    ordered = _preferred(may_y)
    x = next((c for c in may_y if c.name == query.get("x")), ordered[0])
    if kind == "histogram":
        return Choice(kind, x, None, "count")
    others = [c for c in ordered if c != x]
    return Choice(kind, x, next((c for c in others if c.name == query.get("y")), others[0]), "count")


def _measure(query: QueryParams, may_y: Sequence[Column]) -> tuple[Column | None, Sum]:
    """What is summed, and how: what is asked, else ours; None and count for rows."""
    asked = query.get("calcul", "")
    if query.get("y") is None:
        best = (*filter(_adds, may_y), *(c for c in may_y if c.unit), *(may_y if asked else ()))
        y = best[0] if best else None
    else:
        y = next((c for c in may_y if c.name == query.get("y")), None)
    if y is None or asked == "count":
        return None, "count"
    return y, "sum" if asked == "sum" else "mean" if asked == "mean" else _usual_sum(y)


def _usual_sum(y: Column) -> Sum:
    return "mean" if y.unit and not _adds(y) else "sum"


def _preferred(may_y: Sequence[Column]) -> tuple[Column, ...]:
    """Quantities before numbers that may be codes."""
    return tuple(sorted(may_y, key=lambda c: not (_adds(c) or c.unit)))


def _distinct(profile: Sequence[ColumnProfile], name: str) -> int:
    return next((p.distinct for p in profile if p.name == name), 0)


def _fit_to_part(distinct: int) -> tuple[bool, int]:
    """As many parts as are drawn by name, or fewer; else the fewest."""
    return (True, distinct) if distinct > PARTS else (False, -distinct)


def _adds(column: Column) -> bool:
    if "/" in column.unit or "%" in column.unit:
        return False
    return (
        column.unit in ADDED
        or _COUNTED.search(fold(f"{column.name} {column.title}".replace("_", " "))) is not None
    )
