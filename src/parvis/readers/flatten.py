"""Lay records with objects in them flat: `{"a": {"b": 1}}` is the column `a.b`. Lists stay what they are;
GeoJSON geometries stay whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from parvis.core.reading import ParquetScan, RawColumn
from parvis.core.sentence import Sentence
from parvis.core.settings import Limits
from parvis.readers.labels import free
from parvis.readers.limits import past
from parvis.readers.raw import JSON_NATIVE, ROW_GROUP, Cell, RawWriter

GEOMETRIES = frozenset(
    {"Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection"}
)
_CHUNK = 400_000
"""Cells gathered before they are written."""


def flat(record: Mapping[str, Cell], limits: Limits) -> dict[str, Cell]:
    """One record, flat. Raises Unreadable when it nests past the limit."""
    cells: dict[str, Cell] = {}
    _lay(record, "", cells, {}, limits, 1)
    return cells


def _lay(
    record: Mapping[str, Cell],
    prefix: str,
    cells: dict[str, Cell],
    turns: dict[str, int],
    limits: Limits,
    depth: int,
) -> None:
    if depth > limits.nesting:
        raise past("nesting", limits.nesting, Sentence("Un enregistrement imbrique trop d’objets"))
    for key, value in record.items():
        name = f"{prefix}.{key}" if prefix else key
        if isinstance(value, dict) and value and not _geojson(value):
            _lay(value, name, cells, turns, limits, depth + 1)
            continue
        if isinstance(value, list):
            check_depth(value, limits)
        if name in cells:
            name = free(name, cells.__contains__, turns)
        cells[name] = None if value == {} else value


def _geojson(value: Mapping[str, Cell]) -> bool:
    kind = value.get("type")
    return (kind == "Feature" and "geometry" in value) or (
        kind in GEOMETRIES and ("coordinates" in value or "geometries" in value)
    )


def check_depth(value: Cell, limits: Limits) -> None:
    """Raises Unreadable when a value nests past the limit."""
    level: list[Cell] = [value]
    for _ in range(limits.nesting + 1):
        inner = [
            item.values() if isinstance(item, dict) else item
            for item in level
            if isinstance(item, (list, dict))
        ]
        level = [v for items in inner for v in items if isinstance(v, (list, dict))]
        if not level:
            return
    raise past("nesting", limits.nesting, Sentence("Une valeur imbrique trop d’objets ou de listes"))


def write(
    records: Iterable[tuple[int, Mapping[str, Cell]]],
    spool: Path,
    name: str,
    limits: Limits,
    *,
    lines: bool = False,
) -> tuple[tuple[RawColumn, ...], ParquetScan, int]:
    """Lay records flat and write them. records: physical line (used when `lines`) and record. Returns the
    columns, the scan and the number of records.
    """
    writer = RawWriter(spool, name)
    chunk: list[dict[str, Cell]] = []
    places: list[int] = []
    cells = 0
    for line, record in records:
        row = flat(record, limits)
        chunk.append(row)
        places.append(line)
        cells += len(row)
        if len(chunk) >= ROW_GROUP or cells >= _CHUNK:
            _flush(writer, chunk, places if lines else None, limits)
            cells = 0
    _flush(writer, chunk, places if lines else None, limits)
    columns, scan = writer.finish(JSON_NATIVE)
    return columns, scan, writer.rows


def _flush(writer: RawWriter, chunk: list[dict[str, Cell]], places: list[int] | None, limits: Limits) -> None:
    add(writer, chunk, limits, places)
    chunk.clear()
    if places is not None:
        places.clear()


def add(
    writer: RawWriter, chunk: list[dict[str, Cell]], limits: Limits, lines: list[int] | None = None
) -> None:
    """One chunk of flat records: a column for each key that any of them has."""
    keys = dict.fromkeys(key for row in chunk for key in row)
    if len(keys) > limits.columns:
        raise past(
            "columns", limits.columns, Sentence("Les enregistrements ont {n} clés différentes", n=len(keys))
        )
    writer.add({key: [row.get(key) for row in chunk] for key in keys}, len(chunk), lines=lines)
    if writer.width > limits.columns:
        raise past(
            "columns",
            limits.columns,
            Sentence("Les enregistrements ont {n} clés différentes", n=writer.width),
        )
