"""Replace a piece of text inside the cells of columns."""

from __future__ import annotations

import duckdb

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.engine import trees as t
from parvis.prepare.declaration import Bench, Example, Names, Parameter, Step, Values
from parvis.prepare.frame import Frame
from parvis.prepare.tracing import Cells, Flow, carried


def _apply(frame: Frame, params: Values, bench: Bench) -> Frame:
    find, by = t.text(params.text("find")), t.text(params.text("by"))
    if params.flag("pattern"):
        try:
            bench.con.execute(
                "SELECT regexp_replace('', ?, ?, 'g')", [params.text("find"), params.text("by")]
            )
        except duckdb.InvalidInputException as wrong:
            raise UsageError(
                Sentence("motif mal écrit : « {find} ».", find=params.text("find")),
                mend="Expression régulière RE2 : sans retour arrière ni assertion.",
            ) from wrong
    return frame.changed(
        {
            i: t.call(
                "nullif",
                t.call("regexp_replace", frame.text(i), find.copy(), by.copy(), t.text("g"))
                if params.flag("pattern")
                else t.call("replace", frame.text(i), find.copy(), by.copy()),
                t.text(""),
            )
            for i in map(frame.at, params.texts("columns"))
        }
    )


def _flow(params: Values, before: Names, after: Names) -> Flow:
    return Flow({**carried(after), **{name: Cells((name,)) for name in params.texts("columns")}})


replace_text = Step(
    name="replace",
    title="Remplacer un morceau de texte",
    english="Replace a piece of text",
    parameters=(
        Parameter("columns", "columns", "Colonnes", english=("Columns", "")),
        Parameter("find", "text", "Texte cherché", english=("Text to find", "")),
        Parameter("by", "text", "Remplacé par", english=("Replaced by", ""), default=""),
        Parameter(
            "pattern",
            "flag",
            "Le texte cherché est une expression régulière (RE2)",
            english=("The text is a regular expression (RE2)", ""),
            default=False,
        ),
    ),
    apply=_apply,
    flow=_flow,
    examples=(
        Example(
            {"columns": ["a", "b"], "find": "€", "by": ""},
            ("a", "b", "c"),
            (("5€", "€", "€"),),
            ("a", "b", "c"),
            (("5", None, "€"),),
        ),
        Example(
            {"columns": ["a"], "find": "^0+([0-9])", "by": "\\1", "pattern": True},
            ("a",),
            (("0042",), ("x0",)),
            ("a",),
            (("42",), ("x0",)),
        ),
        Example(
            {"columns": ["a"], "find": "l'o\"b", "by": "';--"}, ("a",), (("l'o\"b",),), ("a",), (("';--",),)
        ),
    ),
)
