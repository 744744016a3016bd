"""Cut a column into several at a separator. The last one takes what is left."""

from __future__ import annotations

from sqlglot import exp

from parvis.core.errors import UsageError
from parvis.core.reading import RawColumn
from parvis.engine import trees as t
from parvis.prepare.declaration import Bench, Example, Names, Parameter, Step, Values
from parvis.prepare.frame import Frame, cell
from parvis.prepare.tracing import Cells, Flow, carried


def _apply(frame: Frame, params: Values, bench: Bench) -> Frame:
    place, separator, into = frame.at(params.text("column")), params.text("separator"), params.texts("into")
    if not separator:
        raise UsageError("Il faut un séparateur.", mend="Une virgule, un tiret, un espace…")
    parts = t.call("string_split", frame.text(place), t.text(separator))
    pieces: dict[str, exp.Expr] = {}
    for i, name in enumerate(into):
        last = i == len(into) - 1
        piece = (
            t.call(
                "array_to_string",
                t.call("list_slice", parts.copy(), t.number(i + 1), t.call("len", parts.copy())),
                t.text(separator),
            )
            if last
            else t.call("list_extract", parts.copy(), t.number(i + 1))
        )
        pieces[name] = t.call("nullif", t.call("trim", piece), t.text(""))
    keeps_source = params.flag("keep")
    frame.free(*pieces, but=() if keeps_source else (place,))
    cells = [(c, cell(i)) for i, c in enumerate(frame.columns)]
    cells[place if not keeps_source else place + 1 : place + 1] = [
        (RawColumn(name, name), value) for name, value in pieces.items()
    ]
    return frame.select(cells)


def _flow(params: Values, before: Names, after: Names) -> Flow:
    pieces = dict.fromkeys(params.texts("into"), Cells((params.text("column"),)))
    return Flow({**carried(n for n in after if n not in pieces), **pieces})


split = Step(
    name="split",
    title="Découper une colonne",
    english="Split a column",
    parameters=(
        Parameter("column", "column", "Colonne à découper", english=("Column to split", "")),
        Parameter(
            "separator",
            "text",
            "Séparateur",
            "Le texte qui sépare les morceaux",
            ("Separator", "The text between the pieces"),
        ),
        Parameter(
            "into",
            "names",
            "Nouvelles colonnes",
            "La dernière prend tout ce qui reste",
            ("New columns", "The last one takes what is left"),
        ),
        Parameter(
            "keep",
            "flag",
            "Garder la colonne d’origine",
            english=("Keep the original column", ""),
            default=False,
        ),
    ),
    apply=_apply,
    flow=_flow,
    examples=(
        Example(
            {"column": "qui", "separator": " ", "into": ["prenom", "nom"]},
            ("qui", "n"),
            (("Ada de Mer", "1"), ("Zoé", "2"), ("", "3")),
            ("prenom", "nom", "n"),
            (("Ada", "de Mer", "1"), ("Zoé", None, "2"), (None, None, "3")),
        ),
        Example(
            {"column": "p", "separator": "-", "into": ["p", "q"]},
            ("o", "p"),
            (("1", "a-b"),),
            ("o", "p", "q"),
            (("1", "a", "b"),),
        ),
        Example(
            {"column": "p", "separator": ",", "into": ["lat", "lon"], "keep": True},
            ("p",),
            (("43.6, 3.8",),),
            ("p", "lat", "lon"),
            (("43.6, 3.8", "43.6", "3.8"),),
        ),
    ),
)
