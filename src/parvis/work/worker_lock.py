"""The lock of the one worker of a city."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import IO

from parvis.core.errors import HeldBack
from parvis.publication.city import City


@contextmanager
def worker_lock(city: City) -> Generator[Callable[[], None]]:
    """Held by the one worker of a city, freed by the system when the process ends. Raises HeldBack when
    another process holds it.

    Yields `still()`, which raises HeldBack too when another process took it since: the database frees it when
    it cuts our connection.
    """
    path = city.settings.path("var/worker.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file, city.db.exclusive("worker") as ours:

        def still() -> None:
            if not ours():
                raise HeldBack(
                    "Un autre processus traite déjà les dépôts de cette ville.",
                    mend="Il s’en chargera : rien à faire.",
                )

        if not _lock(file):
            raise HeldBack(
                "Un autre processus traite déjà les dépôts de cette ville.",
                mend="Il s’en chargera : rien à faire.",
            )
        still()
        _write_pid(file)
        yield still


def _lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _write_pid(file: IO[str]) -> None:
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
