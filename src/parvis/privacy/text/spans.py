"""Where a sentence speaks of somebody: rules first, lists second, and the words around decide.

A street, a school or a prize bears somebody's name and is nobody: what stands just before a name is looked
at. A street number is a place of works or a home: only a sentence that speaks of living somewhere, or of
somebody, makes it one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from parvis.core.text import fold
from parvis.privacy.names import FIRST, PLACES, SURNAMES
from parvis.privacy.text.words import (
    ASIDE,
    BETWEEN,
    BODIES,
    CARS,
    COMMON,
    FORMULAS,
    HOME,
    NOT_A_NAME,
    NOT_GIVEN,
    ROLES,
)

Kind = Literal["person-in-text", "birth-in-text", "address-in-text", "plate-in-text"]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text. start, end: characters. sure: whether a rule found it (a title, a formula), not the
    lists.
    """

    kind: Kind
    start: int
    end: int
    sure: bool


_FAR = [chr(c) for c in (*range(0x100, 0x152), *range(0x154, 0x250), *range(0x1E00, 0x1F00))]
"""Letters of names that came from further: Polish, Turkish, Vietnamese…"""
_UP = "A-ZÀ-ÖØ-ÞŒ" + "".join(c for c in _FAR if c.isupper())
_LOW = "a-zß-öø-ÿœ" + "".join(c for c in _FAR if c.islower())
_WORD = f"[{_UP}][{_UP}{_LOW}’'-]*[{_UP}{_LOW}]"
_PART = "(?:(?:de|du|des|d|le|la|el|ben|van|von|di|da|dos|De|Du|Des|Le|La|El|Ben|Van|Von|Di|Da|Dos|Al|LE|LA|DE|DU|EL|BEN)[ ]|[dD]['’]|de la |De La )"
_NAME = f"{_PART}{{0,2}}{_WORD}"
_TITLED = re.compile(
    rf"(?<![\w’'.-])(?:M\.|MM\.|Mr\.?|M|Mme|Mmes|Mlle|MME|MLLE|MR|Monsieur|Madame|Mademoiselle|MONSIEUR|MADAME|Docteur|Dr\.?|DR|Maître|Me|Pr\.?|docteur"
    rf"|maître|professeur|monsieur|madame|mme|mlle|dr)[  ]+"
    rf"(?:et (?:M\.|Mme|Mr)[  ]+)?({_NAME}(?:[  ]{_NAME}){{0,2}}|[{_UP}]\.[  ]?{_WORD})"
)
_PAIR = re.compile(rf"(?<![\w’'-])({_WORD})[  ]+(?:[{_UP}]\.[  ]+)?({_NAME})(?![\w’'])")
_INITIAL = re.compile(rf"(?<![\w’'.-])[{_UP}]\.(?:-[{_UP}]\.)?[  ]?({_WORD})(?![\w’'])")
_FORMULA = re.compile(
    r"(?i:je m['’]appelle|je suis|soussignée?|de la part de|mon fils|ma fille|mon mari|ma femme|mon épouse|mon époux|mon voisin|ma voisine|ma mère|mon père"
    r"|mon frère"
    r"|ma sœur|mon enfant|l['’]enfant|l['’]élève|l['’]agent|l['’]usager|appelé par|rappeler|contacter|contact|signé|signature|cordialement|bien à vous|merci"
    r"|salutations"
    rf"|demandeur|nom|prénom|interlocuteur|vu avec|voir avec|appeler|joindre|transmis à|signalé par|demande de"
    rf"|plainte de)[  ]*[:,.!-]{{0,2}}[  ]*({_WORD}(?:[  ]{_NAME})?)"
)
_LEARNED = re.compile(r"(?i:docteur|dr|professeur|pr\b|maître|me\b)")
"""Titles that streets and schools keep: « rue du Docteur Roux »."""
_SIGNED = re.compile(
    r"(?i:je m['’]appelle|soussignée?|signature|signé|cordialement|bien à vous|salutations)"
    rf"[  ]*[:,.!-]{{0,2}}[  ]*({_WORD}[  ]{_NAME})"
)
_LOW_TITLED = re.compile(
    r"(?<![\w’'.-])(mme|mlle|m\.|mr|monsieur|madame|docteur|dr|maître|me|famille|veuve|vve|consorts|époux)[  ]+"
    r"((?:(?:de la|le|la|de|du|el|ben|da|van|von|di|aït|ait) |d['’]|l['’])?[a-zà-ÿœ'’-]{3,})"
)
_NAMES = f"{_NAME}(?:[  ]{_NAME}){{1,2}}"
_KIN = re.compile(
    r"(?i:(?<!\w)(?:mon|ma|notre|son|sa) (?:fils|fille|mari|femme|épou(?:x|se)|conjointe?|compagn(?:on|e)|(?:grand[- ])?(?:mère|père)"
    r"|frère|sœur|soeur|tante|oncle|neveu"
    rf"|nièce|bébé|enfant|voisine?))[  ]+({_WORD})(?![\w’'-])"
)
"""Whose kin they are: the word with a capital after it is a first name, known or not."""
_HOUSE = re.compile(
    rf"(?<![\w’'-])(?i:famille|veuve|vve|consorts|époux|héritiers|succession|indivision|feue?)[  ]+(?:de (?:M\.|Mme) )?({_NAME}(?:[  ]{_NAME}){{0,2}})"
)
_AT_WORK = re.compile(
    r"(?i:(?<![\w-])(?:agente?|gardien(?:ne)?|éducat(?:eur|rice)|animat(?:eur|rice)|atsem|assistante?(?: (?:maternelle|sociale?))?|institut(?:eur|rice)"
    r"|enseignante?|infirmi(?:er|ère)|médecin|technicien(?:ne)?|chauffeur|conduct(?:eur|rice)|voisine?|usag(?:er|ère)|riveraine?|locataire|propriétaire"
    r"|plaignante?|demandeu(?:r|se)|requérante?|concierge|présidente?|direct(?:eur|rice)|secrétaire|trésori(?:er|ère)|stagiaire|collègue|élève|enfant"
    r"|référente?|interlocut(?:eur|rice)|intervenante?|bénéficiaire|titulaire|signataire|commerçante?|exploitante?|adhérente?|abonnée?|patiente?"
    rf"|pharmacien(?:ne)?|notaire|avocate?|huissier|kinésithérapeute|factrice|facteur|victime|témoin))[  ]*[,:]?[  ]+({_NAMES})(?![\w’'])"
)
"""Somebody by their part: two words with capitals after it are their name."""
_REACHED = re.compile(
    rf"(?<![\w’'-])({_NAMES})[  ]*[,:;<(–-]*[  ]*(?:(?i:tél\.?|tel\.?|portable|port\.|mobile)[  ]*:?[  ]*)?"
    r"(?=(?:(?:\+|00)33[  .]?(?:\(0\))?[  ]?[67]|0[67])(?:[  ./-]?\d{2}){4}"
    r"|[1-478][  .]?\d{2}[  .]?(?:0[1-9]|1[0-2])[  .]?(?:\d{2}|2[AB])[  .]?\d{3}[  .]?\d{3}(?:[  .]?\d{2})?(?!\d)|[  ]*(?:née?|né\(e\))[  ]+(?:le[  ]+)?\d)"
)
"""A name just before a mobile telephone, a NIR, a birth."""
_MAILED = re.compile(
    r"(?<![\w’'-])([^\W\d][\w’'-]+(?:[  ][^\W\d][\w’'-]+){1,3})[  ]*[,:;<(–-]*[  ]*([\w.+'-]+)@"
)
_NO_HOUSE = frozenset(
    {
        "nombreuse",
        "nombreuses",
        "monoparentale",
        "monoparentales",
        "recomposee",
        "recomposees",
        "accueil",
        "rurale",
        "rurales",
        "laique",
        "laiques",
    }
)
_LOWER = re.compile(r"(?<![\w’'-])([a-zà-ÿ]{3,}(?:-[a-zà-ÿ]{3,})?)[  ]+([a-zà-ÿ]{3,})(?![\w’'-])")
_MONTHS = "janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|décembre|decembre"
_DATE = rf"(?:\d{{1,2}}[ ./-]\d{{1,2}}[ ./-](?:19|20)?\d{{2}}|\d{{1,2}}(?:er)?[  ](?:{_MONTHS})[  ](?:19|20)\d{{2}}|(?:19|20)\d{{2}}-\d{{2}}-\d{{2}})"
_BIRTH = re.compile(
    rf"(?i)(?<!\w)(?:née?|né\(e\)|nés)[  ]+(?:le[  ]+)?({_DATE})"
    rf"|(?<!\w)(?:date de naissance|ddn|naissance)(?:[  ](?:de |du |des |d['’]|l['’]|la |le )*[^\W\d]+){{0,2}}[  ]*[:=]?[  ]*(?:le[  ]+)?({_DATE})"
)
STREET = (
    "rue|r\\.|avenue|av\\.?|ave|boulevard|bd|bld|blvd|allées?|all\\.?|impasse|imp\\.?|chemin|ch\\.?|che|place|pl\\.?|route|rte|quai|cours|square|sq\\.?|passage|sentier|ruelle"
    "|résidence|residence|lotissement|lot\\.?|faubourg|fg|fbg|esplanade|promenade|traverse|venelle|villa|cité|cite|hameau|lieu[- "
    "]dit|montée|montee|côte|rond[- ]point|clos|mail"
    "|voie|levée|chaussée|pass\\.|sente|digue|corniche|rocade|parvis|galerie|rampe|escalier|zone|za|zi|domaine|parc|pont|porte|mas|cour|val|allee"
)
_NUMBER = r"\d{1,4}[  ]?(?:bis|ter|quater|[a-dA-D](?![\w’']))?[  ]*,?[  ]*"
_ADDRESS = re.compile(
    rf"(?i)(?<![\w/.,-])({_NUMBER}(?:{STREET})[  ]+(?:(?:du|de|des|la|le|les|l['’]|d['’])[  ]*){{0,2}}[\w’'-]+)"
)
_LIVING = re.compile("habit|demeur|domicil|resid|loge|vit ")
_LIVES = re.compile(
    rf"(?i)(?:habit|demeur|domicili|résid|loge)\w*(?:[  ]+(?:au|à|le|la))?[  ]+({_NUMBER}[\w’'-]{{2,}}(?:[  ][\w’'-]+)?)"
)
_PLATE = re.compile(
    r"(?i)(?:immatricul\w*|plaques?|véhicules?|vehicules?|voitures?|scooters?|motos?|camions?|camionnettes?|utilitaires?|fourgons?)[^.;!?]{0,40}?"
    r"(?<![A-Za-z0-9-])([A-HJ-NP-TV-Z]{2}[ -]?\d{3}[ -]?[A-HJ-NP-TV-Z]{2}|\d{2,4}[ -]?[A-HJ-NP-TV-Z]{2,3}[ -]?(?:\d{2}|2[AB]))(?![A-Za-z0-9])"
)
_NEW_PLATE = re.compile(
    r"(?<![A-Za-z0-9-])((?:[A-HJ-NP-RTV-Z][A-HJ-NP-TV-Z]|S[A-HJ-NP-RTV-Z])[ -]?\d{3}[ -]?[A-HJ-NP-TV-Z]{2})(?![A-Za-z0-9-])"
)
_LETTERS = re.compile("[a-z]+")
_TITLES = frozenset(
    {
        "m",
        "mm",
        "mr",
        "mme",
        "mmes",
        "mlle",
        "monsieur",
        "madame",
        "mademoiselle",
        "docteur",
        "dr",
        "maitre",
        "me",
        "pr",
    }
)
_BORN = frozenset({"ne", "nee", "nes", "naissance", "ddn"})
_DIGIT = re.compile("[0-9]")
_BEFORE = re.compile(r"[\w’'-]+")


