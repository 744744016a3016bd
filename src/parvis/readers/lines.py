"""Tell on which physical line of the file a record starts, exactly: with quoted line breaks, CRLF, titles
above and blank lines between. Only when asked.
"""

from __future__ import annotations

import mmap
from collections.abc import Sequence

import numpy as np
import pyarrow.parquet as pq

from parvis.core.reading import CsvScan, ParquetScan, RawTable
from parvis.readers.memory_maps import mapped, passed
from parvis.readers.structure import BLOCK, cut


def physical_lines(table: RawTable, records: Sequence[int]) -> dict[int, int]:
    """Physical line from 1 (row of the sheet, for a sheet) of data records from 1. Records that the table
    does not have are left out.

    A file without quotes needs no look; one with quotes is scanned again up to the last record asked.
    """
    wanted = sorted({r for r in records if 1 <= r <= table.rows})
    if not wanted:
        return {}
    if isinstance(table.scan, ParquetScan):
        return _from_parquet(table.scan, wanted)
    if not table.scan.quote:
        return {r: table.scan.skip + r for r in wanted}
    with mapped(table.scan.path) as data:
        return _from_text(data, table.scan, wanted)


def _from_parquet(scan: ParquetScan, wanted: Sequence[int]) -> dict[int, int]:
    if not scan.line_column:
        return {r: r for r in wanted}
    line_of: dict[int, int] = {}
    with pq.ParquetFile(scan.path) as file:
        before = 0
        for group in range(file.num_row_groups):
            rows = file.metadata.row_group(group).num_rows
            here = [r for r in wanted if before < r <= before + rows]
            if here:
                line = file.read_row_group(group, columns=["_line"]).column(0)
                line_of |= {r: int(line[r - before - 1].as_py()) for r in here}
            before += rows
    return line_of


def _from_text(data: mmap.mmap | bytes, scan: CsvScan, records: Sequence[int]) -> dict[int, int]:
    """Count line ends within and outside quotes side by side, block by block."""
    newline = 10 if data.find(b"\n") >= 0 else 13
    quote = ord(scan.quote)
    start = _offset(data, scan.skip, newline)
    wanted = np.array(records, dtype=np.int64) - 1  # records that end before the one asked
    line_of: dict[int, int] = {}
    ended, breaks = 0, scan.skip
    inside = False
    place = 0
    while place < len(wanted) and wanted[place] == 0:
        line_of[1] = scan.skip + 1
        place += 1
    for block_start in range(start, len(data), BLOCK):
        if place == len(wanted):
            break
        passed(data, block_start, BLOCK)
        stop = min(len(data), block_start + BLOCK)
        seen = cut(data, block_start, stop, separator=-1, newline=newline, quote=quote, inside=inside)
        inside = seen.inside
        block = np.frombuffer(data, dtype=np.uint8, count=stop - block_start, offset=block_start)
        every = np.flatnonzero(block == newline) + block_start
        here = len(seen.at)
        while place < len(wanted) and wanted[place] <= ended + here:
            # The line end that closes the record before the one asked, among all line ends of the block.
            closing = int(seen.at[int(wanted[place]) - ended - 1])
            line_of[int(wanted[place]) + 1] = breaks + int(np.searchsorted(every, closing)) + 2
            place += 1
        ended += here
        breaks += len(every)
    return line_of


def _offset(data: mmap.mmap | bytes, lines: int, newline: int) -> int:
    """Offset just past so many physical lines."""
    at = 0
    mark = bytes([newline])
    for _ in range(lines):
        following = data.find(mark, at)
        if following < 0:
            return len(data)
        at = following + 1
    return at
