"""What a city keeps is for its owner alone: folders 0700, files 0600, whatever the umask was when they were
made.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from parvis.core.settings import Settings

UMASK = 0o077
"""Of a process that opens a city: what it makes from then on is its owner's alone."""
OTHERS = stat.S_IRWXG | stat.S_IRWXO
_NOT_OURS = (errno.EPERM, errno.EACCES, errno.EROFS)


def folders(settings: Settings) -> list[Path]:
    """The folders that hold what a city keeps, on this machine."""
    s = settings.storage
    addresses = (s.files, s.inbox, s.cache, s.index, s.spool)
    return [settings.path("var"), *(settings.path(p) for p in addresses if "://" not in p)]


def files(settings: Settings) -> list[Path]:
    """The files that are nobody else's wherever they lie: the database with what SQLite writes beside it,
    that of the jobs, the key, the list of takedowns, and `parvis.toml`, which may hold secrets.
    """
    var, url = settings.path("var"), settings.database_url
    databases = [
        var / "jobs.db",
        *([Path(url.removeprefix("sqlite:///"))] if url.startswith("sqlite:///") else []),
    ]
    beside = [d.with_name(d.name + end) for d in databases for end in ("", "-wal", "-shm", "-journal")]
    return [
        *beside,
        var / "key",
        var / "secret",
        settings.path(settings.storage.takedowns),
        settings.folder / "parvis.toml",
    ]


def close(settings: Settings) -> None:
    """Take from everybody else what a city keeps. A folder that was open is walked once: closed last, it says
    that all below it is closed.

    What belongs to another account is left, and told by `parvis doctor`.
    """
    os.umask(UMASK)
    for folder in folders(settings):
        if folder.is_dir() and _wide(folder):
            for path in _below(folder):
                _narrow(path)
            _narrow(folder)
    for path in files(settings):
        _narrow(path)


def wider(settings: Settings) -> list[Path]:
    """What somebody else may read or change all the same: files and folders of a city, the first hundred."""
    paths: list[Path] = []
    for path in _each([*folders(settings), *files(settings)]):
        if _wide(path):
            paths.append(path)
        if len(paths) == 100:
            break
    return paths


def _each(roots: Iterable[Path]) -> Iterator[Path]:
    for root in dict.fromkeys(roots):
        if root.exists():
            yield root
            if root.is_dir():
                yield from _below(root)


def _below(folder: Path) -> Iterator[Path]:
    for here, folders_, names in os.walk(folder):
        yield from (Path(here) / name for name in (*folders_, *names))


def _wide(path: Path) -> bool:
    try:
        return not path.is_symlink() and bool(path.stat().st_mode & OTHERS)
    except FileNotFoundError:  # gone since it was listed
        return False


def _narrow(path: Path) -> None:
    try:
        if _wide(path):
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~OTHERS)
    except FileNotFoundError:
        return
    except OSError as wrong:
        if wrong.errno not in _NOT_OURS:
            raise
