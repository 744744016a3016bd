"""Where a point joins the street: the nearest spot of the nearest edge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from parvis.methods.roads.graph import Flags, Floats, Ints, Roads

DEGREE_M = 111_320.0
"""Metres in a degree of latitude, and of longitude at the equator, near enough to choose a street."""


@dataclass(frozen=True, slots=True)
class Stops:
    """Spots along edges, one a point asked for."""

    edge: Ints
    share: Floats
    """From 0 at the start of the edge to 1 at its end."""
    gap_m: Floats
    """Metres in a straight line from the point to its spot."""

    def __len__(self) -> int:
        return len(self.edge)


class Snapper:
    """Looks up the nearest edge. usable: (m,) the edges that may be joined (default: all); see
    `graph.main_part`. Raises ValueError when there is none.

    Distances are taken on a plane tangent at the middle of the network: over a city of 50 km they are right
    to one part in a thousand.
    """

    __slots__ = ("_edges", "_lines", "_scale", "_tree")

    def __init__(self, roads: Roads, usable: Flags | None = None) -> None:
        chosen = np.arange(len(roads.start)) if usable is None else np.flatnonzero(usable)
        if not len(chosen):
            raise ValueError("there is no street to join")
        self._edges: Ints = chosen.astype(np.int64)
        self._scale: Floats = DEGREE_M * np.array([np.cos(np.radians(roads.bends[:, 1].mean())), 1.0])
        sizes = np.diff(roads.bend_at)
        owner = np.repeat(np.arange(len(sizes)), sizes)
        every: npt.NDArray[np.object_] = np.asarray(
            shapely.linestrings(roads.bends * self._scale, indices=owner)
        )
        self._lines = every[chosen]
        self._tree = shapely.STRtree(self._lines)

    def snap(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> Stops:
        """Join points to their nearest edges. lon, lat: (p,) degrees, finite. Of two edges equally near, the
        first.
        """
        points = shapely.points(
            np.column_stack([np.atleast_1d(np.asarray(lon, float)), np.atleast_1d(np.asarray(lat, float))])
            * self._scale
        )
        points_joined, near = self._tree.query_nearest(points)
        order = np.lexsort((near, points_joined))
        _, first = np.unique(points_joined[order], return_index=True)
        nearest_edges = near[order][first]
        lines = self._lines[nearest_edges]
        return Stops(
            edge=self._edges[nearest_edges],
            share=np.clip(shapely.line_locate_point(lines, points, normalized=True), 0.0, 1.0),
            gap_m=shapely.distance(lines, points),
        )
