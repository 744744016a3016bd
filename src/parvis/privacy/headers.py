"""What the header says before any value is read: people, bodies, elected people, directories, births, counts."""

from __future__ import annotations

import re
from functools import lru_cache

from parvis.core.text import fold
from parvis.core.types import Schema

_BODIES = re.compile(
    r"raison soc|\borgani[sz]ations?\b|\borgani[sz]ation ?name|\bcompany|\btiers\b|\bfournisseur|\bplace ?name|\bsite ?name|\beqpt"
    r"|\bnom asso|\blib(?:elle)? ?(?:lieu|site"
    r"|tiers|eqpt|equip)|\bnom bat|\buai\b|\bfiness\b|\bcollectif|\bstructures?\b|\battributaire"
    r"|\becoles?\b|\bcolleges?\b|\blycees?\b|\bcreches?\b|\bentreprise|\betablissement|\bequipement|\bassociation|\boperateur|\bdenomination"
    r"|\benseigne|\bstructure\b|\borganisme|\bservice\b|\bmairie\b|\bstation\b|\bnom (?:de la |de l )?(?:salle|structure|societe|ecole|musee|site|lieu"
    r"|commerce)"
    r"|\btel\w* (?:de l |d )?accueil\b|\bacces(?:sib\w*)? pmr\b|\bcapacite d accueil"
    r"|\bsociete\b|\bcommerce|\bsiren\b|\bsiret\b|\brna\b|\bacheteur|\bcommune\b.*\bcontact|\blieu\b|\bsite\b|\bexploitant|\bamenageur|\bdae\b|\bnom etab"
)
_ELECTED = re.compile(r"\belus?\b|\belue?s?\b|\bmaires?\b|\badjoint|\bconseiller|\bdepute|\bsenateur|\bmandat\b")
_DIRECTORY = re.compile(r"\bannuaire|\borganigramme|\bpromotion d?|\btableau d avancement|\brpps\b|\bliste d aptitude")
_BIRTH = re.compile(r"\b(?:dt|dat|date|d)?_?nais|naissance\b|\bne ?\(?e?\)? le\b|^ne\(?e?\)?$|\bddn\b|\bdob\b|birth|\bdate nee?\b")
_EVENT = re.compile(
    r"\bcreation|\bmaj\b|\bmise a jour|\bdepot|\bsignature|\bdebut|\bfin\b|\bvote|\bmandat|\binscription|\bentree|\bsortie|\bpaiement|\bembauche"
    r"|\bcloture|\bsaisie"
    r"|\bdemande|\bplantation|\bpose\b|\bouverture|\bcontrole|\bnotification|\bdecision|\bpublication|\bconstruction"
)
_TRAITS = re.compile(
    r"\bcivilite\b|\bpatient|\btaille (?:t ?shirt|vetement|pantalon)|\bquotient\b|\bsexe\b|\bage\b(?! (?:min|max))|\bnir\b|\bprenoms?\b"
    r"|\bsituation (?:familiale|matrimoniale)|\bnumero secu\b|\bmatricule\b|\bnationalite\b"
    r"|\bquotient familial\b"
    r"|\bprofession\b"
)
_PERSONS = re.compile(
    r"\bagents?\b|\busagers?\b|\bhabitant|\bpatients?\b|\beleves?\b|\benfants?\b|\bsalaries?\b|\blocataires?\b|\bdemandeurs?\b|\ballocataires?\b|\badherents?\b"
    r"|\badministres?\b|\bcontribuables?\b|\belecteurs?\b|\bpersonnes?\b|\bindividus?\b|\bfoyers?\b|\bpere\b|\bmere\b|\btuteur|\bproprietaires?\b|\babonnes?\b"
    r"|\blecteurs?\b"
)
_PLACE = re.compile(
    r"\bstop\b|\bstop ?name|\broad|\bstreet ?name|\bplace ?name|\bsite ?name|\bdesignation|\bintitule|\blib(?:elle)? ?(?:lieu|site|voie"
    r"|eqpt|equip)|\beqpt|\bnom ?bat|\bcompteur|\bessence"
    r"|\bvoies?\b|\brues?\b|\bcommunes?\b|\bvilles?\b|\bquartiers?\b|\becoles?\b|\bequipements?\b|\bsalles?\b|\blieux?\b|\barrets?\b|\bstations?\b|\bessences?\b"
    r"|\bespeces?\b|\bsites?\b|\bcollege|\blycee|\bgymnase|\bmusee|\bparc\b|\bplace\b|\bhameau|\bmois\b|\bvariete|\bstatut|\btype\b|\bcategorie|\bbatiment"
    r"|\btoponyme"
    r"|\bodonyme|\bdenomination|\bmonument|\boeuvre|\bsquare|\bstade|\bnom (?:arret|voie|rue|commune|ecole|site|lieu|equipement)"
)
_COUNT = re.compile(r"^(?:nb|nbre|nombre|n|total|effectifs?|taux|part|pct|pourcentage|somme|montant|moyenne|indice)\b|\bnombre d|\btaux d|\bnb\b|\beffectif")


