"""What a page says beside its opening hours, about something else, at times of its own: the telephone, the
parking, the till, a visit, who is on duty. Each is a sentence, a line or a bracket; none of its times is an
opening.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parvis.methods.hours.french_entries import TAIL, UNLESS
from parvis.methods.hours.french_words import OF_HOURS, Word, fold

_SUBJECTS = re.compile(
    # To be reached otherwise than at the door.
    r"standard|telephon\w*|tel|appels?|appele[rz]|compose[rz]?|contacte?[rz]?|joindre|joignables?|numeros?|astreintes?|urgences?|gardes?|secours|"
    r"mails?|courriels?|e-mail|emails?|sites?|fax|adresses?|renseignements?|informations?|"
    # Beside the door.
    r"stationnements?|stationner|parkings?|circulation|navettes?|wi-?fi|interphone|sonne[rz]|sonnette|pmr|chiens?|animaux|vehicules?|eclairage|"
    # At the counter.
    r"paiements?|reglements?|cartes? bancaires?|especes|cheques?|cb|tarifs?|gratuit\w*|billets?|billetterie|tickets?|"
    r"caisses?|levees?|departs?|retraits?|depots?|prets?|"
    r"drive|click|livraisons?|commandes?|locations?|inscriptions?|dossiers?|prelevements?|vaccinations?|soins|domicile|"
    # What happens there.
    r"classes|scolaires|visites?|concerts?|spectacles?|seances?|ateliers?|conte|animations?|cours|evacuation|admissions?|entrees?|acces|"
    # What is asked of the visitor.
    r"possibilites?|merci|veuillez|prier?e|pensez|presente[rz]|masque|bientot|bienvenue"
)
"""What such a sentence is about: one of its first words."""
_AGAIN = re.compile(r"reprises?|retour|reouvertures?|reouvr\w+|reprend\w*|rouvr\w+")
_WHERE = re.compile(r"adresse|tel|telephone|contact|courriel|mail|site|lieu")
_TELEPHONE = re.compile(r"standard|telephon\w*|joignables?")
_CALLS = re.compile(r"(?:appele|compose|contacte|consulte|adresse|renseigne)[rz](?:-vous)?")
"""What the reader is told to do."""
_NEWS = re.compile(r"informations?|renseignements?")
"""What may also stand before news of the place itself: « information : fermé le 3 mai »."""
_FAR = 4
"""How many words before the first day or time tell what a sentence is about."""
_OWN = re.compile(
    r"mairies?|bibliotheques?|mediatheques?|musees?|decheteries?|dechetteries?|piscines?|pharmacies?|bureaux?|boutiques?|ludotheques?"
)
"""A place of its own: what is said of it is no note."""
_HOURS = frozenset({"time", "always", "sun", "num"})
_DAYS = frozenset(("day", "days", "worked", "ph", "eve", "month", "date", "about", "some-sh", "term", "sh", "no-sh", "parity", "nth", "rest",
                   "others"))  # fmt: skip
_NAMED = frozenset({"label", "name", "unknown", "open", "closed", "to", "and", "more", "where", "-", "/"})


def without_notes(said: list[Word]) -> tuple[list[Word], list[str]]:
    """The words without the notes, and the doubt that they leave. Before the first times there is none: what
    stands there is the place itself.

    >>> from parvis.methods.hours.french_words import words
    >>> " ".join(w.text for w in without_notes(words("Lundi 9h-12h. Standard ouvert jusqu'à 17h."))[0])
    'Lundi 9h - 12h . .'
    """
    out: list[Word] = []
    doubts: list[str] = []
    inside = False
    """The sentence at hand is a note: the brackets within it are of it."""
    segments = list(_segments(said))
    for i, (segment, opening) in enumerate(segments):
        hours = any(w.kind in ("time", "always", "sun") for w in out)
        called = not hours and _by_telephone(segment, segments[i + 1 :])
        if (inside and opening == "(") or (_note(segment, opening) if hours else called or _contact(segment)):
            inside |= opening != "("
            doubts = [TAIL]
            continue
        inside &= not segment or opening == "("
        out += segment
    if any(w.kind == "unless" for w in out):
        out, doubts = [w for w in out if w.kind != "unless"], [*doubts, UNLESS]
    return out, doubts


def _note(segment: list[Word], opening: str) -> bool:
    """The segment is about something else than the place. opening: the sign before it."""
    words = [w for w in segment if w.kind not in ("(", ")", ";", ",", ":")]
    ahead = next((i for i, w in enumerate(words) if w.kind in _HOURS | _DAYS), len(words))
    lead = words[: min(ahead, _FAR)]
    texts = [fold(part) for w in lead if w.kind in _NAMED for part in w.text.replace("'", " ").split()]
    place = any(_OWN.fullmatch(one) for one in texts) and any(w.kind in _HOURS - {"num"} for w in words)
    other = (
        opening == ";"
        and bool(words)
        and words[0].kind in ("name", "unknown")
        and not _SUBJECTS.fullmatch(texts[0] if texts else "")
        and all(
            w.kind
            in ("name", "unknown", "label", "open", "time", "always", "from", "to", "-", "and", "until")
            for w in words
        )
        and any(w.kind in ("time", "always") for w in words)
    )  # « Pataugeoire de 11h à 18h »
    told = any(w.kind in _NAMED and _CALLS.fullmatch(fold(w.text)) for w in words)
    if other or (
        told and opening == ";" and not {w.kind for w in words} & {"time", "closed", "open", "except"}
    ):
        return True
    if opening in ("(", ";") and _again(words, texts):
        return True
    if place or not any(_SUBJECTS.fullmatch(one) for one in texts):
        return False
    if any(_NEWS.fullmatch(one) for one in texts) and any(
        w.kind in ("closed", "open") for w in words[len(lead) - 1 :]
    ):
        return False
    if opening in (",", "-"):  # where a note ends is not said: it holds no days, and no opening follows it
        return not {w.kind for w in words} & _DAYS or not {w.kind for w in words} & (
            _HOURS | {"closed", "open"}
        )
    return True


def _again(words: list[Word], texts: list[str]) -> bool:
    """« (reprise des horaires habituels le lundi 31 août) »: when hours of which nothing is said begin again."""
    return (
        bool(texts)
        and bool(_AGAIN.fullmatch(texts[0]))
        and not {w.kind for w in words} & {"time", "always", "sun", "closed", "part"}
    )


def _by_telephone(segment: list[Word], more: list[tuple[list[Word], str]]) -> bool:
    """« Le secrétariat est joignable par téléphone de 9h à 17h. » before the hours at which it is open."""
    kinds = [w.kind for w in segment]
    ahead = next((i for i, kind in enumerate(kinds) if kind in _HOURS | _DAYS), len(kinds))
    texts = [fold(w.text) for w in segment[:ahead] if w.kind in _NAMED]
    called = any(_TELEPHONE.fullmatch(one) for one in texts) and "and" not in kinds[:ahead]
    public = any(
        w.kind == "time"
        for words, opening in more
        if opening == ";" and not _note(words, opening)
        for w in words
    )
    return called and "time" in kinds and public


def _contact(segment: list[Word]) -> bool:
    """« Adresse : 12 rue de la Paix »: where and how, at no time."""
    words = [w for w in segment if w.kind not in ("(", ")", ";", ",", ":")]
    kinds = {w.kind for w in words}
    return (
        bool(words)
        and bool(_WHERE.fullmatch(fold(words[0].text)))
        and not kinds & (_HOURS | _DAYS) - {"num", "nth"}
    )


def _segments(said: list[Word]) -> Iterator[tuple[list[Word], str]]:
    """Sentences, lines and brackets, and what stands behind the last comma or dash of a sentence, each with
    the sign before it.
    """
    part: list[Word] = []
    opening, depth = ";", 0
    for i, word in enumerate(said):
        if word.kind == "(" and not depth:
            yield part, opening
            part, opening = [], "("
        depth = max(0, depth + (word.kind == "(") - (word.kind == ")"))
        told = any(w.kind in _HOURS | _DAYS for w in part)
        last = word.kind in (",", "-") and not depth and told and _last(said, i)
        if (word.kind == ";" and not depth) or last:
            yield part, opening
            yield [word], ""
            part, opening = [], word.kind
            continue
        part.append(word)
        if word.kind == ")" and not depth and opening == "(":
            yield part, opening
            part, opening = [], ""
    yield part, opening


def _last(said: list[Word], at: int) -> bool:
    """A word of no hours stands behind this sign, and no other sign until the end of the sentence."""
    behind = said[at + 1 :]
    end = next((i for i, w in enumerate(behind) if w.kind == ";"), len(behind))
    behind = behind[:end]
    named = (
        bool(behind)
        and behind[0].kind in ("label", "name", "unknown")
        and fold(behind[0].text) not in OF_HOURS
    )
    return named and not any(w.kind in (",", "(", ")") for w in behind)
