"""Road lines cut into edges at their junctions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from parvis.core.late import late
from parvis.methods import ellipsoid

if TYPE_CHECKING:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components
else:
    csr_array = late("scipy.sparse", "csr_array")
    connected_components = late("scipy.sparse.csgraph", "connected_components")

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

DECIMALS = 6
"""Vertices that agree to so many decimals of a degree (about 0.1 m) are one."""


@dataclass(frozen=True, slots=True)
class Roads:
    """A road graph. n nodes (junctions and ends), m edges; an edge runs from `start` to `end` along its
    bends, and is open forth, back or both ways.
    """

    lon: Floats
    """(n,) degrees of the nodes."""
    lat: Floats
    start: Ints
    """(m,) node numbers."""
    end: Ints
    length_m: Floats
    """(m,) metres on the WGS 84 ellipsoid."""
    forth: Flags
    """(m,) may be gone along from start to end."""
    back: Flags
    kmh: Floats
    """(m,) speed, NaN where the lines gave none."""
    line: Ints
    """(m,) number of the line that an edge was cut from."""
    bends: Floats
    """(b, 2) lon, lat of the vertices of all edges, one edge after the other, both ends included."""
    bend_at: Ints
    """(m + 1,) where each edge begins in `bends`."""

    def seconds(self, default_kmh: float) -> Floats:
        """(m,) time along each edge; default_kmh where the lines gave no speed."""
        return self.length_m / (np.where(np.isnan(self.kmh), default_kmh, self.kmh) / 3.6)

    def vertices(self, edge: int) -> Floats:
        """(k, 2) lon, lat along one edge, from its start to its end."""
        return self.bends[self.bend_at[edge] : self.bend_at[edge + 1]]


def build(
    lines: Sequence[Floats],
    *,
    kmh: npt.ArrayLike | None = None,
    forth: npt.ArrayLike | None = None,
    back: npt.ArrayLike | None = None,
) -> Roads:
    """Cut lines at every vertex that they share, and at their ends.

    lines: arrays (k, 2) of lon, lat in degrees, in the order of digitising; kmh: (lines,), NaN or <= 0 for unknown; forth, back: (lines,) whether a line may be
    gone along in, and against, that order (default: both). A line of fewer than two different vertices is left out. Lines that cross without a common vertex
    stay apart. Raises ValueError when a vertex is no position on Earth.
    >>> import numpy as np
    >>> cross = build([np.array([[0.0, 0.0], [0.001, 0.0], [0.002, 0.0]]), np.array([[0.001, 0.0], [0.001, 0.001]])])
    >>> len(cross.lon), len(cross.start), cross.length_m.round(1).tolist()
    (4, 3, [111.3, 111.3, 110.6])
    """
    sizes = np.array([len(line) for line in lines], dtype=np.int64)
    points = (
        np.concatenate([np.asarray(line, dtype=np.float64).reshape(-1, 2) for line in lines])
        if len(lines)
        else np.empty((0, 2))
    )
    if not np.isfinite(points).all() or (np.abs(points) > (180, 90)).any():
        raise ValueError("a vertex of the road lines is no longitude and latitude")
    owner = np.repeat(np.arange(len(lines)), sizes)
    _, key = np.unique(np.round(points * 10**DECIMALS).astype(np.int64), axis=0, return_inverse=True)
    key = key.reshape(-1).astype(np.int64)
    # A vertex said twice in a row is one.
    fresh = np.ones(len(points), dtype=bool)
    fresh[1:] = (key[1:] != key[:-1]) | (owner[1:] != owner[:-1])
    points, owner, key = points[fresh], owner[fresh], key[fresh]
    first = np.ones(len(points), dtype=bool)
    first[1:] = owner[1:] != owner[:-1]
    last = np.ones(len(points), dtype=bool)
    last[:-1] = first[1:]
    junction = (np.bincount(key, minlength=1)[key] > 1) | first | last if len(points) else first
    cut = np.flatnonzero(junction)
    pairs = np.flatnonzero(owner[cut[1:]] == owner[cut[:-1]]) if len(cut) else cut
    begin, finish = cut[pairs], cut[pairs + 1]
    spans = finish - begin + 1
    bend_at = np.concatenate([[0], np.cumsum(spans)]).astype(np.int64)
    inside = np.arange(bend_at[-1]) - np.repeat(bend_at[:-1], spans) + np.repeat(begin, spans)
    bends = points[inside]
    step = (
        ellipsoid.metres(bends[:-1, 0], bends[:-1, 1], bends[1:, 0], bends[1:, 1])
        if len(bends) > 1
        else np.empty(0)
    )
    run = np.concatenate([[0.0], np.cumsum(step)]) if len(bends) else np.zeros(1)
    length = run[bend_at[1:] - 1] - run[bend_at[:-1]] if len(begin) else np.empty(0)
    used, ends = np.unique(np.concatenate([key[begin], key[finish]]), return_inverse=True)
    place = np.zeros((len(used), 2))
    place[ends] = points[np.concatenate([begin, finish])]
    owners = owner[begin]
    speed = np.full(len(lines), np.nan) if kmh is None else np.asarray(kmh, dtype=np.float64)
    speed = np.where(speed > 0, speed, np.nan)
    return Roads(
        lon=place[:, 0],
        lat=place[:, 1],
        start=ends[: len(begin)].astype(np.int64),
        end=ends[len(begin) :].astype(np.int64),
        length_m=length,
        forth=_flags(forth, len(lines))[owners],
        back=_flags(back, len(lines))[owners],
        kmh=speed[owners],
        line=owners.astype(np.int64),
        bends=bends,
        bend_at=bend_at,
    )


def main_part(roads: Roads) -> Flags:
    """(m,) the edges of the largest part in which every place can be reached from every other, one-way
    streets obeyed; where to look for a street.
    """
    n = len(roads.lon)
    if not n:
        return np.zeros(0, dtype=bool)
    tail = np.concatenate([roads.start[roads.forth], roads.end[roads.back]])
    head = np.concatenate([roads.end[roads.forth], roads.start[roads.back]])
    _, label = connected_components(
        csr_array((np.ones(len(tail)), (tail, head)), shape=(n, n)), directed=True, connection="strong"
    )
    largest = int(np.bincount(label).argmax())
    return (label[roads.start] == largest) & (label[roads.end] == largest) & (roads.forth | roads.back)


def _flags(given: npt.ArrayLike | None, count: int) -> Flags:
    return np.ones(count, dtype=bool) if given is None else np.asarray(given, dtype=bool)
