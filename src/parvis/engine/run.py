"""Bind a bare `Table` to a cursor, for one call. For the pipeline; what faces the outside uses `engine.read`."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import duckdb
from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.errors import BadQuery, ParvisError
from parvis.core.types import Table
from parvis.engine.result import Result


class Files(Protocol):
    """Where Parquet files are found by digest: a local path for each, fetched when needed."""

    def local(self, digest: str) -> Path: ...


@dataclass(frozen=True, slots=True)
class Engine:
    """A DuckDB connection and the files that its queries may name. Thread-safe: each run takes a cursor of its own."""

    connection: duckdb.DuckDBPyConnection
    files: Files
    seconds: float = 0.0
    """A query is interrupted after so long; 0: never."""


def run(engine: Engine, table: Table, parameters: Sequence[object] = ()) -> Result:
    """Execute the table's query and return its rows. parameters: values of the tree's `?` placeholders, in order."""
    cursor = engine.connection.cursor()
    clock = threading.Timer(engine.seconds, cursor.interrupt) if engine.seconds else None
    if clock is not None:
        clock.daemon = True
        clock.start()
    try:
        cursor.execute(bind(engine.files, table).sql("duckdb"), list(parameters))
    except duckdb.InterruptException as late:
        raise BadQuery(f"Requête arrêtée après {engine.seconds:g} s.", code="timeout") from late
    except duckdb.OutOfMemoryException as large:
        raise ParvisError("Cette requête demande plus de mémoire que le serveur n’en accorde.", mend="Filtrez ou regroupez davantage.") from large
    except BaseException:
        if clock is not None:
            clock.cancel()
        raise
    return Result(cursor, clock)


def bind(files: Files, table: Table) -> Expr:
    """The query with each version replaced by its Parquet files. No text of a user ever becomes SQL text: paths and literals are quoted nodes."""
    relations: Mapping[str, Expr] = {s.version: _parquet([files.local(d) for d in s.files]) for s in table.sources}
    if table.tree is None:
        (only,) = relations.values()
        return exp.select(exp.Star()).from_(exp.Table(this=only))

    tree = table.tree.copy()
    for node in list(tree.find_all(exp.Table)):
        if node.name in relations:
            if not node.alias:
                node.set("alias", exp.TableAlias(this=exp.to_identifier(node.name, quoted=True)))
            node.set("this", relations[node.name].copy())
    return tree


def _parquet(paths: Sequence[Path]) -> Expr:
    return exp.Anonymous(this="read_parquet", expressions=[exp.Array(expressions=[exp.Literal.string(str(p)) for p in paths])])
