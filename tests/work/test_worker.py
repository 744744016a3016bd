"""The worker: one at a time, one city after another in a process, and a fault of ours closes the deposit
without losing its bytes.
"""

from __future__ import annotations

import errno
import io
import logging
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from dbos import DBOS
from dbos._dbos import _get_or_create_dbos_registry
from dbos._sys_db import SystemDatabase

from parvis.cli.init import create
from parvis.cli.publish import process
from parvis.core import settings
from parvis.core.errors import HeldBack
from parvis.core.types import Dataset, Organisation, Resource
from parvis.decisions import deciding
from parvis.publication import pipeline
from parvis.publication.city import City, open_city
from parvis.store import datasets, deposits, journal
from parvis.store.deposits import Deposit
from parvis.work import jobs


def city_with_a_file(folder: Path) -> tuple[City, Deposit]:
    create(folder / "city", "Ville")
    city = open_city(settings.load(folder / "city", {}))
    with city.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("ville", "Ville"))
        datasets.save_dataset(conn, Dataset("jeu", "Jeu", "Une description.", "ville"))
        datasets.save_resource(conn, Resource("jeu/table", "jeu", "Table"))
    file = folder / "f.csv"
    file.write_text("a;b\n1;2\n3;4\n", "utf-8")
    return city, pipeline.receive(city, file, name="f.csv", resource="jeu/table")


def by_worker(city: City, ids: Sequence[str]) -> list[Deposit]:
    """See these deposits through as the worker that stays does."""
    with jobs.worker(city) as turn:
        while turn():
            time.sleep(0.02)
    with city.db.read() as conn:
        return [d for one in ids if (d := deposits.get(conn, one)) is not None]


WAYS = [pytest.param(process, id="command"), pytest.param(by_worker, id="worker")]
Way = Callable[[City, Sequence[str]], list[Deposit]]


@pytest.mark.parametrize("way", WAYS)
def test_a_process_works_for_one_city_after_another(tmp_path: Path, way: Way) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        city, deposit = city_with_a_file(tmp_path / name)
        assert [d.state for d in way(city, [deposit.id])] == ["published"]


def test_a_second_worker_is_refused_while_the_first_works(tmp_path: Path) -> None:
    city, _ = city_with_a_file(tmp_path)
    with jobs.worker_lock(city), pytest.raises(HeldBack, match="Un autre processus"), jobs.worker_lock(city):
        pass


@pytest.mark.parametrize("way", WAYS)
def test_a_fault_of_ours_fails_the_deposit_and_a_second_try_goes_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: Way
) -> None:
    city, deposit = city_with_a_file(tmp_path)
    with monkeypatch.context() as patch:

        def broken(*args: object) -> None:
            raise ZeroDivisionError

        patch.setattr(pipeline, "draft", broken)
        (failed,) = way(city, [deposit.id])
    assert failed.state == "failed"
    assert "Parvis" in failed.message, "the sender is told that the fault is ours"
    with city.db.read() as conn:
        assert "failed" in [e.verb for e in journal.of(conn, "jeu/table")]
    again = pipeline.receive(city, tmp_path / "f.csv", name="f.csv", resource="jeu/table")
    assert (again.id, again.attempt) == (deposit.id, 2)
    assert [d.state for d in way(city, [again.id])] == ["published"]


@pytest.mark.parametrize("handed", [b"a;b\n1;2\n", b"%PDF-1.7 no table"], ids=["a table", "no table"])
def test_a_draft_of_another_version_of_the_program_is_made_anew(tmp_path: Path, handed: bytes) -> None:
    """An upgrade comes between the two steps: what the older program wrote says a field that no longer is."""
    city, _ = city_with_a_file(tmp_path)
    (tmp_path / "g.csv").write_bytes(handed)
    deposit = pipeline.receive(city, tmp_path / "g.csv", name="g.csv", resource="jeu/table")
    older = city.inbox.put_bytes(b'[{"known": []}]')
    state = jobs.decide(city, deposit.id, older)
    with city.db.read() as conn:
        done = deposits.get(conn, deposit.id)
    assert done is not None
    assert (state, done.state) == (("published",) * 2 if handed.startswith(b"a") else ("refused",) * 2)
    assert not city.inbox.exists(older)


