"""Numbers and accounts that point at one person without naming them: a login, a badge, an allowance, a
pupil's or a reader's card.

The header says whose they are, the cells that they are identifiers: one word each, many different ones. Rows
that are merely numbered from one on point at nobody; accounts are also told by how they are made, an initial
beside a surname.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from parvis.core.text import fold
from parvis.privacy.eponyms import EPONYMS
from parvis.privacy.headers import spoken
from parvis.privacy.names import FIRST, PLACES, SURNAMES
from parvis.privacy.text.words import COMMON

_ACCOUNT = re.compile(
    r"\blogins?\b|\buser ?(?:name|id|principal ?name)?\b|\butilisat(?:eur|rice)s?\b|\bsam ?account"
    r"|\bidentifiants? (?:de |d )?(?:connexion|session|reseau|messagerie|agent|windows)"
    r"|\bcomptes? (?:utilisateur|reseau|informatique|windows|agent|messagerie|de connexion|ad\b)|\bnom d utilisateur|\bsession ouverte|\bopened by\b"
    r"|\baccount(?: ?name)?\b"
)
_NUMBER = (
    r"(?:\b(?:n|no|num|numero|nr|id|ident|identifiant|identifier|code|codes|ref|reference|matricule|immatriculation|carte|card|cle|badge|dossier|code barres?"
    r"|pseudo)\b)"
)
_WHOSE = (
    r"(?:allocataires?|alloc|caf|patients?|assure|usagers?|eleves?|etudiants?|agents?|salaries?|lecteurs?|lectrices?|adherents?|abonnes?|beneficiaires?|demandeurs?|demandeuses?|administres?"
    r"|personnes?|individus?|foyer|famille|licencies?|stagiaires?|enfants?|porteurs?|contribuables?|electeurs?|candidats?|locataires?|residents?|detenus?|emprunteurs?|inscrits?|person|employee"
    r"|student|customer|member|reader|child|pupil|citizen|tenant|applicant|guardian|parent|borrower|worker|beneficiary|mdph|rsa|msa|cpam|employe|employes|personnel|cavalier|nageur|volontaire|donneur|victime|rh|societaire|chasseur|conducteur|pecheur)"
)
_PERSONAL = re.compile(
    rf"{_NUMBER}(?: (?:de|du|d|des|l|la|le|unique|national|interne))* ?\b{_WHOSE}\b|\b{_WHOSE} (?:id|n|no|num|numero|code|ref)\b"
    r"|\bmatricules?\b|\bmle\b|\bmatr\b"
    rf"|\bbadges?\b|\bine\b|\bnur\b|\bipp\b|\bnne\b"
    r"|^(?:alloc|allocataire|patiente?|usager|abonnee?|adherente?|assuree?|eleve|agent|lecteur|beneficiaire|client)$"
    r"|\bn(?:o|um|umero)? unique\b|\blicen[cs]es?\b(?! (?:plate|libre|ouverte|logiciel|debit|restaurant|iv|4|iii|3))|\bpacage\b"
    r"|\b(?:n|no|num|numero) (?:de |de la |du )?(?:carte|cmi|pass|abonnement|licence|badge)\b|\bcmi (?:n|no|num|numero)\b"
    r"|\b(?:n|no|num|numero|identifiant) fiscal\b"
    r"|\bpermis\b(?! (?:de )?(?:construire|amenager|demolir|louer|feu|vegetaliser|piscine|d amenager))"
    r"|^(?:(?:n|no|num|numero|id|uid) )?(?:de |du |de la )?(?:carte|tag|rfid|uid|puce)(?: (?:h|hash|hachee?|id|anonym\w*|pseudo\w*|chiffree?|num))?$"
    r"|\bcartes? (?:de )?(?:lecteur|lectrice|bibliotheque|mediatheque|transport|abonne|abonnement|adherent|vitale|jeune|senior|cantine|fidelite|loisirs)"
    r"|\btitre de transport|\bpassp(?:eport|ort)?\b"
    r"|\b(?:id|ident|identifiant|code|cle)? ?pseudo(?:nym\w*)?(?: id)?$"
)
_REACHED = r"(?:tel|telephone|phone|portable|mobile|e ?mail|mel|courriel|nir|ine|nom|name|identite|naissance)"
_DIGEST = (
    r"(?:hash|hachee?|hashed|sha ?(?:1|2|256|384|512)?|md ?5|empreinte|anon\w*|chiffree?|encrypted|pseudo\w*)"
)
_DIGESTED = re.compile(
    rf"\b{_DIGEST} (?:de |du |d )?(?:{_REACHED}|{_WHOSE})\b|\b(?:{_REACHED}|{_WHOSE}) (?:id )?{_DIGEST}\b"
)
"""The digest of what names or reaches somebody: who knows it computes the same."""
_NOT = re.compile(
    r"^(?:nb|nbre|nombre|total|effectifs?|taux|part|somme|montant|moyenne)\b|\bvehicule|\bengin|\bbatiment|\bcompteur|\btype\b"
    r"|\bcategorie|\bnature|\bprofil|\bstatut|\bnb\b|\bage\b|\bdate|\btarif|\blieu|\btranche|\bvisuel|\bcouleur"
)
_SHORT = re.compile(
    r"(?:\b(?:n|no|num|numero|nr|id|ident|code|ref|mat|cab|cb) (?:de |du |d )?|^)([a-z]{3,6})(?: n)?$"
)
_SHORT_BEFORE = re.compile(r"^([a-z]{3,6}) (?:id|n|no|num|nr|ref|code)$")
_BORNE = (
    "licence", "licencie", "permis", "adherent", "allocataire", "beneficiaire", "usager", "matricule", "abonne", "abonnement", "assure", "patient", "eleve",
    "etudiant", "salarie", "locataire", "demandeur", "lecteur", "donneur", "famille", "foyer", "electeur",
    "agent", "enfant", "redevable", "contribuable", "riverain", "administre", "resident", "badge",
)  # fmt: skip
"""What somebody bears a number as, or by: known when it is cut short too (« n° adh. »)."""
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@/ -]{1,30}[A-Za-z0-9]|[0-9A-Fa-f]{33,128}")
_LOGIN = re.compile(r"[a-z][a-z._-]{3,24}[0-9]{0,3}")
_ORDER = re.compile(r"(.*?)([0-9]+)$")

LEAST = 8
"""Different identifiers below which a column is one of kinds."""
FEWEST = 3
"""The same where a table has no more rows than that: each of them has its own."""


def enough(values: Sequence[str], rows: int) -> bool:
    """Whether there are enough distinct values for identifiers: `LEAST`, or one for each row of a shorter table."""
    return len(values) >= min(LEAST, max(FEWEST, rows))


def says_account(name: str) -> bool:
    """Whether a header names an account on a computer."""
    header = spoken(name)
    return _ACCOUNT.search(header) is not None and _NOT.search(header) is None


_BUILDING = re.compile(r"(?:pc|pa|dp|pd|cu[ab]?|at) ?[0-9 ]{3,}.*|[0-9]+/[0-9]{2,4}", re.IGNORECASE)
"""How permits to build are numbered: they are posted on the site."""


def building_permits(values: Sequence[str]) -> bool:
    """Whether distinct values number permits to build, to split or to pull down."""
    return sum(_BUILDING.fullmatch(v) is not None for v in values) > 0.5 * len(values)


def worn(values: Sequence[str]) -> float:
    """Share of distinct values that join a name to a word that comes again, as those of machines do: «
    iPhone-de-Marie », « PC-DURAND », « marie-laptop ».
    """
    if len(values) < LEAST:
        return 0.0
    split = [
        {w for w in _JOINED.split(fold(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", v))) if w}
        if " " not in v
        else set[str]()
        for v in values
    ]
    times = Counter(w for words in split for w in words)
    shared = {
        w
        for w, n in times.items()
        if n > 1 and n >= 0.05 * len(values) and w not in FIRST and w not in SURNAMES
    }
    composed = sum(
        bool(words & shared) and PLACES.isdisjoint(words) and any(_a_name(w) for w in words - shared)
        for words in split
    )
    return composed / len(values)


_JOINED = re.compile(r"[^a-z]+")


def _a_name(word: str) -> bool:
    return any(
        len(w) > 2 and w not in COMMON and (w in FIRST or w in SURNAMES)
        for w in (word, word.removesuffix("s"))
    )


def shortened(cut: str, word: str) -> bool:
    """Whether a word is cut short after its beginning (« adh »), or to its consonants up to the last (« agt »)."""
    if word.startswith(cut):
        return True
    consonants = [c for c in word[1:] if c not in "aeiouy"]
    rest = iter(consonants)
    return (
        len(cut) > 2
        and cut[0] == word[0]
        and cut[1] == consonants[0]
        and cut[-1] in (word[-1], consonants[-1])
        and all(c in rest for c in cut[1:])
    )


def says_digest_of(name: str) -> bool:
    """Whether a header names the digest of what somebody is called or reached by: « hash_tel », « usager_hash »."""
    return _DIGESTED.search(spoken(name)) is not None


def says_number_of(name: str) -> bool:
    """Whether a header names a number that somebody bears."""
    header = spoken(name)
    short = _SHORT.search(header) or _SHORT_BEFORE.search(header)
    borne = (
        _PERSONAL.search(header) is not None
        or says_digest_of(name)
        or (short is not None and any(shortened(short[1], word) for word in _BORNE))
    )
    return borne and _NOT.search(header) is None


_HEIGHT = re.compile(r"^(?:ele|elev|alt|z)$")
HIGHEST = 9_000
"""Metres."""


def says_height(name: str, values: Sequence[str]) -> bool:
    """Whether a header is what maps and tracks call the height of a place (GPX 1.1: « ele »), and whole numbers under it
    may be metres.
    """
    return _HEIGHT.search(spoken(name)) is not None and all(int(v) < HIGHEST for v in values)


_METER = re.compile(
    r"^(?:(?:n|no|num|numero|id|ref) (?:de |du )?)?(?:prm|pds|pdl|pce|rae|point (?:de )?(?:livraison|comptage|desserte|service)"
    r"|compteur(?: (?:eau|gaz|elec\w*|linky))?)$"
)
"""The meter or the point of delivery of a home."""
_FILE = re.compile(
    r"^(?:(?:n|no|num|numero|ref|reference|id|identifiant) (?:de |du )?)?dossiers?(?: (?:mdph|ase|ccas|rsa|apa|aide|social|medical|caf|rh))?$"
)


def says_home_meter(name: str) -> bool:
    """Whether a header names the meter or the point of delivery of a home."""
    return _METER.search(spoken(name)) is not None


def says_initials(name: str) -> bool:
    """Whether a header speaks of somebody's initials."""
    return re.search(r"\binitiales?\b", spoken(name)) is not None


