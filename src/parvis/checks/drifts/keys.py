"""The rows describe the same items as before, under other identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from parvis.checks.declaration import English
from parvis.checks.drift import Change, Comparison, Drift, Pair
from parvis.checks.version_profile import Portrait, spoken
from parvis.core.text import french_number

LEAST = 10
LOST = 0.2
"""Share of keys still there, below which they have changed."""

SAME = 0.5
"""Share of keys that would be there if written alike, or of names that are, from which the things are the
same.
"""


def _look(c: Comparison) -> Iterable[Change]:
    if c.shared_keys is None or c.shared_keys >= LOST or c.before.key is None or c.after.key is None:
        return
    was, now = spoken(c.before.key), spoken(c.after.key)
    if min(len(was), len(now)) < LEAST:
        return
    written = _common({_core(k) for k in was}, {_core(k) for k in now})
    named = max(
        (_names(c.before, c.after, column.name) for column in c.shared if column.name != c.key), default=0.0
    )
    if max(written, named) >= SAME:
        example = "" if c.hidden(c.key) else f" (« {was[0][:40]} », puis « {now[0][:40]} »)"
        how = "s’écrivent autrement" if written >= SAME else "ont tous changé"
        yield Change(
            c.key, {"how": how + example, "kept": f"{french_number(100 * c.shared_keys, 0)} %"}, len(now)
        )


def _core(key: str) -> str:
    """A key without prefix, zeros in front, case and marks."""
    return re.sub(r"^0+(?=.)", "", re.sub(r"\W|_", "", re.sub(r"^[^\W\d_]+[\W_]*(?=\d)", "", key)).lower())


def _common(first: set[str], second: set[str]) -> float:
    return len(first & second) / min(len(first), len(second)) if first and second else 0.0


def _names(before: Portrait, after: Portrait, name: str) -> float:
    """How many values of a column of many texts are still there."""
    if name not in before.texts or name in before.counts:
        return 0.0
    return _common(set(spoken(before.texts[name])), set(spoken(after.texts[name])))


keys = Drift(
    name="drift-keys",
    title="Identifiants qui ne sont plus les mêmes",
    message="Les identifiants de la colonne « {column} » {how} : {kept} seulement sont restés.",
    fix="Gardez les identifiants de la version précédente ; s’ils changent pour de bon, publiez une table de correspondance.",
    why="C’est par l’identifiant que les autres jeux et les services retrouvent chaque ligne.",
    look=_look,
    english=English(
        "Identifiers that are not the same any more",
        "The identifiers of the column “{column}” have changed ({how}): only {kept} are still there.",
        "Keep the identifiers of the previous version; if they change for good, publish a table of the old and the new ones.",
        "It is by the identifier that other datasets and services find each row.",
    ),
    examples=(
        Pair(
            {"code": tuple(f"STA-{i:03d}" for i in range(40))},
            {"code": tuple(f"sta_{i}" for i in range(40))},
            ("code",),
        ),
        Pair(
            {"code": tuple(f"STA-{i:03d}" for i in range(40))},
            {"code": tuple(f"STA-{i:03d}" for i in range(4, 44))},
        ),
    ),
)
