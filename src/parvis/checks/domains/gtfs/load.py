# pyright: reportMissingTypeArgument=false, reportUnknownParameterType=false, reportCallIssue=false, reportArgumentType=false, reportAttributeAccessIssue=false
# Arrow's own functions are only partly typed.
"""The text files of a feed as Arrow columns of raw cells, each row with its physical line; and what is wrong
with their form.

A regular file (no blank line, no line break within quotes) goes through Arrow's reader; any other record by
record, so that lines stay true.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pcsv

from parvis.checks.domains.gtfs.schema import File
from parvis.checks.domains.tally import Tally
from parvis.core.types import Row

BLOCK = 64 << 20
"""Bytes that Arrow reads at a time: the longest record must fit."""

CELL = 1 << 20
"""Characters of one cell; a longer one is a quote that was never closed."""

_PADDED = re.compile(rb'(?:^|,)"\s|\s"(?:,|\r?$)', re.MULTILINE)


@dataclass(slots=True)
class Loaded:
    """One file of the feed. lines: physical line of each row, from 1. sound: nothing forbids to judge the
    table as a whole.
    """

    file: File
    columns: dict[str, pa.ChunkedArray | pa.Array] = field(default_factory=dict[str, Any])
    names: frozenset[str] = frozenset()
    """The columns that the file itself has."""
    lines: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    sound: bool = True
    padded: bool = False
    """Whether some quoted cell begins or ends with white space: outside quotes the standard's readers drop
    it.
    """

    @property
    def rows(self) -> int:
        return len(self.lines)


def load(path: Path, file: File, tally: Tally) -> Loaded:
    """Read one file. Header faults leave it without rows: nothing can be said of cells whose column is not
    sure.
    """
    data = path.read_bytes()
    data = data.removeprefix(b"\xef\xbb\xbf")
    if not data.strip():
        tally.hit("empty_file", table=file.name)
        return Loaded(file, sound=False)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        data = data.decode("utf-8", "replace").encode("utf-8")
    start, header = _header(data)
    if not _fit(header, file, tally):
        return Loaded(file, sound=False)
    loaded = Loaded(file, padded=_PADDED.search(data, start) is not None)
    regular = _regular(data, start)
    if not data[start:].strip():
        columns, lines = [pa.array([], pa.string()) for _ in header], loaded.lines
    elif regular is None:
        columns, lines = _slowly(data, header, file, tally, loaded)
    else:
        columns, lines = _quickly(data, start, regular, header, file, tally, loaded)
    known = {f.name for f in file.fields}
    loaded.columns = {name: column for name, column in zip(header, columns, strict=True) if name in known}
    loaded.names = frozenset(header)
    loaded.lines = lines
    return loaded


def _header(data: bytes) -> tuple[int, list[str]]:
    """Where the first record ends, and its cells."""
    at = 0
    while at < len(data):
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end + 1
        if data[at:end].strip():
            break
        at = end
    text = io.StringIO(data[at : at + (1 << 20)].decode("utf-8", "replace"), newline="")
    cells = next(csv.reader(text), [])
    end = data.find(b"\n", at)
    return (len(data) if end < 0 else end + 1), [c.strip() for c in cells]


def _fit(header: list[str], file: File, tally: Tally) -> bool:
    """Say what is wrong with the header; False when the rows can't be trusted to it."""
    known = {f.name for f in file.fields}
    sure = True
    seen: set[str] = set()
    for place, name in enumerate(header, 1):
        if not name:
            tally.hit("empty_column_name", table=file.name, line=1, value=str(place))
            sure = False
        elif name in seen:
            tally.hit("duplicated_column", table=file.name, column=name, line=1, value=name)
            sure = False
        elif name not in known:
            tally.hit("unknown_column", table=file.name, column=name, line=1, value=name)
        seen.add(name)
    for each in file.fields:
        if each.name not in seen and each.column:
            tally.hit("missing_required_column", table=file.name, column=each.name)
            sure = False
    return sure


