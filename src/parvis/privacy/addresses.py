"""Postal addresses, column by column: a number, a kind of street, a name. Whose they are is another question,
that the table answers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from parvis.core.text import fold
from parvis.privacy.headers import spoken

_STREETS = (
    r"rue|r|avenue|av|ave|boulevard|bd|bld|blvd|boul|allees?|all|impasse|imp|chemin|ch|che|chem|place|pl|route|rte|quai|cours|square|sq|passage|pass|sentier"
    r"|sente|ruelle"
    r"|residence|res|lotissement|lot|faubourg|fg|fbg|esplanade|promenade|traverse|venelle|villa|cite|hameau|lieu[- ]dit|montee|cote|rond[- ]point|clos|mail"
    r"|voie|levee"
    r"|parvis|galerie|zone|za|zi|zac|domaine|parc|pont|porte|mas|cour|val|carrefour|chaussee|rocade|digue|corniche|le bourg|lieudit"
)
_NUMBERED = re.compile(
    rf"(?:^|[ ,;:-])\d{{1,4}} ?(?:bis|ter|quater|[a-f])?\b(?: ?(?:/|-|et) ?\d{{1,4}})?[ ,]+(?:{_STREETS})\b\.? "
)
_STREET = re.compile(rf"^(?:{_STREETS})\b\.? ")
_MEASURE = r"(?:ans|annees?|mois|semaines?|jours?|heures?|minutes?|secondes?|years?|months?|weeks?|days?|hours?|euros?|metres?)\b"
_SHORT = re.compile(rf"^\d{{1,4}}(?: ?(?:bis|ter|quater|[a-f]))?,? +(?!{_MEASURE})[a-z][a-z' -]{{3,}}$")
_DIGIT = re.compile("[0-9]")
_POSTCODE = re.compile(r"\b(?:0[1-9]|[1-8]\d|9[0-8])\d{3} +[a-z]")
_HEADER = re.compile(
    r"\badresse|\badr\b|\badr(?:esse)?\d?\b|\bdomicile|\bvoie\b|\brue\b|\baddress|\bresidence\b|\blogement\b|\bdomiciliation|\blieu de residence|\bhabitation"
)
_HOME = re.compile(
    r"\bchez\b|\bdomicil(?:e|ie)|\bhabitation|\blieu de residence|\badresse (?:perso|personnelle|privee|du demandeur|de l usager|de l agent|parents?"
    r"|des parents|du foyer)"
)
_NOT = re.compile(r"\be ?mail|\bmel\b|\bip\b|\bweb\b|\burl\b|electronique|\bcourriel|\bmac\b|\bcode insee")


_CUT_SHORT = (
    r"brg|bourg|car|cc|chs|cor|cr|crs|ctre|dig|dom|dsc|ecl|esp|frm|gal|gr|ham|hle|ile|jard|ld|man|mar|mte|pas|pkg|pla|pln|plt|por|pro|prom|prt|prv|pt|pta"
    r"|qu|qua|rpt|rtd|ruet|rle|sen|tra|tsse|vc|vche|ven|vge|vla|vlge|voi|vte|c[dhv]|r[dn]|chemin rural|voie communale|grande rue|vieux chemin"
)
"""Further kinds of ways as registers cut them short. Source: abbreviations of FANTOIR (DGFiP) and of XP Z 10-011."""
_KIND = re.compile(rf"(?:{_STREETS}|{_CUT_SHORT})\.?")
_OF_STREETS = frozenset({"rue", "r", "avenue", "av", "ave", "boulevard", "bd", "impasse", "imp", "chemin", "che", "allee", "allees", "all"})  # fmt: skip


def kinds_of_street(values: Sequence[str]) -> bool:
    """Whether distinct values are kinds of streets alone, one of which is of streets only: « rue », « av. », « VC »."""
    plain = [fold(v).strip() for v in values]
    return (
        len(plain) > 1
        and not _OF_STREETS.isdisjoint(v.rstrip(".") for v in plain)
        and all(_KIND.fullmatch(v) for v in plain)
    )


@dataclass(frozen=True, slots=True)
class Shaped:
    """Of the distinct values of a column: which share holds a number and a street, and which a street alone."""

    numbered: float
    street: float


def shaped(values: Collection[str]) -> Shaped:
    """Look at the distinct values of a column."""
    if not values:
        return Shaped(0, 0)
    numbered = street = 0
    for value in values:
        if " " not in value:
            continue
        plain = fold(value).strip()
        short = plain[:1].isdigit() and ((len(plain) > 8 and _SHORT.match(plain)) or _POSTCODE.search(plain))
        if short or (_DIGIT.search(plain, 0, 64) and _NUMBERED.search(plain)):
            numbered += 1
        elif _STREET.match(plain):
            street += 1
    return Shaped(numbered / len(values), street / len(values))


def says_address(name: str) -> bool:
    """Whether a header names an address."""
    header = spoken(name)
    return _HEADER.search(header) is not None and not _NOT.search(header)


_DWELLING = re.compile(
    r"\b(?:apt|app|appt|appart(?:ement)?|logt?|logement|porte|studio)\b\.? ?(?:n|no|n°|°)? ?[0-9]+|\b[0-9]+(?:er?|eme|ere) (?:etages?|etg?)\b"
)


def dwellings(values: Sequence[str]) -> float:
    """Share of distinct values that tell one dwelling of a building: « Bât. C apt 12 », « 3e étage gauche »."""
    return sum(_DWELLING.search(fold(v)) is not None for v in values) / len(values) if values else 0.0


def says_home(name: str) -> bool:
    """Whether a header says that the address is where somebody lives."""
    return _HOME.search(spoken(name)) is not None


_LIVED = re.compile(
    r"^(?:adr(?:esse)?|domicile|lieu[- ]?dit|habitation)\d?\b(?!.*\b(?:mail|ip|web|postale?s? ville|ville|commune)\b)"
)
OWN = 0.4
"""Different addresses by row from which they are no towns nor districts."""


def says_lived(name: str) -> bool:
    """Whether a header is an address and nothing else."""
    return says_address(name) and _LIVED.search(spoken(name)) is not None


def own(values: Sequence[str], rows: int) -> bool:
    """Whether distinct values, of so many cells, are places of their own: of several words or with a number,
    and most not shared.
    """
    worded = [v for v in values if " " in v.strip() or _DIGIT.search(v)]
    return len(worded) >= 0.6 * len(values) and len(values) >= OWN * rows
