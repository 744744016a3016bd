"""Keep some columns only, in a given order. A geometry of the file stays: `drop` takes it away."""

from __future__ import annotations

from parvis.prepare.declaration import Bench, Example, Names, Parameter, Step, Values
from parvis.prepare.frame import GEOMETRIES, Frame, cell
from parvis.prepare.tracing import Flow, carried


def _apply(frame: Frame, params: Values, bench: Bench) -> Frame:
    first = [frame.at(name) for name in params.texts("columns")]
    rest = [
        i
        for i, c in enumerate(frame.columns)
        if i not in first and (params.flag("others") or c.native in GEOMETRIES)
    ]
    order = sorted((*first, *rest), key=lambda i: frame.columns[i].native in GEOMETRIES)
    return frame.select([(frame.columns[i], cell(i)) for i in order])


def _flow(params: Values, before: Names, after: Names) -> Flow:
    return Flow(carried(after))


keep = Step(
    name="keep",
    title="Garder et ordonner des colonnes",
    english="Keep and reorder columns",
    parameters=(
        Parameter(
            "columns",
            "columns",
            "Colonnes à garder, dans l’ordre voulu",
            english=("Columns to keep, in the order wanted", ""),
            free=True,
        ),
        Parameter(
            "others",
            "flag",
            "Garder aussi les autres, à la suite",
            english=("Keep the others too, after these", ""),
            default=False,
        ),
    ),
    apply=_apply,
    flow=_flow,
    examples=(
        Example({"columns": ["c", "a"]}, ("a", "b", "c"), (("1", "2", "3"),), ("c", "a"), (("3", "1"),)),
        Example(
            {"columns": ["c"], "others": True},
            ("a", "b", "c"),
            (("1", "2", "3"),),
            ("c", "a", "b"),
            (("3", "1", "2"),),
        ),
    ),
)
