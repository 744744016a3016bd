"""Bind a bare `Table` to a cursor, for one call. For the pipeline; what faces the outside uses `engine.read`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Protocol

import duckdb
from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.types import Source, Table
from parvis.engine.clock import Alarm, Clock
from parvis.engine.connect import Late
from parvis.engine.cursors import Cursors, literals
from parvis.engine.query_lanes import INSTANT_S, Instant, Lanes
from parvis.engine.relations import RECORD, parquet, recorded
from parvis.engine.result import Result, engine_errors
from parvis.engine.retirement import Retirement
from parvis.engine.version_cache import Memory


class Files(Protocol):
    """Where Parquet files are found by digest: a local path for each, fetched when needed."""

    def local(self, digest: str) -> Path: ...


@dataclass(frozen=True, slots=True)
class Engine:
    """A DuckDB connection and the files that its queries may name. Thread-safe: each run takes a cursor of
    its own.
    """

    source: duckdb.DuckDBPyConnection | Late
    """The connection, or how it is opened when a first query needs it."""
    files: Files
    seconds: float = 0.0
    """A query is interrupted after so long; 0: never."""
    memory: Memory = field(default_factory=Memory)
    """What the connection knows of the versions that visitors read."""
    cursors: Cursors = field(default_factory=Cursors)
    """What queries run on, with what they have prepared."""
    retirement: Retirement = field(default_factory=Retirement)
    """Where copies and views go that queries may still read."""
    lanes: Lanes = field(default_factory=Lanes)
    """Where its queries wait for one another."""
    clock: Clock = field(default_factory=Clock)
    """What interrupts the queries."""
    apart: Engine | None = None
    """What long queries run on, when it is not this connection: the threads that a connection works with are those
    of all its queries, and those of the long ones are to be nicer.
    """

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The connection, opened now if it was not."""
        return self.source.connection if isinstance(self.source, Late) else self.source

    def drop(self) -> None:
        """Keep no rows in memory any more: something was taken down."""
        if not isinstance(self.source, Late) or self.source.opened:
            self.memory.drop(self.connection, self.retire)
        if self.apart is not None:
            self.apart.drop()

    def name(self, sources: Sequence[Source]) -> None:
        """Have the connection know these versions by their names."""
        for source in sources:
            self.memory.name(
                self.connection, source, [self.files.local(d) for d in source.files], self.retire
            )

    def retire(self, act: Callable[[], None]) -> None:
        """Do this, which takes away what queries were planned on, once nobody reads one that began before. What is
        prepared is forgotten at once: who begins from here on plans anew.
        """
        self.cursors.renew()
        self.retirement.when_left(act)

    def warm(self, name: str) -> bool:
        """Copy a source into memory now; False when it is too large. name: as it is named."""
        return self.memory.warm(self.connection, name, self.retire)


def run(engine: Engine, table: Table, parameters: Sequence[object] = ()) -> Result:
    """Execute the table's query and return its rows. parameters: values of the tree's `?` placeholders, in
    order.
    """
    return execute(engine, bind(engine.files, table).sql("duckdb"), parameters)


def execute(engine: Engine, sql: str, parameters: Sequence[object], sources: Sequence[Source] = ()) -> Result:
    """Run SQL that this package wrote, on a cursor that nobody else uses meanwhile, under the clock: in the
    lane of the short queries, then in that of the long ones. sources: what it reads by their names. Raises Busy
    when the lane of the long ones is full.
    """
    if not engine.seconds:
        return _begun(engine, sql, parameters, sources, 0.0)
    lanes, instant = engine.lanes, min(INSTANT_S, engine.seconds)
    if not lanes.known_long(sql):
        try:
            result = _begun(engine, sql, parameters, sources, engine.seconds, instant)
        except duckdb.InterruptException:
            lanes.learn(sql, long=True)
        else:
            lanes.learn(sql, long=False)
            return result
    leave, of_long = lanes.enter(), engine.apart or engine

    def work() -> Result:
        return _begun(of_long, sql, parameters, sources, engine.seconds)

    try:
        began = monotonic()
        with engine_errors():
            result = lanes.run(work)
        if monotonic() - began < instant:
            lanes.learn(sql, long=False)
    except BaseException:
        leave()
        raise
    result.leave = leave
    return result


def _begun(
    engine: Engine,
    sql: str,
    parameters: Sequence[object],
    sources: Sequence[Source],
    seconds: float,
    instant: float = 0.0,
) -> Result:
    """Have the rows within so long (0: however long it takes). instant: work that the first may take. Raises
    InterruptException, and what `engine_errors` does.
    """
    leave = engine.retirement.enter()
    try:
        engine.name(sources)
        cursor = engine.cursors.take(engine.connection)
    except BaseException:
        leave()
        raise

    def stop() -> None:
        _interrupt(cursor.cursor)

    def end(again: bool) -> None:
        try:
            if again:
                engine.cursors.give(cursor)
            else:
                cursor.cursor.close()
        finally:
            leave()

    clock: Alarm | Instant | None = None
    try:
        values = literals(parameters) if engine.cursors.again(sql) else None
        if instant:
            clock = Instant(engine.clock, instant, stop)
        elif seconds:
            clock = engine.clock.after(seconds, stop)
        with engine_errors(late=False):
            if values is not None:
                cursor.execute(sql, values)
            else:
                cursor.cursor.execute(sql, list(parameters))
        if isinstance(clock, Instant):
            if not clock.cancel():
                raise duckdb.InterruptException("too late by a hair")
            clock = engine.clock.after(seconds, stop)
    except BaseException:
        if clock is not None:
            clock.cancel()
        end(False)
        raise
    return Result(cursor.cursor, clock, end)


def _interrupt(cursor: duckdb.DuckDBPyConnection) -> None:
    # Closed in the very moment its time was up: nothing is left to interrupt.
    with suppress(duckdb.ConnectionException):
        cursor.interrupt()


def bind(files: Files, table: Table) -> Expr:
    """The query with each version replaced by its Parquet files. No text of a user ever becomes SQL text:
    paths and literals are quoted nodes.
    """
    paths: Mapping[str, list[Path]] = {s.version: [files.local(d) for d in s.files] for s in table.sources}
    if table.tree is None:
        (only,) = paths.values()
        return exp.select(exp.Star()).from_(exp.Table(this=parquet(only)))
    numbered = any(c.name == RECORD for c in table.tree.find_all(exp.Column))

    def place(node: Expr) -> Expr:
        if isinstance(node, exp.Table) and node.name in paths:
            alias = exp.TableAlias(this=exp.to_identifier(node.alias or node.name, quoted=True))
            if numbered:
                return exp.Subquery(this=recorded(paths[node.name]), alias=alias)
            return exp.Table(this=parquet(paths[node.name]), alias=alias)
        return node

    return table.tree.copy().transform(place)
