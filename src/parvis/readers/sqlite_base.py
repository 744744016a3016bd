"""A base of SQLite that somebody sent, looked at before a program that believes it (GDAL) opens it.

A base holds programs beside its rows: a view, or a generated column, computes for whoever reads it, without end
if its writer wants it; a program that lists the layers reads them all. Rows may also be written once and told a
thousand times: pages that several rows share, a default text that stands for rows that lack it.
Source: SQLite documentation, « Database File Format » and « Defense Against The Dark Arts ».
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from parvis.core.errors import Unreadable
from parvis.core.sentence import Sentence
from parvis.readers.limits import MB

_STEPS = 50 * MB
"""Instructions of SQLite's machine that a look at the description of a base may take: a second or two."""
_ROW = 4
"""Bytes that any row takes at least: where it lies, how long it is, its number, its header."""
_VIRTUAL = 2
"""What `table_xinfo` says of a generated column that is computed when it is read."""
_SIZE = "octet_length({})" if sqlite3.sqlite_version_info >= (3, 43) else "length(CAST({} AS BLOB))"
"""Bytes of a text or of a blob; the newer function reads its header only."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a base."""

    name: str
    type: str
    """As declared."""
    computed: bool
    """Computed when it is read."""


@dataclass(frozen=True, slots=True)
class Relation:
    """What a base calls a table or a view."""

    name: str
    kind: str
    """« table », « view », or « virtual » of a table that a module computes."""


@contextmanager
def opened(path: Path) -> Generator[sqlite3.Connection]:
    """The base, for reading; questions that take more than `_STEPS` instructions are interrupted. Raises
    Unreadable when it is damaged, also while it is read.
    """
    try:
        base = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            base.execute("PRAGMA trusted_schema = OFF")
            base.set_progress_handler(lambda: 1, _STEPS)
            yield base
        finally:
            base.close()
    except sqlite3.Error as error:
        raise Unreadable(
            Sentence("Le GeoPackage est endommagé ({error}).", error=error), mend="Refaites l’export."
        ) from error


def relations(base: sqlite3.Connection) -> Mapping[str, Relation]:
    """Each table and view, by its name as `folded`."""
    return {
        folded(str(name)): Relation(
            str(name), "virtual" if str(sql).lower().startswith("create virtual") else str(kind)
        )
        for kind, name, sql in base.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'view')"
        )
    }


def columns(base: sqlite3.Connection, table: str) -> tuple[Column, ...]:
    """The columns of a table, generated ones included."""
    return tuple(
        Column(str(name), str(kind), hidden == _VIRTUAL)
        for _, name, kind, _, _, _, hidden in base.execute(f"PRAGMA table_xinfo({quoted(table)})")
    )


def weigh(base: sqlite3.Connection, tables: Mapping[str, Sequence[str]], size: int) -> None:
    """Count what the named columns of the tables hold, row by row. size: bytes of the file.

    Raises Unreadable as soon as it is more than the file: rows share their bytes.
    """
    base.set_progress_handler(None, 0)  # each row counts: this ends
    weight = 0
    for table, names in tables.items():
        sizes = [f"+ ifnull({_SIZE.format(quoted(name))}, 0)" for name in names]
        # Not by an index: it would be another tree than the one that is read later.
        question = ("SELECT", str(_ROW), *sizes, "FROM", quoted(table), "NOT INDEXED")
        for (row,) in base.execute(" ".join(question)):
            weight += row
            if weight > size:
                raise Unreadable(
                    "Les couches du GeoPackage tiennent plus d’octets que le fichier : il a été forgé ou il est endommagé.",
                    mend="Refaites l’export dans votre logiciel cartographique.",
                )


def without_views(path: Path, place: Path, views: Sequence[str], listings: Mapping[str, str]) -> Path:
    """A copy of the base at `place` that holds none of the views: who opens it can compute none. listings: the
    tables whose rows name others, with the column that does; those of the views go.
    """
    shutil.copyfile(path, place)
    base = sqlite3.connect(place, isolation_level=None)
    try:
        base.execute("PRAGMA trusted_schema = OFF")
        base.execute("PRAGMA synchronous = OFF")
        base.set_progress_handler(lambda: 1, _STEPS)  # an index may compute too
        for (trigger,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            base.execute(f"DROP TRIGGER IF EXISTS {quoted(trigger)}")
        for view in views:
            base.execute(f"DROP VIEW {quoted(view)}")
        for table, column in listings.items():
            gone = ("DELETE FROM", quoted(table), "WHERE", quoted(column), "= ? COLLATE NOCASE")
            base.executemany(" ".join(gone), [(view,) for view in views])
    except sqlite3.Error as error:
        raise Unreadable(
            Sentence("Le GeoPackage est endommagé ({error}).", error=error), mend="Refaites l’export."
        ) from error
    finally:
        base.close()
    return place


_CASE = str.maketrans({chr(c): chr(c + 32) for c in range(ord("A"), ord("Z") + 1)})


def folded(name: str) -> str:
    """The name as SQLite compares it: the case of ASCII letters does not count."""
    return name.translate(_CASE)


def quoted(name: str) -> str:
    """A name of the base as SQL writes it, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'
