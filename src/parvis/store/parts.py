"""Which resource each table of a file feeds: a workbook for one resource feeds one for each of its sheets.

A table is known by a digest of its name (sheet, layer, member), never by the name: that may say more than it
should, and this outlives a takedown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from parvis.store.rows import put
from parvis.store.tables import parts


def mark(name: str) -> str:
    """What the table of that name is known by."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


def known(conn: Connection, parent: str) -> Mapping[str, str]:
    """Mark of a table to the id of its resource, for the files handed in for a resource."""
    return {
        row.mark: row.resource
        for row in conn.execute(
            select(parts).where(parts.c.parent == parent).order_by(parts.c.resource, parts.c.mark)
        )
    }


def parents(conn: Connection, resource: str) -> Sequence[str]:
    """The resources whose files feed this one with one of their tables, itself left out."""
    query = (
        select(parts.c.parent)
        .where(parts.c.resource == resource, parts.c.parent != resource)
        .distinct()
        .order_by(parts.c.parent)
    )
    return conn.execute(query).scalars().all()


def save(conn: Connection, parent: str, mark: str, resource: str) -> None:
    """The table of that mark feeds this resource from now on. A name that fed it before still does: files of
    both kinds may come.
    """
    put(conn, parts, {"parent": parent, "mark": mark, "resource": resource})
