"""What no scan can tell: the questions that a person answers and signs before a table goes out. Who signs,
and where it is kept, is the register's.

The questions follow the grounds on which the law holds a document back (CRPA, articles L311-5 and L311-6; loi
51-711 on statistical secrecy; RGPD, articles 9 and 10).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence, spoken

Reply = Literal["yes", "no", "unsure"]
"""Whether the table holds what the question asks about."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to look for. kinds: what the scan finds that bears on it; source: the text that asks for it."""

    name: str
    title: str
    """French, as the person reads it."""
    english: str
    source: str
    kinds: tuple[str, ...] = ()


QUESTIONS: tuple[Question, ...] = (
    Question(
        "public-security",
        "Le fichier montre-t-il où frapper : réseau d’eau, vannes, caméras, armes, locaux techniques, plans ou codes d’accès ?",
        "Does the file show where to strike: water network, valves, cameras, weapons, technical rooms, plans or access codes?",
        "CRPA, article L311-5, 2° d",
        ("water-network", "camera-sites", "sensitive-building", "access-code"),
    ),
    Question(
        "business-secrecy",
        "Contient-il les procédés, les comptes ou la stratégie commerciale d’une entreprise (offres perdantes, prix détaillés, marges) ?",
        "Does it hold a company’s processes, accounts or commercial strategy (losing bids, detailed prices, margins)?",
        "CRPA, article L311-6, 1°",
        ("business-secrecy",),
    ),
    Question(
        "third-party-rights",
        "D’autres ont-ils des droits dessus : photos, textes, plans, bases achetées ou sous une autre licence ?",
        "Do others hold rights on it: photos, texts, plans, bought databases or another licence?",
        "CRPA, article L321-2 ; code de la propriété intellectuelle, L111-1",
        ("third-party-rights",),
    ),
    Question(
        "judgement-on-people",
        "Porte-t-il une appréciation sur une personne nommée, ou fait-il voir un comportement qui pourrait lui nuire ?",
        "Does it judge a named person, or show conduct whose disclosure could harm them?",
        "CRPA, article L311-6, 2° et 3°",
        ("person-name", "person-in-text"),
    ),
    Question(
        "special-categories",
        "Dit-il quelque chose de la santé, des opinions, de l’origine, du syndicat, de la vie sexuelle, des condamnations de quelqu’un ?",
        "Does it say anything of someone’s health, opinions, origin, union, sex life or convictions?",
        "RGPD, articles 9 et 10",
        ("health", "politics", "religion", "origin", "trade-union", "sex-life", "offences"),
    ),
    Question(
        "small-counts",
        "Une case porte-t-elle sur si peu de personnes ou d’entreprises qu’on les reconnaîtrait ?",
        "Does any cell count so few people or companies that they could be recognised?",
        "loi 51-711, article 6 ; CRPA, article L312-1-2",
    ),
    Question(
        "pending-procedure",
        "Touche-t-il une procédure en cours : enquête, contentieux, appel d’offres non attribué, délibération du gouvernement ?",
        "Does it bear on a pending procedure: investigation, lawsuit, call for tenders not yet awarded?",
        "CRPA, article L311-5, 2° f et g",
    ),
)


@dataclass(frozen=True, slots=True)
class Checklist:
    """The answers of one person on one version. replies: by name of question; notes: why, where the reply is
    "yes" or "unsure".
    """

    version: str
    signed_by: str
    """Opaque id of the person."""
    at: datetime
    replies: Mapping[str, Reply]
    notes: Mapping[str, str]

    @property
    def clear(self) -> bool:
        """Whether nothing stands against publication."""
        return all(self.replies[q.name] == "no" for q in QUESTIONS)


def sign(
    version: str,
    signed_by: str,
    at: datetime,
    replies: Mapping[str, str],
    notes: Mapping[str, str] | None = None,
) -> Checklist:
    """A signed checklist. Raises UsageError when a question is left open, or when a "yes" or "unsure" says no
    why.
    """
    if not signed_by.strip():
        raise UsageError("Une liste de contrôle est signée.", mend="Connectez-vous, puis signez-la.")
    by_question: dict[str, Reply] = {}
    comments = {name: text.strip() for name, text in (notes or {}).items()}
    for question in QUESTIONS:
        reply = replies.get(question.name, "")
        if reply == "yes" or reply == "no" or reply == "unsure":
            by_question[question.name] = reply
        else:
            raise UsageError(
                Sentence("Question sans réponse : « {title} »", title=spoken(question.title)),
                mend="Répondez oui, non, ou ne sais pas à chaque question.",
            )
        if reply != "no" and not comments.get(question.name):
            raise UsageError(
                Sentence("Dites pourquoi : « {title} »", title=spoken(question.title)),
                mend="Une réponse autre que non demande une phrase.",
            )
    return Checklist(version, signed_by, at, by_question, comments)


def raised(kinds: frozenset[str]) -> tuple[Question, ...]:
    """The questions that the scan's findings put before the others. kinds: what it found."""
    return tuple(q for q in QUESTIONS if kinds & set(q.kinds))
