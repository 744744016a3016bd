"""A column reads as another type than before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from parvis.checks.declaration import English
from parvis.checks.drift import Change, Comparison, Drift, Pair
from parvis.checks.version_profile import Portrait, filled
from parvis.core.types import ColumnType

WORDS: Mapping[ColumnType, str] = {
    "text": "texte", "integer": "nombre entier", "number": "nombre", "boolean": "oui ou non", "date": "date", "datetime": "date et heure", "time": "heure",
    "year": "année", "array": "liste", "json": "objet JSON", "point": "point", "shape": "forme",
}  # fmt: skip

WHOLE = frozenset({"integer", "number", "year"})

STRAY = 0.02
"""Share of values with decimals from which a whole number has become a number."""


def _look(c: Comparison) -> Iterable[Change]:
    for column in c.after.schema.columns:
        former = c.before.schema.column(column.name)
        if (
            former is None
            or former.type == column.type
            or _empty(c.before, column.name)
            or _empty(c.after, column.name)
        ):
            continue
        if {former.type, column.type} <= WHOLE and _alike(c, column.name):
            continue
        if {former.type, column.type} == {"integer", "boolean"} and _flags(c, column.name):
            continue
        yield Change(column.name, {"was": WORDS[former.type], "is_now": WORDS[column.type]})


def _empty(side: Portrait, name: str) -> bool:
    """Whether the column holds nothing that a type could be read from."""
    held = side.profile.get(name)
    return held is not None and held.nulls >= held.rows


def _flags(c: Comparison, name: str) -> bool:
    """Whether the whole numbers are nearly all 0 or 1, which read as yes or no when there is nothing else."""
    values = filled(c.before.numbers.get(name, c.after.numbers.get(name, np.zeros(0))))
    return len(values) > 0 and float(np.isin(values, (0, 1)).mean()) >= 0.9


def _alike(c: Comparison, name: str) -> bool:
    """Whether whole numbers and numbers differ by a few strays only: years or decimals that one version
    happens to hold.
    """
    shares: list[float] = []
    for side in (c.before, c.after):
        values = filled(side.numbers[name])
        shares.append(float((values != np.floor(values)).mean()) if len(values) else 0.0)
    return abs(shares[0] - shares[1]) < STRAY


column_type = Drift(
    name="drift-column-type",
    title="Colonne d’un autre type que dans la version précédente",
    message="La colonne « {column} » était de type {was} ; elle se lit maintenant comme {is_now}.",
    fix="Regardez les valeurs nouvelles de cette colonne. Si le type d’avant est le bon, corrigez-les, ou fixez le type dans les corrections de la ressource.",
    why="Les filtres, les tris, les calculs et les graphiques bâtis sur cette colonne ne marcheront plus.",
    look=_look,
    dimension="validity",
    english=English(
        "Column of another type than in the previous version",
        "The column “{column}” used to read as {was}; it now reads as {is_now}.",
        "Look at the new values of this column. If the former type is right, correct them, or fix the type in the corrections of the resource.",
        "Filters, sorting, sums and charts built on this column will stop working.",
    ),
    examples=(
        Pair({"n": ("1", "2", "3")}, {"n": ("un", "deux", "trois")}, ("n",)),
        Pair({"n": ("1", "2", "3")}, {"n": ("1,5", "2,5", "3,25")}, ("n",)),
        Pair({"d": ("2026-01-01", "2026-01-02")}, {"d": ("", "")}),
        Pair({"n": ("1", "2", "3")}, {"n": ("3", "4", "5")}),
    ),
)
