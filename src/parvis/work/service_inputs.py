"""What a service or a study may open: what everybody reads, and what is shared with the group for whom it works.

For a group the version that is shared with it comes before the public one: it may hold more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from parvis import privacy
from parvis.core.errors import Gone, NotFound
from parvis.core.released import Released
from parvis.core.types import PUBLIC
from parvis.privacy import audiences
from parvis.services.declaration import Input, Service
from parvis.store import releases, versions


class Withdrawn(Exception):
    """A version that a service read may not be read by it any more."""


def open_version(
    conn: Connection, resource: str, days: int, now: datetime, group: str = ""
) -> Released | None:
    """The version served of a resource, or what it has said in so many days; None where neither the group nor
    the public reads one.
    """
    since = now - timedelta(days=days) if days else None
    try:
        return (
            privacy.reopen_shared(conn, resource, group, now=now, since=since)
            if group
            else _public(conn, resource, since, now)
        )
    except NotFound:
        return _public(conn, resource, since, now) if group else None


def _public(conn: Connection, resource: str, since: datetime | None, now: datetime) -> Released | None:
    try:
        if since is not None:
            return privacy.reopen_since(conn, resource, PUBLIC, since, now=now)
        version = versions.served(conn, resource, PUBLIC)
        return privacy.reopen(conn, version.digest, PUBLIC, now=now) if version is not None else None
    except NotFound:
        return None


def open_present(conn: Connection, wanted: Input, now: datetime, group: str = "") -> Released | None:
    """An input as visitors are answered from it: the current state where the resource is live and no history is
    asked for, else as `open_version`.
    """
    tip = None if wanted.days else open_tip(conn, wanted.resource, now, group)
    return tip or open_version(conn, wanted.resource, wanted.days, now, group)


def open_tip(conn: Connection, resource: str, now: datetime, group: str = "") -> Released | None:
    """The current state of a live resource; None where neither the group nor the public reads one."""
    try:
        if group:
            return privacy.reopen_shared_tip(conn, resource, group, now=now)[0]
        return privacy.reopen_tip(conn, resource, PUBLIC, now=now)[0]
    except NotFound:
        return open_tip(conn, resource, now) if group else None


def inputs(conn: Connection, service: Service, now: datetime) -> Mapping[str, Released]:
    """What a service that reads versions reads, by the name of the input, all of one moment: the very values
    that are read and that the lineage names.
    """
    opened = {
        name: open_version(
            conn, one.resource, one.days if service.work is not None else 0, now, service.group
        )
        for name, one in service.reads.items()
    }
    return {name: released for name, released in opened.items() if released is not None}


def reopened(conn: Connection, digest: str, group: str, now: datetime) -> Released:
    """A version as a group may read it, or else everybody. Raises Gone or NotFound."""
    for row in releases.rows(conn, digest) if group else ():
        if row.audience.name == group and audiences.in_force(row, now.date()):
            return privacy.reopen(conn, digest, row.audience, now=now)
    return privacy.reopen(conn, digest, PUBLIC, now=now)


def still(read: Sequence[str], group: str, now: datetime, conn: Connection) -> None:
    """In the transaction that publishes what was made of these versions: raises Withdrawn when one may not be
    read any more.
    """
    for digest in read:
        try:
            reopened(conn, digest, group, now)
        except (Gone, NotFound) as gone:
            raise Withdrawn(digest) from gone
