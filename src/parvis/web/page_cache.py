"""Pages that anybody may see, kept as they were sent for as long as nothing that they depend on has changed: a
visitor costs what the first one did not.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

KEPT_BYTES = 32_000_000
"""Pages kept in a process."""
KEPT_ONE = 1_000_000
"""Largest page that is kept."""


class PageCache:
    """Of one process. Safe between threads.

    A key stands for all that its page depends on (`page._tag`): nothing has to be told apart here, and what
    nobody asks for any more makes room for the rest.
    """

    def __init__(self, *, most: int = KEPT_BYTES) -> None:
        self._most = most
        self._pages: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        self._dropped = 0
        self._lock = Lock()

    def kept(self, key: str) -> bytes | None:
        """The page of that key, if it was made before."""
        with self._lock:
            found = self._pages.get(key)
            if found is not None:
                self._pages.move_to_end(key)
            return found

    @property
    def state(self) -> int:
        """To be read before a page is made, and given with it."""
        return self._dropped

    def keep(self, key: str, page: bytes, state: int) -> None:
        """Keep a page, unless something was taken down since it was begun: it may hold that."""
        if len(page) > KEPT_ONE:
            return
        with self._lock:
            if state != self._dropped:
                return
            self._bytes += len(page) - len(self._pages.pop(key, b""))
            self._pages[key] = page
            while self._bytes > self._most:
                self._bytes -= len(self._pages.popitem(last=False)[1])

    def drop(self) -> None:
        """Keep no page any more: something was taken down."""
        with self._lock:
            self._dropped += 1
            self._pages.clear()
            self._bytes = 0
