"""The one transaction by which a version comes to be seen: version, lineage, release and event, all or nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from parvis.core.types import Event, ReleaseRow, Run, Version
from parvis.store import journal, releases, runs, versions
from parvis.store.versions import Saved


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did. event: None when there was nothing to tell."""

    version: Version
    saved: Saved
    event: Event | None


def publish(conn: Connection, version: Version, run: Run, release: ReleaseRow | None, *, at: datetime, actor: str) -> Published:
    """Keep the version, its run and its release row, and say so in the journal; the files must have been put before.

    Everything is in the open transaction. Doing it again with the same run changes nothing: a job that died after the commit may repeat its step. The same
    content by another run keeps that run as "unchanged", and no event. release None: the version is kept and waits for a decision. A decision for the same
    audience that is in force already stands: no second row is made.
    """
    before = runs.run(conn, run.id)
    if before is not None and before.outcome != "running":
        return Published(_kept(conn, version), "unchanged", None)
    saved = versions.save(conn, version)
    standing = next((r for r in releases.rows(conn, version.digest) if r.withdrawn_at is None and (release is None or r.audience == release.audience)), None)
    new_release = release is not None and standing is None and releases.save(conn, release)
    decision = standing or release
    outcome = "unchanged" if saved == "unchanged" and not new_release else "held" if decision is None else "published"
    runs.save(conn, replace(run, outputs=(version.digest,), outcome=outcome))
    if outcome == "unchanged":
        return Published(_kept(conn, version), saved, None)
    ids = {"resource": version.resource, "run": run.id} | ({} if decision is None else {"release": decision.id})
    event = journal.append(conn, at=at, actor=actor, verb=outcome, subject=version.digest, ids=ids)
    return Published(_kept(conn, version), saved, event)


def _kept(conn: Connection, version: Version) -> Version:
    """As the store has it: the first run and moment of a version stay with it."""
    return versions.version(conn, version.digest) or version