def spans(text: str) -> tuple[Span, ...]:
    """What a text says of people, in its order; overlapping pieces of one kind are told once.

    The words of the text decide which patterns are tried at all: most sentences speak of nobody.
    """
    plain = fold(text)
    words = frozenset(_LETTERS.findall(plain))
    people = _once(_people(text, words))
    found_spans = list(people)
    if _DIGIT.search(text):
        if not _BORN.isdisjoint(words):
            found_spans += [Span("birth-in-text", *_group(m), True) for m in _BIRTH.finditer(text)]
        if not CARS.isdisjoint(words):
            found_spans += [
                Span("plate-in-text", *at, True)
                for at in dict.fromkeys(
                    m.span(1) for m in (*_PLATE.finditer(text), *_NEW_PLATE.finditer(text))
                )
            ]
        homes = [m.span(1) for m in _ADDRESS.finditer(text)]
        if not homes and _LIVING.search(plain):
            homes = [m.span(1) for m in _LIVES.finditer(text)]
        if homes and (people or HOME.search(plain)):
            found_spans += [Span("address-in-text", start, end, True) for start, end in homes]
    return tuple(sorted(found_spans, key=lambda s: s.start))


def _group(match: re.Match[str]) -> tuple[int, int]:
    return match.span(1) if match[1] else match.span(2)


