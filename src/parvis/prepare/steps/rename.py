"""Give columns other names."""

from __future__ import annotations

from dataclasses import replace

from parvis.prepare.declaration import Bench, Example, Names, Parameter, Step, Values
from parvis.prepare.frame import GEOMETRIES, Frame, NoColumn
from parvis.prepare.tracing import Cells, Flow, carried


def _apply(frame: Frame, params: Values, bench: Bench) -> Frame:
    places = {frame.at(old): new for old, new in params.pairs("columns").items()}
    for i in places:
        if frame.columns[i].native in GEOMETRIES:
            raise NoColumn(frame.columns[i].name)
    frame.free(*places.values(), but=tuple(places))
    return replace(
        frame,
        columns=tuple(
            replace(c, name=places[i], label=places[i]) if i in places else c
            for i, c in enumerate(frame.columns)
        ),
    )


def _flow(params: Values, before: Names, after: Names) -> Flow:
    new = params.pairs("columns")
    return Flow(
        {
            **carried(n for n in before if n not in new),
            **{name: Cells((old,), same=True) for old, name in new.items()},
        }
    )


rename = Step(
    name="rename",
    title="Renommer des colonnes",
    english="Rename columns",
    parameters=(
        Parameter(
            "columns",
            "pairs",
            "Anciens et nouveaux noms",
            "Une ligne par colonne : ancien nom => nouveau nom",
            ("Old and new names", "One line a column: old name => new name"),
        ),
    ),
    apply=_apply,
    flow=_flow,
    examples=(
        Example(
            {"columns": {"Adr.": "adresse", "b": "c"}},
            ("Adr.", "b"),
            (("x", "y"),),
            ("adresse", "c"),
            (("x", "y"),),
        ),
        Example({"columns": {"a": "b", "b": "a"}}, ("a", "b"), (("1", "2"),), ("b", "a"), (("1", "2"),)),
    ),
)
