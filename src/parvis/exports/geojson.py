"""GeoJSON (RFC 7946): one feature a record, WGS 84. A record without geometry is kept, with `"geometry":
null`.
"""

from __future__ import annotations

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.released import Released
from parvis.core.types import Column, Schema
from parvis.engine import trees as t
from parvis.engine.read import Engine, read
from parvis.engine.relations import over
from parvis.engine.render import Shown, geojson, json_row, shown_columns
from parvis.exports.declaration import Chunks, Exporter, Options, separated


def _chunks(engine: Engine, released: Released, options: Options) -> Chunks:
    columns = shown_columns(released.schema)
    place = next((c for kind in ("shape", "point") for c in columns if c.type == kind), None)
    others = [c for c in columns if c is not place]
    extra = [(c.raw, t.column(c.raw)) for c in others if options.raw and c.raw]
    properties = t.cast(json_row(others, options.timezone, extra), "VARCHAR")
    row = t.joined(
        t.text('{"type":"Feature","geometry":'),
        exp.Coalesce(this=_geometry(place), expressions=[t.text("null")]),
        t.text(',"properties":'),
        properties,
        t.text("},\n"),
    )
    with read(
        engine,
        released.querying(
            over(released).select(t.alias(row, "line"), copy=False), Schema(columns=(Column("line"),))
        ),
    ) as result:
        yield from separated(result.text(), b'{"type":"FeatureCollection","features":[\n', b"]}\n")


def _geometry(place: Shown | None) -> Expr:
    if place is None:
        return t.cast(exp.Null(), "VARCHAR")
    value = t.column(place.stored)
    if place.type == "shape":
        return geojson(value)
    lon, lat = t.field(value, "lon"), t.field(value.copy(), "lat")
    return t.either(
        t.call("isfinite", exp.Add(this=lon.copy(), expression=lat.copy())),
        t.cast(
            t.call("to_json", t.struct(type=t.text("Point"), coordinates=exp.Array(expressions=[lon, lat]))),
            "VARCHAR",
        ),
    )


GEOJSON = Exporter(
    "geojson",
    "GeoJSON",
    "application/geo+json; charset=utf-8",
    "geojson",
    _chunks,
    b'{"type":"FeatureCollection"',
    geo=True,
)
