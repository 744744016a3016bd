"""Header words, and cells that say nothing."""

from __future__ import annotations

import functools
import re

from parvis.columns.form import BLANKS
from parvis.core.text import fold

MISSING = frozenset({
    "na", "n/a", "n.a.", "n.a", "#n/a", "nan", "<na>", "nc", "n.c.", "n.c", "n/c", "nd", "n.d.", "n.d", "n/d", "nr", "n.r.", "ns", "n.s.", "s",
    "secret", "n/r", "null", "(null)", "\\n",
    "none",
    "nil", "-", "--", "---",
    "\u2013", "\u2014", ".", "..", "...", "?", "??", "???", "/", "//", "_", "*", "s/o", "s.o.", "so", "sans objet", "neant", "vide", "(vide)", "inconnu",
    "inconnue", "non renseigne",
    "non renseignee", "non renseigne(e)", "non communique", "non communiquee", "non connu", "non connue", "non defini", "non definie", "non disponible",
    "non applicable",
    "non concerne", "non determine", "non precise", "non precisee", "indetermine", "a renseigner", "a completer", "pas de donnee", "donnee manquante",
    "aucun", "aucune",
    "unknown", "missing", "not available", "undefined", "#ref!", "#valeur!", "#value!", "#div/0!", "#nom?", "#name?", "#num!", "#nul!", "#null!",
})  # fmt: skip
"""Folded texts by which people say that there is no value. They count as missing where a column is typed; in
a text column they stay what they are.
"""


LONGEST = max(map(len, MISSING))
"""Characters of the longest of them; none begins with a digit."""


def is_missing(cell: str) -> bool:
    """True when the cell says that there is no value, in so many words.

    >>> [is_missing(c) for c in ("N/A", "Non renseigné", "-   €", "0", "non")]
    [True, True, True, False, False]
    """
    return (
        fold(cell.strip(BLANKS).removesuffix("€").rstrip(BLANKS)) in MISSING
    )  # a spreadsheet shows zero euros as « -   € »


@functools.lru_cache(maxsize=4096)
def words(label: str) -> tuple[str, ...]:
    """A header cut in folded words: at blanks, punctuation, capitals inside a word, and between letters and digits.

    >>> words("codePostal_2"), words("Date d’entrée"), words("CODE_INSEE")
    (('code', 'postal', '2'), ('date', 'd', 'entree'), ('code', 'insee'))
    """
    cut = re.sub(r"(?<=[a-zà-ÿ0-9])(?=[A-Z])", " ", label)
    return tuple(re.findall(r"[a-z]+|[0-9]+", fold(cut)))


def joined(label: str) -> str:
    """The words of a header with one underscore between them and around them, for patterns that look for several words.

    >>> joined("Code postal")
    '_code_postal_'
    """
    return f"_{'_'.join(words(label))}_"
