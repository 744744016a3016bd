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

    __slots__ = ("act", "rung")

    def __init__(self, act: Callable[[], None]) -> None:
        self.act: Callable[[], None] | None = act
        self.rung = False

    def cancel(self) -> bool:
        """Do nothing when the moment comes. False when it has come: the act was done, or is about to be."""
        self.act = None
        return not self.rung


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
            for act in self._due():
                act()

    def _due(self) -> list[Callable[[], None]]:
        """Sleep until something is due, then all that is. Cancelled alarms leave as the others come to the
        front.
        """
        found: list[Callable[[], None]] = []
        with self._changed:
            while not found:
                now = monotonic()
                while self._waiting and (self._waiting[0][2].act is None or self._waiting[0][0] <= now):
                    alarm = heapq.heappop(self._waiting)[2]
                    # before the act is taken: whoever cancels in between is told that it may be done
                    alarm.rung = True
                    act = alarm.act
                    if act is not None:
                        found.append(act)
                if not found:
                    self._wakes = self._waiting[0][0] if self._waiting else float("inf")
                    self._changed.wait(self._wakes - now if self._waiting else None)
                    self._wakes = 0.0
        return found
