# pyright: reportMissingTypeArgument=false, reportUnknownParameterType=false, reportCallIssue=false, reportArgumentType=false
# Arrow's own functions are only partly typed.
"""Write raw cells to a Parquet file of the spool, chunk by chunk, when columns and types are known only at
the end.

Cells come as Python values (or Arrow arrays that already have a type). While they pass, the kinds of values
of each column are noted; `finish` then knows whether a column is dates, numbers or text from one end to the
other, drops what nobody filled, and writes the file that `ParquetScan` promises.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from parvis.core.late import late
from parvis.core.reading import ParquetScan, RawColumn
from parvis.core.types import POINT, SHAPE, ColumnType
from parvis.readers import labels

if TYPE_CHECKING:
    import shapely
else:
    shapely = late("shapely")

ROW_GROUP = 20_480
"""Rows of a row group, here as in versions at rest."""

Kind = Literal[
    "text", "integer", "huge", "number", "boolean", "date", "datetime", "time", "duration", "array", "json"
]

Cell = None | str | int | float | bool | date | datetime | time | timedelta | list["Cell"] | dict[str, "Cell"]
"""What a cell may be when a format has types of its own."""

POINT_TYPE = pa.struct([("lon", pa.float64()), ("lat", pa.float64())])

_ARROW: Mapping[ColumnType, pa.DataType] = {
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "time": pa.time64("us"),
    "array": pa.list_(pa.string()),
}

_IN_MEMORY = 64_000_000
"""Bytes of chunks kept in memory before they go to disk."""

SHEET_NATIVE: frozenset[ColumnType] = frozenset({"boolean", "date", "time"})
"""Types a sheet is trusted with. Numbers stay text (a post code typed as a number is still a code), and so do
times of day without a zone.
"""

JSON_NATIVE: frozenset[ColumnType] = frozenset({"integer", "number", "boolean", "array", "json"})


def number_text(value: float) -> str:
    """A float as a spreadsheet shows it: no `.0` after a whole number, no more than the 15 digits that are meant.

    >>> [number_text(v) for v in (1.0, 0.1 + 0.2, 38529030900454.0, 1e22, -2.5)]
    ['1', '0.3', '38529030900454', '10000000000000000000000', '-2.5']
    """
    return f"{value:.0f}" if value.is_integer() and abs(value) < 1e23 else f"{value:.15g}"


def duration_text(value: timedelta) -> str:
    """Hours may pass 24.

    >>> duration_text(timedelta(hours=27, minutes=17, seconds=54))
    '27:17:54'
    """
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def json_text(value: Cell) -> str:
    """A nested value as compact JSON text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def cell_text(value: Cell) -> str | None:
    """One cell as text, whatever its kind; None when it is absent."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, timedelta):
        return duration_text(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    return json_text(value)


def kind_of(value: Cell) -> Kind | None:
    """What a cell is; None when it is absent."""
    if value is None:
        return None
    if isinstance(value, str):
        return "text"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer" if -(1 << 63) <= value < 1 << 63 else "huge"
    if isinstance(value, float):
        return "number"
    if isinstance(value, datetime):
        return "datetime"
    if isinstance(value, date):
        return "date"
    if isinstance(value, time):
        return "time"
    if isinstance(value, timedelta):
        return "duration"
    if isinstance(value, dict):
        return "json"
    return "json" if any(isinstance(v, (list, dict)) for v in value) else "array"


_PLAIN: Mapping[type, Kind] = {
    str: "text", bool: "boolean", float: "number", date: "date", datetime: "datetime", time: "time", timedelta: "duration", dict: "json",
}  # fmt: skip


def _kinds(values: Sequence[Cell]) -> set[Kind]:
    kinds: set[Kind] = set()
    for python in set(map(type, values)) - {type(None)}:
        if python in _PLAIN:
            kinds.add(_PLAIN[python])
            continue
        for value in values:
            kind = kind_of(value) if type(value) is python else None
            if kind is not None:
                kinds.add(kind)
    return kinds


def _texts(values: Sequence[Cell], kinds: set[Kind]) -> pa.Array:
    if kinds <= {"text"}:
        return pa.array(values, pa.string())
    if kinds == {"number"}:
        numbers = np.array([math.nan if v is None else v for v in values], dtype=np.float64)
        if not np.any(np.abs(numbers) >= 1e15):
            if bool(np.all((numbers % 1 == 0) | np.isnan(numbers))):
                # Whole numbers, the usual case: let Arrow write them.
                return pc.cast(
                    pa.array(np.nan_to_num(numbers).astype(np.int64), mask=np.isnan(numbers)), pa.string()
                )
            return pa.array([None if v is None else "%.15g" % v for v in values], pa.string())  # noqa: UP031
    return pa.array([cell_text(v) for v in values], pa.string())


@dataclass(slots=True)
class _Seen:
    """What is known of one column so far."""

    label: str
    kinds: set[Kind] = field(default_factory=set[Kind])
    native: ColumnType | None = None
    arrow: pa.DataType | None = None
    filled: int = 0


_NO_ARRAYS: Mapping[str, tuple[ColumnType, pa.Array]] = MappingProxyType({})


class RawWriter:
    """Collects chunks of one table. `finish` closes it; nothing is readable before."""

    def __init__(self, folder: Path, name: str) -> None:
        """folder: the spool of this reading. name: stem of the files written, unique in the spool."""
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{name}.parquet"
        self._seen: dict[str, _Seen] = {}
        self._chunks: list[pa.Table | Path] = []
        self._held = 0
        self._lines = False
        self.rows = 0
        self.column_keys: tuple[str, ...] = ()
        """Keys of the columns that `finish` wrote, in their order."""

    @property
    def width(self) -> int:
        """Columns seen so far."""
        return len(self._seen)

    def declare(self, keys: Iterable[str], texts: Iterable[str] | None = None) -> None:
        """Say that these columns exist, in this order, even if they stay empty. texts: their labels, the keys
        themselves when None.
        """
        pairs = list(keys)
        for key, label in zip(pairs, pairs if texts is None else texts, strict=True):
            self._seen.setdefault(key, _Seen(label))

    def add(
        self,
        cells: Mapping[str, Sequence[Cell]],
        rows: int,
        *,
        lines: Sequence[int] | None = None,
        typed: Mapping[str, tuple[ColumnType, pa.Array]] = _NO_ARRAYS,
    ) -> None:
        """One chunk: columns of `rows` cells by key. typed: columns that have their type already, with the
        Arrow array that holds it (a shape as WKB).
        """
        if not rows:
            return
        arrays: dict[str, pa.Array] = {}
        for key, values in cells.items():
            seen = self._seen.setdefault(key, _Seen(key))
            kinds = _kinds(values)
            seen.kinds |= kinds
            arrays[key] = _texts(values, kinds)
            seen.filled += rows - arrays[key].null_count
        for key, (native, array) in typed.items():
            seen = self._seen.setdefault(key, _Seen(key))
            seen.native, seen.arrow = native, array.type
            seen.filled += rows - array.null_count
            arrays[key] = array
        if lines is not None:
            self._lines = True
            arrays["\x00line"] = pa.array(lines, pa.int64())
        if not arrays:
            arrays["\x00none"] = pa.nulls(rows)
        self.rows += rows
        self._keep(pa.table(arrays))

    def _keep(self, chunk: pa.Table) -> None:
        if self._held + chunk.nbytes <= _IN_MEMORY:
            self._held += chunk.nbytes
            self._chunks.append(chunk)
            return
        path = self._path.with_suffix(f".{len(self._chunks)}.arrow")
        with pa.OSFile(str(path), "wb") as out, pa.ipc.new_file(out, chunk.schema) as writer:
            writer.write_table(chunk)
        self._chunks.append(path)

    def finish(
        self, native: frozenset[ColumnType], *, keep_empty: bool = True
    ) -> tuple[tuple[RawColumn, ...], ParquetScan]:
        """Write the Parquet file. native: the types to believe when a whole column agrees. keep_empty False
        drops columns with neither label nor value.
        """
        kept_columns = [
            (key, seen) for key, seen in self._seen.items() if keep_empty or seen.label.strip() or seen.filled
        ]
        kept_columns.sort(key=lambda pair: pair[0] == SHAPE)  # the geometry stands last
        types: dict[str, ColumnType | None] = {key: _decide(seen, native) for key, seen in kept_columns}
        if SHAPE in types and self._only_points():
            types[SHAPE] = "point"
        names = dict(
            zip(
                (k for k, _ in kept_columns if k != SHAPE),
                labels.names([s.label for k, s in kept_columns if k != SHAPE]),
                strict=True,
            )
        )
        names[SHAPE] = POINT if types.get(SHAPE) == "point" else SHAPE
        fields = [
            pa.field(f"c{i}", _arrow_type(types[key], seen)) for i, (key, seen) in enumerate(kept_columns)
        ]
        if self._lines:
            fields.append(pa.field("_line", pa.int64()))
        schema = pa.schema(fields)
        with pq.ParquetWriter(self._path, schema, compression="snappy") as writer:
            for chunk in self._read_back():
                # One look at the names: Arrow lists all of them again each time that one is asked for.
                places = {name: place for place, name in enumerate(chunk.column_names)}
                arrays = [
                    _final(chunk, places.get(key), types[key], seen, fields[i].type)
                    for i, (key, seen) in enumerate(kept_columns)
                ]
                if self._lines:
                    arrays.append(chunk["\x00line"].combine_chunks())
                writer.write_table(pa.Table.from_arrays(arrays, schema=schema), row_group_size=ROW_GROUP)
        for chunk in self._chunks:
            if isinstance(chunk, Path):
                chunk.unlink()
        self._chunks.clear()
        columns = tuple(RawColumn(names[key], seen.label, types[key]) for key, seen in kept_columns)
        self.column_keys = tuple(key for key, _ in kept_columns)
        return columns, ParquetScan(self._path, self._lines)

    def _read_back(self) -> Iterator[pa.Table]:
        """The chunks, small neighbours joined into row groups of the right size."""
        waiting: list[pa.Table] = []
        rows = size = 0
        for part in self._chunks:
            chunk = pa.ipc.open_file(pa.memory_map(str(part))).read_all() if isinstance(part, Path) else part
            waiting.append(chunk)
            rows += chunk.num_rows
            size += chunk.nbytes
            if rows >= ROW_GROUP or size > _IN_MEMORY:
                yield pa.concat_tables(waiting, promote_options="default").combine_chunks()
                waiting, rows, size = [], 0, 0
        if waiting:
            yield pa.concat_tables(waiting, promote_options="default").combine_chunks()

    def _only_points(self) -> bool:
        some = False
        for chunk in self._read_back():
            if SHAPE not in chunk.column_names:
                continue
            kinds = shapely.get_type_id(shapely.from_wkb(chunk[SHAPE].to_numpy()))
            if not np.all((kinds == shapely.GeometryType.POINT) | (kinds == shapely.GeometryType.MISSING)):
                return False
            some = some or bool(np.any(kinds == shapely.GeometryType.POINT))
        return some


def _decide(seen: _Seen, native: frozenset[ColumnType]) -> ColumnType | None:
    """The type of a whole column; None: text, to be typed by `columns`."""
    if seen.native is not None:
        return seen.native
    kinds = seen.kinds
    decided: ColumnType | None = None
    if kinds == {"integer"}:
        decided = "integer"
    elif kinds and kinds <= {"integer", "huge", "number"} and "number" in kinds:
        decided = "number"
    elif kinds == {"boolean"}:
        decided = "boolean"
    elif kinds == {"date"}:
        decided = "date"
    elif kinds == {"time"}:
        decided = "time"
    elif kinds and kinds <= {"array", "text", "integer", "number", "boolean"} and "array" in kinds:
        decided = "array"
    elif "json" in kinds and kinds <= {"json", "array"}:
        decided = "json"
    return decided if decided in native else None


def _arrow_type(native: ColumnType | None, seen: _Seen) -> pa.DataType:
    if native == "point":
        return POINT_TYPE
    if seen.arrow is not None:
        return seen.arrow
    return _ARROW.get(native, pa.string()) if native else pa.string()


def _final(
    chunk: pa.Table, place: int | None, native: ColumnType | None, seen: _Seen, kind: pa.DataType
) -> pa.Array:
    """A column as it is written. place: where it stands in this chunk; None where the chunk has none of it."""
    if place is None:
        return pa.nulls(chunk.num_rows, kind)
    array = chunk.column(place).combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], array.type)
    if native == "point":
        return points(array)
    if native == "array" and seen.arrow is None:
        return pa.array([None if text is None else _elements(text) for text in array.to_pylist()], kind)
    if native == "time" and seen.arrow is None:
        return pa.array(
            [None if text is None else time.fromisoformat(text) for text in array.to_pylist()], kind
        )
    if (
        native is None
        and "datetime" in seen.kinds
        and "date" in seen.kinds
        and seen.kinds <= {"date", "datetime"}
    ):
        # A midnight is a date to the sheet: in a column of instants it is an instant too.
        day = pc.equal(pc.utf8_length(array), 10)
        return pc.if_else(day, pc.binary_join_element_wise(array, pa.scalar("T00:00:00"), ""), array)
    return array if array.type == kind else pc.cast(array, kind)


def _elements(text: str) -> list[str | None]:
    if not text.startswith("["):
        return [text]
    try:
        value = json.loads(text)
    except ValueError:
        return [text]
    return [cell_text(v) for v in value] if isinstance(value, list) else [text]


def points(wkb: pa.Array) -> pa.Array:
    """WKB points as STRUCT(lon, lat); null and empty stay null."""
    shapes = shapely.from_wkb(wkb.to_numpy(zero_copy_only=False))
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    lon, lat = shapely.get_x(shapes), shapely.get_y(shapes)
    return pa.StructArray.from_arrays(
        [pa.array(lon, mask=missing), pa.array(lat, mask=missing)],
        fields=list(POINT_TYPE),
        mask=pa.array(missing),
    )
