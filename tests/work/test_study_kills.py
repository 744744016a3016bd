"""A study whose worker is killed at twenty moments ends with the bytes of one that nobody killed.

Real processes, real SIGKILL, at moments drawn from a seed between the first line of a worker and the end of
the work that it has. Every kill is counted: one that came after the end is none.
"""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from parvis.publication.city import City
from parvis.store import study_runs
from parvis.store.study_runs import StudyRun
from parvis.work import studies
from tests.cities import studycity
from tests.cities.studycity import WANDER
from tests.processes.forks import ended, fork
from tests.work.study_child import main

KILLS = 20
STEPS = 800.0
"""So many that one life of a worker is too short for all: three seconds of pauses alone."""

LOST = 10 / STEPS
"""What a kill may cost: a checkpoint is kept every ten steps."""


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> City:
    monkeypatch.setattr(studies, "declared", lambda: (WANDER,))
    return studycity.city_of(tmp_path / "city")


def ask(city: City) -> StudyRun:
    return studies.ask(city, WANDER, {"pas": STEPS}, seed=11, actor="editor")


def killed(city: City, one: StudyRun, moment_s: float, *, at_work: bool) -> bool:
    """Have a worker live until that moment of its life, or of its work, and no longer. Returns whether the
    kill struck: not when it had no work left.
    """
    before, process = studies.run(city, WANDER, one.id), fork(main, city.settings.folder)
    due = time.monotonic() + 60
    while at_work and studies.run(city, WANDER, one.id).attempt == before.attempt:
        assert time.monotonic() < due, "nobody takes it up"
        time.sleep(0.02)
    process.join(moment_s)
    process.kill()
    return ended(process) == -9


def test_twenty_kills_change_nothing(city: City) -> None:
    assert ended(fork(print)) == 0, "what processes are forked from has started"
    calm = ask(city)
    assert studies.compute(city, calm.id) == "done"
    whole = studies.run(city, WANDER, calm.id).parts

    rng, struck, resumed, over = random.Random(5), 0, 0, list[StudyRun]()
    one = ask(city)
    while struck < KILLS:
        at_work = struck % 2 == 0  # else its start and its taking up are part of what is killed
        struck += killed(city, one, rng.uniform(0.0, 1.0 if at_work else 2.5), at_work=at_work)
        after = studies.run(city, WANDER, one.id)
        assert after.state in (*study_runs.OPEN, "done")
        assert after.share >= one.share - LOST, "what was kept is not done again"
        resumed += after.attempt > 1 and after.attempt > one.attempt
        one = after
        if after.state == "done":  # the machine is quick: another one is killed from here on
            over.append(after)
            one = ask(city)
    assert ended(fork(main, city.settings.folder)) == 0
    over.append(studies.run(city, WANDER, one.id))
    for last in over:
        assert (last.state, last.message, last.parts) == ("done", "", whole), "the same bytes"
        assert not last.kept
    assert resumed >= KILLS // 4, "kills fell on a run that had been killed before"
