"""TopoJSON: each object is a layer, read in as many passes whatever their number; objects that name arcs again and
again are told before anything writes them out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from pyogrio import raw

from parvis.core.errors import Unreadable
from parvis.core.reading import RawTable, Workspace
from parvis.readers import topojson
from parvis.readers.json_text import JsonText

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
        {"arcs": [ARC], "objects": {str(n): _lines([0], [0]) for n in range(100)}},
        {
            "arcs": [ARC],
            "objects": {"a": {"type": "GeometryCollection", "geometries": [_lines(*[[0]] * 200)]}},
        },
    ],
    ids=["again", "objects first and backwards", "over objects", "nested"],
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


def test_a_file_of_many_layers_is_walked_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted: whoever opened the file, and its bytes again for each of its layers (25, 50, 100: 1.4, 3.5, 14.4 s)."""
    opened: list[object] = []

    def counted(owner: object, name: str) -> None:
        before = getattr(owner, name)

        def again(*args: object, **options: object) -> object:
            opened.append(name)
            return before(*args, **options)

        monkeypatch.setattr(owner, name, again)

    counted(JsonText, "__init__")
    counted(pyogrio, "list_layers")
    counted(pyogrio, "read_info")
    counted(raw, "open_arrow")
    layers: dict[str, object] = {f"couche {n}": _lines([n]) for n in range(50)}
    tables = topojson.read(
        _file(tmp_path, {"objects": layers, "arcs": [ARC] * 50}), Workspace(tmp_path)
    ).tables
    assert [t.name for t in tables] == list(layers)
    assert len(opened) == 2


def _table(folder: Path, shape: Mapping[str, object], **more: object) -> RawTable:
    """The one layer of a topology of two arcs: (0 0, 1 0, 1 1), then (1 1, 0 1, 0 0)."""
    parts = {"arcs": [[[0, 0], [1, 0], [1, 1]], [[1, 1], [0, 1], [0, 0]]], "objects": {"a": shape}, **more}
    return topojson.read(_file(folder, parts), Workspace(folder / "spool")).tables[0]


def _place(table: RawTable, row: int = 0) -> bytes:
    """The geometry of a row, as WKB."""
    cell = pq.read_table(table.scan.path).columns[-1][row].as_py()
    return shapely.to_wkb(shapely.Point(cell["lon"], cell["lat"])) if isinstance(cell, dict) else cell


def _collection(*shapes: object) -> dict[str, object]:
    return {"type": "GeometryCollection", "geometries": [*shapes]}


