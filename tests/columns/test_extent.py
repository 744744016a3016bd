"""What the rows of a table cover, from its places and its days; nothing where they don't tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from parvis import columns
from parvis.core.types import Coverage, Sensitivity
from parvis.engine import connect
from tests.tables.raw_tables import csv_table

BOX = (3.7, 43.5, 4.0, 43.7)


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    made = connect.processing(tmp_path_factory.mktemp("spool"), threads=1)
    yield made
    made.close()


def covered(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]
) -> Coverage | None:
    raw = csv_table(tmp_path / "f.csv", header, rows)
    out = tmp_path / "out.parquet"
    typed = columns.type_table(raw, out, con=con, bbox=BOX)
    return columns.coverage(out, typed.schema, con=con, bbox=BOX)


def test_slips_do_not_stretch_the_box(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Two points of twenty lie at 0°, 0° or are swapped."""
    rows = [[str(i), f"{43.55 + i / 1000:.5f}", f"{3.8 + i / 1000:.5f}"] for i in range(18)] + [
        ["18", "0", "0"],
        ["19", "3.85", "43.6"],
    ]
    assert covered(con, tmp_path, ["id", "latitude", "longitude"], rows) == Coverage(
        (3.8, 43.55, 3.817, 43.567)
    )


def test_a_table_that_lies_elsewhere_has_no_box(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rows = [[str(i), f"{48.8 + i / 1000:.5f}", f"{2.3 + i / 1000:.5f}"] for i in range(20)]
    assert covered(con, tmp_path, ["id", "latitude", "longitude"], rows) is None


def test_shapes_are_measured_whole(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Where their ends lie, not their middles."""
    lines = [f"LINESTRING(3.8{i} 43.55, 3.9 43.6{i})" for i in range(5)] + [
        "POLYGON((3.75 43.58, 3.76 43.58, 3.76 43.59, 3.75 43.58))"
    ]
    assert covered(
        con, tmp_path, ["nom", "wkt"], [[f"a{i}", line] for i, line in enumerate(lines)]
    ) == Coverage((3.75, 43.55, 3.9, 43.64))


@pytest.mark.parametrize(
    ("name", "cells", "expected"),
    [
        (
            "date",
            ["2024-03-01", "2024-07-14", "2023-12-31"],
            Coverage(None, date(2023, 12, 31), date(2024, 7, 14), "date"),
        ),
        (
            "date",
            ["01/03/2024", "14/07/2024", "01/01/1900", "02/03/2024", "03/03/2024"],
            Coverage(None, date(2024, 3, 1), date(2024, 7, 14), "date"),
        ),
        ("annee", ["2019", "2021", "2020"], Coverage(None, date(2019, 1, 1), date(2021, 12, 31), "annee")),
        (
            "debut",
            ["2026-06-30T22:30:00Z", "2026-07-02T10:00:00Z", "2026-07-03T10:00:00Z"],
            Coverage(None, date(2026, 7, 1), date(2026, 7, 3), "debut"),
        ),
        ("date_maj", ["2024-03-01", "2024-07-14", "2023-12-31"], None),
        ("Date d’installation", ["2024-03-01", "2024-07-14", "2023-12-31"], None),
        ("nom", ["a", "b", "c"], None),
    ],
)
def test_days_that_date_what_is_told(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, name: str, cells: list[str], expected: Coverage | None
) -> None:
    assert covered(con, tmp_path, [name, "x"], [[c, "v"] for c in cells]) == expected


def test_personal_days_are_not_looked_at(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    raw = csv_table(tmp_path / "f.csv", ["jour", "x"], [["2024-03-01", "v"], ["2024-03-02", "w"]])
    out = tmp_path / "out.parquet"
    typed = columns.type_table(raw, out, con=con)
    hidden = replace(
        typed.schema, columns=tuple(replace(c, sensitivity=Sensitivity.DIRECT) for c in typed.schema.columns)
    )
    assert columns.coverage(out, typed.schema, con=con, bbox=()) is not None
    assert columns.coverage(out, hidden, con=con, bbox=()) is None
