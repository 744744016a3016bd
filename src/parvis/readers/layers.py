# pyright: reportMissingTypeArgument=false, reportUnknownParameterType=false, reportCallIssue=false, reportArgumentType=false, reportMissingTypeStubs=false
# Arrow, NumPy's object arrays and pyogrio are only partly typed.
"""Read the layers of a geographic file through GDAL (pyogrio), in batches, to WGS 84. The file lies in the
spool and its kind was checked by its reader.

GDAL never touches the network: its remote file systems are shut, and no driver is given a path that it could
take for an address.
"""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyogrio
import shapely
from pyogrio import raw
from pyogrio.errors import CRSError, DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

from parvis.core.errors import Unreadable
from parvis.core.reading import Issue, RawTable, Workspace
from parvis.core.sentence import Sentence, quoted
from parvis.core.types import SHAPE, ColumnType
from parvis.readers import curves, geometry
from parvis.readers.geometry import Shapes, Source, Tally
from parvis.readers.limits import past
from parvis.readers.raw import JSON_NATIVE, ROW_GROUP, RawWriter

GDAL_ERRORS = (
    CRSError, DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError, pa.ArrowInvalid, OSError, ValueError, RuntimeError, UnboundLocalError,
)  # fmt: skip
"""What a damaged or unknown file makes pyogrio and Arrow raise. UnboundLocalError: pyogrio 0.13 on a
coordinate system that PROJ can't write.
"""

_OPTIONS: Mapping[str, str] = MappingProxyType({
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "GDAL_HTTP_TIMEOUT": "1",
    "GDAL_HTTP_CONNECTTIMEOUT": "1",
    "GDAL_HTTP_MAX_RETRY": "0",
    "GML_DOWNLOAD_WFS_SCHEMA": "NO",
    "GML_FIELDTYPES": "ALWAYS_STRINGS",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "PROJ_NETWORK": "OFF",
    "OGR_SQLITE_ALLOW_EXTERNAL_ACCESS": "NO",
    "OGR_SQLITE_LOAD_EXTENSIONS": "",
    "SHAPE_RESTORE_SHX": "YES",
    "GDAL_CACHEMAX": "64",
    "OGR_ORGANIZE_POLYGONS": "DEFAULT",
})  # fmt: skip

_HIDDEN = frozenset({"layer_styles", "qgis_projects", "data_licenses"})
"""Layers that programs leave for themselves."""
_BATCH_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class Layered:
    """A geographic file in the spool."""

    path: Path
    """What GDAL opens."""
    name: str = ""
    """Name of its table when it has a single layer; "" keeps the layer's."""
    encoding: str | None = None
    """Code page of its texts when GDAL must be told; None when the format says it."""
    codec: str | None = None
    """Python codec to report."""
    issues: tuple[Issue, ...] = ()
    assumed: str = ""
    """Coordinate system that the format means when it states none; "" when it must be found."""
    only: frozenset[str] | None = None
    """Layers that may be read, None for all."""


def read_layers(
    files: Sequence[Layered], workspace: Workspace
) -> tuple[tuple[RawTable, ...], tuple[Issue, ...]]:
    """A table for each layer that holds records; what can't be read is told, and raises Unreadable when
    nothing can.
    """
    pyogrio.set_gdal_config_options(dict(_OPTIONS))
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always", RuntimeWarning)
        tables, issues = _read_all(files, workspace)
    details = dict.fromkeys(_detail(w.message) for w in heard if isinstance(w.message, RuntimeWarning))
    return tables, (
        *issues,
        *(Issue("gdal-warning", f"Le lecteur géographique signale : {text}.") for text in details),
    )


def survey(path: Path) -> None:
    """Have GDAL note what a file holds beside it, when its driver does (.gfs). Says nothing of a file that it
    can't open: `read_layers` does.
    """
    pyogrio.set_gdal_config_options(dict(_OPTIONS))
    try:
        pyogrio.list_layers(path)
    except GDAL_ERRORS:
        return


def beside(path: Path, spool: Path, name: str) -> Path:
    """The same file in the spool, under a name that says what it is: what drivers write beside it lands
    there, never beside the sender's file.
    """
    spool.mkdir(parents=True, exist_ok=True)
    place = spool / name
    try:
        os.link(path, place)
    except OSError:
        shutil.copyfile(path, place)
    return place


