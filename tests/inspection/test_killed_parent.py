"""Whoever asked for work on a file is killed in the middle of it: so is the process that works, with what it was
forked from. The same work may be begun anew elsewhere, and nobody waits for this one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from parvis.inspection import limited_process
from parvis.inspection.bounds import Bounds

HERE = "from pathlib import Path; from tests.inspection.test_killed_parent import asks; asks(Path({place!r}))"


def sleeps(place: Path) -> None:
    """Say who works and who it was forked from, and go on for longer than anybody waits."""
    (place / "part").write_text(f"{os.getpid()} {os.getppid()}", "ascii")
    (place / "part").replace(place / "begun")
    time.sleep(600)


def asks(place: Path) -> None:
    limited_process.run(
        sleeps,
        (place,),
        folder=place,
        bounds=Bounds(500, 2_000, 2_000),
        gone=threading.Event(),
        preload="parvis.inspection.limited_process",
    )


def ended(pid: int) -> bool:
    """Whether a process is gone, or only waits to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] in "ZX"
    except FileNotFoundError:
        return True


@pytest.mark.skipif(sys.platform != "linux", reason="the system's own signal at a parent's end is Linux's")
def test_a_process_that_works_ends_with_whoever_asked(tmp_path: Path) -> None:
    asking = subprocess.Popen(
        [sys.executable, "-c", HERE.format(place=str(tmp_path))],
        cwd=Path(__file__).parents[2],
        stderr=subprocess.DEVNULL,
    )
    try:
        due = time.monotonic() + 120
        while not (tmp_path / "begun").exists():
            assert asking.poll() is None
            assert time.monotonic() < due
            time.sleep(0.02)
        pids = [int(word) for word in (tmp_path / "begun").read_text("ascii").split()]
        assert not any(map(ended, pids))
    finally:
        asking.kill()
        asking.wait()
    due = time.monotonic() + 60
    while not all(map(ended, pids)):
        assert time.monotonic() < due, "it works on for nobody"
        time.sleep(0.02)
