"""Groups of people, of any organisations, that a table may be shared with. Who belongs is asked at each
request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, select

from parvis.store.rows import add, put
from parvis.store.tables import group_members, groups


@dataclass(frozen=True, slots=True)
class Group:
    """A list of people. organisation: who keeps it."""

    id: str
    name: str
    organisation: str
    made_by: str
    made_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on the list, by opaque id, since when."""

    person: str
    since: datetime


def save(conn: Connection, group: Group) -> None:
    """Insert the group, or change the one of that id."""
    put(conn, groups, {name: getattr(group, name) for name in Group.__dataclass_fields__})


def group(conn: Connection, group_id: str) -> Group | None:
    """The group of that id, closed ones too; None when there is none."""
    row = conn.execute(select(groups).where(groups.c.id == group_id)).mappings().first()
    return None if row is None else _group(row)


def all_groups(conn: Connection) -> list[Group]:
    """Every group that is not closed, by name."""
    return [
        _group(row)
        for row in conn.execute(
            select(groups).where(groups.c.closed_at.is_(None)).order_by(groups.c.name, groups.c.id)
        ).mappings()
    ]


def names(conn: Connection) -> set[str]:
    """Every id that a group has or had: none is given twice."""
    return set(conn.execute(select(groups.c.id)).scalars())


def of(conn: Connection, person_id: str) -> list[Group]:
    """The groups that somebody belongs to now, by name; closed ones let nobody in."""
    query = (
        select(groups)
        .join(group_members, group_members.c.group == groups.c.id)
        .where(group_members.c.person == person_id, groups.c.closed_at.is_(None))
    )
    return [_group(row) for row in conn.execute(query.order_by(groups.c.name, groups.c.id)).mappings()]


def members(conn: Connection, group_id: str) -> Sequence[Member]:
    """Who belongs to a group, the oldest first."""
    query = (
        select(group_members)
        .where(group_members.c.group == group_id)
        .order_by(group_members.c.since, group_members.c.person)
    )
    return tuple(Member(row["person"], row["since"]) for row in conn.execute(query).mappings())


def enrol(conn: Connection, group_id: str, person_id: str, at: datetime) -> bool:
    """Put somebody on the list; says whether they were not on it."""
    return add(conn, group_members, {"group": group_id, "person": person_id, "since": at})


def remove(conn: Connection, group_id: str, person_id: str) -> bool:
    """Take somebody off the list; says whether they were on it."""
    return (
        conn.execute(
            delete(group_members).where(
                group_members.c.group == group_id, group_members.c.person == person_id
            )
        ).rowcount
        > 0
    )


def _group(row: RowMapping) -> Group:
    return Group(
        row["id"], row["name"], row["organisation"], row["made_by"], row["made_at"], row["closed_at"]
    )
