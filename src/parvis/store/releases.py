"""Release rows: without one in force, nothing is readable."""

from __future__ import annotations

from collections.abc import Collection, Set
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, func, not_, or_, select, update

from parvis.core.errors import NotFound
from parvis.core.types import Audience, ReleaseRow
from parvis.store.rows import add
from parvis.store.tables import releases, resources, versions


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


def standing(conn: Connection, audiences: Collection[str], *, on: date) -> list[ReleaseRow]:
    """The release rows for these audiences that let read that day, newest first. Of what is computed, which makes
    a version whenever it is, the newest one of each resource.
    """
    r, v = releases.c, versions.c
    place = func.row_number().over(
        partition_by=(r.audience, r.purpose, v.resource), order_by=(v.number.desc(), r.at.desc())
    )
    ranked = (
        select(*releases.c, resources.c.source, place.label("place"))
        .join(versions, v.digest == r.version)
        .join(resources, resources.c.id == v.resource)
        .where(r.audience.in_(audiences), r.withdrawn_at.is_(None), or_(r.until.is_(None), r.until >= on))
        .subquery()
    )
    one = or_(ranked.c.place == 1, not_(ranked.c.source.startswith("service:", autoescape=True)))
    query = select(ranked).where(one).order_by(ranked.c.at.desc(), ranked.c.id)
    return [_row(row) for row in conn.execute(query).mappings()]


def any_since(conn: Connection, version_digests: Set[str], at: datetime) -> bool:
    """Whether somebody may read one of these versions by a release of that moment or a later one."""
    r = releases.c
    newer = select(r.version).where(r.withdrawn_at.is_(None), r.at >= at).distinct()
    return not version_digests.isdisjoint(conn.execute(newer).scalars()) if version_digests else False


def ended(conn: Connection, audience: str, resources: Collection[str]) -> list[ReleaseRow]:
    """The release rows for an audience, of versions of these resources, that were ended."""
    query = (
        select(releases)
        .join(versions, versions.c.digest == releases.c.version)
        .where(
            releases.c.audience == audience,
            releases.c.withdrawn_at.is_not(None),
            versions.c.resource.in_(resources),
        )
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
