"""A moment to come in a column of moments that have passed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

from parvis.checks.declaration import Check, English, Example
from parvis.checks.sql import surely, text
from parvis.checks.typed_view import RuleHit, TypedView, cell
from parvis.core.text import fold

SOME = 0.05
"""Share of moments to come above which the column speaks of the future as well."""

_TO_COME = re.compile(
    "fin|end|echeance|expir|limite|prevu|prochain|next|validite|until|jusqu|renouvel|livraison|terme|butoir|cloture|to$"
)
"""Columns that may speak of the future."""
_PLANNED = re.compile("debut|start|evenement|event|seance")
"""Columns of what is planned, some years ahead at most."""
FAR_DAYS = 3653


def _look(view: TypedView) -> Iterator[RuleHit]:
    tomorrow = view.today.isoformat()
    for column, known in view.columns("date", "datetime"):
        if known.max is None or known.max[:10] <= tomorrow or _TO_COME.search(fold(column.name)):
            continue
        wait = 1 if not _PLANNED.search(fold(column.name)) else FAR_DAYS
        limit = exp.Add(this=surely(text(tomorrow), "DATE"), expression=exp.Literal.number(wait))
        hit = view.where(exp.GT(this=surely(cell(column.name), "DATE"), expression=limit), column.name)
        if hit is not None and hit.count <= SOME * (view.rows - known.nulls):
            yield RuleHit(column.name, hit.count, hit.rows, {"today": tomorrow})


future_date = Check(
    name="future-date",
    title="Date dans le futur",
    message="{values} de la colonne « {column} » après le jour du contrôle ({today}), quand les autres sont passées.",
    fix="Vérifiez l’année, et l’ordre du jour et du mois.",
    english=English(
        title="Date in the future",
        message="{values} of column “{column}” after the day of the check ({today}), while the others have passed.",
        fix="Check the year, and the order of day and month.",
    ),
    severity="warning",
    dimension="accuracy",
    look=_look,
    examples=(
        Example(
            {},
            ("nom", "date_mesure"),
            tuple((f"a{i}", "2062-03-04" if i == 9 else f"2026-03-{i:02}") for i in range(1, 29)),
            (9,),
        ),
        Example(
            {},
            ("nom", "date_fin"),
            tuple((f"a{i}", "2062-03-04" if i == 9 else f"2026-03-{i:02}") for i in range(1, 29)),
            (),
        ),
        Example({}, ("nom", "date"), tuple((f"a{i}", f"20{20 + i}-03-04") for i in range(1, 12)), ()),
    ),
)
