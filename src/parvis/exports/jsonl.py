"""JSON Lines: one object a line."""

from __future__ import annotations

from parvis.core.released import Released
from parvis.engine.read import Engine, read
from parvis.exports.declaration import Chunks, Exporter, Options
from parvis.exports.json import objects


def _chunks(engine: Engine, released: Released, options: Options) -> Chunks:
    with read(engine, objects(released, options, "\n")) as result:
        yield from result.text()


JSONL = Exporter("jsonl", "JSON Lines", "application/x-ndjson; charset=utf-8", "jsonl", _chunks, b"{")
