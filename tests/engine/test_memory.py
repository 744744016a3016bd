"""Copies in memory change how fast an answer comes, never what it says."""

from __future__ import annotations

from pathlib import Path

from sqlglot import exp

from parvis.core.minting import mint
from parvis.core.released import Public
from parvis.core.types import PUBLIC, Column, ReleaseRow, Schema, Source, Table
from parvis.engine import trees as t
from parvis.engine.read import Engine, read
from parvis.engine.read import table as whole
from parvis.engine.relations import RECORD
from parvis.engine.version_cache import Memory, named
from tests.tables.velo import NOW, engine, release

SCHEMA = Schema(columns=(Column("i", "integer"), Column("s")))


def table(folder: Path, rows: int = 50_000, name: str = "a") -> Public:
    return release(folder, f"SELECT i, '{name}' || i % 7 AS s FROM range({rows}) t(i)", SCHEMA, name)


def numbers(on: Engine, released: Public) -> list[tuple[object, ...]]:
    tree = exp.select(exp.column(RECORD, quoted=True), exp.column("i"), exp.column("s")).from_(
        exp.to_table(released.versions[0])
    )
    with read(on, released.querying(tree.where(exp.column("i") > 49_990))) as found:
        part = [tuple(r.values()) for r in found.rows()]
    with read(on, released) as found:
        return [*part, found.names, *[tuple(r.values()) for r in found.rows()][:3]]


def test_a_copy_says_the_same(tmp_path: Path) -> None:
    """Before and after the copy: same rows, same order, same record numbers, same columns."""
    on, released = engine(tmp_path), table(tmp_path)
    before = numbers(on, released)
    assert before[0] == (49_992, 49_991, "a" + str(49_991 % 7))
    assert on.warm(named(released.table.sources[0]))
    assert on.warm(named(released.table.sources[0]))
    assert "hot " in str(
        on.connection.cursor().execute("SELECT database_name FROM duckdb_databases()").fetchall()
    )
    assert numbers(on, released) == before
    on.connection.close()


def test_copies_make_room_for_each_other(tmp_path: Path) -> None:
    """Past the limit the copy least recently used goes, and its table still answers."""
    made = [table(tmp_path, name=name) for name in "abc"]
    plain = engine(tmp_path)
    on = Engine(plain.connection, plain.files, 10.0, Memory(hot_bytes=2_500_000))
    before = [numbers(on, one) for one in made]
    for one in made:
        assert on.warm(named(one.table.sources[0]))
    held = str(on.connection.cursor().execute("SELECT database_name FROM duckdb_databases()").fetchall())
    assert [f"hot {named(one.table.sources[0])}" in held for one in made] == [False, True, True]
    assert [numbers(on, one) for one in made] == before
    on.connection.close()


def test_a_table_read_whole_is_read_once_and_makes_room(tmp_path: Path) -> None:
    """Asked again it is the same object; past the limit the one least recently asked for is read again."""
    a, b, c = (table(tmp_path, 5_000, name) for name in "abc")
    plain = engine(tmp_path)
    size = whole(plain, a).nbytes
    on = Engine(plain.connection, plain.files, 10.0, Memory(tables_bytes=int(2.5 * size)))
    first, second = whole(on, a), whole(on, b)
    assert whole(on, a) is first
    whole(on, c)
    assert whole(on, a) is first
    assert whole(on, b) is not second
    assert whole(on, b).equals(second)
    on.connection.close()


def test_what_is_too_large_stays_where_it_is(tmp_path: Path) -> None:
    """No copy beyond the limit, and nothing is said to fail."""
    plain = engine(tmp_path)
    on = Engine(plain.connection, plain.files, 10.0, Memory(hot_bytes=10))
    released = table(tmp_path)
    before = numbers(on, released)
    assert not on.warm(named(released.table.sources[0]))
    assert not on.warm("unknown")
    assert numbers(on, released) == before
    on.connection.close()


def test_no_copy_of_a_name_opens_another_table(tmp_path: Path) -> None:
    """A text in a query that looks like the name of a version stays a text."""
    on, released = engine(tmp_path), table(tmp_path)
    version = released.versions[0]
    tree = (
        exp.select(exp.column(RECORD, quoted=True), exp.alias_(exp.Literal.string(f'x "{version}" y'), "t"))
        .from_(t.table(version))
        .limit(1)
    )
    with read(on, released.querying(tree)) as found:
        (row,) = found.rows()
    assert str(row["t"]).startswith('x "')
    assert str(row["t"]).endswith('" y')
    on.connection.close()


def test_a_version_of_several_files(tmp_path: Path) -> None:
    """Record numbers follow the order of the files, copied or not."""
    first, second = table(tmp_path, 10, "a"), table(tmp_path, 5, "b")
    files = (*first.table.sources[0].files, *second.table.sources[0].files)
    both = mint(
        Table((Source("v" * 64, files),), SCHEMA),
        PUBLIC,
        (ReleaseRow("r", "v" * 64, PUBLIC, "open", "x", "y", NOW),),
    )
    on = engine(tmp_path)
    tree = (
        exp.select(exp.column("s"), exp.column(RECORD, quoted=True))
        .from_(t.table("v" * 64))
        .order_by(exp.column(RECORD, quoted=True))
    )

    def answer() -> list[object]:
        with read(on, both.querying(tree)) as found:
            return [tuple(r.values()) for r in found.rows()]

    cold = answer()
    assert [str(r[0])[0] for r in cold] == ["a"] * 10 + ["b"] * 5  # type: ignore[index]
    assert on.warm(named(both.table.sources[0]))
    assert answer() == cold
    on.connection.close()


def test_two_sources_of_one_version(tmp_path: Path) -> None:
    """A live tip has more files than its version: each reads its own."""
    on, first, second = engine(tmp_path), table(tmp_path, 3, "a"), table(tmp_path, 4, "b")
    for files, rows in (
        (second.table.sources[0].files + first.table.sources[0].files, 7),
        (first.table.sources[0].files, 3),
    ):
        made = mint(
            Table((Source("w" * 64, files),), SCHEMA),
            PUBLIC,
            (ReleaseRow("r", "w" * 64, PUBLIC, "open", "x", "y", NOW),),
        )
        with read(on, made) as found:
            assert len(found.rows()) == rows
    on.connection.close()


def test_names_that_start_with_a_digit(tmp_path: Path) -> None:
    """A digest may begin with a digit."""
    on = engine(tmp_path)
    made = next(
        one for one in (table(tmp_path, 3, f"n{i}") for i in range(40)) if one.versions[0][0].isdigit()
    )
    with read(on, made.querying(exp.select(exp.Star()).from_(t.table(made.versions[0])))) as found:
        assert len(found.rows()) == 3
    on.connection.close()
