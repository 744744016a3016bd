"""The public examination of a calculation: what it read, in which version, with what settings and seed, and what it leaves
out. Every table that a service or a study made leads to that of the version that is shown, and from there to earlier ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from sqlalchemy import Connection

from parvis.catalogue import lineage
from parvis.catalogue.entries import Entry, Item, absent, entry
from parvis.core.errors import NotFound
from parvis.core.language import Language
from parvis.core.sentence import FRENCH, mark
from parvis.core.types import Json, Run
from parvis.services.declaration import Service
from parvis.services.study import Study
from parvis.store import datasets, runs
from parvis.web.page import Page, Visit, page
from parvis.web.views import study_words
from parvis.web.views.current_service import spoken
from parvis.web.views.dataset import opening
from parvis.web.views.links import Link
from parvis.work import service_runs, studies

SERVICE, STUDY = "service:", "study:"
"""Beginnings of what a run did, of those that calculate."""


@dataclass(frozen=True, slots=True)
class ReadVersion:
    """One public version that was read."""

    dataset: Annotated[str, "Identifiant du jeu."]
    title: Annotated[str, "Titre du jeu."]
    resource: Annotated[str, "Table du jeu."]
    version: Annotated[str, "Empreinte de la version lue."]
    at: Annotated[datetime, "Date de cette version."]


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that the calculation was told."""

    name: Annotated[str, "Ce qui est réglé."]
    value: Annotated[str, "Sa valeur, ou l’empreinte de ce qui la tient."]


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """The calculation of another version of the same table."""

    version: Annotated[str, "Empreinte de la version."]
    at: Annotated[datetime, "Date de la version."]
    rows: Annotated[int, "Nombre d’enregistrements."]
    shown: Annotated[bool, "Vrai pour celle que la page montre."]


@dataclass(frozen=True, slots=True)
class CalculationPage:
    """How one version of a calculated table came about."""

    id: Annotated[str, "Identifiant du jeu."]
    title: Annotated[str, "Titre du jeu."]
    resource: Annotated[str, "Table du jeu."]
    version: Annotated[str, "Empreinte de la version qui en est sortie."]
    rows: Annotated[int, "Nombre d’enregistrements de cette version."]
    run: Annotated[str, "Identifiant du calcul."]
    at: Annotated[datetime, "Date du calcul."]
    by: Annotated[
        Link | None, "Service qui calcule ou qui montre cette table ; absent s’il n’a pas de page publique."
    ]
    maker: Annotated[str, "Titre du service ou de l’étude ; vide s’il n’est pas ouvert à tous."]
    language: Annotated[str, "Langue de la méthode et des limites."]
    method: Annotated[
        str,
        "Comment le résultat est obtenu ; vide si ce qui calcule n’est pas ouvert à tous et que rien de public ne le dit.",
    ]
    limits: Annotated[tuple[str, ...], "Ce qui est écarté, les gardes, les limites et la note de classement."]
    inputs: Annotated[tuple[ReadVersion, ...], "Versions publiques lues."]
    hidden: Annotated[int, "Nombre de versions lues qui ne sont pas publiques."]
    settings: Annotated[tuple[Setting, ...], "Paramètres, réglages et graine."]
    withheld: Annotated[
        int, "Nombre de réponses qui ne sont pas montrées : lieux, fichiers, mots, lignes choisies."
    ]
    earlier: Annotated[
        tuple[EarlierRun, ...], "Versions publiques de la même table, la plus récente d’abord."
    ]


def calculation(visit: Visit) -> CalculationPage:
    """GET /jeux/{id}/calcul. Raises NotFound where the table is as somebody handed it in, or no such version is public."""
    with visit.city.db.read() as conn:
        held, item = _named(visit, conn)
        family = lineage.lineage(conn, held.id)
        steps = [s for s in family.steps if s.resource == item.resource.id] if family else []
        asked = visit.query.get("version", "") or item.version
        step = next((s for s in steps if s.version == asked), None)
        made = runs.run(conn, step.run) if step is not None else None
        if step is None or made is None or not lineage.is_calculated(made.what):
            raise NotFound(
                "Aucun calcul de cette table n’est public.",
                mend="La page du jeu dit d’où viennent ses données.",
            )
        titles = datasets.titles(conn, tuple(one.dataset for one in step.inputs))
    service, study = _maker(made.what, item.resource.id)
    shown = visit.language.french
    if service is not None:
        shown = spoken(service, visit.language)
    elif study is not None and study_words.spoken(study, visit.language) != FRENCH:
        shown = visit.language.of(study.name)
    told, withheld = _settings(visit.language, made, service, study)
    declared = service or study
    open_maker = made.what == f"{SERVICE}{service.name}" if service is not None else study is not None
    return CalculationPage(
        held.id, held.dataset.title, item.name, step.version, step.rows, made.id, made.at,
        Link(service.name, shown.say(service.title)) if service is not None and service.page else None,
        shown.say(declared.title) if declared is not None and open_maker else "",
        shown.code,
        shown.say(declared.method) if declared is not None else "",
        tuple(shown.say(one) for one in declared.caveats) if declared is not None else (),
        tuple(ReadVersion(o.dataset, titles.get(o.dataset, o.dataset), o.resource.partition("/")[2], o.version, o.at) for o in step.inputs),
        step.hidden, told, withheld,
        tuple(EarlierRun(s.version, s.at, s.rows, s.version == step.version) for s in steps if lineage.is_calculated(s.what)),
    )  # fmt: skip


def _named(visit: Visit, conn: Connection) -> tuple[Entry, Item]:
    """The public dataset and table of the address. Raises NotFound or Gone."""
    held = entry(conn, visit.links, visit.params["id"])
    if held is None:
        raise absent(conn, visit.params["id"])
    wanted = visit.query.get("ressource", "")
    item = next((i for i in held.items if i.name == wanted), None if wanted else opening(held))
    if item is None:
        raise NotFound("Ce jeu n’a pas cette table.", mend="Les tables du jeu sont sur sa page.")
    return held, item


def _maker(what: str, resource: str) -> tuple[Service | None, Study | None]:
    """The service or study that did it, of those for everybody; else the public service that shows what came of it."""
    every = service_runs.for_all()
    service = next((s for s in every if what == f"{SERVICE}{s.name}"), None)
    study = next((s for s in studies.declared() if not s.group and what == f"{STUDY}{s.name}"), None)
    if service is None and study is None:
        showing = (
            s for s in every if s.page and resource in {*s.sources, *(i.resource for i in s.shown.values())}
        )
        service = next(showing, None)
    return service, study


def _settings(
    language: Language, made: Run, service: Service | None, study: Study | None
) -> tuple[tuple[Setting, ...], int]:
    """What may be told of the parameters: numbers, choices, days; never a place, a file, words or rows; of what is not open
    to everybody the seed alone. And how many answers are not told.
    """
    told: Mapping[str, str] = {}
    withheld = 0
    if study is not None:
        told, withheld = study_words.open_answers(study, made.parameters, language)
    elif service is not None and made.what == f"{SERVICE}{service.name}":
        own: Json = made.parameters.get(service_runs.TUNINGS, "")
        label = mark("Réglages de la ville, par leur empreinte") if own else mark("Réglages")
        told = {language.say(label): str(own)[:16] if own else language.say(mark("ceux qui sont fournis"))}
    seed = {language.say(mark("Graine du hasard")): str(made.seed)}
    return tuple(Setting(name, value) for name, value in {**told, **seed}.items()), withheld


PAGES: tuple[Page, ...] = (page("/jeux/{id}/calcul", calculation, "calculation.html"),)
