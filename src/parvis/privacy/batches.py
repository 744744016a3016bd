"""What a batch of a live resource says of people, looked at by the detectors of a file; a batch whose texts were looked at before is not looked at again."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from parvis.core.types import Finding, Schema
from parvis.engine import connect
from parvis.privacy.finding import find

KEPT = 256
"""Sets of texts that are remembered for one resource: a feed says a few in turn."""

LONG = 10**8
"""From so many on, a number may be an identifier or a telephone, and is compared like a text. Counts, codes and coordinates are smaller."""


@dataclass(slots=True)
class Memory:
    """What was found in the batches of one resource, by `fingerprint`. Kept in memory: after a restart the first batch is looked at again."""

    found: dict[str, tuple[Finding, ...]] = field(default_factory=dict[str, tuple[Finding, ...]])


def fingerprint(table: pa.Table, schema: Schema) -> str:
    """Digest of the different texts of each column, and of its long numbers: two batches that differ in other numbers and in instants only have the same."""
    said = {name: _different(table.column(name)) for name in table.column_names}
    columns = [(c.name, c.type, c.title, c.meaning) for c in schema.columns]
    return hashlib.sha256(json.dumps([columns, {n: v for n, v in said.items() if v}], sort_keys=True).encode()).hexdigest()


def _different(column: pa.ChunkedArray) -> list[str]:
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        return sorted({str(v) for v in column.unique().to_pylist() if v is not None and abs(v) >= LONG})
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return sorted(v for v in pc.unique(column).to_pylist() if v is not None)
    return []


def look(table: pa.Table, schema: Schema, memory: Memory, *, folder: Path, memory_mb: int) -> tuple[Finding, ...]:
    """Findings on a batch, without evidence: its rows are no records of a version.

    folder: where a file may be written, and is gone afterwards; memory_mb: what DuckDB may take.
    """
    if not table.num_rows:
        return ()
    key = fingerprint(table, schema)
    known = memory.found.get(key)
    if known is not None:
        return known
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"look-{uuid.uuid4().hex}.parquet"
    try:
        pq.write_table(table, path)
        with closing(connect.processing(folder, memory_mb=memory_mb, threads=1)) as con:
            told, _ = find(con, path, schema, table.num_rows)
    finally:
        path.unlink(missing_ok=True)
    found = merged(told)
    while len(memory.found) >= KEPT:
        del memory.found[next(iter(memory.found))]
    memory.found[key] = found
    return found


def merged(*told: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings of several batches, each check of a column once, the first one told; without evidence."""
    once: dict[tuple[str, str], Finding] = {}
    for findings in told:
        for one in findings:
            once.setdefault((one.check, one.column), replace(one, rows=()))
    return tuple(once.values())
