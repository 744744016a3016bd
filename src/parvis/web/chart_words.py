"""What a chart says in words, and its figures as a table: the same as what is drawn, for who does not see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from babel.dates import format_datetime

from parvis.core.language import Language, mark
from parvis.core.types import Column
from parvis.web.chart_choice import Kind
from parvis.web.chart_figures import Bar, ChartView

KINDS: Mapping[Kind, str] = {
    "bar": mark("barres"),
    "line": mark("ligne"),
    "area": mark("aire"),
    "histogram": mark("histogramme"),
    "scatter": mark("nuage de points"),
    "pair": mark("deux mesures"),
    "stacked": mark("empilé"),
}

FIGURES = 400
"""Lines of the table of figures: all that is drawn, but of a cloud, whose rows are in the table of the page."""

_PATTERNS: Mapping[str, str] = {
    "year": "yyyy", "month": "MMMM yyyy", "day": "d MMMM yyyy", "hour": "d MMMM yyyy HH:mm",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a chart as a table: what heads each column and its unit, then rows of texts whose first
    names the row.
    """

    heads: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]


def named(column: Column) -> str:
    """What people call a column."""
    return column.title or column.name


def title(view: ChartView, language: Language) -> str:
    """What is drawn, « Somme de « Montant » selon « Année », en € »."""
    x, y = named(view.x), named(view.y) if view.y else ""
    unit = view.y.unit if view.y else ""
    if view.kind == "histogram":
        text, unit = language.say("Répartition de « %(x)s »", x=x), view.x.unit
    elif view.kind == "scatter":
        return language.say(
            "« %(y)s » selon « %(x)s », ligne par ligne", y=_with_unit(view.y), x=_with_unit(view.x)
        )
    elif view.kind == "pair":
        pair = {"y": _with_unit(view.y), "y2": _with_unit(view.y2), "x": x}
        return (
            language.say("Sommes de « %(y)s » et de « %(y2)s » selon « %(x)s »", **pair)
            if view.how == "sum"
            else language.say("Moyennes de « %(y)s » et de « %(y2)s » selon « %(x)s »", **pair)
        )
    elif view.how == "count":
        text = language.say("Nombre de lignes selon « %(x)s »", x=x)
    elif view.how == "sum":
        text = language.say("Somme de « %(y)s » selon « %(x)s »", y=y, x=x)
    else:
        text = language.say("Moyenne de « %(y)s » selon « %(x)s »", y=y, x=x)
    if view.by is not None:
        text = language.say("%(text)s, par « %(by)s »", text=text, by=named(view.by))
    return language.say("%(text)s, en %(unit)s", text=text, unit=unit) if unit else text


def _with_unit(column: Column | None) -> str:
    return "" if column is None else f"{named(column)} ({column.unit})" if column.unit else named(column)


def sentence(view: ChartView, language: Language) -> str:
    """What is seen: the ends, what is left out."""
    texts = {
        "histogram": _of_spread,
        "scatter": _of_cloud,
        "pair": _of_pair,
        "stacked": _of_parts,
    }
    parts = [texts.get(view.kind, _of_ends)(view, language), *_left(view, language)]
    return " ".join(parts)


def _of_ends(view: ChartView, language: Language) -> str:
    return _ends(view, language, view.bars)


def _ends(view: ChartView, language: Language, bars: tuple[Bar, ...]) -> str:
    low, high = min(bars, key=lambda b: b.y), max(bars, key=lambda b: b.y)
    return language.count(
        "%(n)s valeur : %(high)s (%(high_x)s).",
        "%(n)s valeurs, de %(low)s (%(low_x)s) à %(high)s (%(high_x)s).",
        len(bars),
        low=language.number(low.y, 2),
        low_x=place(low.x, view, language),
        high=language.number(high.y, 2),
        high_x=place(high.x, view, language),
    )


def _of_pair(view: ChartView, language: Language) -> str:
    return " ".join(
        language.say(
            "« %(name)s » : %(text)s",
            name=series(view, language)(name),
            text=_ends(view, language, tuple(b for b in view.bars if b.series == name)),
        )
        for name in view.series
    )


def _of_parts(view: ChartView, language: Language) -> str:
    """The largest part, and how much of the whole it makes where parts add up."""
    totals = {s: sum(b.y for b in view.bars if b.series == s) for s in view.series if s is not None}
    whole = sum(b.y for b in view.bars)
    text = language.count("%(n)s ensemble.", "%(n)s ensembles.", len(view.positions))
    if not totals:
        return text
    first = max(totals, key=lambda s: totals[s])
    text = language.say(
        "%(text)s Parts, dans l’ordre : %(parts)s.", text=text, parts=_numbered(view, language)
    )
    if whole > 0 and all(b.y >= 0 for b in view.bars):
        return language.say(
            "%(text)s La plus grande part : « %(name)s », %(part)s de ce qui est tracé.",
            text=text,
            name=series(view, language)(first),
            part=language.percent(totals[first] / whole),
        )
    return language.say(
        "%(text)s Le plus grand total : « %(name)s », %(n)s.",
        text=text,
        name=series(view, language)(first),
        n=language.number(totals[first], 2),
    )


def _numbered(view: ChartView, language: Language) -> str:
    """Each part with the number that it bears in the drawing and its total: « 1 voirie (1 200) »."""
    return ", ".join(
        f"{n} {series(view, language)(s)} ({language.number(sum(b.y for b in view.bars if b.series == s), 2)})"
        for n, s in enumerate(view.series, 1)
    )