def _read_all(
    files: Sequence[Layered], workspace: Workspace
) -> tuple[tuple[RawTable, ...], tuple[Issue, ...]]:
    """The tables of every layer, and what could not be read."""
    tables: list[RawTable] = []
    issues: list[Issue] = []
    seen: list[str] = []
    for file in files:
        try:
            layers = [str(name) for name, _ in pyogrio.list_layers(file.path)]
        except GDAL_ERRORS as error:
            issues.append(
                Issue("unreadable-layer", f"Illisible : {_detail(error)}.", file.name or file.path.name)
            )
            continue
        layers = [n for n in layers if n not in _HIDDEN and (file.only is None or n in file.only)]
        for layer in layers:
            name = file.name if file.name and len(layers) == 1 else layer
            seen.append(name)
            if workspace.sheet and workspace.sheet not in (name, layer):
                continue
            try:
                table = _layer(file, layer, name, workspace, f"couche-{len(seen)}")
            except GDAL_ERRORS as error:
                issues.append(
                    Issue("unreadable-layer", f"La couche « {name} » est illisible : {_detail(error)}.", name)
                )
                continue
            if table is None:
                issues.append(Issue("empty-layer", f"La couche « {name} » est vide.", name))
            else:
                tables.append(table)
    if not tables:
        names = quoted(seen[:20])
        if workspace.sheet and workspace.sheet not in seen:
            raise Unreadable(
                Sentence("La couche « {sheet} » n’existe pas.", sheet=workspace.sheet),
                mend=Sentence("Couches : {names}.", names=names) if names else "",
            )
        why = issues[0].message if issues else Sentence("Le fichier géographique n’a aucune couche.")
        raise Unreadable(why, mend="Vérifiez l’export dans votre logiciel cartographique.")
    return tuple(_first_with_geometry(tables)), tuple(issues)


def _detail(error: Warning | Exception) -> str:
    """The message without paths of ours."""
    text = " ".join(str(error).split())
    return (
        " ".join(word for word in text.split(" ") if "/" not in word)[:150].rstrip(" .;:")
        or type(error).__name__
    )


def _first_with_geometry(tables: Sequence[RawTable]) -> list[RawTable]:
    """The first layer that has a geometry goes first: plain tables of a base come with it."""
    first = next((t for t in tables if t.crs), tables[0])
    return [first, *(t for t in tables if t is not first)]


def _layer(file: Layered, layer: str, name: str, workspace: Workspace, stem: str) -> RawTable | None:
    limits = workspace.limits
    info = pyogrio.read_info(file.path, layer=layer, encoding=file.encoding)
    if len(info["fields"]) > limits.columns:
        raise past(
            "columns",
            limits.columns,
            Sentence("La couche « {name} » a {n} champs", name=name, n=len(info["fields"])),
        )
    tally = Tally()
    stated = _stated(info.get("crs") or file.assumed, tally)
    batch = _batch(file.path, int(info["features"]))
    writer = RawWriter(workspace.spool, stem)
    crs: Source | None = stated
    usable = True
    first = True
    with raw.open_arrow(
        file.path,
        layer=layer,
        encoding=file.encoding,
        batch_size=batch,
        use_pyarrow=True,
        datetime_as_string=True,
    ) as (meta, reader):
        shape_name = meta["geometry_name"] or "wkb_geometry"
        spatial = info.get("geometry_type") is not None and shape_name in reader.schema.names
        writer.declare([n for n in reader.schema.names if n not in (shape_name, meta["fid_column"])])
        for part in cast(Iterator[pa.RecordBatch], reader):
            typed: dict[str, tuple[ColumnType, pa.Array]] = {}
            texts: dict[str, list[str | None]] = {}
            for field in part.schema:
                if field.name in (shape_name, meta["fid_column"]):
                    continue
                native, values = cells(part.column(field.name))
                if native is None:
                    texts[field.name] = cast("list[str | None]", values.to_pylist())
                else:
                    typed[field.name] = (native, values)
            if spatial:
                shapes = _shapes(part.column(shape_name), tally, writer.rows)
                if first:
                    crs, usable = resolve(shapes, stated, tally, file.path, layer)
                    first = False
                if usable:
                    typed[SHAPE] = ("shape", geometry.wkb(geometry.to_wgs84(shapes, crs, tally)))
            writer.add(texts, part.num_rows, typed=typed)
    if not writer.rows:
        return None
    columns, scan = writer.finish(JSON_NATIVE)
    crs_name = crs.name if spatial and usable and crs else ""
    return RawTable(
        name,
        columns,
        scan,
        writer.rows,
        encoding=file.codec,
        crs=crs_name,
        issues=(*file.issues, *tally.issues()),
    )


