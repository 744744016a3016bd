"""The feeds of an organisation: how each goes, in words, when it was asked last and will be next; and an address tried,
then added.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

from sqlalchemy import Connection

from parvis.core.errors import NotFound, ParvisError, SourceDown, UsageError
from parvis.core.language import mark
from parvis.core.types import Column, Dataset, Organisation, Resource
from parvis.harvest import asking
from parvis.people.rights import Person, can, require
from parvis.privacy import surrounding_words
from parvis.publication import pipeline
from parvis.store import datasets, journal, live, rereads
from parvis.store.rereads import Reread
from parvis.web import live_state, trying
from parvis.web.form import Again, Moved, Sent, form
from parvis.web.page import Page, Visit, page
from parvis.web.views import desk
from parvis.web.views.desk import Choice, Wrong
from parvis.work import feed_trial, rereading

TEMPLATE = "feeds.html"
RHYTHMS: Mapping[int, str] = {
    60: mark("chaque minute"),
    300: mark("toutes les 5 minutes"),
    900: mark("tous les quarts d’heure"),
    3600: mark("chaque heure"),
    86400: mark("chaque jour"),
    604800: mark("chaque semaine"),
    0: mark("une seule fois, si c’est un fichier"),
}
"""Seconds between two polls that the form offers."""
USUAL, USUAL_FILE = 300, 86400
_WEB = re.compile(r"https?://[^\s/]+[^\s]*$")


@dataclass(frozen=True, slots=True)
class FeedLine:
    """One feed."""

    dataset: Annotated[str, "Identifiant du jeu de données."]
    title: Annotated[str, "Titre du jeu de données."]
    kind: Annotated[str, "Genre de flux."]
    tone: Annotated[str, "ok, warn ou bad."]
    state: Annotated[str, "État, en deux mots."]
    sentence: Annotated[str, "Ce qui se passe."]
    message: Annotated[str, "Pourquoi il est en panne, vide sinon."]
    every: Annotated[str, "À quel rythme il est interrogé."]
    polled_at: Annotated[datetime | None, "Dernière interrogation."]
    next_at: Annotated[datetime | None, "Prochaine interrogation."]
    failures: Annotated[int, "Échecs de suite."]
    file: Annotated[bool, "Vrai pour un fichier, relu à son rythme."] = False
    resource: Annotated[str, "Identifiant de la ressource."] = ""
    advice: Annotated[
        str, "Que faire d’un flux qui ne va pas, vide sinon ; d’un fichier, le message le dit."
    ] = ""


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file of a folder that was tried."""

    name: Annotated[str, "Nom du fichier."]
    address: Annotated[str, "Son adresse."]


@dataclass(frozen=True, slots=True)
class TrialView:
    """What an address answered."""

    kind: Annotated[str, "Nom du genre de flux, vide pour un fichier."]
    title: Annotated[str, "Titre du genre de flux, ou format du fichier."]
    columns: Annotated[tuple[Column, ...], "Colonnes montrées."]
    rows: Annotated[tuple[Mapping[str, object], ...], "Premières lignes."]
    hidden: Annotated[tuple[str, ...], "Colonnes où quelque chose de personnel retiendrait le flux."]
    total: Annotated[int, "Nombre de lignes de cette réponse."]
    size: Annotated[int, "Octets du fichier, 0 pour un flux."]
    tables: Annotated[int, "Nombre de tables du fichier, 1 pour un flux."] = 1
    files: Annotated[
        tuple[ListedFile, ...],
        "Si l’adresse est celle d’un dossier, les fichiers qu’il liste ; à essayer un par un.",
    ] = ()


@dataclass(frozen=True, slots=True)
class FeedsPage:
    """The feeds of the organisations of this person, and the form that adds one."""

    feeds: Annotated[tuple[FeedLine, ...], "Flux, ceux qui ne vont pas d’abord."]
    may_add: Annotated[bool, "Vrai si la personne peut ajouter un flux."]
    kinds: Annotated[tuple[str, ...], "Genres de flux connus."]
    organisations: Annotated[
        tuple[Organisation, ...], "Organisations pour lesquelles la personne peut déposer."
    ]
    rhythms: Annotated[tuple[Choice, ...], "Rythmes possibles."]
    address: Annotated[str, "Adresse déjà saisie."] = ""
    title: Annotated[str, "Titre déjà saisi."] = ""
    organisation: Annotated[str, "Organisation déjà choisie."] = ""
    trial: Annotated[TrialView | None, "Ce que l’adresse a répondu à l’essai."] = None
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()
    moved: Annotated[str, "Nouvelle adresse déjà saisie."] = ""


