"""A new table beside the others of the city over the same people: where one of two is protected, their
difference must give nobody away.

The others are those made from the same bytes, those that have a column of the same name, and those of about
as many rows. What a protected version was made of is read again from the bytes that were handed in, under the
policy of its day: nothing else about its people is kept. What was not put side by side is told.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
from sqlalchemy import Connection

from parvis import columns, readers
from parvis.core.errors import Gone, HeldBack, NotFound, Unreadable, UsageError
from parvis.core.late import late as when_used
from parvis.core.reading import Workspace
from parvis.core.sentence import Sentence
from parvis.core.types import PUBLIC, Finding, Resource, Severity, Version
from parvis.engine import connect
from parvis.publication import policies, recipes, version_files
from parvis.store import datasets, deposits, versions
from parvis.store.place import City

if TYPE_CHECKING:
    from parvis.privacy import overlap
    from parvis.privacy.overlap import Shown, Verdict
else:
    overlap = when_used("parvis.privacy.overlap")

MOST = 200
"""Other versions that are looked at, at most."""
READ_AGAIN = 12
"""Protected versions whose source is read again, at most."""
CELLS = 50_000_000
"""Cells of other tables that are read, at most, all together."""

CHECK = "privacy-overlap"
UNREAD = "privacy-overlap-unread"
MEND = (
    "Protégez les deux tables par la même politique, sur les mêmes colonnes ; ou retirez l’autre de la publication, puis faites relire ce fichier ; "
    "ou renoncez à celle-ci."
)
AGAIN = "Faites relire le fichier, ou faites décider de sa publication."


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another table of the same file: its title, where it lies as it is typed, and what it shows when it is
    protected.
    """

    title: str
    path: Path
    protected: Shown | None


@dataclass(slots=True)
class Beside:
    """What a table told beside the others. known: digests of the versions that were thought of."""

    findings: list[Finding] = field(default_factory=list[Finding])
    known: tuple[str, ...] = ()
    beside: dict[int, Finding] = field(default_factory=dict[int, Finding])
    """What is to be told of the siblings too, by their place."""


def look(
    city: City,
    con: duckdb.DuckDBPyConnection,
    resource: Resource,
    received: str,
    path: Path,
    protected: Shown | None,
    siblings: Sequence[Neighbour] = (),
) -> Beside:
    """Put a new table beside every other that it may share people with, those of the same file (siblings)
    included.

    path: the table as it is typed; protected: what it shows under its policy, None when it is published as it
    is.
    """
    with city.db.read() as conn:
        others = candidates(conn, resource, received, protected)
    near = [(i, s) for i, s in enumerate(siblings) if protected is not None or s.protected is not None]
    if not others and not near:
        return Beside()
    mine = protected if protected is not None else overlap.plain(policies.whole(con, path), received)
    told = Beside(known=tuple(v.digest for v in others))
    for place, sibling in near:
        theirs = (
            sibling.protected
            if sibling.protected is not None
            else overlap.plain(policies.whole(con, sibling.path), received)
        )
        verdict = overlap.compared(mine, theirs)
        told.findings += _said(sibling.title, verdict, mine)
        for finding in _said(resource.title, verdict, theirs):
            told.beside[place] = finding
    sources, cells = READ_AGAIN, CELLS
    skipped, lost = list[str](), list[str]()
    for version in others:
        title, under = _title(city, version), _under(city, version)
        size = version.rows * len(version.schema.columns)
        if size > cells or (under and not sources):
            skipped += [title] if _likely(version, mine) else []
            continue
        cells -= size
        sources -= bool(under)
        try:
            shown = _protected(city, version, under) if under else _plain(city, con, version)
        except (Gone, NotFound, HeldBack, Unreadable, UsageError):
            lost.append(title)
            continue
        verdict = overlap.compared(mine, shown)
        told.findings += _said(title, verdict, mine)
        if not verdict.looked:
            skipped.append(title)
    told.findings += [*_unread(lost, "error"), *_unread(skipped, "warning")]
    return told


def candidates(conn: Connection, resource: Resource, received: str, protected: Shown | None) -> list[Version]:
    """Versions that a table may share people with.

    Beside a protected table, public ones, the likeliest first, and all protected ones; beside one that is
    not, the protected ones: not those of its own resource, nor of one whose protection a person has ended.
    """
    known = policies.ever(conn)
    if protected is None:
        guarded = [name for name, now in known.items() if now and name != resource.id]
        return _made(conn, guarded)
    found = versions.beside(
        conn, received, protected.source.column_names, protected.source.num_rows, PUBLIC, limit=MOST
    )
    there = {v.digest for v in found}
    found += [v for v in _made(conn, list(known)) if v.digest not in there]
    return [v for v in found if not (v.resource == resource.id and v.received == received)]


