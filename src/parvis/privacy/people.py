"""Names of people: first names, surnames and full names, decided column by column but with an eye on the neighbours.

Lists know frequent names only and streets bear people's names, so it is the share of the distinct values that speaks, phrases of places are put aside, and
the header weighs: see `weighing`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from parvis.core.text import fold
from parvis.privacy.headers import says_place, spoken
from parvis.privacy.names import FIRST, PLACES, SURNAMES
from parvis.privacy.weighing import confidence

Kind = Literal["first", "surname", "full"]

ENOUGH = 20
"""Distinct values under which a column without a telling header is not judged."""

_FIRST_HEADER = re.compile(r"\bprenoms?\b|\bfirst ?name|\bgiven name")
_SURNAME_HEADER = re.compile(
    r"^noms?$|\bpatronym|\bsurname|\blast ?name|\bnom (?:de |d |du |de l )?(?:famille|usage|naissance|marital|agent|usager|enfant|eleve|demandeur|beneficiaire"
    r"|contact|responsable|titulaire|pere|mere|elu|salarie|locataire|proprietaire|defunt)\b"
)
_FULL_HEADER = re.compile(
    r"\bnoms? (?:et )?prenoms?\b|\bprenoms? (?:et )?noms?\b|\bagents?\b|\btitulaire|\bdemandeur|\bbeneficiaire|\bresponsable|\bsignataire|\bauteur|\bredacteur"
    r"|\binterlocuteur|\bcontact\b|\belue?s?\b|\bpresident|\bgerant|\busager|\blocataire|\bproprietaire|\benfant|\beleve|\bparent|\brepresentant|\binstructeur"
    r"|\bdirect(?:eur|rice)|\bpersonne|\bnom complet"
)
_DIGIT = re.compile("[0-9]")
_BETWEEN = re.compile(r"[\s'.,/-]+")
_TITLES = frozenset({"m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle", "dr", "docteur", "me", "maitre", "pr"})
_PARTICLES = frozenset({"de", "du", "des", "la", "le", "les", "d", "l", "van", "von", "el", "al", "ben", "da", "dos", "di"})


@dataclass(frozen=True, slots=True)
class Shares:
    """Of the distinct values of a column, which share could be what. distinct: how many there are."""

    distinct: int
    first: float
    surname: float
    full: float
    plain: float
    """One to three words of letters, and no place."""


@dataclass(frozen=True, slots=True)
class Named:
    """A column that holds names of people, and how sure that is."""

    kind: Kind
    confidence: float


def shares(values: Iterable[str]) -> Shares:
    """Look at the distinct values of a column, folded."""
    distinct = set(values)
    worded = [v for v in distinct if not _DIGIT.search(v)]  # most columns of a city are codes: they are not even folded
    seen = {fold(v).strip() for v in worded} - {""}
    count = len(seen) + len(distinct) - len(worded)
    if not count:
        return Shares(0, 0, 0, 0, 0)
    first = surname = full = plain = 0
    for value in seen:
        words = [w for w in _BETWEEN.split(value) if w]
        titled = bool(words) and words[0] in _TITLES
        words = [w for w in words if w not in _TITLES]
        bare = [w for w in words if w not in _PARTICLES]
        if not bare or len(words) > 6 or not all(w.isalpha() for w in words) or _of_a_place(bare):
            continue
        known = [w in FIRST for w in bare]
        plain += len(bare) <= 3
        first += all(known) and len(bare) <= 3 and not titled
        surname += any(w in SURNAMES for w in bare) and len(bare) <= 3
        full += (2 <= len(bare) <= 4 and (known[0] or known[-1])) or (titled and len(bare) <= 3)
    return Shares(count, first / count, surname / count, full / count, plain / count)


def _of_a_place(bare: list[str]) -> bool:
    """« rue Victor Hugo » is; « Petit » alone is a surname."""
    return not PLACES.isdisjoint(bare) and not (len(bare) == 1 and bare[0] in SURNAMES)


def name_columns(samples: Mapping[str, Shares], *, bodies: bool = False) -> dict[str, Named]:
    """Which columns hold names of people. samples: shares by column name, in the order of the table. bodies: whether its rows are organisations or places."""
    found: dict[str, Named] = {}
    for name, seen in samples.items():
        said = spoken(name)
        first_said = _FIRST_HEADER.search(said) is not None
        full_said = _FULL_HEADER.search(said) is not None or (first_said and "nom" in said.split())
        place = says_place(name) and not first_said
        few = seen.distinct < ENOUGH
        aside = 1.0 if place else 0.5 if bodies and not full_said else 0.0
        full = confidence("full", {"header": full_said, "listed": seen.full - seen.first, "few": few and not full_said, "place": aside})
        first = confidence("first", {"header": first_said, "listed": seen.first, "few": few and not first_said, "place": aside})
        if full >= 0.5 and seen.distinct:
            found[name] = Named("full", full)
        elif first >= 0.5 and seen.distinct:
            found[name] = Named("first", first)
    given = any(n.kind == "first" for n in found.values())
    for name, seen in samples.items():
        said = _SURNAME_HEADER.search(spoken(name)) is not None
        if name in found or seen.plain < 0.8 or not (said or given) or (says_place(name) and not said):
            continue
        evidence = {"header": said, "beside": given, "listed": min(0.5, seen.surname), "few": seen.distinct < ENOUGH and not said, "plain": seen.plain}
        sure = confidence("surname", evidence)
        if sure >= 0.5:
            found[name] = Named("surname", sure)
    return found
