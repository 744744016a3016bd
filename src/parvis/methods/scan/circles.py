"""The circles that are scanned: around every place, its neighbours one after the other, nearest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from parvis.core.late import late

if TYPE_CHECKING:
    from scipy.spatial import KDTree
else:
    KDTree = late("scipy.spatial", "KDTree")

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Ints32 = npt.NDArray[np.int32]

EARTH_KM = 6_367.0
"""Radius of the Earth that distances between latitudes and longitudes are counted with (SaTScan's)."""


@dataclass(frozen=True, slots=True)
class Circles:
    """order (entries,): places in the order in which they enter the circle around each centre, centre by
    centre. start (centres + 1,): where each centre's begin. Every beginning of a centre's list is a circle.
    """

    order: Ints32
    start: Ints

    def members(self, centre: int, size: int) -> Ints32:
        """The first `size` places around a centre, fewer where its largest circle holds fewer."""
        return self.order[self.start[centre] : min(self.start[centre] + size, self.start[centre + 1])]


def circles(x: Floats, y: Floats, expected: Floats, share: float, *, geographic: bool = False) -> Circles:
    """Circles that hold at most `share` of what is expected in all.

    x, y: (places,), in any unit of a plane; latitude and longitude in degrees with `geographic`. Places at
    equal distances enter the smaller x first, then the smaller y.
    """
    if not 0 < share <= 1:
        raise ValueError("the largest circle holds a share of all between 0 and 1")
    points = _on_sphere(x, y) if geographic else np.column_stack([x, y])
    tree, places = KDTree(points), len(points)
    most = share * float(expected.sum()) * (1 + 1e-12)
    wanted = min(places, max(8, int(1.1 * share * places) + 4))
    lists: list[Ints32] = [np.empty(0, np.int32)] * places
    left = np.arange(places)
    while len(left):
        for part in np.array_split(left, max(1, len(left) * wanted // 4_000_000)):
            distances, near = tree.query(points[part], k=wanted, workers=-1)
            distances, near = distances.reshape(len(part), wanted), near.reshape(len(part), wanted)
            by = _entering(distances, near, x, y)
            near = np.take_along_axis(near, by, axis=1)
            inside = np.cumsum(expected[near], axis=1) <= most
            size = np.where(inside.all(axis=1), wanted, np.argmin(inside, axis=1))
            if wanted < places:  # the last ones asked for may have equals that were not
                distances = np.take_along_axis(distances, by, axis=1)
                sure = (distances < distances[:, -1:] * (1 - 1e-12)).sum(axis=1)
                done = size < sure
            else:
                done = np.ones(len(part), np.bool_)
            for row in np.flatnonzero(done):
                lists[part[row]] = near[row, : size[row]].astype(np.int32)
            left = np.setdiff1d(left, part[done], assume_unique=True)
        wanted = min(places, 2 * wanted)
    start = np.concatenate([[0], np.cumsum([len(members) for members in lists])]).astype(np.int64)
    return Circles(np.concatenate(lists) if places else np.empty(0, np.int32), start)


def _entering(distances: Floats, near: Ints, x: Floats, y: Floats) -> Ints:
    """Order in which each row's places enter. Distances that differ by rounding only are equal."""
    step = np.diff(distances, axis=1, prepend=-1.0) > 1e-10 * distances
    rank = np.cumsum(step, axis=1)
    if step.all():
        return np.broadcast_to(np.arange(distances.shape[1]), distances.shape).copy()
    return np.lexsort((y[near], x[near], rank), axis=1)


def _on_sphere(latitude: Floats, longitude: Floats) -> Floats:
    """Points of the sphere in space: chords keep the order of great circles. (places, 3) km."""
    lat, lon = np.radians(latitude), np.radians(longitude)
    return EARTH_KM * np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def radius(x: Floats, y: Floats, centre: int, last: int, *, geographic: bool = False) -> float:
    """Distance from a centre to the last place of its circle, in the unit of x and y; km with `geographic`."""
    if geographic:
        a, b = _on_sphere(x[[centre, last]], y[[centre, last]])
        return float(2 * EARTH_KM * np.arcsin(min(1.0, float(np.linalg.norm(a - b)) / (2 * EARTH_KM))))
    return float(np.hypot(x[centre] - x[last], y[centre] - y[last]))
