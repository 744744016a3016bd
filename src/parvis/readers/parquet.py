# pyright: reportMissingTypeArgument=false, reportUnknownParameterType=false, reportCallIssue=false, reportArgumentType=false, reportUnnecessaryIsInstance=false
# pyright: reportAttributeAccessIssue=false
# Arrow's own functions are only partly typed.
"""Parquet and GeoParquet: types are those of the file, structures are laid flat, geometries go to WGS 84.
Sources: GeoParquet 1.1, Parquet GEOMETRY type.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from parvis.core.errors import Unreadable
from parvis.core.late import late
from parvis.core.reading import Example, RawTable, Reader, Reading, Workspace
from parvis.core.sentence import Sentence
from parvis.core.settings import Limits
from parvis.core.types import POINT, SHAPE, ColumnType
from parvis.readers.geometry import Shapes, Source, Tally
from parvis.readers.labels import free
from parvis.readers.limits import MB, past
from parvis.readers.raw import JSON_NATIVE, POINT_TYPE, ROW_GROUP, RawWriter, json_text

if TYPE_CHECKING:
    import shapely

    from parvis.readers import curves, geometry, layers
else:
    shapely = late("shapely")
    curves = late("parvis.readers.curves")
    geometry = late("parvis.readers.geometry")
    layers = late("parvis.readers.layers")

MAGIC = b"PAR1"
_ERRORS = (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError, pa.ArrowKeyError, OSError)
"""What a damaged file makes Arrow raise."""


def sniff(head: bytes, path: Path) -> float:
    """Parquet's mark at the start."""
    return 1.0 if head.startswith((MAGIC, b"PARE")) else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """One table. Raises Unreadable: damaged, encrypted, past a limit."""
    with path.open("rb") as file:
        encrypted = file.read(4) == b"PARE"
    if encrypted:
        raise Unreadable("Le fichier Parquet est chiffré.", mend="Déposez-le sans chiffrement.")
    try:
        with pq.ParquetFile(path, memory_map=False) as file:
            return Reading("parquet", (_table(file, workspace),))
    except _ERRORS as error:
        raise Unreadable(
            Sentence(
                "Le fichier Parquet est endommagé ou incomplet ({list}).",
                list=" ".join(str(error).split())[:120],
            ),
            mend="Refaites l’export.",
        ) from error


def _table(file: pq.ParquetFile, workspace: Workspace) -> RawTable:
    limits = workspace.limits
    schema = file.schema_arrow
    if len(schema) > limits.columns:
        raise past("columns", limits.columns, Sentence("La table a {width} colonnes", width=len(schema)))
    shape = _geometry_column(file)
    tally = Tally()
    writer = RawWriter(workspace.spool, "parquet")
    crs = shape.crs if shape else None
    usable, first, passed = True, True, 0
    for batch in file.iter_batches(batch_size=_batch(file)):
        passed += batch.nbytes
        if passed > limits.unpacked_mb * MB:
            raise past(
                "unpacked_mb",
                limits.unpacked_mb,
                Sentence("Une fois ouvert, le fichier Parquet est trop gros"),
                unit="Mo",
            )
        typed: dict[str, tuple[ColumnType, pa.Array]] = {}
        texts: dict[str, list[str | None]] = {}
        for name, column in _flat(batch, shape, limits):
            native, values = cells(column)
            if native is None:
                texts[name] = cast("list[str | None]", values.to_pylist())
            else:
                typed[name] = (native, values)
        if first:
            writer.declare([*dict.fromkeys(n for n, _ in _flat(batch, shape, limits))])
        if shape:
            shapes = shape.read(batch.column(shape.index), tally, writer.rows)
            if first and not shape.degrees:
                crs, usable = layers.resolve(shapes, shape.crs, tally)
            if usable:
                typed[SHAPE] = ("shape", geometry.wkb(geometry.to_wgs84(shapes, crs, tally)))
        first = False
        writer.add(texts, batch.num_rows, typed=typed)
    if not writer.rows:
        # A table without a record still has its columns.
        writer.declare([f.name for i, f in enumerate(schema) if not shape or i != shape.index])
    columns, scan = writer.finish(JSON_NATIVE)
    if not columns:
        raise Unreadable("Le fichier Parquet n’a aucune colonne.")
    crs_name = (crs.name if crs else geometry.WGS84) if shape and usable else ""
    return RawTable("", columns, scan, writer.rows, crs=crs_name, issues=tally.issues())


