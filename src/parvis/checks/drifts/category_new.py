"""A category has values that it never had."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.checks.categories import categories
from parvis.checks.declaration import English
from parvis.checks.drift import Change, Comparison, Drift, Pair
from parvis.core.text import french_number

SHOWN = 8


def _look(c: Comparison) -> Iterable[Change]:
    for each in categories(c):
        if each.new:
            rows = sum(each.now[v] for v in each.new)
            named = (
                f" ({', '.join(f'« {v[:60]} »' for v in each.new[:SHOWN])})"
                if not c.hidden(each.column)
                else ""
            )
            many = "s" * (len(each.new) > 1)
            yield Change(
                each.column,
                {"what": f"{french_number(len(each.new))} valeur{many} jamais vue{many}{named}"},
                rows,
            )


category_new = Drift(
    name="drift-category-new",
    title="Valeurs jamais vues dans une catégorie",
    message="La colonne « {column} » a {what}.",
    fix="Si la catégorie s’est enrichie, documentez ces valeurs ; sinon ramenez-les aux valeurs d’avant.",
    why="Les légendes, filtres et regroupements des réutilisateurs ne connaissent pas ces valeurs.",
    look=_look,
    english=English(
        "Values never seen in a category",
        "The column “{column}” has values never seen before: {what}.",
        "If the category has grown, document these values; if not, bring them back to the former ones.",
        "The legends, filters and groups of those who reuse the data do not know these values.",
    ),
    examples=(
        Pair(
            {"t": ("école",) * 60 + ("crèche",) * 60},
            {"t": ("école",) * 50 + ("crèche",) * 50 + ("gymnase",) * 20},
            ("t",),
        ),
        Pair(
            {"t": ("école",) * 60 + ("crèche",) * 60},
            {"t": ("école",) * 61 + ("crèche",) * 58 + ("gymnase",)},
        ),
        Pair({"t": ("2024",) * 60 + ("2025",) * 60}, {"t": ("2024",) * 60 + ("2025",) * 60 + ("2026",) * 40}),
    ),
)
