"""Which few columns, put together, single rows of a table out: « ces 3 colonnes identifient 61 % des lignes
».

Nobody needs to have named the columns: all sets up to four are measured, what is empty counts as a value. The
answer holds names of columns and shares, never a value. It speaks of rows of this file; of a file that is a
sample of a population, `in_population` says more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations as subsets
from pathlib import Path
from typing import Any, Literal

import duckdb
import numpy as np
import pyarrow as pa
from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.types import POINT, Column, Schema
from parvis.methods import quasi
from parvis.methods.population import Uniques, uniques
from parvis.methods.quasi import Codes

Kind = Literal["set", "instant", "amount", "position", "sequence", "text", "value"]
"""What singles out: a set of columns; or one alone, by what it holds: a moment, an amount in cents, a
position, a number in order, a text, another value.
"""

SAMPLE = 1_000_000
"""Rows on which sets are sought; those that are shown are then counted on the whole table."""

CELLS, TOGETHER = 1_000_000, 256
"""Cells, and columns, that are read at once."""

SHOWN = 20
"""Sets shown at most."""

_LONG = 40
"""Mean bytes from which texts are sentences."""

_COORDINATES = ("latitude", "longitude", "lambert93_x", "lambert93_y")


@dataclass(frozen=True, slots=True)
class Combination:
    """Columns and the share of rows that no other row equals on them; of people, where people are counted."""

    columns: tuple[str, ...]
    unique_share: float
    unique_rows: int
    kind: Kind = "set"


@dataclass(frozen=True, slots=True)
class Combinations:
    """What singles rows out. sets: minimal sets of columns, none of which is nearly unique alone; alone:
    columns that are, with what makes them so.
    """

    rows: int
    sets: tuple[Combination, ...] = ()
    alone: tuple[Combination, ...] = ()
    empty_share: float = 0.0
    """Rows that the pattern of their empty cells singles out."""
    columns: tuple[str, ...] = ()
    """The columns that were looked at."""
    looked: int = 0
    """Sets that were measured."""
    skipped: int = 0
    """Sets that were not, to keep within time: those of the columns with fewest distinct values."""
    left: int = 0
    """Sets that pass a level and are not shown, for their number."""
    sought_in: int = 0
    """Rows in which sets were sought; fewer than `rows` in a large table."""

    @property
    def strongest(self) -> Combination | None:
        """The set that singles most rows out, the smallest first among equals."""
        return max(self.sets, key=lambda c: (c.unique_rows, -len(c.columns)), default=None)

    def as_json(self) -> list[dict[str, object]]:
        """`combinations` of `parvis scan --json`: columns that do it alone first, then sets."""
        return [
            {"columns": list(c.columns), "unique_share": round(c.unique_share, 4)}
            for c in (*self.alone, *self.sets)
        ]


@dataclass(frozen=True, slots=True)
class _Cells:
    """A column as its distinct values, the empty one among them, and for each row the place of its own."""

    codes: Codes
    values: pa.Array[Any]


def combinations(
    con: duckdb.DuckDBPyConnection,
    files: Path | Sequence[Path],
    schema: Schema,
    rows: int,
    *,
    but: Sequence[str] = (),
    most: int = 4,
    levels: Sequence[float] = quasi.LEVELS,
    work: int = quasi.WORK,
    persons: str = "",
) -> Combinations:
    """Measure which sets of at most `most` columns single rows out, in the Parquet files of a version.

    files, schema, rows: as for `find`. but: names of columns to leave out (direct identifiers, which go
    anyway). levels: shares of rows that are worth telling, ascending; work: bound on the time, see
    `methods.quasi.search`. The same input gives the same answer. 1M rows x 9 columns take about one second.
    persons: column that says whose each row is, where a person has several: then people are counted, not
    rows, here and in all that is answered.
    """
    paths = [files] if isinstance(files, Path) else list(files)
    if (person := schema.column(persons)) is not None:
        return _of_people(
            con, paths, schema, rows, person, _chosen(schema, (*but, persons)), most, levels, work
        )
    chosen = _chosen(schema, but)
    if rows < 2 or not chosen:
        return Combinations(rows)
    coded: dict[str, Codes] = {}
    alone: list[Combination] = []
    empty, part = _Patterns(), 0
    for column, cells in zip(chosen, _cells(con, paths, chosen, rows), strict=True):
        part = len(cells.codes)
        empty.add(cells)
        if (single := _single(cells.codes)) < levels[-1] * part:
            coded[column.name] = cells.codes
            continue
        counted = single if part == rows else _counted(con, paths, [column])
        alone.append(Combination((column.name,), counted / rows, counted, _kind(column, cells)))
    names, by_name = list(coded), {c.name: c for c in chosen}
    result = quasi.search(list(coded.values()), most=most, levels=levels, work=work)
    best = sorted(result.minimal, key=lambda f: (-f.alone, len(f.columns), f.columns))[:SHOWN]
    counts = {tuple(names[i] for i in f.columns): f.alone for f in best}
    if part < rows:
        whole = {c: _counted(con, paths, [by_name[n] for n in c]) for c in counts}
        counts = {c: n for c, n in whole.items() if _stands(c, whole, levels, rows)}
    sets = [
        Combination(c, n / rows, n)
        for c, n in sorted(counts.items(), key=lambda each: (len(each[0]), -each[1], each[0]))
    ]
    return Combinations(
        rows,
        tuple(sets),
        tuple(alone),
        empty.alone() / part,
        tuple(by_name),
        result.looked,
        sum(result.skipped),
        len(result.minimal) - len(best),
        part,
    )


def _of_people(
    con: duckdb.DuckDBPyConnection,
    paths: Sequence[Path],
    schema: Schema,
    rows: int,
    person: Column,
    chosen: Sequence[Column],
    most: int,
    levels: Sequence[float],
    work: int,
) -> Combinations:
    """The same by people. A row that says no person is somebody else's each time."""
    if rows < 2 or not chosen:
        return Combinations(rows)
    (whose,) = _cells(con, paths, [person], rows)
    holes = np.flatnonzero(whose.values.is_null().to_numpy(zero_copy_only=False))
    people = whose.codes.copy()
    if len(holes):
        unknown = people == holes[0]
        people[unknown] = len(whose.values) + np.arange(int(unknown.sum()))
        people = np.unique(people, return_inverse=True)[1].reshape(-1)
    count = int(people.max()) + 1
    coded: dict[str, Codes] = {}
    alone: list[Combination] = []
    for column, cells in zip(chosen, _cells(con, paths, chosen, rows), strict=True):
        one = quasi.search([cells.codes], most=1, levels=(0.0,), persons=people)
        single = one.minimal[0].alone if one.minimal else 0
        if single < levels[-1] * count:
            coded[column.name] = cells.codes
        else:
            alone.append(Combination((column.name,), single / count, single, _kind(column, cells)))
    names = list(coded)
    result = quasi.search(list(coded.values()), most=most, levels=levels, work=work, persons=people)
    best = sorted(result.minimal, key=lambda f: (-f.alone, len(f.columns), f.columns))[:SHOWN]
    sets = sorted(
        (Combination(tuple(names[i] for i in f.columns), f.share, f.alone) for f in best),
        key=lambda c: (len(c.columns), -c.unique_share, c.columns),
    )
    return Combinations(
        count,
        tuple(sets),
        tuple(alone),
        0.0,
        tuple(c.name for c in chosen),
        result.looked,
        sum(result.skipped),
        len(result.minimal) - len(best),
        len(people),
    )


