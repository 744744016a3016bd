"""The steps of alerts and the outbox: ids, states and moments. What a step says is its maker's text; who it
goes to is `store.subscribers`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, RowMapping, and_, delete, func, insert, select, update

from parvis.store.rows import add, put
from parvis.store.tables import alert_states, alert_steps, outbox, subscribers

StepState = Literal["proposed", "issued", "refused", "replaced", "void"]
"""Waits for a person; let out; refused by one; overtaken by the next step before anybody let it out; nothing
to take back, as nothing had been let out.
"""

SendState = Literal["waiting", "sent", "failed", "dropped"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an episode. data_at: the moment of the data it stands on. refers: ids of the steps whose
    messages it replaces. said: its message, as text.
    """

    id: str
    episode: str
    number: int
    alert: str
    topic: str
    kind: str
    state: StepState
    data_at: datetime
    made_at: datetime
    said: str
    decided_by: str = ""
    decided_at: datetime | None = None
    issued_at: datetime | None = None
    refers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sending:
    """One message that is due."""

    step: str
    subscriber: str
    channel: str
    attempts: int
    sealed: str | None
    """The address; None when its subscriber was erased."""
    language: str | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many messages of one step and channel are in each state. first, last: when they were sent."""

    channel: str
    state: SendState
    messages: int
    first: datetime | None
    last: datetime | None


def memory(conn: Connection, name: str) -> str | None:
    """What was remembered under that name."""
    return conn.execute(select(alert_states.c.said).where(alert_states.c.name == name)).scalar()


def remember(conn: Connection, name: str, content: str, at: datetime) -> None:
    """Remember a text under a name, in place of the one before."""
    put(conn, alert_states, {"name": name, "at": at, "said": content})


def add_step(conn: Connection, step: Step) -> bool:
    """Keep a step; False, and nothing changes, when there is one of that id."""
    return add(conn, alert_steps, _row(step))


def save_step(conn: Connection, step: Step) -> None:
    """Insert the step, or change the one of that id."""
    put(conn, alert_steps, _row(step))


def step(conn: Connection, id_: str) -> Step | None:
    """The step of that id."""
    row = conn.execute(select(alert_steps).where(alert_steps.c.id == id_)).mappings().first()
    return None if row is None else _step(row)


def of_episode(conn: Connection, episode: str) -> list[Step]:
    """The steps of an episode, in order."""
    return [
        _step(row)
        for row in conn.execute(
            select(alert_steps).where(alert_steps.c.episode == episode).order_by(alert_steps.c.number)
        ).mappings()
    ]


def in_state(conn: Connection, state: StepState, *, topic: str = "", limit: int = 200) -> list[Step]:
    """Steps in that state, the last made first."""
    query = (
        select(alert_steps)
        .where(alert_steps.c.state == state)
        .order_by(alert_steps.c.made_at.desc(), alert_steps.c.id.desc())
        .limit(limit)
    )
    return [
        _step(row)
        for row in conn.execute(query.where(alert_steps.c.topic == topic) if topic else query).mappings()
    ]


def every(conn: Connection, *, limit: int = 200) -> list[Step]:
    """The last steps, whatever their state, newest first."""
    query = select(alert_steps).order_by(alert_steps.c.made_at.desc(), alert_steps.c.id.desc()).limit(limit)
    return [_step(row) for row in conn.execute(query).mappings()]


# --- the outbox ---------------------------------------------------------------------------------------------


def queue(
    conn: Connection, step_id: str, rows: Sequence[tuple[str, str, datetime, str]], at: datetime
) -> None:
    """Messages of a step: (subscriber, channel, when due, "" or why it is dropped at once). None of them may
    be there already.
    """
    if rows:
        values = [
            {
                "step": step_id,
                "subscriber": who,
                "channel": channel,
                "state": "dropped" if note else "waiting",
                "due_at": due,
                "attempts": 0,
                "at": at,
                "note": note,
            }
            for who, channel, due, note in rows
        ]
        conn.execute(insert(outbox), values)


def overtake(conn: Connection, episode: str, number: int, at: datetime) -> None:
    """Drop what still waits of the steps of an episode before that number: the next message says it better."""
    older = select(alert_steps.c.id).where(alert_steps.c.episode == episode, alert_steps.c.number < number)
    conn.execute(
        update(outbox)
        .where(outbox.c.state == "waiting", outbox.c.step.in_(older))
        .values(state="dropped", at=at, note="overtaken")
    )


def reached(conn: Connection, episode: str) -> set[tuple[str, str]]:
    """(subscriber, channel) of everybody who was sent a message of that episode."""
    query = select(outbox.c.subscriber, outbox.c.channel).join(alert_steps, alert_steps.c.id == outbox.c.step)
    return {
        (row.subscriber, row.channel)
        for row in conn.execute(query.where(alert_steps.c.episode == episode, outbox.c.state == "sent"))
    }


def due(conn: Connection, now: datetime, *, channel: str = "", limit: int = 200) -> list[Sending]:
    """Messages that wait and are due, the oldest first. channel: "" for all of them."""
    query = (
        select(
            outbox.c.step,
            outbox.c.subscriber,
            outbox.c.channel,
            outbox.c.attempts,
            subscribers.c.sealed,
            subscribers.c.language,
        )
        .outerjoin(subscribers, subscribers.c.id == outbox.c.subscriber)
        .where(
            outbox.c.state == "waiting",
            outbox.c.due_at <= now,
            *([outbox.c.channel == channel] if channel else []),
        )
        .order_by(outbox.c.due_at, outbox.c.step, outbox.c.subscriber)
        .limit(limit)
    )
    return [
        Sending(r.step, r.subscriber, r.channel, r.attempts, r.sealed, r.language)
        for r in conn.execute(query)
    ]


def next_due(conn: Connection) -> Mapping[str, datetime]:
    """When the first message that waits is due, by channel."""
    query = (
        select(outbox.c.channel, func.min(outbox.c.due_at).label("at"))
        .where(outbox.c.state == "waiting")
        .group_by(outbox.c.channel)
    )
    return {row.channel: row.at for row in conn.execute(query)}


def settle(
    conn: Connection,
    one: Sending,
    state: SendState,
    at: datetime,
    *,
    note: str = "",
    due_at: datetime | None = None,
    tried: bool = True,
) -> None:
    """Write how a message went. due_at: when a message that waits on is tried again. tried: whether its far
    end was asked.
    """
    values: dict[str, object] = {
        "state": state,
        "at": at,
        "note": note,
        "attempts": one.attempts + (tried and state != "dropped"),
    }
    if due_at is not None:
        values["due_at"] = due_at
    same = and_(
        outbox.c.step == one.step, outbox.c.subscriber == one.subscriber, outbox.c.channel == one.channel
    )
    conn.execute(update(outbox).where(same).values(values))


def erase(conn: Connection, subscriber: str, at: datetime) -> None:
    """Nothing more is sent to that subscriber."""
    conn.execute(
        update(outbox)
        .where(outbox.c.subscriber == subscriber, outbox.c.state == "waiting")
        .values(state="dropped", at=at, note="erased")
    )


def forget(conn: Connection, before: datetime) -> int:
    """Forget the messages that were settled before that moment; the steps stay. Returns how many went."""
    return conn.execute(delete(outbox).where(outbox.c.state != "waiting", outbox.c.at < before)).rowcount


def failed_since(conn: Connection, since: datetime) -> int:
    """Messages that could not be sent, since that moment."""
    query = select(func.count()).select_from(outbox).where(outbox.c.state == "failed", outbox.c.at >= since)
    return conn.execute(query).scalar_one()


def tally(conn: Connection, step_id: str) -> list[Tally]:
    """Messages of a step, by channel and state."""
    query = (
        select(
            outbox.c.channel,
            outbox.c.state,
            func.count().label("messages"),
            func.min(outbox.c.at).label("first"),
            func.max(outbox.c.at).label("last"),
        )
        .where(outbox.c.step == step_id)
        .group_by(outbox.c.channel, outbox.c.state)
        .order_by(outbox.c.channel, outbox.c.state)
    )
    return [
        Tally(
            r.channel,
            r.state,
            r.messages,
            r.first if r.state == "sent" else None,
            r.last if r.state == "sent" else None,
        )
        for r in conn.execute(query)
    ]


def _row(one: Step) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(one, name) for name in Step.__dataclass_fields__}
    return values | {"refers": "\n".join(one.refers)}


def _step(row: RowMapping) -> Step:
    values = dict(row)
    values["refers"] = tuple(r for r in str(row["refers"]).split("\n") if r)
    return Step(**values)
