"""Care: opening hours beside opening-hours-py, the nearest open place on a graph of 100,000 nodes beside
plain Dijkstra, the vaccination calendar a person.
"""

from __future__ import annotations

import heapq
import json
import subprocess
import time
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from tests.methods.hours import test_opening_hours as cases
from tests.methods.vaccination_cases import cases as vaccination_cases

from bench import report
from bench.peers import environment
from parvis.methods.hours import evaluation, reading
from parvis.methods.hours.reading import NotHours
from parvis.methods.roads import graph, network, ways
from parvis.methods.roads.network import Network
from parvis.methods.roads.snapping import Snapper, Stops
from parvis.methods.vaccination import engine
from parvis.services.soins import calendar

VERSION = "2.1.4"
SEED = 20261126
OFTEN = "Mo-Fr 08:30-12:30,14:00-19:00; Sa 09:00-12:30; SH Mo-Fr 09:00-12:00; PH off"
TIMES = 2000
VECTORS = (
    Path(__file__).resolve().parent.parent.parent
    / "shared"
    / "data"
    / "health"
    / "opening_hours"
    / "vectors_60.json"
)


def cpu(run: object, times: int) -> float:
    """CPU microseconds a call."""
    assert callable(run)
    began = time.process_time()
    for _ in range(times):
        run()
    return (time.process_time() - began) / times * 1e6


