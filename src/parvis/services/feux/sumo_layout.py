"""A signal of a SUMO net as a junction that a controller may run: groups, conflicts, intergreens, stages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from parvis.methods.signals.control import Layout, layout
from parvis.methods.signals.values import Flags, junction
from parvis.services.feux.sumo_net import Net, Signal

LANE = 1800.0
OUT_M = 40.0
"""Metres behind a junction in which a queue that stands back is looked for."""


@dataclass(frozen=True, slots=True)
class Controlled:
    """A signal with its layout. group: of each link index; lanes: that it controls, in order; stands: lanes behind
    each outgoing lane, nearest first; red: what each link index shows when it is not green (r, or s where the plan
    lets it turn after a stop); waits: link indexes that each gives way to when both are green.
    """

    signal: Signal
    layout: Layout
    group: Mapping[int, int]
    lanes: tuple[str, ...]
    outs: Mapping[str, tuple[str, ...]]
    red: str
    waits: Mapping[int, frozenset[int]]
    plan: tuple[tuple[float, int], ...]
    """Seconds and stage of each stretch of the city's plan."""

    def planned(self, now: float) -> int:
        """The stage that the city's plan shows at that second."""
        at = now % sum(seconds for seconds, _ in self.plan)
        for seconds, stage in self.plan:
            at -= seconds
            if at < 0:
                return stage
        return self.plan[-1][1]

    def state(self, green: Flags, ended: Flags) -> str:
        """The state of all links: ended: groups whose yellow is not over."""
        lit = {i for i, g in self.group.items() if green[g]}
        out: list[str] = []
        for i, red in enumerate(self.red):
            if i in lit:
                out.append("g" if self.waits.get(i, frozenset()) & lit else "G")
            elif i in self.group and ended[self.group[i]] and red != "s":
                out.append("y")
            else:
                out.append(red)
        return "".join(out)


def green_states(signal: Signal) -> list[tuple[float, str]]:
    """Phases of the program that let somebody pass, without yellow."""
    return [(d, s) for d, s in signal.phases if not set(s) & set("yYu") and set(s) & set("gG")]


def controlled(
    net: Net, signal: Signal, *, min_green: float, max_red: float, yellow: float
) -> Controlled | None:
    """The signal as a junction; None for one whose program never changes.

    Links that the program always shows alike on one edge are one group; two groups conflict where links of theirs
    cross that the program never shows green together.
    """
    states = [s for _, s in green_states(signal)]
    if len(set(states)) < 2:
        return None
    size = len(states[0])
    indexes = sorted({link.index for link in signal.links})
    source = {link.index: link.source for link in signal.links}
    foot = {link.index for link in signal.links if link.foot}
    keys = {i: (source[i], i in foot, tuple(s[i] in "gG" for s in states)) for i in indexes}
    order = list(dict.fromkeys(keys[i] for i in indexes if any(keys[i][2])))
    number = {key: g for g, key in enumerate(order)}
    group = {i: number[keys[i]] for i in indexes if keys[i] in number}
    m = len(order)
    together = {(i, j) for s in states for i in indexes if s[i] in "gG" for j in indexes if s[j] in "gG"}
    matrix, yields = np.full((m, m), np.nan), np.zeros((m, m), np.bool_)
    for (i, j), gives in signal.foes.items():
        if i not in group or j not in group or group[i] == group[j]:
            continue
        a, b = group[i], group[j]
        if (i, j) not in together:
            matrix[a, b] = matrix[b, a] = yellow
        elif gives:
            yields[a, b] = True
    yields &= np.isnan(matrix) & ~yields.T  # two left turns that face each other: whoever comes first
    feet = np.array([key[1] for key in order])
    lanes = tuple(dict.fromkeys(link.lane for link in signal.links if not link.foot))
    at = junction(
        tuple(f"{key[0]}/{min(i for i in indexes if keys[i] == key)}" for key in order),
        matrix,
        np.where(feet, 0.0, LANE),
        min_green=min_green,
        max_red=max_red,
    )
    own = [frozenset(g for i, g in group.items() if s[i] in "gG") for s in states]
    signal_layout = layout(at, yields, own)
    stage = {frozenset(np.flatnonzero(row).tolist()): k for k, row in enumerate(signal_layout.stages)}
    plan: list[tuple[float, int]] = []
    for seconds, s in signal.phases:
        if not set(s) & set("yYu") and set(s) & set("gG"):
            plan.append((seconds, stage[frozenset(g for i, g in group.items() if s[i] in "gG")]))
        elif plan:
            plan[-1] = (plan[-1][0] + seconds, plan[-1][1])
    waits: dict[int, set[int]] = {}
    for (i, j), gives in signal.foes.items():
        if gives:
            waits.setdefault(i, set()).add(j)
    red = "".join("s" if any(s[i] == "s" for s in states) else "r" for i in range(size))
    return Controlled(
        signal, signal_layout, group, lanes, {link.out: _behind(net, link.out) for link in signal.links if not link.foot},
        red, {i: frozenset(v) for i, v in waits.items()}, tuple(plan),
    )  # fmt: skip


def _behind(net: Net, lane: str) -> tuple[str, ...]:
    """Lanes from this one on as long as there is one way, until a queue would be long enough to be seen."""
    out: list[str] = []
    length = 0.0
    while lane in net.lanes and lane not in out:
        out.append(lane)
        length += net.lanes[lane].length
        if length >= OUT_M or len(net.lanes[lane].after) != 1:
            break
        nxt = net.lanes[lane].after[0]
        if nxt not in net.lanes or lane not in net.lanes[nxt].before:
            break
        lane = nxt
    return tuple(out)
