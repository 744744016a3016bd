"""Nets of SUMO as the junctions of `parvis.methods.signals`, and plans as programs of SUMO."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from parvis.methods.signals import permissive
from parvis.methods.signals.values import Floats, Junction, Plan, junction

LANE = 1800.0
"""Veh/h that one lane lets pass in green."""


@dataclass(frozen=True)
class Link:
    """One connection that a signal controls."""

    index: int
    lane: str
    source: str
    target: str
    turn: str
    node: str
    place: int


@dataclass(frozen=True)
class Signal:
    """One signal of a net: its links, its program, and which link gives way to which."""

    name: str
    links: tuple[Link, ...]
    phases: tuple[tuple[float, str], ...]
    foes: dict[tuple[int, int], bool]
    """(link, link): they cross; True where the first gives way."""


def signals(net: Path) -> list[Signal]:
    """The signals of a net, with the program that it holds."""
    root = ElementTree.parse(net).getroot()
    requests = {
        j.get("id", ""): {int(r.get("index", 0)): r for r in j.iter("request")} for j in root.iter("junction")
    }
    links: dict[str, dict[int, Link]] = {}
    for c in root.iter("connection"):
        name = c.get("tl")
        if name is None:
            continue
        node, first, lane = re.fullmatch(r":(.+)_(\d+)_(\d+)", c.get("via", "")).groups()  # type: ignore[union-attr]
        index = int(c.get("linkIndex", 0))
        links.setdefault(name, {})[index] = Link(
            index,
            f"{c.get('from')}_{c.get('fromLane')}",
            c.get("from", ""),
            c.get("to", ""),
            c.get("dir", ""),
            node,
            int(first) + int(lane),
        )
    out: list[Signal] = []
    for program in root.iter("tlLogic"):
        name = program.get("id", "")
        mine = tuple(links[name][i] for i in sorted(links[name]))
        foes: dict[tuple[int, int], bool] = {}
        for a in mine:
            request = requests[a.node][a.place]
            crossing, waits = request.get("foes", "")[::-1], request.get("response", "")[::-1]
            for b in mine:
                if b.node == a.node and crossing[b.place] == "1":
                    foes[a.index, b.index] = waits[b.place] == "1"
        phases = tuple((float(p.get("duration", 0)), p.get("state", "")) for p in program.iter("phase"))
        out.append(Signal(name, mine, phases, foes))
    return out


@dataclass(frozen=True)
class Model:
    """A signal as a junction: groups of lanes that share vehicles. links: of each group."""

    signal: Signal
    junction: Junction
    flow: Floats
    links: tuple[tuple[int, ...], ...]
    yellow: int


def model(signal: Signal, turned: Counter[tuple[str, str]], hours: float) -> Model:
    """The junction of a signal, with flows in veh/h. turned: vehicles from edge to edge.

    Two groups conflict where links of theirs cross that the program never shows green together: what it does
    show together gives way by the net's rules.
    """
    groups = _lane_groups(signal)
    m = len(groups)
    green = [state for _, state in signal.phases if not set(state.lower()) & {"y"}]
    together = {
        (i, j)
        for state in green
        for i, a in enumerate(state)
        for j, b in enumerate(state)
        if a in "Gg" and b in "Gg"
    }
    yellow = max((d for d, s in signal.phases if "y" in s.lower()), default=3.0)
    by_index = {link.index: link for link in signal.links}
    per_link = _per_link(signal, turned, hours)
    flow = np.array([sum(per_link[i] for i in g) for g in groups])
    lanes = np.array([len({by_index[i].lane for i in g}) for g in groups], float)
    matrix, kept = np.full((m, m), np.nan), np.ones((m, m))
    for a in range(m):
        for b in range(m):
            crossing = (
                [(i, j) for i in groups[a] for j in groups[b] if (i, j) in signal.foes] if a != b else []
            )
            if not crossing:
                continue
            if any(pair not in together for pair in crossing):
                matrix[a, b] = matrix[b, a] = yellow
                continue
            waiting = {i for i, j in crossing if signal.foes[i, j]}
            if waiting and flow[a] > 0:
                left = sum(per_link[i] for i in waiting) / flow[a]
                opposing = sum(per_link[j] for j in {j for i, j in crossing if i in waiting})
                turning = permissive.left_flow(np.array(opposing), np.array(0.45), np.array(22.0))
                kept[a, b] = float(permissive.share_left(np.array(left), lanes[a], np.array(LANE), turning))
    kept[~np.isnan(matrix)] = 1.0
    names = tuple(f"{by_index[g[0]].source}/{g[0]}" for g in groups)
    return Model(
        signal,
        junction(names, matrix, LANE * lanes, min_green=6.0, max_red=110.0, gain=0.0, passing_share=kept),
        flow,
        groups,
        int(yellow),
    )


def _lane_groups(signal: Signal) -> tuple[tuple[int, ...], ...]:
    """Links that share a lane, or whose movements share one with them, together."""
    root = {link.index: link.index for link in signal.links}

    def find(i: int) -> int:
        while root[i] != i:
            i = root[i]
        return i

    for a in signal.links:
        for b in signal.links:
            if a.lane == b.lane or (a.source, a.target) == (b.source, b.target):
                root[find(a.index)] = find(b.index)
    sets: dict[int, list[int]] = {}
    for link in signal.links:
        sets.setdefault(find(link.index), []).append(link.index)
    return tuple(tuple(sorted(s)) for s in sorted(sets.values()))


def _per_link(signal: Signal, turned: Counter[tuple[str, str]], hours: float) -> dict[int, float]:
    count = Counter((link.source, link.target) for link in signal.links)
    return {
        link.index: turned[link.source, link.target] / count[link.source, link.target] / hours
        for link in signal.links
    }


def program(model: Model, plan: Plan) -> str:
    """A plan as SUMO's additional file: one phase for each stretch in which no light changes."""
    shown = plan.seconds()
    n = 1 + max(link.index for link in model.signal.links)
    states: list[str] = []
    of = {i: g for g, group in enumerate(model.links) for i in group}
    for t in range(plan.cycle):
        state = ["r"] * n
        for link in model.signal.links:
            i, g = link.index, of[link.index]
            if shown[g, t]:
                waits = any(
                    signal_foe and shown[of[j], t]
                    for (k, j), signal_foe in model.signal.foes.items()
                    if k == i
                )
                state[i] = "g" if waits else "G"
            elif shown[
                g,
                [(t - s) % plan.cycle for s in range(1, min(model.yellow, 3 if model.yellow < 5 else 5) + 1)],
            ].any():
                state[i] = "y"
        states.append("".join(state))
    lines = [f'<tlLogic id="{model.signal.name}" type="static" programID="parvis" offset="{plan.offset}">']
    start = 0
    for t in range(1, plan.cycle + 1):
        if t == plan.cycle or states[t] != states[start]:
            lines.append(f'<phase duration="{t - start}" state="{states[start]}"/>')
            start = t
    return "\n".join([*lines, "</tlLogic>"])
