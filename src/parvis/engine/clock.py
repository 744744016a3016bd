"""One thread that watches all the queries of an engine: a thread for each would cost more than a short query
does.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable
from time import monotonic


class Alarm:
    """Something to do at a moment, unless it is cancelled before."""

    __slots__ = ("_act", "_lock", "_rung")

    def __init__(self, act: Callable[[], None]) -> None:
        self._act: Callable[[], None] | None = act
        self._rung = False
        self._lock = threading.Lock()

    @property
    def cancelled(self) -> bool:
        """Whether there is nothing left to do."""
        return self._act is None

    def ring(self) -> None:
        """Do it, unless it was cancelled."""
        with self._lock:
            if self._act is not None:
                self._rung = True
                self._act()

    def cancel(self) -> bool:
        """Do nothing when the moment comes. False when it was done; one that is being done is waited for: what it
        acts on may be closed as soon as this returns.
        """
        with self._lock:
            self._act = None
            return not self._rung


class Clock:
    """Alarms, and the thread that rings them: started by the first one. Safe between threads."""

    def __init__(self) -> None:
        self._waiting: list[tuple[float, int, Alarm]] = []
        self._number = itertools.count()
        self._changed = threading.Condition()
        self._wakes = 0.0
        """When the thread looks again by itself; 0 while it is awake."""
        self._thread: threading.Thread | None = None

    def after(self, seconds: float, act: Callable[[], None]) -> Alarm:
        """Call `act` in so long. It is to be short and to raise nothing."""
        alarm, due = Alarm(act), monotonic() + seconds
        with self._changed:
            heapq.heappush(self._waiting, (due, next(self._number), alarm))
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="parvis-clock", daemon=True)
                self._thread.start()
            elif due < self._wakes:
                # Alarms are nearly always later than those before: the thread is seldom woken.
                self._changed.notify()
        return alarm

    def _watch(self) -> None:
        while True:
            for alarm in self._due():
                alarm.ring()

    def _due(self) -> list[Alarm]:
        """Sleep until something is due, then all that is. Cancelled alarms leave as the others come to the
        front.
        """
        due: list[Alarm] = []
        with self._changed:
            while not due:
                now = monotonic()
                while self._waiting and (self._waiting[0][2].cancelled or self._waiting[0][0] <= now):
                    alarm = heapq.heappop(self._waiting)[2]
                    if not alarm.cancelled:
                        due.append(alarm)
                if not due:
                    self._wakes = self._waiting[0][0] if self._waiting else float("inf")
                    self._changed.wait(self._wakes - now if self._waiting else None)
                    self._wakes = 0.0
        return due
