"""What the visitors' connection remembers: a name for each version, a packed copy of those asked for often,
the text of queries already verified.

A source (a version and its files: a live tip has those of its open hour besides) is two views, `<name>` (its
columns) and `<name>#` (and RECORD), over its Parquet files at first. Once it has been asked for a few times a
copy is made beside it, in memory and compressed, and the views are moved onto the copy: a page is then read
in a third of the time, a count or a group in a quarter (measured on 1M rows x 10 columns, two cores, loaded
machine). Copies are few and bounded; the least recently used makes room. So are the tables that answers of
services read whole.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb
import pyarrow as pa
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
HOT_LEAST = 1_000_000
"""What the smallest copy counts for: there are never more than HOT_BYTES / HOT_LEAST of them."""
HOT_CELLS = 30_000_000
"""Rows x columns of one copy: unpacked for a moment, it takes some 16 bytes a cell."""
VIEWS = 2000
"""Sources that have a name at a time."""
STATEMENTS = 1000
TABLES_BYTES = 64_000_000
"""Bytes of all tables read whole."""

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class _Known:
    """A source that has its views."""

    paths: tuple[Path, ...]
    uses: int = 0
    hot: int = 0
    """Parquet bytes of its copy, 0 while it has none."""
    store: str = ""
    """Where that copy is: no two copies have the same name, so that the one of before may still be read."""
    tried: bool = False


Retire = Callable[[Callable[[], None]], None]
"""Does what takes something away, once no query may read it any more."""


class Memory:
    """Of one connection. Safe between threads."""

    def __init__(
        self, *, hot_after: int = HOT_AFTER, hot_bytes: int = HOT_BYTES, tables_bytes: int = TABLES_BYTES
    ) -> None:
        self.hot_after = hot_after
        self.hot_bytes = hot_bytes
        self.tables_bytes = tables_bytes
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._statements: OrderedDict[bytes, tuple[Table, type[Released], str]] = OrderedDict()
        self._tables: OrderedDict[str, pa.Table] = OrderedDict()
        self._made = 0
        """Copies that were begun, ever."""
        self._lock = threading.RLock()  # what is taken away at once is taken away under it
        self._loading = threading.Lock()

    @property
    def copies(self) -> int:
        """How many sources have their rows in memory."""
        with self._lock:
            return sum(bool(k.hot) for k in self._known.values()) + len(self._tables)

    def statement(self, released: Released) -> str:
        """The SQL of a release, over the names of its versions. Raises TypeError when the seal does not hold.

        What was verified is remembered by its seal, with the very table that bore it: a shell with a borrowed
        seal holds another.
        """
        seal = getattr(released, "seal", b"")
        with self._lock:
            cached = self._statements.get(seal)
        if (
            cached is not None
            and cached[0] is getattr(released, "table", None)
            and cached[1] is type(released)
        ):
            return cached[2]
        table = verify(released)
        sql = _text(table)
        with self._lock:
            self._statements[seal] = (table, type(released), sql)
            if len(self._statements) > STATEMENTS:
                self._statements.popitem(last=False)
        return sql

    def name(
        self, connection: duckdb.DuckDBPyConnection, source: Source, paths: Sequence[Path], retire: Retire
    ) -> None:
        """Give a source its views, if it has none; copy it when it has been asked for often enough. To be called
        by a query that has begun: what it is shown here stays until it ends.
        """
        name = named(source)
        with self._lock:
            known = self._known.get(name)
            if known is not None:
                self._known.move_to_end(name)
                known.uses += 1
                wanted = known.uses == self.hot_after and not known.tried
                known.tried = known.tried or wanted
            else:
                _point(connection, name, parquet(paths), recorded(paths))
                self._known[name] = _Known(tuple(paths))
                wanted = False
                if len(self._known) > VIEWS:
                    oldest = next(n for n, k in self._known.items() if not k.hot)
                    self._unname(connection, oldest, retire)
        if wanted:
            # Not a daemon, as the thread that asks may be: the interpreter would end around it.
            threading.Thread(
                target=self._warm_quietly,
                args=(connection, name, retire),
                name="parvis-hot",
                daemon=False,
            ).start()

    def table(self, statement: str, read: Callable[[], pa.Table]) -> pa.Table:
        """The rows of a statement without parameters, read once while they are asked for: its sources are
        named by what is in them.
        """
        with self._lock:
            cached = self._tables.get(statement)
            if cached is not None:
                self._tables.move_to_end(statement)
                return cached
        rows = read()
        with self._lock:
            self._tables[statement] = rows
            while sum(table.nbytes for table in self._tables.values()) > self.tables_bytes:
                self._tables.popitem(last=False)
        return rows

    def warm(self, connection: duckdb.DuckDBPyConnection, name: str, retire: Retire) -> bool:
        """Copy a source into memory, packed, and move its views there; False when it is too large. One at a
        time.
        """
        with self._loading:
            with self._lock:
                known = self._known.get(name)
                self._made += 1
                store = f"hot {name} {self._made}"
            if known is None or known.hot:
                return known is not None
            cursor = connection.cursor()
            try:
                size = max(HOT_LEAST, sum(p.stat().st_size for p in known.paths))
                if size > self.hot_bytes or _cells(cursor, known.paths) > HOT_CELLS:
                    return False
                if not _copied(cursor, store, known.paths):
                    return False
                rows = _rows(store)
                with self._lock:
                    if self._known.get(name) is not known:  # it lost its views meanwhile
                        _detach(connection, store)
                        return False
                    plain = exp.select(exp.Star(except_=[t.column(RECORD)])).from_(rows.copy())
                    _point(cursor, name, plain, exp.select(exp.Star()).from_(rows))
                    known.hot, known.store = size, store
                    while sum(k.hot for k in self._known.values()) > self.hot_bytes:
                        oldest = next(n for n, k in self._known.items() if k.hot and n != name)
                        self._cool(connection, oldest, retire)
            finally:
                cursor.close()
            return True

    def _warm_quietly(self, connection: duckdb.DuckDBPyConnection, name: str, retire: Retire) -> None:
        """The copy is a comfort: without it the Parquet files answer."""
        try:
            self.warm(connection, name, retire)
        except (duckdb.Error, OSError) as trouble:
            _LOG.warning("no copy in memory of %s: %s", name[:12], type(trouble).__name__)

    def drop(self, connection: duckdb.DuckDBPyConnection, retire: Retire) -> None:
        """Keep no rows any more: views move back onto the files, and every copy goes with the last query that reads
        it; what has no files any more loses its views too.
        """
        with self._loading, self._lock:
            self._statements.clear()
            self._tables.clear()
            for name, known in [(n, k) for n, k in self._known.items() if k.hot]:
                if all(path.exists() for path in known.paths):
                    self._cool(connection, name, retire)
                else:
                    del self._known[name]
                    self._without_views(connection, name)
                    retire(partial(_detach, connection, known.store))

    def _cool(self, connection: duckdb.DuckDBPyConnection, name: str, retire: Retire) -> None:
        """A source is read from its files again, and its copy goes. The lock is held."""
        known = self._known[name]
        _point(connection, name, parquet(known.paths), recorded(known.paths))
        store = known.store
        known.hot, known.store, known.tried, known.uses = 0, "", False, 0
        retire(partial(_detach, connection, store))

    def _unname(self, connection: duckdb.DuckDBPyConnection, name: str, retire: Retire) -> None:
        """A source has no name any more, and its views go. The lock is held."""
        del self._known[name]
        retire(partial(self._without_views, connection, name))

    def _without_views(self, connection: duckdb.DuckDBPyConnection, name: str) -> None:
        with self._lock:
            if name in self._known:  # it was asked for again meanwhile
                return
            _quietly(
                connection,
                *(
                    f"DROP VIEW IF EXISTS {exp.Identifier(this=view, quoted=True).sql('duckdb')}"
                    for view in (name, f"{name}#")
                ),
            )


def named(source: Source) -> str:
    """The name of a source: two with the same version and other files are two."""
    return f"{source.version}/{hashlib.sha256(' '.join(source.files).encode()).hexdigest()[:16]}"


def _point(connection: duckdb.DuckDBPyConnection, source: str, plain: Expr, numbered: Expr) -> None:
    """(Re)make the two views of a source."""
    cursor = connection.cursor()
    if not isinstance(plain, exp.Query):
        plain = exp.select(exp.Star()).from_(exp.Table(this=plain))
    for name, rows in ((source, plain), (f"{source}#", numbered)):
        view = exp.Create(
            this=exp.Table(this=exp.Identifier(this=name, quoted=True)),
            kind="VIEW",
            replace=True,
            expression=rows,
        )
        cursor.execute(view.sql("duckdb"))
    cursor.close()


def _rows(store: str) -> exp.Table:
    return exp.Table(
        this=exp.Identifier(this="rows", quoted=True),
        db=exp.Identifier(this="main", quoted=True),
        catalog=exp.Identifier(this=store, quoted=True),
    )


def _copied(cursor: duckdb.DuckDBPyConnection, store: str, paths: Sequence[Path]) -> bool:
    """Put the rows of these files in a store in memory, packed; False where they do not fit."""
    named_store = exp.Identifier(this=store, quoted=True).sql("duckdb")
    try:
        cursor.execute(f"ATTACH ':memory:' AS {named_store} (COMPRESS)")
        cursor.execute(exp.Create(this=_rows(store), kind="TABLE", expression=recorded(paths)).sql("duckdb"))
        cursor.execute(f"CHECKPOINT {named_store}")
    except (duckdb.Error, OSError) as trouble:
        _detach(cursor, store)
        if isinstance(trouble, duckdb.OutOfMemoryException):
            return False
        raise
    return True


def _detach(connection: duckdb.DuckDBPyConnection, store: str) -> None:
    _quietly(connection, f"DETACH DATABASE IF EXISTS {exp.Identifier(this=store, quoted=True).sql('duckdb')}")


def _quietly(connection: duckdb.DuckDBPyConnection, *statements: str) -> None:
    """Statements that make room, on a cursor of their own: what fails is told in the log, and fails nobody's query."""
    try:
        cursor = connection.cursor()
        for one in statements:
            cursor.execute(one)
        cursor.close()
    except duckdb.Error as trouble:
        _LOG.warning("not taken away from memory: %s", type(trouble).__name__)


