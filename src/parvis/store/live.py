"""Live resources: how each feed goes, the batches of its open hour (the tip), and its closed segments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, delete, insert, select

from parvis.core.types import File
from parvis.store.rows import add, put
from parvis.store.tables import feeds, segments, tips

FeedState = Literal["up", "stale", "down", "malformed", "held"]
Span = Literal["hour", "day", "month"]


@dataclass(frozen=True, slots=True)
class Feed:
    """How a live source goes. since: when it came to this state. failures: polls that failed in a row.
    message: why, in French.
    """

    resource: str
    state: FeedState
    since: datetime
    polled_at: datetime
    failures: int = 0
    message: str = ""


@dataclass(frozen=True, slots=True)
class Tip:
    """One batch of the open hour. at: the moment the feed speaks of. held: its check failed, nobody reads it.

    file: of a batch that is held for what it says of people, the file without rows; its count is that of the
    rows that were dropped. A batch that says nothing is held too, with a count of 0.
    """

    resource: str
    at: datetime
    file: File
    held: bool = False

    @property
    def dropped(self) -> bool:
        """Whether it is held for what its rows said of people."""
        return self.held and self.file.rows > 0


@dataclass(frozen=True, slots=True)
class Segment:
    """A closed hour, day or month. start: its first moment."""

    resource: str
    start: datetime
    span: Span
    file: File


DROPPED = "history-dropped"
"""The event of segments that were older than the city keeps them. It says from when to when."""


def feed(conn: Connection, resource: str) -> Feed | None:
    """How the feed of that resource goes, None when it was never polled."""
    row = conn.execute(select(feeds).where(feeds.c.resource == resource)).mappings().first()
    return None if row is None else Feed(**row)


def save_feed(conn: Connection, row: Feed) -> None:
    """Insert or change the row of a feed."""
    put(conn, feeds, {name: getattr(row, name) for name in Feed.__dataclass_fields__})


def append(conn: Connection, tip: Tip) -> bool:
    """Keep one more batch; False, and nothing is kept, when it is not later than the last one."""
    last = newest(conn, tip.resource, held=True)
    if last is not None and last.at >= tip.at:
        return False
    if tip.held:  # of those that nobody reads the last one says all: a feed may be held for months
        conn.execute(delete(tips).where(tips.c.resource == tip.resource, tips.c.held.is_(True)))
    values = {
        "resource": tip.resource,
        "at": tip.at,
        "digest": tip.file.digest,
        "bytes": tip.file.bytes,
        "rows": tip.file.rows,
        "held": tip.held,
    }
    conn.execute(insert(tips).values(values))
    return True


def readable(conn: Connection, resource: str) -> list[Tip]:
    """The batches that passed their check, in order of time."""
    query = select(tips).where(tips.c.resource == resource, tips.c.held.is_(False)).order_by(tips.c.at)
    return [_tip(**row) for row in conn.execute(query).mappings()]


def newest(conn: Connection, resource: str, *, held: bool = False) -> Tip | None:
    """The last batch; held: also one that failed its check."""
    query = select(tips).where(tips.c.resource == resource).order_by(tips.c.at.desc()).limit(1)
    row = conn.execute(query if held else query.where(tips.c.held.is_(False))).mappings().first()
    return None if row is None else _tip(**row)


def drop_tips(conn: Connection, resource: str, *, before: datetime) -> None:
    """Forget the batches of moments before: they lie in a segment now. The last batch always stays: it is the
    current state.
    """
    last = newest(conn, resource)
    limit = before if last is None else min(before, last.at)
    conn.execute(delete(tips).where(tips.c.resource == resource, tips.c.at < limit))


def thin(conn: Connection, resource: str, *, minutes: int) -> None:
    """Of the batches of the open hour keep the first of every so many minutes, and the last of all: it is the
    current state.
    """
    times = list(
        conn.execute(select(tips.c.at).where(tips.c.resource == resource).order_by(tips.c.at)).scalars()
    )
    first = {int(at.timestamp()) // (60 * minutes): at for at in reversed(times)}
    spare = [at for at in times[:-1] if at not in first.values()]
    if spare:
        conn.execute(delete(tips).where(tips.c.resource == resource, tips.c.at.in_(spare)))


def since(conn: Connection, resource: str, moment: datetime) -> list[File]:
    """The files that hold what was said from a moment on, in order of time: closed segments that reach past
    it, then the batches that lie in none.
    """
    known = closed(conn, resource)
    end = max((end_of(s) for s in known), default=None)
    loose = [t.file for t in readable(conn, resource) if t.at >= moment and (end is None or t.at >= end)]
    return [*(s.file for s in known if end_of(s) > moment), *loose]


def end_of(segment: Segment) -> datetime:
    """The first moment after a segment."""
    match segment.span:
        case "hour":
            return segment.start + timedelta(hours=1)
        case "day":
            return segment.start + timedelta(days=1)
        case "month":
            return (segment.start + timedelta(days=32)).replace(day=1)


def closed(conn: Connection, resource: str, *, span: Span | None = None) -> list[Segment]:
    """The closed segments, in order of time."""
    query = select(segments).where(segments.c.resource == resource).order_by(segments.c.start)
    rows = conn.execute(query if span is None else query.where(segments.c.span == span)).mappings()
    return [
        Segment(r["resource"], r["start"], r["span"], File(r["digest"], r["bytes"], r["rows"])) for r in rows
    ]


def forget(conn: Connection, segment: Segment) -> None:
    """Take away a segment that a longer one replaces."""
    conn.execute(
        delete(segments).where(
            segments.c.resource == segment.resource,
            segments.c.start == segment.start,
            segments.c.span == segment.span,
        )
    )


def close(conn: Connection, segment: Segment) -> None:
    """Add a closed segment; one that is there stays as it is."""
    f = segment.file
    add(
        conn,
        segments,
        {
            "resource": segment.resource,
            "start": segment.start,
            "span": segment.span,
            "digest": f.digest,
            "bytes": f.bytes,
            "rows": f.rows,
        },
    )


def _tip(*, resource: str, at: datetime, digest: str, bytes: int, rows: int, held: bool) -> Tip:  # noqa: A002
    return Tip(resource, at, File(digest, bytes, rows), held)
