"""One table of every code that a finding may bear, and the sentences of a finding in a language.

Codes come from the declarations: rules (`checks/rules`) and what other rooms tell (`checks/told`). A finding
of a rule carries its words; one that was told as a sentence, or stored before findings carried words, is read
back against the sentences of its code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from parvis.checks import messages
from parvis.checks.checking import checks
from parvis.checks.declaration import Check, English
from parvis.checks.message import Told
from parvis.checks.own_codes import own_codes
from parvis.checks.phrases import backwards, fill, put_in
from parvis.core.registry import declared
from parvis.core.sentence import FRENCH, IN_FRENCH, Speaker, either
from parvis.core.types import Dimension, Finding, Severity

if TYPE_CHECKING:
    from parvis.checks.domains import Notice
    from parvis.checks.drift import Drift

WHY: Mapping[Dimension, tuple[str, str]] = {
    "accuracy": (
        "Une valeur fausse est plus dangereuse qu’une valeur absente : on décide sur elle.",
        "A wrong value is worse than a missing one: people decide on it.",
    ),
    "completeness": (
        "Ce qui manque fausse les comptes, et personne ne le voit.",
        "What is missing spoils counts, and nobody sees it.",
    ),
    "consistency": (
        "Les programmes cherchent la même forme partout : ce qui s’en écarte n’est pas lu, ou l’est de travers.",
        "Programs look for the same form everywhere: what departs from it is not read, or read wrongly.",
    ),
    "currentness": ("Une donnée périmée passe pour vraie.", "An outdated value passes for true."),
    "uniqueness": (
        "Ce qui est en double compte deux fois, et deux lignes peuvent se contredire.",
        "What stands twice counts twice, and two rows may contradict each other.",
    ),
    "validity": (
        "Une valeur qui ne suit pas la règle n’est pas comprise des programmes : elle sort des filtres, des calculs et des cartes.",
        "Programs do not understand a value that breaks the rule: it drops out of filters, sums and maps.",
    ),
    "confidentiality": (
        "Publier une donnée personnelle sans base légale est une violation de données, et ce qui est sorti ne revient pas.",
        "Publishing personal data without a legal ground is a data breach, and what went out does not come back.",
    ),
}
"""Why a dimension of ISO/IEC 25012 matters: said where a check gives no reason of its own."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of a code or a finding. language: the code of the one it is really in: French where no
    translation is known.
    """

    title: str
    message: str
    why: str
    fix: str
    language: str


@dataclass(frozen=True, slots=True)
class Code:
    """One code: what it means, how grave it is by default, and all the words of it."""

    name: str
    title: str
    why: str
    fix: str
    english: English
    severity: Severity
    dimension: Dimension
    sentences: tuple[tuple[str, str], ...]
    source: Check | Drift | Notice | Told


def _of_check(each: Check | Drift) -> Code:
    pairs = tuple(
        (fr, en) for fr, en in ((each.message, each.english.message), (each.fix, each.english.fix)) if fr
    )
    return Code(
        each.name,
        each.title,
        each.why or WHY[each.dimension][0],
        each.fix,
        each.english,
        each.severity,
        each.dimension,
        pairs,
        each,
    )


def _of_notice(each: Notice) -> Code:
    english = English(title=each.title(english=True), fix=each.mend, why=WHY[each.dimension][1])
    return Code(
        each.code,
        each.title(),
        WHY[each.dimension][0],
        each.fix,
        english,
        each.severity,
        each.dimension,
        each.sentences,
        each,
    )


def _of_told(each: Told) -> Code:
    return Code(
        each.name,
        each.title,
        each.why,
        each.fix,
        each.english,
        each.severity,
        each.dimension,
        each.sentences,
        each,
    )


@cache
def codes() -> Mapping[str, Code]:
    """Every code by name. Raises RuntimeError when two codes of ours bear one name."""
    from parvis.checks.domains import domains
    from parvis.checks.drift import (
        drifts,
    )  # they stand on NumPy, which telling what a rule found does without
    from parvis.checks.survey import known_table_checks

    own_codes()
    rules = {**checks(), **known_table_checks(), **drifts()}
    notices = {code: notice for domain in domains().values() for code, notice in domain.notices.items()}
    every = (
        {n: _of_notice(e) for n, e in notices.items()}
        | {n: _of_told(t) for n, t in known_messages().items()}
        | {n: _of_check(c) for n, c in rules.items()}
    )
    return {name: every[name] for name in sorted(every)}


@cache
def known_messages() -> Mapping[str, Told]:
    """Every code that no rule raises, by name."""
    return declared(messages, Told, belongs=lambda one: one.name not in own_codes())


def about(code: Code, language: Speaker = IN_FRENCH) -> Words:
    """A code in general, for its page. message and fix keep their {placeholders}."""
    source, own = code.source, code.english
    message = "" if isinstance(source, Told) else source.message
    if not _titled(code, language):
        return Words(code.title, message, code.why, code.fix, FRENCH)
    pairs = (
        (code.title, own.title),
        (message, own.message),
        (code.why, own.why or dict(WHY.values()).get(code.why, "")),
        (code.fix, own.fix),
    )
    title, message_pair, why, fix = (either(pair, language) for pair in pairs)
    return Words(title, message_pair, why, fix, language.code)


def _titled(code: Code, language: Speaker) -> bool:
    """Whether the language has a title for the code: what has none is told in French, whole."""
    return bool(language.translated(code.title) or (language.code == "en" and code.english.title))


def tell(finding: Finding, language: Speaker = IN_FRENCH) -> Words:
    """A finding in that language: title, message, why, fix. A code that nobody declares is told by its own
    sentences.
    """
    rule = checks().get(finding.check)
    code = codes().get(finding.check) if rule is None else _of_check(rule)
    if code is None:
        why = either(WHY[finding.dimension], language)
        return Words(finding.check, finding.message, why, finding.fix, FRENCH)
    french = Words(code.title, finding.message, code.why, finding.fix or code.fix, FRENCH)
    if language.code == FRENCH or not _titled(code, language):
        return french
    message = _translated(finding, code, finding.message, language)
    if not message:
        return french
    general = about(code, language)
    if finding.fix in ("", code.fix):
        return Words(general.title, message, general.why, general.fix, language.code)
    fix = _translated(finding, code, finding.fix, language)
    return Words(general.title, message, general.why, fix or finding.fix, language.code)


def _translated(finding: Finding, code: Code, text: str, language: Speaker) -> str:
    """A sentence of a finding in that language, "" when it is none of its code's, or not translated."""
    for pair in code.sentences:
        params = (
            _words(finding)
            if finding.said and _french_sentence(pair[0], finding) == text
            else backwards(pair[0], text)
        )
        if params is not None and (own := _own(pair, language)):
            return fill(own, params, language)
    with_place = backwards("{sentence} ({where})", text)  # a reader's issue with its place behind
    if with_place is not None and with_place["where"]:
        for pair in code.sentences:
            params = backwards(pair[0], with_place["sentence"])
            if params is not None and (own := _own(pair, language)):
                return f"{fill(own, params, language)} ({put_in('where', with_place['where'], language)})"
    return ""


def _own(pair: tuple[str, str], language: Speaker) -> str:
    """The template in that language; "" when it has none."""
    own = (pair[1] if language.code == "en" else "") or language.translated(pair[0])
    if own:
        return own
    place = "{where} : {what}"
    what = pair[0].removeprefix("{where} : ")
    if what != pair[0] and (own := language.translated(what)):  # behind the place that it speaks of
        return (language.translated(place) or place).replace("{what}", own)
    return ""


def _words(finding: Finding) -> Mapping[str, str]:
    """All words of a rule's sentences, in French: its own, and those that every rule has."""
    many = "s" if finding.count > 1 else ""
    count = f"{finding.count:,}".replace(",", "\u202f")
    counted = {
        "values": f"{count} valeur{many}",
        "rows": f"{count} ligne{many}",
        "cells": f"{count} cellule{many}",
    }
    return {"column": finding.column, **counted, **finding.said}


def _french_sentence(template: str, finding: Finding) -> str:
    """What a template makes of the words of a finding; "" when it asks for others."""
    words = _words(finding)
    return "" if any(name not in words for name in _names(template)) else template.format_map(words)


def _names(template: str) -> Iterator[str]:
    parts = template.split("{")[1:]
    yield from (part.split("}")[0] for part in parts)
