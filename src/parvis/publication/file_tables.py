"""The tables of one file, each with a resource of its own that stays the same at the next file: also when
sheets are reordered, renamed, or share a slug.

A table is known by its name; one whose name is new, by its columns, where they are those of one missing table
and no other. A table that nobody knows gets a resource of its own. Where a known one is missing at the same
time that was held or made harmless, it may be that one: the new one waits for a person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from parvis.core.reading import RawTable
from parvis.core.text import slug
from parvis.core.types import Resource
from parvis.privacy import surrounding_words
from parvis.store import datasets, parts, versions


@dataclass(frozen=True, slots=True)
class Part:
    """What a table of a file is known by, and the resource that it feeds: as it is kept, or new."""

    mark: str
    resource: Resource


def assign(
    conn: Connection, parent: Resource, tables: Sequence[RawTable], *, guarded: Callable[[str], bool]
) -> Sequence[Part]:
    """The resource of each table of a file handed in for `parent`, in the order of the file. Nothing is
    written: see `save`.

    guarded: whether a resource, by id, has a policy of anonymisation. A file of one table that nobody knows
    feeds `parent` itself.
    """
    known = dict(parts.known(conn, parent.id))
    fed: dict[int, str] = {}
    for position, raw in enumerate(tables):
        id_ = known.get(parts.mark(raw.name)) or _before_parts(conn, parent, raw, known)
        if id_ and id_ not in fed.values():
            fed[position] = id_
    missing = [id_ for id_ in dict.fromkeys([parent.id, *known.values()]) if id_ not in fed.values()]
    fed |= _renamed(conn, {p: raw for p, raw in enumerate(tables) if p not in fed}, missing)
    left = [p for p in range(len(tables)) if p not in fed]
    if left and parent.id not in fed.values():
        fed[left.pop(0)] = parent.id
    lost = [
        r for id_ in missing if id_ not in fed.values() and (r := datasets.resource(conn, id_)) is not None
    ]
    unsure = any(r.policy == "hold" or r.recipe or guarded(r.id) for r in lost)
    assigned: list[Part] = []
    taken = {*fed.values()}
    for position, raw in enumerate(tables):
        if position in fed:
            resource = parent if fed[position] == parent.id else datasets.resource(conn, fed[position])
            if resource is not None:
                assigned.append(Part(parts.mark(raw.name), resource))
                continue
        id_ = _fresh(conn, f"{parent.id}-{surrounding_words.identifier(raw.name, 'feuille')}", taken)
        taken.add(id_)
        policy = "hold" if unsure else parent.policy
        further = replace(
            parent, id=id_, title=f"{parent.title} – {raw.name}", table=raw.name, recipe=(), policy=policy
        )
        assigned.append(Part(parts.mark(raw.name), further))
    return assigned


def of(conn: Connection, parent: str, resource: Resource, tables: Sequence[RawTable]) -> RawTable:
    """The table of a file handed in for `parent` that feeds a resource: by what is known of its name, else
    the one it names, else the first.
    """
    known = parts.known(conn, parent)
    by_mark = next((t for t in tables if known.get(parts.mark(t.name)) == resource.id), None)
    return (
        by_mark or next((t for t in tables if resource.table and t.name == resource.table), None) or tables[0]
    )


def save(conn: Connection, parent: str, part: Part) -> Resource:
    """Keep which resource a table feeds, and the resource where it is new. Returns it as it is kept: somebody
    may have changed it since it was assigned.
    """
    known = datasets.resource(conn, part.resource.id)
    if known is None:
        datasets.save_resource(conn, part.resource)
    if part.mark:
        parts.save(conn, parent, part.mark, part.resource.id)
    return known or part.resource


def _before_parts(conn: Connection, parent: Resource, raw: RawTable, known: Mapping[str, str]) -> str:
    """The resource that a table fed before it was written down which table feeds what: by its slug and the
    name that it keeps. "": none.
    """
    former = datasets.resource(conn, f"{parent.id}-{slug(raw.name)}") if raw.name else None
    return (
        former.id
        if former is not None
        and former.table == raw.name
        and former.dataset == parent.dataset
        and former.id not in known.values()
        else ""
    )


def _renamed(conn: Connection, tables: Mapping[int, RawTable], missing: Sequence[str]) -> Mapping[int, str]:
    """Tables of a new name that have the columns of one missing table, and of it alone."""
    had = {id_: frozenset(v.schema.names) for id_ in missing if (v := versions.latest(conn, id_)) is not None}
    has = {p: frozenset(c.name for c in raw.columns) for p, raw in tables.items()}
    renamed: dict[int, str] = {}
    for position, columns in has.items():
        like = [id_ for id_, names in had.items() if names == columns]
        if len(like) == 1 and sum(names == columns for names in has.values()) == 1:
            renamed[position] = like[0]
    return renamed


def _fresh(conn: Connection, wanted: str, taken: set[str]) -> str:
    """This id, with a number where it is another resource's already."""
    id_, number = wanted, 2
    while id_ in taken or datasets.resource(conn, id_) is not None:
        id_, number = f"{wanted}-{number}", number + 1
    return id_
