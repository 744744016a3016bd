"""Which set of detectors last looked at a version."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from parvis.store.rows import put
from parvis.store.tables import scans, versions


def note(conn: Connection, version: str, detectors: str, at: datetime) -> None:
    """A version was looked at by this set. detectors: its fingerprint."""
    put(conn, scans, {"version": version, "detectors": detectors, "at": at})


def stale(conn: Connection, detectors: str) -> list[str]:
    """Digests of the versions that this set has not looked at, oldest first."""
    seen = select(scans.c.version).where(scans.c.detectors == detectors)
    return [
        *conn.execute(
            select(versions.c.digest)
            .where(versions.c.digest.not_in(seen))
            .order_by(versions.c.at, versions.c.digest)
        ).scalars()
    ]


def by(conn: Connection, version: str) -> str:
    """The set that last looked at a version, "" when none did."""
    return conn.execute(select(scans.c.detectors).where(scans.c.version == version)).scalar() or ""
