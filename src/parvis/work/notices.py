"""Mail to those whom an event is about, or who are to decide: a factor that was added to an account, a batch of a
feed that is held.

Events say it, whatever page or command wrote them. Each is told once: how far the journal was read stands in the
journal, before a letter leaves, so that a worker that dies may forget one and never repeats one. A feed that stays
held is told again each week.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from parvis.alerts.sending import Envelope, Undelivered
from parvis.catalogue.entries import base_url
from parvis.core import traces
from parvis.core.text import one_line
from parvis.core.types import Event
from parvis.decisions import clearing
from parvis.people import accounts
from parvis.people.rights import Person, can
from parvis.publication.city import SYSTEM, City
from parvis.store import datasets, journal, live, rereads
from parvis.store.database import Moved
from parvis.work import rereading
from parvis.work.alerting.sending import ways

LOG = logging.getLogger("parvis")

READ = "notices-read"
"""Verb: the journal was read so far for notices; ids: number of the last event that was looked at."""
TOLD = "held-feed-told"
"""Verb: those who decide were told that a feed is held."""
AGAIN = timedelta(days=7)
"""Between two letters about a feed that stays held."""
SOON = timedelta(days=1)
"""Between two about a feed of which batches are held again and again."""

LOOK_S = 10.0
"""Between two looks at the journal."""

SECURITY = "/mon-compte/securite"
OWN: Mapping[str, str] = {
    "second-factor-added": "Un code à six chiffres est maintenant demandé à la connexion.",
    "second-factor-removed": "La connexion ne demande plus de code à six chiffres.",
    "recovery-codes-made": "De nouveaux codes de secours ont été faits ; les anciens ne valent plus rien.",
    "recovery-code-used": "Un code de secours a servi.",
    "passkey-added": "Une clé d’accès a été ajoutée.",
    "passkey-removed": "Une clé d’accès a été retirée.",
    "key-made": "Une clé d’API a été faite : le programme qui la porte agit en votre nom.",
    "password-set": "Le mot de passe a été changé.",
}
"""What is said to the owner of an account, by verb."""
OWN_SUBJECT = "{city} : la sécurité de votre compte a changé"
OWN_END = (
    "Si ce n’est pas vous, demandez un lien par « Mot de passe oublié » et choisissez un autre mot de passe, puis prévenez qui administre la ville : {link}",
)
HELD_SUBJECT = "{city} : un flux est retenu et attend une décision"
UNREAD_SUBJECT = "{city} : un fichier n’a pas pu être relu"
UNREAD_LINES = (
    "Le fichier de « {title} » n’a pas pu être relu à son adresse : la dernière version publiée reste. {why}",
    "Voyez comment il va, ou cessez de le relire : {link}",
)
AMISS = ("refused", "failed", "held")
"""Verbs: what became of a file that was handed in."""
DOWN_TOLD = "down-feed-told"
"""Verb: those who publish were told that a feed does not answer."""
DOWN_AFTER = timedelta(hours=1)
"""A feed that does not answer for so long is told of, once."""
DOWN_SUBJECT = "{city} : un flux ne répond plus"
DOWN_LINES = (
    "Le flux de « {title} » ne donne plus rien depuis {since} UTC. {why}",
    "Il est redemandé de lui-même. Voyez que faire, ou donnez sa nouvelle adresse : {link}",
)
HELD_LINES = (
    "Un relevé d’un flux semble désigner quelqu’un : il n’est montré à personne, et le dernier relevé sans reproche reste affiché.",
    "Voyez ce qui a été trouvé, masqué, et dites si ces textes désignent quelqu’un : {link}",
)


@dataclass(frozen=True, slots=True)
class Letter:
    """Who is told what."""

    person: Person
    subject: str
    lines: tuple[str, ...]
    about: str
    """What makes it another letter than the next one."""


def notify(city: City) -> int:
    """Send what the journal asks to be told since the last time; returns how many letters left. Nothing where
    the city sends no mail.

    The first time nothing is told of what was before.
    """
    if not city.settings.alerts.smtp:
        return 0
    with city.db.begin() as conn:
        last = next(iter(journal.of(conn, READ, limit=1, verb=READ)), None)
        reached = int(last.ids["seq"]) if last is not None else journal.last_seq(conn)
        new = (
            journal.since(conn, reached, verbs=(*OWN, clearing.HELD, *rereads.FAILED, *AMISS))
            if last is not None
            else []
        )
        due, silent = _held(city, conn), _down(city, conn)
        if last is None or new:
            seq = max((e.seq for e in new), default=reached)
            journal.append(conn, at=city.now(), actor=SYSTEM, verb=READ, subject=READ, ids={"seq": str(seq)})
        for resource in due:
            journal.append(conn, at=city.now(), actor=SYSTEM, verb=TOLD, subject=resource)
        for resource in silent:
            journal.append(conn, at=city.now(), actor=SYSTEM, verb=DOWN_TOLD, subject=resource)
        letters = [
            *_own(city, conn, new),
            *_deciding(city, conn, due),
            *_unread(city, conn, new),
            *_silent(city, conn, silent),
        ]
    return _send(city, letters) if letters else 0


def _own(city: City, conn: Connection, events: list[Event]) -> Iterator[Letter]:
    """To the owners of accounts: one letter for all that changed."""
    by_owner: dict[str, list[str]] = {}
    for event in events:
        if event.verb in OWN:
            by_owner.setdefault(event.subject, []).append(OWN[event.verb])
    end = OWN_END[0].format(link=base_url(city.settings) + SECURITY)
    seq = str(max((e.seq for e in events), default=0))
    for owner, lines in by_owner.items():
        person = accounts.person(conn, owner)
        if person is not None and person.active and person.email:
            yield Letter(person, OWN_SUBJECT, (*dict.fromkeys(lines), end), f"own {owner} {seq}")


def _held(city: City, conn: Connection) -> list[str]:
    """Feeds that are held, and of which nobody was told for a while."""
    now, due = city.now(), list[str]()
    for resource in datasets.polled(conn):
        state = live.feed(conn, resource.id)
        if state is None or state.state != "held":
            continue
        notice = next(iter(journal.of(conn, resource.id, limit=1, verb=TOLD)), None)
        since = next(iter(journal.of(conn, resource.id, limit=1, verb=clearing.HELD)), None)
        fresh = since is not None and (notice is None or since.seq > notice.seq)
        if notice is None or now - notice.at >= (SOON if fresh else AGAIN):
            due.append(resource.id)
    return due


def _deciding(city: City, conn: Connection, due: list[str]) -> Iterator[Letter]:
    """To the officer and the delegate of each feed's organisation."""
    for id_ in due:
        resource = datasets.resource(conn, id_)
        dataset = datasets.dataset(conn, resource.dataset) if resource is not None else None
        if dataset is None:
            continue
        link = f"{base_url(city.settings)}/jeux/{dataset.id}/releves-retenus"
        lines = tuple(line.format(link=link) for line in HELD_LINES)
        for person in accounts.members(conn, dataset.publisher):
            if not person.email or not clearing.may_clear(person, dataset.publisher):
                continue
            yield Letter(person, HELD_SUBJECT, lines, f"held {id_} {city.now().isoformat()}")