def _people(text: str, folded: frozenset[str]) -> Iterator[Span]:
    """said: the folded words of the text."""
    if not _TITLES.isdisjoint(folded):
        for m in _TITLED.finditer(text):
            words = _words(m[1])
            fit = (
                words[0] not in ROLES
                and (words[0] not in NOT_A_NAME or m[1].istitle())
                and words[0] not in _TITLES
            )
            learned = _LEARNED.match(m[0]) is not None
            if (
                fit
                and not _aside(text, m.start(), near=not learned, but=frozenset() if learned else _WITH)
                and not _a_body(m[0], words)
            ):
                yield Span("person-in-text", m.start(1), m.end(1), True)
        for m in _LOW_TITLED.finditer(text):
            words = _words(m[2])
            known = (
                m[1] in ("mme", "mlle", "dr")
                or words[0] in SURNAMES
                or words[0] in FIRST
                or (m[1] == "m." and _after_contact(text, m.start()))
            )
            near = _LEARNED.match(m[1]) is None
            if (
                known
                and words[0] not in ROLES
                and words[0] not in NOT_A_NAME
                and words[0] not in _TITLES
                and not _aside(text, m.start(), near=near, but=_WITH)
            ):
                yield Span("person-in-text", m.start(2), m.end(2), True)
    if not FORMULAS.isdisjoint(folded):
        for m in _SIGNED.finditer(text):
            if (
                not _places(_words(m[1]))
                and NOT_A_NAME.isdisjoint(_words(m[1]))
                and ROLES.isdisjoint(_words(m[1]))
            ):
                yield Span("person-in-text", m.start(1), m.end(1), True)
    yield from _placed(text)
    given = not FIRST.isdisjoint(folded)
    if (given or not SURNAMES.isdisjoint(folded)) and not FORMULAS.isdisjoint(folded):
        for m in _FORMULA.finditer(text):
            words = _words(m[1])
            known = words[0] in FIRST or (len(words) > 1 and (words[-1] in FIRST or words[-1] in SURNAMES))
            if known and not _places(words) and NOT_A_NAME.isdisjoint(words) and words[0] not in ROLES:
                yield Span("person-in-text", m.start(1), m.end(1), True)
    if given:
        yield from _listed(text)
    if "." in text and not SURNAMES.isdisjoint(folded):
        for m in _INITIAL.finditer(text):
            words = _words(m[1])
            if words and words[-1] in SURNAMES and not _aside(text, m.start()):
                yield Span("person-in-text", m.start(), m.end(), False)


