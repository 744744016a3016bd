"""A file looked at for its own sender, without publishing anything: read, held to a schema or to what its
values let expect, and told with readable values.

Everything happens in a folder of its own that is gone when the block ends: the command, the page and the API
keep nothing.
"""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

import duckdb
from sqlglot import exp

from parvis import checks, readers, schemas
from parvis.checks import mending, output_files
from parvis.checks.answer import Answer, ChangedCell, Examined, Repaired, answer, fault, with_repairs
from parvis.checks.assertions import Assertion
from parvis.checks.coverage import looked_at
from parvis.checks.issues import as_errors, with_blanks
from parvis.checks.mending import Cell, Proposal
from parvis.core.reading import RawTable, Reading, Workspace
from parvis.core.sentence import IN_FRENCH, Speaker, either
from parvis.core.settings import Limits
from parvis.core.types import RAW_PREFIX, Checked, Finding, Schema
from parvis.engine import connect
from parvis.inspection import reporting
from parvis.inspection.inspection import Expected, inspect, search_values
from parvis.readers.lines import physical_lines

SHIFTED = frozenset({"file-more-cells", "file-no-header"})
"""Codes of files whose cells may stand in another's column: nothing is certain there."""

BLAMED = 200_000
"""Rows of each finding that mending and annotating look at."""


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that was read, and what it may be worked on with, until the block ends."""

    file: Path
    name: str
    reading: Reading
    con: duckdb.DuckDBPyConnection
    spool: Path


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What a file is held to. schema: None for what its values let expect; schema_name: what that schema is called.
    limit: rows shown of each finding.
    """

    schema: Schema | None = None
    schema_name: str = ""
    limit: int = 100
    personal: bool = False
    """Look for personal data too; its evidence is masked, even for the sender."""
    bbox: tuple[float, ...] = ()
    rules: tuple[Assertion, ...] = ()
    """Rules of the city or of the sender."""
    surveyed: bool = True
    """Look at the table as a whole too, where it is typed: outliers, frozen series, near duplicates."""
    folder: Path = Path()
    """The city's folder: its schemas are looked at too when the file is not of the one it is held to."""
    whole: bool = False
    """Type the table even where a schema says what to expect: for personal data, places, and the table as a
    whole.
    """


@contextmanager
def opened(
    file: Path, *, name: str = "", sheet: str = "", limits: Limits | None = None, folder: Path | None = None
) -> Generator[OpenFile]:
    """Read a file. folder: where the temporary folder is made. Raises Unreadable with the reason."""
    bounds = limits or Limits()
    with tempfile.TemporaryDirectory(prefix="parvis-", dir=folder) as place:
        spool = Path(place)
        reading = readers.read(file, Workspace(spool, bounds, sheet=sheet), name=name or file.name)
        con = connect.processing(spool, memory_mb=bounds.memory_mb, threads=bounds.threads)
        try:
            yield OpenFile(file, name or file.name, reading, con, spool)
        finally:
            con.close()


def examined(desk: OpenFile, wish: CheckRequest) -> tuple[Examined, ...]:
    """What is wrong in every table of the file, each row with its physical line; in the first table only when
    a schema says what it must be.
    """
    tables = desk.reading.tables[:1] if wish.schema is not None else desk.reading.tables
    return tuple(_look(desk, wish, raw, position).examined for position, raw in enumerate(tables))


def answered(
    desk: OpenFile,
    wish: CheckRequest,
    language: Speaker = IN_FRENCH,
    *,
    tables: Sequence[Examined] | None = None,
) -> Answer:
    """The answer to the sender. tables: what was found, when it is known already."""
    results = examined(desk, wish) if tables is None else tables
    skipped = [raw.name or desk.name for raw in desk.reading.tables[len(results) :]]
    known = wish.schema.names if wish.schema is not None else ()
    return answer(results, schema=wish.schema_name, known=known, skipped=skipped, language=language)


@dataclass(frozen=True, slots=True)
class _Look:
    """One table that was looked at. schema: what it was held to, given or inferred. misfits: texts that are
    not of their inferred type, by column.
    """

    examined: Examined
    schema: Schema
    misfits: Mapping[str, Mapping[str, int]]


