"""Columns of the file that the schema does not know. The geometry of a file of features is none: no schema names it."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.checks.declaration import Check, English, Example, Label
from parvis.checks.headers import align, repeated, strictly, together
from parvis.core.reading import RawTable
from parvis.core.types import Schema


def _labels(raw: RawTable, schema: Schema) -> Iterable[Label]:
    if schema.fields_match in ("subset", "partial"):
        return ()
    known, again = set(align(raw, schema).values()), repeated(raw)
    unknown = [
        Label(c.name, c.label, severity=strictly(schema))
        for place, c in enumerate(raw.columns)
        if place not in known and place not in again and c.native not in ("point", "shape")
    ]
    return together(unknown)


extra_column = Check(
    name="extra-column",
    title="Colonne inconnue du schéma",
    message="Colonnes que le schéma ne connaît pas : {label}.",
    fix="Supprimez-les, ou renommez celles qui correspondent à une colonne du schéma.",
    why="Une colonne inconnue est ignorée, ou cache une colonne attendue dont le nom est mal écrit.",
    english=English(
        title="Column unknown to the schema",
        message="Columns that the schema does not know: {label}.",
        fix="Delete them, or rename those that stand for a column of the schema.",
        why="An unknown column is ignored, or hides an expected one whose name is misspelt.",
    ),
    severity="warning",
    dimension="consistency",
    labels=_labels,
    examples=(
        Example({"fields": [{"name": "a"}], "fieldsMatch": "subset"}, ("a", "z"), (("x", "y"),), ()),
        Example({"fields": [{"name": "a"}]}, ("a", "z"), (("x", "y"),), (0,)),
        Example({"fields": [{"name": "a"}]}, ("A",), (("x",),), ()),
        Example({"fields": [{"name": "a"}]}, ("a", "a"), (("x", "y"),), ()),
    ),
)
