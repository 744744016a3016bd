"""A part of the schema that could not be applied: an unknown format, a pattern that no engine reads, a custom
check we don't have, a key to another table.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from parvis.checks.custom import custom_params
from parvis.checks.declaration import Check, English, Example, Label
from parvis.checks.headers import align
from parvis.checks.patterns import understood
from parvis.checks.rules import compare_columns
from parvis.checks.typed import typed
from parvis.core.reading import RawTable
from parvis.core.types import Schema


def _labels(raw: RawTable, schema: Schema) -> Iterable[Label]:
    present = align(raw, schema)
    for column in schema.columns:
        if column.name not in present:
            continue
        if not typed(column, exp.column("v")).usable:
            yield Label(
                column.name,
                params={"what": f"le format « {column.format} »", "where": f", colonne « {column.name} »"},
            )
        pattern = column.constraints.get("pattern")
        if isinstance(pattern, str) and not understood(pattern):
            yield Label(
                column.name,
                params={"what": f"le motif « {pattern} »", "where": f", colonne « {column.name} »"},
            )
    for params in custom_params(schema, compare_columns.NAME):
        if params.get("op") not in compare_columns.BROKEN:
            yield Label("", params={"what": f"la comparaison « {params.get('op')} »", "where": ""})


schema_not_applied = Check(
    name="schema-not-applied",
    title="Partie du schéma non contrôlée",
    message="Non contrôlé : {what} du schéma{where}.",
    fix="Signalez-le à l’auteur du schéma ; ces valeurs restent à relire.",
    why="Ce qui n’est pas contrôlé n’est pas juste pour autant.",
    english=English(
        title="Part of the schema not checked",
        message="Not checked: {what} of the schema{where}.",
        fix="Tell the author of the schema; these values remain to be read by you.",
        why="What is not checked is not thereby right.",
    ),
    severity="info",
    dimension="consistency",
    labels=_labels,
    examples=(
        Example(
            {
                "fields": [{"name": "a"}, {"name": "b"}],
                "custom_checks": [
                    {"name": "compare-columns-value", "params": {"column": "a", "op": "!=", "column2": "b"}}
                ],
            },
            ("a", "b"),
            (("1", "2"),),
            (0,),
        ),
        Example({"fields": [{"name": "d", "type": "date", "format": "%Q"}]}, ("d",), (("x",),), (0,)),
        Example({"fields": [{"name": "c", "constraints": {"pattern": "(("}}]}, ("c",), (("x",),), (0,)),
        Example(
            {
                "fields": [
                    {"name": "d", "type": "date", "format": "%d/%m/%Y", "constraints": {"pattern": ".*"}}
                ]
            },
            ("d",),
            (("01/02/2020",),),
            (),
        ),
    ),
)
