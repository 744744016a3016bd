"""What each column of a typed Parquet file holds, counted on every row.

Where the sample shows that values come again, a column is counted by value (exact distinct, top and bins): by
Arrow when the table is small, else by DuckDB. Where nearly every row has a value of its own, one scan of all
such columns estimates how many (HyperLogLog) and finds their bounds, and numbers stream into bins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.columns.bins import Bins, Values, bins_for
from parvis.columns.form import expression
from parvis.core.types import Column, ColumnProfile

SMALL = 20_480
"""Rows up to which the whole file is looked at in memory."""
LONGEST = 200
"""Characters kept of a value told in a profile."""
TOP = 10


@dataclass(frozen=True, slots=True)
class Bounds:
    """Nulls, smallest and largest value of a column, from the Parquet footer; None where it does not say."""

    nulls: int
    low: object = None
    high: object = None


@dataclass(frozen=True, slots=True)
class Counted:
    """What is known of one column."""

    filled: int
    distinct: int
    low: str | None = None
    high: str | None = None
    mean: float | None = None
    top: tuple[tuple[str, int], ...] = ()
    histogram: tuple[tuple[str, int], ...] = ()


def bounds(path: Path) -> tuple[int, Mapping[str, Bounds]]:
    """Rows of a file, and the bounds of its flat columns; a column whose statistics are not complete is left
    out.
    """
    meta = pq.read_metadata(path)
    groups = [meta.row_group(g) for g in range(meta.num_row_groups)]
    schema = meta.schema
    by_column: dict[str, Bounds] = {}
    for position in range(meta.num_columns if groups else 0):
        nulls, lows, highs = 0, list[object](), list[object]()
        text = schema.column(position).physical_type == "BYTE_ARRAY"
        for group in groups:
            stats = group.column(position).statistics
            if stats is None or stats.null_count is None:
                break
            nulls += stats.null_count
            if not text and stats.has_min_max:
                lows.append(stats.min)
                highs.append(stats.max)
        else:
            by_column[schema.column(position).path] = Bounds(nulls, _least(lows), _most(highs))
    return meta.num_rows, by_column


def _least(values: list[object]) -> object:
    return min(values, default=None)  # pyright: ignore[reportArgumentType, reportCallIssue]


def _most(values: list[object]) -> object:
    return max(values, default=None)  # pyright: ignore[reportArgumentType, reportCallIssue]


def profile(
    path: Path,
    columns: Sequence[Column],
    misfits: Mapping[str, int],
    unique: frozenset[str],
    examples: Mapping[str, tuple[str, ...]],
    *,
    con: duckdb.DuckDBPyConnection,
    known: Mapping[str, Bounds],
    rows: int,
) -> tuple[ColumnProfile, ...]:
    """Profile of each column. unique: names of those where nearly every sampled row has a value of its own.
    known, rows: see `bounds`.
    """
    scales = {
        c.name: bins_for(c.type, k.low, k.high) for c in columns if (k := known.get(c.name)) is not None
    }
    counted: dict[str, Counted] = {}
    if rows <= SMALL:
        # Not `pq.read_table`: it loads the reading of many files at once, which nothing else here needs.
        with pq.ParquetFile(path) as file:
            table = file.read([c.name for c in columns])
        counted = {c.name: _by_value(c, _values(c, table), scales.get(c.name)) for c in columns}
    else:
        single = [c for c in columns if c.name in unique]
        counted = _at_once(path, single, scales, con=con)
        counted |= {
            c.name: _by_value(c, _grouped(path, c, con=con), scales.get(c.name))
            for c in columns
            if c.name not in unique
        }
    return tuple(
        ColumnProfile(
            c.name,
            c.type,
            rows,
            rows - k.filled,
            k.distinct,
            misfits.get(c.name, 0),
            k.low,
            k.high,
            k.mean,
            k.top,
            k.histogram,
            examples.get(c.name) or tuple(v for v, _ in k.top[:5]),
        )
        for c in columns
        if (k := counted[c.name])
    )


# --- columns whose values come again ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Distinct values, none of them null, and how often each occurs in the column. rank: which of two that
    stand as often is told first.
    """

    values: pa.Array[Any]
    counts: npt.NDArray[np.int64]
    rank: pa.Array[Any]


