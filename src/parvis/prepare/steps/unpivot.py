"""Turn columns into rows: one row for each of them, with its name and its value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from parvis.core.reading import RawColumn
from parvis.engine import trees as t
from parvis.engine.scans import column as cell_name
from parvis.prepare.declaration import Bench, Example, Names, Parameter, Step, Values
from parvis.prepare.frame import PART, RECORD, Frame, cell
from parvis.prepare.tracing import Cells, Flow, carried


def _apply(frame: Frame, params: Values, bench: Bench) -> Frame:
    turned = [frame.at(name) for name in params.texts("columns")]
    labels = [frame.columns[i].name for i in turned]
    return turn(frame, turned, labels, params.text("name"), params.text("value"), empty=params.flag("empty"))


def turn(
    frame: Frame, turned: Sequence[int], labels: Sequence[str], name: str, value: str, *, empty: bool
) -> Frame:
    """One row for each of the columns at these positions. labels: what a row says of which one it is of; name, value:
    the columns that hold label and value; empty: whether rows without a value are kept. Raises NoColumn.
    """
    other_columns = [i for i in range(len(frame.columns)) if i not in turned]
    frame.free(name, value, but=tuple(turned))
    # A list of as many (name, value, place) as there are columns, unnested: rows keep their order.
    members = [
        t.struct(n=t.text(label), v=frame.text(i), p=t.number(place))
        for place, (i, label) in enumerate(zip(turned, labels, strict=True))
    ]
    inner = [t.alias(cell(i), cell_name(i)) for i in other_columns]
    each = t.alias(t.call("unnest", t.call("list_value", *members)), "turned")
    spread = exp.Select(expressions=[*inner, t.column(RECORD), t.column(PART), each]).from_(
        frame.below(), copy=False
    )
    cells: list[tuple[RawColumn, exp.Expr]] = [(frame.columns[i], cell(i)) for i in other_columns]
    cells += [
        (RawColumn(name, name), t.field(t.column("turned"), "n")),
        (RawColumn(value, value), t.field(t.column("turned"), "v")),
    ]
    part = exp.Add(
        this=exp.Mul(this=t.column(PART), expression=t.number(len(turned))),
        expression=t.field(t.column("turned"), "p"),
    )
    unpivoted = replace(frame, query=spread).select(
        cells, t.column(RECORD), t.alias(part, PART), record=False
    )
    return unpivoted if empty else unpivoted.where(exp.Not(this=t.absent(cell(len(cells) - 1))))


def _flow(params: Values, before: Names, after: Names) -> Flow:
    return turned_flow(params.texts("columns"), params, after)


def turned_flow(turned: tuple[str, ...], params: Values, after: Names) -> Flow:
    """Of columns turned into rows: the value is made of them all. Where empty values go, which columns are named, and
    which rows there are, follows from which of them were filled.
    """
    filled = () if params.flag("empty") else turned
    new_columns = {params.text("name"): Cells(filled), params.text("value"): Cells(turned)}
    return Flow({**carried(n for n in after if n not in new_columns), **new_columns}, filled, several=True)


unpivot = Step(
    name="unpivot",
    title="Mettre des colonnes en lignes",
    english="Turn columns into rows",
    parameters=(
        Parameter(
            "columns", "columns", "Colonnes à mettre en lignes", english=("Columns to turn into rows", "")
        ),
        Parameter(
            "name",
            "name",
            "Colonne qui dira de quelle colonne vient la valeur",
            english=("Column that says where the value comes from", ""),
            default="nom",
        ),
        Parameter(
            "value",
            "name",
            "Colonne qui portera la valeur",
            english=("Column that holds the value", ""),
            default="valeur",
        ),
        Parameter(
            "empty",
            "flag",
            "Garder aussi les valeurs vides",
            english=("Keep empty values too", ""),
            default=False,
        ),
    ),
    apply=_apply,
    flow=_flow,
    examples=(
        Example(
            {"columns": ["2024", "2025"], "name": "annee", "value": "n"},
            ("ecole", "2024", "2025"),
            (("A", "10", "12"), ("B", "", "7")),
            ("ecole", "annee", "n"),
            (("A", "2024", "10"), ("A", "2025", "12"), ("B", "2025", "7")),
            (1, 1, 2),
        ),
        Example(
            {"columns": ["x", "y"], "empty": True},
            ("x", "y"),
            (("1", ""),),
            ("nom", "valeur"),
            (("x", "1"), ("y", None)),
            (1, 1),
        ),
    ),
)
