"""A category lost values that it always had."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.checks.categories import categories
from parvis.checks.declaration import English
from parvis.checks.drift import Change, Comparison, Drift, Pair
from parvis.core.text import french_number

SHOWN = 8


def _look(c: Comparison) -> Iterable[Change]:
    for each in categories(c):
        if each.gone:
            rows = sum(each.was[v] for v in each.gone)
            named = (
                f" ({', '.join(f'« {v[:60]} »' for v in each.gone[:SHOWN])})"
                if not c.hidden(each.column)
                else ""
            )
            yield Change(
                each.column,
                {
                    "what": f"{french_number(len(each.gone))} valeur{'s' * (len(each.gone) > 1)}{named}",
                    "rows": french_number(rows),
                },
                rows,
            )


category_gone = Drift(
    name="drift-category-gone",
    title="Valeurs disparues d’une catégorie",
    message="La colonne « {column} » a perdu {what}, que portaient {rows} lignes.",
    fix="Vérifiez que l’extraction ne laisse pas une partie de côté (un service, un quartier, un type).",
    why="Une catégorie entière qui manque ne se voit pas dans un total.",
    look=_look,
    dimension="completeness",
    english=English(
        "Values gone from a category",
        "The column “{column}” has lost values that {rows} rows had: {what}.",
        "Check that the extract does not leave a part aside (a department, a district, a kind).",
        "A whole category that is missing does not show in a total.",
    ),
    examples=(
        Pair(
            {"t": ("école",) * 60 + ("crèche",) * 60 + ("gymnase",) * 20},
            {"t": ("école",) * 60 + ("crèche",) * 60},
            ("t",),
        ),
        Pair(
            {"t": ("école",) * 60 + ("crèche",) * 60 + ("gymnase",)},
            {"t": ("école",) * 60 + ("crèche",) * 60},
        ),
    ),
)
