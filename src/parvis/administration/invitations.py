"""Colleagues: invited by a link, sent a new one when the password is lost. The link is made of
`people.tickets`; here it meets the city's mail.

A link leads to the address of the settings (`serve.base_url`), never to the one that the request named: a
stranger can ask for somebody else's link and choose the name of the host in doing so.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import Connection

from parvis.alerts.sending import Envelope, Undelivered
from parvis.catalogue.entries import base_url
from parvis.core.errors import ParvisError, TooMany, UsageError
from parvis.core.language import language_of
from parvis.core.sentence import Sentence, mark
from parvis.core.settings import Settings
from parvis.people import accounts, city_secret, duties, throttle, tickets
from parvis.people.rights import Person, Role
from parvis.people.throttle import Limit
from parvis.publication.city import City
from parvis.store import journal
from parvis.work.alerting.sending import ways

LOG = logging.getLogger("parvis")

ASKED = Limit(free=3, first=timedelta(minutes=5), longest=timedelta(hours=1))
"""Links that may be asked for one account, known or not, before the next must wait: nobody's mailbox is
filled by a stranger.
"""
ASKING = Limit(free=20, first=timedelta(minutes=1), longest=timedelta(hours=1))
"""The same from one address: a whole town hall may come from one."""


def secret_of(settings: Settings) -> bytes:
    """The secret under which sessions, forms and tickets are made. Raises UsageError when the one that is set
    is too short.
    """
    return city_secret.load(settings.serve.secret, settings.path("var/secret"))


def invite(
    city: City,
    *,
    email: str,
    name: str,
    role: Role | None = None,
    organisation: str = "",
    city_admin: bool = False,
    actor: str,
) -> Person:
    """Make an account without a password, with its role. Nobody signs in to it before they followed a link.
    Raises UsageError when the address is taken.
    """
    now = city.now()
    with city.db.begin() as conn:
        account = accounts.make(
            conn, email=email, name=name, password_hash=None, city_admin=city_admin, actor=actor, at=now
        )
        if role is not None:
            accounts.give_role(conn, account.id, organisation, role, actor=actor, at=now)
        with_rights = accounts.person(conn, account.id)
    return with_rights or account


def link(city: City, key: bytes, person_id: str, *, actor: str, base: str = "", language: str = "fr") -> str:
    """Address of the page where the person chooses a password, to be read by `actor`, who can take the
    account over by it. base: of the portal.

    Raises Refused when the account is closed, or may do what the reader may not: its link is then mailed to
    its owner, or shown on the city's machine.
    """
    with city.db.begin() as conn:
        reader, person = accounts.person(conn, actor), accounts.person(conn, person_id)
        if reader is not None and person is not None:
            duties.check_link(conn, reader, person)
        way = duties.HAND if reader is not None else duties.MACHINE
        ticket = _ticket(conn, city, key, person_id, actor=actor, lasts=tickets.INVITED, way=way)
    prefix = language_of(city.settings, language).prefix
    return _address(base or base_url(city.settings), prefix, ticket)


def _ticket(
    conn: Connection, city: City, key: bytes, person_id: str, *, actor: str, lasts: timedelta, way: str
) -> str:
    """A ticket that serves once, until it is over; that it was made, and who reads it, stands in the journal."""
    now = city.now()
    ticket = tickets.make(conn, key, person_id, ends_at=now + lasts, way=way)
    journal.append(conn, at=now, actor=actor, verb="password-link-made", subject=person_id, ids={"by": way})
    return ticket


def _address(base: str, prefix: str, ticket: str) -> str:
    return f"{base}{prefix}/mot-de-passe/nouveau?lien={ticket}"


def mails(city: City) -> bool:
    """Whether the city can send mail."""
    return bool(city.settings.alerts.smtp)


def mail(
    city: City, key: bytes, person: Person, *, actor: str, kind: str = "invited", language: str = "fr"
) -> None:
    """Send somebody a link. kind: `invited` or `lost`. Raises ParvisError when it could not leave."""
    lasts = tickets.INVITED if kind == "invited" else tickets.LOST
    with city.db.begin() as conn:
        ticket = _ticket(conn, city, key, person.id, actor=actor, lasts=lasts, way=duties.MAIL)
    speaker = language_of(city.settings, language)
    where = _address(base_url(city.settings), speaker.prefix, ticket)
    name, (subject, lines) = city.settings.city.name, LETTERS[kind]
    headline, *paragraphs = (speaker.say(Sentence(line, city=name, link=where)) for line in (subject, *lines))
    reference = hashlib.sha256(where.encode()).hexdigest()[:32]
    envelope = Envelope(
        person.email, speaker.code, headline, tuple(paragraphs), reference, sent_at=city.now()
    )
    way = ways(city)["mail"]
    try:
        way.send(envelope)
    except Undelivered as wrong:
        LOG.warning("a link for an account was not delivered: %s", wrong.reason)
        raise ParvisError(
            "Le courriel n’a pas pu partir.",
            mend="Vérifiez les réglages alerts.smtp, ou donnez le lien vous-même.",
        ) from None
    finally:
        way.close()


def lost(city: City, key: bytes, email: str, *, address: str, language: str = "fr") -> threading.Thread:
    """Somebody says that the password of that address is lost: a link is mailed if an open account bears it.
    address: where the visitor comes from.

    Nothing tells the visitor whether there is one: what is done before this returns is the same, and the rest
    happens in the thread that comes back, running. Raises TooMany, for a known and an unknown account alike.
    """
    try:
        plain = accounts.folded(email)
    except UsageError:
        plain = ""
    drawn = city_secret.derive(key, "throttle")
    keys = (
        (throttle.visitor_key(drawn, "lost-account", plain), ASKED),
        (throttle.visitor_key(drawn, "lost-address", address), ASKING),
    )
    with city.db.begin() as conn:
        waiting = throttle.enter(conn, keys, city.now(), of="password-link")
    if waiting:
        wait_text, seconds = throttle.spoken(waiting)
        raise TooMany(
            "Trop de liens demandés.", mend=Sentence("Réessayez dans {said}.", said=wait_text), wait_s=seconds
        )
    thread = threading.Thread(
        target=_send, args=(city, key, plain, language), name="lost-password", daemon=True
    )
    thread.start()
    return thread


def _send(city: City, key: bytes, email: str, language: str) -> None:
    with city.db.read() as conn:
        person = _open_account(conn, email)
    if person is None:
        return
    try:
        mail(city, key, person, actor=person.id, kind="lost", language=language)
    except ParvisError as wrong:
        LOG.warning("a lost password: %s", type(wrong).__name__)


def _open_account(conn: Connection, email: str) -> Person | None:
    known = accounts.credentials(conn, email) if email else None
    return accounts.person(conn, known.person) if known is not None and known.active else None


LETTERS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "invited": (
        mark("Votre compte sur les données ouvertes – {city}"),
        (
            mark("Un compte vous attend sur le portail des données de {city}."),
            mark("Pour choisir votre mot de passe, ouvrez cette page dans les sept jours :"),
            "{link}",
            mark("Le lien ne sert qu’une fois. Ne le transmettez à personne."),
        ),
    ),
    "lost": (
        mark("Choisir un nouveau mot de passe – {city}"),
        (
            mark(
                "Quelqu’un, vous sans doute, a dit avoir perdu le mot de passe de ce compte sur le portail de {city}."
            ),
            mark("Pour en choisir un autre, ouvrez cette page dans l’heure :"),
            "{link}",
            mark("Si ce n’est pas vous, ne faites rien : votre mot de passe ne change pas."),
        ),
    ),
}
"""Kind to subject and paragraphs."""
