"""Runs: what was done with which versions, and what came out. The lineage."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, Executable, delete, insert, select

from parvis.core.types import Json, Run
from parvis.store import codec
from parvis.store.rows import put
from parvis.store.tables import run_versions, runs

_PARAMETERS = Mapping[str, Json]


def save(conn: Connection, run: Run) -> None:
    """Insert the run, or change the one of that id, with its inputs and outputs in their order."""
    put(
        conn,
        runs,
        {
            "id": run.id,
            "what": run.what,
            "at": run.at,
            "parameters": codec.dumps(_PARAMETERS, run.parameters),
            "seed": run.seed,
            "outcome": run.outcome,
        },
    )
    conn.execute(delete(run_versions).where(run_versions.c.run == run.id))
    ends = [
        {"run": run.id, "side": side, "position": i, "version": v}
        for side, run_versions_of in (("input", run.inputs), ("output", run.outputs))
        for i, v in enumerate(run_versions_of)
    ]
    if ends:
        conn.execute(insert(run_versions), ends)


def run(conn: Connection, run_id: str) -> Run | None:
    """The run of that id, None when there is none."""
    return next(iter(_runs(conn, select(runs).where(runs.c.id == run_id))), None)


def producing(conn: Connection, version_digest: str) -> list[Run]:
    """The runs that made a version, oldest first."""
    return _touching(conn, version_digest, "output")


def last(conn: Connection, what: str) -> Run | None:
    """The newest run of that kind, None when there was none."""
    return next(
        iter(
            _runs(
                conn, select(runs).where(runs.c.what == what).order_by(runs.c.at.desc(), runs.c.id).limit(1)
            )
        ),
        None,
    )


def using(conn: Connection, version_digest: str) -> list[Run]:
    """The runs that read a version, oldest first."""
    return _touching(conn, version_digest, "input")


def _touching(conn: Connection, version: str, side: str) -> list[Run]:
    ids = select(run_versions.c.run).where(run_versions.c.version == version, run_versions.c.side == side)
    return _runs(conn, select(runs).where(runs.c.id.in_(ids)).order_by(runs.c.at, runs.c.id))


def _runs(conn: Connection, query: Executable) -> list[Run]:
    rows = conn.execute(query).mappings().all()
    ends: dict[tuple[str, str], list[str]] = {}
    inputs_query = (
        select(run_versions)
        .where(run_versions.c.run.in_([r["id"] for r in rows]))
        .order_by(run_versions.c.position)
    )
    for row in conn.execute(inputs_query).mappings():
        ends.setdefault((row["run"], row["side"]), []).append(row["version"])
    return [
        Run(
            id=r["id"],
            what=r["what"],
            at=r["at"],
            parameters=codec.loads(_PARAMETERS, r["parameters"]),
            seed=r["seed"],
            inputs=tuple(ends.get((r["id"], "input"), ())),
            outputs=tuple(ends.get((r["id"], "output"), ())),
            outcome=r["outcome"],
        )
        for r in rows
    ]
