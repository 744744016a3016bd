"""Files as bytes without a copy, and without holding more of them in memory than is being looked at."""

from __future__ import annotations

import mmap
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

WINDOW = 1 << 25
"""Bytes that stay mapped behind a look that goes from end to end. A mapped page counts as memory of the
process until it is let go.
"""


class Map(mmap.mmap):
    """A file mapped for reading; looks that go through all of it let go what lies behind them."""

    def find(self, sub: ReadableBuffer, start: int = 0, stop: int | None = None) -> int:
        """Offset of the first `sub` in [start:stop], -1 when there is none."""
        end, over = len(self) if stop is None else stop, memoryview(sub).nbytes - 1
        for at in range(start, end, WINDOW):
            place = super().find(sub, at, min(end, at + WINDOW + over))
            if place >= 0:
                return place
            self.forget(at + WINDOW)
        return -1

    def forget(self, behind: int) -> None:
        """Let go the window that ends at an offset: its pages come back from the system's cache when they are
        looked at again.
        """
        start = max(0, behind - WINDOW) // mmap.PAGESIZE * mmap.PAGESIZE
        stop = min(behind, len(self))
        if stop > start and len(self) > WINDOW:
            self.madvise(mmap.MADV_DONTNEED, start, stop - start)


@contextmanager
def mapped(path: Path) -> Generator[mmap.mmap | bytes]:
    """The bytes of a file, mapped: nothing is copied. An empty file can't be mapped: it is empty bytes."""
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            yield b""
            return
        view = Map(file.fileno(), 0, access=mmap.ACCESS_READ)
        yield view
        # Not closed: arrays and Arrow buffers may still stand on it. It goes with the last of them.


def passed(data: mmap.mmap | bytes, at: int, step: int) -> None:
    """Say that a look which goes on by so many bytes has come to an offset: each time that it ends a window,
    the window is let go.
    """
    if isinstance(data, Map) and at // WINDOW != (at - step) // WINDOW:
        data.forget(at // WINDOW * WINDOW)


BLOCK = 1 << 18
"""Bytes looked at for several signs in turn: they stay in the processor's cache."""


def signs_in(data: mmap.mmap | bytes, signs: bytes) -> frozenset[int]:
    """Which of these bytes are in the data: one way through it, whatever their number."""
    find = super(Map, data).find if isinstance(data, Map) else data.find
    missing = set(signs)
    for at in range(0, len(data), BLOCK):
        passed(data, at, BLOCK)
        missing -= {sign for sign in missing if find(bytes((sign,)), at, at + BLOCK) >= 0}
        if not missing:
            break
    return frozenset(signs) - missing
