"""GPX 1.1 (Topografix): points are waypoints; lines, and the outlines of polygons, are tracks, a segment for
each. Waypoints come first, as the format wants.

A record without geometry has no place in this format, and is left out. The columns are extensions, in GDAL's
namespace, which map programs read back as fields.
"""

from __future__ import annotations

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.released import Released
from parvis.core.types import Column, Schema
from parvis.engine import trees as t
from parvis.engine.read import Engine, read
from parvis.engine.relations import over
from parvis.engine.render import Shown, plain, queryable
from parvis.exports import places, xml
from parvis.exports.declaration import Chunks, Exporter, Options

_OPEN = (
    '<gpx version="1.1" creator="Parvis" xmlns="http://www.topografix.com/GPX/1/1" xmlns:ogr="http://osgeo.org/gdal" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.topografix.com/GPX/1/1 http://www.topografix.com/GPX/1/1/gpx.xsd">'
)
_NUMBER = r"(-?[0-9][0-9.e+-]*)"
_HIGH = rf"\[{_NUMBER},{_NUMBER},{_NUMBER}\]"
_FLAT = rf"\[{_NUMBER},{_NUMBER}\]"


def _chunks(engine: Engine, released: Released, options: Options) -> Chunks:
    columns = queryable(released.schema)
    place = places.place(columns)
    yield f"{xml.HEAD}{_OPEN}<metadata><name>{xml.text(options.title)}</name></metadata>\n".encode()
    if place is not None:
        about = _about(columns, place, options)
        yield from _row_texts(engine, released, _waypoints(place, about))
        if place.type == "shape":
            yield from _row_texts(engine, released, _track(place, about.copy()))
    yield b"</gpx>\n"


def _row_texts(engine: Engine, released: Released, row: Expr) -> Chunks:
    tree = over(released).select(
        t.alias(exp.Coalesce(this=row, expressions=[t.text("")]), "line"), copy=False
    )
    with read(engine, released.querying(tree, Schema(columns=(Column("line"),)))) as result:
        yield from result.text()


def _about(columns: tuple[Shown, ...], place: Shown, options: Options) -> Expr:
    """Name, description and extensions of a record, in the order that the format wants."""
    parts: list[Expr] = []
    named = places.label(columns, options.name_field)
    if named is not None:
        parts.append(t.joined(t.text("<name>"), _value(named, options), t.text("</name>")))
    described = [places.label(columns, name) for name in options.description_fields]
    lines = [
        t.joined(t.text(f"{xml.text(c.title or c.name)} : "), _value(c, options))
        for c in described
        if c is not None
    ]
    if lines:
        parts += [t.text("<desc>"), t.call("concat_ws", t.text("\n"), *lines), t.text("</desc>")]
    fields = [
        t.joined(t.text(f"<ogr:{c.name}>"), _value(c, options), t.text(f"</ogr:{c.name}>"))
        for c in columns
        if c is not place
    ]
    if options.use_extension and fields:
        parts += [t.text("<extensions>"), *fields, t.text("</extensions>")]
    return t.call("concat", t.text(""), *parts)


def _value(one: Shown, options: Options) -> Expr:
    value = plain(t.column(one.stored), one.type, options.timezone, options.list_separator)
    if one.raw:
        value = exp.Coalesce(this=value, expressions=[t.column(one.raw)])
    return xml.written(value)


def _waypoints(place: Shown, about: Expr) -> Expr:
    """One waypoint a point, all of a record with the same words."""
    pieces = places.drawn(
        place, {"POINT": lambda c: t.joined(_positions(c, "wpt", ""), about, t.text("</wpt>\n"))}
    )
    return t.call("array_to_string", pieces, t.text(""))


def _track(place: Shown, about: Expr) -> Expr:
    lines = places.drawn(place, {"LINESTRING": _segments, "POLYGON": _segments})
    whole = t.joined(t.text("<trk>"), about, t.call("array_to_string", lines, t.text("")), t.text("</trk>\n"))
    return t.either(exp.GT(this=t.call("len", lines.copy()), expression=t.number(0)), whole)


def _segments(coordinates: Expr) -> Expr:
    """The positions of a line, or of each ring, as track points."""
    points = t.call(
        "replace", _positions(coordinates, "trkpt", "</trkpt>"), t.text("],["), t.text("</trkseg><trkseg>")
    )
    bare = t.call("translate", points, t.text("[],"), t.text(""))
    return t.joined(t.text("<trkseg>"), bare, t.text("</trkseg>"))


def _positions(coordinates: Expr, element: str, closing: str) -> Expr:
    """Each `[lon,lat]` or `[lon,lat,height]` as an element; what stands between them stays."""
    opening = rf'<{element} lat="\2" lon="\1">'
    high = t.call(
        "regexp_replace", coordinates, t.text(_HIGH), t.text(rf"{opening}<ele>\3</ele>{closing}"), t.text("g")
    )
    return t.call("regexp_replace", high, t.text(_FLAT), t.text(f"{opening}{closing}"), t.text("g"))


GPX = Exporter(
    "gpx", "GPX (GPS et cartes)", "application/gpx+xml; charset=utf-8", "gpx", _chunks, b"<?xml", geo=True
)
