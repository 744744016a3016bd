"""A row that is the same as one before in every column, in a table whose rows are not alike by chance."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from sqlglot import exp

from parvis.checks.declaration import Check, English, Example
from parvis.checks.sql import call, select_from, whole
from parvis.checks.typed_view import RECORD, RuleHit, TypedView, cell
from parvis.core.types import RAW_PREFIX

WIDTH = 3
"""Columns from which equal rows are no chance."""
SOME = 0.05
"""Share of repeated rows above which the table is a list of equal things (votes, passages, persons without a
name).
"""


def _look(view: TypedView) -> Iterator[RuleHit]:
    names = [c.name for c in view.schema.columns if c.type != "shape"]
    distinct = [view.profile[n].distinct for n in names if n in view.profile]
    if (
        len(names) < WIDTH
        or max(distinct, default=0) >= view.rows
        or prod(max(d, 1) for d in distinct) < view.rows**2
    ):
        return
    names += [RAW_PREFIX + n for n in view.schema.raw]
    row = call("hash", *(cell(n) for n in names))
    ((different,),) = view.fetch(view.select(exp.Count(this=exp.Distinct(expressions=[row.copy()]))))
    late = view.rows - different if isinstance(different, int) else 0
    if not 0 < late <= max(1, SOME * view.rows):
        return
    turn = exp.Window(
        this=exp.RowNumber(), partition_by=[row], order=exp.Order(expressions=[exp.column("file_row_number")])
    )
    number = exp.Alias(
        this=exp.Add(this=exp.column("file_row_number"), expression=whole(1)),
        alias=exp.to_identifier(RECORD, quoted=True),
    )
    row_text = exp.Alias(
        this=exp.null(), alias=exp.to_identifier("shown")
    )  # a whole row may hold what must stay hidden
    turned = view.select(number, row_text, exp.Alias(this=turn, alias=exp.to_identifier("turn")))
    again = select_from(turned, exp.column(RECORD, quoted=True), exp.column("shown")).where(
        exp.GT(this=exp.column("turn"), expression=whole(1)), copy=False
    )
    yield RuleHit("", late, view.first(again))


duplicate_row = Check(
    name="duplicate-row",
    title="Ligne en double",
    message="{rows} redisant exactement une ligne précédente.",
    fix="Supprimez ces répétitions ; si ce sont deux choses différentes, donnez-leur un identifiant.",
    english=English(
        title="Repeated row",
        message="{rows} that exactly repeat a row before.",
        fix="Remove these repetitions; if they are two different things, give each an identifier.",
    ),
    severity="warning",
    dimension="uniqueness",
    look=_look,
    examples=(
        Example(
            {},
            ("nom", "adresse", "places"),
            (
                *((f"École {i}", f"{i} rue Foch", str(20 + i)) for i in range(1, 20)),
                ("École 4", "4 rue Foch", "24"),
                ("École 4", "4 rue Foch", "25"),
            ),
            (20,),
        ),
        Example(
            {},
            ("jour", "sexe", "avis"),
            tuple((("lundi", "mardi")[i % 2], ("F", "M")[i % 2], ("oui", "non")[i % 2]) for i in range(30)),
            (),
        ),
    ),
)