_NOTES = re.compile(r"\bremarques?\b|\bremarks?\b|\bobs(?:ervations?)?\b|\bcomment|\bnotes?\b|\bvisa\b|\bavis\b")
_POINT = re.compile(r"^(?:coord(?:onnees?)? )?(?:lat|lon|lng)|\b[xy] ?(?:wgs|gps|l93|lambert|rgf)|\blatitude|\blongitude")
_VEHICLE = re.compile(r"\bmarque\b|\bmodele\b|\bkilometrage|\bparc auto|\bflotte|\bmise en circ|\bcarburant|\bcarrosserie|\bptac\b")
_HELD_BY = re.compile(r"\bservice|\bsce\b|\bdirection\b|\bpole\b|\baffectation|\bunite\b|\bdepartment|\bteam\b|\bdirec\b|\bateliers?\b")
_PARTS = {
    "day": re.compile(r"^(?:jour|jj|day|j)\b(?!s)|\bnais j\b|\bjour (?:de )?nais|\bbirth ?day|\bday of birth"),
    "month": re.compile(r"^(?:mois|mm|month|m)\b|\bnais m\b|\bmois (?:de )?nais|\bbirth ?month|\bmonth of birth"),
    "year": re.compile(r"^(?:annee|an|aaaa|year|yyyy|a)\b|\bnais a\b|\b(?:annee|an) (?:de )?nais|\bbirth ?year|\byear of birth"),
}
_IN_STREET = re.compile(r"^(?:num|numero|no|n)$|\b(?:num|numero|no|n) (?:de |dans la )?(?:voie|rue)\b|\bhouse ?number")
_UNTOLD = re.compile(r"^(?:[a-z]|(?:c|v|x|col(?:onne)?|champ|field|column|var|unnamed) ?\d*)$")
_KEYS = (
    "prenom", "prenoms", "patronyme", "naissance", "adresse", "domicile", "telephone", "portable", "courriel", "beneficiaire", "demandeur",
    "responsable", "titulaire", "usager", "salarie", "agent", "proprietaire", "locataire", "securite", "sociale", "immatriculation", "immat",
    "plaque", "passeport", "identite", "declarant", "interesse", "surname", "firstname", "lastname", "birthdate", "birthday", "passport", "address",
    "forename", "bancaire", "handicap", "allergie", "medical", "numero", "contact", "association", "structure", "entreprise", "organisme", "societe",
    "etablissement", "denomination",
)  # fmt: skip
"""Words of headers that are known with two letters in each other's place as well."""


def _swapped(word: str) -> list[str]:
    return [word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1) if word[i] != word[i + 1]]


_MENDED = {wrong: word for word in _KEYS for wrong in _swapped(word) if wrong not in _KEYS}


@lru_cache(maxsize=4096)
def spoken(name: str) -> str:
    """A header as words: folded, underscores and punctuation made spaces, camelCase cut, two letters in each other's place put right.

    >>> spoken("dt_naiss"), spoken("numTel"), spoken("PRNEOM")
    ('dt naiss', 'num tel', 'prenom')
    """
    words = re.sub(r"[^a-z0-9()]+", " ", fold(re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", name))).split()
    return " ".join(_MENDED.get(w, w) for w in words)


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
    return not says_count(name) and _NOTES.search(said) is None and (_TRAITS.search(said) is not None or (not number and _PERSONS.search(said) is not None))


def says_place(name: str) -> bool:
    """Whether a column names places or things, which often bear people's names."""
    return _PLACE.search(spoken(name)) is not None


def birth_part(name: str) -> str:
    """Of a date cut in columns, which part a header names: "day", "month", "year", or "" for none."""
    said = spoken(name)
    return next((part for part, pattern in _PARTS.items() if pattern.search(said)), "")


def says_number(name: str) -> bool:
    """Whether a column is the number in a street, beside the street."""
    return _IN_STREET.search(spoken(name)) is not None


def says_point(name: str) -> bool:
    """Whether a column of numbers is called a coordinate."""
    return _POINT.search(spoken(name)) is not None


def says_nothing(name: str) -> bool:
    """Whether a header says nothing of what is below it: « A », « c1 », « colonne_3 »."""
    return _UNTOLD.search(spoken(name)) is not None


def about_vehicles(schema: Schema) -> bool:
    """Whether the rows are vehicles that a service uses: their plates point at the body that owns them."""
    said = [spoken(c.name) for c in schema.columns]
    return any(_VEHICLE.search(h) for h in said) and any(_HELD_BY.search(h) for h in said)


def says_count(name: str) -> bool:
    """Whether a column counts or measures: it speaks of many at once."""
    return _COUNT.search(spoken(name)) is not None