def _placed(text: str) -> Iterator[Span]:
    """Names that no list need know: what stands around says that somebody is named."""
    shouted = text.isupper()
    for pattern in (_KIN, _HOUSE, _AT_WORK, _REACHED):
        for m in pattern.finditer(text):
            words = _words(m[1])
            if (
                words
                and _unlike_words(words)
                and (not shouted or _known(words))
                and not _aside(text, m.start(1))
            ):
                yield Span("person-in-text", m.start(1), m.end(1), True)
    if "@" in text:
        for m in _MAILED.finditer(text):
            words, local = _words(m[1])[-3:], fold(m[2])
            if len(words) > 1 and any(len(w) > 2 and w in local for w in words) and _unlike_words(words):
                yield Span("person-in-text", m.start(1), m.end(1), True)


def _unlike_words(words: Collection[str]) -> bool:
    """Whether none of them is an ordinary word, a part that people have, or what names a place or a body."""
    return not any(
        w not in _MAY_NAME
        and (
            w in ROLES
            or w in NOT_A_NAME
            or w in FORMULAS
            or w in _NO_HOUSE
            or w in PLACES
            or w in BODIES
            or w in ASIDE
        )
        for w in words
    )


_MAY_NAME = frozenset({"mai", "avril", "saint", "sainte", "noel"})
"""Ordinary words that bear a capital in names: Thi Mai, de Saint-Exupère."""


def _known(words: Collection[str]) -> bool:
    return any(w in FIRST or w in SURNAMES for w in words)


def _after_contact(text: str, start: int) -> bool:
    """Whether the word before is one that somebody comes after: « rappeler », « vu avec »."""
    before = [fold(w) for w in _BEFORE.findall(text[max(0, start - 24) : start])]
    return bool(before) and before[-1] in FORMULAS


