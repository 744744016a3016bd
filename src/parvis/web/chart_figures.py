"""The figures of a chart, asked of the engine: the values that it draws, and what of the table they leave out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Annotated

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.released import Public
from parvis.core.types import Column
from parvis.engine import trees as t
from parvis.engine.read import Engine, read
from parvis.web.chart_choice import PARTS, Choice, Kind, Offer, Sum
from parvis.web.table import base, records

CATEGORIES = 20
"""Bars at most: the largest; the others stay in the table."""

MOMENTS = 400
"""Points on a time axis at most, the last ones."""

BINS = 24
"""Classes of a histogram at most."""

ACROSS, UP = 80, 50
"""Cells of a cloud of points: rows of one cell are one dot, at their mean, as large as they are many."""

TAIL = 0.005
"""Part of the values at each end that a histogram may draw as one open class, where they are…"""
FAR = 4.0
"""…so many times as far as the others."""

_STEPS: tuple[tuple[float, str], ...] = ((4 * 365, "year"), (120, "month"), (4, "day"), (0, "hour"))
"""Extent in days over which time is grouped so."""

_NICE = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Bar:
    """One point or bar."""

    x: Annotated[str, "Catégorie, année, instant ISO 8601, nombre, ou début d’une classe."]
    y: Annotated[float, "Valeur."]
    series: Annotated[
        str | None,
        "Colonne mesurée s’il y en a deux, part si la barre est partagée (nul : toutes les autres) ; vide sinon.",
    ] = ""
    rows: Annotated[int, "Lignes qui font le point d’un nuage ; 0 pour les autres sortes."] = 0


@dataclass(frozen=True, slots=True)
class Spread:
    """How numbers are spread."""

    width: Annotated[float, "Largeur d’une classe, dans l’unité de la colonne."]
    low: Annotated[float, "Plus petite valeur."]
    quarter: Annotated[float, "Un quart des valeurs sont au plus égales à celle-ci."]
    half: Annotated[float, "Médiane."]
    three: Annotated[float, "Trois quarts des valeurs sont au plus égales à celle-ci."]
    high: Annotated[float, "Plus grande valeur."]


@dataclass(frozen=True, slots=True)
class ChartView:
    """A chart, and how it was chosen."""

    kind: Annotated[
        Kind,
        "bar : barres, line : ligne, area : aire, histogram : histogramme, scatter : nuage de points, "
        "pair : deux mesures, stacked : barres partagées.",
    ]
    x: Annotated[Column, "Colonne de l’axe."]
    y: Annotated[Column | None, "Colonne mesurée ; vide quand les lignes sont comptées."]
    how: Annotated[Sum, "sum : somme, mean : moyenne, count : nombre de lignes."]
    y2: Annotated[Column | None, "Seconde colonne mesurée, de deux mesures."]
    by: Annotated[Column | None, "Colonne qui partage les barres."]
    bars: Annotated[tuple[Bar, ...], "Valeurs montrées."]
    offer: Annotated[Offer, "Autres graphiques que les colonnes permettent."]
    step: Annotated[str, "Pas de temps : year, month, day, hour ; vide sans axe du temps."] = ""
    cut: Annotated[bool, "Vrai s’il y avait plus de valeurs que le graphique n’en montre."] = False
    of: Annotated[
        int, "Nombre de valeurs de l’axe dans la table, tracées ou non ; de lignes, pour un nuage."
    ] = 0
    part: Annotated[
        float | None, "Part du total que font les valeurs tracées, de 0 à 1 ; absente si rien ne s’ajoute."
    ] = None
    left_out: Annotated[
        int, "Lignes sans valeur pour l’axe ou la mesure : le graphique ne les compte pas."
    ] = 0
    spread: Annotated[Spread | None, "Répartition, d’un histogramme."] = None
    correlation: Annotated[
        float | None,
        "Corrélation linéaire (Pearson) d’un nuage, de −1 à 1 ; absente si une mesure est constante.",
    ] = None

    @property
    def lowest(self) -> Bar:
        return min(self.bars, key=lambda b: b.y)

    @property
    def highest(self) -> Bar:
        return max(self.bars, key=lambda b: b.y)

    @property
    def series(self) -> tuple[str | None, ...]:
        """What parts the values, in the order in which it is drawn."""
        return tuple(dict.fromkeys(b.series for b in self.bars))

    @property
    def positions(self) -> tuple[str, ...]:
        """The values of the axis, in order."""
        return tuple(dict.fromkeys(b.x for b in self.bars))


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that a chart is drawn of: those of a release that pass the filters of the page."""

    engine: Engine
    released: Public
    where: Expr | None = None
    values: Sequence[object] = ()

    def read(self, tree: exp.Select, more: Expr | None = None) -> list[dict[str, object]]:
        for one in (self.where, more):
            tree = tree if one is None else tree.where(one.copy())
        with read(self.engine, self.released.querying(tree), list(self.values)) as result:
            return records(result)

    def one(self, **columns: Expr) -> dict[str, object]:
        (row,) = self.read(base(self.released, *(t.alias(c, n) for n, c in columns.items())))
        return row


