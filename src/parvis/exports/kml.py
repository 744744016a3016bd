"""KML 2.2 (OGC 07-147r2): one placemark a record, with its columns as extended data. A record without
geometry is kept, and has no place.

The name of a placemark is the column asked for (`Options.name_field`), else one that is named or meant so,
else the first text.
"""

from __future__ import annotations

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.released import Released
from parvis.core.types import Column, Schema
from parvis.engine import trees as t
from parvis.engine.read import Engine, read
from parvis.engine.relations import over
from parvis.engine.render import Shown, plain, shown_columns
from parvis.exports import places, xml
from parvis.exports.declaration import Chunks, Exporter, Options

_BETWEEN = "</coordinates></LinearRing></innerBoundaryIs><innerBoundaryIs><LinearRing><coordinates>"


def _chunks(engine: Engine, released: Released, options: Options) -> Chunks:
    columns = shown_columns(released.schema)
    place, named = places.place(columns), places.label(columns, options.name_field)
    parts = [t.text("<Placemark>")]
    if named is not None:
        parts.append(t.joined(t.text("<name>"), _value(named, options), t.text("</name>")))
    # A part whose value is missing is NULL, and `concat` leaves it out.
    data = [
        t.joined(t.text(_opening(c, options)), _value(c, options), t.text("</value></Data>"))
        for c in columns
        if c is not place
    ]
    parts += [t.text("<ExtendedData>"), *data, t.text("</ExtendedData>")] if data else []
    if place is not None:
        parts.append(_geometry(place))
    row = t.call("concat", *parts, t.text("</Placemark>\n"))
    yield f'{xml.HEAD}<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>{xml.text(options.title)}</name>\n'.encode()
    with read(
        engine,
        released.querying(
            over(released).select(t.alias(row, "line"), copy=False), Schema(columns=(Column("line"),))
        ),
    ) as result:
        yield from result.text()
    yield b"</Document></kml>\n"


def _opening(one: Shown, options: Options) -> str:
    name = xml.attribute((one.title or one.name) if options.use_labels else one.name)
    return (
        f"<Data name={name}>{f'<displayName>{xml.text(one.title)}</displayName>' if one.title else ''}<value>"
    )


def _value(one: Shown, options: Options) -> Expr:
    value = plain(t.column(one.stored), one.type, options.timezone, options.list_separator)
    if one.raw:
        value = exp.Coalesce(this=value, expressions=[t.column(one.raw)])
    return xml.written(value)


def _geometry(place: Shown) -> Expr:
    many = t.call(
        "starts_with", t.cast(t.call("st_geometrytype", places.geometry(place)), "VARCHAR"), t.text("MULTI")
    )
    collected = exp.EQ(
        this=t.cast(t.call("st_geometrytype", places.geometry(place)), "VARCHAR"),
        expression=t.text("GEOMETRYCOLLECTION"),
    )
    body = t.call(
        "array_to_string",
        places.drawn(place, {"POINT": _point, "LINESTRING": _line, "POLYGON": _polygon}),
        t.text(""),
    )
    if place.type == "point":
        return body
    wrapped = t.joined(t.text("<MultiGeometry>"), body, t.text("</MultiGeometry>"))
    return t.either(exp.or_(many, collected, copy=False), wrapped, body.copy())


def _positions(coordinates: Expr) -> Expr:
    """`[[0.0,1.0],[2.0,3.0]]` as `0.0,1.0 2.0,3.0`."""
    return t.call("trim", t.call("replace", coordinates, t.text("],["), t.text(" ")), t.text("[]"))


def _point(coordinates: Expr) -> Expr:
    return t.joined(t.text("<Point><coordinates>"), _positions(coordinates), t.text("</coordinates></Point>"))


def _line(coordinates: Expr) -> Expr:
    return t.joined(
        t.text("<LineString><coordinates>"), _positions(coordinates), t.text("</coordinates></LineString>")
    )


def _polygon(coordinates: Expr) -> Expr:
    rings = t.call(
        "string_split", _positions(t.call("replace", coordinates, t.text("]],[["), t.text("|"))), t.text("|")
    )
    holes = t.call("list_slice", rings.copy(), t.number(2), t.call("len", rings.copy()))
    inner = t.joined(
        t.text("<innerBoundaryIs><LinearRing><coordinates>"),
        t.call("array_to_string", holes, t.text(_BETWEEN)),
        t.text("</coordinates></LinearRing></innerBoundaryIs>"),
    )
    return t.joined(
        t.text("<Polygon><outerBoundaryIs><LinearRing><coordinates>"),
        t.call("list_extract", rings, t.number(1)),
        t.text("</coordinates></LinearRing></outerBoundaryIs>"),
        t.either(exp.GT(this=t.call("len", rings.copy()), expression=t.number(1)), inner, t.text("")),
        t.text("</Polygon>"),
    )


KML = Exporter(
    "kml",
    "KML (Google Earth)",
    "application/vnd.google-earth.kml+xml; charset=utf-8",
    "kml",
    _chunks,
    b"<?xml",
    geo=True,
)
