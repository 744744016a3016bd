"""Type a raw table: guess on a sample, read and write the whole in one scan, look at what did not fit, say
what is there.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
from sqlglot import exp

from parvis.columns import findings, requested_type, spatial
from parvis.columns.evidence import Evidence, gather
from parvis.columns.findings import TypedCounts
from parvis.columns.geometry import Geometry, find
from parvis.columns.guess import TEXT, Guess, guess, table_decimal
from parvis.columns.parquet_footer import drop
from parvis.columns.profile import Bounds, bounds, profile
from parvis.columns.sample import sample
from parvis.columns.write import TOGETHER, twins, write
from parvis.core.reading import ParquetScan, RawColumn, RawTable
from parvis.core.types import POINT, RAW_PREFIX, SHAPE, Column, ColumnProfile, ColumnType, Finding, Schema
from parvis.engine.connect import load_spatial

LIMIT = 100
"""Rows told per finding."""
DOUBT = 0.001
"""Share of misfits from which a column is looked at again: another form, or another type, may read them."""
FEW = 4
"""Distinct cells of a sample that a column may seem to be made of."""
UNIQUE = 0.9
"""Share of distinct cells in a sample from which a column is taken to have one a row."""


@dataclass(frozen=True, slots=True)
class Inferred:
    """What a table holds. name: of the raw one; profile: one a schema column, in order; findings: misfits,
    words for nothing, doubts, points that lie wrong.
    """

    name: str
    schema: Schema
    rows: int
    profile: tuple[ColumnProfile, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Typed(Inferred):
    """The same, and the Parquet file that holds the typed rows in record order."""

    path: Path

    @property
    def table(self) -> RawTable:
        """The typed file as a raw table: records keep their numbers, texts are as the source has them, and
        all reads far quicker than the source.
        """
        columns = tuple(
            RawColumn(c.name, c.name, None if c.type in ("text", "json") else c.type)
            for c in self.schema.columns
        )
        return RawTable(
            self.name, columns, ParquetScan(self.path, names=tuple(c.name for c in columns)), self.rows
        )


def infer(
    raw: RawTable,
    *,
    con: duckdb.DuckDBPyConnection,
    corrections: Mapping[str, ColumnType | str] = {},
    expected: Schema | None = None,
    bbox: tuple[float, ...] = (),
    timezone: str = "Europe/Paris",
) -> Inferred:
    """What `type_table` would say, keeping no file."""
    with tempfile.TemporaryDirectory(prefix="parvis-") as folder:
        typed = type_table(
            raw,
            Path(folder) / "typed.parquet",
            con=con,
            corrections=corrections,
            expected=expected,
            bbox=bbox,
            timezone=timezone,
        )
    return Inferred(raw.name, typed.schema, typed.rows, typed.profile, typed.findings)


def type_table(
    raw: RawTable,
    out: Path,
    *,
    con: duckdb.DuckDBPyConnection,
    corrections: Mapping[str, ColumnType | str] = {},
    expected: Schema | None = None,
    bbox: tuple[float, ...] = (),
    timezone: str = "Europe/Paris",
) -> Typed:
    """Type the whole of a raw table and write it to `out` (Parquet, LZ4, row groups of 20,480, rows in record
    order).

    corrections: column name to type, the publisher's word (`date`, `date:%m/%d/%Y`), which wins over all;
    then the types of `expected`; then what the cells say. bbox: the city in degrees, for what lies outside.
    timezone: of instants without one. Raises UsageError on a correction that is no type. Bad cells never
    raise: each is kept as text in `_raw_<column>` and told in a finding.
    """
    names = column_names(raw)
    evidences = dict(sample(raw, con))
    guesses = _guesses(raw, names, evidences, corrections, expected)
    natives = _natives(raw, guesses, evidences)
    geometry, standing = _write(
        raw, names, guesses, natives, evidences, bbox, out, con=con, timezone=timezone
    )
    written, rows, known = _written(out, names, guesses, standing, con=con)
    again = _reconsidered(raw, names, guesses, evidences, written, rows, known, out, con=con)
    if again:
        guesses |= again
        geometry, standing = _write(
            raw, names, guesses, natives, evidences, bbox, out, con=con, timezone=timezone
        )
        written, rows, known = _written(out, names, guesses, standing, con=con)
    for known_as in (guesses, natives):
        for i in known_as.keys() & geometry.meanings.keys():
            if known_as[i].meaning in ("", "latitude", "longitude", "latlon"):
                known_as[i] = replace(known_as[i], meaning=geometry.meanings[i])
    guesses = {i: _settled(g, names[i], out, con=con) for i, g in guesses.items()}
    drop(out, [TOGETHER, *(RAW_PREFIX + names[i] for i in standing if i not in written)])
    schema = _schema(raw, names, natives | guesses, geometry, tuple(names[i] for i in written), expected)
    misfits = {names[i]: k.misfits for i, k in written.items()}
    unique = frozenset(
        names[i]
        for i, e in evidences.items()
        if not e.whole and e.seen > 1000 and e.distinct >= UNIQUE * e.seen
    )
    examples = {names[i]: tuple(text[:80] for text, _ in e.cells[:5]) for i, e in evidences.items()}
    profiles = profile(out, schema.columns, misfits, unique, examples, con=con, known=known, rows=rows)
    findings_of_columns = (
        *_findings(raw, names, guesses, written, out, rows, con=con),
        *_spatial(raw, names, guesses, geometry, out, bbox, con=con, known=known),
    )
    return Typed(raw.name, schema, rows, profiles, findings_of_columns, out)


def column_names(raw: RawTable) -> tuple[str, ...]:
    """Names of the columns as they are written: the reader's, but for those that differ by case alone or
    would shadow a technical column.
    """
    taken: set[str] = set()
    names: list[str] = []
    for column in raw.columns:
        name = column.name
        if column.native not in ("point", "shape") and (
            name.lower() in (POINT, SHAPE, "_line") or name.lower().startswith(RAW_PREFIX)
        ):
            name = name.lstrip("_")
        base, number = name, 2
        while name.lower() in taken:
            name, number = f"{base}_{number}", number + 1
        taken.add(name.lower())
        names.append(name)
    return tuple(names)


def _guesses(
    raw: RawTable,
    names: Sequence[str],
    evidences: Mapping[int, Evidence],
    corrections: Mapping[str, ColumnType | str],
    expected: Schema | None,
) -> dict[int, Guess]:
    decimal = table_decimal(list(evidences.values()), raw.decimal)
    guesses: dict[int, Guess] = {}
    for i, evidence in evidences.items():
        column, label = raw.columns[i], raw.columns[i].label or raw.columns[i].name
        field = (expected.column(names[i]) or expected.column(column.label)) if expected else None
        correction = corrections.get(names[i]) or corrections.get(column.label)
        wanted = correction or (field.type if field else None)
        if column.native is not None and wanted in (None, column.native):
            if (
                wanted is None
                and column.native == "integer"
                and (code := guess(label, evidence, ".")).type == "text"
                and code.meaning
            ):
                guesses[i] = code  # a SIRET, a post code: the source wrote a number, and it counts nothing
            continue
        if correction:
            guesses[i] = requested_type.corrected(names[i], correction, label, evidence, decimal)
        elif field is not None and expected is not None:
            guesses[i] = requested_type.expected(field, expected.missing_values, label, evidence, decimal)
        else:
            guesses[i] = guess(label, evidence, decimal)
            if expected is not None:
                guesses[i] = replace(guesses[i], missing=tuple(m for m in expected.missing_values if m))
    return guesses


def _natives(
    raw: RawTable, guesses: Mapping[int, Guess], evidences: Mapping[int, Evidence]
) -> dict[int, Guess]:
    """What is known of the columns that come typed: their type, but for years among whole numbers, and what
    they mean.
    """
    known: dict[int, Guess] = {}
    for i, column in enumerate(raw.columns):
        if column.native is not None and i not in guesses:
            seen = guess(column.label or column.name, evidences[i], ".") if i in evidences else TEXT
            kind: ColumnType = "year" if column.native == "integer" and seen.type == "year" else column.native
            alike = seen.type == kind or {seen.type, kind} <= {"integer", "number"}
            known[i] = Guess(kind, meaning=seen.meaning if alike else "", fixed=True)
    return known


def _write(
    raw: RawTable,
    names: Sequence[str],
    guesses: Mapping[int, Guess],
    natives: Mapping[int, Guess],
    evidences: Mapping[int, Evidence],
    bbox: tuple[float, ...],
    out: Path,
    *,
    con: duckdb.DuckDBPyConnection,
    timezone: str,
) -> tuple[Geometry, tuple[int, ...]]:
    """Write the file; say where the rows lie, and which columns have a twin in it (positions)."""
    geometry = find(raw.columns, {**natives, **guesses}, evidences, bbox)
    guesses = {i: _pruned(g, evidences[i]) for i, g in guesses.items()}
    if geometry.spatial or any("ST_" in f.cast for g in guesses.values() for f in g.forms):
        load_spatial(con)
    words = {
        i: [text for text, _ in sorted(e.cells, key=lambda c: -c[1])]
        for i, e in evidences.items()
        if e.distinct <= FEW
    }
    wrong = {i for i in twins(guesses) if i in evidences and _missed(guesses[i], evidences[i])}
    return geometry, write(
        raw, names, guesses, geometry, out, con=con, timezone=timezone, words=words, wrong=wrong
    )


def _missed(column_guess: Guess, evidence: Evidence) -> bool:
    """Whether the sample has cells that this guess does not read."""
    return bool(evidence.missing or column_guess.missing) or not all(
        _reads(column_guess, text) for text, _ in evidence.cells
    )


def _pruned(column_guess: Guess, evidence: Evidence) -> Guess:
    """The guess without the forms that no cell meets, when all cells are known."""
    if not evidence.whole or evidence.distinct > len(evidence.cells) or column_guess.unit:
        return column_guess
    met = tuple(
        f for f in column_guess.forms if any(requested_type.reads(f, text) for text, _ in evidence.cells)
    )
    return replace(column_guess, forms=met or column_guess.forms[:1])


def _written(
    out: Path,
    names: Sequence[str],
    guesses: Mapping[int, Guess],
    standing: Sequence[int],
    *,
    con: duckdb.DuckDBPyConnection,
) -> tuple[Mapping[int, TypedCounts], int, Mapping[str, Bounds]]:
    """What the twins hold, by position, for those that hold something; rows; bounds of the columns. standing:
    positions of the columns that have a twin.
    """
    rows, known = bounds(out)
    full = {
        i: names[i]
        for i in standing
        if rows and ((b := known.get(RAW_PREFIX + names[i])) is None or b.nulls < rows)
    }
    return (
        {i: k for i, k in findings.count(out, full, guesses, con=con).items() if k.misfits + k.missing},
        rows,
        known,
    )


def _reconsidered(
    raw: RawTable,
    names: Sequence[str],
    guesses: Mapping[int, Guess],
    evidences: dict[int, Evidence],
    written: Mapping[int, TypedCounts],
    rows: int,
    known: Mapping[str, Bounds],
    out: Path,
    *,
    con: duckdb.DuckDBPyConnection,
) -> dict[int, Guess]:
    """New guesses for the columns that the whole table contradicts: many misfits, or cells where the sample
    had none. `evidences` takes what was learnt.
    """
    again: dict[int, Guess] = {}
    decimal = table_decimal(list(evidences.values()), raw.decimal)
    for i, column_guess in guesses.items():
        if column_guess.fixed or evidences[i].whole:
            continue
        name = names[i]
        filled = rows - known[name].nulls if name in known else rows
        if column_guess.type == "text" and evidences[i].n == 0 and filled:
            evidence = gather(_counted(out, name, con=con), whole=True)
        elif (
            column_guess.type != "text"
            and i in written
            and written[i].misfits > DOUBT * (filled + written[i].misfits)
        ):
            scale = filled / max(evidences[i].n, 1)
            fitting = (
                (text, max(1, round(count * scale)))
                for text, count in evidences[i].cells
                if _reads(column_guess, text)
            )
            evidence = gather([*fitting, *_counted(out, RAW_PREFIX + name, con=con)], limit=6000)
        else:
            continue
        better = guess(raw.columns[i].label or name, evidence, decimal)
        better = replace(better, missing=column_guess.missing)
        if (better.type, {f.name for f in better.forms}, better.unit) != (
            column_guess.type,
            {f.name for f in column_guess.forms},
            column_guess.unit,
        ):
            again[i], evidences[i] = better, evidence
    return again


def _reads(column_guess: Guess, text: str) -> bool:
    bare = text.removesuffix(column_guess.unit).rstrip() if column_guess.unit else text
    return any(requested_type.reads(form, bare) for form in column_guess.forms)


def _counted(out: Path, name: str, *, con: duckdb.DuckDBPyConnection) -> Sequence[tuple[str | None, int]]:
    cell = exp.column(name, quoted=True)
    file = exp.Table(this=exp.Anonymous(this="read_parquet", expressions=[exp.Literal.string(str(out))]))
    query = (
        exp.select(cell, "count(*)")
        .from_(file)
        .where(exp.Not(this=exp.Is(this=cell.copy(), expression=exp.null())))
        .group_by("1")
        .order_by("2 DESC")
        .limit(5000)
    )
    return con.execute(query.sql("duckdb")).fetchall()


def _settled(column_guess: Guess, name: str, out: Path, *, con: duckdb.DuckDBPyConnection) -> Guess:
    """The guess without a doubt that the whole table settles: a day past the twelfth tells the order of day
    and month.
    """
    if not any(d.code == "date-order-ambiguous" for d in column_guess.doubts):
        return column_guess
    file = exp.Table(this=exp.Anonymous(this="read_parquet", expressions=[exp.Literal.string(str(out))]))
    row = con.execute(
        exp.select(exp.Max(this=exp.Anonymous(this="day", expressions=[exp.column(name, quoted=True)])))
        .from_(file)
        .sql("duckdb")
    ).fetchone()
    settled = row is not None and row[0] is not None and row[0] > 12
    return (
        replace(
            column_guess, doubts=tuple(d for d in column_guess.doubts if d.code != "date-order-ambiguous")
        )
        if settled
        else column_guess
    )


def _schema(
    raw: RawTable,
    names: Sequence[str],
    guesses: Mapping[int, Guess],
    geometry: Geometry,
    written: tuple[str, ...],
    expected: Schema | None,
) -> Schema:
    columns: list[Column] = []
    for i, column in enumerate(raw.columns):
        if i == geometry.native:
            continue
        column_guess = guesses.get(i)
        field = (expected.column(names[i]) or expected.column(column.label)) if expected else None
        base = field or Column(names[i], title=column.label if column.label != names[i] else "")
        kind = column_guess.type if column_guess else column.native or "text"
        columns.append(
            replace(
                base,
                name=names[i],
                type=kind,
                unit=base.unit or (column_guess.unit if column_guess else ""),
                meaning=base.meaning
                or (column_guess.meaning if column_guess else geometry.meanings.get(i, "")),
            )
        )
    return replace(expected or Schema(), columns=tuple(columns), geometry=geometry.kind, raw=written)


def _findings(
    raw: RawTable,
    names: Sequence[str],
    guesses: Mapping[int, Guess],
    written: Mapping[int, TypedCounts],
    out: Path,
    rows: int,
    *,
    con: duckdb.DuckDBPyConnection,
) -> tuple[Finding, ...]:
    column_findings: list[Finding] = []
    for i, column_guess in guesses.items():
        column_findings += findings.doubts(names[i], column_guess, rows)
        if i in written and written[i].misfits:
            column_findings.append(
                findings.misfit(out, raw.name, names[i], column_guess, written[i], con=con, limit=LIMIT)
            )
        if i in written and written[i].missing:
            column_findings.append(
                findings.nothing(out, raw.name, names[i], column_guess, written[i], con=con, limit=LIMIT)
            )
    return tuple(column_findings)


def _spatial(
    raw: RawTable,
    names: Sequence[str],
    guesses: Mapping[int, Guess],
    geometry: Geometry,
    out: Path,
    bbox: tuple[float, ...],
    *,
    con: duckdb.DuckDBPyConnection,
    known: Mapping[str, Bounds],
) -> tuple[Finding, ...]:
    if not geometry.kind or spatial.all_near(known, bbox):
        return ()
    sources = tuple(names[i] for i in geometry.sources if i != geometry.native)
    forced = geometry.cell >= 0 and guesses[geometry.cell].type != "text"  # its misfits are told already
    lost = () if forced else spatial.unplaced(out, raw.name, sources, geometry.kind, con=con, limit=LIMIT)
    if geometry.kind == "shape":
        return lost
    swap = geometry.projection is None
    return (
        *spatial.check(out, raw.name, sources[-1] if sources else "", bbox, con=con, limit=LIMIT, swap=swap),
        *lost,
    )
