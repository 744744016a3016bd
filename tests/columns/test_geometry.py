"""Points and shapes: where they come from, where they lie, what is said when they can't."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyproj
import pytest
import shapely
from sqlglot import exp

from parvis import columns
from parvis.columns.projection import PROJECTIONS, Projection, layers
from parvis.core.types import Finding
from parvis.engine.connect import processing
from tests.columns.columns_cells import table

CITY = (3.80, 43.55, 3.95, 43.66)


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    made = processing(tmp_path)
    yield made
    made.close()


def points(con: duckdb.DuckDBPyConnection, typed: columns.Typed) -> list[tuple[float, float] | None]:
    found = con.execute("SELECT _point FROM read_parquet(?)", [str(typed.path)]).fetchall()
    return [(p["lon"], p["lat"]) if p else None for (p,) in found]


def said(findings: Sequence[Finding]) -> dict[str, int]:
    return {f.check: f.count for f in findings}


@pytest.mark.parametrize(
    ("cells", "meanings"),
    [
        ({"lat": ["43.6", "43.61"], "lon": ["3.87", "3.88"]}, ("latitude", "longitude")),
        ({"Longitude": ["3,87", "3,88"], "Latitude": ["43,6", "43,61"]}, ("longitude", "latitude")),
        (
            {"latitude": ["43,600", "43,612"], "longitude": ["3,870", "3,871"]},
            ("latitude", "longitude"),
        ),  # three digits, no thousands
        ({"Xlong": ["3.87", "3.88"], "Ylat": ["43.6", "43.61"]}, ("longitude", "latitude")),
        ({"x": ["3.87", "3.88"], "y": ["43.6", "43.61"]}, ("longitude", "latitude")),
        ({"geo_point_2d": ["43.6, 3.87", "43.61, 3.88"]}, ("latlon",)),
        ({"coordonneesXY": ["[3.87,43.6]", "[3.88,43.61]"]}, ("lonlat",)),
        ({"geom": ["POINT (3.87 43.6)", "POINT (3.88 43.61)"]}, ("wkt",)),
        (
            {
                "g": [
                    '{"type":"Point","coordinates":[3.87,43.6]}',
                    '{"type":"Point","coordinates":[3.88,43.61]}',
                ]
            },
            ("geojson",),
        ),
        ({"x": ["770250.13", "771044.9"], "y": ["6278500.42", "6279623.3"]}, ("lambert93_x", "lambert93_y")),
        (
            {"coord_x": ["1770250.1", "1770251.1"], "coord_y": ["2266500.4", "2266501.4"]},
            ("cc43_x", "cc43_y"),
        ),
    ],
    ids=lambda v: "-".join(v) if isinstance(v, dict) else "",
)
def test_a_point_is_made_of_what_the_columns_say(
    cells: dict[str, Sequence[str]], meanings: tuple[str, ...], tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    raw = table(tmp_path / "r.parquet", {n: list(v) * 5 for n, v in cells.items()})
    typed = columns.type_table(raw, tmp_path / "out.parquet", con=con, bbox=CITY)
    assert tuple(c.meaning for c in typed.schema.columns) == meanings
    assert typed.schema.geometry == "point"
    place = points(con, typed)[0]
    assert place == pytest.approx((3.87, 43.6), abs=0.03)
    assert said(typed.findings) == {}


def test_lines_and_areas_become_shapes(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    square = "POLYGON ((3.8 43.6, 3.9 43.6, 3.9 43.7, 3.8 43.6))"
    for name, cell in (
        ("wkt", square),
        ("geojson", json.dumps(shapely.geometry.mapping(shapely.from_wkt(square)))),
    ):
        raw = table(
            tmp_path / "r.parquet",
            {name: [cell] * 9 + ["POLYGON ((" if name == "wkt" else '{"type":"Polygon","coordinates":[1]}']},
        )
        typed = columns.type_table(raw, tmp_path / "out.parquet", con=con)
        shapes = [
            r[0] for r in con.execute("SELECT _shape FROM read_parquet(?)", [str(typed.path)]).fetchall()
        ]
        assert typed.schema.geometry == "shape"
        assert shapely.from_wkb(shapes[0]).equals(shapely.from_wkt(square))
        assert shapes[9] is None
        assert said(typed.findings) == {"geometry-unreadable": 1}


def test_shapes_in_metres_are_not_taken_for_degrees(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    """Lambert-93 is known by its numbers and placed; other metres are told."""
    square = "POLYGON ((770000 6280000, 770100 6280000, 770100 6280100, 770000 6280000))"
    typed = columns.type_table(
        table(tmp_path / "r.parquet", {"wkt": [square] * 6}), tmp_path / "out.parquet", con=con
    )
    (shape,) = con.execute("SELECT _shape FROM read_parquet(?) LIMIT 1", [str(typed.path)]).fetchall()[0]
    assert shapely.get_coordinates(shapely.from_wkb(shape))[0].tolist() == pytest.approx(
        [3.86692079, 43.61559233], abs=1e-7
    )
    assert said(typed.findings) == {}
    raw = table(tmp_path / "r.parquet", {"wkt": [square.replace(" 62", " 22")] * 6})
    assert said(columns.infer(raw, con=con).findings) == {"geometry-unreadable": 6}


def test_points_that_lie_wrong_are_told_with_their_rows(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    lat = ["43.60"] * 40 + ["3.87", "0", "48.85", "43.61", "", "abc", "91.5"]
    lon = ["3.87"] * 40 + ["43.60", "0", "2.35", "", "", "3.9", "3.9"]
    raw = table(tmp_path / "r.parquet", {"lat": lat, "lon": lon})
    typed = columns.type_table(raw, tmp_path / "out.parquet", con=con, bbox=CITY)
    by = {f.check: f for f in typed.findings}
    assert said(typed.findings) == {
        "type-misfit": 1,
        "swapped-coordinates": 1,
        "null-island": 1,
        "point-outside": 1,
        "geometry-unreadable": 3,
    }
    assert [r.record for r in by["swapped-coordinates"].rows] == [41]
    assert [r.record for r in by["null-island"].rows] == [42]
    assert [(r.record, r.value) for r in by["point-outside"].rows] == [(43, "2.35, 48.85")]
    assert [r.record for r in by["geometry-unreadable"].rows] == [44, 46, 47]
    assert all(f.fix and f.severity == "warning" for f in typed.findings)


def test_columns_swapped_as_a_whole_are_told_once(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    raw = table(tmp_path / "r.parquet", {"latitude": ["3.87"] * 20, "longitude": ["43.6"] * 20})
    typed = columns.type_table(raw, tmp_path / "out.parquet", con=con)
    (found,) = typed.findings
    assert (found.check, found.count, found.fix) == ("swapped-coordinates", 20, "Échangez les deux colonnes.")


def test_overseas_points_are_at_home_without_a_box(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    raw = table(
        tmp_path / "r.parquet",
        {"lat": ["-21.1", "16.2", "-12.8", "4.9"] * 3, "lon": ["55.5", "-61.5", "45.2", "-52.3"] * 3},
    )
    assert columns.type_table(raw, tmp_path / "out.parquet", con=con).findings == ()


def test_metres_overseas_are_read_when_the_city_is_there(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    raw = table(
        tmp_path / "r.parquet", {"x": ["338000.5", "338100.5"] * 5, "y": ["7690000.5", "7690100.5"] * 5}
    )
    typed = columns.type_table(raw, tmp_path / "out.parquet", con=con, bbox=(55.4, -21.0, 55.6, -20.8))
    assert [c.meaning for c in typed.schema.columns] == ["utm40s_x", "utm40s_y"]
    assert points(con, typed)[0] == pytest.approx(
        pyproj.Transformer.from_crs(2975, 4627, always_xy=True).transform(338000.5, 7690000.5), abs=1e-7
    )
    assert columns.infer(raw, con=con).schema.geometry == "", "elsewhere these metres could be anything"


@pytest.mark.parametrize("projection", PROJECTIONS, ids=lambda p: p.name)
def test_the_closed_form_is_within_a_centimetre_of_proj(
    projection: Projection, con: duckdb.DuckDBPyConnection
) -> None:
    west, south, east, north = projection.territory
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(west, east, 2000), rng.uniform(south, north, 2000)
    geographic = {5490: 5489, 2972: 4624, 2975: 4627, 4471: 4470}.get(projection.epsg, 4171)
    x, y = pyproj.Transformer.from_crs(geographic, projection.epsg, always_xy=True).transform(lon, lat)
    con.execute(
        "CREATE OR REPLACE TABLE metres AS SELECT unnest(?) AS i, unnest(?) AS x, unnest(?) AS y",
        [list(range(2000)), x.tolist(), y.tolist()],
    )
    query = exp.select("*").from_("metres")
    for layer in layers(projection):
        query = exp.select("*", *(exp.alias_(value, name) for name, value in layer.items())).from_(
            query.subquery("p")
        )
    got = con.execute(
        exp.select("lon", "lat").from_(query.subquery("p")).order_by("i").sql("duckdb")
    ).fetchnumpy()
    off = np.hypot((got["lon"] - lon) * np.cos(np.radians(lat)), got["lat"] - lat) * 111_320
    assert off.max() < 0.01


@pytest.mark.parametrize("depth", [31, 2_000, 100_000])
@pytest.mark.parametrize("kind", ["hex", "geojson"])
def test_a_cell_of_collections_one_in_another_ends_no_process(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, kind: str, depth: int
) -> None:
    """31 of them in hexadecimal, which ended it, are 300 bytes; the engine reads them. The others are read."""
    if kind == "hex":
        plain = shapely.to_wkb(shapely.from_wkt("LINESTRING (3.87 43.6, 3.88 43.61)"), hex=True)
        cell = "010700000001000000" * depth + "0101000000" + "00" * 16
    else:
        plain = '{"type":"LineString","coordinates":[[3.87,43.6],[3.88,43.61]]}'
        cell = (
            '{"type":"GeometryCollection","geometries":[' * depth
            + '{"type":"Point","coordinates":[3,43]}'
            + "]}" * depth
        )
    raw = table(tmp_path / "r.parquet", {"geom": [plain] * 40 + [cell]})
    typed = columns.type_table(raw, tmp_path / "out.parquet", con=con)
    read = con.execute("SELECT count(_shape), count(*) FROM read_parquet(?)", [str(typed.path)]).fetchone()
    assert read == (41 if depth == 31 else 40, 41)
