"""The rows of a table that are nearest to a place, over all of them: the engine measures and sorts."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.released import Released
from parvis.core.types import POINT, SHAPE
from parvis.engine import trees as t
from parvis.engine.read import Engine, read
from parvis.web.table import UNSHOWN, base, records

EARTH_M = 6_371_008.8
"""Mean radius of the Earth (IUGG), in metres."""

NEAREST = 5
"""Rows shown."""

_LON, _LAT, _METRES = "\u0001lon", "\u0001lat", "\u0001m"


@dataclass(frozen=True, slots=True)
class Hit:
    """A row, where it is in degrees, and how far in metres."""

    row: dict[str, object]
    lon: float
    lat: float
    metres: float


def where_is(geometry: str) -> tuple[Expr, Expr]:
    """Longitude and latitude of a row: its point, or the centre of its shape. geometry: that of the schema,
    point or shape.
    """
    if geometry == "point":
        return t.field(t.column(POINT), "lon"), t.field(t.column(POINT), "lat")
    centre = t.call("st_centroid", t.call("st_geomfromwkb", t.column(SHAPE)))
    return t.call("st_x", centre), t.call("st_y", centre.copy())


def metres(lon: Expr, lat: Expr, to_lon: float, to_lat: float) -> Expr:
    """Great-circle distance between a row and a place, both in degrees, in metres: the haversine formula,
    sound down to the metre and across the antimeridian.

    Source: R. W. Sinnott, Virtues of the Haversine, Sky and Telescope 68 (1984), 159.
    """
    half_lat = t.call(
        "sin",
        exp.Div(
            this=t.call("radians", exp.Paren(this=exp.Sub(this=lat, expression=t.number(to_lat)))),
            expression=t.number(2),
        ),
    )
    half_lon = t.call(
        "sin",
        exp.Div(
            this=t.call("radians", exp.Paren(this=exp.Sub(this=lon, expression=t.number(to_lon)))),
            expression=t.number(2),
        ),
    )
    across = exp.Mul(
        this=t.call("cos", t.call("radians", lat.copy())),
        expression=t.call("cos", t.call("radians", t.number(to_lat))),
    )
    part = exp.Add(this=_square(half_lat), expression=exp.Mul(this=across, expression=_square(half_lon)))
    return exp.Mul(
        this=t.number(2 * EARTH_M),
        expression=t.call("asin", t.call("sqrt", t.call("least", t.number(1), part))),
    )


def _square(value: Expr) -> Expr:
    return t.call("pow", value, t.number(2))


def nearest(
    engine: Engine,
    released: Released,
    holds: Expr | None,
    to_lon: float,
    to_lat: float,
    *,
    label: str = "",
    most: int = NEAREST,
) -> tuple[Hit, ...]:
    """The `most` rows nearest to a place among those that satisfy a condition; at equal distance by their
    label. A row without a place is never near.
    """
    shown = [c.name for c in released.schema.columns if c.type not in UNSHOWN]
    lon, lat = where_is(released.schema.geometry)
    far = metres(lon.copy(), lat.copy(), to_lon, to_lat)
    tree = base(
        released,
        *(t.column(name) for name in shown),
        t.alias(lon, _LON),
        t.alias(lat, _LAT),
        t.alias(far, _METRES),
    )
    placed = exp.not_(t.absent(lon.copy()))
    tree = tree.where(placed if holds is None else exp.and_(placed, holds.copy()))
    by_label = [t.column(label)] if label in shown else []
    with read(engine, released.querying(tree.order_by(t.column(_METRES), *by_label).limit(most))) as found:
        return tuple(_hit(row, shown) for row in records(found))


def _hit(row: dict[str, object], shown: list[str]) -> Hit:
    lon, lat, far = (float(str(row[name])) for name in (_LON, _LAT, _METRES))
    return Hit({name: row[name] for name in shown}, lon, lat, far)
