"""Sessions, kept on the server: the browser holds a random token, the database its SHA-256."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
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
"""A session that is used is written down again after this part of the idle time: reading must not write each
time.
"""


@dataclass(frozen=True, slots=True)
class Open:
    """A session of somebody, as they are shown it. id: the start of its digest, which opens nothing; seen_at:
    last use, to the hour.
    """

    id: str
    way: str
    device: str
    opened_at: datetime
    seen_at: datetime
    here: bool


def times(serve: Serve) -> tuple[timedelta, timedelta]:
    """How long a session lasts at most, and when it is not used. Raises UsageError for settings that let
    nobody in.
    """
    if serve.session_hours <= 0 or serve.idle_minutes < 0:
        raise UsageError(
            "serve.session_hours et serve.idle_minutes sont des durées : plus de 0 heure, et 0 minute ou plus."
        )
    lasts = timedelta(hours=min(serve.session_hours, 24 * 365))
    return lasts, min(lasts, timedelta(minutes=serve.idle_minutes)) if serve.idle_minutes else lasts


def digest(token: str) -> str:
    """What the database keeps of a token: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def start(
    conn: Connection,
    person_id: str,
    *,
    now: datetime,
    lasts: timedelta = LASTS,
    idle: timedelta | None = None,
    instead_of: str = "",
    way: str = "",
    device: str = "",
) -> str:
    """Open a session and return its token. lasts: at most; idle: when it is not used, None for no other end.
    way: how its owner showed who they are.

    instead_of: the token that the browser had before, which ends: what was known before a sign-in opens
    nothing.
    """
    if instead_of:
        end(conn, instead_of)
    token = secrets.token_urlsafe(32)
    ends = {"ends_at": now + min(lasts, idle or lasts), "until_at": now + lasts}
    conn.execute(
        insert(sessions).values(
            digest=digest(token), person=person_id, opened_at=now, way=way, device=device, seen_at=now, **ends
        )
    )
    return token


def person(conn: Connection, token: str, *, now: datetime) -> Person | None:
    """Who holds the token, with their rights of this moment; None when it was ended, is over, or the account
    is suspended.
    """
    holder = accounts.holding(conn, digest(token), now=now)
    return holder if holder is not None and holder.active else None


def touch(conn: Connection, token: str, *, now: datetime, idle: timedelta) -> None:
    """The session is used: it ends so much later, never after its last hour. Written only now and then."""
    held = sessions.c.digest == digest(token)
    row = conn.execute(select(sessions.c.ends_at, sessions.c.until_at).where(held)).first()
    if row is not None and row.until_at is not None:
        conn.execute(update(sessions).where(held).values(ends_at=min(row.until_at, now + idle), seen_at=now))


def stale(conn: Connection, token: str, *, now: datetime, idle: timedelta) -> bool:
    """Whether `touch` has something to write."""
    row = conn.execute(
        select(sessions.c.ends_at, sessions.c.until_at).where(sessions.c.digest == digest(token))
    ).first()
    return (
        row is not None
        and row.until_at is not None
        and row.ends_at < min(row.until_at, now + idle * (FINE - 1) / FINE)
    )


def renew(conn: Connection, token: str, *, now: datetime) -> str | None:
    """Another token for the same session, with the same end (after a change of rights, say); None when the
    token holds no session.
    """
    row = conn.execute(
        select(
            sessions.c.person, sessions.c.ends_at, sessions.c.until_at, sessions.c.way, sessions.c.device
        ).where(sessions.c.digest == digest(token), sessions.c.ends_at > now)
    ).first()
    if row is None:
        return None
    lasts, idle = (row.until_at or row.ends_at) - now, row.ends_at - now
    return start(
        conn, row.person, now=now, lasts=lasts, idle=idle, instead_of=token, way=row.way, device=row.device
    )


def way(conn: Connection, token: str) -> str:
    """How the owner of a session showed who they are; "" when it is not known."""
    return (
        conn.execute(select(sessions.c.way).where(sessions.c.digest == digest(token))).scalar_one_or_none()
        or ""
    )


def note_way(conn: Connection, token: str, way: str) -> None:
    """The owner of a session has shown who they are in another way too."""
    conn.execute(update(sessions).where(sessions.c.digest == digest(token)).values(way=way))


def of(conn: Connection, person_id: str, token: str, *, now: datetime) -> tuple[Open, ...]:
    """The open sessions of somebody, last used first. token: of the one that asks."""
    query = (
        select(sessions)
        .where(sessions.c.person == person_id, sessions.c.ends_at > now)
        .order_by(sessions.c.opened_at.desc(), sessions.c.digest)
    )
    mine = digest(token)
    opened = [
        Open(r.digest[:16], r.way, r.device, r.opened_at, _hour(r.seen_at or r.opened_at), r.digest == mine)
        for r in conn.execute(query)
    ]
    return tuple(sorted(opened, key=lambda s: (not s.here, -s.seen_at.timestamp())))


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def end_one(conn: Connection, person_id: str, id_: str) -> bool:
    """End a session of somebody by its id; False when they have none of that id."""
    if len(id_) != 16:
        return False
    return (
        conn.execute(
            delete(sessions).where(
                sessions.c.person == person_id, sessions.c.digest.startswith(id_, autoescape=True)
            )
        ).rowcount
        > 0
    )


def end(conn: Connection, token: str) -> None:
    """Sign out: the token is worth nothing from the commit on, in every process."""
    conn.execute(delete(sessions).where(sessions.c.digest == digest(token)))


def end_all(conn: Connection, person_id: str, *, but: str = "") -> int:
    """Sign somebody out everywhere. but: a token whose session stays. Returns how many ended."""
    return conn.execute(
        delete(sessions).where(sessions.c.person == person_id, sessions.c.digest != digest(but))
    ).rowcount


def count(conn: Connection, person_id: str, *, now: datetime) -> int:
    """How many sessions somebody has open."""
    return conn.execute(
        select(func.count())
        .select_from(sessions)
        .where(sessions.c.person == person_id, sessions.c.ends_at > now)
    ).scalar_one()


def purge(conn: Connection, *, now: datetime) -> int:
    """Remove the sessions that are over; return how many."""
    return conn.execute(delete(sessions).where(sessions.c.ends_at <= now)).rowcount
