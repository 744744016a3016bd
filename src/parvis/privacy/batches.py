"""What a batch of a live resource says of people, looked at by the detectors of a file; a batch whose texts
were looked at before is not looked at again.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
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
"""From so many on, a number may be an identifier or a telephone, and is compared like a text. Counts, codes
and coordinates are smaller.
"""

_PLACE = "lieu_"
_TITLE = r"(^|[^\p{L}])(?:(?:Docteur|Dr\.?|Professeur|Pr\.?) +|(?:Madame|Monsieur) +(?:de|du|le|la) +)"
"""RE2: the titles that streets keep of whom they are called after."""


@dataclass(slots=True)
class Memory:
    """What was found in the batches of one resource, by `fingerprint`. Kept in memory: after a restart the
    first batch is looked at again.
    """

    found: dict[str, tuple[Finding, ...]] = field(default_factory=dict[str, tuple[Finding, ...]])
    beside: tuple[Finding, ...] = ()
    """What the resource told beside protected tables when it was last put beside them."""
    beside_at: datetime | None = None
    beside_mark: str = ""
    """What the batch held that was put beside them."""
    beside_rest: timedelta = timedelta()
    """How long they are left alone after that."""


def fingerprint(table: pa.Table, schema: Schema) -> str:
    """Digest of the different texts of each column, and of its long numbers: two batches that differ in other
    numbers and in instants only have the same.
    """
    texts = {name: _different(table, name) for name in table.column_names}
    columns = [(c.name, c.type, c.title, c.meaning) for c in schema.columns]
    return hashlib.sha256(
        json.dumps([columns, {n: v for n, v in texts.items() if v}], sort_keys=True).encode()
    ).hexdigest()


def contents(table: pa.Table) -> str:
    """Digest of all that a batch says but its instants, which move when nothing else does."""
    still = table.select([f.name for f in table.schema if not pa.types.is_temporal(f.type)])
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, still.schema) as stream:
        stream.write_table(still.combine_chunks())
    return hashlib.sha256(sink.getvalue()).hexdigest()


def _different(table: pa.Table, name: str) -> list[str]:
    column = table.column(name)
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        return sorted({str(v) for v in column.unique().to_pylist() if v is not None and abs(v) >= LONG})
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return sorted(v for v in pc.unique(column).to_pylist() if v is not None)
    return []


def look(
    table: pa.Table, schema: Schema, memory: Memory, *, places: Sequence[str], folder: Path, memory_mb: int
) -> tuple[Finding, ...]:
    """Findings on a batch, without evidence: its rows are no records of a version.

    places: columns that hold names of places; see `_placed`. folder: where a file may be written, and is gone
    afterwards; memory_mb: what DuckDB may take.
    """
    if not table.num_rows:
        return ()
    key = fingerprint(table, schema)
    known = memory.found.get(key)
    if known is not None:
        return known
    findings = merged(evidence(table, schema, places=places, folder=folder, memory_mb=memory_mb))
    while len(memory.found) >= KEPT:
        del memory.found[next(iter(memory.found))]
    memory.found[key] = findings
    return findings


def evidence(
    table: pa.Table, schema: Schema, *, places: Sequence[str], folder: Path, memory_mb: int
) -> tuple[Finding, ...]:
    """The same, with masked evidence and nothing remembered."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"look-{uuid.uuid4().hex}.parquet"
    try:
        placed, seen = _placed(table, schema, places)
        pq.write_table(placed, path)
        with closing(connect.processing(folder, memory_mb=memory_mb, threads=1)) as con:
            findings, _ = find(con, path, seen, table.num_rows)
    finally:
        path.unlink(missing_ok=True)
    back = {_PLACE + name: name for name in places}
    return tuple(
        replace(f, column=back.get(f.column, f.column), message=f.message.replace(f"« {_PLACE}", "« "))
        for f in findings
    )


def _placed(table: pa.Table, schema: Schema, places: Sequence[str]) -> tuple[pa.Table, Schema]:
    """The same table, in which columns of names of places are called so, as their header alone does not say
    (`nom`): half the stations of a town bear somebody's name (« Benjamin Godard - Victor Hugo »), and some a
    title (« Docteur Bauer », « Monsieur le Prince »), which is left out.
    """
    names = {name: _PLACE + name for name in places}
    columns = [
        pc.replace_substring_regex(table.column(n), _TITLE, "\\1") if n in names else table.column(n)
        for n in table.column_names
    ]
    renamed = pa.table(columns, names=[names.get(n, n) for n in table.column_names])
    return renamed, replace(
        schema, columns=tuple(replace(c, name=names.get(c.name, c.name)) for c in schema.columns)
    )


def merged(*batches: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings of several batches, each check of a column once, the first one told; without evidence."""
    once: dict[tuple[str, str], Finding] = {}
    for findings in batches:
        for one in findings:
            once.setdefault((one.check, one.column), replace(one, rows=()))
    return tuple(once.values())
