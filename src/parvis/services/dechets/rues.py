"""Streets served from door to door: arc routing over the road network, in seconds of work, and the trips
packed into the shifts of the trucks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from parvis.methods.roads import graph
from parvis.methods.roads.graph import Roads
from parvis.methods.roads.snapping import Snapper
from parvis.methods.rounds.job import Tip
from parvis.methods.rounds.shifts import Crew, Packed, Shift, Work, pack
from parvis.methods.rounds.streets import Ints, Network, NoTrips, Streets, Trips, plan, ways
from parvis.services.dechets.depot import Place, Vehicle, clock, rest
from parvis.services.dechets.ground import KMH, parts
from parvis.services.dechets.schemas import RUES, empty

WORK_KMH = 5.0
"""Speed of a truck that collects from door to door."""

TURN_S = 60.0
"""Turning back in a street, which a truck should not."""

MOST = 400
"""Streets of one plan at most: a day's sector, not a city."""

ITERATIONS, SECONDS = 15_000, 20.0
"""Turns of a search, and CPU seconds after which it ends before them: four hundred streets take some three on
a quiet machine.
"""

SHARES = (1, 2, 3)
"""Trips as long as a shift allows hold most; where they do not fit into the shifts, halves and thirds of a
shift are tried.
"""


@dataclass(frozen=True, slots=True)
class Sector:
    """A day's streets: the roads and their rows, which edges are served, by which arcs of the network, and
    what serving and packing ask.
    """

    roads: Roads
    rows: Sequence[dict[str, Any]]
    network: Network
    edges: Ints
    forth: Ints
    back: Ints
    asked: Streets
    work: Work
    crews: tuple[Crew, ...]
    depots: tuple[int, ...]
    """The node of each kind's depot."""


def streets_served(
    reseau: pa.Table | None, vehicles: Sequence[Vehicle], tips: Sequence[Place], seed: int
) -> pa.Table:
    """One row a street, in the order of its trip. Empty where no street is to be collected, no truck weighs
    what it takes, or no trips were found.
    """
    here = sector(reseau, vehicles, tips)
    made = None if here is None else planned(here, seed)
    return empty(RUES) if here is None or made is None else table(here, vehicles, *made)


def sector(reseau: pa.Table | None, vehicles: Sequence[Vehicle], tips: Sequence[Place]) -> Sector | None:
    """What there is to serve, and by whom; None where there is nothing."""
    tips = [t for t in tips if vehicles and t.flow in (vehicles[0].flow, "")]
    if reseau is None or not tips:
        return None
    lines, kmh, forth, back, rows = parts(reseau)
    wanted = {i for i, row in enumerate(rows) if float(row.get("collecte_kg") or 0) > 0}
    if not wanted or len(wanted) > MOST:
        return None
    roads = graph.build(lines, kmh=kmh, forth=forth, back=back)
    usable = graph.main_part(roads)
    m = len(roads.start)
    seconds = roads.seconds(KMH)
    network = Network(
        len(roads.lon),
        np.concatenate([roads.start[roads.forth], roads.end[roads.back]]),
        np.concatenate([roads.end[roads.forth], roads.start[roads.back]]),
        np.concatenate([seconds[roads.forth], seconds[roads.back]]),
    )
    arc_forth, arc_back = np.full(m, -1), np.full(m, -1)
    arc_forth[roads.forth] = np.arange(int(roads.forth.sum()))
    arc_back[roads.back] = int(roads.forth.sum()) + np.arange(int(roads.back.sum()))
    edges = np.array([e for e in range(m) if int(roads.line[e]) in wanted and usable[e]], dtype=np.int64)
    if not len(edges):
        return None
    snapper = Snapper(roads, usable)

    def node(place: Place | Vehicle) -> int:
        return int(roads.start[snapper.snap(place.lon, place.lat).edge[0]])

    tip = min(tips, key=lambda t: abs(t.lon - vehicles[0].lon) + abs(t.lat - vehicles[0].lat))
    end, depots = node(tip), tuple(node(v) for v in vehicles)
    arcs = arc_forth[edges], arc_back[edges]
    there, from_tip, to_tip = ways(network, *arcs, end, end, turn_back=TURN_S)
    out = {d: ways(network, *arcs, d, end, turn_back=TURN_S)[1] for d in set(depots)}
    home = {d: _drive(network, end, d) for d in set(depots)}
    crews = tuple(
        Crew(v.count, v.hours, out[d], home[d], rest(v)) for v, d in zip(vehicles, depots, strict=True)
    )
    whole = np.bincount(roads.line, roads.length_m, len(lines))
    kilos = np.array(
        [
            float(rows[int(roads.line[e])]["collecte_kg"]) * roads.length_m[e] / whole[roads.line[e]]
            for e in edges
        ]
    )
    serving = roads.length_m[edges] / (WORK_KMH / 3.6)
    first = vehicles[0]
    asked = Streets(
        serving,
        kilos,
        there,
        out[depots[0]],
        to_tip + tip.service_s + home[depots[0]],
        min(v.kilos for v in vehicles),
        longest=float(first.hours[1] - first.hours[0] - first.rest_s),
    )
    work = Work(serving, there, to_tip, from_tip, Tip(end, tip.service_s, tip.hours))
    return Sector(roads, rows, network, edges, *arcs, asked, work, crews, depots)


