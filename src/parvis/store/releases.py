"""Release rows: without one in force, nothing is readable."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select, update

from parvis.core.errors import NotFound
from parvis.core.types import Audience, ReleaseRow
from parvis.store.rows import add
from parvis.store.tables import releases


def save(conn: Connection, row: ReleaseRow) -> bool:
    """Keep a release row; say whether it was new. A row never changes but by `withdraw`: another decision is
    another row.

    Raises ValueError when a row of that id says something else.
    """
    values = {
        "id": row.id,
        "version": row.version,
        "audience": row.audience.name,
        "purpose": row.audience.purpose,
        "until": row.audience.until,
        "policy": row.policy,
        "decided_by": row.decided_by,
        "why": row.why,
        "at": row.at,
        "withdrawn_at": row.withdrawn_at,
    }
    if add(conn, releases, values):
        return True
    known = release(conn, row.id)
    if known is None or (known.version, known.audience) != (row.version, row.audience):
        raise ValueError(f"release {row.id} is another decision")
    return False


def release(conn: Connection, release_id: str) -> ReleaseRow | None:
    """The release row of that id, None when there is none."""
    row = conn.execute(select(releases).where(releases.c.id == release_id)).mappings().first()
    return None if row is None else _row(row)


def rows(conn: Connection, version_digest: str) -> list[ReleaseRow]:
    """Every release row of a version, withdrawn ones too, oldest first."""
    return [
        _row(row)
        for row in conn.execute(
            select(releases)
            .where(releases.c.version == version_digest)
            .order_by(releases.c.at, releases.c.id)
        ).mappings()
    ]


def to(conn: Connection, audiences: Collection[str]) -> list[ReleaseRow]:
    """Every release row for these audiences, ended ones too, newest first."""
    query = (
        select(releases)
        .where(releases.c.audience.in_(audiences))
        .order_by(releases.c.at.desc(), releases.c.id)
    )
    return [_row(row) for row in conn.execute(query).mappings()]


def withdraw(conn: Connection, release_id: str, at: datetime) -> ReleaseRow:
    """End a release now. A release that was withdrawn before keeps its first end. Raises NotFound."""
    conn.execute(
        update(releases)
        .where(releases.c.id == release_id, releases.c.withdrawn_at.is_(None))
        .values(withdrawn_at=at)
    )
    row = release(conn, release_id)
    if row is None:
        raise NotFound("Cette décision de publication n’existe pas.")
    return row


def _row(row: RowMapping) -> ReleaseRow:
    return ReleaseRow(
        id=row["id"],
        version=row["version"],
        audience=Audience(row["audience"], row["purpose"], row["until"]),
        policy=row["policy"],
        decided_by=row["decided_by"],
        why=row["why"],
        at=row["at"],
        withdrawn_at=row["withdrawn_at"],
    )
