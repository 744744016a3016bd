"""A whole typed table, as the checks of many rows see it, and the measures over time that it may hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray
from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.checks.sql import both, call, not_null, select_from, surely, text, whole
from parvis.checks.territory import NOWHERE, Territory
from parvis.core.types import RAW_PREFIX, Column, ColumnProfile, ColumnType, Schema, Sensitivity

RECORD = "_record"
"""Data record from 1, in what `TypedView.first` selects."""

IDENTIFIERS = frozenset({
    "siret", "siren", "rna", "uai", "finess", "iris", "commune_insee", "code_postal", "departement", "region", "phone", "email", "url", "uuid", "iban", "nir",
    "id",
})  # fmt: skip
"""Meanings of columns whose values name things: nothing is measured there."""

HIDDEN = frozenset({Sensitivity.DIRECT, Sensitivity.SPECIAL, Sensitivity.SECRET})

WIDE = 200
"""Columns from which a table is looked at in parts of so many."""

SHORT = 1_000
"""Rows up to which the texts of a part of a wide table are read by one query, not by one a column."""

KEPT = 100_000
"""Different texts, of all columns together, that are kept from one check to the next."""

PLACES = frozenset(
    {"latitude", "longitude", "latlon", "lonlat", "wkt", "wkb", "geojson", "lambert93_x", "lambert93_y"}
)
"""Meanings of columns that say where things are."""


@dataclass(frozen=True, slots=True)
class RuleHit:
    """What a check of many rows found: a column ("" for whole rows), how many, the first of them with what is
    to be shown, and the words of the message.
    """

    column: str
    count: int
    rows: tuple[tuple[int, str | None], ...] = ()
    params: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Series:
    """Measures over time. time: the moment; moments: its columns; keys: the columns that tell one series from
    another; values: what is measured.
    """

    time: Expr
    moments: tuple[str, ...]
    keys: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """What one series holds. keys: what tells it from the others, as text; moments: how many it has; first,
    last: of them, in seconds since 1970; again: rows at a moment that it has already, but for the hours in
    which clocks change.
    """

    keys: tuple[str, ...]
    moments: int
    first: float
    last: float
    again: int


@dataclass(frozen=True)
class TypedView:
    """A whole typed table. path: its Parquet, one row a record in record order; today: where the future
    starts; territory: the communes, when known.
    """

    path: Path
    schema: Schema
    profile: Mapping[str, ColumnProfile]
    rows: int
    con: duckdb.DuckDBPyConnection
    today: date
    territory: Territory = NOWHERE
    limit: int = 100

    def columns(self, *types: ColumnType) -> Iterator[tuple[Column, ColumnProfile]]:
        """The columns of these types that hold something, with their profile; not the personal and secret
        ones: messages quote values.
        """
        for column in self.schema.columns:
            known = self.profile.get(column.name)
            if (
                column.type in types
                and known is not None
                and known.nulls < self.rows
                and column.sensitivity not in HIDDEN
            ):
                yield column, known

    def select(self, *expressions: Expr) -> exp.Select:
        """SELECT … FROM the table; `file_row_number` counts from 0."""
        options: list[Expr] = [
            exp.Literal.string(str(self.path)),
            exp.EQ(this=exp.to_identifier("file_row_number"), expression=exp.true()),
        ]
        return select_from(exp.Anonymous(this="read_parquet", expressions=options), *expressions)

    def fetch(self, query: exp.Select) -> list[tuple[object, ...]]:
        """The rows of a query."""
        return self.con.execute(self._narrowed(query).sql("duckdb")).fetchall()

    def arrays(self, query: exp.Select) -> Mapping[str, NDArray[np.generic]]:
        """The columns of a query, by name; where a cell is empty the array is masked."""
        return self.con.execute(self._narrowed(query).sql("duckdb")).fetchnumpy()

    def _narrowed(self, query: exp.Select) -> exp.Select:
        """The query on the part of a wide table that holds its columns: opening a file costs by its columns,
        and there are queries for each of them.
        """
        if len(self.schema.columns) <= WIDE:
            return query
        parts = {part for c in query.find_all(exp.Column) if (part := self._part.get(c.name)) is not None}
        if len(parts) != 1:
            return query
        (part,) = parts
        path = self._parts.get(part)
        if path is None:
            path = self._parts[part] = self.path.with_name(f"{self.path.stem}.part-{part}.parquet")
            names = [name for name, of in self._part.items() if of == part]
            self.con.execute(
                f"COPY ({self.select(*(cell(n) for n in names)).sql('duckdb')}) TO {text(str(path)).sql('duckdb')} (FORMAT parquet)"
            )
        for literal_node in query.find_all(exp.Literal):
            if literal_node.is_string and literal_node.this == str(self.path):
                literal_node.replace(text(str(path)))
        return query

    @cached_property
    def _part(self) -> Mapping[str, int]:
        own = {c.name: i // WIDE for i, c in enumerate(self.schema.columns)}
        return own | {RAW_PREFIX + name: own[name] for name in self.schema.raw if name in own}

    @cached_property
    def _parts(self) -> dict[int, Path]:
        return {}

    def first(self, query: exp.Select) -> tuple[tuple[int, str | None], ...]:
        """The first rows, by record, of a query whose two columns are the record and what is shown of it."""
        if not self.limit:
            return ()
        pairs = self.fetch(
            query.order_by(exp.column(RECORD, quoted=True), copy=False).limit(self.limit, copy=False)
        )
        return tuple(
            (number, evidence if isinstance(evidence, str) else None)
            for number, evidence in pairs
            if isinstance(number, int)
        )

    def where(self, condition: Expr, column: str, **params: str) -> RuleHit | None:
        """The cells of a column on the rows that meet a condition; None when there are none."""
        ((count,),) = self.fetch(self.select(exp.Count(this=exp.Star())).where(condition.copy(), copy=False))
        if not isinstance(count, int) or not count:
            return None
        return RuleHit(
            column,
            count,
            self.first(
                self.select(record_number(), surely(cell(column), "VARCHAR")).where(condition, copy=False)
            ),
            params,
        )

    def values(self, name: str) -> Mapping[str, int]:
        """The different texts of a column, and how many rows have each; asked of the table once for all
        checks, as long as they are few enough to keep.
        """
        known = self._texts.get(name)
        if known is None:
            known = self._texts.put(
                self._counted_together(name) if self.rows <= SHORT else self._counted(name)
            )[name]
        return known

    def _counted(self, name: str) -> dict[str, Mapping[str, int]]:
        """Texts of one column, counted by the engine."""
        query = (
            self.select(cell(name), exp.Count(this=exp.Star()))
            .where(present(name), copy=False)
            .group_by(cell(name), copy=False)
        )
        pairs = self.fetch(query)
        return {name: {text: n for text, n in pairs if isinstance(text, str) and isinstance(n, int)}}

    def _counted_together(self, name: str) -> dict[str, Mapping[str, int]]:
        """Texts of a column and of those in its part of the table: a query costs more than the rows of a short
        table.
        """
        texts = [c.name for c, _ in self.columns("text")]
        names = [n for n in texts if self._part[n] == self._part[name]] if name in texts else [name]
        rows = self.fetch(self.select(*(cell(n) for n in names)))
        cells = zip(*rows, strict=True) if rows else ([] for _ in names)
        return {
            n: Counter(value for value in column if isinstance(value, str))
            for n, column in zip(names, cells, strict=True)
        }

    @cached_property
    def _texts(self) -> _Texts:
        return _Texts()

    @cached_property
    def series(self) -> Series | None:
        """The measures over time that the table holds, None when it holds none."""
        return _recognised(self)

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """The series, one by one: the longest look there is at a long table, asked for once."""
        return _spans(self, self.series) if self.series is not None else ()


@dataclass
class _Texts:
    """The texts of columns that were counted: those of the first columns, up to `KEPT`, and of the last."""

    first: dict[str, Mapping[str, int]] = field(default_factory=dict[str, Mapping[str, int]])
    last: Mapping[str, Mapping[str, int]] = field(default_factory=dict[str, Mapping[str, int]])
    size: int = 0

    def get(self, name: str) -> Mapping[str, int] | None:
        known = self.first.get(name)
        return self.last.get(name) if known is None else known

    def put(self, counted: Mapping[str, Mapping[str, int]]) -> Mapping[str, Mapping[str, int]]:
        """The same, after it was kept."""
        self.last = counted
        size = sum(map(len, counted.values()))
        if self.size + size <= KEPT:
            self.first.update(counted)
            self.size += size
        return counted


def cell(name: str) -> Expr:
    """A column of the typed table."""
    return exp.column(name, quoted=True)


def record_number() -> Expr:
    """The record number, from 1, under the name that `TypedView.first` orders by."""
    return exp.Alias(
        this=exp.Add(this=exp.column("file_row_number"), expression=whole(1)),
        alias=exp.to_identifier(RECORD, quoted=True),
    )


_HOUR = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}h?")
"""An hour as counters write it: « 2020-01-01 07 »."""
_MOMENTS = 20
"""Distinct moments from which a table may be a series."""
_LENGTH = 10
"""Mean rows of a series."""
_SINGLE = 0.9
"""Share of rows that a moment and the keys tell apart: the rest are repetitions, which a check tells."""
_SHARED = 0.2
"""Share of the moments that a series has in the mean: sensors that are read together. Rows that merely bear a
date share few.
"""
_STEADY = 0.5
"""Share of equal steps from which a table without keys is one series."""
_FIRST = 2_000
_LOOKED_AT = 20_000
"""Rows on which the keys are looked for; whole moments are taken, so that the share stays right."""


def _recognised(view: TypedView) -> Series | None:
    values = tuple(
        c.name
        for c, p in view.columns("integer", "number")
        if c.meaning not in IDENTIFIERS | PLACES and p.distinct > 1
    )
    for time, moments in _times(view):
        alone = len(moments) == 1 and view.profile[moments[0]].distinct > _SINGLE * view.rows
        keys = (
            None
            if not values
            else ((() if _regular(view, time) else None) if alone else _keys(view, time, values))
        )
        if keys is not None:
            return Series(time, moments, keys, tuple(v for v in values if v not in keys))
    return None


def _times(view: TypedView) -> Iterator[tuple[Expr, tuple[str, ...]]]:
    """What may be the moment of a row: an instant, a day and an hour, a day."""
    days = [c.name for c, p in view.columns("date") if p.nulls == 0]
    clocks = [c.name for c, p in view.columns("time") if p.nulls == 0]
    for column, known in view.columns("datetime"):
        if known.distinct >= _MOMENTS and known.nulls == 0:
            yield (
                call("make_timestamp", call("epoch_us", cell(column.name))),
                (column.name,),
            )  # in UTC; a cast goes through a calendar, twenty times slower
    if len(clocks) == 1 and days:
        yield exp.Add(this=cell(days[0]), expression=cell(clocks[0])), (days[0], clocks[0])
    for column, known in view.columns("text"):
        if known.nulls == 0 and all(v is not None and _HOUR.fullmatch(v) for v in (known.min, known.max)):
            yield (
                call(
                    "try_strptime",
                    call("replace", call("left", cell(column.name), whole(13)), text("T"), text(" ")),
                    text("%Y-%m-%d %H"),
                ),
                (column.name,),
            )
    for day in days:
        if view.profile[day].distinct >= _MOMENTS:
            yield surely(cell(day), "TIMESTAMP"), (day,)


def _keys(view: TypedView, time: Expr, values: Sequence[str]) -> tuple[str, ...] | None:
    """The columns that, with the moment, identify the rows: the fewest, added one by one; None when no series
    comes out of it.
    """
    kinds = view.columns("text", "integer")
    tried = [
        c.name
        for c, p in kinds
        if 2 <= p.distinct <= view.rows / _LENGTH
        and p.nulls == 0
        and (c.type == "text" or c.name not in values)
    ]
    step = max(1, view.rows // _LOOKED_AT)
    part = exp.EQ(this=exp.Mod(this=call("hash", time.copy()), expression=whole(step)), expression=whole(0))
    chosen: tuple[str, ...] = ()
    best = 0.0
    while len(chosen) < 3:
        wanted = [(*chosen, name) for name in tried if name not in chosen] if best else [()]
        if not wanted:
            break
        counts = [
            exp.Count(
                this=exp.Distinct(
                    expressions=[exp.Tuple(expressions=[time.copy(), *(cell(n) for n in names)])]
                )
            )
            for names in wanted
        ]
        ((total, *distinct_counts),) = view.fetch(
            view.select(exp.Count(this=exp.Star()), *counts).where(part.copy(), copy=False)
        )
        shares = [
            n / total if isinstance(n, int) and isinstance(total, int) and total else 0.0
            for n in distinct_counts
        ]
        top = max(range(len(shares)), key=shares.__getitem__)
        if best and shares[top] < best + 0.01:
            break
        best, chosen = shares[top], wanted[top]
        if best >= 0.99:
            break
    if best < _SINGLE:
        return None
    if not chosen:
        return chosen if _regular(view, time) else None
    names = exp.Tuple(expressions=[cell(n) for n in chosen])
    ((series, moments),) = view.fetch(
        view.select(*(exp.Count(this=exp.Distinct(expressions=[of])) for of in (names, time.copy())))
    )
    if not isinstance(series, int) or not isinstance(moments, int) or view.rows < _LENGTH * series:
        return None
    return chosen if view.rows >= _SHARED * series * moments else None


def _regular(view: TypedView, time: Expr) -> bool:
    """Whether most steps between the moments of a table are equal: dates of events are not. Looked at on the
    first rows: measures are written as they come.
    """
    first = view.fetch(view.select(call("epoch", time.copy())).limit(_FIRST, copy=False))
    moments = np.unique([float(at) for (at,) in first if isinstance(at, (int, float))])
    steps, counts = np.unique(np.diff(moments), return_counts=True)
    if not len(steps) or counts.max() < _STEADY * (len(moments) - 1):
        return False
    epoch = call("epoch", time.copy())
    ((low, high),) = view.fetch(view.select(exp.Min(this=epoch), exp.Max(this=epoch.copy())))
    mean = (float(str(high)) - float(str(low))) / (view.rows - 1)
    return bool(
        steps[counts.argmax()] <= 1.05 * mean
    )  # longer than the mean: the rows do not stand in order of time, and the steps say nothing


def _spans(view: TypedView, series: Series) -> tuple[Span, ...]:
    time, keys = exp.column("t"), [f"k{i}" for i in range(len(series.keys))]
    named = (
        exp.Alias(this=cell(name), alias=exp.to_identifier(key))
        for key, name in zip(keys, series.keys, strict=True)
    )
    more = exp.Alias(
        this=exp.Sub(this=exp.Count(this=exp.Star()), expression=whole(1)), alias=exp.to_identifier("more")
    )
    moments = view.select(exp.Alias(this=series.time.copy(), alias=exp.to_identifier("t")), *named, more)
    moments = moments.group_by(series.time.copy(), *(cell(name) for name in series.keys), copy=False)
    late = both(exp.GT(this=exp.column("more"), expression=whole(0)), exp.Not(this=clock_change(time)))
    again = exp.Filter(this=exp.Sum(this=exp.column("more")), expression=exp.Where(this=late))
    of = call("list_value", *(surely(exp.column(k), "VARCHAR") for k in keys))
    ends = (call("epoch", exp.Min(this=time.copy())), call("epoch", exp.Max(this=time.copy())))
    query = select_from(moments, of, exp.Count(this=time.copy()), *ends, surely(again, "BIGINT"))
    query = query.group_by(*(exp.column(k) for k in keys), copy=False)
    return tuple(
        Span(tuple(names), count, float(low), float(high), late if isinstance(late, int) else 0)
        for names, count, low, high, late in view.fetch(query)
        if isinstance(names, list)
        and isinstance(count, int)
        and isinstance(low, (int, float))
        and isinstance(high, (int, float))
    )


def clock_change(time: Expr) -> Expr:
    """The moment is in the hours (UTC) in which European clocks change: an hour twice or never there is the
    clock's doing, not the sensor's.
    """
    day = surely(time, "TIMESTAMP")
    night = exp.LTE(this=call("hour", day.copy()), expression=whole(2))
    sunday = exp.EQ(this=call("dayofweek", day.copy()), expression=whole(0))
    month = call("list_contains", call("list_value", whole(3), whole(10)), call("month", day.copy()))
    return exp.Paren(
        this=both(month, exp.GTE(this=call("day", day.copy()), expression=whole(25)), sunday, night)
    )


def present(*names: str) -> Expr:
    """The cells of these columns hold something."""
    return both(*(not_null(cell(n)) for n in names))