@pytest.mark.parametrize(
    ("shape", "wkt"),
    [
        ({"type": "Point", "coordinates": [3, 43]}, "POINT (3 43)"),
        ({"type": "MultiPoint", "coordinates": [[3, 43], [4, 43]]}, "MULTIPOINT (3 43, 4 43)"),
        ({"type": "LineString", "arcs": [0]}, "LINESTRING (0 0, 1 0, 1 1)"),
        ({"type": "LineString", "arcs": [-1]}, "LINESTRING (1 1, 1 0, 0 0)"),
        ({"type": "LineString", "arcs": [0, 1]}, "LINESTRING (0 0, 1 0, 1 1, 0 1, 0 0)"),
        ({"type": "MultiLineString", "arcs": [[0], [1]]}, "MULTILINESTRING ((0 0, 1 0, 1 1), (1 1, 0 1, 0 0))"),
        ({"type": "Polygon", "arcs": [[0, 1]]}, "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))"),
        ({"type": "MultiPolygon", "arcs": [[[-2, -1]]]}, "MULTIPOLYGON (((0 0, 0 1, 1 1, 1 0, 0 0)))"),
        (
            _collection({"type": "Point", "coordinates": [3, 43]}, {"type": "LineString", "arcs": [0]}),
            "GEOMETRYCOLLECTION (POINT (3 43), LINESTRING (0 0, 1 0, 1 1))",
        ),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)  # fmt: skip
def test_each_kind_of_geometry(tmp_path: Path, shape: Mapping[str, object], wkt: str) -> None:
    """As one of a collection, with its properties and id; a collection there is one geometry: it was « vide »."""
    table = _table(tmp_path, _collection({**shape, "properties": {"nom": "Centre"}, "id": "34172"}))
    assert [c.name for c in table.columns][:2] == ["id", "nom"]
    assert not table.issues
    assert shapely.from_wkb(_place(table)).equals_exact(shapely.from_wkt(wkt))


def test_an_object_that_is_one_geometry(tmp_path: Path) -> None:
    table = _table(tmp_path, {"type": "Polygon", "arcs": [[0, 1]], "properties": {"nom": "Centre"}})
    assert (table.rows, table.columns[0].name) == (1, "nom")


def test_whole_numbers_are_brought_to_their_places(tmp_path: Path) -> None:
    """Each arc begins anew, whatever stands before it."""
    arcs = [[[5, 5], [10, 0], [0, 10]], [[1, 2], [3, 4]]]
    moved = {"scale": [0.1, 0.01], "translate": [3, 43]}
    table = _table(tmp_path, _collection({"type": "LineString", "arcs": [1]}), arcs=arcs, transform=moved)
    places = shapely.get_coordinates(shapely.from_wkb(_place(table)))
    assert places.ravel() == pytest.approx([3.1, 43.02, 3.4, 43.06])


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "LineString", "arcs": [7]},
        {"type": "LineString", "arcs": [-9]},
        {"type": "LineString", "arcs": [2]},
        {"type": "LineString", "arcs": [3]},
        {"type": "LineString", "arcs": ["0"]},
        {"type": "Polygon", "arcs": [0, 1]},
        {"type": "Polygon"},
        {"type": "Point", "coordinates": ["3", "43"]},
        {"type": "Point", "coordinates": [10**400, 43]},
        {"type": "Cercle", "coordinates": [3, 43]},
        {"type": 3},
        "LineString",
        7,
    ],
    ids=repr,
)
def test_what_is_no_geometry_is_told(tmp_path: Path, shape: object) -> None:
    """The other ones are read."""
    arcs = [[[0, 0], [1, 0]], [[1, 0], [0, 0]], [[0, 0], [0, None]], [[0, 0], 3]]
    table = _table(tmp_path, _collection({"type": "LineString", "arcs": [0]}, shape), arcs=arcs)
    assert table.rows == 2
    assert "bad-geometry" in {i.code for i in table.issues}
    assert "geometrie_illisible" in [c.name for c in table.columns]


def test_collections_without_end_are_refused(tmp_path: Path) -> None:
    shape: dict[str, object] = {"type": "Point", "coordinates": [3, 43]}
    for _ in range(17):
        shape = _collection(shape)
    with pytest.raises(Unreadable, match="imbrique plus de 16 collections"):
        _table(tmp_path, _collection(shape))


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"arcs": [], "objects": {}}, "aucune couche"),
        ({"arcs": [], "objects": {"a": _collection()}}, "« a » est vide"),
        ({"arcs": [], "objects": {"a": {}}}, "« a » est vide"),
        ({"arcs": [], "objects": {"a": None}}, "« a » est vide"),
        ({"arcs": [ARC], "objects": {"a": _lines([0])}, "transform": {"scale": [1]}}, "transform"),
    ],
    ids=["no object", "no geometry", "nothing", "null", "transform"],
)  # fmt: skip
def test_why_nothing_is_read(tmp_path: Path, parts: Mapping[str, object], why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        topojson.read(_file(tmp_path, parts), Workspace(tmp_path / "spool"))


def test_one_layer_is_chosen(tmp_path: Path) -> None:
    path = _file(tmp_path, {"objects": {"a": _lines([0]), "b": _lines([0])}, "arcs": [ARC]})
    assert [t.name for t in topojson.read(path, Workspace(tmp_path / "s", sheet="b")).tables] == ["b"]
    with pytest.raises(Unreadable, match="« c » n’existe pas"):
        topojson.read(path, Workspace(tmp_path / "t", sheet="c"))
