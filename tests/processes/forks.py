"""Processes that start at once: forked from one that has imported Parvis and opened nothing. Each is real,
with its own end, by a signal too, and its own exit code; what they don't do again is the start of Python, two
seconds each.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import TypeVar

from parvis.cli import main

T = TypeVar("T")

FORKS = multiprocessing.get_context("forkserver")


def install() -> None:
    """Have all that a process of the tests forks, the program's own work too (`limited_process`), come from one that
    has imported `loaded`, whichever is begun first: of the program's choice, each child of a test would import what
    it is made of again, half a second or more.
    """
    FORKS.set_forkserver_preload(["tests.processes.loaded"])
    forkserver.set_forkserver_preload = lambda modules_names: None


def fork(target: Callable[..., None], *args: object) -> ForkServerProcess:
    """Run a function of a module in a process of its own."""
    process = FORKS.Process(target=target, args=args)
    process.start()
    return process


def ended(process: ForkServerProcess, within: float = 120) -> int | None:
    """How it ended: its exit code, or minus the signal."""
    process.join(within)
    return process.exitcode


def together(work: Callable[..., T], *given: tuple[object, ...]) -> list[T]:
    """Do the same work in as many processes as there are arguments given, begun at one moment; returns what
    each returned.
    """
    begin = FORKS.Barrier(len(given))
    pipes = [FORKS.Pipe(duplex=False) for _ in given]
    started = [fork(_begun, begin, out, work, *args) for (_, out), args in zip(pipes, given, strict=True)]
    for _, out in pipes:
        out.close()  # so that the end of the process is the end of the pipe
    said = [told.recv() for told, _ in pipes]
    for told, _ in pipes:
        told.close()
    assert [ended(p) for p in started] == [0] * len(given)
    return said


def _begun(begin: Barrier, out: Connection, work: Callable[..., object], *args: object) -> None:
    begin.wait(60)
    out.send(work(*args))
    out.close()


class Forked:
    """A forked process, by the words of `subprocess.Popen`."""

    def __init__(self, inner: ForkServerProcess) -> None:
        self.inner = inner

    def poll(self) -> int | None:
        return self.inner.exitcode

    def wait(self, timeout: float) -> int:
        code = ended(self.inner, timeout)
        if code is None:
            raise subprocess.TimeoutExpired(self.inner.name, timeout)
        return code

    def kill(self) -> None:
        self.inner.kill()

    def send_signal(self, number: int) -> None:
        assert self.inner.pid is not None
        os.kill(self.inner.pid, number)


def command(
    words: Sequence[str], cwd: Path, environment: Mapping[str, str], read: Path, out: Path, err: Path
) -> None:
    """What `python -m parvis WORDS` does, in a process that was forked for it. read, out, err: the files that
    its streams are; the last two are appended to.
    """
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    appended = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    for number, (file, mode) in enumerate(((read, os.O_RDONLY), (out, appended), (err, appended))):
        os.dup2(os.open(file, mode), number)
    sys.stdin = os.fdopen(0, "r", encoding="utf-8", closefd=False)
    sys.argv = ["parvis", *words]
    main()
