"""Shortest ways on a network: nearest stops, all pairs, and the way itself. E. W. Dijkstra, Numerische
Mathematik 1 (1959), 269-271, as SciPy runs it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from parvis.core.late import late
from parvis.methods.roads.graph import Flags, Floats, Ints
from parvis.methods.roads.network import Network
from parvis.methods.roads.snapping import DEGREE_M, Stops

if TYPE_CHECKING:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra
else:
    csr_array = late("scipy.sparse", "csr_array")
    dijkstra = late("scipy.sparse.csgraph", "dijkstra")

DETOUR = 1.5
"""By how much a way through streets is taken to be longer than the straight line, to guess how far to look;
then twice as far, then everywhere.
"""
_ROWS = 16
"""Sources of one run: bounds the memory of a matrix to so many times the nodes."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """Stops by cost, the nearest first; as many as asked for, or all that can be reached."""

    stop: Ints
    cost: Floats
    """Along the streets, and in a straight line from the street to the stop's own door."""


def nearest(
    net: Network,
    origin: Stops,
    *,
    k: int,
    eligible: Flags | None = None,
    gap_cost: float = 1.0,
    limit: float = np.inf,
) -> Nearest:
    """The k stops that cost least to reach from one origin: exact, ties by stop number.

    origin: one spot of the same roads; eligible: (p,) which stops count (default: all); gap_cost: cost of a
    metre between street and door, at both ends; limit: no stop that costs more than this is given.
    """
    counted = np.flatnonzero(np.ones(len(net.stops), dtype=bool) if eligible is None else eligible)
    doors = (net.stops.gap_m[counted] + origin.gap_m[0]) * gap_cost
    grown = False
    radius = _guess(net, origin, counted, k)
    while True:
        within = min(radius, limit)
        along = reach(net, origin, limit=within)[counted]
        total = along + doors
        near = np.flatnonzero(total <= within) if np.isfinite(within) else np.flatnonzero(np.isfinite(total))
        if not np.isfinite(within) or len(near) >= min(k, len(counted)) or within >= limit:
            best = near[np.lexsort((counted[near], total[near]))][:k]
            return Nearest(counted[best].astype(np.int64), total[best])
        radius, grown = (np.inf if grown else 2 * radius), True


def _guess(net: Network, origin: Stops, counted: Ints, k: int) -> float:
    """Cost within which k of the stops are likely to lie: that of the straight line to the k-th, and a
    detour. No bound when no more count than are asked.
    """
    if len(counted) <= k:
        return float("inf")
    roads, edges = net.roads, net.stops.edge[counted]
    start = int(roads.start[int(origin.edge[0])])
    east = (roads.lon[roads.start[edges]] - roads.lon[start]) * np.cos(np.radians(roads.lat[start]))
    metres = np.partition(np.hypot(east, roads.lat[roads.start[edges]] - roads.lat[start]) * DEGREE_M, k - 1)[
        k - 1
    ]
    return float(metres + 200) * DETOUR * net.metre_cost


def reach(net: Network, origin: Stops, *, limit: float = np.inf) -> Floats:
    """(p,) cost along the streets from one origin to every stop; inf where there is no way within the limit."""
    costs: Floats = dijkstra(_from(net, origin), directed=True, indices=net.spare, limit=limit)
    return costs[net.first_stop : net.spare]


def everywhere(net: Network, origin: Stops, *, limit: float = np.inf) -> Floats:
    """(n,) cost along the streets from one origin to every node of the roads: the map of what is within
    reach.
    """
    costs: Floats = dijkstra(_from(net, origin), directed=True, indices=net.spare, limit=limit)
    return costs[: net.first_stop]


def matrix(net: Network, also: Floats | None = None) -> tuple[Floats, Floats]:
    """(p, p) cost from each stop to each other along the streets, and the sum of `also` along those same ways
    (default: the cost again).

    also: a value an arc, like `net.metres`. inf where there is no way. Takes about 15 ms a stop on 100,000
    nodes.
    """
    p = len(net.stops)
    cost, beside = np.full((p, p), np.inf), np.full((p, p), np.inf)
    graph = _arcs(net)
    stops = np.arange(net.first_stop, net.spare)
    for begin in range(0, p, _ROWS):
        sources = stops[begin : begin + _ROWS]
        if also is None:
            cost[begin : begin + _ROWS] = dijkstra(graph, directed=True, indices=sources)[:, stops]
            continue
        costs, before = dijkstra(graph, directed=True, indices=sources, return_predecessors=True)
        cost[begin : begin + _ROWS] = costs[:, stops]
        for row, (source, back) in enumerate(zip(sources, before, strict=True)):
            beside[begin + row] = _sum_back(net, int(source), back, stops, also)
    return cost, (cost if also is None else np.where(np.isfinite(cost), beside, np.inf))


def within(net: Network, sources: Ints, goals: Ints, limit: float) -> tuple[Ints, Ints, Floats]:
    """Which stops are near which others: (k,) source, (k,) goal, as numbers of stops, and (k,) metres from door to door,
    along the streets and in a straight line to both doors; those within the limit, source after source.

    The costs of the network are metres. Two stops on one spot of a street are as far as their doors from it.
    """
    arcs = _arcs(net)
    doors = net.stops.gap_m
    pieces: list[tuple[Ints, Ints, Floats]] = []
    for begin in range(0, len(sources), _ROWS):
        some = sources[begin : begin + _ROWS]
        costs = dijkstra(arcs, directed=True, indices=net.first_stop + some, limit=limit)
        metres = costs[:, net.first_stop + goals] + doors[some][:, None] + doors[goals][None, :]
        row, column = np.nonzero(metres <= limit)
        pieces.append((some[row], goals[column], metres[row, column]))
    empty = np.empty(0, np.int64)
    if not pieces:
        return empty, empty, np.empty(0)
    source, goal, metres = (np.concatenate(part) for part in zip(*pieces, strict=True))
    return source.astype(np.int64), goal.astype(np.int64), metres.astype(np.float64)


