"""Whether two typed files hold the same rows, whatever their bytes."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow.parquet as pq
from sqlglot import exp


def alike(one: Path, other: Path, con: duckdb.DuckDBPyConnection) -> bool:
    """Whether two Parquet files, typed from the same bytes, have the same columns and the same values on each
    row.

    A file of several row groups is written by several threads, and where a group ends depends on which of
    them was first: the bytes differ, the rows do not. Rows are compared by the sum and the exclusive-or of a
    64-bit hash of each with its number: enough to tell what another version of this code reads from the same
    file, not against somebody who looks for a collision, who has no hold on either file.
    """
    if (
        not pq.read_schema(one).equals(pq.read_schema(other))
        or pq.read_metadata(one).num_rows != pq.read_metadata(other).num_rows
    ):
        return False
    return _rows(one, con) == _rows(other, con)


def _rows(path: Path, con: duckdb.DuckDBPyConnection) -> object:
    numbered = exp.EQ(this=exp.to_identifier("file_row_number"), expression=exp.true())
    file = exp.Table(
        this=exp.Anonymous(this="read_parquet", expressions=[exp.Literal.string(str(path)), numbered])
    )
    hashed = exp.Anonymous(
        this="hash",
        expressions=[
            exp.column(name, quoted=True) for name in ("file_row_number", *pq.read_schema(path).names)
        ],
    )
    each = exp.select(exp.alias_(hashed, "h")).from_(file)
    return con.execute(
        exp.select("sum(h::HUGEINT)", "bit_xor(h)").from_(each.subquery("r")).sql("duckdb")
    ).fetchone()
