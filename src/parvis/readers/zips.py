"""What a zip package says of itself at first sight, for sniffing: its members' names, or nothing when it is
cut short.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

MAGIC = b"PK\x03\x04"


def members(head: bytes, path: Path) -> tuple[str, ...]:
    """Names in the zip's directory; () when the file is no zip or its directory is missing."""
    if not head.startswith(MAGIC):
        return ()
    try:
        with zipfile.ZipFile(path) as archive:
            return tuple(archive.namelist()[:20_000])
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return ()


def is_zip(path: Path) -> bool:
    """By its first bytes."""
    with path.open("rb") as file:
        return file.read(4) == MAGIC