def in_population(
    con: duckdb.DuckDBPyConnection,
    files: Path | Sequence[Path],
    schema: Schema,
    columns: Sequence[str],
    fraction: float,
) -> Uniques:
    """How many whom these columns single out in a file that is a sample they would single out in the
    population. fraction: rows drawn of each that there is.

    Raises ValueError for a fraction outside ]0, 1] or a column that is not there.
    """
    paths = [files] if isinstance(files, Path) else list(files)
    chosen = [c for c in schema.columns if c.name in columns]
    if len(chosen) != len(columns):
        raise ValueError(f"not all there: {', '.join(columns)}")
    groups = (
        exp.select(exp.alias_(exp.Count(this=exp.Star()), "n"))
        .from_(_rows_of(paths))
        .group_by(*(_value(c) for c in chosen))
    )
    counted = con.execute(
        exp.select("n", exp.Count(this=exp.Star())).from_(groups.subquery("g")).group_by("n").sql("duckdb")
    ).fetchall()
    sizes = np.array(counted, np.int64).reshape(-1, 2)
    return uniques(np.repeat(sizes[:, 0], sizes[:, 1]), fraction)


def _stands(
    columns: tuple[str, ...], counts: Mapping[tuple[str, ...], int], levels: Sequence[float], rows: int
) -> bool:
    """Whether a set still passes a level of its own in the whole table."""
    within = [counts[w] for size in range(1, len(columns)) for w in subsets(columns, size) if w in counts]
    return any(max(within, default=-1) < level * rows <= counts[columns] for level in levels)