def _of_spread(view: ChartView, language: Language) -> str:
    s = view.spread
    n = int(sum(b.y for b in view.bars))
    if s is None or s.low == s.high:
        return language.count(
            "%(n)s valeur : %(x)s.",
            "%(n)s valeurs, toutes égales à %(x)s.",
            n,
            x=language.number(s.low if s else 0, 2),
        )
    return language.count(
        "%(n)s valeur, de %(low)s à %(high)s ; la moitié sont entre %(a)s et %(b)s, la médiane est %(half)s.",
        "%(n)s valeurs, de %(low)s à %(high)s ; la moitié sont entre %(a)s et %(b)s, la médiane est %(half)s.",
        n,
        low=language.number(s.low, 2),
        high=language.number(s.high, 2),
        a=language.number(s.quarter, 2),
        b=language.number(s.three, 2),
        half=language.number(s.half, 2),
    )


def _of_cloud(view: ChartView, language: Language) -> str:
    text = language.count("%(n)s ligne.", "%(n)s lignes.", view.of)
    if view.correlation is None:
        return text
    return language.say(
        "%(text)s Corrélation linéaire : %(r)s (−1 ou 1 : une droite ; 0 : aucune). Elle ne dit pas qu’une mesure cause l’autre.",
        text=text,
        r=language.number(view.correlation, 2),
    )


def _left(view: ChartView, language: Language) -> list[str]:
    """What is not drawn."""
    texts: list[str] = []
    if view.cut and view.step:
        texts.append(
            language.count(
                "La valeur la plus récente de %(n)s.",
                "Les %(m)s plus récentes de %(n)s.",
                view.of,
                m=language.number(len(view.positions)),
            )
        )
    elif view.cut:
        n, of = language.number(len(view.positions)), language.number(view.of)
        if view.part is not None:
            texts.append(
                language.say(
                    "Ce sont les %(n)s plus grandes de %(of)s, qui font %(part)s du total ; les autres sont dans la table.",
                    n=n,
                    of=of,
                    part=language.percent(view.part),
                )
            )
        else:
            texts.append(
                language.say(
                    "Ce sont les %(n)s plus grandes de %(of)s ; les autres sont dans la table.", n=n, of=of
                )
            )
    edges = _open_ends(view)
    if edges:
        texts.append(language.say("Les valeurs plus lointaines sont comptées dans la classe du bord."))
    if view.left_out:
        texts.append(
            language.count(
                "%(n)s ligne sans valeur n’y est pas.",
                "%(n)s lignes sans valeur n’y sont pas.",
                view.left_out,
            )
        )
    return texts


def _open_ends(view: ChartView) -> bool:
    s = view.spread
    if s is None or not view.bars:
        return False
    return s.low < float(view.bars[0].x) or s.high > float(view.bars[-1].x) + s.width


def place(text: str, view: ChartView, language: Language) -> str:
    """A value of the axis in words, as precise as its step."""
    if view.kind == "histogram":
        low, width = float(text), view.spread.width if view.spread else 1.0
        if view.x.type == "integer" and width == 1:
            return language.number(low, 0)
        return language.say(
            "%(low)s à %(high)s", low=language.number(low, 6), high=language.number(low + width, 6)
        )
    if view.kind == "scatter":
        return language.number(float(text), 2)
    if not view.step or (view.step == "year" and "-" not in text):
        return language.say(text) if text in ("oui", "non") else text
    return format_datetime(
        datetime.fromisoformat(text), _PATTERNS[view.step], tzinfo=UTC, locale=language.locale
    )


def series(view: ChartView, language: Language) -> Callable[[str | None], str]:
    """What a part is called: the title of a measure, a category, or all the others."""
    titles = {c.name: named(c) for c in (view.y, view.y2) if c is not None} if view.kind == "pair" else {}
    if view.y is not None and view.y2 is not None and len(set(titles.values())) < len(titles):
        titles = {name: f"{text} ({name})" for name, text in titles.items()}

    def text(name: str | None) -> str:
        if name is None:
            return language.say("toutes les autres")
        return titles.get(name) or (
            language.say(name) if name in ("oui", "non") else name or language.say("vide")
        )

    return text


def figures(view: ChartView, language: Language) -> Figures:
    """All that is drawn, as a table."""
    x = (named(view.x), view.x.unit)
    if view.kind == "scatter" and view.y is not None:
        heads = (x, (named(view.y), view.y.unit), (language.say("Lignes"), ""))
        return Figures(
            heads,
            tuple(
                (place(b.x, view, language), language.number(b.y, 2), language.number(b.rows))
                for b in view.bars[:FIGURES]
            ),
        )
    measure = (named(view.y), view.y.unit) if view.y else (language.say("Nombre de lignes"), "")
    if view.kind not in ("pair", "stacked"):
        return Figures(
            (x, measure), tuple((place(b.x, view, language), language.number(b.y, 2)) for b in view.bars)
        )
    by_place = {(b.x, b.series): b.y for b in view.bars}
    called = series(view, language)
    units = {c.name: c.unit for c in (view.y, view.y2) if c is not None} if view.kind == "pair" else {}
    heads = (x, *((called(s), units.get(s or "", "") if units else measure[1]) for s in view.series))
    return Figures(
        heads,
        tuple(
            (place(p, view, language), *(language.number(by_place.get((p, s)), 2) for s in view.series))
            for p in view.positions
        ),
    )
