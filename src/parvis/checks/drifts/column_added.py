"""A column that the version before did not have."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.checks.declaration import English
from parvis.checks.drift import Change, Comparison, Drift, Pair
from parvis.checks.similarity import renames


def _look(c: Comparison) -> Iterable[Change]:
    known = set(renames(c.before, c.after).values())
    for name in c.after.schema.names:
        if name not in known and c.before.schema.column(name) is None:
            yield Change(name)


column_added = Drift(
    name="drift-column-added",
    title="Colonne nouvelle depuis la version précédente",
    message="La colonne « {column} » n’était pas dans la version précédente.",
    fix="Décrivez-la (titre, unité), vérifiez qu’elle ne contient rien de personnel, puis publiez ; si elle est de trop, retirez-la.",
    why="Une colonne ajoutée par mégarde peut divulguer ce qui devait rester interne.",
    look=_look,
    english=English(
        "Column new since the previous version",
        "The column “{column}” was not in the previous version.",
        "Describe it (title, unit), check that it holds nothing personal, then publish; if it should not be there, take it away.",
        "A column added by accident may give away what should have stayed inside.",
    ),
    examples=(
        Pair({"nom": ("a", "b")}, {"nom": ("a", "b"), "note": ("x", "y")}, ("note",)),
        Pair({"nom": ("a", "b")}, {"NOM": ("a", "b")}),
    ),
)
