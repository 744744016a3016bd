"""Sessions, kept on the server: the browser holds a random token, the database its SHA-256."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from parvis.core.errors import UsageError
from parvis.core.settings import Serve
from parvis.people import accounts
from parvis.people.rights import Person
from parvis.store.tables import sessions

LASTS = timedelta(hours=12)
"""A working day: then sign in again."""
FINE = 10
"""A session that is used is written down again after this part of the idle time: reading must not write each time."""


def times(serve: Serve) -> tuple[timedelta, timedelta]:
    """How long a session lasts at most, and when it is not used. Raises UsageError for settings that let nobody in."""
    if serve.session_hours <= 0 or serve.idle_minutes < 0:
        raise UsageError("serve.session_hours et serve.idle_minutes sont des durées : plus de 0 heure, et 0 minute ou plus.")
    lasts = timedelta(hours=min(serve.session_hours, 24 * 365))
    return lasts, min(lasts, timedelta(minutes=serve.idle_minutes)) if serve.idle_minutes else lasts


def digest(token: str) -> str:
    """What the database keeps of a token: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def start(conn: Connection, person_id: str, *, now: datetime, lasts: timedelta = LASTS, idle: timedelta | None = None, instead_of: str = "") -> str:
    """Open a session and return its token. lasts: at most; idle: when it is not used, None for no other end.

    instead_of: the token that the browser had before, which ends: what was known before a sign-in opens nothing.
    """
    if instead_of:
        end(conn, instead_of)
    token = secrets.token_urlsafe(32)
    conn.execute(insert(sessions).values(digest=digest(token), person=person_id, opened_at=now, ends_at=now + min(lasts, idle or lasts), until_at=now + lasts))
    return token


def person(conn: Connection, token: str, *, now: datetime) -> Person | None:
    """Who holds the token, with their rights of this moment; None when it was ended, is over, or the account is suspended."""
    found = accounts.holding(conn, digest(token), now=now)
    return found if found is not None and found.active else None


def touch(conn: Connection, token: str, *, now: datetime, idle: timedelta) -> None:
    """The session is used: it ends so much later, never after its last hour. Written only now and then."""
    held = sessions.c.digest == digest(token)
    row = conn.execute(select(sessions.c.ends_at, sessions.c.until_at).where(held)).first()
    if row is not None and row.until_at is not None:
        conn.execute(update(sessions).where(held).values(ends_at=min(row.until_at, now + idle)))


def stale(conn: Connection, token: str, *, now: datetime, idle: timedelta) -> bool:
    """Whether `touch` has something to write."""
    row = conn.execute(select(sessions.c.ends_at, sessions.c.until_at).where(sessions.c.digest == digest(token))).first()
    return row is not None and row.until_at is not None and row.ends_at < min(row.until_at, now + idle * (FINE - 1) / FINE)


def renew(conn: Connection, token: str, *, now: datetime) -> str | None:
    """Another token for the same session, with the same end (after a change of rights, say); None when the token holds no session."""
    row = conn.execute(
        select(sessions.c.person, sessions.c.ends_at, sessions.c.until_at).where(sessions.c.digest == digest(token), sessions.c.ends_at > now)
    ).first()
    if row is None:
        return None
    return start(conn, row.person, now=now, lasts=(row.until_at or row.ends_at) - now, idle=row.ends_at - now, instead_of=token)


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
