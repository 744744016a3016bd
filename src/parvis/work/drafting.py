"""Drafts made beside the process that decides: in a thread for a few small files, in a process for each core for
many; what may take long, as in the worker, each in a process that one clock and one limit of memory end.

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
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Literal

from parvis.core import traces
from parvis.core.errors import Busy, SourceDown
from parvis.core.late import late
from parvis.core.settings import Settings
from parvis.inspection.bounds import end_with_parent
from parvis.publication import city as cities
from parvis.publication.city import City, open_city
from parvis.store import deposits
from parvis.store.deposits import Deposit
from parvis.work.steps import OPEN_STATES, Drafting, as_text, drafts_of, here, telling_outages

if TYPE_CHECKING:
    from parvis.work import limited_drafting
else:
    limited_drafting = late("parvis.work.limited_drafting")

ALONE = 6
"""So few files are drafted by the process itself: another one has to load the program first."""

MOST = 8
"""Processes at most: each may take `limits.memory_mb`."""


COLLECT = 50_000
"""Objects made before the collector looks at them, as in the command itself (`cli.app`)."""


SMALL = 64 << 10
"""Bytes of a text that cannot take long, whatever it says: more, or anything else, is read in a process of its own."""


def small(city: City, deposit: Deposit) -> bool:
    """Whether what was handed in is a little plain text: no archive, no workbook, no format that unfolds."""
    if not city.inbox.exists(deposit.received):
        return True  # the draft says that it is gone
    if city.inbox.size(deposit.received) > SMALL:
        return False
    return b"\0" not in city.inbox.read(deposit.received)


@dataclass(frozen=True, slots=True)
class Drafted:
    """How drafting a deposit ended: "drafted", and its drafts as text; "closed", by a reason that its sender
    reads; "away", and what is.
    """

    end: Literal["drafted", "closed", "away"]
    text: str = ""


def draft(city: City, deposit_id: str, drafting: Drafting = here) -> Drafted:
    """Read, type, find and check a deposit; nobody sees anything of it yet. Raises FaultOfOurs."""
    with city.db.read() as conn:
        deposit = deposits.get(conn, deposit_id)
    if deposit is None or deposit.state not in OPEN_STATES:
        return Drafted("closed")
    try:
        with telling_outages():
            drafts = drafts_of(city, deposit, drafting)
    except (SourceDown, Busy) as down:
        return Drafted("away", down.message)
    return Drafted("closed") if drafts is None else Drafted("drafted", as_text(drafts))


@dataclass(frozen=True, slots=True)
class Hands:
    """Who drafts, and how many at a time."""

    number: int
    submit: Callable[[Deposit], Future[Drafted]]


@contextmanager
def hands(city: City, files: int, *, apart: bool = False) -> Generator[Hands]:
    """As many as there are cores for this process, where there are files enough to occupy them; one thread
    else, and for a city that goes by another clock than the world's. apart: one process, whatever their
    number.
    """
    number = 1 if apart else min(len(os.sched_getaffinity(0)), MOST, files // ALONE + 1)
    with ThreadPoolExecutor(number, "draft") as threads:
        if city.now is not cities.now:
            yield Hands(1, lambda deposit: threads.submit(draft, city, deposit.id))
            return

        def limited(deposit: Deposit) -> Future[Drafted]:
            return threads.submit(partial(draft, city, deposit.id, limited_drafting.apart))

        if number == 1 and not apart:

            def one(deposit: Deposit) -> Future[Drafted]:
                return threads.submit(draft, city, deposit.id) if small(city, deposit) else limited(deposit)

            yield Hands(1, one)
            return
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([__name__])
        with ProcessPoolExecutor(number, context, _begin, (city.settings,)) as pool:

            def submit(deposit: Deposit) -> Future[Drafted]:
                if small(city, deposit):
                    return pool.submit(draft_here, deposit.id)
                return limited(deposit)

            yield Hands(number, submit)


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
