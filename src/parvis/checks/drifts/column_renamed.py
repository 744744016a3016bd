"""A column has another name: the label, or what it holds, says that it is the same one."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.checks.declaration import English
from parvis.checks.drift import Change, Comparison, Drift, Pair
from parvis.checks.similarity import renames


def _look(c: Comparison) -> Iterable[Change]:
    for old, new in renames(c.before, c.after).items():
        yield Change(new, {"old": old})


column_renamed = Drift(
    name="drift-column-renamed",
    title="Colonne renommée depuis la version précédente",
    message="La colonne « {old} » semble s’appeler maintenant « {column} ».",
    fix="Remettez le nom « {old} », ou renommez-la dans la recette de la ressource pour que les réutilisateurs n’aient rien à changer.",
    why="Pour un programme, une colonne renommée est une colonne disparue.",
    look=_look,
    english=English(
        "Column renamed since the previous version",
        "The column “{old}” now seems to be called “{column}”.",
        "Put the name “{old}” back, or rename it in the recipe of the resource, so that nobody who reuses the data has to change anything.",
        "To a program, a renamed column is a column that is gone.",
    ),
    examples=(
        Pair(
            {"Nom du site": ("a", "b"), "n": ("1", "2")},
            {"nom_du_site": ("a", "b"), "n": ("1", "2")},
            ("nom_du_site",),
        ),
        Pair(
            {"commune": ("Auly", "Borne", "Cize"), "n": ("1", "2", "3")},
            {"ville": ("Auly", "Borne", "Cize"), "n": ("1", "2", "3")},
            ("ville",),
        ),
        Pair(
            {"commune": ("Auly", "Borne", "Cize"), "n": ("1", "2", "3")},
            {"commune": ("Auly", "Borne", "Cize"), "n": ("1", "2", "3")},
        ),
    ),
)
