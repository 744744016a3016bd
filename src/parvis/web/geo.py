"""Where the rows of a table are: a picture drawn by the server, and GeoJSON for the map of the browser.
Nothing comes from outside.

The picture is an equirectangular drawing of the part of the world where the rows lie; a point far from all
others does not shrink it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Never

import orjson
from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.released import Released
from parvis.core.types import POINT, SHAPE, Column, Json
from parvis.engine.read import Engine, read
from parvis.web.map_values import Valued, conditions, marked
from parvis.web.table import base, records

WIDTH, HEIGHT = 800, 450
"""Units of the picture."""

CELL = 5
"""Points nearer than so many units are one dot of the picture."""

MOST_FEATURES = 5000
"""Objects that the browser's map receives."""

MOST_SHAPES = 400
"""Shapes in the picture."""

POPUP = 8
"""Columns that a popup of the map shows."""

NOTHING: Mapping[str, Never] = MappingProxyType({})

Box = tuple[float, float, float, float]
"""lon min, lat min, lon max, lat max, in degrees WGS 84."""


@dataclass(frozen=True, slots=True)
class MapView:
    """The rows of a table on a map."""

    box: Annotated[Box, "Emprise montrée : lon min, lat min, lon max, lat max, en degrés WGS 84."]
    placed: Annotated[int, "Nombre de lignes filtrées qui ont une position."]
    far: Annotated[int, "Parmi elles, celles qui sont si loin des autres que l’image les laisse de côté."]
    shown: Annotated[int, "Nombre d’objets que la carte interactive reçoit, 5 000 au plus."]
    geojson: Annotated[str, "Adresse des objets en GeoJSON."]
    valued: Annotated[Valued | None, "Valeur montrée, en classes ; absente si la carte dit seulement où."] = (
        None
    )
    choices: Annotated[tuple[Column, ...], "Colonnes que la carte peut montrer."] = ()


@dataclass(frozen=True, slots=True)
class Drawing:
    """The picture, as SVG paths. dots: one zero-length stroke a place.

    Of a service: dots are the places that meet the need that is looked for, rings those that do not, a cross
    marks where the search starts, `here` says it in degrees, « lon lat »; need: what is looked for, title:
    what the objects of the interactive map call it.
    """

    land: str
    dots: str
    shapes: str
    rings: str = ""
    cross: str = ""
    here: str = ""
    need: str = ""
    title: str = ""
    classes: tuple[tuple[str, str], ...] = ()
    """Of a map by value: the kind of marks (`dots`, `symbol`, `area`, `line`) and the path of each class."""
    hollow: str = ""
    """Of the same: what has no value."""


@dataclass(frozen=True, slots=True)
class Extent:
    """Where the rows of a table lie. placed: rows that have a position; far: those so far from the others
    that the picture leaves them out.
    """

    box: Box
    placed: int
    far: int


FENCE = 3.0
"""Interquartile ranges beyond the quartiles from which a position is far from the others (Tukey's outer
fence)…
"""
NEAR = 0.2
"""…but never nearer than so many degrees, some 20 km: a city's tables crowd in its centre."""


def extent(engine: Engine, released: Released, where: Expr | None, values: Sequence[object]) -> Extent | None:
    """Where the rows lie; None when none has a position. A swapped or mistyped point does not pull the
    picture away: it is counted, and left out.
    """
    point = released.schema.geometry == "point"
    lon, lat = _lon_lat(point)

    def ask(*columns: Expr) -> dict[str, object]:
        tree = base(released, *columns)
        with read(engine, released.querying(tree if where is None else tree.where(where)), values) as found:
            (row,) = records(found)
        return row

    sides = (("w", lon, "0.25"), ("e", lon, "0.75"), ("s", lat, "0.25"), ("n", lat, "0.75"))
    quartiles = ask(
        *(
            exp.alias_(
                exp.func("quantile_cont", c.copy(), exp.Literal.number(q), dialect="duckdb"),
                name,
                quoted=True,
            )
            for name, c, q in sides
        )
    )
    if quartiles["w"] is None:
        return None
    q = {name: float(str(quartiles[name])) for name, _, _ in sides}
    wide, high = (max(FENCE * (q[b] - q[a]), NEAR) for a, b in (("w", "e"), ("s", "n")))
    inside = exp.and_(
        _between(lon, q["w"] - wide, q["e"] + wide), _between(lat, q["s"] - high, q["n"] + high)
    )
    edges = (
        (lon, lat, lon, lat)
        if point
        else tuple(_envelope(side) for side in ("ST_XMin", "ST_YMin", "ST_XMax", "ST_YMax"))
    )
    ends = zip(("w", "s", "e", "n"), ("min", "min", "max", "max"), edges, strict=True)
    row = ask(
        exp.alias_(exp.func("count", lon.copy()), "all", quoted=True),
        exp.alias_(exp.func("count_if", inside, dialect="duckdb"), "near", quoted=True),
        *(
            exp.alias_(
                exp.func(f, exp.Case(ifs=[exp.If(this=inside.copy(), true=edge.copy())]), dialect="duckdb"),
                name,
                quoted=True,
            )
            for name, f, edge in ends
        ),
    )
    count, near = int(str(row["all"])), int(str(row["near"]))
    w, s, e, n = (float(str(row[name])) for name in ("w", "s", "e", "n"))
    margin = max(e - w, n - s, 0.004) * 0.08
    return Extent((w - margin, s - margin, e + margin, n + margin), count, count - near)


