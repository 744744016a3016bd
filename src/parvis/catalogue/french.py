"""Words of a French text, as search compares them: elision, accents, hyphens, light plural and feminine
rules. Pure.

Snowball's French stemmer with accents folded misses half of the everyday plurals (vélo/vélos, lieu/lieux,
travail/travaux), so these rules stand first and the stemmer only beside them. A rule need not yield a
dictionary word; it must send both forms to one token, and two different words to two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from parvis.core.text import fold

ELIDED = frozenset(
    {"l", "d", "j", "m", "t", "s", "c", "n", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "presqu", "quelqu"}
)
"""What stands before an apostrophe and is no part of the word."""

STOP = frozenset(
    re.findall(
        r"\S+",
        """
    a ai ainsi alors au aucun aussi autre aux avec avoir c ce cela ces cet cette ceux chaque ci comme comment d dans de des donc du elle elles en entre est et
    etc etre eu eux fait faire faut il ils j je l la le les leur leurs lui m ma mais me mes moi mon n ne nos notre nous on ont ou par pas peu plus pour
    pourquoi qu quand que quel quelle quelles quels qui quoi s sa sans se ses si son sont sous sur t ta te tes toi ton tous tout toute toutes tres tu un une
    vers vos votre vous y
""",
    )
)
"""Folded words that say nothing of the subject."""

WEAK = frozenset(
    {
        "ville",
        "mairie",
        "commune",
        "municipalite",
        "municipal",
        "donnee",
        "liste",
        "nombre",
        "chiffre",
        "information",
        "combien",
        "gens",
    }
)
"""Roots that nearly every dataset of a town hall could bear: they rank, they never exclude."""

_INVARIABLE = frozenset(
    re.findall(
        r"\S+",
        """
    acces bois bras bus cas chaux choix corps cours croix deux doux faux fois gaz mars mois noix pays poids prix roux six taux temps tiers tous toux voix
""",
    )
)

_IRREGULAR = {
    "aieux": "aieul", "baux": "bail", "boyaux": "boyau", "cieux": "ciel", "coraux": "corail", "emaux": "email", "joyaux": "joyau", "landaus": "landau",
    "mesdames": "madame", "messieurs": "monsieur", "noyaux": "noyau", "soupiraux": "soupirail", "travaux": "travail", "tuyaux": "tuyau",
    "vitraux": "vitrail", "yeux": "oeil", "bijoux": "bijou", "cailloux": "caillou", "choux": "chou", "genoux": "genou", "hiboux": "hibou",
    "joujoux": "joujou", "poux": "pou", "ventaux": "vantail", "vantaux": "vantail", "gaux": "gal",
}  # fmt: skip

_ENDINGS: tuple[tuple[str, str, int], ...] = (
    ("eaux", "eau", 4), ("aux", "al", 5), ("eux", "eu", 4), ("oux", "oux", 4),
    ("trices", "teur", 8), ("trice", "teur", 7), ("euses", "eu", 7), ("euse", "eu", 6), ("ennes", "en", 8), ("enne", "en", 7),
    ("elles", "el", 8), ("elle", "el", 7), ("ales", "al", 7), ("ale", "al", 6), ("ives", "if", 7), ("ive", "if", 6),
    ("ieres", "ier", 8), ("iere", "ier", 7),
)  # fmt: skip
"""Folded ending, what it becomes, and the shortest word that it applies to. First match wins."""

_PART = r"[^\W_]+"
_UNIT = re.compile(rf"(?:[^\W\d_]\.){{2,}}|{_PART}(?:['’ʼ‑-]{_PART})*")


def root(word: str) -> str:
    """The form that singular, plural and common feminine share. word: folded.

    >>> [root(w) for w in ("velos", "lieux", "travaux", "journaux", "bateaux", "choux", "culturelles", "bus", "os")]
    ['velo', 'lieu', 'travail', 'journal', 'bateau', 'chou', 'culturel', 'bus', 'os']
    """
    if word in _INVARIABLE or len(word) < 4 or word[-1].isdigit():
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    for ending, becomes, shortest in _ENDINGS:
        if len(word) >= shortest and word.endswith(ending):
            return word[: -len(ending)] + becomes
    if word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


@dataclass(frozen=True, slots=True)
class Word:
    """One word in the forms that are compared."""

    exact: str
    """Lower case, accents kept."""
    plain: str
    """Folded: no accents, no ligatures."""
    root: str
    """Folded, without the mark of plural or feminine."""

    @property
    def stop(self) -> bool:
        return self.plain in STOP

    @property
    def weak(self) -> bool:
        return self.root in WEAK


@dataclass(frozen=True, slots=True)
class Unit:
    """What was written without a blank: one word, or several with the word that they make when joined («
    wi-fi » → wi, fi; wifi).
    """

    words: tuple[Word, ...]
    joined: Word | None = None

    @property
    def all(self) -> tuple[Word, ...]:
        return (*self.words, self.joined) if self.joined else self.words


def word(text: str) -> Word:
    """The forms of one word written without blanks."""
    exact = text.lower()
    plain = fold(exact)
    return Word(exact, plain, root(plain))


def units(text: str) -> Iterator[Unit]:
    """The words of a text in order, elided articles taken off, stop words kept.

    >>> [[w.root for w in u.all] for u in units("L’arrêt d’un co-voiturage, S.N.C.F.")]
    [['arret'], ['un'], ['co', 'voiturage', 'covoiturage'], ['sncf']]
    """
    for match in _UNIT.finditer(text):
        written = match.group()
        if written.endswith("."):
            yield Unit((word(written.replace(".", "")),))
            continue
        parts = [p for p in re.split(r"['’ʼ‑-]", written) if p]
        while len(parts) > 1 and fold(parts[0]) in ELIDED and written[len(parts[0])] in "'’ʼ":
            written = written[len(parts[0]) + 1 :]
            parts = parts[1:]
        yield Unit(tuple(word(p) for p in parts), word("".join(parts)) if len(parts) > 1 else None)
