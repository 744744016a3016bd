"""Where the bytes of a version lie: in the open while somebody may read it, sealed while nobody may.

Files are moved after the decision that moves them and before the one that shows them: what is readable is
always there, and a kill in between leaves a file in two places, which the next call puts right.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Generator, Iterable
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, select

from parvis.core.types import Version
from parvis.engine import connect
from parvis.engine.read import Engine
from parvis.store import journal, releases, study_runs, tables, versions
from parvis.store.place import City

RECIPES = ("recipe-saved", "recipe-file", "policy-saved")
"""Events that name bytes which no row names: states of recipes and of policies, and the files beside them."""


@contextmanager
def opened(city: City, version: Version) -> Generator[tuple[Path, ...]]:
    """The Parquet files of a version, in order, wherever they lie; copies of sealed ones are gone when the
    `with` ends.

    For the work of the platform itself; what a person looks at goes by a `Released` and `engine`, and is an
    event. Raises NotFound when they were destroyed.
    """
    with ExitStack() as stack:
        yield tuple(
            stack.enter_context(city.inbox.open(f.digest))
            if not city.files.exists(f.digest) and city.inbox.exists(f.digest)
            else city.files.local(f.digest)
            for f in version.files
        )


def present(city: City, version: Version) -> bool:
    """Whether all files of a version are still there, in clear or sealed."""
    return all(city.files.exists(f.digest) or city.inbox.exists(f.digest) for f in version.files)


def lay_open(city: City, version: Version) -> None:
    """Put the files of a version where readers find them: before the decision that lets them."""
    for file in version.files:
        if not city.files.exists(file.digest) and city.inbox.exists(file.digest):
            with city.inbox.open(file.digest) as path:
                city.files.put(path)


@contextmanager
def decided(city: City, version_digest: str) -> Generator[None]:
    """Around a decision on a version: its files lie open before it is taken, and where the decision wants
    them after, whatever it was.
    """
    with city.db.read() as conn:
        version = versions.version(conn, version_digest)
    if version is None:
        yield
        return
    lay_open(city, version)
    try:
        yield
    finally:
        settle(city, [version.resource])


@contextmanager
def engine(city: City, version: Version) -> Generator[Engine]:
    """An engine, locked like that of visitors, that reads the files of this one version, sealed or not. For
    what is minted for one person: see `examine`.
    """
    spool = city.settings.path(city.settings.storage.spool)
    spool.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="open-", dir=spool) as name:
        folder, spilled = _Folder(Path(name) / "files"), Path(name) / "spilled"
        folder.path.mkdir()
        spilled.mkdir()
        for file in version.files:
            if city.files.exists(file.digest):
                shutil.copyfile(city.files.local(file.digest), folder.local(file.digest))
            else:
                city.inbox.copy(file.digest, folder.local(file.digest))
        con = connect.visitor(
            folder.path,
            spilled,
            memory_mb=city.settings.serve.query_mb,
            spatial=bool(version.schema.geometry),
        )
        try:
            yield Engine(con, folder, seconds=city.settings.serve.query_s)
        finally:
            con.close()


@dataclass(frozen=True, slots=True)
class _Folder:
    """Files by digest in one folder."""

    path: Path

    def local(self, digest: str) -> Path:
        return self.path / f"{digest}.parquet"


def settle(city: City, resources: Iterable[str]) -> None:
    """Seal the files of the versions that nobody may read, and only those. Doing it again changes nothing.

    The files of a live resource lie in the open: its hours are read together, by the platform itself, under
    the decision on the whole.
    """
    today = city.now().date()
    for resource in dict.fromkeys(resources):
        with city.db.read() as conn:
            known = versions.history(conn, resource)
            every = {f.digest for v in known for f in v.files}
            files = every - _live(conn, every)
            needed = {d for d in files if any(in_force(conn, v, today) for v in versions.naming(conn, d))}
            handed_in = _received(conn, needed)
        for digest in sorted(files - needed):
            if city.files.exists(digest):
                city.inbox.put(city.files.local(digest))
                city.files.delete(digest)
        for digest in sorted(needed):
            if city.inbox.exists(digest):
                if not city.files.exists(digest):
                    with city.inbox.open(digest) as path:
                        city.files.put(path)
                if digest not in handed_in:
                    city.inbox.delete(digest)


def in_force(conn: Connection, version: str, today: date) -> bool:
    """Whether anybody at all may read a version: a release that was not withdrawn and has not ended."""
    return any(
        r.withdrawn_at is None and (r.audience.until is None or today <= r.audience.until)
        for r in releases.rows(conn, version)
    )


def discard(city: City, digests: Iterable[str]) -> None:
    """Destroy the files that no version came to name: those of a draft that was given up."""
    wanted = tuple(digests)
    with city.db.read() as conn:
        named = versions.referenced(conn, wanted)
    for digest in wanted:
        if digest not in named:
            city.files.delete(digest)


def collect(city: City, before: datetime) -> int:
    """Destroy what nothing names and what is older than that moment: drafts and files that a killed process
    left. Returns how many files went.
    """
    with city.db.read() as conn:
        named = versions.referenced(conn) | _named_by_events(conn) | study_runs.named(conn)
    drafts = [d for d in city.inbox.before(before) if d not in named]
    orphans = [d for d in city.files.before(before) if d not in named]
    for digest in drafts:
        city.inbox.delete(digest)
    for digest in orphans:
        city.files.delete(digest)
    return len(drafts) + len(orphans)


def _live(conn: Connection, among: Collection[str]) -> set[str]:
    """Those of these digests that the hours of a live resource name."""
    first, second = (select(c).where(c.in_(among)) for c in (tables.tips.c.digest, tables.segments.c.digest))
    return {*conn.execute(first.union(second)).scalars()}


def _received(conn: Connection, among: Collection[str]) -> set[str]:
    """Those of these digests that were handed in."""
    column = tables.deposits.c.received
    return {*conn.execute(select(column).where(column.in_(among))).scalars()}


def _named_by_events(conn: Connection) -> set[str]:
    """Recipes, and the files that are kept beside them: events name them. Of batches that were held, the last
    of each feed, and those of which texts were cleared; what was said of columns.
    """
    held = {event.subject: event.ids["held"] for event in journal.all_of(conn, ("batch-held",))}
    cleared = {
        event.ids[key] for event in journal.all_of(conn, ("batch-cleared",)) for key in ("held", "why")
    } | {event.ids["why"] for event in journal.all_of(conn, ("batch-clearing-ended",))}
    columns = journal.all_of(conn, ("column-cleared", "column-clearing-ended"))
    cleared |= {e.ids[key] for e in columns for key in ("held", "why") if key in e.ids}
    return (
        {value for event in journal.all_of(conn, RECIPES) for value in event.ids.values()}
        | {*held.values()}
        | cleared
    )
