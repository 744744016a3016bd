"""Oui, Non, VRAI, faux, 1, 0… in a column of yes and no: written as the schema says, or as the rest of the
column does.
"""

from __future__ import annotations

from collections.abc import Mapping

from parvis.checks.declaration import English
from parvis.checks.repair import Example, Repair, Suspect
from parvis.core.text import fold

_YES = frozenset({"oui", "o", "yes", "y", "vrai", "v", "true", "t", "1", "x"})
_NO = frozenset({"non", "n", "no", "faux", "f", "false", "0"})


def _mend(suspect: Suspect) -> Mapping[str, str]:
    if suspect.column.type != "boolean":
        return {}
    true, false = (
        _written(suspect, key, words) for key, words in (("trueValues", _YES), ("falseValues", _NO))
    )
    folded = {text: fold(text.strip(" .\u00a0")) for text in suspect.texts}
    pairs = (
        (text, true if word in _YES else false if word in _NO else text) for text, word in folded.items()
    )
    return {text: good for text, good in pairs if good != text}


def _written(suspect: Suspect, key: str, words: frozenset[str]) -> str:
    """How this column writes it: the schema's word that stands most often, else its first; without a schema,
    the word that stands most often.
    """
    listed = suspect.column.options.get(key)
    allowed = (
        [str(v) for v in listed]
        if isinstance(listed, list)
        else ["true", "True", "TRUE", "1"]
        if key == "trueValues"
        else ["false", "False", "FALSE", "0"]
    )
    return max(allowed, key=lambda word: suspect.known.get(word, 0))


booleans = Repair(
    name="booleans",
    title="Oui et non écrits comme le veut la colonne",
    certain="Seuls des mots qui ne disent que oui ou non (oui, vrai, true, 1, x ; non, faux, false, 0) sont récrits.",
    english=English(
        title="Yes and no written as the column wants",
        why="Only words that say nothing but yes or no (oui, vrai, true, 1, x; non, faux, false, 0) are rewritten.",
    ),
    turn=3,
    mend=_mend,
    examples=(
        Example(
            {"type": "boolean"},
            ("Oui", "true", "NON", "peut-être", "Vrai"),
            {"Oui": "true", "NON": "false", "Vrai": "true"},
        ),
        Example(
            {"type": "boolean", "trueValues": ["oui"], "falseValues": ["non"]},
            ("oui", "OUI", "0", "Faux", "autre"),
            {"OUI": "oui", "0": "non", "Faux": "non"},
        ),
    ),
)
