"""How French addresses are written: one spelling for what people and files write in many."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from parvis.core.text import fold

TYPES: Mapping[str, str] = {
    "r": "rue", "av": "avenue", "ave": "avenue", "aven": "avenue", "bd": "boulevard", "bld": "boulevard", "blvd": "boulevard", "boul": "boulevard",
    "bvd": "boulevard", "ch": "chemin", "che": "chemin", "chem": "chemin", "imp": "impasse", "all": "allee", "allees": "allee", "pl": "place",
    "plce": "place", "rte": "route", "pass": "passage", "psg": "passage", "sq": "square", "q": "quai", "crs": "cours",
    "lot": "lotissement", "lotis": "lotissement", "res": "residence", "resid": "residence", "fg": "faubourg", "fbg": "faubourg", "mte": "montee",
    "mtee": "montee", "trav": "traverse", "espl": "esplanade", "prom": "promenade", "quart": "quartier",
    "qua": "quartier", "ham": "hameau", "dom": "domaine", "cte": "cite", "rle": "ruelle", "sen": "sentier", "sent": "sentier", "ven": "venelle", "vc": "chemin",
}  # fmt: skip
"""What a street is, as it is shortened."""

_ONLY_FIRST = frozenset(("r", "q", "all", "pass", "res", "ham", "qua", "sent", "ven", "sen", "dom", "prom"))
"""Short for a kind of street only where one is expected: elsewhere they are words, or what a typo leaves of
one.
"""

NAMES: Mapping[str, str] = {
    "st": "saint", "ste": "sainte", "sts": "saints", "gal": "general", "gen": "general", "gnl": "general", "mal": "marechal",
    "dr": "docteur", "doct": "docteur", "pdt": "president", "cdt": "commandant", "cmdt": "commandant", "cap": "capitaine",
    "cne": "capitaine", "lt": "lieutenant", "ltn": "lieutenant", "pr": "professeur", "prof": "professeur", "mgr": "monseigneur", "nd": "notre dame",
    "fr": "frere", "sgt": "sergent", "adj": "adjudant", "ing": "ingenieur", "cl": "colonel", "amb": "ambassadeur", "arch": "architecte",
    "republ": "republique", "rep": "republique", "nat": "national", "lib": "liberation", "huit": "8", "onze": "11", "quatorze": "14", "premier": "1",
    "ier": "1", "er": "", "eme": "", "ieme": "",
}  # fmt: skip
"""Words of names, as they are shortened or spelt out."""

FULL_TYPES = frozenset(TYPES.values()) | {
    "rue",
    "avenue",
    "villa",
    "clos",
    "mail",
    "parvis",
    "pont",
    "port",
    "porte",
    "rond",
    "voie",
    "zone",
    "zac",
    "za",
    "zi",
    "sente",
    "cour",
    "parc",
    "mas",
    "enclos",
    "plan",
    "rampe",
    "escalier",
    "galerie",
    "berge",
    "digue",
    "corniche",
    "carrefour",
    "hameau",
    "lieu",
}

ARTICLES = frozenset(("de", "du", "des", "d", "la", "le", "les", "l", "a", "au", "aux", "et", "en"))

SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "bis": ("bis", "b"), "b": ("b", "bis"), "ter": ("ter", "t"), "t": ("t", "ter"), "quater": ("quater", "q"), "q": ("q", "quater"),
    "quinquies": ("quinquies", "c"), "sexies": ("sexies",),
}  # fmt: skip
"""What follows a number, and what it may be in the file, the likeliest first. Any other letter stands for
itself.
"""

_ASIDE = re.compile(
    r"\bcedex(?: [0-9]{1,2}\b)?|\b(?:bp|cs|tsa) ?[0-9]+\b|\b(?:appt?|appartement|apt|bat|batiment|etage|escalier|esc|hall|porte) (?:n )?[0-9a-z]{1,3}\b"
)
"""What leads to a door, not to a house."""
_RANGE = re.compile(r"\b([0-9]{1,4}) ?[-/] ?[0-9]{1,4}\b(?! ?[-/]? ?[0-9])")
_PARTS = re.compile(r"[0-9]+|[a-z]+")
_OUT = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=200_000)
def tokens(text: str) -> tuple[str, ...]:
    """The words of an address or of a name of a place, in one spelling.

    >>> tokens("12bis, Av. du Gal-de-Gaulle")
    ('12', 'bis', 'avenue', 'du', 'general', 'de', 'gaulle')
    """
    plain = _RANGE.sub(r"\1", fold(text))
    plain = _ASIDE.sub(" ", _OUT.sub(" ", plain))
    expanded: list[str] = []
    for word in _PARTS.findall(plain):
        full = NAMES.get(word, word)
        if word in TYPES and (
            word not in _ONLY_FIRST or not expanded or expanded[-1].isdigit() or expanded[-1] in SUFFIXES
        ):
            full = TYPES[word]
        expanded += full.split()
    return tuple(w.lstrip("0") or "0" if w.isdigit() and len(w) < 5 else w for w in expanded)


@lru_cache(maxsize=200_000)
def name_tokens(text: str) -> tuple[str, ...]:
    """The words of the name of a commune: nothing in it is a kind of street.

    >>> name_tokens("ST-JEAN-DE-VÉDAS CEDEX 2")
    ('saint', 'jean', 'de', 'vedas')
    """
    plain = _ASIDE.sub(" ", _OUT.sub(" ", fold(text)))
    return tuple({"st": "saint", "ste": "sainte", "sts": "saints"}.get(w, w) for w in plain.split())


@lru_cache(maxsize=100_000)
def weight(word: str) -> float:
    """How much a word says of which street it is."""
    if word in ARTICLES:
        return 0.2
    if word in FULL_TYPES:
        return 0.6
    return 0.5 if len(word) < 3 and not word.isdigit() else 1.0
