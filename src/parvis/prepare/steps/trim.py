"""Take away blanks around cells, and double ones inside."""

from __future__ import annotations

from sqlglot import exp

from parvis.engine import trees as t
from parvis.prepare.declaration import Bench, Example, Names, Parameter, Step, Values
from parvis.prepare.frame import GEOMETRIES, Frame
from parvis.prepare.tracing import Flow, carried

_BLANK = "[\\s\\p{Z}\u200b\ufeff]+"


def _apply(frame: Frame, params: Values, bench: Bench) -> Frame:
    places = [frame.at(name) for name in params.texts("columns")] or [
        i for i, c in enumerate(frame.columns) if c.native not in GEOMETRIES and c.native is None
    ]

    def cleaned(place: int) -> exp.Expr:
        text = frame.text(place)
        single = (
            t.call("regexp_replace", text, t.text(_BLANK), t.text(" "), t.text("g"))
            if params.flag("inside")
            else text
        )
        edges = t.call("regexp_replace", single, t.text(f"^{_BLANK}|{_BLANK}$"), t.text(""), t.text("g"))
        return t.call("nullif", edges, t.text(""))

    return frame.changed({i: cleaned(i) for i in places})


def _flow(params: Values, before: Names, after: Names) -> Flow:
    return Flow(carried(after))


trim = Step(
    name="trim",
    title="Ôter les espaces superflus",
    english="Trim blanks",
    parameters=(
        Parameter(
            "columns",
            "columns",
            "Colonnes ; toutes si rien n’est choisi",
            english=("Columns; all when none is chosen", ""),
            default=[],
        ),
        Parameter(
            "inside",
            "flag",
            "Réduire aussi les espaces doublés à l’intérieur",
            english=("Also make double blanks single", ""),
            default=True,
        ),
    ),
    apply=_apply,
    flow=_flow,
    examples=(
        Example(
            {}, ("a", "b"), (("  x   y ", "\u00a0z\t"), (" ", "k")), ("a", "b"), (("x y", "z"), (None, "k"))
        ),
        Example(
            {"columns": ["b"], "inside": False},
            ("a", "b"),
            ((" x", " y  z "),),
            ("a", "b"),
            ((" x", "y  z"),),
        ),
    ),
)
