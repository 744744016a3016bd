"""Who reads what is not public: members of a group, asked at each request, and whoever examines a version
that is held.

Each reading is an event of ids, written in the transaction that opens the table: nothing is read unseen. To
whoever may not read it, a share that exists, one that ended and one that never was are one answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from parvis.core.errors import Gone, NotFound, Refused, UsageError
from parvis.core.minting import mint
from parvis.core.released import Released
from parvis.core.sentence import Sentence
from parvis.core.types import PUBLIC, Audience, ReleaseRow, Version
from parvis.privacy.releasing import reopen
from parvis.store import groups, journal, releases, versions
from parvis.store.groups import Group

EXAMINERS = Audience("examen", "examen avant décision")
"""Whoever examines a held version before it is decided on: who that is, people's rights say. No row of the
store ever names it.
"""

RESERVED = frozenset({PUBLIC.name, EXAMINERS.name})
"""Names that no group bears."""

UNKNOWN = Sentence("Ce partage n’existe pas, ou n’est pas pour vous.")


@dataclass(frozen=True, slots=True)
class Share:
    """A version that a group may read: the row that says so, and the group."""

    row: ReleaseRow
    group: Group


def known_group(conn: Connection, audience: Audience) -> Group | None:
    """The group of an audience, None for the public. Raises UsageError, with the groups there are, when it is
    none or is closed.
    """
    if audience.public:
        return None
    group = groups.group(conn, audience.name) if audience.name not in RESERVED else None
    if group is None or group.closed_at is not None:
        names = ", ".join(g.id for g in groups.all_groups(conn))
        raise UsageError(
            Sentence("Groupe inconnu : « {name} ».", name=audience.name[:60]),
            mend=Sentence("Groupes : {names}.", names=names)
            if names
            else Sentence("Créez-en un : parvis groups add."),
        )
    return group


def shares(conn: Connection, person_id: str, *, on: date) -> tuple[Share, ...]:
    """What is shared with the groups of somebody that day, the newest first."""
    mine = {g.id: g for g in groups.of(conn, person_id)}
    return tuple(Share(row, mine[row.audience.name]) for row in releases.standing(conn, mine, on=on))


def shared_with(conn: Connection, group: Group, *, on: date) -> tuple[Share, ...]:
    """What is shared with one group that day, the newest first."""
    return tuple(Share(row, group) for row in releases.standing(conn, (group.id,), on=on))


def in_force(row: ReleaseRow, on: date) -> bool:
    """Whether a row still lets read that day; its last day counts."""
    return row.withdrawn_at is None and (row.audience.until is None or on <= row.audience.until)


def share(conn: Connection, release_id: str, person_id: str, *, now: datetime) -> Share:
    """The share of that id, when somebody may read it at this moment. Raises NotFound, in the same words and
    by the same path, for anything else.
    """
    mine = {g.id: g for g in groups.of(conn, person_id)}
    row = releases.release(conn, release_id)
    if row is None or row.audience.public or row.audience.name not in mine or not in_force(row, now.date()):
        raise NotFound(UNKNOWN)
    return Share(row, mine[row.audience.name])


def read_shared(conn: Connection, release_id: str, person_id: str, *, now: datetime, way: str) -> Released:
    """A shared version, opened for a member, and the event that says so. way: how it is read (page, csv,
    parquet…). Raises NotFound.
    """
    shared = share(conn, release_id, person_id, now=now)
    version = versions.version(conn, shared.row.version)
    if version is None:
        raise NotFound(UNKNOWN)
    released = reopen(conn, shared.row.version, shared.row.audience, now=now)
    consulted(conn, released, by=person_id, now=now, way=way)
    return released


def member(conn: Connection, group: str, person_id: str) -> Group:
    """The group of that id, when this person belongs to it at this moment. Raises NotFound otherwise."""
    group_ = next((one for one in groups.of(conn, person_id) if one.id == group), None)
    if group_ is None:
        raise NotFound(UNKNOWN)
    return group_


def consulted(conn: Connection, released: Released, *, by: str, now: datetime, way: str) -> None:
    """Write down that something shared was opened, in the transaction that opened it; of what is public nothing
    is written. by: a person, or « system » for a service that reads for its group.
    """
    for row in released.rows if not released.audience.public else ():
        version = versions.version(conn, row.version)
        ids = {"version": row.version, "release": row.id, "group": row.audience.name, "way": way}
        subject = version.resource if version is not None else row.version
        journal.append(conn, at=now, actor=by, verb="consulted", subject=subject, ids=ids)


def examine(conn: Connection, version: Version, *, by: str, now: datetime) -> Released:
    """A held version for one person who examines it before it is decided on, and the event that says so.

    It opens nothing to anybody else, nor a second time: the row that it bears is kept nowhere. Whether this
    person may, the caller has asked. Raises Gone when the version was withdrawn; Refused without a person.
    """
    if by in ("", "system"):
        raise Refused("Une version retenue n’est examinée que par une personne.")
    rows = releases.rows(conn, version.digest)
    if any(r.policy == "withdrawal" for r in rows) and not any(in_force(r, now.date()) for r in rows):
        raise Gone("Cette version a été retirée.")
    journal.append(
        conn, at=now, actor=by, verb="read-held", subject=version.resource, ids={"version": version.digest}
    )
    return mint(
        version.table,
        EXAMINERS,
        (ReleaseRow("", version.digest, EXAMINERS, "examination", by, "Examen avant décision.", now),),
    )


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """An id for a group: the wanted one, or with a number when it is taken or reserved."""
    known = RESERVED | set(taken)
    name, number = wanted, 2
    while name in known:
        name, number = f"{wanted}-{number}", number + 1
    return name
