# pyright: reportMissingTypeArgument=false, reportUnknownParameterType=false, reportCallIssue=false, reportArgumentType=false
# Arrow and NumPy's object arrays are only partly typed.
"""GeoJSON: a collection, a feature, a bare geometry, or one feature a line. RFC 7946, and the `crs` member of 2008."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

import numpy as np
import shapely

from parvis.core.errors import Unreadable
from parvis.core.reading import Example, Issue, RawTable, Reader, Reading, Workspace
from parvis.core.settings import Limits
from parvis.core.types import SHAPE
from parvis.readers import flatten, geometry, json_text
from parvis.readers.geometry import Shapes, Source, Tally
from parvis.readers.json import broken
from parvis.readers.json_text import BadJson
from parvis.readers.jsonl import Lines, first_objects
from parvis.readers.limits import past
from parvis.readers.raw import JSON_NATIVE, Cell, RawWriter

FEATURES = 10_000
"""Features laid out in one go."""
_CELLS = 400_000
_ID = "\x00id"
UNREAD = "geometrie_illisible"
"""Column that keeps, as text, the geometries that can't be read."""
_CRS = re.compile(r'"crs"\s*:\s*\{[^{}]*\{[^{}]*"name"\s*:\s*"([^"]{1,200})"')
_EDGE = 1 << 16


def sniff(head: bytes, path: Path) -> float:
    """By what stands at the first level, or by its first two lines."""
    top = json_text.first_level(head)
    if _is_geojson(top):
        return 0.96
    lines = first_objects(head, path) if top or head[:1] == b"\x1e" else []
    return 0.97 if lines and all(isinstance(v, dict) and _is_geojson(v) for v in lines) else 0.0


def _is_geojson(top: Mapping[str, Cell]) -> bool:
    kind = top.get("type")
    if kind == "FeatureCollection" or (kind == "Feature" and ("geometry" in top or "properties" in top)):
        return True
    if kind in flatten.GEOMETRIES:
        return "coordinates" in top or "geometries" in top
    # The type may come after the features, past what is shown.
    return kind is None and top.get("features") == "[" and ("crs" in top or "bbox" in top or set(top) <= {"features", "name", "bbox", "crs", "metadata"})


def read(path: Path, workspace: Workspace) -> Reading:
    """One table: the properties, then the geometry. Raises Unreadable: not JSON, no feature, too deep."""
    encoding = json_text.encoding_of(path)
    try:
        return Reading("geojson", (_table(path, workspace, encoding),))
    except BadJson as error:
        raise broken(error) from error


def _table(path: Path, workspace: Workspace, encoding: str) -> RawTable:
    limits = workspace.limits
    tally = Tally()
    with path.open("rb") as file:
        head = file.read(_EDGE)
    lines = Lines(path, encoding, limits) if len(first_objects(head, path)) >= 2 else None
    crs = None if lines else _stated_crs(path, encoding, tally)
    features = _of_lines(lines, tally) if lines else _features(path, encoding, limits, tally)
    writer = RawWriter(workspace.spool, "geojson")
    said = _write(features, writer, crs, tally, limits, lines is not None)
    if not writer.rows:
        raise Unreadable("Le GeoJSON ne contient aucun objet géographique.")
    columns, scan = writer.finish(JSON_NATIVE)
    issues = (*(lines.issues() if lines else ()), *tally.issues())
    return RawTable("", columns, scan, writer.rows, encoding=encoding, crs=said, issues=issues)


def _stated_crs(path: Path, encoding: str, tally: Tally) -> Source | None:
    """The `crs` member of old GeoJSON, near the start or the end; None: WGS 84."""
    with path.open("rb") as file:
        head = file.read(_EDGE)
        file.seek(max(0, path.stat().st_size - _EDGE))
        tail = file.read()
    found = next((m for m in (_CRS.search(part.decode(encoding, "replace")) for part in (head, tail)) if m), None)
    if found is None:
        return None
    source = geometry.source(found.group(1))
    if source is None:
        tally.notes.append(Issue("crs-unknown", f"Le système de coordonnées annoncé, « {found.group(1)} », est inconnu : lu comme du WGS 84."))
    return source


