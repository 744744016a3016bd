"""A column of the file that the schema does not know."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.checks.declaration import Check, Example, Label
from parvis.checks.headers import align, repeated
from parvis.core.reading import RawTable
from parvis.core.types import Schema


def _labels(raw: RawTable, schema: Schema) -> Iterable[Label]:
    known, again = set(align(raw, schema).values()), repeated(raw)
    return (Label(c.name, c.label) for place, c in enumerate(raw.columns) if place not in known and place not in again)


extra_column = Check(
    name="extra-column",
    title="Colonne inconnue du schéma",
    message="La colonne « {label} » n’est pas dans le schéma.",
    fix="Supprimez-la, ou renommez-la si elle correspond à une colonne du schéma.",
    severity="warning",
    dimension="consistency",
    labels=_labels,
    examples=(
        Example({"fields": [{"name": "a"}]}, ("a", "z"), (("x", "y"),), (0,)),
        Example({"fields": [{"name": "a"}]}, ("A",), (("x",),), ()),
        Example({"fields": [{"name": "a"}]}, ("a", "a"), (("x", "y"),), ()),
    ),
)
