"""The database: one writer at a time, readers of one moment, migrations that equal the tables; on SQLite and
on PostgreSQL.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, make_url, text
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.schema import CreateSchema, DropSchema

from parvis.core.errors import ParvisError, UsageError
from parvis.core.types import Organisation
from parvis.store import datasets, journal
from parvis.store.database import MIGRATIONS, Database, Moved, knows, latest
from parvis.store.tables import metadata
from tests.conftest import bare
from tests.processes.forks import together

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


def described(conn: Connection) -> dict[str, object]:
    """All that a database says of its tables, in an order of our own."""
    seen = inspect(conn)
    said: dict[str, object] = {}
    for table in sorted(set(seen.get_table_names()) - {"alembic_version"}):
        said[table] = {
            "columns": sorted(
                (c["name"], str(c["type"]), c["nullable"], re.sub("::text", "", str(c["default"])))
                for c in seen.get_columns(table)
            ),
            "key": seen.get_pk_constraint(table)["constrained_columns"],
            "references": sorted(
                (f["name"] or "", f["constrained_columns"], f["referred_table"])
                for f in seen.get_foreign_keys(table)
            ),
            "unique": sorted(
                (u["name"] or "", u["column_names"]) for u in seen.get_unique_constraints(table)
            ),
            "indexes": sorted(
                (i["name"] or "", i["column_names"], i["unique"]) for i in seen.get_indexes(table)
            ),
            "checks": sorted((c["name"] or "", c["sqltext"]) for c in seen.get_check_constraints(table)),
        }
    return said


def test_the_migrations_build_exactly_the_tables(database: Database, tmp_path: Path) -> None:
    """What a city gets by migrating is what the program declares: columns, keys, indexes, checks, all of it."""
    with database.read() as conn:
        assert compare_metadata(MigrationContext.configure(conn), metadata) == []
        migrated = described(conn)
    if database.sqlite:
        direct = create_engine(f"sqlite:///{tmp_path / 'direct.db'}")
        with direct.begin() as conn:
            metadata.create_all(conn)
            declared = described(conn)
        direct.dispose()
    else:
        other = f"{database.schema}_direct"
        plain = create_engine(database.url)
        direct = create_engine(database.url, connect_args={"options": f"-csearch_path={other}"})
        with plain.begin() as conn:
            conn.execute(CreateSchema(other))
        with direct.begin() as conn:
            metadata.create_all(conn)
            declared = described(conn)
        with plain.begin() as conn:
            conn.execute(DropSchema(other, cascade=True))
        direct.dispose()
        plain.dispose()
    assert migrated == declared


def test_migrating_twice_changes_nothing(database: Database) -> None:
    """Each start of a city migrates."""
    with database.begin() as conn:
        datasets.save_organisation(conn, Organisation("voirie", "Voirie"))
    database.migrate()
    with database.read() as conn:
        assert [o.id for o in datasets.organisations(conn)] == ["voirie"]
        assert conn.execute(text("SELECT version_num FROM alembic_version")).scalar() == latest()


def test_the_file_of_a_migration_bears_its_number() -> None:
    """Which revisions there are is read off the files, for Alembic is long to load."""
    scripts = ScriptDirectory(str(MIGRATIONS))
    written = [each.revision for each in scripts.walk_revisions()]
    assert len(written) == len(list((MIGRATIONS / "versions").glob("*.py")))
    assert all(knows(revision) for revision in written)
    assert latest() == scripts.get_current_head()


def migrate(url: str, schema: str) -> None:
    Database(url, schema=schema).migrate()


def test_a_file_that_another_process_is_making_is_waited_for(tmp_path: Path) -> None:
    """SQLite says at once that a new file is locked when its log is chosen, whatever the timeout: of four
    processes that made a city together, one in four died.
    """
    file = tmp_path / "parvis.db"
    first = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    first.execute("CREATE TABLE other (x)")
    first.execute("BEGIN IMMEDIATE")
    first.execute("INSERT INTO other VALUES (1)")
    threading.Timer(0.3, lambda: first.execute("COMMIT")).start()
    made = Database(f"sqlite:///{file}")
    made.migrate()
    with made.read() as conn:
        assert conn.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    made.close()
    first.close()


def test_processes_that_start_together_migrate_once(empty_database: Database) -> None:
    """`serve` and `worker` start at the same moment on an empty database: all succeed, the tables are made
    once.
    """
    together(
        migrate, *[(empty_database.url.render_as_string(hide_password=False), empty_database.schema)] * 3
    )
    with empty_database.read() as conn:
        assert journal.last_seq(conn) == 0


def test_a_database_of_a_later_program_is_refused(database: Database) -> None:
    """An old program on a new database would write rows that the new one can't trust."""
    with database.begin() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ParvisError, match="plus récente"):
        database.migrate()


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    """All or nothing, events too."""

    def half() -> None:
        with database.begin() as conn:
            datasets.save_organisation(conn, Organisation("voirie", "Voirie"))
            journal.append(conn, at=NOW, actor="system", verb="made", subject="voirie")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    with database.read() as conn:
        assert datasets.organisations(conn) == []
        assert journal.last_seq(conn) == 0


