"""A column that must hold values is not in the file."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.checks.declaration import Check, English, Example, Label, odd
from parvis.checks.headers import align
from parvis.core.reading import RawTable
from parvis.core.types import Schema


def _labels(raw: RawTable, schema: Schema) -> Iterable[Label]:
    present = align(raw, schema)
    wanted = (c for c in schema.columns if c.name not in present and c.constraints.get("required") is True)
    return (Label(c.name, severity="warning" if odd(c, "required") else None) for c in wanted)


missing_column = Check(
    name="missing-column",
    title="Colonne obligatoire absente",
    message="La colonne obligatoire « {column} » manque.",
    fix="Ajoutez une colonne nommée exactement « {column} » et remplissez-la.",
    why="Les programmes qui attendent cette colonne refusent le fichier entier.",
    english=English(
        title="Required column missing",
        message="The required column “{column}” is missing.",
        fix="Add a column called exactly “{column}” and fill it.",
        why="Programs that expect this column refuse the whole file.",
    ),
    dimension="completeness",
    labels=_labels,
    examples=(
        Example(
            {"fields": [{"name": "a", "constraints": {"required": True}}, {"name": "b"}]},
            ("b",),
            (("x",),),
            (0,),
        ),
        Example(
            {"fields": [{"name": "a", "constraints": {"required": False}}, {"name": "b"}]},
            ("b",),
            (("x",),),
            (),
        ),
    ),
)
