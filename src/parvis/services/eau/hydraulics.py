"""A utility's network as EPANET computes it, beside what its meters and sensors read at night.

Wants `owa-epanet` (extra `water`). Demands are those of the network file, scaled so that each part of the network that meters
surround takes what they measured; tanks stand at their measured level, pumps run when their meter says so.
"""

from __future__ import annotations

import csv
import io
import math
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from parvis.core.errors import UsageError
from parvis.core.late import late
from parvis.core.sentence import Sentence

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
MONDAY = np.datetime64("1970-01-05T00:00:00", "s")
"""Patterns of a week begin on a Monday, those of a day at midnight."""


@dataclass(frozen=True, slots=True)
class Readings:
    """What meters and sensors read, by the network's own names. moments: the clock of the city, shape (steps,), seconds; values:
    name to metres of pressure (a junction), metres of water (a tank) or m³/h (a link), shape (steps,), NaN where silent.
    """

    moments: NDArray[np.datetime64]
    values: Mapping[str, Array]

    @property
    def nights(self) -> int:
        """Whole days from the first one."""
        return int((self.moments[-1] - self.moments[0].astype("datetime64[D]")) // np.timedelta64(1, "D"))

    @property
    def first(self) -> np.datetime64:
        """The first day."""
        return self.moments[0].astype("datetime64[D]")


def read_readings(data: bytes) -> Readings:
    """A table of CSV: a moment, then a column for each point, headed by its name in the network; decimal comma or point.

    Raises UsageError for what is no such table.
    """
    text = data.decode("utf-8-sig", errors="replace")
    head = text.split("\n", 1)[0]
    separator = max(";\t,", key=head.count)
    rows = [r for r in csv.reader(io.StringIO(text), delimiter=separator) if r]
    if len(rows) < 3 or len(rows[0]) < 2:
        raise UsageError(
            Sentence("Ce fichier de mesures n’a pas de colonnes à lire."),
            mend="Donnez un CSV : le moment, puis une colonne par point, nommée comme dans le réseau.",
        )
    names = [n.strip() for n in rows[0][1:]]
    try:
        moments = np.array(
            [datetime.fromisoformat(r[0].strip()).replace(tzinfo=None) for r in rows[1:]],
            dtype="datetime64[s]",
        )
        cells = np.array(
            [
                [float(c.replace(",", ".")) if c.strip() else math.nan for c in r[1 : len(names) + 1]]
                for r in rows[1:]
            ]
        )
    except ValueError:
        raise UsageError(
            Sentence("Une ligne de mesures n’est pas faite d’un moment et de nombres."),
            mend="Écrivez les moments comme 2026-01-31 02:00 et laissez vide ce qui n’a pas été mesuré.",
        ) from None
    order = np.argsort(moments, kind="stable")
    return Readings(moments[order], {n: cells[order, i] for i, n in enumerate(names)})


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One hour of a night. at: its beginning; parts: m³/h that each metered part took; levels: of tanks, m;
    pumps: index of link to whether it ran; pressures: m.
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
        self._read_network(readings)
        self.readings = readings
        self._nights = [self._snapshots(day) for day in range(readings.nights)]

    def _read_network(self, readings: Readings) -> None:
        t, p = self._epanet, self._project
        count = range(1, t.getcount(p, t.NODECOUNT) + 1)
        kinds = {i: t.getnodetype(p, i) for i in count}
        ids = {i: str(t.getnodeid(p, i)) for i in count}
        self._index = [i for i in count if kinds[i] == t.JUNCTION]
        number = {i: n for n, i in enumerate(self._index)}
        self.names = tuple(ids[i] for i in self._index)
        self.xy = np.array([_xy(t, p, i) for i in self._index])
        links = range(1, t.getcount(p, t.LINKCOUNT) + 1)
        ends = {k: tuple(t.getlinknodes(p, k)) for k in links}
        link_ids = {str(t.getlinkid(p, k)): k for k in links}
        pipes = [
            k
            for k in links
            if t.getlinktype(p, k) in (t.PIPE, t.CVPIPE) and all(e in number for e in ends[k])
        ]
        self.pipe_names = tuple(str(t.getlinkid(p, k)) for k in pipes)
        self.pipes = np.array([[number[e] for e in ends[k]] for k in pipes], dtype=np.int64).reshape(-1, 2)
        self.lengths = np.array([float(t.getlinkvalue(p, k, t.LENGTH)) for k in pipes])
        self._metres = np.zeros((0, 0))
        # what is measured
        names = {name: i for i, name in ids.items()}
        self.sensors = np.array(
            [number[names[n]] for n in readings.values if n in names and names[n] in number], dtype=np.int64
        )
        self._tanks = {names[n]: n for n in readings.values if n in names and kinds[names[n]] == t.TANK}
        self._meters = {link_ids[n]: n for n in readings.values if n in link_ids}
        self._pumps = [k for k in self._meters if t.getlinktype(p, k) == t.PUMP]
        if not len(self.sensors):
            raise UsageError(
                Sentence("Aucune colonne des mesures ne porte le nom d’un nœud du réseau."),
                mend="Nommez les colonnes de pression comme les nœuds du fichier EPANET.",
            )
        # parts between meters
        rest = [k for k in links if k not in self._meters]
        size = len(ids)
        graph = csr_array(
            (np.ones(len(rest)), tuple(np.array([[e - 1 for e in ends[k]] for k in rest]).T)),
            shape=(size, size),
        )
        total, part = connected_components(graph, directed=False)
        self._part_of = np.array([part[i - 1] for i in self._index])
        metered = np.ones(total, dtype=np.bool_)
        for i, kind in kinds.items():
            if kind == t.RESERVOIR or (kind == t.TANK and i not in self._tanks):
                metered[part[i - 1]] = False
        crossing = {k: (part[ends[k][0] - 1], part[ends[k][1] - 1]) for k in self._meters}
        self._crossing = crossing
        self._tank_part = {i: part[i - 1] for i in self._tanks}
        self._area = {i: math.pi / 4 * float(t.getnodevalue(p, i, t.TANKDIAM)) ** 2 for i in self._tanks}
        self._demand = _demands(t, p, self._index)
        usual = np.bincount(self._part_of, weights=self._demand.sum(axis=0), minlength=total)
        touched = np.zeros(total, dtype=np.bool_)
        for a, b in crossing.values():
            touched[[a, b]] = True
        self.parts = np.flatnonzero(metered & touched & (usual > 0))
        self._total = total
        # ready for one moment at a time
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
        self._units = _M3H[t.getflowunits(p)]
        t.openH(p)

    @property
    def metres(self) -> Array:
        """Of pipe between nodes, shape (nodes, nodes); valves and pumps have no length."""
        if not self._metres.size:
            t, p = self._epanet, self._project
            number = {i: n for n, i in enumerate(self._index)}
            rows = [
                (number[a], number[b], max(float(t.getlinkvalue(p, k, t.LENGTH)), 0.01))
                for k in range(1, t.getcount(p, t.LINKCOUNT) + 1)
                for a, b in [t.getlinknodes(p, k)]
                if a in number and b in number
            ]
            a, b, length = (np.array(c) for c in zip(*rows, strict=True))
            size = len(self._index)
            self._metres = dijkstra(csr_array((length, (a, b)), shape=(size, size)), directed=False)
        return self._metres

    @property
    def demand(self) -> Array:
        """m³/h of each node at three in the night."""
        return self._nominal(MONDAY + np.timedelta64(3, "h"))

    def _nominal(self, at: np.datetime64) -> Array:
        t, p = self._epanet, self._project
        step = int(t.gettimeparam(p, t.PATTERNSTEP))
        since = int((at - MONDAY) / np.timedelta64(1, "s")) + int(t.gettimeparam(p, t.PATTERNSTART))
        return self._demand[(since // step) % len(self._demand)]

    def _snapshots(self, day: int) -> Sequence[Snapshot]:
        r = self.readings
        night = r.first + np.timedelta64(day, "D")
        made: list[Snapshot] = []
        for hour in HOURS:
            lo, hi = np.searchsorted(
                r.moments, [night + np.timedelta64(hour, "h"), night + np.timedelta64(hour + 1, "h")]
            )
            if hi <= lo:
                continue
            span = slice(int(lo), int(hi))
            ran = {k: r.values[self._meters[k]][span] > 1.0 for k in self._pumps}
            if any(x.any() != x.all() for x in ran.values()):
                continue  # neither state is that of the hour
            took = np.zeros(self._total)
            for k, (a, b) in self._crossing.items():
                flow = float(np.mean(r.values[self._meters[k]][span]))
                took[a] -= flow
                took[b] += flow
            for i, name in self._tanks.items():
                took[self._tank_part[i]] -= self._area[i] * _slope(r.moments, r.values[name], span)
            levels = {i: float(np.mean(r.values[name][span])) for i, name in self._tanks.items()}
            if not np.isfinite([*took[self.parts], *levels.values()]).all():
                continue  # what is not known cannot be simulated
            pressures = np.array([float(np.mean(r.values[self.names[n]][span])) for n in self.sensors])
            pumps = {k: bool(x.all()) for k, x in ran.items()}
            made.append(
                Snapshot(night + np.timedelta64(hour, "h"), took[self.parts], levels, pumps, pressures)
            )
        return made

    def _solve(self, demand: Array, levels: Mapping[int, float], pumps: Mapping[int, bool]) -> Array:
        """Pressures of the sensors, m."""
        t, p = self._epanet, self._project
        for i, flow in zip(self._index, (demand / self._units).tolist(), strict=True):
            t.setbasedemand(p, i, 1, flow)
        for i, level in levels.items():
            t.setnodevalue(p, i, t.TANKLEVEL, level)
        for k, on in pumps.items():
            t.setlinkvalue(p, k, t.INITSTATUS, int(on))
        t.initH(p, 0)
        t.runH(p)
        return np.array([t.getnodevalue(p, self._index[n], t.PRESSURE) for n in self.sensors])

    def falls(self, flow: float) -> Array:
        """Metres of pressure that each node (column) loses to a leak of this flow at each node (row)."""
        t, p = self._epanet, self._project
        typical = next((s for night in self._nights for s in night), None)
        levels, pumps = (typical.levels, dict.fromkeys(self._pumps, True)) if typical else ({}, {})
        demand = self.demand
        self._solve(demand, levels, pumps)
        before = np.array([t.getnodevalue(p, i, t.PRESSURE) for i in self._index])
        out = np.zeros((len(self._index), len(self._index)))
        for node in range(len(self._index)):
            with_it = demand.copy()
            with_it[node] += flow
            self._solve(with_it, levels, pumps)
            out[node] = before - [t.getnodevalue(p, i, t.PRESSURE) for i in self._index]
        return out

    def _by_part(self, flows: Array) -> Array:
        return np.array([float(flows[self._part_of == part].sum()) for part in self.parts])

    def _taken(self, leaks: Mapping[int, float]) -> tuple[Array, Array]:
        """(m³/h lost at each node, m³/h lost in each metered part)."""
        lost = np.zeros(len(self._index))
        for node, flow in leaks.items():
            lost[node] += flow
        return lost, self._by_part(lost)

    def residual(self, night: int, leaks: Mapping[int, float]) -> Array:
        """Measured less simulated, the mean of the hours of a night: pressures (m), then what each metered part took (m³/h)."""
        lost, of_parts = self._taken(leaks)
        rows: list[Array] = []
        for one in self._nights[night]:
            demand = self._nominal(one.at).copy()
            usual = self._by_part(demand)
            for n, part in enumerate(self.parts):
                wanted = max(float(one.parts[n] - of_parts[n]), 0.25 * float(one.parts[n]))
                demand[self._part_of == part] *= max(wanted, 0.0) / usual[n]
            rows.append(
                np.concatenate(
                    [
                        one.pressures - self._solve(demand + lost, one.levels, one.pumps),
                        one.parts - of_parts - usual,
                    ]
                )
            )
        return np.mean(rows, axis=0) if rows else np.full(len(self.sensors) + len(self.parts), math.nan)

    def signatures(self, leaks: Mapping[int, float], flow: float) -> Array:
        """What a leak adds to the residual for each m³/h: its part is then thought to take as much more everywhere."""
        typical = next((s for night in self._nights for s in night), None)
        levels, pumps = (typical.levels, dict.fromkeys(self._pumps, True)) if typical else ({}, {})
        demand, (lost, _) = self.demand, self._taken(leaks)
        spread: dict[int, Array] = {}
        for part in {int(x) for x in self._part_of}:
            inside = self._part_of == part
            total = float(demand[inside].sum())
            grown = np.where(inside, demand * (1 + flow / total), demand) if total > 0 else demand
            grown = grown if part in self.parts else demand
            spread[part] = self._solve(grown + lost, levels, pumps)
        out = np.zeros((len(self._index), len(self.sensors) + len(self.parts)))
        for node in range(len(self._index)):
            with_it = demand + lost
            with_it[node] += flow
            part = int(self._part_of[node])
            out[node, : len(self.sensors)] = (self._solve(with_it, levels, pumps) - spread[part]) / flow
            out[node, len(self.sensors) :] = self.parts == part
        return out


_M3H = {
    0: 101.94,
    1: 0.22712,
    2: 157.725,
    3: 189.42,
    4: 51.4,
    5: 3.6,
    6: 0.06,
    7: 41.6667,
    8: 1.0,
    9: 0.0416667,
}
"""m³/h of a unit of flow, by EPANET's number of it: CFS, GPM, MGD, IMGD, AFD, LPS, LPM, MLD, CMH, CMD."""


@contextmanager
def hydraulics(network: bytes, readings: Readings) -> Generator[Hydraulics]:
    """A network file of EPANET with its readings, open as long as it is needed.

    Raises UsageError for a file that EPANET refuses, for readings that name none of its nodes, and without EPANET.
    """
    t = _toolkit()
    with tempfile.TemporaryDirectory(prefix="parvis-eau-") as folder:
        (Path(folder) / "network.inp").write_bytes(network)
        project = t.createproject()
        try:
            _open(t, project, Path(folder))
            yield Hydraulics(t, project, readings)
        finally:
            t.deleteproject(project)


def _open(t: ModuleType, project: Any, folder: Path) -> None:
    try:
        t.open(project, *(str(folder / f"network.{end}") for end in ("inp", "rpt", "bin")))
    except Exception as error:
        if type(error) is not Exception:  # the toolkit knows no kind of its own
            raise
        raise UsageError(
            Sentence("EPANET refuse ce réseau : %(why)s.", why=str(error)),
            mend="Ouvrez-le dans EPANET, corrigez ce qu’il signale, et donnez-le à nouveau.",
        ) from None


def _toolkit() -> ModuleType:
    """EPANET's toolkit. Raises UsageError where it is not installed."""
    try:
        return import_module("epanet.toolkit")
    except ModuleNotFoundError:
        raise UsageError(
            Sentence("EPANET n’est pas installé ici."), mend="pip install 'parvis[water]'"
        ) from None


def _xy(t: ModuleType, project: Any, node: int) -> tuple[float, float]:
    try:
        x, y = t.getcoord(project, node)
    except Exception as error:
        if type(error) is not Exception:
            raise
        return math.nan, math.nan
    return float(x), float(y)


def _demands(t: ModuleType, project: Any, nodes: Sequence[int]) -> Array:
    """m³/h of each node at each step of the patterns, shape (steps, nodes)."""
    length = {0: 1}
    patterns = {0: np.ones(1)}
    for k in range(1, t.getcount(project, t.PATCOUNT) + 1):
        length[k] = t.getpatternlen(project, k)
        patterns[k] = np.array([t.getpatternvalue(project, k, s) for s in range(1, length[k] + 1)])
    steps = math.lcm(*set(length.values()))
    scale = float(t.getoption(project, t.DEMANDMULT)) * _M3H[t.getflowunits(project)]
    whole = {k: np.tile(v, steps // len(v)) for k, v in patterns.items()}
    out = np.zeros((steps, len(nodes)))
    for n, i in enumerate(nodes):
        for category in range(1, t.getnumdemands(project, i) + 1):
            base = float(t.getbasedemand(project, i, category))
            if base:
                out[:, n] += base * whole[t.getdemandpattern(project, i, category)]
    return out * scale


def _slope(moments: NDArray[np.datetime64], level: Array, span: slice) -> float:
    """Metres an hour that a level rises by, over the hour and half of those beside it: it is read to the centimetre."""
    around = (span.stop - span.start) // 2
    lo, hi = max(span.start - around, 0), min(span.stop + around, len(level)) - 1
    hours = float((moments[hi] - moments[lo]) / np.timedelta64(1, "h"))
    return float(level[hi] - level[lo]) / hours if hours > 0 else 0.0
