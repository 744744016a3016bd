"""A total that must be the sum of other columns of its row, as whole numbers. A row with an empty cell among
them is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.checks.custom import column, columns, custom_params
from parvis.checks.declaration import Cell, Check, Clause, English, Example, Record, called
from parvis.checks.sql import cast

_NAME = "sum-columns-value"


def _number(cell: Cell) -> Expr:
    return (
        cell.value.copy()
        if called(cell.column) in ("integer", "number", "year")
        else cast(cell.text, "HUGEINT")
    )


def _added(total: Expr, part: Expr) -> Expr:
    return exp.Add(this=total, expression=part)


def _across(record: Record) -> Iterable[Clause]:
    for params in custom_params(record.schema, _NAME):
        total, parts = column(params, "column"), columns(params, "columns")
        if parts and all(n in record.cells for n in (total, *parts)):
            summed = reduce(_added, (_number(record.cells[n]) for n in parts))
            wrong = exp.NEQ(this=_number(record.cells[total]), expression=exp.Paren(this=summed))
            yield Clause(wrong, {"parts": " + ".join(f"« {n} »" for n in parts)}, column=total)


sum_columns = Check(
    name="sum-columns",
    title="Total égal à la somme d’autres colonnes",
    message="{values} de la colonne « {column} » qui n’est pas la somme {parts}.",
    fix="Vérifiez le total et ses parts sur ces lignes.",
    why="Un total faux fausse tout ce qui est calculé dessus.",
    english=English(
        title="Total equal to the sum of other columns",
        message="{values} of column “{column}” not equal to the sum {parts}.",
        fix="Check the total and its parts in these rows.",
        why="A wrong total spoils all that is computed from it.",
    ),
    dimension="consistency",
    custom=_NAME,
    across=_across,
    examples=(
        Example(
            {
                "fields": [{"name": n, "type": "integer"} for n in ("t", "a", "b")],
                "custom_checks": [{"name": _NAME, "params": {"column": "t", "columns": ["a", "b"]}}],
            },
            ("t", "a", "b"),
            (("3", "1", "2"), ("4", "1", "2"), ("4", "1", ""), ("", "1", "2"), ("x", "1", "2")),
            (2,),
        ),
        Example(
            {
                "fields": [{"name": n} for n in ("t", "a")],
                "custom_checks": [{"name": _NAME, "params": {"column": "t", "columns": "a"}}],
            },
            ("t", "a"),
            (("01", "1"), ("2", "1"), ("n", "1")),
            (2,),
        ),
    ),
)
