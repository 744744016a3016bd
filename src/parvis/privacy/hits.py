"""What the hits of forms mean: luck or not, of people or of services, and how grave."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from parvis.core.text import fold
from parvis.core.types import Column, Row, Sensitivity
from parvis.privacy import forms
from parvis.privacy.coincidence import tail
from parvis.privacy.confidence import against_luck, confidence
from parvis.privacy.declaration import Detector, known_detectors
from parvis.privacy.detection import Detection
from parvis.privacy.detectors.email import PRIVATE_HOSTS
from parvis.privacy.eponyms import EPONYMS
from parvis.privacy.forms import Seen
from parvis.privacy.headers import names_body, says_nothing, says_role, spoken
from parvis.privacy.looking import SURE, WORDS, Look, message_of
from parvis.privacy.names import FIRST, SURNAMES
from parvis.privacy.people import Named
from parvis.privacy.rows import ELECTED, SERVICE, About


def formed(
    look: Look, every: Sequence[Detector], signs: Mapping[str, str], about: About
) -> tuple[list[Detection], frozenset[str]]:
    """What has a form, and the columns of which some cell bears its sign."""
    places = forms.places(look.schema, every, look.again if look.many else (), signs)
    bodies = about.bodies and not about.named
    detections: list[Detection] = []
    signed: set[str] = set()
    for place, (cells, marked, signs_here) in zip(
        places, forms.marked(look.con, look.paths, places), strict=True
    ):
        signed |= {place.physical} if signs_here else set()
        seen = forms.look(look.con, look.paths, place, cells) if marked else []
        theirs = bodies or (
            names_body(place.column.name) and _REACHES.search(spoken(place.column.name)) is not None
        )
        judged = (
            _judge(
                d,
                place.column,
                each,
                theirs and (about.apart or d.name != "phone" or 2 * each.harmless >= each.hits),
            )
            for d, each in seen
        )
        usable = [s for s in judged if s is not None]
        usable = [s.allowed(SERVICE) if s.kind == "plate" and about.fleet else s for s in usable]
        counts = {s.kind: s.count for s in usable}
        detections += [s for s in usable if s.count > counts.get(_WITHIN.get(s.kind, ""), 0)]
    return detections, frozenset(signed)


_REACHES = re.compile(
    r"mail|\bmel\b|courriel|\btel|phone|contact|\badr|\bsite\b|\bweb\b|\bfax\b|\bnumero\b|\bstandard\b|\baccueil\b"
)
"""What a header says beside the body that is reached so: without it, the body would be called by a mail."""

_ACCOUNT = re.compile(
    r"(?:FR|MC)[0-9]{2}[0-9]{10}[0-9A-Z]{11}[0-9]{2}|(?:DE|BE|ES|IT|LU|PT|NL|CH)[0-9]{2}[0-9A-Z]{12,23}"
)
_SIGNS = str.maketrans("", "", " .-\u00a0\u202f")


def accounts(look: Look, detections: Sequence[Detection]) -> Iterator[Detection]:
    """Columns that are written as accounts of a bank all along, though their keys are wrong: typed by hand, or
    changed so that nobody pays there. Whose they are is still told by most of their digits.
    """
    known = {s.column for s in detections if s.kind == "iban"}
    detector = known_detectors()["iban"]
    for name, values in look.samples.items():
        if name in known or len(values) < FEWEST_ACCOUNTS or not any(v[:2].isalpha() for v in values[:3]):
            continue
        plain = [v.translate(_SIGNS).upper() for v in look.values(name, WORDS)]
        if sum(_ACCOUNT.fullmatch(v) is not None for v in plain) < MOSTLY * len(plain):
            continue
        count, rows = look.filled(name)
        yield Detection(
            "iban",
            name,
            detector.sensitivity,
            detector.sensitivity,
            "error",
            count,
            count,
            0.8,
            message_of(detector.title, name, count, count),
            detector.article,
            rows,
        )


_EVENTS = re.compile(r"\buid ics\b")


def names_events(look: Look, name: str) -> bool:
    """Whether what has the shape of an address of mail names the events of a calendar: so its reader calls the column, and none
    is somebody's mailbox. Source: RFC 5545, 3.8.4.7 (a UID ends on a host), RFC 7986, 5.3.
    """
    return _EVENTS.search(spoken(name)) is not None and not any(map(_mailbox, look.samples.get(name, ())))


def _mailbox(address: str) -> bool:
    """Whether an address is written as somebody's: two names before the host, or a host where people have their mail."""
    plain = fold(address)
    words = re.findall(r"[a-z]+", plain.partition("@")[0])
    named = len(words) == 2 and " ".join(words) not in EPONYMS and not re.search("[0-9]{3}", plain)
    theirs = named and all(len(w) == 1 or w in FIRST or w in SURNAMES for w in words)
    return (theirs and max(map(len, words)) > 1) or plain.rpartition("@")[2].strip() in PRIVATE_HOSTS


