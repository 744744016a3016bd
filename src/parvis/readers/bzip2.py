"""A file compressed by bzip2: what is inside is read as if it had come alone."""

from __future__ import annotations

import bz2
from pathlib import Path

from parvis.core.reading import Example, Reader, Reading, Workspace
from parvis.core.settings import Limits
from parvis.readers.compressed import read_inner, unpack


def sniff(head: bytes, path: Path) -> float:
    """By its first bytes and the mark of its first block, or that of an empty file."""
    return 0.9 if head[:3] == b"BZh" and head[4:10] in (b"1AY&SY", b"\x17rE8P\x90") else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """Unpack, then read. Raises Unreadable: cut short, damaged, past a limit, or nested too deep."""
    return read_inner(path, workspace, "bzip2", _bunzip2)


def _bunzip2(path: Path, out: Path, limits: Limits) -> tuple[int, bool]:
    """As `compressed.unpack`."""
    return unpack(
        path, out, limits, name="bzip2", magic=b"BZh", start=bz2.BZ2Decompressor, broken=(OSError, ValueError)
    )


BZIP2 = Reader(
    name="bzip2",
    title="Fichier compressé (bzip2)",
    sniff=sniff,
    read=read,
    examples=(Example("csv", bz2.compress(b"a;b\n1;2\n3;4\n"), ("a", "b"), 2, "utf-8", ";"),),
)
