"""GeoJSON (RFC 7946): closed rings and their direction, positions in degrees and in order, boxes, the 180th
meridian, identifiers, crossings.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from parvis.checks.domains.declaration import Domain, Example, Outcome, Package, read_notices
from parvis.checks.domains.json_places import NotJson, Place, evidence, lines, parse, text_of
from parvis.checks.domains.tally import Tally
from parvis.core.late import late
from parvis.core.types import Json, Row

if TYPE_CHECKING:
    import shapely
    from shapely.validation import explain_validity
else:
    shapely = late("shapely")
    explain_validity = late("shapely.validation", "explain_validity")

GEOMETRIES = (
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
    "GeometryCollection",
)

DEPTH: Mapping[str, int] = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
"""Lists around the positions of a geometry."""

NESTED = 8
"""Geometry collections within each other."""

NOTICES = read_notices(__file__)

PROJECTED = 400.0
"""Number beyond which a coordinate is in no degrees, right or wrong: the reader guesses a projection from there."""

_OF_DEGREES = frozenset({"geojson-range", "geojson-antimeridian", "geojson-precision", "geojson-swapped"})
"""What is told of degrees, and says nothing of metres."""


@dataclass(slots=True)
class _Faults:
    """The faults of a document: code, place, value, number of the feature from 1, words."""

    faults: list[tuple[str, Place, str | None, int, tuple[tuple[str, str], ...]]] = field(
        default_factory=list[tuple[str, Place, str | None, int, tuple[tuple[str, str], ...]]]
    )
    feature: int = 0
    positions: int = 0
    projected: int = 0
    """Of the positions, those that are farther than any slip of a degree goes."""

    def tell(self, code: str, place: Place, value: Json = None, **params: str) -> None:
        self.faults.append((code, place, evidence(value), self.feature, tuple(params.items())))


def check(package: Package, _profile: str) -> Outcome:
    """Judge a document: a geometry, a feature or a collection of them."""
    tally = Tally(NOTICES, limit=package.limit)
    name, path = next((n, p) for n, p in package.files.items())
    try:
        text = text_of(path)
        whole = parse(text)
    except NotJson as wrong:
        tally.hit("geojson-not-json", table=name, line=wrong.line, why=wrong.why)
        return Outcome(tally.findings())
    faults = _Faults()
    rows = _document(whole, faults)
    if 0 < faults.positions == faults.projected:  # one fault of the file, not one of each position
        faults.faults = [f for f in faults.faults if f[0] not in _OF_DEGREES]
        faults.feature = 0
        faults.tell("geojson-projected", ())
    counts = Counter[tuple[str, tuple[tuple[str, str], ...]]]()
    places: set[Place] = set()
    for code, place, _, _, params in faults.faults:
        counts[code, params] += 1
        if counts[code, params] <= package.limit:
            places.add(place)
    where = lines(text, places)
    for code, place, value, feature, params in faults.faults:
        tally.many(code, 1, [Row("", where.get(place, 0), feature, value)], **dict(params))
    return Outcome(tally.findings(), (), rows)


def _document(whole: Json, faults: _Faults) -> int:
    """Walk the document; returns how many features it has."""
    if not isinstance(whole, dict):
        faults.tell("geojson-type", ())
        return 0
    kind = whole.get("type")
    if "crs" in whole:
        faults.tell("geojson-crs", ("crs",), whole["crs"])
    if kind == "FeatureCollection":
        features = whole.get("features")
        _forbidden(whole, ("coordinates", "geometries", "geometry", "properties"), (), faults)
        if not isinstance(features, list):
            faults.tell("geojson-member-missing", (), member="features")
            return 0
        if not features:
            faults.tell("geojson-no-feature", ("features",))
        boxes: list[Box] = []
        seen: set[tuple[type, Json]] = set()
        for i, feature in enumerate(features):
            faults.feature = i + 1
            box = _feature(feature, ("features", i), faults, seen)
            if box is not None:
                boxes.append(box)
        faults.feature = 0
        _bbox(whole, (), _joined(boxes), faults)
        return len(features)
    if kind == "Feature":
        faults.feature = 1
        _feature(whole, (), faults, set())
        return 1
    faults.feature = 1
    _geometry(whole, (), faults, 0)
    return 1


Box = tuple[float, float, float, float]
"""West, south, east, north."""


def _feature(feature: Json, place: Place, faults: _Faults, seen: set[tuple[type, Json]]) -> Box | None:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        faults.tell("geojson-type", place, feature.get("type") if isinstance(feature, dict) else feature)
        return None
    _forbidden(feature, ("coordinates", "geometries", "features"), place, faults)
    for member in ("geometry", "properties"):
        if member not in feature:
            faults.tell("geojson-member-missing", place, member=member)
    if not isinstance(feature.get("properties"), (dict, type(None))):
        faults.tell("geojson-properties", (*place, "properties"), feature["properties"])
    identifier = feature.get("id")
    if isinstance(identifier, (dict, list, bool)):
        faults.tell("geojson-id", (*place, "id"), identifier)
    elif identifier is not None:
        key = (str if isinstance(identifier, str) else float, identifier)
        if key in seen:
            faults.tell("geojson-duplicate-id", (*place, "id"), identifier)
        seen.add(key)
    geometry = feature.get("geometry")
    if geometry is None:
        if "geometry" in feature:
            faults.tell("geojson-null-geometry", (*place, "geometry"), identifier)
        return None
    box = _geometry(geometry, (*place, "geometry"), faults, 0)
    _bbox(feature, place, box, faults)
    return box


def _forbidden(item: Mapping[str, Json], members: Sequence[str], place: Place, faults: _Faults) -> None:
    for member in members:
        if member in item:
            faults.tell("geojson-forbidden-member", (*place, member), member=member)


def _geometry(geometry: Json, place: Place, faults: _Faults, depth: int) -> Box | None:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in GEOMETRIES or depth > NESTED:
        faults.tell("geojson-type", place, kind)
        return None
    _forbidden(geometry, ("geometry", "properties", "features"), place, faults)
    if kind == "GeometryCollection":
        parts = geometry.get("geometries")
        if not isinstance(parts, list):
            faults.tell("geojson-member-missing", place, member="geometries")
            return None
        boxes = [
            _geometry(part, (*place, "geometries", i), faults, depth + 1) for i, part in enumerate(parts)
        ]
        box = _joined([b for b in boxes if b is not None])
    else:
        if "coordinates" not in geometry:
            faults.tell("geojson-member-missing", place, member="coordinates")
            return None
        box = _coordinates(str(kind), geometry["coordinates"], (*place, "coordinates"), faults)
    _bbox(geometry, place, box, faults)
    return box


Position = tuple[float, ...]


def _coordinates(kind: str, value: Json, place: Place, faults: _Faults) -> Box | None:
    """The positions of one geometry, its rings, its shape."""
    if value == []:
        faults.tell("geojson-empty-geometry", place)
        return None
    lists = list(_lists(value, DEPTH[kind]))
    positions = [_positions(part, DEPTH[kind] == 0) for part in lists]
    if any(p is None for p in positions) or not positions:
        faults.tell("geojson-coordinates", place, value)
        return None
    parts = [p for p in positions if p is not None]
    if kind in ("LineString", "MultiLineString") and any(len(part) < 2 for part in parts):
        faults.tell("geojson-coordinates", place, value)
        return None
    every = [p for part in parts for p in part]
    on_globe = _on_globe(every, place, faults)
    sound = _rings(kind, value, place, faults) if kind in ("Polygon", "MultiPolygon") else True
    if any(abs(b[0] - a[0]) > 180 for part in parts for a, b in pairwise(part)) and kind not in (
        "Point",
        "MultiPoint",
    ):
        faults.tell("geojson-antimeridian", place)
    elif sound and on_globe and kind in ("Polygon", "MultiPolygon"):
        shape = shapely.geometry.shape({"type": kind, "coordinates": value})
        if not shape.is_valid:
            faults.tell("geojson-invalid-shape", place, explain_validity(shape))
    xs, ys = [p[0] for p in every], [p[1] for p in every]
    return (min(xs), min(ys), max(xs), max(ys)) if every else None


def _lists(value: Json, depth: int) -> Iterator[Json]:
    """The lists of positions of a geometry (for a point, its position); anything of another form as it is."""
    if depth <= 1:
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _lists(part, depth - 1)
    else:
        yield None


def _positions(value: Json, alone: bool) -> list[Position] | None:
    if not isinstance(value, list):
        return None
    positions: list[Position] = []
    for position in [value] if alone else value:
        if not isinstance(position, list) or len(position) < 2:
            return None
        numbers = tuple(float(c) for c in position if isinstance(c, (int, float)) and not isinstance(c, bool))
        if len(numbers) != len(position) or not all(map(math.isfinite, numbers)):
            return None
        positions.append(numbers)
    return positions


FRANCE = (-5.2, 41.3, 9.6, 51.1)
"""Metropolitan France in degrees: west, south, east, north."""


def _on_globe(positions: Sequence[Position], place: Place, faults: _Faults) -> bool:
    on_globe = True
    for position in positions:
        lon, lat = position[0], position[1]
        faults.positions += 1
        faults.projected += max(abs(lon), abs(lat)) > PROJECTED
        if abs(lon) > 180 or abs(lat) > 90:
            faults.tell("geojson-range", place, f"{lon:g}, {lat:g}")
            on_globe = False
        if len(position) > 3:
            faults.tell("geojson-position-size", place, list(position))
        if FRANCE[0] <= lat <= FRANCE[2] and FRANCE[1] <= lon <= FRANCE[3]:
            faults.tell("geojson-swapped", place, f"{lon:g}, {lat:g}")
        if any(len(repr(c).partition(".")[2]) > 9 and "e" not in repr(c) for c in (lon, lat)):
            faults.tell("geojson-precision", place)
    return on_globe


def _rings(kind: str, value: Json, place: Place, faults: _Faults) -> bool:
    """Tell rings that are open, too short or drawn the wrong way; False when a shape can't be made of them."""
    polygons = (
        [((), value)]
        if kind == "Polygon"
        else [((i,), polygon) for i, polygon in enumerate(value)]
        if isinstance(value, list)
        else []
    )
    sound = True
    for path, polygon in polygons:
        for i, ring in enumerate(polygon if isinstance(polygon, list) else []):
            there = (*place, *path, i)
            positions = _positions(ring, False) or []
            if len(positions) < 4:
                faults.tell("geojson-ring-short", there, ring)
                sound = False
            elif positions[0] != positions[-1]:
                faults.tell("geojson-ring-open", there, ring[-1] if isinstance(ring, list) else None)
                sound = False
            elif (_area(positions) > 0) != (i == 0):
                faults.tell("geojson-winding", there)
    return sound


