"""The publisher's desk: what was handed in and what became of it, a form to hand in a file, and the decision
on what is held.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

from sqlalchemy import Connection

from parvis.core.errors import HeldBack, NotFound, ParvisError, Refused
from parvis.core.language import mark
from parvis.core.sentence import Sentence
from parvis.core.text import slug
from parvis.core.types import PUBLIC, Dataset, Finding, Organisation, Resource
from parvis.decisions import clearing, deciding
from parvis.people.rights import Action, Person, can, require
from parvis.privacy import deciding as rules
from parvis.privacy import surrounding_words
from parvis.publication import hidden_parts, pipeline
from parvis.store import datasets, deposits, live, takedowns, versions
from parvis.store.deposits import Deposit
from parvis.web.form import Again, Moved, Sent, form
from parvis.web.page import Page, Visit, page
from parvis.web.views import desk
from parvis.web.views.desk import Wrong

SIZE = 25
"""Deposits a page."""

SHORTEST_REASON = 10
"""Characters of a reason."""

NO_REASON = mark("Dites pourquoi cette version peut être diffusée (dix caractères au moins).")


@dataclass(frozen=True, slots=True)
class DepositLine:
    """One file that was handed in."""

    id: Annotated[str, "Identifiant du dépôt."]
    name: Annotated[str, "Nom du fichier déposé."]
    dataset: Annotated[str, "Identifiant du jeu de données."]
    title: Annotated[str, "Titre du jeu de données."]
    at: Annotated[datetime, "Date du dépôt."]
    state: Annotated[str, "received, reading, held, refused, published, failed ou unchanged."]
    message: Annotated[str, "Ce qui s’est passé, ou ce qu’il faut faire."]


@dataclass(frozen=True, slots=True)
class HeldFeedLine:
    """A feed of which the last batch is held."""

    dataset: Annotated[str, "Identifiant du jeu de données."]
    title: Annotated[str, "Titre du jeu de données."]


@dataclass(frozen=True, slots=True)
class DepositsPage:
    """What the organisations of this person have handed in."""

    deposits: Annotated[
        tuple[DepositLine, ...], "Dépôts de cette page : ce qui attend une décision, puis le plus récent."
    ]
    total: Annotated[int, "Nombre de dépôts, toutes pages comprises."]
    waiting: Annotated[int, "Nombre de dépôts qui attendent une décision."]
    page: Annotated[int, "Numéro de la page, à partir de 1."]
    pages: Annotated[int, "Nombre de pages."]
    may_send: Annotated[bool, "Vrai si la personne peut déposer un fichier."]
    agreements: Annotated[
        int, "Retraits d’autres organisations qui attendent l’accord d’une organisation de cette personne."
    ] = 0
    held_feeds: Annotated[
        tuple[HeldFeedLine, ...], "Flux retenus sur lesquels cette personne peut se prononcer."
    ] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """A resource that a file may be handed in for."""

    resource: Annotated[str, "Identifiant de la ressource."]
    title: Annotated[str, "Titre du jeu et de la ressource."]


@dataclass(frozen=True, slots=True)
class SendPage:
    """The form to hand in a file."""

    targets: Annotated[tuple[Target, ...], "Ressources existantes que le fichier peut mettre à jour."]
    organisations: Annotated[
        tuple[Organisation, ...], "Organisations pour lesquelles la personne peut déposer."
    ]
    upload_mb: Annotated[int, "Taille maximale, en Mo."]
    resource: Annotated[str, "Ressource déjà choisie."] = ""
    title: Annotated[str, "Titre déjà saisi d’un nouveau jeu."] = ""
    organisation: Annotated[str, "Organisation déjà choisie."] = ""
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()
    reserved: Annotated[bool, "Vrai si le nouveau jeu ne sera pas publié, mais partagé avec un groupe."] = (
        False
    )


@dataclass(frozen=True, slots=True)
class DepositPage:
    """One deposit: its state, what was found, and the decision that it waits for."""

    deposit: Annotated[DepositLine, "Le dépôt."]
    version: Annotated[str, "Empreinte de la version lue, vide s’il n’y en a pas."]
    rows: Annotated[int | None, "Nombre d’enregistrements lus."]
    findings: Annotated[tuple[Finding, ...], "Constats, valeurs personnelles masquées."]
    published: Annotated[bool, "Vrai si la version est diffusée au public."]
    may_decide: Annotated[bool, "Vrai si la personne peut décider de la diffusion."]
    quality: Annotated[
        bool, "Vrai si seule la règle de publication retient la version, et non des données personnelles."
    ]
    why: Annotated[str, "Motif déjà saisi."] = ""
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()
    may_edit: Annotated[bool, "Vrai si la personne peut changer la recette du jeu."] = False
    may_share: Annotated[bool, "Vrai si la personne peut partager la version avec un groupe."] = False
    may_choose: Annotated[
        bool,
        "Vrai si la personne peut dire ce que deviennent les parties masquées du classeur, que personne n’a dit encore.",
    ] = False
    may_retry: Annotated[
        bool, "Vrai si la personne peut relancer le traitement d’un dépôt qu’une panne a arrêté."
    ] = False


def _line(conn: Connection, one: Deposit) -> tuple[DepositLine, Dataset] | None:
    resource = datasets.resource(conn, one.resource)
    dataset = datasets.dataset(conn, resource.dataset) if resource else None
    return (
        None
        if dataset is None
        else (
            DepositLine(one.id, one.name, dataset.id, dataset.title, one.at, one.state, one.message),
            dataset,
        )
    )


def _sendable(conn: Connection, person: Person) -> tuple[Organisation, ...]:
    return tuple(o for o in datasets.organisations(conn) if can(person, "send", o.id))


def listing(visit: Visit) -> DepositsPage:
    """GET /depots."""
    person = require(visit.person, "see-drafts", _first(visit.person))
    number = visit.whole("page", 1)
    with visit.city.db.read() as conn:
        theirs = desk.where(conn, person, "see-drafts")
        states = deposits.tally(conn, theirs)
        found = deposits.listed(conn, theirs, limit=SIZE, offset=(number - 1) * SIZE)
        may = bool(_sendable(conn, person))
        asked = sum(can(person, "withdraw", one.organisation) for one in takedowns.asked(conn, waiting=True))
        feeds = _held_feeds(conn, person)
    lines = tuple(
        DepositLine(d.id, d.name, one.dataset, one.title, d.at, d.state, d.message)
        for one in found
        for d in (one.deposit,)
    )
    total = sum(states.values())
    return DepositsPage(
        lines, total, states.get("held", 0), number, max(1, -(-total // SIZE)), may, asked, feeds
    )


def _held_feeds(conn: Connection, person: Person) -> tuple[HeldFeedLine, ...]:
    """The feeds that are held and on which this person may say whether somebody is named."""
    found = dict[str, HeldFeedLine]()
    for resource in datasets.polled(conn):
        state = live.feed(conn, resource.id)
        dataset = datasets.dataset(conn, resource.dataset) if state and state.state == "held" else None
        if dataset is not None and clearing.may_clear(person, dataset.publisher):
            found[dataset.id] = HeldFeedLine(dataset.id, dataset.title)
    return tuple(found.values())


def _first(person: Person | None) -> str:
    """An organisation of the person: the desk is open to whoever belongs to one."""
    return next(iter(person.roles), "") if person else ""


def _targets(conn: Connection, person: Person) -> tuple[Target, ...]:
    every = datasets.datasets(conn, states=("draft", "published", "archived"))
    return tuple(
        Target(r.id, f"{d.title} – {r.title}" if r.title != d.title else d.title)
        for d in every
        if can(person, "send", d.publisher)
        for r in datasets.resources(conn, d.id)
        if r.every_s == 0
    )


def sending(visit: Visit) -> SendPage:
    """GET /depots/nouveau."""
    person = _may_send(visit)
    with visit.city.db.read() as conn:
        return SendPage(
            _targets(conn, person),
            _sendable(conn, person),
            visit.city.settings.limits.upload_mb,
            visit.query.get("ressource", ""),
        )


def _may_send(visit: Visit) -> Person:
    return require(visit.person, "send", _first(visit.person))


def send_file(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /depots/nouveau: a file for a known resource, or for a new dataset of an organisation."""
    person = _may_send(visit)
    file = sent.file("fichier")
    target, title, organisation, reserved = (
        sent.text("ressource"),
        sent.text("titre")[:350],
        sent.text("organisation"),
        sent.text("reserve") == "1",
    )
    with visit.city.db.read() as conn:
        empty = SendPage(
            _targets(conn, person),
            _sendable(conn, person),
            visit.city.settings.limits.upload_mb,
            target,
            title,
            organisation,
            reserved=reserved,
        )
    wrong: list[Wrong] = []
    if file is None:
        wrong.append(Wrong("fichier", mark("Choisissez un fichier à déposer.")))
    if target and target not in {t.resource for t in empty.targets}:
        wrong.append(Wrong("ressource", mark("Choisissez une ressource de la liste.")))
    if not target and not title:
        wrong.append(
            Wrong(
                "titre", mark("Donnez un titre au nouveau jeu, ou choisissez la ressource à mettre à jour.")
            )
        )
    if not target and organisation not in {o.id for o in empty.organisations}:
        wrong.append(Wrong("organisation", mark("Choisissez l’organisation qui publie.")))
    if wrong or file is None:
        return Again("/depots/nouveau", "send.html", replace(empty, wrong=tuple(wrong)))
    name = Path(file.filename or "fichier").name
    with tempfile.TemporaryDirectory(
        dir=visit.city.settings.path(visit.city.settings.storage.spool)
    ) as folder:
        path = Path(folder) / "recu"
        with path.open("wb") as out:
            shutil.copyfileobj(file.file, out, 1 << 20)
        resource = target or _open(visit, title, organisation, name, reserved=reserved)
        try:
            made = pipeline.receive(visit.city, path, name=name, resource=resource, actor=person.id)
        except ParvisError as refused:
            if refused.status >= 500:
                raise
            return Again(
                "/depots/nouveau", "send.html", replace(empty, wrong=(Wrong("fichier", refused.told),))
            )
    return Moved(f"/depots/{made.id}", {"recu": "1"})


