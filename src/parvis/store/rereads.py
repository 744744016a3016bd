"""Files at an address that are read again by themselves: where, how often, and how each goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, delete, select

from parvis.store.rows import put
from parvis.store.tables import rereads

State = Literal["up", "down", "refused", "waiting"]
"""It answers; it does not; what it holds was refused at the door; its first file waits for somebody to publish it."""


FAILED = ("reread-down", "reread-refused")
"""Verbs: a file could not be had, or was refused at the door; written once, when that begins."""


@dataclass(frozen=True, slots=True)
class Reread:
    """One such file. since: when it came to this state. failures: times in a row that it could not be had. message: why,
    in French. received: digest of the bytes that it last held.
    """

    resource: str
    address: str
    every_s: int
    state: State
    since: datetime
    asked_at: datetime
    failures: int = 0
    message: str = ""
    received: str = ""


def every(conn: Connection) -> list[Reread]:
    """All of them, by resource."""
    rows = conn.execute(select(rereads).order_by(rereads.c.resource)).mappings()
    return [Reread(**row) for row in rows]


def get(conn: Connection, resource: str) -> Reread | None:
    """That of a resource, None when it has none."""
    row = conn.execute(select(rereads).where(rereads.c.resource == resource)).mappings().first()
    return None if row is None else Reread(**row)


def save(conn: Connection, row: Reread) -> None:
    """Insert or change the row of a resource."""
    put(conn, rereads, {name: getattr(row, name) for name in Reread.__dataclass_fields__})


def stop(conn: Connection, resource: str) -> bool:
    """Read it no more; False when it was not."""
    return conn.execute(delete(rereads).where(rereads.c.resource == resource)).rowcount > 0
