"""Queries kept prepared answer as those that are not, follow what moves under them, and never share a cursor
with a query that was interrupted.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlglot import exp

from parvis.core.errors import BadQuery
from parvis.core.released import Public
from parvis.core.types import Column, Schema
from parvis.engine.cursors import KEPT, Cursors
from parvis.engine.read import Engine, read
from parvis.engine.version_cache import named
from tests.tables.velo import engine, release

SCHEMA = Schema(columns=(Column("i", "integer"), Column("x", "number"), Column("s")))
SQL = "SELECT i::BIGINT AS i, i / 3.0 AS x, 'it''s ' || i % 7 AS s FROM range({rows}) t(i)"


def asking(released: Public, condition: str) -> Public:
    """How many rows meet a condition with `$1`."""
    counted = (
        exp.select(exp.Count(this=exp.Star()))
        .from_(exp.to_table(released.versions[0]))
        .where(condition, dialect="duckdb")
    )
    return released.querying(counted, Schema(columns=(Column("n", "integer"),)))


@pytest.mark.parametrize(
    ("condition", "values"),
    [
        ("i >= $1", (5, 5.5, -1, 2**40, 0)),
        ("x >= $1", (5, 2.3333333333333335, 1 / 3, -0.0, 1e300, 5e-324)),
        ("s = $1", ("it's 3", "", "é\n''", "it's 3\x00")),
        ("i > $1 AND s <> $2", ((3, "it's 4"), (4, "x"))),
    ],
)
def test_a_prepared_query_says_the_same(tmp_path: Path, condition: str, values: tuple[object, ...]) -> None:
    """Whatever the values and their order: the first time a query is not prepared, then it is, with values of
    other types too.
    """
    on, other, released = (
        engine(tmp_path),
        engine(tmp_path),
        release(tmp_path, SQL.format(rows=1000), SCHEMA, "a"),
    )
    ask = asking(released, condition)
    for one in (*values, *reversed(values)):
        given = one if isinstance(one, tuple) else (one,)
        with read(replace(other, cursors=Cursors()), ask, given) as plain, read(on, ask, given) as kept:
            assert kept.scalar() == plain.scalar()
    on.connection.close()
    other.connection.close()


def test_a_prepared_query_follows_its_version_into_memory_and_back(tmp_path: Path) -> None:
    """The views move onto a copy and back; a copy that was dropped is held by nobody."""
    on, released = engine(tmp_path), release(tmp_path, SQL.format(rows=50_000), SCHEMA, "a")
    ask = asking(released, "i >= $1")

    def count() -> object:
        with read(on, ask, (49_000,)) as found:
            return found.scalar()

    assert [count() for _ in range(3)] == [1000] * 3
    assert on.warm(named(released.table.sources[0]))
    assert [count() for _ in range(3)] == [1000] * 3
    on.memory.hot_bytes = 1_500_000
    other = release(tmp_path, SQL.format(rows=50_000), SCHEMA, "b")
    with read(on, asking(other, "i >= $1"), (49_000,)) as found:
        assert found.scalar() == 1000
    assert on.warm(named(other.table.sources[0]))
    held = str(on.connection.cursor().execute("SELECT database_name FROM duckdb_databases()").fetchall())
    assert named(released.table.sources[0]) not in held
    assert named(other.table.sources[0]) in held
    assert count() == 1000
    on.connection.close()


def test_a_cursor_that_was_interrupted_serves_no_other_query(tmp_path: Path) -> None:
    """A query that is stopped takes its cursor with it; those after it answer."""
    plain, released = engine(tmp_path), release(tmp_path, SQL.format(rows=20_000), SCHEMA, "a")
    on = Engine(plain.connection, plain.files, 0.2)
    pairs = (
        exp.select(exp.Count(this=exp.Star()))
        .from_(exp.to_table(released.versions[0]).as_("a"))
        .join(exp.to_table(released.versions[0]).as_("b"), on="(a.i * b.i) % 7 = $1", dialect="duckdb")
    )
    slow, quick = (
        released.querying(pairs, Schema(columns=(Column("n", "integer"),))),
        asking(released, "i >= $1"),
    )
    for _ in range(3):
        with pytest.raises(BadQuery), read(on, slow, (3,)) as found:
            found.scalar()
        with read(on, quick, (19_990,)) as found:
            assert found.scalar() == 10
    on.connection.close()


def test_many_threads_ask_at_once(tmp_path: Path) -> None:
    """Each has a cursor of its own while it reads, and only so many wait afterwards."""
    on, released = engine(tmp_path), release(tmp_path, SQL.format(rows=2000), SCHEMA, "a")
    ask, gate = asking(released, "i >= $1"), threading.Barrier(KEPT + 4)

    def work(n: int) -> object:
        gate.wait(30)
        answers: list[object] = []
        for i in range(20):
            with read(on, ask, (n * 20 + i,)) as found:
                answers.append(found.scalar())
        return answers

    with ThreadPoolExecutor(KEPT + 4) as pool:
        assert list(pool.map(work, range(KEPT + 4))) == [
            [2000 - n * 20 - i for i in range(20)] for n in range(KEPT + 4)
        ]
    assert 0 < len(on.cursors._waiting) <= KEPT
    on.connection.close()


def test_what_was_asked_once_is_not_prepared(tmp_path: Path) -> None:
    """Preparing costs a second planning: only what comes again is worth it."""
    on, released = engine(tmp_path), release(tmp_path, SQL.format(rows=10), SCHEMA, "a")
    ask = asking(released, "i >= $1")
    for expected in ([0], [1], [1]):
        with read(on, ask, (3,)) as found:
            assert found.scalar() == 7
        assert [len(k.prepared) for k in on.cursors._waiting] == expected
    assert not Cursors().again("SELECT 1")
    on.connection.close()
