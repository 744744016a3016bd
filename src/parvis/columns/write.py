"""One scan of the raw cells that casts, keeps what does not fit, places the rows, and writes Parquet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.columns import time_zones
from parvis.columns.form import BLANKS, among, clock_of, expression, matches, read_as
from parvis.columns.geometry import Geometry, point, steps
from parvis.columns.guess import Guess
from parvis.core.reading import RawTable
from parvis.core.types import DUCKDB_TYPES, POINT, RAW_PREFIX, SHAPE, ColumnType
from parvis.engine.scans import at_once, column, relation

ROW_GROUP = 20_480


def write(
    raw: RawTable,
    names: Sequence[str],
    guesses: Mapping[int, Guess],
    geometry: Geometry,
    out: Path,
    *,
    con: duckdb.DuckDBPyConnection,
    timezone: str,
    words: Mapping[int, Sequence[str]] = {},
    wrong: Collection[int] = (),
) -> tuple[int, ...]:
    """Write `out`: a column for each raw one but the native geometry, a `_raw_` twin for those that may have
    misfits, and `_point` or `_shape`.

    words: the few cells that a column seems to be made of, the commonest first, by position. wrong: positions
    of the columns that a sample has misfits of. Returns the positions of the columns that have a twin in the
    file: all that may have misfits when the table is short; when it is long, those that the sample has
    misfits of, and those that turn out to have some.
    """
    clocks = _clocks(guesses, timezone, con) if raw.rows >= LONG else {}
    query = _Query(
        raw,
        names,
        guesses,
        geometry,
        _kinds(raw, con),
        timezone,
        _define(guesses, timezone, con),
        clocks,
        words if raw.rows >= LONG else {},
    )
    positions = range(len(raw.columns))
    doubtful = twins(guesses)
    if len(positions) > WIDE:
        _in_slices(query, out, con=con)
        return doubtful
    clean = [i for i in doubtful if i not in wrong] if raw.rows >= LONG and geometry.kind != "shape" else []
    con.execute(_copy(query.select(positions, place=True, together=clean), out))
    return tuple(sorted({*doubtful} - {*clean} | _apart(out, {i: names[i] for i in clean}, con)))


def _copy(query: exp.Select, out: Path) -> str:
    """The statement that writes what a query says to a Parquet file."""
    options: list[tuple[str, Expr]] = [
        ("FORMAT", exp.var("parquet")),
        ("COMPRESSION", exp.var("lz4_raw")),
        ("ROW_GROUP_SIZE", exp.Literal.number(ROW_GROUP)),
        (
            "PARQUET_VERSION",
            exp.var("v2"),
        ),  # its encodings (differences, bytes of one rank together): smaller, and quicker to write and to read
        (
            "WRITE_BLOOM_FILTER",
            exp.false(),
        ),  # made only of columns whose values come again, and those stand in nearly every group
    ]
    return exp.Copy(
        this=exp.Subquery(this=query),
        kind=False,
        files=[exp.Literal.string(str(out))],
        params=[exp.CopyParameter(this=exp.var(name), expression=value) for name, value in options],
    ).sql("duckdb")


TOGETHER = RAW_PREFIX
"""Column of a long table, while it is written, that holds the twins in which nothing is expected as one list:
a column of nothing costs as much as another.
"""


def _apart(out: Path, clean: Mapping[int, str], con: duckdb.DuckDBPyConnection) -> set[int]:
    """Make twins of the column that holds those of `clean` (position to name), for the columns that have
    misfits all the same; return their positions. The file is left as it is when none has.
    """
    if not clean or _nothing(out, TOGETHER):
        return set()
    file = exp.Table(this=exp.Anonymous(this="read_parquet", expressions=[exp.Literal.string(str(out))]))
    parts = {
        i: exp.Bracket(this=exp.column(TOGETHER, quoted=True), expressions=[exp.Literal.number(rank)])
        for rank, i in enumerate(clean)
    }
    full = (
        con.execute(
            exp.select(*(exp.Count(this=part.copy()) for part in parts.values())).from_(file).sql("duckdb")
        ).fetchone()
        or ()
    )
    some = {i for i, count in zip(clean, full, strict=True) if count}
    if some:
        beside = out.with_suffix(".apart")
        other_columns = exp.Star(except_=[exp.to_identifier(TOGETHER, quoted=True)])
        rows = exp.select(
            other_columns, *(exp.alias_(parts[i], RAW_PREFIX + clean[i], quoted=True) for i in sorted(some))
        ).from_(file)
        con.execute(_copy(rows, beside))
        beside.replace(out)
    return some


def _nothing(out: Path, name: str) -> bool:
    """Whether the footer says that a column of lists holds no value at all."""
    meta = pq.read_metadata(out)
    leaves = [i for i in range(meta.num_columns) if meta.schema.column(i).path.startswith(f"{name}.")]
    chunks = [meta.row_group(group).column(leaf) for group in range(meta.num_row_groups) for leaf in leaves]
    return bool(leaves) and all(
        (statistics := chunk.statistics) is not None and statistics.null_count == chunk.num_values
        for chunk in chunks
    )


LONG = 20_000
"""Rows from which a zone is worth looking at day by day, and a word is worth reading beforehand."""

WIDE = 600
"""Columns past which a table is typed a slice of columns at a time: DuckDB holds a few vectors a column, and
thousands of them are gigabytes.
"""


def _in_slices(query: _Query, out: Path, *, con: duckdb.DuckDBPyConnection) -> None:
    """Type so many columns at a time and put them side by side in memory."""
    columns: dict[str, pa.ChunkedArray] = {}  # pyright: ignore[reportMissingTypeArgument]
    width = len(query.raw.columns)
    together = at_once(width, WIDE)
    for start in range(0, width, together):
        last = start + together >= width
        part = con.execute(
            query.select(range(start, min(start + together, width)), place=last).sql("duckdb")
        ).to_arrow_table()
        columns |= {name: part.column(name) for name in part.column_names}
    pq.write_table(pa.table(columns), out, row_group_size=ROW_GROUP, compression="lz4", store_schema=False)


def twins(guesses: Mapping[int, Guess]) -> tuple[int, ...]:
    """Positions of the columns whose cells may not fit."""
    return tuple(i for i, g in guesses.items() if g.type != "text" or g.missing)


@dataclass(frozen=True, slots=True)
class _Query:
    """All that the query over the raw cells is made of. kinds: DuckDB's type of native columns; readings:
    name of the macro that reads each typed column; clocks: what the commonest form of a column of instants
    says without zone, for those whose zone is told quicker apart; words: see `write`.
    """

    raw: RawTable
    names: Sequence[str]
    guesses: Mapping[int, Guess]
    geometry: Geometry
    kinds: Mapping[str, str]
    timezone: str
    readings: Mapping[int, str]
    clocks: Mapping[int, Expr]
    words: Mapping[int, Sequence[str]]

    def select(self, positions: Sequence[int], *, place: bool, together: Sequence[int] = ()) -> exp.Select:
        """The columns at these positions, and the geometry when `place`: values computed once in inner
        projections (DuckDB 1.5 does not share repeated expressions), named in the outer one. together:
        positions whose twins stand in one column.
        """
        geometry, names = self.geometry, self.names
        doubtful = [i for i in twins(self.guesses) if i in positions]
        timed = [i for i in doubtful if i in self.clocks]
        inner: list[Expr] = [
            self._typed(i) for i in sorted({*positions, *(geometry.sources if place else ())} - set(timed))
        ]
        inner += [exp.column(column(i), quoted=True) for i in doubtful]
        inner += [exp.alias_(self.clocks[i].copy(), f"w{i}") for i in timed]
        if place and geometry.cell >= 0:
            cell = exp.column(column(geometry.cell), quoted=True)
            inner.append(exp.alias_(read_as(cell, geometry.forms, self.timezone), "g"))
        outer: list[Expr] = [
            exp.alias_(_value(i), names[i], quoted=True) for i in positions if i != geometry.native
        ]
        outer += [
            exp.alias_(_twin(i), RAW_PREFIX + names[i], quoted=True) for i in doubtful if i not in together
        ]
        outer += [_together(together)] if together else []
        query = exp.Select(expressions=inner).from_(self._source())
        if timed:
            query = exp.select(exp.Star(), *(self._instant(i) for i in timed)).from_(
                query.subquery("w", copy=False), copy=False
            )
        if place and geometry.kind:
            query, where = self._place(query)
            outer.append(exp.alias_(where, POINT if geometry.kind == "point" else SHAPE, quoted=True))
        return exp.Select(expressions=outer).from_(query.subquery("p", copy=False), copy=False)

    def _place(self, query: exp.Select) -> tuple[exp.Select, Expr]:
        """The query with the layers that the geometry needs, and the geometry."""
        geometry = self.geometry
        if geometry.native >= 0:
            return query, _value(geometry.native)
        if geometry.cell >= 0:
            return query, exp.column("g") if geometry.kind == "shape" else point(_part("lon"), _part("lat"))
        lon, lat = _value(geometry.pair[0]), _value(geometry.pair[1])
        for layer in steps(geometry, lon, lat):
            query = exp.select(exp.Star(), *(exp.alias_(value, name) for name, value in layer.items())).from_(
                query.subquery("p")
            )
            lon, lat = exp.column("lon"), exp.column("lat")
        return query, point(lon, lat)

    def _source(self) -> Expr:
        """The raw cells, as text where a publisher overrules the type that the format says."""
        source = exp.Table(this=relation(self.raw.scan, len(self.raw.columns)))
        overruled = [column(i) for i in self.guesses if self.raw.columns[i].native is not None]
        texts = [
            exp.alias_(exp.cast(exp.column(c, quoted=True), "VARCHAR"), c, quoted=True) for c in overruled
        ]
        return exp.select(exp.Star(replace=texts)).from_(source).subquery("r") if texts else source

    def _typed(self, position: int) -> Expr:
        cell = exp.column(column(position), quoted=True)
        guess, native, kind = (
            self.guesses.get(position),
            self.raw.columns[position].native,
            self.kinds.get(column(position), ""),
        )
        if guess is None and native is not None:
            if native == "datetime" and kind.startswith("TIMESTAMP") and "ZONE" not in kind:
                cell = exp.Anonymous(this="timezone", expressions=[exp.Literal.string(self.timezone), cell])
            return exp.alias_(_cast(cell, native, kind), f"t{position}")
        if guess is None or guess.type == "text":
            filled = exp.Anonymous(this="nullif", expressions=[cell, exp.Literal.string("")])
            value = (
                exp.Case().when(among(cell, guess.missing), exp.null()).else_(filled)
                if guess and guess.missing
                else filled
            )
            return exp.alias_(value, f"t{position}")
        return exp.alias_(self._read(position, cell), f"t{position}")

    def _read(self, position: int, cell: Expr) -> Expr:
        """The cell as a value. The words of a column are read when the query is planned: to know one is ten
        times as quick as to meet a pattern.
        """
        case = exp.Case(default=exp.Anonymous(this=self.readings[position], expressions=[cell]))
        for word in map(exp.Literal.string, self.words.get(position, ())):
            case = case.when(
                exp.EQ(this=cell.copy(), expression=word),
                exp.Anonymous(this=self.readings[position], expressions=[word.copy()]),
                copy=False,
            )
        return case if case.args.get("ifs") else case.args["default"]

    def _instant(self, position: int) -> Expr:
        """The instant of what the clock said; a cell that is not of the commonest form is read by all of
        them.
        """
        local_time = exp.column(f"w{position}")
        known = exp.Not(this=exp.Is(this=local_time, expression=exp.null()))
        soon = exp.Anonymous(this=INSTANT, expressions=[local_time.copy()])
        slowly = exp.Anonymous(
            this=self.readings[position], expressions=[exp.column(column(position), quoted=True)]
        )
        return exp.alias_(exp.Case().when(known, soon, copy=False).else_(slowly, copy=False), f"t{position}")


def _part(name: str) -> Expr:
    """A coordinate of the point that a cell says."""
    return exp.Dot(this=exp.column("g", table="p"), expression=exp.to_identifier(name))


def _value(position: int) -> Expr:
    return exp.column(f"t{position}")


def _cast(cell: Expr, native: ColumnType, kind: str) -> Expr:
    return (
        cell
        if kind in (DUCKDB_TYPES[native], "GEOMETRY")
        else exp.cast(cell, exp.DataType.build(DUCKDB_TYPES[native], dialect="duckdb"))
    )


def _twin(position: int) -> Expr:
    """What the file says where it could not be read: neither a value nor blank."""
    return exp.Anonymous(this=KEPT, expressions=[_value(position), exp.column(column(position), quoted=True)])


def _together(positions: Sequence[int]) -> Expr:
    """The twins at these positions as one list, in that order; nothing where all the cells were read."""
    read = exp.and_(
        *(exp.Not(this=exp.Is(this=_value(i), expression=exp.null())) for i in positions), copy=False
    )
    blank = exp.Is(
        this=exp.Anonymous(this="coalesce", expressions=[_twin(i) for i in positions]), expression=exp.null()
    )
    twin_list = exp.Anonymous(this="list_value", expressions=[_twin(i) for i in positions])
    return exp.alias_(
        exp.Case()
        .when(read, exp.null(), copy=False)
        .when(blank, exp.null(), copy=False)
        .else_(twin_list, copy=False),
        TOGETHER,
        quoted=True,
    )


INSTANT = "parvis_instant"
"""Macro: the instant of a local time."""

KEPT = "parvis_kept"
"""Macro: the cell where there is no value and the cell is not blank."""

_KEPT = "CASE WHEN t IS NOT NULL THEN NULL WHEN c IS NULL OR c = '' THEN NULL WHEN trim(c, blanks) = '' THEN NULL ELSE c END"


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read a column; key: all that tells it from another."""

    key: tuple[object, ...]
    guess: Guess = field(compare=False)


