"""Alerts at work: what is looked at, who lets a message out, to whom it goes, and what became of it.

    look -> post -> (a person) -> issue -> outbox -> send          one transaction each; killed anywhere, the next turn goes on

A step bears an id of its own and is kept once; a message is a row of the outbox, kept once for each step, subscriber and channel. It is marked as sent when
the far end has it: a process that is killed in between sends it again with the same reference (Message-ID, Idempotency-Key), for a lost alert is worse than a
second copy, which whoever gets it can tell.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pyarrow as pa
from babel.dates import format_datetime
from sqlalchemy import Connection

from parvis import alerts as room
from parvis import services
from parvis.alerts import addresses, cap, message, quiet
from parvis.alerts.addresses import Wish
from parvis.alerts.declaration import Alert, Approval
from parvis.alerts.mail import Mailer, Server
from parvis.alerts.message import ASKS, ENDS, Message, Part, Words
from parvis.alerts.sending import AGAIN, Envelope, Undelivered, Way
from parvis.alerts.sms import Texts
from parvis.alerts.sms import read as read_gateway
from parvis.alerts.webhook import Hooks
from parvis.catalogue.entries import base_url
from parvis.core import registry
from parvis.core.errors import HeldBack, NotFound, ParvisError, UsageError
from parvis.core.types import PUBLIC
from parvis.engine.read import read
from parvis.people import secret
from parvis.pipeline import SYSTEM, City
from parvis.store import alerts, journal, subscribers, versions
from parvis.store.alerts import Sending, Step
from parvis.store.subscribers import Channel, Subscriber

LOG = logging.getLogger("parvis")

BATCH = 100
"""Messages that are taken up at once; between two batches newer steps may overtake them."""


@cache
def declared() -> Mapping[str, Alert]:
    """Every alert, by name: those that services raise, and those that people write."""
    found = dict(registry.declared(room, Alert)) | dict(registry.declared(services, Alert))
    return {name: found[name] for name in sorted(found)}


def key(city: City) -> bytes:
    """The city's key for addresses."""
    of = city.settings
    return secret.derive(secret.load(of.storage.key, of.path("var/key"), setting="storage.key"), "alerts")


def sender(city: City) -> str:
    """Who sends, by mail and in CAP."""
    of = city.settings
    return of.alerts.sender or of.city.contact or f"parvis@{urlsplit(base_url(of)).hostname or 'localhost'}"


# --- looking and posting -------------------------------------------------------------------------------------------------------------------------------------


def look(city: City, alert: Alert) -> tuple[Step, ...]:
    """Look at what an alert reads, if it has changed since the last look; returns the steps that came of it."""
    if alert.look is None:
        return ()
    with city.db.read() as conn:
        served = {name: versions.served(conn, resource, PUBLIC) for name, resource in alert.reads.items()}
        seen = alerts.memory(conn, f"seen:{alert.name}")
    mark = " ".join(v.digest if v is not None else "-" for v in served.values())
    if mark == seen or not any(served.values()):
        return ()
    tables: dict[str, pa.Table] = {}
    for name, version in served.items():
        if version is not None:
            with read(city.engine, city.served(alert.reads[name])) as result:
                tables[name] = result.table()
    return tell(city, alert, tables, mark)


def tell(city: City, alert: Alert, tables: Mapping[str, pa.Table], mark: str = "") -> tuple[Step, ...]:
    """Let an alert look at tables. mark: which they are.

    What is remembered and the steps are written together: a look that was killed is made again, and tells the same.
    """
    if alert.look is None:
        return ()
    now = city.now()
    with city.db.begin() as conn:
        kept, told = alert.look(tables, alerts.memory(conn, f"alert:{alert.name}") or "", now)
        alerts.remember(conn, f"alert:{alert.name}", kept, now)
        alerts.remember(conn, f"seen:{alert.name}", mark, now)
        return tuple(post(conn, city, one) for one in told)


