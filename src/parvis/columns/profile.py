"""What each column of a typed Parquet file holds, counted on every row.

One query, a branch a column, each reading only its column: grouped by value where the sample shows that values come again (exact distinct, top and bins),
counted
by HyperLogLog where nearly every row has its own. The bounds that the bins need come from the file's own statistics.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
from sqlglot import exp, parse_one
from sqlglot.expressions.core import Expr

from parvis.columns.bins import Bins, bins_for
from parvis.columns.form import expression
from parvis.core.types import Column, ColumnProfile

BATCH = 150
"""Columns profiled by one query: a plan of thousands of branches is slow to make."""
LONGEST = 200
"""Characters kept of a value told in a profile."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Nulls, smallest and largest value of a column, from the Parquet footer; None where it does not say."""

    nulls: int
    low: object = None
    high: object = None


def bounds(path: Path) -> tuple[int, Mapping[str, Bounds]]:
    """Rows of a file, and the bounds of its flat columns; a column whose statistics are not complete is left out."""
    meta = pq.read_metadata(path)
    found: dict[str, Bounds] = {}
    for position in range(meta.num_columns if meta.num_row_groups else 0):
        nulls, lows, highs = 0, list[object](), list[object]()
        for group in range(meta.num_row_groups):
            chunk = meta.row_group(group).column(position)
            stats = chunk.statistics
            if stats is None or stats.null_count is None:
                break
            nulls += stats.null_count
            if stats.has_min_max and meta.schema.column(position).physical_type != "BYTE_ARRAY":
                lows.append(stats.min)
                highs.append(stats.max)
        else:
            found[meta.schema.column(position).path] = Bounds(nulls, _least(lows), _most(highs))
    return meta.num_rows, found


def _least(values: list[object]) -> object:
    return min(values, default=None)  # pyright: ignore[reportArgumentType, reportCallIssue]


def _most(values: list[object]) -> object:
    return max(values, default=None)  # pyright: ignore[reportArgumentType, reportCallIssue]


def profile(
    path: Path, columns: Sequence[Column], misfits: Mapping[str, int], unique: frozenset[str], examples: Mapping[str, tuple[str, ...]],
    *, con: duckdb.DuckDBPyConnection, known: Mapping[str, Bounds], rows: int,
) -> tuple[ColumnProfile, ...]:  # fmt: skip
    """Profile of each column. unique: names of those where nearly every sampled row has a value of its own. known, rows: see `bounds`."""
    done: list[ColumnProfile] = []
    for start in range(0, len(columns), BATCH):
        batch = columns[start : start + BATCH]
        scales = [bins_for(c.type, k.low, k.high) if (k := known.get(c.name)) else None for c in batch]
        branches = [_branch(path, c, s, unique=c.name in unique) for c, s in zip(batch, scales, strict=True)]
        union: Expr = branches[0]
        for branch in branches[1:]:
            union = exp.Union(this=union, expression=branch, distinct=False)
        counted = con.execute(union.sql("duckdb")).fetchall()
        done += [_told(c, s, row, rows, misfits, examples) for c, s, row in zip(batch, scales, counted, strict=True)]
    return tuple(done)


_GROUPED = """
SELECT * FROM (
  WITH g AS (SELECT value AS v, count(*) AS n FROM file GROUP BY 1)
  SELECT count(v) AS d, coalesce(sum(n) FILTER (WHERE v IS NOT NULL), 0)::BIGINT AS filled, least_text AS low, most_text AS high, mean AS mean,
    list_transform(arg_max(v, n, 10) FILTER (WHERE v IS NOT NULL), lambda x : shown) AS top, max(n, 10) FILTER (WHERE v IS NOT NULL) AS counts,
    binned AS bins
  FROM g)
"""
_BINNED = "(SELECT list([k, c]) FROM (SELECT bin AS k, sum(n)::BIGINT AS c FROM g WHERE v IS NOT NULL GROUP BY 1))"
_COUNTED = """
SELECT approx_count_distinct(v), count(v), least_text, most_text, mean, NULL, NULL, binned FROM (SELECT value AS v FROM file) AS g
"""
_BINNED_ROWS = "list_transform(map_entries(histogram(bin)), lambda e : [e.key, e.value::BIGINT])"


@cache
def _parsed(sql: str) -> Expr:
    return parse_one(sql, dialect="duckdb")


def _branch(path: Path, column: Column, scale: Bins | None, *, unique: bool) -> Expr:
    """One row: distinct, filled, low, high, mean, top values, their counts, pairs of bin and count."""
    value: Expr = exp.column(column.name, quoted=True)
    if column.type == "number":
        value = expression("CASE WHEN isfinite(v) THEN v END", {"v": value})
    elif column.type in ("point", "shape", "array"):
        value = exp.cast(value, "VARCHAR")
    measured = column.type in ("integer", "number", "year")
    mean = ("avg(v)" if unique else "sum(v * n)::DOUBLE / sum(n) FILTER (WHERE v IS NOT NULL)") if measured else "NULL::DOUBLE"
    binned = (_BINNED_ROWS if unique else _BINNED) if scale else "NULL::DOUBLE[][]"
    names: dict[str, Expr] = {
        "value": value, "least_text": _text(column, "min(v)"), "most_text": _text(column, "max(v)"), "shown": _text(column, "x"), "mean": _parsed(mean),
        "binned": _placed(_parsed(binned), {"bin": expression(scale.sql, {**scale.values, "v": exp.column("v")})} if scale else {}, None),
    }  # fmt: skip
    file = exp.Anonymous(this="read_parquet", expressions=[exp.Literal.string(str(path))])
    return _placed(_parsed(_COUNTED if unique else _GROUPED), names, file)


def _placed(tree: Expr, names: Mapping[str, Expr], file: Expr | None) -> Expr:
    def place(node: Expr) -> Expr:
        if isinstance(node, exp.Column) and node.name in names:
            return names[node.name].copy()
        if file is not None and isinstance(node, exp.Table) and node.name == "file":
            return exp.Table(this=file.copy())
        return node

    return tree.copy().transform(place)


def _text(column: Column, what: str) -> Expr:
    """A value as people read it: an instant in ISO with its Z, a text cut when it is long."""
    if column.type == "datetime":
        return _parsed(f"strftime({what}, '%Y-%m-%dT%H:%M:%SZ')")
    return _parsed(f"left({what}::VARCHAR, {LONGEST})")


def _told(
    column: Column, scale: Bins | None, row: Sequence[object], rows: int, misfits: Mapping[str, int], examples: Mapping[str, tuple[str, ...]]
) -> ColumnProfile:
    distinct, filled, low, high, mean, values, counts, bins = row
    top = tuple((str(v), int(c)) for v, c in zip(_listed(values), _listed(counts), strict=True) if isinstance(c, int))
    pairs = sorted((float(p[0]), int(p[1])) for p in _listed(bins) if isinstance(p, list) and p[0] is not None)
    return ColumnProfile(
        column.name, column.type, rows, rows - _whole(filled), min(_whole(distinct), _whole(filled)), misfits.get(column.name, 0),
        low if isinstance(low, str) else None, high if isinstance(high, str) else None, mean if isinstance(mean, float) else None, top,
        tuple((scale.label(key), count) for key, count in pairs) if scale else (), examples.get(column.name) or tuple(v for v, _ in top[:5]),
    )  # fmt: skip


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
