"""Geometry in queries: literals, distances, and what lies in what. Everything is WGS 84; literals are lon
lat, boxes in `in_bbox` are lat lon.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

import shapely
import shapely.errors
from shapely.geometry.base import BaseGeometry
from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.types import ColumnType
from parvis.engine import trees as t

MAX_VERTICES = 10_000
MAX_NESTING = 32
"""Brackets one in another: three collections of areas in GeoJSON take 13."""
_BRACKET = re.compile(r"[\[\](){}]")
EARTH_M = 6_371_008.8
"""Mean radius (IUGG)."""
LENGTHS: Mapping[str, float] = {
    "mi": 1609.344,
    "yd": 0.9144,
    "ft": 0.3048,
    "m": 1.0,
    "cm": 0.01,
    "km": 1000.0,
    "mm": 0.001,
}
"""Metres in a unit."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A geometry literal that was understood."""

    geometry: BaseGeometry

    @property
    def point(self) -> tuple[float, float] | None:
        """lon, lat when it is a point."""
        g = self.geometry
        return (g.x, g.y) if isinstance(g, shapely.Point) else None

    @property
    def tree(self) -> Expr:
        """The literal as a geometry of the engine. Collections are not understood by every function: areas
        are made of their parts.
        """
        return t.call("st_geomfromtext", t.text(shapely.to_wkt(self.geometry, rounding_precision=-1)))


def literal(text: str) -> Shape | str:
    """Read WKT or a GeoJSON geometry, or say in English why not."""
    if _depth(text) > MAX_NESTING:
        return f"nests more than {MAX_NESTING} brackets"
    try:
        geometry = shapely.from_geojson(text) if text.lstrip().startswith("{") else shapely.from_wkt(text)
    except (shapely.errors.ShapelyError, ValueError, TypeError):
        return "is not a WKT or GeoJSON geometry"
    if geometry.is_empty:
        return "is empty"
    if shapely.get_num_coordinates(geometry) > MAX_VERTICES:
        return f"has more than {MAX_VERTICES} vertices"
    geometry = shapely.force_2d(geometry)
    if not all(math.isfinite(v) for v in geometry.bounds):
        return "has a coordinate that is not finite"
    if geometry.geom_type in ("Polygon", "MultiPolygon") and not geometry.is_valid:
        geometry = shapely.make_valid(geometry)
    return Shape(geometry)


def _depth(text: str) -> int:
    """How many brackets of any kind are open at once. GEOS follows each by a call of its own."""
    open_brackets = deepest = 0
    for bracket in _BRACKET.findall(text):
        open_brackets += 1 if bracket in "([{" else -1
        deepest = max(deepest, open_brackets)
    return deepest


def lon_lat(value: Expr) -> tuple[Expr, Expr]:
    """The two members of a point."""
    return t.field(value.copy(), "lon"), t.field(value.copy(), "lat")


def as_geometry(value: Expr, kind: ColumnType) -> Expr:
    """A point or a shape as a geometry of the engine."""
    if kind == "point":
        lon, lat = lon_lat(value)
        return t.call("st_point", lon, lat)
    return t.call("st_geomfromwkb", value)


def distance(value: Expr, kind: ColumnType, to: Shape) -> Expr:
    """Metres along a great circle between two points (haversine on the mean sphere).

    With a line or an area on either side: the shortest distance on a plane tangent at the literal's centre,
    good to 1 % within 100 km.
    """
    if kind == "point" and to.point is not None:
        return _haversine(value, *to.point)
    centre = to.geometry.centroid
    scale = math.pi / 180 * EARTH_M
    across = scale * math.cos(math.radians(centre.y))
    flat = shapely.transform(to.geometry, lambda c: c * [across, scale])
    stretched = t.call(
        "st_affine", as_geometry(value, kind), *(t.number(v) for v in (across, 0.0, 0.0, scale, 0.0, 0.0))
    )
    return t.call(
        "st_distance",
        stretched,
        t.call("st_geomfromtext", t.text(shapely.to_wkt(flat, rounding_precision=-1))),
    )


def _haversine(value: Expr, lon0: float, lat0: float) -> Expr:
    lon, lat = lon_lat(value)
    half_lat = t.call(
        "sin",
        t.call(
            "radians",
            exp.Div(
                this=exp.Paren(this=exp.Sub(this=lat, expression=t.number(lat0))), expression=t.number(2)
            ),
        ),
    )
    half_lon = t.call(
        "sin",
        t.call(
            "radians",
            exp.Div(
                this=exp.Paren(this=exp.Sub(this=lon, expression=t.number(lon0))), expression=t.number(2)
            ),
        ),
    )
    shrink = exp.Mul(
        this=t.call("cos", t.call("radians", lat.copy())), expression=t.number(math.cos(math.radians(lat0)))
    )
    across = exp.Mul(this=shrink, expression=_squared(half_lon))
    chord = t.call(
        "least", t.number(1.0), t.call("sqrt", exp.Add(this=_squared(half_lat), expression=across))
    )
    return exp.Mul(this=t.number(2 * EARTH_M), expression=t.call("asin", chord))


def _squared(value: Expr) -> Expr:
    return t.call("pow", value, t.number(2))


def in_box(value: Expr, kind: ColumnType, west: float, south: float, east: float, north: float) -> Expr:
    """Whether the point is in the box, or the shape touch it; edges count."""
    if kind == "point":
        lon, lat = lon_lat(value)
        return exp.and_(
            exp.Between(this=lat, low=t.number(south), high=t.number(north)),
            exp.Between(this=lon, low=t.number(west), high=t.number(east)),
            copy=False,
        )
    box = t.call("st_makeenvelope", *(t.number(v) for v in (west, south, east, north)))
    return t.call("st_intersects", t.call("st_geomfromwkb", value), box)


def related(value: Expr, kind: ColumnType, how: str, to: Shape) -> Expr:
    """how: intersects, disjoint or within (the value lies in the literal). Unknown when the value is missing."""
    west, south, east, north = to.geometry.bounds
    test = t.call(
        "st_disjoint" if how == "disjoint" else "st_within" if how == "within" else "st_intersects",
        as_geometry(value, kind),
        to.tree,
    )
    if kind == "point" and how != "disjoint":
        return exp.and_(in_box(value, kind, west, south, east, north), test, copy=False)
    return test
