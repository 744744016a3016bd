"""A text that does not match the pattern of its column, as a whole: `AB|CD` is one of two words, not a word
that starts with AB.
"""

from __future__ import annotations

from sqlglot import exp

from parvis.checks.declaration import Cell, Check, Clause, Distinct, English, Example
from parvis.checks.patterns import for_engine, one_by_one
from parvis.checks.sql import both, matches, not_null


def _rule(cell: Cell) -> Clause | None:
    pattern = cell.column.constraints.get("pattern")
    if not isinstance(pattern, str):
        return None
    params = {"pattern": pattern}
    spoken = for_engine(pattern)
    if spoken is not None and cell.accepted(spoken):
        return Clause(both(not_null(cell.value), exp.Not(this=matches(cell.text, spoken))), params)
    wrong = one_by_one(pattern)
    return Clause(Distinct(wrong), params) if wrong is not None else None


constraint_pattern = Check(
    name="constraint-pattern",
    title="Valeur qui ne suit pas le motif",
    message="{values} de la colonne « {column} » hors du motif demandé : {pattern}",
    fix="Réécrivez ces valeurs sous la forme demandée par le schéma.",
    english=English(
        title="Value that does not follow the pattern",
        message="{values} in column “{column}” outside the pattern asked for: {pattern}",
        fix="Write these values in the form that the schema asks for.",
    ),
    rule=_rule,
    constraint="pattern",
    field={"type": "string", "constraints": {"pattern": "AB|CD"}},
    right=("AB", "CD", ""),
    bad=("ABxx", "zzCD", "AB\n", "ab", "A"),
    examples=(
        Example(
            {"fields": [{"name": "c", "constraints": {"pattern": r"^\d\w$"}}]},
            ("c",),
            (("1é",), ("\u0661a",), ("1 ",), ("é1",)),
            (3, 4),
        ),
        Example(
            {"fields": [{"name": "c", "pattern": r"(\d)\1"}]},
            ("c", "x"),
            (("11", "a"), ("12", "a"), ("", "a"), ("111", "a")),
            (2, 4),
        ),
        Example(
            {"fields": [{"name": "c", "constraints": {"pattern": r"[\w\u00C0-\u00FF'-]+"}}]},
            ("c",),
            (("L'Haÿ-les-Roses",), ("à b",)),
            (2,),
        ),
        Example(
            {"fields": [{"name": "c", "constraints": {"pattern": r"(?!AB).*"}}]},
            ("c",),
            (("AC",), ("ABC",)),
            (2,),
        ),
        Example(
            {"fields": [{"name": "n", "type": "integer", "constraints": {"pattern": "[0-9]{2}"}}]},
            ("n",),
            (("12",), ("1",), ("x",)),
            (2,),
        ),
    ),
)