def post(conn: Connection, city: City, said: Message, *, actor: str = SYSTEM) -> Step:
    """Keep a step and let it out, or let it wait for a person, as the policy says. A step that is known stays as it is.

    Raises NotFound for an alert that is not declared.
    """
    known = alerts.step(conn, said.id)
    if known is not None:
        return known
    alert = declared().get(said.alert)
    if alert is None:
        raise NotFound(f"Aucune alerte ne s’appelle « {said.alert} ».", mend=f"Alertes : {', '.join(declared())}.")
    now = city.now()
    made = Step(said.id, said.episode, said.number, said.alert, said.topic, said.kind, "proposed", said.data_at, now, message.write(said))
    before = alerts.of_episode(conn, said.episode)
    for one in before:
        if one.state == "proposed":
            alerts.save_step(conn, replace(one, state="replaced"))
    if said.kind in ENDS and not _standing(before):
        made = replace(made, state="void")
        alerts.add_step(conn, made)
        return made
    alerts.add_step(conn, made)
    if _asks(policy(city, alert), said, before):
        journal.append(conn, at=now, actor=actor, verb="alert-proposed", subject=made.id)
        return made
    return _issue(conn, city, made, said, SYSTEM)


def policy(city: City, alert: Alert) -> Approval:
    """Who lets the messages of an alert out. Raises UsageError when the setting is none that we know."""
    asked = city.settings.alerts.approval
    if asked in ("none", "first", "each"):
        return asked
    if asked != "declared":
        raise UsageError(f"alerts.approval : « {asked} » n’est pas un choix connu.", mend="Choix possibles : declared, none, first, each.")
    return alert.approval


def _asks(approval: Approval, said: Message, before: Sequence[Step]) -> bool:
    return approval == "each" or (approval == "first" and (said.kind in ASKS or not _standing(before)))


def _standing(before: Sequence[Step]) -> list[Step]:
    """The issued steps of an episode that no Cancel has taken back."""
    run: list[Step] = []
    for one in before:
        if one.state == "issued":
            run = [] if one.kind in ENDS else [*run, one]
    return run


def approve(city: City, step_id: str, actor: str) -> Step:
    """A person lets a message out. Raises NotFound, and HeldBack when it no longer waits."""
    with city.db.begin() as conn:
        one = _waiting(conn, step_id)
        said = message.read(one.said)
        if said.expires <= city.now():
            raise HeldBack("Ce message ne dit plus rien d’actuel : sa fin est passée.", mend="Refusez-le.")
        return _issue(conn, city, one, said, actor)


def refuse(city: City, step_id: str, actor: str) -> Step:
    """A person does not let a message out. Raises NotFound, and HeldBack when it no longer waits."""
    with city.db.begin() as conn:
        one = replace(_waiting(conn, step_id), state="refused", decided_by=actor, decided_at=city.now())
        alerts.save_step(conn, one)
        journal.append(conn, at=city.now(), actor=actor, verb="alert-refused", subject=one.id)
        return one


def _waiting(conn: Connection, step_id: str) -> Step:
    one = alerts.step(conn, step_id)
    if one is None:
        raise NotFound("Cette alerte n’existe pas.")
    if one.state != "proposed":
        raise HeldBack("Ce message n’attend plus de décision.", mend="Rechargez la page.")
    return one


def _issue(conn: Connection, city: City, one: Step, said: Message, actor: str) -> Step:
    """Let a step out: it is public from now on, and a message waits for each subscriber that it concerns."""
    now = city.now()
    before = [s for s in alerts.of_episode(conn, one.episode) if s.number < one.number]
    made = replace(one, state="issued", decided_by=actor, decided_at=now, issued_at=now, refers=tuple(s.id for s in _standing(before)))
    alerts.save_step(conn, made)
    journal.append(conn, at=now, actor=actor, verb="alert-issued", subject=made.id)
    alerts.overtake(conn, one.episode, one.number, now)
    if not said.test:
        alerts.queue(conn, made.id, tuple(_queued(conn, city, said, now)), now)
    return made


def _queued(conn: Connection, city: City, said: Message, now: datetime) -> Generator[tuple[str, str, datetime, str]]:
    """Who is to be told, and when. The end of an episode is told to those who heard of it."""
    zone = ZoneInfo(city.settings.city.timezone)
    heard = alerts.reached(conn, said.episode) if said.kind in ENDS else None
    for who, channel, quiet_hours, urgent in subscribers.concerned(conn, said.topic, said.area.insee, "alert" if said.severe or heard else "information"):
        if heard is not None and (who, channel) not in heard:
            continue
        due = now if said.severe and urgent else quiet.due(now, quiet_hours, zone)
        yield who, channel, due, "expired" if due >= said.expires and heard is None else ""


# --- subscribing ---------------------------------------------------------------------------------------------------------------------------------------------


