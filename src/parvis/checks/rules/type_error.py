"""A cell that is not of its column's type; it silences the other rules of that cell."""

from __future__ import annotations

from parvis.checks.declaration import Cell, Check, Clause, English, Example
from parvis.checks.sql import both, is_null, not_null
from parvis.checks.typed import typed


def _rule(cell: Cell) -> Clause | None:
    reading = typed(cell.column, cell.text)
    if cell.native or not reading.usable:
        return None
    return Clause(both(not_null(cell.text), is_null(cell.value)), {"expected": reading.description})


type_error = Check(
    name="type-error",
    title="Valeur du mauvais type",
    message="{values} de la colonne « {column} » d’un autre type que celui attendu : {expected}.",
    fix="Il faut ici {expected}, ou une cellule vide si la valeur n’est pas connue.",
    why="Un programme ne sait pas lire cette valeur : elle ne compte ni dans les tris, ni dans les calculs, ni sur les cartes.",
    english=English(
        title="Value of the wrong type",
        message="{values} in column “{column}” of another type than expected: {expected}.",
        fix="What is needed here is {expected}, or an empty cell if the value is not known.",
        why="A program can’t read this value: it is left out of sorting, of sums and of maps.",
    ),
    rule=_rule,
    field={"type": "integer"},
    right=("12", " 12 ", "-5", "+7", "007", "99999999999999999999", ""),
    bad=("1.5", "1.0", "5.", "1e3", "0x10", "0b101", "1_000", "１２", "douze", "−5"),
    examples=(
        Example(
            {"fields": [{"name": "l", "type": "list", "delimiter": ";", "itemType": "integer"}]},
            ("l",),
            (("1;2",), ("1",), ("1,2",), ("1;a",), ("1;",)),
            (3, 4, 5),
        ),
        Example(
            {"fields": [{"name": "n", "type": "number"}]},
            ("n",),
            (("1.5",), ("1,5",), ("1e3",), ("INF",)),
            (2,),
        ),
        Example(
            {"fields": [{"name": "d", "type": "date"}]},
            ("d",),
            (("2024-02-29",), ("29/02/2024",), ("2023-02-29",), ("2024-02-29 ",)),
            (2, 3, 4),
        ),
        Example(
            {"fields": [{"name": "b", "type": "boolean"}]},
            ("b",),
            (("1",), ("oui",), ("True",), ("t",)),
            (2, 4),
        ),
    ),
)
