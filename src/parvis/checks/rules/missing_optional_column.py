"""Columns that may be empty are not in the file."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.checks.declaration import Check, English, Example, Label
from parvis.checks.headers import align, strictly, together
from parvis.core.reading import RawTable
from parvis.core.types import Schema


def _labels(raw: RawTable, schema: Schema) -> Iterable[Label]:
    if schema.fields_match in ("superset", "partial"):
        return ()
    present = align(raw, schema)
    missing = [
        Label(c.name, severity=strictly(schema))
        for c in schema.columns
        if c.name not in present and c.constraints.get("required") is not True
    ]
    return together(missing)


missing_optional_column = Check(
    name="missing-optional-column",
    title="Colonne facultative absente",
    message="Absent du fichier, sans y être obligatoire : {column}.",
    fix="Ajoutez ce que vous avez, en colonnes vides au besoin : les fichiers de même schéma se rassemblent mieux.",
    english=English(
        title="Optional column missing",
        message="Not in the file, and not required: {column}.",
        fix="Add what you have, as empty columns if need be: files of one schema are then easier to put together.",
    ),
    severity="warning",
    dimension="completeness",
    labels=_labels,
    examples=(
        Example(
            {"fields": [{"name": "a"}, {"name": "b"}], "fieldsMatch": ["superset"]}, ("b",), (("x",),), ()
        ),
        Example({"fields": [{"name": "a"}, {"name": "b"}]}, ("b",), (("x",),), (0,)),
        Example({"fields": [{"name": "a"}]}, ("a",), (("x",),), ()),
    ),
)
