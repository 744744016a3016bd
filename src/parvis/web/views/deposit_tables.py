"""The tables of a file beside the one that the page of its deposit shows whole: what each holds, and what was seen
in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import Connection

from parvis.core.types import POINT, RAW_PREFIX, SHAPE, Finding, Version
from parvis.store import datasets, runs, versions
from parvis.store.deposits import Deposit

MOST = 50
"""Tables that a page tells of."""


@dataclass(frozen=True, slots=True)
class TableBeside:
    """One further table of the file."""

    title: Annotated[str, "Titre de la table."]
    resource: Annotated[str, "Identifiant de la ressource."]
    version: Annotated[str, "Empreinte de la version lue."]
    rows: Annotated[int, "Nombre d’enregistrements."]
    columns: Annotated[tuple[str, ...], "Noms des colonnes."]
    findings: Annotated[tuple[Finding, ...], "Constats, valeurs personnelles masquées."]


def beside(conn: Connection, deposit: Deposit) -> tuple[TableBeside, ...]:
    """The tables of a deposit but its first, in the order of the file; at most `MOST`."""
    run = runs.run(conn, deposit.id)
    digests = [d for d in run.outputs if d != deposit.version][:MOST] if run is not None else []
    return tuple(_table(conn, v) for d in digests if (v := versions.version(conn, d)) is not None)


def _table(conn: Connection, version: Version) -> TableBeside:
    resource = datasets.resource(conn, version.resource)
    names = tuple(
        c.title or c.name
        for c in version.schema.columns
        if c.name not in (POINT, SHAPE) and not c.name.startswith(RAW_PREFIX)
    )
    return TableBeside(
        resource.title if resource else version.resource,
        version.resource,
        version.digest,
        version.rows,
        names,
        version.report.findings,
    )
