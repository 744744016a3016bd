"""Streets served from door to door: arc routing over the road network, in seconds of work."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pyarrow as pa
import shapely

from parvis.methods.roads import graph
from parvis.methods.roads.snapping import Snapper
from parvis.methods.rounds.streets import Network, NoTrips, Streets, plan, ways
from parvis.services.dechets.depot import Place, Vehicle
from parvis.services.dechets.ground import KMH, parts

WORK_KMH = 5.0
"""Speed of a truck that collects from door to door."""

TURN_S = 60.0
"""Turning back in a street, which a truck should not."""

MOST = 400
"""Streets of one plan at most: a day's sector, not a city."""

ITERATIONS = 15_000


def streets_served(reseau: pa.Table | None, vehicles: Sequence[Vehicle], tips: Sequence[Place], seed: int) -> pa.Table:
    """One row a street, in the order of its trip. Empty where no street is to be collected, no truck weighs what it takes, or no trips were found."""
    none = pa.table({"tournee": pa.array([], pa.int64())})
    if reseau is None or not vehicles or not tips:
        return none
    lines, kmh, forth, back, rows = parts(reseau)
    wanted = {i for i, row in enumerate(rows) if float(row.get("collecte_kg") or 0) > 0}
    if not wanted or len(wanted) > MOST:
        return none
    roads = graph.build(lines, kmh=kmh, forth=forth, back=back)
    usable = graph.main_part(roads)
    m = len(roads.start)
    seconds = roads.seconds(KMH)
    network = Network(
        len(roads.lon), np.concatenate([roads.start[roads.forth], roads.end[roads.back]]), np.concatenate([roads.end[roads.forth], roads.start[roads.back]]),
        np.concatenate([seconds[roads.forth], seconds[roads.back]]),
    )  # fmt: skip
    arc_forth, arc_back = np.full(m, -1), np.full(m, -1)
    arc_forth[roads.forth] = np.arange(int(roads.forth.sum()))
    arc_back[roads.back] = int(roads.forth.sum()) + np.arange(int(roads.back.sum()))
    edges = np.array([e for e in range(m) if int(roads.line[e]) in wanted and usable[e]], dtype=np.int64)
    if not len(edges):
        return none
    truck = vehicles[0]
    snapper = Snapper(roads, usable)
    start = int(roads.start[snapper.snap(truck.lon, truck.lat).edge[0]])
    tip = min(tips, key=lambda t: abs(t.lon - truck.lon) + abs(t.lat - truck.lat))
    end = int(roads.start[snapper.snap(tip.lon, tip.lat).edge[0]])
    # home by way of the tip: from the last street to the tip, what is done there, and back to the depot
    there, out, home = ways(network, arc_forth[edges], arc_back[edges], start, end, detour=tip.service_s + _drive(network, end, start), turn_back=TURN_S)
    whole = np.bincount(roads.line, roads.length_m, len(lines))
    kilos = np.array([float(rows[int(roads.line[e])]["collecte_kg"]) * roads.length_m[e] / whole[roads.line[e]] for e in edges])
    asked = Streets(
        roads.length_m[edges] / (WORK_KMH / 3.6), kilos, there, out, home, min(v.kilos for v in vehicles),
        longest=float(truck.hours[1] - truck.hours[0] - truck.rest_s),
    )  # fmt: skip
    try:
        found = plan(asked, iterations=ITERATIONS, seed=seed)
    except NoTrips:
        return none
    made: dict[str, list[object]] = {n: [] for n in ("tournee", "ordre", "troncon", "rue", "sens", "kg", "minutes_tour", "_shape")}
    for number, trip in enumerate(found.trips, 1):
        cost = out[trip[0]] + sum(asked.serving[s // 2] for s in trip) + sum(there[a, b] for a, b in pairwise(trip)) + home[trip[-1]]
        for order, side in enumerate(trip, 1):
            edge = int(edges[side // 2])
            row = rows[int(roads.line[edge])]
            way = "inverse" if side % 2 else "direct"
            told = (number, order, str(row["id"]), str(row.get("nom") or ""), way, round(float(kilos[side // 2]), 1), round(cost / 60))
            for name, value in zip(made, (*told, shapely.to_wkb(shapely.LineString(roads.vertices(edge)))), strict=True):
                made[name].append(value)
    return pa.table(made)


def _drive(network: Network, first: int, second: int) -> float:
    """Seconds from one node to another."""
    if first == second:
        return 0.0
    leaving = np.flatnonzero(network.tail == first)
    _, _, home = ways(network, leaving, np.full(len(leaving), -1), first, second)
    return float((network.cost[leaving] + home[0::2]).min(initial=np.inf))
