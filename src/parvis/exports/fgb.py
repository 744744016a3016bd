"""FlatGeobuf 3 (flatgeobuf.org): the typed columns and the geometry, WGS 84, with its index of places, so
that a map reads what it shows and no more.

A table with records that have no geometry goes without the index, which can't hold them: every record is
kept.
"""

from __future__ import annotations

from parvis.core.released import Released
from parvis.engine.read import Engine
from parvis.engine.render import shown_columns
from parvis.exports import layers, places
from parvis.exports.declaration import Chunks, Exporter, Options

_KINDS = {
    "": "Unknown",
    **{
        k.upper(): k
        for k in (
            "Point",
            "LineString",
            "Polygon",
            "MultiPoint",
            "MultiLineString",
            "MultiPolygon",
            "GeometryCollection",
        )
    },
}


def _chunks(engine: Engine, released: Released, options: Options) -> Chunks:
    columns = [
        ((c.title or c.name) if options.use_labels else c.name, c) for c in shown_columns(released.schema)
    ]
    place = places.place([c for _, c in columns])
    look = layers.look(engine, released, place)
    with layers.workshop() as folder:
        path = folder / "donnees.fgb"
        index = "NO" if place is None or look.missing else "YES"
        layers.write(
            engine,
            released,
            columns,
            path,
            options,
            driver="FlatGeobuf",
            kind=_kind(look),
            SPATIAL_INDEX=index,
        )
        yield from layers.pieces(path)


def _kind(look: layers.Look) -> str:
    """The one kind of the layer; mixed ones are « unknown », which has no heights."""
    (kind,) = look.kinds if len(look.kinds) == 1 else ("",)
    return f"{_KINDS[kind]} Z" if kind in look.high else _KINDS[kind]


FGB = Exporter(
    "fgb",
    "FlatGeobuf",
    "application/vnd.flatgeobuf",
    "fgb",
    _chunks,
    b"fgb\x03fgb",
    geo=True,
    projects=True,
    spooled=True,
)
