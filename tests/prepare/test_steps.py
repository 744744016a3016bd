"""Every step by its own examples, and what all of them keep: the record of the file, the order of rows, the
same bytes at each replay.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from parvis import prepare
from parvis.core.reading import RawTable
from parvis.core.types import Json
from parvis.engine import connect
from parvis.prepare.declaration import Example
from parvis.prepare.frame import RECORD
from tests.tables.raw_tables import csv_table, parquet_table

EXAMPLES = [
    pytest.param(step.name, example, id=f"{step.name}-{i}")
    for step in prepare.known_steps().values()
    for i, example in enumerate(step.examples)
]


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    return connect.processing(tmp_path_factory.mktemp("duckdb"))


def put(
    raw: RawTable,
    recipe: Json,
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    tables: dict[str, RawTable] | None = None,
) -> prepare.Prepared:
    """A raw table through a recipe as it is written."""
    spool = folder / f"spool-{len(list(folder.iterdir()))}"
    spool.mkdir()
    return prepare.replay(
        raw, prepare.read(recipe), con=con, spool=spool, table=lambda name: (tables or {})[name]
    )


def cells(made: prepare.Prepared) -> list[tuple[str | None, ...]]:
    """Rows of a prepared table; an empty cell is None."""
    table = pq.read_table(made.raw.scan.path)
    columns = [table.column(f"c{i}").to_pylist() for i in range(len(made.raw.columns))]
    return [tuple(v if v != "" else None for v in row) for row in zip(*columns, strict=True)]


def records(made: prepare.Prepared) -> list[int]:
    return pq.read_table(made.raw.scan.path, columns=[RECORD]).column(0).to_pylist()


@pytest.mark.parametrize(("step", "example"), EXAMPLES)
@pytest.mark.parametrize("kind", ["text", "parquet"])
def test_a_step_does_what_its_example_says(
    step: str, example: Example, kind: str, con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    if kind == "text":
        raw = csv_table(tmp_path / "a.csv", example.header, [[v or "" for v in row] for row in example.rows])
    else:
        raw = parquet_table(tmp_path / "a.parquet", example.header, example.rows)
    tables = {
        name: csv_table(tmp_path / f"{name}.csv", header, [[v or "" for v in row] for row in rows])
        for name, (header, rows) in example.tables.items()
    }
    made = put(raw, [{"step": step, **example.params}], con, tmp_path, tables)
    assert tuple(c.name for c in made.raw.columns) == example.gives
    assert cells(made) == list(example.result)
    assert records(made) == list(example.records or range(1, len(example.result) + 1))
    assert tuple(f.check for f in made.findings) == example.findings
    assert made.raw.rows == len(example.result)
    again = put(raw, [{"step": step, **example.params}], con, tmp_path, tables)
    assert again.raw.scan.path.read_bytes() == made.raw.scan.path.read_bytes()


def test_a_column_that_names_no_period_is_said_to_be_none(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """It stands there: that it is missing would send its author looking for it."""
    raw = csv_table(tmp_path / "t.csv", ("code", "2024"), (("A", "1"),))
    with pytest.raises(prepare.Unfit, match="« code » ne nomme ni année"):
        put(raw, [{"step": "unpivot_periods", "like": "code"}], con, tmp_path)
    with pytest.raises(prepare.Unfit, match="pop_2024"):
        put(raw, [{"step": "unpivot_periods", "like": "pop_2024"}], con, tmp_path)
