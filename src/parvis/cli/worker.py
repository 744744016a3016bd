"""`parvis worker`: the one process that handles deposits, feeds, services, looks of the night and messages."""

from __future__ import annotations

import os
import signal
import threading
from functools import partial
from types import FrameType
from typing import Annotated

from parvis.cli.city import HERE, Folder, settings
from parvis.cli.commands import Commands, Option
from parvis.cli.output import say
from parvis.core import traces
from parvis.core.errors import HeldBack
from parvis.core.settings import Settings
from parvis.publication.city import open_city
from parvis.store.database import Moved
from parvis.store.outage import FAULTS, outage
from parvis.work import (
    alerting,
    jobs,
    limited_drafting,
    nightly,
    notices,
    polling,
    reminders,
    rereading,
    service_runs,
)

TURN_S = 0.2
OUTAGE_S = 2.0
"""Seconds between two turns while the database or a disk is away."""

CHORES_EVERY = 18_000
"""Turns between two clean-ups: an hour."""


def register(app: Commands) -> None:
    """Add the command."""

    @app.declare("worker")
    def worker(
        parent: Annotated[
            int, Option(hidden=True, help="S’arrête quand ce processus n’est plus son parent.")
        ] = 0,
        city: Folder = HERE,
    ) -> None:
        work(settings(city), parent=parent)


def work(config: Settings, *, parent: int = 0) -> None:
    """Be the worker, or wait to become it, until SIGTERM, Ctrl-C, or the end of `parent`."""
    traces.discreet(outage)
    stop = threading.Event()

    def leave(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    city = open_city(config)
    alerting.check(city)
    limited_drafting.ready()
    drafting = partial(limited_drafting.apart, gone=stop)
    searched = partial(limited_drafting.searched, gone=stop)
    while not stop.is_set() and not _orphan(parent):
        try:
            with (
                jobs.worker(city, limited_drafting.apart) as turn,
                polling.poller(city, stop) as poll,
                rereading.rereader(city, stop) as read_again,
                service_runs.computer(city) as compute,
                nightly.watcher(city, stop, drafting, searched) as night,
                alerting.courier(city, stop) as tell,
                notices.teller(city) as notify,
            ):
                limited_drafting.sweep(city)
                turns, away, moved, waiting = 0, False, Moved(city.db), 0
                while not stop.wait(OUTAGE_S if away else TURN_S) and not _orphan(parent):
                    try:
                        if moved() or waiting:
                            waiting = turn()
                            compute()
                            tell()
                        poll()
                        read_again()
                        night()
                        notify()
                        turns += 1
                        if turns % CHORES_EVERY == 1:
                            jobs.chores(city)
                            alerting.chores(city)
                            reminders.remind(city)
                    except FAULTS as fault:
                        away = _is_away(fault, announced=away)
                    else:
                        away = False
                if _orphan(parent):
                    stop.set()  # before the night and the others are waited for
        except HeldBack:
            stop.wait(1.0)


def _is_away(fault: Exception, *, announced: bool) -> bool:
    """True for an outage, which is said once: the worker stays, and looks again until it is over. Raises the
    fault when it is another one.
    """
    down = outage(fault)
    if down is None:
        raise fault
    if not announced:
        say(f"{down} Le traitement attend, puis reprendra.")
    return True


def _orphan(parent: int) -> bool:
    return bool(parent) and os.getppid() != parent
