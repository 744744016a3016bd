"""A text (or a list) shorter than its column allows: code points, or members."""

from __future__ import annotations

from sqlglot import exp

from parvis.checks.declaration import Cell, Check, Clause, English, Example
from parvis.checks.sql import both, not_null, whole
from parvis.checks.typed import length


def _rule(cell: Cell) -> Clause | None:
    bound = cell.column.constraints.get("minLength")
    if not isinstance(bound, int):
        return None
    size = length(cell)
    return Clause(
        both(not_null(cell.value), exp.LT(this=size, expression=whole(bound))), {"bound": str(bound)}
    )


constraint_min_length = Check(
    name="constraint-min-length",
    title="Texte trop court",
    message="{values} de moins de {bound} caractères dans la colonne « {column} ».",
    fix="Complétez ces textes.",
    english=English(
        title="Text too short",
        message="{values} of fewer than {bound} characters in column “{column}”.",
        fix="Complete these texts.",
    ),
    rule=_rule,
    constraint="minLength",
    field={"type": "string", "constraints": {"minLength": 2}},
    right=("ab", "éé", "e\u0301", "abc", ""),
    bad=("a", "é"),
    examples=(
        Example(
            {"fields": [{"name": "l", "type": "array", "constraints": {"minLength": "2"}}]},
            ("l",),
            (('["a"]',), ("[1, 2]",), ("[1, 2, 3]",)),
            (1,),
        ),
    ),
)
