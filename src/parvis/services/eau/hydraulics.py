"""A utility's network as EPANET computes it, beside what its meters and sensors read at night.

Demands are those of the network file, scaled so that each part of the network that meters surround takes what they measured; tanks
stand at their measured level, pumps run when their meter says so.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from parvis.core.errors import UsageError
from parvis.core.late import late
from parvis.core.sentence import Sentence
from parvis.services.eau import epanet
from parvis.services.eau.readings import Readings

if TYPE_CHECKING:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components, dijkstra
else:
    csr_array = late("scipy.sparse", "csr_array")
    connected_components = late("scipy.sparse.csgraph", "connected_components")
    dijkstra = late("scipy.sparse.csgraph", "dijkstra")

Array = NDArray[np.float64]

HOURS = range(6)
"""Of the night, by the clock of the readings: most pressure, least demand."""
ROUGHER = 0.1
"""Share by which a roughness is changed to see what it does."""
MONDAY = np.datetime64("1970-01-05T00:00:00", "s")
"""Patterns of a week begin on a Monday, those of a day at midnight."""


@contextmanager
def hydraulics(network: bytes, readings: Readings) -> Generator[Hydraulics]:
    """A network file of EPANET with its readings, open as long as it is needed.

    Raises UsageError for a file that EPANET refuses, for readings that name none of its nodes, and without EPANET.
    """
    with epanet.project(network) as (toolkit, project):
        yield Hydraulics(toolkit, project, readings)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One hour of a night. at: its beginning; parts: m³/h that each metered part took; levels: of tanks, m; pumps: link to whether it
    ran; pressures: m.
    """

    at: np.datetime64
    parts: Array
    levels: Mapping[int, float]
    pumps: Mapping[int, bool]
    pressures: Array


