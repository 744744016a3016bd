"""The inbox: one row for each file that was handed in for a resource. The same bytes for the same resource
are one deposit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, RowMapping, case, func, select

from parvis.store import codec
from parvis.store.rows import put
from parvis.store.tables import datasets, deposits, resources

State = Literal["received", "reading", "held", "refused", "published", "failed", "unchanged"]

OPEN: tuple[State, ...] = ("received", "reading", "held")
"""States of a deposit that is still on its way."""


Look = Literal["", "sender", "ready", "asked"]
"""Whom a file waits for beyond what is found in it: nobody; its sender, once it is read; its sender, to publish it,
as nothing holds it; an opinion, which its sender asked for.
"""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A policy of anonymisation that was tried on a table: nothing personal holds what it makes.

    policy: its TOML; rows: published; muted: rows left out, or without any value left; least: rows or persons of the
    smallest class; before, after: the greatest chance to find somebody again, from 0 to 1, by classes.
    """

    policy: str
    rows: int
    muted: int
    least: int
    before: float
    after: float
    dropped: tuple[str, ...]
    grouped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Understood:
    """How one table of a file was read. table: sheet, layer or member; header_row: its line from 1, 0 without one;
    resource: what it feeds.
    """

    table: str
    resource: str
    header_row: int = 0
    encoding: str = ""
    separator: str = ""
    without: tuple[str, ...] = ()
    """Columns without which nothing personal would hold it, as the recipe names them; none: that was not enough, or
    not needed.
    """
    proposal: Proposal | None = None
    """What would make it anonymous; None where nothing personal holds it, or where none was found."""
    total: tuple[str, ...] = ()
    """Of a row of totals under it: its column, as the recipe names it, and what stands there; (): none."""
    subtotals: tuple[str, ...] = ()
    """Of rows of totals between the others: their column, as the recipe names it, and what stands there; (): none."""
    periods: tuple[str, ...] = ()
    """Of columns that are periods of one measure: one of them and that of their sum ("" without one), as the recipe
    names them, and names for the columns of period and value; (): none.
    """
    heading: str = ""
    """What the only line above its header says, in words in which nothing personal was seen: it may be its title."""
    mends: tuple[tuple[str, int], ...] = ()
    """Cells that a mended copy of it would change, by the name of the repair."""


_UNDERSTOOD = tuple[Understood, ...]


@dataclass(frozen=True, slots=True)
class Deposit:
    """A file handed in for a resource, and how far it got."""

    id: str
    resource: str
    received: str
    """Digest of the bytes."""
    name: str
    """File name as the sender gave it; never a path."""
    actor: str
    """Opaque id of who sent it, or "system"."""
    at: datetime
    state: State = "received"
    message: str = ""
    """French sentence for the sender: why it is held, refused or failed."""
    version: str = ""
    """Digest of the version it became, "" when none."""
    attempt: int = 1
    """How many times these bytes were handed in: a job is named by (id, attempt)."""
    look: Look = ""
    understood: tuple[Understood, ...] = ()
    """How its tables were read, in the order of the file."""


def receive(conn: Connection, deposit: Deposit) -> Deposit:
    """Hand in a file; the answer is the deposit that stands for it, to be read when its state is "received".

    The same bytes again: a deposit still on its way is left as it is; one that had come to its end starts
    again under its first id, one attempt more (the sender tries again, or the resource comes back to an older
    file).
    """
    known = find(conn, deposit.resource, deposit.received)
    if known is None:
        return save(conn, deposit)
    if known.state in OPEN:
        return known
    again = replace(deposit, id=known.id, state="received", message="", version="", attempt=known.attempt + 1)
    return save(conn, again)


def again(conn: Connection, deposit_id: str, *, look: Look | None = None) -> Deposit:
    """Have a deposit read once more, whatever became of it before; one that is being read is left to it. look: whom
    it waits for then; as before where None. Raises KeyError when there is none.
    """
    known = get(conn, deposit_id)
    if known is None:
        raise KeyError(deposit_id)
    if known.state in ("received", "reading"):
        return known
    first = "sender" if known.look == "ready" else known.look
    return save(
        conn,
        replace(
            known,
            state="received",
            message="",
            version="",
            attempt=known.attempt + 1,
            look=first if look is None else look,
        ),
    )


def save(conn: Connection, deposit: Deposit) -> Deposit:
    """Insert the deposit, or change the one of that id; return it as it is kept."""
    d = deposit
    put(
        conn,
        deposits,
        {
            "id": d.id,
            "resource": d.resource,
            "received": d.received,
            "name": d.name,
            "actor": d.actor,
            "at": d.at,
            "state": d.state,
            "message": d.message,
            "version": d.version,
            "attempt": d.attempt,
            "look": d.look,
            "understood": codec.dumps(_UNDERSTOOD, d.understood),
        },
    )
    return get(conn, d.id) or d


def note_step(conn: Connection, deposit_id: str, step: str) -> None:
    """Write down how far a deposit that is being read has come, in the sender's words; nothing for one that is not."""
    mine = (deposits.c.id == deposit_id) & (deposits.c.state == "reading")
    conn.execute(deposits.update().where(mine).values(step=step))


def step(conn: Connection, deposit_id: str) -> str:
    """How far a deposit that is being read has come; "" for another, or while nothing is known."""
    mine = (deposits.c.id == deposit_id) & (deposits.c.state == "reading")
    return conn.execute(select(deposits.c.step).where(mine)).scalar() or ""


