"""The one append-only journal: what happened, to what, by whom, as ids.

Numbers follow commits and have no gap: the row that holds the last number stays locked from `append` to the
commit. So whoever has read up to seq n has seen all there is up to n, and can follow with `since(conn, n)`.
There is no way to change or remove an event: triggers refuse it in the database.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Executable, RowMapping, insert, select, update

from parvis.core.types import Event
from parvis.store import codec
from parvis.store.tables import events, journal

_ID = re.compile(r"[^\s@\x00-\x1f\x7f\ud800-\udfff]{1,300}")
"""An id: no white space and no @, so that neither a sentence nor an e-mail address slips into what can't be
erased.
"""

_IDS = Mapping[str, str]


def append(
    conn: Connection,
    *,
    at: datetime,
    actor: str,
    verb: str,
    subject: str,
    ids: Mapping[str, str] | None = None,
) -> Event:
    """Add an event to the open transaction: it is seen when that commits, with everything else in it.

    Raises ValueError when something is not an id (see `_ID`): content never goes into the journal.
    """
    held = dict(ids or {})
    for identifier in (actor, verb, subject, *held.keys(), *held.values()):
        if not _ID.fullmatch(identifier):
            raise ValueError(f"not an id: {identifier!r}")
    seq = conn.execute(
        update(journal).where(journal.c.id == 1).values(seq=journal.c.seq + 1).returning(journal.c.seq)
    ).scalar_one()
    conn.execute(
        insert(events).values(
            seq=seq, at=at, actor=actor, verb=verb, subject=subject, ids=codec.dumps(_IDS, held)
        )
    )
    return Event(seq, at, actor, verb, subject, held)


def since(conn: Connection, seq: int, *, limit: int = 1000, verbs: Collection[str] = ()) -> list[Event]:
    """Events after seq, oldest first. verbs: only these; all when empty."""
    query = select(events).where(events.c.seq > seq).order_by(events.c.seq).limit(limit)
    return _events(conn, query.where(events.c.verb.in_(verbs)) if verbs else query)


def of(conn: Connection, subject: str, *, limit: int = 100, verb: str = "") -> list[Event]:
    """The last events of a subject, newest first. verb: only these; all when empty."""
    query = select(events).where(events.c.subject == subject).order_by(events.c.seq.desc()).limit(limit)
    return _events(conn, query.where(events.c.verb == verb) if verb else query)


def about(conn: Connection, subject: str, verbs: Sequence[str]) -> list[Event]:
    """Every event of a subject with one of these verbs, newest first."""
    return _events(
        conn,
        select(events)
        .where(events.c.subject == subject, events.c.verb.in_(verbs))
        .order_by(events.c.seq.desc()),
    )


def in_force(conn: Connection, subject: str, verb: str, taken_back: str) -> list[Event]:
    """The events of a subject that no later one took back, newest first. taken_back: the verb of those that do; their id
    `event` is the number of the one they take back.
    """
    every = about(conn, subject, (verb, taken_back))
    back = {int(e.ids["event"]) for e in every if e.verb == taken_back}
    return [e for e in every if e.verb == verb and e.seq not in back]


def all_of(conn: Connection, verbs: Sequence[str]) -> list[Event]:
    """Every event with one of these verbs, oldest first."""
    return _events(conn, select(events).where(events.c.verb.in_(verbs)).order_by(events.c.seq))


def by(conn: Connection, actor: str, *, limit: int = 100) -> list[Event]:
    """The last events of an actor, newest first."""
    return _events(
        conn, select(events).where(events.c.actor == actor).order_by(events.c.seq.desc()).limit(limit)
    )


def recent(conn: Connection, *, limit: int = 100) -> list[Event]:
    """The last events of the city, newest first."""
    return _events(conn, select(events).order_by(events.c.seq.desc()).limit(limit))


def last_seq(conn: Connection) -> int:
    """Number of the last event, 0 before the first."""
    return conn.execute(select(journal.c.seq)).scalar_one()


def _events(conn: Connection, query: Executable) -> list[Event]:
    return [_event(row) for row in conn.execute(query).mappings()]


def _event(row: RowMapping) -> Event:
    return Event(
        row["seq"], row["at"], row["actor"], row["verb"], row["subject"], codec.loads(_IDS, row["ids"])
    )
