"""A schema as Arrow has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from parvis.core.types import POINT, SHAPE, Schema

_TYPES = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", "UTC"),
    "year": pa.int64(),
}

_GEOMETRIES = {
    "point": pa.field(POINT, pa.struct([("lon", pa.float64()), ("lat", pa.float64())])),
    "shape": pa.field(SHAPE, pa.binary()),
}


def arrow_schema(schema: Schema) -> pa.Schema:
    """The Arrow types of a schema's columns, its geometry last. Raises KeyError for a type without one."""
    place = _GEOMETRIES.get(schema.geometry or "")
    return pa.schema(
        [*(pa.field(c.name, _TYPES[c.type]) for c in schema.columns), *([place] if place is not None else [])]
    )


def arrow_table(schema: Schema, rows: Sequence[Mapping[str, object]]) -> pa.Table:
    """Rows, by column name, as a table of that schema."""
    return pa.Table.from_pylist([dict(row) for row in rows], schema=arrow_schema(schema))
