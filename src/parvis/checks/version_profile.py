"""What a version looks like, for a comparison with another one: exact counts from its profile, and a sample
of its rows, column by column.

A small table is looked at whole. Of a large one the rows are drawn by a hash, of their key when there is one:
two versions then show the same keys, and their cells can be set side by side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.checks.sql import call, cast, not_null, surely, text, whole
from parvis.core.text import fold
from parvis.core.types import Column, ColumnProfile, ColumnType, Schema
from parvis.engine.relations import parquet

MOST_ROWS = 50_000
"""Rows in a sample, about; a table that has no more is taken whole."""

MOST_VALUES = 100
"""Distinct values up to which a column is a category, counted on the whole table."""

LONGEST = 200
"""Characters of a text that are compared."""

NUMBERS: frozenset[ColumnType] = frozenset({"integer", "number", "year", "date", "datetime", "time"})
TIMES: frozenset[ColumnType] = frozenset({"date", "datetime", "year"})
TEXTS: frozenset[ColumnType] = frozenset({"text", "boolean"})

Numbers = npt.NDArray[np.float64]
"""One value a sampled row, NaN where the cell is empty. Days since 1970 for dates and instants, seconds for
times of day.
"""

Texts = npt.NDArray[np.object_]
"""One text a sampled row, None where the cell is empty."""


@dataclass(frozen=True, slots=True)
class VersionProfile:
    """A version to be profiled: what a portrait is drawn from."""

    files: tuple[Path, ...]
    schema: Schema
    profile: tuple[ColumnProfile, ...]
    rows: int

    def held(self, name: str) -> ColumnProfile | None:
        """Profile of the column of that name."""
        return next((p for p in self.profile if p.name == name), None)


@dataclass(frozen=True, slots=True)
class Portrait:
    """A version as comparisons see it."""

    rows: int
    schema: Schema
    profile: Mapping[str, ColumnProfile]
    numbers: Mapping[str, Numbers]
    texts: Mapping[str, Texts]
    counts: Mapping[str, Mapping[str, int]]
    """How often each value stands in the whole table, for text columns with few of them."""
    key: Texts | None = None
    """The key of each sampled row, as text."""

    @property
    def size(self) -> int:
        """Rows in the sample."""
        return next((len(v) for v in (*self.numbers.values(), *self.texts.values())), 0)


def key_of(first: VersionProfile, second: VersionProfile) -> str:
    """The column that names the rows in both versions: a primary key of one column, else one whose values
    never come twice; "" when there is none.
    """
    primary_key = second.schema.primary_key
    former = {c.name: c.type for c in first.schema.columns}
    candidates = [
        c for c in second.schema.columns if c.type in ("text", "integer") and former.get(c.name) == c.type
    ]
    names = [c.name for c in candidates if _unique(first.held(c.name)) and _unique(second.held(c.name))]
    if len(primary_key) == 1 and primary_key[0] in names:
        return primary_key[0]
    return names[0] if names else ""


EXACT = 10_000
"""Distinct values that a profile counts exactly; beyond, it estimates, within some per cent."""


def _unique(held: ColumnProfile | None) -> bool:
    if held is None or held.rows < 5 or held.nulls > 0.02 * held.rows:
        return False
    filled = held.rows - held.nulls
    return held.distinct >= (0.99 if filled <= EXACT else 0.9) * filled


def draw(con: duckdb.DuckDBPyConnection, version: VersionProfile, key: str = "") -> Portrait:
    """Look at a version. key: the column that names its rows, when there is one; see `key_of`."""
    columns = [c for c in version.schema.columns if c.type in NUMBERS | TEXTS]
    step = -(-version.rows // MOST_ROWS) or 1
    names = [exp.alias_(_comparable(c), f"c{i}", quoted=True) for i, c in enumerate(columns)]
    named = exp.alias_(surely(exp.column(key, quoted=True), "VARCHAR"), "key", quoted=True) if key else None
    sampled = exp.Select(expressions=[*names, *([named] if named else [])]).from_(
        exp.Table(this=_rows(version)), copy=False
    )
    if step > 1:
        of: Expr = surely(exp.column(key, quoted=True), "VARCHAR") if key else exp.column("file_row_number")
        sampled = sampled.where(
            exp.EQ(this=exp.Mod(this=call("hash", of), expression=whole(step)), expression=whole(0)),
            copy=False,
        )
    numbers: dict[str, Numbers] = {}
    texts: dict[str, Texts] = {}
    key_values: Texts | None = None
    if columns:
        taken = con.execute(sampled.sql("duckdb")).to_arrow_table()
        for i, column in enumerate(columns):
            cells = taken.column(i)
            if column.type in NUMBERS:
                values = cells.combine_chunks().to_numpy(zero_copy_only=False).astype(np.float64)
                numbers[column.name] = np.where(np.isfinite(values), values, np.nan)
            else:
                texts[column.name] = np.array([*cells.to_pylist(), None], dtype=object)[:-1]
        key_values = np.array([*taken.column("key").to_pylist(), None], dtype=object)[:-1] if key else None
    counts = {
        c.name: tally
        for c in columns
        if c.name in texts and (tally := _counted(con, version, c, texts[c.name], step == 1)) is not None
    }
    return Portrait(
        version.rows, version.schema, {p.name: p for p in version.profile}, numbers, texts, counts, key_values
    )


def _rows(version: VersionProfile) -> Expr:
    relation = parquet(version.files)
    relation.append("expressions", exp.EQ(this=exp.to_identifier("file_row_number"), expression=exp.true()))
    return relation


def _comparable(column: Column) -> Expr:
    cell = exp.column(column.name, quoted=True)
    if column.type == "date":
        return exp.Sub(this=surely(cell, "DATE"), expression=surely(text("1970-01-01"), "DATE"))
    if column.type == "datetime":
        return exp.Div(this=call("epoch", cell), expression=whole(86_400))
    if column.type == "time":
        return call("epoch", cell)
    if column.type in NUMBERS:
        return cast(cell, "DOUBLE")
    return call("left", surely(cell, "VARCHAR"), whole(LONGEST))


def _counted(
    con: duckdb.DuckDBPyConnection, version: VersionProfile, column: Column, cells: Texts, whole_table: bool
) -> Mapping[str, int] | None:
    """Rows of each value in the whole table; None when there are too many."""
    if whole_table:
        tally = Counter(spoken(cells))
        return tally if len(tally) <= MOST_VALUES else None
    held = version.held(column.name)
    if held is None or held.distinct > MOST_VALUES:
        return None
    values = [
        exp.alias_(_comparable(column), "v", quoted=True),
        exp.alias_(exp.Count(this=exp.Star()), "n", quoted=True),
    ]
    query = exp.Select(expressions=values).from_(exp.Table(this=parquet(version.files)), copy=False)
    query = query.where(not_null(exp.column(column.name, quoted=True)), copy=False).group_by("1", copy=False)
    return {str(value): int(n) for value, n in con.execute(query.sql("duckdb")).fetchall()}


CALENDAR: Mapping[str, float] = {
    "annee": 365.25,
    "year": 365.25,
    "mois": 30.4375,
    "month": 30.4375,
    "jour": 1.0,
    "day": 1.0,
}
"""Labels of the parts of a date, and how many days one of each is."""

PARTS = frozenset({*CALENDAR, "heure", "hour", "minute", "semaine", "week", "trimestre", "quarter"})
"""Labels of columns that only count the calendar."""

EPOCH_S = (1e9, 2.5e9)
"""Whole numbers that are seconds since 1970, from 2001 to 2049; a thousand times as many are milliseconds."""


def times(kept_profile: Portrait) -> Mapping[str, Numbers]:
    """The columns that date the rows: columns of a type of time, seconds since 1970, and a date that lies in
    several columns, under the name of its year.
    """
    kinds = {c.name: c.type for c in kept_profile.schema.columns}
    moments = {
        name: values
        for name, values in kept_profile.numbers.items()
        if kinds[name] in TIMES or (kinds[name] == "integer" and _epoch(values))
    }
    parts = {name: CALENDAR[fold(name)] for name in kept_profile.numbers if fold(name) in CALENDAR}
    year = next((name for name, days in parts.items() if days > 365), "")
    if year and len({*parts.values()}) > 1:
        moments[year] = sum(
            (kept_profile.numbers[name] * days for name, days in parts.items() if name == year or days < 365),
            np.zeros(kept_profile.size),
        )
    return moments


def _epoch(values: Numbers) -> bool:
    known = filled(values)
    low, high = EPOCH_S
    return len(known) > 0 and any(
        low * k <= float(known.min()) and float(known.max()) <= high * k for k in (1, 1000)
    )


def filled(values: Numbers) -> Numbers:
    """Without the empty cells."""
    return values[~np.isnan(values)]


def spoken(cells: Texts) -> list[str]:
    """The texts that are there."""
    return [c for c in cells.tolist() if c is not None]
