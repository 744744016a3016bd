"""Loops that a city would lay before a signal of a SUMO net: one at each line, one some way before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from parvis.methods.signals.detection import Loops, Zone
from parvis.services.feux.sumo_layout import Controlled
from parvis.services.feux.sumo_net import Net

BESIDE = 0.2
"""How likely a vehicle over a loop leaves its lane for one beside it, against staying, before anything was counted."""
ENTRY_M = 12.0
"""Metres into a lane in which a vehicle may begin its trip: a loop nearer to the beginning would not count it."""
LONG_M = 4.0
"""Length of a loop: longer than the gap between two vehicles that stand, so that a queue always covers it."""
CLEAR_M = 40.0
"""Metres before the line from which a loop is still worth having: the first vehicles of a queue do not cover it. So far
behind the last fork it lies there, where whoever turns off is not counted.
"""
DEEP = 12
"""Lanes that are followed back at most."""
USUAL = {"s": 0, "r": 1, "l": 2}
"""Which turn of a lane most vehicles take, where nothing is known."""


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop in the street: its name in the simulation, lane, metres from the lane's beginning; over: pieces of lanes
    that it covers, as (lane, from, to) in metres.
    """

    name: str
    lane: str
    at: float
    over: tuple[tuple[str, float, float], ...]

    @property
    def areas(self) -> tuple[str, ...]:
        """Names of its pieces in the simulation."""
        return tuple(f"{self.name}/{k}" for k in range(len(self.over)))


@dataclass(frozen=True, slots=True)
class Laid:
    """The loops of one signal. lines: one a lane, in its order; advance: one a zone."""

    lines: tuple[Loop, ...]
    advance: tuple[Loop, ...]
    loops: Loops


def laid(net: Net, one: Controlled, *, before_m: float) -> Laid:
    """Loops at each line and so many metres before it, or where the street begins if it is shorter."""
    reached: dict[tuple[str, float], dict[str, float]] = {}
    share_of: dict[tuple[str, float], float] = {}
    for lane in one.lanes:
        for place, metres, part in _back(net, lane, before_m, ()):
            reached.setdefault(place, {})[lane] = metres
            share_of[place] = max(part, share_of.get(place, 0.0))
    number = {lane: k for k, lane in enumerate(one.lanes)}
    zones: list[Zone] = []
    places = sorted(reached)
    for lane, at in places:
        shares = np.zeros(len(one.lanes))
        metres = dict(reached[lane, at])
        for other, far in metres.items():
            shares[number[other]] = 1.0
            for beside in one.lanes:
                if _edge(beside) == _edge(other) and beside != other:
                    shares[number[beside]] = max(shares[number[beside]], BESIDE)
            speed = net.lanes[other].speed
            metres[other] = far / speed
        travel = float(np.mean(list(metres.values())))
        zones.append(Zone(shares / shares.sum(), travel, share_of[lane, at]))
    links = sorted(
        (k for k in one.signal.links if not k.foot), key=lambda k: (USUAL.get(k.turn.lower(), 3), k.index)
    )
    first = {link.lane: link for link in reversed(links) if link.index in one.group}
    gives = {
        link.lane: one.group[link.index]
        for link in links
        if link.index in one.group and one.layout.yields[one.group[link.index]].any()
    }
    group = np.array([one.group[first[lane].index] if lane in first else 0 for lane in one.lanes], np.int64)
    outs = {lane: k for k, lane in enumerate(one.outs)}
    name = one.signal.name
    return Laid(
        tuple(
            _loop(net, f"line/{name}/{lane}", lane, max(net.lanes[lane].length - 1.0, 0.1))
            for lane in one.lanes
        ),
        tuple(_loop(net, f"advance/{name}/{k}", lane, at) for k, (lane, at) in enumerate(places)),
        Loops(
            tuple(zones),
            group,
            np.array([outs[first[lane].out] if lane in first else 0 for lane in one.lanes], np.int64),
            np.array(
                [gives.get(lane, usual) for lane, usual in zip(one.lanes, group, strict=True)], np.int64
            ),
        ),
    )


def _loop(net: Net, name: str, lane: str, at: float) -> Loop:
    """A loop of the usual length. On a lane that is shorter it reaches back into those before: maps cut lanes into
    pieces of less than a metre, and their queue stands on the piece before.
    """
    start = at - LONG_M
    over = [(lane, max(start, 0.0), at)]
    if start < 0:
        over += [
            (before, max(net.lanes[before].length + start, 0.0), net.lanes[before].length)
            for before in net.lanes[lane].before
        ]
    return Loop(name, lane, at, tuple(over))


def _edge(lane: str) -> str:
    return lane.rpartition("_")[0]


def _back(
    net: Net, lane: str, metres: float, seen: tuple[str, ...]
) -> list[tuple[tuple[str, float], float, float]]:
    """((lane, metres from its beginning), metres to the line, share of those over it that come to the line, as if
    each street were taken by as many) of loops that far before the end of a lane.
    """
    here = net.lanes[lane]
    done = sum(net.lanes[k].length for k in seen)
    ends = here.signalled or not here.before or len(seen) >= DEEP
    clear = done + here.length >= CLEAR_M and any(_ways(net, before) > 1 for before in here.before)
    if here.length >= metres + 1.0 or ends or clear:
        at = max(here.length - metres, min(ENTRY_M, here.length / 2))
        return [((lane, round(at, 1)), done + here.length - at, 1.0)]
    return [
        (place, far, part / _ways(net, before))
        for before in here.before
        if before not in (*seen, lane)
        for place, far, part in _back(net, before, metres - here.length, (*seen, lane))
    ]


def _ways(net: Net, lane: str) -> int:
    """Streets that a lane leads into."""
    return max(1, len({_edge(after) for after in net.lanes[lane].after}))


def additional(laid: Sequence[Laid]) -> str:
    """The loops as an additional file's content: a counter, and an area of a few metres that tells who stands on it."""
    counters = (
        f'<inductionLoop id="{escape(loop.name)}" lane="{escape(loop.lane)}" pos="{loop.at}" period="100000" file="NUL"/>'
        for one in laid
        for loop in (*one.lines, *one.advance)
    )
    areas = (
        f'<laneAreaDetector id="{escape(area)}" lane="{escape(lane)}" pos="{start:.2f}" endPos="{end:.2f}" '
        'friendlyPos="true" period="100000" file="NUL"/>'
        for one in laid
        for loop in (*one.lines, *one.advance)
        for area, (lane, start, end) in zip(loop.areas, loop.over, strict=True)
    )
    return "".join((*counters, *areas))
