"""A new table beside the others of the city over the same people: where one of two is protected, their
difference must give nobody away.

The others are those made from the same bytes, those that have a column of the same name, and those of about
as many rows. What a protected version was made of is read again from the bytes that were handed in, under the
policy of its day: nothing else about its people is kept. What was not put side by side is told.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Connection

from parvis import columns, readers
from parvis.columns.table import Typed
from parvis.core.errors import Gone, HeldBack, NotFound, Unreadable, UsageError
from parvis.core.late import late as when_used
from parvis.core.reading import Workspace
from parvis.core.sentence import Sentence
from parvis.core.text import fold
from parvis.core.types import PUBLIC, Finding, Resource, Schema, Version
from parvis.engine import connect
from parvis.publication import count_tables, policies, recipes, version_files
from parvis.store import datasets, deposits, live, overlap_checks, releases, versions
from parvis.store.overlap_checks import OverlapCheck
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
TOGETHER, ROWS_TOGETHER = 6, 200_000
"""Tables that are put together, three and more at a time, at most, and rows of each."""
CELLS = 50_000_000
"""Cells of other tables that are read, at most, all together."""

CHECK = count_tables.CHECK
UNREAD = count_tables.UNREAD
MEND = (
    "Protégez les deux tables par la même politique, sur les mêmes colonnes ; ou retirez l’autre de la publication, puis faites relire ce fichier ; "
    "ou renoncez à celle-ci."
)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another table of the same file: its title, where it lies as it is typed, and what it shows when it is
    protected.
    """

    title: str
    path: Path
    protected: Shown | None


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look beside the others looked at, so that what came out since it began is known.

    known: digests of the versions that were thought of; at: when the look began; columns, rows: of what a protected
    table was made of, empty and 0 for one that is published as it is.
    """

    known: tuple[str, ...]
    at: datetime
    columns: tuple[str, ...] = ()
    rows: int = 0

    @property
    def check(self) -> OverlapCheck:
        """What is kept of it with the version."""
        return OverlapCheck(frozenset(self.known), self.at)


@dataclass(slots=True)
class Beside:
    """What a table told beside the others."""

    looked: Looked
    findings: list[Finding] = field(default_factory=list[Finding])
    beside: dict[int, Finding] = field(default_factory=dict[int, Finding])
    """What is to be told of the siblings too, by their place."""


def look(
    city: City,
    con: duckdb.DuckDBPyConnection,
    resource: Resource,
    received: str,
    typed: Typed,
    protected: Shown | None,
    siblings: Sequence[Neighbour] = (),
) -> Beside:
    """Put a new table beside every other that it may share people with, those of the same file (siblings)
    included.

    protected: what it shows under its policy, None when it is published as it is.
    """
    begun = city.now()  # before the others are listed: what comes out from now on may not be among them
    result = _beside_rows(city, con, resource, received, typed.path, protected, siblings, begun)
    if protected is None:
        sheets = [(s.title, s.path) for s in siblings if s.protected is None]
        counted = count_tables.look(city, con, resource, received, typed, sheets)
        result.findings += [*counted.findings]
        result.looked = replace(result.looked, known=(*result.looked.known, *counted.known))
    return result


def _beside_rows(
    city: City,
    con: duckdb.DuckDBPyConnection,
    resource: Resource,
    received: str,
    path: Path,
    protected: Shown | None,
    siblings: Sequence[Neighbour],
    begun: datetime,
) -> Beside:
    """What it tells beside tables that are protected by a policy, whose rows can be read again."""
    source = protected.source if protected is not None else None
    with city.db.read() as conn:
        others = candidates(conn, resource, received, source)
    looked = Looked(tuple(v.digest for v in others), begun)
    if source is not None:
        looked = replace(looked, columns=tuple(source.column_names), rows=source.num_rows)
    near = [(i, s) for i, s in enumerate(siblings) if protected is not None or s.protected is not None]
    if not others and not near:
        return Beside(looked)
    mine = protected if protected is not None else overlap.plain(policies.whole(con, path), received)
    result = Beside(looked)
    for place, sibling in near:
        theirs = (
            sibling.protected
            if sibling.protected is not None
            else overlap.plain(policies.whole(con, sibling.path), received)
        )
        verdict = overlap.compared(mine, theirs)
        result.findings += _difference_findings(sibling.title, verdict, mine)
        for finding in _difference_findings(resource.title, verdict, theirs):
            result.beside[place] = finding
    sources, cells = READ_AGAIN, CELLS
    skipped, lost = list[str](), list[str]()
    together = [(s.title, s.protected) for _, s in near if s.protected is not None]
    for version in others:
        title, under = count_tables.title_of(city, version), _under(city, version)
        size = version.rows * len(version.schema.columns)
        if size > cells or (under and not sources):
            skipped += [title] if _likely(version, mine) else []
            continue
        cells -= size
        sources -= bool(under)
        try:
            sides = [_protected(city, version, under)] if under else _plain(city, con, version)
        except (Gone, NotFound, HeldBack, Unreadable, UsageError):
            lost.append(title)
            continue
        verdict = _worst(overlap.compared(mine, one) for one in sides)
        result.findings += _difference_findings(title, verdict, mine)
        if not verdict.looked:
            skipped.append(title)
        if verdict.safe and sum(one.source.num_rows for one in sides) <= ROWS_TOGETHER:
            together += [(title, one) for one in sides[:1]]
    result.findings += _united_findings(mine, together[:TOGETHER])
    result.findings += [*count_tables.unread(lost, "error"), *count_tables.unread(skipped, "warning")]
    return result


def _united_findings(mine: Shown, others: Sequence[tuple[str, Shown]]) -> Iterable[Finding]:
    """What a table tells beside two others or more, that no two of them tell."""
    tables = [table for _, table in others]
    if len(tables) < 2:
        return ()
    bases = [t for t in (mine, *tables) if t.protected]
    worst = _worst(overlap.united_with(base, tables, mine) for base in bases)
    return _difference_findings(" + ".join(dict.fromkeys(title for title, _ in others)), worst, mine)


def candidates(conn: Connection, resource: Resource, received: str, source: pa.Table | None) -> list[Version]:
    """Versions that a table may share people with.

    Beside a protected table, public ones, the likeliest first, and all protected ones; beside one that is
    not, the protected ones: not those of its own resource, nor of one whose protection a person has ended.

    source: what a protected table was made of, None of one that is published as it is.
    """
    if source is None:
        return _guarded(conn, resource)
    return _near(conn, resource, received, source.column_names, source.num_rows)


def _guarded(conn: Connection, resource: Resource) -> list[Version]:
    """Protected versions of other resources that somebody may read."""
    return _under_policy(
        conn, [name for name, now in policies.ever(conn).items() if now and name != resource.id]
    )


def _near(
    conn: Connection, resource: Resource, received: str, names: Sequence[str], rows: int
) -> list[Version]:
    """Public versions of the same bytes, of columns so named or of about as many rows, and protected ones."""
    near = versions.beside(conn, received, names, rows, PUBLIC, limit=MOST)
    there = {v.digest for v in near}
    near += [v for v in _under_policy(conn, list(policies.ever(conn))) if v.digest not in there]
    return [v for v in near if not (v.resource == resource.id and v.received == received)]


def uncompared(conn: Connection, resource: Resource, version: Version) -> bool:
    """Whether a table that is out by now was not when this version, which waits for a decision, was put beside
    the others: one that may share its people, one of the two protected.
    """
    names = [c.name for c in version.schema.columns]
    others = (
        _near(conn, resource, version.received, names, version.rows)
        if policies.policy_lineage(conn, version)
        else [v for v in _guarded(conn, resource) if _same_column(v, names) or v.received == version.received]
    )
    others += count_tables.candidates(conn, resource, version.received, version.schema, version.rows)
    check = overlap_checks.of(conn, version.digest) or OverlapCheck(frozenset(), version.at)
    return releases.any_since(conn, {v.digest for v in others} - check.others, check.at)


def _same_column(version: Version, names: Sequence[str]) -> bool:
    return any(c.name in names for c in version.schema.columns)


def _under_policy(conn: Connection, resources: Sequence[str]) -> list[Version]:
    """Versions of these resources that were made under a policy and that somebody may read."""
    readable = versions.read_by_anybody(conn, resources, limit=MOST) if resources else []
    return [v for v in readable if policies.policy_lineage(conn, v)]


def late(conn: Connection, resource: Resource, version: Version, looked: Looked, *, protected: bool) -> bool:
    """Whether another table that it should have been put beside came out since the look began: one of the same bytes, at
    least one of the two protected; for a table of counts, another one; else one that may share its people. Tables of the
    same file were put beside one another.
    """
    received = version.received
    same_bytes = versions.of_bytes(conn, received, PUBLIC) if received else []
    if any(
        v.digest not in looked.known
        and v.resource != resource.id
        and (protected or policies.policy_lineage(conn, v))
        for v in same_bytes
    ) or any(
        v.digest not in looked.known
        for v in count_tables.candidates(conn, resource, received, version.schema, version.rows)
    ):
        return True
    names = [c.name for c in version.schema.columns]
    near = (
        _near(conn, resource, received, looked.columns, looked.rows)
        if looked.columns
        else [v for v in _guarded(conn, resource) if _same_column(v, names)]
    )
    since = {v.digest for v in near if v.run != version.run} - {*looked.known}
    return releases.any_since(conn, since, looked.at)


LATE = "Une autre table sur les mêmes personnes peut-être a été publiée entre-temps : faites relire le fichier, pour que les deux soient comparées."
"""What to do with a version that was not put beside one that came out meanwhile."""
OUT_SINCE = Sentence("Cette version n’a pas été comparée à ce qui a été publié depuis qu’elle attend.")
BEING_READ = Sentence(
    "Le fichier est relu maintenant, à côté de ces tables : décidez quand sa lecture est finie."
)
"""What becomes of a version on which somebody decides, and what they may do."""


def _likely(version: Version, mine: Shown) -> bool:
    """Whether a version may be thought to share people with a table before it is read."""
    return version.received == mine.received or _same_column(version, mine.source.column_names)


def _under(city: City, version: Version) -> str:
    """Digest of the policy that a version was made under, "" without one."""
    with city.db.read() as conn:
        return str(policies.policy_lineage(conn, version).get("policy", ""))


def beside_batch(city: City, resource: Resource, batch: pa.Table) -> tuple[Finding, ...]:
    """What a batch of a live resource tells, by itself and with the history, beside the protected tables that share a
    column with it; without rows, as all that is said of a batch.
    """
    with city.db.read() as conn:
        others = candidates(conn, resource, "", None)
        out = versions.served(conn, resource.id, PUBLIC)
        counts = count_tables.candidates(conn, resource, "", Schema(), 0)
    names = {fold(n) for n in batch.column_names}
    near = [v for v in others if any(fold(c.name) in names for c in v.schema.columns)][:READ_AGAIN]
    if not near and not counts:
        return ()
    spool = city.settings.path(city.settings.storage.spool)
    con = connect.processing(spool, memory_mb=city.settings.limits.memory_mb, threads=1)
    try:
        counted = count_tables.beside_batch(city, con, resource, batch)
        before = _plain(city, con, out) if near and out is not None and out.rows else ()
    finally:
        con.close()
    sides = [overlap.plain(batch, ""), *before]
    findings, lost = [*counted], list[str]()
    for version in near:
        title = count_tables.title_of(city, version)
        try:
            protected = _protected(city, version, _under(city, version))
        except (Gone, NotFound, HeldBack, Unreadable, UsageError):
            lost.append(title)
            continue
        findings += _difference_findings(
            title, _worst(overlap.compared(protected, one) for one in sides), sides[0]
        )
    return (*findings, *count_tables.unread(lost, "warning"))


def _worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Of what one table tells beside several states of another, what tells most."""
    return max(verdicts, key=lambda v: (v.groups, not v.looked), default=overlap.SAFE)


