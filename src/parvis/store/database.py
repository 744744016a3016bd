"""The database of a city: SQLite in one file, or PostgreSQL. The same promises on both.

`begin()` is one write transaction at a time for the whole city: SQLite takes its write lock at once (BEGIN
IMMEDIATE), PostgreSQL takes an advisory lock that the transaction holds until its end. So write transactions
never deadlock, never fail half-way for lack of a lock, and commit in the order of the journal; keep them
short, and hash, read and copy outside. `read()` sees one moment (a snapshot) and refuses to write.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Literal

from sqlalchemy import URL, Connection, NullPool, create_engine, event, func, inspect, make_url, select
from sqlalchemy.engine import Engine
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool
from sqlalchemy.schema import CreateSchema

from parvis.core.errors import ParvisError, UsageError
from parvis.core.sentence import Sentence
from parvis.store import listing

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"

BUSY_S = 30
"""How long a transaction waits for another writer before it gives up, in seconds."""

KEPT = 8
MOST = 32
"""Connections of one process that wait for work; those to PostgreSQL at most."""

IDLE_S = 300
"""PostgreSQL ends a transaction that does nothing for so long, in seconds: a writer on a machine that went
dark must not hold the others for ever.
"""

_WRITERS = 0x5041
"""First half of the advisory lock's key: keeps ours apart from the locks of others in the same database. The
second half is the schema.
"""

_NAMES = 0x504E
"""The same, for the names held by `exclusive`."""

_Mode = Literal["read", "write", "migrate"]


class Database:
    """Connections to one database. Thread-safe; make one per process (connections don't survive a fork)."""

    def __init__(self, url: str, *, schema: str = "") -> None:
        """url: SQLAlchemy's, `sqlite:///folder/file.db` or `postgresql+psycopg://…`. schema: PostgreSQL only,
        where the tables lie; "" for the default one.

        Nothing is opened yet. Raises UsageError for another kind of database.
        """
        self.url = _checked(url)
        self.schema = schema
        self.sqlite = self.url.get_backend_name() == "sqlite"
        if schema and self.sqlite:
            raise UsageError(
                "SQLite n’a pas de schémas.", mend="Retirez le paramètre « schema » ou choisissez PostgreSQL."
            )
        self._engine = _engine(self.url, schema)
        self._reader = _as(self._engine, "read")
        self._writer = _as(self._engine, "write")
        self._watch: sqlite3.Connection | None = None
        self._watching = Lock()
        self._lists = True

    @contextmanager
    def begin(self) -> Generator[Connection]:
        """A write transaction: committed at the end of the `with`, rolled back by an exception. One at a
        time, over all processes.
        """
        with self._writer.begin() as conn:
            if not self.sqlite:
                _alone(conn)
            yield conn
            if self._lists:
                listing.update_listing(conn)

    @contextmanager
    def read(self) -> Generator[Connection]:
        """A read transaction: every query in it sees the same moment; writing in it raises."""
        with self._reader.begin() as conn:
            yield conn

    @contextmanager
    def exclusive(self, name: str) -> Generator[Callable[[], bool]]:
        """Yields `ours()`: True while this process alone, of all machines on the database, holds that name;
        False when another one does.

        PostgreSQL frees it when the process or its connection dies: `ours` takes a name whose connection was
        cut again, if nobody else has it by then, and raises DBAPIError while the server is away. SQLite is on
        one machine: always True, a lock on a file is the caller's.
        """
        if self.sqlite:
            yield lambda: True
            return
        key = (_NAMES, func.hashtext(func.concat(func.current_schema(), "/", name)))
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            held = False

            def ours() -> bool:
                nonlocal held
                query = select(func.pg_backend_pid()) if held else select(func.pg_try_advisory_lock(*key))
                try:
                    held = bool(conn.execute(query).scalar())
                except DBAPIError:
                    held = False
                    conn.rollback()  # so that the next call connects anew
                    raise
                return held

            try:
                yield ours
            finally:
                if held:
                    with contextlib.suppress(DBAPIError):  # a connection that is gone holds nothing
                        conn.execute(select(func.pg_advisory_unlock(*key)))

    def migrate(self, revision: str = "head") -> None:
        """Bring the schema up to date, in one transaction; processes that start together wait for each other.
        revision: stop at that one (restoring does). Where there is nothing to do, SQLite is only asked for
        its revision.

        Raises ParvisError when the database was written by a later program than this one.
        """
        if self.sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            if revision == "head" and self._current():
                return
        if self.schema:
            # Outside the search path: a connection learns its default schema once, so the schema must be
            # there first.
            bare = _engine(self.url, "", once=True)
            with bare.begin() as conn:
                _alone(conn)
                conn.execute(CreateSchema(self.schema, if_not_exists=True))
        engine = _as(_engine(self.url, self.schema, once=True), "migrate")
        with engine.begin() as conn:
            if not self.sqlite:
                _alone(conn)
            from alembic import (
                command,
            )  # a tenth of a second to load, and hardly a start of a city has anything to bring up to date
            from alembic.util import CommandError

            try:
                command.upgrade(_config(conn), revision)
            except CommandError as newer:
                raise ParvisError(
                    "La base de données a été écrite par une version plus récente de Parvis.",
                    mend="Installez cette version, ou restaurez une sauvegarde.",
                ) from newer
            self._lists = (
                revision == "head"
            )  # an older city, brought back for a restoration, has no listing yet
            if self._lists:
                listing.update_listing(conn)
            if self.sqlite:
                broken = conn.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise RuntimeError(
                        f"the migration leaves {len(broken)} rows without what they refer to: {broken[:5]}"
                    )

    def _current(self) -> bool:
        """Whether the tables are those of this program."""
        engine = _as(_engine(self.url, "", once=True), "read")
        with engine.begin() as conn:
            if not inspect(conn).has_table("alembic_version"):
                return False
            return conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all() == [
                latest()
            ]

    def stamp(self) -> int | None:
        """A number that is another one after any commit, of this process or not, for the price of a look at
        the log; None where there is none (PostgreSQL).
        """
        if not self.sqlite:
            return None
        with self._watching:
            if self._watch is None:
                # This connection never writes, so that every commit is another's.
                self._watch = sqlite3.connect(
                    str(self.url.database), timeout=BUSY_S, isolation_level=None, check_same_thread=False
                )
            (number,) = self._watch.execute("PRAGMA data_version").fetchone()
        return int(number)

    def scrub(self) -> None:
        """SQLite: empty the write-ahead log, so that what was erased lies nowhere on the disk
        (`secure_delete` has zeroed the pages).

        PostgreSQL keeps dead rows until its own vacuum: nothing is done here. Readers at work put it off to
        the next call.
        """
        if self.sqlite:
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
                conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    @property
    def held(self) -> int:
        """Connections that are in use right now, by whatever thread."""
        pool = self._engine.pool
        return pool.checkedout() if isinstance(pool, QueuePool) else 0

    def close(self) -> None:
        """Close every connection."""
        with self._watching:
            if self._watch is not None:
                self._watch.close()
                self._watch = None
        self._engine.dispose()


class Moved:
    """Says whether something may have been written since it was last asked: at once after any commit, and
    once in a while anyhow, less often once nothing was written for long. Where the database does not tell for less
    than a question (PostgreSQL), always.
    """

    def __init__(self, db: Database, *, every_s: float = 1.0, quiet_s: float = 15.0) -> None:
        """every_s: seconds between two looks anyhow; quiet_s: the same, once nothing was written for twice as
        long.
        """
        self._db = db
        self._every_s, self._quiet_s = every_s, quiet_s
        self._stamp: int | None = None
        self._at = self._written = -quiet_s

    def __call__(self) -> bool:
        stamp, now = self._db.stamp(), time.monotonic()
        if stamp is None or stamp != self._stamp:
            self._written = now
        elif now - self._at < (self._every_s if now - self._written < 2 * self._quiet_s else self._quiet_s):
            return False
        self._stamp, self._at = stamp, now
        return True


def knows(revision: str) -> bool:
    """Whether this program knows that revision, and so can bring a database up from it."""
    return revision in _revisions()


def _revisions() -> set[str]:
    """The number of each migration: its file bears it, and they follow one another by it."""
    return {path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")}


def latest() -> str:
    """The revision that this program writes."""
    return max(_revisions())


def _checked(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as wrong:
        raise UsageError(
            "L’URL de la base de données est illisible.", mend="Exemple : sqlite:////srv/ville/var/parvis.db"
        ) from wrong
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise UsageError(
            Sentence("Base de données non prise en charge : {drivername}.", drivername=parsed.drivername),
            mend="SQLite (sqlite:///…) ou PostgreSQL (postgresql+psycopg://…).",
        )
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise UsageError(
            "Une base SQLite en mémoire ne se partage pas.",
            mend="Donnez un fichier : sqlite:////srv/ville/var/parvis.db",
        )
    return parsed


def _as(engine: Engine, mode: _Mode) -> Engine:
    options: dict[str, str | bool] = {"parvis_mode": mode}
    if engine.dialect.name == "postgresql" and mode == "read":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    return engine.execution_options(**options)


def _engine(url: URL, schema: str, *, once: bool = False) -> Engine:
    """An engine; once: without a pool. Values never stand in error messages (`hide_parameters`): they may be
    somebody's.
    """
    # What is above `pool_size` is closed when it comes back. SQLite's cost a file handle: as many as there
    # are threads, whose number is bounded elsewhere, so that no request waits for another's. A server has few
    # for all: a request that finds none waits.
    few = {"pool_size": KEPT, "max_overflow": -1 if url.get_backend_name() == "sqlite" else MOST - KEPT}
    pool = {"poolclass": NullPool} if once else few
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": BUSY_S}, hide_parameters=True, **pool)
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    search_path = url.query.get("options", "")
    options = [
        search_path if isinstance(search_path, str) else " ".join(search_path),
        f"-clock_timeout={BUSY_S}s",
        f"-cidle_in_transaction_session_timeout={IDLE_S}s",
        "-ctimezone=UTC",
    ]
    if schema:
        options.append("-csearch_path=" + _option_text(schema))
    connect = {
        "options": " ".join(options).strip(),
        "application_name": "parvis",
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
    }
    # Ask before use: a connection that died with its server is replaced, not handed to a visitor.
    return create_engine(url, connect_args=connect, hide_parameters=True, pool_pre_ping=True, **pool)


def _option_text(name: str) -> str:
    """A schema name as a quoted identifier inside libpq's `options`, where a backslash protects the next
    character.
    """
    quoted = '"' + name.replace('"', '""') + '"'
    return quoted.replace("\\", "\\\\").replace(" ", "\\ ")


_MODE = "parvis_mode"
"""Where a connection keeps the mode that its pragmas were set for."""


def _open_sqlite(dbapi: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    # The driver must start no transaction of its own: `_begin_sqlite` says which kind.
    dbapi.isolation_level = None
    cursor = dbapi.cursor()
    _log_ahead(cursor)
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _log_ahead(cursor: DBAPICursor) -> None:
    """Put the file under a write-ahead log, once in its life. SQLite does not wait here, whatever its
    timeout: of processes that open a new file together some are told at once that it is locked, and look
    again.
    """
    until = time.monotonic() + BUSY_S
    while True:
        cursor.execute("PRAGMA journal_mode")
        if cursor.fetchone() == ("wal",):
            return
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as busy:
            if busy.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _begin_sqlite(conn: Connection) -> None:
    mode = conn.get_execution_options().get("parvis_mode", "read")
    # A pragma makes the connection prepare every statement anew: it is set where the last transaction was of another
    # mode, or where one ended in the midst of it.
    info = conn.connection.info
    if info.pop(_MODE, "") != mode:
        # by the driver itself: they never reach the file
        driver = conn.connection.cursor()
        # rebuilding a table must not cascade
        driver.execute(f"PRAGMA foreign_keys = {'OFF' if mode == 'migrate' else 'ON'}")
        driver.execute(f"PRAGMA query_only = {'ON' if mode == 'read' else 'OFF'}")
        driver.close()
    info[_MODE] = mode
    conn.exec_driver_sql("BEGIN DEFERRED" if mode == "read" else "BEGIN IMMEDIATE")


def _alone(conn: Connection) -> None:
    """PostgreSQL: wait until no other write transaction of this schema is open."""
    conn.execute(
        select(func.pg_advisory_xact_lock(_WRITERS, func.hashtext(func.coalesce(func.current_schema(), ""))))
    )


def _config(conn: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = conn
    return config
