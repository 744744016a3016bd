"""Fill empty cells: with a value, with the last value above, or with another column."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from parvis.core.errors import UsageError
from parvis.engine import trees as t
from parvis.prepare.declaration import Bench, Choice, Example, Names, Parameter, Step, Values
from parvis.prepare.frame import PART, RECORD, Frame
from parvis.prepare.tracing import Cells, Flow, carried


def _apply(frame: Frame, params: Values, bench: Bench) -> Frame:
    places, how = [frame.at(name) for name in params.texts("columns")], params.text("how")
    if how == "above":
        filled = frame.changed({i: _above(frame.text(i)) for i in places})
        return replace(filled, ordered=False)
    if how == "column" and not params.text("value"):
        raise UsageError(
            "dites quelle colonne.", mend="Le champ « Valeur » donne alors le nom de la colonne."
        )
    other = frame.text(frame.at(params.text("value"))) if how == "column" else t.text(params.text("value"))
    return frame.changed({i: t.call("coalesce", frame.text(i), other.copy()) for i in places})


def _above(value: exp.Expr) -> exp.Expr:
    order = exp.Order(expressions=[t.column(RECORD), t.column(PART)])
    spec = exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW")
    return exp.Window(this=exp.IgnoreNulls(this=exp.LastValue(this=value)), order=order, spec=spec)


def _flow(params: Values, before: Names, after: Names) -> Flow:
    other = (params.text("value"),) if params.text("how") == "column" else ()
    return Flow({**carried(after), **{name: Cells((name, *other)) for name in params.texts("columns")}})


fill = Step(
    name="fill",
    title="Remplir les cellules vides",
    english="Fill empty cells",
    parameters=(
        Parameter("columns", "columns", "Colonnes", english=("Columns", "")),
        Parameter(
            "how",
            "choice",
            "Avec quoi",
            english=("With what", ""),
            default="value",
            choices=(
                Choice("value", "une valeur fixe", "a fixed value"),
                Choice("above", "la dernière valeur au-dessus", "the last value above"),
                Choice("column", "la valeur d’une autre colonne", "the value of another column"),
            ),
        ),
        Parameter(
            "value",
            "text",
            "Valeur, ou nom de l’autre colonne",
            english=("Value, or name of the other column", ""),
            default="",
        ),
    ),
    apply=_apply,
    flow=_flow,
    examples=(
        Example(
            {"columns": ["a"], "value": "0"},
            ("a", "b"),
            (("", "x"), ("1", ""), (None, "y")),
            ("a", "b"),
            (("0", "x"), ("1", None), ("0", "y")),
        ),
        Example(
            {"columns": ["a"], "how": "above"},
            ("a",),
            (("",), ("Nord",), ("",), (None,), ("Sud",), ("",)),
            ("a",),
            ((None,), ("Nord",), ("Nord",), ("Nord",), ("Sud",), ("Sud",)),
        ),
        Example(
            {"columns": ["a"], "how": "column", "value": "b"},
            ("a", "b"),
            (("", "x"), ("1", "y")),
            ("a", "b"),
            (("x", "x"), ("1", "y")),
        ),
    ),
)
