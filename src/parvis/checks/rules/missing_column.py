"""A column that must hold values is not in the file."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.checks.declaration import Check, Example, Label
from parvis.checks.headers import align
from parvis.core.reading import RawTable
from parvis.core.types import Schema


def _labels(raw: RawTable, schema: Schema) -> Iterable[Label]:
    present = align(raw, schema)
    return (Label(c.name) for c in schema.columns if c.name not in present and c.constraints.get("required") is True)


missing_column = Check(
    name="missing-column",
    title="Colonne obligatoire absente",
    message="La colonne obligatoire « {column} » manque.",
    fix="Ajoutez une colonne nommée exactement « {column} » et remplissez-la.",
    dimension="completeness",
    labels=_labels,
    examples=(
        Example({"fields": [{"name": "a", "constraints": {"required": True}}, {"name": "b"}]}, ("b",), (("x",),), (0,)),
        Example({"fields": [{"name": "a", "constraints": {"required": False}}, {"name": "b"}]}, ("b",), (("x",),), ()),
    ),
)