def _chosen(schema: Schema, but: Sequence[str]) -> list[Column]:
    """The columns worth looking at: where there are coordinates, the point stands for them; lines and areas
    are left out.
    """
    located = schema.geometry == "point"
    plain = [
        c
        for c in schema.columns
        if c.type != "shape"
        and c.name not in but
        and not (located and (c.meaning in _COORDINATES or c.type == "point"))
    ]
    return [*plain, Column(POINT, "point")] if located and POINT not in but else plain


# --- reading ------------------------------------------------------------------------------------------------


def _value(column: Column) -> Expr:
    """The cell; what Arrow has no dictionary for, as text."""
    cell = exp.column(column.name, quoted=True)
    return exp.cast(cell, "VARCHAR") if column.type in ("point", "array", "json") else cell


def _rows_of(paths: Sequence[Path]) -> exp.Table:
    listed = exp.Array(expressions=[exp.Literal.string(str(p)) for p in paths])
    return exp.Table(
        this=exp.Anonymous(
            this="read_parquet",
            expressions=[listed, exp.EQ(this=exp.to_identifier("file_row_number"), expression=exp.true())],
        )
    )


def _cells(
    con: duckdb.DuckDBPyConnection, paths: Sequence[Path], columns: Sequence[Column], rows: int
) -> Iterator[_Cells]:
    """Each column as a dictionary and places in it, empty cells too; of a large table the same part of the rows for
    each. Several are read at once: each query reads what its files say of all their columns.
    """
    step = max(1, min(TOGETHER, CELLS // max(1, min(rows, 2 * SAMPLE))))
    for start in range(0, len(columns), step):
        part = columns[start : start + step]
        query = exp.select(*(exp.alias_(_value(c), f"v{n}") for n, c in enumerate(part))).from_(
            _rows_of(paths)
        )
        if rows > 2 * SAMPLE:
            spread = exp.Mod(
                this=exp.Anonymous(this="hash", expressions=[exp.column("file_row_number")]),
                expression=exp.Literal.number(1_000_000),
            )
            query = query.where(
                exp.LT(this=spread, expression=exp.Literal.number(max(1, SAMPLE * 1_000_000 // rows)))
            )
        for read in con.execute(query.sql("duckdb")).to_arrow_table().columns:
            coded = read.combine_chunks().dictionary_encode("encode")
            yield _Cells(coded.indices.to_numpy(zero_copy_only=False).astype(np.int64), coded.dictionary)


def _single(codes: Codes) -> int:
    """Values that stand once."""
    return int(np.count_nonzero(np.bincount(codes) == 1))


def _counted(con: duckdb.DuckDBPyConnection, paths: Sequence[Path], columns: Sequence[Column]) -> int:
    """Rows that no other row equals on the columns, in the whole table."""
    groups = (
        exp.select(exp.alias_(exp.Count(this=exp.Star()), "n"))
        .from_(_rows_of(paths))
        .group_by(*(_value(c) for c in columns))
    )
    once = exp.EQ(this=exp.column("n"), expression=exp.Literal.number(1))
    row = con.execute(
        exp.select(exp.Count(this=exp.Star())).from_(groups.subquery("g")).where(once).sql("duckdb")
    ).fetchone()
    return int(row[0]) if row else 0


def _kind(column: Column, cells: _Cells) -> Kind:
    """What a column that singles nearly every row out holds."""
    if column.type in ("date", "datetime", "time"):
        return "instant"
    if column.type == "point" or column.meaning in _COORDINATES:
        return "position"
    values = cells.values.drop_null()
    if column.type == "integer":
        numbers = values.to_numpy(zero_copy_only=False)
        return "sequence" if int(numbers.max()) - int(numbers.min()) < 1.1 * len(numbers) else "value"
    if column.type == "number":
        cents = 100 * values.to_numpy(zero_copy_only=False)
        return "amount" if bool(np.all(np.abs(cents - np.round(cents)) < 1e-4)) else "value"
    if column.type == "text" and values.nbytes > _LONG * len(values):
        return "text"
    return "value"


class _Patterns:
    """Which cells of a row are empty, column after column."""

    def __init__(self) -> None:
        self.key: Codes = np.zeros(0, np.int64)
        self.bits = 0

    def add(self, cells: _Cells) -> None:
        if not len(self.key):
            self.key = np.zeros(len(cells.codes), np.int64)
        holes = np.flatnonzero(cells.values.is_null().to_numpy(zero_copy_only=False))
        if not len(holes):
            return
        self.key = 2 * self.key + (cells.codes == holes[0])
        self.bits += 1
        if self.bits >= 60:
            values, self.key = np.unique(self.key, return_inverse=True)
            self.bits = len(values).bit_length()

    def alone(self) -> int:
        """Rows whose pattern no other row has."""
        _, counts = np.unique(self.key, return_counts=True)
        return int(np.count_nonzero(counts == 1))
