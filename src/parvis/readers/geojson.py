"""GeoJSON: a collection, a feature, a bare geometry, or one feature a line. RFC 7946, and the `crs` member of
2008.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from parvis.core.errors import Unreadable
from parvis.core.reading import Example, Issue, RawTable, Reader, Reading, Workspace
from parvis.core.settings import Limits
from parvis.readers import flatten, geometry, json_text
from parvis.readers.features import FeatureWriter
from parvis.readers.geometry import Source, Tally
from parvis.readers.json import tolerating
from parvis.readers.json_text import BadJson
from parvis.readers.jsonl import Lines, first_objects
from parvis.readers.raw import Cell

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
    return (
        kind is None
        and top.get("features") == "["
        and ("crs" in top or "bbox" in top or set(top) <= {"features", "name", "bbox", "crs", "metadata"})
    )


def read(path: Path, workspace: Workspace) -> Reading:
    """One table: the properties, then the geometry. Raises Unreadable: not JSON, no feature, too deep."""
    return tolerating("geojson", path, workspace, _table)


def _table(path: Path, workspace: Workspace, encoding: str) -> RawTable:
    limits = workspace.limits
    tally = Tally()
    with path.open("rb") as file:
        head = file.read(_EDGE)
    lines = Lines(path, encoding, limits) if len(first_objects(head, path)) >= 2 else None
    crs = None if lines else _stated_crs(path, encoding, tally)
    features = _of_lines(lines, tally) if lines else _features(path, encoding, limits, tally)
    writer = FeatureWriter(workspace, "geojson", crs, tally, lines=lines is not None)
    for line, feature in features:
        shape, properties = _parts(feature)
        writer.add(
            shape, properties if isinstance(properties, dict) else {}, identifier=feature.get("id"), line=line
        )
    table = writer.finish("", encoding)
    if table is None:
        raise Unreadable("Le GeoJSON ne contient aucun objet géographique.")
    return replace(table, issues=(*(lines.issues() if lines else ()), *table.issues))


def _stated_crs(path: Path, encoding: str, tally: Tally) -> Source | None:
    """The `crs` member of old GeoJSON, near the start or the end; None: WGS 84."""
    with path.open("rb") as file:
        head = file.read(_EDGE)
        file.seek(max(0, path.stat().st_size - _EDGE))
        tail = file.read()
    match = next(
        (m for m in (_CRS.search(part.decode(encoding, "replace")) for part in (head, tail)) if m), None
    )
    if match is None:
        return None
    source = geometry.source(match.group(1))
    if source is None:
        tally.notes.append(
            Issue(
                "crs-unknown",
                f"Le système de coordonnées annoncé, « {match.group(1)} », est inconnu : lu comme du WGS 84.",
            )
        )
    return source


def _features(
    path: Path, encoding: str, limits: Limits, tally: Tally
) -> Iterator[tuple[int, Mapping[str, Cell]]]:
    """Features of the document in order; a bare geometry is a feature without properties."""
    with json_text.JsonText(path, encoding, limits) as text:
        if text.peek() != "{":
            raise Unreadable("Le GeoJSON ne commence pas par un objet.")
        alone: dict[str, Cell] = {}
        seen = False
        for key in text.keys():  # noqa: SIM118
            text.colon()
            if key == "features" and text.peek() == "[":
                seen = True
                for value in text.elements():
                    if isinstance(value, dict):
                        yield 0, value
                    else:
                        tally.notes.append(
                            Issue(
                                "not-a-feature",
                                "Un élément de la collection n’est pas un objet géographique : non lu.",
                            )
                        )
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


def _parts(feature: Mapping[str, Cell]) -> tuple[Cell, Cell]:
    """Geometry and properties of a feature, or of a bare geometry."""
    if feature.get("type") in flatten.GEOMETRIES:
        return cast(Cell, dict(feature)), None
    return feature.get("geometry"), feature.get("properties")


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
        Example(
            "collection de points",
            _COLLECTION.encode(),
            ("nom", "places", "lieu.ville", "_point"),
            2,
            "utf-8",
        ),
        Example(
            "un objet par ligne",
            b'{"type":"Feature","geometry":{"type":"LineString","coordinates":[[3,43],[4,44]]},"properties":{"a":1}}\n'
            b'{"type":"Feature","geometry":null,"properties":{"a":2}}\n',
            ("a", "_shape"),
            2,
            "utf-8",
        ),
        Example(
            "géométrie seule",
            b'{"type": "Polygon", "coordinates": [[[3,43],[4,43],[4,44],[3,43]]]}',
            ("_shape",),
            1,
            "utf-8",
        ),
    ),
)
