"""Texts that stand where no column of text is: what a file says where a type was expected, and the values
inside lists and objects.

They go out with the table like any other cell, so they are set out as tables of their own, a column for each
key, and searched as such.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as parquet
from sqlglot import exp

from parvis.core.types import RAW_PREFIX, Column, Json, Schema
from parvis.privacy.cells import aliased, call, cell_of, record_of, rows_of
from parvis.privacy.decoding import decoded, mistyped, spelt
from parvis.privacy.names import written_backwards

KEYS = 100
"""Keys of objects at one place from which they are values (a name for each person, say), no longer headers.
"""
DEEPEST = 20
"""Objects within objects that are followed; what lies deeper is searched as one text."""


@dataclass(frozen=True, slots=True)
class Inner:
    """A table of texts. columns: by name; owners: the column of the version that each comes from; records: of
    the version, by row, where they are known.
    """

    columns: Mapping[str, Sequence[str | None]]
    owners: Mapping[str, str]
    records: Sequence[int] = ()
    dressed: bool = False

    @property
    def rows(self) -> int:
        return max((len(values) for values in self.columns.values()), default=0)

    @property
    def schema(self) -> Schema:
        """All of it is text, whatever it looks like."""
        return Schema(columns=tuple(Column(name) for name in self.columns))

    def write(self, path: Path) -> None:
        """Its Parquet file."""
        parquet.write_table(
            pa.table({name: pa.array(values, pa.string()) for name, values in self.columns.items()}), path
        )


SPELT = 0.8
"""Share of cells written letter by letter from which a column hides something: what is hidden so are names."""
FIRST = 50
"""Values of a column that are read for letters in the place of digits before the others are."""
SURNAME = "nom"


def inner_tables(
    con: duckdb.DuckDBPyConnection,
    paths: Sequence[Path],
    schema: Schema,
    most: int,
    texts: Mapping[str, Sequence[str]] = {},
) -> Iterator[Inner]:
    """The tables that lie within the Parquet files of a version. most: rows of each, from the beginning of
    those that have something; texts: distinct values of its columns of text, by column.
    """
    yield from _misfits(con, paths, schema, most)
    for name, values in texts.items():
        read = [bare for v in values if (bare := decoded(v))]
        if any(t.startswith(("{", "[")) for t in read):
            yield from (replace(table, dressed=True) for table in _inside(name, dict.fromkeys(read), most))
        elif read and sum(map(spelt, values)) >= SPELT * len(values):
            yield Inner({SURNAME: read}, {SURNAME: name}, dressed=True)
        elif read:
            yield Inner({name: read}, {name: name}, dressed=True)
        elif meant := _meant(values):
            yield Inner({name: meant}, {name: name}, dressed=True)
        elif written_backwards(values):
            yield Inner({SURNAME: [v[::-1] for v in values]}, {SURNAME: name}, dressed=True)
    for column in schema.columns:
        if column.type in ("json", "array") or column.meaning == "json":
            yield from _within(con, paths, column, most)


def _meant(values: Sequence[str]) -> Sequence[str]:
    """What texts mean whose numbers have letters for digits; nothing where some are as they are written."""
    first = values[:FIRST]
    if sum(bool(mistyped(v)) for v in first) < SPELT * max(1, len(first)):
        return ()
    meant = [bare for v in values if (bare := mistyped(v))]
    return meant if len(meant) >= SPELT * len(values) else ()


def _misfits(
    con: duckdb.DuckDBPyConnection, paths: Sequence[Path], schema: Schema, most: int
) -> Iterator[Inner]:
    """The rows in which something does not fit its type, its columns as the file said them, beside the
    columns of text.
    """
    typed = [
        c.name for c in schema.columns if c.type not in ("text", "json", "array") and c.name in schema.raw
    ]
    if not typed:
        return
    texts = [c.name for c in schema.columns if c.type == "text"]
    raw_cells = [
        aliased(call("coalesce", cell_of(RAW_PREFIX + n), exp.cast(cell_of(n), "VARCHAR")), n) for n in typed
    ]
    unread = exp.or_(
        *(exp.Not(this=exp.Is(this=cell_of(RAW_PREFIX + n), expression=exp.null())) for n in typed)
    )
    query = (
        exp.select(aliased(record_of(paths, con), "record"), *raw_cells, *(cell_of(n) for n in texts))
        .from_(rows_of(paths))
        .where(unread)
        .limit(most)
    )
    rows = con.execute(query.sql("duckdb")).fetchall()
    names = (*typed, *texts)
    if rows:
        columns = {name: [row[i + 1] for row in rows] for i, name in enumerate(names)}
        yield Inner(columns, {name: name for name in typed}, [int(row[0]) for row in rows])


@dataclass(slots=True)
class _Places:
    """The objects of a column, by the keys that lead to them."""

    rows: dict[tuple[str, ...], list[dict[str, str]]] = field(
        default_factory=dict[tuple[str, ...], list[dict[str, str]]]
    )

    def add(self, value: Json, at: tuple[str, ...]) -> None:
        if len(at) > DEEPEST:
            value = json.dumps(value, ensure_ascii=False)
        if isinstance(value, dict):
            row = {
                key: _text(one)
                for key, one in value.items()
                if not isinstance(one, dict | list) and one is not None
            }
            if row:
                self.rows.setdefault(at, []).append(row)
            for key, one in value.items():
                if isinstance(one, dict | list):
                    self.add(one, (*at, key))
        elif isinstance(value, list):
            for one in value:
                self.add(one, at)
        elif value is not None:
            self.rows.setdefault(at, []).append({"": _text(value)})


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _within(
    con: duckdb.DuckDBPyConnection, paths: Sequence[Path], column: Column, most: int
) -> Iterator[Inner]:
    """The values inside the lists or objects of a column: a table for each place of theirs."""
    cell = (
        cell_of(column.name)
        if column.type != "array"
        else exp.cast(call("to_json", cell_of(column.name)), "VARCHAR")
    )
    source = exp.select(aliased(cell, "v")).from_(rows_of(paths)).limit(most)
    yield from _inside(
        column.name,
        dict.fromkeys(row[0] for row in con.execute(source.sql("duckdb")).fetchall() if row[0]),
        most,
    )


def _inside(name: str, texts: Iterable[str], most: int) -> Iterator[Inner]:
    """The tables inside objects and lists that are written as texts, in a column of this name."""
    places = _Places()
    for text in texts:
        try:
            value: Json = json.loads(text)
        except ValueError:
            value = text
        places.add(value, (name,))
    for at, rows in places.rows.items():
        keys = list(dict.fromkeys(key for row in rows for key in row))
        if len(keys) > KEYS:
            rows = [{"clé": key, "valeur": value} for row in rows for key, value in row.items()]
            keys = ["clé", "valeur"]
        names = {
            key: ".".join((*at[1:], key)) if key else ".".join(at) for key in keys
        }  # a key is a header: what it says is not blurred by that of the column
        yield Inner(
            {names[key]: [row.get(key) for row in rows[:most]] for key in keys},
            dict.fromkeys(names.values(), name),
        )
