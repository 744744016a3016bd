"""Turn the columns of a measure, one a year or a month, into rows: one for each period. A column that a later file adds
is turned too, and one that it no longer has is not missed.
"""

from __future__ import annotations

from parvis.core import periods
from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.prepare.declaration import Bench, Example, Names, Parameter, Step, Values
from parvis.prepare.frame import Frame, NoColumn
from parvis.prepare.steps.unpivot import turn, turned_flow
from parvis.prepare.tracing import Flow


def _apply(frame: Frame, params: Values, bench: Bench) -> Frame:
    header = params.text("like")
    columns = list(periods.like(header, frame.names))
    if not columns:
        if not periods.periods(header):
            raise UsageError(
                Sentence("« {header} » ne nomme ni année, ni trimestre, ni mois.", header=header),
                mend="Donnez une colonne comme « pop_2024 », « T1 2024 » ou « janvier ».",
            )
        raise NoColumn(header)
    turned, labels = zip(*columns, strict=True)
    return turn(frame, turned, labels, params.text("name"), params.text("value"), empty=params.flag("empty"))


def _flow(params: Values, before: Names, after: Names) -> Flow:
    turned = tuple(before[place] for place, _ in periods.like(params.text("like"), before))
    return turned_flow(turned, params, after)


unpivot_periods = Step(
    name="unpivot_periods",
    title="Mettre en lignes des années, des mois, des trimestres",
    english="Turn years, months or quarters into rows",
    parameters=(
        Parameter(
            "like",
            "column",
            "Une des colonnes, celle d’une année par exemple",
            "Les autres de la même mesure vont avec elle, celles des prochains fichiers aussi",
            (
                "One of the columns, that of a year for instance",
                "The others of the same measure go with it, those of the next files too",
            ),
        ),
        Parameter(
            "name",
            "name",
            "Colonne qui portera la période",
            english=("Column that holds the period", ""),
            default="periode",
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
            default=True,
        ),
    ),
    apply=_apply,
    flow=_flow,
    examples=(
        Example(
            {"like": "pop_2023", "name": "annee", "value": "population"},
            ("commune", "pop_2024", "pop_2025", "note"),
            (("A", "10", "12", "x"), ("B", "", "7", "")),
            ("commune", "note", "annee", "population"),
            (
                ("A", "x", "2024", "10"),
                ("A", "x", "2025", "12"),
                ("B", None, "2024", None),
                ("B", None, "2025", "7"),
            ),
            (1, 1, 2, 2),
        ),
        Example(
            {"like": "T1 2025", "empty": False},
            ("T1 2025", "T2 2025", "T3 2025"),
            (("1", "", "3"),),
            ("periode", "valeur"),
            (("2025-T1", "1"), ("2025-T3", "3")),
            (1, 1),
        ),
    ),
)
