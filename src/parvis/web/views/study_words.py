"""What is said of a run in words: its parameters by their questions, its origin, its state; its documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from parvis.core.language import Language, mark
from parvis.core.sentence import FRENCH
from parvis.core.types import Json
from parvis.publication.city import City
from parvis.services import parameters
from parvis.services.answers import Ask
from parvis.services.comparing import Pair
from parvis.services.study import Study, texts
from parvis.store.study_runs import StudyRun
from parvis.web import study_files
from parvis.work import studies

STATES: Mapping[str, str] = {
    "waiting": mark("En attente"),
    "running": mark("En cours"),
    "done": mark("Terminé"),
    "failed": mark("Échoué"),
    "cancelled": mark("Arrêté"),
    "destroyed": mark("Détruit"),
}

TONES: Mapping[str, str] = {"done": "ok", "failed": "bad", "cancelled": "warn", "destroyed": "warn"}


def spoken(study: Study, language: Language) -> str:
    """The language in which a page shows a declaration: another one than French only when none of its texts
    is missing.
    """
    own = language.of(study.name)
    return own.code if all(own.knows(text) for text in texts(study)) else FRENCH


def say(study: Study, language: Language, text: str) -> str:
    """A text of the declaration, in the page's language when the study speaks it."""
    return language.of(study.name).say(text) if spoken(study, language) != FRENCH else text


def answers(study: Study, one: StudyRun, language: Language) -> Mapping[str, str]:
    """What was said to each question, by its title; and the seed."""
    said = {
        say(study, language, ask.title): _said(study, language, ask, one.parameters[ask.name])
        for ask in study.asks
        if ask.name in one.parameters
    }
    return {**said, language.say("Graine du hasard"): str(one.seed)}


OPEN_KINDS = frozenset({"time", "day", "choice", "number", "tick"})
"""Kinds of questions whose answers may be told to everybody: none of them holds a place, words, a row or a file."""


def open_answers(
    study: Study, given: Mapping[str, Json], language: Language
) -> tuple[Mapping[str, str], int]:
    """What may be told to everybody of the parameters of a run, by the titles of their questions, and how many may not."""
    told = {
        say(study, language, ask.title): _said(study, language, ask, given[ask.name])
        for ask in study.asks
        if ask.name in given and ask.kind in OPEN_KINDS
    }
    return told, len(given) - len(told)


def _said(study: Study, language: Language, ask: Ask, value: Json) -> str:
    if isinstance(value, bool):
        return language.say("oui") if value else language.say("non")
    if isinstance(value, float | int):
        return language.number(value)
    if isinstance(value, dict):
        return str(value["name"])
    if isinstance(value, list):
        return ", ".join(str(v["name"]) if isinstance(v, dict) else str(v) for v in value)
    text = ", ".join(parameters.texts(value))
    return say(study, language, ask.choices[text]) if text in ask.choices else text


def facts(study: Study, one: StudyRun, language: Language) -> tuple[Pair, ...]:
    """How a result was obtained: what was said, and the versions that were read."""
    versions = {
        f"{language.say(mark('Version lue'))} : {name}": digest for name, digest in one.inputs.items()
    }
    said = {
        **answers(study, one, language),
        language.say("Calcul"): one.id,
        language.say("Demandé le"): language.moment(one.at),
        **versions,
    }
    return tuple(Pair(label, value, "") for label, value in said.items())


def document(city: City, study: Study, one: StudyRun, language: Language) -> bytes:
    """The result as PDF. Raises Gone."""
    made = studies.result(city, one)
    return study_files.pdf(
        language,
        say(study, language, study.title),
        say(study, language, study.question),
        facts(study, one, language),
        studies.answered(city, study, one, made, language),
        [say(study, language, caveat) for caveat in study.caveats],
        author=city.settings.city.name,
    )


def folder(city: City, study: Study, one: StudyRun, language: Language) -> Iterator[tuple[str, bytes]]:
    """The files of the whole result by name. Raises Gone."""
    made = studies.result(city, one)
    files = {name: studies.file(city, part) for name, part in made.files.items()}
    return study_files.contents(document(city, study, one, language), one, made.tables, files)
