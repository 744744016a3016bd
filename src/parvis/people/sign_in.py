"""Signing in: throttle, password, session; in that order, and with the same work for everybody who fails.

The slow hash runs outside any transaction: one writer at a time would otherwise wait for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from parvis.core.errors import NotSignedIn, UsageError
from parvis.people import accounts, sessions, throttle
from parvis.people.passwords import Passwords
from parvis.people.secret import derive
from parvis.store import journal
from parvis.store.database import Database


@dataclass(frozen=True, slots=True)
class Door:
    """What signing in needs besides what the visitor says. secret: the city's."""

    database: Database
    passwords: Passwords
    secret: bytes
    lasts: timedelta = sessions.LASTS
    account: throttle.Limit = throttle.ACCOUNT
    address: throttle.Limit = throttle.ADDRESS


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: its token goes into a cookie (HttpOnly, Secure, SameSite=Lax) and nowhere else."""

    person: str
    token: str
    ends_at: datetime


def sign_in(door: Door, email: str, password: str, *, address: str, now: datetime, previous: str = "") -> SignedIn:
    """Open a session. address: where the visitor comes from. previous: the session token that the browser had, which ends.

    Raises TooMany when this account or address must wait; NotSignedIn for a wrong address or password, or a suspended account, without saying which.
    """
    try:
        plain = accounts.folded(email)
    except UsageError:
        plain = ""
    secret = derive(door.secret, "throttle")
    account_key, address_key = throttle.account_key(secret, plain), throttle.address_key(secret, address)
    with door.database.begin() as conn:
        waiting = throttle.enter(conn, ((account_key, door.account), (address_key, door.address)), now)
        known = None if waiting or not plain else accounts.credentials(conn, plain)
    if waiting:
        raise throttle.refuse(waiting)
    right = door.passwords.verify(None if known is None else known.password, password)
    if known is None or known.password is None or not right or not known.active:
        raise _wrong()
    newer = door.passwords.hash(password) if door.passwords.outdated(known.password) else ""
    with door.database.begin() as conn:
        if accounts.credentials(conn, plain) != known:
            raise _wrong()  # suspended, erased or changed while the hash was computed
        throttle.forgive(conn, account_key, address_key)
        if newer:
            accounts.rehash(conn, known.person, known.password, newer)
        token = sessions.start(conn, known.person, now=now, lasts=door.lasts, instead_of=previous)
        journal.append(conn, at=now, actor=known.person, verb="signed-in", subject=known.person)
    return SignedIn(known.person, token, now + door.lasts)


def _wrong() -> NotSignedIn:
    return NotSignedIn("Adresse ou mot de passe incorrect.")