def line(net: Network, origin: Stops, stop: int) -> Floats:
    """(k, 2) lon, lat of the cheapest way from one origin to a stop, from street to street. Empty when there
    is none.
    """
    graph = _from(net, origin)
    costs, before = dijkstra(graph, directed=True, indices=net.spare, return_predecessors=True)
    at = net.first_stop + stop
    if not np.isfinite(costs[at]):
        return np.empty((0, 2))
    nodes = [at]
    while nodes[-1] != net.spare:
        nodes.append(int(before[nodes[-1]]))
    nodes.reverse()
    edge, share = int(origin.edge[0]), float(origin.share[0])
    pieces = [_piece(net, edge, share, _share_on(net, edge, nodes[1], share))]
    for tail, head in pairwise(nodes[1:]):
        (arc,) = _arc(net, np.array([tail]), np.array([head]))
        pieces.append(_piece(net, int(net.arc_edge[arc]), float(net.arc_from[arc]), float(net.arc_to[arc])))
    points = np.concatenate(pieces)
    moved = np.ones(len(points), dtype=bool)
    moved[1:] = (points[1:] != points[:-1]).any(axis=1)
    return points[moved]


def between(net: Network, first: int, second: int) -> Floats:
    """(k, 2) lon, lat of the cheapest way from one stop to another."""
    one = Stops(
        net.stops.edge[first : first + 1],
        net.stops.share[first : first + 1],
        net.stops.gap_m[first : first + 1],
    )
    return line(net, one, second)


def _arcs(net: Network) -> csr_array:
    size = net.spare + 1
    return csr_array((net.cost, net.indices, net.indptr), shape=(size, size))


def _from(net: Network, origin: Stops) -> csr_array:
    """The arcs, with those of the spare node leading to what lies just before and just after the origin on
    its street.
    """
    edge, share = int(origin.edge[0]), float(origin.share[0])
    after, before = _neighbours(net, edge, share)
    cost, indices = net.cost.copy(), net.indices.copy()
    if net.roads.forth[edge] or net.chain_share[after] == share:
        indices[-2], cost[-2] = net.chain[after], net.cost_forth[edge] * (net.chain_share[after] - share)
    if net.roads.back[edge] or net.chain_share[before] == share:
        indices[-1], cost[-1] = net.chain[before], net.cost_back[edge] * (share - net.chain_share[before])
    size = net.spare + 1
    return csr_array((cost, indices, net.indptr), shape=(size, size))


def _neighbours(net: Network, edge: int, share: float) -> tuple[int, int]:
    """Positions in the chain of the first node at or after a share, and of the last at or before it."""
    lo, hi = int(net.chain_at[edge]), int(net.chain_at[edge + 1])
    along = net.chain_share[lo:hi]
    after = lo + min(int(np.searchsorted(along, share, side="left")), hi - lo - 1)
    before = lo + max(int(np.searchsorted(along, share, side="right")) - 1, 0)
    return after, before


def _share_on(net: Network, edge: int, node: int, share: float) -> float:
    """Where a neighbour of the origin stands on the origin's edge; of both ends of a loop, the one that was
    cheaper to go to.
    """
    after, before = _neighbours(net, edge, share)
    ends = ((after, net.roads.forth[edge]), (before, net.roads.back[edge]))
    options = [
        s
        for at, open_ in ends
        if net.chain[at] == node and ((s := float(net.chain_share[at])) == share or open_)
    ]
    return min(
        options,
        key=lambda to: (net.cost_forth[edge] if to >= share else net.cost_back[edge]) * abs(to - share),
    )


def _arc(net: Network, tail: Ints, head: Ints) -> Ints:
    """Arc numbers of pairs of joined nodes; rows are sorted by head."""
    size = np.int64(net.spare + 1)
    rows = np.repeat(np.arange(net.spare), np.diff(net.indptr)[:-1])
    keys = rows * size + net.indices[: len(rows)]
    return np.searchsorted(keys, tail * size + head).astype(np.int64)


def _sum_back(net: Network, source: int, back: Ints, targets: Ints, also: Floats) -> Floats:
    """Sum of arc values along the ways to the targets, all followed back to the source at once."""
    total, at = np.zeros(len(targets)), targets.copy()
    size = np.int64(net.spare + 1)
    rows = np.repeat(np.arange(net.spare), np.diff(net.indptr)[:-1])
    keys = rows * size + net.indices[: len(rows)]
    going = np.flatnonzero((at != source) & (back[at] >= 0))
    while len(going):
        tail = back[at[going]].astype(np.int64)
        total[going] += also[np.searchsorted(keys, tail * size + at[going])]
        at[going] = tail
        going = going[tail != source]
    return total


def _piece(net: Network, edge: int, begin: float, finish: float) -> Floats:
    """(k, 2) lon, lat along an edge between two shares of it, in the direction asked for."""
    points = net.roads.vertices(edge)
    if begin > finish:
        return _piece(net, edge, finish, begin)[::-1]
    scale = np.array([np.cos(np.radians(points[0, 1])), 1.0])
    run = np.concatenate([[0.0], np.cumsum(np.hypot(*((points[1:] - points[:-1]) * scale).T))])
    run = run / run[-1] if run[-1] else run
    cut = [[np.interp(s, run, points[:, 0]), np.interp(s, run, points[:, 1])] for s in (begin, finish)]
    inside = points[(run > begin) & (run < finish)]
    return np.concatenate([[cut[0]], inside, [cut[1]]])
