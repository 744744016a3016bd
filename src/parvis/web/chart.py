"""A chart chosen from the columns of a table: one number by time or by category, drawn to SVG here, with the
same figures as a table and a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Literal

import orjson
from sqlglot import exp
from sqlglot.expressions.core import Expr
from starlette.datastructures import QueryParams

from parvis.core.late import late
from parvis.core.released import Public
from parvis.core.text import fold, printable
from parvis.core.types import Column, ColumnProfile, Json
from parvis.engine.read import Engine, read
from parvis.services.answers import COLOUR, COLOUR_2, COLOUR_3
from parvis.web.table import base, records

if TYPE_CHECKING:
    import vl_convert
else:
    vl_convert = late("vl_convert")

Sum = Literal["sum", "mean", "count"]

CATEGORIES = 20
"""Bars at most: the largest; the others stay in the table."""

MOMENTS = 400
"""Points on a time axis at most."""

FEW = 60
"""Distinct values that a text column may have to be a category."""

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

_STEPS: tuple[tuple[float, str], ...] = ((4 * 365, "year"), (120, "month"), (4, "day"), (0, "hour"))
"""Extent in days over which time is grouped so."""

_COLOURS: Mapping[str, str] = {COLOUR: "serie", COLOUR_2: "serie2", COLOUR_3: "serie3"}
"""The colours that stand in what Vega draws for those of the page, and the classes that take their place."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a chart shows: a number (`y`, or rows when `how` is count) by `x`."""

    x: Column
    y: Column | None
    how: Sum

    @property
    def time(self) -> bool:
        return self.x.type in ("date", "datetime", "year")


@dataclass(frozen=True, slots=True)
class Bar:
    """One point or bar."""

    x: Annotated[str, "Catégorie, année, ou instant ISO 8601."]
    y: Annotated[float, "Valeur."]


@dataclass(frozen=True, slots=True)
class ChartView:
    """A chart, and how it was chosen."""

    x: Annotated[Column, "Colonne de l’axe."]
    y: Annotated[Column | None, "Colonne mesurée ; vide quand les lignes sont comptées."]
    how: Annotated[Sum, "sum : somme, mean : moyenne, count : nombre de lignes."]
    step: Annotated[str, "Pas de temps : year, month, day, hour ; vide pour des catégories."]
    bars: Annotated[tuple[Bar, ...], "Valeurs montrées."]
    cut: Annotated[bool, "Vrai s’il y avait plus de valeurs que le graphique n’en montre."]
    axes: Annotated[tuple[Column, ...], "Colonnes qui peuvent servir d’axe."]
    measures: Annotated[tuple[Column, ...], "Colonnes qui peuvent être mesurées."]

    @property
    def lowest(self) -> Bar:
        return min(self.bars, key=lambda b: b.y)

    @property
    def highest(self) -> Bar:
        return max(self.bars, key=lambda b: b.y)


def axes(columns: Sequence[Column], profile: Sequence[ColumnProfile]) -> tuple[Column, ...]:
    """Columns that may be the axis: time first, then categories."""
    held = {p.name: p for p in profile}
    time = [
        c
        for c in columns
        if c.type in ("date", "datetime", "year") and held.get(c.name, _NO_PROFILE).distinct > 1
    ]
    kinds = [
        c
        for c in columns
        if c.type in ("text", "boolean") and 1 < held.get(c.name, _NO_PROFILE).distinct <= FEW
    ]
    return (*time, *kinds)


_NO_PROFILE = ColumnProfile("", "text", 0, 0, 0)


