"""The columns of the schema stand in another order in the file."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.checks.declaration import Check, English, Example, Label
from parvis.checks.headers import align, strictly
from parvis.core.reading import RawTable
from parvis.core.types import Schema


def _labels(raw: RawTable, schema: Schema) -> Iterable[Label]:
    if schema.fields_match not in ("", "exact"):
        return
    places = align(raw, schema)
    order = [places[c.name] for c in schema.columns if c.name in places]
    if order != sorted(order):
        yield Label(
            "",
            params={"order": ", ".join(c.name for c in schema.columns if c.name in places)},
            severity=strictly(schema),
        )


column_order = Check(
    name="column-order",
    title="Colonnes dans un autre ordre",
    message="Les colonnes ne sont pas dans l’ordre du schéma.",
    fix="Ordre du schéma : {order}.",
    why="Des programmes simples lisent les colonnes par leur place.",
    english=English(
        title="Columns in another order",
        message="The columns are not in the order of the schema.",
        fix="Order of the schema: {order}.",
        why="Simple programs read columns by their place.",
    ),
    severity="warning",
    dimension="consistency",
    labels=_labels,
    examples=(
        Example(
            {"fields": [{"name": "a"}, {"name": "b"}], "fieldsMatch": "equal"}, ("b", "a"), (("x", "y"),), ()
        ),
        Example({"fields": [{"name": "a"}, {"name": "b"}, {"name": "c"}]}, ("c", "a"), (("x", "y"),), (0,)),
        Example(
            {"fields": [{"name": "a"}, {"name": "b"}, {"name": "c"}]}, ("a", "z", "c"), (("x", "y", "z"),), ()
        ),
    ),
)
