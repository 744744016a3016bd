"""A table as it would be published: put through its recipe, typed, and put through its policy of anonymisation."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from parvis import checks, columns, schemas
from parvis.checks.domains import named
from parvis.columns.table import Typed
from parvis.core.reading import RawTable
from parvis.core.types import (
    Finding,
    Resource,
    Schema,
)
from parvis.inspection.inspection import Expected
from parvis.prepare import Prepared
from parvis.publication import (
    policies,
    recipes,
    version_files,
)
from parvis.publication import sensitivity as inherited
from parvis.publication.city import City
from parvis.publication.policies import Applied
from parvis.store import versions


@dataclass(frozen=True, slots=True)
class PreparedTable:
    """A table as it would be published. source: as it stands in the file; by: the recipe it went through;
    veiled: what a policy of anonymisation made of it; carried: what is personal in the file, followed to
    here; called: name of each column in the version, to that in `raw`'s labels.
    """

    source: RawTable
    raw: RawTable
    typed: Typed
    expected: Expected
    by: Prepared | None
    inputs: tuple[str, ...]
    veiled: Applied | None
    carried: inherited.Inherited
    called: Mapping[str, str]

    def of_file(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings by the records and columns of the file that was handed in."""
        return tuple(findings if self.by is None else map(self.by.of_file, findings))


def prepare(
    city: City,
    con: duckdb.DuckDBPyConnection,
    source: RawTable,
    resource: Resource,
    received: str,
    out: Path,
) -> PreparedTable:
    """Put a table through its recipe, type it into `out`, and put it through its policy: all that follows
    sees what would be published. received: digest of the bytes of the file.

    Raises HeldBack when the table no longer fits the recipe or the policy of its resource.
    """
    table = _typed(city, con, source, resource, out)
    policy = policies.current(city, resource.id)
    if policy is not None:
        veiled = policies.apply(city, con, policy, table.typed, resource, received)
        table = replace(
            table,
            raw=veiled.raw,
            typed=veiled.typed,
            expected=replace(table.expected, schema=None),
            by=None,
            veiled=veiled,
            carried=inherited.under_policy(table.carried, veiled.lineage, table.called),
        )
    _as_before(city, con, resource, received, out)
    return table


def _typed(
    city: City, con: duckdb.DuckDBPyConnection, source: RawTable, resource: Resource, out: Path
) -> PreparedTable:
    """A table put through its recipe, and typed into `out`."""
    by, inputs, carried = None, (), inherited.NOTHING
    if resource.recipe:
        through = recipes.put_through(city, con, source, resource, out.with_suffix(".recipe"))
        by, inputs, carried = through.prepared, through.inputs, through.inherited
    raw = by.raw if by else source
    called = dict(zip((c.name for c in raw.columns), columns.column_names(raw), strict=True))
    schema = schema_of(city, resource.schema) if resource.schema and not named(resource.schema) else None
    of = city.settings.city
    expected = Expected(
        city.now().date(), schema, resource.corrections, bbox=tuple(of.bbox), timezone=of.timezone
    )
    typed = expected.typed(raw, out, con)
    return PreparedTable(source, raw, typed, expected, by, inputs, None, carried, called)


def _as_before(
    city: City, con: duckdb.DuckDBPyConnection, resource: Resource, received: str, out: Path
) -> None:
    """Give the typed file the bytes that it had before, where the same file handed in again holds the same
    rows: the version is then the same one.
    """
    with city.db.read() as conn:
        before = versions.latest(conn, resource.id)
    if (
        before is None
        or before.received != received
        or len(before.files) != 1
        or not version_files.present(city, before)
    ):
        return
    with version_files.opened(city, before) as (old,):
        if columns.alike(old, out, con):
            shutil.copyfile(old, out)


def schema_of(city: City | None, name: str) -> Schema:
    """The Table Schema of that path, or of that name (`equipements`, `scdl/budget@0.8.3`) in the city's
    library; without a city, in that of the current folder.

    Raises UsageError when there is none, or when it is no Table Schema.
    """
    folder = city.settings.folder if city else Path()
    path = folder / name
    return (
        checks.load_schema(path.read_bytes(), source=name)
        if path.is_file()
        else schemas.library(folder).find(name).schema
    )