def _stated(text: object, tally: Tally) -> Source | None:
    if not isinstance(text, str) or not text:
        return None
    source = geometry.source(text)
    if source is None or source.crs.is_engineering:
        tally.notes.append(Issue("crs-unknown", "Le système de coordonnées annoncé est inconnu."))
        return None
    return source


def _batch(path: Path, features: int) -> int:
    """Features in one go: few when each is heavy."""
    beside = path.iterdir() if path.is_dir() else (f for f in path.parent.iterdir() if f.stem == path.stem)
    total = sum(f.stat().st_size for f in beside if f.is_file())
    each = total / features if features > 0 else 20_000
    return int(min(ROW_GROUP, max(100, _BATCH_BYTES / max(1.0, each))))


def resolve(
    shapes: Shapes, stated: Source | None, tally: Tally, path: Path | None = None, layer: str = ""
) -> tuple[Source | None, bool]:
    """The system of the coordinates, and whether geometries can be used.

    Without a stated system, or when the stated one puts most of them off the globe, one is guessed from the
    bounds, and said.
    """
    bounds = geometry.box(shapes)
    if path is not None and stated is None:
        whole = pyogrio.read_info(path, layer=layer, force_total_bounds=True).get("total_bounds")
        bounds = cast("tuple[float, float, float, float]", tuple(whole)) if whole is not None else bounds
    if not np.all(np.isfinite(bounds)):
        return stated, stated is not None or not np.any(~shapely.is_missing(shapes))
    if stated is not None:
        # One try on some of them, with a tally of its own.
        some = shapes[~shapely.is_missing(shapes)][:200]
        trial = Tally()
        geometry.to_wgs84(some.copy(), stated, trial)
        if trial.outside <= len(some) / 2:
            return stated, True
    guessed = geometry.guess(bounds)
    if guessed is None or guessed == stated:
        why = "manque, ou ne convient pas, et les coordonnées ne permettent pas de le deviner"
        tally.notes.append(Issue("crs-unknown", f"Le système de coordonnées {why} : géométries non lues."))
        return None, False
    why = (
        "Le système de coordonnées manque"
        if stated is None
        else f"Les coordonnées ne vont pas avec le système annoncé ({stated.name})"
    )
    tally.notes.append(Issue("crs-guessed", f"{why} : {guessed.name} leur va, et a été supposé."))
    return guessed, True


def _shapes(column: pa.Array, tally: Tally, before: int) -> Shapes:
    wkb = column.to_numpy(zero_copy_only=False)
    shapes = curves.shapes(wkb)
    missing = np.array([value is None for value in wkb])
    bad = shapely.is_missing(shapes) & ~missing
    tally.seen += len(wkb)
    tally.empty += int((missing | shapely.is_empty(shapes)).sum())
    if bad.any():
        tally.first_bad = tally.first_bad or before + int(np.argmax(bad)) + 1
        tally.bad += int(bad.sum())
    return shapes


def cells(column: pa.Array) -> tuple[ColumnType | None, pa.Array]:
    """A column of Arrow as the house has it: its type when the format says it, else text."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return cells(column.cast(kind.value_type))
    if pa.types.is_boolean(kind):
        return "boolean", column
    if pa.types.is_integer(kind):
        if (
            kind == pa.uint64()
            and len(column)
            and (most := pc.max(column).as_py()) is not None
            and most >= 1 << 63
        ):
            return None, column.cast(pa.string())
        return "integer", column.cast(pa.int64())
    if pa.types.is_floating(kind):
        return "number", column.cast(pa.float64())
    if pa.types.is_date(kind):
        return "date", column.cast(pa.date32())
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return None, _clean(column)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return None, pa.array([None if v is None else v.hex() for v in column.to_pylist()], pa.string())
    if pa.types.is_time(kind):
        return "time", column.cast(pa.time64("us"), safe=False)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        items = (
            [None if v is None else str(v) for v in row] if row is not None else None
            for row in column.to_pylist()
        )
        return "array", pa.array(items, pa.list_(pa.string()))
    return None, pa.array([None if v is None else str(v) for v in column.to_pylist()], pa.string())


def _clean(column: pa.Array) -> pa.Array:
    """Texts that are really UTF-8: GDAL hands on the bytes of a file that lies about its code page."""
    column = column.cast(pa.string()) if pa.types.is_large_string(column.type) else column
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        return pa.array(
            [None if v is None else _decoded(v) for v in column.view(pa.binary()).to_pylist()], pa.string()
        )
    return column


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