def _area(ring: Sequence[Position]) -> float:
    """Twice the signed area: above zero when the ring turns counter-clockwise."""
    return sum(
        (b[0] - ring[0][0]) * (c[1] - ring[0][1]) - (c[0] - ring[0][0]) * (b[1] - ring[0][1])
        for b, c in pairwise(ring)
    )


def _joined(boxes: Sequence[Box]) -> Box | None:
    if not boxes:
        return None
    return (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )


def _bbox(item: Mapping[str, Json], place: Place, box: Box | None, faults: _Faults) -> None:
    if "bbox" not in item:
        return
    box_member = item["bbox"]
    numbers = (
        [float(c) for c in box_member if isinstance(c, (int, float)) and not isinstance(c, bool)]
        if isinstance(box_member, list)
        else []
    )
    if (
        len(numbers) not in (4, 6)
        or not isinstance(box_member, list)
        or len(numbers) != len(box_member)
        or numbers[1] > numbers[len(numbers) // 2 + 1]
    ):
        faults.tell("geojson-bbox", (*place, "bbox"), box_member)
        return
    west, south, east, north = (
        numbers[0],
        numbers[1],
        numbers[len(numbers) // 2],
        numbers[len(numbers) // 2 + 1],
    )
    # A box that crosses the 180th meridian has its west beyond its east.
    if (
        box is not None
        and west <= east
        and (box[0] < west - 1e-9 or box[1] < south - 1e-9 or box[2] > east + 1e-9 or box[3] > north + 1e-9)
    ):
        faults.tell("geojson-bbox-wrong", (*place, "bbox"), box_member)


def recognises(package: Package) -> str | None:
    """One JSON file that says to be a collection, a feature or a geometry near its start."""
    path = package.only
    head = package.head(path, 4096).lstrip(b"\xef\xbb\xbf \t\r\n") if path is not None else b""
    compact = b"".join(head.split())
    kinds = (b"FeatureCollection", b"Feature", *(g.encode() for g in GEOMETRIES))
    typed = any(b'"type":"' + kind + b'"' in compact for kind in kinds)
    return (
        ""
        if head[:1] == b"{"
        and typed
        and any(m in compact for m in (b'"features"', b'"geometry"', b'"coordinates"', b'"geometries"'))
        else None
    )


_SQUARE = "[[3.87,43.60],[3.88,43.60],[3.88,43.61],[3.87,43.61],[3.87,43.60]]"


def _collection(ring: str, **members: str) -> dict[str, bytes]:
    more = "".join(f',"{k}":{v}' for k, v in members.items())
    feature = (
        '{"type":"Feature","id":1,"properties":{"nom":"Place"},"geometry":{"type":"Polygon","coordinates":['
        + ring
        + "]}}"
    )
    return {
        "lieux.geojson": ('{"type":"FeatureCollection","features":[\n' + feature + "]" + more + "}").encode()
    }


GEOJSON = Domain(
    name="geojson",
    title="GeoJSON",
    recognises=recognises,
    check=check,
    notices=NOTICES,
    examples=(
        Example("une place", _collection(_SQUARE)),
        Example(
            "un anneau ouvert",
            _collection(_SQUARE.replace(",[3.87,43.60]]", "]")),
            frozenset({"geojson-ring-open"}),
        ),
        Example(
            "dans l’autre sens",
            _collection("[[3.87,43.60],[3.87,43.61],[3.88,43.61],[3.88,43.60],[3.87,43.60]]"),
            frozenset({"geojson-winding"}),
        ),
        Example(
            "un nœud papillon",
            _collection("[[3.87,43.60],[3.88,43.61],[3.88,43.60],[3.86,43.62],[3.87,43.60]]"),
            frozenset({"geojson-invalid-shape"}),
        ),
        Example(
            "une emprise fausse", _collection(_SQUARE, bbox="[0,0,1,1]"), frozenset({"geojson-bbox-wrong"})
        ),
    ),
)