def feeds(visit: Visit) -> FeedsPage:
    """GET /flux."""
    person = require(visit.person, "see-drafts", next(iter(visit.person.roles), "") if visit.person else "")
    with visit.city.db.read() as conn:
        mine = desk.where(conn, person, "see-drafts")
        sendable = tuple(o for o in datasets.organisations(conn) if can(person, "publish", o.id))
        of = [
            (d, r)
            for r in datasets.polled(conn)
            if (d := datasets.dataset(conn, r.dataset)) is not None and d.publisher in mine
        ]
        lines = [_line(visit, d, r) for d, r in of]
        lines += [line for one in rereads.every(conn) if (line := _file(visit, conn, one, mine)) is not None]
    worst = ("bad", "warn", "ok", "")
    lines.sort(key=lambda one: (worst.index(one.tone) if one.tone in worst else 3, one.title))
    return FeedsPage(
        tuple(lines),
        bool(sendable),
        tuple(feed_trial.kinds()),
        sendable,
        tuple(Choice(str(n), visit.language.say(said), n == USUAL) for n, said in RHYTHMS.items()),
    )


def _line(visit: Visit, dataset: Dataset, resource: Resource) -> FeedLine:
    now = visit.city.now()
    with visit.city.db.read() as conn:
        said = live.feed(conn, resource.id)
        last = live.newest(conn, resource.id)
        (seen,) = live_state.feeds(conn, visit.language, [resource.id], last.at if last else None, now)
    return FeedLine(
        dataset.id,
        dataset.title,
        feed_trial.known(resource.reader or "gbfs").title,
        seen.tone,
        seen.label,
        seen.sentence,
        seen.reason,
        _rhythm(visit, resource.every_s),
        said.polled_at if said else None,
        said.polled_at + timedelta(seconds=asking.delay(resource.every_s, said.failures)) if said else None,
        said.failures if said else 0,
        resource=resource.id,
        advice=visit.language.say(_ADVICE[seen.health]) if seen.health in _ADVICE else "",
    )


_ADVICE: Mapping[str, str] = {
    "down": mark(
        "Il est redemandé de lui-même. S’il ne revient pas dans la journée, prévenez qui le tient ; s’il a déménagé, donnez sa nouvelle adresse."
    ),
    "malformed": mark(
        "Ouvrez son adresse : une page web ou un message d’erreur disent qu’il a déménagé, ou demande un accès. "
        "Donnez sa nouvelle adresse, ou prévenez qui le tient."
    ),
    "stale": mark("Il répond, mais redit la même chose : prévenez qui le tient."),
    "unasked": mark("Prévenez qui fait tourner le portail : son travail de fond est arrêté."),
}
"""What to do about a feed, by how it goes; of one that is held, its own page says it."""


