"""The picture of a map shows where the rows are; what lies far from all others is counted, not shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from parvis.core.types import Column, Schema
from parvis.web.geo import extent
from tests.tables.velo import engine, release

CITY = "lon: 3.87 + 0.03 * sin(i), lat: 43.61 + 0.02 * cos(i * 7)"
SCHEMA = Schema(columns=(Column("i", "integer"),), geometry="point")


def points(where: str, far: str = "") -> str:
    extra = (
        f" UNION ALL SELECT i + 1000, {{{far}}}::STRUCT(lon DOUBLE, lat DOUBLE) FROM range(3) t(i)"
        if far
        else ""
    )
    return f"SELECT i, {{{where}}}::STRUCT(lon DOUBLE, lat DOUBLE) AS _point FROM range(40) t(i){extra}"


@pytest.mark.parametrize(
    "far", ["lon: 43.61, lat: 3.87", "lon: 0.0, lat: 0.0", "lon: 3.87, lat: -43.61", "lon: 5.4, lat: 43.61"]
)
def test_points_far_from_the_others_are_left_out_and_counted(tmp_path: Path, far: str) -> None:
    """Swapped, at zero, on the wrong side of the equator, a hundred kilometres off."""
    on = engine(tmp_path)
    alone, mixed = (
        release(tmp_path, points(CITY), SCHEMA, "a"),
        release(tmp_path, points(CITY, far), SCHEMA, "b"),
    )
    plain, found = extent(on, alone, None, ()), extent(on, mixed, None, ())
    assert plain is not None
    assert found is not None
    assert (plain.placed, plain.far) == (40, 0)
    assert (found.placed, found.far) == (43, 3)
    assert found.box == pytest.approx(plain.box)
    on.connection.close()


@pytest.mark.parametrize(
    "where",
    [
        "lon: 3.87 + if(i < 36, 0.0, 0.15), lat: 43.61",  # a crowd in the centre and some in the suburbs
        "lon: -60.0 + 3 * i, lat: -20.0 + i",  # all over the world
        "lon: 3.87, lat: 43.61",  # all at one place
        "lon: -1.55 - 0.001 * i, lat: 47.2",  # west of Greenwich
    ],
)
def test_points_that_belong_together_are_all_shown(tmp_path: Path, where: str) -> None:
    on = engine(tmp_path)
    found = extent(on, release(tmp_path, points(where), SCHEMA, "a"), None, ())
    assert found is not None
    assert (found.placed, found.far) == (40, 0)
    assert found.box[0] < found.box[2]
    assert found.box[1] < found.box[3]
    on.connection.close()


def test_a_table_without_positions_has_no_extent(tmp_path: Path) -> None:
    on = engine(tmp_path)
    assert extent(on, release(tmp_path, points("lon: NULL, lat: NULL"), SCHEMA, "a"), None, ()) is None
    on.connection.close()
