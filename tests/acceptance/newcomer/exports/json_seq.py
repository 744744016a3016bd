"""JSON text sequences (RFC 7464): a record separator before each object."""

from parvis.core.released import Released
from parvis.core.types import Column, Schema
from parvis.engine import trees as t
from parvis.engine.read import Engine, read
from parvis.engine.relations import over
from parvis.engine.render import json_row, shown_columns
from parvis.exports.declaration import Chunks, Exporter, Options


def _chunks(engine: Engine, released: Released, options: Options) -> Chunks:
    row = t.joined(
        t.text("\x1e"),
        t.cast(json_row(shown_columns(released.schema), options.timezone, []), "VARCHAR"),
        t.text("\n"),
    )
    with read(
        engine,
        released.querying(over(released).select(t.alias(row, "line")), Schema(columns=(Column("line"),))),
    ) as found:
        yield from found.text()


JSON_SEQ = Exporter("json-seq", "Suite de textes JSON", "application/json-seq", "json-seq", _chunks, b"\x1e{")