def _listed(text: str) -> Iterator[Span]:
    """First names beside surnames."""
    shouted = text.isupper()
    at = 0
    while m := _PAIR.search(text, at):
        at = m.end(1)
        first, second = _words(m[1]), _words(m[2])
        if first and second and _pair(first, second, shouted) and not _aside(text, m.start()):
            yield Span("person-in-text", m.start(), m.end(), False)
            at = m.end()
    at = 0
    while m := _LOWER.search(text, at):
        at = m.end(1)
        first, second = _words(m[1]), _words(m[2])
        if (
            all(w in FIRST and w not in COMMON for w in first)
            and second[0] in SURNAMES
            and second[0] not in COMMON
            and not _aside(text, m.start())
        ):
            yield Span("person-in-text", m.start(), m.end(), False)


def _pair(first: list[str], second: list[str], shouted: bool) -> bool:
    """Whether two names side by side are a first name and a surname, either way round."""
    if _places(first) or _places(second) or second[0] in NOT_A_NAME or first[0] in NOT_A_NAME:
        return False
    given = all(w in FIRST for w in first)
    turned = all(w in FIRST for w in second) and not given
    if not given and not turned:
        return False
    called, name = (first, second) if given else (second, first)
    known = any(w in SURNAMES or w in FIRST for w in name)
    if NOT_GIVEN.issuperset(called):
        return known and not COMMON.issuperset(name)
    if shouted or turned:
        return known or not COMMON.issuperset(called)
    return known or not COMMON.issuperset(name)


def somebody(text: str, start: int, end: int) -> bool:
    """Whether a piece of a text that something else takes for a name may be one: two to four words with capitals, none of them ordinary or of a place, inside
    the sentence (its first word bears a capital anyway), and nothing before it that makes it the name of a street, a school, a prize.

    >>> somebody("Courrier de Lilwenn Kervella reçu", 12, 28), somebody("Travaux rue Lilwenn Kervella", 12, 28)
    (True, False)
    """
    piece = text[start:end]
    words = _words(piece)
    if start == 0 or not 2 <= len(words) <= 4 or not all(part[:1].isupper() for part in piece.split()):
        return False
    ordinary = not NOT_A_NAME.isdisjoint(words) or not ROLES.isdisjoint(words) or not COMMON.isdisjoint(words)
    return not ordinary and not _places(words) and not _aside(text, start)


def _words(text: str) -> list[str]:
    """A name as the lists have it: folded, compounds cut, particles left out."""
    cut = [w for w in re.split(r"[\s'.-]+", fold(text)) if w]
    return [w for w in cut if w not in _PARTICLES] or cut


_PARTICLES = frozenset(
    {"de", "du", "des", "la", "le", "les", "d", "l", "van", "von", "el", "al", "ben", "da", "dos", "di"}
)


def _places(words: list[str]) -> bool:
    return not PLACES.isdisjoint(words) or not BODIES.isdisjoint(words) or not ASIDE.isdisjoint(words)


def _a_body(match: str, words: list[str]) -> bool:
    """« Me » and « M » before a word that is no name: a pronoun, a letter."""
    if match.split()[0] == "Me" and not words[0].endswith(("er", "ir", "re")):
        return False
    return (
        match.split()[0] in ("Me", "M")
        and not any(w in SURNAMES or w in FIRST for w in words)
        and not words[0].isupper()
    )


_WITH = frozenset({"av"})
"""« vu av. Mme Roy »: with her, not an avenue of hers."""


def _aside(text: str, start: int, *, near: bool = False, but: Collection[str] = ()) -> bool:
    """Whether what stands before makes it the name of a place, a body, a prize: « rue », « école », « prix ».
    near: only the word just before counts.
    """
    before = _BEFORE.findall(text[max(0, start - 48) : start])
    capitals = not text.isupper()
    for back, raw in enumerate(reversed(before)):
        word = fold(raw)
        bare = word.rpartition("'")[2]
        if bare in ASIDE and bare not in but:
            return True
        between = capitals and back == 0 and raw[:1].isupper() and text[:start].endswith(f"{raw} ")
        if (
            near
            or back >= 3
            or not (
                between
                or bare in _PARTICLES
                or bare in ROLES
                or bare in FIRST
                or bare in BETWEEN
                or bare in _TITLES
                or word in ("l'", "d'")
            )
        ):
            return False
    return False


def _once(spans_: Iterator[Span]) -> list[Span]:
    """Overlapping people told once, a rule before the lists."""
    separate: list[Span] = []
    for span in sorted(spans_, key=lambda s: (not s.sure, s.start)):
        if all(span.end <= k.start or span.start >= k.end for k in separate):
            separate.append(span)
    return separate