def chart(rows: Rows, choice: Choice, offer: Offer) -> ChartView | None:
    """The figures of a chart; None when there are none."""
    if choice.kind == "histogram":
        return _histogram(rows, choice, offer)
    if choice.kind == "scatter":
        return _cloud(rows, choice, offer)
    return _by_axis(rows, choice, offer)


def _view(choice: Choice, offer: Offer, bars: Sequence[Bar]) -> ChartView:
    return ChartView(
        choice.kind, choice.x, choice.y, choice.how, choice.y2, choice.by, tuple(bars), offer, of=len(bars)
    )


def _by_axis(rows: Rows, choice: Choice, offer: Offer) -> ChartView | None:
    """One or two measures, whole or parted, by time or category."""
    x = t.column(choice.x.name)
    measured = [c for c in (choice.y, choice.y2) if c is not None]
    known = exp.and_(*(exp.not_(t.absent(t.column(c.name))) for c in (choice.x, *measured)))
    seen = rows.one(
        all=exp.func("count", exp.Star()),
        placed=exp.func("count_if", known, dialect="duckdb"),
        low=exp.func("min", x.copy()),
        high=exp.func("max", x.copy()),
    )
    step = _step(choice.x, seen["low"], seen["high"])
    key = t.call("date_trunc", t.text(step), x.copy()) if choice.x.type in ("date", "datetime") else x
    value = _sum(choice.how, choice.y)
    tree = base(rows.released, t.alias(key, "x"), t.alias(value, "y")).group_by(t.number(1))
    if choice.y2 is not None:
        tree = tree.select(t.alias(_sum(choice.how, choice.y2), "y2"))
    most = MOMENTS if choice.time else CATEGORIES
    first = exp.Ordered(this=t.number(1 if choice.time else 2), desc=True, nulls_first=False)
    usable = exp.not_(t.absent(x))
    lines = rows.read(tree.order_by(first, t.number(1)).limit(most + 1), usable)
    cut = len(lines) > most
    lines = list(reversed(lines[:most])) if choice.time else lines[:most]
    of, part = len(lines), None
    if cut:
        of, part = _whole(rows, choice, key, lines)
    if choice.kind == "stacked":
        bars = _parts(rows, choice, key, usable, lines)
    elif choice.y is not None and choice.y2 is not None:
        pairs = ((choice.y.name, "y"), (choice.y2.name, "y2"))
        bars = [
            Bar(_text(r["x"]), value, name)
            for name, field in pairs
            for r in lines
            if (value := _finite(r[field])) is not None
        ]
    else:
        bars = [Bar(_text(r["x"]), value) for r in lines if (value := _finite(r["y"])) is not None]
    left = _whole_number(seen["all"]) - _whole_number(seen["placed"])
    if not bars:
        return None
    return replace(_view(choice, offer, bars), step=step, cut=cut, of=of, part=part, left_out=left)


