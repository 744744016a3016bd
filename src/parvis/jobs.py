"""The pipeline as durable workflows: killed at any point, a deposit goes on where it stopped.

Exactly one process per city, the worker, holds the lock and launches DBOS (measured: a second process with the same executor id runs a step twice). Faces never
talk to it: a deposit and its Event are written in one transaction, and the worker follows the journal, so that nothing acknowledged can miss its workflow.
Executor id and application version are fixed: a restart after a code change takes the old workflows up again.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import IO

from dbos import DBOS, DBOSConfig, DBOSConfiguredInstance, Queue, SetWorkflowID

from parvis import holding, pipeline
from parvis.catalogue.search import Index
from parvis.core.errors import HeldBack, ParvisError
from parvis.people import sessions, throttle
from parvis.pipeline import City
from parvis.store import codec, deposits, journal
from parvis.takedown import WORKER, Follower, node

APPLICATION_VERSION = "parvis-1"
"""Changed by hand, only when a workflow's steps change their order or their ids."""

EXECUTOR = "worker"
QUEUE = "deposits"
OPEN_STATES: tuple[deposits.State, ...] = ("received", "reading")
LEAVE_S = 10
"""Seconds that a worker that stops gives to the workflows at work; what is not done by then goes on at the next start."""

LISTEN_S = 0.1
"""Seconds that DBOS sleeps between two looks for messages; we send none, but leaving waits for it."""

HALF_WRITTEN = timedelta(days=1)
"""A file that has been half-written for so long belongs to a process that is gone."""

BATCH = 500
"""Open deposits that one turn looks at."""


@DBOS.dbos_class()
class Workflows(DBOSConfiguredInstance):
    """The workflows of the city that this process works for. Inputs and step results are ids, never rows."""

    city: City

    def __init__(self) -> None:
        super().__init__(config_name="city")

    @DBOS.workflow(name="deposit")
    def deposit(self, deposit_id: str) -> str:
        """One deposit, from its bytes to a published or held version. Returns the state it ends in."""
        drafted = self.draft(deposit_id)
        return self.decide(deposit_id, drafted) if drafted else "refused"

    @DBOS.step(name="draft")
    def draft(self, deposit_id: str) -> str:
        """Digest of the drafts, kept as a file; "" when the deposit was refused (and says why)."""
        return draft(self.city, deposit_id)

    @DBOS.step(name="decide")
    def decide(self, deposit_id: str, drafted: str) -> str:
        """Publish or hold, in one transaction."""
        return decide(self.city, deposit_id, drafted)


def draft(city: City, deposit_id: str) -> str:
    """The step `draft`: an unreadable file closes the deposit with its reason; a fault of ours is raised."""
    with city.db.begin() as conn:
        deposit = deposits.get(conn, deposit_id)
        if deposit is None or deposit.state not in OPEN_STATES:
            return ""
        deposits.save(conn, replace(deposit, state="reading"))
    try:
        drafts = pipeline.draft(city, deposit)
    except ParvisError as error:
        if error.status >= 500:
            raise
        pipeline.refuse(city, deposit_id, error)
        return ""
    return city.inbox.put_bytes(codec.dumps(tuple[pipeline.Draft, ...], drafts).encode())


def decide(city: City, deposit_id: str, drafted: str) -> str:
    """The step `decide`. What it decided from is destroyed once it is done; killed before that, it is done again to the end."""
    if not city.inbox.exists(drafted):
        with city.db.read() as conn:
            done = deposits.get(conn, deposit_id)
        if done is not None and done.state not in OPEN_STATES:
            return done.state
    drafts = codec.loads(tuple[pipeline.Draft, ...], city.inbox.read(drafted).decode("utf-8"))
    if not all(city.files.exists(f.digest) or city.inbox.exists(f.digest) for d in drafts for f in d.version.files):
        drafts = _again(city, deposit_id, drafts)  # the same bytes were taken away in between, as those of another draft
    state = pipeline.decide(city, deposit_id, drafts).state
    holding.settle(city, [d.resource.id for d in drafts])
    holding.discard(city, [f.digest for d in drafts for f in d.version.files])
    city.inbox.delete(drafted)
    return state


def _again(city: City, deposit_id: str, drafts: tuple[pipeline.Draft, ...]) -> tuple[pipeline.Draft, ...]:
    with city.db.read() as conn:
        deposit = deposits.get(conn, deposit_id)
    return drafts if deposit is None or deposit.state not in OPEN_STATES else pipeline.draft(city, deposit)


@cache
def _workflows() -> Workflows:
    """One in a process: DBOS finds it again by its name when it takes an old workflow up, and keeps it for good."""
    return Workflows()


