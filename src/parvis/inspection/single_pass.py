"""A plain text file held to a schema in one pass over its bytes: the answer of `file_check`, sooner, or None
when the file asks for the reader's whole work.

Nothing is loaded that such a file does not need: a command that checks it starts in a fraction of a second.
"""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from parvis.checks.answer import Answer, Examined, answer
from parvis.checks.checking import check_unread
from parvis.checks.coverage import looked_at
from parvis.checks.headers import foreign
from parvis.checks.issues import as_findings, no_record, with_blanks
from parvis.core.limits import Limits
from parvis.core.reading import CsvScan, RawTable, Workspace
from parvis.core.sentence import IN_FRENCH, Speaker
from parvis.core.types import Finding, Schema
from parvis.readers.limits import MB
from parvis.readers.outline import outline

if TYPE_CHECKING:
    import duckdb

HELD = 256 * MB
"""Bytes up to which a file is brought into memory while the engines are loaded, on the processor that has
nothing to do then: a tenth of the whole command.
"""


def single_pass_answer(
    file: Path,
    schema: Schema,
    *,
    schema_name: str,
    limit: int = 100,
    language: Speaker = IN_FRENCH,
    limits: Limits | None = None,
) -> Answer | None:
    """What `file_check.answered` says of a file held to a schema, each row with its physical line; None when the
    file must be read first.

    schema_name: what the schema is called. limit: rows shown of each finding.
    """
    bounds = limits or Limits()
    with tempfile.TemporaryDirectory(prefix="parvis-") as place:
        begun = outline(file, Workspace(Path(place), bounds))
        if begun is None or foreign(
            begun.table, schema
        ):  # whoever has the file read finds the schema that is its own
            return None
        con = cache(partial(_connected, Path(place), bounds))
        with ThreadPoolExecutor(1) as beside:
            held = beside.submit(file.read_bytes) if begun.start + begun.body <= HELD else None
            seen = check_unread(
                begun.table, schema, con=con, proof=replace(begun, content=held and held.result), limit=limit
            )
        if con.cache_info().currsize:
            con().close()
    if seen is None:
        return None
    records, findings = seen
    raw = replace(begun.table, rows=records)
    issues = (*as_findings(raw.issues), *no_record(raw, (raw,)))
    lined = with_blanks([_lined(f, raw) for f in findings], raw, limit)
    examined = Examined(
        raw.name, tuple(c.name for c in raw.columns), records, (*issues, *lined), looked_at(raw, schema)
    )
    return answer((examined,), schema=schema_name, known=schema.names, language=language)


def _connected(spool: Path, limits: Limits) -> duckdb.DuckDBPyConnection:
    from parvis.engine import connect  # loaded while the other engine works

    return connect.processing(spool, memory_mb=limits.memory_mb, threads=limits.threads)


def _lined(finding: Finding, raw: RawTable) -> Finding:
    """In a file without quotes each record is a line."""
    above = raw.scan.skip if isinstance(raw.scan, CsvScan) else 0
    return replace(finding, rows=tuple(replace(r, line=r.line or r.record + above) for r in finding.rows))
