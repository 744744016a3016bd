"""More or fewer rows than the history of the resource, or its period, explains."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from parvis.checks.declaration import English
from parvis.checks.drift import Change, Comparison, Drift, Pair
from parvis.checks.version_profile import times
from parvis.core.text import french_number

FEW = 5
"""A difference of fewer rows is never told."""

LESS, MORE = 0.8, 1.4
"""Ratios that are told when nothing explains them."""

KNOWN = 4
"""Versions from which the history of the resource tells what is usual."""

BROKEN = 0.1
"""Less than this share of the rows left: surely not the file that was meant."""


def _look(c: Comparison) -> Iterable[Change]:
    was, now = c.before.rows, c.after.rows
    if was and not now:
        yield Change("", {"was": french_number(was), "now": "0", "said": "le fichier est vide"}, was, "error")
        return
    if not was:
        return
    sentence = _unusual(c.history, now) if len(c.history) >= KNOWN else _unexplained(c)
    if sentence:
        grave = "error" if now < BROKEN * was else None
        yield Change(
            "",
            {"was": french_number(was), "now": french_number(now), "said": sentence},
            abs(now - was),
            grave,
        )


def _unusual(history: Sequence[int], now: int) -> str:
    """Against the resource's own steps: their median, and four times their usual spread (at least 15 %)."""
    steps = np.diff(np.log(np.maximum(np.array(history, dtype=np.float64), 1)))
    middle = float(np.median(steps))
    spread = 1.4826 * float(np.median(np.abs(steps - middle)))
    step = math.log(max(now, 1) / max(history[-1], 1))
    if abs(step - middle) <= max(math.log(1.15), 4 * spread) or abs(now - history[-1]) < FEW:
        return ""
    return f"{_percent(step)}, alors que les {len(history)} dernières versions variaient d’ordinaire de {_percent(middle)} d’une fois à l’autre"


def _unexplained(c: Comparison) -> str:
    """Against the version before alone. A period that was added or that moved on explains what it holds, and
    no more.
    """
    was, now, at = c.before.rows, c.after.rows, c.standing
    step = math.log(now / was)
    if at.phase == "same":
        return _percent(step) if not LESS <= now / was <= MORE and abs(now - was) >= FEW else ""
    held = c.after.rows / max(c.after.size, 1) * float(at.after.sum())
    had = c.before.rows / max(c.before.size, 1) * float(at.before.sum())
    if at.phase == "replaced":
        return _percent(step) if not 0.5 <= now / was <= 2 else ""
    if not LESS <= held / max(had, 1) <= 1 / LESS and abs(held - had) >= FEW:
        return f"{_percent(math.log(max(held, 1) / max(had, 1)))} sur la période que les deux versions ont en commun (colonne « {at.column} »)"
    if at.phase == "rolled":
        return _percent(step) if not 0.5 <= now / was <= 2 else ""
    old, new = times(c.before)[at.column], times(c.after)[at.column]
    span, added = float(np.nanmax(old) - np.nanmin(old)), float(np.nanmax(new) - np.nanmax(old))
    rate = (now - held) / max(added, 1e-9) / (was / max(span, 1e-9))
    return (
        f"la période ajoutée compte {french_number(rate, 1)} fois plus de lignes qu’avant pour la même durée"
        if span > 0 and rate > 4
        else ""
    )


def _percent(step: float) -> str:
    change = 100 * (math.exp(step) - 1)
    return f"{'+' if change >= 0 else '−'}{french_number(round(abs(change)))} %"


rows = Drift(
    name="drift-rows",
    title="Nombre de lignes inattendu",
    message="La table passe de {was} à {now} lignes : {said}.",
    fix="Vérifiez que l’extraction est complète et qu’elle n’est pas en double. Si c’est voulu, dites-le dans la description du jeu.",
    why="Une extraction coupée ou doublée fausse tous les totaux, sans que rien ne le montre.",
    look=_look,
    dimension="completeness",
    english=English(
        "Unexpected number of rows",
        "The table goes from {was} to {now} rows ({said}).",
        "Check that the extract is complete and not doubled. If that is meant, say so in the description of the dataset.",
        "A cut or doubled extract falsifies every total, and nothing shows it.",
    ),
    examples=(
        Pair(
            {"n": tuple(str(i % 7) for i in range(100))}, {"n": tuple(str(i % 7) for i in range(50))}, ("",)
        ),
        Pair(
            {"n": tuple(str(i % 7) for i in range(100))}, {"n": tuple(str(i % 7) for i in range(200))}, ("",)
        ),
        Pair({"n": ("1", "2", "3", "4", "5", "6")}, {"n": ()}, ("",)),
        Pair({"n": tuple(str(i % 7) for i in range(100))}, {"n": tuple(str(i % 7) for i in range(95))}),
        Pair(
            {"annee": tuple(str(2019 + i // 20) for i in range(60))},
            {"annee": tuple(str(2019 + i // 20) for i in range(100))},
        ),
    ),
)
