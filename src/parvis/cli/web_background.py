"""What a web process does beside answering: it follows the journal for its machine (search index, takedowns),
and leaves when its parent is gone.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable

from parvis.cli.output import say
from parvis.decisions.takedown import Follower, node
from parvis.publication import pipeline
from parvis.publication.city import City
from parvis.store import failures
from parvis.store.database import Moved

TURN_S = 0.25
GRACE_S = 3.0
"""Time that requests under way have when the parent was killed."""


def start(city: City, drop: Callable[[], None]) -> threading.Thread:
    """Begin, in a thread of its own; to be called in the web process itself, as no thread survives a fork.
    drop: forgets what the faces keep in memory.
    """
    thread = threading.Thread(target=_stand_by, args=(city, os.getppid(), drop), name="beside", daemon=True)
    thread.start()
    return thread


def _stand_by(city: City, parent: int, drop: Callable[[], None]) -> None:
    watched = failures.Watched(city.settings.folder, "journal", say)
    index, follower, moved = None, None, Moved(city.db)
    while os.getppid() == parent:
        wait_s = TURN_S
        try:
            index = index or pipeline.index(city)
            follower = follower or Follower(city, node(city.settings), drop=drop)
            # Where the worker is on this machine it was there first: nothing is left to do. On another
            # machine nobody else does it.
            if moved():
                pipeline.follow(city, index)
                follower.turn(index)
        except Exception as fault:  # noqa: BLE001
            wait_s = watched.failed(fault)
        else:
            watched.well()
        until = time.monotonic() + wait_s
        while time.monotonic() < until and os.getppid() == parent:
            time.sleep(TURN_S)
    # Killed without a word, the parent could not take us along: we would keep its port.
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_S)
    os._exit(1)
