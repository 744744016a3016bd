"""What was taken down, as ids and digests; which node confirms that it holds nothing of it any more; and
which nodes there are.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, RowMapping, exists, select

from parvis.store import codec
from parvis.store.rows import add, put
from parvis.store.tables import agreements, destructions, nodes, takedowns

Kind = Literal["version", "resource", "dataset", "expired"]

_IDS = tuple[str, ...]
LISTS = ("versions", "derived", "files", "received", "deposits", "organisations")


@dataclass(frozen=True, slots=True)
class Takedown:
    """One act of withdrawal: what it named, and every digest that is to be destroyed."""

    id: str
    kind: Kind
    subject: str
    """Id of the dataset or resource, or digest of the version."""
    dataset: str
    actor: str
    at: datetime
    why: str = ""
    versions: tuple[str, ...] = ()
    """Digests of the versions that were named, and of those that hold the same bytes. They are never
    published again.
    """
    derived: tuple[str, ...] = ()
    """Digests of the versions computed from them. What computes them may make the same again from what is
    left.
    """
    files: tuple[str, ...] = ()
    """Digests of their files."""
    received: tuple[str, ...] = ()
    """Digests of the bytes that were handed in. They are never taken in again, where the act had the right to
    bar them.
    """
    deposits: tuple[str, ...] = ()
    public: bool = False
    """Whether everybody could read some of it."""
    organisations: tuple[str, ...] = ()
    """Where it bars versions, bytes and files: the organisations in which whoever withdrew had the right to;
    everywhere when empty.
    """

    def bars(self, organisation: str) -> bool:
        """Whether what it names stays away from this organisation."""
        return not self.organisations or organisation in self.organisations

    def files_apart(self, files: Collection[str]) -> bool:
        """Whether none of these files went with it."""
        return not set(files) & set(self.files)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a takedown would have touched of another organisation, which is asked for its agreement."""

    takedown: str
    organisation: str
    versions: tuple[str, ...]
    """Digests of its versions that hold the same bytes."""
    derived: tuple[str, ...]
    """Digests of its versions that were computed from what was taken down, or from those."""
    asked_at: datetime
    state: Literal["waiting", "agreed", "refused"] = "waiting"
    by: str = ""
    at: datetime | None = None
    done: str = ""
    """Id of the takedown that followed."""


@dataclass(frozen=True, slots=True)
class Node:
    """A machine that serves or works. seen_at: when it last gave a sign."""

    id: str
    name: str
    seen_at: datetime


def save(conn: Connection, one: Takedown) -> bool:
    """Keep a takedown; False when it is known."""
    lists = {name: codec.dumps(_IDS, getattr(one, name)) for name in LISTS}
    columns = {
        "id": one.id,
        "kind": one.kind,
        "subject": one.subject,
        "dataset": one.dataset,
        "actor": one.actor,
        "at": one.at,
        "why": one.why,
    }
    return add(conn, takedowns, columns | lists | {"public": one.public})


def takedown(conn: Connection, id_: str) -> Takedown | None:
    """The takedown of that id, None when there is none."""
    row = conn.execute(select(takedowns).where(takedowns.c.id == id_)).mappings().first()
    return None if row is None else _takedown(row)


def every(conn: Connection, *, acts: bool = False) -> list[Takedown]:
    """All takedowns, newest first. acts: without what went because its term had come."""
    query = select(takedowns).order_by(takedowns.c.at.desc(), takedowns.c.id)
    return [
        _takedown(row)
        for row in conn.execute(query.where(takedowns.c.kind != "expired") if acts else query).mappings()
    ]


def pending(conn: Connection, node: str) -> list[Takedown]:
    """The takedowns that a node has not confirmed, oldest first."""
    done = exists().where(destructions.c.takedown == takedowns.c.id, destructions.c.node == node)
    return [
        _takedown(row)
        for row in conn.execute(
            select(takedowns).where(~done).order_by(takedowns.c.at, takedowns.c.id)
        ).mappings()
    ]


def barred(
    conn: Connection, organisation: str, *, version: str = "", received: str = "", files: Collection[str] = ()
) -> bool:
    """Whether this version, these bytes as they were handed in, or one of the files read from them, were
    taken down by an act that holds for an organisation: they stay away from it. Withdrawing a copy of one's
    own bars nobody else's.

    files: none for what a service computes, which may come out the same from what is left.
    """
    acts = [one for one in every(conn, acts=True) if one.bars(organisation)]
    return any(
        (version and version in one.versions)
        or (received and received in one.received)
        or not one.files_apart(files)
        for one in acts
    )


def ask(conn: Connection, one: Agreement) -> None:
    """Ask an organisation, or keep what it answered."""
    lists = {name: codec.dumps(_IDS, getattr(one, name)) for name in ("versions", "derived")}
    columns = {
        "takedown": one.takedown,
        "organisation": one.organisation,
        "state": one.state,
        "asked_at": one.asked_at,
        "by": one.by,
        "at": one.at,
    }
    put(conn, agreements, columns | lists | {"done": one.done})


def asked(conn: Connection, takedown_id: str = "", *, waiting: bool = False) -> list[Agreement]:
    """The agreements that were asked for, newest first. takedown_id: by this act only; waiting: only those
    without an answer.
    """
    query = select(agreements).order_by(
        agreements.c.asked_at.desc(), agreements.c.takedown, agreements.c.organisation
    )
    if takedown_id:
        query = query.where(agreements.c.takedown == takedown_id)
    if waiting:
        query = query.where(agreements.c.state == "waiting")
    return [
        Agreement(
            row["takedown"],
            row["organisation"],
            codec.loads(_IDS, row["versions"]),
            codec.loads(_IDS, row["derived"]),
            row["asked_at"],
            row["state"],
            row["by"],
            row["at"],
            row["done"],
        )
        for row in conn.execute(query).mappings()
    ]


def confirm(conn: Connection, id_: str, node: str, at: datetime) -> None:
    """A node holds nothing of it any more."""
    add(conn, destructions, {"takedown": id_, "node": node, "at": at})


def confirmed(conn: Connection, id_: str) -> dict[str, datetime]:
    """Node to when it confirmed."""
    return {
        row.node: row.at for row in conn.execute(select(destructions).where(destructions.c.takedown == id_))
    }


def beat(conn: Connection, node: Node) -> None:
    """A node gives a sign."""
    put(conn, nodes, {"id": node.id, "name": node.name, "seen_at": node.seen_at})


def machines(conn: Connection) -> list[Node]:
    """Every node that ever gave a sign, by name."""
    return [
        Node(row.id, row.name, row.seen_at)
        for row in conn.execute(select(nodes).order_by(nodes.c.name, nodes.c.id))
    ]


def _takedown(row: RowMapping) -> Takedown:
    lists = {name: codec.loads(_IDS, row[name]) for name in LISTS}
    return Takedown(
        row["id"],
        row["kind"],
        row["subject"],
        row["dataset"],
        row["actor"],
        row["at"],
        row["why"],
        **lists,
        public=row["public"],
    )
