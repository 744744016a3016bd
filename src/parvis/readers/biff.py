"""Follow the records of an old Excel workbook (.xls): how far its cells reach, which numbers are codes.
Source: [MS-CFB] 2.2-2.6, [MS-XLS] 2.4.
"""

from __future__ import annotations

import mmap
import struct
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from parvis.readers import number_formats

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END, _FREE = 0xFFFFFFFE, 0xFFFFFFFF
_CELLS = frozenset(
    {
        0x0006,
        0x0201,
        0x0203,
        0x0204,
        0x0205,
        0x027E,
        0x00FD,
        0x00BD,
        0x00BE,
        0x0001,
        0x0002,
        0x0003,
        0x0004,
        0x0005,
        0x00D6,
    }
)
_MANY = frozenset({0x00BD, 0x00BE})
_BOF, _EOF, _FILEPASS = 0x0809, 0x000A, 0x002F

Bytes = mmap.mmap | bytes


@dataclass(frozen=True, slots=True)
class Extent:
    """Rows and columns of the widest sheet."""

    rows: int
    columns: int
    locked: bool = False
    """The records that follow are encrypted."""


def workbook(data: Bytes) -> bytes:
    """The stream `Workbook` (or `Book`) of a compound file. Raises ValueError when the file is damaged or has
    none.
    """
    if len(data) < 512 or bytes(data[:8]) != MAGIC:
        raise ValueError("no compound file")
    shift, small_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or small_shift > shift:
        raise ValueError("wrong sector size")
    size = 1 << shift
    first_directory, cutoff, first_small, _, first_difat, _ = struct.unpack_from("<I4xIIIII", data, 48)
    fat = _fat(data, size, first_difat)
    directory = _stream(data, fat, first_directory, size, None)
    root: tuple[int, int] | None = None
    stream_place: tuple[int, int] | None = None
    for at in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, at + 64)[0]
        name = directory[at : at + max(0, min(64, length) - 2)].decode("utf-16-le", "replace")
        start, bytes_ = struct.unpack_from("<II", directory, at + 116)
        if directory[at + 66] == 5:
            root = (start, bytes_)
        elif name in ("Workbook", "Book") and directory[at + 66] == 2:
            stream_place = (start, bytes_)
            if name == "Workbook":
                break
    if stream_place is None:
        raise ValueError("no workbook stream")
    if stream_place[1] >= cutoff or root is None:
        return _stream(data, fat, stream_place[0], size, stream_place[1])
    container = _stream(data, fat, root[0], size, root[1])
    small_fat = _numbers(_stream(data, fat, first_small, size, None))
    return _stream(container, small_fat, stream_place[0], 1 << small_shift, stream_place[1], header=0)


def _numbers(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))


def _sector(data: Bytes, number: int, size: int, header: int) -> bytes:
    start = header + number * size
    return bytes(data[start : start + size])


