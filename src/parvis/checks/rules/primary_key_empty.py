"""A key with an empty part: the standard allows none, and a row without its key can't be told from another."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.checks.declaration import Check, Clause, Example, Record
from parvis.checks.sql import is_null


def _across(record: Record) -> Iterable[Clause]:
    for name in record.schema.primary_key:
        cell = record.cells.get(name)
        if cell is not None and cell.column.constraints.get("required") is not True:
            yield Clause(is_null(cell.text), column=name)


primary_key_empty = Check(
    name="primary-key-empty",
    title="Clé incomplète",
    message="{cells} sans valeur dans « {column} », qui fait partie de la clé.",
    fix="Donnez à chaque ligne sa clé.",
    dimension="completeness",
    across=_across,
    examples=(Example({"fields": [{"name": "a"}, {"name": "b"}], "primaryKey": ["a", "b"]}, ("a", "b"), (("1", "2"), ("1", ""), ("", "2")), (2, 3)),),
)