def test_a_read_transaction_refuses_to_write(database: Database) -> None:
    """So that no page can write by mistake."""
    with pytest.raises(DBAPIError, match=r"readonly|read-only"), database.read() as conn:
        datasets.save_organisation(conn, Organisation("voirie", "Voirie"))
    with database.begin() as conn:  # the same connection, handed out again, writes
        datasets.save_organisation(conn, Organisation("voirie", "Voirie"))


def test_a_read_transaction_sees_one_moment(database: Database) -> None:
    """A page built of several queries never shows half of a publication."""
    with database.read() as conn:
        before = datasets.organisations(conn)
        with database.begin() as other:
            datasets.save_organisation(other, Organisation("voirie", "Voirie"))
        assert datasets.organisations(conn) == before == []
    with database.read() as conn:
        assert len(datasets.organisations(conn)) == 1


def test_readers_do_not_wait_for_a_writer(database: Database) -> None:
    """Pages answer while a publication is being written."""
    with database.begin() as writer:
        datasets.save_organisation(writer, Organisation("voirie", "Voirie"))
        with ThreadPoolExecutor(1) as pool, database.read() as conn:
            assert pool.submit(datasets.organisations, conn).result(timeout=20) == []


def test_one_writer_at_a_time(database: Database) -> None:
    """Transactions that read, think and write never lose an update: eight threads count to forty together."""
    with database.begin() as conn:
        datasets.save_organisation(conn, Organisation("compte", "0"))
    together = threading.Barrier(8)

    def count(_: int) -> None:
        together.wait(timeout=30)
        for _ in range(5):
            with database.begin() as conn:
                now = datasets.organisation(conn, "compte")
                assert now is not None
                datasets.save_organisation(conn, Organisation("compte", str(int(now.name) + 1)))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, range(8)))
    with database.read() as conn:
        assert datasets.organisation(conn, "compte") == Organisation("compte", "40")


def test_a_name_is_held_by_one(database: Database) -> None:
    """There is one worker for all machines on a PostgreSQL; SQLite leaves it to a lock on a file."""
    with (
        database.exclusive("worker") as first,
        database.exclusive("worker") as second,
        database.exclusive("other") as other,
    ):
        assert first()
        assert second() is database.sqlite
        assert other()
    with database.exclusive("worker") as again:
        assert again()


def test_a_connection_that_died_is_replaced_unseen(database: Database) -> None:
    """PostgreSQL restarts, or an idle connection is cut on the way: the next page gets a living one."""
    if database.sqlite:
        return
    with database.read() as first, database.read() as second:
        pids = [conn.execute(text("SELECT pg_backend_pid()")).scalar() for conn in (first, second)]
    killer = create_engine(database.url)
    with killer.begin() as conn:
        for pid in pids:
            conn.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    killer.dispose()
    with database.read() as conn:
        assert datasets.organisations(conn) == []
    with database.begin() as conn:
        journal.append(conn, at=NOW, actor="system", verb="made", subject="a")


def test_sqlite_is_opened_as_promised(tmp_path: Path) -> None:
    """WAL, full synchronous, zeroed pages, foreign keys held: on each connection, not only on the first."""
    database = Database(f"sqlite:///{tmp_path / 'parvis.db'}")
    database.migrate()
    asked = {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
    }
    with database.read() as first, database.begin() as second:
        for conn in (first, second):
            assert {k: conn.exec_driver_sql(f"PRAGMA {k}").scalar() for k in asked} == asked
    database.close()


def test_a_connection_takes_the_mode_of_each_transaction(tmp_path: Path) -> None:
    """One connection after another mode, after the same, and after a transaction that an error ended: a read never
    writes, a write may.
    """
    database = Database(f"sqlite:///{tmp_path / 'parvis.db'}")
    database.migrate()
    seen = set[int]()
    for mode in "rrwwrwrrwr":
        with database.read() if mode == "r" else database.begin() as conn:
            seen.add(id(conn.connection.dbapi_connection))
            assert conn.exec_driver_sql("PRAGMA query_only").scalar() == (mode == "r")
            assert conn.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        with pytest.raises(DBAPIError), database.read() as conn:
            conn.execute(text("DELETE FROM events"))
    assert len(seen) == 1
    database.close()