_LETTERS = re.compile(r"(?:[^\W\d_]\.? ?-?){1,3}[^\W\d_]\.?")


_WORN = re.compile(r"\bmatr(?:icule)?s?\b|\bbadges?\b|^cartes?$")


def given_to_few(name: str, values: Sequence[str]) -> bool:
    """Whether a few numbers of one making are those of the few who come again in the rows: a number of staff, a badge, a
    card, of four figures at least.
    """
    if _WORN.search(spoken(name)) is None or not 2 <= len(values) < LEAST:
        return False
    making = {_mask(v) for v in values}
    return len(making) == 1 and making.pop().count("0") >= FEWEST_DIGITS


def initials(name: str, values: Sequence[str], rows: int = LEAST) -> bool:
    """Whether a column holds initials of people: a header that says so, cut short or not, over capitals by two to four,
    most of them different. rows: of the table.
    """
    if not enough(values, rows) or re.search(r"\binit(?:iales?|ials?)?\b", spoken(name)) is None:
        return False
    return sum(v.isupper() and _LETTERS.fullmatch(v) is not None for v in values) >= 0.8 * len(values)


def says_file(name: str) -> bool:
    """Whether a header names the file of whoever stands beside it."""
    return _FILE.search(spoken(name)) is not None


_DOCUMENT = re.compile(
    r"(?:(?:cni|pp|ts|passeport|pc) ?)?(?:[0-9]{12}|[0-9]{2}[a-z]{2}[0-9]{5}|(?=.*[0-9].*[0-9])[a-z0-9]{9,10})"
)