def _fat(data: Bytes, size: int, first_difat: int) -> list[int]:
    lists = [n for n in struct.unpack_from("<109I", data, 76) if n < _END]
    sector, seen = first_difat, 0
    while sector < _END and seen < 10_000:
        numbers = _numbers(_sector(data, sector, size, size))
        if not numbers:
            break
        lists += [n for n in numbers[:-1] if n < _END]
        sector = numbers[-1]
        seen += 1
    fat: list[int] = []
    for number in lists[: len(data) // size + 1]:
        fat += _numbers(_sector(data, number, size, size))
    return fat


def _stream(
    data: Bytes, fat: list[int], first: int, size: int, length: int | None, *, header: int | None = None
) -> bytes:
    start = size if header is None else header
    parts: list[bytes] = []
    sector = first
    for _ in range(len(data) // size + 2):
        if sector >= _END or (length is not None and len(parts) * size >= length):
            break
        parts.append(_sector(data, sector, size, start))
        sector = fat[sector] if sector < len(fat) else _END
    whole = b"".join(parts)
    return whole if length is None else whole[:length]


def _records(stream: bytes) -> Iterator[tuple[int, int, int]]:
    at, end = 0, len(stream) - 4
    while at <= end:
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, at + 4, length
        at += 4 + length


def extent(stream: bytes) -> Extent:
    """How far the cells of the largest sheet reach."""
    best = Extent(0, 0)
    rows = columns = 0
    for kind, at, length in _records(stream):
        if kind in _CELLS and length >= 4 and at + length <= len(stream):
            row, column = struct.unpack_from("<HH", stream, at)
            if kind in _MANY and length >= 6:
                column = max(column, struct.unpack_from("<H", stream, at + length - 2)[0])
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        elif kind == _FILEPASS:
            return Extent(0, 0, locked=True)
        elif kind == _BOF:
            rows = columns = 0
        elif kind == _EOF and rows * columns > best.rows * best.columns:
            best = Extent(rows, columns)
    return best if best.rows * best.columns >= rows * columns else Extent(rows, columns)


_FORMAT, _XF, _SHEET, _NUMBER, _RK, _MULRK = 0x041E, 0x00E0, 0x0085, 0x0203, 0x027E, 0x00BD


def codes(stream: bytes) -> Mapping[str, Mapping[int, str]]:
    """By sheet, the columns from 0 whose numbers are shown as codes, with their mask. Nothing is counted when
    no format of the workbook is one of codes.
    """
    known: dict[int, str] = {}
    styles: list[int] = []
    sheets: dict[int, str] = {}
    for kind, at, length in _records(stream):
        if kind == _FORMAT and length > 5 and (mask := number_formats.mask(_text(stream, at + 2, wide=True))):
            known[struct.unpack_from("<H", stream, at)[0]] = mask
        elif kind == _XF and length >= 4:
            styles.append(struct.unpack_from("<H", stream, at + 2)[0])
        elif kind == _SHEET and length > 8:
            sheets[struct.unpack_from("<I", stream, at)[0]] = _text(stream, at + 6, wide=False)
        elif kind == _EOF:
            break
    masked = {place: known[code] for place, code in enumerate(styles) if code in known}
    return {name: _columns(stream, start, masked) for start, name in sheets.items()} if masked else {}


_ROW, _COLINFO = 0x0208, 0x007D


def unseen(stream: bytes) -> Mapping[str, tuple[frozenset[int], frozenset[int]]]:
    """By sheet, the rows and columns from 0 that are hidden, or have no height or width. Source: [MS-XLS]
    2.4.221 (Row), 2.4.53 (ColInfo).
    """
    sheets: dict[int, str] = {}
    for kind, at, length in _records(stream):
        if kind == _SHEET and length > 8:
            sheets[struct.unpack_from("<I", stream, at)[0]] = _text(stream, at + 6, wide=False)
        elif kind == _EOF:
            break
    return {name: _unseen_of(stream, start) for start, name in sheets.items()}


def _unseen_of(stream: bytes, start: int) -> tuple[frozenset[int], frozenset[int]]:
    """The hidden rows and columns of a sheet, from 0. start: where its records begin in the stream."""
    rows: set[int] = set()
    columns: set[int] = set()
    for kind, at, length in _records(stream[start:]):
        at += start
        if kind == _ROW and length >= 16:
            row, height, flags = struct.unpack_from("<H4xH4xI", stream, at)
            if flags & 0x20 or (
                flags & 0x40 and height in (0, 0x8000)
            ):  # fDyZero; fUnsynced: the height was set by hand
                rows.add(row)
        elif kind == _COLINFO and length >= 10:
            first, last, width, _, flags = struct.unpack_from("<HHHHH", stream, at)
            if flags & 0x01 or not width:
                columns.update(range(first, min(last, 255) + 1))
        elif kind == _EOF:
            break
    return frozenset(rows), frozenset(columns)


def _text(stream: bytes, at: int, *, wide: bool) -> str:
    """A text with its length in front, two bytes when wide; letters of one byte or two as its flag says."""
    count = struct.unpack_from("<H" if wide else "<B", stream, at)[0]
    at += 2 if wide else 1
    double = stream[at] & 1
    return stream[at + 1 : at + 1 + count * (1 + double)].decode(
        "utf-16-le" if double else "latin-1", "replace"
    )


def _columns(stream: bytes, start: int, masked: Mapping[int, str]) -> Mapping[int, str]:
    numbers, codes_shown = Counter[int](), Counter[tuple[int, str]]()
    for kind, at, length in _records(stream[start:]):
        at += start
        if kind in (_NUMBER, _RK) and length >= 6:
            column, style = struct.unpack_from("<2xHH", stream, at)
            cells = [(column, style)]
        elif kind == _MULRK and length >= 12:
            first = struct.unpack_from("<2xH", stream, at)[0]
            cells = [
                (first + i, struct.unpack_from("<H", stream, at + 4 + 6 * i)[0])
                for i in range((length - 6) // 6)
            ]
        elif kind == _EOF:
            break
        else:
            continue
        for column, style in cells:
            numbers[column] += 1
            if style in masked:
                codes_shown[column, masked[style]] += 1
    return {
        column: mask
        for (column, mask), count in codes_shown.items()
        if count >= number_formats.SHARE * numbers[column]
    }