def _made(conn: Connection, resources: Sequence[str]) -> list[Version]:
    """Versions of these resources that were made under a policy and that somebody may read."""
    found = versions.read_by_anybody(conn, resources, limit=MOST) if resources else []
    return [v for v in found if policies.made(conn, v)]


def late(
    conn: Connection, resource: Resource, received: str, known: Sequence[str], *, protected: bool
) -> bool:
    """Whether another table of the same bytes came out since this one was put beside the others; at least one
    of the two is protected.
    """
    if not received:
        return False
    found = versions.of_bytes(conn, received, PUBLIC)
    return any(
        v.digest not in known and v.resource != resource.id and (protected or policies.made(conn, v))
        for v in found
    )


LATE = "Une autre table sur les mêmes personnes peut-être a été publiée entre-temps : faites relire le fichier, pour que les deux soient comparées."
"""What to do with a version that was not put beside one that came out meanwhile."""


def _likely(version: Version, mine: Shown) -> bool:
    """Whether a version may be thought to share people with a table before it is read."""
    return version.received == mine.received or any(
        c.name in mine.source.column_names for c in version.schema.columns
    )


def _under(city: City, version: Version) -> str:
    """Digest of the policy that a version was made under, "" without one."""
    with city.db.read() as conn:
        return str(policies.made(conn, version).get("policy", ""))


def _title(city: City, version: Version) -> str:
    with city.db.read() as conn:
        resource = datasets.resource(conn, version.resource)
        dataset = datasets.dataset(conn, resource.dataset) if resource else None
    names = dict.fromkeys(one.title for one in (dataset, resource) if one is not None and one.title)
    return " – ".join(names) or version.resource


def _plain(city: City, con: duckdb.DuckDBPyConnection, version: Version) -> Shown:
    with version_files.opened(city, version) as paths:
        return overlap.plain(
            pa.concat_tables([policies.whole(con, path) for path in paths], promote_options="default"),
            version.received,
        )


def _protected(city: City, version: Version, policy: str) -> Shown:
    """What a protected version shows, beside its source, read again as it was then.

    Raises NotFound or Gone when bytes or policy are not kept any more; HeldBack, Unreadable or UsageError
    when they can't be read as they were.
    """
    kept = policies.kept_as(city, policy)
    with city.db.read() as conn:
        resource, deposit = datasets.resource(conn, version.resource), deposits.get(conn, version.run)
    if resource is None:
        raise NotFound(Sentence("Ressource inconnue : « {name} ».", name=version.resource))
    with tempfile.TemporaryDirectory(dir=city.settings.path(city.settings.storage.spool)) as name:
        folder, limits = Path(name), city.settings.limits
        file = city.inbox.copy(version.received, folder / "received")
        reading = readers.read(
            file,
            Workspace(folder / "read", limits, sheet=resource.table),
            name=deposit.name if deposit else "",
        )
        con = connect.processing(folder, memory_mb=limits.memory_mb, threads=limits.threads)
        try:
            raw = next(
                (r for r in reading.tables if resource.table and r.name == resource.table), reading.tables[0]
            )
            if resource.recipe:
                raw = recipes.put_through(city, con, raw, resource, folder / "recipe").prepared.raw
            typed = columns.type_table(
                raw,
                folder / "typed.parquet",
                con=con,
                corrections=resource.corrections,
                bbox=city.settings.city.bbox,
                timezone=city.settings.city.timezone,
            )
            source = policies.whole(con, typed.path)
        finally:
            con.close()
    done = policies.work(
        source, typed.schema, kept, city, resource.id, version.received, day=version.at.date()
    )
    return overlap.anonymous(source, version.received, kept.policy, done)


def _said(title: str, verdict: Verdict, mine: Shown) -> Iterable[Finding]:
    if verdict.safe:
        return ()
    groups = "un groupe trop petit" if verdict.groups == 1 else f"{verdict.groups} groupes trop petits"
    if verdict.clear:
        which = (
            f"« {title} », publiée sans protection, montre"
            if mine.protected
            else f"« {title} » est protégée : cette table-ci montre"
        )
        said = f"{which} {groups} de ses personnes."
    else:
        said = f"Mise à côté de « {title} », cette table montre par différence {groups}, que ni l’une ni l’autre ne montre seule."
    where = f" Colonnes : {', '.join(verdict.columns)}." if verdict.columns else ""
    return (Finding(CHECK, said + where, "error", "confidentiality", "", verdict.rows, (), MEND),)


def _unread(titles: Sequence[str], severity: Severity) -> Iterable[Finding]:
    if not titles:
        return ()
    named = ", ".join(f"« {t} »" for t in dict.fromkeys(titles[:3]))
    more = f" et {len(titles) - 3} autres" if len(titles) > 3 else ""
    message = (
        f"Cette table n’a pas pu être comparée à {named}{more} : elles partagent peut-être des personnes."
    )
    return (Finding(UNREAD, message, severity, "confidentiality", "", 0, (), AGAIN),)
