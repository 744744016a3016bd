"""A real process that changes the key of a city and kills itself with SIGKILL after so many objects: `python -m
tests.administration.keys_child CITY COUNT`; 0: when the key is there and nothing lies under it yet.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Generator
from pathlib import Path

from parvis.administration import keys
from parvis.core import settings
from parvis.store.sealing import Sealed


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(folder: Path, count: int) -> None:
    whole = Sealed.wrap_again

    def one_by_one(self: Sealed, batch: int = 1) -> Generator[int]:
        if not count:
            die()
        yield from whole(self, batch)

    Sealed.wrap_again = one_by_one  # type: ignore[method-assign]
    keys.rotate(settings.load(folder, {}), each=lambda done: die() if done >= count else None)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
