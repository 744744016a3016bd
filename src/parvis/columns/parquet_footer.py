"""Take columns out of a Parquet file by its footer alone.

The typed file is written with a `_raw_` twin for every column that could have misfits; most have none, and
only the whole scan tells. Writing twice would double the cost; here the empty twins are taken out of the
metadata (a Thrift compact struct at the end of the file), and their few dead bytes stay where they are.
Source: the Parquet format, `parquet.thrift` (FileMetaData 2 schema, 4 row_groups, 7 column_orders;
SchemaElement 4 name, 5 num_children; RowGroup 1 columns).
"""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

_STRUCT, _LIST, _SET, _MAP, _BINARY, _DOUBLE, _BYTE = 12, 9, 10, 11, 8, 7, 3
_TRUE, _FALSE = 1, 2

Value = int | bytes | bool | float | list["Value"] | dict[int, "Field"]


@dataclass(slots=True)
class Field:
    """A field of a Thrift struct: its compact type and its value. A list keeps the type of its elements."""

    kind: int
    value: Value
    element: int = 0


def drop(path: Path, names: Collection[str]) -> None:
    """Take the top-level columns of these names, with all below them, out of the file's footer, in place.
    Raises ValueError when the file is not Parquet.
    """
    if not names:
        return
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(size - 8)
        tail = file.read(8)
        if tail[4:] != b"PAR1":
            raise ValueError(f"not a Parquet file: {path.name}")
        length = int.from_bytes(tail[:4], "little")
        file.seek(size - 8 - length)
        meta, _ = _struct(file.read(length), 0)
        _take_out(meta, {n.encode() for n in names})
        written = bytearray()
        _put_struct(written, meta)
        file.seek(size - 8 - length)
        file.truncate()
        file.write(bytes(written) + len(written).to_bytes(4, "little") + b"PAR1")


def _take_out(meta: dict[int, Field], names: Collection[bytes]) -> None:
    schema = _list(meta[2])
    root, *elements = (_fields(e) for e in schema)
    remaining: list[Value] = [root]
    leaves: list[bool] = []
    top = 0
    i = 0
    while i < len(elements):
        end = _end(elements, i)
        gone = elements[i][4].value in names
        leaves += [not gone for e in elements[i:end] if not _children(e)]
        if not gone:
            remaining += elements[i:end]
            top += 1
        i = end
    root[5].value = top << 1
    meta[2].value = remaining
    for group in _list(meta[4]):
        columns = _fields(group)[1]
        columns.value = [c for c, keep in zip(_list(columns), leaves, strict=True) if keep]
    if 7 in meta:
        meta[7].value = [o for o, keep in zip(_list(meta[7]), leaves, strict=True) if keep]


def _children(element: dict[int, Field]) -> int:
    count = element[5].value if 5 in element else 0
    return count >> 1 if isinstance(count, int) else 0


def _end(elements: list[dict[int, Field]], start: int) -> int:
    """Position after an element and all that is below it."""
    end = start + 1
    for _ in range(_children(elements[start])):
        end = _end(elements, end)
    return end


def _list(field: Field) -> list[Value]:
    if not isinstance(field.value, list):
        raise TypeError("a list was expected in the Parquet footer")
    return field.value


def _fields(value: Value) -> dict[int, Field]:
    if not isinstance(value, dict):
        raise TypeError("a struct was expected in the Parquet footer")
    return value


# --- Thrift compact protocol: whole numbers are left in zigzag, n is written 2n -----------------------------


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A whole number, and where the next field begins."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _value(data: bytes, at: int, kind: int) -> tuple[Value, int, int]:
    """Value, position after it, and type of its elements when it is a list."""
    if kind in (4, 5, 6):
        value, at = _varint(data, at)
        return value, at, 0
    if kind == _BINARY:
        length, at = _varint(data, at)
        return data[at : at + length], at + length, 0
    if kind == _STRUCT:
        value, at = _struct(data, at)
        return value, at, 0
    if kind == _DOUBLE:
        return data[at : at + 8], at + 8, 0
    if kind in (_BYTE, _TRUE, _FALSE):
        return data[at], at + 1, 0
    if kind in (_LIST, _SET):
        head = data[at]
        count, at = (head >> 4, at + 1) if head >> 4 != 15 else _varint(data, at + 1)
        values: list[Value] = []
        for _ in range(count):
            item, at, _ = _value(data, at, head & 15)
            values.append(item)
        return values, at, head & 15
    raise ValueError(f"unknown Thrift type {kind} in the Parquet footer")


def _struct(data: bytes, at: int) -> tuple[dict[int, Field], int]:
    """The fields of a struct by their id, and where what follows it begins."""
    fields: dict[int, Field] = {}
    last = 0
    while data[at]:
        head = data[at]
        kind = head & 15
        if head >> 4:
            last, at = last + (head >> 4), at + 1
        else:
            zigzag, at = _varint(data, at + 1)
            last = (zigzag >> 1) ^ -(zigzag & 1)
        if kind in (_TRUE, _FALSE):
            fields[last] = Field(kind, kind == _TRUE)
        else:
            value, at, element = _value(data, at, kind)
            fields[last] = Field(kind, value, element)
    return fields, at + 1


def _put_varint(out: bytearray, value: int) -> None:
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)


def _put_struct(out: bytearray, fields: dict[int, Field]) -> None:
    last = 0
    for key, field in fields.items():
        step = key - last
        if 0 < step < 16:
            out.append(step << 4 | field.kind)
        else:
            out.append(field.kind)
            _put_varint(out, key << 1)
        last = key
        if field.kind not in (_TRUE, _FALSE):
            _put_value(out, field.kind, field.value, field.element)
    out.append(0)


def _put_value(out: bytearray, kind: int, value: Value, element: int) -> None:
    if isinstance(value, dict):
        _put_struct(out, value)
    elif isinstance(value, list):
        if len(value) < 15:
            out.append(len(value) << 4 | element)
        else:
            out.append(0xF0 | element)
            _put_varint(out, len(value))
        for item in value:
            _put_value(out, element, item, 0)
    elif isinstance(value, bytes):
        if kind == _BINARY:
            _put_varint(out, len(value))
        out += value
    elif kind in (_BYTE, _TRUE, _FALSE):
        out.append(int(value))
    else:
        _put_varint(out, int(value))
