"""A category has a new writing of a value that it already had."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.checks.categories import categories
from parvis.checks.declaration import English
from parvis.checks.drift import Change, Comparison, Drift, Pair

SHOWN = 6


def _look(c: Comparison) -> Iterable[Change]:
    for each in categories(c):
        if each.written:
            named = ", ".join(f"« {new[:60]} » (« {of[:60]} »)" for new, of in each.written[:SHOWN])
            yield Change(
                each.column,
                {"names": "" if c.hidden(each.column) else f" : {named}"},
                sum(each.now[new] for new, _ in each.written),
            )


category_spelling = Drift(
    name="drift-category-spelling",
    title="Nouvelle écriture d’une valeur connue",
    message="La colonne « {column} » écrit autrement des valeurs connues{names}.",
    fix="Gardez l’écriture d’avant, ou remplacez-la partout dans la recette de la ressource.",
    why="Pour un filtre ou un total, « Gymnase » et « GYMNASE » sont deux catégories.",
    look=_look,
    english=English(
        "New writing of a known value",
        "The column “{column}” writes known values otherwise{names}.",
        "Keep the former writing, or replace it everywhere in the recipe of the resource.",
        "To a filter or a total, “Gymnase” and “GYMNASE” are two categories.",
    ),
    examples=(
        Pair(
            {"t": ("Gymnase",) * 50 + ("École",) * 50},
            {"t": ("Gymnase",) * 40 + ("GYMNASE",) * 10 + ("École",) * 50},
            ("t",),
        ),
        Pair(
            {"t": ("Gymnase",) * 50 + ("Médiathèque",) * 50},
            {"t": ("Gymnase",) * 50 + ("Médiathèque",) * 40 + ("Médiatheqe",) * 10},
            ("t",),
        ),
        Pair({"t": ("Gymnase",) * 50 + ("École",) * 50}, {"t": ("École",) * 52 + ("Gymnase",) * 48}),
    ),
)