def _look(desk: OpenFile, wish: CheckRequest, raw: RawTable, position: int) -> _Look:
    looked = (
        replace(desk.reading, tables=desk.reading.tables[:1]) if wish.schema is not None else desk.reading
    )
    issues = tuple(replace(f, rows=f.rows[: wish.limit]) for f in reporting.issues_as_findings(looked, raw))
    issues = issues if wish.schema is None else as_errors(issues)
    findings, schema, misfits, held = _findings(desk, wish, raw, position)
    astray = (
        schemas.unfit(raw, wish.schema, wish.schema_name, schemas.library(wish.folder), desk.con)
        if wish.schema is not None
        else None
    )
    issues = (*((astray,) if astray is not None else ()), *issues)
    lined = [reporting.with_lines(replace(f, rows=f.rows[: wish.limit]), raw) for f in findings]
    lined = lined if wish.schema is None else with_blanks(lined, raw, wish.limit)
    return _Look(
        Examined(raw.name, tuple(c.name for c in raw.columns), raw.rows, (*issues, *lined), held),
        schema,
        misfits,
    )


def _findings(
    desk: OpenFile, wish: CheckRequest, raw: RawTable, position: int
) -> tuple[list[Finding], Schema, Mapping[str, Mapping[str, int]], tuple[Checked, ...]]:
    """Findings of one table without physical lines, the schema it was held to, the texts that do not fit an
    inferred type, and what was looked at.
    """
    if wish.schema is not None and not (wish.personal or wish.whole):
        return (
            list(checks.check(raw, wish.schema, con=desk.con, limit=wish.limit, rules=wish.rules)),
            wish.schema,
            {},
            looked_at(raw, wish.schema),
        )
    out = desk.spool / f"examined-{position}.parquet"
    expected = Expected(
        datetime.now(UTC).date(), wish.schema, rules=wish.rules, bbox=wish.bbox, limit=wish.limit
    )
    typed = expected.typed(raw, out, desk.con)
    find = partial(search_values, desk.con, typed) if wish.personal else None
    seen = inspect(desk.con, raw, typed, expected, find=find, surveyed=wish.surveyed, texts=True)
    if wish.schema is not None:
        return list(seen.findings), wish.schema, {}, seen.checked
    misfits = {name: _misfits(desk, out, name) for name in typed.schema.raw}
    return list(seen.findings), typed.schema, misfits, seen.checked


def _misfits(desk: OpenFile, typed: Path, name: str) -> Mapping[str, int]:
    """The texts of a column that were kept beside because they are not of its type."""
    twin = exp.column(RAW_PREFIX + name, quoted=True)
    file = exp.Table(this=exp.Anonymous(this="read_parquet", expressions=[exp.Literal.string(str(typed))]))
    counted = (
        exp.select(twin, exp.Count(this=exp.Star()))
        .from_(file)
        .where(exp.Not(this=exp.Is(this=twin.copy(), expression=exp.null())))
        .group_by(twin.copy())
    )
    return {str(text): int(count) for text, count in desk.con.execute(counted.sql("duckdb")).fetchall()}


# --- what the sender takes away -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mended:
    """A table with all that could be put right without doubt. before and after: what is wrong in it, then and
    now.
    """

    raw: RawTable
    table: RawTable
    schema: Schema
    cells: tuple[Cell, ...]
    lines: Mapping[int, int]
    """Physical line in the sender's file of every changed record."""
    before: Examined
    after: Examined


def mended(desk: OpenFile, wish: CheckRequest, *, position: int = 0) -> Mended:
    """Mend a table of the file. A proposal that some rule still blames afterwards is withdrawn: what remains
    is certain.
    """
    raw = desk.reading.tables[position]
    every = replace(wish, limit=BLAMED, personal=False, whole=wish.whole or wish.personal)
    look = _look(desk, every, raw, position)
    wrong = _joined(mending.blamed(look.examined.findings), look.misfits)
    shifted = any(f.check in SHIFTED for f in look.examined.findings)
    withdrawn: set[tuple[int, str]] = set()
    out = desk.spool / f"mended-{position}.parquet"
    while True:
        proposal = (
            Proposal()
            if shifted
            else mending.propose(
                raw, look.schema, wrong, look.examined.findings, con=desk.con, withdrawn=withdrawn
            )
        )
        table, cells = mending.mend(raw, proposal, out, con=desk.con)
        findings, _, misfits, _ = _findings(desk, replace(every, schema=wish.schema), table, position)
        still = _joined(mending.blamed(findings), misfits)
        failed = {
            (c.place, c.before)
            for c in proposal.changes
            if c.after in still.get(table.columns[c.place].name, {})
        }
        if not failed:
            break
        withdrawn |= failed
    after = Examined(
        raw.name, tuple(c.name for c in table.columns), table.rows, tuple(findings), look.examined.checked
    )
    return Mended(
        raw,
        table,
        look.schema,
        cells,
        physical_lines(raw, sorted({c.record for c in cells if c.record})),
        look.examined,
        after,
    )


