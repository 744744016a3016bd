"""Outages: what stopped the work was neither the data nor the program, but a store, a database or a disk that
is away for a while. The work waits, and goes on.

Told by codes, never by words: a program's fault must not be taken for an outage (it would be tried for ever),
nor an outage for a fault of the file (its sender would be told to mend what is right). A reader that fails
because the disk is full says that the file is damaged: what lies behind a fault is looked at first.
"""

from __future__ import annotations

import errno
import sqlite3
import sys
from collections.abc import Iterator

import duckdb
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from parvis.core.errors import ParvisError, SourceDown

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""No place: on the disk, for this account, or for a file of this process."""

AWAY = frozenset(
    {
        errno.EIO,
        errno.ESTALE,
        errno.ENODEV,
        errno.ENXIO,
        errno.EROFS,
        errno.ETIMEDOUT,
        errno.EHOSTDOWN,
        errno.ENOTCONN,
        errno.EMFILE,
        errno.ENFILE,
    }
)
"""A disk or a mount that does not answer, or takes nothing; a system that has no handle left."""

SQLITE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
    }
)

POSTGRESQL = ("08", "53", "57P", "58", "25P03", "40001", "40P01", "55P03")
"""Starts of SQLSTATE: connection lost, no resources, server stopped or stopping, its system, a session ended
for idleness, and what is tried again.
"""


def outage(fault: BaseException) -> SourceDown | None:
    """What is away, in the words of who waits for it; None when the fault is another one, or that of the data.

    >>> str(outage(OSError(errno.ENOSPC, "No space left on device")))
    'Le disque est plein. Libérez de la place : rien n’est perdu.'
    >>> outage(ZeroDivisionError()) is None
    True
    """
    return next((down for each in _behind(fault) if (down := _one(each)) is not None), None)


def _behind(fault: BaseException) -> Iterator[BaseException]:
    """A fault and those that it came from, the first cause last."""
    seen: BaseException | None = fault
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _one(fault: BaseException) -> SourceDown | None:
    match fault:
        case SourceDown():
            return fault
        case PoolTimeout():
            return database_away()
        case DBAPIError(orig=sqlite3.Error() as cause):
            code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
            return _full() if code == sqlite3.SQLITE_FULL else database_away() if code in SQLITE else None
        case DBAPIError():
            return _of_postgresql(fault)
        case OSError():
            return _full() if fault.errno in FULL else _disk_away() if fault.errno in AWAY else None
        case (
            duckdb.IOException() | duckdb.FatalException()
        ):  # it has no codes: the words are those of the system, after its own
            return (
                _full()
                if any(
                    w in str(fault)
                    for w in ("No space left on device", "Disk quota exceeded", "File too large")
                )
                else None
            )
        case _:
            return None


def _of_postgresql(fault: DBAPIError) -> SourceDown | None:
    """The same of what PostgreSQL said. Where nobody loaded its driver, nobody said it: a city on SQLite does
    without.
    """
    if "psycopg" not in sys.modules:
        return None
    import psycopg

    cause = fault.orig
    if not isinstance(cause, psycopg.Error):
        return None
    lost = fault.connection_invalidated or (
        isinstance(cause, psycopg.OperationalError) and not cause.sqlstate
    )
    return database_away() if lost or (cause.sqlstate or "").startswith(POSTGRESQL) else None


def files_lack() -> SourceDown:
    """Bytes that were kept, and that the store of files does not have now: an empty mount, a bucket half
    restored.
    """
    return SourceDown(
        "Le stockage des fichiers n’a pas le fichier reçu.",
        mend="Remontez ou restaurez le dossier de storage.inbox : le traitement reprendra.",
    )


def database_away() -> SourceDown:
    """The database gives no answer."""
    return SourceDown(
        "La base de données ne répond pas.",
        mend="Vérifiez storage.database et le serveur : rien n’est perdu.",
    )


def _full() -> SourceDown:
    return SourceDown("Le disque est plein.", mend="Libérez de la place : rien n’est perdu.")


def _disk_away() -> SourceDown:
    return SourceDown(
        "Le disque ne répond pas.", mend="Vérifiez le disque et les montages : rien n’est perdu."
    )


FAULTS = (ParvisError, DBAPIError, PoolTimeout, OSError, duckdb.Error)
"""The kinds of exception among which an outage may hide: what is caught to ask `outage`, and raised again
when it is none.
"""
