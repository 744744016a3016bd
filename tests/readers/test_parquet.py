"""Parquet and GeoParquet: types kept, structures laid flat, geometries in degrees."""

from __future__ import annotations

import datetime as dt
import decimal
import json
import random
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import pytest
import shapely

from parvis import readers
from parvis.core.errors import Unreadable
from parvis.core.reading import RawTable, Workspace
from parvis.core.settings import Limits

Read = Callable[..., RawTable]
HERE = {"lon": pytest.approx(3.0, abs=1e-7), "lat": pytest.approx(46.5, abs=1e-7)}
"""The origin of Lambert-93."""


@pytest.fixture
def read(tmp_path: Path) -> Read:
    count = 0

    def go(table: pa.Table | bytes, *, limits: Limits | None = None, **options: object) -> RawTable:
        nonlocal count
        count += 1
        path = tmp_path / f"recu-{count}"
        if isinstance(table, bytes):
            path.write_bytes(table)
        else:
            pq.write_table(table, path, **options)
        (found,) = readers.read(path, Workspace(tmp_path / f"spool-{count}", limits or Limits())).tables
        return found

    return go


def rows(table: RawTable) -> list[tuple[object, ...]]:
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    return (
        con.read_parquet(str(table.scan.path))
        .project(", ".join(f"c{i}" for i in range(len(table.columns))))
        .fetchall()
    )


def test_types_are_kept(read: Read) -> None:
    """Each type of Arrow that a city meets: what it becomes, and its value."""
    zone = dt.timezone(dt.timedelta(hours=1))
    cases: list[tuple[str, pa.Array, str | None, object]] = [
        ("i8", pa.array([-5], pa.int8()), "integer", -5),
        ("u64", pa.array([1 << 63], pa.uint64()), None, "9223372036854775808"),
        ("f32", pa.array([1.5], pa.float32()), "number", 1.5),
        ("nan", pa.array([float("nan")]), "number", None),
        ("dec", pa.array([decimal.Decimal("12.50")]), None, "12.50"),
        ("b", pa.array([True]), "boolean", True),
        ("s", pa.array(["é"], pa.large_string()), None, "é"),
        ("dict", pa.array(["é"]).dictionary_encode(), None, "é"),
        ("d", pa.array([dt.date(2026, 1, 2)]), "date", dt.date(2026, 1, 2)),
        (
            "tz",
            pa.array([dt.datetime(2026, 1, 2, 3, 4, tzinfo=zone)], pa.timestamp("ms", tz="+01:00")),
            "datetime",
            dt.datetime(2026, 1, 2, 2, 4, tzinfo=dt.UTC),
        ),
        (
            "ts",
            pa.array([dt.datetime.fromisoformat("2026-01-02T03:04:05")], pa.timestamp("us")),
            None,
            "2026-01-02T03:04:05",
        ),
        ("t", pa.array([dt.time(8, 30)], pa.time32("s")), "time", dt.time(8, 30)),
        ("l", pa.array([[1, 2]]), "array", ["1", "2"]),
        ("deep", pa.array([[{"a": 1}]]), "json", '[{"a":1}]'),
        ("bin", pa.array([b"\x01\xff"]), None, "01ff"),
        ("null", pa.nulls(1), None, None),
    ]
    table = read(pa.table({name: array for name, array, _, _ in cases}))
    assert [(c.name, c.native) for c in table.columns] == [(name, native) for name, _, native, _ in cases]
    assert list(rows(table)[0]) == [value for _, _, _, value in cases]


def test_structures_are_laid_flat(read: Read) -> None:
    table = read(pa.table({"a": pa.array([{"b": {"c": 1}, "d": "x"}, None]), "a.d": ["y", "z"]}))
    assert [c.name for c in table.columns] == ["a.b.c", "a.d", "a.d_2"]
    assert rows(table) == [(1, "x", "y"), (None, None, "z")]


def test_a_table_without_records_keeps_its_columns(read: Read) -> None:
    table = read(pa.table({"a": pa.array([], pa.int64())}))
    assert (table.rows, [c.name for c in table.columns]) == (0, ["a"])


def geo(table: pa.Table, encoding: str = "WKB", **column: object) -> pa.Table:
    """With the metadata of GeoParquet."""
    said = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": encoding, "geometry_types": [], **column}},
    }
    return table.replace_schema_metadata({"geo": json.dumps(said)})


def lambert(count: int = 1) -> pa.Array:
    return pa.array(shapely.to_wkb(shapely.points([[700_000, 6_600_000]] * count)), pa.binary())


