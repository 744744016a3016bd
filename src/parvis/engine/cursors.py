"""Cursors kept between queries, each with the queries that it has prepared: a question asked before is
neither parsed nor planned again.

DuckDB plans anew what a view that moved has made wrong, and a prepared query keeps no detached copy in memory
(a test holds both).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb
from sqlglot import exp

KEPT = 16
"""Cursors that wait for a query at most; more are opened and closed as they are needed."""
PREPARED = 60
"""Queries that one cursor keeps prepared."""
SEEN = 2000
"""Queries that are remembered to have been asked once: what is asked once is not worth preparing."""


@dataclass(slots=True)
class PreparedCursor:
    """One cursor, used by one query at a time. prepared: its prepared queries by their text, the one used
    last at the end.
    """

    cursor: duckdb.DuckDBPyConnection
    prepared: OrderedDict[str, str] = field(default_factory=OrderedDict[str, str])
    names_given: int = 0
    age: int = 0
    """Of the pool when it was taken the first time."""

    def execute(self, sql: str, values: Sequence[str]) -> None:
        """Run a query of ours, prepared here before or now. values: of its `$1`…, as SQL literals."""
        name = self.prepared.get(sql)
        if name is None:
            self.names_given += 1
            name = f"q{self.names_given}"
            self.cursor.execute(f"PREPARE {name} AS {sql}")
            self.prepared[sql] = name
            if len(self.prepared) > PREPARED:
                self.cursor.execute(f"DEALLOCATE {self.prepared.popitem(last=False)[1]}")
        else:
            self.prepared.move_to_end(sql)
        self.cursor.execute(f"EXECUTE {name}({', '.join(values)})" if values else f"EXECUTE {name}")


class Cursors:
    """The cursors of one connection that wait for a query. Safe between threads."""

    def __init__(self) -> None:
        self._waiting: list[PreparedCursor] = []
        self._age = 0
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, connection: duckdb.DuckDBPyConnection) -> PreparedCursor:
        """A cursor for one query: give it back, or close it."""
        with self._lock:
            if self._waiting:
                return self._waiting.pop()
            age = self._age
        return PreparedCursor(connection.cursor(), age=age)

    def give(self, cursor: PreparedCursor) -> None:
        """Let it wait for the next query."""
        with self._lock:
            if len(self._waiting) < KEPT and cursor.age == self._age:
                self._waiting.append(cursor)
                return
        cursor.cursor.close()

    def renew(self) -> None:
        """Keep no cursor that is there now, nor what it has prepared: something that it was planned on goes."""
        with self._lock:
            old, self._waiting = self._waiting, []
            self._age += 1
        for cursor in old:
            cursor.cursor.close()

    def again(self, sql: str) -> bool:
        """Whether this query was asked before."""
        with self._lock:
            known = sql in self._seen
            self._seen[sql] = None
            self._seen.move_to_end(sql)
            if len(self._seen) > SEEN:
                self._seen.popitem(last=False)
            return known


def literals(values: Sequence[object]) -> list[str] | None:
    """The values of a prepared query as SQL literals of their own type; None when one has no such literal."""
    sql_literals: list[str] = []
    for value in values:
        if isinstance(value, str) and "\x00" not in value:
            sql_literals.append(exp.Literal.string(value).sql("duckdb"))
        elif type(value) is int:
            sql_literals.append(str(value))
        elif type(value) is float:
            # With an exponent it is a DOUBLE; without, a DECIMAL.
            sql_literals.append(text if "e" in (text := repr(value)) else f"{text}e0")
        else:
            return None
    return sql_literals
