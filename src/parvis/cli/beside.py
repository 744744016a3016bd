"""What a web process does beside answering: it follows the journal for its machine (search index, takedowns), and leaves when its parent is gone."""

from __future__ import annotations

import os
import signal
import threading
import time

from sqlalchemy.exc import DBAPIError

from parvis import pipeline
from parvis.catalogue.search import Index
from parvis.cli.out import say
from parvis.pipeline import City
from parvis.takedown import Follower, node

TURN_S = 0.25
GRACE_S = 3.0
"""Time that requests under way have when the parent was killed."""


def start(city: City) -> threading.Thread:
    """Begin, in a thread of its own; to be called in the web process itself, as no thread survives a fork."""
    thread = threading.Thread(target=_stand_by, args=(city, pipeline.index(city), os.getppid()), name="beside", daemon=True)
    thread.start()
    return thread


def _stand_by(city: City, index: Index, parent: int) -> None:
    away = False
    follower = Follower(city, node(city.settings))
    while os.getppid() == parent:
        try:
            # Where the worker is on this machine it was there first: nothing is left to do. On another machine nobody else does it.
            pipeline.follow(city, index)
            follower.turn(index)
            away = False
        except DBAPIError as wrong:
            if not away:
                say(f"La base ne répond pas : {type(wrong.orig).__name__}. La recherche attend.")
            away = True
        time.sleep(TURN_S)
    # Killed without a word, the parent could not take us along: we would keep its port.
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_S)
    os._exit(1)
