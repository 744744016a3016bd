"""Buildings and the fire water near them: how far along the streets, how much, and what is wanting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parvis.core.late import late
from parvis.methods.roads import graph, network, ways
from parvis.methods.roads.snapping import DEGREE_M, Snapper
from parvis.services import walking
from parvis.services.incendie.rules import RISKS, Rule, Rules
from parvis.services.incendie.schemas import BROKEN, CASE, COVERED, DOUBT, FAR, SHORT

if TYPE_CHECKING:  # SciPy: loaded when the service runs
    from scipy.spatial import KDTree
else:
    KDTree = late("scipy.spatial", "KDTree")

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Row = Mapping[str, Any]

DETOUR = 1.3
"""Streets over the straight line, where no network is known."""
OFF_STREET_M = 150.0
"""What is so far from every street is measured in a straight line."""
ENDLESS = ("plan_eau", "cours_eau")
"""Sources that do not run dry."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Which buildings are near which points: (k,) building, point, metres; (buildings,) measured along streets."""

    building: Ints
    point: Ints
    metres: Floats
    by_streets: Flags


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the rule in force asks for each building; metres nan for what is studied case by case."""

    metres: Floats
    water: Floats
    hours: Floats
    risk: tuple[str, ...]
    rules: Mapping[str, Rule]


@dataclass(frozen=True, slots=True)
class Supply:
    """Points of water. works: 1, 0, nan where nobody says; flow: m³/h, volume: m³, inf where it does not run dry, nan
    where nobody says.
    """

    works: Floats
    flow: Floats
    volume: Floats

    def water(self, points: Ints, hours: Floats) -> Floats:
        """m³ that each gives in so many hours; nan where nobody measured it."""
        tank, running = self.volume[points], self.flow[points] * hours
        return np.where(np.isnan(running), tank, np.where(np.isnan(tank), running, np.maximum(tank, running)))


def wanted(rows: Sequence[Row], rules: Rules, day: date) -> Wanted:
    """The rule of each building; one without a risk is « ordinaire »."""
    risk = tuple(str(r.get("risque") or "ordinaire") for r in rows)
    held = {name: rule for name in RISKS if (rule := rules.rule(name, day)) is not None}
    metres, water, hours = (
        np.array([getattr(held[r], name) if r in held else np.nan for r in risk], np.float64)
        for name in ("metres", "water_m3", "hours")
    )
    return Wanted(metres, water, hours, risk, held)


def supply(rows: Sequence[Row]) -> Supply:
    """What is said of each point of water."""
    works = [np.nan if r.get("disponible") is None else float(bool(r["disponible"])) for r in rows]
    flow = [_positive(r.get("debit")) for r in rows]
    volume = [
        np.inf if r.get("type_pei") == "PA" and r.get("source_pei") in ENDLESS and not r.get("volume") else _positive(r.get("volume"))
        for r in rows
    ]  # fmt: skip
    return Supply(np.array(works, np.float64), np.array(flow, np.float64), np.array(volume, np.float64))


def _positive(value: object) -> float:
    return float(value) if isinstance(value, int | float) and value > 0 else float("nan")


def pairs(buildings: Floats, points: Floats, streets: pa.Table | None, limit: float) -> Pairs:
    """Every point of water within so many metres of every building, along the streets from door to point.

    buildings, points: (n, 2) lon, lat. Hoses are rolled out where one may walk without stairs. A straight line, a `DETOUR` longer,
    where either stands far from every street.
    """
    none = Pairs(
        np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.zeros(len(buildings), np.bool_)
    )
    if not len(buildings) or not len(points):
        return none
    drawn = walking.lines(streets, False) if streets is not None else []
    on = np.zeros(len(buildings) + len(points), np.bool_)
    found: list[tuple[Ints, Ints, Floats]] = []
    if drawn:
        roads = graph.build(drawn)
        every = np.concatenate([buildings, points])
        stops = Snapper(roads, graph.main_part(roads)).snap(every[:, 0], every[:, 1])
        on = stops.gap_m <= OFF_STREET_M
        net = network.join(roads, stops, roads.length_m)
        b, p = np.flatnonzero(on[: len(buildings)]), np.flatnonzero(on[len(buildings) :])
        source, goal, metres = ways.within(net, p + len(buildings), b, limit)
        found.append((goal, source - len(buildings), metres))
    b, p, metres = _straight(buildings, points, limit / DETOUR)
    apart = ~(on[b] & on[p + len(buildings)])
    found.append((b[apart], p[apart], DETOUR * metres[apart]))
    building, point, far = (np.concatenate(part) for part in zip(*found, strict=True))
    return Pairs(building, point, far, on[: len(buildings)])


def _straight(buildings: Floats, points: Floats, limit: float) -> tuple[Ints, Ints, Floats]:
    scale = DEGREE_M * np.array([np.cos(np.radians(float(buildings[:, 1].mean()))), 1.0])
    near = KDTree(points * scale).query_ball_point(buildings * scale, limit)
    sizes = np.array([len(one) for one in near], np.int64)
    b = np.repeat(np.arange(len(buildings)), sizes)
    p = np.concatenate([np.asarray(one, np.int64) for one in near]) if sizes.sum() else np.empty(0, np.int64)
    return b, p, np.hypot(*((buildings[b] - points[p]) * scale).T)


@dataclass(frozen=True, slots=True)
class Stock:
    """m³ within the distance of the rule, a building: of points that surely work and are measured; with those that may;
    with those out of service too. near: some point, whatever its state, is within the distance.
    """

    sure: Floats
    hoped: Floats
    repaired: Floats
    near: Flags


def stock(found: Pairs, want: Wanted, have: Supply) -> Stock:
    """What each building has. A point that nobody measured may give all that is asked for, and never surely does."""
    count = len(want.metres)
    inside = found.metres <= want.metres[found.building]
    b, p = found.building[inside], found.point[inside]
    water, works = have.water(p, want.hours[b]), have.works[p]
    known, guessed = np.nan_to_num(water, nan=0.0, posinf=np.inf), np.where(np.isnan(water), np.inf, water)

    def total(amounts: Floats, counted: Flags) -> Floats:
        return np.bincount(b[counted], np.minimum(amounts[counted], 1e9), count).astype(np.float64)

    return Stock(
        total(known, works == 1), total(guessed, works != 0), total(guessed, b >= 0), total(np.ones(len(b)), b >= 0) > 0,
    )  # fmt: skip


def states(want: Wanted, has: Stock) -> list[str]:
    """What is to be said of each building."""
    out: list[str] = []
    for i in range(len(want.metres)):
        if np.isnan(want.metres[i]):
            out.append(CASE)
        elif has.sure[i] >= want.water[i]:
            out.append(COVERED)
        elif has.hoped[i] >= want.water[i]:
            out.append(DOUBT)
        elif has.repaired[i] >= want.water[i]:
            out.append(BROKEN)
        else:
            out.append(SHORT if has.near[i] else FAR)
    return out


def deprived(found: Pairs, want: Wanted, have: Supply, has: Stock) -> Ints:
    """(points,) buildings that would have all their water if this point, and it alone, were put back in service."""
    inside = (found.metres <= want.metres[found.building]) & (have.works[found.point] == 0)
    b, p = found.building[inside], found.point[inside]
    water = have.water(p, want.hours[b])
    enough = has.hoped[b] + np.where(np.isnan(water), np.inf, water) >= want.water[b]
    helped = enough & (has.hoped[b] < want.water[b])
    return np.bincount(p[helped], minlength=len(have.works))