def _features(path: Path, encoding: str, limits: Limits, tally: Tally) -> Iterator[tuple[int, Mapping[str, Cell]]]:
    """Features of the document in order; a bare geometry is a feature without properties."""
    with json_text.JsonText(path, encoding, limits) as text:
        if text.peek() != "{":
            raise Unreadable("Le GeoJSON ne commence pas par un objet.")
        alone: dict[str, Cell] = {}
        seen = False
        for key in text.keys():  # noqa: SIM118 (a generator that moves the window, no mapping)
            text.colon()
            if key == "features" and text.peek() == "[":
                seen = True
                for value in text.elements():
                    if isinstance(value, dict):
                        yield 0, value
                    else:
                        tally.notes.append(Issue("not-a-feature", "Un élément de la collection n’est pas un objet géographique : non lu."))
            else:
                alone[key] = text.value()
        if text.peek():
            raise BadJson("texte après la fin du document", text.line)
    if not seen:
        yield 0, alone


def _of_lines(lines: Lines, tally: Tally) -> Iterator[tuple[int, Mapping[str, Cell]]]:
    for number, value in lines:
        if isinstance(value, dict):
            yield number, value
        else:
            lines.good -= 1
            lines.wrong(number)


def _write(
    features: Iterator[tuple[int, Mapping[str, Cell]]], writer: RawWriter, crs: Source | None, tally: Tally, limits: Limits, lines: bool
) -> str:  # fmt: skip
    """Pass the features to the writer in chunks. Returns the name of the coordinate system of the file."""
    rows: list[dict[str, Cell]] = []
    shapes: list[Cell] = []
    places: list[int] = []
    cells = 0
    said = crs.name if crs else geometry.WGS84
    first = True

    def flush() -> None:
        nonlocal crs, said, first
        found, unread = _shapes(shapes, tally, writer.rows)
        if first and crs is None:
            crs = _guessed(found, tally)
            said = crs.name if crs else said
        first = False
        if any(u is not None for u in unread):
            for row, text in zip(rows, unread, strict=True):
                row[UNREAD] = text
        moved = geometry.to_wgs84(found, crs, tally)
        if any(_ID in row for row in rows):
            writer.declare([_ID], ["id"])
        keys = dict.fromkeys(key for row in rows for key in row)
        columns = {key: [row.get(key) for row in rows] for key in keys}
        writer.add(columns, len(rows), lines=places if lines else None, typed={SHAPE: ("shape", geometry.wkb(moved))})
        if writer.width > limits.columns:
            raise past("columns", limits.columns, f"Les objets ont {writer.width} propriétés différentes")
        rows.clear()
        shapes.clear()
        places.clear()

    for line, feature in features:
        shape, properties = _parts(feature)
        row = flatten.flat(properties, limits) if isinstance(properties, dict) else {}
        identifier = feature.get("id")
        if identifier is not None and "id" not in row and isinstance(identifier, (str, int, float)):
            row = {_ID: identifier, **row}
        rows.append(row)
        shapes.append(shape)
        places.append(line)
        cells += len(row) + _size(shape)
        if len(rows) >= FEATURES or cells > _CELLS:
            flush()
            cells = 0
    if rows:
        flush()
    return said


def _parts(feature: Mapping[str, Cell]) -> tuple[Cell, Cell]:
    """Geometry and properties of a feature, or of a bare geometry."""
    if feature.get("type") in flatten.GEOMETRIES:
        return cast(Cell, dict(feature)), None
    return feature.get("geometry"), feature.get("properties")


