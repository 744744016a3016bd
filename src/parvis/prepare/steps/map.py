"""Write some values of a column in another way."""

from __future__ import annotations

from sqlglot import exp

from parvis.engine import trees as t
from parvis.prepare.declaration import Bench, Choice, Example, Names, Parameter, Step, Values
from parvis.prepare.frame import Frame
from parvis.prepare.tracing import Cells, Flow, carried


def _apply(frame: Frame, params: Values, bench: Bench) -> Frame:
    place, pairs = frame.at(params.text("column")), params.pairs("values")
    # A map literal, looked up once a cell: a CASE of thousands of branches is walked for each.
    known = t.call(
        "map",
        t.call("list_value", *(t.text(k) for k in pairs)),
        t.call("list_value", *(t.text(v) for v in pairs.values())),
    )
    read = t.call("coalesce", t.call("trim", frame.text(place)), t.text(""))
    new_value = t.call("list_extract", t.call("map_extract", known, read), t.number(1))
    rest: exp.Expr = exp.null() if params.text("others") == "empty" else frame.text(place)
    return frame.changed({place: t.call("nullif", t.call("coalesce", new_value, rest), t.text(""))})


def _flow(params: Values, before: Names, after: Names) -> Flow:
    return Flow({**carried(after), params.text("column"): Cells((params.text("column"),))})


map_values = Step(
    name="map",
    title="Remplacer des valeurs entières",
    english="Map values",
    parameters=(
        Parameter("column", "column", "Colonne", english=("Column", "")),
        Parameter(
            "values",
            "pairs",
            "Anciennes et nouvelles valeurs",
            "Une ligne par valeur : ancienne => nouvelle",
            ("Old and new values", "One line a value: old => new"),
        ),
        Parameter(
            "others",
            "choice",
            "Valeurs qui n’y sont pas",
            english=("Values that are not listed", ""),
            default="keep",
            choices=(Choice("keep", "les laisser", "leave them"), Choice("empty", "les vider", "empty them")),
        ),
    ),
    apply=_apply,
    flow=_flow,
    examples=(
        Example(
            {"column": "q", "values": {"O": "oui", "N": "non", "": "inconnu", "?": ""}},
            ("q",),
            (("O",), (" N ",), ("",), (None,), ("x",), ("?",)),
            ("q",),
            (("oui",), ("non",), ("inconnu",), ("inconnu",), ("x",), (None,)),
        ),
        Example(
            {"column": "q", "values": {"O": "oui"}, "others": "empty"},
            ("q",),
            (("O",), ("x",)),
            ("q",),
            (("oui",), (None,)),
        ),
    ),
)
