"""What a query was planned on stays until it has ended; who begins later sees what took its place."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Generator
from pathlib import Path
from random import Random

from sqlglot import exp

from parvis.core.types import Column, Schema
from parvis.engine.clock import Clock
from parvis.engine.read import Engine, read
from parvis.engine.retirement import Retirement
from parvis.engine.version_cache import Memory, named
from parvis.exports.csv import CSV
from parvis.exports.declaration import Options
from tests.tables.velo import engine, release

SCHEMA = Schema(columns=(Column("i", "integer"), Column("s")))
SQL = "SELECT i::BIGINT AS i, '{name} ' || i % 7 AS s FROM range(20000) t(i)"


def test_what_is_handed_over_goes_with_the_last_who_may_see_it() -> None:
    """At once when nobody is inside; else when those who began before have left, whatever those after them do."""
    retirement, gone = Retirement(), list[str]()
    retirement.when_left(lambda: gone.append("a"))
    assert gone == ["a"]
    first = retirement.enter()
    retirement.when_left(lambda: gone.append("b"))
    second = retirement.enter()
    retirement.when_left(lambda: gone.append("c"))
    third = retirement.enter()
    second()
    assert gone == ["a"]
    first()
    first()
    assert gone == ["a", "b", "c"]
    third()
    retirement.when_left(lambda: gone.append("d"))
    assert gone == ["a", "b", "c", "d"]


def test_a_copy_stays_for_the_query_that_was_planned_on_it(tmp_path: Path) -> None:
    """Taken down while its rows are read: they are read to the end, and it is gone then."""
    on, released = engine(tmp_path), release(tmp_path, SQL.format(name="a"), SCHEMA)
    with read(on, released) as found:
        found.rows()
    assert on.warm(named(released.table.sources[0]))
    with read(on, released) as found:
        on.drop()
        assert "hot " in _stores(on)
        with read(on, released) as later:
            assert len(later.rows()) == 20_000
        assert sum(b.num_rows for b in found.batches()) == 20_000
    assert "hot " not in _stores(on)
    on.connection.close()


def test_an_alarm_that_is_being_done_is_waited_for() -> None:
    """What it acts on may be closed as soon as it is cancelled: an interruption in a connection that another thread
    closes is a use of freed memory.
    """
    clock, begun, go, done = Clock(), threading.Event(), threading.Event(), threading.Event()

    def act() -> None:
        begun.set()
        go.wait(30)
        done.set()

    alarm = clock.after(0.0, act)
    assert begun.wait(30)
    threading.Timer(0.05, go.set).start()
    assert not alarm.cancel()
    assert done.is_set()


def test_queries_interruptions_and_takedowns_at_once(tmp_path: Path) -> None:
    """Exports that are left halfway by other threads, queries that are interrupted at any moment, copies that come
    and go, views that are forgotten: nothing fails but what its time is up for, and every copy goes.
    """
    plain = engine(tmp_path)
    made = [release(tmp_path, SQL.format(name=name), SCHEMA, name) for name in "abc"]
    on = Engine(plain.connection, plain.files, 0.05, Memory(hot_after=3))
    stop, wrong, done = threading.Event(), list[BaseException](), list[str]()

    def counted(random: Random) -> None:
        one = random.choice(made)
        tree = (
            exp.select(exp.Count(this=exp.Star()))
            .from_(exp.to_table(one.versions[0]))
            .where("i >= $1", dialect="duckdb")
        )
        with read(on, one.querying(tree, Schema(columns=(Column("n", "integer"),))), (15_000,)) as found:
            assert found.scalar() == 5_000

    def left_halfway(random: Random) -> None:
        chunks = CSV.chunks(on, random.choice(made), Options())
        assert isinstance(chunks, Generator)
        for chunk in itertools.islice(chunks, random.randrange(1, 12)):
            bytes(chunk)
        other = threading.Thread(target=chunks.close)
        other.start()
        other.join()

    def slow(random: Random) -> None:
        one = random.choice(made)
        pairs = (
            exp.select(exp.Count(this=exp.Star()))
            .from_(exp.to_table(one.versions[0]).as_("a"))
            .join(exp.to_table(one.versions[0]).as_("b"), on="(a.i * b.i) % 7 = 3", dialect="duckdb")
        )
        with read(on, one.querying(pairs, Schema(columns=(Column("n", "integer"),)))) as found:
            found.scalar()

    def copied(random: Random) -> None:
        on.warm(named(random.choice(made).table.sources[0]))
        on.drop()

    def again(work: Callable[[Random], None], seed: int) -> None:
        random = Random(seed)
        while not stop.is_set():
            try:
                work(random)
            except Exception as fault:  # noqa: BLE001
                wrong.append(fault)
            done.append(work.__name__)

    works = [counted, counted, left_halfway, left_halfway, left_halfway, slow, copied]
    threads = [threading.Thread(target=again, args=(work, n)) for n, work in enumerate(works)]
    for one in threads:
        one.start()
    stop.wait(4.0)
    stop.set()
    for one in threads:
        one.join()
    assert {getattr(w, "code", repr(w)) for w in wrong} <= {"timeout"}
    assert set(done) == {work.__name__ for work in works}
    on.drop()
    assert "hot " not in _stores(on)
    on.connection.close()


def _stores(on: Engine) -> str:
    with on.connection.cursor() as cursor:
        return str(cursor.execute("SELECT database_name FROM duckdb_databases()").fetchall())
