"""A record without any value, in columns known or not; no other rule looks at it."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.checks.declaration import Check, Clause, English, Example, Record
from parvis.checks.sql import both, call, is_null, one_of, text


def _across(record: Record) -> Iterable[Clause]:
    known = (is_null(c.text) for c in record.cells.values())
    yield Clause(
        both(*known, *(one_of(call("coalesce", raw.copy(), text("")), ("",)) for raw in record.unknown))
    )


blank_row = Check(
    name="blank-row",
    title="Ligne vide",
    message="{rows} sans aucune valeur.",
    fix="Supprimez ces lignes.",
    why="Une ligne vide passe pour un enregistrement, ou fait croire que la table est finie.",
    english=English(
        title="Blank row",
        message="{rows} without any value.",
        fix="Delete these rows.",
        why="A blank row passes for a record, or for the end of the table.",
    ),
    dimension="completeness",
    across=_across,
    silences=True,
    examples=(
        Example(
            {"fields": [{"name": "a", "constraints": {"required": True}}, {"name": "b"}]},
            ("a", "b"),
            (("x", ""), ("", ""), ("y", "z")),
            (2,),
        ),
        Example(
            {"fields": [{"name": "a"}], "missingValues": ["", "NA"]},
            ("a", "b"),
            (("NA", ""), ("", "x"), ("", "")),
            (1, 3),
        ),
    ),
)
