"""Type a command, open a portal: what a user does, done by the tests through real processes."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import httpx

from tests.conftest import ROOT
from tests.processes.forks import Forked, command, ended, fork

T = TypeVar("T")


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object on standard output; anything beside it is an error."""
        found = json.loads(self.out)
        assert isinstance(found, dict), "--json gives an object"
        return found


def environment(package: Path | None = None, **more: str) -> dict[str, str]:
    """The environment of a command: ours without the settings of another city. package: folder that holds the
    `parvis` to run, ours when None.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PARVIS_")}
    return kept | {"PYTHONPATH": str(package or ROOT / "src"), "COLUMNS": "300"} | more


def parvis(
    *words: str | Path, cwd: Path, stdin: str = "", env: Mapping[str, str] | None = None, timeout: float = 90
) -> Said:
    """Type `parvis WORDS` in a folder: a process of its own, forked (`forks`)."""
    typed, around = [str(w) for w in words], environment(**(env or {}))

    def run(streams: list[Path]) -> int:
        process = fork(command, typed, cwd, around, *streams)
        code = ended(process, timeout)
        if code is None:
            process.kill()
            raise subprocess.TimeoutExpired(typed, timeout)
        return code

    return _said(run, stdin)


def _said(run: Callable[[list[Path]], int], stdin: str) -> Said:
    """What a command answers whose streams are files. run: given them (in, out, err), its exit code."""
    with TemporaryDirectory() as folder:
        streams = [Path(folder) / name for name in ("in", "out", "err")]
        streams[0].write_text(stdin, "utf-8")
        code = run(streams)
        return Said(code, streams[1].read_text("utf-8"), streams[2].read_text("utf-8"))


@dataclass(frozen=True)
class Package:
    """Another `parvis` than ours, whose commands are forked from a process that has imported it (`forker`)."""

    folder: Path
    forker: subprocess.Popen[str]

    def parvis(self, *words: str | Path, cwd: Path) -> Said:
        """Type `parvis WORDS` in a folder."""

        def run(streams: list[Path]) -> int:
            asked, answers = self.forker.stdin, self.forker.stdout
            assert asked is not None
            assert answers is not None
            asked.write(
                json.dumps(
                    [[str(w) for w in words], str(cwd), environment(self.folder), [str(s) for s in streams]]
                )
                + "\n"
            )
            asked.flush()
            return int(answers.readline())

        return _said(run, "")


@contextmanager
def package(folder: Path) -> Iterator[Package]:
    """The `parvis` in that folder, until the `with` ends."""
    words = [sys.executable, "-m", "tests.processes.forker"]
    with subprocess.Popen(
        words,
        cwd=ROOT,
        env=environment(folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as forker:
        yield Package(folder, forker)


def soon(
    look: Callable[[], T | None],
    *,
    within: float = 30.0,
    every: float = 0.05,
    what: str | Callable[[], str] = "",
) -> tuple[T, float]:
    """Look again and again until there is something; returns it, and how long it took in seconds. Fails at
    the deadline, and says what was waited for, asked then.
    """
    begun = time.monotonic()
    while True:
        found = look()
        took = time.monotonic() - begun
        if found is not None:
            return found, took
        assert took < within, f"nothing within {within} s: {what if isinstance(what, str) else what()}"
        time.sleep(every)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Process:
    """A long-lived command, and where it writes."""

    inner: subprocess.Popen[bytes] | Forked
    log: Path

    def kill(self) -> None:
        """SIGKILL, as a machine that loses power."""
        self.inner.kill()
        self.inner.wait(30)

    def end(self) -> int:
        """Ask it to stop; returns its exit code."""
        if self.inner.poll() is None:
            self.inner.send_signal(signal.SIGINT)
        try:
            return self.inner.wait(30)
        except subprocess.TimeoutExpired:
            self.inner.kill()
            self.inner.wait(30)
            raise


def start(folder: Path, log: Path, *words: str, anew: bool = False) -> Process:
    """Start `parvis WORDS` in a city's folder. anew: Python too, as a person does; else forked (`forks`)."""
    log.touch()  # the forked process opens it only when it has begun: who waits for it may read it before
    if not anew:
        return Process(Forked(fork(command, words, folder, environment(), Path(os.devnull), log, log)), log)
    with log.open("ab") as out:
        inner = subprocess.Popen(
            [sys.executable, "-m", "parvis", *words], cwd=folder, env=environment(), stdout=out, stderr=out
        )
    return Process(inner, log)


def answers(process: Process, url: str, *, within: float = 90.0) -> float:
    """Wait until a portal answers; returns after how many seconds. Fails, with its log, when it ends before."""

    def look() -> bool | None:
        assert process.inner.poll() is None, process.log.read_text("utf-8", "replace")
        try:
            return httpx.get(url, timeout=5).status_code < 500 or None
        except httpx.TransportError:
            return None

    return soon(look, within=within, what=lambda: f"{url}: {process.log.read_text('utf-8', 'replace')}")[1]


@contextmanager
def serving(folder: Path, log: Path) -> Iterator[str]:
    """The portal of a city, its worker included, until the `with` ends; yields its address."""
    port = free_port()
    process = start(folder, log, "serve", "--port", str(port), anew=True)
    try:
        answers(process, f"http://127.0.0.1:{port}/a-propos")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.end()
