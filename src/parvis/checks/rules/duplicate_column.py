"""Two columns have one label: nobody knows which one is meant, and the first is read."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.checks.declaration import Check, English, Example, Label
from parvis.checks.headers import repeated
from parvis.core.reading import RawTable
from parvis.core.types import Schema


def _labels(raw: RawTable, schema: Schema) -> Iterable[Label]:
    return (Label(raw.columns[place].name, raw.columns[place].label) for place in sorted(repeated(raw)))


duplicate_column = Check(
    name="duplicate-column",
    title="Colonne en double",
    message="Plusieurs colonnes s’appellent « {label} » ; seule la première est contrôlée.",
    fix="Donnez un nom différent à chaque colonne, ou supprimez celle qui est de trop.",
    why="Les programmes ne gardent souvent que l’une des deux.",
    english=English(
        title="Column twice",
        message="Several columns are called “{label}”; only the first is checked.",
        fix="Give every column a name of its own, or delete the one too many.",
        why="Programs often keep only one of them.",
    ),
    severity="warning",
    dimension="consistency",
    labels=_labels,
    examples=(
        Example({"fields": [{"name": "a"}]}, ("a", "a"), (("x", "y"),), (0,)),
        Example({"fields": [{"name": "a"}, {"name": "b"}]}, ("a", "b"), (("x", "y"),), ()),
    ),
)
