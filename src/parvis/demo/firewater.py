"""The demo city's fire water: buildings to defend, and points of water, one within ninety metres of each building along its
street.

Planted: a farm that no point of water is near; two buildings whose only point is out of service; one whose point gives
too little; one whose point nobody tested. Of all other buildings the water is there, by how they were drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from shapely import LineString

from parvis.demo.files.cheminements import network, stairs
from parvis.demo.world import World, lonlat

BUILDINGS = 160
NEAR_M = 90.0
"""Along the street, from a building to its point of water."""
ALONE_M = 600.0
"""Nothing else is so near a planted building, as the crow flies."""
FARM, BROKEN, WEAK, UNTESTED = "ferme", "en panne", "faible débit", "non mesuré"
PLANTED = (FARM, BROKEN, BROKEN, WEAK, UNTESTED)


@dataclass(frozen=True, slots=True)
class Building:
    """A building: where, what it is for, its risk, and what was planted there, "" for nothing."""

    lon: float
    lat: float
    usage: str
    risk: str
    planted: str


@dataclass(frozen=True, slots=True)
class Hydrant:
    """A point of water. flow: m³/h, None where nobody tested it; planted: that of its building."""

    lon: float
    lat: float
    flow: int | None
    street: str
    planted: str


@lru_cache(maxsize=2)
def drawn(world: World) -> tuple[tuple[Building, ...], tuple[Hydrant, ...]]:
    """Buildings and points of water, those that were planted first."""
    rng = world.rng("eau-incendie")
    pieces = zip(network(world), stairs(world), strict=True)
    lines = [
        p for p, steps in pieces if p.length > 2 * NEAR_M and not steps
    ]  # hoses are not rolled over stairs
    names = shapely.STRtree([s.line for s in world.streets])
    order = [int(i) for i in rng.permutation(len(lines))]
    middle = shapely.points([lines[i].interpolate(0.5, normalized=True).coords[0] for i in order])
    chosen: list[int] = []
    for k in range(len(order)):  # the planted stand alone
        need = 2 * ALONE_M if len(chosen) < len(PLANTED) else ALONE_M
        if all(shapely.distance(middle[k], middle[c]) > need for c in chosen[: len(PLANTED)]):
            chosen.append(k)
        if len(chosen) == BUILDINGS:
            break
    buildings: list[Building] = []
    hydrants: list[Hydrant] = []
    for n, k in enumerate(chosen):
        line, planted = lines[order[k]], PLANTED[n] if n < len(PLANTED) else ""
        at = float(rng.uniform(0.4, 0.6)) * line.length
        usage, risk = ("ferme", "faible") if planted == FARM else _kind(rng, planted)
        buildings.append(Building(*_beside(rng, line, at), usage, risk, planted))
        if planted == FARM:
            continue
        street = world.streets[int(names.nearest(line.interpolate(at)))].name
        flow = 20 if planted == WEAK else None if planted == UNTESTED else int(rng.choice([60, 75, 90, 120]))
        flow = 120 if risk == "important" and flow else flow
        side = -1 if rng.random() < 0.5 else 1
        along = at + side * float(rng.uniform(10, 0.9 * NEAR_M if risk != "important" else 50))
        hydrants.append(Hydrant(*_beside(rng, line, along), flow, street, planted))
    return tuple(buildings), tuple(hydrants)


def _kind(rng: np.random.Generator, planted: str) -> tuple[str, str]:
    if planted or rng.random() < 0.75:
        return "habitation", "ordinaire"
    return ("entrepôt", "important") if rng.random() < 0.5 else ("habitation", "faible")


def _beside(rng: np.random.Generator, line: LineString, along: float) -> tuple[float, float]:
    point = line.interpolate(along)
    lon, lat = lonlat(point.x + float(rng.normal(0, 4)), point.y + float(rng.normal(0, 4)))
    return round(lon, 7), round(lat, 7)
