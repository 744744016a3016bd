"""Alerts in the worker: looked at when the journal moves on, sent when something is due."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta

from parvis.alerts import addresses
from parvis.core import traces
from parvis.publication.city import City
from parvis.store import alerts, failures, journal
from parvis.work.alerting.city import declared
from parvis.work.alerting.sending import send, ways
from parvis.work.alerting.steps import look

LOG = logging.getLogger("parvis")

THREADS = 1
"""Of each channel: a slow one keeps no other waiting."""


class _Line:
    """What is done one after the other, beside the rest: the looks, and the messages of each channel."""

    def __init__(self, city: City, part: failures.Part) -> None:
        self.pool = ThreadPoolExecutor(THREADS, f"courier-{part}")
        self.watched = failures.Watched(
            city.settings.folder, part, LOG.warning, lambda: city.now().timestamp()
        )
        self.running: list[Future[object]] = []

    def idle(self) -> bool:
        """Whether it has nothing to do, and may. What failed is told."""
        if not all(each.done() for each in self.running):
            return False
        if self.running:
            wrong = [fault for each in self.running if (fault := each.exception()) is not None]
            self.running.clear()
            if wrong:
                self.watched.failed(wrong[0])
                if self.watched.news:
                    LOG.error("an alert failed: %s", traces.told(wrong[0]))
            else:
                self.watched.well()
        return not self.watched.waits


@contextmanager
def courier(city: City, stop: threading.Event) -> Generator[Callable[[], None]]:
    """Yields `turn()`: when the journal has moved on, look at what alerts read; send when a message is due.
    In threads of their own, one for the looks and one for each channel: a far end may be slow, and only its
    own channel waits for it.

    Whatever puts a message in the outbox writes an event too, so that between two events only the clock makes
    one due. A fault of ours is told once and noted, and neither the worker nor the other alerts stop for it.
    """
    by = ways(city)
    seen, leaving, due_known = -1, threading.Event(), False
    due: Mapping[str, datetime] = {}
    looks, channels = _Line(city, "look"), {channel: _Line(city, channel) for channel in addresses.CHANNELS}

    def over() -> bool:
        return stop.is_set() or leaving.is_set()

    def turn() -> None:
        nonlocal seen, due, due_known
        if stop.is_set():
            return
        with city.db.read() as conn:
            last = journal.last_seq(conn)
        if last != seen and looks.idle():
            seen, due_known = last, False
            looks.running.extend(looks.pool.submit(look, city, alert) for alert in declared().values())
        looks.idle()
        ended = [line for line in channels.values() if line.running and line.idle()]
        if not due_known or ended:
            with city.db.read() as conn:
                due = alerts.next_due(conn)
            due_known = True
        now = city.now()
        for channel, line in channels.items():
            if channel in due and due[channel] <= now and not line.running and line.idle():
                line.running.append(line.pool.submit(send, city, by, channel=channel, over=over))

    try:
        yield turn
    finally:
        leaving.set()
        for line in (looks, *channels.values()):
            line.pool.shutdown(wait=True, cancel_futures=True)
        for way in by.values():
            way.close()


def chores(city: City) -> int:
    """Forget to whom old messages went; returns how many rows went."""
    with city.db.begin() as conn:
        return alerts.forget(conn, city.now() - timedelta(days=city.settings.alerts.keep_days))