def _between(value: Expr, low: float, high: float) -> Expr:
    return exp.Between(
        this=value.copy(), low=exp.Literal.number(f"{low:.9f}"), high=exp.Literal.number(f"{high:.9f}")
    )


def _lon_lat(point: bool) -> tuple[Expr, Expr]:
    if point:
        return exp.Dot(
            this=exp.column(POINT, quoted=True), expression=exp.to_identifier("lon", quoted=True)
        ), exp.Dot(this=exp.column(POINT, quoted=True), expression=exp.to_identifier("lat", quoted=True))
    centre = _call("ST_Centroid", _geometry())
    return _call("ST_X", centre), _call("ST_Y", centre.copy())


def _call(name: str, *arguments: Expr) -> Expr:
    return exp.Anonymous(this=name, expressions=list(arguments))


def _geometry() -> Expr:
    return _call("ST_GeomFromWKB", exp.column(SHAPE, quoted=True))


def _envelope(side: str) -> Expr:
    return _call(side, _geometry())


@dataclass(frozen=True, slots=True)
class Frame:
    """From degrees to units of the picture: the box, fitted and centred."""

    west: float
    north: float
    scale: float
    squeeze: float
    left: float
    top: float

    @staticmethod
    def over(box: Box) -> Frame:
        w, s, e, n = box
        squeeze = max(math.cos(math.radians((s + n) / 2)), 0.05)
        scale = min(WIDTH / max((e - w) * squeeze, 1e-9), HEIGHT / max(n - s, 1e-9))
        return Frame(
            w, n, scale, squeeze, (WIDTH - (e - w) * squeeze * scale) / 2, (HEIGHT - (n - s) * scale) / 2
        )

    def place(self, lon: float, lat: float) -> tuple[int, int]:
        return round(self.left + (lon - self.west) * self.squeeze * self.scale), round(
            self.top + (self.north - lat) * self.scale
        )


def drawing(
    engine: Engine,
    released: Released,
    where: Expr | None,
    values: Sequence[object],
    box: Box,
    land: Iterable[Released] = (),
) -> Drawing:
    """The picture of the rows in a box, over the outlines of `land`."""
    frame = Frame.over(box)
    ground = "".join(
        _outline(engine, one, None, (), frame) for one in land if one.versions != released.versions
    )
    if released.schema.geometry == "point":
        return Drawing(ground, _dots(engine, released, where, values, frame), "")
    return Drawing(ground, "", _outline(engine, released, where, values, frame))


def by_value(
    engine: Engine,
    released: Released,
    where: Expr | None,
    values: Sequence[object],
    view: MapView,
    land: Iterable[Released] = (),
) -> Drawing:
    """The picture of a map by value: one path a class."""
    if view.valued is None:
        return drawing(engine, released, where, values, view.box, land)
    frame = Frame.over(view.box)
    ground = "".join(
        _outline(engine, one, None, (), frame) for one in land if one.versions != released.versions
    )
    point = released.schema.geometry == "point"
    draw = _dots if point else _outline
    *paths, hollow = (
        draw(engine, released, more if where is None else exp.and_(where.copy(), more), values, frame)
        for more in conditions(view.valued)
    )
    if point and not view.valued.numbers:
        made = [("symbol", marked(path, i)) for i, path in enumerate(paths)]
    else:
        made = [("dots" if point else "area" if "z" in path else "line", path) for path in paths]
    return Drawing(ground, "", "", classes=tuple(made), hollow=hollow)


def _dots(
    engine: Engine, released: Released, where: Expr | None, values: Sequence[object], frame: Frame
) -> str:
    """One dot a cell, whatever the number of rows: the engine groups them."""
    lon, lat = _lon_lat(True)
    step = exp.Literal.number(f"{CELL / frame.scale:.9f}")
    wide = exp.Literal.number(f"{CELL / frame.scale / frame.squeeze:.9f}")
    x = exp.alias_(
        exp.Mul(
            this=exp.paren(exp.func("round", exp.Div(this=lon, expression=wide))), expression=wide.copy()
        ),
        "x",
        quoted=True,
    )
    y = exp.alias_(
        exp.Mul(
            this=exp.paren(exp.func("round", exp.Div(this=lat, expression=step))), expression=step.copy()
        ),
        "y",
        quoted=True,
    )
    tree = base(released, x, y)
    tree = (tree if where is None else tree.where(where)).distinct()
    with read(engine, released.querying(tree), values) as found:
        places = sorted(
            {
                frame.place(float(str(r["x"])), float(str(r["y"])))
                for r in records(found)
                if r["x"] is not None and r["y"] is not None
            }
        )
    return "".join(
        f"M{x} {y}h0" for x, y in places if -CELL <= x <= WIDTH + CELL and -CELL <= y <= HEIGHT + CELL
    )


