"""Who may read the open hour of a live resource: whoever may read its newest version, under the same release
row.

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
from parvis.store import live, versions


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
