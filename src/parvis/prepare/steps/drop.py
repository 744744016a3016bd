"""Leave columns out."""

from __future__ import annotations

from parvis.core.errors import UsageError
from parvis.prepare.declaration import Bench, Example, Names, Parameter, Step, Values
from parvis.prepare.frame import Frame, cell
from parvis.prepare.tracing import Flow, carried


def _apply(frame: Frame, params: Values, bench: Bench) -> Frame:
    gone = {frame.at(name) for name in params.texts("columns")}
    if len(gone) == len(frame.columns):
        raise UsageError("il ne resterait aucune colonne.", mend="Gardez-en une au moins.")
    return frame.select([(c, cell(i)) for i, c in enumerate(frame.columns) if i not in gone])


def _flow(params: Values, before: Names, after: Names) -> Flow:
    return Flow(carried(after))


drop = Step(
    name="drop",
    title="Retirer des colonnes",
    english="Drop columns",
    parameters=(Parameter("columns", "columns", "Colonnes à retirer", english=("Columns to drop", "")),),
    apply=_apply,
    flow=_flow,
    examples=(
        Example(
            {"columns": ["b", "d"]}, ("a", "b", "c", "d"), (("1", "2", "3", "4"),), ("a", "c"), (("1", "3"),)
        ),
    ),
)
