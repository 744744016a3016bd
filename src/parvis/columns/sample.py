"""A spread sample of a raw table: at most 20,000 rows, from its head and from places all along it, without
reading the rest.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import cast

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from parvis.columns.evidence import Evidence, gather
from parvis.core.reading import CsvScan, ParquetScan, RawTable
from parvis.engine.scans import at_once, column, select_raw

ROWS = 20_000
SLICES = 20
SPREAD = 8_000
"""Rows aimed at when a large text is cut in slices."""
TOGETHER = 600
"""Columns of a small table looked at in one query."""


def sample(raw: RawTable, con: duckdb.DuckDBPyConnection) -> Mapping[int, Evidence]:
    """Evidence on each column, by position, but those that hold parts (points, shapes, lists). Whole when the
    table is small enough to be looked at whole.
    """
    wanted = [i for i, c in enumerate(raw.columns) if c.native not in ("point", "shape", "array")]
    if not wanted or raw.rows == 0:
        return {i: Evidence((), whole=True) for i in wanted}
    size = raw.scan.path.stat().st_size
    whole = raw.rows <= ROWS and size < 8_000_000
    if whole:
        return _whole(raw, wanted, con)
    table = (
        _csv(raw.scan, len(raw.columns), size)
        if isinstance(raw.scan, CsvScan)
        else _parquet(raw.scan, wanted)
    )
    return {i: _count(table, column(i), whole=False) for i in wanted}


def _whole(raw: RawTable, wanted: list[int], con: duckdb.DuckDBPyConnection) -> Mapping[int, Evidence]:
    """All rows, so many columns at a time: DuckDB holds a few vectors a column."""
    evidences: dict[int, Evidence] = {}
    together = at_once(len(wanted), TOGETHER)
    for start in range(0, len(wanted), together):
        part = wanted[start : start + together]
        table = con.execute(select_raw(raw.scan, len(raw.columns), part).sql("duckdb")).to_arrow_table()
        evidences |= {i: _count(table, column(i), whole=True) for i in part}
    return evidences


def _count(table: pa.Table, name: str, *, whole: bool) -> Evidence:
    counted = pc.value_counts(table.column(name).cast(pa.string()))
    values, counts = (
        cast("list[str | None]", counted.field("values").to_pylist()),
        cast("list[int]", counted.field("counts").to_pylist()),
    )
    return gather(zip(values, counts, strict=True), whole=whole)


def _csv(scan: CsvScan, width: int, size: int) -> pa.Table:
    """Slices of the text, each from a line end to a line end. A slice that begins inside a quoted line break
    yields a few records of a wrong width: dropped.
    """
    text = _slices(scan, size)
    names = [column(i) for i in range(width)]
    read = pcsv.ReadOptions(column_names=names, use_threads=False, block_size=max(len(text), 1))
    parse = pcsv.ParseOptions(
        delimiter=scan.separator,
        quote_char=scan.quote or False,
        double_quote=True,
        newlines_in_values=bool(scan.quote),
        invalid_row_handler=lambda _row: "skip",
        ignore_empty_lines=False,
    )
    convert = pcsv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
    )
    return pcsv.read_csv(
        io.BytesIO(text), read_options=read, parse_options=parse, convert_options=convert
    ).slice(0, ROWS)


def _slices(scan: CsvScan, size: int) -> bytes:
    parts: list[bytes] = []
    with open(scan.path, "rb") as file:
        for _ in range(scan.skip):
            file.readline()
        start = file.tell()
        head = file.read(20_000)
        long = len(head) // max(head.count(b"\n"), 1)
        length = min(max(SPREAD * long // SLICES, 20_000), 1_000_000)
        for offset in range(start, size, max((size - start) // SLICES, length)):
            file.seek(offset)
            if offset > start:
                file.readline()
            part = file.read(length) + file.readline()
            parts.append(part if part.endswith((b"\n", b"\r")) else part + b"\n")
    return b"".join(parts)


def _parquet(scan: ParquetScan, wanted: list[int]) -> pa.Table:
    """A few row groups: the first, the last, and some between, thinned."""
    file = pq.ParquetFile(scan.path)
    groups = sorted({round(i * (file.num_row_groups - 1) / 5) for i in range(6)})
    rows = SPREAD // len(groups)
    there = [scan.names[i] if scan.names else column(i) for i in wanted]
    parts = [_thin(file.read_row_group(g, columns=there), rows) for g in groups]
    return pa.concat_tables(parts).select(there).rename_columns([column(i) for i in wanted])


def _thin(table: pa.Table, rows: int) -> pa.Table:
    if table.num_rows <= rows:
        return table
    step = table.num_rows / rows
    return table.take(pa.array([int(i * step) for i in range(rows)], pa.int64()))
