"""Whoever wants alerts: the link that confirms it, what is kept once it is followed, and leaving."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping

from parvis.alerts import addresses
from parvis.alerts.addresses import Wish
from parvis.alerts.sending import Envelope, Undelivered, Way
from parvis.catalogue.entries import base_url
from parvis.core.errors import ParvisError
from parvis.core.language import language_of
from parvis.core.sentence import Sentence, mark
from parvis.people import city_secret
from parvis.publication.city import SYSTEM, City
from parvis.store import alerts, journal, subscribers
from parvis.store.subscribers import Channel, Subscriber
from parvis.work.alerting.city import key

LOG = logging.getLogger("parvis")


def open_channels(city: City) -> tuple[Channel, ...]:
    """The channels that this city can send by."""
    of = city.settings.alerts
    is_open = {"mail": bool(of.smtp), "webhook": of.webhooks, "sms": bool(of.sms)}
    return tuple(c for c in addresses.CHANNELS if is_open[c])


def ask(city: City, wish: Wish, ways: Mapping[str, Way]) -> None:
    """Send the link by which somebody confirms that they want this. Nothing is kept of it. Raises ParvisError
    when it could not be sent.
    """
    token = addresses.token(key(city), wish, city.now())
    speaker = language_of(city.settings, wish.language)
    link = f"{base_url(city.settings)}{speaker.prefix}/alertes/confirmer/{token}"
    name = city.settings.city.name
    reference = hashlib.sha256(token.encode()).hexdigest()[:32]
    subject, *lines = (
        speaker.say(Sentence(line, city=name, link=link)) for line in (CONFIRM, *CONFIRM_LINES)
    )
    try:
        ways[wish.channel].send(
            Envelope(
                wish.address,
                wish.language,
                subject,
                tuple(lines),
                reference,
                page=link,
                sent_at=city.now(),
            )
        )
    except Undelivered as wrong:
        LOG.warning("a confirmation was not delivered: %s", wrong.reason)
        raise ParvisError(
            "Le message de confirmation n’a pas pu partir.",
            mend="Réessayez dans quelques minutes, ou vérifiez l’adresse.",
        ) from None


CONFIRM = mark("Confirmez votre abonnement aux alertes – {city}")
CONFIRM_LINES = (
    mark("Quelqu’un, vous sans doute, a demandé que les alertes de {city} arrivent ici."),
    mark("Pour confirmer, ouvrez cette page :"),
    "{link}",
    mark("Si ce n’est pas vous, ne faites rien : rien n’est gardé et rien ne sera envoyé."),
)


def confirm(city: City, wish: Wish) -> Subscriber:
    """Keep a wish that was confirmed; an address that is known gets exactly what it asks for now."""
    secret_key = key(city)
    mark = addresses.mark(secret_key, wish.channel, wish.address)
    with city.db.begin() as conn:
        known = subscribers.by_mark(conn, wish.channel, mark)
        id_ = (
            known.id
            if known is not None
            else hashlib.sha256(
                city_secret.derive(secret_key, f"subscriber/{mark}/{city.now().isoformat()}")
            ).hexdigest()[:24]
        )
        subscriber = Subscriber(
            id_,
            wish.channel,
            mark,
            addresses.seal(secret_key, wish.address, id_),
            wish.language,
            wish.quiet,
            wish.urgent,
            city.now(),
        )
        subscribers.save(conn, subscriber, wish.topics)
    return subscriber


def leave(city: City, token: str) -> bool:
    """Erase whoever a link of unsubscription speaks of: address, wishes, messages that wait. Whether there
    was anybody. Raises NotFound for a forged link.
    """
    subscriber = addresses.leaving(key(city), token)
    with city.db.begin() as conn:
        alerts.erase(conn, subscriber, city.now())
        gone = subscribers.erase(conn, subscriber)
        if gone:  # so that no backup brings them back
            journal.append(conn, at=city.now(), actor=SYSTEM, verb=subscribers.LEFT, subject=subscriber)
    city.db.scrub()
    return gone