def test_a_geoparquet_in_lambert_93(read: Read) -> None:
    table = read(
        geo(pa.table({"geometry": lambert(2), "n": [1, 2]}), crs=pyproj.CRS("EPSG:2154").to_json_dict())
    )
    assert (table.crs, [c.name for c in table.columns], table.issues) == ("EPSG:2154", ["n", "_point"], ())
    assert rows(table) == [(1, HERE), (2, HERE)]


@pytest.mark.parametrize(
    ("column", "crs", "told"),
    [({}, "EPSG:4326", {"out-of-range"}), ({"crs": None}, "EPSG:2154", {"crs-guessed"})],
)
def test_no_system_is_degrees_and_null_is_unknown(
    read: Read, column: dict[str, object], crs: str, told: set[str]
) -> None:
    """GeoParquet: an absent crs is OGC:CRS84, a null one is not known."""
    table = read(geo(pa.table({"geometry": lambert(), "n": [1]}), **column))
    assert (table.crs, {i.code for i in table.issues}) == (crs, told)


def test_native_encodings(read: Read) -> None:
    """Points and polygons as lists of coordinates (GeoArrow), with a null among them."""
    points = pa.array([{"x": 3.0, "y": 46.5}, None])
    assert rows(read(geo(pa.table({"geometry": points}), "point"))) == [({"lon": 3.0, "lat": 46.5},), (None,)]
    ring = [{"x": x, "y": y} for x, y in ((3.0, 46.0), (4.0, 46.0), (4.0, 47.0), (3.0, 46.0))]
    polygon = read(geo(pa.table({"geometry": pa.array([[ring], [ring]])}), "polygon"))
    assert shapely.from_wkb(rows(polygon)[1][0]) == shapely.from_wkt("POLYGON ((3 46, 4 46, 4 47, 3 46))")


def test_what_duckdb_writes(read: Read, tmp_path: Path) -> None:
    """Our own kind of column, `_point`, comes back as a point."""
    duckdb.sql("SELECT 1 AS n, {'lon': 3.0::DOUBLE, 'lat': 46.5::DOUBLE} AS _point").write_parquet(
        str(tmp_path / "x.parquet")
    )
    table = read((tmp_path / "x.parquet").read_bytes())
    assert [(c.name, c.native) for c in table.columns] == [("n", "integer"), ("_point", "point")]
    assert rows(table) == [(1, {"lon": 3.0, "lat": 46.5})]


def test_geometries_that_can_not_be_read_are_counted(read: Read) -> None:
    table = read(
        geo(
            pa.table(
                {
                    "geometry": pa.array([shapely.to_wkb(shapely.Point(3, 46)), b"\x01\x02", None]),
                    "n": [1, 2, 3],
                }
            )
        )
    )
    assert {i.code for i in table.issues} == {"bad-geometry", "no-geometry"}
    assert [r[0] for r in rows(table)] == [1, 2, 3]


def test_limits_and_damage(read: Read, tmp_path: Path) -> None:
    good = pa.table({"a": list(range(2000)), "b": ["x" * 50] * 2000})
    with pytest.raises(Unreadable) as told:
        read(good, limits=Limits(columns=1))
    assert told.value.limit == "columns"
    bomb = pa.table({"a": pa.array(["x" * 1000] * 30_000).dictionary_encode()})
    with pytest.raises(Unreadable) as told:
        read(pa.table({"a": bomb["a"].cast(pa.string())}), limits=Limits(unpacked_mb=10))
    assert told.value.limit == "unpacked_mb"
    pq.write_table(good, tmp_path / "good")
    content = (tmp_path / "good").read_bytes()
    with pytest.raises(Unreadable, match="endommagé"):
        read(content[: len(content) // 2])
    with pytest.raises(Unreadable, match="chiffré"):
        read(b"PARE" + content[4:])
    draw = random.Random(5)
    for _ in range(60):
        changed = bytearray(content)
        for _ in range(3):
            changed[draw.randrange(4, len(changed))] = draw.randrange(256)
        said = "endommagé"
        try:
            assert read(bytes(changed)).rows >= 0
        except Unreadable as refused:
            said = refused.message + refused.limit
        assert "endommagé" in said or "unpacked_mb" in said


@pytest.mark.shared
@pytest.mark.parametrize(("name", "count", "width"), [("air/london_marylebone_hourly.parquet", 65_533, 10)])
def test_real_files(shared: Path, tmp_path: Path, name: str, count: int, width: int) -> None:
    (table,) = readers.read(shared / "data" / name, Workspace(tmp_path)).tables
    assert (table.rows, len(table.columns)) == (count, width)