@lru_cache(maxsize=256)
def _body(reading: _Reading, timezone: str) -> str:
    """The SQL of a reading, of the cell `c`. Kept: it is long to write, and a city's files are read in the
    same few ways.
    """
    guess = reading.guess
    return read_as(exp.column("c"), guess.forms, timezone, missing=guess.missing, unit=guess.unit).sql(
        "duckdb"
    )


def _define(guesses: Mapping[int, Guess], timezone: str, con: duckdb.DuckDBPyConnection) -> Mapping[int, str]:
    """A macro on the connection for each distinct way to read a column; its name by position. A table of
    thousands of columns then stays a short query.
    """
    con.execute(
        _macro(KEPT, ("t", "c"), expression(_KEPT, {"blanks": exp.Literal.string(BLANKS)}).sql("duckdb"))
    )
    named: dict[_Reading, str] = {}
    readings: dict[int, str] = {}
    for i, guess in guesses.items():
        if guess.type == "text":
            continue
        reading = _Reading(
            (tuple((f.pattern, f.cast, str(f.values)) for f in guess.forms), guess.missing, guess.unit), guess
        )
        if reading not in named:
            named[reading] = f"parvis_read_{len(named)}"
            con.execute(_macro(named[reading], ("c",), _body(reading, timezone)))
        readings[i] = named[reading]
    return readings


