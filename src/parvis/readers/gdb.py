"""File Geodatabase (Esri) in a zip archive: a folder `.gdb` of numbered tables."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from parvis.core.errors import Unreadable
from parvis.core.late import late
from parvis.core.reading import Example, Reader, Reading, Workspace
from parvis.readers import archive, zips
from parvis.readers.archive import Member

if TYPE_CHECKING:
    from parvis.readers.layers import Layered, read_layers
else:
    Layered = late("parvis.readers.layers", "Layered")
    read_layers = late("parvis.readers.layers", "read_layers")

_TABLE = re.compile(r"(?:^|/)a[0-9a-f]{8}\.gdbtable$", re.IGNORECASE)


def sniff(head: bytes, path: Path) -> float:
    """A zip with numbered tables."""
    return 0.96 if any(_TABLE.search(n.replace("\\", "/")) for n in zips.members(head, path)) else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """A table for each layer and table of each geodatabase. Raises Unreadable when none can be read."""
    bases: dict[str, list[Member]] = {}
    for member in archive.members(path, workspace.limits):
        folder = str(PurePosixPath(member.name).parent)
        if not member.noise:
            bases.setdefault(folder, []).append(member)
    files: list[Layered] = []
    for number, base_members in enumerate(bases.values()):
        if not any(_TABLE.search(m.name) for m in base_members):
            continue
        place = workspace.spool / f"base-{number}.gdb"
        put = archive.extract(path, base_members, workspace.spool / f"brut-{number}", workspace.limits)
        place.mkdir(parents=True, exist_ok=True)
        for member in base_members:
            name = PurePosixPath(member.name).name
            if name.isascii():  # as all that a geodatabase holds; small letters of others may be longer
                put[member.name].rename(place / name.lower())
        files.append(Layered(place))
    if not files:
        raise Unreadable("L’archive ne contient aucune géodatabase.")
    tables, issues = read_layers(files, workspace)
    return Reading("gdb", tables, issues)


GDB = Reader(
    name="gdb",
    title="Géodatabase fichier (zip)",
    sniff=sniff,
    read=read,
    examples=(
        Example(
            "points en Lambert-93",
            (Path(__file__).parent / "samples" / "parcs.gdb.zip").read_bytes(),
            ("nom", "_point"),
            2,
        ),
    ),
)
