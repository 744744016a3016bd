"""A label that is one of the schema's but for its case, accents, spaces or punctuation: programs that look
for the exact name don't find it.
"""

from __future__ import annotations

from collections.abc import Iterable

from parvis.checks.declaration import Check, English, Example, Label
from parvis.checks.headers import align
from parvis.core.reading import RawTable
from parvis.core.types import Schema


def _labels(raw: RawTable, schema: Schema) -> Iterable[Label]:
    for name, place in align(raw, schema).items():
        column = schema.column(name)
        if name not in (raw.columns[place].label, raw.columns[place].name):
            required = column is not None and column.constraints.get("required") is True
            yield Label(
                raw.columns[place].name,
                raw.columns[place].label,
                {"expected": name},
                severity="error" if required else None,
            )


column_case = Check(
    name="column-case",
    title="Nom de colonne mal écrit",
    message="La colonne « {label} » doit s’écrire exactement « {expected} ».",
    fix="Renommez la colonne « {label} » en « {expected} » : majuscules, accents et espaces comptent.",
    why="Un programme cherche le nom exact : écrit autrement, la colonne n’existe pas pour lui.",
    english=English(
        title="Column name misspelt",
        message="The column “{label}” must be written exactly “{expected}”.",
        fix="Rename the column “{label}” to “{expected}”: capitals, accents and spaces count.",
        why="A program looks for the exact name: written otherwise, the column does not exist for it.",
    ),
    severity="warning",
    dimension="consistency",
    labels=_labels,
    examples=(
        Example(
            {"fields": [{"name": "nom_commune"}, {"name": "b"}]}, ("Nom commune", "b"), (("x", "y"),), (0,)
        ),
        Example({"fields": [{"name": "a", "constraints": {"required": True}}]}, ("A",), (("x",),), (0,)),
        Example({"fields": [{"name": "a"}]}, ("a",), (("x",),), ()),
    ),
)