def _open(visit: Visit, title: str, organisation: str, name: str, *, reserved: bool = False) -> str:
    """A new dataset, in draft until something of it may be read; returns the id of its resource. A title that
    is taken gets a number.
    """
    wanted, number, part = (
        surrounding_words.identifier(title, "jeu"),
        2,
        surrounding_words.identifier(Path(name).stem, "fichier"),
    )
    base = wanted[:76].strip("-")
    with visit.city.db.begin() as conn:
        while datasets.dataset(conn, wanted) is not None:
            wanted, number = f"{base}-{number}", number + 1
        datasets.save_dataset(
            conn, Dataset(wanted, title, "", organisation, access="restricted" if reserved else "public")
        )
        resource = Resource(
            f"{wanted}/{part}",
            wanted,
            title,
            source=f"upload:{name if part == slug(Path(name).stem) else part}",
        )
        datasets.save_resource(conn, resource)
        return resource.id


def _deposit(visit: Visit, id_: str, action: str = "see-drafts") -> tuple[DepositPage, str]:
    """A deposit that this person may see. Raises NotFound for others too: its very existence is the
    organisation's.
    """
    if visit.person is None:
        require(None, "see-drafts")
    with visit.city.db.read() as conn:
        one = deposits.get(conn, id_)
        line = _line(conn, one) if one else None
        if one is None or line is None or not can(visit.person, "see-drafts", line[1].publisher):
            raise NotFound("Ce dépôt n’existe pas, ou n’est pas de vos organisations.")
        version = versions.version(conn, one.version) if one.version else None
        served = versions.served(conn, one.resource, PUBLIC) if version else None
        resource = datasets.resource(conn, one.resource)
        hides = hidden_parts.asked(conn, one)
        findings: Sequence[Finding] = version.report.findings if version else ()
        if hides:
            findings = (*findings, *(f for f in hidden_parts.of(conn, one) if f not in findings))
    return DepositPage(
        line[0],
        version.digest if version else "",
        version.rows if version else None,
        tuple(findings),
        served is not None
        and version is not None
        and served.digest == version.digest
        and line[1].state == "published",
        can(visit.person, taking(resource, findings), line[1].publisher),
        taking(resource, findings) == "accept",
        may_edit=can(visit.person, "edit", line[1].publisher),
        may_share=can(visit.person, "share", line[1].publisher),
        may_choose=hides and can(visit.person, "send", line[1].publisher),
        may_retry=one.state == "failed" and can(visit.person, "send", line[1].publisher),
    ), line[1].publisher