FEWEST_ACCOUNTS = 5
MOSTLY = 0.7

_BARE = re.compile("0[1-9][0-9]{8}")
_CODE = re.compile(
    r"\b(?:ref|reference|references|article|articles|art|code|codes|id|ident|identifiant|n|no|num|numero|cote|lot|serie"
    r"|gencod|sku|item|produit|marche|engagement|bon|commande|facture|dossier"
    r"|compteur|pce|pdl|prm|ts|timestamp|epoch|parcelle|inventaire|immo|imputation|compte|nomenclature|section|cle)\b"
)


def of_people(look: Look, seen: Detection, about: About) -> bool:
    """Whether a form is there that only people have, in a good part of the rows. Buildings and bodies have a
    landline too.
    """
    if seen.kind not in _OF_PEOPLE or seen.share <= 0.3 or seen.personal is Sensitivity.NONE:
        return False
    return seen.kind == "nir" or not (
        about.bodies or (seen.kind == "phone" and about.placed and landlines(look, seen))
    )


def landlines(look: Look, seen: Detection) -> bool:
    """Whether nearly all the telephones of a column are landlines or short numbers."""
    values = [
        "".join(c for c in v if c.isdigit()).removeprefix("0033").removeprefix("33").lstrip("0")
        for v in look.samples.get(seen.column, ())
    ]
    filled = [v for v in values if v]
    return bool(filled) and sum(v[0] in "67" for v in filled) < 0.05 * len(filled)


def switchboard(look: Look, seen: Detection, rows: int) -> bool:
    """Whether a column of telephones is one landline in every row of many: that of whom one books or calls with."""
    return (
        rows >= CALLED
        and seen.count == rows
        and len(set(look.samples.get(seen.column, ()))) == 1
        and landlines(look, seen)
    )


CALLED = 8
"""Rows from which a telephone that all have is nobody's home."""


def doctors(look: Look, names: Mapping[str, Named]) -> bool:
    """Whether all who are named bear the title of a liberal profession: their telephone is that of a practice."""
    values = [v for n in names for v in look.samples.get(n, ())]
    return bool(values) and sum(_PRACTISING.match(fold(v)) is not None for v in values) >= 0.9 * len(values)


_PRACTISING = re.compile(r"(?:dr|docteur|me|maitre|pr)\b")


def codes(look: Look, seen: Detection, about: About) -> bool:
    """Whether what look like telephones are codes.

    Ten bare digits that begin with a nought are a telephone or the code of an article: the header, or how
    telephones are given out, tells.

    In a town most people have a mobile (06, 07) and the others the prefix of their region; the second digit
    of codes is any, or all codes begin alike.
    """
    header = spoken(seen.column)
    if re.search(known_detectors()["phone"].headers, header):
        return False
    values = [v.strip() for v in look.samples.get(seen.column, ())]
    if values and sum(map(_measured, values)) >= 0.8 * len(values):
        return True
    bare = [v for v in values if _BARE.fullmatch(v)]
    if len(bare) < 0.8 * max(1, len([v for v in values if sum(map(str.isdigit, v)) >= 9])):
        return False
    second = [sum(v[1] == d for v in bare) / len(bare) for d in "123456789"]
    given = second[5] + second[6] >= 0.4 or max(second) >= 0.6
    alike = len(bare) >= 8 and len({v[:4] for v in bare}) == 1
    named = about.named or says_nothing(seen.column)
    return (
        not given or alike or (not named and not says_role(seen.column) and _CODE.search(header) is not None)
    )


def _measured(value: str) -> bool:
    """Whether a text is a line of numbers of several lengths, as solvers and sensors write them: not pairs of figures."""
    numbers = value.split()
    return (
        len(numbers) > LINE
        and all(map(_NUMBER.fullmatch, numbers))
        and sum(len(n) != 2 for n in numbers) > 0.5 * len(numbers)
    )


LINE = 5
"""Numbers beyond which a cell is a line of them."""
_NUMBER = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)?")