def _batch(file: pq.ParquetFile) -> int:
    """Rows in one go: few when each is heavy."""
    total = sum(file.metadata.row_group(i).total_byte_size for i in range(file.metadata.num_row_groups))
    each = total / max(1, file.metadata.num_rows)
    return int(min(ROW_GROUP, max(64, 64_000_000 / max(1.0, each))))


def _flat(batch: pa.RecordBatch, shape: _Shape | None, limits: Limits) -> Iterator[tuple[str, pa.Array]]:
    """Columns by name, structures laid flat, the geometry left out; a second column of one name gets `_2`."""
    seen: set[str] = set()
    turns: dict[str, int] = {}
    for i, column in enumerate(batch.columns):
        if shape is None or i != shape.index:
            for name, values in _open(batch.schema.field(i).name, column, limits, 1):
                if name in seen:
                    name = free(name, seen.__contains__, turns)
                seen.add(name)
                yield name, values


def _open(name: str, column: pa.Array, limits: Limits, depth: int) -> Iterator[tuple[str, pa.Array]]:
    if depth > limits.nesting:
        raise past("nesting", limits.nesting, Sentence("Le fichier Parquet imbrique trop de structures"))
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    if not pa.types.is_struct(column.type) or column.type.num_fields == 0:
        yield name, column
        return
    for i in range(column.type.num_fields):
        yield from _open(
            f"{name}.{column.type.field(i).name}", pc.struct_field(column, [i]), limits, depth + 1
        )