def _size(shape: Cell) -> int:
    """About the number of coordinates, from the two upper levels."""
    parts = shape.get("coordinates") if isinstance(shape, dict) else None
    if not isinstance(parts, list):
        return 1
    first = parts[0] if parts else None
    rings = isinstance(first, list) and bool(first) and isinstance(first[0], list)
    return sum(len(p) if isinstance(p, list) else 1 for p in parts) * (20 if rings else 1)


def _shapes(found: Sequence[Cell], tally: Tally, before: int) -> tuple[Shapes, list[Cell]]:
    """Geometries, and the text of those that can't be read."""
    tally.seen += len(found)
    missing = np.array([value is None or value == {} for value in found])
    tally.empty += int(missing.sum())
    plain = _plain_points(found)
    shapes = plain if plain is not None else shapely.from_geojson([_text(v) for v in found], on_invalid="ignore")
    bad = shapely.is_missing(shapes) & ~missing
    unread: list[Cell] = [None] * len(found)
    if bad.any():
        tally.first_bad = tally.first_bad or before + int(np.argmax(bad)) + 1
        tally.bad += int(bad.sum())
        for i in np.flatnonzero(bad).tolist():
            unread[i] = json.dumps(found[i], ensure_ascii=False, separators=(",", ":"))
    return shapes, unread


def _plain_points(found: Sequence[Cell]) -> Shapes | None:
    """All of them points of two or three numbers: the usual case, without a detour by text."""
    pairs: list[tuple[float, float]] = []
    for value in found:
        if not isinstance(value, dict) or value.get("type") != "Point":
            return None
        place = value.get("coordinates")
        if not isinstance(place, list) or len(place) < 2:
            return None
        x, y = place[0], place[1]
        if type(x) not in (int, float) or type(y) not in (int, float):
            return None
        pairs.append((cast(float, x), cast(float, y)))
    return cast(Shapes, shapely.points(np.array(pairs, dtype=np.float64)))


def _text(value: Cell) -> str | None:
    if not isinstance(value, dict):
        return None
    # Values are numbers or they are wrong: "12.5" as a text is no coordinate.
    return json.dumps({k: value[k] for k in ("type", "coordinates", "geometries") if k in value}, separators=(",", ":"))


def _guessed(shapes: Shapes, tally: Tally) -> Source | None:
    """RFC 7946 wants degrees. Coordinates far from any degree are in a system that was not said: one is proposed when it fits."""
    bounds = geometry.box(shapes)
    if not np.all(np.isfinite(bounds)) or max(map(abs, bounds)) <= 400:
        return None
    found = geometry.guess(bounds)
    if found is not None:
        said = f"Le GeoJSON n’est pas en degrés et ne dit pas son système de coordonnées : {found.name} lui va, et a été supposé."
        tally.notes.append(Issue("crs-guessed", said))
    return found


_COLLECTION = (
    '{"type": "FeatureCollection", "features": ['
    '{"type": "Feature", "geometry": {"type": "Point", "coordinates": [3.87, 43.61]}, "properties": {"nom": "Comédie", "places": 788}},'
    '{"type": "Feature", "geometry": {"type": "Point", "coordinates": [3.86, 43.60]}, "properties": {"nom": "Foch", "lieu": {"ville": "x"}}}]}'
)

GEOJSON = Reader(
    name="geojson",
    title="GeoJSON",
    sniff=sniff,
    read=read,
    examples=(
        Example("collection de points", _COLLECTION.encode(), ("nom", "places", "lieu.ville", "_point"), 2, "utf-8"),
        Example(
            "un objet par ligne",
            b'{"type":"Feature","geometry":{"type":"LineString","coordinates":[[3,43],[4,44]]},"properties":{"a":1}}\n'
            b'{"type":"Feature","geometry":null,"properties":{"a":2}}\n',
            ("a", "_shape"),
            2,
            "utf-8",
        ),
        Example("géométrie seule", b'{"type": "Polygon", "coordinates": [[[3,43],[4,43],[4,44],[3,43]]]}', ("_shape",), 1, "utf-8"),
    ),
)
