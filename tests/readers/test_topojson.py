"""TopoJSON: objects that name arcs again and again are told before anything writes them out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from parvis.core.errors import Unreadable
from parvis.core.reading import Workspace
from parvis.readers import topojson

ARC: list[object] = [[3 + n / 1000, 43 + n % 2] for n in range(1000)]


def _file(folder: Path, parts: Mapping[str, object]) -> Path:
    path = folder / "carte.topojson"
    path.write_text(json.dumps({"type": "Topology", **parts}), "utf-8")
    return path


def _lines(*arcs: object) -> dict[str, object]:
    return {"type": "GeometryCollection", "geometries": [{"type": "MultiLineString", "arcs": [*arcs]}]}


@pytest.mark.parametrize(
    "parts",
    [
        {"arcs": [ARC], "objects": {"a": _lines(*[[0]] * 200)}},
        {"objects": {"a": _lines([0] * 100, [~0] * 100)}, "arcs": [ARC]},
        {"ARCS": [ARC], "Objects": {"a": {"type": "MultiLineString", "Arcs": [[0]] * 200}}},
        {"arcs": [ARC], "objects": {str(n): _lines([0], [0]) for n in range(100)}},
        {
            "arcs": [ARC],
            "objects": {"a": {"type": "GeometryCollection", "geometries": [_lines(*[[0]] * 200)]}},
        },
    ],
    ids=["again", "objects first and backwards", "in any case", "over objects", "nested"],
)
def test_arcs_named_without_end_are_refused(tmp_path: Path, parts: Mapping[str, object]) -> None:
    with pytest.raises(Unreadable) as refused:
        topojson.read(_file(tmp_path, parts), Workspace(tmp_path / "spool"))
    assert "200" in str(refused.value)
    assert "arc 0" in str(refused.value)
    assert "GeoJSON" in refused.value.mend


def test_borders_that_are_shared_are_read(tmp_path: Path) -> None:
    """Each arc by twenty areas at most, and whatever is small."""
    shared = {"arcs": [ARC] * 20, "objects": {"a": _lines(*[[n] for n in range(20)] * 20)}}
    (table,) = topojson.read(_file(tmp_path, shared), Workspace(tmp_path / "spool")).tables
    assert table.rows == 1


def test_comments_are_no_way_around(tmp_path: Path) -> None:
    path = _file(tmp_path, {"arcs": [ARC], "objects": {"a": _lines(*[[0]] * 200)}})
    path.write_text(path.read_text("utf-8").replace("{", "{/* carte */", 1), "utf-8")
    with pytest.raises(Unreadable, match="arc 0"):
        topojson.read(path, Workspace(tmp_path / "spool"))
    path.write_text('{"type":"Topology","objects":{', "utf-8")
    with pytest.raises(Unreadable, match="mal écrit"):
        topojson.read(path, Workspace(tmp_path / "spool-2"))


def test_real_maps_are_read(shared: Path, tmp_path: Path) -> None:
    maps = sorted((shared / "data" / "geo").rglob("*.topojson.json"))
    assert len(maps) >= 3
    for number, path in enumerate(maps):
        assert topojson.read(path, Workspace(tmp_path / f"spool-{number}")).tables[0].rows
