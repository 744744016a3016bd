"""Ways over a road network: against hand-made streets, and against plain Dijkstra written again, on every
pair.
"""

from __future__ import annotations

import heapq
from itertools import pairwise

import numpy as np
import pytest

from parvis.methods.roads import graph, network, ways
from parvis.methods.roads.graph import Roads
from parvis.methods.roads.network import Network
from parvis.methods.roads.snapping import Snapper, Stops

STEP = 0.001
"""Degrees between the crossings of the streets made here: some 80 to 111 m."""


def town(seed: int, side: int = 9) -> Roads:
    """A grid of bent streets with holes, one-way streets, a doubled street and a cut-off one."""
    rng = np.random.default_rng(seed)
    lon, lat = 3.8 + STEP * np.arange(side), 43.6 + STEP * np.arange(side)
    lines = []
    for i in range(side):
        for j in range(side):
            here = np.array([lon[i], lat[j]])
            for other in ((i + 1, j), (i, j + 1)):
                if max(other) < side and rng.random() < 0.85:
                    there = np.array([lon[other[0]], lat[other[1]]])
                    bend = (here + there) / 2 + rng.normal(0, STEP / 8, 2)
                    lines.append(np.array([here, bend, there]))
    lines.append(np.array([lines[0][0], lines[0][1] + STEP / 3, lines[0][2]]))
    lines.append(np.array([[3.9, 43.7], [3.901, 43.7]]))
    oneway = rng.random(len(lines))
    return graph.build(
        lines, forth=oneway > 0.1, back=oneway < 0.9, kmh=rng.choice([20.0, 30.0, 50.0, np.nan], len(lines))
    )


def places(roads: Roads, seed: int, count: int, kept: np.ndarray | None = None) -> Stops:
    """Points beside the streets, joined to them; several on one edge, some at its very ends."""
    rng = np.random.default_rng(seed)
    lon = np.concatenate([rng.uniform(3.799, 3.809, count), roads.lon[:2]])
    lat = np.concatenate([rng.uniform(43.599, 43.609, count), roads.lat[:2]])
    return Snapper(roads, kept).snap(lon, lat)


def by_hand(
    roads: Roads, forth: np.ndarray, back: np.ndarray, origin: tuple[int, float], goals: Stops
) -> np.ndarray:
    """Cost from a spot to each goal: textbook Dijkstra over the junctions, then the last bit of street.
    Shares no code with what it judges.
    """
    out: dict[int, list[tuple[int, float]]] = {}
    for e in range(len(roads.start)):
        if roads.forth[e]:
            out.setdefault(int(roads.start[e]), []).append((int(roads.end[e]), forth[e]))
        if roads.back[e]:
            out.setdefault(int(roads.end[e]), []).append((int(roads.start[e]), back[e]))
    edge, share = origin
    heap = []
    if roads.forth[edge]:
        heap.append((forth[edge] * (1 - share), int(roads.end[edge])))
    if roads.back[edge]:
        heap.append((back[edge] * share, int(roads.start[edge])))
    heap += [
        (0.0, int(node)) for node, at in ((roads.start[edge], 0.0), (roads.end[edge], 1.0)) if at == share
    ]  # standing on the junction itself
    heapq.heapify(heap)
    best: dict[int, float] = {}
    while heap:
        cost, node = heapq.heappop(heap)
        if node in best:
            continue
        best[node] = cost
        for other, step in out.get(node, []):
            heapq.heappush(heap, (cost + step, other))
    answer = []
    for e, s in zip(goals.edge.tolist(), goals.share.tolist(), strict=True):
        options = [np.inf]
        options += [
            best.get(int(node), np.inf)
            for node, at in ((roads.start[e], 0.0), (roads.end[e], 1.0))
            if at == s
        ]
        options += [0.0] if (e, s) == origin else []
        if roads.forth[e]:
            options.append(best.get(int(roads.start[e]), np.inf) + forth[e] * s)
        if roads.back[e]:
            options.append(best.get(int(roads.end[e]), np.inf) + back[e] * (1 - s))
        if e == edge and roads.forth[e] and s >= share:
            options.append(forth[e] * (s - share))
        if e == edge and roads.back[e] and s <= share:
            options.append(back[e] * (share - s))
        answer.append(min(options))
    return np.array(answer)


def joined(seed: int, count: int = 30) -> tuple[Roads, Stops, Network]:
    """A town with its places, costs in seconds."""
    roads = town(seed)
    stops = places(roads, seed + 100, count)
    seconds = roads.seconds(10.0)
    return roads, stops, network.join(roads, stops, seconds, seconds * 1.25)


def test_lines_are_cut_where_they_share_a_vertex_and_only_there() -> None:
    """A crossing without a common vertex is a bridge; a repeated vertex is one; a line without length is
    none.
    """
    lines = [
        np.array([[0.0, 0.0], [0.001, 0.0], [0.001, 0.0], [0.002, 0.0]]),
        np.array([[0.001, -0.001], [0.001, 0.0]]),
        np.array([[0.0015, -0.001], [0.0015, 0.001]]),
        np.array([[0.5, 0.5], [0.5, 0.5]]),
    ]
    roads = graph.build(lines, kmh=[50, 0, np.nan, 30])
    assert roads.line.tolist() == [0, 0, 1, 2]
    assert len(roads.lon) == 6
    assert roads.length_m.round(2).tolist() == [111.32, 111.32, 110.57, 221.15]
    assert roads.seconds(36.0).round(2).tolist() == [8.02, 8.02, 11.06, 22.11]
    assert roads.vertices(0).tolist() == [[0.0, 0.0], [0.001, 0.0]]