def _outline(
    engine: Engine, released: Released, where: Expr | None, values: Sequence[object], frame: Frame
) -> str:
    """Shapes as one path, simplified to a unit of the picture."""
    simple = _call("ST_SimplifyPreserveTopology", _geometry(), exp.Literal.number(f"{1 / frame.scale:.9f}"))
    tree = base(
        released, exp.alias_(exp.cast(_call("ST_AsGeoJSON", simple), "VARCHAR"), "g", quoted=True)
    ).limit(MOST_SHAPES)
    with read(engine, released.querying(tree if where is None else tree.where(where)), values) as found:
        return "".join(_path(orjson.loads(str(r["g"])), frame) for r in records(found) if r["g"] is not None)


def outline(engine: Engine, released: Released, frame: Frame) -> str:
    """All shapes of a table as one path of a picture."""
    return _outline(engine, released, None, (), frame)


def _path(geometry: Json, frame: Frame) -> str:
    """A GeoJSON geometry as SVG path data."""
    if not isinstance(geometry, dict):
        return ""
    inside = geometry.get("coordinates")
    match geometry.get("type"):
        case "GeometryCollection":
            parts = geometry.get("geometries")
            return "".join(_path(g, frame) for g in parts) if isinstance(parts, list) else ""
        case "Point":
            return _line([inside], frame) + "h1"
        case "MultiPoint" if isinstance(inside, list):
            return "".join(_line([p], frame) + "h1" for p in inside)
        case "LineString":
            return _line(inside, frame)
        case "MultiLineString" if isinstance(inside, list):
            return "".join(_line(part, frame) for part in inside)
        case "Polygon" if isinstance(inside, list):
            return "".join(_line(ring, frame) + "z" for ring in inside)
        case "MultiPolygon" if isinstance(inside, list):
            return "".join(
                _line(ring, frame) + "z" for part in inside if isinstance(part, list) for ring in part
            )
        case _:
            return ""


def _line(points: Json, frame: Frame) -> str:
    if not isinstance(points, list):
        return ""
    placed_ = [
        frame.place(float(str(p[0])), float(str(p[1]))) for p in points if isinstance(p, list) and len(p) >= 2
    ]
    kept = [p for i, p in enumerate(placed_) if i == 0 or p != placed_[i - 1]]
    return "M" + "L".join(f"{x} {y}" for x, y in kept) if kept else ""


def features(
    engine: Engine,
    released: Released,
    where: Expr | None,
    values: Sequence[object],
    *,
    most: int = MOST_FEATURES,
    titles: Mapping[str, str] = NOTHING,
    more: Mapping[str, Expr] = NOTHING,
) -> bytes:
    """The rows as a GeoJSON FeatureCollection, the first `most` of them, with the columns that a popup shows.

    titles: what to call a column, by its name, instead of its own title. more: further properties, by name.
    """
    schema = released.schema
    named = tuple(c for c in schema.columns if c.type not in ("shape", "point", "json"))[:POPUP]
    geometry = (
        exp.column(POINT, quoted=True)
        if schema.geometry == "point"
        else exp.cast(_call("ST_AsGeoJSON", _geometry()), "VARCHAR")
    )
    known = exp.column(POINT if schema.geometry == "point" else SHAPE, quoted=True)
    further = [exp.alias_(value.copy(), f"\u0001{name}", quoted=True) for name, value in more.items()]
    tree = base(
        released,
        *(exp.column(c.name, quoted=True) for c in named),
        exp.alias_(geometry, "\u0001", quoted=True),
        *further,
    )
    has = exp.not_(exp.Is(this=known, expression=exp.null()))
    tree = tree.where(has if where is None else exp.and_(where, has)).limit(most)
    with read(engine, released.querying(tree), values) as found:
        rows = records(found)
    called = {c.name: titles.get(c.name) or c.title or c.name for c in named} | {
        f"\u0001{name}": name for name in more
    }
    return orjson.dumps({"type": "FeatureCollection", "features": [_feature(row, called) for row in rows]})


def _feature(row: dict[str, object], called: Mapping[str, str]) -> dict[str, object]:
    said = row["\u0001"]
    if isinstance(said, dict):
        lon, lat = (round(float(str(said[k])), 6) for k in ("lon", "lat"))
        geometry: object = {"type": "Point", "coordinates": [lon, lat]}
    else:
        geometry = orjson.Fragment(str(said))
    return {
        "type": "Feature",
        "geometry": geometry,
        "properties": {title: row[name] for name, title in called.items()},
    }