def get(conn: Connection, deposit_id: str) -> Deposit | None:
    """The deposit of that id, None when there is none."""
    row = conn.execute(select(deposits).where(deposits.c.id == deposit_id)).mappings().first()
    return None if row is None else _deposit(row)


def list(  # noqa: A001
    conn: Connection, *, resource: str = "", states: Sequence[State] = (), limit: int = 100
) -> Sequence[Deposit]:
    """Deposits, newest first. resource, states: only these; all when empty."""
    query = select(deposits).order_by(deposits.c.at.desc(), deposits.c.id).limit(limit)
    if resource:
        query = query.where(deposits.c.resource == resource)
    if states:
        query = query.where(deposits.c.state.in_(states))
    return tuple(_deposit(row) for row in conn.execute(query).mappings())


def in_states(conn: Connection, states: Sequence[State]) -> Sequence[Deposit]:
    """Every deposit in one of these states, oldest first: what waits, in the order in which it came."""
    return tuple(
        _deposit(row)
        for row in conn.execute(
            select(deposits).where(deposits.c.state.in_(states)).order_by(deposits.c.at, deposits.c.id)
        ).mappings()
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """A deposit and the dataset it is for."""

    deposit: Deposit
    dataset: str
    title: str
    publisher: str


_JOINED = deposits.join(resources, resources.c.id == deposits.c.resource).join(
    datasets, datasets.c.id == resources.c.dataset
)


_READY = (deposits.c.state == "held") & (deposits.c.look == "ready")


def ready(conn: Connection, dataset: str, *, beside: Deposit) -> Sequence[Deposit]:
    """The other files for a dataset that wait for their sender to publish them, oldest first: of each other resource
    than that of `beside` the last one only, as those before it were corrected by it.
    """
    query = select(deposits).select_from(_JOINED).where(resources.c.dataset == dataset, _READY)
    query = query.where(deposits.c.resource != beside.resource)
    rows = conn.execute(query.order_by(deposits.c.at, deposits.c.id)).mappings()
    last = {one.resource: one for one in map(_deposit, rows)}
    return tuple(sorted(last.values(), key=lambda one: (one.at, one.id)))


def newer(conn: Connection, several: Iterable[Deposit]) -> Mapping[str, Deposit]:
    """By id, of those files that wait: the last one for the same resource that came after it and that is ready to be
    published, or was.
    """
    waiting = [one for one in several if one.state == "held"]
    if not waiting:
        return {}
    query = select(deposits).where(
        deposits.c.resource.in_({one.resource for one in waiting}), _READY | (deposits.c.state == "published")
    )
    rows = conn.execute(query.order_by(deposits.c.at, deposits.c.id)).mappings()
    last = {one.resource: one for one in map(_deposit, rows)}
    return {
        one.id: after
        for one in waiting
        if (after := last.get(one.resource)) is not None and after.at > one.at
    }


def listed(conn: Connection, publishers: Collection[str], *, limit: int, offset: int = 0) -> Sequence[Listed]:
    """A page of what was handed in for the datasets of these organisations: what waits for a decision first,
    then the newest.
    """
    query = (
        select(deposits, datasets.c.id.label("dataset"), datasets.c.title, datasets.c.publisher)
        .select_from(_JOINED)
        .where(datasets.c.publisher.in_(publishers))
        .order_by(case((deposits.c.state == "held", 0), else_=1), deposits.c.at.desc(), deposits.c.id)
        .limit(limit)
        .offset(offset)
    )
    return tuple(
        Listed(_deposit(row), row["dataset"], row["title"], row["publisher"])
        for row in conn.execute(query).mappings()
    )


def tally(conn: Connection, publishers: Collection[str]) -> Mapping[str, int]:
    """How many of them are in each state; "ready" are those that wait for their sender alone."""
    state = case((_READY, "ready"), else_=deposits.c.state).label("state")
    query = (
        select(state, func.count().label("n"))
        .select_from(_JOINED)
        .where(datasets.c.publisher.in_(publishers))
        .group_by(state)
    )
    return {row.state: row.n for row in conn.execute(query)}


def find(conn: Connection, resource: str, received: str) -> Deposit | None:
    """The deposit of these bytes for this resource, None when they were never handed in."""
    row = (
        conn.execute(select(deposits).where(deposits.c.resource == resource, deposits.c.received == received))
        .mappings()
        .first()
    )
    return None if row is None else _deposit(row)


def opinion_asked(conn: Connection, version: str) -> bool:
    """Whether the sender of a version asked for an opinion on it: then nobody lets it out without one."""
    query = select(deposits.c.id).where(deposits.c.version == version, deposits.c.look == "asked")
    return conn.execute(query).first() is not None


def anybody(conn: Connection, received: str) -> bool:
    """Whether a deposit that was not taken down holds these bytes, for whatever resource."""
    query = select(deposits.c.id).where(
        deposits.c.received == received, deposits.c.state.not_in(("refused", "failed"))
    )
    return conn.execute(query).first() is not None


def _deposit(row: RowMapping) -> Deposit:
    return Deposit(
        id=row["id"],
        resource=row["resource"],
        received=row["received"],
        name=row["name"],
        actor=row["actor"],
        at=row["at"],
        state=row["state"],
        message=row["message"],
        version=row["version"],
        attempt=row["attempt"],
        look=row["look"],
        understood=codec.loads(_UNDERSTOOD, row["understood"]),
    )
