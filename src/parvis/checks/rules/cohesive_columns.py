"""Columns that go together: all of them hold a value, or none. A column that the file lacks counts as empty."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.checks.custom import column, columns, custom_params
from parvis.checks.declaration import Check, Clause, English, Example, Record
from parvis.checks.sql import both, either, is_null, not_null

_NAME = "cohesive-columns-value"


def _across(record: Record) -> Iterable[Clause]:
    for params in custom_params(record.schema, _NAME):
        names = (column(params, "column"), *columns(params, "othercolumns"))
        present = [record.cells[n].text for n in names if n in record.cells]
        if not present:
            continue
        filled = either(*(not_null(c) for c in present))
        wrong = (
            both(filled, either(*(is_null(c) for c in present)))
            if len(present) == len(set(names))
            else filled
        )
        blamed = names[0] if names[0] in record.cells else ""
        yield Clause(wrong, {"together": ", ".join(f"« {n} »" for n in names)}, column=blamed)


cohesive_columns = Check(
    name="cohesive-columns",
    title="Colonnes à remplir ensemble",
    message="Colonnes {together} : {rows} où certaines sont remplies et d’autres vides.",
    fix="Remplissez toutes ces colonnes, ou laissez-les toutes vides.",
    english=English(
        title="Columns to fill together",
        message="Columns {together}: {rows} where some are filled and others empty.",
        fix="Fill all of these columns, or leave them all empty.",
    ),
    dimension="consistency",
    custom=_NAME,
    across=_across,
    examples=(
        Example(
            {
                "fields": [{"name": "a"}, {"name": "b"}, {"name": "c"}],
                "custom_checks": [{"name": _NAME, "params": {"column": "a", "othercolumns": ["b"]}}],
            },
            ("a", "b", "c"),
            (("1", "2", ""), ("", "", "x"), ("1", "", "x"), ("", "2", "x")),
            (3, 4),
        ),
        Example(
            {
                "fields": [{"name": "a"}, {"name": "b"}],
                "custom_checks": [{"name": _NAME, "params": {"column": "a", "othercolumns": ["b"]}}],
            },
            ("a", "z"),
            (("1", "x"), ("", "x")),
            (1,),
        ),
    ),
)