def taking(resource: Resource | None, findings: Sequence[Finding]) -> Action:
    """The right that letting a held version out takes."""
    return rules.opened_by(resource.policy if resource is not None else "hold", findings)


def deposit(visit: Visit) -> DepositPage:
    """GET /depots/{id}."""
    return _deposit(visit, visit.params["id"])[0]


def release(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /depots/{id}/diffuser: let the public read a held version, and say why."""
    found, organisation = _deposit(visit, visit.params["id"])
    with visit.city.db.read() as conn:
        one = deposits.get(conn, visit.params["id"])
        resource = datasets.resource(conn, one.resource) if one else None
    person = require(visit.person, taking(resource, found.findings), organisation)
    if taking(resource, found.findings) == "decide":
        raise Refused(
            deciding.TAKES_A_DECISION,
            mend=Sentence("Elle se prend à la page /depots/{id}/decision.", id=found.deposit.id),
        )
    why = sent.text("motif")
    if not found.version:
        raise NotFound("Ce dépôt n’a pas de version à diffuser.")
    here = f"/depots/{found.deposit.id}"
    if len(why) < SHORTEST_REASON:
        return Again(here, "deposit.html", replace(found, why=why, wrong=(Wrong("motif", NO_REASON),)))
    try:
        deciding.accept(visit.city, found.version, PUBLIC, why=why[:2000], actor=person.id)
    except HeldBack as held:
        return Again(here, "deposit.html", replace(found, why=why, wrong=(Wrong("motif", held.message),)))
    return Moved(here, {"diffuse": "1"})


def retry(visit: Visit, sent: Sent) -> Moved:
    """POST /depots/{id}/relancer: a deposit that was stopped, begun again from the bytes that are kept."""
    found, organisation = _deposit(visit, visit.params["id"])
    person = require(visit.person, "send", organisation)
    pipeline.retry(visit.city, found.deposit.id, actor=person.id)
    return Moved(f"/depots/{found.deposit.id}")


def choose(visit: Visit, sent: Sent) -> Moved:
    """POST /depots/{id}/masque: publish without what a workbook hides, or with it, knowingly."""
    found, organisation = _deposit(visit, visit.params["id"])
    person = require(visit.person, "send", organisation)
    hidden_parts.choose(visit.city, found.deposit.id, sent.text("masque"), actor=person.id)
    return Moved(f"/depots/{found.deposit.id}")


PAGES: tuple[Page, ...] = (
    page("/depots", listing, "deposits.html", steady=False),
    page("/depots/nouveau", sending, "send.html", steady=False),
    page("/depots/{id}", deposit, "deposit.html", steady=False),
)

ROUTES = (
    *form("/depots/nouveau", send_file, upload=_may_send),
    *form("/depots/{id}/diffuser", release),
    *form("/depots/{id}/relancer", retry),
    *form("/depots/{id}/masque", choose),
)