def _rhythm(visit: Visit, every_s: int) -> str:
    """How often, as people say it, also for a rhythm that a city's own declaration gives and the form does not."""
    known = RHYTHMS.get(every_s)
    if known:
        return visit.language.say(known)
    if every_s % 60:
        return visit.language.count("chaque seconde", "toutes les %(n)s secondes", every_s)
    return visit.language.count("chaque minute", "toutes les %(n)s minutes", every_s // 60)


_STATES: Mapping[rereading.Outcome, tuple[str, str, str]] = {
    "up": ("ok", mark("à jour"), mark("L’adresse répond ; le fichier est relu à son rythme.")),
    "down": (
        "bad",
        mark("ne répond pas"),
        mark("Le fichier n’a pas pu être relu : la dernière version publiée reste."),
    ),
    "refused": (
        "bad",
        mark("refusé"),
        mark("Le nouveau fichier est refusé : la dernière version publiée reste."),
    ),
    "waiting": (
        "warn",
        mark("attend"),
        mark("Le premier fichier attend que vous le publiiez ; il sera relu ensuite."),
    ),
    "held": (
        "warn",
        mark("retenu"),
        mark("Le nouveau fichier attend une décision : la dernière version publiée reste."),
    ),
    "failed": (
        "bad",
        mark("illisible"),
        mark("Le nouveau fichier n’a pas pu être lu : la dernière version publiée reste."),
    ),
}
"""How a file goes: its tone, in two words, in a sentence."""


def _file(visit: Visit, conn: Connection, one: Reread, mine: Collection[str]) -> FeedLine | None:
    """A file that is read again; None where it is not this person’s to see."""
    resource = datasets.resource(conn, one.resource)
    dataset = datasets.dataset(conn, resource.dataset) if resource is not None else None
    if dataset is None or dataset.publisher not in mine:
        return None
    state, message = rereading.outcome(conn, one)
    tone, label, sentence = _STATES[state]
    return FeedLine(
        dataset.id, dataset.title, visit.language.say(mark("Fichier à une adresse")), tone, visit.language.say(label),
        visit.language.say(sentence), message, _rhythm(visit, one.every_s),
        one.asked_at, rereading.next_at(one), one.failures, True, one.resource,
    )  # fmt: skip


def add(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /flux: try an address, add it once it was tried, give another to what is asked, or read a file no more."""
    if sent.text("acte") == "arreter":
        return _stopped(visit, sent.text("ressource"))
    if sent.text("acte") == "changer":
        return _moved(visit, sent.text("ressource"), sent.text("nouvelle")[:2000])
    found = feeds(visit)
    person = visit.person or require(None, "publish")
    if not found.may_add:
        require(person, "publish")
    listed = sent.text("fichier")
    asked = replace(
        found,
        address=(listed or sent.text("adresse"))[:2000],
        title=sent.text("titre")[:350],
        organisation=sent.text("organisation"),
        rhythms=tuple(replace(c, chosen=c.value == sent.text("rythme")) for c in found.rhythms),
    )
    wrong: list[Wrong] = []
    if not _WEB.match(asked.address):
        wrong.append(Wrong("adresse", mark("Donnez une adresse qui commence par https:// ou http://.")))
    if asked.organisation not in {o.id for o in found.organisations}:
        wrong.append(Wrong("organisation", mark("Choisissez l’organisation qui publie.")))
    if sent.text("rythme") not in {c.value for c in found.rhythms}:
        wrong.append(Wrong("rythme", mark("Choisissez un rythme de la liste.")))
    adding = sent.text("acte") == "ajouter" and not listed
    if adding and not asked.title:
        wrong.append(Wrong("titre", mark("Donnez un titre.")))
    if wrong:
        return Again("/flux", TEMPLATE, replace(asked, wrong=tuple(wrong)))
    try:
        trial = feed_trial.tried(visit.city, asked.address)
    except ParvisError as down:
        return Again("/flux", TEMPLATE, replace(asked, wrong=(Wrong("adresse", down.told),)))
    every_s = int(sent.text("rythme"))
    if not adding:
        if not trial.kind and every_s == USUAL:
            rhythms = tuple(replace(c, chosen=c.value == str(USUAL_FILE)) for c in asked.rhythms)
            asked = replace(asked, rhythms=rhythms)
        return _tried(visit, person.id, asked, trial)
    if trial.files:
        wrong.append(Wrong("adresse", mark("C’est l’adresse d’un dossier : choisissez un de ses fichiers.")))
        return Again("/flux", TEMPLATE, replace(asked, trial=_shown(trial), wrong=tuple(wrong)))
    if not trial.kind:
        return _handed_in(visit, asked, trial, every_s, person)
    return _added(visit, asked, trial, every_s or USUAL, person)


def _stopped(visit: Visit, name: str) -> Moved:
    """A file is read no more; what is published stays. Raises NotFound where none is."""
    with visit.city.db.begin() as conn:
        resource = datasets.resource(conn, name)
        dataset = datasets.dataset(conn, resource.dataset) if resource is not None else None
        if dataset is None:
            raise NotFound("Ce fichier n’est pas relu.")
        person = require(visit.person, "publish", dataset.publisher)
        if not rereads.stop(conn, name):
            raise NotFound("Ce fichier n’est pas relu.")
        journal.append(conn, at=visit.city.now(), actor=person.id, verb="reread-stopped", subject=name)
    return Moved("/flux", {"arrete": "1"})


def _moved(visit: Visit, name: str, address: str) -> Moved | Again:
    """What is asked lies at another address from now on, which gives the same kind of thing. Raises NotFound for what is
    not asked.
    """
    with visit.city.db.read() as conn:
        resource = datasets.resource(conn, name)
        dataset = datasets.dataset(conn, resource.dataset) if resource is not None else None
        file = rereads.get(conn, name)
    if resource is None or dataset is None or not (file or resource.every_s):
        raise NotFound("Cette adresse n’est pas interrogée.")
    person = require(visit.person, "publish", dataset.publisher)
    try:
        if not _WEB.match(address):
            raise UsageError("Donnez une adresse qui commence par https:// ou http://.")
        trial = feed_trial.tried(visit.city, address)
        if file is not None:
            if trial.kind or trial.files or rereading.page_instead(visit.city, file, trial.body):
                raise UsageError("Cette adresse ne donne pas un fichier : donnez celle du fichier lui-même.")
            rereading.move(visit.city, file, address, trial.body, actor=person.id)
        else:
            if trial.kind != (resource.reader or "gbfs"):
                raise UsageError("Cette adresse ne donne pas un flux du même genre.")
            with visit.city.db.begin() as conn:
                datasets.save_resource(conn, replace(resource, source=address))
                journal.append(conn, at=visit.city.now(), actor=person.id, verb="feed-moved", subject=name)
    except ParvisError as refused:
        if refused.status >= 500 and not isinstance(refused, SourceDown):
            raise
        shown = feeds(visit)
        number = next((n for n, one in enumerate(shown.feeds, 1) if one.resource == name), 1)
        wrong = (Wrong(f"nouvelle-{number}", refused.told),)
        return Again("/flux", TEMPLATE, replace(shown, moved=address, wrong=wrong))
    return Moved("/flux", {"change": "1"})


def _tried(visit: Visit, person: str, asked: FeedsPage, trial: feed_trial.Trial) -> Again:
    """What the address gave: rows of a feed, files of a folder, or rows of a file; or why it gives nothing that can be
    read. person: who tries it.
    """
    if trial.kind or trial.files:
        return Again("/flux", TEMPLATE, replace(asked, trial=_shown(trial)), status=200)
    try:
        head = trying.file_head(visit.city, rereading.name_of(asked.address), trial.body, person)
    except ParvisError as unread:
        if unread.status >= 500:
            raise
        return Again("/flux", TEMPLATE, replace(asked, wrong=(Wrong("adresse", unread.told),)))
    rows = tuple(dict(zip((c.name for c in head.columns), row, strict=True)) for row in head.rows)
    texts = tuple(replace(c, type="text") for c in head.columns)
    seen = TrialView("", head.format, texts, rows, head.hidden, head.total, len(trial.body), head.tables)
    return Again("/flux", TEMPLATE, replace(asked, trial=seen), status=200)


def _shown(trial: feed_trial.Trial) -> TrialView:
    return TrialView(
        trial.kind,
        trial.title,
        trial.columns,
        trial.rows,
        trial.hidden,
        trial.total,
        len(trial.body),
        files=tuple(ListedFile(rereading.name_of(one), one) for one in trial.files),
    )


def _added(visit: Visit, asked: FeedsPage, trial: feed_trial.Trial, every_s: int, person: Person) -> Moved:
    """A dataset of its own, polled from now on; it is published with its first batch that nothing holds."""
    with visit.city.db.begin() as conn:
        dataset = desk.open_dataset(conn, asked.title, asked.organisation)
        resource = Resource(
            f"{dataset}/releves",
            dataset,
            asked.title,
            source=asked.address,
            reader=trial.kind,
            every_s=every_s,
        )
        datasets.save_resource(conn, resource)
        journal.append(conn, at=visit.city.now(), actor=person.id, verb="feed-added", subject=resource.id)
    return Moved("/flux", {"fait": "1"})


def _handed_in(
    visit: Visit, asked: FeedsPage, trial: feed_trial.Trial, every_s: int, person: Person
) -> Moved | Again:
    """A file at an address, read now: its sender looks at it like any other; read again at its rhythm."""
    name = rereading.name_of(asked.address)
    part = surrounding_words.identifier(Path(name).stem, "fichier") or "fichier"
    with visit.city.db.begin() as conn:
        dataset = desk.open_dataset(conn, asked.title, asked.organisation)
        datasets.save_resource(
            conn, Resource(f"{dataset}/{part}", dataset, asked.title, source=f"upload:{part}")
        )
    spool = visit.city.settings.path(visit.city.settings.storage.spool)
    with tempfile.TemporaryDirectory(dir=spool) as folder:
        path = Path(folder) / "recu"
        path.write_bytes(trial.body)
        try:
            made = pipeline.receive(
                visit.city, path, name=name, resource=f"{dataset}/{part}", actor=person.id, look="sender"
            )
        except ParvisError as refused:
            if refused.status >= 500:
                raise
            return Again("/flux", TEMPLATE, replace(asked, wrong=(Wrong("adresse", refused.told),)))
    if every_s:
        rereading.begin(visit.city, f"{dataset}/{part}", asked.address, every_s, trial.body)
    return Moved(f"/depots/{made.id}", {"recu": "1"})


PAGES: tuple[Page, ...] = (page("/flux", feeds, TEMPLATE, steady=False),)

ROUTES = (*form("/flux", add),)