def _plain(city: City, con: duckdb.DuckDBPyConnection, version: Version) -> list[Shown]:
    """A version that is published as it is; of a live one its history, and its last batch: the state of now."""
    with version_files.opened(city, version) as paths:
        tables = [pa.concat_tables([policies.whole(con, path) for path in paths], promote_options="default")]
    with city.db.read() as conn:
        tip = live.newest(conn, version.resource)
    if tip is not None:
        tables.append(pq.read_table(city.files.local(tip.file.digest)))
    return [overlap.plain(table, version.received) for table in tables if table.num_rows]


def _protected(city: City, version: Version, policy: str) -> Shown:
    """What a protected version shows, beside its source, read again as it was then.

    Raises NotFound or Gone when bytes or policy are not kept any more; HeldBack, Unreadable or UsageError
    when they can't be read as they were.
    """
    stored = policies.kept_as(city, policy)
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
        source, typed.schema, stored, city, resource.id, version.received, day=version.at.date()
    )
    return overlap.anonymous(source, version.received, stored.policy, done)


def _difference_findings(title: str, verdict: Verdict, mine: Shown) -> Iterable[Finding]:
    if verdict.safe:
        return ()
    groups = "un groupe trop petit" if verdict.groups == 1 else f"{verdict.groups} groupes trop petits"
    if verdict.clear:
        which = (
            f"« {title} », publiée sans protection, montre"
            if mine.protected
            else f"« {title} » est protégée : cette table-ci montre"
        )
        message = f"{which} {groups} de ses personnes."
    else:
        message = f"Mise à côté de « {title} », cette table montre par différence {groups}, que ni l’une ni l’autre ne montre seule."
    where = f" Colonnes : {', '.join(verdict.columns)}." if verdict.columns else ""
    return (Finding(CHECK, message + where, "error", "confidentiality", "", verdict.rows, (), MEND),)
