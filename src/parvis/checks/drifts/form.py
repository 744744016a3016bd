"""The texts of a column of many values are made otherwise: another pattern, another length, or one value
everywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from parvis.checks.declaration import English
from parvis.checks.drift import CHANCE, Change, Comparison, Drift, Pair, beyond_chance
from parvis.checks.similarity import lengths, shape
from parvis.checks.version_profile import spoken
from parvis.core.text import french_number
from parvis.methods.two_samples import ks_distance, ks_limit

LEAST = 20
FORM = 0.3
"""Change in the share of one pattern."""

LENGTH = 0.25
"""Distance between the lengths."""

TOP = 0.1
"""Change in the share of the most frequent value."""


def _look(c: Comparison) -> Iterable[Change]:
    strict = 1.6 if c.moved else 1.0
    for column in c.shared:
        name = column.name
        if name not in c.before.texts or name in c.before.counts:
            continue
        was, now = spoken(c.before.texts[name]), spoken(c.after.texts[name])
        if min(len(was), len(now)) < LEAST:
            continue
        change = _top(was, now, strict, hidden=c.hidden(name)) or _form(was, now, strict)
        if not change:
            distance = ks_distance(lengths(c.before.texts[name]), lengths(c.after.texts[name]))
            longer = abs(_middle(now) - _middle(was)) >= max(
                2, 0.2 * _middle(was)
            )  # a counter that takes one more digit is no change
            if longer and distance > max(LENGTH * strict, ks_limit(len(was), len(now), CHANCE)):
                change = f"leur longueur médiane passe de {_middle(was)} à {_middle(now)} caractères"
        if change:
            yield Change(name, {"what": change})


def _top(was: list[str], now: list[str], strict: float, *, hidden: bool) -> str:
    value, count = Counter(now).most_common(1)[0]
    before = was.count(value)
    share, again = before / len(was), count / len(now)
    if again - share < TOP * strict or count < LEAST or not beyond_chance(before, len(was), count, len(now)):
        return ""
    value_text = "une même valeur" if hidden else f"« {value[:60]} »"
    return f"{value_text} occupe maintenant {french_number(100 * again, 0)} % des cellules"


def _form(was: list[str], now: list[str], strict: float) -> str:
    first, second = Counter(map(shape, was)), Counter(map(shape, now))
    if len(first) > 0.3 * len(was):
        return ""
    for form in {*dict(first.most_common(5)), *dict(second.most_common(5))}:
        share, again = first[form] / len(was), second[form] / len(now)
        if abs(again - share) >= FORM * strict and beyond_chance(
            first[form], len(was), second[form], len(now)
        ):
            return f"la forme « {form[:40]} » (A : lettres, 9 : chiffres) passe de {french_number(100 * share, 0)} % à {french_number(100 * again, 0)} %"
    return ""


def _middle(texts: list[str]) -> int:
    return int(np.median([len(t) for t in texts]))


form = Drift(
    name="drift-form",
    title="Textes écrits autrement que dans la version précédente",
    message="Les textes de la colonne « {column} » sont faits autrement : {what}.",
    fix="Vérifiez que la source n’a pas changé de format, coupé les textes, ou mis la même valeur partout.",
    why="Les rapprochements avec d’autres jeux se font sur l’écriture exacte.",
    look=_look,
    dimension="validity",
    english=English(
        "Texts written otherwise than in the previous version",
        "The texts of the column “{column}” are made otherwise ({what}).",
        "Check that the source has not changed its format, cut the texts, or put one value everywhere.",
        "Other datasets are joined by the exact writing.",
    ),
    examples=(
        Pair(
            {"t": tuple(f"04 67 {i // 100:02d} {i % 100:02d} 00" for i in range(300))},
            {"t": tuple(f"+33467{i:04d}00" for i in range(300))},
            ("t",),
        ),
        Pair(
            {"t": tuple(f"{'long ' * (i % 20)}texte {i}" for i in range(300))},
            {"t": tuple(f"{'long ' * (i % 20)}texte {i}"[:12] + f" {i}" for i in range(300))},
            ("t",),
        ),
        Pair(
            {"t": tuple(f"rue {i} bis" for i in range(300))},
            {"t": tuple(f"rue {i} bis" for i in range(20, 320))},
        ),
    ),
)
