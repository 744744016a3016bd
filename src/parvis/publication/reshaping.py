"""What the sender of a table is offered on its shape, each a step of its recipe that holds for the next files too: to
leave out rows of totals that stand among the data, to have one row a period.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

import duckdb
from sqlglot import exp

from parvis.core.periods import Kind, groups
from parvis.core.text import fold, tokens
from parvis.core.types import Finding, Json
from parvis.engine import trees as t
from parvis.engine.relations import parquet
from parvis.publication import total_rows
from parvis.publication.prepared_tables import PreparedTable
from parvis.store.deposits import Understood

Way = Literal["total", "subtotals", "periods"]
"""The field of `Understood` that says that it is offered."""

FINDINGS: Mapping[Way, str] = {
    "total": total_rows.FINDING,
    "subtotals": "subtotal-row",
    "periods": "periods-in-columns",
}
"""The finding beside which each is offered."""

MOST_ROWS = 2_000_000
"""Rows up to which a table is turned at a button's press: a row for each of its periods."""
_NAMES: Mapping[Kind, str] = {
    "year": "Année",
    "school-year": "Année scolaire",
    "semester": "Semestre",
    "quarter": "Trimestre",
    "month": "Mois",
    "month-of-year": "Mois",
    "day": "Date",
}
_SUM = frozenset({"total", "totaux", "ensemble", "cumul", "somme"})


def subtotals(
    con: duckdb.DuckDBPyConnection, table: PreparedTable, findings: Sequence[Finding]
) -> tuple[str, ...]:
    """Of the rows of totals between the others, as the check found them: their column, as a recipe names it, and what
    stands on each. () where there are none, where not all are known, or where one says a word that no other cell of
    the column says: it may name somebody, and what is said of a recipe stays.
    """
    finding = next((f for f in findings if f.check == FINDINGS["subtotals"]), None)
    if finding is None or table.veiled is not None or finding.column not in table.called:
        return ()
    labels = [
        row.value for row in finding.rows if row.value is not None and len(row.value) <= total_rows.LONGEST
    ]
    if len(labels) < finding.count:
        return ()
    others = exp.Not(
        this=exp.In(this=_cell(finding.column), expressions=[exp.Literal.string(x) for x in labels])
    )
    query = exp.select(_cell(finding.column)).distinct().from_(parquet([table.typed.path])).where(others)
    other_words = {
        word for (cell,) in con.execute(query.sql("duckdb")).fetchall() for word in tokens(str(cell))
    }
    known = other_words | total_rows.WORDS
    if not all(known.issuperset(tokens(label)) for label in labels):
        return ()
    return (table.called[finding.column], *dict.fromkeys(labels))


def periods(
    con: duckdb.DuckDBPyConnection, table: PreparedTable, findings: Sequence[Finding]
) -> tuple[str, ...]:
    """Of columns that are periods of the only measure of a table that has such: one of them, the column of their sum
    ("" without one), both as a recipe names them, and names for the columns of period and value. () without them.
    """
    named = [f for f in findings if f.check == FINDINGS["periods"] and f.column in table.called]
    if len(named) != 1 or table.veiled is not None:
        return ()
    names = [c.name for c in table.typed.schema.columns]
    group = next((g for g in groups(names) if names[g.places[0]] == named[0].column), None)
    if group is None or table.typed.rows * len(group.places) > MOST_ROWS:
        return ()
    columns = [names[place] for place in group.places]
    others = [name for name in names if name not in columns]
    total = next((name for name in others if _sums(con, table, name, columns)), "")
    capital = names[0][:1].isupper()
    period = _NAMES[group.kind] if capital else fold(_NAMES[group.kind]).replace(" ", "_")
    value = _value_name(group.measure, capital=capital)
    taken = {name.lower() for name in others if name != total}
    period = _free(period, taken)
    return (
        table.called[named[0].column],
        table.called.get(total, ""),
        period,
        _free(value, taken | {period.lower()}),
    )


def steps(way: Way, understood: Understood) -> tuple[dict[str, Json], ...]:
    """The steps of a recipe that do it; none where it is not offered."""
    match way:
        case "total" | "subtotals":
            column_and_words = understood.total if way == "total" else understood.subtotals
            return (total_rows.step(*column_and_words),) if column_and_words else ()
        case "periods":
            if not understood.periods:
                return ()
            like, total, name, value = understood.periods
            drop: dict[str, Json] = {"step": "drop", "columns": [total]}
            turn: dict[str, Json] = {"step": "unpivot_periods", "like": like, "name": name, "value": value}
            return (drop, turn) if total else (turn,)


def _value_name(measure: str, *, capital: bool) -> str:
    """The name of the column of values: the measure that the headers say, or the word for one, with their unit."""
    if re.search(r"\w", re.sub(r"\(.*?\)", "", measure)):
        return measure
    return f"{'Valeur' if capital else 'valeur'} {measure}".strip()


def _sums(con: duckdb.DuckDBPyConnection, table: PreparedTable, name: str, columns: Sequence[str]) -> bool:
    """Whether a column says to be the sum of others, and is on every row."""
    kinds = {c.name: c.type for c in table.typed.schema.columns}
    if kinds[name] not in ("integer", "number") or not _SUM & {*tokens(name)}:
        return False
    total: exp.Expr = exp.Literal.number(0)
    for column in columns:
        total = exp.Add(
            this=total,
            expression=exp.Coalesce(
                this=t.cast(_cell(column), "DOUBLE"), expressions=[exp.Literal.number(0)]
            ),
        )
    apart = exp.Abs(this=exp.Paren(this=exp.Sub(this=_cell(name), expression=exp.Paren(this=total))))
    near = exp.LTE(this=apart, expression=exp.Literal.number(0.005 * (len(columns) + 1)))
    query = exp.select(exp.LogicalAnd(this=exp.Coalesce(this=near, expressions=[exp.false()])))
    row = con.execute(query.from_(parquet([table.typed.path])).sql("duckdb")).fetchone()
    return row is not None and row[0] is True


def _cell(name: str) -> exp.Column:
    return exp.column(name, quoted=True)


def _free(name: str, taken: set[str]) -> str:
    """The name, or the first with a number behind it that no other column has."""
    tried, number = name, 2
    while tried.lower() in taken:
        tried, number = f"{name}_{number}", number + 1
    return tried
