"""Turn what a reader left in the spool into a relation to query."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.reading import CsvScan, ParquetScan

NEVER = "\ue000\ue001null"
"""A text that no file holds (private-use characters): with it as `nullstr`, an empty cell stays an empty text
instead of becoming NULL.
"""

LINE_BYTES = 16_000_000
"""Longest line of a CSV that was not measured. The buffers are held at twice that: by default DuckDB takes 16
times, 256 MB each, out of some hundreds.
"""

PART_BYTES = 8_000_000
"""Least size of a buffer: each is read by one thread, so that small ones share a file of some megabytes
between threads, and take less memory.
"""


def column(position: int) -> str:
    """Name of a raw column in the relation: c0, c1…"""
    return f"c{position}"


def relation(scan: CsvScan | ParquetScan, width: int, *, numbered: bool = False) -> Expr:
    """The raw cells as a table function: columns c0 … c{width-1}, in record order, and `_line` when the scan
    has it. Empty cells are '' in a CSV.

    numbered: with `file_row_number`, from 0, where the scan is of Parquet.
    """
    path = exp.Literal.string(str(scan.path))
    if isinstance(scan, ParquetScan):
        number = (
            [exp.EQ(this=exp.to_identifier("file_row_number"), expression=exp.true())] if numbered else []
        )
        cells = exp.Anonymous(this="read_parquet", expressions=[path, *number])
        if not scan.names:
            return cells
        named = exp.TableAlias(
            this=exp.to_identifier("cells"),
            columns=[exp.to_identifier(column(i), quoted=True) for i in range(len(scan.names))],
        )
        return exp.Alias(this=cells, alias=named)
    line = min(max(2 * scan.longest, PART_BYTES // 4), LINE_BYTES) if scan.longest else LINE_BYTES
    columns = exp.Struct(
        expressions=[
            exp.PropertyEQ(this=exp.Literal.string(column(i)), expression=exp.Literal.string("VARCHAR"))
            for i in range(width)
        ]
    )
    options: list[tuple[str, Expr]] = [
        ("delim", exp.Literal.string(scan.separator)),
        ("quote", exp.Literal.string(scan.quote)),
        ("escape", exp.Literal.string(scan.quote)),
        ("header", exp.false()),
        ("skip", exp.Literal.number(scan.skip)),
        ("auto_detect", exp.false()),
        ("nullstr", exp.Literal.string(NEVER)),
        ("strict_mode", exp.true()),
        ("max_line_size", exp.Literal.number(line)),
        ("buffer_size", exp.Literal.number(max(PART_BYTES, 2 * line))),
        ("columns", columns),
    ]
    return exp.Anonymous(
        this="read_csv",
        expressions=[path, *(exp.EQ(this=exp.to_identifier(k), expression=v) for k, v in options)],
    )


def select_raw(scan: CsvScan | ParquetScan, width: int, positions: Sequence[int] | None = None) -> exp.Select:
    """SELECT of the raw columns at `positions` (all of them by default)."""
    names = [column(i) for i in (positions if positions is not None else range(width))]
    return exp.select(*(exp.column(n, quoted=True) for n in names)).from_(
        exp.Table(this=relation(scan, width))
    )


SLICES = 12
"""Queries over a wide table, whatever its width."""


def at_once(columns: int, least: int) -> int:
    """How many of so many columns to look at in one query: `least`, or a share of a wide table. Each query reads
    the names of all of them, so that it must not be one for each few.

    >>> at_once(500, 200), at_once(16_000, 200)
    (200, 1334)
    """
    return max(least, -(-columns // SLICES))
