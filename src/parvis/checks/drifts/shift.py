"""Row by row, under the same keys, a column moved as a whole: every number in one ratio or by one amount, or
most dates to other days.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from parvis.checks.declaration import English
from parvis.checks.drift import Change, Comparison, Drift, Pair
from parvis.checks.version_profile import Numbers
from parvis.core.text import french_number

LEAST = 20
MOST = 0.8
"""Share of the rows that moved alike."""

MOVED = 0.5
"""Share of the dates that moved alike without being newer than all before: newer ones are stamps of an
update.
"""

DAYS = 1.5
"""Days by which dates that moved alike may differ: 29 February, the hour of summer."""


def _look(c: Comparison) -> Iterable[Change]:
    if c.pairs is None:
        return
    first, second = c.pairs
    for column in c.shared:
        name = column.name
        if name not in c.before.numbers or name == c.key:
            continue
        was, now = c.before.numbers[name][first], c.after.numbers[name][second]
        held = ~np.isnan(was) & ~np.isnan(now)
        was, now = was[held], now[held]
        if len(was) < LEAST:
            continue
        sentence = (
            _days(was, now)
            if column.type in ("date", "datetime")
            else ""
            if column.type == "year"
            else _alike(was, now)
        )
        if sentence:
            yield Change(name, {"what": sentence}, int((was != now).sum()))


def _days(was: Numbers, now: Numbers) -> str:
    moved = (was != now) & (now <= was.max())
    if moved.mean() < MOVED:
        return ""
    days = float(np.median((now - was)[moved]))
    alike = moved & (np.abs(now - was - days) <= DAYS)
    if alike.mean() < MOVED:
        return ""
    return f"{french_number(int(alike.sum()))} dates sont décalées de {french_number(round(days, 1))} jours pour la même ligne"


def _alike(was: Numbers, now: Numbers) -> str:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio, step = now / was, now - was
    for moves, neutral, words in ((ratio, 1.0, "multipliées par {}"), (step, 0.0, "décalées de {}")):
        known = moves[np.isfinite(moves)]
        if len(known) < LEAST or len(np.unique(was)) < 5:
            continue
        middle = float(np.median(known))
        close = np.abs(moves - middle) <= max(1e-6, 0.005 * abs(middle))
        if abs(middle - neutral) > 0.01 * max(abs(neutral), 1e-9) and np.nansum(close) >= MOST * len(was):
            return "presque toutes les valeurs sont " + words.format(french_number(float(f"{middle:.4g}")))
    return ""


_KEYS = tuple(f"S{i:03d}" for i in range(60))

shift = Drift(
    name="drift-shift",
    title="Colonne décalée d’un bloc, ligne à ligne",
    message="Dans la colonne « {column} », {what}.",
    fix="Vérifiez que la colonne contient encore la même grandeur, dans la même unité, et que les lignes ne sont pas décalées d’un rang.",
    why="Une colonne collée avec un rang de décalage ou convertie deux fois garde une allure normale, mais chaque ligne est fausse.",
    look=_look,
    dimension="accuracy",
    english=English(
        "Column shifted as a whole, row by row",
        "The column “{column}” moved as a whole under the same keys ({what}).",
        "Check that the column still holds the same quantity in the same unit, and that its rows have not slipped by one.",
        "A column pasted one row too low, or converted twice, still looks normal, while every row is wrong.",
    ),
    examples=(
        Pair(
            {"code": _KEYS, "n": tuple(str(10 + i) for i in range(60))},
            {"code": _KEYS, "n": tuple(str(2 * (10 + i)) for i in range(60))},
            ("n",),
        ),
        Pair(
            {"code": _KEYS, "d": tuple(f"20{10 + i % 10}-0{1 + i % 9}-15" for i in range(60))},
            {"code": _KEYS, "d": tuple(f"20{10 + i % 10}-0{1 + i % 9}-16" for i in range(60))},
            ("d",),
        ),
        Pair(
            {"code": _KEYS, "n": tuple(str(10 + i) for i in range(60))},
            {"code": _KEYS, "n": tuple(str(10 + (i if i else 5)) for i in range(60))},
        ),
    ),
)
