"""A value seen before in a column whose values are unique, compared after typing: 1 and 01 are one integer."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.checks.declaration import Check, English, Example
from parvis.core.types import Schema


def _keys(schema: Schema) -> Iterable[tuple[str, ...]]:
    return ((c.name,) for c in schema.columns if c.constraints.get("unique") is True)


unique = Check(
    name="unique",
    title="Valeur en double",
    message="Doublons dans la colonne « {column} », où chaque valeur est unique : {values} de trop.",
    fix="Gardez une seule ligne par valeur, ou corrigez les valeurs fautives.",
    english=English(
        title="Value twice",
        message="Duplicates in column “{column}”, where every value is unique: {values} too many.",
        fix="Keep one row a value, or correct the wrong values.",
    ),
    dimension="uniqueness",
    keys=_keys,
    examples=(
        Example(
            {"fields": [{"name": "a", "constraints": {"unique": True}}]},
            ("a", "b"),
            (("x", "1"), ("y", "1"), ("x", "1"), ("", "1"), ("", "1"), ("x", "2")),
            (3, 6),
        ),
        Example(
            {"fields": [{"name": "n", "type": "integer", "constraints": {"unique": True}}]},
            ("n",),
            (("1",), ("01",), (" 1",), ("2",), ("a",), ("a",)),
            (2, 3),
        ),
    ),
)
