# pyright: reportUnknownParameterType=false
"""Stops against the shape their trip follows, and trips too fast from end to end: what needs geometry or
every pair of stops.

Distances near a stop are taken in a plane that touches the globe there: at 100 m the error is far below a
centimetre.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from parvis.checks.domains.tally import Tally

NEEDS = ("stops", "stop_times", "trips", "routes", "shapes")
CODES = (
    "stop_too_far_from_shape",
    "stop_too_far_from_shape_using_user_distance",
    "stops_match_shape_out_of_order",
    "stop_has_too_many_matches_for_shape",
    "fast_travel_between_far_stops",
)

EARTH_M = 6_371_010.0
FAR_M = 100.0
"""A stop may be so far from the shape; four times as much at the large stations of railways."""
MANY = 20
FAR_KM = 10.0

Floats = npt.NDArray[np.float64]

_TRIPS = """
SELECT t.line, t.trip_id, t.shape_id, r.route_type FROM trips t JOIN routes r USING (route_id)
WHERE t.shape_id IN (SELECT shape_id FROM shapes) ORDER BY t.shape_id, t.line
"""

_CALLS = """
SELECT t.line AS trip, p.place, s.line AS line, coalesce(s.shape_dist_traveled, 0) AS distance
FROM stop_times s JOIN trips t USING (trip_id) JOIN places p USING (stop_id)
WHERE t.shape_id IS NOT NULL AND p.lat IS NOT NULL AND p.lon IS NOT NULL ORDER BY t.line, s.stop_sequence, s.line
"""

_POINTS = """
SELECT shape_pt_lat AS lat, shape_pt_lon AS lon, coalesce(shape_dist_traveled, 0) AS d FROM shapes WHERE shape_id = ? ORDER BY shape_pt_sequence, line
"""

_QUICK = """
SELECT line, trip_id, stop_sequence, arrival_time, departure_time, lat, lon, limit_kph FROM timed JOIN hasty USING (trip_id)
ORDER BY trip_id, stop_sequence, line
"""


def check(con: duckdb.DuckDBPyConnection, tally: Tally) -> None:
    """Tell stops off their shape, out of order along it, or passed too often; and trips too fast over more
    than 10 km.
    """
    _shapes(con, tally)
    _far(con, tally)


def _shapes(con: duckdb.DuckDBPyConnection, tally: Tally) -> None:
    """Each pattern of stops along a shape is checked once, and reported for its first trip."""
    trips = con.execute(_TRIPS).fetchall()
    if not trips:
        return
    stops = con.execute("SELECT stop_id, lat, lon FROM places ORDER BY place").fetchall()
    calls = con.execute(_CALLS).fetchnumpy()
    starts = np.searchsorted(calls["trip"], [t[0] for t in trips], "left")
    ends = np.searchsorted(calls["trip"], [t[0] for t in trips], "right")
    judged: set[tuple[str, str]] = set()
    known: str | None = None
    line, marks = np.zeros((0, 2)), np.zeros(0)
    patterns: set[bytes] = set()
    for (row, trip, shape, kind), a, b in zip(trips, starts, ends, strict=True):
        if shape != known:
            known = shape
            line, marks = _line(con, shape)
            patterns.clear()
        places, distances = calls["place"][a:b], calls["distance"][a:b]
        pattern = np.ascontiguousarray(places).tobytes() + np.ascontiguousarray(distances).tobytes()
        if len(line) and b > a and pattern not in patterns:
            patterns.add(pattern)
            served = [stops[p] for p in places.tolist()]
            path = Path(line, marks, FAR_M * (4 if kind == 2 else 1))
            _follow(
                path,
                Place(tally, shape, row, trip, judged),
                served,
                calls["line"][a:b].tolist(),
                distances.tolist(),
            )


def _follow(
    path: Path, at: Place, stops: Sequence[Stop], lines: Sequence[int], distances: Sequence[float]
) -> None:
    """Hold the stops of one trip to its shape."""
    candidates: list[Floats] = []
    whole = True
    for (stop, lat, lon), line in zip(stops, lines, strict=True):
        near, along = _approaches(path.line, lat, lon, path.reach)
        if near > path.reach:
            whole = False
            at.once("stop_too_far_from_shape", stop, near)
        if len(along) > MANY:
            value = f"{at.trip} : {stop}, {len(along)} × ({at.shape})"
            at.tally.hit(
                "stop_has_too_many_matches_for_shape",
                table="stop_times.txt",
                column="stop_id",
                line=line,
                record=line - 1,
                value=value,
            )
        candidates.append(along)
    if whole and (wrong := _out_of_order(candidates)) is not None:
        at.tell("stops_match_shape_out_of_order", f"{stops[wrong - 1][0]} -> {stops[wrong][0]}")
    given_distances = [d for d in distances if d > 0]
    if (
        given_distances
        and len(path.marks)
        and path.marks.max() > 0
        and all(a <= b for a, b in pairwise(given_distances))
    ):
        for (stop, lat, lon), distance in zip(stops, distances, strict=True):
            near = _apart(path.line, path.marks, distance, lat, lon) if distance > 0 else 0.0
            if near > path.reach:
                at.once("stop_too_far_from_shape_using_user_distance", stop, near)


Stop = tuple[str, float, float]
"""Identifier, latitude, longitude."""


@dataclass(frozen=True, slots=True)
class Path:
    """A shape: its points (n, 2) in degrees, the distances that it gives them, and how far in metres a stop
    may be from it.
    """

    line: Floats
    marks: Floats
    reach: float


@dataclass(frozen=True, slots=True)
class Place:
    """The trip that findings name, with its shape."""

    tally: Tally
    shape: str
    line: int
    trip: str
    judged: set[tuple[str, str]]
    """Stops told to be too far, with their shape."""

    def once(self, code: str, stop: str, metres: float) -> None:
        if (self.shape, stop) not in self.judged:
            self.judged.add((self.shape, stop))
            self.tell(code, f"{stop}, {metres:.0f} m")

    def tell(self, code: str, what: str) -> None:
        value = f"{self.trip} : {what} ({self.shape})"
        self.tally.hit(
            code, table="trips.txt", column="shape_id", line=self.line, record=self.line - 1, value=value
        )


def _line(con: duckdb.DuckDBPyConnection, shape: str) -> tuple[Floats, Floats]:
    """The points of a shape in order (latitude, longitude in degrees, shape (n, 2)), and the distances that
    it gives them.
    """
    columns = con.execute(_POINTS, [shape]).fetchnumpy()
    return np.column_stack(
        [np.asarray(columns["lat"], float), np.asarray(columns["lon"], float)]
    ), np.asarray(columns["d"], float)


def _apart(line: Floats, marks: Floats, distance: float, lat: float, lon: float) -> float:
    """Metres between a stop and the place of the shape at the distance that the trip says."""
    there = np.interp(distance, marks, line[:, 0]), np.interp(distance, marks, line[:, 1])
    scale = np.radians(1.0) * EARTH_M
    return float(np.hypot((there[0] - lat) * scale, (there[1] - lon) * np.cos(np.radians(lat)) * scale))


def _approaches(line: Floats, lat: float, lon: float, reach: float) -> tuple[float, Floats]:
    """The least distance of a stop to a shape in metres, and how far along it lies each approach within
    reach.
    """
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
    places: list[float] = []
    best: int | None = None
    receding, left = False, np.inf
    for i in range(len(away)):
        if away[i] <= reach:
            if receding and away[i] < left and best is not None:
                places.append(float(along[best]))
                best = None
            if best is None or away[i] < away[best]:
                best = i
        elif best is not None:
            places.append(float(along[best]))
            best = None
        left = ends[i]
        receding = bool(left > away[i])
    if best is not None:
        places.append(float(along[best]))
    return places


def _out_of_order(candidates: list[Floats]) -> int | None:
    """The first stop that no place is left for, when each must lie no earlier than the one before; None when
    all can be placed.
    """
    reached = -np.inf
    for i, along in enumerate(candidates):
        later = along[along >= reached]
        if not len(later):
            return i
        reached = float(later.min())
    return None


def _far(con: duckdb.DuckDBPyConnection, tally: Tally) -> None:
    con.execute("CREATE TABLE hasty AS SELECT DISTINCT trip_id FROM legs")
    if con.execute("SELECT count(*) FROM hasty").fetchone() == (0,):
        return
    columns = con.execute(_QUICK).fetchnumpy()
    trips = np.asarray(columns["trip_id"])
    bounds = np.flatnonzero(trips[1:] != trips[:-1]) + 1
    known: dict[bytes, tuple[int, int, float] | None] = {}
    for a, b in zip(np.concatenate(([0], bounds)), np.concatenate((bounds, [len(trips)])), strict=True):
        part = {name: values[a:b] for name, values in columns.items()}
        arrive, leave = _seconds(part["arrival_time"]), _seconds(part["departure_time"])
        origin = np.nanmin(np.concatenate((arrive, leave))) // 60 * 60
        key = b"".join(
            np.ascontiguousarray(v).tobytes()
            for v in (arrive - origin, leave - origin, part["lat"], part["lon"], part["limit_kph"])
        )
        if key not in known:
            known[key] = next(
                _pairs(
                    arrive,
                    leave,
                    np.asarray(part["lat"]),
                    np.asarray(part["lon"]),
                    float(part["limit_kph"][0]),
                ),
                None,
            )
        pair = known[key]
        if pair is not None:
            start, end, speed = pair
            line = int(part["line"][end])
            value = f"{trips[a]} #{part['stop_sequence'][start]} -> #{part['stop_sequence'][end]} : {speed:.0f} km/h > {part['limit_kph'][0]}"
            tally.hit(
                "fast_travel_between_far_stops",
                table="stop_times.txt",
                column="arrival_time",
                line=line,
                record=line - 1,
                value=value,
            )


def _seconds(values: Any) -> Floats:
    return np.ma.filled(np.ma.asarray(values).astype(float), np.nan)


def _pairs(
    arrive: Floats, leave: Floats, lat: Floats, lon: Floats, limit_kph: float
) -> Iterator[tuple[int, int, float]]:
    """Pairs of stops more than 10 km apart along the trip that are passed too fast: the first end, and the
    nearest start before it.
    """
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
