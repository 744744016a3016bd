"""Who asked for which alerts. An address lies sealed; one address of one channel is one row, told by a keyed
hash that only the city can make.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, RowMapping, delete, func, insert, or_, select

from parvis.store.rows import put
from parvis.store.tables import subscribers, subscriptions

LEFT = "subscriber-left"
"""Verb: a subscriber was erased, by their own link; subject: the id that stood for the address."""

Channel = Literal["mail", "webhook", "sms"]
Floor = Literal["information", "alert"]


@dataclass(frozen=True, slots=True)
class Subscription:
    """One topic that a subscriber follows. zone: INSEE code, "" for the whole city. level: from which level
    on.
    """

    topic: str
    zone: str = ""
    level: Floor = "information"


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One address. quiet: « 22-7 », "" for none; urgent: an alert comes through quiet hours."""

    id: str
    channel: Channel
    mark: str
    sealed: str
    language: str
    quiet: str
    urgent: bool
    confirmed_at: datetime


def save(conn: Connection, one: Subscriber, wanted: Sequence[Subscription]) -> None:
    """Insert the subscriber, or change the one of that id, with exactly these subscriptions."""
    put(conn, subscribers, {name: getattr(one, name) for name in Subscriber.__dataclass_fields__})
    conn.execute(delete(subscriptions).where(subscriptions.c.subscriber == one.id))
    if wanted:
        conn.execute(
            insert(subscriptions),
            [{"subscriber": one.id, "topic": s.topic, "zone": s.zone, "level": s.level} for s in wanted],
        )


def by_id(conn: Connection, id_: str) -> Subscriber | None:
    """The subscriber of that id."""
    return _one(conn.execute(select(subscribers).where(subscribers.c.id == id_)).mappings().first())


def by_mark(conn: Connection, channel: Channel, mark: str) -> Subscriber | None:
    """The subscriber of that address."""
    return _one(
        conn.execute(select(subscribers).where(subscribers.c.channel == channel, subscribers.c.mark == mark))
        .mappings()
        .first()
    )


def asked_for(conn: Connection, id_: str) -> list[Subscription]:
    """What a subscriber asked for."""
    rows = conn.execute(
        select(subscriptions)
        .where(subscriptions.c.subscriber == id_)
        .order_by(subscriptions.c.topic, subscriptions.c.zone)
    )
    return [Subscription(r.topic, r.zone, r.level) for r in rows]


def concerned(conn: Connection, topic: str, zone: str, level: Floor) -> list[tuple[str, Channel, str, bool]]:
    """(id, channel, quiet hours, urgent) of each subscriber to a topic in a zone from at most that level,
    once each. zone "": the whole city, and so everybody who asked for a part of it.
    """
    query = (
        select(subscribers.c.id, subscribers.c.channel, subscribers.c.quiet, subscribers.c.urgent)
        .join(subscriptions, subscriptions.c.subscriber == subscribers.c.id)
        .where(subscriptions.c.topic == topic)
        .distinct()
        .order_by(subscribers.c.id)
    )
    if zone:
        query = query.where(or_(subscriptions.c.zone == zone, subscriptions.c.zone == ""))
    if level == "information":
        query = query.where(subscriptions.c.level == "information")
    return [(r.id, r.channel, r.quiet, r.urgent) for r in conn.execute(query)]


def erase(conn: Connection, id_: str) -> bool:
    """Take the subscriber away with all that was asked for; says whether there was one."""
    conn.execute(delete(subscriptions).where(subscriptions.c.subscriber == id_))
    return conn.execute(delete(subscribers).where(subscribers.c.id == id_)).rowcount > 0


def count(conn: Connection) -> dict[str, int]:
    """How many subscribers each channel has."""
    query = select(subscribers.c.channel, func.count()).group_by(subscribers.c.channel)
    return {row[0]: row[1] for row in conn.execute(query)}


def _one(row: RowMapping | None) -> Subscriber | None:
    return None if row is None else Subscriber(**row)
