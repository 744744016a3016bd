"""A store, a database or a disk that is away for a while: what was acknowledged waits, says so, and goes
through by itself once it is back.
"""

from __future__ import annotations

import errno
import secrets
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine, NullPool, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from parvis.cli.init import create
from parvis.core import settings
from parvis.core.errors import NotFound, SourceDown, Unreadable, UsageError
from parvis.core.types import Dataset, Organisation, Resource
from parvis.publication import pipeline
from parvis.publication.city import City, open_city
from parvis.publication.city import now as clock_now
from parvis.store import datasets, deposits, journal, versions
from parvis.store.database import Database
from parvis.store.deposits import Deposit
from parvis.store.outage import outage
from parvis.work import jobs
from tests.acceptance.commands import parvis, soon, start
from tests.processes.forks import ended, fork
from tests.work.outage_child import ROOM, full_disk


@dataclass
class Clock:
    """Moved by hand."""

    at: datetime = datetime(2026, 11, 27, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


def town(
    folder: Path, said: dict[str, dict[str, str]] | None = None, clock: Callable[[], datetime] = clock_now
) -> City:
    create(folder, "Ville", said)
    city = open_city(settings.load(folder, {}), clock=clock)
    with city.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("ville", "Ville"))
        datasets.save_dataset(conn, Dataset("jeu", "Jeu", "Une description.", "ville"))
    return city


def hand_in(city: City, name: str, content: str) -> Deposit:
    with city.db.begin() as conn:
        datasets.save_resource(conn, Resource(f"jeu/{name}", "jeu", name))
    path = city.settings.folder.parent / f"{name}.csv"
    path.write_text(content, "utf-8")
    return pipeline.receive(city, path, name=path.name, resource=f"jeu/{name}")


def kept(city: City, deposit: str) -> Deposit:
    with city.db.read() as conn:
        found = deposits.get(conn, deposit)
    assert found is not None
    return found


def verbs(city: City, deposit: Deposit) -> list[str]:
    with city.db.read() as conn:
        return [e.verb for e in journal.since(conn, 0) if e.subject == deposit.resource]


def work(turn: Callable[[], int], until: Callable[[], bool]) -> None:
    """Turn as the worker does, until something is so."""
    begun = time.monotonic()
    while not until():
        assert time.monotonic() - begun < 60
        turn()
        time.sleep(0.02)


# --- what is an outage, by real faults ----------------------------------------------------------------------


def raised(act: Callable[[], object], kind: type[Exception]) -> Exception:
    with pytest.raises(kind) as caught:
        act()
    return caught.value


def test_a_full_disk_is_known_whoever_writes_to_it(tmp_path: Path) -> None:
    """Python, Arrow, DuckDB and SQLite, each by its own error; and when a reader took it for a damaged file."""

    def arrow() -> None:
        with pq.ParquetWriter("/dev/full", pa.schema([("a", pa.int64())])) as out:
            out.write_table(pa.table({"a": list(range(100_000))}))

    def small() -> None:
        engine = create_engine(f"sqlite:///{tmp_path}/small.db", poolclass=NullPool)
        with engine.begin() as conn:
            conn.exec_driver_sql("PRAGMA max_page_count = 2")
            conn.exec_driver_sql("CREATE TABLE t (a)")
            conn.exec_driver_sql("INSERT INTO t VALUES (zeroblob(100000))")

    def reader() -> None:
        try:
            Path("/dev/full").write_bytes(b"x")
        except OSError as wrong:
            raise Unreadable("Le fichier est endommagé.") from wrong

    found = [
        raised(arrow, OSError),
        raised(
            lambda: duckdb.sql(
                "COPY (SELECT * FROM range(2000000)) TO '/dev/full' (FORMAT csv, USE_TMP_FILE false)"
            ),
            duckdb.Error,
        ),
        raised(small, DBAPIError),
        raised(reader, Unreadable),
        OSError(errno.EDQUOT, ""),
    ]
    assert {str(outage(f)) for f in found} == {"Le disque est plein. Libérez de la place : rien n’est perdu."}


def test_a_fault_of_the_program_or_of_the_data_is_no_outage(tmp_path: Path) -> None:
    lite = Database(f"sqlite:///{tmp_path}/a.db")

    def unknown() -> None:
        with lite.read() as conn:
            conn.execute(text("SELECT * FROM absent"))

    faults = [
        raised(unknown, DBAPIError),
        raised(lambda: duckdb.sql("SELECT * FROM absent"), duckdb.Error),
        Unreadable("Le fichier est endommagé."),
    ]
    faults += [
        NotFound("Rien."),
        FileNotFoundError(errno.ENOENT, ""),
        PermissionError(errno.EACCES, ""),
        ZeroDivisionError(),
    ]
    assert [outage(f) for f in faults] == [None] * len(faults)
    held = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    busy = create_engine(f"sqlite:///{tmp_path}/a.db", connect_args={"timeout": 0}, poolclass=NullPool)

    def write() -> None:
        with busy.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE t (a)")

    assert isinstance(outage(raised(write, DBAPIError)), SourceDown)
    held.close()