def hours() -> None:
    """Right answers and time, ours and the peer's."""
    french = [
        (text, at, where, said.split(" ")[0])
        for text, at, where, said in cases.test_what_a_city_expects.pytestmark[0].args[1]
    ]
    # The peer takes one calendar a country: cases that hang on a département or a school zone are asked of it
    # all the same, as a city would.
    vectors = json.loads(VECTORS.read_text("utf-8"))["tests"] if VECTORS.exists() else []
    mine = [c for c in vectors if c["loc"] in (None, "de_bw") or c["loc"].startswith("[")]
    plain = [c for c in mine if c["mode"] is None and c["loc"] != "de_bw"]
    asked = {
        "states": [(text, at) for text, at, *_ in french],
        "times": TIMES,
        "often": OFTEN,
        "intervals": [
            (c["value"], cases.moment(c["from"]).isoformat(), cases.moment(c["to"]).isoformat())
            for c in plain
        ],
    }
    python = environment("opening-hours", f"opening-hours-py=={VERSION}")
    run = subprocess.run(
        [str(python), str(Path(__file__).parent / "answers_of_opening_hours.py")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    theirs = json.loads(run.stdout)
    read = reading.read(OFTEN)
    at = datetime.fromisoformat("2026-11-25T10:00")
    ours_right = sum(
        cases.says(text, when, where).split(" ")[0] == said for text, when, where, said in french
    )
    theirs_right = sum(a == said for a, (*_, said) in zip(theirs["states"], french, strict=True))
    rows: list[dict[str, object]] = [
        {
            "case": f"{len(french)} French texts and moments, state right",
            "ours": ours_right,
            "opening_hours_py": theirs_right,
        },
        {
            "case": "read and evaluate one text, CPU us",
            "ours": cpu(lambda: evaluation.state(reading.read(OFTEN), at, cases.HERE), TIMES),
            "opening_hours_py": theirs["us"],
        },
        {
            "case": "evaluate a text that was read, CPU us",
            "ours": cpu(lambda: evaluation.state(read, at, cases.HERE), TIMES),
            "opening_hours_py": "",
        },
        {
            "case": "next opening of 10,000 places (20 texts), CPU s",
            "ours": next_openings(),
            "opening_hours_py": "",
        },
    ]
    if plain:
        expected = [
            [
                [*(cases.moment(t).isoformat() for t in e[:2]), "unknown" if len(e) > 2 and e[2] else "open"]
                for e in c["exp"]
            ]
            for c in plain
        ]
        ours = [[[i.begin.isoformat(), i.end.isoformat(), i.state] for i in _intervals(c)] for c in plain]
        rows.append(
            {
                "case": f"{len(plain)} cases of opening_hours.js without a calendar, comments aside",
                "ours": sum(a == b for a, b in zip(ours, expected, strict=True)),
                "opening_hours_py": sum(a == b for a, b in zip(theirs["intervals"], expected, strict=True)),
            }
        )
        strict = sum(
            cases.ours(c)
            == [
                (
                    cases.moment(e[0]),
                    cases.moment(e[1]),
                    bool(e[2]) if len(e) > 2 else False,
                    e[3] if len(e) > 3 else None,
                )
                for e in c["exp"]
            ]
            for c in vectors
        )
        rows.append(
            {
                "case": f"all {len(vectors)} cases with comments; {len(vectors) - len(mine)} need other countries' holidays",
                "ours": strict,
                "opening_hours_py": "",
            }
        )
    report.write(
        "care-hours", rows, notes=[f"opening-hours-py {VERSION}, country FR, in an environment of its own."]
    )


def _intervals(case: dict[str, object]) -> list[evaluation.Interval]:
    try:
        return evaluation.intervals(
            reading.read(str(case["value"])),
            cases.moment(str(case["from"])),
            cases.moment(str(case["to"])),
            evaluation.Local(),
        )
    except NotHours:
        return []


def next_openings() -> float:
    """CPU seconds."""
    texts = [
        f"Mo-Fr {8 + i % 3:02d}:{(i * 15) % 60:02d}-12:30,14:00-{18 + i % 2}:00; Sa 09:00-1{i % 4}:00; PH off"
        for i in range(20)
    ]
    began = time.process_time()
    read = [reading.read(text) for text in texts]
    at = datetime.fromisoformat("2026-11-28T20:00")
    for i in range(10_000):
        evaluation.next_open(read[i % 20], at + timedelta(minutes=i % 600), cases.HERE)
    return time.process_time() - began


def city(side: int = 316, places: int = 300) -> tuple[Network, Snapper]:
    """A grid of 99,856 nodes with bent, missing and one-way streets, and places along them."""
    rng = np.random.default_rng(SEED)
    lon, lat = 3.8 + 0.001 * np.arange(side), 43.5 + 0.0008 * np.arange(side)
    lines, oneway = [], []
    for i in range(side):
        for j in range(side):
            for a, b in ((i + 1, j), (i, j + 1)):
                if a < side and b < side and rng.random() < 0.9:
                    lines.append(
                        np.array(
                            [
                                [lon[i], lat[j]],
                                [(lon[i] + lon[a]) / 2 + rng.normal(0, 1e-4), (lat[j] + lat[b]) / 2],
                                [lon[a], lat[b]],
                            ]
                        )
                    )
                    oneway.append(rng.random())
    share = np.array(oneway)
    roads = graph.build(lines, forth=share > 0.03, back=share < 0.97)
    snapper = Snapper(roads, graph.main_part(roads))
    stops = snapper.snap(rng.uniform(lon[0], lon[-1], places), rng.uniform(lat[0], lat[-1], places))
    return network.join(roads, stops, roads.length_m), snapper


def plain_dijkstra(net: Network, origin: Stops, k: int, eligible: np.ndarray) -> list[int]:
    """The textbook, over junctions, in plain Python; shares no code with what it judges."""
    roads = net.roads
    out: dict[int, list[tuple[int, float]]] = {}
    for e, (a, b, forth, back, length) in enumerate(
        zip(
            roads.start.tolist(),
            roads.end.tolist(),
            roads.forth.tolist(),
            roads.back.tolist(),
            roads.length_m.tolist(),
            strict=True,
        )
    ):
        del e
        if forth:
            out.setdefault(a, []).append((b, length))
        if back:
            out.setdefault(b, []).append((a, length))
    edge, share = int(origin.edge[0]), float(origin.share[0])
    heap = []
    if roads.forth[edge]:
        heap.append((roads.length_m[edge] * (1 - share), int(roads.end[edge])))
    if roads.back[edge]:
        heap.append((roads.length_m[edge] * share, int(roads.start[edge])))
    heapq.heapify(heap)
    best: dict[int, float] = {}
    while heap:
        cost, node = heapq.heappop(heap)
        if node not in best:
            best[node] = cost
            for other, step in out.get(node, []):
                heapq.heappush(heap, (cost + step, other))
    total = []
    for e, s, gap in zip(
        net.stops.edge.tolist(), net.stops.share.tolist(), net.stops.gap_m.tolist(), strict=True
    ):
        options = [float("inf")]
        if roads.forth[e]:
            options.append(best.get(int(roads.start[e]), np.inf) + roads.length_m[e] * s)
        if roads.back[e]:
            options.append(best.get(int(roads.end[e]), np.inf) + roads.length_m[e] * (1 - s))
        if e == edge and ((roads.forth[e] and s >= share) or (roads.back[e] and s <= share)):
            options.append(roads.length_m[e] * abs(s - share))
        total.append(min(options) + gap)
    return [int(i) for i in np.argsort(total, kind="stable") if eligible[i] and np.isfinite(total[i])][:k]


def nearest() -> None:
    """The five nearest that are open, from 200 origins, with many and with few of them open; the ranks held
    to plain Dijkstra.
    """
    began = time.process_time()
    net, snapper = city()
    built = time.process_time() - began
    rng = np.random.default_rng(SEED + 1)
    rows = []
    for share in (1.0, 0.3, 0.02):
        took, same, judged, slow = [], 0, 0, []
        for n in range(200):
            spot = snapper.snap(rng.uniform(3.8, 4.115), rng.uniform(43.5, 43.75))
            eligible = rng.random(len(net.stops)) < share
            begin = time.process_time()
            found = ways.nearest(net, spot, k=5, eligible=eligible)
            took.append((time.process_time() - begin) * 1e3)
            if n < 8:
                begin = time.process_time()
                judged, same = (
                    judged + 1,
                    same + (found.stop.tolist() == plain_dijkstra(net, spot, 5, eligible)),
                )
                slow.append((time.process_time() - begin) * 1e3)
        rows.append(
            {
                "case": f"{len(net.roads.lon):,} nodes, {len(net.stops)} places, {share:.0%} open",
                "p50_ms": float(np.percentile(took, 50)),
                "p95_ms": float(np.percentile(took, 95)),
                "max_ms": max(took),
                "ranks_equal": f"{same}/{judged}",
                "plain_dijkstra_ms": float(np.median(slow)),
            }
        )
    report.write(
        "care-nearest",
        rows,
        notes=[f"CPU milliseconds a query, 200 origins each, seed {SEED}; built once in {built:.1f} CPU s."],
    )


def vaccination() -> None:
    """CPU microseconds a person and a day, over the cases."""
    every = vaccination_cases()
    rows = [
        {
            "case": f"{len(every)} cases, all lines of each",
            "us_a_person": cpu(
                lambda: [engine.plan(calendar.calendar(), c.person, c.today) for c in every], 20
            )
            / len(every),
        }
    ]
    report.write("care-vaccination", rows)


def main() -> None:
    """All three."""
    hours()
    nearest()
    vaccination()