def measures(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Columns that may be summed or averaged: numbers that are not codes or places."""
    return tuple(
        c for c in columns if c.type in ("integer", "number") and c.meaning not in PLACES and c.unit != "°"
    )


def choose(query: QueryParams, columns: Sequence[Column], profile: Sequence[ColumnProfile]) -> Choice | None:
    """The visitor's choice, completed by ours. None when nothing can be an axis.

    Ours is an amount that adds up, or the mean of a quantity, or the number of rows: a number without a unit
    is as likely a code.
    """
    may_x, may_y = axes(columns, profile), measures(columns)
    if not may_x:
        return None
    x = next((c for c in may_x if c.name == query.get("x")), may_x[0])
    asked, asked_how = query.get("y"), query.get("calcul", "")
    if asked is None:
        best = (*filter(_adds, may_y), *(c for c in may_y if c.unit), *(may_y if asked_how else ()))
        y = best[0] if best else None
    else:
        y = next((c for c in may_y if c.name == asked), None)
    ours: Sum = "mean" if y is not None and y.unit and not _adds(y) else "sum"
    how: Sum = (
        "sum"
        if asked_how == "sum"
        else "mean"
        if asked_how == "mean"
        else "count"
        if asked_how == "count"
        else ours
    )
    return Choice(x, None, "count") if y is None or how == "count" else Choice(x, y, how)


def _adds(column: Column) -> bool:
    if "/" in column.unit or "%" in column.unit:
        return False
    return (
        column.unit in ADDED
        or _COUNTED.search(fold(f"{column.name} {column.title}".replace("_", " "))) is not None
    )


def chart(
    engine: Engine,
    released: Public,
    choice: Choice,
    profile: Sequence[ColumnProfile],
    where: Expr | None = None,
    values: Sequence[object] = (),
) -> ChartView | None:
    """The figures of a chart, None when there are none. where, values: the rows that it is drawn of, as the table's
    filters keep them; all of them when None.
    """
    columns = released.schema.columns
    x = exp.column(choice.x.name, quoted=True)
    step = (
        _step(engine, released, choice.x, where, values)
        if choice.x.type in ("date", "datetime")
        else "year"
        if choice.x.type == "year"
        else ""
    )
    key: Expr = (
        exp.func("date_trunc", exp.Literal.string(step), x.copy(), dialect="duckdb")
        if choice.x.type in ("date", "datetime")
        else x.copy()
    )
    value: Expr = exp.func("count", exp.Star())
    if choice.y is not None:
        value = exp.func(
            "sum" if choice.how == "sum" else "avg", exp.column(choice.y.name, quoted=True), dialect="duckdb"
        )
    most = MOMENTS if choice.time else CATEGORIES
    tree = base(
        released, exp.alias_(key, "x", quoted=True), exp.alias_(exp.cast(value, "DOUBLE"), "y", quoted=True)
    )
    tree = tree.where(exp.not_(exp.Is(this=x.copy(), expression=exp.null()))).group_by(exp.Literal.number(1))
    if where is not None:
        tree = tree.where(where.copy())
    order = (
        exp.Ordered(this=exp.Literal.number(1), desc=True, nulls_first=False)
        if choice.time
        else exp.Ordered(this=exp.Literal.number(2), desc=True, nulls_first=False)
    )
    with read(
        engine, released.querying(tree.order_by(order, exp.Literal.number(1)).limit(most + 1)), list(values)
    ) as found:
        rows = records(found)
    bars = [Bar(_text(r["x"]), float(str(r["y"]))) for r in rows[:most] if r["y"] is not None]
    if not bars:
        return None
    return ChartView(
        choice.x,
        choice.y,
        choice.how,
        step,
        tuple(reversed(bars)) if choice.time else tuple(bars),
        len(rows) > most,
        axes(columns, profile),
        measures(columns),
    )


def _step(
    engine: Engine, released: Public, column: Column, where: Expr | None, values: Sequence[object]
) -> str:
    """Year, month, day or hour: as fits the extent."""
    ref = exp.column(column.name, quoted=True)
    tree = base(
        released,
        exp.alias_(exp.func("min", ref), "a", quoted=True),
        exp.alias_(exp.func("max", ref.copy()), "b", quoted=True),
    )
    tree = tree if where is None else tree.where(where.copy())
    with read(engine, released.querying(tree), list(values)) as found:
        (row,) = records(found)
    low, high = row["a"], row["b"]
    if isinstance(low, datetime) and isinstance(high, datetime):
        days = (high - low).total_seconds() / 86400
    elif isinstance(low, date) and isinstance(high, date):
        days = float((high - low).days)
    else:
        return "day"
    step = next(name for extent, name in _STEPS if days >= extent)
    return "day" if step == "hour" and column.type == "date" else step


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return {True: "oui", False: "non"}[value] if isinstance(value, bool) else str(value)


def spec(view: ChartView, *, title: str, words: Mapping[str, str]) -> dict[str, Json]:
    """The chart as Vega-Lite, its values inside it. title: of the axis of time (the measure is named above
    the chart, where it never meets the labels).

    words: text of each category as the page writes it.
    """
    values: list[Json] = [{"x": words.get(b.x, b.x), "y": b.y} for b in view.bars]
    axis: dict[str, Json] = {
        "labelColor": "currentColor",
        "titleColor": "currentColor",
        "domainColor": "currentColor",
        "tickColor": "currentColor",
    }
    quiet: dict[str, Json] = {**axis, "gridColor": "currentColor", "gridOpacity": 0.15}
    y: dict[str, Json] = {
        "field": "y",
        "type": "quantitative",
        "title": None,
        "axis": {**quiet, "tickCount": 5},
    }
    if view.step:
        times: dict[str, Json] = {
            **axis,
            "format": _FORMATS[view.step],
            "grid": False,
            "labelOverlap": True,
            "labelSeparation": 6,
        }
        x: dict[str, Json] = {
            "field": "x",
            "type": "temporal",
            "timeUnit": f"utc{_UNITS[view.step]}",
            "title": title,
            "axis": times,
        }
        mark: dict[str, Json] = {
            "type": "line",
            "color": COLOUR,
            "strokeWidth": 2.5,
            "point": {"color": COLOUR, "size": 40} if len(values) <= 40 else False,
        }
        encoding: dict[str, Json] = {"x": x, "y": y}
        size: dict[str, Json] = {"width": 640, "height": 260}
    else:
        names: dict[str, Json] = {
            "field": "x",
            "type": "nominal",
            "sort": None,
            "title": None,
            "axis": {**axis, "labelLimit": 220, "grid": False},
        }
        mark = {"type": "bar", "color": COLOUR, "cornerRadiusEnd": 2}
        encoding = {"y": names, "x": y}
        size = {"width": 520, "height": {"step": 24}}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        **size,
        "data": {"values": values},
        "mark": mark,
        "encoding": encoding,
        "background": None,
        "view": {"stroke": None},
        "config": {"aria": False, "font": "sans-serif", "axis": {"labelFontSize": 12, "titleFontSize": 12}},
    }


_FORMATS: Mapping[str, str] = {"year": "%Y", "month": "%b %Y", "day": "%d %b", "hour": "%d %b %H h"}
_UNITS: Mapping[str, str] = {
    "year": "year",
    "month": "yearmonth",
    "day": "yearmonthdate",
    "hour": "yearmonthdatehours",
}


_NOISE = re.compile(r' (?:role|aria-[a-z]+|pointer-events)="[^"]*"')
"""What Vega says of each mark, in English: the picture has a name and a sentence of ours instead."""


@lru_cache(maxsize=256)
def _drawn(text: str, french: bool) -> str:
    """A pure function of the spec, and slow the first time: remembered."""
    if french:
        return vl_convert.vegalite_to_svg(
            text, allowed_base_urls=[], format_locale="fr-FR", time_format_locale="fr-FR"
        )
    return vl_convert.vegalite_to_svg(
        text, allowed_base_urls=[], format_locale="en-GB", time_format_locale="en-GB"
    )


def drop() -> None:
    """Forget the charts that were drawn: something was taken down."""
    _drawn.cache_clear()


def dressed(said: Mapping[str, Json]) -> dict[str, Json]:
    """A chart of a service with what all charts of the portal share: no ground of its own, axes in the colour
    of the text, the portal's type.
    """
    quiet: dict[str, Json] = {
        "labelColor": "currentColor",
        "titleColor": "currentColor",
        "domainColor": "currentColor",
        "tickColor": "currentColor",
        "gridColor": "currentColor",
        "gridOpacity": 0.15,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "labelSeparation": 6,
    }
    legend: dict[str, Json] = {
        "labelColor": "currentColor",
        "titleColor": "currentColor",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "orient": "top",
    }
    whole: dict[str, Json] = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": 560,
        "height": 240,
        "view": {"stroke": None},
    }
    ours: dict[str, Json] = {
        "background": None,
        "config": {"aria": False, "font": "sans-serif", "axis": quiet, "legend": legend},
    }
    return {**whole, **said, **ours}


NARROW = 340
"""Pixels that a chart may take on a phone: a screen of 390 less its margins."""


def narrowed(said: Mapping[str, Json]) -> dict[str, Json]:
    """The same chart drawn for a phone, not shrunk to it: its letters stay as large as those of the text. A single
    panel is fitted, labels included; several are made as wide as leaves room for theirs.
    """
    config = said.get("config")
    axis = {"labelLimit": 130, "labelOverlap": True, "titleLimit": 240}
    legend = {"columns": 1, "labelLimit": 260, "orient": "top"}
    whole: dict[str, Json] = dict(config) if isinstance(config, dict) else {}
    for name, more in (("axis", axis), ("legend", legend)):
        had = whole.get(name)
        whole[name] = {**(had if isinstance(had, dict) else {}), **more}
    encoding = said.get("encoding")
    panels = isinstance(encoding, dict) and any(n in encoding for n in ("row", "column", "facet"))
    size: dict[str, Json] = (
        {"width": NARROW - 110}
        if panels
        else {"width": NARROW, "autosize": {"type": "fit-x", "contains": "padding"}}
    )
    return {**said, **size, "config": whole}


def _writable(said: Json) -> Json:
    """The same with every text as XML can write it."""
    if isinstance(said, str):
        return printable(said)
    if isinstance(said, list):
        return [_writable(one) for one in said]
    return {printable(name): _writable(one) for name, one in said.items()} if isinstance(said, dict) else said


def svg(said: Mapping[str, Json], *, french: bool, labelled: str) -> str:
    """The chart as SVG that can stand in the page: named by the elements of these ids, coloured by the page's
    style.

    Its texts lose what no SVG can hold: vl-convert ends the whole process on a control character (M: 1.9.0,
    `text.rs` panics across the language border).
    """
    drawn = _drawn(orjson.dumps(_writable(dict(said)), option=orjson.OPT_SORT_KEYS).decode(), french)
    head, rest = drawn.split(">", 1)
    rest = _NOISE.sub("", rest)
    for colour, name in _COLOURS.items():
        rest = rest.replace(f'fill="{colour}"', f'class="{name}-fill"').replace(
            f'stroke="{colour}"', f'class="{name}-line"'
        )
    box = head[head.index("viewBox=") :]
    return f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{labelled}" {box}>{rest}'
