"""Nets of SUMO as signals that a controller may run, and loops that a city would lay. Simulations where libsumo is there."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from parvis.core.errors import UsageError
from parvis.services.feux.sumo_layout import Controlled, controlled, green_states
from parvis.services.feux.sumo_loops import additional, laid
from parvis.services.feux.sumo_net import Net, Signal, read_net

FILE = Path(__file__).with_name("two_signals.net.xml")


@pytest.fixture(scope="module")
def net() -> Net:
    """A crossroads with left turns that give way, and a junction of three streets 120 m east of it."""
    return read_net(FILE.read_bytes())


def run(net: Net, signal: Signal) -> Controlled:
    made = controlled(net, signal, min_green=5.0, max_red=100.0, yellow=3.0)
    assert made is not None
    return made


def test_a_net_is_read_with_who_crosses_whom(net: Net) -> None:
    assert [s.name for s in net.signals] == ["c", "ee"]
    first = net.signals[0]
    assert len(first.links) == 13
    assert {link.node for link in first.links} == {"c"}
    assert all((b, a) in first.foes for a, b in first.foes), "to cross holds both ways"
    turn = {link.index: link.turn for link in first.links}
    left_straight = [pair for pair in first.foes if turn[pair[0]] == "l" and turn[pair[1]] == "s"]
    assert any(first.foes[a, b] and not first.foes[b, a] for a, b in left_straight)
    assert net.lanes["wc_0"].signalled is False
    assert net.lanes["ce_0"].signalled is True
    assert "ef_0" in {out for lane in ("ce_0", "ce_1") for out in net.lanes[lane].after}


@pytest.mark.parametrize(
    "data", [b"", b"<net", b"<routes/>", b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"]
)
def test_a_file_that_is_no_net_is_refused(data: bytes) -> None:
    with pytest.raises(UsageError):
        read_net(data)


def test_no_stage_shows_links_that_cross_unless_the_plan_does(net: Net) -> None:
    for signal in net.signals:
        one = run(net, signal)
        own = [s for _, s in green_states(signal)]
        together = {
            (i, j) for s in own for i, a in enumerate(s) for j, b in enumerate(s) if a in "gG" and b in "gG"
        }
        for row in one.layout.stages:
            state = one.state(row, np.zeros_like(row))
            lit = [i for i, c in enumerate(state) if c in "gG"]
            for i in lit:
                for j in lit:
                    if (i, j) in signal.foes:
                        assert (i, j) in together
                        assert "g" in (state[i], state[j]), "one of two that cross gives way"
        shown = {one.state(row, np.zeros_like(row)).upper() for row in one.layout.stages}
        assert {s.upper() for s in own} <= shown
        assert len(shown) > len(own), "an entrance by itself, whose left turns then wait for nobody"


def test_yellow_is_shown_to_who_was_green_only(net: Net) -> None:
    one = run(net, net.signals[0])
    row = one.layout.stages[one.plan[0][1]]
    assert set(one.state(np.zeros_like(row), row)) == {"y", "r"}
    assert one.state(np.zeros_like(row), row).count("y") == sum(row[g] for g in one.group.values())


def test_the_plan_of_the_net_is_followed_by_the_second(net: Net) -> None:
    one = run(net, net.signals[0])
    assert sum(seconds for seconds, _ in one.plan) == 90.0
    assert [one.planned(t) for t in (0.0, 40.9, 41.0, 49.9, 50.0, 89.9, 90.0)] == [
        one.plan[k][1] for k in (0, 0, 1, 1, 2, 2, 0)
    ]


@pytest.mark.parametrize("metres", [30.0, 60.0, 100.0, 150.0])
def test_loops_lie_in_the_street_before_every_line(net: Net, metres: float) -> None:
    for signal in net.signals:
        one = run(net, signal)
        its = laid(net, one, before_m=metres)
        for loop in (*its.lines, *its.advance):
            assert 0 < loop.at < net.lanes[loop.lane].length
        shares = np.array([z.shares for z in its.loops.zones])
        assert shares.sum(1) == pytest.approx(1.0)
        assert (shares.max(0) > 0).all(), "a lane that no loop watches"
        for zone, loop in zip(its.loops.zones, its.advance, strict=True):
            assert zone.travel * 13.9 <= metres + 1.0
            assert loop.at >= 12.0 or net.lanes[loop.lane].length < 24.0
        assert additional([its]).count("<inductionLoop ") == len(its.lines) + len(its.advance)


def test_a_loop_on_a_piece_of_a_lane_reaches_back_to_where_its_queue_stands(net: Net) -> None:
    """Maps cut lanes into pieces: here the last metre of the lane from the north is one."""
    lanes = dict(net.lanes)
    lanes["nc_0"] = replace(lanes["nc_0"], length=0.9, before=("nc.0_0",))
    lanes["nc.0_0"] = replace(net.lanes["nc_0"], name="nc.0_0", length=188.0, after=("nc_0",))
    cut = replace(net, lanes=lanes)
    its = laid(cut, run(cut, cut.signals[0]), before_m=60.0)
    line = next(loop for loop in its.lines if loop.lane == "nc_0")
    (short, first, last), (before, start, end) = line.over
    assert (short, first, last) == ("nc_0", 0.0, 0.1)
    assert (before, end) == ("nc.0_0", 188.0)
    assert last - first + end - start == pytest.approx(4.0)
    assert any(loop.lane == "nc.0_0" and loop.at == pytest.approx(188.0 - 59.1) for loop in its.advance)
    assert all(len(loop.over) == 1 for loop in its.lines if loop.lane != "nc_0")


def test_no_loop_lies_where_only_those_who_turn_back_would_come_by(net: Net) -> None:
    """The lane that leads away from a junction also leads, by turning back at its end, to the one that leads to it."""
    turns = '<connection from="cn" to="nc" fromLane="0" toLane="0" dir="{}" state="M"/></net>'
    back, on = (
        read_net(FILE.read_bytes().replace(b"</net>", turns.format(way).encode())) for way in ("t", "s")
    )
    assert back.lanes == net.lanes
    assert on.lanes["nc_0"].before == ("cn_0",), "the connection is one of this net"
    places = [
        {loop.lane for loop in laid(of, run(of, of.signals[0]), before_m=195.0).advance} for of in (back, on)
    ]
    assert "nc_0" in places[0]
    assert "cn_0" not in places[0]
    assert "cn_0" in places[1]


def test_a_loop_lies_behind_the_last_fork_or_its_share_is_told(net: Net) -> None:
    """A street before the lane from the north also leads elsewhere: two lanes, one of them to the signal."""
    for rest, lane, reach in ((70.0, "nc_0", 1.0), (20.0, "fork_0", 0.5)):
        lanes = dict(net.lanes)
        lanes["nc_0"] = replace(lanes["nc_0"], length=rest, before=("fork_0",))
        lanes["fork_0"] = replace(
            net.lanes["nc_0"], name="fork_0", length=200.0, after=("nc_0", "elsewhere_0")
        )
        forked = replace(net, lanes=lanes)
        its = laid(forked, run(forked, forked.signals[0]), before_m=100.0)
        zones = {loop.lane: zone for loop, zone in zip(its.advance, its.loops.zones, strict=True)}
        assert zones[lane].reach == reach
        assert ("fork_0" in zones) == (lane == "fork_0")
        assert all(zone.reach == 1.0 for at, zone in zones.items() if at != "fork_0")


TRIAL = """
import json, os, sys
from pathlib import Path
import libsumo
from parvis.methods.signals.horizon import Model
from parvis.services.feux.sumo_control import by_loops, controller
from parvis.services.feux.sumo_layout import controlled
from parvis.services.feux.sumo_loops import additional, laid
from parvis.services.feux.sumo_net import read_net
folder, kind = Path(sys.argv[2]), sys.argv[3]
net = read_net(Path(sys.argv[1]).read_bytes())
made = [c for s in net.signals if (c := controlled(net, s, min_green=5.0, max_red=100.0, yellow=3.0))]
its = [laid(net, one, before_m=80.0) for one in made]
(folder / "detectors.xml").write_text(f"<additional>{additional(its)}</additional>")
libsumo.start(["sumo", "-n", sys.argv[1], "-r", str(folder / "trips.xml"), "-a", str(folder / "detectors.xml"), "-e", "900",
               "--seed", "7", "--time-to-teleport", "-1", "--no-step-log", "true", "--no-warnings", "true",
               "--tripinfo-output", str(folder / f"{kind}.xml"), "--tripinfo-output.write-unfinished", "true",
               "--tripinfo-output.write-undeparted", "true"])
