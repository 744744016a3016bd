"""A real process that publishes, and that kills itself with SIGKILL where it is told: `python -m
tests.work.kill_child CITY [POINT COUNT]`.

POINT names a step boundary or a place inside a step (see `POINTS`); COUNT says at which passage. Without a
point it works until nothing is left to do.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from parvis.core import settings
from parvis.publication import pipeline
from parvis.publication.city import open_city
from parvis.store import deposits, files, journal, versions
from parvis.work import jobs

P = ParamSpec("P")
T = TypeVar("T")

POINTS = (
    # step boundaries
    "before:draft", "after:draft", "before:decide", "after:decide", "before:follow", "after:follow",
    # inside steps, inside the transaction too
    "before:put", "after:put", "before:version", "after:version", "before:event", "after:event",
)  # fmt: skip


def armed(point: str, count: int) -> Callable[[str, Callable[P, T]], Callable[P, T]]:
    """A wrapper of functions that dies at the count-th passage of `point`."""
    left = [count]

    def pass_by(here: str) -> None:
        if here == point:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def wrap(name: str, function: Callable[P, T]) -> Callable[P, T]:
        def inner(*args: P.args, **kwargs: P.kwargs) -> T:
            pass_by(f"before:{name}")
            answer = function(*args, **kwargs)
            pass_by(f"after:{name}")
            return answer

        return inner

    return wrap


def main(folder: Path, point: str, count: int) -> None:
    """Work until no deposit is open, or until the point is reached."""
    wrap = armed(point, count)
    jobs.draft = wrap("draft", jobs.draft)
    jobs.decide = wrap("decide", jobs.decide)
    pipeline.follow = wrap("follow", pipeline.follow)
    files.Files.put = wrap("put", files.Files.put)  # type: ignore[method-assign]
    versions.save = wrap("version", versions.save)
    journal.append = wrap("event", journal.append)
    city = open_city(settings.load(folder, {}))
    with jobs.worker(city) as turn:
        while turn():
            time.sleep(0.05)  # as `parvis publish` does
        with city.db.read() as conn:
            left = deposits.list(conn, states=jobs.OPEN_STATES)
        assert not left


if __name__ == "__main__":
    main(Path(sys.argv[1]), *((sys.argv[2], int(sys.argv[3])) if len(sys.argv) > 2 else ("", 0)))
