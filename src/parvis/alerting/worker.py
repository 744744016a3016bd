"""Alerts in the worker: looked at when the journal moves on, sent when something is due."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta

from parvis.alerting.city import declared
from parvis.alerting.sending import send, ways
from parvis.alerting.steps import look
from parvis.pipeline import City
from parvis.store import alerts, journal

LOG = logging.getLogger("parvis")

AFTER_A_FAULT = timedelta(seconds=5)
"""Before what failed by our fault is sent again."""


@contextmanager
def courier(city: City, stop: threading.Event) -> Generator[Callable[[], None]]:
    """Yields `turn()`: when the journal has moved on, look at what alerts read; send when a message is due. In a thread of its own: a far end may be slow.

    Whatever puts a message in the outbox writes an event too, so that between two events only the clock makes one due. A fault of ours is logged, and neither
    the worker nor the other alerts stop for it.
    """
    by = ways(city)
    seen, leaving = -1, threading.Event()
    due: datetime | None = None
    running: list[Future[object]] = []

    def deliver() -> None:
        nonlocal due
        due = city.now() + AFTER_A_FAULT
        send(city, by, over=lambda: stop.is_set() or leaving.is_set())
        with city.db.read() as conn:
            due = alerts.next_due(conn)

    def turn() -> None:
        nonlocal seen
        if stop.is_set() or not all(each.done() for each in running):
            return
        for fault in (each.exception() for each in running):
            if fault is not None:
                LOG.error("an alert failed", exc_info=fault)
        running.clear()
        with city.db.read() as conn:
            last = journal.last_seq(conn)
        changed, seen = last != seen, last
        if changed:
            running.extend(pool.submit(look, city, alert) for alert in declared().values())
        if changed or (due is not None and due <= city.now()):
            running.append(pool.submit(deliver))

    with ThreadPoolExecutor(1, "courier") as pool:
        try:
            yield turn
        finally:
            leaving.set()
            pool.shutdown(wait=True, cancel_futures=True)
            for way in by.values():
                way.close()


def chores(city: City) -> int:
    """Forget to whom old messages went; returns how many rows went."""
    with city.db.begin() as conn:
        return alerts.forget(conn, city.now() - timedelta(days=city.settings.alerts.keep_days))
