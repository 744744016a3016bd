"""A file compressed by xz: what is inside is read as if it had come alone."""

from __future__ import annotations

import lzma
from pathlib import Path

from parvis.core.reading import Example, Reader, Reading, Workspace
from parvis.core.settings import Limits
from parvis.readers.compressed import read_inner, unpack

MAGIC = b"\xfd7zXZ\x00"
MEMORY = 256 << 20
"""Bytes that a decompressor may take: `xz -9`, the most that the program writes, wants 65 MiB."""


def sniff(head: bytes, path: Path) -> float:
    """By its first bytes."""
    return 0.9 if head.startswith(MAGIC) else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """Unpack, then read. Raises Unreadable: cut short, damaged, past a limit, or nested too deep."""
    return read_inner(path, workspace, "xz", _unxz)


def _unxz(path: Path, out: Path, limits: Limits) -> tuple[int, bool]:
    """As `compressed.unpack`."""
    return unpack(
        path, out, limits, name="xz", magic=MAGIC, start=_inflater, broken=(lzma.LZMAError, EOFError)
    )


def _inflater() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MEMORY)


XZ = Reader(
    name="xz",
    title="Fichier compressé (xz)",
    sniff=sniff,
    read=read,
    examples=(Example("csv", lzma.compress(b"a;b\n1;2\n3;4\n"), ("a", "b"), 2, "utf-8", ";"),),
)
