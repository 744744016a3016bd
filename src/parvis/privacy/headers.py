"""What the header says before any value is read: people, bodies, elected people, directories, births, counts."""

from __future__ import annotations

import re
from functools import lru_cache

from parvis.core.text import fold
from parvis.core.types import Schema

_BODIES = re.compile(
    r"raison sociale|\becoles?\b|\bcolleges?\b|\blycees?\b|\bcreches?\b|\bentreprise|\betablissement|\bequipement|\bassociation|\boperateur|\bdenomination"
    r"|\benseigne|\bstructure\b|\borganisme|\bservice\b|\bmairie\b|\bstation\b|\bnom (?:de la |de l )?(?:salle|structure|societe|ecole|musee|site|lieu"
    r"|commerce)"
    r"|\bsociete\b|\bcommerce|\bsiren\b|\bsiret\b|\brna\b|\bacheteur|\bcommune\b.*\bcontact|\blieu\b|\bsite\b|\bexploitant|\bamenageur|\bdae\b|\bnom etab"
)
_ELECTED = re.compile(r"\belus?\b|\belue?s?\b|\bmaires?\b|\badjoint|\bconseiller|\bdepute|\bsenateur|\bmandat\b")
_DIRECTORY = re.compile(r"\bannuaire|\borganigramme|\bpromotion d?|\btableau d avancement|\brpps\b|\bliste d aptitude")
_BIRTH = re.compile(r"\bnaissance\b|\bnais\b|\bne\(?e?\)? le\b|\bddn\b|\bbirth|\bdate nee?\b|\bdate naiss")
_EVENT = re.compile(
    r"\bcreation|\bmaj\b|\bmise a jour|\bdepot|\bsignature|\bdebut|\bfin\b|\bvote|\bmandat|\binscription|\bentree|\bsortie|\bpaiement|\bembauche"
    r"|\bcloture|\bsaisie"
    r"|\bdemande|\bplantation|\bpose\b|\bouverture|\bcontrole|\bnotification|\bdecision|\bpublication|\bconstruction"
)
_TRAITS = re.compile(
    r"\bcivilite\b|\bsexe\b|\bage\b(?! (?:min|max))|\bnir\b|\bprenoms?\b|\bsituation (?:familiale|matrimoniale)|\bnumero secu\b|\bmatricule\b|\bnationalite\b"
    r"|\bquotient familial\b"
    r"|\bprofession\b"
)
_PERSONS = re.compile(
    r"\bagents?\b|\busagers?\b|\bhabitant|\bpatients?\b|\beleves?\b|\benfants?\b|\bsalaries?\b|\blocataires?\b|\bdemandeurs?\b|\ballocataires?\b|\badherents?\b"
    r"|\badministres?\b|\bcontribuables?\b|\belecteurs?\b|\bpersonnes?\b|\bindividus?\b|\bfoyers?\b|\bpere\b|\bmere\b|\btuteur|\bproprietaires?\b|\babonnes?\b"
    r"|\blecteurs?\b"
)
_PLACE = re.compile(
    r"\bvoies?\b|\brues?\b|\bcommunes?\b|\bvilles?\b|\bquartiers?\b|\becoles?\b|\bequipements?\b|\bsalles?\b|\blieux?\b|\barrets?\b|\bstations?\b|\bessences?\b"
    r"|\bespeces?\b|\bsites?\b|\bcollege|\blycee|\bgymnase|\bmusee|\bparc\b|\bplace\b|\bhameau|\bmois\b|\bvariete|\bstatut|\btype\b|\bcategorie|\bbatiment"
    r"|\btoponyme"
    r"|\bodonyme|\bdenomination|\bmonument|\boeuvre|\bsquare|\bstade|\bnom (?:arret|voie|rue|commune|ecole|site|lieu|equipement)"
)
_COUNT = re.compile(r"^(?:nb|nbre|nombre|n|total|effectifs?|taux|part|pct|pourcentage|somme|montant|moyenne|indice)\b|\bnombre d|\btaux d|\bnb\b|\beffectif")


@lru_cache(maxsize=4096)
def spoken(name: str) -> str:
    """A header as words: folded, underscores and punctuation made spaces, camelCase cut."""
    return re.sub(r"[^a-z0-9()]+", " ", fold(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))).strip()


def about_bodies(schema: Schema) -> bool:
    """Whether the rows are organisations or places: what they give as a contact is published on purpose."""
    return any(c.meaning in ("siret", "siren") or names_body(c.name) for c in schema.columns)


def names_body(name: str) -> bool:
    return _BODIES.search(spoken(name)) is not None


def about_elected(schema: Schema) -> bool:
    """Whether the rows are elected people, whose names and mandates are public."""
    return any(_ELECTED.search(spoken(c.name)) for c in schema.columns)


def says_directory(name: str) -> bool:
    """Whether a file or a column is called a directory, an organisation chart or a promotion list: published by law (CRPA, D312-1-3)."""
    return _DIRECTORY.search(spoken(name)) is not None


def says_birth(name: str) -> bool:
    return _BIRTH.search(spoken(name)) is not None


def says_event(name: str) -> bool:
    """Whether a date is said to be that of something else than a birth."""
    return _EVENT.search(spoken(name)) is not None


def says_persons(name: str, *, number: bool = False) -> bool:
    """Whether a column is one that only people have: a sex, an age, a number of staff; or names them, unless it is a number: then it counts them."""
    said = spoken(name)
    return not says_count(name) and (_TRAITS.search(said) is not None or (not number and _PERSONS.search(said) is not None))


def says_place(name: str) -> bool:
    """Whether a column names places or things, which often bear people's names."""
    return _PLACE.search(spoken(name)) is not None


def says_count(name: str) -> bool:
    """Whether a column counts or measures: it speaks of many at once."""
    return _COUNT.search(spoken(name)) is not None