reasons = []
broken = frozenset(l.name for l in its[0].advance) if kind == "broken" else frozenset()
run = None if kind == "plan" else controller(libsumo, made, by_loops(libsumo, made, its, net, 0.0, broken=broken), 0.0,
    model=Model(), yellow=3.0, record=lambda now, name, decision: reasons.append((name, decision.reason)))
for now in range(900):
    if run is not None:
        run.step(float(now))
    libsumo.simulationStep()
libsumo.close()
(folder / f"{kind}.json").write_text(json.dumps(reasons))
os._exit(0)  # libsumo and pyarrow in one process do not always end well
"""


def test_in_simulation_less_is_lost_than_by_the_plan_and_a_signal_without_loops_runs_its_plan(
    tmp_path: Path,
) -> None:
    pytest.importorskip("libsumo", reason="extra simulation")
    flows = {
        "a": ("wc", "ef", 600),
        "b": ("fe", "cw", 300),
        "c": ("nc", "cs", 200),
        "d": ("sc", "ef", 150),
        "e": ("ne", "cw", 150),
    }
    (tmp_path / "trips.xml").write_text(
        "<routes>"
        + "".join(
            f'<flow id="{k}" from="{a}" to="{b}" begin="0" end="900" period="exp({n / 3600})"/>'
            for k, (a, b, n) in flows.items()
        )
        + "</routes>"
    )
    lost: dict[str, float] = {}
    for kind in ("plan", "loops", "broken"):
        subprocess.run(
            [sys.executable, "-c", TRIAL, str(FILE), str(tmp_path), kind], check=True, capture_output=True
        )
        text = (tmp_path / f"{kind}.xml").read_text()
        rows = text.split("<tripinfo ")[1:]
        lost[kind] = sum(
            float(row.split(f'{word}="')[1].split('"')[0])
            for row in rows
            for word in ("timeLoss", "departDelay")
        ) / len(rows)
    assert lost["loops"] < 0.8 * lost["plan"]
    assert lost["broken"] < 1.3 * lost["plan"]
    assert '["c", "no_detector"]' in (tmp_path / "broken.json").read_text()
    assert "no_detector" not in (tmp_path / "loops.json").read_text()