def test_a_row_needs_what_it_refers_to(database: Database) -> None:
    """Foreign keys hold on both databases."""
    with pytest.raises(DBAPIError), database.begin() as conn:
        conn.execute(
            text(
                "INSERT INTO memberships (person, organisation, role) VALUES ('nobody', 'nowhere', 'reader')"
            )
        )


def test_values_never_stand_in_a_database_error(database: Database) -> None:
    """What goes to a log must not hold somebody's data."""
    with pytest.raises(DBAPIError) as wrong, database.begin() as conn:
        conn.execute(
            text("INSERT INTO memberships (person, organisation, role) VALUES (:p, 'nowhere', 'reader')"),
            {"p": "marie.martin@ville.fr"},
        )
    # PostgreSQL's own message tells the key that is missing; it goes to no page (an unexpected error shows no
    # message)
    if database.sqlite:
        assert "marie" not in str(wrong.value)
    assert "hidden" in str(wrong.value)


def test_moments_come_back_in_utc_to_the_microsecond(database: Database) -> None:
    """Both databases keep a moment; neither keeps where it was said."""
    said = datetime(2026, 7, 1, 2, 0, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    with database.begin() as conn:
        journal.append(conn, at=said, actor="system", verb="made", subject="x")
    with database.read() as conn:
        at = journal.since(conn, 0)[0].at
    assert at == said
    assert at.tzinfo is UTC
    with pytest.raises(StatementError, match="time zone"), database.begin() as conn:
        journal.append(conn, at=datetime(2026, 7, 1), actor="system", verb="made", subject="x")  # noqa: DTZ001


@pytest.mark.parametrize("hostile", ["\x00", "a\x00b", "\ud800", "é\udcff"])
def test_no_address_breaks_a_look_up(database: Database, hostile: str) -> None:
    """`/jeux/%00` is a page that is not there, not a fault of ours; a file name of another system is kept as
    far as it can be.
    """
    with database.begin() as conn:
        assert datasets.dataset(conn, hostile) is None
        datasets.save_organisation(conn, Organisation("voirie", f"Voirie {hostile}"))
        kept = datasets.organisation(conn, "voirie")
    assert kept is not None
    assert "\ufffd" in kept.name


@pytest.mark.parametrize(
    "url", ["mysql://x/y", "sqlite://", "sqlite:///:memory:", "oracle://x", "pas une url"]
)
def test_other_databases_are_refused(url: str) -> None:
    """By a sentence, before anything is opened."""
    with pytest.raises(UsageError):
        Database(url)


def test_a_schema_is_for_postgresql() -> None:
    """SQLite has none: asking is a mistake."""
    with pytest.raises(UsageError):
        Database("sqlite:///x.db", schema="ville")


def test_options_of_the_address_are_kept(postgresql: str) -> None:
    """What the address asks of the server stands beside what we ask."""
    url = make_url(postgresql).update_query_dict({"options": "-cwork_mem=7MB"})
    database = Database(url.render_as_string(hide_password=False))
    with database.read() as conn:
        assert conn.execute(text("SHOW work_mem")).scalar() == "7MB"
        assert conn.execute(text("SHOW lock_timeout")).scalar() == "30s"
    database.close()


def test_any_schema_name_is_quoted(postgresql: str) -> None:
    """A schema name is data, even inside connection options."""
    database = Database(postgresql, schema='try "it\\ ; drop')
    try:
        database.migrate()
        with database.read() as conn:
            assert conn.execute(text("SELECT current_schema()")).scalar() == database.schema
    finally:
        database.close()
        with bare(database) as conn:
            conn.execute(DropSchema(database.schema, cascade=True))


def test_whoever_waits_is_told_of_every_commit(database: Database) -> None:
    """Not of what was only read: a process that has nothing to do asks nothing."""
    database.stamp()
    moved = Moved(database, every_s=3600)
    assert moved()
    with database.read() as conn:
        journal.last_seq(conn)
    assert moved() is not database.sqlite
    with database.begin() as conn:
        journal.append(conn, at=datetime(2026, 1, 1, tzinfo=UTC), actor="system", verb="made", subject="a")
    assert moved()
    assert moved() is not database.sqlite
    assert Moved(database, every_s=0)()
