"""TopoJSON: shared borders written once; each object is a layer.

The document is walked twice, however many layers it has: for the arcs and how often they are named, then for the
objects, one geometry at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from parvis.core.errors import Unreadable
from parvis.core.reading import Example, Issue, RawTable, Reader, Reading, Workspace
from parvis.core.sentence import Number, Sentence, quoted
from parvis.core.settings import Limits
from parvis.readers import json_text
from parvis.readers.features import FeatureWriter
from parvis.readers.geometry import Tally
from parvis.readers.json import broken
from parvis.readers.json_text import BadJson, JsonText
from parvis.readers.limits import MB, past
from parvis.readers.raw import Cell
from parvis.readers.topology import (
    Arcs,
    NoGeometry,
    Topology,
    Transform,
    arcs_of,
    times_written,
    topology,
    transform,
)

WHOLE_MB = 200
"""All arcs are held in memory."""
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
    """A table for each object. Raises Unreadable when the document is damaged or too large, and when its objects come
    to far more points than it writes.
    """
    if path.stat().st_size > WHOLE_MB * MB:
        raise past("upload_mb", WHOLE_MB, Sentence("Le TopoJSON est trop gros pour être lu"), unit="Mo")
    encoding = json_text.encoding_of(path)
    try:
        return _read(path, encoding, encoding, workspace)
    except BadJson as error:
        bare = json_text.tidied(path, encoding, workspace.spool / "tidied", most_mb=WHOLE_MB)
        if bare is None:
            raise broken(error) from error
    try:
        return _read(bare, "utf-8", encoding, workspace)
    except BadJson as error:
        raise broken(error) from error


def _read(path: Path, encoding: str, stated: str, workspace: Workspace) -> Reading:
    """stated: the encoding of what was sent."""
    content = _first_pass(path, encoding, workspace.limits)
    places = topology(content.arcs, content.transform)
    names = list(content.names)
    if workspace.sheet and workspace.sheet not in names:
        raise Unreadable(
            Sentence("La couche « {sheet} » n’existe pas.", sheet=workspace.sheet),
            mend=Sentence("Couches : {names}.", names=quoted(names[:20])) if names else "",
        )
    tables: list[RawTable] = []
    issues: list[Issue] = []
    with JsonText(path, encoding, workspace.limits) as text:
        for number, name in enumerate(_objects(text)):
            if workspace.sheet not in ("", name):
                text.value()
                continue
            table = _layer(text, name, number, places, workspace)
            if table is None:
                issues.append(Issue("empty-layer", f"La couche « {name} » est vide.", name))
            else:
                tables.append(replace(table, encoding=stated))
    if not tables:
        raise Unreadable(
            issues[0].message if issues else "Le TopoJSON ne contient aucune couche (objects).",
            mend="Vérifiez l’export dans votre logiciel cartographique.",
        )
    return Reading("topojson", tuple(tables), tuple(issues))


@dataclass(frozen=True, slots=True)
class _Content:
    """What the first pass keeps."""

    arcs: Arcs
    transform: Transform | None
    names: tuple[str, ...]
    """Of the objects, in their order."""


def _first_pass(path: Path, encoding: str, limits: Limits) -> _Content:
    """The arcs, once it is known that the objects do not name them without end. Raises Unreadable, and BadJson where
    it is no JSON.
    """
    arcs = Arcs()
    moved: Transform | None = None
    named: Counter[int] = Counter()
    names: list[str] = []
    with JsonText(path, encoding, limits) as text:
        for key in text.keys():  # noqa: SIM118
            text.colon()
            match key, text.peek():
                case "arcs", "[":
                    arcs = Arcs()  # of a key given twice the last one counts
                    for arc in text.elements():
                        arcs.add(arc)
                case "transform", "{":
                    moved = _transform(text.value())
                case "objects", "{":
                    for name in text.keys():  # noqa: SIM118
                        text.colon()
                        names.append(name)
                        for shape, _ in _shapes(text):
                            named.update(arcs_of(shape))
                case _:
                    text.value()
        if text.peek():
            raise BadJson("texte après la fin du document", text.line)
    total, most = times_written(arcs, named)
    written = len(arcs.x)
    if total > max(FEW_POINTS, AGAIN * written):
        raise Unreadable(
            Sentence(
                "Les objets du TopoJSON font {total} points, pour {written} que le fichier écrit : l’arc {arc} y revient {count} fois.",
                total=Number(total),
                written=Number(written),
                arc=most,
                count=Number(named[most]),
            ),
            mend="Refaites l’export depuis vos données d’origine, ou envoyez-les en GeoJSON ou en GeoPackage.",
        )
    return _Content(arcs, moved, tuple(names))


def _transform(member: Cell) -> Transform:
    try:
        return transform(member)
    except NoGeometry as wrong:
        raise Unreadable(
            "Le TopoJSON ne dit pas comment placer ses points : « transform » est mal écrit.",
            mend="Refaites l’export.",
        ) from wrong


def _objects(text: JsonText) -> Iterator[str]:
    """The names of the objects; the caller passes each object before it asks for the next."""
    for key in text.keys():  # noqa: SIM118
        text.colon()
        if key == "objects" and text.peek() == "{":
            for name in text.keys():  # noqa: SIM118
                text.colon()
                yield name
        else:
            text.value()


def _shapes(text: JsonText) -> Iterator[tuple[Cell, bool]]:
    """The geometries of the object that starts here, one at a time: those of a collection, or the object itself.
    With each, whether it is one of a collection.
    """
    if text.peek() != "{":
        yield text.value(), False
        return
    alone: dict[str, Cell] = {}
    collected = False
    for key in text.keys():  # noqa: SIM118
        text.colon()
        if key == "geometries" and text.peek() == "[":
            collected = True
            for shape in text.elements():
                yield shape, True
        else:
            alone[key] = text.value()
    if not collected:
        yield alone, False


def _layer(text: JsonText, name: str, number: int, places: Topology, workspace: Workspace) -> RawTable | None:
    """The table of one object; None when it has no geometry."""
    tally = Tally()
    writer = FeatureWriter(workspace, f"couche-{number}", None, tally)
    for shape, of_collection in _shapes(text):
        member = shape if isinstance(shape, dict) else {}
        if not of_collection and member.get("type") is None:
            continue
        properties = member.get("properties")
        try:
            place = places.geojson(shape)
        except NoGeometry:
            # Told as unreadable, and kept as text.
            place = {k: v for k, v in member.items() if k in ("type", "arcs", "coordinates")} or shape
        writer.add(place, properties if isinstance(properties, dict) else {}, identifier=member.get("id"))
    return writer.finish(name, None)


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
    examples=(Example("deux quartiers", _TOPOLOGY, ("nom", "_shape"), 2, "utf-8"),),
)