def planned(here: Sector, seed: int) -> tuple[Trips, Packed] | None:
    """Trips and the shifts that make them: those that leave least undone, then those with the fewest trucks,
    then the least time; None where there are none.
    """
    best: tuple[tuple[float, int, float], Trips, Packed] | None = None
    for share in SHARES:
        try:
            found = plan(
                replace(here.asked, longest=here.asked.longest / share),
                iterations=ITERATIONS,
                seconds=SECONDS,
                seed=seed,
            )
        except NoTrips:
            break
        packed = pack(found.trips, here.work, here.crews, seed=seed)
        undone = float(sum(here.asked.load[s // 2] for t in packed.left for s in found.trips[t]))
        score = undone, len(packed.shifts), sum(s.back_s - s.leave_s for s in packed.shifts)
        if best is None or score < best[0]:
            best = score, found, packed
        if not packed.left:
            break
    return None if best is None else best[1:]


def table(here: Sector, vehicles: Sequence[Vehicle], found: Trips, packed: Packed) -> pa.Table:
    """One row a street: trips in the order of shifts, then those that no truck has the time for."""
    made: list[dict[str, Any]] = []
    numbers = Counter[int]()

    def add(trip: int, shift: Shift | None, place: int, truck: str | None) -> None:
        number = 1 + (made[-1]["tournee"] if made else 0)
        for order, side in enumerate(found.trips[trip]):
            edge = int(here.edges[side // 2])
            row = here.rows[int(here.roads.line[edge])]
            rests = shift.rest[2] if shift and shift.rest and shift.rest[:2] == (place, order) else None
            made.append(
                {
                    "tournee": number,
                    "ordre": order + 1,
                    "troncon": str(row["id"]),
                    "rue": str(row.get("nom") or ""),
                    "sens": "inverse" if side % 2 else "direct",
                    "kg": round(float(here.asked.load[side // 2]), 1),
                    "vehicule": truck,
                    "heure_prevue": clock(shift.begins[place][order]) if shift else None,
                    "pause": None if rests is None else clock(rests),
                    "vide_a": clock(shift.tips[place]) if shift else None,
                    "depart": clock(shift.leave_s) if shift else None,
                    "retour": clock(shift.back_s) if shift else None,
                    "_shape": shapely.to_wkb(shapely.LineString(here.roads.vertices(edge))),
                }
            )

    for shift in packed.shifts:
        numbers[shift.crew] += 1
        for place, trip in enumerate(shift.trips):
            add(trip, shift, place, f"{vehicles[shift.crew].name} {numbers[shift.crew]}")
    for trip in packed.left:
        add(trip, None, 0, None)
    kinds = {
        "vehicule": pa.string(),
        "heure_prevue": pa.string(),
        "pause": pa.string(),
        "vide_a": pa.string(),
        "depart": pa.string(),
        "retour": pa.string(),
    }
    return pa.table({name: pa.array([row[name] for row in made], kinds.get(name)) for name in made[0]})


def _drive(network: Network, first: int, second: int) -> float:
    """Seconds from one node to another."""
    if first == second:
        return 0.0
    leaving = np.flatnonzero(network.tail == first)
    _, _, home = ways(network, leaving, np.full(len(leaving), -1), first, second, turn_back=TURN_S)
    return float((network.cost[leaving] + home[0::2]).min(initial=np.inf))
