"""A key seen before. A key of one column that is also declared unique is told once, as such."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.checks.declaration import Check, English, Example
from parvis.core.types import Schema


def _keys(schema: Schema) -> Iterable[tuple[str, ...]]:
    key = schema.primary_key
    single = schema.column(key[0]) if len(key) == 1 else None
    if key and not (single is not None and single.constraints.get("unique") is True):
        yield key


primary_key = Check(
    name="primary-key",
    title="Clé en double",
    message="Clé ({column}) en double : {rows} de trop.",
    fix="Gardez une seule ligne par clé.",
    english=English(
        title="Key twice",
        message="Key ({column}) more than once: {rows} too many.",
        fix="Keep one row a key.",
    ),
    dimension="uniqueness",
    keys=_keys,
    examples=(
        Example(
            {"fields": [{"name": "a"}, {"name": "b"}], "primaryKey": ["a", "b"]},
            ("a", "b"),
            (("1", "2"), ("1", "3"), ("1", "2")),
            (3,),
        ),
        Example(
            {"fields": [{"name": "a", "type": "integer"}], "primaryKey": "a"},
            ("a",),
            (("1",), ("01",), ("2",)),
            (2,),
        ),
        Example(
            {"fields": [{"name": "a", "constraints": {"unique": True}}], "primaryKey": "a"},
            ("a",),
            (("1",), ("1",)),
            (),
        ),
    ),
)
