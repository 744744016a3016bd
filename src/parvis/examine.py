"""A file looked at for its own sender, without publishing anything: read, held to a schema or to what its values let expect, and told with readable values.

Everything happens in a folder of its own that is gone when the block ends: the command, the page and the API keep nothing.
"""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from parvis import checks, columns, pipeline, privacy, readers
from parvis.checks.answer import Answer, Examined, answer
from parvis.checks.codes import Tongue
from parvis.checks.coverage import looked_at
from parvis.core.reading import RawTable, Reading, Workspace
from parvis.core.settings import Limits
from parvis.core.types import Finding, Schema
from parvis.engine import connect


@dataclass(frozen=True, slots=True)
class Desk:
    """A file that was read, and what it may be worked on with, until the block ends."""

    file: Path
    name: str
    reading: Reading
    con: duckdb.DuckDBPyConnection
    spool: Path


@dataclass(frozen=True, slots=True)
class Wish:
    """What a file is held to. schema: None for what its values let expect; asked: what that schema is called. limit: rows shown of each finding."""

    schema: Schema | None = None
    asked: str = ""
    limit: int = 100
    personal: bool = False
    """Look for personal data too; its evidence is masked, even for the sender."""
    bbox: tuple[float, ...] = ()


@contextmanager
def opened(file: Path, *, name: str = "", sheet: str = "", limits: Limits | None = None, folder: Path | None = None) -> Generator[Desk]:
    """Read a file. folder: where the temporary folder is made. Raises Unreadable with the reason."""
    bounds = limits or Limits()
    with tempfile.TemporaryDirectory(prefix="parvis-", dir=folder) as place:
        spool = Path(place)
        reading = readers.read(file, Workspace(spool, bounds, sheet=sheet), name=name or file.name)
        con = connect.processing(spool, memory_mb=bounds.memory_mb, threads=bounds.threads)
        try:
            yield Desk(file, name or file.name, reading, con, spool)
        finally:
            con.close()


def examined(desk: Desk, wish: Wish) -> tuple[Examined, ...]:
    """What is wrong in every table of the file, each row with its physical line; in the first table only when a schema says what it must be."""
    tables = desk.reading.tables[:1] if wish.schema is not None else desk.reading.tables
    return tuple(_examined(desk, wish, raw, position) for position, raw in enumerate(tables))


def answered(desk: Desk, wish: Wish, tongue: Tongue = "fr", *, tables: Sequence[Examined] | None = None) -> Answer:
    """The answer to the sender. tables: what was found, when it is known already."""
    found = examined(desk, wish) if tables is None else tables
    skipped = [raw.name or desk.name for raw in desk.reading.tables[len(found) :]]
    known = wish.schema.names if wish.schema is not None else ()
    return answer(found, schema=wish.asked, known=known, skipped=skipped, tongue=tongue)


def _examined(desk: Desk, wish: Wish, raw: RawTable, position: int) -> Examined:
    told = pipeline.issues_as_findings(desk.reading if position == 0 else replace(desk.reading, issues=()), raw)
    schema = wish.schema
    typed = None
    if schema is None or wish.personal:
        out = desk.spool / f"examined-{position}.parquet"
        typed = columns.type_table(raw, out, con=desk.con, expected=schema, bbox=wish.bbox)
    inferred = schema is None
    held = schema if schema is not None else typed.schema if typed is not None else Schema()
    found: list[Finding] = [] if typed is None or not inferred else list(typed.findings)
    found += checks.check(raw, held, con=desk.con, limit=wish.limit, inferred=inferred)
    if wish.personal and typed is not None:
        found += privacy.find(desk.con, desk.spool / f"examined-{position}.parquet", typed.schema, typed.rows)[0]
    lined = (pipeline.with_lines(replace(f, rows=f.rows[: wish.limit]), raw) for f in found)
    return Examined(raw.name, tuple(c.name for c in raw.columns), raw.rows, (*told, *lined), looked_at(raw, held, inferred=inferred))
