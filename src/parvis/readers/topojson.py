"""TopoJSON: shared borders written once; each object is a layer. Read through GDAL."""

from __future__ import annotations

import os
import shutil
from array import array
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from parvis.core.errors import Unreadable
from parvis.core.late import late
from parvis.core.reading import Example, Reader, Reading, Workspace
from parvis.core.sentence import Number, Sentence
from parvis.core.settings import Limits
from parvis.readers import geometry, json_text
from parvis.readers.json import broken
from parvis.readers.json_text import BadJson, JsonText
from parvis.readers.limits import MB, past
from parvis.readers.raw import Cell

if TYPE_CHECKING:
    from parvis.readers.layers import Layered, read_layers
else:
    Layered = late("parvis.readers.layers", "Layered")
    read_layers = late("parvis.readers.layers", "read_layers")

WHOLE_MB = 200
"""GDAL holds the whole document in memory."""
FEW_POINTS = 100_000
"""Points that objects may come to, whatever the file writes: they cost nothing."""
AGAIN = 20
"""Times the points written that objects may come to: a border is shared by two areas, and each level of a nomenclature
(commune, canton, county) names it again.
"""


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
    encoding = json_text.encoding_of(place)
    try:
        weigh(place, encoding, workspace.limits)
    except BadJson as error:
        bare = json_text.tidied(place, encoding, workspace.spool / "tidied", most_mb=WHOLE_MB)
        if bare is None:
            raise broken(error) from error
        place.unlink()
        bare.rename(place)
        try:
            weigh(place, "utf-8", workspace.limits)
        except BadJson as again:
            raise broken(again) from again
    tables, issues = read_layers([Layered(place, codec="utf-8", assumed=geometry.WGS84)], workspace)
    return Reading("topojson", tables, issues)


def weigh(path: Path, encoding: str, limits: Limits) -> None:
    """Refuse a topology whose objects come to far more points than it writes, as they name the same arcs again and
    again: they are written out, each time, by whoever reads it. One pass; geometries are looked at one by one.

    Raises Unreadable, and BadJson where it is no JSON.
    """
    named: Counter[int] = Counter()
    points = array("Q")
    with JsonText(path, encoding, limits) as text:
        for key in text.keys():  # noqa: SIM118
            text.colon()
            match key.lower(), text.peek():  # GDAL finds keys in any case
                case "arcs", "[":
                    _points_of_arcs(text, points)
                case "objects", "{":
                    for _ in text.keys():  # noqa: SIM118
                        text.colon()
                        _arcs_of_object(text, named)
                case _:
                    text.value()
    written = sum(points)
    times = {arc: count for arc, count in named.items() if arc < len(points)}
    total = sum(points[arc] * count for arc, count in times.items())
    if total > max(FEW_POINTS, AGAIN * written):
        most = max(times, key=lambda arc: points[arc] * times[arc])
        raise Unreadable(
            Sentence(
                "Les objets du TopoJSON font {total} points, pour {written} que le fichier écrit : l’arc {arc} y revient {count} fois.",
                total=Number(total),
                written=Number(written),
                arc=most,
                count=Number(times[most]),
            ),
            mend="Refaites l’export depuis vos données d’origine, ou envoyez-les en GeoJSON ou en GeoPackage.",
        )


def _points_of_arcs(text: JsonText, points: array[int]) -> None:
    """Add the number of points of each arc; of lists given twice the longer arc counts."""
    for place, arc in enumerate(text.elements()):
        length = len(arc) if isinstance(arc, list) else 0
        if place < len(points):
            points[place] = max(points[place], length)
        else:
            points.append(length)


def _arcs_of_object(text: JsonText, named: Counter[int]) -> None:
    """Count the arcs that one object names; the geometries of a collection are looked at one by one."""
    if text.peek() != "{":
        text.value()
        return
    for key in text.keys():  # noqa: SIM118
        text.colon()
        if key.lower() == "geometries" and text.peek() == "[":
            for shape in text.elements():
                named.update(_arcs(shape))
        else:
            named.update(_arcs({key: text.value()}))


def _arcs(shape: Cell) -> Iterator[int]:
    """The arcs that a geometry names, however deep they stand; `~i` is arc i backwards."""
    shapes, lists = [shape], list[Cell]()
    while shapes:
        one = shapes.pop()
        for key, value in one.items() if isinstance(one, dict) else ():
            if isinstance(value, list) and key.lower() in ("geometries", "arcs"):
                (shapes if key.lower() == "geometries" else lists).extend(value)
    while lists:
        arc = lists.pop()
        if isinstance(arc, list):
            lists.extend(arc)
        elif isinstance(arc, (int, float)) and abs(arc) < 1 << 32:
            yield int(arc) if arc >= 0 else ~int(arc)


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
