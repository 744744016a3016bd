"""GeoJSON: each fault of RFC 7946 by its feature and line, and nothing said of real files that are sound."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.checks.domains import domains, recognise
from tests.checks.domains.domain_packages import package

GEOJSON = domains()["geojson"]
RING = [[3.87, 43.60], [3.88, 43.60], [3.88, 43.61], [3.87, 43.61], [3.87, 43.60]]
HOLE = [[3.872, 43.602], [3.872, 43.604], [3.874, 43.604], [3.874, 43.602], [3.872, 43.602]]


def _told(document: Any, folder: Path) -> dict[str, tuple[int, list[int]]]:
    """Code to count and features blamed."""
    content = document if isinstance(document, bytes) else json.dumps(document, indent=1)
    return {
        f.check: (f.count, [r.record for r in f.rows])
        for f in GEOJSON.check(package({"x.geojson": content}, folder), "").findings
    }


def _feature(geometry: Any, **more: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {}, "geometry": geometry, **more}


def _shape(kind: str, coordinates: Any, **more: Any) -> dict[str, Any]:
    return {"type": kind, "coordinates": coordinates, **more}


FAULTS: list[tuple[str, Any, str]] = [
    ("open ring", _shape("Polygon", [RING[:-1]]), "geojson-ring-open"),
    ("three positions", _shape("Polygon", [RING[:3]]), "geojson-ring-short"),
    ("outline clockwise", _shape("Polygon", [RING[::-1]]), "geojson-winding"),
    ("hole counter-clockwise", _shape("Polygon", [RING, HOLE[::-1]]), "geojson-winding"),
    ("bow tie", _shape("Polygon", [[[0, 0], [2, 2], [2, 0], [-1, 2.5], [0, 0]]]), "geojson-invalid-shape"),
    ("hole outside", _shape("Polygon", [RING, [[p[0] + 1, p[1]] for p in HOLE]]), "geojson-invalid-shape"),
    ("projected", _shape("Point", [770_000, 6_279_000]), "geojson-range"),
    ("latitude first", _shape("Point", [43.6, 3.87]), "geojson-swapped"),
    ("text for a number", _shape("Point", ["3.87", "43.6"]), "geojson-coordinates"),
    ("one number", _shape("Point", [3.87]), "geojson-coordinates"),
    ("a line of one position", _shape("LineString", [[3.87, 43.6]]), "geojson-coordinates"),
    ("a polygon without rings' list", _shape("Polygon", RING), "geojson-coordinates"),
    ("four numbers", _shape("Point", [3.87, 43.6, 20, 1700000000]), "geojson-position-size"),
    ("small letters", _shape("point", [3.87, 43.6]), "geojson-type"),
    ("no coordinates", {"type": "Point"}, "geojson-member-missing"),
    ("empty", _shape("Polygon", []), "geojson-empty-geometry"),
    ("none", None, "geojson-null-geometry"),
    ("over the meridian", _shape("LineString", [[179, 0], [-179, 1]]), "geojson-antimeridian"),
    ("box of three", _shape("Point", [3.87, 43.6], bbox=[3, 43, 4]), "geojson-bbox"),
    ("box elsewhere", _shape("Point", [3.87, 43.6], bbox=[0, 0, 1, 1]), "geojson-bbox-wrong"),
    (
        "within a collection",
        {"type": "GeometryCollection", "geometries": [_shape("Polygon", [RING[:-1]])]},
        "geojson-ring-open",
    ),
    ("properties in a geometry", _shape("Point", [3.87, 43.6], properties={}), "geojson-forbidden-member"),
]


@pytest.mark.parametrize(("name", "geometry", "code"), FAULTS, ids=[f[0] for f in FAULTS])
def test_a_fault_is_told_by_its_feature_and_line(tmp_path: Path, name: str, geometry: Any, code: str) -> None:
    """The second of three features is at fault, and only it."""
    sound = _feature(_shape("Polygon", [RING, HOLE]))
    document = {"type": "FeatureCollection", "features": [sound, _feature(geometry), sound]}
    content = json.dumps(document, indent=1)
    findings = GEOJSON.check(package({"x.geojson": content}, tmp_path), "").findings
    found = next(f for f in findings if f.check == code)
    assert [r.record for r in found.rows] == [2]
    starts = [i for i, line in enumerate(content.splitlines(), 1) if '"type": "Feature"' in line]
    assert starts[1] <= found.rows[0].line < starts[2]
    assert {r.record for f in findings for r in f.rows} == {2}


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (
            {"type": "FeatureCollection", "features": [_feature(None, id=1), _feature(None, id=1)]},
            "geojson-duplicate-id",
        ),
        ({"type": "FeatureCollection", "features": [_feature(None, id={})]}, "geojson-id"),
        (
            {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": None}]},
            "geojson-member-missing",
        ),
        ({"type": "FeatureCollection", "features": [_feature(None, properties=[])]}, "geojson-properties"),
        ({"type": "FeatureCollection", "features": [3]}, "geojson-type"),
        ({"type": "FeatureCollection"}, "geojson-member-missing"),
        ({"type": "FeatureCollection", "features": [], "crs": {"type": "name"}}, "geojson-crs"),
        ([], "geojson-type"),
        (b"", "geojson-not-json"),
        (b'{"type": "Point", "coordinates": [1, NaN]}', "geojson-not-json"),
        (b"[" * 50_000, "geojson-not-json"),
        (b'{"type": "Point", "coordinates": [1e999, 2]}', "geojson-coordinates"),
        (b'{"type":"GeometryCollection","geometries":[' * 60 + b"]}" * 60, "geojson-type"),
    ],
)
def test_documents_of_a_wrong_form_are_told(tmp_path: Path, document: Any, code: str) -> None:
    """Hostile ones too: never raised."""
    assert code in _told(document, tmp_path)


def test_a_document_in_metres_has_one_fault_not_one_of_each_position(tmp_path: Path) -> None:
    """Its lines cross no meridian, and their decimals are no finer than a millimetre."""
    lines = [
        _shape("LineString", [[692034.25 + n, 6558120.4], [692510.9, 6557710.1234567891]]) for n in range(5)
    ]
    features = [_feature(line) for line in lines]
    told = _told({"type": "FeatureCollection", "features": features}, tmp_path)
    assert told == {"geojson-projected": (1, [0])}, "of the file, not of a feature"


def test_one_and_text_one_are_two_identifiers(tmp_path: Path) -> None:
    """1 and "1" differ; 1 and 1.0 do not."""
    features = [_feature(_shape("Point", [3.87, 43.6]), id=i) for i in (1, "1")]
    assert _told({"type": "FeatureCollection", "features": features}, tmp_path) == {}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-170, 170), st.floats(-80, 80)), min_size=3, max_size=12, unique=True),
    st.booleans(),
)
def test_validity_and_direction_are_those_of_shapely(
    tmp_path_factory: pytest.TempPathFactory, points: list[tuple[float, float]], turned: bool
) -> None:
    """Any polygon: told to cross itself where Shapely says so, told its direction where it is not the
    standard's.
    """
    ring = [list(p) for p in (*points, points[0])]
    shape = shapely.Polygon(ring)
    if abs(shape.area) < 1e-6 or any(abs(a[0] - b[0]) > 180 for a, b in pairwise(ring)):
        return
    ring = ring[::-1] if shapely.is_ccw(shapely.LinearRing(ring)) == turned else ring
    told = _told(_shape("Polygon", [ring]), tmp_path_factory.mktemp("g"))
    assert ("geojson-invalid-shape" in told) == (not shapely.Polygon(ring).is_valid)
    if shape.is_valid:
        assert ("geojson-winding" in told) == turned


@pytest.mark.shared
def test_real_files_are_not_called_broken(shared: Path, tmp_path: Path) -> None:
    """Public files: errors only where Shapely or the standard agree that there is one."""
    seen = 0
    for path in sorted([*shared.rglob("*.geojson"), *shared.rglob("*.geojson.json")])[:40]:
        if path.stat().st_size > 5_000_000 or "invalid" in path.name:
            continue
        made = package({path.name: path.read_bytes()}, tmp_path / str(seen))
        if recognise(made) is None:
            continue
        errors = {f.check for f in GEOJSON.check(made, "").findings if f.severity == "error"}
        assert errors <= {
            "geojson-invalid-shape",
            "geojson-projected",
            "geojson-range",
            "geojson-member-missing",
        }, (
            path.name,
            errors,
        )
        seen += 1
    assert seen >= 2
