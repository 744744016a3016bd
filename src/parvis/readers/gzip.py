"""A file compressed by gzip: what is inside is read as if it had come alone."""

from __future__ import annotations

from pathlib import Path

from parvis.core.reading import Example, Reader, Reading, Workspace
from parvis.readers.archive import gunzip
from parvis.readers.compressed import read_inner


def sniff(head: bytes, path: Path) -> float:
    """By its two first bytes and its method."""
    return 0.9 if head[:3] == b"\x1f\x8b\x08" else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """Unpack, then read. Raises Unreadable: cut short, damaged, past a limit, or nested too deep."""
    return read_inner(path, workspace, "gzip", gunzip)


GZIP = Reader(
    name="gzip",
    title="Fichier compressé (gzip)",
    sniff=sniff,
    read=read,
    examples=(
        Example(
            "csv",
            bytes.fromhex("1f8b08000000000002ff4bb44ee232b436e232b636e10200182f0bf20c000000"),
            ("a", "b"),
            2,
            "utf-8",
            ";",
        ),
    ),
)
