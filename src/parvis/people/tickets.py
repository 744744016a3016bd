"""Tickets by which somebody chooses a password: an invitation, or a password that was lost. Nothing of them
is kept.

A ticket says whose it is and until when, under the city's secret and under what is kept of the account's
password. Once a password was chosen, by a ticket or otherwise, every ticket made before is worth nothing:
each serves once, and a list of those that served is not needed.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from parvis.core.errors import Refused
from parvis.people import accounts, duties, passkeys, throttle
from parvis.people.city_secret import derive
from parvis.people.rights import Person
from parvis.store import journal
from parvis.store.tables import people, sessions

INVITED = timedelta(days=7)
"""How long somebody who is new has to come."""
LETTERS = {duties.HAND: "h", duties.MAIL: "m", duties.MACHINE: "s"}
WAYS = {letter: way for way, letter in LETTERS.items()}
"""How a ticket came to its owner is a letter of it, under its seal: the journal then knows who else may have
read it.
"""
LOST = timedelta(hours=1)
"""How long a link lasts that anybody may ask for in somebody's name."""


def make(
    conn: Connection, secret: bytes, person_id: str, *, ends_at: datetime, way: str = duties.HAND
) -> str:
    """A ticket for the account; ends_at counts to the second; way: who reads it (`duties`). Raises Refused
    when the account is closed, or there is none.
    """
    account = _open(conn, person_id)
    if account is None:
        raise Refused("Ce compte est fermé.", mend="Rouvrez-le d’abord.")
    ends = int(ends_at.timestamp())
    return f"{person_id}.{ends}.{_sign(secret, person_id, ends, account[0], way)}"


def owner(conn: Connection, secret: bytes, ticket: str, *, now: datetime) -> Person:
    """Whose the ticket is. Raises Refused when it was made by nobody, served already, is over, or the account
    is closed: without saying which.
    """
    return _held(conn, secret, ticket, now)[0]


def redeem(conn: Connection, secret: bytes, ticket: str, password_hash: str, *, now: datetime) -> Person:
    """Keep the password that the ticket's owner chose; their sessions end everywhere, their passkeys with
    them, and failed sign-ins are forgotten.

    Raises Refused like `owner`. A second factor stays: who lost it asks for it to be taken away on the
    machine of the city.

    Of two that redeem the same ticket at once, one is refused: the password changes only if it still is the
    one that the ticket was made under.
    """
    person, before, way = _held(conn, secret, ticket, now)
    unchanged = people.c.password.is_not_distinct_from(before)
    if (
        conn.execute(
            update(people)
            .where(people.c.id == person.id, people.c.disabled_at.is_(None), unchanged)
            .values(password=password_hash)
        ).rowcount
        == 0
    ):
        raise _over()
    conn.execute(delete(sessions).where(sessions.c.person == person.id))
    passkeys.remove_all(conn, person.id, actor=person.id, at=now)
    throttle.forget(conn, throttle.account_key(derive(secret, "throttle"), person.email))
    journal.append(
        conn, at=now, actor=person.id, verb="password-set", subject=person.id, ids={"by": "link", "link": way}
    )
    return person


def _held(conn: Connection, secret: bytes, ticket: str, now: datetime) -> tuple[Person, str | None, str]:
    person_id, _, rest = ticket.partition(".")
    ends_text, _, sign = rest.partition(".")
    ends = int(ends_text) if ends_text.isascii() and ends_text.isdigit() and len(ends_text) <= 12 else 0
    account = _open(conn, person_id)
    way = WAYS.get(sign[:1], duties.HAND)
    right = _sign(secret, person_id, ends, None if account is None else account[0], way)
    if (
        not hmac.compare_digest(right.encode(), sign.encode("utf-8", "surrogatepass"))
        or account is None
        or now >= datetime.fromtimestamp(ends, UTC)
    ):
        raise _over()
    person = accounts.person(conn, person_id)
    if person is None:
        raise _over()
    if way == duties.HAND and _outgrown(conn, person):
        raise _over()
    return person, account[0], way


def _outgrown(conn: Connection, person: Person) -> bool:
    """Whether an account may by now do what somebody who read its link may not: such a link is worth nothing
    any more.
    """
    readers = (accounts.person(conn, reader) for reader in duties.holders(conn, person.id))
    return any(duties.exceeds(conn, person, reader) for reader in readers if reader is not None)


def _open(conn: Connection, person_id: str) -> tuple[str | None] | None:
    """What is kept of the password of an account that is open; None when it is closed or is none."""
    row = conn.execute(
        select(people.c.password).where(
            people.c.id == person_id, people.c.disabled_at.is_(None), people.c.email.is_not(None)
        )
    ).first()
    return None if row is None else (row.password,)


def _sign(secret: bytes, person_id: str, ends: int, password: str | None, way: str) -> str:
    payload = f"{way}\n{person_id}\n{ends}\n{'' if password is None else password}".encode(
        "utf-8", "surrogatepass"
    )
    return LETTERS[way] + hmac.new(derive(secret, "password-ticket"), payload, hashlib.sha256).hexdigest()


def _over() -> Refused:
    return Refused(
        "Ce lien n’est plus valable : il a déjà servi, il est trop ancien, ou il est incomplet.",
        mend="Demandez-en un autre.",
    )
