"""Signing in: throttle, password, session; in that order, and with the same work for everybody who fails.

The slow hash runs outside any transaction: one writer at a time would otherwise wait for it. What fails
stands in the journal by ids: of the account when there is one, never what was typed, since a mistyped name
may be a password.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from parvis.core.errors import NotSignedIn, UsageError
from parvis.people import accounts, known_devices, sessions, throttle
from parvis.people import second_factor as second
from parvis.people.accounts import Credentials
from parvis.people.city_secret import derive
from parvis.people.passwords import Passwords
from parvis.people.throttle import VISITOR
from parvis.store import journal
from parvis.store.database import Database

NOBODY = "unknown-account"
"""Whose account a failed sign-in is of, when there is none."""


@dataclass(frozen=True, slots=True)
class Door:
    """What signing in needs besides what the visitor says. secret: the city's."""

    database: Database
    passwords: Passwords
    secret: bytes
    lasts: timedelta = sessions.LASTS
    idle: timedelta = sessions.LASTS
    account: throttle.Limit = throttle.ACCOUNT
    pair: throttle.Limit = throttle.PAIR
    address: throttle.Limit = throttle.ADDRESS
    device: throttle.Limit = throttle.DEVICE


@dataclass(frozen=True, slots=True)
class Tried:
    """A password that was right, before any session: whose, and what to remember of the browser."""

    person: str
    device: str
    """Cookie of a browser that is known from now on."""
    second: bool = False
    """Whether a code of the second factor was right too, and is spent."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: its token goes into a cookie (HttpOnly, Secure, SameSite=Lax) and nowhere else."""

    person: str
    token: str
    ends_at: datetime
    device: str = ""


def sign_in(
    door: Door,
    email: str,
    password: str,
    *,
    address: str,
    now: datetime,
    previous: str = "",
    device: str = "",
) -> SignedIn:
    """Open a session for who knows the password. Arguments and errors: those of `verify`. previous: the
    session token that the browser had, which ends.
    """
    tried = verify(door, email, password, address=address, now=now, device=device)
    with door.database.begin() as conn:
        return open_session(conn, door, tried, now=now, previous=previous)


def open_session(
    conn: Connection,
    door: Door,
    tried: Tried,
    *,
    now: datetime,
    previous: str = "",
    by: str = "password",
    agent: str = "",
) -> SignedIn:
    """Open a session for whose password (or key) was right. by: how they showed who they are; agent: what
    their browser calls itself.
    """
    device = known_devices.described(agent)
    token = sessions.start(
        conn,
        tried.person,
        now=now,
        lasts=door.lasts,
        idle=door.idle,
        instead_of=previous,
        way=by,
        device=device,
    )
    journal.append(conn, at=now, actor=tried.person, verb="signed-in", subject=tried.person, ids={"by": by})
    return SignedIn(tried.person, token, now + door.lasts, tried.device)


def verify(
    door: Door, email: str, password: str, *, address: str, now: datetime, device: str = "", code: str = ""
) -> Tried:
    """Say whose account the address and the password open. address: where the visitor comes from; device: the
    cookie of `devices`, "" for none.

    A browser that the account was opened from before is counted by itself: strangers who guess do not keep
    its owner out. Nor do they where `code`, of the account's second factor, is right: it then counts for that
    too. Raises TooMany when it must wait; NotSignedIn for a wrong address or password, or a suspended
    account, without saying which.
    """
    try:
        plain = accounts.folded(email)
    except UsageError:
        plain = ""
    secret = derive(door.secret, "throttle")
    by_address = throttle.address_key(secret, address)
    with door.database.begin() as conn:
        known = accounts.credentials(conn, plain) if plain else None
        mark = "" if known is None else known_devices.known(door.secret, device, known.person)
        coded = (
            known is not None
            and code != ""
            and second.spend(conn, door.secret, known.person, code, at=now) != ""
        )
        tally = _tallies(door, secret, plain, address, mark or ("code" if coded else ""), known)
        waiting = throttle.enter(conn, tally, now, of="sign-in")
    if waiting:
        raise throttle.refuse(waiting)
    right = door.passwords.verify(None if known is None else known.password, password)
    if known is None or known.password is None or not right or not known.active:
        with door.database.begin() as conn:
            ids = {"from": by_address[:16]} | ({"browser": "known"} if mark else {})
            journal.append(
                conn,
                at=now,
                actor=VISITOR,
                verb="sign-in-failed",
                subject=NOBODY if known is None else known.person,
                ids=ids,
            )
        raise _wrong()
    newer = door.passwords.hash(password) if door.passwords.outdated(known.password) else ""
    with door.database.begin() as conn:
        if accounts.credentials(conn, plain) != known:
            raise _wrong()  # suspended, erased or changed while the hash was computed
        throttle.forgive(conn, [key for key, _ in tally if key != by_address], by_address)
        if newer:
            accounts.rehash(conn, known.person, known.password, newer)
    return Tried(known.person, known_devices.remember(door.secret, device, known.person), coded)


def _tallies(
    door: Door, secret: bytes, email: str, address: str, mark: str, known: Credentials | None
) -> tuple[tuple[str, throttle.Limit], ...]:
    """What a try is counted on: the browser that the account knows; else the account from this address, the
    account from everywhere, and the address.
    """
    if mark and known is not None:
        return ((throttle.device_key(secret, mark, known.person), door.device),)
    return (
        (throttle.pair_key(secret, email, address), door.pair),
        (throttle.account_key(secret, email), door.account),
        (throttle.address_key(secret, address), door.address),
    )


def _wrong() -> NotSignedIn:
    return NotSignedIn("Adresse ou mot de passe incorrect.")
