"""One scan of the raw cells that casts, keeps what does not fit, places the rows, and writes Parquet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.columns.form import BLANKS, among, read_as
from parvis.columns.geometry import Geometry, point, steps
from parvis.columns.guess import Guess
from parvis.core.reading import RawTable
from parvis.core.types import DUCKDB_TYPES, POINT, RAW_PREFIX, SHAPE, ColumnType
from parvis.engine.scans import column, relation

ROW_GROUP = 20_480


def write(
    raw: RawTable, names: Sequence[str], guesses: Mapping[int, Guess], geometry: Geometry, out: Path, *, con: duckdb.DuckDBPyConnection, timezone: str
) -> None:
    """Write `out`: a column for each raw one but the native geometry, a `_raw_` twin for each that may have misfits, and `_point` or `_shape`."""
    tree = select(raw, names, guesses, geometry, _kinds(raw, con), timezone)
    options = [("FORMAT", "parquet"), ("COMPRESSION", "snappy")]
    copy = exp.Copy(
        this=exp.Subquery(this=tree), kind=False, files=[exp.Literal.string(str(out))],
        params=[*(exp.CopyParameter(this=exp.var(k), expression=exp.var(v)) for k, v in options),
                exp.CopyParameter(this=exp.var("ROW_GROUP_SIZE"), expression=exp.Literal.number(ROW_GROUP))],
    )  # fmt: skip
    con.execute(copy.sql("duckdb"))


def twins(guesses: Mapping[int, Guess]) -> tuple[int, ...]:
    """Positions of the columns whose cells may not fit."""
    return tuple(i for i, g in guesses.items() if g.type != "text" or g.missing)


def select(
    raw: RawTable, names: Sequence[str], guesses: Mapping[int, Guess], geometry: Geometry, kinds: Mapping[str, str], timezone: str
) -> exp.Select:
    """The query: values computed once in inner projections (DuckDB 1.5 does not share repeated expressions), named in the outer one."""
    width = len(raw.columns)
    doubtful = twins(guesses)
    source = exp.Table(this=relation(raw.scan, width))
    overruled = [column(i) for i in guesses if raw.columns[i].native is not None]
    if overruled:
        texts = [exp.alias_(exp.cast(exp.column(c, quoted=True), "VARCHAR"), c, quoted=True) for c in overruled]
        source = exp.select(exp.Star(replace=texts)).from_(source).subquery("r")
    inner: list[Expr] = [_typed(raw, i, guesses.get(i), kinds, timezone) for i in range(width)]
    inner += [exp.column(column(i), quoted=True) for i in doubtful]
    if geometry.cell >= 0:
        cell = exp.column(column(geometry.cell), quoted=True)
        inner.append(exp.alias_(read_as(cell, geometry.forms, timezone), "g"))
    query = exp.select(*inner).from_(source)
    if geometry.pair[0] >= 0:
        lon, lat = _value(geometry.pair[0]), _value(geometry.pair[1])
        for layer in steps(geometry, lon, lat):
            query = exp.select(exp.Star(), *(exp.alias_(value, name) for name, value in layer.items())).from_(query.subquery("p"))
            lon, lat = exp.column("lon"), exp.column("lat")
        place = point(lon, lat)
    else:
        place = exp.column("g")
    outer: list[Expr] = [exp.alias_(_value(i), names[i], quoted=True) for i in range(width) if i != geometry.native]
    outer += [exp.alias_(_kept(i), RAW_PREFIX + names[i], quoted=True) for i in doubtful]
    if geometry.kind and geometry.native < 0:
        outer.append(exp.alias_(place, POINT if geometry.kind == "point" else SHAPE, quoted=True))
    elif geometry.native >= 0:
        outer.append(exp.alias_(_value(geometry.native), POINT if geometry.kind == "point" else SHAPE, quoted=True))
    return exp.select(*outer).from_(query.subquery("p"))


def _value(position: int) -> Expr:
    return exp.column(f"t{position}")


def _typed(raw: RawTable, position: int, guess: Guess | None, kinds: Mapping[str, str], timezone: str) -> Expr:
    cell = exp.column(column(position), quoted=True)
    native = raw.columns[position].native
    if guess is None and native is not None:
        if native == "datetime" and kinds.get(column(position), "").startswith("TIMESTAMP") and "ZONE" not in kinds[column(position)]:
            cell = exp.Anonymous(this="timezone", expressions=[exp.Literal.string(timezone), cell])
        return exp.alias_(_cast(cell, native, kinds.get(column(position), "")), f"t{position}")
    if guess is None or guess.type == "text":
        filled = exp.Anonymous(this="nullif", expressions=[cell, exp.Literal.string("")])
        value = exp.Case().when(among(cell, guess.missing), exp.null()).else_(filled) if guess and guess.missing else filled
        return exp.alias_(value, f"t{position}")
    return exp.alias_(read_as(cell, guess.forms, timezone, missing=guess.missing, unit=guess.unit), f"t{position}")


def _cast(cell: Expr, native: ColumnType, kind: str) -> Expr:
    return cell if kind in (DUCKDB_TYPES[native], "GEOMETRY") else exp.cast(cell, exp.DataType.build(DUCKDB_TYPES[native], dialect="duckdb"))


def _kept(position: int) -> Expr:
    """What the file says where it could not be read: neither a value nor blank."""
    cell = exp.column(column(position), quoted=True)
    blank = exp.EQ(this=exp.Anonymous(this="trim", expressions=[cell.copy(), exp.Literal.string(BLANKS)]), expression=exp.Literal.string(""))
    return (
        exp.Case()
        .when(exp.Not(this=exp.Is(this=_value(position), expression=exp.null())), exp.null())
        .when(exp.or_(exp.Is(this=cell.copy(), expression=exp.null()), exp.EQ(this=cell.copy(), expression=exp.Literal.string(""))), exp.null())
        .when(blank, exp.null())
        .else_(cell)
    )


def _kinds(raw: RawTable, con: duckdb.DuckDBPyConnection) -> Mapping[str, str]:
    """DuckDB's type of each raw column that has a native one."""
    if not any(c.native for c in raw.columns):
        return {}
    described = con.execute(exp.Describe(this=exp.select("*").from_(exp.Table(this=relation(raw.scan, len(raw.columns))))).sql("duckdb")).fetchall()
    return {str(row[0]): str(row[1]) for row in described}