def repaired(done: Mended, language: Speaker = IN_FRENCH, *, limit: int = 20) -> Repaired:
    """What the mended copy holds, for an answer."""
    names = [_title(n, language) for c in done.cells for n in c.repairs]
    first = tuple(
        ChangedCell(
            done.lines.get(c.record, 0) if c.record else done.raw.header_row,
            c.record,
            c.column,
            c.before,
            c.after,
            c.repairs,
        )
        for c in done.cells[:limit]
    )
    left = tuple(
        fault(replace(f, rows=f.rows[:limit]), done.after, language)
        for f in done.after.findings
        if f.severity != "info"
    )
    return Repaired(
        len(done.cells),
        _faults(done.before),
        _faults(done.after),
        dict(Counter(names).most_common()),
        first,
        left,
    )


def with_fixes(before: Answer, done: Mended, language: Speaker = IN_FRENCH) -> Answer:
    """The answer whose fixes say what the mended copy does for them: of a fault, only where it leaves fewer
    cells at fault than there were.
    """
    left = Counter({(f.check, f.column): f.count for f in done.after.findings})
    better = {f.column for f in done.before.findings if left[f.check, f.column] < f.count}
    by_column: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for cell in done.cells:
        if cell.column in better:
            by_column[cell.column].update(_title(name, language) for name in cell.repairs)
    return with_repairs(before, by_column, language)


def _title(name: str, language: Speaker) -> str:
    known = mending.titles().get(name)
    if known is None:
        return either(mending.RENAMED, language)
    return either((known.title, known.english.title), language)


def _faults(one: Examined) -> int:
    return sum(f.count for f in one.findings if f.severity != "info" and not f.check.startswith("file-"))


def _joined(
    one: Mapping[str, Mapping[str, int]], other: Mapping[str, Mapping[str, int]]
) -> Mapping[str, Mapping[str, int]]:
    return {
        name: {**one.get(name, {}), **other.get(name, {})}
        for name in (*one, *(n for n in other if n not in one))
    }


def as_workbook(desk: OpenFile, tables: Sequence[RawTable]) -> bool:
    """Whether the sender gets a workbook back: one of the format that can be written, and not too large."""
    return (
        desk.reading.format == "xlsx"
        and sum(t.rows * len(t.columns) for t in tables) <= output_files.WORKBOOK_CELLS
    )


def write_mended(desk: OpenFile, done: Mended, out: BinaryIO) -> str:
    """The mended copy; returns its extension."""
    if as_workbook(desk, (done.raw,)):
        output_files.write_workbook(desk.file, done.raw, done.cells, done.lines, done.schema, out)
        return "xlsx"
    output_files.write_csv(done.table, out, con=desk.con)
    return "csv"


def write_changes(done: Mended, out: BinaryIO, language: Speaker = IN_FRENCH) -> None:
    """Every changed cell, as CSV."""
    output_files.write_changes(done.cells, done.lines, done.raw.header_row, out, language)


def write_annotated(desk: OpenFile, wish: CheckRequest, out: BinaryIO, language: Speaker = IN_FRENCH) -> str:
    """The sender's own file with every fault marked; returns its extension. A CSV for what is neither CSV nor
    a workbook of today.
    """
    results = examined(desk, replace(wish, limit=BLAMED))
    tables = [
        (raw, output_files.marks(raw, one.findings, language), _lines(one))
        for raw, one in zip(desk.reading.tables, results, strict=False)
    ]
    if as_workbook(desk, [raw for raw, _, _ in tables]):
        result = answered(desk, wish, language, tables=results)
        output_files.write_annotated_workbook(
            desk.file,
            tables,
            output_files.listed((*result.errors, *result.warnings, *result.notes), language),
            out,
        )
        return "xlsx"
    raw, marks, lines = tables[0]
    output_files.write_annotated_csv(raw, marks, lines, out, language, con=desk.con)
    return "csv"


def _lines(one: Examined) -> Mapping[int, int]:
    return {r.record: r.line for f in one.findings for r in f.rows if r.record}