def _cells(cursor: duckdb.DuckDBPyConnection, paths: Sequence[Path]) -> int:
    files = exp.Array(expressions=[exp.Literal.string(str(p)) for p in paths])
    rows = exp.select(exp.func("sum", exp.column("num_rows"))).from_(
        exp.Table(this=t.call("parquet_file_metadata", files))
    )
    counted = cursor.execute(rows.sql("duckdb")).fetchone()
    columns = len(
        cursor.execute(
            exp.select(exp.Star()).from_(exp.Table(this=parquet(paths))).limit(0).sql("duckdb")
        ).description
        or ()
    )
    return int(counted[0] or 0) * columns if counted else 0


def _text(table: Table) -> str:
    """The query as SQL, over the names of its sources. A query that names RECORD stands on the numbered
    views.
    """
    if table.tree is None:
        (only,) = table.sources
        return exp.select(exp.Star()).from_(t.table(named(only))).sql("duckdb")
    names = {s.version: named(s) for s in table.sources}
    numbered = any(c.name == RECORD for c in table.tree.find_all(exp.Column))

    def place(node: Expr) -> Expr:
        if isinstance(node, exp.Table) and node.name in names:
            view = exp.Identifier(this=names[node.name] + ("#" if numbered else ""), quoted=True)
            alias = exp.TableAlias(this=exp.Identifier(this=node.alias or node.name, quoted=True))
            return exp.Table(
                this=view, alias=alias, joins=node.args.get("joins"), sample=node.args.get("sample")
            )
        return node

    return table.tree.transform(place).sql(
        "duckdb", copy=False
    )  # transform copies: the tree of a release is never touched
