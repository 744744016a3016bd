"""Parquet, typed; geometry as GeoParquet 1.1 (WKB, WGS 84, lon lat).

Dates are DATE, datetimes TIMESTAMP in UTC, several values a list, points and shapes WKB.
"""

from __future__ import annotations

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from sqlglot.expressions.core import Expr

from parvis.core.released import Released
from parvis.core.types import Column, Schema
from parvis.engine import trees as t
from parvis.engine.read import Engine, read
from parvis.engine.relations import over
from parvis.engine.render import Shown, shown_columns
from parvis.engine.result import BATCH
from parvis.exports.declaration import Chunks, Exporter, Options
from parvis.exports.spool import Pipe

GROUP = 122_880
"""Rows of a row group at most."""
CELLS = 400_000
"""Cells of a row group, which is in memory until it is written."""


def _chunks(engine: Engine, released: Released, options: Options) -> Chunks:
    columns = shown_columns(released.schema)
    chosen = [t.alias(_value(c), (c.title or c.name) if options.use_labels else c.name) for c in columns]
    chosen += [t.alias(t.column(c.raw), c.raw) for c in columns if options.raw and c.raw]
    tree = over(released).select(*(chosen or [t.alias(t.text(""), "_")]), copy=False)
    names = tuple(c.alias for c in chosen)
    pipe = Pipe()
    with read(engine, released.querying(tree, Schema(columns=tuple(Column(n) for n in names)))) as result:
        group = max(BATCH, min(GROUP, CELLS // max(1, len(names))))
        batches = result.batches(group)
        first = next(batches, None)
        schema = _schema(
            first.schema if first is not None else pa.schema([pa.field(n, pa.string()) for n in names]),
            columns,
            options,
        )
        with pq.ParquetWriter(
            pa.PythonFile(pipe, mode="w"), schema, compression=options.parquet_compression
        ) as writer:
            while first is not None:
                writer.write_batch(first.cast(schema), row_group_size=group)
                yield pipe.take()
                first = next(batches, None)
    yield pipe.take()


def _value(one: Shown) -> Expr:
    value = t.column(one.stored)
    if one.type == "point":
        finite = t.call("isfinite", t.field(value, "lon"))
        return t.either(
            finite,
            t.call(
                "st_aswkb", t.call("st_point", t.field(value.copy(), "lon"), t.field(value.copy(), "lat"))
            ),
        )
    if one.type == "integer":
        return t.cast(value, "BIGINT")
    return value


def _schema(schema: pa.Schema, columns: tuple[Shown, ...], options: Options) -> pa.Schema:
    """The same fields as plain types, with what GeoParquet wants to be said."""
    places = [
        (c.title or c.name) if options.use_labels else c.name for c in columns if c.type in ("point", "shape")
    ]
    fields = [pa.field(f.name, pa.binary() if f.name in places else f.type) for f in schema]
    if not places:
        return pa.schema(fields)
    kinds = {
        ((c.title or c.name) if options.use_labels else c.name): ["Point"] if c.type == "point" else []
        for c in columns
        if c.type in ("point", "shape")
    }
    primary = next((n for n in places if not kinds[n]), places[0])
    geo = {
        "version": "1.1.0",
        "primary_column": primary,
        "columns": {n: {"encoding": "WKB", "geometry_types": kinds[n]} for n in places},
    }
    return pa.schema(fields, metadata={b"geo": orjson.dumps(geo)})


PARQUET = Exporter(
    "parquet", "Parquet", "application/vnd.apache.parquet", "parquet", _chunks, b"PAR1", packed=True
)
