"""A key with an empty part: the standard allows none, and a row without its key can't be told from another."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.checks.declaration import Check, Clause, English, Example, Record
from parvis.checks.sql import either, is_null


def _across(record: Record) -> Iterable[Clause]:
    parts = [record.cells[name] for name in record.schema.primary_key if name in record.cells]
    if parts:
        yield Clause(
            either(*(is_null(p.text) for p in parts)),
            {"key": ", ".join(f"« {p.column.name} »" for p in parts)},
        )


primary_key_empty = Check(
    name="primary-key-empty",
    title="Clé incomplète",
    message="{rows} dont la clé ({key}) est incomplète.",
    fix="Donnez à chaque ligne sa clé : {key}.",
    english=English(
        title="Incomplete key",
        message="{rows} whose key ({key}) is incomplete.",
        fix="Give each row its key: {key}.",
    ),
    dimension="completeness",
    across=_across,
    examples=(
        Example(
            {"fields": [{"name": "a"}, {"name": "b"}], "primaryKey": ["a", "b"]},
            ("a", "b"),
            (("1", "2"), ("1", ""), ("", "2")),
            (2, 3),
        ),
        Example(
            {"fields": [{"name": "a", "constraints": {"required": True}}, {"name": "b"}], "primaryKey": "a"},
            ("a", "b"),
            (("1", ""), ("", "2")),
            (2,),
        ),
    ),
)