def test_a_vertex_off_the_earth_is_refused() -> None:
    """Swapped or projected coordinates do not make a graph."""
    with pytest.raises(ValueError, match="longitude"):
        graph.build([np.array([[770_000.0, 6_279_000.0], [770_100.0, 6_279_000.0]])])


def test_the_main_part_leaves_out_what_cannot_be_left() -> None:
    """A cut-off street and a one-way dead end are not where a journey may begin."""
    square = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
    ring = [np.array([a, b]) * STEP for a, b in pairwise(square)]
    roads = graph.build(
        [*ring, np.array([[1, 1], [2, 2]]) * STEP, np.array([[5, 5], [6, 6]]) * STEP],
        back=[False] * 5 + [True],
    )
    assert graph.main_part(roads).tolist() == [True] * 4 + [False, False]


def test_a_point_joins_the_street_at_its_true_spot() -> None:
    """The nearest edge, not the nearest junction."""
    roads = graph.build([np.array([[0.0, 0.0], [0.01, 0.0]]), np.array([[0.0, 0.001], [0.01, 0.001]])])
    spot = Snapper(roads).snap(0.0025, 0.0002)
    assert spot.edge.tolist() == [0]
    assert spot.share[0] == pytest.approx(0.25)
    assert spot.gap_m[0] == pytest.approx(22.26, abs=0.05)


@pytest.mark.parametrize("seed", range(6))
def test_all_pairs_cost_what_plain_dijkstra_says(seed: int) -> None:
    """Every pair of places, one-way streets, several places on one street: the same cost; and no pair
    skipped.
    """
    roads, stops, net = joined(seed)
    cost, _ = ways.matrix(net)
    expected = np.array(
        [
            by_hand(roads, net.cost_forth, net.cost_back, (int(e), float(s)), stops)
            for e, s in zip(stops.edge, stops.share, strict=True)
        ]
    )
    np.testing.assert_allclose(cost, expected, rtol=1e-9, atol=1e-9)
    assert np.isfinite(cost).mean() > 0.5
    assert len(np.unique(stops.edge)) < len(stops)


@pytest.mark.parametrize("seed", range(6))
def test_the_nearest_open_ones_are_those_of_plain_dijkstra(seed: int) -> None:
    """From 40 origins of each town: the five nearest that are eligible, door to door, in order, with their
    cost.
    """
    roads, stops, net = joined(seed, 60)
    rng = np.random.default_rng(seed)
    for origin_at in range(40):
        spot = Snapper(roads).snap(rng.uniform(3.799, 3.809), rng.uniform(43.599, 43.609))
        eligible = rng.random(len(stops)) < (0.5 if origin_at % 2 else 0.06)
        true = (
            by_hand(roads, net.cost_forth, net.cost_back, (int(spot.edge[0]), float(spot.share[0])), stops)
            + (stops.gap_m + spot.gap_m[0]) * 0.8
        )
        order = [i for i in np.lexsort((np.arange(len(true)), true)) if eligible[i] and np.isfinite(true[i])][
            :5
        ]
        found = ways.nearest(net, spot, k=5, eligible=eligible, gap_cost=0.8)
        np.testing.assert_allclose(found.cost, true[order], rtol=1e-9, atol=1e-9)
        assert sorted(found.cost) == found.cost.tolist()
        assert found.stop.tolist() == order or np.allclose(true[found.stop], true[order])


def test_nearest_stops_at_its_limit() -> None:
    """Nothing beyond the limit; nothing at all when nothing is eligible."""
    roads, stops, net = joined(1)
    spot = Snapper(roads).snap(3.804, 43.604)
    every = ways.nearest(net, spot, k=1000)
    some = ways.nearest(net, spot, k=1000, limit=float(every.cost[7]))
    assert some.stop.tolist() == every.stop[: len(some.stop)].tolist()
    assert 8 <= len(some.stop) < len(every.stop)
    assert not len(ways.nearest(net, spot, k=3, eligible=np.zeros(len(stops), dtype=bool)).stop)


@pytest.mark.parametrize("seed", range(3))
def test_what_goes_along_is_summed_on_the_same_way(seed: int) -> None:
    """Seconds and metres of one way: with one speed everywhere they are proportional; the way drawn is as
    long as it is said to be.
    """
    roads = town(seed)
    stops = places(roads, seed, 12, graph.main_part(roads))
    net = network.join(roads, stops, roads.length_m / 5.0)
    seconds, metres = ways.matrix(net, also=net.metres)
    np.testing.assert_allclose(metres, seconds * 5.0, rtol=1e-9, atol=1e-6)
    for a, b in ((0, 5), (3, 9), (11, 2)):
        way = ways.between(net, a, b)
        drawn = (
            np.hypot((np.diff(way[:, 0])) * np.cos(np.radians(43.604)), np.diff(way[:, 1])).sum() * 111_200
        )
        assert drawn == pytest.approx(metres[a, b], rel=5e-3, abs=1.0)
    assert np.isfinite(metres).all()


def test_a_way_that_does_not_exist_is_not_drawn() -> None:
    """From the town to the street that nothing joins."""
    roads = town(0)
    net = network.join(roads, Snapper(roads).snap([3.9005], [43.7]), roads.length_m)
    spot = Snapper(roads).snap(3.804, 43.604)
    assert ways.reach(net, spot).tolist() == [np.inf]
    assert ways.line(net, spot, 0).shape == (0, 2)
    assert np.isinf(ways.everywhere(net, spot)[roads.lon > 3.89]).all()


def test_a_cost_below_nothing_is_refused() -> None:
    """Dijkstra would answer, wrongly."""
    roads = town(0)
    with pytest.raises(ValueError, match="cost"):
        network.join(roads, places(roads, 1, 2), -roads.length_m)