def _whole(
    rows: Rows, choice: Choice, key: Expr, lines: Sequence[Mapping[str, object]]
) -> tuple[int, float | None]:
    """How many values the axis has, and which part of the whole those that are drawn make."""
    seen = rows.one(
        n=exp.Count(this=exp.Distinct(expressions=[key.copy()])),
        y=exp.func("count", t.column(choice.x.name)) if choice.y is None else _sum("sum", choice.y),
        low=t.number(0) if choice.y is None else exp.func("min", t.column(choice.y.name)),
    )
    total, low = _finite(seen["y"]), _finite(seen["low"])
    drawn = [_finite(r["y"]) or 0.0 for r in lines]
    adds = choice.how != "mean" and choice.y2 is None and total and low is not None and low >= 0
    return _whole_number(seen["n"]), sum(drawn) / total if adds and total else None


def _parts(
    rows: Rows, choice: Choice, key: Expr, usable: Expr, lines: Sequence[Mapping[str, object]]
) -> list[Bar]:
    """The bars of `lines` parted by a second category: its largest values by name, the others as one."""
    if choice.by is None:
        raise ValueError("a stacked chart without what parts it")
    tree = base(
        rows.released,
        t.alias(key.copy(), "x"),
        t.alias(t.column(choice.by.name), "s"),
        t.alias(_sum(choice.how, choice.y), "y"),
    ).group_by(t.number(1), t.number(2))
    drawn = {_text(r["x"]) for r in lines}
    more = usable
    if choice.x.type == "text":
        listed = exp.In(this=t.column(choice.x.name), expressions=[t.text(_text(r["x"])) for r in lines])
        more = exp.and_(usable.copy(), listed)
    cells = [
        (_text(r["x"]), None if r["s"] is None else _text(r["s"]), value)
        for r in rows.read(tree, more)
        if _text(r["x"]) in drawn and (value := _finite(r["y"])) is not None
    ]
    weight: dict[str, float] = {}
    for _, part, value in cells:
        if part is not None:
            weight[part] = weight.get(part, 0.0) + abs(value)
    ranked = sorted(weight, key=lambda s: (-weight[s], s))
    named = (
        ranked
        if len(ranked) == PARTS and len(weight) == len({s for _, s, _ in cells})
        else ranked[: PARTS - 1]
    )
    sums: dict[tuple[str, str | None], float] = {}
    for x, part, value in cells:
        place = (x, part if part in named else None)
        sums[place] = sums.get(place, 0.0) + value
    order = [_text(r["x"]) for r in lines]
    return [Bar(x, sums[x, part], part) for part in (*named, None) for x in order if (x, part) in sums]


def _histogram(rows: Rows, choice: Choice, offer: Offer) -> ChartView | None:
    x = t.cast(t.column(choice.x.name), "DOUBLE")
    usable = t.call("isfinite", x.copy())
    at = {
        "quarter": 0.25,
        "half": 0.5,
        "three": 0.75,
        "first": TAIL,
        "last": 1 - TAIL,
        "low": 0.0,
        "high": 1.0,
    }
    only = t.either(usable.copy(), x.copy())
    seen = rows.one(
        all=exp.func("count", exp.Star()),
        n=exp.func("count", only.copy()),
        **{name: t.call("quantile_cont", only.copy(), t.number(q)) for name, q in at.items()},
    )
    n = _whole_number(seen["n"])
    if not n:
        return None
    q = {name: _finite(seen[name]) or 0.0 for name in at}
    width, low, last = _classes(q, whole=choice.x.type == "integer")
    place = t.call(
        "floor",
        exp.Div(this=exp.paren(exp.Sub(this=x, expression=t.number(low))), expression=t.number(width)),
    )
    inside = t.call("least", t.call("greatest", place, t.number(0)), t.number(last))
    tree = base(rows.released, t.alias(inside, "x"), t.alias(exp.func("count", exp.Star()), "y"))
    counts = {
        _whole_number(r["x"]): _whole_number(r["y"]) for r in rows.read(tree.group_by(t.number(1)), usable)
    }
    bars = [Bar(repr(round(low + i * width, 10)), float(counts.get(i, 0))) for i in range(last + 1)]
    spread = Spread(width, q["low"], q["quarter"], q["half"], q["three"], q["high"])
    return replace(_view(choice, offer, bars), left_out=_whole_number(seen["all"]) - n, spread=spread)


