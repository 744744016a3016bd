"""A new table beside the tables of counts that are out, whose rows nobody has: those that `parvis tabulate` wrote, under
any dataset, and the versions of before.

What readers compute from the published numbers alone is computed here too (`privacy/published_counts`). A table of counts
is put beside every public one; any other table beside those of counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Connection

from parvis.columns.table import Typed
from parvis.core.errors import Gone, NotFound
from parvis.core.late import late as when_used
from parvis.core.text import fold
from parvis.core.types import PUBLIC, Finding, Resource, Schema, Severity, Version
from parvis.publication import policies, version_files
from parvis.store import datasets, journal, versions
from parvis.store.place import City

if TYPE_CHECKING:
    from parvis.privacy import published_counts
    from parvis.privacy.published_counts import CountTable, Told
else:
    published_counts = when_used("parvis.privacy.published_counts")

MOST = 60
"""Other versions that are read, at most."""
ROWS = 20_000
"""Rows of a table of counts, at most."""
CELLS = 10_000_000
"""Cells of other tables that are read, at most, all together."""
STATUS = "statut"
"""The column in which a table of counts says what is hidden (`privacy.published_counts`)."""

COUNTED = "counts-published"
"""Verb: a table of counts of which some are hidden became a version; subject: its resource."""
CHECK = "privacy-overlap"
UNREAD = "privacy-overlap-unread"
MEND = (
    "Faites ce tableau avec « parvis tabulate --beside » (ou « --before » pour celui d’une date d’avant), du fichier des deux ; "
    "ou réunissez des modalités ; ou retirez l’autre de la publication."
)
MEND_ALONE = (
    "Faites-le du fichier d’origine par « parvis tabulate », qui masque d’autres cases pour celles-là."
)
AGAIN = "Faites relire le fichier, ou faites décider de sa publication."


@dataclass(frozen=True, slots=True)
class Seen:
    """What a table told beside those of counts. known: digests of the versions that were thought of."""

    findings: tuple[Finding, ...] = ()
    known: tuple[str, ...] = ()


def is_one(schema: Schema, rows: int) -> bool:
    """Whether a version may be such a table of counts, by its columns."""
    return 0 < rows <= ROWS and len(schema.columns) > 2 and schema.column(STATUS) is not None


def note(conn: Connection, city: City, version: Version, actor: str) -> None:
    """Write down that a table of counts became a version: the next tables are put beside it."""
    if is_one(version.schema, version.rows) and version.resource not in _noted(conn):
        journal.append(conn, at=city.now(), actor=actor, verb=COUNTED, subject=version.resource)


def _noted(conn: Connection) -> set[str]:
    return {event.subject for event in journal.all_of(conn, [COUNTED])}


def look(
    city: City,
    con: duckdb.DuckDBPyConnection,
    resource: Resource,
    received: str,
    new: Typed,
    siblings: Sequence[tuple[str, Path]] = (),
) -> Seen:
    """Put a new table that no policy protects beside those that it may share people with, one of both being a table of
    counts. siblings: titles and files of the other tables of its file.
    """
    mine = is_one(new.schema, new.rows)
    with city.db.read() as conn:
        others = candidates(conn, resource, received, new.schema, new.rows)
    if not mine and not others and not any(_small(path) for _, path in siblings):
        return Seen()
    known = tuple(v.digest for v in others)
    whole = policies.whole(con, new.path)
    counted = published_counts.read(whole) if mine else None
    sheets = [(title, policies.whole(con, path)) for title, path in siblings if _small(path)]
    names = counted.columns if counted is not None else [c.name for c in new.schema.columns]
    read, skipped = _read(city, con, [v for v in others if _concerns(v, names)])
    alone = _alone(counted) if counted is not None else ()
    return Seen(
        (*alone, *_beside_findings(whole, counted, [*sheets, *read]), *unread(skipped, "warning")),
        known,
    )


def beside_batch(
    city: City, con: duckdb.DuckDBPyConnection, resource: Resource, batch: pa.Table
) -> tuple[Finding, ...]:
    """What a batch of a live resource tells beside the tables of counts that are out."""
    with city.db.read() as conn:
        others = candidates(conn, resource, "", Schema(), 0)
    read, skipped = _read(city, con, [v for v in others if _concerns(v, batch.column_names)])
    return (*_beside_findings(batch, None, read), *unread(skipped, "warning"))


def _read(
    city: City, con: duckdb.DuckDBPyConnection, others: Sequence[Version]
) -> tuple[list[tuple[str, pa.Table]], list[str]]:
    """Other tables with their titles, and the titles of those that were not read."""
    tables, skipped, cells = list[tuple[str, pa.Table]](), list[str](), CELLS
    for version in others:
        title, size = title_of(city, version), version.rows * len(version.schema.columns)
        if size > cells:
            skipped.append(title)
            continue
        cells -= size
        try:
            with version_files.opened(city, version) as paths:
                parts = [policies.whole(con, path) for path in paths]
        except (Gone, NotFound):
            skipped.append(title)
            continue
        tables.append((title, pa.concat_tables(parts, promote_options="default")))
    return tables, skipped


def _small(path: Path) -> bool:
    return 0 < pq.read_metadata(path).num_rows <= ROWS and STATUS in pq.read_schema(path).names


def _concerns(version: Version, columns: Iterable[str]) -> bool:
    """Whether a public version may tell something beside a table with these columns: a table of counts, or one that has a
    column of one of these names.
    """
    names = {fold(c.name) for c in version.schema.columns}
    return is_one(version.schema, version.rows) or any(fold(c) in names for c in columns)


def _alone(counted: CountTable) -> tuple[Finding, ...]:
    leak = published_counts.alone(counted)
    if not leak.groups:
        return ()
    many = "une case cachée se retrouve" if leak.groups == 1 else f"{leak.groups} cases cachées se retrouvent"
    return (_finding(f"Dans ce tableau, {many} par les sommes des autres.", leak, MEND_ALONE),)


def _beside_findings(
    whole: pa.Table, counted: CountTable | None, beside: Sequence[tuple[str, pa.Table]]
) -> Iterable[Finding]:
    """What a table tells beside others, of which it or they are tables of counts."""
    protected = [published_counts.read(table) for _, table in beside]
    if counted is not None:
        tables = [
            (title, one)
            for (title, table), read in zip(beside, protected, strict=True)
            for one in ([read] if read is not None else published_counts.others_of(table, counted))
        ]
        yield from _together_findings(counted, tables)
        return
    for (title, _), other in zip(beside, protected, strict=True):
        if other is not None:
            for one in published_counts.others_of(whole, other):
                yield from _together_findings(one, [(title, other)])


def _together_findings(one: CountTable, others: Sequence[tuple[str, CountTable]]) -> Iterable[Finding]:
    unable = list[str]()
    for place, leak in published_counts.together(one, [table for _, table in others]):
        title = others[place][0] if place >= 0 else ""
        if not leak.looked:
            unable.append(title or "plusieurs tableaux")
            continue
        groups = "un groupe trop petit" if leak.groups == 1 else f"{leak.groups} groupes trop petits"
        with_it = f"de « {title} »" if title else "de tous ceux sur les mêmes personnes"
        yield _finding(f"Mis à côté {with_it}, ce tableau montre par différence {groups}.", leak, MEND)
    yield from unread(unable, "warning")


def _finding(message: str, leak: Told, mend: str) -> Finding:
    where = f" Colonnes : {', '.join(c.strip() for c in leak.columns)}." if leak.columns else ""
    return Finding(CHECK, message + where, "error", "confidentiality", "", 0, (), mend)


def candidates(
    conn: Connection, resource: Resource, received: str, schema: Schema, rows: int
) -> list[Version]:
    """Public versions that a table is put beside: all that may share its columns for one of counts, and for any other
    those of counts.
    """
    if is_one(schema, rows):
        names = [c.name for c in schema.columns]
        others = versions.beside(conn, received, names, rows, PUBLIC, limit=MOST)
    else:
        noted = sorted(_noted(conn) - {resource.id})
        others = (
            [v for v in versions.read_by_anybody(conn, noted, limit=MOST) if is_one(v.schema, v.rows)]
            if noted
            else []
        )
    return [v for v in others if not (v.resource == resource.id and v.received == received)]


def title_of(city: City, version: Version) -> str:
    """What people call a version by: its dataset and its resource."""
    with city.db.read() as conn:
        resource = datasets.resource(conn, version.resource)
        dataset = datasets.dataset(conn, resource.dataset) if resource else None
    names = dict.fromkeys(one.title for one in (dataset, resource) if one is not None and one.title)
    return " – ".join(names) or version.resource


def unread(titles: Sequence[str], severity: Severity) -> Iterable[Finding]:
    """What is told of tables that were not compared."""
    if not titles:
        return ()
    named = ", ".join(f"« {t} »" for t in dict.fromkeys(titles[:3]))
    more = f" et {len(titles) - 3} autres" if len(titles) > 3 else ""
    message = (
        f"Cette table n’a pas pu être comparée à {named}{more} : elles partagent peut-être des personnes."
    )
    return (Finding(UNREAD, message, severity, "confidentiality", "", 0, (), AGAIN),)
