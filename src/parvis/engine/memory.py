"""What the visitors' connection remembers: a name for each version, a packed copy of those asked for often, the text of queries already verified.

A version is two views, `<digest>` (its columns) and `<digest>#` (and RECORD), over its Parquet files at first. Once it has been asked for a few times a copy is
made beside it, in memory and compressed, and the views are moved onto the copy: a page is then read in a third of the time, a count or a group in a quarter
(measured on 1M rows x 10 columns, two cores, loaded machine). Copies are few and bounded; the least recently used makes room.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.released import Released, verify
from parvis.core.types import Source, Table
from parvis.engine import trees as t
from parvis.engine.relations import RECORD, parquet, recorded

HOT_AFTER = 4
"""Queries on a version before it is copied."""
HOT_BYTES = 256_000_000
"""Parquet bytes of all copies; a packed copy takes about as much."""
HOT_CELLS = 30_000_000
"""Rows x columns of one copy: unpacked for a moment, it takes some 16 bytes a cell."""
VIEWS = 2000
"""Versions that have a name at a time."""
STATEMENTS = 1000

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class _Known:
    """A version that has its views."""

    paths: tuple[Path, ...]
    uses: int = 0
    hot: int = 0
    """Parquet bytes of its copy, 0 while it has none."""
    tried: bool = False


class Memory:
    """Of one connection. Safe between threads."""

    def __init__(self, *, hot_after: int = HOT_AFTER, hot_bytes: int = HOT_BYTES) -> None:
        self.hot_after = hot_after
        self.hot_bytes = hot_bytes
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._statements: OrderedDict[bytes, tuple[Table, type[Released], str]] = OrderedDict()
        self._lock = threading.Lock()
        self._loading = threading.Lock()

    def statement(self, released: Released) -> str:
        """The SQL of a release, over the names of its versions. Raises TypeError when the seal does not hold.

        What was verified is remembered by its seal, with the very table that bore it: a shell with a borrowed seal holds another.
        """
        seal = getattr(released, "seal", b"")
        with self._lock:
            kept = self._statements.get(seal)
        if kept is not None and kept[0] is getattr(released, "table", None) and kept[1] is type(released):
            return kept[2]
        table = verify(released)
        sql = _text(table)
        with self._lock:
            self._statements[seal] = (table, type(released), sql)
            if len(self._statements) > STATEMENTS:
                self._statements.popitem(last=False)
        return sql

    def name(self, connection: duckdb.DuckDBPyConnection, source: Source, paths: Sequence[Path]) -> None:
        """Give a version its views, if it has none; copy it when it has been asked for often enough."""
        with self._lock:
            known = self._known.get(source.version)
            if known is not None:
                self._known.move_to_end(source.version)
                known.uses += 1
                wanted = known.uses == self.hot_after and not known.tried
                known.tried = known.tried or wanted
            else:
                _point(connection, source.version, parquet(paths), recorded(paths))
                self._known[source.version] = _Known(tuple(paths))
                wanted = False
                if len(self._known) > VIEWS:
                    self._forget(connection)
        if wanted:
            threading.Thread(target=self._warm_quietly, args=(connection, source.version), name="parvis-hot", daemon=True).start()

    def warm(self, connection: duckdb.DuckDBPyConnection, version: str) -> bool:
        """Copy a version into memory, packed, and move its views there; False when it is too large. One at a time."""
        with self._loading:
            with self._lock:
                known = self._known.get(version)
            if known is None or known.hot:
                return known is not None
            cursor = connection.cursor()
            size = sum(p.stat().st_size for p in known.paths)
            if size > self.hot_bytes or _cells(cursor, known.paths) > HOT_CELLS:
                return False
            store, name = exp.Identifier(this=f"hot {version}", quoted=True), exp.Identifier(this="rows", quoted=True)
            copy = exp.Table(this=name, db=exp.Identifier(this="main", quoted=True), catalog=store)
            try:
                cursor.execute(f"ATTACH ':memory:' AS {store.sql('duckdb')} (COMPRESS)")
                cursor.execute(exp.Create(this=copy.copy(), kind="TABLE", expression=recorded(known.paths)).sql("duckdb"))
                cursor.execute(f"CHECKPOINT {store.sql('duckdb')}")
            except duckdb.OutOfMemoryException:
                cursor.execute(f"DETACH DATABASE IF EXISTS {store.sql('duckdb')}")
                return False
            with self._lock:
                plain = exp.select(exp.Star(except_=[t.column(RECORD)])).from_(copy.copy())
                _point(cursor, version, plain, exp.select(exp.Star()).from_(copy.copy()))
                known.hot = size
                self._make_room(cursor, version)
            return True

    def _warm_quietly(self, connection: duckdb.DuckDBPyConnection, version: str) -> None:
        """The copy is a comfort: without it the Parquet files answer."""
        try:
            self.warm(connection, version)
        except (duckdb.Error, OSError) as trouble:
            _LOG.warning("no copy in memory of %s: %s", version[:12], trouble)

    def _make_room(self, cursor: duckdb.DuckDBPyConnection, keep: str) -> None:
        """Drop the copies least recently used until the rest fits. The lock is held."""
        while sum(k.hot for k in self._known.values()) > self.hot_bytes:
            version, known = next((v, k) for v, k in self._known.items() if k.hot and v != keep)
            _point(cursor, version, parquet(known.paths), recorded(known.paths))
            cursor.execute(f"DETACH {exp.Identifier(this=f'hot {version}', quoted=True).sql('duckdb')}")
            known.hot, known.tried, known.uses = 0, False, 0

    def _forget(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Drop the views of the version that was asked for the longest ago. The lock is held."""
        version = next(v for v, k in self._known.items() if not k.hot)
        del self._known[version]
        cursor = connection.cursor()
        for name in (version, f"{version}#"):
            cursor.execute(f"DROP VIEW IF EXISTS {exp.Identifier(this=name, quoted=True).sql('duckdb')}")
        cursor.close()


