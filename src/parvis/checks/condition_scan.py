"""One scan for all conditions: a bit for each, gathered in integers; only rows with a bit set go further, and
the exact counts are taken on those.

Only when something is wrong the table is scanned once more, for the conditions that failed, to bring the
numbers and cells of the first rows: numbering the records of a text file keeps DuckDB on one thread, and an
aggregate that keeps rows costs 20 ms of every scan for each condition. A few records are asked once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.checks.declaration import Cell
from parvis.checks.layout import RECORD, Layout, floor, named
from parvis.checks.rule_bits import BITS, Rule, cell_of, kept_cells, marked, masks_of, shown_places
from parvis.checks.sql import both, call, either, is_null, not_null, select_from, text, whole

if TYPE_CHECKING:
    import duckdb


FEW = 1_000
"""Records up to which one query that brings all that is blamed is quicker than two: writing and planning it
takes longer than asking it.
"""


@dataclass(frozen=True, slots=True)
class Hits:
    """How many records break a rule, and the first of them with their cell."""

    count: int
    rows: tuple[tuple[int, str | None], ...] = ()


def scan(con: duckdb.DuckDBPyConnection, layout: Layout, rules: Sequence[Rule], limit: int) -> list[Hits]:
    """Try every rule on every record. rules: in order; limit: rows kept of each."""
    if not rules:
        return []
    if limit and layout.raw.rows <= FEW:
        return scan_few(con, few_query(layout, rules), rules, limit)
    counts = _counts(con, layout, rules)
    failed = [i for i, count in enumerate(counts) if count]
    if not failed or not limit:
        return [Hits(count) for count in counts]
    from parvis.checks.first_records import (
        first_rows,
    )  # it brings NumPy and Arrow: as long to load as a small table takes to check

    rows = dict(zip(failed, first_rows(con, layout, [rules[i] for i in failed], limit), strict=True))
    return [Hits(count, rows.get(i, ())) for i, count in enumerate(counts)]


def few_query(layout: Layout, rules: Sequence[Rule]) -> str:
    """The query that `scan_few` asks: number, `silent`, masks and shown cells of every record that some rule
    blames.
    """
    brought = (RECORD, "silent", *masks_of(rules), *(f"s{place}" for place in shown_places(rules)))
    query = select_from(
        marked(layout, rules, *kept_cells(layout, rules), numbered=True), *(cell_of(name) for name in brought)
    )
    return query.order_by(cell_of(RECORD), copy=False).sql("duckdb")


def scan_few(con: duckdb.DuckDBPyConnection, query: str, rules: Sequence[Rule], limit: int) -> list[Hits]:
    """The same as `scan` for few records, in one query: every one that is blamed is brought."""
    counts = [0] * len(rules)
    rows: list[list[tuple[int, str | None]]] = [[] for _ in rules]
    cell = {place: 2 + len(masks_of(rules)) + i for i, place in enumerate(shown_places(rules))}
    for row in con.execute(query).fetchall():
        for i, rule in enumerate(rules):
            if row[2 + i // BITS] >> i % BITS & 1 and (
                not row[1] or rule.check.silences or rule.check.always
            ):
                counts[i] += 1
                if len(rows[i]) < limit:
                    rows[i].append((row[0], None if rule.place is None else row[cell[rule.place]]))
    return [Hits(count, tuple(first)) for count, first in zip(counts, rows, strict=True)]


def _counts(con: duckdb.DuckDBPyConnection, layout: Layout, rules: Sequence[Rule]) -> list[int]:
    counts: list[Expr] = []
    for i, rule in enumerate(rules):
        bit = exp.NEQ(
            this=exp.Paren(
                this=exp.BitwiseAnd(this=cell_of(f"m{i // BITS}"), expression=whole(1 << i % BITS))
            ),
            expression=whole(0),
        )
        hit = bit if rule.check.silences or rule.check.always else both(bit, exp.Not(this=cell_of("silent")))
        counts.append(exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=hit)))
    row = (
        con.execute(select_from(marked(layout, rules, numbered=False), *counts).sql("duckdb")).fetchone()
        or ()
    )
    return [int(n) for n in row]


def repeats(
    con: duckdb.DuckDBPyConnection,
    layout: Layout,
    parts: Sequence[Cell],
    limit: int,
    *,
    complete: bool = False,
) -> Hits:
    """Records whose key repeats that of an earlier record. Keys wholly missing, or with a part of a wrong
    type, are left out; complete: with a part missing too.
    """
    only = frozenset(p.column.name for p in parts)
    some = both if complete else either
    known = both(
        some(*(not_null(p.value) for p in parts)),
        *(either(is_null(p.text), not_null(p.value)) for p in parts),
    )
    many = select_from(
        floor(layout, numbered=False, only=only), named(exp.Count(this=exp.Star()), "n")
    ).where(known, copy=False)
    many = many.group_by(*(p.value.copy() for p in parts), copy=False)
    more = select_from(many, exp.Sum(this=exp.Sub(this=cell_of("n"), expression=whole(1)))).where(
        exp.GT(this=cell_of("n"), expression=whole(1)), copy=False
    )
    row = con.execute(more.sql("duckdb")).fetchone()
    count = int(row[0] or 0) if row else 0
    if not count or not limit:
        return Hits(count)
    value = named(call("concat_ws", text(" · "), *(p.text.copy() for p in parts)), "v")
    first = named(
        exp.Window(this=exp.Min(this=cell_of(RECORD)), partition_by=[p.value.copy() for p in parts]), "first"
    )
    placed = select_from(floor(layout, numbered=True, only=only), cell_of(RECORD), value, first).where(
        known.copy(), copy=False
    )
    late = select_from(placed, cell_of(RECORD), cell_of("v")).where(
        exp.GT(this=cell_of(RECORD), expression=cell_of("first")), copy=False
    )
    rows = con.execute(
        late.order_by(cell_of(RECORD), copy=False).limit(limit, copy=False).sql("duckdb")
    ).fetchall()
    return Hits(count, tuple((int(r), v) for r, v in rows))
