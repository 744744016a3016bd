"""TopoJSON: shared borders written once; each object is a layer. Read through GDAL."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from parvis.core.late import late
from parvis.core.reading import Example, Reader, Reading, Workspace
from parvis.core.sentence import Sentence
from parvis.readers import geometry, json_text
from parvis.readers.limits import MB, past

if TYPE_CHECKING:
    from parvis.readers.layers import Layered, read_layers
else:
    Layered = late("parvis.readers.layers", "Layered")
    read_layers = late("parvis.readers.layers", "read_layers")

WHOLE_MB = 200
"""GDAL holds the whole document in memory."""


def sniff(head: bytes, path: Path) -> float:
    """An object of type Topology."""
    top = json_text.first_level(head)
    return 0.96 if top.get("type") == "Topology" or {"arcs", "objects"} <= top.keys() else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """A table for each object. Raises Unreadable when the document is damaged or too large."""
    if path.stat().st_size > WHOLE_MB * MB:
        raise past("upload_mb", WHOLE_MB, Sentence("Le TopoJSON est trop gros pour être lu"), unit="Mo")
    workspace.spool.mkdir(parents=True, exist_ok=True)
    place = workspace.spool / "couche.topojson"
    try:
        os.link(path, place)
    except OSError:
        shutil.copyfile(path, place)
    tables, issues = read_layers([Layered(place, codec="utf-8", assumed=geometry.WGS84)], workspace)
    return Reading("topojson", tables, issues)


_TOPOLOGY = (
    b'{"type":"Topology","objects":{"quartiers":{"type":"GeometryCollection","geometries":['
    b'{"type":"Polygon","arcs":[[0]],"properties":{"nom":"Centre"}},{"type":"Polygon","arcs":[[1]],"properties":{"nom":"Nord"}}]}},'
    b'"arcs":[[[3,43],[4,43],[4,44],[3,43]],[[3,44],[4,44],[4,45],[3,44]]]}'
)

TOPOJSON = Reader(
    name="topojson",
    title="TopoJSON",
    sniff=sniff,
    read=read,
    examples=(Example("deux quartiers", _TOPOLOGY, ("id", "nom", "_shape"), 2, "utf-8"),),
)
