"""GPX: way points, routes, tracks, and the points of tracks, each a table. Degrees always, times in UTC.
Source: GPX 1.1 schema, Topografix.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from parvis.core.errors import Unreadable
from parvis.core.reading import Example, RawTable, Reader, Reading, Workspace
from parvis.core.sentence import Sentence
from parvis.readers import xml_text
from parvis.readers.features import FeatureWriter
from parvis.readers.geometry import Tally
from parvis.readers.kml import gathered
from parvis.readers.raw import Cell
from parvis.readers.xml_stream import Element, forget, local, walk

TABLES = {"wpt": "waypoints", "trk": "tracks", "rte": "routes", "trkpt": "track_points"}
_POINTS = 5_000_000
"""Points of one track that are held while it is read."""


def sniff(head: bytes, path: Path) -> float:
    """The root element `gpx`."""
    return 0.95 if xml_text.root(head) == "gpx" else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """A table for each kind of element of the file, way points first. Raises Unreadable: not well-formed,
    nothing in it.
    """
    tables = xml_text.walked(path, workspace, lambda text: _tables(text, workspace))
    if not tables:
        raise Unreadable("Le GPX ne contient ni point, ni itinéraire, ni trace.")
    if workspace.sheet:
        tables = tuple(t for t in tables if t.name == workspace.sheet)
        if not tables:
            raise Unreadable(
                Sentence("Le GPX n’a pas de table « {sheet} ».", sheet=workspace.sheet),
                mend=Sentence("Tables possibles : {names}.", names=", ".join(TABLES.values())),
            )
    return Reading("gpx", tables)


def _tables(text: xml_text.Text, workspace: Workspace) -> tuple[RawTable, ...]:
    writers = {tag: FeatureWriter(workspace, f"gpx-{tag}", None, Tally()) for tag in TABLES}
    segments: list[list[Cell]] = []
    held = 0
    tracks = 0
    with text.open() as source:
        for event, element in walk(source, workspace.limits):
            tag = local(element)
            if event == "start":
                if tag == "trk":
                    segments, held, tracks = [], 0, tracks + 1
                elif tag == "trkseg":
                    segments.append([])
                continue
            if tag == "wpt":
                writers["wpt"].add(_point(element), _properties(element))
            elif tag == "trkpt" and segments:
                held += 1
                if held > _POINTS:
                    raise Unreadable(
                        Sentence("Une trace a plus de {points} points.", points=_POINTS), mend="Découpez-la."
                    )
                place = _place(element)
                segments[-1].append(place)
                row: dict[str, Cell] = {"track": tracks, "segment": len(segments), **_properties(element)}
                writers["trkpt"].add({"type": "Point", "coordinates": place}, row)
                forget(element)
            elif tag == "trk":
                lines: list[Cell] = [
                    {"type": "LineString", "coordinates": line} for line in segments if len(line) > 1
                ]
                writers["trk"].add(gathered(lines), {**_properties(element), "points": held})
            elif tag == "rte":
                line: list[Cell] = [_place(child) for child in element if local(child) == "rtept"]
                writers["rte"].add(
                    {"type": "LineString", "coordinates": line} if len(line) > 1 else None,
                    {**_properties(element), "points": len(line)},
                )
            if tag in ("wpt", "trk", "rte", "metadata"):
                forget(element)
    tables = (writers[tag].finish(name, text.encoding) for tag, name in TABLES.items())
    return tuple(replace(t, issues=(*text.issues, *t.issues)) for t in tables if t is not None)


def _place(element: Element) -> Cell:
    """Longitude and latitude, or the texts themselves when they are no numbers."""
    lon, lat = element.get("lon"), element.get("lat")
    try:
        return [float(lon or ""), float(lat or "")]
    except ValueError:
        return [lon, lat]


def _point(element: Element) -> Cell:
    return {"type": "Point", "coordinates": _place(element)}


def _properties(element: Element) -> dict[str, Cell]:
    return dict(_leaves(element, ""))


def _leaves(element: Element, prefix: str) -> Iterator[tuple[str, Cell]]:
    for child in element:
        tag = local(child)
        if tag in ("trkseg", "rtept", "trkpt", "link"):
            continue
        if len(child):
            yield from _leaves(child, "" if tag == "extensions" else f"{prefix}{tag}.")
        else:
            yield f"{prefix}{tag}", (child.text or "").strip() or None


_TRACE = """<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">
<wpt lat="43.61" lon="3.87"><ele>30</ele><name>Comédie</name></wpt><wpt lat="43.60" lon="3.86"><name>Foch</name></wpt>
<trk><name>Tour</name><trkseg><trkpt lat="43.61" lon="3.87"><time>2026-01-02T03:04:05Z</time></trkpt><trkpt lat="43.60" lon="3.86"/></trkseg></trk>
</gpx>
"""

GPX = Reader(
    name="gpx",
    title="GPX (traces GPS)",
    sniff=sniff,
    read=read,
    examples=(Example("deux points, une trace", _TRACE.encode(), ("ele", "name", "_point"), 2, "utf-8"),),
)