def _regular(data: bytes, start: int) -> npt.NDArray[np.int64] | None:
    """The places of the line ends below the header when each line is a record; None when some line is blank
    or a record spans lines.
    """
    if start and data[:start].count(b"\n") > 1:
        return None
    body = np.frombuffer(data, dtype=np.uint8, offset=start)
    ends = np.flatnonzero(body == 10)
    if not len(body):
        return ends
    if data.find(b"\r", start) >= 0 and data.count(b"\r", start) != data.count(b"\r\n", start):
        return None
    if data.find(b'"', start) >= 0:
        quotes = np.cumsum(body == 34, dtype=np.int64)
        if np.any(quotes[ends] % 2) or quotes[-1] % 2:
            return None
    starts = np.concatenate(([0], ends + 1))
    starts = starts[starts < len(body)]
    if np.any(np.isin(body[starts], np.frombuffer(b" \t\r\n", dtype=np.uint8))):
        return None
    return starts


def _quickly(
    data: bytes,
    start: int,
    starts: npt.NDArray[np.int64],
    header: list[str],
    file: File,
    tally: Tally,
    loaded: Loaded,
) -> tuple[list[pa.ChunkedArray], npt.NDArray[np.int64]]:
    """The columns of a file, and the physical line of each row, by the parser of Arrow."""
    short: list[int] = []

    def skip(row: Any) -> str:
        number = int(row.number)
        short.append(number)
        _ragged(tally, file, number + 1, int(row.actual_columns), len(header), row.text)
        return "skip"

    table = pcsv.read_csv(
        pa.BufferReader(pa.py_buffer(data).slice(start)),
        read_options=pcsv.ReadOptions(
            use_threads=False, block_size=BLOCK, column_names=[f"c{i}" for i in range(len(header))]
        ),
        parse_options=pcsv.ParseOptions(invalid_row_handler=skip, ignore_empty_lines=False),
        convert_options=pcsv.ConvertOptions(
            column_types={f"c{i}": pa.string() for i in range(len(header))},
            strings_can_be_null=False,
            check_utf8=False,
        ),
    )
    lines = np.arange(2, len(starts) + 2, dtype=np.int64)
    if short:
        loaded.sound = False
        lines = np.delete(lines, np.array(short, dtype=np.int64) - 1)
    return [cast(Any, table.column(i)) for i in range(len(header))], lines


def _slowly(
    data: bytes, header: list[str], file: File, tally: Tally, loaded: Loaded
) -> tuple[list[pa.Array], npt.NDArray[np.int64]]:
    """The columns of a file, and the physical line of each row, by the parser of Python: where a line is
    blank or a record spans lines.
    """
    cells: list[list[str]] = [[] for _ in header]
    lines: list[int] = []
    for line, row in _records(data, file, tally, loaded):
        if len(row) == 1 and not row[0].strip():
            tally.hit("empty_row", table=file.name, line=line, record=line - 1)
        elif len(row) != len(header):
            loaded.sound = False
            _ragged(tally, file, line, len(row), len(header), ",".join(row))
        else:
            lines.append(line)
            for column, cell in zip(cells, row, strict=True):
                column.append(cell)
    return [pa.array(column, pa.string()) for column in cells], np.array(lines, dtype=np.int64)


def _records(data: bytes, file: File, tally: Tally, loaded: Loaded) -> Iterator[tuple[int, list[str]]]:
    """Records below the header with their last physical line, blank lines passed over."""
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline=""))
    begun = False
    limit = csv.field_size_limit(CELL)
    try:
        for row in reader:
            blank = not row or (len(row) == 1 and not row[0].strip() and row[0] != "")
            if not begun:
                begun = not blank
            elif row and not (blank and row[0] != ""):
                yield reader.line_num, row
    except csv.Error as error:
        loaded.sound = False
        tally.hit("csv_parsing_failed", table=file.name, line=reader.line_num, value=str(error))
    finally:
        csv.field_size_limit(limit)


def _ragged(tally: Tally, file: File, line: int, width: int, wanted: int, text: str) -> None:
    row = Row(file.name, line, line - 1, text[:200])
    tally.many("invalid_row_length", 1, [row], table=file.name, found=str(width), wanted=str(wanted))
