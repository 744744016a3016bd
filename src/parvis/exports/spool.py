"""A file that is read as it is written: what a writer puts in comes out as chunks, and nothing is kept."""

from __future__ import annotations

import io


class Pipe(io.RawIOBase):
    """Write-only, not seekable; `take` gives what came since the last time."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._place = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        part = bytes(memoryview(data))  # pyright: ignore[reportArgumentType] (anything with a buffer)
        self._parts.append(part)
        self._place += len(part)
        return len(part)

    def tell(self) -> int:
        return self._place

    def take(self) -> bytes:
        """What was written since the last call."""
        content, self._parts = b"".join(self._parts), []
        return content