def test_work_whose_end_could_not_be_written_down_is_begun_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full for the step and for the note of its end: the workflow says that it is at work, and no
    thread works at it.
    """
    city, deposit = city_with_a_file(tmp_path)
    monkeypatch.setattr(jobs, "LEFT_S", 0.3)
    struck: list[str] = []

    def once_full(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def inner(*args: object, **named: object) -> object:
            if name not in struck:
                struck.append(name)
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(*args, **named)

        return inner

    monkeypatch.setattr(pipeline, "draft", once_full("draft", pipeline.draft))
    monkeypatch.setattr(
        SystemDatabase,
        "update_workflow_outcome",
        once_full("outcome", SystemDatabase.update_workflow_outcome),
    )
    assert [d.state for d in by_worker(city, [deposit.id])] == ["published"]
    assert struck == ["draft", "outcome"]
    with city.db.read() as conn:
        assert [e.verb for e in journal.of(conn, "jeu/table")] == ["published", "received"], (
            "nobody was told that it waited"
        )


def test_a_standard_error_that_closed_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stream that DBOS was given first is gone, as when a process that embeds us turns its output
    elsewhere.
    """
    gone = io.StringIO()
    monkeypatch.setattr(logging.getLogger("dbos"), "handlers", [logging.StreamHandler(gone)])
    gone.close()
    city, deposit = city_with_a_file(tmp_path)
    assert [d.state for d in by_worker(city, [deposit.id])] == ["published"]


def test_the_risk_of_a_held_version_is_measured_by_the_worker(tmp_path: Path) -> None:
    """Not in anybody's request: the command that published goes at once, the worker that stays measures, and
    keeps it.
    """
    city, deposit = city_with_a_file(tmp_path)
    with city.db.begin() as conn:
        datasets.save_resource(conn, Resource("jeu/table", "jeu", "Table", policy="hold"))
    (held,) = process(city, [deposit.id])
    assert held.state == "held"
    with city.db.read() as conn:
        before, whole = deciding.measured(conn, held.version)
    assert (before.measures, before.not_measured, whole) == ((), (deciding.PENDING,), False)
    known = before
    with jobs.worker(city) as turn:
        for _ in range(2_000):
            turn()
            with city.db.read() as conn:
                known, whole = deciding.measured(conn, held.version)
            if whole:
                break
    assert whole
    assert deciding.PENDING not in known.not_measured
    assert any("avant anonymisation" in n for n in known.not_measured)


def test_what_waits_in_the_queue_is_not_abandoned() -> None:
    """Of many files the last ones wait for minutes. Taken up at last, a workflow is not yet in the hands of a
    thread when it is said to be at work: begun anew at that very moment, it was deleted under the thread that
    had just taken it, and its deposit stopped.
    """
    tried = jobs.Tries(left=0.0)
    assert not any(tried.abandoned(at_work=False, working=False, now=float(n)) for n in range(0, 600, 5))
    assert not tried.abandoned(at_work=True, working=False, now=596.0)
    assert not tried.abandoned(at_work=True, working=True, now=700.0)
    assert tried.abandoned(at_work=True, working=False, now=700.0 + jobs.LEFT_S + 1)


def test_a_worker_with_nothing_to_do_looks_seldom_and_often_again_when_something_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    city, deposit = city_with_a_file(tmp_path)

    def every_s() -> float:
        with closing(sqlite3.connect(city.settings.path("var/jobs.db"))) as conn:
            return float(
                conn.execute(
                    "SELECT polling_interval_sec FROM queues WHERE name = ?", (jobs.QUEUE,)
                ).fetchone()[0]
            )

    own = list[float]()
    begin = DBOS.launch

    def launched() -> None:
        own.extend(queue.polling_interval_sec for queue in _get_or_create_dbos_registry().internal_queues())
        begin()

    assert [d.state for d in process(city, [deposit.id])] == ["published"]
    monkeypatch.setattr(jobs, "LEAVE_S", 0)
    monkeypatch.setattr(DBOS, "launch", launched)
    with jobs.worker(city) as turn:
        assert own == [jobs.NEVER_S]  # the library's own, for what we do not use
        assert (turn(), every_s()) == (0, jobs.QUIET_S)
        file = tmp_path / "g.csv"
        file.write_text("a;b\n5;6\n", "utf-8")
        pipeline.receive(city, file, name="g.csv", resource="jeu/table")
        assert (turn(), every_s()) == (1, jobs.QUICK_S)
