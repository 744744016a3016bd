"""How many pieces of long work of one kind run at once in a web process, and how many of one caller."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager

from parvis.core.errors import Busy


class Gate:
    """places: of this kind at once; share: of one caller, fewer than there are places, so that nobody takes the
    last one of all.
    """

    def __init__(self, places: int, share: int) -> None:
        self._places, self._share = places, share
        self._callers: list[str] = []
        self._freed = threading.Condition()

    @contextmanager
    def enter(self, caller: str, wait_s: float, busy: Busy) -> Generator[None]:
        """Wait for a place, at most `wait_s` seconds. Raises `busy` when none comes free in time."""
        with self._freed:
            if not self._freed.wait_for(
                lambda: len(self._callers) < self._places and self._callers.count(caller) < self._share,
                wait_s,
            ):
                raise busy
            self._callers.append(caller)
        try:
            yield
        finally:
            with self._freed:
                self._callers.remove(caller)
                self._freed.notify_all()
