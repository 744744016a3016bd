"""Work that lets all other work of the machine go first: nicer, and on all cores but one."""

from __future__ import annotations

import os
import threading
from contextlib import suppress

NICE = 10


def give_way(nice: int = NICE) -> None:
    """From here on this thread gives way, and so do those that it begins: an engine that it opens, all of a process."""
    with suppress(
        OSError, AttributeError
    ):  # a system whose threads have no niceness, or no cores, of their own
        mine = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, mine, min(19, os.getpriority(os.PRIO_PROCESS, mine) + nice))
        os.sched_setaffinity(mine, but_one(os.sched_getaffinity(mine)))


def but_one(allowed: set[int]) -> set[int]:
    """The cores that such work may use, of those that the process may.

    A thread that wakes is put on a core that does nothing. Where such work is on all of them there is none: it then
    waits behind others that woke, while what is nice goes on beside them (decision 0057).

    >>> but_one({0, 1, 2}), but_one({5})
    ({1, 2}, {5})
    """
    return allowed - {min(allowed)} or allowed