def of_services(look: Look, seen: Detection, about: About) -> Detection:
    """Addresses of bodies whose local part names nobody go out, whatever role it names (no first name, no
    initial before a surname), and those of mandates.
    """
    if seen.kind == "email" and about.elected and look.whole:
        hosts = {v.rpartition("@")[2].strip().lower() for v in look.samples.get(seen.column, ()) if "@" in v}
        return seen.allowed(ELECTED) if len(hosts) == 1 else seen  # the town's own: that of the office
    if seen.kind != "email" or not about.bodies or seen.severity != "warning" or not look.whole:
        return seen
    locals_ = {
        fold(v.partition("@")[0].strip()) for v in look.samples.get(seen.column, ()) if v.count("@") == 1
    }
    if not locals_ or any(_of_somebody(part) for part in locals_):
        return seen
    return seen.allowed(SERVICE)


_BEARS = frozenset(
    {
        "saint",
        "sainte",
        "st",
        "ste",
        "notre",
        "ecole",
        "college",
        "lycee",
        "creche",
        "mairie",
        "eglise",
        "paroisse",
        "club",
        "amicale",
        "comite",
        "gymnase",
    }
)
"""What bears somebody's name in an address: « ecole.ste-therese@ », « college-ferry@ »."""


def _of_somebody(local: str) -> bool:
    """Whether the local part of an address may be somebody's name."""
    words = [w for w in re.split(r"[^a-z]+", local) if w]
    if not _BEARS.isdisjoint(words) or " ".join(w for w in words if len(w) > 1) in EPONYMS:
        return False
    whole = "".join(words)
    known = any((w in FIRST and len(w) > 2) or (w in SURNAMES and len(w) > 3) for w in words)
    return known or whole[1:] in SURNAMES or any(len(w) == 1 for w in words)


_OF_PEOPLE = frozenset({"nir", "nir-without-key", "tax-number", "email", "phone"})
"""Kinds that make a table one about people when a good part of its rows has them."""

_WITHIN = {"payment-card": "iban", "nir-without-key": "nir"}
"""Kinds whose digits may lie within those of another: the digits of an account now and then make a card's."""


def _judge(detector: Detector, column: Column, seen: Seen, bodies: bool) -> Detection | None:
    """Whether what was seen is there on purpose of nobody's luck, and how grave it is."""
    prior = bool(detector.headers) and re.search(detector.headers, spoken(column.name)) is not None
    hits = seen.hits
    if prior and seen.named > hits and seen.named >= 0.5 * seen.cells:
        hits, sure = seen.named, confidence("shy", {"header": 1, "whole": 1})
    elif not hits:
        return None
    else:
        sure = _sure(detector, seen, prior)
    if sure < SURE:
        return None
    spared = min(seen.harmless, hits) if bodies or detector.harmless_alone else 0
    personal = hits - spared
    free = seen.whole < 0.5 * hits and hits == seen.hits
    severity, level, ground = detector.severity, detector.sensitivity, ""
    if not personal:
        severity, level, ground = "info", Sensitivity.NONE, SERVICE
    elif detector.harmless and bodies and not free and detector.sensitivity is not Sensitivity.SECRET:
        severity, level = "warning", Sensitivity.INDIRECT
    count = personal or hits
    purpose = {
        "info": " Elles désignent des services : elles peuvent sortir.",
        "warning": " La table décrit des organismes : vérifiez qu’ils sont publiés exprès.",
    }
    harmless = purpose.get(severity, "") if detector.harmless else ""
    rows = tuple(Row("", 0, record, detector.mask(candidate)) for record, candidate in seen.first)
    message = message_of(detector.title, column.name, count, seen.cells, harmless, free=free)
    return Detection(
        detector.name,
        column.name,
        detector.sensitivity,
        level,
        severity,
        count,
        seen.cells,
        sure,
        message,
        detector.article,
        rows,
        ground,
    )


def _sure(detector: Detector, seen: Seen, prior: bool) -> float:
    """How sure the hits are more than luck."""
    luck = against_luck(tail(seen.tries, seen.hits, detector.chance)) if detector.chance else 1.0
    whole = seen.whole / seen.cells if seen.cells else 0.0
    if not detector.alone:
        uniform = seen.hits >= 20 and seen.hits >= 0.8 * seen.cells
        return confidence(
            "shy",
            {"header": prior, "uniform": uniform, "luck": luck if uniform or prior else 0, "whole": whole},
        )
    most = seen.tries <= 20 and seen.hits >= detector.few and seen.hits >= 0.5 * seen.tries
    return confidence("form", {"header": prior, "luck": luck, "most": most, "whole": whole})
