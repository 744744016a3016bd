"""Versions: immutable, kept by digest, in the order in which each became what its resource is."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    exists,
    false,
    func,
    insert,
    not_,
    or_,
    select,
    update,
)

from parvis.core.dropping_cache import DroppingCache
from parvis.core.errors import NotFound, UsageError
from parvis.core.marks import Mark, summed
from parvis.core.sentence import Sentence
from parvis.core.types import Audience, File, Report, Schema, Version
from parvis.store import codec, column_words
from parvis.store.tables import deposits, releases, segments, tips, version_files, versions

Saved = Literal["new", "unchanged", "restored"]
"""What saving a version did: it is new; it is what the resource already was; the resource came back to it
after another one.
"""


def digest(resource: str, schema: Schema, files: Sequence[str]) -> str:
    """The digest of a version: SHA-256 over resource, schema and file digests. The same content of the same
    resource is the same version.
    """
    content = codec.canonical({"files": [*files], "resource": resource, "schema": codec.encode(schema)})
    return hashlib.sha256(content).hexdigest()


def save(conn: Connection, version: Version) -> Saved:
    """Keep a version. Saving it twice changes nothing and says so; a resource that comes back to an older
    version has it as its newest again.
    """
    known = conn.execute(select(versions.c.resource).where(versions.c.digest == version.digest)).scalar()
    if known is None:
        _insert(conn, version)
        return "new"
    if known != version.resource:
        raise ValueError(f"version {version.digest} belongs to {known}, not to {version.resource}")
    newest = _newest(conn, version.resource)
    if newest == version.digest:
        return "unchanged"
    conn.execute(
        update(versions)
        .where(versions.c.digest == version.digest)
        .values(current_since=version.at, number=_next_number(conn, version.resource))
    )
    return "restored"


def tell(conn: Connection, digest: str, report: Report) -> None:
    """Change the description of a version: a later look found more. The version itself never changes."""
    conn.execute(
        update(versions).where(versions.c.digest == digest).values(report=codec.dumps(Report, report))
    )


def marks(conn: Connection, digests: Collection[str]) -> dict[str, Mark]:
    """What the reports of these versions come to, by digest. Of a report the profile of the columns is most,
    and is not read.
    """
    v = versions.c
    query = select(v.digest, v.resource, v.at, v.rows, v.report).where(v.digest.in_(digests))
    return {row.digest: _mark(*row) for row in conn.execute(query)}


def version(conn: Connection, digest: str) -> Version | None:
    """The version of that digest, None when there is none."""
    return next(iter(_versions(conn, versions.c.digest == digest)), None)


def history(conn: Connection, resource_id: str, *, limit: int | None = None) -> list[Version]:
    """The versions of a resource, newest first."""
    return _versions(conn, versions.c.resource == resource_id, limit=limit)


def latest(conn: Connection, resource_id: str) -> Version | None:
    """The newest version of a resource, released or not."""
    return next(iter(_versions(conn, versions.c.resource == resource_id, limit=1)), None)


def served(
    conn: Connection, resource_id: str, audience: Audience, *, on: date | None = None
) -> Version | None:
    """The newest version with a release in force for this audience (name and purpose). on: the day, to leave
    out releases that have ended.
    """
    return next(
        iter(_versions(conn, versions.c.resource == resource_id, in_force(audience, on), limit=1)), None
    )


def shared(conn: Connection, resource_id: str, group: str, *, on: date) -> Version | None:
    """The newest version that a group may read that day, whatever it was shared for."""
    standing = exists().where(
        releases.c.version == versions.c.digest,
        releases.c.withdrawn_at.is_(None),
        releases.c.audience == group,
        or_(releases.c.until.is_(None), releases.c.until >= on),
    )
    return next(iter(_versions(conn, versions.c.resource == resource_id, standing, limit=1)), None)


def readable(
    conn: Connection, resource_id: str, audience: Audience, *, limit: int | None = None
) -> list[Version]:
    """The versions of a resource that this audience may read, newest first."""
    return _versions(conn, versions.c.resource == resource_id, in_force(audience), limit=limit)


def sizes(conn: Connection, resource_id: str, audience: Audience, *, limit: int = 12) -> list[int]:
    """Rows of the last versions that this audience may read, the oldest first."""
    query = (
        select(versions.c.rows)
        .where(versions.c.resource == resource_id, in_force(audience))
        .order_by(*_NEWEST_FIRST)
        .limit(limit)
    )
    return [*reversed(conn.execute(query).scalars().all())]


def serving(conn: Connection, audience: Audience, *, on: date | None = None) -> dict[str, str]:
    """Resource id to digest of its newest version in force for this audience: the whole city in one query."""
    newest = func.row_number().over(partition_by=versions.c.resource, order_by=_NEWEST_FIRST).label("place")
    ranked = select(versions.c.resource, versions.c.digest, newest).where(in_force(audience, on)).subquery()
    return {
        row.resource: row.digest
        for row in conn.execute(select(ranked.c.resource, ranked.c.digest).where(ranked.c.place == 1))
    }


def dated(
    conn: Connection, resource_id: str, audience: Audience, *, limit: int
) -> Sequence[tuple[str, datetime, int]]:
    """Digest, moment and rows of the last versions that this audience may read, newest first."""
    query = select(versions.c.digest, versions.c.at, versions.c.rows).where(
        versions.c.resource == resource_id, in_force(audience)
    )
    return [
        (row.digest, row.at, row.rows) for row in conn.execute(query.order_by(*_NEWEST_FIRST).limit(limit))
    ]


def beside(
    conn: Connection, received: str, columns: Sequence[str], rows: int, audience: Audience, *, limit: int
) -> list[Version]:
    """Versions that this audience may read: those made from these bytes first, then those that have a column
    of one of these names, then those of about as many rows. Of a live resource the newest, which has all of its history.
    """
    same = versions.c.received == received if received else false()
    named = or_(false(), *(versions.c.schema.contains(f'"{name}"', autoescape=True) for name in columns))
    near = func.abs(versions.c.rows - rows)
    live = versions.c.resource.in_(select(tips.c.resource))
    place = func.row_number().over(partition_by=versions.c.resource, order_by=_NEWEST_FIRST).label("place")
    ranked = select(versions.c.digest, place).where(in_force(audience), live).subquery()
    query = (
        select(versions.c.digest)
        .where(
            in_force(audience),
            or_(not_(live), versions.c.digest.in_(select(ranked.c.digest).where(ranked.c.place == 1))),
        )
        .order_by(same.desc(), named.desc(), near, versions.c.at.desc())
        .limit(limit)
    )
    known = conn.execute(query).scalars().all()
    by_digest = {v.digest: v for v in _versions(conn, versions.c.digest.in_(known))}
    return [by_digest[digest] for digest in known]


def of_bytes(conn: Connection, received: str, audience: Audience) -> list[Version]:
    """Versions made from these bytes that this audience may read, newest first."""
    return _versions(conn, versions.c.received == received, in_force(audience))


def read_by_anybody(conn: Connection, resource_ids: Sequence[str], *, limit: int) -> list[Version]:
    """Versions of these resources that the public or a group may read, newest first."""
    standing = exists().where(releases.c.version == versions.c.digest, releases.c.withdrawn_at.is_(None))
    return _versions(conn, versions.c.resource.in_(resource_ids), standing, limit=limit)


def resolve(conn: Connection, prefix: str) -> str:
    """The digest that starts so. Raises UsageError when less than 8 characters say it, or when several
    versions start so; NotFound when none does.
    """
    if not re.fullmatch("[0-9a-f]{8,64}", prefix):
        raise UsageError(
            Sentence("« {prefix} » n’est pas une empreinte de version.", prefix=prefix),
            mend="Donnez au moins ses 8 premiers caractères (0 à 9, a à f).",
        )
    digests = (
        conn.execute(
            select(versions.c.digest).where(versions.c.digest.startswith(prefix, autoescape=True)).limit(2)
        )
        .scalars()
        .all()
    )
    if not digests:
        raise NotFound(Sentence("Aucune version ne commence par « {prefix} ».", prefix=prefix))
    if len(digests) > 1:
        raise UsageError(
            Sentence("Plusieurs versions commencent par « {prefix} ».", prefix=prefix),
            mend="Donnez quelques caractères de plus.",
        )
    return digests[0]


def naming(conn: Connection, file: str) -> list[str]:
    """Digests of the versions that hold this file, or were read from it: whom its removal touches."""
    held = select(version_files.c.version).where(version_files.c.digest == file)
    read = select(versions.c.digest).where(versions.c.received == file)
    return sorted(conn.execute(held.union(read)).scalars())


def referenced(conn: Connection, among: Collection[str] | None = None) -> set[str]:
    """Digests of every file that a version, a deposit or the open hour of a live resource names. What the
    files hold beyond that is garbage. among: of these digests alone, None for all that there are.
    """
    columns = (
        version_files.c.digest,
        versions.c.received,
        deposits.c.received,
        tips.c.digest,
        segments.c.digest,
    )
    queries = [select(c) if among is None else select(c).where(c.in_(among)) for c in columns]
    return set(conn.execute(queries[0].union(*queries[1:])).scalars()) - {""}


_NEWEST_FIRST = (versions.c.number.desc(),)
"""By the order of arrival, never by the clock: one that is set back would have an older version served."""


def in_force(audience: Audience, on: date | None = None) -> ColumnElement[bool]:
    """Of versions: a release to this audience is in force. on: the day, to leave out releases that have
    ended.
    """
    conditions = [
        releases.c.version == versions.c.digest,
        releases.c.withdrawn_at.is_(None),
        releases.c.audience == audience.name,
        releases.c.purpose == audience.purpose,
    ]
    if on is not None:
        conditions.append(or_(releases.c.until.is_(None), releases.c.until >= on))
    return exists().where(*conditions)


def _newest(conn: Connection, resource: str) -> str | None:
    return conn.execute(
        select(versions.c.digest).where(versions.c.resource == resource).order_by(*_NEWEST_FIRST).limit(1)
    ).scalar()


def _next_number(conn: Connection, resource: str) -> int:
    return conn.execute(
        select(func.coalesce(func.max(versions.c.number), 0) + 1).where(versions.c.resource == resource)
    ).scalar_one()


def _insert(conn: Connection, v: Version) -> None:
    conn.execute(
        insert(versions).values(
            digest=v.digest,
            resource=v.resource,
            number=_next_number(conn, v.resource),
            at=v.at,
            current_since=v.at,
            rows=v.rows,
            bytes=v.bytes,
            schema=codec.dumps(Schema, v.schema),
            report=codec.dumps(Report, v.report),
            run=v.run,
            received=v.received,
        )
    )
    if v.files:
        rows = [
            {"version": v.digest, "position": i, "digest": f.digest, "bytes": f.bytes, "rows": f.rows}
            for i, f in enumerate(v.files)
        ]
        conn.execute(insert(version_files), rows)


def _versions(conn: Connection, *where: ColumnElement[bool], limit: int | None = None) -> list[Version]:
    rows = conn.execute(select(versions).where(*where).order_by(*_NEWEST_FIRST).limit(limit)).mappings().all()
    files: dict[str, list[File]] = {row["digest"]: [] for row in rows}
    file_query = (
        select(version_files)
        .where(version_files.c.version.in_(files))
        .order_by(version_files.c.version, version_files.c.position)
    )
    for row in conn.execute(file_query).mappings():
        files[row["version"]].append(File(row["digest"], row["bytes"], row["rows"]))
    words = column_words.of(conn, {row["resource"] for row in rows}) if rows else {}
    return [_version(row, tuple(files[row["digest"]]), words.get(row["resource"])) for row in rows]


def _version(row: RowMapping, files: tuple[File, ...], words: column_words.Said | None) -> Version:
    return Version(
        digest=row["digest"],
        resource=row["resource"],
        at=row["at"],
        rows=row["rows"],
        bytes=row["bytes"],
        files=files,
        schema=column_words.worded(_schema(row["schema"]), words),
        report=_report(row["report"]),
        run=row["run"],
        received=row["received"],
    )


_SCHEMAS: DroppingCache[Schema] = DroppingCache(512)
_MARKS: DroppingCache[Mark] = DroppingCache(2048)
_REPORTS: DroppingCache[Report] = DroppingCache(256)


def _schema(text: str) -> Schema:
    """Remembered by text: the schema of a version never changes, and every request asks for it."""
    return _SCHEMAS.of(text, lambda: codec.loads(Schema, text))


def _mark(digest: str, resource: str, at: datetime, rows: int, report: str) -> Mark:
    def summary() -> Mark:
        document = json.loads(report) | {"profile": []}
        return summed(digest, resource, at, rows, codec.coder(Report).decode(document, ""))

    return _MARKS.of((digest, resource, at, rows, report), summary)


def _report(text: str) -> Report:
    return _REPORTS.of(text, lambda: codec.loads(Report, text))


def drop() -> None:
    """Forget the schemas and reports that were read: they quote values, and something was taken down."""
    for remembered in (_SCHEMAS, _MARKS, _REPORTS):
        remembered.drop()
