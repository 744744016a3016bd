"""What strangers send is worked at beside the pages, not in their place."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import forkserver
from pathlib import Path

import pytest

from parvis.core.limits import Limits
from parvis.engine.background import but_one
from parvis.inspection import limited_process
from parvis.inspection.bounds import NICE, NICEST, Bounds, checking, publishing

HERE = (os.getpriority(os.PRIO_PROCESS, 0), os.sched_getaffinity(0))


def stands() -> list[object]:
    """The niceness of the process, and the cores that a thread that it begins may use."""
    cores = list[int]()
    thread = threading.Thread(
        target=lambda: cores.extend(sorted(os.sched_getaffinity(threading.get_native_id())))
    )
    thread.start()
    thread.join()
    return [os.getpriority(os.PRIO_PROCESS, 0), *cores]


@pytest.mark.parametrize(
    ("bounds", "nice", "cores"),
    [(checking(Limits()), NICEST, but_one(HERE[1])), (publishing(Limits()), NICE, HERE[1])],
    ids=["a check leaves the pages a core", "a deposit takes what there is"],
)
def test_where_a_process_stands(tmp_path: Path, bounds: Bounds, nice: int, cores: set[int]) -> None:
    found = limited_process.run(
        stands,
        (),
        folder=tmp_path,
        bounds=bounds,
        gone=threading.Event(),
        preload="parvis.inspection.limited_process",
    )
    assert found == [min(19, HERE[0] + nice), *sorted(cores)]


def test_several_that_end_at_once_are_all_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How a process ended is told once: a thread that begins another must not be the one that hears it. A page of
    somebody else's answered 500 for that, a time in a great many.
    """
    real = forkserver.read_signed  # type: ignore[attr-defined]

    def slow(pipe: int) -> int:
        time.sleep(0.02)  # between seeing that it ended and hearing how
        return real(pipe)

    monkeypatch.setattr(forkserver, "read_signed", slow)

    def tried(number: int) -> list[object]:
        folder = tmp_path / str(number)
        folder.mkdir()
        return limited_process.run(
            stands,
            (),
            folder=folder,
            bounds=publishing(Limits()),
            gone=threading.Event(),
            preload="parvis.inspection.limited_process",
        )

    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(tried, range(36)))
    assert all(one == found[0] for one in found)
