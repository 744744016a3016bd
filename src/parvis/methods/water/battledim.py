"""The score of the leak detection contest BattLeDIM 2020: what a list of detections was worth, in euros.

A detection finds the nearest leak that runs, lies within 300 m of pipe and was not found before: it earns the water that would
still have been lost, less what the crew walked. What finds nothing costs a crew. Source: the rules of the contest (Vrachimis et
al., BattLeDIM 2020).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

Array = NDArray[np.float64]

BEGIN = datetime(2019, 1, 1, tzinfo=UTC)
"""By the clock of the contest, which never changes."""
STEP_S = 300
REACH = 300.0
"""Metres of pipe."""

WATER, CREW = 0.80, 500.0
"""€ a m³, € an assignment."""


@dataclass(frozen=True, slots=True)
class Pipe:
    """A link between two nodes. length: metres; 0 of a pump or valve."""

    start: str
    end: str
    length: float


@dataclass(frozen=True, slots=True)
class LabelledLeak:
    """A leak that was made. flow: m³/h of each step of the year."""

    pipe: str
    since: datetime
    until: datetime
    flow: Array


@dataclass(frozen=True, slots=True)
class Scored:
    """What one detection was worth. leak: the pipe of the leak that it found, "" where it found none; again: it hit leaks, all
    of them found before.
    """

    pipe: str
    step: int
    leak: str
    again: bool
    euros: float
    metres: float


@dataclass(frozen=True, slots=True)
class Score:
    """euros: rounded to the cent, as the contest does."""

    detections: tuple[Scored, ...]
    euros: float
    detected: int
    false: int
    missed: int


def read_links(text: str) -> Mapping[str, Pipe]:
    """Pipes, pumps and valves of an EPANET input file, by name."""
    links: dict[str, Pipe] = {}
    section = ""
    for line in text.splitlines():
        line = line.split(";")[0].strip()
        if line.startswith("["):
            section = line.upper()
        elif line and section in ("[PIPES]", "[PUMPS]", "[VALVES]"):
            cells = line.split()
            links[cells[0]] = Pipe(cells[1], cells[2], float(cells[3]) if section == "[PIPES]" else 0.0)
    return links


def read_detections(text: str) -> tuple[tuple[str, datetime], ...]:
    """Lines `p1, 2019-02-03 10:00`; what follows a # is a comment. Raises ValueError for another line."""
    detections: list[tuple[str, datetime]] = []
    for line in text.splitlines():
        line = line.split("#")[0].strip()
        if line:
            pipe, _, at = line.partition(",")
            detections.append(
                (pipe.strip(), datetime.strptime(at.strip(), "%Y-%m-%d %H:%M").replace(tzinfo=UTC))
            )
    return tuple(detections)


def step_of(at: datetime) -> int:
    """The step of a moment: 0 is midnight of 1 January 2019."""
    return round((at - BEGIN).total_seconds() / STEP_S)


class Distances:
    """Metres of pipe between the middles of two pipes."""

    def __init__(self, links: Mapping[str, Pipe]) -> None:
        nodes = sorted({n for link in links.values() for n in (link.start, link.end)})
        self._links, self._number = links, {n: i for i, n in enumerate(nodes)}
        shortest: dict[tuple[int, int], float] = {}
        for link in links.values():
            i, j = sorted((self._number[link.start], self._number[link.end]))
            # a length of nothing would be no edge at all
            shortest[i, j] = min(shortest.get((i, j), np.inf), max(link.length, 1e-9))
        ends = np.array(list(shortest), dtype=np.int64).reshape(-1, 2)
        size = (len(nodes), len(nodes))
        self._graph = csr_array((np.array(list(shortest.values())), (ends[:, 0], ends[:, 1])), shape=size)
        self._from: dict[str, Array] = {}

    def between(self, a: str, b: str) -> float:
        """0 for one pipe; the shortest way between their ends, and half of each. Raises KeyError for an unknown pipe."""
        one, other = self._links[a], self._links[b]
        if a == b:
            return 0.0
        if a not in self._from:
            ends = [self._number[one.start], self._number[one.end]]
            self._from[a] = dijkstra(self._graph, directed=False, indices=ends).min(axis=0)
        way = self._from[a]
        return float(
            min(way[self._number[other.start]], way[self._number[other.end]])
            + one.length / 2
            + other.length / 2
        )


def score(
    detections: Sequence[tuple[str, datetime]], leaks: Sequence[LabelledLeak], distances: Distances
) -> Score:
    """Score detections in the order of their steps; those before the year are dropped."""
    ordered = sorted(((step_of(at), pipe) for pipe, at in detections), key=lambda d: d[0])
    left = {leak.pipe: leak for leak in leaks}
    scored: list[Scored] = []
    for step, pipe in ordered:
        if step < 0:
            continue
        near = sorted(
            (x, leak.pipe)
            for leak in leaks
            if step_of(leak.since) <= step <= step_of(leak.until)
            and (x := distances.between(pipe, leak.pipe)) <= REACH
        )
        fresh = [(x, name) for x, name in near if name in left]
        if fresh:
            x, name = fresh[0]
            lost = float(left.pop(name).flow[max(step, 1) - 1 :].sum()) / 12
            scored.append(Scored(pipe, step, name, False, WATER * lost - CREW * x / REACH, x))
        else:
            scored.append(Scored(pipe, step, "", bool(near), 0.0 if near else -CREW, np.nan))
    false = sum(not d.leak and not d.again for d in scored)
    leaks_found = len(leaks) - len(left)
    return Score(tuple(scored), round(sum(d.euros for d in scored), 2), leaks_found, false, len(left))
