"""Follow the records of a binary Excel workbook (.xlsb): how far its cells reach, which numbers are codes.
Source: [MS-XLSB] 2.1.4, 2.4.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator, Mapping

from parvis.readers import number_formats

_ROW, _RK, _REAL, _FORMULA_REAL, _LAST_CELL = 0, 2, 5, 9, 11
_FORMAT, _XF, _BEGIN_CELL_XFS, _END_CELL_XFS = 44, 47, 617, 618
_SHEET = 156


def records(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Type, place of the body and its size. Type on 1-2 bytes, size on 1-4, 7 bits each. Raises IndexError
    when the part is cut.
    """
    at, size = 0, len(data)
    while at < size:
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind = kind & 0x7F | data[at] << 7
            at += 1
        length = shift = 0
        for _ in range(4):
            byte = data[at]
            at += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield kind, at, length
        at += length


def extent(sheet: bytes) -> tuple[int, int]:
    """Rows and columns that the cells of a sheet reach. A row says its number first, a cell its column."""
    rows = columns = 0
    for kind, at, length in records(sheet):
        if kind == _ROW and length >= 4:
            rows = max(rows, struct.unpack_from("<I", sheet, at)[0] + 1)
        elif kind <= _LAST_CELL and length >= 4:
            columns = max(columns, struct.unpack_from("<I", sheet, at)[0] + 1)
    return rows, columns


_COLUMNS = 60


def unseen(sheet: bytes) -> tuple[frozenset[int], frozenset[int]]:
    """Rows and columns from 0 that are hidden, or have no height or width. Source: [MS-XLSB] 2.4.714
    (BrtRowHdr), 2.4.324 (BrtColInfo).
    """
    rows: set[int] = set()
    columns: set[int] = set()
    for kind, at, length in records(sheet):
        if kind == _ROW and length >= 12:
            row, height, flags = struct.unpack_from("<I4xHxB", sheet, at)
            if flags & 0x10 or (
                flags & 0x20 and not height
            ):  # fDyZero; fUnsynced: the height was set by hand
                rows.add(row)
        elif kind == _COLUMNS and length >= 18:
            first, last, width, flags = struct.unpack_from("<III4xH", sheet, at)
            if flags & 0x01 or not width:
                columns.update(range(first, min(last, 16_383) + 1))
    return frozenset(rows), frozenset(columns)


def sheets(workbook: bytes) -> Mapping[str, str]:
    """Relation of each sheet to its name."""
    names: dict[str, str] = {}
    for kind, at, length in records(workbook):
        if kind == _SHEET and length > 16:
            relation, after = _text(workbook, at + 8)
            names[relation] = _text(workbook, after)[0]
    return names


def styles(part: bytes) -> Mapping[int, str]:
    """Number of a cell style to its mask; those with one only."""
    known: dict[int, str] = {}
    masks: dict[int, str] = {}
    count = -1
    for kind, at, length in records(part):
        if kind == _FORMAT and length > 6 and (mask := number_formats.mask(_text(part, at + 2)[0])):
            known[struct.unpack_from("<H", part, at)[0]] = mask
        elif kind == _BEGIN_CELL_XFS:
            count = 0
        elif kind == _END_CELL_XFS:
            break
        elif kind == _XF and count >= 0 and length >= 4:
            if (mask := known.get(struct.unpack_from("<2xH", part, at)[0])) is not None:
                masks[count] = mask
            count += 1
    return masks


def codes(sheet: bytes, known: Mapping[int, str]) -> Mapping[int, str]:
    """Columns from 0 whose numbers are shown as codes, with their mask."""
    numbers, codes_shown = Counter[int](), Counter[tuple[int, str]]()
    for kind, at, length in records(sheet) if known else ():
        if kind in (_RK, _REAL, _FORMULA_REAL) and length >= 8:
            column, style = struct.unpack_from("<II", sheet, at)
            numbers[column] += 1
            if (mask := known.get(style & 0xFFFFFF)) is not None:
                codes_shown[column, mask] += 1
    return {
        column: mask
        for (column, mask), count in codes_shown.items()
        if count >= number_formats.SHARE * numbers[column]
    }


def _text(data: bytes, at: int) -> tuple[str, int]:
    """A text of two-byte letters with their count in front, and where it ends."""
    end = at + 4 + 2 * struct.unpack_from("<I", data, at)[0]
    return data[at + 4 : end].decode("utf-16-le", "replace"), end
