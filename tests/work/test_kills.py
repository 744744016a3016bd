"""Fifty kills of a publishing process lose nothing acknowledged, show nothing half-published, publish nothing
twice, and the work goes on by itself.

Real processes, real SIGKILL. Before each kill new files are handed in, so that there is work to die in; every
kill is counted, and one that did not strike fails. The processes are forked from one that has imported Parvis
and opened nothing: what dies is the work, not the start of Python.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from parvis.cli.init import create
from parvis.core import settings
from parvis.core.types import PUBLIC, Contact, Dataset, Organisation, Resource
from parvis.engine.read import read
from parvis.publication import pipeline
from parvis.publication.city import open_city
from parvis.store import datasets, deposits, journal, releases, versions
from parvis.work.jobs import APPLICATION_VERSION
from tests.conftest import ROOT
from tests.processes.forks import ended, fork
from tests.work.kill_child import POINTS, main

ROWS = 60
MOMENTS = 28
"""Kills at a moment drawn from a seed; with those at the points, more than fifty."""


class Inbox:
    """A city, and the files handed in to it so far: most to publish, some with personal data to hold, some
    that can't be read.
    """

    def __init__(self, folder: Path) -> None:
        create(folder, "Ville")
        self.folder = folder
        self.city = open_city(settings.load(folder, {}))
        self.size = 0
        self.read: dict[str, list[dict[str, object]]] = {}
        """Rows of each version read so far, by digest: what never changes is read when it is first seen, and
        all of it again at the end.
        """
        with self.city.db.begin() as conn:
            datasets.save_organisation(conn, Organisation("ville", "Ville"))

    def receive(self, count: int) -> None:
        """Hand in the next files. Once this returns they are acknowledged."""
        for n in range(self.size, self.size + count):
            with self.city.db.begin() as conn:
                datasets.save_dataset(
                    conn,
                    Dataset(
                        f"jeu-{n}",
                        f"Jeu {n}",
                        "Une description.",
                        "ville",
                        Contact("Ville", "donnees@ville.example"),
                    ),
                )
                datasets.save_resource(conn, Resource(f"jeu-{n}/table", f"jeu-{n}", f"Table {n}"))
            source = self.folder.parent / f"{self.folder.name}-{n}.csv"
            source.write_bytes(content(n))
            pipeline.receive(self.city, source, name=f"f{n}.csv", resource=f"jeu-{n}/table")
        self.size += count

    def untouched(self) -> int:
        """How many of them no process has begun yet."""
        with self.city.db.read() as conn:
            return len(deposits.list(conn, states=("received",)))


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path / "city")


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Inbox:
    """A city that nobody disturbs, for all tests: it is handed the same files, as many as the largest of the
    others.
    """
    return Inbox(tmp_path_factory.mktemp("calm") / "city")


def content(n: int) -> bytes:
    if n % 9 == 8:
        return b"%PDF-1.4\n%%EOF\n"
    rows = [f"{i};{i * n / 7:.3f};2026-01-{i % 28 + 1:02d};ligne {i}" for i in range(ROWS)]
    header = "numero;mesure;jour;libelle"
    if n % 9 == 5:
        header += ";courriel"
        rows = [f"{r};jean.dupont{i}@courriel.example" for i, r in enumerate(rows)]
    return ("\n".join([header, *rows]) + "\n").encode()


def outcome(n: int) -> str:
    return {8: "refused", 5: "held"}.get(n % 9, "published")


@dataclass(frozen=True)
class Seen:
    """What a visitor and an auditor may see of a city at some moment."""

    states: tuple[str, ...]
    rows: dict[str, list[dict[str, object]]]


def look(inbox: Inbox, first: int = 0) -> Seen:
    """Look at everything that is visible, or at what became of the first files, and check that it is whole:
    each served version has its files, its release row, its event, exactly once.
    """
    city, size, rows = inbox.city, first or inbox.size, dict[str, list[dict[str, object]]]()
    with city.db.read() as conn:
        by_resource = {d.resource: d.state for d in deposits.list(conn)}
        events = journal.since(conn, 0, limit=100_000)
        assert [e.seq for e in events] == list(range(1, len(events) + 1)), "the journal has a gap"
        told = Counter((e.subject, e.ids["version"]) for e in events if e.verb in ("published", "held"))
        assert all(count == 1 for count in told.values()), "a version was told twice"
        shown: dict[str, str] = {}
        for n in range(size):
            resource = f"jeu-{n}/table"
            history = versions.history(conn, resource)
            assert len(history) <= 1, "a deposit made two versions"
            for version in history:
                assert (resource, version.digest) in told, "a version without its event"
            served = versions.served(conn, resource, PUBLIC)
            if served is not None:
                assert [r for r in releases.rows(conn, served.digest) if r.withdrawn_at is None], (
                    "served without a release row"
                )
                assert datasets.dataset(conn, f"jeu-{n}").state == "published"  # type: ignore[union-attr]
                assert all(city.files.exists(f.digest) for f in served.files), "served without its file"
                shown[resource] = served.digest
    for resource, digest in shown.items():
        if digest not in inbox.read:
            with read(city.engine, city.served(resource)) as result:
                inbox.read[digest] = result.rows()
        rows[resource] = inbox.read[digest]
    return Seen(tuple(by_resource[f"jeu-{n}/table"] for n in range(size)), rows)


def child(inbox: Inbox, point: str = "", count: int = 0) -> ForkServerProcess:
    return fork(main, inbox.folder, point, count)


def settle(inbox: Inbox, calm: Inbox) -> None:
    """Let a last process finish, and compare with what an undisturbed one makes of the same files."""
    assert ended(child(inbox)) == 0
    if calm.size < inbox.size:
        calm.receive(inbox.size - calm.size)
        assert ended(child(calm)) == 0
    inbox.read.clear()
    seen = look(inbox)
    assert seen == look(calm, inbox.size)
    assert seen.states == tuple(outcome(n) for n in range(inbox.size))
    assert len(seen.rows) == seen.states.count("published")


def test_killed_at_every_boundary_and_inside_every_step(inbox: Inbox, calm: Inbox) -> None:
    for point in POINTS:
        for count in (1, 2):
            inbox.receive(
                max(1, count + 1 - inbox.untouched())
            )  # one of them may be no table, and then passes few points
            assert ended(child(inbox, point, count)) == -9, f"no kill at passage {count} of {point}"
            look(inbox)
    settle(inbox, calm)


@pytest.mark.parametrize("seed", [0, 1])
def test_killed_at_any_moment(inbox: Inbox, calm: Inbox, seed: int) -> None:
    rng = random.Random(seed)
    inbox.receive(1)
    assert ended(fork(os.getpid)) == 0, (
        "what processes are forked from has started: it is no part of their life"
    )
    begun = time.monotonic()
    assert ended(child(inbox)) == 0
    life_s = (
        time.monotonic() - begun
    )  # of a process here and now: the kills fall between its first line and its last
    struck = 0
    for _ in range(3 * MOMENTS):  # a process that ends before its moment came is no kill
        inbox.receive(1)
        begun, process = time.monotonic(), child(inbox)
        process.join(rng.uniform(0.0, life_s))
        process.kill()
        if ended(process) == -9:
            struck += 1
        else:
            life_s = (
                time.monotonic() - begun
            )  # the first ones are longer, and so is any on a machine that has more to do
        look(inbox)
        if struck == MOMENTS // 2:
            break
    assert struck == MOMENTS // 2
    settle(inbox, calm)


def test_the_kills_are_fifty() -> None:
    assert 2 * len(POINTS) + MOMENTS + 1 >= 50


def test_a_second_process_in_the_middle_does_nothing_twice(inbox: Inbox, calm: Inbox) -> None:
    inbox.receive(10)
    both = [child(inbox), child(inbox)]
    codes = [ended(p) for p in both]
    assert 0 in codes, "one of them did the work"
    assert set(codes) <= {0, 1}, "the other was refused the lock, or came after"
    settle(inbox, calm)


@pytest.mark.parametrize("version", ["", "parvis-essai"])
def test_a_restart_after_a_code_change_takes_the_work_up(
    inbox: Inbox, calm: Inbox, tmp_path: Path, version: str
) -> None:
    """What was begun goes on where it stopped, in a process whose source is another one: a step that was done
    before is not done again. Under another version of the workflow, whose steps may be others, all of it is
    begun anew.
    """
    inbox.receive(6)
    assert ended(child(inbox, "before:decide", 2)) == -9
    killed_ms = int(time.time() * 1000)
    changed = tmp_path / "changed"
    shutil.copytree(ROOT / "src" / "parvis", changed / "parvis", ignore=shutil.ignore_patterns("vendor"))
    shutil.copytree(ROOT / "tests", changed / "tests")
    module = changed / "parvis" / "work" / "jobs.py"
    text = module.read_text("utf-8").replace(APPLICATION_VERSION, version or APPLICATION_VERSION)
    assert '"""Publish or hold, in one transaction."""\n' in text
    module.write_text(
        text.replace(
            '"""Publish or hold, in one transaction."""\n',
            '"""Publish or hold: changed."""\n        deposit_id = str(deposit_id)\n',
        ),
        "utf-8",
    )
    process = subprocess.run(
        [sys.executable, "-m", "tests.work.kill_child", str(inbox.folder)],
        cwd=changed,
        env={"PYTHONPATH": str(changed), "PATH": ""},
        check=False,
        timeout=120,
    )
    assert process.returncode == 0
    assert (taken_up(inbox.folder / "var" / "jobs.db", killed_ms) > 0) is not bool(version)
    settle(inbox, calm)


def taken_up(jobs_db: Path, moment_ms: int) -> int:
    """Workflows that read their file before a moment and decided on it after."""
    with closing(sqlite3.connect(jobs_db)) as jobs:
        query = """SELECT count(*) FROM operation_outputs d JOIN operation_outputs e USING (workflow_uuid)
            WHERE d.function_name = 'draft' AND e.function_name = 'decide' AND d.started_at_epoch_ms < ?1 AND e.started_at_epoch_ms >= ?1"""
        return int(jobs.execute(query, (moment_ms,)).fetchone()[0])