@contextmanager
def worker_lock(city: City) -> Generator[None]:
    """Held by the one worker of a city, freed by the system when the process ends. Raises HeldBack when another process holds it."""
    path = city.settings.path("var/worker.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file, city.db.exclusive("worker") as ours:
        if not ours or not _lock(file):
            raise HeldBack("Un autre processus traite déjà les dépôts de cette ville.", mend="Il s’en chargera : rien à faire.")
        _write_pid(file)
        yield


def _lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _write_pid(file: IO[str]) -> None:
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()


def _quiet() -> None:
    """Errors of DBOS alone, to the standard error of now: its own handler keeps the one of its import, which may be closed since."""
    logger = logging.getLogger("dbos")
    logger.setLevel(logging.ERROR)
    if logging.lastResort is not None:
        logger.handlers = [logging.lastResort]


@contextmanager
def worker(city: City) -> Generator[Callable[[], int]]:
    """Be the worker of this city. Yields `turn()`: enqueue what was handed in, close what failed, bring the indexes up to the journal, and return how many
    deposits are still open.

    Workflows that an earlier process left unfinished are taken up at once. The indexes have one writer, this thread, and are up to date when it leaves.
    """
    with worker_lock(city):
        _quiet()
        DBOS(config=_config(city))
        workflows = _workflows()
        workflows.city = city
        DBOS.launch()
        queue = DBOS.register_queue(QUEUE, worker_concurrency=2, polling_interval_sec=0.1)
        leave_s = LEAVE_S
        try:
            index = pipeline.index(city)
            pipeline.follow(city, index)
            followers = Follower(city, WORKER), Follower(city, node(city.settings))

            def turn() -> int:
                waiting = _turn(city, workflows, queue, index)
                for follower in followers:
                    follower.turn(index)
                return waiting

            yield turn
            pipeline.follow(city, index)
            leave_s = LEAVE_S if _at_work() else 0  # DBOS first looks after a whole second whether they are done
        finally:
            DBOS.destroy(workflow_completion_timeout_sec=leave_s)


def _at_work() -> bool:
    """Whether a workflow runs, or may begin to."""
    return bool(DBOS.list_workflows(status=["PENDING", "ENQUEUED"], limit=1, load_input=False, load_output=False))


def _config(city: City) -> DBOSConfig:
    url = city.settings.database_url
    jobs = f"sqlite:///{city.settings.path('var/jobs.db')}" if url.startswith("sqlite") else url.replace("+psycopg", "")
    return DBOSConfig(
        name="parvis", system_database_url=jobs, application_version=APPLICATION_VERSION, executor_id=EXECUTOR, log_level="ERROR", use_listen_notify=False,
        dbos_system_schema="dbos", notification_listener_polling_interval_sec=LISTEN_S,
    )  # fmt: skip


def _turn(city: City, workflows: Workflows, queue: Queue, index: Index) -> int:
    with city.db.read() as conn:
        waiting = deposits.list(conn, states=OPEN_STATES, limit=BATCH)
    if not waiting:
        pipeline.follow(city, index)
        return 0
    names = {d.id: f"{d.id}-{d.attempt}" for d in waiting}
    known = {w.workflow_id: w.status for w in DBOS.list_workflows(workflow_ids=list(names.values()), load_input=False, load_output=False)}
    for deposit in waiting:
        status = known.get(names[deposit.id])
        if status is None:
            with SetWorkflowID(names[deposit.id]):
                queue.enqueue(workflows.deposit, deposit.id)
        elif status in ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "CANCELLED"):
            _failed(city, deposit.id)
    return len(waiting)


def _failed(city: City, deposit_id: str) -> None:
    """A fault of ours stopped the deposit: say so, keep the bytes, and let it be tried again after a mend."""
    with city.db.begin() as conn:
        deposit = deposits.get(conn, deposit_id)
        if deposit is None or deposit.state not in OPEN_STATES:
            return
        deposits.save(conn, replace(deposit, state="failed", message="Une faute de Parvis a arrêté le traitement. Votre fichier est conservé."))
        journal.append(conn, at=city.now(), actor=pipeline.SYSTEM, verb="failed", subject=deposit.resource, ids={"deposit": deposit.id})


def chores(city: City) -> None:
    """What keeps a city tidy: finished workflows, files that killed processes left, ended sessions, old sign-in failures."""
    prune()
    now = city.now()
    for files in (city.files, city.inbox):
        files.sweep(now - HALF_WRITTEN)
    holding.collect(city, now - HALF_WRITTEN)
    with city.db.begin() as conn:
        sessions.purge(conn, now=now)
        throttle.purge(conn, now - HALF_WRITTEN)


def prune(keep: int = 1000) -> int:
    """Forget finished workflows but the last `keep`; returns how many went. Their traces stay in the journal and in the runs."""
    done = DBOS.list_workflows(status=["SUCCESS"], sort_desc=True, offset=keep, load_input=False, load_output=False)
    if done:
        DBOS.delete_workflows([w.workflow_id for w in done])
    return len(done)
