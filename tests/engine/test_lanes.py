"""Long queries wait for one another and never before short ones."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from parvis.core.errors import BadQuery, Busy
from parvis.engine import background, query_lanes
from parvis.engine.background import but_one
from parvis.engine.clock import Clock
from parvis.engine.connect import Late
from parvis.engine.query_lanes import Instant, Lanes
from parvis.engine.run import Engine, execute

SHORT = "SELECT 7 AS n"
LONG = "SELECT count(*) AS n FROM range(3000000000) a(x), range(50000) b(y) WHERE x * y % 7 = 3"


class NoFiles:
    """The queries here name no file."""

    def local(self, digest: str) -> Path:
        raise AssertionError(digest)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine whose long lane is narrow."""
    monkeypatch.setattr("parvis.engine.run.INSTANT_S", 0.3)
    con = duckdb.connect()
    yield Engine(con, NoFiles(), seconds=0.6, lanes=Lanes(places=1, waiting=0, wait_s=0.0))
    con.close()


def test_a_long_query_is_stopped_in_the_end_and_known_by_then(engine: Engine) -> None:
    """It is begun twice at most; the second time asked it goes to the long lane at once."""
    with pytest.raises(BadQuery) as late:
        execute(engine, LONG, ())
    assert late.value.code == "timeout"
    assert engine.lanes.known_long(LONG)
    assert not engine.lanes.known_long(SHORT)
    engine.lanes.enter()  # its place was given back


def test_short_queries_go_on_while_the_long_lane_is_full(engine: Engine) -> None:
    """The one that finds no place there is told when to come back; a short one never notices."""
    leave = engine.lanes.enter()
    with pytest.raises(Busy) as busy:
        execute(engine, LONG, ())
    assert busy.value.wait_s > 0
    with execute(engine, SHORT, ()) as found:
        assert found.scalar() == 7
    leave()
    leave()
    with pytest.raises(BadQuery):
        execute(engine, LONG, ())


def test_a_query_that_was_long_once_may_be_short_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine a short one may come late: it is not held to that."""
    patient = replace(engine, seconds=600.0)
    monkeypatch.setattr("parvis.engine.run.INSTANT_S", 300.0)
    engine.lanes.learn(SHORT, long=True)
    with execute(patient, SHORT, ()) as found:
        assert found.rows() == [{"n": 7}]
    assert not engine.lanes.known_long(SHORT)
    engine.lanes.enter()


def test_a_place_is_given_back_with_the_first_rows(engine: Engine) -> None:
    """A reader that takes its time holds no place among those that compute."""
    engine.lanes.learn("SELECT * FROM range(100000)", long=True)
    with execute(engine, "SELECT * FROM range(100000)", ()) as found:
        with pytest.raises(Busy):
            engine.lanes.enter()
        next(iter(found.batches()))
        engine.lanes.enter()


def test_a_query_is_long_by_its_work_not_by_the_time_that_the_machine_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A thread that waits is not held to have worked, but for so long; one that works is."""
    monkeypatch.setattr(query_lanes, "PATIENCE", 1_000_000)
    clock, stopped = Clock(), threading.Event()
    waits = Instant(clock, 0.02, stopped.set)
    assert not stopped.wait(0.2)
    assert waits.cancel()
    works = Instant(clock, 0.02, stopped.set)
    while not stopped.is_set():
        pass
    assert not works.cancel()
    monkeypatch.setattr(query_lanes, "PATIENCE", 1)
    late = threading.Event()
    Instant(clock, 0.02, late.set)
    assert late.wait(30)


def test_places_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many wait as may, and the next is refused at once."""
    made = Lanes(places=1, waiting=1, wait_s=60.0)
    leave, entered = made.enter(), threading.Event()
    waiting = threading.Thread(target=lambda: (made.enter(), entered.set()))
    waiting.start()
    while not made._queued:  # pyright: ignore[reportPrivateUsage]
        pass
    with pytest.raises(Busy):
        made.enter()
    leave()
    assert entered.wait(30)
    waiting.join()
    monkeypatch.setattr(query_lanes, "KNOWN", 1)
    made.learn("a", long=True)
    made.learn("b", long=True)
    assert (made.known_long("a"), made.known_long("b")) == (False, True)


def test_a_query_is_known_by_its_shape_once_two_of_it_were_long(engine: Engine) -> None:
    """Whoever asks for another value each time is not begun in the lane of the short ones each time."""
    lanes = engine.lanes
    ask = "SELECT count(*) FROM \"t 1\" WHERE a LIKE '%{n}%'".format
    lanes.learn(ask(n=1), long=True)
    assert (lanes.known_long(ask(n=1)), lanes.known_long(ask(n=3))) == (True, False)
    lanes.learn(ask(n=2), long=True)
    assert lanes.known_long(ask(n="it''s"))
    assert not lanes.known_long(ask(n=1).replace("t 1", "t 2"))
    lanes.learn(ask(n=4), long=False)
    assert (lanes.known_long(ask(n=3)), lanes.known_long(ask(n=1))) == (False, True)


def test_a_short_query_of_that_shape_takes_it_back(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may make two of them late: the next that is short is believed."""
    monkeypatch.setattr("parvis.engine.run.INSTANT_S", 300.0)
    engine.lanes.learn("SELECT 1 AS n", long=True)
    engine.lanes.learn("SELECT 2 AS n", long=True)
    with execute(replace(engine, seconds=600.0), "SELECT 3 AS n", ()) as found:
        assert found.scalar() == 3
    assert not engine.lanes.known_long("SELECT 4 AS n")


@pytest.mark.skipif(not hasattr(os, "setpriority"), reason="niceness of a thread is Linux's")
def test_a_long_query_works_on_threads_of_its_own_that_give_way() -> None:
    """They are nicer, and leave the others a core; those of the short ones do no part of it: an engine's threads are shared by all its queries."""
    opened = list[int]()
    on = list[set[int]]()

    def opening() -> duckdb.DuckDBPyConnection:
        opened.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        on.append(os.sched_getaffinity(threading.get_native_id()))
        before = set(os.listdir("/proc/self/task"))
        con = duckdb.connect(config={"threads": 3})
        con.execute("SELECT count(*) FROM range(3000000) t(x) WHERE x % 7 = 3")
        begun.extend(int(task) for task in set(os.listdir("/proc/self/task")) - before)
        return con

    begun = list[int]()
    apart = Engine(Late(opening), NoFiles(), 600.0)
    engine = Engine(Late(opening), NoFiles(), 600.0, apart=apart)
    engine.lanes.learn(SHORT, long=True)
    with execute(engine, SHORT, ()) as found:
        assert found.scalar() == 7
    mine = os.getpriority(os.PRIO_PROCESS, 0)
    nicer = min(19, mine + background.NICE)
    assert opened == [nicer]
    assert {os.getpriority(os.PRIO_PROCESS, task) for task in begun} == {nicer}
    assert len(begun) == 2
    assert [on[0], *(os.sched_getaffinity(task) for task in begun)] == [but_one(os.sched_getaffinity(0))] * 3
