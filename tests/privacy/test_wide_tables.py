"""What is asked of a wide table does not grow with its columns squared: a query on its file names them all."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from parvis.core.types import Column, Schema
from parvis.privacy import finding, forms, quasi


class Counting:
    """A connection that notes what it is asked."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con, self.asked = con, list[str]()

    def execute(self, sql: str, *rest: object) -> duckdb.DuckDBPyConnection:
        self.asked.append(sql)
        return self.con.execute(sql, *rest)

    def __getattr__(self, name: str) -> object:
        return getattr(self.con, name)


def searched(path: Path, names: list[str]) -> tuple[list[tuple[str, str, int]], int]:
    """What is seen, and how many queries were on the file itself."""
    with duckdb.connect() as con:
        counting = Counting(con)
        schema = Schema(columns=tuple(Column(n, "text") for n in names))
        _, seen = finding.search(counting, path, schema, 30)  # pyright: ignore[reportArgumentType]
    on_file = sum(str(path) in sql for sql in counting.asked)
    return sorted((d.column, d.kind, d.count) for d in seen), on_file


def test_a_wide_table_is_searched_in_a_few_queries_and_as_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dots, quotes and technical names in its headers included."""
    path = tmp_path / "large.parquet"
    names = [f"mesure {i}" for i in range(1_500)] + ['a."b', "a", "a.b", "courriel"]
    with duckdb.connect() as con:
        cells = [
            f"'texte ' || (i + {k}) AS \"{n.replace(chr(34), chr(34) * 2)}\""
            for k, n in enumerate(names[:-2])
        ]
        cells += ["'06 41 50 70 ' || (10 + i) AS \"a.b\"", "'jean.dupont' || i || '@exemple.fr' AS courriel"]
        con.execute(f"COPY (SELECT {', '.join(cells)} FROM range(30) t(i)) TO '{path}' (FORMAT parquet)")
    seen, on_file = searched(path, names)
    monkeypatch.setattr(forms, "WIDE", 1_000_000)
    same, before = searched(path, names)
    assert seen == same
    assert {name for name, _, _ in seen} >= {"a.b", "courriel"}
    assert on_file <= 8 < before - 8


def test_a_wide_table_of_numbers_is_asked_of_as_few(tmp_path: Path) -> None:
    """Hours, counters: neither looked at one by one where nobody is named, nor read one by one for their sets."""
    path = tmp_path / "hours.parquet"
    names = [f"h{i}" for i in range(600)]
    schema = Schema(columns=tuple(Column(n, "integer") for n in names))
    with duckdb.connect() as con:
        cells = ", ".join(f"hash(i * 1000 + {k}) % 7 AS h{k}" for k in range(600))
        con.execute(f"COPY (SELECT {cells} FROM range(20) t(i)) TO '{path}' (FORMAT parquet)")
        counting = Counting(con)
        finding.search(counting, path, schema, 20)  # pyright: ignore[reportArgumentType]
        seen = quasi.combinations(counting, path, schema, 20, most=1)  # pyright: ignore[reportArgumentType]
        same = quasi.combinations(con, path, Schema(columns=schema.columns[:300]), 20, most=1)
    assert sum(str(path) in sql for sql in counting.asked) <= 20 < len(names)
    assert len(seen.columns) == len(names)
    assert {c.columns: c.unique_rows for c in same.alone}.items() <= {
        c.columns: c.unique_rows for c in seen.alone
    }.items()