def _point(connection: duckdb.DuckDBPyConnection, version: str, plain: Expr, numbered: Expr) -> None:
    """(Re)make the two views of a version."""
    cursor = connection.cursor()
    if not isinstance(plain, exp.Query):
        plain = exp.select(exp.Star()).from_(exp.Table(this=plain))
    for name, rows in ((version, plain), (f"{version}#", numbered)):
        view = exp.Create(this=exp.Table(this=exp.Identifier(this=name, quoted=True)), kind="VIEW", replace=True, expression=rows)
        cursor.execute(view.sql("duckdb"))
    cursor.close()


def _cells(cursor: duckdb.DuckDBPyConnection, paths: Sequence[Path]) -> int:
    files = exp.Array(expressions=[exp.Literal.string(str(p)) for p in paths])
    rows = exp.select(exp.func("sum", exp.column("num_rows"))).from_(exp.Table(this=t.call("parquet_file_metadata", files)))
    counted = cursor.execute(rows.sql("duckdb")).fetchone()
    columns = len(cursor.execute(exp.select(exp.Star()).from_(exp.Table(this=parquet(paths))).limit(0).sql("duckdb")).description or ())
    return int(counted[0] or 0) * columns if counted else 0


def _text(table: Table) -> str:
    """The query as SQL. A query that names RECORD stands on the numbered views: a quoted name becomes another quoted name, and nothing else changes."""
    if table.tree is None:
        (only,) = table.sources
        return exp.select(exp.Star()).from_(t.table(only.version)).sql("duckdb")
    sql = table.tree.sql("duckdb", identify=True)
    if f'"{RECORD}"' in sql:
        for source in table.sources:
            sql = sql.replace(f'"{source.version}"', f'"{source.version}#"')
    return sql
