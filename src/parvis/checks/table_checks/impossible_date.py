"""A date in a year that nothing else in its column comes near: 1026, 2205."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlglot import exp

from parvis.checks.declaration import Check, English, Example
from parvis.checks.sql import both, either, one_of, surely, text
from parvis.checks.table_checks.placeholder import DATES
from parvis.checks.typed_view import RuleHit, TypedView, cell

SOME = 0.02
"""Share of such dates above which the column speaks of far times."""
CENTURY = timedelta(days=36525)


def _look(view: TypedView) -> Iterator[RuleHit]:
    late = (view.today + CENTURY).isoformat()
    for column, known in view.columns("date", "datetime"):
        if known.min is None or known.max is None or (known.min >= "1900" and known.max <= late):
            continue
        day = surely(cell(column.name), "DATE")
        far = either(
            exp.LT(this=day.copy(), expression=surely(text("1900-01-01"), "DATE")),
            exp.GT(this=day.copy(), expression=surely(text(late), "DATE")),
        )
        placed = exp.Not(this=one_of(surely(day, "VARCHAR"), DATES))
        hit = view.where(both(exp.Paren(this=far), placed), column.name)
        if (
            hit is not None
            and hit.count <= max(1, SOME * (view.rows - known.nulls))
            and view.rows - known.nulls >= 10
        ):
            yield hit


impossible_date = Check(
    name="impossible-date",
    title="Date invraisemblable",
    message="{values} de la colonne « {column} » d’une année invraisemblable.",
    fix="Corrigez l’année de ces dates.",
    english=English(
        title="Implausible date",
        message="{values} of column “{column}” of an implausible year.",
        fix="Mend the year of these dates.",
    ),
    severity="warning",
    dimension="accuracy",
    look=_look,
    examples=(
        Example(
            {},
            ("nom", "pose"),
            tuple((f"a{i}", "1026-03-04" if i == 9 else f"2025-03-{i:02}") for i in range(1, 29)),
            (9,),
        ),
        Example(
            {},
            ("nom", "fin"),
            tuple((f"a{i}", "2205-03-04" if i == 3 else f"2025-03-{i:02}") for i in range(1, 29)),
            (3,),
        ),
        Example(
            {},
            ("monument", "construction"),
            tuple((f"a{i}", f"{1450 + i * 13}-01-01") for i in range(1, 29)),
            (),
        ),
    ),
)
