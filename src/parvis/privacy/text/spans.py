"""Where a sentence speaks of somebody: rules first, lists second, and the words around decide.

A street, a school or a prize bears somebody's name and is nobody: what stands just before a name is looked at. A street number is a place of works or a home:
only a sentence that speaks of living somewhere, or of somebody, makes it one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from parvis.core.text import fold
from parvis.privacy.names import FIRST, PLACES, SURNAMES
from parvis.privacy.text.words import ASIDE, BETWEEN, BODIES, CARS, COMMON, FORMULAS, HOME, NOT_A_NAME, NOT_GIVEN, ROLES

Kind = Literal["person-in-text", "birth-in-text", "address-in-text", "plate-in-text"]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text. start, end: characters. sure: whether a rule found it (a title, a formula), not the lists."""

    kind: Kind
    start: int
    end: int
    sure: bool


_UP = "A-ZÀ-ÖØ-ÞŒ"
_LOW = "a-zß-öø-ÿœ"
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
_LOW_TITLED = re.compile(r"(?<![\w’'.-])(mme|mlle|m\.|mr|monsieur|madame)[  ]+((?:le |de |el |ben |da |d['’]|l['’])?[a-zà-ÿœ'’-]{3,})")
_LOWER = re.compile(r"(?<![\w’'-])([a-zà-ÿ]{3,}(?:-[a-zà-ÿ]{3,})?)[  ]+([a-zà-ÿ]{3,})(?![\w’'-])")
_MONTHS = "janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|décembre|decembre"
_DATE = rf"(?:\d{{1,2}}[ ./-]\d{{1,2}}[ ./-](?:19|20)?\d{{2}}|\d{{1,2}}(?:er)?[  ](?:{_MONTHS})[  ](?:19|20)\d{{2}}|(?:19|20)\d{{2}}-\d{{2}}-\d{{2}})"
_BIRTH = re.compile(rf"(?i)(?<!\w)(?:née?|né\(e\)|nés)[  ]+(?:le[  ]+)?({_DATE})|(?<!\w)(?:date de naissance|ddn"
rf"|naissance)[  ]*[:=]?[  ]*(?:le[  ]+)?({_DATE})")
STREET = (
    "rue|r\\.|avenue|av\\.?|ave|boulevard|bd|bld|blvd|allées?|all\\.?|impasse|imp\\.?|chemin|ch\\.?|che|place|pl\\.?|route|rte|quai|cours|square|sq\\.?|passage|sentier|ruelle"
    "|résidence|residence|lotissement|lot\\.?|faubourg|fg|fbg|esplanade|promenade|traverse|venelle|villa|cité|cite|hameau|lieu[- "
    "]dit|montée|montee|côte|rond[- ]point|clos|mail"
    "|voie|levée|parvis|galerie|rampe|escalier|zone|za|zi|domaine|parc|pont|porte|mas|cour|val|allee"
)
_NUMBER = r"\d{1,4}[  ]?(?:bis|ter|quater|[a-dA-D](?![\w’']))?[  ]*,?[  ]*"
_ADDRESS = re.compile(rf"(?i)(?<![\w/.,-])({_NUMBER}(?:{STREET})[  ]+(?:(?:du|de|des|la|le|les|l['’]|d['’])[  ]*){{0,2}}[\w’'-]+)")
_LIVING = re.compile("habit|demeur|domicil|resid|loge|vit ")
_LIVES = re.compile(rf"(?i)(?:habit|demeur|domicili|résid|loge)\w*(?:[  ]+(?:au|à|le|la))?[  ]+({_NUMBER}[\w’'-]{{2,}}(?:[  ][\w’'-]+)?)")
_PLATE = re.compile(
    r"(?i)(?:immatricul\w*|plaques?|véhicules?|vehicules?|voitures?|scooters?|motos?|camions?|camionnettes?|utilitaires?|fourgons?)[^.;!?]{0,40}?"
    r"(?<![A-Za-z0-9-])([A-HJ-NP-TV-Z]{2}[ -]?\d{3}[ -]?[A-HJ-NP-TV-Z]{2}|\d{2,4}[ -]?[A-HJ-NP-TV-Z]{2,3}[ -]?(?:\d{2}|2[AB]))(?![A-Za-z0-9])"
)
_LETTERS = re.compile("[a-z]+")
_TITLES = frozenset({"m", "mm", "mr", "mme", "mmes", "mlle", "monsieur", "madame", "mademoiselle", "docteur", "dr", "maitre", "me", "pr"})
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
    found = list(people)
    if _DIGIT.search(text):
        if not _BORN.isdisjoint(words):
            found += [Span("birth-in-text", *_group(m), True) for m in _BIRTH.finditer(text)]
        if not CARS.isdisjoint(words):
            found += [Span("plate-in-text", *m.span(1), True) for m in _PLATE.finditer(text)]
        homes = [m.span(1) for m in _ADDRESS.finditer(text)]
        if not homes and _LIVING.search(plain):
            homes = [m.span(1) for m in _LIVES.finditer(text)]
        if homes and (people or HOME.search(plain)):
            found += [Span("address-in-text", start, end, True) for start, end in homes]
    return tuple(sorted(found, key=lambda s: s.start))


