"""Two columns of which one at least is filled, also in a row that is empty otherwise. Both absent from the
file: that is told of the header.
"""

from __future__ import annotations

from collections.abc import Iterable

from parvis.checks.custom import column, custom_params
from parvis.checks.declaration import Check, Clause, English, Example, Label, Record
from parvis.checks.headers import align
from parvis.checks.sql import both, is_null
from parvis.core.reading import RawTable
from parvis.core.types import Schema

_NAME = "one-of-required"


def _across(record: Record) -> Iterable[Clause]:
    for params in custom_params(record.schema, _NAME):
        names = (column(params, "column1"), column(params, "column2"))
        empty = [is_null(record.cells[n].text) for n in names if n in record.cells]
        if empty:
            yield Clause(both(*empty), {"first": names[0], "second": names[1]})


def _labels(raw: RawTable, schema: Schema) -> Iterable[Label]:
    present = align(raw, schema)
    for params in custom_params(schema, _NAME):
        names = (column(params, "column1"), column(params, "column2"))
        if not present.keys() & set(names):
            yield Label("", params={"first": names[0], "second": names[1], "rows": "–"})


one_of_required = Check(
    name="one-of-required",
    title="L’une ou l’autre colonne à remplir",
    message="{rows} sans valeur dans « {first} » ni dans « {second} » : il en faut une.",
    fix="Remplissez l’une des deux colonnes, « {first} » ou « {second} ».",
    english=English(
        title="One of two columns to fill",
        message="{rows} without a value in “{first}” or in “{second}”: one is needed.",
        fix="Fill one of the two columns, “{first}” or “{second}”.",
    ),
    dimension="completeness",
    custom=_NAME,
    across=_across,
    labels=_labels,
    always=True,
    examples=(
        Example(
            {
                "fields": [{"name": "a"}, {"name": "b"}],
                "custom_checks": [{"name": _NAME, "params": {"column1": "a", "column2": "b"}}],
            },
            ("a", "b"),
            (("1", ""), ("", "2"), ("1", "2"), ("", "")),
            (4,),
        ),
        Example(
            {
                "fields": [{"name": "a"}, {"name": "b"}],
                "custom_checks": [{"name": _NAME, "params": {"column1": "a", "column2": "b"}}],
            },
            ("a", "z"),
            (("1", "x"), ("", "x")),
            (2,),
        ),
        Example(
            {
                "fields": [{"name": "a"}, {"name": "b"}],
                "custom_checks": [{"name": _NAME, "params": {"column1": "a", "column2": "b"}}],
            },
            ("y", "z"),
            (("1", "x"),),
            (0,),
        ),
    ),
)
