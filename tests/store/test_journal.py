"""The journal: numbers follow commits without a gap, nothing is changed or removed, nothing but ids gets in."""

from __future__ import annotations

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import DBAPIError

from parvis.core.types import Event
from parvis.store import journal
from parvis.store.database import Database
from parvis.store.tables import events
from parvis.store.tables import journal as counter
from tests.processes.forks import ended, fork, together

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


def tell(database: Database, subject: str) -> Event:
    with database.begin() as conn:
        return journal.append(conn, at=NOW, actor="system", verb="made", subject=subject, ids={"run": "r1"})


def test_events_are_read_in_their_order(database: Database) -> None:
    """What an index or an activity page follows."""
    said = [tell(database, s) for s in ("a", "b", "a")]
    assert [e.seq for e in said] == [1, 2, 3]
    with database.read() as conn:
        assert journal.since(conn, 0) == said
        assert journal.since(conn, 1, limit=1) == [said[1]]
        assert journal.since(conn, 3) == []
        assert journal.of(conn, "a") == [said[2], said[0]]
        assert journal.by(conn, "system", limit=2) == [said[2], said[1]]
        assert journal.recent(conn, limit=1) == [said[2]]
        assert journal.last_seq(conn) == 3


def test_a_transaction_given_up_takes_no_number(database: Database) -> None:
    """A gap would look like an event that somebody removed."""
    with database.begin() as conn:
        nested = conn.begin_nested()
        journal.append(conn, at=NOW, actor="system", verb="made", subject="a")
        nested.rollback()
    assert tell(database, "b").seq == 1


@pytest.mark.parametrize(
    "sql", ["UPDATE events SET actor = 'x'", "DELETE FROM events", "DELETE FROM events WHERE seq = 1"]
)
def test_the_database_refuses_to_change_or_remove_an_event(database: Database, sql: str) -> None:
    """Even past our functions."""
    tell(database, "a")
    with pytest.raises(DBAPIError, match="append-only"), database.begin() as conn:
        conn.execute(text(sql))
    with database.read() as conn:
        assert len(journal.since(conn, 0)) == 1


@pytest.mark.postgres
def test_postgresql_refuses_to_empty_the_journal(database: Database) -> None:
    """TRUNCATE passes row triggers; SQLite has no such word."""
    if database.sqlite:
        return
    with pytest.raises(DBAPIError, match="append-only"), database.begin() as conn:
        conn.execute(text("TRUNCATE events"))


@pytest.mark.parametrize(
    "said", ["", "marie.martin@ville.fr", "une phrase", "ligne\nligne", "x" * 301, "a\x00", "a\ud800"]
)
@pytest.mark.parametrize("where", ["actor", "verb", "subject", "ids"])
def test_only_ids_get_in(said: str, where: str) -> None:
    """What can't be erased must hold nothing that somebody could ask to erase. Refused before the database is
    asked: no connection is needed.
    """
    given = {"actor": "system", "verb": "made", "subject": "a"} | ({where: said} if where != "ids" else {})
    with pytest.raises(ValueError, match="not an id"):
        journal.append(None, at=NOW, **given, ids={"x": said} if where == "ids" else {})  # pyright: ignore[reportArgumentType]


def test_numbers_follow_commits_under_concurrent_writers(database: Database) -> None:
    """A follower that remembers the last seq it saw never misses an event: eight writers, one follower, 120
    events.
    """
    writers, each = 8, 15
    together, done = threading.Barrier(writers + 1), threading.Event()
    seen: list[int] = []

    def write(n: int) -> None:
        together.wait(timeout=30)
        for i in range(each):
            tell(database, f"w{n}-{i}")

    def follow() -> None:
        together.wait(timeout=30)
        while True:
            last_round = done.is_set()
            with database.read() as conn:
                seen.extend(e.seq for e in journal.since(conn, seen[-1] if seen else 0))
            if last_round:
                return

    with ThreadPoolExecutor(writers + 1) as pool:
        following = pool.submit(follow)
        list(pool.map(write, range(writers)))
        done.set()
        following.result(timeout=60)
    assert seen == list(range(1, writers * each + 1))


def test_the_counter_alone_keeps_the_order_of_commits(database: Database) -> None:
    """A writer that came by another door than `begin()` (no advisory lock) holds the counter's row:
    PostgreSQL's own row lock keeps the promise.
    """
    if database.sqlite:
        return  # SQLite has one writer by itself; the test above shows it
    entered, go_on = threading.Event(), threading.Event()
    order: list[str] = []

    def late() -> None:
        with database._writer.begin() as conn:  # pyright: ignore[reportPrivateUsage]
            seq = conn.execute(
                update(counter).values(seq=counter.c.seq + 1).returning(counter.c.seq)
            ).scalar_one()
            conn.execute(
                insert(events).values(seq=seq, at=NOW, actor="x", verb="v", subject="first", ids="{}")
            )
            entered.set()
            assert go_on.wait(timeout=30)
            order.append("late commits")

    def quick() -> None:
        assert entered.wait(timeout=30)
        with database.begin() as conn:
            go_on.set()
            journal.append(conn, at=NOW, actor="x", verb="v", subject="second")
            order.append("quick has its number")

    with ThreadPoolExecutor(2) as pool:
        for future in (pool.submit(late), pool.submit(quick)):
            future.result(timeout=60)
    assert order == ["late commits", "quick has its number"]
    with database.read() as conn:
        assert [e.subject for e in journal.since(conn, 0)] == ["first", "second"]


def write_twenty(url: str, schema: str, name: str) -> None:
    database = Database(url, schema=schema)
    for i in range(20):
        with database.begin() as conn:
            journal.append(conn, at=datetime.now(UTC), actor="system", verb="made", subject=f"{name}-{i}")


def test_processes_share_one_sequence(database: Database) -> None:
    """Three `serve` processes write to one journal: 60 numbers, each once, each process's own in its order."""
    url = database.url.render_as_string(hide_password=False)
    together(write_twenty, *((url, database.schema, f"p{n}") for n in range(3)))
    with database.read() as conn:
        said = journal.since(conn, 0)
    assert [e.seq for e in said] == list(range(1, 61))
    for n in range(3):
        assert [e.subject for e in said if e.subject.startswith(f"p{n}-")] == [f"p{n}-{i}" for i in range(20)]


def write_half(url: str, schema: str) -> None:
    with Database(url, schema=schema).begin() as conn:
        journal.append(conn, at=datetime.now(UTC), actor="system", verb="made", subject="half")
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_writer_killed_before_its_commit_leaves_nothing_and_holds_nobody(database: Database) -> None:
    """kill -9 inside a transaction: no event, no gap, and the next writer goes on."""
    tell(database, "a")
    url = database.url.render_as_string(hide_password=False)
    assert ended(fork(write_half, url, database.schema)) == -9
    assert tell(database, "b").seq == 2
    with database.read() as conn:
        assert [e.subject for e in journal.since(conn, 0)] == ["a", "b"]
