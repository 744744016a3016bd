"""Drafts made beside the process that decides: in a thread for a few files, in a process for each core for
many.

What comes back from another process is text: the values of the house have one form as JSON, and pass it
without losing anything.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from typing import Literal

from parvis.core import traces
from parvis.core.errors import SourceDown
from parvis.core.settings import Settings
from parvis.inspection.bounds import end_with_parent
from parvis.publication import city as cities
from parvis.publication.city import City, open_city
from parvis.store import deposits
from parvis.work.steps import OPEN_STATES, as_text, drafts_of, telling_outages

ALONE = 6
"""So few files are drafted by the process itself: another one has to load the program first."""

MOST = 8
"""Processes at most: each may take `limits.memory_mb`."""


COLLECT = 50_000
"""Objects made before the collector looks at them, as in the command itself (`cli.app`)."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """How drafting a deposit ended: "drafted", and its drafts as text; "closed", by a reason that its sender
    reads; "away", and what is.
    """

    end: Literal["drafted", "closed", "away"]
    text: str = ""


def draft(city: City, deposit_id: str) -> Drafted:
    """Read, type, find and check a deposit; nobody sees anything of it yet. Raises FaultOfOurs."""
    with city.db.read() as conn:
        deposit = deposits.get(conn, deposit_id)
    if deposit is None or deposit.state not in OPEN_STATES:
        return Drafted("closed")
    try:
        with telling_outages():
            drafts = drafts_of(city, deposit)
    except SourceDown as down:
        return Drafted("away", down.message)
    return Drafted("closed") if drafts is None else Drafted("drafted", as_text(drafts))


@dataclass(frozen=True, slots=True)
class Hands:
    """Who drafts, and how many at a time."""

    number: int
    submit: Callable[[str], Future[Drafted]]


@contextmanager
def hands(city: City, files: int, *, apart: bool = False) -> Generator[Hands]:
    """As many as there are cores for this process, where there are files enough to occupy them; one thread
    else, and for a city that goes by another clock than the world's. apart: one process, whatever their
    number.
    """
    number = 1 if apart else min(len(os.sched_getaffinity(0)), MOST, files // ALONE + 1)
    if not apart and (number == 1 or city.now is not cities.now):
        with ThreadPoolExecutor(1, "draft") as thread:
            yield Hands(1, partial(_submit, thread, partial(draft, city)))
        return
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    with ProcessPoolExecutor(number, context, _begin, (city.settings,)) as pool:
        yield Hands(number, partial(_submit, pool, draft_here))


def _submit(executor: Executor, work: Callable[[str], Drafted], deposit_id: str) -> Future[Drafted]:
    return executor.submit(work, deposit_id)


_SETTINGS: list[Settings] = []
"""Of the city that this process drafts for, told once at its beginning."""


def _begin(settings: Settings) -> None:
    """A process that drafts: it ends with the one that it works for, whatever ended that one."""
    traces.discreet()
    gc.freeze()
    gc.set_threshold(COLLECT)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # typed at the terminal, it goes to the command too
    _SETTINGS[:] = [settings]
    end_with_parent()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)


@cache
def opened() -> City:
    """The city that this process drafts for."""
    return open_city(_SETTINGS[0])


def draft_here(deposit_id: str) -> Drafted:
    """`draft`, in a process that drafts."""
    return draft(opened(), deposit_id)
