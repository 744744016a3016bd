"""The share of empty cells of a column changed."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from parvis.checks.declaration import English
from parvis.checks.drift import Change, Comparison, Drift, Mask, Pair, beyond_chance
from parvis.checks.version_profile import Portrait, spoken
from parvis.core.text import french_number

LEAST = 5
"""Fewer cells that became empty, or filled, are never told."""

NEAR, FAR = 0.02, 0.5
"""Change of the share that is told: within one period, between two (sensors fail for weeks)."""


def _look(c: Comparison) -> Iterable[Change]:
    for column in c.after.schema.columns:
        was, now = c.before.profile.get(column.name), c.after.profile.get(column.name)
        if was is None or now is None or not was.rows or not now.rows:
            continue
        empty, again = was.nulls - was.misfits, now.nulls - now.misfits
        is_change = _apart(empty, was.rows, again, now.rows, FAR if c.moved else NEAR)
        if c.standing.phase == "grown":
            is_change = any(
                _apart(
                    *_empty(c.before, column.name, c.standing.before),
                    *_empty(c.after, column.name, mask),
                    limit,
                )
                for mask, limit in ((c.standing.after, NEAR), (~c.standing.after, FAR))
            )
        if is_change:
            yield Change(
                column.name,
                {"was": _percent(empty / was.rows), "now": _percent(again / now.rows)},
                abs(again - round(empty / was.rows * now.rows)),
            )


def _empty(side: Portrait, name: str, mask: Mask) -> tuple[int, int]:
    """Empty cells among the sampled rows of a mask, and those rows; (0, 0) for a column that the sample
    leaves out.
    """
    if name in side.numbers:
        return int(np.isnan(side.numbers[name][mask]).sum()), int(mask.sum())
    return (
        (int(mask.sum()) - len(spoken(side.texts[name][mask])), int(mask.sum()))
        if name in side.texts
        else (0, 0)
    )


def _apart(empty: int, of: int, again: int, of_again: int, least: float) -> bool:
    """Whether a share of empty cells moved by `least` points where there were none, by some more where the
    share is known less well, and beyond chance.
    """
    if not of or not of_again:
        return False
    share, now = empty / of, again / of_again
    enough = (
        abs(now - share) >= least + 0.12 * math.sqrt(share * (1 - share))
        and abs(again - share * of_again) >= LEAST
    )
    return enough and beyond_chance(empty, of, again, of_again)


def _percent(share: float) -> str:
    return f"{french_number(100 * share, 0 if share in (0, 1) else 1)} %"


nulls = Drift(
    name="drift-nulls",
    title="Part de cellules vides inattendue",
    message="Dans la colonne « {column} », la part de cellules vides passe de {was} à {now}.",
    fix="Vérifiez que l’extraction remplit encore cette colonne, et qu’aucun mot ou zéro ne tient lieu de case vide.",
    why="Une colonne qui se vide ne sert plus ; une colonne qui se remplit d’un coup cache souvent une valeur par défaut.",
    look=_look,
    dimension="completeness",
    english=English(
        "Unexpected share of empty cells",
        "In the column “{column}” the share of empty cells goes from {was} to {now}.",
        "Check that the extract still fills this column, and that no word or zero stands for an empty cell.",
        "A column that empties is of no use; one that fills up at once often hides a default value.",
    ),
    examples=(
        Pair(
            {"n": tuple(str(i % 9) for i in range(200)), "k": ("x",) * 200},
            {"n": tuple("" if i % 5 == 0 else str(i % 9) for i in range(200)), "k": ("x",) * 200},
            ("n",),
        ),
        Pair(
            {"n": tuple("" if i % 2 else str(i % 9) for i in range(200)), "k": ("x",) * 200},
            {
                "n": tuple(
                    "" if i % 20 in (1, 3, 5, 7, 9, 11, 13, 15, 17) else str(i % 9) for i in range(200)
                ),
                "k": ("x",) * 200,
            },
        ),
    ),
)
