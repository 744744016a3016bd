"""Processes that share one budget of memory: side by side while they fit, one after the other when they do not."""

from __future__ import annotations

import math
import os
import threading
import time
from pathlib import Path

import pytest

from parvis.core.errors import Busy
from parvis.inspection import limited_process
from parvis.inspection.bounds import Bounds
from parvis.inspection.memory_budget import Budget
from parvis.store.processes import resident_mb

PRELOAD = "parvis.inspection.limited_process"


def resident() -> float:
    return resident_mb(os.getpid())


@pytest.fixture(scope="module")
def bare_mb(tmp_path_factory: pytest.TempPathFactory) -> int:
    """What a process holds before it works: what the one that it was forked from has imported."""
    held = limited_process.run(
        resident,
        (),
        folder=tmp_path_factory.mktemp("bare"),
        bounds=Bounds(60, 1_000, 1_000),
        gone=threading.Event(),
        preload=PRELOAD,
    )
    return math.ceil(held)


def fills(place: Path, mb: int, until: Path | None) -> int:
    """Take so much memory, say so, and keep it until a file is there."""
    with (place / "begun").open("a", encoding="ascii") as out:
        out.write("x")
    taken = bytearray(mb * 1_000_000)
    taken[::4096] = b"x" * len(taken[::4096])
    (place / "full").write_text("x", "ascii")
    due = time.monotonic() + 60
    while until is not None and not until.exists() and time.monotonic() < due:
        time.sleep(0.01)
    return len(taken) // 1_000_000


def begin(
    budget: Budget, place: Path, mb: int, until: Path | None, together_mb: int, said: list[int], rank: int = 0
) -> threading.Thread:
    place.mkdir()

    def run() -> None:
        said.append(
            limited_process.run(
                fills,
                (place, mb, until),
                folder=place,
                bounds=Bounds(60, 1_000, together_mb, rank=rank),
                gone=threading.Event(),
                preload=PRELOAD,
                budget=budget,
            )
        )

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def times(place: Path) -> int:
    """How often the work in this folder was begun."""
    return len((place / "begun").read_text("ascii")) if (place / "begun").exists() else 0


def wait_for(what: Path, name: str = "full") -> None:
    due = time.monotonic() + 60
    while not (what / name).exists():
        assert time.monotonic() < due
        time.sleep(0.01)


@pytest.mark.parametrize(("together_mb", "again"), [(2_000, 1), (700, 2)])
def test_the_younger_of_two_is_begun_again_when_they_do_not_fit(
    tmp_path: Path, bare_mb: int, together_mb: int, again: int
) -> None:
    """Both are done in the end, whatever there is; what fits is worked at once."""
    together_mb += 2 * bare_mb
    budget, said, go = Budget(), list[int](), tmp_path / "go"
    elder = begin(budget, tmp_path / "elder", 400, go, together_mb, said)
    wait_for(tmp_path / "elder")
    younger = begin(budget, tmp_path / "younger", 450, None if again == 1 else go, together_mb, said)
    wait_for(tmp_path / "younger", "begun")
    if again == 2:
        due = time.monotonic() + 60
        while not any(one.waits for one in budget._shares):  # pyright: ignore[reportPrivateUsage]
            assert time.monotonic() < due
            time.sleep(0.005)
    else:
        younger.join()
    go.write_text("")
    elder.join()
    younger.join()
    assert sorted(said) == [400, 450]
    assert (times(tmp_path / "elder"), times(tmp_path / "younger")) == (1, again)


def test_who_ranks_higher_goes_on(tmp_path: Path, bare_mb: int) -> None:
    """What a colleague waits for is not ended for the file of a stranger who came first."""
    budget, said, go = Budget(), list[int](), tmp_path / "go"
    stranger = begin(budget, tmp_path / "stranger", 400, go, 700 + 2 * bare_mb, said)
    wait_for(tmp_path / "stranger")
    colleague = begin(budget, tmp_path / "colleague", 450, None, 700 + 2 * bare_mb, said, rank=1)
    colleague.join()
    go.write_text("")
    stranger.join()
    assert sorted(said) == [400, 450]
    assert (times(tmp_path / "colleague"), times(tmp_path / "stranger")) == (1, 2)


def test_who_waits_for_too_long_is_told_to_come_back(tmp_path: Path, bare_mb: int) -> None:
    """Not for ever, and not with a fault."""
    budget, said, go = Budget(), list[int](), tmp_path / "go"
    elder = begin(budget, tmp_path / "elder", 400, go, 460 + bare_mb, said)
    wait_for(tmp_path / "elder")
    with pytest.raises(Busy):
        limited_process.run(
            fills,
            (tmp_path, 450, go),
            folder=tmp_path,
            bounds=Bounds(2.0, 1_000, 460 + bare_mb),
            gone=threading.Event(),
            preload=PRELOAD,
            budget=budget,
        )
    go.write_text("")
    elder.join()
    assert said == [400]


def test_one_alone_may_take_all_of_it() -> None:
    """Its own limit ends it, not the others' that are not there."""
    budget = Budget()
    one = budget.enter()
    assert budget.holds(one, 5_000, 3_000)
    two = budget.enter()
    assert not budget.holds(two, 1, 3_000)
    assert budget.holds(one, 5_000, 3_000)
    budget.leave(one)
    assert budget.holds(two, 5_000, 3_000)