def _group(match: re.Match[str]) -> tuple[int, int]:
    return match.span(1) if match[1] else match.span(2)


def _people(text: str, said: frozenset[str]) -> Iterator[Span]:
    """said: the folded words of the text."""
    if not _TITLES.isdisjoint(said):
        for m in _TITLED.finditer(text):
            words = _words(m[1])
            fit = words[0] not in ROLES and (words[0] not in NOT_A_NAME or m[1].istitle()) and words[0] not in _TITLES
            if fit and not _aside(text, m.start(), near=not _LEARNED.match(m[0])) and not _a_body(m[0], words):
                yield Span("person-in-text", m.start(1), m.end(1), True)
        for m in _LOW_TITLED.finditer(text):
            words = _words(m[2])
            known = m[1] in ("mme", "mlle") or words[0] in SURNAMES or words[0] in FIRST
            if known and words[0] not in ROLES and words[0] not in NOT_A_NAME and words[0] not in _TITLES and not _aside(text, m.start(), near=True):
                yield Span("person-in-text", m.start(2), m.end(2), True)
    if not FORMULAS.isdisjoint(said):
        for m in _SIGNED.finditer(text):
            if not _places(_words(m[1])) and NOT_A_NAME.isdisjoint(_words(m[1])) and ROLES.isdisjoint(_words(m[1])):
                yield Span("person-in-text", m.start(1), m.end(1), True)
    given = not FIRST.isdisjoint(said)
    if (given or not SURNAMES.isdisjoint(said)) and not FORMULAS.isdisjoint(said):
        for m in _FORMULA.finditer(text):
            words = _words(m[1])
            known = words[0] in FIRST or (len(words) > 1 and (words[-1] in FIRST or words[-1] in SURNAMES))
            if known and not _places(words) and NOT_A_NAME.isdisjoint(words) and words[0] not in ROLES:
                yield Span("person-in-text", m.start(1), m.end(1), True)
    if given:
        yield from _listed(text)
    if "." in text and not SURNAMES.isdisjoint(said):
        for m in _INITIAL.finditer(text):
            words = _words(m[1])
            if words and words[-1] in SURNAMES and not _aside(text, m.start()):
                yield Span("person-in-text", m.start(), m.end(), False)


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
        if all(w in FIRST and w not in COMMON for w in first) and second[0] in SURNAMES and second[0] not in COMMON and not _aside(text, m.start()):
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
    said = text[start:end]
    words = _words(said)
    if start == 0 or not 2 <= len(words) <= 4 or not all(part[:1].isupper() for part in said.split()):
        return False
    ordinary = not NOT_A_NAME.isdisjoint(words) or not ROLES.isdisjoint(words) or not COMMON.isdisjoint(words)
    return not ordinary and not _places(words) and not _aside(text, start)


def _words(text: str) -> list[str]:
    """A name as the lists have it: folded, compounds cut, particles left out."""
    cut = [w for w in re.split(r"[\s'.-]+", fold(text)) if w]
    return [w for w in cut if w not in _PARTICLES] or cut


_PARTICLES = frozenset({"de", "du", "des", "la", "le", "les", "d", "l", "van", "von", "el", "al", "ben", "da", "dos", "di"})


def _places(words: list[str]) -> bool:
    return not PLACES.isdisjoint(words) or not BODIES.isdisjoint(words) or not ASIDE.isdisjoint(words)


def _a_body(match: str, words: list[str]) -> bool:
    """« Me » and « M » before a word that is no name: a pronoun, a letter."""
    return match.split()[0] in ("Me", "M") and not any(w in SURNAMES or w in FIRST for w in words) and not words[0].isupper()


def _aside(text: str, start: int, *, near: bool = False) -> bool:
    """Whether what stands before makes it the name of a place, a body, a prize: « rue », « école », « prix ». near: only the word just before counts."""
    before = [fold(w) for w in _BEFORE.findall(text[max(0, start - 48) : start])]
    for back, word in enumerate(reversed(before)):
        bare = word.rpartition("'")[2]
        if bare in ASIDE:
            return True
        if near or back >= 3 or not (bare in _PARTICLES or bare in ROLES or bare in FIRST or bare in BETWEEN or bare in _TITLES or word in ("l'", "d'")):
            return False
    return False


def _once(found: Iterator[Span]) -> list[Span]:
    """Overlapping people told once, a rule before the lists."""
    kept: list[Span] = []
    for span in sorted(found, key=lambda s: (not s.sure, s.start)):
        if all(span.end <= k.start or span.start >= k.end for k in kept):
            kept.append(span)
    return kept
