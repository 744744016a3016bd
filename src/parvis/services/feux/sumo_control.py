"""Real-time control of the signals of a SUMO simulation: what it shows is read, what is decided is shown.

Wants `libsumo` (extra `simulation`), one simulation a process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from parvis.methods.signals import standstill
from parvis.methods.signals.control import Decision, Shown, begun, decided, plan_shown
from parvis.methods.signals.detection import Estimate, Reading, faults, nobody, observed, queue
from parvis.methods.signals.horizon import Model, Queue
from parvis.methods.signals.standstill import Standstill, flowing
from parvis.methods.signals.values import Flags, Ints
from parvis.services.feux.sumo_layout import Controlled
from parvis.services.feux.sumo_loops import Laid, Loop
from parvis.services.feux.sumo_net import Lane, Net

VEHICLE_M = 7.5
"""Metres of a lane that a standing vehicle takes."""
HEAD_M = 12.0
"""Metres from the line within which whoever stands first stands at it."""
SHORT_M = 20.0
"""A lane shorter than this tells nothing of a queue that stands back."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One vehicle that comes to a signal. link: index that it will pass; distance: m to the line; waited: s; vehicle: its
    name.
    """

    link: int
    distance: float
    waited: float
    weight: float
    vehicle: str = ""


def queue_of(
    one: Controlled,
    seen: Sequence[Seen],
    speeds: Mapping[str, float],
    room: Mapping[str, float],
    blocked: Flags,
) -> Queue:
    """Vehicles that come to one signal, as its controller takes them. speeds: m/s allowed on each of its lanes;
    room: vehicles that still go into each lane behind it; blocked: shape (lanes,), see `Queue`.
    """
    lanes = {lane: k for k, lane in enumerate(one.lanes)}
    outs = {lane: k for k, lane in enumerate(one.outs)}
    links = {link.index: link for link in reversed(one.signal.links)}
    rows = sorted(
        (
            (lanes[links[s.link].lane], s.distance, s)
            for s in seen
            if s.link in one.group and not links[s.link].foot
        ),
        key=lambda r: r[:2],
    )
    lane = np.array([r[0] for r in rows], np.int64)
    return Queue(
        np.array([max(d - 1.0, 0.0) / speeds[links[s.link].lane] for _, d, s in rows], np.float64),
        np.ones(len(rows)),
        np.array([s.weight for _, _, s in rows], np.float64),
        np.array([s.waited for _, _, s in rows], np.float64),
        np.array([one.group[s.link] for _, _, s in rows], np.int64),
        np.array([outs[links[s.link].out] for _, _, s in rows], np.int64),
        np.searchsorted(lane, np.arange(len(lanes) + 1)).astype(np.int64),
        np.array([room.get(lane, np.inf) for lane in one.outs], np.float64),
        blocked,
    )


class Vehicles(Protocol):
    """Vehicles of a simulation."""

    def getIDList(self) -> Sequence[str]: ...
    def getNextTLS(self, vehID: str) -> Sequence[tuple[str, int, float, str]]: ...
    def getAccumulatedWaitingTime(self, vehID: str) -> float: ...


class Lanes(Protocol):
    """Lanes of a simulation."""

    def getLastStepHaltingNumber(self, laneID: str) -> int: ...


class InductionLoops(Protocol):
    """Loops of a simulation."""

    def getVehicleData(self, loopID: str) -> Sequence[tuple[str, float, float, float, str]]: ...


class LaneAreas(Protocol):
    """Loops as areas of a simulation."""

    def getLastStepVehicleNumber(self, detID: str) -> int: ...


class TrafficLights(Protocol):
    """Signals of a simulation."""

    def setRedYellowGreenState(self, tlsID: str, state: str) -> None: ...


class Sumo(Protocol):
    """What is used of `libsumo`, by its own names."""

    vehicle: Vehicles
    lane: Lanes
    inductionloop: InductionLoops
    lanearea: LaneAreas
    trafficlight: TrafficLights


Record = Callable[[float, str, Decision], None]


class View(Protocol):
    """Where a controller learns from which vehicles come."""

    def queues(self, now: float, displays: Mapping[str, Shown]) -> Mapping[str, Queue | None]:
        """By signal; None where detectors fail, so that the plan runs. displays: what each shows."""
        ...


@dataclass(slots=True)
class Everything:
    """Every vehicle within sight (metres from the line), as no city sees them: the measure for loops."""

    sumo: Sumo
    signals: Sequence[Controlled]
    lanes: Mapping[str, Lane]
    sight: float = 200.0
    standing: dict[str, Standstill] = field(default_factory=dict[str, Standstill])
    heads: dict[str, str] = field(default_factory=dict[str, str])
    """The vehicle that comes first in each lane."""

    def queues(self, now: float, displays: Mapping[str, Shown]) -> Mapping[str, Queue | None]:
        """Of every signal."""
        seen: dict[str, list[Seen]] = {}
        vehicle = self.sumo.vehicle
        for v in vehicle.getIDList():
            following = vehicle.getNextTLS(v)
            if following and following[0][2] <= self.sight:
                name, link, distance, _ = following[0]
                seen.setdefault(name, []).append(
                    Seen(link, distance, vehicle.getAccumulatedWaitingTime(v), 1.0, v)
                )
        speeds = {lane: self.lanes[lane].speed for one in self.signals for lane in one.lanes}
        halting: dict[str, float] = {}
        for one in self.signals:
            for behind in one.outs.values():
                for lane in behind:
                    if lane not in halting:
                        halting[lane] = self.sumo.lane.getLastStepHaltingNumber(lane)
        out: dict[str, Queue | None] = {}
        for one in self.signals:
            name = one.signal.name
            mine = seen.get(name, ())
            room = rooms(one, self.lanes, halting)
            out[name] = queue_of(one, mine, speeds, room, self._blocked(one, mine, displays[name].green(now)))
        return out

    def _blocked(self, one: Controlled, seen: Sequence[Seen], lit: Flags) -> Flags:
        """Shape (lanes,): by whether the vehicle that stands first in each lane is the one of a second before."""
        links = {link.index: link for link in one.signal.links if not link.foot}
        first: dict[str, Seen] = {}
        for s in seen:
            if s.link in links and s.link in one.group:
                lane = links[s.link].lane
                if lane not in first or s.distance < first[lane].distance:
                    first[lane] = s
        giving = np.any(one.layout.yields & lit, axis=1)
        green, stands, left = (np.zeros(len(one.lanes), np.bool_) for _ in range(3))
        for k, lane in enumerate(one.lanes):
            head = first.get(lane)
            left[k] = head is None or head.vehicle != self.heads.get(lane)
            if head is None:
                self.heads.pop(lane, None)
                continue
            self.heads[lane] = head.vehicle
            group = one.group[head.link]
            green[k] = bool(lit[group]) and not bool(giving[group])
            stands[k] = head.distance <= HEAD_M and head.waited > 0
        before = self.standing.get(one.signal.name) or flowing(len(one.lanes))
        self.standing[one.signal.name] = standstill.observed(before, green, stands, left)
        return self.standing[one.signal.name].blocked


def rooms(one: Controlled, lanes: Mapping[str, Lane], standing: Mapping[str, float]) -> Mapping[str, float]:
    """Vehicles that still go into each lane behind a signal. standing: vehicles that stand, by lane, where known."""
    out: dict[str, float] = {}
    for lane, behind in one.outs.items():
        length = sum(lanes[b].length for b in behind)
        if length >= SHORT_M and all(b in standing for b in behind):
            out[lane] = max(0.0, length / VEHICLE_M - sum(standing[b] for b in behind))
    return out


@dataclass(slots=True)
class ByLoops:
    """What loops at the lines and before them count. broken: loops that count nobody, for trials."""

    sumo: Sumo
    signals: Sequence[Controlled]
    laid: Sequence[Laid]
    lanes: Mapping[str, Lane]
    estimates: dict[str, Estimate]
    broken: frozenset[str] = frozenset()
    still: dict[str, Standstill] = field(default_factory=dict[str, Standstill])

    def queues(self, now: float, displays: Mapping[str, Shown]) -> Mapping[str, Queue | None]:
        """Of every signal."""
        standing: dict[str, float] = {}
        for one, laid in zip(self.signals, self.laid, strict=True):
            name = one.signal.name
            lit = displays[name].green(now)
            green = np.array([lit[g] for g in laid.loops.group], np.bool_)
            reading = self._reading(laid, now)
            estimate = observed(laid.loops, self.estimates[name], reading, green, now)
            self.estimates[name] = estimate
            giving = np.any(one.layout.yields & lit, axis=1)
            free = green & ~giving[laid.loops.group] & ~giving[laid.loops.turning]
            self.still[name] = standstill.observed(
                self.still.get(name) or flowing(len(one.lanes)), free, reading.stands, reading.left > 0
            )
            for lane, count in zip(one.lanes, estimate.shares[estimate.arrival <= now].sum(0), strict=True):
                standing[lane] = float(count)
        out: dict[str, Queue | None] = {}
        for one, laid in zip(self.signals, self.laid, strict=True):
            name = one.signal.name
            estimate = self.estimates[name]
            failed = any(f.any() for f in faults(laid.loops, estimate))
            room = rooms(one, self.lanes, standing)
            full = np.array([room.get(lane, np.inf) for lane in one.outs])
            seen = queue(laid.loops, estimate, full, now)
            out[name] = None if failed else replace(seen, blocked=self.still[name].blocked)
        return out

    def _reading(self, laid: Laid, now: float) -> Reading:
        came, full = self._counts(laid.advance, now, -1)
        left, stands = self._counts(laid.lines, now, 3)
        return Reading(came, left, stands, full)

    def _counts(self, loops: Sequence[Loop], now: float, part: int) -> tuple[Ints, Flags]:
        """(vehicles of the last second, loops that are covered). part: 3 counts vehicles as they leave, -1 as they come."""
        count, covered = np.zeros(len(loops), np.int64), np.zeros(len(loops), np.bool_)
        for k, loop in enumerate(loops):
            if loop.name in self.broken:
                continue
            for vehicle in self.sumo.inductionloop.getVehicleData(loop.name):
                came, left = vehicle[2], vehicle[3]
                at = left if part == 3 else came
                count[k] += now - 1.0 < at <= now
            covered[k] = any(self.sumo.lanearea.getLastStepVehicleNumber(area) for area in loop.areas)
        return count, covered


@dataclass(slots=True)
class Controller:
    """Runs all signals of one simulation."""

    sumo: Sumo
    signals: Sequence[Controlled]
    view: View
    model: Model
    yellow: float
    displays: dict[str, Shown]
    last: dict[str, str]
    record: Record | None = None

    def step(self, now: float) -> None:
        """Decide for every signal, and show it."""
        queues = self.view.queues(now, self.displays)
        for one in self.signals:
            name = one.signal.name
            before, waiting = self.displays[name], queues[name]
            if waiting is None:
                display = plan_shown(one.layout, before, one.layout.stages[one.planned(now)], now)
                decision = Decision("no_detector", display.stage)
            else:
                display, decision = decided(one.layout, before, waiting, now, self.model)
            self.displays[name] = display
            if self.record is not None:
                self.record(now, name, decision)
            state = one.state(
                display.green(now), ~np.isfinite(display.start) & (now - display.end < self.yellow)
            )
            if state != self.last.get(name):
                self.sumo.trafficlight.setRedYellowGreenState(name, state)
                self.last[name] = state


def controller(sumo: Sumo, signals: Sequence[Controlled], view: View, now: float, *, model: Model, yellow: float,
               record: Record | None = None) -> Controller:  # fmt: skip
    """A controller that takes over all signals now, each in the first stage of its plan."""
    displays = {one.signal.name: begun(one.layout, one.plan[0][1], now) for one in signals}
    return Controller(sumo, signals, view, model, yellow, displays, {}, record)


def by_loops(sumo: Sumo, signals: Sequence[Controlled], laid: Sequence[Laid], net: Net, now: float,
             *, broken: frozenset[str] = frozenset()) -> ByLoops:  # fmt: skip
    """A view of an empty street by its loops."""
    nobody_yet = {one.signal.name: nobody(its.loops, now) for one, its in zip(signals, laid, strict=True)}
    return ByLoops(sumo, signals, laid, net.lanes, nobody_yet, broken)
