"""JSON: one array of objects."""

from __future__ import annotations

from sqlglot.expressions.core import Expr

from parvis.core.released import Released
from parvis.core.types import Column, Schema
from parvis.engine import trees as t
from parvis.engine.read import Engine, read
from parvis.engine.relations import over
from parvis.engine.render import json_row, shown_columns
from parvis.exports.declaration import Chunks, Exporter, Options, separated


def objects(released: Released, options: Options, end: str) -> Released:
    """One column: each record as an object and the end of its line."""
    columns = shown_columns(released.schema)
    extra = [(c.raw, t.column(c.raw)) for c in columns if options.raw and c.raw]
    row: Expr = t.joined(t.cast(json_row(columns, options.timezone, extra), "VARCHAR"), t.text(end))
    return released.querying(
        over(released).select(t.alias(row, "line"), copy=False), Schema(columns=(Column("line"),))
    )


def _chunks(engine: Engine, released: Released, options: Options) -> Chunks:
    with read(engine, objects(released, options, ",\n")) as result:
        yield from separated(result.text(), b"[", b"]\n")


JSON = Exporter("json", "JSON", "application/json; charset=utf-8", "json", _chunks, b"[{")
