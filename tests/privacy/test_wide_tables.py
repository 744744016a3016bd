"""What is asked of a wide table does not grow with its columns squared: each query names them all."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from parvis.core.types import Column, Schema
from parvis.privacy import finding


@pytest.mark.parametrize("columns", [300, 2_400])
def test_a_wide_table_is_searched_in_a_few_queries(tmp_path: Path, columns: int) -> None:
    """Eight times the columns, not eight times the queries: one for a share of them, however many."""
    path, names = tmp_path / "large.parquet", [f"mesure {i}" for i in range(columns)]
    asked = list[str]()

    class Counting:
        def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
            self.con = con

        def execute(self, sql: str, *rest: object) -> duckdb.DuckDBPyConnection:
            asked.append(sql)
            return self.con.execute(sql, *rest)

        def __getattr__(self, name: str) -> object:
            return getattr(self.con, name)

    with duckdb.connect() as con:
        cells = ", ".join(f"'texte ' || (i + {k}) AS \"{n}\"" for k, n in enumerate(names))
        con.execute(f"COPY (SELECT {cells} FROM range(30) t(i)) TO '{path}' (FORMAT parquet)")
        schema = Schema(columns=tuple(Column(n, "text") for n in names))
        finding.search(Counting(con), path, schema, 30)  # pyright: ignore[reportArgumentType]
    assert len(asked) < 40
