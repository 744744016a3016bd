"""Where a dataset comes from and what is made of it, as far as everybody may know.

Only public datasets and versions are named; a private source is counted, not named. The parameters of a run
stay inside: they may name files and people.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from parvis.catalogue.entries import visible
from parvis.core.types import PUBLIC, Run
from parvis.store import datasets, listing, runs, tables, versions

CALCULATED = ("service:", "study:")
"""Beginnings of what a run did, of those that calculate: each has its public examination."""

STEPS = 20
"""Versions told of each resource, newest first."""


@dataclass(frozen=True, slots=True)
class Source:
    """A dataset upstream or downstream."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Input:
    """A public version that a run has read."""

    dataset: str
    resource: str
    version: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """A public version of the dataset, and how it came to be."""

    resource: str
    version: str
    at: datetime
    rows: int
    what: str
    """What the run did; "" when no run is known."""
    run: str
    inputs: tuple[Input, ...] = ()
    hidden: int = 0
    """Versions that the run read and that are not public."""


@dataclass(frozen=True, slots=True)
class Lineage:
    """The family of a dataset."""

    dataset: str
    sources: tuple[Source, ...]
    """Public datasets that it is computed from."""
    hidden: int
    """Datasets that it is computed from and that are not public."""
    derived: tuple[Source, ...]
    """Public datasets computed from it."""
    steps: tuple[Step, ...]
    """Its public versions, newest first."""


def is_calculated(what: str) -> bool:
    """Whether a run of that name calculated what it made, of other tables."""
    return what.startswith(CALCULATED)


def lineage(conn: Connection, dataset_id: str) -> Lineage | None:
    """The lineage of a public dataset, None when it is not one."""
    if dataset_id not in visible(conn, (dataset_id,)):
        return None
    dataset = datasets.dataset(conn, dataset_id)
    sources = sorted(set(dataset.derived_from if dataset else ()) - {dataset_id})
    derived = [name for name in listing.derived(conn, dataset_id) if name != dataset_id]
    public_sources = visible(conn, sources)
    known = datasets.titles(conn, (*public_sources, *derived))
    steps = [step for resource in datasets.resources(conn, dataset_id) for step in _steps(conn, resource.id)]
    return Lineage(
        dataset_id,
        tuple(Source(s, known[s]) for s in sources if s in public_sources),
        sum(s not in public_sources for s in sources),
        tuple(Source(d, known[d]) for d in derived),
        tuple(sorted(steps, key=lambda s: (s.at, s.version), reverse=True)),
    )


def _public(conn: Connection, digests: list[str]) -> frozenset[str]:
    r = tables.releases
    query = select(r.c.version).where(
        r.c.version.in_(digests), r.c.audience == PUBLIC.name, r.c.withdrawn_at.is_(None)
    )
    return frozenset(conn.execute(query).scalars())


def _steps(conn: Connection, resource: str) -> list[Step]:
    past = versions.history(conn, resource, limit=4 * STEPS)
    public = _public(conn, [v.digest for v in past])
    steps: list[Step] = []
    for version in [v for v in past if v.digest in public][:STEPS]:
        run = runs.run(conn, version.run)
        read, hidden = _inputs(conn, run) if run else ((), 0)
        steps.append(
            Step(
                resource,
                version.digest,
                version.at,
                version.rows,
                run.what if run else "",
                version.run,
                read,
                hidden,
            )
        )
    return steps


def _inputs(conn: Connection, run: Run) -> tuple[tuple[Input, ...], int]:
    """The inputs of a run that anybody may see, and how many others there are."""
    public = _public(conn, list(run.inputs))
    read = [
        version for digest in run.inputs if digest in public and (version := versions.version(conn, digest))
    ]
    public_sources = visible(conn, {v.resource.partition("/")[0] for v in read})
    inputs = tuple(
        Input(of, v.resource, v.digest, v.at)
        for v in read
        if (of := v.resource.partition("/")[0]) in public_sources
    )
    return inputs, len(run.inputs) - len(inputs)
