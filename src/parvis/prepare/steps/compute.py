"""Compute a column from others."""

from __future__ import annotations

from parvis.prepare.declaration import Bench, Example, Names, Parameter, Step, Values
from parvis.prepare.expressions import columns_of, compiled
from parvis.prepare.frame import GEOMETRIES, Frame, NoColumn
from parvis.prepare.tracing import Cells, Flow, carried


def _apply(frame: Frame, params: Values, bench: Bench) -> Frame:
    name = params.text("to")
    value = compiled(params.text("value"), lambda column: frame.text(frame.at(column)))
    if name not in frame.names:
        return frame.added({name: value})
    place = frame.at(name)
    if frame.columns[place].native in GEOMETRIES:
        raise NoColumn(name, there=True)
    return frame.changed({place: value})


def _flow(params: Values, before: Names, after: Names) -> Flow:
    return Flow({**carried(after), params.text("to"): Cells(columns_of(params.text("value")))})


compute = Step(
    name="compute",
    title="Calculer une colonne",
    english="Compute a column",
    parameters=(
        Parameter(
            "to",
            "name",
            "Colonne à calculer",
            "Nouvelle, ou existante : ses valeurs sont alors remplacées",
            ("Column to compute", "New, or replaced"),
        ),
        Parameter(
            "value",
            "expression",
            "Valeur",
            "round(montant * 1.2, 2) ; upper(nom) || ' ' || prenom ; if(n > 0, 'oui', 'non')",
            ("Value", "round(montant * 1.2, 2); upper(nom) || ' ' || prenom; if(n > 0, 'oui', 'non')"),
        ),
    ),
    apply=_apply,
    flow=_flow,
    examples=(
        Example(
            {"to": "ttc", "value": "round(ht * 1.2, 2)"},
            ("ht",),
            (("1 234,50",), ("10",), ("néant",)),
            ("ht", "ttc"),
            (("1 234,50", "1481.4"), ("10", "12"), ("néant", None)),
        ),
        Example(
            {"to": "qui", "value": "upper(left(nom, 1)) || '. ' || prenom"},
            ("nom", "prenom"),
            (("mer", "Ada"), ("", "Zoé")),
            ("nom", "prenom", "qui"),
            (("mer", "Ada", "M. Ada"), (None, "Zoé", ". Zoé")),
        ),
        Example(
            {"to": "n", "value": "if(n > 2, 'beaucoup', 'peu')"},
            ("n",),
            (("10",), ("",)),
            ("n",),
            (("beaucoup",), ("peu",)),
        ),
        Example(
            {"to": "jours", "value": "date(fin) - date(debut)"},
            ("debut", "fin"),
            (("01/03/2026", "2026-03-31"),),
            ("debut", "fin", "jours"),
            (("01/03/2026", "2026-03-31", "30"),),
        ),
        Example(
            {
                "to": "c",
                "value": "case when a is null then 'vide' when a = 'x' then pad(b, 5, '0') else split(b, '-', 2) end",
            },
            ("a", "b"),
            (("", "1"), ("x", "42"), ("y", "p-q-r")),
            ("a", "b", "c"),
            ((None, "1", "vide"), ("x", "42", "00042"), ("y", "p-q-r", "q")),
        ),
    ),
)
