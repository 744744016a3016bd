"""Values of one process that a takedown makes it forget: what was begun before is not put in after.

Whoever confirms a takedown says that no memory holds what went. Emptying a cache is not enough for it: an answer
that was being made at that moment would come in behind. So each value brings the state in which it was begun.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


def _one(value: object) -> int:
    return 1


class DroppingCache(Generic[T]):
    """The values asked for last, by key. Safe between threads.

    most: weight of all values together; weight: of one, 1 when none is given, so that `most` counts values.
    A key stands for all that its value depends on.
    """

    def __init__(self, most: int, weight: Callable[[T], int] = _one) -> None:
        self._most, self._weigh = most, weight
        self._values: OrderedDict[Hashable, T] = OrderedDict()
        self._weight = 0
        self._drops = 0
        self._lock = Lock()

    def get(self, key: Hashable) -> T | None:
        """The value of that key, if there is one."""
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    @property
    def state(self) -> int:
        """To be read before anything that a value is made from is read, and given with it."""
        return self._drops

    def put(self, key: Hashable, value: T, state: int) -> None:
        """Remember a value, unless something was taken down since it was begun: it may hold that."""
        weight = self._weigh(value)
        with self._lock:
            if state != self._drops:
                return
            if (before := self._values.pop(key, None)) is not None:
                self._weight -= self._weigh(before)
            self._values[key] = value
            self._weight += weight
            while self._weight > self._most:
                self._weight -= self._weigh(self._values.popitem(last=False)[1])

    def of(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of that key, made now if there is none."""
        state, value = self.state, self.get(key)
        if value is None:
            value = make()
            self.put(key, value, state)
        return value

    def drop(self) -> None:
        """Hold nothing any more: something was taken down."""
        with self._lock:
            self._drops += 1
            self._values.clear()
            self._weight = 0