# --- the deposit waits, and goes on -------------------------------------------------------------------------


def test_a_mount_that_comes_back_is_waited_for(tmp_path: Path) -> None:
    """An empty folder where the files were: the sender is not told that the file is wrong. After the declared
    time a person begins it again.
    """
    clock = Clock()
    city = town(tmp_path / "city", clock=clock)
    lost = hand_in(city, "table", "a;b\n1;2\n3;4\n")
    inbox = city.settings.path(city.settings.storage.inbox)
    with jobs.worker(city) as turn:
        inbox.rename(tmp_path / "away")
        inbox.mkdir()
        work(turn, lambda: bool(kept(city, lost.id).message))
        waits = kept(city, lost.id)
        assert (waits.state, waits.message) == (
            "reading",
            "En attente. Le stockage des fichiers n’a pas le fichier reçu. Nouvel essai dans 2 secondes au plus.",
        )
        work(turn, lambda: "4 secondes" in kept(city, lost.id).message)
        clock.at += timedelta(hours=25)
        work(turn, lambda: kept(city, lost.id).state == "failed")
        assert "relancez" in kept(city, lost.id).message
        assert verbs(city, lost) == ["received", "waiting", "failed"], (
            "one event for each change, none for each try"
        )
        shutil.rmtree(inbox)
        (tmp_path / "away").rename(inbox)
    again = parvis("retry", "--json", cwd=tmp_path / "city")
    assert (again.code, [d["state"] for d in again.json["deposits"]]) == (0, ["published"]), again.err
    assert (kept(city, lost.id).message, kept(city, lost.id).attempt) == ("", 2)
    assert parvis("retry", "--json", cwd=tmp_path / "city").json["deposits"] == []
    with pytest.raises(UsageError, match="pas en panne"):
        pipeline.retry(city, lost.id, actor="system")
    with pytest.raises(NotFound):
        pipeline.retry(city, "absent", actor="system")


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    city = town(tmp_path / "city")
    large = hand_in(city, "grande", "a;b\n" + f"1;{'long ' * 20}\n" * (ROOM // 60))
    assert ended(fork(full_disk, tmp_path / "city", large.id)) == 0
    done = kept(city, large.id)
    assert (done.state, done.message) == ("published", "")
    assert verbs(city, large) == ["received", "waiting", "published"]
    with city.db.read() as conn:
        (version,) = versions.history(conn, large.resource)
    assert version.rows == ROOM // 60


# --- PostgreSQL ---------------------------------------------------------------------------------------------


@pytest.fixture
def server(postgresql: str) -> Iterator[tuple[Engine, str]]:
    """A database of our own, and whoever cuts its connections."""
    name = f"parvis_{secrets.token_hex(6)}"
    engine = create_engine(postgresql, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as conn:
        conn.execute(text(f'CREATE DATABASE "{name}"'))
    yield engine, make_url(postgresql).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as conn:
        conn.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


def cut(engine: Engine, url: str) -> int:
    """End every connection to the database, as a server that is restarted."""
    query = text("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = :name")
    with engine.connect() as conn:
        return conn.execute(query, {"name": make_url(url).database}).scalar_one()


@pytest.mark.postgres
def test_connections_that_are_cut_stop_neither_the_worker_nor_a_deposit(
    tmp_path: Path, server: tuple[Engine, str]
) -> None:
    """Every connection of the worker is ended, again and again, while it reads and decides; it stays the same
    process, and each file is published once.
    """
    engine, url = server
    city = town(tmp_path / "city", {"storage": {"database": f'"{url}"'}})
    sent = [hand_in(city, f"t{n}", "a;b\n" + "".join(f"{i};{n}\n" for i in range(2000))) for n in range(4)]
    city.db.close()
    worker = start(tmp_path / "city", tmp_path / "log", "worker")
    cuts = 0

    def over() -> bool | None:
        nonlocal cuts
        states = [kept(city, d.id).state for d in sent]
        city.db.close()
        if cuts < 6 and set(states) != {"received"}:
            cuts += cut(engine, url) > 0
            time.sleep(0.3)
        return set(states) <= {"published", "failed", "refused"} or None

    try:
        soon(over, within=90, what=lambda: (tmp_path / "log").read_text("utf-8"))
        assert worker.inner.poll() is None, "the same process, all along"
    finally:
        worker.end()
    assert [kept(city, d.id).state for d in sent] == ["published"] * len(sent), (tmp_path / "log").read_text(
        "utf-8"
    )
    assert cuts > 1
    assert all(verbs(city, d).count("published") == 1 for d in sent)
    city.db.close()


@pytest.mark.postgres
def test_a_lock_that_was_cut_is_taken_again_unless_another_has_it(server: tuple[Engine, str]) -> None:
    engine, url = server
    one, two = Database(url), Database(url)
    with one.exclusive("worker") as first:
        assert first()
        cut(engine, url)
        assert isinstance(outage(raised(first, DBAPIError)), SourceDown)
        assert first(), "taken again on another connection"
        cut(engine, url)
        raised(first, DBAPIError)
        with two.exclusive("worker") as second:
            assert second()
            assert not first()
        assert first()
    one.close()
    two.close()
