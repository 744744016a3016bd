"""FlatGeobuf: one layer in a stream of features, as geographic services hand it out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from parvis.core.late import late
from parvis.core.reading import Example, Reader, Reading, Workspace

if TYPE_CHECKING:
    from parvis.readers.layers import Layered, beside, read_layers
else:
    Layered = late("parvis.readers.layers", "Layered")
    beside = late("parvis.readers.layers", "beside")
    read_layers = late("parvis.readers.layers", "read_layers")

_MAGIC = b"fgb\x03fgb"
"""Then the patch version. Source: FlatGeobuf specification 3, « Binary layout »."""


def sniff(head: bytes, path: Path) -> float:
    """By its first bytes."""
    return 1.0 if head.startswith(_MAGIC) else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """The one layer. Raises Unreadable: damaged, or empty."""
    place = beside(path, workspace.spool, "couche.fgb")
    tables, issues = read_layers([Layered(place)], workspace)
    return Reading("flatgeobuf", tables, issues)


FLATGEOBUF = Reader(
    name="flatgeobuf",
    title="FlatGeobuf",
    sniff=sniff,
    read=read,
    examples=(
        Example(
            "points en Lambert-93",
            (Path(__file__).parent / "samples" / "parcs.fgb").read_bytes(),
            ("nom", "_point"),
            2,
        ),
    ),
)
