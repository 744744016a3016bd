"""KML, and KMZ (a zip with a KML in it): every placemark, its extended data, its folder. Degrees always.
Source: OGC 12-007r2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from parvis.core.errors import Unreadable
from parvis.core.reading import Example, RawTable, Reader, Reading, Workspace
from parvis.core.sentence import Sentence
from parvis.core.settings import Limits
from parvis.readers import archive, xml_text, zips
from parvis.readers.features import FeatureWriter
from parvis.readers.geometry import Tally
from parvis.readers.labels import free
from parvis.readers.raw import Cell
from parvis.readers.xml_stream import Element, forget, local, walk

_PLAIN = ("name", "description", "address", "phoneNumber", "snippet", "Snippet")
_PLACES = ("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Track", "MultiTrack")
_PICTURES = re.compile(r"\.(png|jpe?g|gif|bmp|svg|ico|webp|dae|tiff?|txt|html?)$", re.IGNORECASE)


def sniff(head: bytes, path: Path) -> float:
    """The root element `kml`, or a zip whose only document is a KML."""
    if xml_text.root(head) == "kml":
        return 0.95
    names = [n for n in zips.members(head, path) if not n.endswith("/")]
    documents = [n for n in names if n.lower().endswith(".kml")]
    return (
        0.9
        if documents
        and all(n in documents or _PICTURES.search(n) or n.startswith("__MACOSX/") for n in names)
        else 0.0
    )


def read(path: Path, workspace: Workspace) -> Reading:
    """One table a document. Raises Unreadable: not well-formed, no placemark."""
    if not zips.is_zip(path):
        return Reading("kml", (_document(path, workspace, "", "kml"),))
    documents = [
        m for m in archive.members(path, workspace.limits) if m.name.lower().endswith(".kml") and not m.noise
    ]
    # doc.kml is the document that the standard opens; the others are read as well.
    documents.sort(key=lambda m: (not m.name.lower().endswith("doc.kml"), m.name))
    placed = archive.extract(path, documents, workspace.spool / "kmz", workspace.limits)
    tables: list[RawTable] = []
    refused: list[Unreadable] = []
    for number, member in enumerate(documents):
        try:
            inner = replace(workspace, spool=workspace.spool / f"kml-{number}")
            tables.append(
                _document(placed[member.name], inner, member.name if len(documents) > 1 else "", "kml")
            )
        except Unreadable as error:
            refused.append(error)
    if not tables:
        raise refused[0] if refused else Unreadable("L’archive KMZ ne contient aucun document KML.")
    return Reading("kml", tuple(tables))


def _document(path: Path, workspace: Workspace, name: str, stem: str) -> RawTable:
    def use(text: xml_text.Text) -> RawTable | None:
        writer = FeatureWriter(workspace, stem, None, Tally())
        for properties, shape, identifier in _placemarks(text, workspace.limits):
            writer.add(shape, properties, identifier=identifier)
        table = writer.finish(name, text.encoding)
        return replace(table, issues=(*text.issues, *table.issues)) if table else None

    table = xml_text.walked(path, workspace, use)
    if table is None:
        mend = Sentence("S’il ne contient qu’un lien (NetworkLink), déposez le fichier vers lequel il mène.")
        raise Unreadable("Le KML ne contient aucun repère (Placemark).", mend=mend)
    return table


def _placemarks(text: xml_text.Text, limits: Limits) -> Iterator[tuple[dict[str, Cell], Cell, str | None]]:
    """Properties, geometry and id of each placemark."""
    folders: list[str] = []
    place: list[str] = []
    inside = 0
    with text.open() as source:
        for event, element in walk(source, limits):
            tag = local(element)
            if event == "start":
                place.append(tag)
                inside += tag == "Placemark"
                if tag == "Folder":
                    folders.append("")
                continue
            place.pop()
            if tag == "name" and place[-1:] == ["Folder"] and folders and not inside:
                folders[-1] = (element.text or "").strip()
            elif tag == "Folder" and folders:
                folders.pop()
            if tag == "Placemark":
                inside -= 1
                properties = _properties(element)
                named = [f for f in folders if f]
                if named:
                    properties["dossier"] = " / ".join(named)
                yield properties, _shape(element), element.get("id")
            if not inside:
                forget(element)


def _properties(placemark: Element) -> dict[str, Cell]:
    properties: dict[str, Cell] = {}
    turns: dict[str, int] = {}
    for child in placemark:
        tag = local(child)
        if tag in _PLAIN:
            properties[tag] = _text(child)
        elif tag == "TimeStamp":
            properties["when"] = next((_text(c) for c in child if local(c) == "when"), None)
        elif tag == "TimeSpan":
            properties |= {local(c): _text(c) for c in child if local(c) in ("begin", "end")}
        elif tag == "ExtendedData":
            for key, value in _extended(child):
                if key in properties:
                    key = free(key, properties.__contains__, turns)
                properties[key] = value
    return properties


def _extended(data: Element) -> Iterator[tuple[str, str | None]]:
    for child in data:
        tag = local(child)
        if tag == "Data":
            yield child.get("name") or "donnée", next((_text(c) for c in child if local(c) == "value"), None)
        elif tag == "SchemaData":
            for simple in child:
                if local(simple) == "SimpleData":
                    yield simple.get("name") or "donnée", _text(simple)
        elif not len(child):
            yield tag, _text(child)


def _text(element: Element) -> str | None:
    return (element.text or "").strip() or None


def _shape(element: Element) -> Cell:
    """The geometry among the children, as GeoJSON."""
    return next((_geometry(child) for child in element if local(child) in _PLACES), None)


def _geometry(element: Element) -> Cell:
    tag = local(element)
    if tag == "Point":
        line = _coordinates(element)
        return {"type": "Point", "coordinates": line[0] if isinstance(line, list) and line else line}
    if tag in ("LineString", "LinearRing"):
        return {"type": "LineString", "coordinates": _coordinates(element)}
    if tag == "Polygon":
        rings: list[Cell] = []
        for side in ("outerBoundaryIs", "innerBoundaryIs"):
            rings += [
                _coordinates(ring)
                for child in element
                if local(child) == side
                for ring in child
                if local(ring) == "LinearRing"
            ]
        return {"type": "Polygon", "coordinates": [_closed(r) for r in rings]}
    if tag == "Track":
        return {
            "type": "LineString",
            "coordinates": [_numbers((c.text or "").split()) for c in element if local(c) == "coord"],
        }
    parts: list[Cell] = [_geometry(child) for child in element if local(child) in _PLACES]
    return gathered(parts)


def gathered(parts: list[Cell]) -> Cell:
    """One geometry of several: a multiple one when they are of a kind."""
    if len(parts) == 1:
        return parts[0]
    kinds = {str(p["type"]) for p in parts if isinstance(p, dict)}
    if len(kinds) == 1 and (kind := kinds.pop()) in ("Point", "LineString", "Polygon"):
        return {
            "type": f"Multi{kind}",
            "coordinates": [p["coordinates"] for p in parts if isinstance(p, dict)],
        }
    return {"type": "GeometryCollection", "geometries": parts} if parts else None


def _coordinates(element: Element) -> Cell:
    """`lon,lat[,alt]` separated by white space; the text itself when it is not that."""
    text = next((c.text or "" for c in element if local(c) == "coordinates"), "")
    tuples = re.sub(r"\s*,\s*", ",", text.strip()).split()
    points: list[Cell] = [_numbers(t.split(",")) for t in tuples]
    return points if points and None not in points else text.strip()[:200]


def _numbers(parts: list[str]) -> Cell:
    """Longitude and latitude; None when they are no numbers."""
    try:
        return [float(parts[0]), float(parts[1])]
    except (ValueError, IndexError):
        return None


def _closed(ring: Cell) -> Cell:
    """Rings that forget to come back are closed, as every viewer does."""
    return [*ring, ring[0]] if isinstance(ring, list) and len(ring) > 2 and ring[0] != ring[-1] else ring


_DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>Parkings</name><Folder><name>Centre</name>
<Placemark id="p1"><name>Comédie</name><ExtendedData><Data name="places"><value>788</value></Data></ExtendedData>
<Point><coordinates>3.87,43.61,0</coordinates></Point></Placemark>
<Placemark><name>Foch</name><Point><coordinates>3.86, 43.60</coordinates></Point></Placemark>
</Folder></Document></kml>
"""

KML = Reader(
    name="kml",
    title="KML et KMZ (Google Earth)",
    sniff=sniff,
    read=read,
    examples=(
        Example(
            "deux repères", _DOCUMENT.encode(), ("id", "name", "places", "dossier", "_point"), 2, "utf-8"
        ),
    ),
)