def _unread(city: City, conn: Connection, new: list[Event]) -> Iterator[Letter]:
    """To whoever publishes for the organisation of a file that could not be read again, or does not go out once read."""
    for id_, seq in {e.subject: e.seq for e in new if e.verb in (*rereads.FAILED, *AMISS)}.items():
        state, resource = rereads.get(conn, id_), datasets.resource(conn, id_)
        dataset = datasets.dataset(conn, resource.dataset) if resource is not None else None
        if state is None or dataset is None:
            continue
        outcome, message = rereading.outcome(conn, state)
        if outcome in ("up", "waiting"):
            continue  # it goes well again, or its first file waits for whoever sent it
        link = f"{base_url(city.settings)}/flux"
        title, why = (
            one_line(dataset.title),
            one_line(message, 500),
        )  # of others: a line of theirs is no line of ours
        lines = tuple(line.format(title=title, why=why, link=link) for line in UNREAD_LINES)
        for person in accounts.members(conn, dataset.publisher):
            if person.email and can(person, "publish", dataset.publisher):
                yield Letter(person, UNREAD_SUBJECT, lines, f"unread {id_} {seq}")


def _down(city: City, conn: Connection) -> list[str]:
    """Feeds that have not answered for a while, and of which nobody was told since they stopped."""
    due = list[str]()
    for resource in datasets.polled(conn):
        state = live.feed(conn, resource.id)
        if state is None or state.state not in ("down", "malformed") or city.now() - state.since < DOWN_AFTER:
            continue
        notice = next(iter(journal.of(conn, resource.id, limit=1, verb=DOWN_TOLD)), None)
        if notice is None or notice.at < state.since:
            due.append(resource.id)
    return due


def _silent(city: City, conn: Connection, due: list[str]) -> Iterator[Letter]:
    """To whoever publishes for the organisation of each feed."""
    for id_ in due:
        state, resource = live.feed(conn, id_), datasets.resource(conn, id_)
        dataset = datasets.dataset(conn, resource.dataset) if resource is not None else None
        if state is None or dataset is None:
            continue
        words = {
            "title": one_line(dataset.title),
            "since": f"{state.since:%d/%m/%Y %H:%M}",
            "why": one_line(state.message, 500),
            "link": f"{base_url(city.settings)}/flux",
        }
        lines = tuple(line.format(**words) for line in DOWN_LINES)
        for person in accounts.members(conn, dataset.publisher):
            if person.email and can(person, "publish", dataset.publisher):
                yield Letter(person, DOWN_SUBJECT, lines, f"down {id_} {state.since.isoformat()}")


def _send(city: City, letters: list[Letter]) -> int:
    way, left = ways(city)["mail"], 0
    try:
        for one in letters:
            reference = hashlib.sha256(f"{one.about} {one.person.id}".encode()).hexdigest()[:32]
            subject = one.subject.format(city=city.settings.city.name)
            try:
                way.send(Envelope(one.person.email, "fr", subject, one.lines, reference, sent_at=city.now()))
            except Undelivered as wrong:
                LOG.warning("a notice was not delivered: %s", wrong.reason)
            else:
                left += 1
    finally:
        way.close()
    return left


@contextmanager
def teller(city: City) -> Generator[Callable[[], None]]:
    """Yields `turn()`: when the journal has moved on, send what it asks to be told, in a thread of its own: a
    mail server may be slow.
    """
    moved, running, looked = Moved(city.db, every_s=LOOK_S), list[Future[int]](), [-LOOK_S]

    def turn() -> None:
        if time.monotonic() - looked[0] < LOOK_S or any(not one.done() for one in running):
            return
        for one in running:
            if (fault := one.exception()) is not None:
                LOG.error("a notice failed: %s", traces.told(fault))
        running.clear()
        looked[0] = time.monotonic()
        if moved():
            running.append(pool.submit(notify, city))

    with ThreadPoolExecutor(1, "notices") as pool:
        yield turn
