"""Keep the rows that meet a condition."""

from __future__ import annotations

from parvis.prepare.declaration import Bench, Example, Names, Parameter, Step, Values
from parvis.prepare.expressions import columns_of, condition
from parvis.prepare.frame import Frame
from parvis.prepare.tracing import Flow, carried


def _apply(frame: Frame, params: Values, bench: Bench) -> Frame:
    return frame.where(condition(params.text("where"), lambda name: frame.text(frame.at(name))))


def _flow(params: Values, before: Names, after: Names) -> Flow:
    return Flow(carried(after), rows=columns_of(params.text("where")))


filter_rows = Step(
    name="filter",
    title="Garder certaines lignes",
    english="Filter rows",
    parameters=(
        Parameter(
            "where",
            "expression",
            "Lignes à garder : condition",
            "etat = 'ouvert' AND capacite >= 10 ; nom <> '' ; annee IN (2025, 2026)",
            (
                "Rows to keep: condition",
                "etat = 'ouvert' AND capacite >= 10; nom <> ''; annee IN (2025, 2026)",
            ),
        ),
    ),
    apply=_apply,
    flow=_flow,
    examples=(
        Example(
            {"where": "n >= 9 AND etat <> 'fermé'"},
            ("n", "etat"),
            (("10", "ouvert"), ("9,5", ""), ("8", "ouvert"), ("11", "fermé")),
            ("n", "etat"),
            (("10", "ouvert"), ("9,5", None)),
            (1, 2),
        ),
        Example(
            {"where": "nom = ''"}, ("nom",), (("a",), ("",), (None,)), ("nom",), ((None,), (None,)), (2, 3)
        ),
        Example(
            {"where": "\"le nom\" LIKE 'É%' OR \"le nom\" IN ('a', 'b')"},
            ("le nom",),
            (("Été",), ("b",), ("c",)),
            ("le nom",),
            (("Été",), ("b",)),
            (1, 2),
        ),
        Example(
            {"where": "jour BETWEEN date('01/03/2026') AND date('2026-03-31')"},
            ("jour",),
            (("15/03/2026",), ("2026-04-01",), ("?",)),
            ("jour",),
            (("15/03/2026",),),
            (1,),
        ),
    ),
)
