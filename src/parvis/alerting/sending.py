"""The outbox, emptied: what is due is sent one by one, each settled as soon as the far end has it.

A process that is killed between the two sends the message again with the same reference (Message-ID, Idempotency-Key): a lost alert is worse than a second
copy, which whoever gets it can tell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from parvis.alerting.city import key, sender
from parvis.alerting.wording import paragraphs, subject
from parvis.alerts import addresses, message
from parvis.alerts.mail import Mailer, Server
from parvis.alerts.message import ENDS, Message
from parvis.alerts.sending import AGAIN, Envelope, Undelivered, Way
from parvis.alerts.sms import Texts
from parvis.alerts.sms import read as read_gateway
from parvis.alerts.webhook import Hooks
from parvis.catalogue.entries import base_url
from parvis.core.errors import UsageError
from parvis.guarded import Allowed, public
from parvis.pipeline import City
from parvis.store import alerts
from parvis.store.alerts import Sending, Step

BATCH = 100
"""Messages that are taken up at once; between two batches newer steps may overtake them."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of sending did."""

    sent: int = 0
    failed: int = 0
    dropped: int = 0
    later: int = 0


def ways(city: City, *, allowed: Allowed = public) -> dict[str, Way]:
    """The open channels. allowed: whether a webhook may be on that IP address; by default, on the open Internet only. Raises UsageError for a bad setting."""
    of = city.settings.alerts
    made: dict[str, Way] = {}
    if of.smtp:
        host, _, port = of.smtp.rpartition(":")
        if not host or not port.isdigit() or of.smtp_tls not in ("starttls", "tls", "none"):
            raise UsageError("alerts.smtp s’écrit hôte:port, et alerts.smtp_tls vaut starttls, tls ou none.")
        made["mail"] = Mailer(Server(host, int(port), sender(city), city.settings.city.name, of.smtp_tls, of.smtp_user, of.smtp_password))
    if of.webhooks:
        made["webhook"] = Hooks(agent="Parvis", allowed=allowed, proxy=city.settings.network.proxy)
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
