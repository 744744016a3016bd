"""A text (or a list) longer than its column allows: code points, or members."""

from __future__ import annotations

from sqlglot import exp

from parvis.checks.declaration import Cell, Check, Clause, English, Example
from parvis.checks.sql import both, not_null, whole
from parvis.checks.typed import length


def _rule(cell: Cell) -> Clause | None:
    bound = cell.column.constraints.get("maxLength")
    if not isinstance(bound, int):
        return None
    size = length(cell)
    return Clause(
        both(not_null(cell.value), exp.GT(this=size, expression=whole(bound))), {"bound": str(bound)}
    )


constraint_max_length = Check(
    name="constraint-max-length",
    title="Texte trop long",
    message="{values} de plus de {bound} caractères dans la colonne « {column} ».",
    fix="Raccourcissez ces textes ; le détail peut aller dans une autre colonne.",
    why="Un texte trop long est coupé par les bases qui le reçoivent.",
    english=English(
        title="Text too long",
        message="{values} of more than {bound} characters in column “{column}”.",
        fix="Shorten these texts; details may go to another column.",
        why="Databases cut a text that is too long.",
    ),
    rule=_rule,
    constraint="maxLength",
    field={"type": "string", "constraints": {"maxLength": 2}},
    right=("ab", "é", "e\u0301", ""),
    bad=("abc", "ééé", "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
    examples=(
        Example(
            {"fields": [{"name": "l", "type": "array", "constraints": {"maxLength": "2"}}]},
            ("l",),
            (('["a"]',), ("[1, 2]",), ("[1, 2, 3]",)),
            (3,),
        ),
    ),
)