def open_channels(city: City) -> tuple[Channel, ...]:
    """The channels that this city can send by."""
    of = city.settings.alerts
    said = {"mail": bool(of.smtp), "webhook": of.webhooks, "sms": bool(of.sms)}
    return tuple(c for c in addresses.CHANNELS if said[c])


def ask(city: City, wish: Wish, ways: Mapping[str, Way]) -> None:
    """Send the link by which somebody confirms that they want this. Nothing is kept of it. Raises ParvisError when it could not be sent."""
    token = addresses.token(key(city), wish, city.now())
    prefix = "/en" if wish.language == "en" else ""
    link = f"{base_url(city.settings)}{prefix}/alertes/confirmer/{token}"
    name = city.settings.city.name
    subject, lines = CONFIRM[wish.language if wish.language in CONFIRM else "fr"]
    reference = hashlib.sha256(token.encode()).hexdigest()[:32]
    said = tuple(line.format(city=name, link=link) for line in lines)
    try:
        ways[wish.channel].send(Envelope(wish.address, wish.language, subject.format(city=name), said, reference, page=link, sent_at=city.now()))
    except Undelivered as wrong:
        LOG.warning("a confirmation was not delivered: %s", wrong.reason)
        raise ParvisError("Le message de confirmation n’a pas pu partir.", mend="Réessayez dans quelques minutes, ou vérifiez l’adresse.") from None


CONFIRM: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "fr": (
        "Confirmez votre abonnement aux alertes – {city}",
        (
            "Quelqu’un, vous sans doute, a demandé que les alertes de {city} arrivent ici.", "Pour confirmer, ouvrez cette page :", "{link}",
            "Si ce n’est pas vous, ne faites rien : rien n’est gardé et rien ne sera envoyé.",
        ),
    ),
    "en": (
        "Confirm your alerts – {city}",
        (
            "Somebody, you most likely, asked for the alerts of {city} to be sent here.", "To confirm, open this page:", "{link}",
            "If it was not you, do nothing: nothing is kept and nothing will be sent.",
        ),
    ),
}  # fmt: skip


def confirm(city: City, wish: Wish) -> Subscriber:
    """Keep a wish that was confirmed; an address that is known gets exactly what it asks for now."""
    secret_key = key(city)
    mark = addresses.mark(secret_key, wish.channel, wish.address)
    with city.db.begin() as conn:
        known = subscribers.by_mark(conn, wish.channel, mark)
        id_ = known.id if known is not None else hashlib.sha256(secret.derive(secret_key, f"subscriber/{mark}/{city.now().isoformat()}")).hexdigest()[:24]
        made = Subscriber(
            id_, wish.channel, mark, addresses.seal(secret_key, wish.address, id_), wish.language, wish.quiet, wish.urgent, city.now()
        )  # fmt: skip
        subscribers.save(conn, made, wish.topics)
    return made


def leave(city: City, token: str) -> bool:
    """Erase whoever a link of unsubscription speaks of: address, wishes, messages that wait. Whether there was anybody. Raises NotFound for a forged link."""
    subscriber = addresses.leaving(key(city), token)
    with city.db.begin() as conn:
        alerts.erase(conn, subscriber, city.now())
        gone = subscribers.erase(conn, subscriber)
    city.db.scrub()
    return gone


# --- sending -------------------------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of sending did."""

    sent: int = 0
    failed: int = 0
    dropped: int = 0
    later: int = 0


def ways(city: City, *, allowed: Callable[[str], bool] | None = None) -> dict[str, Way]:
    """The open channels. allowed: whether a webhook may be on that IP address; by default, on the open Internet only. Raises UsageError for a bad setting."""
    of = city.settings.alerts
    made: dict[str, Way] = {}
    if of.smtp:
        host, _, port = of.smtp.rpartition(":")
        if not host or not port.isdigit() or of.smtp_tls not in ("starttls", "tls", "none"):
            raise UsageError("alerts.smtp s’écrit hôte:port, et alerts.smtp_tls vaut starttls, tls ou none.")
        made["mail"] = Mailer(Server(host, int(port), sender(city), city.settings.city.name, of.smtp_tls, of.smtp_user, of.smtp_password))
    if of.webhooks:
        made["webhook"] = Hooks(agent="Parvis") if allowed is None else Hooks(agent="Parvis", allowed=allowed)
    if of.sms:
        path = city.settings.path(of.sms)
        if not path.exists():
            raise UsageError(f"alerts.sms : le fichier {of.sms} n’existe pas.")
        made["sms"] = Texts(read_gateway(path.read_text("utf-8")))
    return made


