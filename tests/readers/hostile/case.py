"""A file, the truth about it, and what of the answer is not as the truth says."""

from __future__ import annotations

import codecs
import math
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from parvis import columns, readers
from parvis.core.errors import Unreadable
from parvis.core.reading import RawTable, Reading, Workspace
from parvis.core.types import POINT, RAW_PREFIX, SHAPE

ANY = "any"
"""A separator or a decimal mark on which the file leaves no truth."""


@dataclass(frozen=True)
class Case:
    """What must be seen in a file. What is left out is not judged.

    encoding: Python codecs, any of which gives the same text. header: line of the last header line from 1, 0:
    none. first, last: cells of the first and last record once typed, as DuckDB writes them, None for no
    value. codes: what must be told among the doubts; quiet: nothing at all may be told. tables: name, rows
    and columns of each table, in order. place: longitude and latitude of the first record's point, or of a
    corner of its shape. refused: words that the error must hold.
    """

    name: str
    content: bytes
    format: str = "csv"
    encoding: tuple[str, ...] = ()
    separator: str | None = ANY
    decimal: str | None = ANY
    header: int | None = None
    rows: int | None = None
    names: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    meanings: Mapping[str, str] = field(default_factory=dict[str, str])
    first: tuple[str | None, ...] = ()
    last: tuple[str | None, ...] = ()
    misfits: int | None = None
    geometry: str | None = None
    crs: str = ""
    place: tuple[float, float] | None = None
    codes: tuple[str, ...] = ()
    quiet: bool = False
    tables: tuple[tuple[str, int, int], ...] = ()
    refused: tuple[str, ...] = ()


def wrong(case: Case, con: duckdb.DuckDBPyConnection, *, within_s: float = math.inf) -> str:
    """What of the answer is not as the truth says, "" when all of it is. within_s: CPU seconds that reading
    and typing may take.
    """
    with tempfile.TemporaryDirectory(prefix="parvis-") as folder:
        path = Path(folder) / "recu"
        path.write_bytes(case.content)
        begun = time.process_time()
        try:
            reading = readers.read(path, Workspace(Path(folder) / "spool"), "recu")
        except Unreadable as refused:
            said = f"{refused} {refused.mend}"
            missing = [w for w in case.refused if w.lower() not in said.lower()]
            return (
                ""
                if case.refused and not missing
                else f"refused: {said!r}" + (f", without {missing}" if case.refused else "")
            )
        if case.refused:
            return f"read as {reading.format}, {[(t.name, t.rows, len(t.columns)) for t in reading.tables]}"
        typed = columns.type_table(reading.tables[0], Path(folder) / "typed.parquet", con=con)
        took = time.process_time() - begun
        seen = _seen(case, reading, reading.tables[0], typed, con)
    if took > within_s:
        seen.append(f"took {took:.1f} s")
    return "; ".join(seen)


def _seen(
    case: Case, reading: Reading, table: RawTable, typed: columns.Typed, con: duckdb.DuckDBPyConnection
) -> list[str]:
    told = {i.code for i in (*reading.issues, *table.issues)} | {f.check for f in typed.findings}
    named = [c for c in typed.schema.columns if c.name not in (POINT, SHAPE)]
    pairs: list[tuple[str, object, object]] = [("format", reading.format, case.format)]
    if case.encoding:
        same = table.encoding is not None and codecs.lookup(table.encoding).name in {
            codecs.lookup(e).name for e in case.encoding
        }
        pairs.append(("encoding", table.encoding if not same else case.encoding, case.encoding))
    pairs += [
        (what, got, want)
        for what, got, want in (
            ("separator", table.separator, case.separator),
            ("decimal", table.decimal, case.decimal),
        )
        if want != ANY
    ]
    pairs += [
        (what, got, want)
        for what, got, want in (("header", table.header_row, case.header), ("rows", table.rows, case.rows))
        if want is not None
    ]
    if case.rows is not None:
        pairs.append(("typed rows", typed.rows, case.rows))
    if case.names:
        pairs.append(("names", tuple(c.name for c in named), case.names))
    if case.types:
        pairs.append(("types", tuple(c.type for c in named), case.types))
    for name, meaning in case.meanings.items():
        column = typed.schema.column(name)
        pairs.append((f"meaning of {name}", column.meaning if column else None, meaning))
    if case.misfits is not None:
        pairs.append(("misfits", sum(p.misfits for p in typed.profile), case.misfits))
    if case.geometry is not None:
        pairs.append(("geometry", typed.schema.geometry, case.geometry))
    if case.crs:
        pairs.append(("crs", table.crs, case.crs))
    if case.tables:
        pairs.append(("tables", tuple((t.name, t.rows, len(t.columns)) for t in reading.tables), case.tables))
    asked = [
        (what, n, want)
        for what, n, want in (("first", 0, case.first), ("last", typed.rows - 1, case.last))
        if want
    ]
    records = _records(typed, [n for _, n, _ in asked], con)
    pairs += [(what, records.get(n, ()), want) for what, n, want in asked]
    wrong = [f"{what}: {got!r} instead of {want!r}" for what, got, want in pairs if got != want]
    wrong += [f"not told: {code} (of {sorted(told)})" for code in case.codes if code not in told]
    if case.quiet and told:
        wrong.append(f"told: {sorted(told)}")
    if case.place is not None and not _near(found := _place(typed, con), case.place):
        wrong.append(f"place: {found} instead of {case.place}")
    return wrong


def _records(
    typed: columns.Typed, numbers: list[int], con: duckdb.DuckDBPyConnection
) -> dict[int, tuple[str | None, ...]]:
    """The cells of the records asked for, as DuckDB writes them, by number from 0."""
    if not numbers:
        return {}
    names = [
        c.name
        for c in typed.schema.columns
        if c.name not in (POINT, SHAPE) and not c.name.startswith(RAW_PREFIX)
    ]
    told = con.execute(
        "SELECT columns(*)::VARCHAR FROM read_parquet(?, file_row_number=true) WHERE list_contains(?, file_row_number)",
        [str(typed.path), numbers],
    ).to_arrow_table()
    return {int(row["file_row_number"]): tuple(row[name] for name in names) for row in told.to_pylist()}


def _place(typed: columns.Typed, con: duckdb.DuckDBPyConnection) -> Sequence[float | None] | None:
    if typed.schema.geometry == "point":
        return con.execute(
            f"SELECT {POINT}.lon, {POINT}.lat FROM read_parquet(?) LIMIT 1", [str(typed.path)]
        ).fetchone()
    if typed.schema.geometry == "shape":
        found = con.execute(f"SELECT {SHAPE} FROM read_parquet(?) LIMIT 1", [str(typed.path)]).fetchone()
        import shapely

        return (
            shapely.get_coordinates(shapely.from_wkb(bytes(found[0])))[0].tolist()
            if found and found[0]
            else None
        )
    return None


def _near(found: Sequence[float | None] | None, want: tuple[float, float]) -> bool:
    return found is not None and all(
        v is not None and abs(v - w) < 1e-5 for v, w in zip(found, want, strict=True)
    )
