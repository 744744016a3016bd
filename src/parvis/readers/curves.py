"""Read WKB that holds arcs (circular strings, compound curves, curve polygons), as survey software writes it:
arcs become short segments.

Source: ISO/IEC 13249-3 (SQL/MM) types 8 to 12.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from parvis.readers.geometry import Shapes
from parvis.readers.nested_shapes import refuse_nested

STEP = math.pi / 45
"""Angle between two points put on an arc: 4 degrees, as GDAL does."""

Xy = tuple[float, float]

_KINDS: Mapping[int, Callable[[Any], BaseGeometry]] = {
    4: shapely.MultiPoint,
    5: shapely.MultiLineString,
    6: shapely.MultiPolygon,
    7: shapely.GeometryCollection,
    11: shapely.MultiLineString,
    12: shapely.MultiPolygon,
}


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._order = "<"

    def _take(self, form: str) -> tuple[float, ...]:
        values = struct.unpack_from(self._order + form, self._data, self._at)
        self._at += struct.calcsize(self._order + form)
        return values

    def geometry(self, depth: int = 0) -> BaseGeometry:
        if depth > 8:
            raise ValueError("geometries nest too deep")
        kind, size = self._header()
        if kind == 1:
            x, y = self._take(f"{size}d")[:2]
            return shapely.Point(x, y)
        if kind in (2, 8):
            return shapely.LineString(self._line(kind, size))
        if kind == 9:
            return shapely.LineString(self._compound())
        if kind in (3, 10):
            rings = self._rings(kind, size)
            return shapely.Polygon(rings[0], rings[1:]) if rings else shapely.Polygon()
        if kind in (4, 5, 6, 7, 11, 12):
            parts = [self.geometry(depth + 1) for _ in range(int(self._take("I")[0]))]
            return _KINDS[kind](parts)
        raise ValueError(f"geometry type {kind}")

    def _header(self) -> tuple[int, int]:
        """Plain type and numbers a point."""
        self._order = "<" if self._data[self._at] == 1 else ">"
        self._at += 1
        code = int(self._take("I")[0])
        if code & 0x20000000:
            self._take("I")
        size = 2 + bool(code & 0x80000000) + bool(code & 0x40000000)
        code &= 0x1FFFFFFF
        return code % 1000, max(size, {0: 2, 1: 3, 2: 3, 3: 4}.get(code // 1000, 2))

    def _points(self, size: int) -> list[Xy]:
        count = int(self._take("I")[0])
        if count * size * 8 > len(self._data) - self._at:
            raise ValueError("more points than bytes")
        flat = self._take(f"{count * size}d")
        return [(flat[i], flat[i + 1]) for i in range(0, len(flat), size)]

    def _line(self, kind: int, size: int) -> list[Xy]:
        points = self._points(size)
        return arcs(points) if kind == 8 else points

    def _compound(self) -> list[Xy]:
        line: list[Xy] = []
        for _ in range(int(self._take("I")[0])):
            kind, size = self._header()
            part = self._line(kind, size)
            line += part[1:] if line and part and line[-1] == part[0] else part
        return line

    def _rings(self, kind: int, size: int) -> list[list[Xy]]:
        count = int(self._take("I")[0])
        if kind == 3:
            return [self._points(size) for _ in range(count)]
        rings: list[list[Xy]] = []
        for _ in range(count):
            inner, width = self._header()
            rings.append(self._compound() if inner == 9 else self._line(inner, width))
        return rings


def shapes(wkb: Sequence[bytes | None]) -> Shapes:
    """Geometries from WKB, arcs drawn; missing where there is none or it can't be read. Raises Unreadable when
    one nests collections too deep for those who parse it here or later.
    """
    refuse_nested(wkb)
    try:
        parsed = shapely.from_wkb(wkb, on_invalid="ignore")
    except NotImplementedError:
        # GEOS knows arcs since 3.13 and shapely refuses the whole batch for one: take them one by one.
        parsed = np.array([_alone(value) for value in wkb], dtype=object)
    for i in np.flatnonzero(shapely.is_missing(parsed)).tolist():
        value = wkb[i]
        if value is not None:
            parsed[i] = linear(value)
    return parsed


def _alone(value: bytes | None) -> BaseGeometry | None:
    try:
        return None if value is None else shapely.from_wkb(value, on_invalid="ignore")
    except NotImplementedError:
        return None


def linear(data: bytes) -> BaseGeometry | None:
    """The geometry with its arcs cut into segments; None when it can't be read."""
    try:
        return _Reader(data).geometry()
    except (struct.error, ValueError, IndexError, TypeError, shapely.errors.ShapelyError):
        return None


def arcs(points: Sequence[Xy]) -> list[Xy]:
    """A string of arcs, each by its start, a point on it, its end, as a line.

    >>> line = arcs([(0.0, 0.0), (1.0, 1.0), (2.0, 0.0)])
    >>> len(line), all(abs(math.hypot(x - 1, y) - 1) < 1e-9 for x, y in line)
    (46, True)
    """
    line = list(points[:1])
    for i in range(0, len(points) - 2, 2):
        line += _arc(points[i], points[i + 1], points[i + 2])
    return line


def _arc(a: Xy, b: Xy, c: Xy) -> list[Xy]:
    """The points after `a` up to `c`."""
    if a == c:
        # A whole circle: b is opposite.
        centre = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
        sweep = 2 * math.pi
    else:
        d = 2 * ((a[0] - c[0]) * (b[1] - c[1]) - (b[0] - c[0]) * (a[1] - c[1]))
        if abs(d) < 1e-12 * (math.hypot(a[0] - c[0], a[1] - c[1]) ** 2 + 1e-300):
            return [b, c]
        # Relative to c: coordinates of a city are large, their squares larger.
        ax, ay, bx, by = a[0] - c[0], a[1] - c[1], b[0] - c[0], b[1] - c[1]
        a2, b2 = ax * ax + ay * ay, bx * bx + by * by
        centre = (c[0] + (a2 * by - b2 * ay) / d, c[1] + (b2 * ax - a2 * bx) / d)
        start, middle, end = (math.atan2(p[1] - centre[1], p[0] - centre[0]) for p in (a, b, c))
        sweep = (end - start) % (2 * math.pi)
        if (middle - start) % (2 * math.pi) > sweep:
            sweep -= 2 * math.pi
    radius = math.hypot(a[0] - centre[0], a[1] - centre[1])
    begin = math.atan2(a[1] - centre[1], a[0] - centre[0])
    count = max(2, math.ceil(abs(sweep) / STEP))
    inner = [
        (
            centre[0] + radius * math.cos(begin + sweep * k / count),
            centre[1] + radius * math.sin(begin + sweep * k / count),
        )
        for k in range(1, count)
    ]
    return [*inner, c]
