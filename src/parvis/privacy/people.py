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
from parvis.privacy.headers import says_nothing, says_place, spoken
from parvis.privacy.names import FIRST, PLACES, SURNAMES
from parvis.privacy.weighing import confidence

Kind = Literal["first", "surname", "full"]

ENOUGH = 20
"""Distinct values from which a column is judged whatever its header."""
FEWEST = 8
"""Distinct values under which a column without a telling header is not judged."""

_FIRST_HEADER = re.compile(r"\bpr[ae]?n(?:om)?s?\d*\b|\bpnom\d*\b|prenoms?|\bf(?:irst)? ?(?:name|nm)|\bgiven ?name|\bfore ?name")
_SURNAME_HEADER = re.compile(
    r"^noms?\d*$|^nm$|\bpatronym|\bsurname|\bl(?:ast)? ?(?:name|nm)\b|\bfamily ?name"
    r"|\bnom ?(?:de la |de l |de |d |du )?(?:fam|usage|usuel|nais|marit|jf\b|jeune fille|epou|pers\b|patro|agt\b|agent|usager|enfant|eleve|adherent|demandeur"
    r"|dem\b|beneficiaire|contact|resp|titul|pere|mere|elu\b|salarie|locataire|proprietaire|defunt|client|assure|allocataire|abonne|candidat)"
)
_FULL_HEADER = re.compile(
    r"\bnoms? ?(?:et |ou )?prenoms?\b|\bprenoms? ?(?:et |ou )?noms?\b|\bfull ?name|\bcontact ?name|\bagents?\b|\btitul(?:aires?)?\b"
    r"|\bdemandeu(?:r|se)|\bbeneficiaire"
    r"|\bresp(?:onsables?)?\b|\bsignataire|\bauteur|\bredacteur|\bdeclarant|\bplaignant|\binteresse|\bconcessionnaire|\bayants? droit|\btresori|\ballocataire"
    r"|\binterlocuteur|\bcontact\b|\belue?s?\b|\bpresident|\bgerant|\busager|\blocataire|\bproprio|\bproprietaire|\benfant|\beleve|\bparent|\brepresentant"
    r"|\binstructeur|\bdirect(?:eur|rice)|\bpersonne|\bnom complet|\bdefunt|\badherent|\babonne|\bsalarie|\bassure|\bcandidat|\btuteur|\brequerant"
    r"|\b(?:pere|mere)\b|\bconjoint|\bepou(?:x|se)\b|\btemoin|\bparrain|\bmarraine"
)
_DIGIT = re.compile("[0-9]")
_INITIALLED = re.compile(r"[a-z]\.(?: ?-?[a-z]\.)? ?[a-z' -]{2,}|[a-z' -]{2,} (?:[a-z]\.(?: ?-?[a-z]\.)?)")
_WRITTEN = re.compile(
    r"(?P<s>[^\W\d_a-zß-öø-ÿ][^\W\d_a-zß-öø-ÿ’' -]{2,}),? [A-ZÀ-Þ][a-zß-öø-ÿ].*|[A-ZÀ-Þ][a-zß-öø-ÿ][\w’' -]* [^\W\d_a-zß-öø-ÿ][^\W\d_a-zß-öø-ÿ’' -]{2,}"
)
"""A name as clerks write it: the surname in capitals, the first name not."""
_BETWEEN = re.compile(r"[\s'.,/-]+")
_TITLES = frozenset({"m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle", "dr", "docteur", "me", "maitre", "pr"})
_ALSO_SURNAMES = frozenset({"petit", "grand"})
"""Of the words of places: the sixth surname of France and its like. A fountain bears first names too (« Fontaine Wallace »), so « fontaine » is not one."""
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
    written: float = 0.0
    """As clerks write a name: DUPONT Jean, Jean DUPONT."""
    rows: int = 0
    """Cells that were looked at, 0 where that is not known."""

    @property
    def few(self) -> float:
        """From 0 to 1: how little so few distinct values say; a list of kinds comes again and again, a list of people does not."""
        if self.distinct >= ENOUGH:
            return 0.0
        return 1.0 if self.distinct < FEWEST or self.distinct < 0.5 * self.rows or not self.rows else 0.3


