"""How far it is on foot: along the city's walking network, or, where there is none, in a straight line, and
said so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pyarrow as pa
import shapely

from parvis.methods import ellipsoid
from parvis.methods.roads import graph, network, ways
from parvis.methods.roads.graph import Flags, Floats, Roads
from parvis.methods.roads.network import Network
from parvis.methods.roads.snapping import Snapper, Stops

PACES = {"normal": 4.5, "lent": 2.7}
"""Kilometres an hour: an adult in town, and someone with a cane or a small child."""
FAR_M = 300.0
"""A place farther than that from every street of the network is measured in a straight line."""


@dataclass(frozen=True, slots=True)
class Walk:
    """One place and how far it is. by_streets: along the network, not in a straight line."""

    index: int
    metres: float
    by_streets: bool


@dataclass(frozen=True, slots=True)
class _Streets:
    """A table of the network, known by its content."""

    digest: bytes
    table: pa.Table = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class _Built:
    roads: Roads
    snapper: Snapper


def walks(
    streets: pa.Table | None,
    steps: bool,
    origin: tuple[float, float],
    goals: Sequence[tuple[float, float]],
    wanted: Flags,
    k: int,
    *,
    limit: float = np.inf,
) -> list[Walk]:
    """The k nearest of the goals that are wanted, by the street. Exact on the network: the shortest ways,
    from door to door.

    streets: rows with `_shape`; steps: stairs may be taken; origin, goals: lon, lat; limit: metres beyond
    which nothing is given. Straight lines where the origin or a goal is not on the network. The same goals in
    the same order are joined to the streets once: leave some out by `wanted`, not by another list.
    """
    if not len(goals):
        return []
    built = None if streets is None else _built(_known(streets), steps)
    if built is None:
        return _straight(origin, goals, wanted, k, limit)
    spot = built.snapper.snap(*origin)
    net = _joined(_known(streets), steps, tuple(goals)) if streets is not None else None
    if net is None or spot.gap_m[0] > FAR_M:
        return _straight(origin, goals, wanted, k, limit)
    return _nearest(net, spot, origin, goals, wanted, k, limit)


def between(
    streets: pa.Table | None, goals: Sequence[tuple[float, float]], k: int, *, limit: float = np.inf
) -> list[list[Walk]]:
    """Of each goal, the k nearest others, stairs and all, as `walks` from its own door says them."""
    built = None if streets is None else _built(_known(streets), True)
    net = _joined(_known(streets), True, tuple(goals)) if streets is not None and built is not None else None
    found: list[list[Walk]] = []
    for number, origin in enumerate(goals):
        others = np.arange(len(goals)) != number
        if net is None or net.stops.gap_m[number] > FAR_M:
            found.append(_straight(origin, goals, others, k, limit))
            continue
        door = slice(number, number + 1)
        spot = Stops(net.stops.edge[door], net.stops.share[door], net.stops.gap_m[door])
        found.append(_nearest(net, spot, origin, goals, others, k, limit))
    return found


def _nearest(
    net: Network,
    spot: Stops,
    origin: tuple[float, float],
    goals: Sequence[tuple[float, float]],
    wanted: Flags,
    k: int,
    limit: float,
) -> list[Walk]:
    """Along the streets, and in a straight line to the goals that stand on none."""
    reached = net.stops.gap_m <= FAR_M
    found = ways.nearest(net, spot, k=k, eligible=wanted & reached, limit=limit)
    near = [Walk(int(i), float(m), True) for i, m in zip(found.stop, found.cost, strict=True)]
    apart = _straight(origin, goals, wanted & ~reached, k, limit)
    return sorted([*near, *apart], key=lambda w: (w.metres, w.index))[:k]


def way(
    streets: pa.Table,
    steps: bool,
    origin: tuple[float, float],
    goals: Sequence[tuple[float, float]],
    goal: int,
) -> Floats:
    """(k, 2) lon, lat of the way to one of the goals; empty when there is none."""
    built = _built(_known(streets), steps)
    net = _joined(_known(streets), steps, tuple(goals))
    if built is None or net is None:
        return np.empty((0, 2))
    return ways.line(net, built.snapper.snap(*origin), goal)


def _straight(
    origin: tuple[float, float], goals: Sequence[tuple[float, float]], wanted: Flags, k: int, limit: float
) -> list[Walk]:
    at = np.asarray(goals, dtype=np.float64).reshape(-1, 2)
    metres = ellipsoid.from_one(origin[0], origin[1], at[:, 0], at[:, 1])
    order = [int(i) for i in np.argsort(metres, kind="stable") if wanted[i] and metres[i] <= limit]
    return [Walk(i, float(metres[i]), False) for i in order[:k]]


def _known(streets: pa.Table) -> _Streets:
    """The table by the digest of its lines: one that says the same is built once."""
    hashed = hashlib.blake2b(digest_size=16)
    for name in ("_shape", "pieton", "marches"):
        if name in streets.column_names:
            for chunk in streets[name].combine_chunks().buffers() if streets.num_rows else ():
                if chunk is not None:
                    hashed.update(chunk)
            hashed.update(name.encode())
    return _Streets(hashed.digest(), streets)


@lru_cache(maxsize=4)
def _built(streets: _Streets, steps: bool) -> _Built | None:
    drawn = lines(streets.table, steps)
    if not drawn:
        return None
    roads = graph.build(drawn)
    part = graph.main_part(roads)
    return _Built(roads, Snapper(roads, part)) if part.any() else None


@lru_cache(maxsize=8)
def _joined(streets: _Streets, steps: bool, goals: tuple[tuple[float, float], ...]) -> Network | None:
    built = _built(streets, steps)
    if built is None:
        return None
    at = np.asarray(goals, dtype=np.float64)
    stops: Stops = built.snapper.snap(at[:, 0], at[:, 1])
    return network.join(built.roads, stops, built.roads.length_m)


def lines(table: pa.Table, steps: bool) -> list[Floats]:
    """Vertices of the rows that one may walk on; a row of several lines gives each of them."""
    if "_shape" not in table.column_names:
        return []
    rows = table.num_rows
    walkable = table["pieton"].to_pylist() if "pieton" in table.column_names else [None] * rows
    stairs = table["marches"].to_pylist() if "marches" in table.column_names else [None] * rows
    kept = [
        shape
        for shape, may, up in zip(table["_shape"].to_pylist(), walkable, stairs, strict=True)
        if shape is not None and may is not False and (steps or up is not True)
    ]
    out: list[Floats] = []
    for part in shapely.get_parts(shapely.from_wkb(kept)):
        if shapely.get_type_id(part) == 1:  # LineString
            out.append(shapely.get_coordinates(part))
    return out
