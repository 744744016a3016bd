"""One junction as SUMO has it, made of a city's tables alone: a net of one crossing, plans as its programs, draws of traffic.

The tables say which groups there are, on how many lanes, which are never green together and which give way to which; they
hold no drawing. So each group has a street of its own that leads in and one that leads out, and who crosses whom is what
the tables say, not a geometry: a link gives way where its group does, and everything else that crosses is kept apart by
its greens. Streets between junctions are not in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

import numpy as np

from parvis.methods.signals.values import Floats, Plan
from parvis.services.feux.junctions import Site

APPROACH_M, EXIT_M, INSIDE_M = 400.0, 200.0, 20.0
SPEED = 13.89
"""m/s: 50 km/h."""
YELLOW_S = 3
SIGMA = 0.2
HEADWAY_S, PER_TAU = 0.95, 0.845
"""Seconds between two vehicles that leave a queue = HEADWAY_S + PER_TAU * tau, with that SIGMA: measured in SUMO 1.28 at
greens of 15, 30 and 45 s of 90, for tau from 1.0 to 1.8. Below 1 s, its step, SUMO's vehicles run into each other.
"""
NODE = "C"


@dataclass(frozen=True, slots=True)
class Link:
    """One way through the junction. group: its number; lane: of its street; turns: it gives way to the groups that its
    own gives way to.
    """

    group: int
    lane: int
    turns: bool


def links(site: Site) -> tuple[Link, ...]:
    """The ways through a junction, in the order of the states of a program. Those of a group that give way leave from
    its last lane, or from all where all of them do.
    """
    out: list[Link] = []
    for g in range(len(site.rows)):
        lanes = round(float(site.lanes[g]))
        share = _turning(site, g)
        for lane in range(lanes):
            if share < 1:
                out.append(Link(g, lane, False))
            if share >= 1 or (share > 0 and lane == lanes - 1):
                out.append(Link(g, lane, True))
    return tuple(out)


def _turning(site: Site, group: int) -> float:
    """Share of a group's vehicles that give way; 0 where it is not known to whom."""
    return float(site.left[group]) if site.opposing[group] else 0.0


def net(site: Site) -> str:
    """The net, as a `.net.xml`. Its signal is called `NODE`, its program « rouge » is red for all."""
    ways = links(site)
    edges, nodes, arrows = list[str](), list[str](), list[str]()
    for k, way in enumerate(ways):
        edges.append(
            f'<edge id=":{NODE}_{k}" function="internal"><lane id=":{NODE}_{k}_0" index="0" speed="{SPEED}" '
            f'length="{INSIDE_M}" shape="{_line(way.group, way.lane, -INSIDE_M / 2, INSIDE_M / 2)}"/></edge>'
        )
        source, target, lane = f"e{way.group}", _exit(way), _lane_out(site, way)
        arrows.append(
            f'<connection from="{source}" to="{target}" fromLane="{way.lane}" toLane="{lane}" via=":{NODE}_{k}_0" '
            f'tl="{NODE}" linkIndex="{k}" dir="{"l" if way.turns else "s"}" state="o"/>'
            f'<connection from=":{NODE}_{k}" to="{target}" fromLane="0" toLane="{lane}" '
            f'dir="{"l" if way.turns else "s"}" state="M"/>'
        )
    entering = list[str]()
    for g in sorted({way.group for way in ways}):
        lanes = round(float(site.lanes[g]))
        entering += [f"e{g}_{n}" for n in range(lanes)]
        edges.append(_edge(f"e{g}", f"a{g}", NODE, g, lanes, APPROACH_M, -APPROACH_M - INSIDE_M / 2))
        nodes.append(_dead_end(f"a{g}", g, -APPROACH_M - INSIDE_M / 2, ()))
        for name in sorted({_exit(way) for way in ways if way.group == g}):
            count = 1 + max(_lane_out(site, way) for way in ways if _exit(way) == name)
            edges.append(_edge(name, NODE, f"b{name}", g, count, EXIT_M, INSIDE_M / 2))
            nodes.append(
                _dead_end(f"b{name}", g, EXIT_M + INSIDE_M / 2, tuple(f"{name}_{n}" for n in range(count)))
            )
    requests = "".join(_requests(site, ways))
    inside = " ".join(f":{NODE}_{k}_0" for k in range(len(ways)))
    nodes.append(
        f'<junction id="{NODE}" type="traffic_light" x="0" y="0" incLanes="{" ".join(entering)}" '
        f'intLanes="{inside}" shape="-10,-10 10,-10 10,10 -10,10">{requests}</junction>'
    )
    red = f'<tlLogic id="{NODE}" type="static" programID="rouge" offset="0"><phase duration="90" state="{"r" * len(ways)}"/></tlLogic>'
    return (
        '<net version="1.20"><location netOffset="0.00,0.00" convBoundary="-700,-700,700,700" '
        'origBoundary="-700,-700,700,700" projParameter="!"/>\n'
        + "\n".join([*edges, red, *nodes, *arrows])
        + "\n</net>\n"
    )


def _exit(way: Link) -> str:
    return f"{'t' if way.turns else 's'}{way.group}"


def _lane_out(site: Site, way: Link) -> int:
    """Those that give way from the last lane alone have one lane to leave by."""
    return way.lane if not way.turns or _turning(site, way.group) >= 1 else 0


def _line(group: int, lane: int, start: float, end: float) -> str:
    """A street as a line: groups lie side by side, far enough apart for none to cross."""
    y = 40.0 * group + 3.2 * lane
    return f"{start:.1f},{y:.1f} {end:.1f},{y:.1f}"


