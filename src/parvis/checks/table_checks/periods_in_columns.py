"""Years, months or quarters that stand side by side as columns: every new period changes the structure of the table."""

from __future__ import annotations

from collections.abc import Iterator

from parvis.checks.declaration import Check, English, Example
from parvis.checks.typed_view import IDENTIFIERS, PLACES, RuleHit, TypedView
from parvis.core.periods import groups


def _look(view: TypedView) -> Iterator[RuleHit]:
    measured = {c.name for c, _ in view.columns("integer", "number") if c.meaning not in IDENTIFIERS | PLACES}
    empty = {
        c.name
        for c in view.schema.columns
        if c.name in view.profile and view.profile[c.name].nulls == view.rows
    }
    names = [c.name for c in view.schema.columns]
    for group in groups(names):
        columns = [names[place] for place in group.places]
        if measured & {*columns} and {*columns} <= measured | empty:
            yield RuleHit(
                columns[0],
                0,
                params={"n": str(len(columns)), "first": columns[0], "last": columns[-1]},
            )


_SCHOOLS = (("Jaurès", "120", "118", ""), ("Curie", "95", "101", ""), ("Zola", "80", "84", ""))

periods_in_columns = Check(
    name="periods-in-columns",
    title="Périodes en colonnes",
    message="{n} colonnes sont la même mesure à des périodes différentes, de « {first} » à « {last} ».",
    fix="Faites-en une ligne par période, avec une colonne pour la période et une pour la valeur.",
    why="Chaque nouvelle période change la structure du fichier : les graphiques, les filtres et les programmes de qui"
    " l’utilise sont à refaire.",
    english=English(
        title="Periods as columns",
        message="{n} columns are the same measure at different periods, from “{first}” to “{last}”.",
        fix="Make it one row a period, with a column for the period and one for the value.",
        why="Each new period changes the structure of the file: the charts, filters and programs of whoever uses it have"
        " to be made again.",
    ),
    severity="info",
    dimension="consistency",
    look=_look,
    examples=(
        Example({}, ("ecole", "eleves_2024", "eleves_2025", "eleves_2026"), _SCHOOLS, (0,)),
        Example(
            {},
            ("poste", "janvier", "février", "mars"),
            (("Eau", "3,5", "4", "3"), ("Gaz", "9", "8,2", "7")),
            (0,),
        ),
        Example({}, ("ecole", "eleves_2024", "repas_2025", "places_2026"), _SCHOOLS),
        Example({}, ("ecole", "2024", "2025"), (("Jaurès", "120", "118"), ("Curie", "95", "101"))),
        Example(
            {},
            ("salle", "travaux 2023", "travaux 2024", "travaux 2025"),
            (("Fêtes", "toit", "chauffage", "portes"), ("Sport", "sol", "", "vitres")),
        ),
    ),
)
