"""The ground that trucks drive on: metres and seconds between places, along the city's road network, or in a
straight line where there is none, and said so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from parvis.methods import ellipsoid
from parvis.methods.roads import graph, network, ways
from parvis.methods.roads.graph import Roads
from parvis.methods.roads.network import Network
from parvis.methods.roads.snapping import Snapper

Floats = NDArray[np.float64]

KMH = 25.0
"""Speed of a truck in town where the network says none, and in a straight line."""

DETOUR = 1.3
"""How much longer streets are than a straight line, where nothing better is known."""

FAR_M = 400.0
"""A place farther than that from every street is joined in a straight line."""


@dataclass(frozen=True, slots=True)
class CollectionMap:
    """p places. metres, seconds: (p, p). by_streets: (p,) whether a place lies on the network."""

    metres: Floats
    seconds: Floats
    by_streets: NDArray[np.bool_]
    net: Network | None

    def streetwise(self, first: int, second: int) -> bool:
        """Whether the way between two places follows the streets."""
        return bool(self.by_streets[first] and self.by_streets[second])

    def way(
        self, first: int, second: int, ends: tuple[tuple[float, float], tuple[float, float]]
    ) -> list[tuple[float, float]]:
        """(lon, lat) of the way from one place to another; ends: where they are."""
        if self.net is None or not self.streetwise(first, second):
            return list(ends)
        found = ways.between(self.net, first, second)
        return [(float(x), float(y)) for x, y in found] if len(found) > 1 else list(ends)


def lay(streets: pa.Table | None, lon: Sequence[float], lat: Sequence[float]) -> CollectionMap:
    """The ways between places. streets: rows of the road network, with `_shape`."""
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    p = len(x)
    apart = ellipsoid.metres(np.repeat(x, p), np.repeat(y, p), np.tile(x, p), np.tile(y, p))
    straight = DETOUR * apart.reshape(p, p)
    flat = CollectionMap(straight, straight / (KMH / 3.6), np.zeros(p, np.bool_), None)
    roads = None if streets is None else built(streets)
    if roads is None:
        return flat
    usable = graph.main_part(roads)
    if not usable.any():
        return flat
    stops = Snapper(roads, usable).snap(x, y)
    net = network.join(roads, stops, roads.seconds(KMH))
    seconds, metres = ways.matrix(net, net.metres)
    near = np.asarray(stops.gap_m <= FAR_M)
    streetwise = near[:, None] & near[None, :] & np.isfinite(seconds)
    return CollectionMap(
        np.where(streetwise, metres, straight), np.where(streetwise, seconds, flat.seconds), near, net
    )


def built(streets: pa.Table) -> Roads | None:
    """The road graph of a table; None when it holds no line. A line of several parts gives each of them."""
    lines, kmh, forth, back = parts(streets)[:4]
    return graph.build(lines, kmh=kmh, forth=forth, back=back) if lines else None


def parts(
    streets: pa.Table,
) -> tuple[list[Floats], list[float], list[bool], list[bool], list[dict[str, Any]]]:
    """Lines, speeds (NaN: unknown), whether they may be driven forth and back, and the row of each."""
    lines: list[Floats] = []
    kmh: list[float] = []
    forth: list[bool] = []
    back: list[bool] = []
    rows: list[dict[str, Any]] = []
    for row in streets.to_pylist():
        shape = shapely.from_wkb(row["_shape"]) if row.get("_shape") else None
        if shape is None or shape.is_empty:
            continue
        for piece in getattr(shape, "geoms", [shape]):
            if piece.geom_type != "LineString":
                continue
            lines.append(np.asarray(piece.coords, dtype=np.float64)[:, :2])
            kmh.append(float(row.get("vitesse_kmh") or float("nan")))
            forth.append(row.get("sens") != "inverse")
            back.append(row.get("sens") != "direct")
            rows.append(row)
    return lines, kmh, forth, back, rows
