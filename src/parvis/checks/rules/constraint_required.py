"""An empty cell where the schema wants a value."""

from __future__ import annotations

from parvis.checks.declaration import Cell, Check, Clause, Example
from parvis.checks.sql import is_null


def _rule(cell: Cell) -> Clause | None:
    return Clause(is_null(cell.text)) if cell.column.constraints.get("required") is True else None


constraint_required = Check(
    name="constraint-required",
    title="Valeur obligatoire absente",
    message="{cells} sans valeur dans la colonne obligatoire « {column} ».",
    fix="Remplissez ces cellules.",
    dimension="completeness",
    rule=_rule,
    examples=(
        Example({"fields": [{"name": "a", "constraints": {"required": True}}, {"name": "b"}]}, ("a", "b"), (("x", ""), ("", "y"), (" ", "y")), (2,)),
        Example({"fields": [{"name": "a", "constraints": {"required": False}}, {"name": "b"}]}, ("a", "b"), (("", "y"),), ()),
        Example(
            {"fields": [{"name": "a", "constraints": {"required": True}}], "missingValues": ["", "NA"]},
            ("a", "b"),
            (("NA", "y"), ("na", "y"), (" NA", "y")),
            (1,),
        ),
        Example({"fields": [{"name": "a", "constraints": {"required": True}, "missingValues": ["-"]}]}, ("a", "b"), (("-", "y"), ("", "y")), (1,)),
    ),
)