def cells(column: pa.Array) -> tuple[ColumnType | None, pa.Array]:
    """As `layers.cells`, for the types that only Parquet has: instants, decimals, lists and maps."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return cells(column.cast(kind.value_type))
    if pa.types.is_timestamp(kind):
        if kind.tz is not None:
            return "datetime", column.cast(pa.timestamp("us", tz="UTC"), safe=False)
        # Without a zone it is a time on a clock: text, to be placed by `columns`.
        return None, pa.array(
            [
                None if v is None else v.isoformat()
                for v in column.cast(pa.timestamp("us"), safe=False).to_pylist()
            ],
            pa.string(),
        )
    if pa.types.is_decimal(kind):
        return None, column.cast(pa.string()) if kind.scale >= 0 else pa.array(
            [None if v is None else f"{v:f}" for v in column.to_pylist()], pa.string()
        )
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        if not pa.types.is_nested(kind.value_type):
            return layers.cells(
                column.cast(pa.list_(kind.value_type)) if not pa.types.is_list(kind) else column
            )
        return "json", _json(column)
    if pa.types.is_nested(kind):
        return "json", _json(column)
    if pa.types.is_floating(kind):
        # NaN stands for a missing number in what pandas writes.
        numbers = column.cast(pa.float64())
        return "number", pc.if_else(pc.is_nan(numbers), pa.scalar(None, pa.float64()), numbers)
    if pa.types.is_null(kind):
        return None, pa.nulls(len(column), pa.string())
    if kind in (pa.string_view(), pa.binary_view()):
        return layers.cells(column.cast(pa.string() if kind == pa.string_view() else pa.binary()))
    return layers.cells(column)


def _json(column: pa.Array) -> pa.Array:
    return pa.array([None if v is None else json_text(v) for v in column.to_pylist()], pa.string())


@dataclass(frozen=True, slots=True)
class _Shape:
    """The geometry column of a file."""

    index: int
    encoding: str
    """WKB, a native encoding of GeoParquet (point, linestring…), or lonlat: a structure of two numbers."""
    crs: Source | None
    degrees: bool
    """The file says that coordinates are longitude and latitude."""

    def read(self, column: pa.Array, tally: Tally, before: int) -> Shapes:
        """The geometries of a batch; faults are counted."""
        if isinstance(column, pa.ExtensionArray):
            column = column.storage
        missing = np.asarray(column.is_null())
        shapes = (
            curves.shapes(column.to_numpy(zero_copy_only=False))
            if self.encoding == "WKB"
            else _native(column, self.encoding)
        )
        bad = shapely.is_missing(shapes) & ~missing
        tally.seen += len(shapes)
        tally.empty += int(missing.sum())
        if bad.any():
            tally.first_bad = tally.first_bad or before + int(np.argmax(bad)) + 1
            tally.bad += int(bad.sum())
        return shapes


_NATIVE = {
    "point": ("POINT", 0),
    "linestring": ("LINESTRING", 1),
    "polygon": ("POLYGON", 2),
    "multipoint": ("MULTIPOINT", 1),
    "multilinestring": ("MULTILINESTRING", 2),
    "multipolygon": ("MULTIPOLYGON", 3),
}


def _native(column: pa.Array, encoding: str) -> Shapes:
    """Geometries written as nested lists of coordinates."""
    missing = np.asarray(column.is_null())
    if encoding == "lonlat":
        x, y = (pc.struct_field(column, name).to_numpy(zero_copy_only=False) for name in ("lon", "lat"))
        shapes = shapely.points(np.column_stack([x, y]).astype(np.float64))
    else:
        kind, depth = _NATIVE[encoding]
        offsets: list[np.ndarray] = []
        inner = column
        for _ in range(depth):
            offsets.append(np.asarray(inner.offsets))
            inner = inner.values
        if pa.types.is_struct(inner.type):
            flat = np.column_stack([inner.field(name).to_numpy(zero_copy_only=False) for name in ("x", "y")])
        else:
            width = inner.type.list_size
            flat = np.asarray(inner.values).reshape(-1, width)[:, :2]
        flat = np.ascontiguousarray(flat, dtype=np.float64)
        shapes = (
            shapely.points(flat)
            if depth == 0
            else shapely.from_ragged_array(shapely.GeometryType[kind], flat, tuple(reversed(offsets)))
        )
    shapes = cast(Shapes, np.atleast_1d(shapes))
    shapes[missing] = None
    return shapes


def _geometry_column(file: pq.ParquetFile) -> _Shape | None:
    """What the `geo` metadata states, else a column of type GEOMETRY, else the house's own `_point`."""
    schema = file.schema_arrow
    stated = _geo(schema.metadata or {})
    for i, field in enumerate(schema):
        entry = stated.get(field.name)
        if entry is not None:
            encoding = str(entry.get("encoding", "WKB"))
            if encoding != "WKB" and encoding not in _NATIVE:
                continue
            crs = entry.get("crs", "absent")
            source = geometry.source(json.dumps(crs)) if isinstance(crs, dict) else None
            return _Shape(
                i, encoding, source, degrees=crs == "absent" or (source is not None and source.degrees)
            )
    for i, field in enumerate(schema):
        logical = (
            json.loads(file.schema.column(i).logical_type.to_json())
            if i < len(file.schema) and len(file.schema) == len(schema)
            else {}
        )
        extension = (field.metadata or {}).get(b"ARROW:extension:name", b"").decode()
        named = extension or getattr(field.type, "extension_name", "")
        if logical.get("Type") in ("Geometry", "Geography") or named in ("geoarrow.wkb", "ogc.wkb"):
            crs = logical.get("crs")
            source = geometry.source(crs) if isinstance(crs, str) and crs else None
            return _Shape(i, "WKB", source, degrees=not crs)
    for i, field in enumerate(schema):
        if field.name == POINT and field.type == POINT_TYPE:
            return _Shape(i, "lonlat", None, degrees=True)
    return None


def _geo(metadata: Mapping[bytes, bytes]) -> dict[str, Mapping[str, object]]:
    """The primary column's entry of the `geo` metadata; empty when there is none that holds."""
    try:
        geo = json.loads(metadata.get(b"geo", b"{}"))
    except (ValueError, RecursionError):
        return {}
    columns, primary = (
        (geo.get("columns"), geo.get("primary_column")) if isinstance(geo, dict) else (None, None)
    )
    entry = columns.get(primary) if isinstance(columns, dict) and isinstance(primary, str) else None
    return {cast(str, primary): cast(Mapping[str, object], entry)} if isinstance(entry, dict) else {}


def _example() -> bytes:
    table = pa.table({"nom": ["Comédie", "Foch"], "places": pa.array([788, None], pa.int64())})
    out = pa.BufferOutputStream()
    pq.write_table(table, out)
    return out.getvalue().to_pybytes()


PARQUET = Reader(
    name="parquet",
    title="Parquet et GeoParquet",
    sniff=sniff,
    read=read,
    examples=(Example("deux colonnes", _example(), ("nom", "places"), 2),),
)
