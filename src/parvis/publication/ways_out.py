"""What a sender is offered for a table that personal data hold: columns to leave out, a policy that makes it
anonymous; each was tried before it is offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb

from parvis import privacy
from parvis.core.types import (
    Finding,
    Resource,
    Schema,
)
from parvis.publication import (
    proposing,
)
from parvis.publication import sensitivity as inherited
from parvis.publication.city import City
from parvis.publication.prepared_tables import PreparedTable
from parvis.store.deposits import Proposal


@dataclass(frozen=True, slots=True)
class WaysOut:
    """Ways out for a table that personal data hold, each of them tried; see `Understood`."""

    without: tuple[str, ...] = ()
    proposal: Proposal | None = None


def ways_out(
    city: City,
    con: duckdb.DuckDBPyConnection,
    table: PreparedTable,
    schema: Schema,
    findings: Sequence[Finding],
    resource: Resource,
    received: str,
) -> WaysOut:
    """What may be offered for a table that these findings hold; nothing where none does, or where a policy made it."""
    held = {f.column for f in privacy.holding(findings)}
    if not held or table.veiled is not None:
        return WaysOut()
    through = table.carried != inherited.NOTHING
    proposal = (
        None
        if through or resource.every_s
        else proposing.tried(city, con, table.typed, schema, held, resource.id, received)
    )
    return WaysOut(_without(con, table, findings), proposal)


def _without(
    con: duckdb.DuckDBPyConnection, table: PreparedTable, findings: Iterable[Finding]
) -> tuple[str, ...]:
    """The columns without which nothing personal would hold a table back: tried on what is left of it. None where
    nothing holds it, where that is not enough, or where a policy makes it anonymous already.
    """
    held = privacy.holding(findings)
    names = {c.name for c in table.typed.schema.columns}
    gone = {f.column for f in held}
    if not held or table.veiled is not None or not gone < names or table.carried.rows:
        return ()
    looked = inherited.Looked(table.typed, table.called)
    alone = looked.marks(con, {table.called[n] for n in names - gone if n in table.called})
    if any(mark.holds for mark in alone.values()):
        return ()
    return tuple(
        table.called[c.name] for c in table.typed.schema.columns if c.name in gone and c.name in table.called
    )
