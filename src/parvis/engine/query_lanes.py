"""Two lanes for the queries of visitors: a query that is not done in an instant is stopped, and begun again
in the lane of the long ones.

Most queries take milliseconds; whoever asks for seconds of work waits with the others who do, and never
before those who do not. Where a query was found to be long it goes there at once for a while, and so do those that
differ from two such by their values only. The long lane has few places, few may wait for one, and it gives way to the
rest of the process (`background`).
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import TypeVar

from parvis.core.errors import Busy
from parvis.engine.background import give_way
from parvis.engine.clock import Clock

T = TypeVar("T")

INSTANT_S = 0.3
PATIENCE = 10
"""Work that a query may take in the lane of the short ones: seconds of processor of the thread that asked.
Time counts that many times less: on a busy machine a short query is short still.
"""
LOOK_S = 0.05
"""Time between two looks at it."""

PLACES = max(1, (os.cpu_count() or 2) // 2)
WAITING = 8
"""Long queries at once (each works on several cores), and those that may wait for a place."""
WAIT_S = 8.0
"""How long they wait."""
KNOWN_S = 60.0
"""How long a query is known to be long."""
KNOWN = 500
STRIKES = 2
"""Long queries of one shape, and no short one since, after which all of that shape are long."""


class Instant:
    """Stops a query of the thread that makes this once it has worked for so long."""

    def __init__(self, clock: Clock, seconds: float, stop: Callable[[], None]) -> None:
        self._clock, self._seconds, self._stop = clock, seconds, stop
        self._thread = time.pthread_getcpuclockid(threading.get_ident())
        self._work, self._began = time.clock_gettime(self._thread), monotonic()
        self._lock = threading.Lock()
        self._over = self.stopped = False
        clock.after(seconds, self._look)

    def cancel(self) -> bool:
        """Stop nothing any more. False when it was stopped, or is about to be."""
        with self._lock:
            self._over = True
            return not self.stopped

    def _look(self) -> None:
        with self._lock:
            if self._over:
                return  # that thread may have ended since
            left = self._seconds - (time.clock_gettime(self._thread) - self._work)
            self.stopped = left <= 0 or monotonic() - self._began >= PATIENCE * self._seconds
            if self.stopped:
                self._stop()
            else:
                self._clock.after(max(left, LOOK_S), self._look)


class Lanes:
    """Of one engine. Safe between threads."""

    def __init__(self, *, places: int = PLACES, waiting: int = WAITING, wait_s: float = WAIT_S) -> None:
        self._places, self._waiting, self._wait_s = places, waiting, wait_s
        self._taken = self._queued = 0
        self._freed = threading.Condition()
        self._long: OrderedDict[str, float] = OrderedDict()
        """Until when a query is long."""
        self._shapes: OrderedDict[str, tuple[int, float]] = OrderedDict()
        """How many of a shape were, and until when that counts."""
        self._threads: ThreadPoolExecutor | None = None

    def known_long(self, sql: str) -> bool:
        """Whether this query was found to be long a moment ago, or others that differ by their values only."""
        now = monotonic()
        with self._freed:
            until = self._long.get(sql)
            if until is not None:
                if until >= now:
                    return True
                del self._long[sql]
            if not self._shapes:
                return False
            strikes, until = self._shapes.get(shape(sql), (0, 0.0))
            return strikes >= STRIKES and until >= now

    def learn(self, sql: str, *, long: bool) -> None:
        """Remember how long a query takes."""
        with self._freed:
            if not long and not self._long and not self._shapes:
                return
            self._long.pop(sql, None)
            strikes, until = self._shapes.pop(shape(sql), (0, 0.0))
            if long:
                now = monotonic()
                self._long[sql] = now + KNOWN_S
                self._shapes[shape(sql)] = (strikes + 1 if until >= now else 1, now + KNOWN_S)
                for known in (self._long, self._shapes):
                    if len(known) > KNOWN:
                        known.popitem(last=False)

    def enter(self) -> Callable[[], None]:
        """A place in the lane of the long ones, and what gives it back (calling it again changes nothing).
        Raises Busy.
        """
        with self._freed:
            if self._taken >= self._places:
                if self._queued >= self._waiting:
                    raise _busy()
                self._queued += 1
                try:
                    if not self._freed.wait_for(lambda: self._taken < self._places, self._wait_s):
                        raise _busy()
                finally:
                    self._queued -= 1
            self._taken += 1
        left = threading.Lock()

        def leave() -> None:
            if left.acquire(blocking=False):
                with self._freed:
                    self._taken -= 1
                    self._freed.notify()

        return leave

    def run(self, work: Callable[[], T]) -> T:
        """Do the work of a long query, nicely."""
        with self._freed:
            if self._threads is None:
                self._threads = ThreadPoolExecutor(self._places, "parvis-long", initializer=give_way)
        return self._threads.submit(work).result()


_VALUE = re.compile(r"""("(?:[^"]|"")*")|'(?:[^']|'')*'|\b\d[\d.]*""")


def shape(sql: str) -> str:
    """A query of ours without its values.

    >>> shape("SELECT t1.a FROM t1 WHERE b = 'it''s' AND c < 12.5 LIMIT 3")
    'SELECT t1.a FROM t1 WHERE b = ? AND c < ? LIMIT ?'
    """
    return _VALUE.sub(lambda match: match[1] or "?", sql)


def _busy() -> Busy:
    return Busy(
        "Beaucoup de requêtes longues sont en cours en ce moment.",
        mend="Réessayez dans quelques secondes, ou filtrez davantage.",
        wait_s=10,
    )
