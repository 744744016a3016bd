"""A column of the version before is not there any more, and no other seems to have taken its place."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.checks.declaration import English
from parvis.checks.drift import Change, Comparison, Drift, Pair
from parvis.checks.similarity import renames


def _look(c: Comparison) -> Iterable[Change]:
    named = renames(c.before, c.after)
    names = c.before.schema.names
    gone = [n for n in names if n not in named and c.after.schema.column(n) is None]
    torn = len(names) >= 2 and len(gone) > len(names) / 2
    if torn:
        listed = ", ".join(f"« {n} »" for n in gone[:8])
        yield Change(
            "",
            {"what": f"{len(gone)} colonnes sur {len(names)} ont disparu ({listed})", "gone": listed},
            severity="error",
        )
        return
    for name in gone:
        yield Change(name, {"what": f"La colonne « {name} » a disparu", "gone": f"« {name} »"})


column_removed = Drift(
    name="drift-column-removed",
    title="Colonne disparue depuis la version précédente",
    message="{what} depuis la version précédente.",
    fix="Si c’est voulu, annoncez-le aux réutilisateurs avant de publier ; sinon vérifiez que c’est le bon fichier, et redéposez-le avec {gone}.",
    why="Les programmes qui lisent cette colonne cesseront de fonctionner le jour de la publication.",
    look=_look,
    english=English(
        "Column gone since the previous version",
        "Gone since the previous version: {gone}.",
        "If that is meant, tell those who reuse the data first; if not, check that it is the right file and hand it in again with {gone}.",
        "Programs that read this column will stop working on the day of publication.",
    ),
    examples=(
        Pair(
            {"nom": ("a", "b"), "rue": ("x", "y"), "n": ("1", "2")},
            {"nom": ("a", "b"), "rue": ("x", "y")},
            ("n",),
        ),
        Pair(
            {"nom": ("a", "b"), "rue": ("x", "y"), "n": ("1", "2")},
            {"zone": ("1950-01-01", "1960-01-01")},
            ("",),
        ),
        Pair({"nom": ("a", "b"), "rue": ("x", "y")}, {"rue": ("x", "y"), "nom": ("a", "b")}),
        Pair({"nom": ("a", "b"), "rue": ("x", "y")}, {"Nom": ("a", "b"), "rue": ("x", "y")}),
    ),
)
