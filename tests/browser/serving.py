"""A built city served by a process of its own, on the loopback, ended by its own pid."""

from __future__ import annotations

import os
import signal
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from tests.acceptance.commands import free_port
from tests.browser.serve_city import main
from tests.processes.forks import ended, fork


@contextmanager
def serving(folder: Path, second_factor: str = "none") -> Generator[str]:
    """Address of the city in this folder, while the `with` lasts. second_factor: the role that it is demanded
    of.
    """
    port = free_port()
    process = fork(main, folder, port, second_factor)
    try:
        wait(f"http://127.0.0.1:{port}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        if process.pid is not None and process.is_alive():
            os.kill(process.pid, signal.SIGINT)
        if ended(process, 20) is None:
            process.kill()
            process.join()


def wait(address: str, process: ForkServerProcess) -> None:
    """Until the server answers; each try waits for the socket itself, and the process must live."""
    for _ in range(600):
        assert process.is_alive(), "the server ended before it answered"
        try:
            with urllib.request.urlopen(f"{address}/robots.txt", timeout=5):
                return
        except OSError:
            process.join(0.1)
    pytest.fail("the server did not answer")