@dataclass(frozen=True, slots=True)
class Named:
    """A column that holds names of people, and how sure that is."""

    kind: Kind
    confidence: float


def shares(values: Iterable[str], rows: int = 0) -> Shares:
    """Look at the distinct values of a column, folded. rows: cells that hold them."""
    distinct = set(values)
    worded = [v for v in distinct if not _DIGIT.search(v)]  # most columns of a city are codes: they are not even folded
    seen = {fold(v).strip() for v in worded} - {""}
    count = len(seen) + len(distinct) - len(worded)
    if not count:
        return Shares(0, 0, 0, 0, 0)
    first = surname = full = plain = 0
    written = sum(1 for v in worded if v.count(" ") <= 5 and _WRITTEN.fullmatch(v.strip()) and not _of_a_place(_BETWEEN.split(fold(v))))
    for value in seen:
        words = [w for w in _BETWEEN.split(value) if w]
        titled = bool(words) and words[0] in _TITLES
        words = [w for w in words if w not in _TITLES]
        bare = [w for w in words if w not in _PARTICLES]
        if not bare or len(words) > 6 or not all(w.isalpha() for w in words) or _of_a_place(bare):
            continue
        known = [w in FIRST for w in bare]
        plain += len(bare) <= 3
        first += (all(known) or (known[0] and "-" in value)) and len(bare) <= 3 and not titled
        surname += any(w in SURNAMES for w in bare) and len(bare) <= 3
        initialled = _INITIALLED.fullmatch(value) is not None and len(bare) <= 4
        full += (2 <= len(bare) <= 5 and (known[0] or known[-1])) or (titled and len(bare) <= 3) or initialled
    return Shares(count, first / count, surname / count, full / count, plain / count, written / count, rows)


def _of_a_place(bare: list[str]) -> bool:
    """« rue Victor Hugo » is; « Petit » alone is a surname, and « Petit Anne » is somebody."""
    told = [w for w in bare if w in PLACES]
    if not told or (len(bare) == 1 and bare[0] in SURNAMES):
        return False
    rest = [w for w in bare if w and w not in PLACES]
    return not (len(told) == 1 and told[0] in _ALSO_SURNAMES and rest and all(w in FIRST for w in rest))


def name_columns(samples: Mapping[str, Shares], *, bodies: bool = False) -> dict[str, Named]:
    """Which columns hold names of people. samples: shares by column name, in the order of the table. bodies: whether its rows are organisations or places."""
    found: dict[str, Named] = {}
    for name, seen in samples.items():
        said = spoken(name)
        first_said = _FIRST_HEADER.search(said) is not None
        full_said = _FULL_HEADER.search(said) is not None or (first_said and "nom" in said.split())
        place = says_place(name) and not first_said
        aside = 1.0 if place else 0.5 if bodies and not full_said else 0.0
        listed = max(seen.full - seen.first, min(0.5, seen.full) if seen.written > 0.5 else 0)
        full = confidence("full", {"header": full_said, "listed": listed, "written": seen.written, "few": 0 if full_said else seen.few, "place": aside})
        first = confidence("first", {"header": first_said and not full_said, "listed": seen.first, "few": 0 if first_said else seen.few, "place": aside})
        if full >= 0.5 and seen.distinct:
            found[name] = Named("full", full)
        elif first >= 0.5 and seen.distinct:
            found[name] = Named("first", first)
    given = any(n.kind == "first" for n in found.values())
    order = list(samples)
    beside_given = {order[j] for i, n in enumerate(order) if n in found and found[n].kind == "first" for j in (i - 1, i + 1) if 0 <= j < len(order)}
    for name, seen in samples.items():
        said = _SURNAME_HEADER.search(spoken(name)) is not None
        if name in found or seen.plain < 0.8 or not (said or given) or (says_place(name) and not said):
            continue
        few = 0 if said else float(seen.few == 1)
        near = name in beside_given and says_nothing(name)
        evidence = {"header": said, "beside": given, "next": near, "listed": min(0.5, seen.surname), "few": few, "plain": seen.plain}
        sure = confidence("surname", evidence)
        if sure >= 0.5:
            found[name] = Named("surname", sure)
    return found
