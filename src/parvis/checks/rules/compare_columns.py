"""Two cells of a row that must be in an order: dates, numbers, or texts (as numbers when both look so). What
can't be compared is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.checks.custom import column, custom_params
from parvis.checks.declaration import Cell, Check, Clause, English, Example, Record, called
from parvis.checks.sql import both, cast, not_null, when

NAME = "compare-columns-value"

BROKEN: Mapping[str, type[exp.Binary]] = {
    ">": exp.LTE,
    ">=": exp.LT,
    "==": exp.NEQ,
    "<=": exp.GT,
    "<": exp.GTE,
}
"""What is wrong, by what is asked."""

_SIGNS = {">": ">", ">=": "≥", "==": "=", "<=": "≤", "<": "<"}
_KINDS = {"integer": "number", "year": "number", "any": "string", "yearmonth": "string"}
"""Types that compare alike."""


def _across(record: Record) -> Iterable[Clause]:
    for params in custom_params(record.schema, NAME):
        one, other = column(params, "column"), column(params, "column2")
        op = params.get("op")
        if isinstance(op, str) and op in BROKEN and one in record.cells and other in record.cells:
            first, second = record.cells[one], record.cells[other]
            wrong = both(not_null(first.value), not_null(second.value), _wrong(first, second, op))
            yield Clause(wrong, {"other": other, "sign": _SIGNS[op]}, column=one)


def _wrong(first: Cell, second: Cell, op: str) -> Expr:
    broken = BROKEN[op]
    kinds = [_KINDS.get(called(c.column), called(c.column)) for c in (first, second)]
    if kinds[0] != kinds[1] and "string" not in kinds:
        return exp.true()
    if kinds[0] == kinds[1] != "string":
        return broken(this=first.value.copy(), expression=second.value.copy())
    as_numbers = [cast(c.text, "DOUBLE") for c in (first, second)]
    as_texts = (
        exp.true() if "number" in kinds else broken(this=first.text.copy(), expression=second.text.copy())
    )
    return when(
        (
            both(*(not_null(n) for n in as_numbers)),
            broken(this=as_numbers[0].copy(), expression=as_numbers[1].copy()),
        ),
        otherwise=as_texts,
    )


compare_columns = Check(
    name="compare-columns",
    title="Ordre entre deux colonnes",
    message="{values} de la colonne « {column} » sans l’ordre attendu : « {column} » {sign} « {other} ».",
    fix="Corrigez l’une des deux colonnes : sur chaque ligne, « {column} » {sign} « {other} ».",
    why="Deux valeurs qui se contredisent rendent la ligne entière douteuse.",
    english=English(
        title="Order between two columns",
        message="{values} of column “{column}” out of the expected order: “{column}” {sign} “{other}”.",
        fix="Mend one of the two columns: in each row, “{column}” {sign} “{other}”.",
        why="Two values that contradict each other make the whole row doubtful.",
    ),
    dimension="consistency",
    custom=NAME,
    across=_across,
    examples=(
        Example(
            {
                "fields": [{"name": "a", "type": "integer"}, {"name": "b", "type": "integer"}],
                "custom_checks": [{"name": NAME, "params": {"column": "a", "op": ">=", "column2": "b"}}],
            },
            ("a", "b"),
            (("3", "2"), ("2", "2"), ("1", "2"), ("", "2"), ("10", "9"), ("x", "9")),
            (3,),
        ),
        Example(
            {
                "fields": [
                    {"name": "a", "type": "date"},
                    {"name": "b", "type": "date", "format": "%d/%m/%Y"},
                ],
                "custom_checks": [{"name": NAME, "params": {"column": "a", "op": "<", "column2": "b"}}],
            },
            ("a", "b"),
            (("2024-02-01", "01/03/2024"), ("2024-02-01", "01/02/2024")),
            (2,),
        ),
        Example(
            {
                "fields": [{"name": "a"}, {"name": "b"}],
                "custom_checks": [{"name": NAME, "params": {"column": "a", "op": ">", "column2": "b"}}],
            },
            ("a", "b"),
            (("10", "9"), ("b", "a"), ("a", "b"), ("9", "10"), ("a", "9")),
            (3, 4),
        ),
        Example(
            {
                "fields": [{"name": "a", "type": "integer"}, {"name": "b", "type": "date"}],
                "custom_checks": [{"name": NAME, "params": {"column": "a", "op": "==", "column2": "b"}}],
            },
            ("a", "b"),
            (("1", "2024-01-01"), ("", "2024-01-01")),
            (1,),
        ),
    ),
)
