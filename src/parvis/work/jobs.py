"""The pipeline as durable workflows: killed at any point, a deposit goes on where it stopped.

Exactly one process per city, the worker, holds the lock and launches DBOS (measured: a second process with
the same executor id runs a step twice). Faces never talk to it: a deposit and its Event are written in one
transaction, and the worker follows the journal, so that nothing acknowledged can miss its workflow. Executor
id and application version are fixed: a restart after a code change takes the old workflows up again.

What an outage stops (`store.outage`) waits: its workflow ends by saying what was away, and is begun anew
after a while, longer each time, until it goes through or `storage.outage_hours` are over. What was
acknowledged lies in the store; a step done twice gives the same.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from dbos import DBOS, DBOSConfig, DBOSConfiguredInstance, Queue, SetWorkflowID

from parvis.catalogue import description_scores
from parvis.catalogue.search import Index
from parvis.core import traces
from parvis.core.errors import NotFound, SourceDown
from parvis.core.sentence import reread, written
from parvis.decisions import deciding
from parvis.decisions.takedown import WORKER, Follower, node
from parvis.people import passkeys, sessions, throttle
from parvis.publication import pipeline, version_files
from parvis.publication.city import City
from parvis.store import deposits, journal, measured_risks, processes, study_runs
from parvis.store.deposits import Deposit
from parvis.store.outage import outage
from parvis.work import studies
from parvis.work.steps import (
    FAULT,
    OPEN_STATES,
    Drafting,
    decide,
    draft,
    failed,
    here,
    pause,
    telling_outages,
    waits,
)
from parvis.work.worker_lock import worker_lock

APPLICATION_VERSION = "parvis-1"
"""Changed by hand, only when a workflow's steps change their order or their ids: what is at work then is
begun anew.
"""

EXECUTOR = "worker"
QUEUE = "deposits"
MEASURES = "measures"
"""Queue of the risks to measure: one at a time, so that files are not kept waiting."""
STUDIES = "studies"
"""Queue of what professionals ask for: one at a time, however long it takes."""
MEASURED_AT_ONCE = 5
"""Measures that wait in the queue, at most; the next ones follow."""
LEAVE_S = 10
"""Seconds that a worker that stops gives to the workflows at work; what is not done by then goes on at the
next start.
"""

ONCE_S = 600.0
"""Seconds between two lines of the job library that say the same."""

QUICK_S = 0.1
QUIET_S = 1.0
"""Seconds between two looks of DBOS for what to do: while something waits, and once nothing has for a while.
"""

MEASURE_S = 1.0
MEASURE_QUIET_S = 5.0
"""The same for the risks to measure, and for studies."""

NEVER_S = 86_400.0
"""The same for the queue of its own that DBOS keeps for schedules and for workflows begun again by hand: we have neither,
and each look is a quarter of what an idle city costs.
"""

LISTEN_S = 0.05
"""Seconds that DBOS sleeps between two looks for messages: we wait for none, so that a look asks the database for
nothing, and leaving waits for the one that sleeps.
"""

HALF_WRITTEN = timedelta(days=1)
"""A file that has been half-written for so long belongs to a process that is gone."""

LOOK_AGAIN_S = 60.0
"""Seconds between two looks for risks to measure while nothing happens."""

LEFT_S = 30.0
"""Seconds after which a workflow at work that no thread of ours works at is begun anew: its end could not be
written down.
"""

BATCH = 500
"""Open deposits that one turn looks at."""


@DBOS.dbos_class()
class Workflows(DBOSConfiguredInstance):
    """The workflows of the city that this process works for. Inputs and step results are ids, never rows."""

    city: City
    drafting: Drafting
    measuring: Callable[[City, str], None]
    working: set[str]
    """Workflows that a thread of this process works at."""
    leaving: threading.Event
    """Set when this process ends: what takes long stops, and goes on in the next one."""

    def __init__(self) -> None:
        super().__init__(config_name="city")
        self.working = set()
        self.leaving = threading.Event()

    @DBOS.workflow(name="deposit")
    def deposit(self, deposit_id: str) -> str:
        """One deposit, from its bytes to a published or held version. Returns the state it ends in, or what
        was away (`AWAY` and the sentence).
        """
        name = DBOS.workflow_id or ""
        self.working.add(name)
        try:
            drafted = self.draft(deposit_id)
            return self.decide(deposit_id, drafted) if drafted else "refused"
        except SourceDown as down:
            return AWAY + written(down.message)
        finally:
            self.working.discard(name)

    @DBOS.step(name="draft")
    def draft(self, deposit_id: str) -> str:
        """Digest of the drafts, kept as a file; "" when the deposit was refused (and says why)."""
        with telling_outages():
            return draft(self.city, deposit_id, self.drafting)

    @DBOS.step(name="decide")
    def decide(self, deposit_id: str, drafted: str) -> str:
        """Publish or hold, in one transaction."""
        with telling_outages():
            return decide(self.city, deposit_id, drafted, self.drafting)

    @DBOS.workflow(name="measure")
    def measure(self, version: str) -> str:
        """The risk of a held version, measured and kept for whoever decides. Returns "done", or what was
        away.
        """
        try:
            self.risk(version)
        except SourceDown as down:
            return AWAY + written(down.message)
        return "done"

    @DBOS.workflow(name="study")
    def study(self, run: str) -> str:
        """One run of a study, to its end. Returns the state it ends in, or what was away."""
        name = DBOS.workflow_id or ""
        self.working.add(name)
        try:
            return self.compute(run)
        except SourceDown as down:
            return AWAY + down.message
        finally:
            self.working.discard(name)

    @DBOS.step(name="compute")
    def compute(self, run: str) -> str:
        """Work at it in a process of its own, from its last checkpoint on."""
        with telling_outages():
            return studies.compute(self.city, run, leaving=self.leaving.is_set)

    @DBOS.step(name="risk")
    def risk(self, version: str) -> None:
        """Measure it, and keep each part as soon as it is known."""
        with telling_outages(), suppress(NotFound):
            self.measuring(self.city, version)


AWAY = "away: "
"""What the answer of a workflow begins with that an outage stopped."""


@cache
def _workflows() -> Workflows:
    """One in a process: DBOS finds it again by its name when it takes an old workflow up, and keeps it for
    good.
    """
    return Workflows()


def _quiet() -> None:
    """Errors of DBOS alone, to the standard error of now: its own handler keeps the one of its import, which
    may be closed since.
    """
    logger = logging.getLogger("dbos")
    logger.setLevel(logging.ERROR)
    if logging.lastResort is not None:
        logger.handlers = [logging.lastResort]
    logger.filters = [Once()]


class Once(logging.Filter):
    """Lets each complaint of the job library through once in a while, in a line: while a disk is full it has
    the same to say several times a second, with its trace. What it means for a deposit is told by the
    deposit. The words of a fault, which it puts behind a colon or into the trace, are left out.
    """

    def __init__(self, every_s: float = ONCE_S) -> None:
        super().__init__()
        self._every_s = every_s
        self._logged_at: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        traces.without_words(record, outage)
        record.msg, record.args = record.getMessage().partition(": ")[0], ()
        kind = (record.exc_text or "").partition("\n")[0]
        place = f"{record.name} {record.pathname} {record.lineno} {kind}"
        now = time.monotonic()
        if now - self._logged_at.get(place, -self._every_s) < self._every_s:
            return False
        self._logged_at[place] = now
        return True


@contextmanager
def worker(
    city: City, drafting: Drafting = here, measuring: Callable[[City, str], None] = deciding.measure
) -> Generator[Callable[[], int]]:
    """Be the worker of this city. Yields `turn()`: enqueue what was handed in, close what failed, bring the
    indexes up to the journal, and return how many deposits are still open.

    Workflows that an earlier process left unfinished are taken up at once. The indexes have one writer, this
    thread, and are up to date when it leaves.
    """
    with worker_lock(city) as still:
        _quiet()
        library = DBOS(config=_config(city))
        workflows, tries = _workflows(), dict[str, Tries]()
        workflows.city, workflows.drafting, workflows.measuring = city, drafting, measuring
        workflows.leaving.clear()
        _leave_alone(library)
        DBOS.launch()
        queue = DBOS.register_queue(QUEUE, worker_concurrency=2, polling_interval_sec=QUICK_S)
        slow = DBOS.register_queue(MEASURES, worker_concurrency=1, polling_interval_sec=MEASURE_S)
        measures = Measures(city, workflows, slow, Pace(slow, MEASURE_S, MEASURE_QUIET_S))
        long = DBOS.register_queue(STUDIES, worker_concurrency=1, polling_interval_sec=MEASURE_S)
        studies_ = Studies(city, workflows, long, Pace(long, MEASURE_S, MEASURE_QUIET_S))
        leave_s = LEAVE_S
        followers = Follower(city, WORKER), Follower(city, node(city.settings))
        try:
            index, pace = pipeline.index(city), Pace(queue, QUICK_S, QUIET_S)
            scores = description_scores.Follower(city.db, city.settings)

            def turn() -> int:
                still()
                waiting = _turn(city, workflows, queue, index, tries)
                pace.turn(waiting=waiting > 0)
                measures.turn(idle=not waiting)
                studies_.turn(idle=not waiting)
                if not waiting:
                    scores.turn(city.now())
                for follower in followers:
                    follower.turn(index)
                return waiting

            yield turn
            pipeline.follow(city, index)
            leave_s = (
                LEAVE_S if _at_work() else 0
            )  # DBOS first looks after a whole second whether they are done
        finally:
            for follower in followers:
                follower.leave()
            workflows.leaving.set()
            DBOS.destroy(workflow_completion_timeout_sec=leave_s)


def _at_work() -> bool:
    """Whether a workflow runs, or may begin to."""
    return bool(
        DBOS.list_workflows(status=["PENDING", "ENQUEUED"], limit=1, load_input=False, load_output=False)
    )


def _leave_alone(library: DBOS) -> None:
    """Have DBOS hardly ever look at the queue of its own: it has no setting for that."""
    library._registry.get_internal_queue()._polling_interval_sec = NEVER_S  # pyright: ignore[reportPrivateUsage]


def _config(city: City) -> DBOSConfig:
    url = city.settings.database_url
    jobs = (
        f"sqlite:///{city.settings.path('var/jobs.db')}"
        if url.startswith("sqlite")
        else url.replace("+psycopg", "")
    )
    return DBOSConfig(
        name="parvis",
        system_database_url=jobs,
        application_version=APPLICATION_VERSION,
        executor_id=EXECUTOR,
        log_level="ERROR",
        use_listen_notify=False,
        dbos_system_schema="dbos",
        notification_listener_polling_interval_sec=LISTEN_S,
    )


@dataclass(slots=True)
class Tries:
    """How often a workflow was stopped by an outage, and when it is begun anew, by the monotonic clock; None
    while it is at work.
    """

    number: int = 0
    due: float | None = None
    left: float = field(default_factory=time.monotonic)
    """Since when nobody works at it, though it is at work."""

    def abandoned(self, *, at_work: bool, working: bool, now: float) -> bool:
        """Whether it is said to be at work while no thread of ours has worked at it for a while. What waits in the queue is not abandoned, however long.

        >>> tried = Tries(left=0.0)
        >>> [tried.abandoned(at_work=a, working=w, now=n) for a, w, n in ((False, False, 90.0), (True, False, 91.0), (True, True, 92.0), (True, False, 130.0))]
        [False, False, False, True]
        """
        if not at_work or working:
            self.left = now
        return now - self.left > LEFT_S


@dataclass(slots=True)
class Pace:
    """Has a queue looked at often while something waits, and seldom once nothing has for a while: a look is
    three questions to the database.
    """

    queue: Queue
    quick_s: float
    quiet_s: float
    quick: bool = True
    last: float = field(default_factory=time.monotonic)
    """When something last waited, by the monotonic clock."""

    def turn(self, *, waiting: bool) -> None:
        """Change the pace of the queue where it is to be changed."""
        now = time.monotonic()
        if waiting:
            self.last = now
        wanted = waiting or now - self.last < LEAVE_S
        if wanted is not self.quick:
            self.queue.set_polling_interval_sec(self.quick_s if wanted else self.quiet_s)
            self.quick = wanted


@dataclass(slots=True)
class Measures:
    """Has the risk of held versions measured, once files leave time for it.

    A command that publishes a file and goes, its work done, measures nothing: the next worker that stays
    does.
    """

    city: City
    workflows: Workflows
    queue: Queue
    pace: Pace
    idle: int = 0
    seen: int = -1
    due: float = 0.0

    def turn(self, *, idle: bool) -> None:
        """Enqueue what waits to be measured, when something happened since or a while went by."""
        self.idle = self.idle + 1 if idle else 0
        if self.idle < 2:
            return
        with self.city.db.read() as conn:
            seq = journal.last_seq(conn)
            now = time.monotonic()
            if seq == self.seen and now < self.due:
                return
            waiting = measured_risks.waiting(conn, limit=MEASURED_AT_ONCE)
        self.seen, self.due = seq, now + LOOK_AGAIN_S
        names = {f"risk-{version}": version for version in waiting}
        self.pace.turn(waiting=bool(names))
        if not names:
            return
        known = {
            w.workflow_id: w.status
            for w in DBOS.list_workflows(workflow_ids=list(names), load_input=False, load_output=False)
        }
        for name, version in names.items():
            status = known.get(name)
            if status in ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "CANCELLED"):
                deciding.stopped(self.city, version)
            elif status not in ("PENDING", "ENQUEUED"):
                if status is not None:
                    DBOS.delete_workflows([name])
                with SetWorkflowID(name):
                    self.queue.enqueue(self.workflows.measure, version)


@dataclass(slots=True)
class Studies:
    """Has the runs of studies done, one after the other in the order in which they were asked for, and
    destroys the results of what was taken down.
    """

    city: City
    workflows: Workflows
    queue: Queue
    pace: Pace
    tries: dict[str, Tries] = field(default_factory=dict[str, Tries])
    seen: int = -1
    idle: int = 0

    def turn(self, *, idle: bool) -> None:
        """Enqueue what waits; begin anew what an outage, or the end of a worker, stopped. A command that
        publishes a file and goes begins nothing.
        """
        self.idle = self.idle + 1 if idle else 0
        if self.idle < 2:
            return
        with self.city.db.read() as conn:
            waiting = study_runs.in_states(conn, study_runs.OPEN)
            seq = journal.last_seq(conn)
        if seq != self.seen:
            self.seen = seq
            studies.taken_down(self.city)
        names = {f"study-{one.id}": one.id for one in waiting}
        self.tries = {name: tried for name, tried in self.tries.items() if name in names}
        self.pace.turn(waiting=bool(names))
        if not names:
            return
        known = {
            w.workflow_id: w.status
            for w in DBOS.list_workflows(workflow_ids=list(names), load_input=False, load_output=False)
        }
        now = time.monotonic()
        for name, run in names.items():
            status, tried = known.get(name), self.tries.setdefault(name, Tries())
            left = tried.abandoned(
                at_work=status == "PENDING", working=name in self.workflows.working, now=now
            )
            if status in ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "CANCELLED"):
                studies.stopped(self.city, run)
                continue
            if status == "SUCCESS":  # it ended, and its run did not
                if tried.due is None:
                    tried.number += 1
                    tried.due = now + pause(tried.number)
                if now < (tried.due or 0.0):
                    continue
                tried.due = None
            if status == "SUCCESS" or left:
                DBOS.delete_workflows([name])
                status = None
            if status is None:
                with SetWorkflowID(name):
                    self.queue.enqueue(self.workflows.study, run)


def _turn(city: City, workflows: Workflows, queue: Queue, index: Index, tries: dict[str, Tries]) -> int:
    with city.db.read() as conn:
        waiting = deposits.list(conn, states=OPEN_STATES, limit=BATCH)
    if not waiting:
        tries.clear()
        pipeline.follow(city, index)
        return 0
    names = {d.id: f"{d.id}-{d.attempt}" for d in waiting}
    known = {
        w.workflow_id: w
        for w in DBOS.list_workflows(workflow_ids=list(names.values()), load_input=False, load_output=False)
    }
    for deposit in waiting:
        name = names[deposit.id]
        begun = known.get(name)
        status = begun.status if begun else None
        tried = tries.setdefault(name, Tries())
        left = tried.abandoned(
            at_work=status == "PENDING", working=name in workflows.working, now=time.monotonic()
        )
        # Of another version of the workflow nobody would ever take it up: its steps may not be those of now.
        other = (
            begun is not None
            and status in ("PENDING", "ENQUEUED")
            and begun.app_version not in (None, APPLICATION_VERSION)
        )
        if other or left or (status == "SUCCESS" and _again_now(city, deposit, name, tried)):
            DBOS.delete_workflows([name])
            status = None
        if status is None:
            with SetWorkflowID(name):
                queue.enqueue(workflows.deposit, deposit.id)
        elif status in ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "CANCELLED"):
            failed(city, deposit.id, FAULT)
    return len(waiting)


def _again_now(city: City, deposit: Deposit, name: str, tried: Tries) -> bool:
    """Whether a workflow that ended without closing its deposit is begun anew now: after an outage, once its
    time has come.
    """
    now = time.monotonic()
    if tried.due is not None:
        if now < tried.due:
            return False
        tried.due = None
        return True
    (ended,) = DBOS.list_workflows(workflow_ids=[name], load_input=False)
    answer = str(ended.output)
    if answer.startswith(AWAY):
        tried.number += 1
        wait_s = pause(tried.number)
        if waits(city, deposit, reread(answer.removeprefix(AWAY)), wait_s):
            tried.due = now + wait_s
    return False


def chores(city: City) -> None:
    """What keeps a city tidy: finished workflows, files that killed processes left, ended sessions, old
    sign-in failures.
    """
    prune()
    now = city.now()
    for files in (city.files, city.inbox):
        files.sweep(now - HALF_WRITTEN)
    version_files.collect(city, now - HALF_WRITTEN)
    _sweep(city.settings.path(city.settings.storage.spool), now - HALF_WRITTEN)
    with city.db.begin() as conn:
        sessions.purge(conn, now=now)
        passkeys.purge(conn, now=now)
        throttle.purge(conn, now - HALF_WRITTEN)


def _sweep(spool: Path, before: datetime) -> None:
    """Remove what processes that were killed left in the spool: copies in clear of files that they read."""
    for path in spool.iterdir():
        with suppress(OSError):
            if path.lstat().st_mtime < before.timestamp() and not processes.in_use(path):
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def prune(keep: int = 1000) -> int:
    """Forget finished workflows but the last `keep`; returns how many went. Their traces stay in the journal
    and in the runs.
    """
    done = DBOS.list_workflows(
        status=["SUCCESS"], sort_desc=True, offset=keep, load_input=False, load_output=False
    )
    if done:
        DBOS.delete_workflows([w.workflow_id for w in done])
    return len(done)