class Hydraulics:
    """A network and what it read; nodes are its junctions, in the order of the file.

    names; pipes: nodes of both ends, those at a reservoir or tank left out; pipe_names; lengths: m; xy: the file's own coordinates;
    sensors: nodes whose pressure is read.
    """

    def __init__(self, toolkit: ModuleType, project: Any, readings: Readings) -> None:
        self._epanet, self._project = toolkit, project
        self.readings = readings
        self._read_network()
        self._read_points()
        self._read_parts()
        self._make_ready()
        self._nights = [self.snapshots(day, HOURS) for day in range(readings.nights)]

    def _read_network(self) -> None:
        """Nodes and links of the file, by EPANET's numbers of them and by ours."""
        t, p = self._epanet, self._project
        count = range(1, t.getcount(p, t.NODECOUNT) + 1)
        self._kinds = {i: t.getnodetype(p, i) for i in count}
        self._index = [i for i in count if self._kinds[i] == t.JUNCTION]
        self._number = {i: n for n, i in enumerate(self._index)}
        self.names = tuple(str(t.getnodeid(p, i)) for i in self._index)
        self.xy = np.array([epanet.coordinates(t, p, i) for i in self._index]).reshape(-1, 2)
        self._ends = {k: tuple(t.getlinknodes(p, k)) for k in range(1, t.getcount(p, t.LINKCOUNT) + 1)}
        pipes = [
            k
            for k, ends in self._ends.items()
            if t.getlinktype(p, k) in (t.PIPE, t.CVPIPE) and all(e in self._number for e in ends)
        ]
        self.pipe_names = tuple(str(t.getlinkid(p, k)) for k in pipes)
        self.pipes = np.array(
            [[self._number[e] for e in self._ends[k]] for k in pipes], dtype=np.int64
        ).reshape(-1, 2)
        self.lengths = np.array([float(t.getlinkvalue(p, k, t.LENGTH)) for k in pipes])

    def _read_points(self) -> None:
        """Which column reads which sensor, tank, meter and pump."""
        t, p = self._epanet, self._project
        nodes, self._meters = epanet.points(t, p, self.readings.values)
        self._pressures = {self._number[i]: column for i, column in nodes.items() if i in self._number}
        self._tanks = {i: column for i, column in nodes.items() if self._kinds[i] == t.TANK}
        self._pumps = [k for k in self._meters if t.getlinktype(p, k) == t.PUMP]
        self.sensors = np.array(list(self._pressures), dtype=np.int64)
        if not self._pressures:
            raise UsageError(
                Sentence("Aucune colonne des mesures ne porte le nom d’un nœud du réseau."),
                mend="Nommez les colonnes de pression comme les nœuds du fichier EPANET.",
            )

    def _read_parts(self) -> None:
        """The network cut at its meters: parts whose inflow is known, and what the file says that they take."""
        t, p = self._epanet, self._project
        uncut = np.array([ends for k, ends in self._ends.items() if k not in self._meters], dtype=np.int64)
        size = len(self._kinds)
        a, b = uncut.reshape(-1, 2).T - 1
        self._total, part = connected_components(
            csr_array((np.ones(len(a)), (a, b)), shape=(size, size)), directed=False
        )
        self._part_of = np.array([part[i - 1] for i in self._index])
        metered = np.ones(self._total, dtype=np.bool_)
        for i, kind in self._kinds.items():
            if kind == t.RESERVOIR or (kind == t.TANK and i not in self._tanks):
                metered[part[i - 1]] = False
        self._crossing = {k: (part[self._ends[k][0] - 1], part[self._ends[k][1] - 1]) for k in self._meters}
        self._tank_part = {i: part[i - 1] for i in self._tanks}
        self._area = {i: math.pi / 4 * float(t.getnodevalue(p, i, t.TANKDIAM)) ** 2 for i in self._tanks}
        self._demand = epanet.demands(t, p, self._index)
        usual = np.bincount(self._part_of, weights=self._demand.sum(axis=0), minlength=self._total)
        touched = np.zeros(self._total, dtype=np.bool_)
        for ends in self._crossing.values():
            touched[list(ends)] = True
        self.parts = np.flatnonzero(metered & touched & (usual > 0))

    def _make_ready(self) -> None:
        """For one moment at a time: no rules, no patterns, one demand a node, all of them ours."""
        t, p = self._epanet, self._project
        for _ in range(t.getcount(p, t.CONTROLCOUNT)):
            t.deletecontrol(p, 1)
        for _ in range(t.getcount(p, t.RULECOUNT)):
            t.deleterule(p, 1)
        t.settimeparam(p, t.DURATION, 0)
        t.setoption(p, t.DEMANDMULT, 1.0)
        for i in self._index:
            for category in range(1, t.getnumdemands(p, i) + 1):
                t.setdemandpattern(p, i, category, 0)
                t.setbasedemand(p, i, category, 0.0)
        self._set = np.zeros(len(self._index))
        self._units = epanet.M3H[t.getflowunits(p)]
        self._pattern_s = (int(t.gettimeparam(p, t.PATTERNSTEP)), int(t.gettimeparam(p, t.PATTERNSTART)))
        t.openH(p)

    @cached_property
    def metres(self) -> Array:
        """Of pipe between nodes, shape (nodes, nodes); valves and pumps have no length."""
        t, p = self._epanet, self._project
        rows = [
            (self._number[a], self._number[b], max(float(t.getlinkvalue(p, k, t.LENGTH)), 0.01))
            for k, (a, b) in self._ends.items()
            if a in self._number and b in self._number
        ]
        a, b, length = np.array(rows).reshape(-1, 3).T
        size = len(self._index)
        graph = csr_array((length, (a.astype(np.int64), b.astype(np.int64))), shape=(size, size))
        distances: Array = dijkstra(graph, directed=False)
        return distances

    @property
    def demand(self) -> Array:
        """m³/h of each node at three in the night."""
        return self.nominal(MONDAY + np.timedelta64(3, "h"))

    def nominal(self, at: np.datetime64) -> Array:
        """m³/h of each node at this moment, by the file."""
        step, start = self._pattern_s
        since = int((at - MONDAY) / np.timedelta64(1, "s")) + start
        return self._demand[(since // step) % len(self._demand)]

    def snapshots(self, day: int, hours: Iterable[int]) -> Sequence[Snapshot]:
        """Those hours of a day that were read whole."""
        midnight = self.readings.first + np.timedelta64(day, "D")
        taken = (self._snapshot(midnight + np.timedelta64(hour, "h")) for hour in hours)
        return [hour for hour in taken if hour is not None]

    def _snapshot(self, at: np.datetime64) -> Snapshot | None:
        """The hour that begins then; None where it was not read whole, or a pump was switched in it."""
        r = self.readings
        lo, hi = (int(x) for x in np.searchsorted(r.moments, [at, at + np.timedelta64(1, "h")]))
        if hi <= lo:
            return None
        span = slice(lo, hi)
        ran = {k: r.values[self._meters[k]][span] > 1.0 for k in self._pumps}
        if any(x.any() != x.all() for x in ran.values()):
            return None  # neither state is that of the hour
        took = np.zeros(self._total)
        for k, (a, b) in self._crossing.items():
            flow = float(np.mean(r.values[self._meters[k]][span]))
            took[a] -= flow
            took[b] += flow
        for i, column in self._tanks.items():
            took[self._tank_part[i]] -= self._area[i] * _slope(r.moments, r.values[column], span)
        levels = {i: float(np.mean(r.values[column][span])) for i, column in self._tanks.items()}
        if not np.isfinite([*took[self.parts], *levels.values()]).all():
            return None  # what is not known cannot be simulated
        pressures = np.array([float(np.mean(r.values[column][span])) for column in self._pressures.values()])
        return Snapshot(at, took[self.parts], levels, {k: bool(x.all()) for k, x in ran.items()}, pressures)

    def _solve(self, demand: Array, levels: Mapping[int, float], pumps: Mapping[int, bool]) -> Array:
        """Pressures of the sensors, m."""
        t, p = self._epanet, self._project
        for n in np.flatnonzero(demand != self._set).tolist():
            t.setbasedemand(p, self._index[n], 1, float(demand[n]) / self._units)
        self._set = demand.copy()
        for i, level in levels.items():
            t.setnodevalue(p, i, t.TANKLEVEL, level)
        for k, on in pumps.items():
            t.setlinkvalue(p, k, t.INITSTATUS, int(on))
        t.initH(p, 0)
        t.runH(p)
        return np.array([t.getnodevalue(p, self._index[n], t.PRESSURE) for n in self.sensors])

    def _all_pressures(self) -> Array:
        """Of all nodes as last solved, m."""
        t, p = self._epanet, self._project
        return np.array([t.getnodevalue(p, i, t.PRESSURE) for i in self._index])

    def _typical(self) -> tuple[Mapping[int, float], Mapping[int, bool]]:
        """(levels, pumps) of the first hour that was read whole; pumps run."""
        first = next((hour for night in self._nights for hour in night), None)
        return (first.levels, dict.fromkeys(self._pumps, True)) if first else ({}, {})

    def falls(self, flow: float) -> Array:
        """Metres of pressure that each node (column) loses to a leak of this flow, m³/h, at each node (row)."""
        levels, pumps = self._typical()
        demand = self.demand
        self._solve(demand, levels, pumps)
        before = self._all_pressures()
        out = np.zeros((len(self._index), len(self._index)))
        for node in range(len(self._index)):
            leaking = demand.copy()
            leaking[node] += flow
            self._solve(leaking, levels, pumps)
            out[node] = before - self._all_pressures()
        return out

    def _by_part(self, flows: Array) -> Array:
        sums: Array = np.bincount(self._part_of, weights=flows, minlength=self._total).astype(np.float64)
        return sums[self.parts]

    def _lost(self, leaks: Mapping[int, float]) -> tuple[Array, Array]:
        """(m³/h lost at each node, m³/h lost in each metered part)."""
        lost = np.zeros(len(self._index))
        for node, flow in leaks.items():
            lost[node] += flow
        return lost, self._by_part(lost)

    def residual(self, night: int, leaks: Mapping[int, float]) -> Array:
        """Measured less simulated, the mean of the hours of a night: pressures (m), then what each metered part took (m³/h)."""
        return self.residual_of(self._nights[night], leaks)

    def residual_of(self, hours: Sequence[Snapshot], leaks: Mapping[int, float]) -> Array:
        """The same of these hours; NaN where there are none."""
        lost, of_parts = self._lost(leaks)
        rows: list[Array] = []
        for hour in hours:
            demand = self.nominal(hour.at).copy()
            usual = self._by_part(demand)
            for n, part in enumerate(self.parts):
                wanted = max(float(hour.parts[n] - of_parts[n]), 0.25 * float(hour.parts[n]))
                demand[self._part_of == part] *= max(wanted, 0.0) / usual[n]
            simulated = self._solve(demand + lost, hour.levels, hour.pumps)
            rows.append(np.concatenate([hour.pressures - simulated, hour.parts - of_parts - usual]))
        return np.mean(rows, axis=0) if rows else np.full(len(self.sensors) + len(self.parts), math.nan)

    def signatures(self, leaks: Mapping[int, float], flow: float) -> Array:
        """What a leak adds to the residual for each m³/h: its part is then thought to take as much more everywhere."""
        return self.signatures_at(self.demand, leaks, flow)

    def taken(self, demand: Array) -> Array:
        """m³/h that each metered part takes of this demand."""
        return self._by_part(demand)

    def roughness_effects(self, demand: Array) -> Array:
        """Metres that each sensor gains for a roughness that is greater by its whole, shape (pipes of the file, sensors)."""
        t, p = self._epanet, self._project
        levels, pumps = self._typical()
        before = self._solve(demand, levels, pumps)
        rows: list[Array] = []
        for k in self._ends:
            if t.getlinktype(p, k) in (t.PIPE, t.CVPIPE):
                rough = float(t.getlinkvalue(p, k, t.ROUGHNESS))
                t.setlinkvalue(p, k, t.ROUGHNESS, (1 + ROUGHER) * rough)
                rows.append((self._solve(demand, levels, pumps) - before) / ROUGHER)
                t.setlinkvalue(p, k, t.ROUGHNESS, rough)
        return np.array(rows).reshape(-1, len(self.sensors))

    def signatures_at(self, demand: Array, leaks: Mapping[int, float], flow: float) -> Array:
        """The same where nodes take so much, m³/h."""
        levels, pumps = self._typical()
        lost, _ = self._lost(leaks)
        spread: dict[int, Array] = {}
        for part in {int(x) for x in self._part_of}:
            inside = self._part_of == part
            total = float(demand[inside].sum())
            grown = np.where(inside, demand * (1 + flow / total), demand) if total > 0 else demand
            spread[part] = self._solve((grown if part in self.parts else demand) + lost, levels, pumps)
        out = np.zeros((len(self._index), len(self.sensors) + len(self.parts)))
        for node in range(len(self._index)):
            leaking = demand + lost
            leaking[node] += flow
            part = int(self._part_of[node])
            out[node, : len(self.sensors)] = (self._solve(leaking, levels, pumps) - spread[part]) / flow
            out[node, len(self.sensors) :] = self.parts == part
        return out


def _slope(moments: NDArray[np.datetime64], level: Array, span: slice) -> float:
    """Metres an hour that a level rises by, over the hour and half of those beside it: it is read to the centimetre."""
    around = (span.stop - span.start) // 2
    lo, hi = max(span.start - around, 0), min(span.stop + around, len(level)) - 1
    hours = float((moments[hi] - moments[lo]) / np.timedelta64(1, "h"))
    return float(level[hi] - level[lo]) / hours if hours > 0 else 0.0
