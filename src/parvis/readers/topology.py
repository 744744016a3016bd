"""The arcs of a TopoJSON, and the geometries that name them, as GeoJSON.

Source: The TopoJSON Format Specification, version 1 (2.1 topology objects, 2.2 geometry objects).
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from parvis.readers.nested_shapes import LEVELS, too_nested
from parvis.readers.raw import Cell

_PLACED = {"Point": 0, "MultiPoint": 1}
"""Kinds that write their own coordinates, with the levels of lists around a position."""
_OF_ARCS = {"LineString": 0, "MultiLineString": 1, "Polygon": 1, "MultiPolygon": 2}
"""Kinds that name arcs, with the levels of lists around the list of arcs of one line or ring."""


class NoGeometry(ValueError):
    """An object that is no geometry of the format: an arc that is not there, lists of another depth."""


@dataclass(slots=True)
class Arcs:
    """Lines that geometries share, as the file writes them, added one by one."""

    x: array[float] = field(default_factory=lambda: array("d"))
    y: array[float] = field(default_factory=lambda: array("d"))
    starts: array[int] = field(default_factory=lambda: array("Q", [0]))
    """Where each begins among the points, and where the last one ends."""
    broken: set[int] = field(default_factory=set[int])
    """Arcs that are no list of positions."""

    def add(self, arc: Cell) -> None:
        """The next arc."""
        before = self.starts[-1]
        try:
            for position in arc if isinstance(arc, list) else _not_one():
                x, y = _position(position)
                self.x.append(x)
                self.y.append(y)
        except NoGeometry:
            del self.x[before:], self.y[before:]
            self.broken.add(len(self))
        self.starts.append(len(self.x))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def points(self, arc: int) -> int:
        """Number of points of an arc; 0 when there is none."""
        return self.starts[arc + 1] - self.starts[arc] if 0 <= arc < len(self) else 0


@dataclass(frozen=True, slots=True)
class Transform:
    """How positions were made whole numbers: position = number * scale + translate."""

    scale: tuple[float, float]
    translate: tuple[float, float]


def transform(member: Cell) -> Transform:
    """The `transform` of a topology. Raises NoGeometry."""
    if not isinstance(member, dict):
        raise NoGeometry
    return Transform(_position(member.get("scale")), _position(member.get("translate")))


@dataclass(frozen=True, slots=True)
class Topology:
    """Arcs at their places."""

    points: npt.NDArray[np.float64]
    """Shape (n, 2): of all arcs, one after another."""
    starts: Sequence[int]
    broken: frozenset[int]
    transform: Transform | None

    def geojson(self, shape: Cell, level: int = 0) -> Cell:
        """A geometry object as a GeoJSON geometry; None where the file has none. A collection within one stays a
        collection. level: collections around it.

        Raises NoGeometry, and Unreadable past LEVELS collections.
        """
        kind = shape.get("type") if isinstance(shape, dict) else None
        if kind is None and (shape is None or isinstance(shape, dict)):
            return None
        if not isinstance(shape, dict) or not isinstance(kind, str):
            raise NoGeometry
        if kind == "GeometryCollection":
            if level >= LEVELS:
                raise too_nested()
            parts = (self.geojson(part, level + 1) for part in _list(shape.get("geometries")))
            return {"type": kind, "geometries": [part for part in parts if part is not None]}
        if kind in _PLACED:
            return {"type": kind, "coordinates": self._placed(shape.get("coordinates"), _PLACED[kind])}
        if kind in _OF_ARCS:
            ring = kind.endswith("Polygon")
            return {"type": kind, "coordinates": self._lines(shape.get("arcs"), _OF_ARCS[kind], ring=ring)}
        raise NoGeometry

    def _placed(self, value: Cell, depth: int) -> Cell:
        if depth:
            return [self._placed(inner, depth - 1) for inner in _list(value)]
        x, y = _position(value)
        if self.transform is None:
            return [x, y]
        (kx, ky), (dx, dy) = self.transform.scale, self.transform.translate
        return [x * kx + dx, y * ky + dy]

    def _lines(self, value: Cell, depth: int, *, ring: bool) -> Cell:
        if depth:
            return [self._lines(inner, depth - 1, ring=ring) for inner in _list(value)]
        line: list[Cell] = []
        for arc in _list(value):
            if type(arc) is not int:
                raise NoGeometry
            points = self._arc(arc)
            line += points[1:] if line else points  # the last point of an arc is the first of the next
        least = 4 if ring else 2
        return line + line[:1] * (least - len(line)) if line else line

    def _arc(self, arc: int) -> list[Cell]:
        """Points of an arc; ~i is arc i backwards."""
        place = arc if arc >= 0 else ~arc
        if place >= len(self.starts) - 1 or place in self.broken:
            raise NoGeometry
        points: list[Cell] = self.points[self.starts[place] : self.starts[place + 1]].tolist()
        return points if arc >= 0 else points[::-1]


def topology(arcs: Arcs, transform: Transform | None) -> Topology:
    """Arcs at their places: with a transform each point is written as its distance from the one before."""
    points = np.column_stack([np.frombuffer(arcs.x), np.frombuffer(arcs.y)])
    starts = np.frombuffer(arcs.starts, np.uint64).astype(np.int64)
    if transform is not None and len(points):
        # Distances of all arcs are added up at once; what an arc begins with is what had come together before it.
        with np.errstate(over="ignore", invalid="ignore"):
            summed = np.vstack([np.zeros((1, 2)), np.cumsum(points, axis=0)])
            points = summed[1:] - np.repeat(summed[starts[:-1]], np.diff(starts), axis=0)
            points = points * transform.scale + transform.translate
    return Topology(points, starts.tolist(), frozenset(arcs.broken), transform)


def _not_one() -> list[Cell]:
    raise NoGeometry


def _list(value: Cell) -> list[Cell]:
    if not isinstance(value, list):
        raise NoGeometry
    return value


def _position(value: Cell) -> tuple[float, float]:
    """The first two numbers of a position."""
    if not isinstance(value, list) or len(value) < 2:
        raise NoGeometry
    x, y = value[0], value[1]
    if type(x) not in (int, float) or type(y) not in (int, float):
        raise NoGeometry
    try:
        return float(x), float(y)  # pyright: ignore[reportArgumentType]
    except OverflowError as huge:
        raise NoGeometry from huge


def arcs_of(shape: Cell) -> Sequence[int]:
    """The arcs that an object names, however deep they stand, each as often as it is named."""
    shapes, lists = [shape], list[Cell]()
    while shapes:
        one = shapes.pop()
        if isinstance(one, dict):
            for key, to in (("geometries", shapes), ("arcs", lists)):
                value = one.get(key)
                to.extend(value if isinstance(value, list) else ())
    arcs = array("q")
    while lists:
        arc = lists.pop()
        if isinstance(arc, list):
            lists.extend(arc)
        elif type(arc) is int and abs(arc) < 1 << 62:
            arcs.append(arc if arc >= 0 else ~arc)
    return arcs


def times_written(arcs: Arcs, named: Mapping[int, int]) -> tuple[int, int]:
    """Points that the objects come to, and the arc that brings most of them. named: how often each arc is.

    >>> lines = Arcs()
    >>> lines.add([[0, 0], [1, 1]])
    >>> times_written(lines, {0: 3, 9: 1})
    (6, 0)
    """
    points = {arc: arcs.points(arc) * count for arc, count in named.items()}
    return sum(points.values()), max(points, key=points.__getitem__, default=0)
