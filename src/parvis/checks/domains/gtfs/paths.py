# pyright: reportUnknownParameterType=false
"""Stops against the shape their trip follows, and trips too fast from end to end: what needs geometry or every pair of stops.

Distances near a stop are taken in a plane that touches the globe there: at 100 m the error is far below a centimetre.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from parvis.checks.domains.tally import Tally

NEEDS = ("stops", "stop_times", "trips", "routes", "shapes")
CODES = (
    "stop_too_far_from_shape", "stop_too_far_from_shape_using_user_distance", "stops_match_shape_out_of_order", "stop_has_too_many_matches_for_shape",
    "fast_travel_between_far_stops",
)  # fmt: skip

EARTH_M = 6_371_010.0
FAR_M = 100.0
"""A stop may be so far from the shape; four times as much at the large stations of railways."""
MANY = 20
FAR_KM = 10.0

Floats = npt.NDArray[np.float64]

_PATTERNS = """
SELECT any_value(t.shape_id) AS shape, min(t.line) AS line, arg_min(t.trip_id, t.line) AS trip, any_value(r.route_type) AS kind, p.stops AS stops,
    arg_min(p.lines, t.line) AS lines, p.distances AS distances
FROM trips t JOIN routes r USING (route_id) JOIN (
    SELECT s.trip_id, list(s.stop_id ORDER BY s.stop_sequence, s.line) AS stops, list(s.line ORDER BY s.stop_sequence, s.line) AS lines,
        list(coalesce(s.shape_dist_traveled, 0) ORDER BY s.stop_sequence, s.line) AS distances
    FROM stop_times s JOIN places l USING (stop_id) WHERE l.lat IS NOT NULL AND l.lon IS NOT NULL GROUP BY s.trip_id
) p USING (trip_id) WHERE t.shape_id IS NOT NULL GROUP BY t.shape_id, p.stops, p.distances ORDER BY shape, line
"""

_POINTS = """
SELECT shape_pt_lat AS lat, shape_pt_lon AS lon, coalesce(shape_dist_traveled, 0) AS d FROM shapes WHERE shape_id = ? ORDER BY shape_pt_sequence, line
"""

_QUICK = """
SELECT line, trip_id, stop_sequence, arrival_time, departure_time, lat, lon, limit_kph FROM timed
WHERE trip_id IN (SELECT trip_id FROM legs WHERE at_most > limit_kph) ORDER BY trip_id, stop_sequence, line
"""


def check(con: duckdb.DuckDBPyConnection, tally: Tally) -> None:
    """Tell stops off their shape, out of order along it, or passed too often; and trips too fast over more than 10 km."""
    _shapes(con, tally)
    _far(con, tally)


def _shapes(con: duckdb.DuckDBPyConnection, tally: Tally) -> None:
    patterns = con.execute(_PATTERNS).fetchall()
    if not patterns:
        return
    places = {stop: (lat, lon) for stop, lat, lon in con.execute("SELECT stop_id, lat, lon FROM places WHERE lat IS NOT NULL").fetchall()}
    told: set[tuple[str, str]] = set()
    known: str | None = None
    line, marks = np.zeros((0, 2)), np.zeros(0)
    for shape, row, trip, kind, stops, lines, distances in patterns:
        if shape != known:
            known = shape
            line, marks = _line(con, shape)
        if not len(line):
            continue
        reach = FAR_M * (4 if kind == 2 else 1)
        at = Place(tally, shape, row, trip)
        candidates: list[Floats] = []
        whole = True
        for stop, stop_line in zip(stops, lines, strict=True):
            near, along = _approaches(line, *places[stop], reach)
            if near > reach:
                whole = False
                if (shape, stop) not in told:
                    told.add((shape, stop))
                    at.tell("stop_too_far_from_shape", f"{stop}, {near:.0f} m")
            if len(along) > MANY:
                tally.hit(
                    "stop_has_too_many_matches_for_shape", table="stop_times.txt", column="stop_id", line=stop_line, record=stop_line - 1,
                    value=f"{trip} : {stop}, {len(along)} × ({shape})",
                )  # fmt: skip
            candidates.append(along)
        if whole and (wrong := _out_of_order(candidates)) is not None:
            at.tell("stops_match_shape_out_of_order", f"{stops[wrong - 1]} -> {stops[wrong]}")
        if max(distances) > 0 and len(marks) and marks.max() > 0 and all(a <= b for a, b in pairwise(d for d in distances if d > 0)):
            for stop, distance in zip(stops, distances, strict=True):
                near = _apart(line, marks, distance, *places[stop]) if distance > 0 else 0.0
                if near > reach and (shape, stop) not in told:
                    told.add((shape, stop))
                    at.tell("stop_too_far_from_shape_using_user_distance", f"{stop}, {near:.0f} m")


@dataclass(frozen=True, slots=True)
class Place:
    """The trip that is spoken of, with its shape."""

    tally: Tally
    shape: str
    line: int
    trip: str

    def tell(self, code: str, what: str) -> None:
        value = f"{self.trip} : {what} ({self.shape})"
        self.tally.hit(code, table="trips.txt", column="shape_id", line=self.line, record=self.line - 1, value=value)


def _line(con: duckdb.DuckDBPyConnection, shape: str) -> tuple[Floats, Floats]:
    """The points of a shape in order (latitude, longitude in degrees, shape (n, 2)), and the distances that it gives them."""
    found = con.execute(_POINTS, [shape]).fetchnumpy()
    return np.column_stack([np.asarray(found["lat"], float), np.asarray(found["lon"], float)]), np.asarray(found["d"], float)


def _apart(line: Floats, marks: Floats, distance: float, lat: float, lon: float) -> float:
    """Metres between a stop and the place of the shape at the distance that the trip says."""
    there = np.interp(distance, marks, line[:, 0]), np.interp(distance, marks, line[:, 1])
    scale = np.radians(1.0) * EARTH_M
    return float(np.hypot((there[0] - lat) * scale, (there[1] - lon) * np.cos(np.radians(lat)) * scale))


def _approaches(line: Floats, lat: float, lon: float, reach: float) -> tuple[float, Floats]:
    """The least distance of a stop to a shape in metres, and how far along it lies each approach within reach."""
    scale = np.radians(1.0) * EARTH_M
    x = (line[:, 1] - lon) * np.cos(np.radians(lat)) * scale
    y = (line[:, 0] - lat) * scale
    if len(line) == 1:
        return float(np.hypot(x[0], y[0])), np.zeros(1)
    dx, dy = np.diff(x), np.diff(y)
    length2 = dx * dx + dy * dy
    part = np.clip(-(x[:-1] * dx + y[:-1] * dy) / np.where(length2 > 0, length2, 1.0), 0.0, 1.0)
    away = np.hypot(x[:-1] + part * dx, y[:-1] + part * dy)
    if away.min() > reach:
        return float(away.min()), np.zeros(0)
    length = np.sqrt(length2)
    start = np.concatenate(([0.0], np.cumsum(length)[:-1]))
    ends = np.hypot(x[1:], y[1:])
    return float(away.min()), np.array(_nearest(away, start + part * length, ends, reach))


def _nearest(away: Floats, along: Floats, ends: Floats, reach: float) -> list[float]:
    """One place for each time that the shape comes within reach, or turns back towards the stop."""
    found: list[float] = []
    best: int | None = None
    receding, left = False, np.inf
    for i in range(len(away)):
        if away[i] <= reach:
            if receding and away[i] < left and best is not None:
                found.append(float(along[best]))
                best = None
            if best is None or away[i] < away[best]:
                best = i
        elif best is not None:
            found.append(float(along[best]))
            best = None
        left = ends[i]
        receding = bool(left > away[i])
    if best is not None:
        found.append(float(along[best]))
    return found


def _out_of_order(candidates: list[Floats]) -> int | None:
    """The first stop that no place is left for, when each must lie no earlier than the one before; None when all can be placed."""
    reached = -np.inf
    for i, along in enumerate(candidates):
        later = along[along >= reached]
        if not len(later):
            return i
        reached = float(later.min())
    return None


def _far(con: duckdb.DuckDBPyConnection, tally: Tally) -> None:
    found = con.execute(_QUICK).fetchnumpy()
    trips = np.asarray(found["trip_id"])
    if not len(trips):
        return
    bounds = np.flatnonzero(trips[1:] != trips[:-1]) + 1
    known: dict[bytes, tuple[int, int, float] | None] = {}
    for a, b in zip(np.concatenate(([0], bounds)), np.concatenate((bounds, [len(trips)])), strict=True):
        part = {name: values[a:b] for name, values in found.items()}
        arrive, leave = _seconds(part["arrival_time"]), _seconds(part["departure_time"])
        origin = np.nanmin(np.concatenate((arrive, leave))) // 60 * 60
        key = b"".join(np.ascontiguousarray(v).tobytes() for v in (arrive - origin, leave - origin, part["lat"], part["lon"], part["limit_kph"]))
        if key not in known:
            known[key] = next(_pairs(arrive, leave, np.asarray(part["lat"]), np.asarray(part["lon"]), float(part["limit_kph"][0])), None)
        pair = known[key]
        if pair is not None:
            start, end, speed = pair
            line = int(part["line"][end])
            value = f"{trips[a]} #{part['stop_sequence'][start]} -> #{part['stop_sequence'][end]} : {speed:.0f} km/h > {part['limit_kph'][0]}"
            tally.hit("fast_travel_between_far_stops", table="stop_times.txt", column="arrival_time", line=line, record=line - 1, value=value)


def _seconds(values: Any) -> Floats:
    return np.ma.filled(np.ma.asarray(values).astype(float), np.nan)


def _pairs(arrive: Floats, leave: Floats, lat: Floats, lon: Floats, limit_kph: float) -> Iterator[tuple[int, int, float]]:
    """Pairs of stops more than 10 km apart along the trip that are passed too fast: the first end, and the nearest start before it."""
    a, o = np.radians(lat), np.radians(lon)
    h = np.sin(np.diff(a) / 2) ** 2 + np.cos(a[:-1]) * np.cos(a[1:]) * np.sin(np.diff(o) / 2) ** 2
    at = np.concatenate(([0.0], np.cumsum(2 * EARTH_M / 1000 * np.arcsin(np.sqrt(np.minimum(1.0, h))))))
    for end in range(1, len(at)):
        if np.isnan(arrive[end]):
            continue
        starts = np.arange(end - 1, -1, -1)
        km = at[end] - at[starts]
        elapsed = arrive[end] - leave[starts]
        whole = (arrive[end] % 60 == 0) & (leave[starts] % 60 == 0)
        speed = km * 3600 / np.where(elapsed <= 0, 60.0, elapsed + 60.0 * whole)
        hits = np.flatnonzero((speed > limit_kph) & (km > FAR_KM))
        if len(hits):
            yield int(starts[hits[0]]), end, float(speed[hits[0]])