def _values(column: Column, table: pa.Table) -> _Pairs:
    cells = table.column(column.name)
    if column.type in ("array", "point", "shape"):
        cells = pa.chunked_array(
            [pa.array([None if v is None else str(v) for v in cells.to_pylist()], pa.string())]
        )
    counted = pc.value_counts(cells.drop_null())
    return _Pairs(
        counted.field("values"), counted.field("counts").to_numpy(), pa.array(np.arange(len(counted)))
    )


def _grouped(path: Path, column: Column, *, con: duckdb.DuckDBPyConnection) -> _Pairs:
    value: Expr = exp.column(column.name, quoted=True)
    if column.type in ("array", "point", "shape"):
        value = exp.cast(value, "VARCHAR")
    query = (
        exp.select(exp.alias_(value, "v"), exp.alias_(exp.Count(this=exp.Star()), "n"))
        .from_(_file(path))
        .where(_filled(value))
        .group_by("1")
    )
    table = con.execute(query.sql("duckdb")).to_arrow_table()
    values = table.column("v").combine_chunks()
    return _Pairs(
        values,
        table.column("n").to_numpy(),
        values.cast(pa.int8()) if pa.types.is_boolean(values.type) else values,
    )


def _filled(value: Expr) -> Expr:
    return exp.Not(this=exp.Is(this=value.copy(), expression=exp.null()))


def _by_value(column: Column, pairs: _Pairs, scale: Bins | None) -> Counted:
    values, counts = pairs.values, pairs.counts
    filled = int(counts.sum())
    if not filled:
        return Counted(0, 0)
    ranked = pa.table({"n": pa.array(counts), "rank": pairs.rank})
    most = pc.select_k_unstable(ranked, TOP, [("n", "descending"), ("rank", "ascending")]).to_pylist()  # pyright: ignore[reportArgumentType, reportCallIssue]
    top = tuple((_text(values[i].as_py()), int(counts[i])) for i in most)
    edges = pc.min_max(values)
    mean, histogram = None, ()
    if column.type in ("integer", "number", "year", "date", "datetime"):
        numbers = _numbers(values)
        finite = np.isfinite(numbers)
        if column.type in ("integer", "number", "year"):
            mean = _rounded(
                float(
                    np.dot(numbers[finite].astype(np.float64), counts[finite])
                    / max(int(counts[finite].sum()), 1)
                )
            )
        if scale is not None:
            histogram = _binned(scale, numbers[finite], counts[finite])
    return Counted(
        filled, len(values), _text(edges["min"].as_py()), _text(edges["max"].as_py()), mean, top, histogram
    )


def _rounded(mean: float) -> float:
    """A mean without the last digits, which depend on the order in which threads added."""
    return float(f"{mean:.12g}")


def _numbers(values: pa.Array[Any]) -> Values:
    """Values as numbers: days or microseconds since 1970 for moments."""
    if pa.types.is_date32(values.type):
        values = values.cast(pa.int32())
    elif pa.types.is_timestamp(values.type):
        values = values.cast(pa.timestamp("us", values.type.tz)).cast(pa.int64())
    return values.to_numpy(zero_copy_only=False)


def _binned(
    scale: Bins, numbers: Values, counts: npt.NDArray[np.int64] | None = None
) -> tuple[tuple[str, int], ...]:
    tally = _tally(scale, numbers, counts)
    return tuple((scale.label(key), tally[key]) for key in sorted(tally))


