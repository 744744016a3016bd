"""What queries may still read goes when they have ended: a copy in memory, the view of a version.

A query is planned in one step and begun in another, and its rows are read long after: what it was planned on must
stay for so long. A copy that was detached in between made queries fail (M: 6 of 1,354 exports beside takedowns),
and a plan that outlives what it was bound to is a use of freed memory. So whoever puts something else in its place
hands it over here, and it goes when all who began before have left; who begins later sees the new one only.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable


class Retirement:
    """Of one connection. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._epoch = 0
        """Moves on with each thing that is handed over."""
        self._inside = Counter[int]()
        """Who has begun and not left, by the epoch in which they began."""
        self._waiting = deque[tuple[int, Callable[[], None]]]()

    def enter(self) -> Callable[[], None]:
        """Begin; what is returned says that it is over (calling it again changes nothing)."""
        with self._lock:
            began = self._epoch
            self._inside[began] += 1
        left = threading.Lock()

        def leave() -> None:
            if left.acquire(blocking=False):
                with self._lock:
                    self._inside[began] -= 1
                    if not self._inside[began]:
                        del self._inside[began]
                self._ring()

        return leave

    def when_left(self, act: Callable[[], None]) -> None:
        """Do this once all who are inside have left: now, when nobody is. It is to be short and to raise nothing;
        it is done by whoever leaves last.
        """
        with self._lock:
            self._waiting.append((self._epoch, act))
            self._epoch += 1
        self._ring()

    def _ring(self) -> None:
        while True:
            with self._lock:
                oldest = min(self._inside, default=self._epoch)
                if not self._waiting or self._waiting[0][0] >= oldest:
                    return
                act = self._waiting.popleft()[1]
            act()
