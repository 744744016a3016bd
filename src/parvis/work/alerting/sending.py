"""The outbox, emptied: what is due is sent one by one, each settled as soon as the far end has it.

A process that is killed between the two sends the message again with the same reference (Message-ID,
Idempotency-Key): a lost alert is worse than a second copy, which whoever gets it can tell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from parvis.alerts import addresses
from parvis.alerts.mail import Mailer, Server
from parvis.alerts.message import ENDS, Message
from parvis.alerts.message import read as read_message
from parvis.alerts.sending import AGAIN, Envelope, Undelivered, Way
from parvis.alerts.sms import Texts
from parvis.alerts.sms import read as read_gateway
from parvis.alerts.webhook import Hooks
from parvis.catalogue.entries import base_url
from parvis.core.errors import UsageError
from parvis.core.language import language_of
from parvis.core.sentence import FRENCH, Sentence, mark
from parvis.outbound import Allowed, public
from parvis.publication.city import City
from parvis.store import alerts
from parvis.store.alerts import Sending, Step
from parvis.work.alerting.city import declared, key, policy, sender
from parvis.work.alerting.wording import paragraphs, subject

HOSTS = 8
"""Hosts of webhooks that are asked at once."""

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
    """The open channels. allowed: whether a webhook may be on that IP address; by default, on the open
    Internet only. Raises UsageError for a bad setting.
    """
    of = city.settings.alerts
    by_channel: dict[str, Way] = {}
    if of.smtp:
        host, _, port = of.smtp.rpartition(":")
        numbered = port.isascii() and port.isdigit() and 0 < int(port) < 65_536
        if (
            not host
            or set(host) & {"@", "/"}
            or not numbered
            or of.smtp_tls not in ("starttls", "tls", "none")
        ):
            raise UsageError(
                "alerts.smtp s’écrit hôte:port, et alerts.smtp_tls vaut starttls, tls ou none.",
                mend='Exemple : smtp = "smtp.ville.fr:587" ; compte et mot de passe : smtp_user et smtp_password.',
            )
        by_channel["mail"] = Mailer(
            Server(
                host,
                int(port),
                sender(city),
                city.settings.city.name,
                of.smtp_tls,
                of.smtp_user,
                of.smtp_password,
            )
        )
    if of.webhooks:
        by_channel["webhook"] = Hooks(agent="Parvis", allowed=allowed, proxy=city.settings.network.proxy)
    if of.sms:
        path = city.settings.path(of.sms)
        if not path.exists():
            raise UsageError(Sentence("alerts.sms : le fichier {sms} n’existe pas.", sms=of.sms))
        by_channel["sms"] = Texts(read_gateway(path.read_text("utf-8")))
    return by_channel


def check(city: City) -> None:
    """Look at the settings of alerts, without connecting to anything. Raises UsageError for a bad one."""
    for way in ways(city).values():
        way.close()
    for alert in declared().values():
        policy(city, alert)


def send(
    city: City,
    by: Mapping[str, Way],
    *,
    channel: str = "",
    limit: int = BATCH,
    over: Callable[[], bool] = lambda: False,
) -> Round:
    """Send what is due, each message settled as soon as the far end has it. channel: of one only.

    Webhooks are of many hosts: some are asked at once, and one that keeps us waiting is asked once a round:
    its other messages come later.
    """
    with city.db.read() as conn:
        due = alerts.due(conn, city.now(), channel=channel, limit=limit)
        steps = {
            id_: step
            for id_ in dict.fromkeys(one.step for one in due)
            if (step := alerts.step(conn, id_)) is not None
        }
    messages = {id_: (step, read_message(step.said)) for id_, step in steps.items()}
    secret_key = key(city)
    hosts: dict[str, list[Sending]] = {}
    for one in due:
        hosts.setdefault(_host(one, secret_key), []).append(one)

    def host(of: list[Sending]) -> list[str]:
        done: list[str] = []
        for one in of:
            if over():
                break
            if one.channel == "webhook" and done and done[-1] in ("away", "spared"):
                _settle(city, one, "waiting", note="host-away", due_at=city.now() + AGAIN[0], tried=False)
                done.append("spared")
            else:
                done.append(_send(city, by, one, *messages[one.step], secret_key))
        return done

    with ThreadPoolExecutor(min(HOSTS, max(1, len(hosts))), "send") as pool:
        outcomes = [
            outcome
            for done in (pool.map(host, hosts.values()) if len(hosts) > 1 else map(host, hosts.values()))
            for outcome in done
        ]
    return Round(
        outcomes.count("sent"),
        outcomes.count("failed"),
        outcomes.count("dropped"),
        sum(outcomes.count(one) for one in ("later", "away", "spared")),
    )


def _host(one: Sending, secret_key: bytes) -> str:
    """What is asked for a message: the host of a webhook, else the one server of its channel."""
    if one.channel != "webhook" or one.sealed is None:
        return one.channel
    try:
        return "webhook " + (
            urlsplit(addresses.unseal(secret_key, one.sealed, one.subscriber)).hostname or ""
        )
    except ValueError:
        return one.channel


def _send(
    city: City, by: Mapping[str, Way], one: Sending, step: Step, message: Message, secret_key: bytes
) -> str:
    """Send one message and settle it: sent, failed, dropped, later, or away where the far end kept us
    waiting.
    """
    now = city.now()
    if one.sealed is None:
        _settle(city, one, "dropped", note="erased")
        return "dropped"
    if message.expires <= now and message.kind not in ENDS:
        _settle(city, one, "dropped", note="expired")
        return "dropped"
    way = by.get(one.channel)
    if way is None:
        _settle(city, one, "waiting", note="closed", due_at=now + AGAIN[-1])
        return "later"
    try:
        way.send(envelope(city, one, step, message, secret_key))
    except Undelivered as wrong:
        if wrong.final or one.attempts >= len(AGAIN):
            _settle(city, one, "failed", note=wrong.reason)
            return "failed"
        _settle(city, one, "waiting", note=wrong.reason, due_at=now + AGAIN[one.attempts])
        return "away" if wrong.silent else "later"
    _settle(city, one, "sent")
    return "sent"


def _settle(
    city: City,
    one: Sending,
    state: alerts.SendState,
    *,
    note: str = "",
    due_at: datetime | None = None,
    tried: bool = True,
) -> None:
    with city.db.begin() as conn:
        alerts.settle(conn, one, state, city.now(), note=note, due_at=due_at, tried=tried)


def reference(step: str, subscriber: str, channel: str) -> str:
    """What a message is known by at the far end: the same at every try, and nobody's name."""
    return hashlib.sha256(f"{step}\n{subscriber}\n{channel}".encode()).hexdigest()[:32]


def envelope(city: City, one: Sending, step: Step, message: Message, secret_key: bytes) -> Envelope:
    """A message as one subscriber gets it."""
    speaker = language_of(city.settings, one.language or FRENCH)
    prefix = base_url(city.settings) + speaker.prefix
    page = f"{prefix}/alertes/message/{step.id}"
    leaving = f"{prefix}/alertes/quitter/{addresses.leave(secret_key, one.subscriber)}"
    lines = [line for part in message.parts for line in paragraphs(part, message, speaker)]
    lines += [
        speaker.say(Sentence(FOOT, city=city.settings.city.name, page=page)),
        speaker.say(Sentence(STOP, link=leaving)),
    ]
    return Envelope(
        addresses.unseal(secret_key, one.sealed or "", one.subscriber),
        speaker.code,
        subject(message, speaker.code),
        tuple(lines),
        reference(one.step, one.subscriber, one.channel),
        leaving,
        page,
        message,
        city.now(),
        addresses.webhook_secret(secret_key, one.subscriber),
    )


FOOT = mark("Message de {city}. La page, avec tout ce qui a été dit de cet épisode : {page}")
STOP = mark("Ne plus rien recevoir : {link}")
