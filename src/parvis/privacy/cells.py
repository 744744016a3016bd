"""The cells of a version's Parquet files as trees of SQL, and the few questions that every part of the search
asks of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.types import Row

ROWS = 20
"""Rows shown of each finding, masked."""


def call(name: str, *arguments: Expr) -> Expr:
    return exp.Anonymous(this=name, expressions=list(arguments))


def literal(value: str) -> Expr:
    return exp.Literal.string(value)


def matches(cell: Expr, pattern: str, *, whole: bool = False) -> Expr:
    return call("regexp_full_match" if whole else "regexp_matches", cell, literal(pattern))


def aliased(value: Expr, name: str) -> Expr:
    return exp.Alias(this=value, alias=exp.to_identifier(name, quoted=True))


def cell_of(name: str) -> Expr:
    return exp.column(name, quoted=True)


def rows_of(paths: Sequence[Path]) -> exp.Table:
    listed = exp.Array(expressions=[literal(str(p)) for p in paths])
    numbered = [exp.EQ(this=exp.to_identifier(k), expression=exp.true()) for k in ("file_row_number",)]
    return exp.Table(this=call("read_parquet", listed, *numbered))


def record_of(paths: Sequence[Path], con: duckdb.DuckDBPyConnection) -> Expr:
    """Number of the record from 1, over all files."""
    number = exp.Add(this=exp.column("file_row_number"), expression=exp.Literal.number(1))
    if len(paths) == 1:
        return number
    before, ifs = 0, list[Expr]()
    for place, path in enumerate(paths):
        ifs.append(
            exp.If(
                this=exp.EQ(this=exp.column("file_index"), expression=exp.Literal.number(place)),
                true=exp.Literal.number(before),
            )
        )
        counted = con.execute("SELECT sum(num_rows) FROM parquet_file_metadata(?)", [str(path)]).fetchone()
        before += int(counted[0]) if counted else 0
    return exp.Add(this=number, expression=exp.Case(ifs=ifs, default=exp.Literal.number(0)))


def filled(
    con: duckdb.DuckDBPyConnection, paths: Sequence[Path], name: str, mask: Callable[[str], str]
) -> tuple[int, tuple[Row, ...]]:
    """How many cells of a column are filled, and the first of them, masked."""
    return _counted(con, paths, name, None, mask)


def those(
    con: duckdb.DuckDBPyConnection,
    paths: Sequence[Path],
    name: str,
    values: Sequence[str],
    mask: Callable[[str], str],
) -> tuple[int, tuple[Row, ...]]:
    """How many cells of a text column hold one of these values, and the first of them, masked."""
    return _counted(con, paths, name, values, mask)


def number_filled(con: duckdb.DuckDBPyConnection, paths: Sequence[Path], name: str) -> int:
    """How many cells of a column are filled."""
    row = con.execute(
        exp.select(exp.Count(this=cell_of(name))).from_(rows_of(paths)).sql("duckdb")
    ).fetchone()
    return int(row[0]) if row else 0


def _counted(
    con: duckdb.DuckDBPyConnection,
    paths: Sequence[Path],
    name: str,
    values: Sequence[str] | None,
    mask: Callable[[str], str],
) -> tuple[int, tuple[Row, ...]]:
    pair = call("list_value", exp.cast(exp.column("r"), "VARCHAR"), exp.cast(exp.column("v"), "VARCHAR"))
    base = (
        exp.select(aliased(record_of(paths, con), "r"), aliased(cell_of(name), "v"))
        .from_(rows_of(paths))
        .subquery("base")
    )
    present = exp.Not(this=exp.Is(this=exp.column("v"), expression=exp.null()))
    query = exp.select(
        exp.Count(this=exp.Star()), call("arg_min", pair, exp.column("r"), exp.Literal.number(ROWS))
    ).from_(base)
    narrowed = (
        query.where(present)
        if values is None
        else query.where(call("list_contains", exp.Placeholder(), exp.column("v")))
    )
    count, first = con.execute(
        narrowed.sql("duckdb"), [] if values is None else [list(values)]
    ).fetchone() or (
        0,
        None,
    )
    return int(count), tuple(Row("", 0, int(r), mask(v)) for r, v in first or ())