def documents(name: str, values: Sequence[str]) -> bool:
    """Whether a « pièce » is one of identity: its numbers have the forms of cards, passports and permits. Those of accounts
    are « pièces » too, and run.
    """
    if len(values) < LEAST or re.search(r"^(?:(?:n|no|num|numero) (?:de )?)?pieces?$", spoken(name)) is None:
        return False
    shaped = sum(_DOCUMENT.fullmatch(fold(v).strip()) is not None for v in values)
    return shaped >= 0.8 * len(values) and not numbered(values)


def numbered(values: Sequence[str]) -> bool:
    """Whether distinct values only number their rows: one beginning, then each number of a run."""
    numbers = _run(values)
    return len(numbers) == len(values) and _dense(numbers)


def counted_from_one(values: Sequence[str]) -> bool:
    """Whether distinct values number the rows of this very table: a run that begins with the first of them. A run from
    further on was given out elsewhere, to whom it numbers.
    """
    numbers = _run(values)
    return len(numbers) == len(values) and _dense(numbers) and min(numbers, default=0) <= len(numbers)


def _run(values: Sequence[str]) -> set[int]:
    """The numbers at the end of distinct values that all begin alike; none else."""
    split = [m for v in values if (m := _ORDER.fullmatch(v)) is not None]
    if len(split) < len(values) or len({m[1] for m in split}) > 1:
        return set()
    return {int(m[2]) for m in split}


def _dense(numbers: set[int]) -> bool:
    return not numbers or max(numbers) - min(numbers) < 1.2 * len(numbers)


