"""Rows of totals between the others, as accounting and payroll software writes them at the end of each group: their
label says so, and a number of theirs is the sum of the rows that stand before or after. A total that is the last row
is told by the reader of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlglot import exp

from parvis.checks.declaration import Check, English, Example
from parvis.checks.sql import surely
from parvis.checks.typed_view import (
    IDENTIFIERS,
    PLACES,
    RECORD,
    RuleHit,
    TypedView,
    cell,
    present,
    record_number,
)
from parvis.core.text import fold

READ = 100_000
"""Rows up to which a table is looked at: those that an office prints with totals."""
SLACK = 0.005
"""Half a cent: what rounding takes from each number of a sum."""
_TOTAL = re.compile(r"(?:^|[\W_])(?:sous|s)?[\W_]*(?:total|totaux|ensemble|somme)(?:[\W_]|$)")


def _look(view: TypedView) -> Iterator[RuleHit]:
    if view.rows > READ:
        return
    numbers = [
        c.name
        for c, known in view.columns("integer", "number")
        if c.meaning not in IDENTIFIERS | PLACES and known.distinct > 1
    ]
    for column, _ in view.columns("text") if numbers else ():
        if not any(_TOTAL.search(fold(value)) for value in view.values(column.name)):
            continue
        labels = {
            number: value
            for number, value in view.fetch(
                view.select(record_number(), cell(column.name)).where(present(column.name), copy=False)
            )
            if isinstance(number, int) and isinstance(value, str) and _TOTAL.search(fold(value))
        }
        summed = sums(_numbers(view, numbers), sorted(number - 1 for number in labels))
        rows = [at + 1 for at in summed if at + 1 < view.rows]
        if rows:
            yield RuleHit(column.name, len(rows), tuple((n, labels[n]) for n in rows[: view.limit]))
            return


def _numbers(view: TypedView, names: Sequence[str]) -> NDArray[np.float64]:
    """The columns of numbers in the order of the file; NaN where a cell is empty; shape (rows, columns)."""
    columns = view.arrays(
        view.select(
            record_number(),
            *(
                exp.Alias(this=surely(cell(name), "DOUBLE"), alias=exp.to_identifier(f"x{i}", quoted=True))
                for i, name in enumerate(names)
            ),
        )
    )
    values = [
        np.ma.filled(np.ma.asarray(columns[f"x{i}"], dtype=np.float64), np.nan) for i in range(len(names))
    ]
    return np.column_stack(values)[np.argsort(np.asarray(columns[RECORD]))]


def sums(values: NDArray[np.float64], labelled: Sequence[int]) -> list[int]:
    """Which of the rows whose label says a total are one: a number of theirs is the sum of the rows since the label
    before, of those up to the next, or of all that have no such label. None where all the sums are of one row.
    values: shape (rows, columns); labelled: rows from 0, in order.

    >>> sums(np.array([[2.0], [3.0], [5.0], [4.0], [4.0], [9.0]]), [2, 4, 5])
    [2, 4, 5]
    >>> sums(np.array([[2.0], [3.0], [7.0]]), [2])
    []
    """
    known = np.nan_to_num(values)
    details = known.copy()
    details[list(labelled)] = 0
    running = np.vstack([np.zeros(details.shape[1]), np.cumsum(details, axis=0)])
    slack = SLACK * np.arange(1, len(values) + 2)
    bounds = [-1, *labelled, len(values)]
    rows: list[int] = []
    several = False
    for before, at, after in zip(bounds, bounds[1:], bounds[2:], strict=False):
        for first, end in ((before + 1, at), (at + 1, after), (0, at), (at + 1, len(values))):
            total = running[end] - running[first]
            if end > first and np.any((total != 0) & (np.abs(total - known[at]) <= slack[end - first])):
                rows.append(at)
                several |= end - first > 1
                break
    return rows if several else []


_GROUPS = (
    ("VOIRIE", "Adjoint", "9", "214880,00"),
    ("VOIRIE", "Technicien", "1", "38450,75"),
    ("Sous-total VOIRIE", "", "10", "253330,75"),
    ("ÉCOLES", "ATSEM", "7", "171002,40"),
    ("ÉCOLES", "Adjoint d’animation", "11", "158930,10"),
    ("ÉCOLES", "Cuisinier", "2", "48930,10"),
    ("Sous-total ÉCOLES", "", "20", "378862,60"),
)

subtotal_row = Check(
    name="subtotal-row",
    title="Lignes de total entre les données",
    message="{rows} de total entre les autres, d’après « {column} » et les nombres.",
    fix="Supprimez ces lignes : qui lit les données les recalcule.",
    why="Une somme faite sur la colonne compte deux fois ce que ces lignes additionnent.",
    english=English(
        title="Total rows among the data",
        message="{rows} of totals among the others, by “{column}” and the numbers.",
        fix="Delete these rows: whoever reads the data computes them again.",
        why="A sum over the column counts twice what these rows add up.",
    ),
    severity="warning",
    dimension="accuracy",
    look=_look,
    examples=(
        Example({}, ("service", "grade", "effectif", "masse"), (*_GROUPS, ("Garage", "", "1", "2")), (3, 7)),
        Example(
            {},
            ("poste", "montant"),
            (
                ("Dépenses – total", "30"),
                ("Livres", "10"),
                ("Jeux", "20"),
                ("Total recettes", "7"),
                ("Dons", "3"),
                ("Ventes", "4"),
            ),
            (1, 4),
        ),
        Example(
            {},
            ("station", "pompes"),
            (("Total Port", "4"), ("Avia", "6"), ("Total Gare", "3"), ("Esso", "8"), ("Elan", "2")),
            (),
        ),
    ),
)
