"""A column of the file that the schema does not know."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.checks.declaration import Check, English, Example, Label
from parvis.checks.headers import align, repeated, strictly
from parvis.core.reading import RawTable
from parvis.core.types import Schema


def _labels(raw: RawTable, schema: Schema) -> Iterable[Label]:
    if schema.fields_match in ("subset", "partial"):
        return ()
    known, again = set(align(raw, schema).values()), repeated(raw)
    return (
        Label(c.name, c.label, severity=strictly(schema))
        for place, c in enumerate(raw.columns)
        if place not in known and place not in again
    )


extra_column = Check(
    name="extra-column",
    title="Colonne inconnue du schéma",
    message="La colonne « {label} » n’est pas dans le schéma.",
    fix="Supprimez-la, ou renommez-la si elle correspond à une colonne du schéma.",
    why="Une colonne inconnue est ignorée, ou cache une colonne attendue dont le nom est mal écrit.",
    english=English(
        title="Column unknown to the schema",
        message="The column “{label}” is not in the schema.",
        fix="Delete it, or rename it if it stands for a column of the schema.",
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