def _classes(q: Mapping[str, float], *, whole: bool) -> tuple[float, float, int]:
    """Width, start of the first and index of the last of round classes that hold the values; those far beyond
    the others fall into the class at their end.
    """
    low, high = q["low"], q["high"]
    middle = q["last"] - q["first"]
    if middle > 0 and high - q["last"] > FAR * middle:
        high = q["last"]
    if middle > 0 and q["first"] - low > FAR * middle:
        low = q["first"]
    rough = (high - low) / BINS
    if rough <= 0:
        width = 1.0 if whole or not low else 10.0 ** math.floor(math.log10(abs(low)))
    else:
        scale = 10.0 ** math.floor(math.log10(rough))
        width = next(nice * scale for nice in _NICE if nice * scale >= rough * 0.999)
    width = max(width, 1.0) if whole else width
    start = math.floor(low / width) * width
    return width, start, min(max(math.floor((high - start) / width), 0), BINS + 1)


def _cloud(rows: Rows, choice: Choice, offer: Offer) -> ChartView | None:
    if choice.y is None:
        raise ValueError("a cloud of points without its second measure")
    x, y = (t.cast(t.column(c.name), "DOUBLE") for c in (choice.x, choice.y))
    usable = exp.and_(t.call("isfinite", x.copy()), t.call("isfinite", y.copy()))
    ends = {
        f"{name}_{end}": exp.func(end, t.either(usable.copy(), one.copy()))
        for name, one in (("x", x), ("y", y))
        for end in ("min", "max")
    }
    seen = rows.one(
        all=exp.func("count", exp.Star()),
        n=exp.func("count_if", usable.copy(), dialect="duckdb"),
        r=t.call("corr", t.either(usable.copy(), y.copy()), t.either(usable.copy(), x.copy())),
        **ends,
    )
    n = _whole_number(seen["n"])
    if not n:
        return None

    def cell(value: Expr, name: str, cells: int) -> Expr:
        low, high = (_finite(seen[f"{name}_{end}"]) or 0.0 for end in ("min", "max"))
        width = (high - low) / cells or 1.0
        shifted = exp.paren(exp.Sub(this=value.copy(), expression=t.number(low)))
        return t.call("floor", exp.Div(this=shifted, expression=t.number(width)))

    tree = base(
        rows.released,
        t.alias(cell(x, "x", ACROSS), "a"),
        t.alias(cell(y, "y", UP), "b"),
        t.alias(exp.func("avg", x.copy(), dialect="duckdb"), "x"),
        t.alias(exp.func("avg", y.copy(), dialect="duckdb"), "y"),
        t.alias(exp.func("count", exp.Star()), "n"),
    )
    tree = tree.group_by(t.number(1), t.number(2)).order_by(t.number(1), t.number(2))
    bars = [
        Bar(repr(round(a, 10)), b, rows=_whole_number(r["n"]))
        for r in rows.read(tree, usable)
        if (a := _finite(r["x"])) is not None and (b := _finite(r["y"])) is not None
    ]
    left = _whole_number(seen["all"]) - n
    return replace(_view(choice, offer, bars), of=n, left_out=left, correlation=_finite(seen["r"]))


def _sum(how: Sum, y: Column | None) -> Expr:
    if y is None:
        return t.cast(exp.func("count", exp.Star()), "DOUBLE")
    return t.cast(t.call("avg" if how == "mean" else "sum", t.column(y.name)), "DOUBLE")


def _step(column: Column, low: object, high: object) -> str:
    """Year, month, day or hour: as fits the extent; "" for what is no time."""
    if column.type not in ("date", "datetime"):
        return "year" if column.type == "year" else ""
    if isinstance(low, datetime) and isinstance(high, datetime):
        days = (high - low).total_seconds() / 86400
    elif isinstance(low, date) and isinstance(high, date):
        days = float((high - low).days)
    else:
        return "day"
    step = next(name for extent, name in _STEPS if days >= extent)
    return "day" if step == "hour" and column.type == "date" else step


def _finite(value: object) -> float | None:
    number = None if value is None else float(str(value))
    return number if number is not None and math.isfinite(number) else None


def _whole_number(value: object) -> int:
    return 0 if value is None else int(float(str(value)))


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return {True: "oui", False: "non"}[value] if isinstance(value, bool) else str(value)
