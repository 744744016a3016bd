"""What a step that SQL can't say does with a table in a file: read some cells, add columns, in the order of
the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.reading import RawColumn
from parvis.engine import trees as t
from parvis.engine.scans import column as cell_name
from parvis.prepare.frame import PART, RECORD, ROW_GROUP, Frame, lying


def column_of(frame: Frame, value: Expr, con: duckdb.DuckDBPyConnection) -> pa.ChunkedArray[pa.StringScalar]:
    """One value a row, in the order of the rows."""
    query = exp.Select(expressions=[t.alias(value, "v")]).from_(frame.below(), copy=False)
    return con.execute(query.sql("duckdb")).to_arrow_table().column(0)  # pyright: ignore[reportReturnType] (of any type, says the stub)


def texts(frame: Frame, position: int, con: duckdb.DuckDBPyConnection) -> list[str | None]:
    """The cells of a column as text, None when empty."""
    return [
        v if isinstance(v, str) else None for v in column_of(frame, frame.text(position), con).to_pylist()
    ]


def numbers(frame: Frame, position: int, macro: str, con: duckdb.DuckDBPyConnection) -> NDArray[np.float64]:
    """The cells of a column as numbers, NaN where there is none. macro: the one that reads a number."""
    cells = column_of(frame, t.call(macro, frame.text(position)), con)
    return np.asarray(cells.to_numpy(), dtype=np.float64)


def append(frame: Frame, names: Sequence[str], values: Sequence[Sequence[str | None]], path: Path) -> Frame:
    """The same table, which is in a file, with text columns at its end, written to `path` row group by row
    group. values: one list a column.
    """
    (source,) = frame.query.find_all(exp.Anonymous)
    at = frame.end()
    columns = [*frame.columns[:at], *(RawColumn(n, n) for n in names), *frame.columns[at:]]
    with pq.ParquetFile(source.expressions[0].name) as file:
        kinds = file.schema_arrow
        old = [kinds.field(cell_name(i)).type for i in range(len(frame.columns))]
        types = [*old[:at], *(pa.string() for _ in names), *old[at:]]
        schema = pa.schema(
            [
                *(pa.field(cell_name(i), kind) for i, kind in enumerate(types)),
                pa.field(RECORD, pa.int64()),
                pa.field(PART, pa.int64()),
            ]
        )
        with pq.ParquetWriter(path, schema, compression="snappy") as writer:
            done = 0
            for group in range(file.num_row_groups):
                part = file.read_row_group(group)
                new = [pa.array(v[done : done + part.num_rows], pa.string()) for v in values]
                there = [part.column(cell_name(i)) for i in range(len(frame.columns))]
                arrays = [*there[:at], *new, *there[at:], part.column(RECORD), part.column(PART)]
                writer.write_table(pa.Table.from_arrays(arrays, schema=schema), row_group_size=ROW_GROUP)
                done += part.num_rows
    return lying(Frame(tuple(columns), frame.query, frame.name, True, frame.findings), path)
