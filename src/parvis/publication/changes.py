"""What a new version changes of the one that was read before it, for its report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
from sqlalchemy import Connection

from parvis.checks import drift
from parvis.checks.version_profile import VersionProfile
from parvis.core.types import (
    PUBLIC,
    Version,
)
from parvis.inspection.reporting import (
    kind_of_change,
    mask,
    shield,
)
from parvis.publication import (
    version_files,
)
from parvis.publication.city import City
from parvis.store import (
    releases,
    versions,
)


def with_drift(city: City, con: duckdb.DuckDBPyConnection, version: Version) -> Version:
    """The version, its report saying too what changed since the one that the public reads, or that a group does:
    never since one that nobody came to read, which may be this very file, read otherwise. Of one that a group alone reads
    no word is quoted: this one may be for everybody.
    """
    with city.db.read() as conn:
        public = versions.served(conn, version.resource, PUBLIC)
        before = public or _shared(conn, version.resource)
        history = versions.sizes(conn, version.resource, PUBLIC)
    if before is None or before.digest == version.digest:
        return version
    with version_files.opened(city, before) as old, version_files.opened(city, version) as new:
        changes = drift.compare(con, _profile(before, old), _profile(version, new), history)
    if public is None:
        changes = tuple(kind_of_change(f, version.schema) for f in changes)
    masked = tuple(mask(f, shield(version.schema, version.report.findings)) for f in changes)
    return replace(version, report=replace(version.report, findings=(*version.report.findings, *masked)))


def _shared(conn: Connection, resource: str) -> Version | None:
    """The newest version of a resource that a group was let read."""
    every = versions.history(conn, resource, limit=20)
    return next(
        (v for v in every if any(r.withdrawn_at is None for r in releases.rows(conn, v.digest))), None
    )


def _profile(version: Version, paths: tuple[Path, ...]) -> VersionProfile:
    """A version as its changes are told: no value of a column that holds one back is."""
    return VersionProfile(
        paths, shield(version.schema, version.report.findings), version.report.profile, version.rows
    )
