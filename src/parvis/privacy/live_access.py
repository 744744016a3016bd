"""Who may read the open hour of a live resource: whoever may read its newest version, under the same release
row. And what a group may read, whatever it was shared for.

The policy was signed for the resource when its first version was released; each batch was checked under it
before it came to the tip.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from parvis.core.errors import NotFound
from parvis.core.minting import mint
from parvis.core.released import Released
from parvis.core.sentence import Sentence
from parvis.core.types import Audience, Source, Table
from parvis.privacy.releasing import reopen
from parvis.store import live, releases, versions


def reopen_tip(
    conn: Connection, resource: str, audience: Audience, *, now: datetime
) -> tuple[Released, datetime]:
    """The current state of a live resource, and the moment that it speaks of. Raises NotFound when there is
    none for this audience, Gone when it ended.
    """
    version = versions.served(conn, resource, audience)
    last = live.newest(conn, resource)
    if version is None or last is None:
        raise NotFound(Sentence("Aucun état courant publié de « {resource} ».", resource=resource))
    standing = reopen(conn, version.digest, audience, now=now)
    return mint(
        Table((Source(version.digest, (last.file.digest,)),), version.schema),
        standing.audience,
        standing.rows,
    ), last.at


def reopen_part(
    conn: Connection, version_digest: str, file: str, audience: Audience, *, now: datetime
) -> Released:
    """One file of a version, under the release of the whole. Raises NotFound when the version does not hold
    it, or is not for this audience.
    """
    standing = reopen(conn, version_digest, audience, now=now)
    if file not in {f for s in standing.table.sources for f in s.files}:
        raise NotFound("Ce fichier n’appartient pas à cette version.")
    return mint(Table((Source(version_digest, (file,)),), standing.schema), standing.audience, standing.rows)


def reopen_since(
    conn: Connection, resource: str, audience: Audience, since: datetime, *, now: datetime
) -> Released:
    """What a live resource has said from a moment on: the closed hours, days and months that reach past it,
    whole, and the batches of the open hour.

    A resource that is not live: its newest version. Raises NotFound when there is none for this audience,
    Gone when it ended.
    """
    version = versions.served(conn, resource, audience)
    if version is None:
        raise NotFound(Sentence("« {resource} » n’est pas publiée.", resource=resource))
    standing = reopen(conn, version.digest, audience, now=now)
    if live.newest(conn, resource) is None:
        return standing
    files = tuple(f.digest for f in live.since(conn, resource, since))
    return (
        mint(Table((Source(version.digest, files),), version.schema), standing.audience, standing.rows)
        if files
        else standing
    )


def reopen_shared(
    conn: Connection, resource: str, group: str, *, now: datetime, since: datetime | None = None
) -> Released:
    """The newest version of a resource that is shared with a group. since: of a live one, what it has said from
    that moment on. Raises NotFound when none is.
    """
    standing = _shared(conn, resource, group, now)
    if since is None or live.newest(conn, resource) is None:
        return standing
    files = tuple(f.digest for f in live.since(conn, resource, since))
    return _part(standing, files) if files else standing


def reopen_shared_tip(
    conn: Connection, resource: str, group: str, *, now: datetime
) -> tuple[Released, datetime]:
    """The current state of a live resource that is shared with a group. Raises NotFound when there is none."""
    last = live.newest(conn, resource)
    if last is None:
        raise NotFound(Sentence("Aucun état courant publié de « {resource} ».", resource=resource))
    return _part(_shared(conn, resource, group, now), (last.file.digest,)), last.at


def _shared(conn: Connection, resource: str, group: str, now: datetime) -> Released:
    version = versions.shared(conn, resource, group, on=now.date())
    rows = releases.rows(conn, version.digest) if version is not None else ()
    for row in rows:
        ended = row.withdrawn_at is not None or (
            row.audience.until is not None and now.date() > row.audience.until
        )
        if row.audience.name == group and not ended:
            return reopen(conn, row.version, row.audience, now=now)
    raise NotFound(Sentence("« {resource} » n’est pas publiée.", resource=resource))


def _part(standing: Released, files: tuple[str, ...]) -> Released:
    """Files of a live resource, under the release of the version that they go on from."""
    (version, *_) = standing.versions
    return mint(Table((Source(version, files),), standing.schema), standing.audience, standing.rows)
