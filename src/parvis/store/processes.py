"""The processes of one machine: what they hold of its memory, and those that keep copies in memory, and how far each has dropped them: a file each,
held under a lock for as long as it lives.

A takedown is confirmed for a machine when every living process of it has dropped what it kept; the lock of
one that died is free, and its file goes.
"""

from __future__ import annotations

import fcntl
import os
import resource
import secrets
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


def behind(folder: Path, seq: int) -> bool:
    """Whether a living process of this machine may still keep something of what was taken down up to that
    event.
    """
    found = False
    for path in folder.glob("*"):
        try:
            file = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            found = found or int(os.pread(file, 20, 0) or b"-1") < seq
        else:
            path.unlink(missing_ok=True)
        finally:
            os.close(file)
    return found


def resident_mb(pid: int) -> float:
    """Memory that a process holds, without the pages of files, which the system takes back when it needs
    them; 0 when it has ended, or where /proc is not.
    """
    try:
        _, resident, of_files, *_ = map(int, Path(f"/proc/{pid}/statm").read_text("ascii").split())
    except (OSError, ValueError):
        return 0.0
    return (resident - of_files) * resource.getpagesize() / 1e6
