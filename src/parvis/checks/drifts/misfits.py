"""More values than before do not fit the type of their column."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.checks.declaration import English
from parvis.checks.drift import Change, Comparison, Drift, Pair, beyond_chance
from parvis.core.text import french_number

LEAST = 5
SHARE = 0.01
"""From one point more on."""


def _look(c: Comparison) -> Iterable[Change]:
    for column in c.shared:
        was, now = c.before.profile.get(column.name), c.after.profile.get(column.name)
        if was is None or now is None or not was.rows or not now.rows or now.misfits < LEAST:
            continue
        share, again = was.misfits / was.rows, now.misfits / now.rows
        if again - share >= SHARE and beyond_chance(was.misfits, was.rows, now.misfits, now.rows):
            yield Change(
                column.name,
                {"was": f"{french_number(100 * share, 1)} %", "now": f"{french_number(100 * again, 1)} %"},
                now.misfits,
            )


misfits = Drift(
    name="drift-misfits",
    title="Davantage de valeurs illisibles",
    message="Dans la colonne « {column} », la part de valeurs qui ne se lisent pas passe de {was} à {now}.",
    fix="Regardez ces valeurs dans le rapport : un séparateur, une unité ou un format de date a sans doute changé à la source.",
    why="Ces valeurs manqueront à tous les calculs.",
    look=_look,
    dimension="validity",
    english=English(
        "More values that can’t be read",
        "In the column “{column}” the share of values that can’t be read goes from {was} to {now}.",
        "Look at these values in the report: a separator, a unit or a date format has probably changed at the source.",
        "These values will be missing from every sum.",
    ),
    examples=(
        Pair(
            {"n": tuple(str(i) for i in range(1000))},
            {"n": tuple(f"{i} env." if i % 40 == 0 else str(i) for i in range(1000))},
            ("n",),
        ),
        Pair(
            {"n": tuple(str(i) for i in range(1000))},
            {"n": tuple("?" if i == 3 else str(i) for i in range(1000))},
        ),
    ),
)
