"""What was asked of studies, how far each run is, and where the parts of its result are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, RowMapping, Select, select

from parvis.core.types import Json, Run
from parvis.store import codec, runs
from parvis.store.rows import put
from parvis.store.tables import run_versions, study_runs
from parvis.store.tables import runs as runs_

State = Literal["waiting", "running", "done", "failed", "cancelled", "destroyed"]
"""destroyed: it was done, and what it was made from was taken down since."""

OPEN: tuple[State, ...] = ("waiting", "running")


@dataclass(frozen=True, slots=True)
class Part:
    """A table (Arrow IPC) or a file of a result: its bytes lie sealed, by digest."""

    kind: Literal["table", "file"]
    name: str
    digest: str
    bytes: int
    rows: int = 0


@dataclass(frozen=True, slots=True)
class StudyRun:
    """One run of a study. actor: opaque id of who asked; inputs: name to version digest; share: what is done,
    from 0 to 1; seconds: worked so far, over all attempts; kept: digest of the last checkpoint.
    """

    id: str
    study: str
    actor: str
    at: datetime
    seed: int = 1
    parameters: Mapping[str, Json] = field(default_factory=dict[str, Json])
    inputs: Mapping[str, str] = field(default_factory=dict[str, str])
    state: State = "waiting"
    cancelled: bool = False
    share: float = 0.0
    step: str = ""
    message: str = ""
    attempt: int = 0
    seconds: float = 0.0
    ended_at: datetime | None = None
    kept: str = ""
    parts: tuple[Part, ...] = ()
    outputs: tuple[str, ...] = ()
    """Versions that were published of it."""

    @property
    def run(self) -> Run:
        """What the lineage keeps of it."""
        inputs = tuple(dict.fromkeys(self.inputs.values()))
        return Run(self.id, f"study:{self.study}", self.at, self.parameters, self.seed, inputs, self.outputs)


_INPUTS = Mapping[str, str]
_PARTS = tuple[Part, ...]
_PARAMETERS = Mapping[str, Json]


def save(conn: Connection, one: StudyRun) -> None:
    """Insert a run, or change the one of that id. Its `Run` is « running » until it is over, then
    « published » once something of it is, « unchanged » while nothing is.
    """
    outcome = (
        "running"
        if one.state in OPEN
        else "failed"
        if one.state in ("failed", "cancelled")
        else "published"
        if one.outputs
        else "unchanged"
    )
    runs.save(conn, replace(one.run, outcome=outcome))
    put(
        conn,
        study_runs,
        {
            "run": one.id,
            "study": one.study,
            "actor": one.actor,
            "at": one.at,
            "state": one.state,
            "cancelled": one.cancelled,
            "share": one.share,
            "step": one.step,
            "message": one.message,
            "attempt": one.attempt,
            "seconds": one.seconds,
            "ended_at": one.ended_at,
            "inputs": codec.dumps(_INPUTS, one.inputs),
            "kept": one.kept,
            "parts": codec.dumps(_PARTS, one.parts),
        },
    )


def get(conn: Connection, run_id: str) -> StudyRun | None:
    """The run of that id, None when there is none."""
    return next(iter(_runs(conn, _ALL.where(study_runs.c.run == run_id))), None)


def beginning(conn: Connection, text: str) -> Sequence[StudyRun]:
    """The runs whose id begins so: four characters at least."""
    if len(text) < 4 or not text.isalnum():
        return ()
    return _runs(conn, _ALL.where(study_runs.c.run.startswith(text)).limit(2))


def listed(conn: Connection, study: str = "", *, limit: int = 50) -> Sequence[StudyRun]:
    """Runs, the newest first. study: of that one."""
    query = _ALL.where(study_runs.c.study == study) if study else _ALL
    return _runs(conn, query.order_by(study_runs.c.at.desc(), study_runs.c.run).limit(limit))


def in_states(conn: Connection, states: Sequence[State]) -> Sequence[StudyRun]:
    """Every run in one of these states, the oldest first."""
    return _runs(conn, _ALL.where(study_runs.c.state.in_(states)).order_by(study_runs.c.at, study_runs.c.run))


def is_cancelled(conn: Connection, run_id: str) -> bool:
    """Whether a run was cancelled; False for one that is not known."""
    return bool(conn.execute(select(study_runs.c.cancelled).where(study_runs.c.run == run_id)).scalar())


def named(conn: Connection) -> set[str]:
    """Digests of every checkpoint, part and given file: they are kept as long as their run says so."""
    digests = set[str]()
    for one in _runs(conn, _ALL.where(study_runs.c.state != "destroyed")):
        digests |= {one.kept, *(part.digest for part in one.parts), *files(one.parameters)}
    return digests - {""}


def files(parameters: Mapping[str, Json]) -> tuple[str, ...]:
    """Digests of the files that were given with a run."""
    return tuple(str(one["file"]) for one in parameters.values() if isinstance(one, dict) and "file" in one)


def destroyed(one: StudyRun) -> StudyRun:
    """The run without anything of its result."""
    return replace(one, state="destroyed", kept="", parts=(), message="")


_ALL = select(study_runs, runs_.c.parameters, runs_.c.seed).join(runs_, runs_.c.id == study_runs.c.run)


def _runs(conn: Connection, query: Select[tuple[object, ...]]) -> Sequence[StudyRun]:
    rows = conn.execute(query).mappings().all()
    versions_by_run: dict[str, list[str]] = {}
    version_query = (
        select(run_versions)
        .where(run_versions.c.run.in_([r["run"] for r in rows]), run_versions.c.side == "output")
        .order_by(run_versions.c.position)
    )
    for row in conn.execute(version_query).mappings():
        versions_by_run.setdefault(row["run"], []).append(row["version"])
    return tuple(_one(row, tuple(versions_by_run.get(row["run"], ()))) for row in rows)


def _one(row: RowMapping, outputs: tuple[str, ...]) -> StudyRun:
    return StudyRun(
        row["run"],
        row["study"],
        row["actor"],
        row["at"],
        row["seed"],
        codec.loads(_PARAMETERS, row["parameters"]),
        codec.loads(_INPUTS, row["inputs"]),
        row["state"],
        row["cancelled"],
        row["share"],
        row["step"],
        row["message"],
        row["attempt"],
        row["seconds"],
        row["ended_at"],
        row["kept"],
        codec.loads(_PARTS, row["parts"]),
        outputs,
    )
