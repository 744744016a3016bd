"""A file compressed by gzip: what is inside is read as if it had come alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from parvis import readers
from parvis.core.errors import Unreadable
from parvis.core.reading import Example, Issue, Reader, Reading, Workspace
from parvis.readers.archive import DEPTH, gunzip, remaining


def sniff(head: bytes, path: Path) -> float:
    """By its two first bytes and its method."""
    return 0.9 if head[:3] == b"\x1f\x8b\x08" else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """Unpack, then read. Raises Unreadable: cut short, damaged, past a limit, or nested too deep."""
    if workspace.depth >= DEPTH:
        raise Unreadable(f"Des archives sont emboîtées sur plus de {DEPTH} niveaux.", mend="Déposez l’archive intérieure.")
    workspace.spool.mkdir(parents=True, exist_ok=True)
    inner = workspace.spool / "contenu"
    size, tail = gunzip(path, inner, workspace.limits)
    within = replace(workspace, spool=workspace.spool / "lecture", depth=workspace.depth + 1, limits=remaining(workspace.limits, size, 1))
    reading = readers.read(inner, within)
    issues = (Issue("trailing-bytes", "Des octets étrangers suivent le fichier gzip ; ils sont ignorés."),) if tail else ()
    return Reading(f"gzip+{reading.format}", reading.tables, (*issues, *reading.issues))


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