_OF_THING = re.compile(
    r"\blots?\b|\bparc(?:elles?)?\b|\bcad(?:astr\w*)?\b|\bsections?\b|\bcompteurs?\b|\bfactures?\b|\btitres?\b|\bmandats?\b|\bbordereaux?\b|\bmarches?\b"
    r"|\bcommandes?\b|\bconc(?:essions?)?\b|\bempl(?:acements?)?\b|\bplaces?\b|\bcases?\b|\bcarres?\b|\btombes?\b|\bbacs?\b|\bvelos?\b|\bisbn\b|\bean\b|\bcotes?\b"
    r"|\binv(?:entaire)?\b|\bouvrages?\b|\b(?:dau|fps|pv|avc|natinf|siren|siret|uai|insee|naf|ape)\b|\bfantoir|\bamendes?\b|\bactes?\b|\brecus?\b|\bchrono|\bcourriers?\b"
    r"|\bdecisions?\b|\barretes?\b|\bdelib|\bserie\b|\bbatch\b|\bvehicules?\b|\bmateriels?\b|\bcles?\b|\bportes?\b|\blocal\b|\bsalles?\b|\bbureau\b|\barticles?\b"
    r"|\bproduits?\b|\bversions?\b|\btaille|\bheures?\b|\bhoraires?\b|\bcreneaux?\b|\bdat|\bdt\b|\bperiode|\bannees?\b|\bposte\b|\bacc(?:ident)?s?\b"
)
"""What is numbered and is nobody."""
_NUMBERING = re.compile(_NUMBER)
FEWEST_DIGITS = 4


def says_thing_number(name: str) -> bool:
    """Whether a header numbers a thing: a plot, an invoice, a meter."""
    return _OF_THING.search(spoken(name)) is not None


def says_number(name: str) -> bool:
    """Whether a header speaks of a number, a reference or a code, of whatever."""
    return _NUMBERING.search(spoken(name)) is not None


_DAY = re.compile(r"(?P<year>(?:19|20)[0-9]{2})(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")


def years_written_together(values: Sequence[str]) -> list[int]:
    """The years of distinct values that are all days written together, year first (« 20250314 »), in order; none else.

    >>> years_written_together(["20250314", "19611102"]), years_written_together(["20250314", "20259914"])
    ([1961, 2025], [])
    """
    days = [m for v in values if (m := _DAY.fullmatch(v)) is not None]
    return sorted(int(m["year"]) for m in days) if len(days) == len(values) else []


def coded(values: Sequence[str]) -> bool:
    """Whether distinct values are codes of one making: letters and digits at the same places, four digits at
    least.
    """
    if len(values) < LEAST:
        return False
    mask, times = Counter(_mask(v) for v in values).most_common(1)[0]
    return times >= 0.8 * len(values) and mask.count("0") >= FEWEST_DIGITS and " " not in mask


def _mask(value: str) -> str:
    return "".join("0" if c.isdigit() else "a" if c.isalpha() else c for c in value.strip())


def identifying(values: Sequence[str], rows: int = LEAST) -> bool:
    """Whether distinct values are identifiers: many, of one word or one number each, most with digits or made
    as logins are. rows: of the table.
    """
    if not enough(values, rows):
        return False
    tokens = [
        v for v in values if _TOKEN.fullmatch(v) and (any(c.isdigit() for c in v) or _LOGIN.fullmatch(v))
    ]
    return len(tokens) >= 0.8 * len(values)


_HARDWARE = re.compile(r"[0-9A-Fa-f]{12}|(?:[0-9A-Fa-f]{4}[.:-]){2}[0-9A-Fa-f]{4}")


def hardware(values: Sequence[str]) -> bool:
    """Whether distinct values are hardware addresses written without their colons: 48 bits in hexadecimal."""
    if len(values) < LEAST:
        return False
    matching = [v for v in values if _HARDWARE.fullmatch(v) and any(c.isalpha() for c in v)]
    return len(matching) >= 0.9 * len(values)


_TWO = re.compile("[._]")


def logins(values: Sequence[str]) -> float:
    """Share of distinct values that are made of somebody's initial and surname, or of both their names, the
    way that accounts are: « jdupont », « dupontj », « jean.dupont ».
    """
    if len(values) < LEAST:
        return 0.0
    count = 0
    for value in values:
        word = fold(value).rstrip("0123456789")
        both = [w for w in _TWO.split(word) if w]
        if len(both) == 2 and all(
            w.isalpha() and len(w) > 2 and w not in COMMON and w not in PLACES for w in both
        ):
            count += any(w in FIRST for w in both) and " ".join(both) not in EPONYMS
            continue
        if not word.isalpha() or value != value.lower() or len(word) < 5:
            continue
        count += any(
            rest in SURNAMES or rest in FIRST for rest in (word[1:], word[:-1], word[2:]) if len(rest) >= 4
        )
    return count / len(values)