def send(city: City, by: Mapping[str, Way], *, limit: int = BATCH, over: Callable[[], bool] = lambda: False) -> Round:
    """Send what is due, one by one, each settled as soon as the far end has it."""
    with city.db.read() as conn:
        due = alerts.due(conn, city.now(), limit=limit)
    messages: dict[str, tuple[Step, Message]] = {}
    counts = {"sent": 0, "failed": 0, "dropped": 0, "later": 0}
    secret_key = key(city)
    for one in due:
        if over():
            break
        if one.step not in messages:
            with city.db.read() as conn:
                step = alerts.step(conn, one.step)
            assert step is not None, "the outbox refers to its steps"
            messages[one.step] = step, message.read(step.said)
        counts[_send(city, by, one, *messages[one.step], secret_key)] += 1
    return Round(**counts)


def _send(city: City, by: Mapping[str, Way], one: Sending, step: Step, said: Message, secret_key: bytes) -> str:
    """Send one message and settle it: sent, failed, dropped or later."""
    now = city.now()
    if one.sealed is None:
        _settle(city, one, "dropped", note="erased")
        return "dropped"
    if said.expires <= now and said.kind not in ENDS:
        _settle(city, one, "dropped", note="expired")
        return "dropped"
    way = by.get(one.channel)
    if way is None:
        _settle(city, one, "waiting", note="closed", due_at=now + AGAIN[-1])
        return "later"
    try:
        way.send(envelope(city, one, step, said, secret_key))
    except Undelivered as wrong:
        if wrong.final or one.attempts >= len(AGAIN):
            _settle(city, one, "failed", note=wrong.reason)
            return "failed"
        _settle(city, one, "waiting", note=wrong.reason, due_at=now + AGAIN[one.attempts])
        return "later"
    _settle(city, one, "sent")
    return "sent"


def _settle(city: City, one: Sending, state: alerts.SendState, *, note: str = "", due_at: datetime | None = None) -> None:
    with city.db.begin() as conn:
        alerts.settle(conn, one, state, city.now(), note=note, due_at=due_at)


def reference(step: str, subscriber: str, channel: str) -> str:
    """What a message is known by at the far end: the same at every try, and nobody's name."""
    return hashlib.sha256(f"{step}\n{subscriber}\n{channel}".encode()).hexdigest()[:32]


def envelope(city: City, one: Sending, step: Step, said: Message, secret_key: bytes) -> Envelope:
    """A message as one subscriber gets it."""
    language = one.language or "fr"
    base = base_url(city.settings)
    prefix = f"{base}/en" if language == "en" else base
    page = f"{prefix}/alertes/message/{step.id}"
    leaving = f"{prefix}/alertes/quitter/{addresses.leave(secret_key, one.subscriber)}"
    zone = ZoneInfo(city.settings.city.timezone)
    lines = [line for part in said.parts for line in paragraphs(part, said, language, zone)]
    lines += [FOOT[language].format(city=city.settings.city.name, page=page), STOP[language].format(link=leaving)]
    return Envelope(
        addresses.unseal(secret_key, one.sealed or "", one.subscriber), language, subject(said, language), tuple(lines),
        reference(one.step, one.subscriber, one.channel), leaving, page, said, city.now(), addresses.webhook_secret(secret_key, one.subscriber),
    )  # fmt: skip


FOOT: Mapping[str, str] = {
    "fr": "Message de {city}. La page, avec tout ce qui a été dit de cet épisode : {page}",
    "en": "A message from {city}. The page, with all that was said of this episode: {page}",
}
STOP: Mapping[str, str] = {"fr": "Ne plus rien recevoir : {link}", "en": "Stop all messages: {link}"}
SPAN: Mapping[str, str] = {"fr": "De {since} à {until}.", "en": "From {since} to {until}."}
MOMENT: Mapping[str, str] = {"fr": "EEEE d MMMM, H 'h' mm", "en": "EEEE d MMMM, HH:mm"}


def subject(said: Message, language: str) -> str:
    """The headline of what is gravest."""
    grave = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
    return min(said.parts, key=lambda p: grave.index(p.severity)).headline.of(language)