def _edge(name: str, source: str, target: str, group: int, lanes: int, length: float, start: float) -> str:
    inner = "".join(
        f'<lane id="{name}_{n}" index="{n}" speed="{SPEED}" length="{length}" '
        f'shape="{_line(group, n, start, start + length)}"/>'
        for n in range(lanes)
    )
    return f'<edge id="{name}" from="{source}" to="{target}" priority="1">{inner}</edge>'


def _dead_end(name: str, group: int, x: float, lanes: tuple[str, ...]) -> str:
    return (
        f'<junction id="{name}" type="dead_end" x="{x:.1f}" y="{40.0 * group:.1f}" incLanes="{" ".join(lanes)}" '
        f'intLanes="" shape="{_line(group, 0, x, x)}"/>'
    )


def _requests(site: Site, ways: Sequence[Link]) -> Iterator[str]:
    """Who crosses whom, and who waits: bits from the last link to the first, as SUMO has them."""
    for k, one in enumerate(ways):
        waits = [_gives_way(site, one, other) for other in ways]
        crosses = [w or _gives_way(site, other, one) for w, other in zip(waits, ways, strict=True)]
        response, foes = ("".join("01"[bit] for bit in reversed(bits)) for bits in (waits, crosses))
        yield f'<request index="{k}" response="{response}" foes="{foes}" cont="0"/>'


def _gives_way(site: Site, one: Link, other: Link) -> bool:
    """Of two left turns that face each other none waits for the other: they pass before each other."""
    return one.turns and not other.turns and other.group in site.opposing[one.group]


def program(site: Site, plan: Plan, name: str) -> str:
    """A plan as a program of the junction, `tlLogic`: one phase for each stretch in which no light changes."""
    ways = links(site)
    green = plan.seconds()
    states: list[str] = []
    for t in range(plan.cycle):
        ended = [green[:, (t - s) % plan.cycle] for s in range(1, YELLOW_S + 1)]
        state = ""
        for way in ways:
            g = way.group
            if green[g, t]:
                waits = way.turns and any(green[o, t] for o in site.opposing[g])
                state += "g" if waits else "G"
            else:
                state += "y" if any(e[g] for e in ended[: _yellow(site, g)]) else "r"
        states.append(state)
    phases: list[str] = []
    start = 0
    for t in range(1, plan.cycle + 1):
        if t == plan.cycle or states[t] != states[start]:
            phases.append(f'<phase duration="{t - start}" state="{states[start]}"/>')
            start = t
    head = f'<tlLogic id="{NODE}" type="static" programID={quoteattr(name)} offset="{plan.offset}">'
    return "\n".join([head, *phases, "</tlLogic>"])


def _yellow(site: Site, group: int) -> int:
    """Seconds of yellow: never longer than until somebody who crosses gets green."""
    after = site.junction.intergreen[group]
    known = after[~np.isnan(after)]
    return int(min(YELLOW_S, np.floor(known.min()))) if len(known) else YELLOW_S


def day(site: Site, plans: Sequence[tuple[str, int, Plan]]) -> str:
    """The plans of a day as an additional file of SUMO, that changes from one to the next at its time. plans: name,
    minute from which it serves, plan, in the order of the day.
    """
    switches = "".join(
        f'<wautSwitch time="{minute * 60}" to={quoteattr(name)}/>\n' for name, minute, _ in plans
    )
    first = plans[0][0] if plans else "rouge"
    return (
        "<additional>\n"
        + "\n".join(program(site, plan, name) for name, _, plan in plans)
        + f'\n<WAUT refTime="0" id="jour" startProg={quoteattr(first)}>\n{switches}</WAUT>\n'
        + f'<wautJunction wautID="jour" junctionID="{NODE}"/>\n</additional>\n'
    )


@dataclass(frozen=True, slots=True)
class Traffic:
    """One draw. xml: as a `.rou.xml`; counted: names of the vehicles that count, those after the junction has filled."""

    xml: str
    counted: frozenset[str]


def traffic(
    site: Site, flow: Floats, demand: float, draw: Sequence[int], *, fills_s: float, end_s: float
) -> Traffic:
    """Vehicles of each group as a Poisson process. flow: veh/h, shape (m,); demand: share of it; draw: numbers that name
    the draw: the same ones give the same vehicles whatever the plan.
    """
    types, routes = list[str](), list[str]()
    starts: list[tuple[float, str, str]] = []
    counted: set[str] = set()
    for g in sorted({way.group for way in links(site)}):
        each = float(site.junction.saturation[g] / site.lanes[g])
        tau = max(1.0, (3600 / each - HEADWAY_S) / PER_TAU)
        types.append(f'<vType id="v{g}" tau="{tau:.3f}" sigma="{SIGMA}"/>')
        share = _turning(site, g)
        for word, part in (("s", 1 - share), ("t", share)):
            if part <= 0:
                continue
            routes.append(f'<route id="{word}{g}" edges="e{g} {word}{g}"/>')
            rate = float(flow[g]) * part * demand / 3600
            if rate <= 0:
                continue
            rng = np.random.default_rng([*draw, g, ord(word)])
            at = 0.0
            for k in range(int(10 * rate * end_s) + 100):
                at += float(rng.exponential(1 / rate))
                if at >= end_s:
                    break
                name = f"{word}{g}.{k}"
                starts.append(
                    (
                        at,
                        name,
                        f'<vehicle id="{name}" type="v{g}" route="{word}{g}" depart="{at:.2f}" departLane="best" departSpeed="max"/>',
                    )
                )
                if at >= fills_s:
                    counted.add(name)
    body = "\n".join(line for _, _, line in sorted(starts))
    return Traffic(f"<routes>\n{''.join(types)}\n{''.join(routes)}\n{body}\n</routes>\n", frozenset(counted))
