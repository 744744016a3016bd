"""What a column's bound says is wrong."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from parvis.checks.declaration import Cell, Clause, called

ORDERED = frozenset({"integer", "number", "date", "time", "datetime", "year", "yearmonth", "duration"})
"""Types of Table Schema whose values have an order."""


def beyond(constraint: str, wrong: type[exp.Binary]) -> Callable[[Cell], Clause | None]:
    """The rule of a bound: a value compared with it in this way is wrong. None of a column without that
    bound, without an order, or whose bound cannot be read as one of its values.
    """

    def rule(cell: Cell) -> Clause | None:
        bound = cell.column.constraints.get(constraint)
        limit = cell.literal(bound) if called(cell.column) in ORDERED else None
        return (
            Clause(wrong(this=cell.value.copy(), expression=limit), {"bound": str(bound)})
            if limit is not None
            else None
        )

    return rule
