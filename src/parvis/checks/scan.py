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

from parvis.checks.declaration import Check
from parvis.checks.layout import RECORD, Layout, floor, shown_cell
from parvis.checks.sql import both, call, either, when
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
    silence = exp.column("silent", quoted=True)
    masks = [exp.alias_(_mask(rules[i : i + BITS]), f"m{i // BITS}", quoted=True) for i in range(0, len(rules), BITS)]
    shown = sorted({r.place for r in rules if r.place is not None}) if limit else []
    kept: list[Expr] = [exp.column(RECORD, quoted=True)] if limit else []
    kept += [exp.alias_(shown_cell(layout, p), f"s{p}", quoted=True) for p in shown]
    quiet = either(*(rules[i].wrong for i in silent)) if silent else exp.false()
    marked = exp.select(*kept, exp.alias_(call("coalesce", quiet, exp.false()), "silent", quoted=True), *masks)
    marked = marked.from_(floor(layout, numbered=limit > 0).subquery("typed")).subquery("marked")
    out: list[Expr] = []
    for i, rule in enumerate(rules):
        bit = exp.NEQ(
            this=exp.Paren(this=exp.BitwiseAnd(this=exp.column(f"m{i // BITS}", quoted=True), expression=exp.Literal.number(1 << i % BITS))),
            expression=exp.Literal.number(0),
        )
        hit = exp.Where(this=bit if i in silent else both(bit, exp.Not(this=silence.copy())))
        out.append(exp.Filter(this=exp.Count(this=exp.Star()), expression=hit))
        if limit:
            pair = call(
                "list_value",
                exp.cast(exp.column(RECORD, quoted=True), "VARCHAR"),
                exp.column(f"s{rule.place}", quoted=True) if rule.place is not None else exp.null(),
            )
            first = call("arg_min", pair, exp.column(RECORD, quoted=True), exp.Literal.number(limit))
            out.append(exp.Filter(this=first, expression=hit.copy()))
    wanted = either(*(exp.NEQ(this=exp.column(f"m{i}", quoted=True), expression=exp.Literal.number(0)) for i in range(len(masks))))
    row = con.execute(exp.select(*out).from_(marked).where(wanted).sql("duckdb")).fetchone() or ()
    if not limit:
        return [Hits(int(n)) for n in row]
    return [Hits(int(row[i]), tuple((int(r), v) for r, v in row[i + 1] or ())) for i in range(0, len(row), 2)]


def _mask(rules: Sequence[Rule]) -> Expr:
    bits: list[Expr] = [when((r.wrong.copy(), exp.Literal.number(1 << i)), otherwise=exp.Literal.number(0)) for i, r in enumerate(rules)]
    total = exp.cast(bits[0], "BIGINT")
    for bit in bits[1:]:
        total = exp.Add(this=total, expression=exp.cast(bit, "BIGINT"))
    return total


def repeats(con: duckdb.DuckDBPyConnection, layout: Layout, keys: Sequence[Expr], texts: Sequence[Expr], limit: int) -> Hits:
    """Records whose key stands in a record before. keys: typed values; texts: the same cells as text. Keys wholly missing, or of a wrong type, are left out."""
    known = both(
        either(*(exp.Not(this=exp.Is(this=k.copy(), expression=exp.null())) for k in keys)),
        *(
            either(exp.Is(this=t.copy(), expression=exp.null()), exp.Not(this=exp.Is(this=k.copy(), expression=exp.null())))
            for k, t in zip(keys, texts, strict=True)
        ),
    )
    many = exp.select(exp.alias_(exp.Count(this=exp.Star()), "n")).from_(floor(layout, numbered=False).subquery("typed")).where(known)
    many = many.group_by(*(k.copy() for k in keys)).having(exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1)))
    found = con.execute(
        exp.select(exp.Sum(this=exp.Sub(this=exp.column("n"), expression=exp.Literal.number(1)))).from_(many.subquery("many")).sql("duckdb")
    ).fetchone()
    count = int(found[0] or 0) if found else 0
    if not count or not limit:
        return Hits(count)
    number = exp.column(RECORD, quoted=True)
    value = call("concat_ws", exp.Literal.string(" · "), *(t.copy() for t in texts))
    first = exp.Window(this=exp.Min(this=number.copy()), partition_by=[k.copy() for k in keys])
    placed = (
        exp.select(number.copy(), exp.alias_(value, "v"), exp.alias_(first, "first")).from_(floor(layout, numbered=True).subquery("typed")).where(known.copy())
    )
    late = exp.select(number.copy(), exp.column("v")).from_(placed.subquery("placed")).where(exp.GT(this=number.copy(), expression=exp.column("first")))
    rows = con.execute(late.order_by(number.copy()).limit(limit).sql("duckdb")).fetchall()
    return Hits(count, tuple((int(r), v) for r, v in rows))
