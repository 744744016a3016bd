"""The figures of a chart as Vega-Lite, their values inside it: what the server draws and the browser makes
interactive.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from parvis.core.types import Json
from parvis.services.answers import COLOUR, COLOUR_2
from parvis.web.chart import COLOUR_4, COLOUR_5, COLOUR_REST, PAPER, dressed
from parvis.web.chart_figures import ChartView

PALETTE = (COLOUR, COLOUR_2, COLOUR_4, COLOUR_5, COLOUR_REST)

BAND = 24
"""Pixels of a bar of a category."""

APART = 14
"""Pixels between two labels of an axis at least: letters of the page may be wider than those that the drawing
measures.
"""

_FORMATS: Mapping[str, str] = {"year": "%Y", "month": "%b %Y", "day": "%d %b", "hour": "%d %b %H h"}
_UNITS: Mapping[str, str] = {
    "year": "year", "month": "yearmonth", "day": "yearmonthdate", "hour": "yearmonthdatehours",
}  # fmt: skip

Spec = dict[str, Json]


def spec(view: ChartView, *, text: Callable[[str], str], series: Callable[[str | None], str]) -> Spec:
    """The chart. text: a category as the page writes it; series: what a part is called."""
    if view.kind == "histogram":
        return dressed(_histogram(view))
    if view.kind == "scatter":
        return dressed(_cloud(view))
    names = tuple(series(s) for s in view.series) if view.kind in ("pair", "stacked") else ()
    if view.kind == "stacked":
        names = tuple(f"{n} · {name}" for n, name in enumerate(names, 1))
    values: list[Json] = []
    for b in view.bars:
        value: Spec = {"x": b.x if view.step else text(b.x), "y": b.y}
        place = view.series.index(b.series) if names else 0
        values.append({**value, "s": names[place], "o": place} if names else value)
    made = _over_time(view, names) if view.step else _by_category(view, names)
    if view.kind == "stacked":
        made = _numbered(made, _numbers(view, text), along="y" if view.step else "x")
    return dressed({**made, "data": {"values": values}})


LEAST, MOST_BARS = 0.08, 18
"""Share of the longest bar from which a part has room for its number, and bars beside one another that have."""


def _numbers(view: ChartView, text: Callable[[str], str]) -> list[Json]:
    """Where the number of each part stands: in the middle of each that has room for it, else of its largest one, so that
    colour is never all that tells which is which.
    """
    ends: dict[tuple[str, bool], float] = {}
    middles: list[tuple[str, float, int, float]] = []
    for b in sorted(view.bars, key=lambda b: view.series.index(b.series)):
        start = ends.get((b.x, b.y >= 0), 0.0)
        ends[(b.x, b.y >= 0)] = start + b.y
        middles.append((b.x, start + b.y / 2, view.series.index(b.series), abs(b.y)))
    room = LEAST * max((abs(end) for end in ends.values()), default=0.0)
    many = bool(view.step) and len(view.positions) > MOST_BARS
    largest: dict[int, tuple[str, float, int, float]] = {}
    for one in middles:
        if one[2] not in largest or one[3] > largest[one[2]][3]:
            largest[one[2]] = one
    shown = largest.values() if many else [m for m in middles if m[3] >= room or m == largest[m[2]]]
    return [
        {"x": x if view.step else text(x), "m": middle, "k": str(place + 1)}
        for x, middle, place, size in shown
        if size
    ]


def _numbered(made: Spec, numbers: list[Json], *, along: str) -> Spec:
    """Parts with their numbers on discs of the paper, legible on each colour. along: the axis on which parts add up."""
    encoding = made["encoding"]
    if not isinstance(encoding, dict):
        raise TypeError("a stacked chart without encoding")
    axes = {name: one for name, one in encoding.items() if name in ("x", "y")}
    parts: Spec = {"mark": made["mark"], "encoding": {n: one for n, one in encoding.items() if n not in axes}}
    across = axes["x" if along == "y" else "y"]
    place: Spec = {along: {"field": "m", "type": "quantitative", "title": None}}
    if along == "y" and isinstance(across, dict):
        place["x"] = {**across, "bandPosition": 0.5}
    disc: Spec = {
        "data": {"values": numbers},
        "mark": {"type": "circle", "size": 210, "opacity": 1, "color": PAPER},
        "encoding": place,
    }
    number: Spec = {
        "data": {"values": numbers},
        "mark": {"type": "text", "fontSize": 11, "fontWeight": "bold", "color": "currentColor"},
        "encoding": {**place, "text": {"field": "k", "type": "nominal"}},
    }
    rest = {name: one for name, one in made.items() if name not in ("mark", "encoding")}
    return {**rest, "encoding": axes, "layer": [parts, disc, number]}


def _number(**more: Json) -> Spec:
    return {
        "field": "y",
        "type": "quantitative",
        "title": None,
        "axis": {"tickCount": 5, "labelOverlap": True, "labelSeparation": APART},
        **more,
    }


def _colour(names: Sequence[str]) -> Spec:
    """Which part is which: by colour, in the order in which they lie."""
    listed: list[Json] = list(names)
    colours: list[Json] = list(PALETTE[: len(names)])
    return {
        "field": "s",
        "type": "nominal",
        "title": None,
        "scale": {"domain": listed, "range": colours},
    }


def _over_time(view: ChartView, names: Sequence[str]) -> Spec:
    points = len(view.positions)
    x: Spec = {
        "field": "x",
        "type": "temporal",
        "timeUnit": f"utc{_UNITS[view.step]}",
        "title": view.x.title or view.x.name,
        "axis": {
            "format": _FORMATS[view.step],
            "grid": False,
            "labelOverlap": True,
            "labelSeparation": APART,
        },
    }
    dot: Json = {"size": 40} if points <= 40 else False
    if view.kind == "stacked":
        mark: Spec = {"type": "bar", **_EDGE} if points <= 60 else {"type": "area", **_EDGE}
        encoding: Spec = {"x": x, "y": _number(), "color": _colour(names), "order": {"field": "o"}}
        return {"mark": mark, "encoding": encoding, **_WIDE}
    if view.kind == "pair":
        line: Spec = {"type": "line", "strokeWidth": 2.5, "point": dot}
        if _apart(view):
            return _panels(
                view,
                names,
                {"mark": {**line, "color": COLOUR} | _dotted(dot)},
                {"x": x, "y": _number()},
                height=130,
            )
        dash: Spec = {
            "field": "s",
            "type": "nominal",
            "title": None,
            "scale": {"domain": list(names), "range": [[1, 0], [6, 4]]},
        }
        return {
            "mark": line,
            "encoding": {"x": x, "y": _number(), "color": _colour(names), "strokeDash": dash},
            **_WIDE,
        }
    if view.kind == "bar":
        return {"mark": {"type": "bar", "color": COLOUR}, "encoding": {"x": x, "y": _number()}, **_WIDE}
    if view.kind == "area":
        area: Spec = {
            "type": "area",
            "color": COLOUR,
            "fillOpacity": 0.35,
            "line": {"color": COLOUR, "strokeWidth": 2},
        }
        return {"mark": area, "encoding": {"x": x, "y": _number()}, **_WIDE}
    one: Spec = {
        "type": "line",
        "color": COLOUR,
        "strokeWidth": 2.5,
        "point": {"color": COLOUR, "size": 40} if dot else False,
    }
    return {"mark": one, "encoding": {"x": x, "y": _number()}, **_WIDE}


_WIDE: Spec = {"width": 640, "height": 260}
_EDGE: Spec = {"stroke": PAPER, "strokeWidth": 1}


def _dotted(dot: Json) -> Spec:
    return {"point": {"color": COLOUR, "size": 40}} if dot else {}


def _by_category(view: ChartView, names: Sequence[str]) -> Spec:
    y: Spec = {
        "field": "x",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"labelLimit": 220, "grid": False},
    }
    bar: Spec = {"type": "bar", "cornerRadiusEnd": 2}
    size: Spec = {"width": 520, "height": {"step": BAND}}
    if view.kind == "stacked":
        encoding: Spec = {"y": y, "x": _number(), "color": _colour(names), "order": {"field": "o"}}
        return {"mark": {"type": "bar", **_EDGE}, "encoding": encoding, **size}
    if view.kind == "pair":
        if _apart(view):
            return _panels(
                view,
                names,
                {"mark": {**bar, "color": COLOUR}},
                {"y": y, "x": _number()},
                height={"step": BAND},
            )
        offset: Spec = {"field": "s", "type": "nominal", "sort": None}
        return {
            "mark": bar,
            "encoding": {"y": y, "yOffset": offset, "x": _number(), "color": _colour(names)},
            "width": 520,
            "height": {"step": BAND * 0.75, "for": "offset"},
        }
    return {"mark": {**bar, "color": COLOUR}, "encoding": {"y": y, "x": _number()}, **size}


def _apart(view: ChartView) -> bool:
    """Whether two measures have scales of their own: of two units, one axis would say nothing."""
    return view.y is not None and view.y2 is not None and view.y.unit != view.y2.unit


def _panels(view: ChartView, names: Sequence[str], made: Spec, encoding: Spec, *, height: Json) -> Spec:
    """One panel a measure, one over the other, over the same axis."""
    row: Spec = {
        "field": "s",
        "type": "nominal",
        "sort": list(names),
        "title": None,
        "header": {
            "labelAngle": 0,
            "labelOrient": "top",
            "labelAnchor": "start",
            "labelColor": "currentColor",
            "labelFontSize": 12,
            "labelLimit": 300,
        },
    }
    scale = "y" if view.step else "x"
    return {
        **made,
        "encoding": {**encoding, "row": row},
        "resolve": {"scale": {scale: "independent"}},
        "width": 520,
        "height": height,
    }


def _histogram(view: ChartView) -> Spec:
    width = view.spread.width if view.spread else 1.0
    values: list[Json] = [{"x": float(b.x), "x2": round(float(b.x) + width, 10), "y": b.y} for b in view.bars]
    x: Spec = {
        "field": "x",
        "type": "quantitative",
        "bin": {"binned": True, "step": width},
        "title": view.x.title or view.x.name,
        "axis": {"grid": False, "labelOverlap": True, "labelSeparation": APART, "tickCount": 8},
    }
    return {
        "data": {"values": values},
        "mark": {"type": "bar", "color": COLOUR},
        "encoding": {"x": x, "x2": {"field": "x2"}, "y": _number()},
        **_WIDE,
    }


def _cloud(view: ChartView) -> Spec:
    values: list[Json] = [{"x": float(b.x), "y": b.y, "n": b.rows} for b in view.bars]
    many = max((b.rows for b in view.bars), default=1) > 1
    named = view.y.title or view.y.name if view.y else ""
    scale: Spec = {"zero": False, "nice": True}
    axis: Spec = {"labelOverlap": True, "labelSeparation": APART, "tickCount": 6}
    size: Spec = {"field": "n", "type": "quantitative", "legend": None, "scale": {"range": [12, 220]}}
    encoding: Spec = {
        "x": {
            "field": "x",
            "type": "quantitative",
            "title": view.x.title or view.x.name,
            "scale": scale,
            "axis": axis,
        },
        "y": {"field": "y", "type": "quantitative", "title": named, "scale": scale, "axis": axis},
    }
    if many:
        encoding["size"] = size
    return {
        "data": {"values": values},
        "mark": {"type": "circle", "color": COLOUR, "opacity": 0.55, "size": 28},
        "encoding": encoding,
        "width": 600,
        "height": 320,
    }
