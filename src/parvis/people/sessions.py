"""Sessions, kept on the server: the browser holds a random token, the database its SHA-256."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select

from parvis.people import accounts
from parvis.people.rights import Person
from parvis.store.tables import sessions

LASTS = timedelta(hours=12)
"""A working day: then sign in again."""


def digest(token: str) -> str:
    """What the database keeps of a token: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def start(conn: Connection, person_id: str, *, now: datetime, lasts: timedelta = LASTS, instead_of: str = "") -> str:
    """Open a session and return its token. instead_of: the token that the browser had before, which ends: what was known before a sign-in opens nothing."""
    if instead_of:
        end(conn, instead_of)
    token = secrets.token_urlsafe(32)
    conn.execute(insert(sessions).values(digest=digest(token), person=person_id, opened_at=now, ends_at=now + lasts))
    return token


def person(conn: Connection, token: str, *, now: datetime) -> Person | None:
    """Who holds the token, with their rights of this moment; None when it was ended, is over, or the account is suspended."""
    found = accounts.holding(conn, digest(token), now=now)
    return found if found is not None and found.active else None


def renew(conn: Connection, token: str, *, now: datetime) -> str | None:
    """Another token for the same session, with the same end (after a change of rights, say); None when the token holds no session."""
    row = conn.execute(select(sessions.c.person, sessions.c.ends_at).where(sessions.c.digest == digest(token), sessions.c.ends_at > now)).first()
    return None if row is None else start(conn, row.person, now=now, lasts=row.ends_at - now, instead_of=token)


def end(conn: Connection, token: str) -> None:
    """Sign out: the token is worth nothing from the commit on, in every process."""
    conn.execute(delete(sessions).where(sessions.c.digest == digest(token)))


def end_all(conn: Connection, person_id: str, *, but: str = "") -> int:
    """Sign somebody out everywhere. but: a token whose session stays. Returns how many ended."""
    return conn.execute(delete(sessions).where(sessions.c.person == person_id, sessions.c.digest != digest(but))).rowcount


def count(conn: Connection, person_id: str, *, now: datetime) -> int:
    """How many sessions somebody has open."""
    return conn.execute(select(func.count()).select_from(sessions).where(sessions.c.person == person_id, sessions.c.ends_at > now)).scalar_one()


def purge(conn: Connection, *, now: datetime) -> int:
    """Remove the sessions that are over; return how many."""
    return conn.execute(delete(sessions).where(sessions.c.ends_at <= now)).rowcount
