"""A net of SUMO as plain values: its signals, what each of their links joins, and which gives way to which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence


class Element(Protocol):
    """What is used of an lxml element."""

    tag: str

    def get(self, name: str, default: str = "") -> str: ...
    def iter(self, tag: str) -> Iterator[Element]: ...


@dataclass(frozen=True, slots=True)
class Link:
    """One connection that a signal controls. index: in the states of its program; lane, out: lanes that it joins;
    node, place: its number among the requests of a node; foot: for pedestrians.
    """

    index: int
    lane: str
    out: str
    source: str
    target: str
    turn: str
    node: str
    place: int
    foot: bool


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal. phases: seconds and state of each; foes: links that cross, by index, True where the first gives way."""

    name: str
    links: tuple[Link, ...]
    phases: tuple[tuple[float, str], ...]
    foes: Mapping[tuple[int, int], bool]


@dataclass(frozen=True, slots=True)
class Lane:
    """length: m; speed: m/s allowed; before: lanes that lead into it without a signal; after: lanes that it
    leads into, with or without; signalled: a signal lets vehicles into it. Whoever turns back is in neither: hardly
    anybody does, and the lane of the other direction would lead into every lane.
    """

    name: str
    length: float
    speed: float
    before: tuple[str, ...]
    after: tuple[str, ...]
    signalled: bool


@dataclass(frozen=True, slots=True)
class Net:
    """signals: by their names, sorted; lanes: by name, without those inside nodes."""

    signals: tuple[Signal, ...]
    lanes: Mapping[str, Lane]


def read_net(data: bytes) -> Net:
    """The net of a `.net.xml`. Raises UsageError where it is none."""
    try:
        root = etree.fromstring(
            data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        )
    except etree.XMLSyntaxError as error:
        raise UsageError(
            Sentence("Ce réseau n’est pas un fichier XML lisible."),
            mend="Exportez-le à nouveau de SUMO (netconvert).",
        ) from error
    if root.tag != "net":
        raise UsageError(
            Sentence("Ce fichier n’est pas un réseau de SUMO (net.xml)."),
            mend="Exportez-le à nouveau de SUMO (netconvert).",
        )
    return Net(tuple(sorted(_signals(root), key=lambda s: s.name)), _lanes(root))


def _lanes(root: Element) -> Mapping[str, Lane]:
    sizes = {
        lane.get("id", ""): (float(lane.get("length", "0")), float(lane.get("speed", "13.9")))
        for edge in root.iter("edge")
        if edge.get("function") in (None, "", "normal", "connector")
        for lane in edge.iter("lane")
    }
    before: dict[str, list[str]] = {name: [] for name in sizes}
    after: dict[str, list[str]] = {name: [] for name in sizes}
    signalled: set[str] = set()
    for c in root.iter("connection"):
        into, out = f"{c.get('from')}_{c.get('fromLane')}", f"{c.get('to')}_{c.get('toLane')}"
        if into in sizes and out in sizes and c.get("dir") != "t":
            after[into].append(out)
            if not c.get("tl"):
                before[out].append(into)
            else:
                signalled.add(out)
    return {n: Lane(n, *sizes[n], tuple(before[n]), tuple(after[n]), n in signalled) for n in sizes}


def _place(inside: str) -> tuple[str, int]:
    """The node of an inner lane and its number among the node's requests: `:node_first_lane` names both."""
    match = re.fullmatch(r":(.+)_(\d+)_(\d+)", inside)
    return ("", -1) if match is None else (match[1], int(match[2]) + int(match[3]))


def _signals(root: Element) -> Iterator[Signal]:
    """The signals of a net with their links, first program, and who crosses whom."""
    requests = {
        j.get("id", ""): {int(r.get("index", "0")): r for r in j.iter("request")}
        for j in root.iter("junction")
    }
    crossings = {edge.get("id", "") for edge in root.iter("edge") if edge.get("function") == "crossing"}
    links: dict[str, list[Link]] = {}
    for c in root.iter("connection"):
        name = c.get("tl")
        if not name:
            continue
        source, target = c.get("from", ""), c.get("to", "")
        foot = target in crossings or source in crossings
        inside = c.get("via") or (f"{target}_0" if foot else "")
        node, place = _place(inside)
        links.setdefault(name, []).append(
            Link(
                int(c.get("linkIndex", "0")),
                f"{source}_{c.get('fromLane')}",
                f"{target}_{c.get('toLane')}",
                source,
                target,
                c.get("dir", ""),
                node,
                place,
                foot,
            )
        )
    programs: dict[str, Element] = {}
    for program in root.iter("tlLogic"):
        programs.setdefault(program.get("id", ""), program)
    for name, program in programs.items():
        mine = tuple(sorted(links.get(name, ()), key=lambda link: (link.index, link.lane, link.out)))
        if not mine:
            continue
        foes: dict[tuple[int, int], bool] = {}
        for a in mine:
            request = requests.get(a.node, {}).get(a.place)
            if request is None:
                continue
            crossing, waits = (request.get("foes") or "")[::-1], (request.get("response") or "")[::-1]
            for b in mine:
                if b.node == a.node and 0 <= b.place < len(crossing) and crossing[b.place] == "1":
                    pair = (a.index, b.index)
                    foes[pair] = foes.get(pair, False) or waits[b.place] == "1"
        phases = tuple((float(p.get("duration", "0")), p.get("state") or "") for p in program.iter("phase"))
        yield Signal(name, mine, phases, foes)
