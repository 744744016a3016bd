"""Where and when nothing happens: squares of the city by part of the week, counted over the weeks of a
window.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

PARTS = ("matin", "après-midi", "soir")
"""Until noon, until six in the evening, after."""
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@dataclass(frozen=True, slots=True)
class Coverage:
    """counts, weeks: shape (cells, 7, 3): occurrences that begin then, and weeks that have at least one, of
    `of` weeks. lat, lon: centres; side: metres.
    """

    lat: Floats
    lon: Floats
    side: float
    counts: Ints
    weeks: Ints
    of: int


def coverage(
    day: Ints, hour: Ints, lat: Floats, lon: Floats, *, first: int, weeks: int, side: float = 1000.0
) -> Coverage:
    """Count occurrences by square and part of the week.

    day: local day of each start as days since 1970-01-01 (a Thursday), hour: 0 to 23 on the clock of the
    city, lat, lon: degrees, all of shape (n,); rows without a place, and days outside of `weeks` weeks from
    day `first`, are not counted. side: metres. The squares are those within the convex hull of all places, so
    that an empty one between others is seen; what lies beyond the outermost place is not known to be part of
    the city.
    """
    if weeks < 1 or side <= 0:
        raise ValueError("weeks and side must be positive")
    used = np.isfinite(lat) & np.isfinite(lon) & (day >= first) & (day < first + 7 * weeks)
    day, hour, lat, lon = day[used], hour[used], lat[used], lon[used]
    empty = np.zeros((0, 7, 3), np.int64)
    if not len(lat):
        return Coverage(np.zeros(0), np.zeros(0), side, empty, empty, weeks)
    down = side / 111_195
    across = down / max(0.1, math.cos(math.radians(float(np.median(lat)))))
    row, column = np.floor(lat / down).astype(np.int64), np.floor(lon / across).astype(np.int64)
    hull = shapely.buffer(
        shapely.convex_hull(shapely.multipoints(np.column_stack([column + 0.5, row + 0.5]))), 0.01
    )
    columns, rows = np.meshgrid(
        np.arange(column.min(), column.max() + 1), np.arange(row.min(), row.max() + 1)
    )
    inside = shapely.contains_xy(hull, columns.ravel() + 0.5, rows.ravel() + 0.5)
    cells = np.column_stack([rows.ravel(), columns.ravel()])[inside]
    at = {(int(r), int(c)): i for i, (r, c) in enumerate(cells)}
    cell = np.array([at[int(r), int(c)] for r, c in zip(row, column, strict=True)], np.int64)
    weekday = (day + 3) % 7
    part = np.where(hour < 12, 0, np.where(hour < 18, 1, 2))
    slot = (cell * 7 + weekday) * 3 + part
    size = len(cells) * 21
    counts = np.bincount(slot, minlength=size)
    once = np.unique(np.column_stack([slot, (day - first) // 7]), axis=0)[:, 0]
    seen = np.bincount(once, minlength=size)
    shape = (len(cells), 7, 3)
    return Coverage(
        (cells[:, 0] + 0.5) * down,
        (cells[:, 1] + 0.5) * across,
        side,
        counts.reshape(shape).astype(np.int64),
        seen.reshape(shape).astype(np.int64),
        weeks,
    )