def paragraphs(part: Part, said: Message, language: str, zone: ZoneInfo) -> tuple[str, ...]:
    """What one stretch of time says, in paragraphs."""
    since, until = (format_datetime(m.astimezone(zone), MOMENT[language], locale=language) for m in (part.onset, part.expires))
    span = () if said.kind in ENDS else (SPAN[language].format(since=since, until=until),)
    return tuple(text for text in (part.headline.of(language), *span, part.text.of(language), part.advice.of(language)) if text)


def as_cap(conn: Connection, city: City, one: Step) -> bytes:
    """An issued step as CAP. Raises NotFound for one that was not issued."""
    if one.issued_at is None:
        raise NotFound("Cette alerte n’a pas été émise.")
    alert = declared()[one.alert]
    refers = [r for r in (alerts.step(conn, id_) for id_ in one.refers) if r is not None and r.issued_at is not None]
    issue = cap.Issue(
        sender(city), city.settings.city.name, one.issued_at, ZoneInfo(city.settings.city.timezone), alert.categories,
        {"fr": alert.title, "en": alert.english.get(alert.title, alert.title)},
        tuple((r.id, r.issued_at) for r in refers if r.issued_at is not None),
        f"{base_url(city.settings)}/alertes/message/{one.id}", city.settings.city.contact,
    )  # fmt: skip
    return cap.write(message.read(one.said), issue)


# --- written by people ---------------------------------------------------------------------------------------------------------------------------------------


def written(alert: Alert, *, episode: str, number: int, area: message.Area, words: tuple[Words, Words, Words], severe: bool, since: datetime, until: datetime,
            now: datetime, kind: message.Kind = "open", test: bool = False) -> Message:  # fmt: skip
    """A message that a person wrote. words: headline, text, advice."""
    part = Part(*words, "Severe" if severe else "Moderate", "Immediate" if since <= now else "Expected", "Observed" if since <= now else "Likely", since, until)
    return Message(alert.name, alert.topic, episode, number, kind, area, (part,), now, {"source": "ville"}, test)


def end(conn: Connection, city: City, episode: str, words: Words, *, actor: str) -> Step:
    """A person ends an episode that people wrote: what was sent is taken back, and why is said. Raises NotFound when nothing of it stands."""
    before = alerts.of_episode(conn, episode)
    standing = _standing(before)
    if not standing:
        raise NotFound("Rien n’est en cours sous ce nom.")
    last, now = message.read(standing[-1].said), city.now()
    until = max(last.expires, now + timedelta(hours=1))
    parts = (Part(Words(f"Fin : {last.parts[0].headline.fr}", f"Over: {last.parts[0].headline.en}"), words, Words("", ""), last.parts[0].severity, "Past",
                  "Observed", min(last.parts[0].onset, now), until),)  # fmt: skip
    made = Message(last.alert, last.topic, episode, before[-1].number + 1, "end", last.area, parts, now, last.parameters, last.test)
    return post(conn, city, made, actor=actor)


# --- the worker ----------------------------------------------------------------------------------------------------------------------------------------------


@contextmanager
def courier(city: City, stop: threading.Event) -> Generator[Callable[[], None]]:
    """Yields `turn()`: when the journal has moved on, look at what alerts read; then send what is due. In a thread of its own: a far end may be slow.

    A fault of ours is logged, and neither the worker nor the other alerts stop for it.
    """
    by = ways(city)
    seen, leaving = -1, threading.Event()
    running: list[Future[Round]] = []

    def work(*, looked: bool) -> Round:
        if looked:
            for alert in declared().values():
                look(city, alert)
        return send(city, by, over=lambda: stop.is_set() or leaving.is_set())

    def turn() -> None:
        nonlocal seen
        if running and not running[0].done():
            return
        if running and (fault := running.pop().exception()) is not None:
            LOG.error("an alert failed", exc_info=fault)
        with city.db.read() as conn:
            last = journal.last_seq(conn)
        changed, seen = last != seen, last
        if not stop.is_set():
            running.append(pool.submit(work, looked=changed))

    with ThreadPoolExecutor(1, "courier") as pool:
        try:
            yield turn
        finally:
            leaving.set()
            pool.shutdown(wait=True)
            for way in by.values():
                way.close()


def chores(city: City) -> int:
    """Forget to whom old messages went; returns how many rows went."""
    with city.db.begin() as conn:
        return alerts.forget(conn, city.now() - timedelta(days=city.settings.alerts.keep_days))
