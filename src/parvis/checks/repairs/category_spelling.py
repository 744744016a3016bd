"""« Gymnase », « gymnase  », « GYMNASE »: one category. Written as the schema's list says, or as most of the
column does.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from parvis.checks.declaration import English
from parvis.checks.repair import Example, Repair, Suspect
from parvis.core.text import fold

DOMINANT = 2
"""How many times as often as all other spellings together the chosen one must stand."""


def _mend(suspect: Suspect) -> Mapping[str, str]:
    if suspect.column.type != "text":
        return {}
    listed = suspect.column.constraints.get("enum")
    if isinstance(listed, list):
        return _closest(suspect, [m for m in listed if isinstance(m, str)])
    spellings: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for text, count in (*suspect.texts.items(), *suspect.known.items()):
        spellings[_key(text)][text] = count
    out: dict[str, str] = {}
    for text in suspect.texts:
        every = spellings[_key(text)]
        best = max(every, key=lambda spelling: every[spelling])
        if text != best and every[best] >= DOMINANT * sum(
            n for spelling, n in every.items() if spelling != best
        ):
            out[text] = best
    return out


def _closest(suspect: Suspect, members: list[str]) -> Mapping[str, str]:
    """The one member that a text is, but for case, accents, spaces and hyphens."""
    by_key: defaultdict[str, set[str]] = defaultdict(set)
    for member in members:
        by_key[_key(member)].add(member)
    candidates = {
        text: by_key[_key(text)] for text in suspect.texts if text not in members and _key(text) in by_key
    }
    return {text: next(iter(same)) for text, same in candidates.items() if len(same) == 1}


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", " ", fold(text)).strip()


category_spelling = Repair(
    name="category-spelling",
    title="Catégories écrites d’une seule façon",
    certain="Seuls casse, accents, espaces et traits d’union changent ; la forme gardée est celle du schéma, ou de deux cellules sur trois au moins.",
    english=English(
        title="Categories written in one way",
        why="Only case, accents, spaces and hyphens change; the form kept is the schema’s, or the one of two cells in three at least.",
    ),
    turn=4,
    mend=_mend,
    examples=(
        Example(
            {"type": "string", "constraints": {"enum": ["Ouvert", "Fermé"]}},
            ("Ouvert", "ouvert", "FERME", "autre"),
            {"ouvert": "Ouvert", "FERME": "Fermé"},
        ),
        Example(
            {"type": "string"},
            ("Gymnase", "Gymnase", "Gymnase", "Gymnase", "gymnase", "GYMNASE", "Piscine"),
            {"gymnase": "Gymnase", "GYMNASE": "Gymnase"},
        ),
        Example({"type": "string"}, ("Stade", "stade"), {}),
    ),
)
