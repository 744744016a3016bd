"""An empty cell where the schema wants a value."""

from __future__ import annotations

from parvis.checks.declaration import Cell, Check, Clause, English, Example
from parvis.checks.sql import is_null


def _rule(cell: Cell) -> Clause | None:
    return Clause(is_null(cell.text)) if cell.column.constraints.get("required") is True else None


constraint_required = Check(
    name="constraint-required",
    title="Valeur obligatoire absente",
    message="{cells} sans valeur dans la colonne obligatoire « {column} ».",
    fix="Remplissez ces cellules.",
    why="Sans cette valeur, l’enregistrement ne sert pas à ce pour quoi il est publié.",
    english=English(
        title="Required value missing",
        message="{cells} without a value in the required column “{column}”.",
        fix="Fill these cells.",
        why="Without this value the record does not serve what it is published for.",
    ),
    dimension="completeness",
    rule=_rule,
    constraint="required",
    examples=(
        Example(
            {"fields": [{"name": "a", "constraints": {"required": True}}, {"name": "b"}]},
            ("a", "b"),
            (("x", ""), ("", "y"), (" ", "y")),
            (2,),
        ),
        Example(
            {"fields": [{"name": "a", "constraints": {"required": False}}, {"name": "b"}]},
            ("a", "b"),
            (("", "y"),),
            (),
        ),
        Example(
            {"fields": [{"name": "a", "constraints": {"required": True}}], "missingValues": ["", "NA"]},
            ("a", "b"),
            (("NA", "y"), ("na", "y"), (" NA", "y")),
            (1,),
        ),
        Example(
            {"fields": [{"name": "a", "constraints": {"required": True}, "missingValues": ["-"]}]},
            ("a", "b"),
            (("-", "y"), ("", "y")),
            (1,),
        ),
    ),
)
