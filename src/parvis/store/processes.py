"""The processes of one machine: what they hold of its memory, the folders that are one's alone, and those that keep
copies in memory, and how far each has dropped them: a file each, held under a lock for as long as it lives.

A takedown is confirmed for a machine when every living process of it has dropped what it kept; the lock of
one that died is free, and its file goes.
"""

from __future__ import annotations

import fcntl
import os
import resource
import secrets
import shutil
import time
from contextlib import suppress
from pathlib import Path


class Presence:
    """One process, until it ends or `leave` is called."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / secrets.token_hex(8)
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def dropped(self, seq: int) -> None:
        """Nothing is kept any more of what was taken down up to that event."""
        os.pwrite(self._file, f"{seq:020d}".encode("ascii"), 0)

    def leave(self) -> None:
        """The process keeps nothing any more."""
        self._path.unlink(missing_ok=True)
        os.close(self._file)


class OwnFolder:
    """A folder that is this process's alone, until `leave` is called or the process ends. What processes that were
    killed left beside it goes.
    """

    def __init__(self, parent: Path, prefix: str) -> None:
        parent.mkdir(parents=True, exist_ok=True)
        for left in parent.glob(f"{prefix}*"):
            with suppress(OSError):
                if time.time() - left.stat().st_mtime > YOUNG_S and not in_use(left):
                    shutil.rmtree(left)
        self.path = parent / f"{prefix}{secrets.token_hex(8)}"
        self.path.mkdir(0o700)
        self._file = os.open(self.path, os.O_RDONLY)
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def leave(self) -> None:
        """Nothing of it is needed any more."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._file)


YOUNG_S = 60.0
"""Age under which a folder may not have its lock yet."""


def in_use(folder: Path) -> bool:
    """Whether it is the own folder of a process that lives."""
    try:
        file = os.open(folder, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


def behind(folder: Path, seq: int) -> bool:
    """Whether a living process of this machine may still keep something of what was taken down up to that
    event.
    """
    is_behind = False
    for path in folder.glob("*"):
        try:
            file = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            is_behind = is_behind or int(os.pread(file, 20, 0) or b"-1") < seq
        else:
            path.unlink(missing_ok=True)
        finally:
            os.close(file)
    return is_behind


def resident_mb(pid: int) -> float:
    """Memory that a process holds, without the pages of files, which the system takes back when it needs
    them; 0 when it has ended, or where /proc is not.
    """
    try:
        _, resident, of_files, *_ = map(int, Path(f"/proc/{pid}/statm").read_text("ascii").split())
    except (OSError, ValueError):
        return 0.0
    return (resident - of_files) * resource.getpagesize() / 1e6
