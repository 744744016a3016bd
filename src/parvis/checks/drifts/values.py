"""The numbers of a column are distributed otherwise than before."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from parvis.checks.declaration import English
from parvis.checks.drift import CHANCE, Change, Comparison, Drift, Pair
from parvis.checks.version_profile import PARTS, Numbers, filled, times
from parvis.core.text import fold, french_number
from parvis.methods.two_samples import ks_distance, ks_limit

LEAST = 20
"""Values that a column must hold on both sides."""

NEAR = 0.08
"""Distance told when both versions speak of the same rows or the same period."""

FAR = 0.5
"""Distance told when they speak of different periods, and of a period that was added; then the scale must
have changed too: seasons differ, units do not.
"""

GREATER, SMALLER = 2.0, 1 / 3
"""Ratios from which a scale has changed."""

BEYOND = 0.01
"""Share of values far outside what the column ever held."""


def _look(c: Comparison) -> Iterable[Change]:
    at, clocks = c.standing, times(c.after)
    for column in c.shared:
        name = column.name
        if (
            name not in c.before.numbers
            or name in clocks
            or name == c.key
            or fold(name) in PARTS
            or (not c.key and _numbered(c, name))
        ):
            continue
        was, now = filled(c.before.numbers[name]), filled(c.after.numbers[name])
        if min(len(was), len(now)) < LEAST:
            continue
        added = now if c.moved else at.part(c.after.numbers[name], ~at.after)
        common = now[:0] if c.moved else at.part(c.after.numbers[name], at.after)
        if _apart(was, common, NEAR):
            yield _change(name, was, common, 0, hidden=c.hidden(name))
        elif _apart(was, added, FAR) and _rescaled(was, added):
            yield _change(name, was, added, 0, hidden=c.hidden(name))
        elif not c.moved and (far := _far(was, common)):
            yield _change(name, was, common, far, hidden=c.hidden(name))


def _apart(was: Numbers, now: Numbers, limit: float) -> bool:
    return len(now) >= LEAST and ks_distance(was, now) > max(limit, ks_limit(len(was), len(now), CHANCE))


def _rescaled(was: Numbers, now: Numbers) -> bool:
    """Whether the middle lies outside all that was usual, and by a ratio that no season makes."""
    low, high = np.quantile(was, [0.05, 0.95])
    middle, size = float(np.median(now)), max(abs(low), abs(high))
    outside = not low - (high - low) / 2 <= middle <= high + (high - low) / 2
    return outside and (size == 0 or not SMALLER <= abs(middle) / size <= GREATER)


def _numbered(c: Comparison, name: str) -> bool:
    """Whether the column only counts the rows."""
    was, now = c.before.profile.get(name), c.after.profile.get(name)
    return (
        was is not None
        and now is not None
        and was.type == "integer"
        and was.distinct >= was.rows > 1
        and now.distinct >= now.rows
    )


def _far(was: Numbers, now: Numbers) -> int:
    """How many values lie farther outside the former extent than that extent is wide; 0 when they are too few
    to tell.
    """
    low, high = float(was.min()), float(was.max())
    width = max(high - low, abs(high), abs(low)) if high == low else high - low
    count = int(((now < low - width) | (now > high + width)).sum())
    return count if count >= max(5, BEYOND * len(now)) else 0


def _change(name: str, was: Numbers, now: Numbers, far: int, *, hidden: bool) -> Change:
    if hidden:
        return Change(name, {"what": "ses valeurs se répartissent autrement"})
    before, after = float(np.median(was)), float(np.median(now))
    if far:
        known = f"{_n(float(was.min()))} à {_n(float(was.max()))}"
        return Change(
            name, {"what": f"{french_number(far)} valeurs sortent de loin de l’étendue connue ({known})"}, far
        )
    scale = after / before if before else 0.0
    unit = next(
        (f" ; toutes semblent multipliées par {t}" for k, t in _SCALES if scale and abs(scale / k - 1) < 0.1),
        "",
    )
    first, second = (
        f"[{_n(low)} ; {_n(high)}]" for low, high in (np.quantile(v, [0.05, 0.95]) for v in (was, now))
    )
    sentence = f"la médiane passe de {_n(before)} à {_n(after)}, et 90 % des valeurs de {first} à {second}"
    return Change(name, {"what": sentence + unit})


_SCALES = (
    (1000.0, "1 000"),
    (100.0, "100"),
    (10.0, "10"),
    (0.1, "0,1"),
    (0.01, "0,01"),
    (0.001, "0,001"),
    (-1.0, "−1"),
)


def _n(value: float) -> str:
    return french_number(float(f"{value:.4g}"))


def _wave(shift: float, size: int = 400) -> tuple[str, ...]:
    return tuple(str((i * 37) % 200 + shift) for i in range(size))


values = Drift(
    name="drift-values",
    title="Valeurs réparties autrement que dans la version précédente",
    message="Dans la colonne « {column} », {what}.",
    fix="Vérifiez l’unité, le signe décimal et le périmètre de l’extraction. Si le changement est réel, expliquez-le dans la description du jeu.",
    why="Un changement d’unité ou de périmètre passe inaperçu, et fausse les comparaisons dans le temps.",
    look=_look,
    dimension="accuracy",
    english=English(
        "Values distributed otherwise than in the previous version",
        "The values of the column “{column}” are distributed otherwise than before ({what}).",
        "Check the unit, the decimal mark and the extent of the extract. If the change is real, explain it in the description of the dataset.",
        "A change of unit or of extent goes unseen, and falsifies comparisons over time.",
    ),
    examples=(
        Pair({"n": _wave(0)}, {"n": _wave(50)}, ("n",)),
        Pair({"n": _wave(0)}, {"n": tuple(str(int(v) * 1000) for v in _wave(0))}, ("n",)),
        Pair({"n": _wave(0)}, {"n": tuple(reversed(_wave(0)))}),
        Pair({"n": _wave(0)}, {"n": _wave(3)}),
    ),
)
