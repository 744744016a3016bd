"""One scan for all conditions: a bit for each, gathered in integers; only rows with a bit set go further, and the exact counts are taken on those.

Where record numbers are free (Parquet) the same scan brings the first rows. A text file is scanned on all threads first, and, only when something is wrong,
once more with numbers for the conditions that failed: numbering records keeps DuckDB on one thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.checks.declaration import Cell, Check
from parvis.checks.layout import RECORD, Layout, floor, named, shown_cell
from parvis.checks.sql import both, call, either, is_null, not_null, select_from, surely, text, when, whole
from parvis.core.types import Severity

BITS = 62
"""Conditions in one BIGINT."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition over the typed floor. place: position of the column whose cell is shown, None for the whole row."""

    check: Check
    severity: Severity
    column: str
    place: int | None
    wrong: Expr
    said: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Hits:
    """How many records a rule blames, and the first of them with their cell."""

    count: int
    rows: tuple[tuple[int, str | None], ...] = ()


def scan(con: duckdb.DuckDBPyConnection, layout: Layout, rules: Sequence[Rule], limit: int) -> list[Hits]:
    """Try every rule on every record. rules: in order; limit: rows kept of each."""
    if not rules:
        return []
    first = _pass(con, layout, rules, limit if layout.by_numbers else 0)
    failed = [i for i, hits in enumerate(first) if hits.count]
    if layout.by_numbers or not failed or not limit:
        return first
    kept = [i for i, rule in enumerate(rules) if i in set(failed) or rule.check.silences]
    again = dict(zip(kept, _pass(con, layout, [rules[i] for i in kept], limit), strict=True))
    return [again.get(i, hits) for i, hits in enumerate(first)]


def _pass(con: duckdb.DuckDBPyConnection, layout: Layout, rules: Sequence[Rule], limit: int) -> list[Hits]:
    silent = [i for i, r in enumerate(rules) if r.check.silences]
    masks = [named(_mask(rules[i : i + BITS]), f"m{i // BITS}") for i in range(0, len(rules), BITS)]
    shown = sorted({r.place for r in rules if r.place is not None}) if limit else []
    kept: list[Expr] = [_column(RECORD)] if limit else []
    kept += [named(shown_cell(layout, p), f"s{p}") for p in shown]
    quiet = either(*(rules[i].wrong.copy() for i in silent)) if silent else exp.false()
    marked = select_from(floor(layout, numbered=limit > 0), *kept, named(call("coalesce", quiet, exp.false()), "silent"), *masks)
    out: list[Expr] = []
    for i, rule in enumerate(rules):
        bit = exp.NEQ(this=exp.Paren(this=exp.BitwiseAnd(this=_column(f"m{i // BITS}"), expression=whole(1 << i % BITS))), expression=whole(0))
        hit = exp.Where(this=bit if i in silent else both(bit, exp.Not(this=_column("silent"))))
        out.append(exp.Filter(this=exp.Count(this=exp.Star()), expression=hit))
        if limit:
            pair = call("list_value", surely(_column(RECORD), "VARCHAR"), exp.null() if rule.place is None else _column(f"s{rule.place}"))
            out.append(exp.Filter(this=call("arg_min", pair, _column(RECORD), whole(limit)), expression=hit.copy()))
    wanted = either(*(exp.NEQ(this=_column(f"m{i}"), expression=whole(0)) for i in range(len(masks))))
    row = con.execute(select_from(marked, *out).where(wanted, copy=False).sql("duckdb")).fetchone() or ()
    if not limit:
        return [Hits(int(n)) for n in row]
    return [Hits(int(row[i]), tuple((int(r), v) for r, v in row[i + 1] or ())) for i in range(0, len(row), 2)]


def _mask(rules: Sequence[Rule]) -> Expr:
    """A sum of the rules' bits, as a balanced tree: a long chain would overflow what walks it."""
    bits: list[Expr] = [surely(when((r.wrong.copy(), whole(1 << i)), otherwise=whole(0)), "BIGINT") for i, r in enumerate(rules)]
    while len(bits) > 1:
        pairs = [exp.Paren(this=exp.Add(this=a, expression=b)) for a, b in zip(bits[::2], bits[1::2], strict=False)]
        bits = [*pairs, *bits[len(pairs) * 2 :]]
    return bits[0]


def repeats(con: duckdb.DuckDBPyConnection, layout: Layout, parts: Sequence[Cell], limit: int) -> Hits:
    """Records whose key stands in a record before. Keys wholly missing, or with a part of a wrong type, are left out."""
    only = frozenset(p.column.name for p in parts)
    known = both(either(*(not_null(p.value) for p in parts)), *(either(is_null(p.text), not_null(p.value)) for p in parts))
    many = select_from(floor(layout, numbered=False, only=only), named(exp.Count(this=exp.Star()), "n")).where(known, copy=False)
    many = many.group_by(*(p.value.copy() for p in parts), copy=False)
    more = select_from(many, exp.Sum(this=exp.Sub(this=_column("n"), expression=whole(1)))).where(exp.GT(this=_column("n"), expression=whole(1)), copy=False)
    found = con.execute(more.sql("duckdb")).fetchone()
    count = int(found[0] or 0) if found else 0
    if not count or not limit:
        return Hits(count)
    value = named(call("concat_ws", text(" · "), *(p.text.copy() for p in parts)), "v")
    first = named(exp.Window(this=exp.Min(this=_column(RECORD)), partition_by=[p.value.copy() for p in parts]), "first")
    placed = select_from(floor(layout, numbered=True, only=only), _column(RECORD), value, first).where(known.copy(), copy=False)
    late = select_from(placed, _column(RECORD), _column("v")).where(exp.GT(this=_column(RECORD), expression=_column("first")), copy=False)
    rows = con.execute(late.order_by(_column(RECORD), copy=False).limit(limit, copy=False).sql("duckdb")).fetchall()
    return Hits(count, tuple((int(r), v) for r, v in rows))


def _column(name: str) -> Expr:
    return exp.column(name, quoted=True)