def _tally(scale: Bins, numbers: Values, counts: npt.NDArray[np.int64] | None) -> Counter[int]:
    keys = scale.keys(numbers)
    low, high = (int(keys.min()), int(keys.max())) if len(keys) else (0, 0)
    if high - low > 1000:  # twenty bins, but for values at both ends of what a double holds
        bins_hit, places = np.unique(keys, return_inverse=True)
    else:
        bins_hit, places = np.arange(low, high + 1), keys - low
    sums = np.bincount(places, weights=counts, minlength=len(bins_hit))
    return Counter({int(k): int(n) for k, n in zip(bins_hit, sums, strict=True) if n})


# --- columns of a value a row -------------------------------------------------------------------------------


def _at_once(
    path: Path,
    columns: Sequence[Column],
    scales: Mapping[str, Bins | None],
    *,
    con: duckdb.DuckDBPyConnection,
) -> dict[str, Counted]:
    if not columns:
        return {}
    cells: list[Expr] = []
    for column in columns:
        value: Expr = exp.column(column.name, quoted=True)
        if column.type == "number":
            value = expression("CASE WHEN isfinite(v) THEN v END", {"v": value})
        mean: Expr = (
            exp.Avg(this=value.copy()) if column.type in ("integer", "number", "year") else exp.null()
        )
        ends = (
            [exp.null(), exp.null()]
            if column.type in ("array", "point", "shape")
            else [_bound("min(v)", column, value), _bound("max(v)", column, value)]
        )
        cells += [exp.Count(this=value.copy()), exp.ApproxDistinct(this=value.copy()), *ends, mean]
    with ThreadPoolExecutor(
        1
    ) as hand:  # a query leaves a core idle at its ends, and numbers stream through one alone
        streamed = hand.submit(
            _streamed, path, {c.name: s for c in columns if (s := scales.get(c.name)) is not None}
        )
        row: Sequence[object] = con.execute(exp.select(*cells).from_(_file(path)).sql("duckdb")).fetchall()[0]
        tallies = streamed.result()
    counted: dict[str, Counted] = {}
    for i, column in enumerate(columns):
        filled, distinct = (n if isinstance(n := row[5 * i + k], int) else 0 for k in (0, 1))
        low, high = (t if isinstance(t := row[5 * i + k], str) else None for k in (2, 3))
        average = _rounded(m) if isinstance(m := row[5 * i + 4], float) else None
        scale, tally = scales.get(column.name), tallies.get(column.name, Counter())
        histogram = (
            tuple((scale.label(key), tally[key]) for key in sorted(tally)) if scale is not None else ()
        )
        counted[column.name] = Counted(filled, min(distinct, filled), low, high, average, (), histogram)
    return counted


def _bound(what: str, column: Column, value: Expr) -> Expr:
    if column.type == "datetime":
        return expression("strftime(t, '%Y-%m-%dT%H:%M:%SZ')", {"t": expression(what, {"v": value})})
    return expression(
        "left(t::VARCHAR, longest)",
        {"t": expression(what, {"v": value}), "longest": exp.Literal.number(LONGEST)},
    )


def _streamed(path: Path, scales: Mapping[str, Bins]) -> dict[str, Counter[int]]:
    """How many values fall in each bin, a batch of rows at a time."""
    tallies: dict[str, Counter[int]] = {name: Counter() for name in scales}
    if not scales:
        return tallies
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=1 << 17, columns=list(scales)):
            for name, scale in scales.items():
                numbers = _numbers(batch.column(name).drop_null())
                tallies[name] += _tally(scale, numbers[np.isfinite(numbers)], None)
    return tallies


def _file(path: Path) -> exp.Table:
    return exp.Table(this=exp.Anonymous(this="read_parquet", expressions=[exp.Literal.string(str(path))]))


def _text(value: object) -> str:
    """A value as people read it in JSON: an instant in UTC with its Z, a text cut when it is long."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(value)[:LONGEST]
