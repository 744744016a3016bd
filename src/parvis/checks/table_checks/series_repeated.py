"""Two measures of one series at one moment: which is right, nobody can tell."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from parvis.checks.declaration import Check, English, Example
from parvis.checks.sql import call, select_from, surely, text, whole
from parvis.checks.typed_view import RECORD, RuleHit, TypedView, cell, clock_change
from parvis.core.text import french_number

SOME = 0.15
"""Share of repetitions above which the columns are no key of the series at all."""


def _look(view: TypedView) -> Iterator[RuleHit]:
    series = view.series
    if series is None:
        return
    key = [series.time, *(cell(k) for k in series.keys)]
    order = exp.Order(expressions=[exp.column("file_row_number")])
    turn = exp.Alias(
        this=exp.Window(this=exp.RowNumber(), partition_by=[k.copy() for k in key], order=order),
        alias=exp.to_identifier("turn"),
    )
    row_text = exp.Alias(
        this=call("concat_ws", text(" · "), *(surely(k.copy(), "VARCHAR") for k in key)),
        alias=exp.to_identifier("shown"),
    )
    number = exp.Alias(
        this=exp.Add(this=exp.column("file_row_number"), expression=whole(1)),
        alias=exp.to_identifier(RECORD, quoted=True),
    )
    turned = view.select(number, row_text, turn).where(exp.Not(this=clock_change(series.time)), copy=False)
    again = select_from(turned, exp.column(RECORD, quoted=True), exp.column("shown"))
    again = again.where(exp.GT(this=exp.column("turn"), expression=whole(1)), copy=False)
    late = sum(span.again for span in view.spans)
    if 0 < late <= SOME * view.rows:
        names = ", ".join(f"« {n} »" for n in (*series.moments, *series.keys))
        yield RuleHit(series.moments[0], late, view.first(again), {"n": french_number(late), "key": names})


series_repeated = Check(
    name="series-repeated",
    title="Mesure en double dans une série",
    message="Lignes de trop pour un même moment d’une même série ({key}) : {n}.",
    fix="Gardez une seule mesure par série et par moment ; si deux capteurs portent un même nom, donnez-leur deux noms.",
    english=English(
        title="Repeated measure in a series",
        message="Rows too many for one moment of one series ({key}): {n}.",
        fix="Keep one measure a series and moment; if two sensors bear one name, give them two names.",
    ),
    severity="warning",
    dimension="uniqueness",
    look=_look,
    examples=(
        Example(
            {},
            ("date", "capteur", "no2"),
            tuple(
                (f"2026-01-{d:02}", "A" if s == 2 and d == 9 else f"{'ABC'[s]}", str((d * 7 + s * 5) % 23))
                for d in range(1, 29)
                for s in range(3)
            ),
            (27,),
        ),
        Example(
            {},
            ("date", "capteur", "no2"),
            tuple(
                (f"2026-01-{d:02}", "ABC"[s], str((d * 7 + s * 5) % 23))
                for d in range(1, 29)
                for s in range(3)
            ),
            (),
        ),
    ),
)
