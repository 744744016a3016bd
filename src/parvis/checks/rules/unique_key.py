"""A group of values seen before, where the schema says that the group is unique (Table Schema 2). A group
with a missing part is left out, as SQL does.
"""

from __future__ import annotations

from collections.abc import Iterable

from parvis.checks.declaration import Check, English, Example
from parvis.core.types import Schema


def _keys(schema: Schema) -> Iterable[tuple[str, ...]]:
    checked_elsewhere = {
        schema.primary_key,
        *((c.name,) for c in schema.columns if c.constraints.get("unique") is True),
    }
    return (key for key in dict.fromkeys(schema.unique_keys) if key not in checked_elsewhere)


unique_key = Check(
    name="unique-key",
    title="Groupe de valeurs en double",
    message="Valeurs ({column}) déjà vues ensemble : {rows} de trop.",
    fix="Gardez une seule ligne par groupe de valeurs, ou corrigez les valeurs fautives.",
    english=English(
        title="Group of values twice",
        message="Values ({column}) seen together before: {rows} too many.",
        fix="Keep one row a group of values, or correct the wrong values.",
    ),
    dimension="uniqueness",
    keys=_keys,
    complete=True,
    examples=(
        Example(
            {"fields": [{"name": "a"}, {"name": "b"}], "uniqueKeys": [["a", "b"]]},
            ("a", "b"),
            (("1", "2"), ("1", "3"), ("1", "2"), ("", "2"), ("", "2")),
            (3,),
        ),
        Example(
            {"fields": [{"name": "a", "type": "integer"}, {"name": "b"}], "uniqueKeys": ["a"]},
            ("a", "b"),
            (("1", "x"), ("01", "y")),
            (2,),
        ),
        Example(
            {"fields": [{"name": "a"}, {"name": "b"}], "primaryKey": "a", "uniqueKeys": [["a"]]},
            ("a", "b"),
            (("1", "x"), ("1", "y")),
            (),
        ),
    ),
)
