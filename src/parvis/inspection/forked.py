"""Processes forked from one that has imported the program, begun and ended by several threads of one process.

`multiprocessing` keeps one list of all that it began, and each `start` asks every process of the list how it
ended. That is told once, down a pipe: where two threads ask at a time, one hears nothing, and takes a process that
did its work for one that failed (code 255). So threads begin and end them one after the other.
"""

from __future__ import annotations

import threading
from multiprocessing import connection
from multiprocessing.context import ForkServerProcess

ONE_AT_A_TIME = threading.Lock()


def start(process: ForkServerProcess) -> None:
    """Begin a process."""
    with ONE_AT_A_TIME:
        process.start()


def end(process: ForkServerProcess) -> int | None:
    """End a process that was begun, if it lives still, and let go of it: its exit code, or minus the signal."""
    if not connection.wait([process.sentinel], timeout=0):
        process.kill()
        connection.wait([process.sentinel])
    with ONE_AT_A_TIME:
        process.join()
        code = process.exitcode
        process.close()
    return code
