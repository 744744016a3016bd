"""Collections one in another: a geometry that would end the process of whoever parses it, on a few kilobytes,
is refused before any parser sees it, whatever kind of file it comes in.
"""

from __future__ import annotations

import json
import sqlite3
import struct
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from parvis import readers
from parvis.core.errors import Unreadable
from parvis.core.reading import Workspace
from parvis.query import places
from parvis.readers.minimal_files import small_gpkg
from parvis.readers.nested_shapes import LEVELS, levels

DEADLY = 50_000
"""Levels at which GEOS ended the process."""


def nested(depth: int, kind: int = 7, order: str = "<", leaf: tuple[float, float] = (3.0, 43.0)) -> bytes:
    """WKB of a point in so many collections."""
    mark = b"\x01" if order == "<" else b"\x00"
    return (mark + struct.pack(order + "II", kind, 1)) * depth + mark + struct.pack(order + "Idd", 1, *leaf)


def parquet(wkb: bytes, folder: Path) -> Path:
    about = {
        "version": "1.1.0",
        "primary_column": "g",
        "columns": {"g": {"encoding": "WKB", "geometry_types": []}},
    }
    table = pa.table({"n": [1, 2], "g": pa.array([shapely.to_wkb(shapely.Point(3, 43)), wkb], pa.binary())})
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(about)}), folder / "recu")
    return folder / "recu"


def gpkg(wkb: bytes, folder: Path) -> Path:
    base = sqlite3.connect(":memory:")
    base.deserialize(small_gpkg("couche", [("Éole", 3.0, 43.0)], epsg=4326))
    base.execute("UPDATE couche SET geom = ?", (b"GP\0\1" + struct.pack("<i", 4326) + wkb,))
    base.commit()
    (folder / "recu").write_bytes(base.serialize())
    base.close()
    return folder / "recu"


@pytest.mark.parametrize("depth", [LEVELS + 1, DEADLY])
@pytest.mark.parametrize("write", [parquet, gpkg])
@pytest.mark.parametrize(
    ("kind", "order"), [(7, "<"), (7, ">"), (4, "<"), (1007, "<"), (0x80000007, ">"), (12, "<")]
)
def test_wkb_is_refused_before_it_is_parsed(
    write: Callable[[bytes, Path], Path], depth: int, kind: int, order: str, tmp_path: Path
) -> None:
    with pytest.raises(Unreadable, match="imbrique plus de 16 collections"):
        readers.read(write(nested(depth, kind, order), tmp_path), Workspace(tmp_path / "spool"))


@pytest.mark.parametrize("write", [parquet, gpkg])
def test_what_the_engine_reads_is_read(write: Callable[[bytes, Path], Path], tmp_path: Path) -> None:
    (table,) = readers.read(write(nested(LEVELS), tmp_path), Workspace(tmp_path / "spool")).tables
    assert "_shape" in [c.name for c in table.columns]


def test_a_geojson_that_parsers_take_is_refused_where_the_engine_would_not_read_it(tmp_path: Path) -> None:
    depth = 40
    shape = (
        '{"type":"GeometryCollection","geometries":[' * depth
        + '{"type":"Point","coordinates":[3,43]}'
        + "]}" * depth
    )
    path = tmp_path / "recu"
    path.write_text(
        f'{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"n":1}},"geometry":{shape}}}]}}'
    )
    with pytest.raises(Unreadable, match="imbrique plus de 16 collections"):
        readers.read(path, Workspace(tmp_path / "spool"))


@pytest.mark.parametrize(
    "text",
    [
        "POINT (3 43)",
        "GEOMETRYCOLLECTION (POINT (3 43), MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5))))",
        "GEOMETRYCOLLECTION (GEOMETRYCOLLECTION (MULTIPOINT ((1 2), (3 4))), LINESTRING (0 0, 1 1))",
        "MULTILINESTRING Z ((0 0 1, 1 1 1), (2 2 2, 3 3 3))",
    ],
)
@pytest.mark.parametrize("srid", [False, True])
def test_levels_are_those_of_the_geometry(text: str, srid: bool) -> None:
    """And its whole length is walked: a part behind it that nests is seen too."""
    shape = shapely.set_srid(shapely.from_wkt(text), 4326)
    wkb = shapely.to_wkb(shape, include_srid=srid)
    depth = text.count("GEOMETRYCOLLECTION") + ("MULTI" in text)
    assert levels(wkb, 99) == depth
    both = b"\x01" + struct.pack("<II", 7, 2) + wkb
    assert levels(both + nested(30), 99) == 31
    assert levels(both + wkb[: len(wkb) // 2], 99) in (depth, depth + 1, 1)


@pytest.mark.parametrize("kind", ["wkt", "geojson"])
def test_a_visitor_s_literal_nests_no_deeper_than_brackets_are_counted(kind: str) -> None:
    deep = {
        "wkt": "GEOMETRYCOLLECTION(" * 300_000 + "POINT(3 43)" + ")" * 300_000,
        "geojson": '{"type":"GeometryCollection","geometries":[' * 300_000 + "]}" * 300_000,
    }[kind]
    assert places.literal(deep) == "nests more than 32 brackets"
    assert not isinstance(places.literal("GEOMETRYCOLLECTION (GEOMETRYCOLLECTION (POINT (3 43)))"), str)