def _clocks(
    guesses: Mapping[int, Guess], timezone: str, con: duckdb.DuckDBPyConnection
) -> Mapping[int, Expr]:
    """What the cells of columns of instants say of the clock, in their commonest form; with the macro on the
    connection that makes instants of it.
    """
    clocks: dict[int, Expr] = {}
    for i, guess in guesses.items():
        cell = exp.column(column(i), quoted=True)
        clock = clock_of(guess.forms[0], cell) if guess.type == "datetime" and not guess.unit else None
        if clock is not None:
            case = exp.Case()
            if guess.missing:
                case = case.when(among(cell, guess.missing), exp.null())
            clocks[i] = case.when(matches(cell, guess.forms[0].pattern), clock)
    if clocks:
        con.execute(
            _macro(
                INSTANT, ("t",), time_zones.instant(time_zones.runs(timezone, con), timezone).sql("duckdb")
            )
        )
    return clocks


def _macro(name: str, parameters: Sequence[str], body: str) -> str:
    return f"CREATE OR REPLACE TEMPORARY FUNCTION {name}({', '.join(parameters)}) AS {body}"


def _kinds(raw: RawTable, con: duckdb.DuckDBPyConnection) -> Mapping[str, str]:
    """DuckDB's type of each raw column that has a native one."""
    if not any(c.native for c in raw.columns):
        return {}
    described = con.execute(
        exp.Describe(this=exp.select("*").from_(exp.Table(this=relation(raw.scan, len(raw.columns))))).sql(
            "duckdb"
        )
    ).fetchall()
    return {str(row[0]): str(row[1]) for row in described}
