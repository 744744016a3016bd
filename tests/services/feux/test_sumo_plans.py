"""Plans tried on a junction that is made of tables: the net that SUMO gets, programs second by second, draws in common.
Simulations where SUMO is there.
"""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from lxml import etree

from parvis.core.language import language
from parvis.methods.signals.values import Plan
from parvis.services.answers import Asked, Rows, Said
from parvis.services.feux import sumo_junction, sumo_plans
from parvis.services.feux.answer import answer
from parvis.services.feux.junctions import Site, current, site
from parvis.services.feux.sumo_net import read_net
from parvis.services.study import Result
from tests.services.feux import signaltown
from tests.services.feux.test_planning import Kept, run


def yielding() -> pa.Table:
    """The groups of the junction, of which the northern one turns left through the southern one."""
    rows = signaltown.groups().to_pylist()
    for row in rows:
        if row["groupe"] == "N":
            row |= {"part_cede": 0.2, "cede_a": "S"}
        if row["groupe"] == "E":
            row |= {"part_cede": 1.0, "cede_a": "W"}
    return pa.Table.from_pylist(rows, schema=signaltown.groups().schema)


@pytest.fixture(scope="module")
def place() -> Site:
    return site(signaltown.tables(groupes=yielding()), "Gare")


def test_the_tables_become_a_net_that_says_who_waits_for_whom(place: Site) -> None:
    net = read_net(sumo_junction.net(place).encode())
    (signal,) = net.signals
    ways = sumo_junction.links(place)
    # two lanes and a turn from the north, two from the south, a turn alone from the east, west, four left turns
    assert len(signal.links) == len(ways) == 11
    names = place.junction.groups
    waits = {(names[ways[a].group], names[ways[b].group]) for (a, b), first in signal.foes.items() if first}
    assert waits == {("N", "S"), ("E", "W")}
    assert all(net.lanes[link.lane].length == sumo_junction.APPROACH_M for link in signal.links)


def test_a_program_shows_what_the_plan_says_second_by_second(place: Site) -> None:
    (today,) = current(signaltown.tables(), place, "ouvrés")
    root = etree.fromstring(sumo_junction.program(place, today.plan, "essai"))
    states = [p.get("state") for p in root for _ in range(int(p.get("duration")))]
    assert len(states) == today.plan.cycle
    green = today.plan.seconds()
    conflicts = place.junction.conflicts
    for t, state in enumerate(states):
        for k, way in enumerate(sumo_junction.links(place)):
            assert (state[k] in "gG") == green[way.group, t]
            if state[k] == "y":
                crossing = np.flatnonzero(conflicts[way.group])
                assert not green[crossing, t].any(), "who leaves on yellow meets nobody"
    north = [k for k, w in enumerate(sumo_junction.links(place)) if place.junction.groups[w.group] == "N"]
    assert {"".join(s[k] for k in north) for s in states if s[north[0]] in "gG"} == {"GGg"}
    assert sum(s[north[0]] == "y" for s in states) == sumo_junction.YELLOW_S


def test_a_draw_is_the_same_whatever_is_tried_and_holds_what_was_counted(place: Site) -> None:
    flow = np.array([signaltown.PEAKS[g][1] for g in place.junction.groups], np.float64)

    def drawn(draw: tuple[int, ...], demand: float = 1.0) -> sumo_junction.Traffic:
        return sumo_junction.traffic(place, flow, demand, draw, fills_s=300, end_s=7500)

    assert drawn((1, 2)) == drawn((1, 2))
    assert drawn((1, 2)) != drawn((1, 3))
    driven = float(flow[place.lanes > 0].sum())
    for demand in (0.8, 1.0, 1.2):
        assert len(drawn((4, 1), demand).counted) == pytest.approx(2 * driven * demand, rel=0.05)
    root = etree.fromstring(drawn((1, 2)).xml)
    departs = [float(v.get("depart")) for v in root.iter("vehicle")]
    assert departs == sorted(departs)
    turning = sum(v.get("route") == f"t{place.junction.groups.index('N')}" for v in root.iter("vehicle"))
    through = sum(v.get("route") == f"s{place.junction.groups.index('N')}" for v in root.iter("vehicle"))
    assert turning / (turning + through) == pytest.approx(0.2, abs=0.03)


@pytest.fixture(scope="module")
def computed() -> Result:
    return run(signaltown.tables())


def test_what_is_taken_home_opens_in_sumo_and_changes_plans_at_their_time(computed: Result) -> None:
    day = etree.fromstring(computed.files["plans.add.xml"])
    periods = computed.tables["periodes"].to_pylist()
    assert [p.get("programID") for p in day.iter("tlLogic")] == [p["periode"] for p in periods]
    assert [int(s.get("time")) for s in day.iter("wautSwitch")] == [
        3600 * int(p["de"][:2]) + 60 * int(p["de"][3:]) for p in periods
    ]
    assert [s.name for s in read_net(computed.files["carrefour.net.xml"]).signals] == [sumo_junction.NODE]


@pytest.mark.parametrize(
    ("code", "words"), [("fr", "aucune simulation ne les a éprouvés"), ("en", "no simulation has tried them")]
)
def test_plans_that_nothing_tried_are_said_to_be_unchecked(computed: Result, code: str, words: str) -> None:
    assert computed.tables["epreuves"].num_rows == 0
    asked = Asked({}, datetime(2026, 12, 1, tzinfo=UTC), None, language(code).of("services"))
    texts = [block.text for block in answer(asked, computed.tables) if isinstance(block, Said)]
    assert any(words in text for text in texts)


def with_sumo() -> Path:
    found = sumo_plans.installed()
    if found is None:
        pytest.skip("extra simulation")
    return found


def test_sumo_opens_the_day(computed: Result, tmp_path: Path) -> None:
    sumo = with_sumo()
    for name in ("carrefour.net.xml", "plans.add.xml"):
        (tmp_path / name).write_bytes(computed.files[name])
    done = subprocess.run(
        [str(sumo), "-n", str(tmp_path / "carrefour.net.xml"), "-a", str(tmp_path / "plans.add.xml"), "-e", "40", "--no-step-log", "true", "--xml-validation", "never"],
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()


def test_polished_plans_are_judged_by_draws_that_did_not_choose_them() -> None:
    with_sumo()
    progress = Kept()
    result = run(signaltown.tables(), progress, plans=1.0, eprouver="oui")
    rows = result.tables["epreuves"].to_pylist()
    assert [r["trafic"] for r in rows] == [80, 100, 120]
    for row in rows:
        assert row["tirages"] == len(sumo_plans.JUDGING)
        assert row["gain_bas"] <= row["gain"] <= row["gain_haut"]
        assert row["retard_propose"] <= row["retard_calcule"] * 1.05
    losses = pc.min(result.tables["epreuves"]["gain"]).as_py()
    assert losses > 0, "the plan of the town is not good"
    again = run(signaltown.tables(), Kept(progress.checkpoints[-1]), plans=1.0, eprouver="oui")
    assert again.tables == result.tables
    asked = Asked({}, datetime(2026, 12, 1, tzinfo=UTC), None, language("fr").of("services"))
    blocks = answer(asked, result.tables)
    assert any(isinstance(b, Rows) and b.title == "Éprouvé en simulation" for b in blocks)
    assert not any(isinstance(b, Said) and "aucune simulation" in b.text for b in blocks)


def test_a_plan_that_is_not_safe_is_not_simulated() -> None:
    with_sumo()
    bad = signaltown.PLAIN_PLAN | {"E": (22, 41)}
    rows = run({**signaltown.tables(), "plans": signaltown.plans(bad)}, plans=1.0, eprouver="oui").tables[
        "epreuves"
    ]
    assert rows.num_rows == 3
    assert rows["retard_aujourdhui"].null_count == 3


@pytest.mark.parametrize("saturation", [1500, 1800, 2000])
def test_a_lane_lets_pass_what_the_table_says(saturation: int, tmp_path: Path) -> None:
    sumo = with_sumo()
    rows = signaltown.groups().to_pylist()
    for row in rows:
        row["debit_saturation"] = None if row["nature"] == "piétons" else saturation
    groups = pa.Table.from_pylist(rows, schema=signaltown.groups().schema)
    alone = site(signaltown.tables(groupes=groups), "Gare")
    m, west = len(alone.junction.groups), alone.junction.groups.index("W")
    flow = np.zeros(m)
    flow[west] = 2400.0
    plan = Plan(90, tuple(((0, 30),) if g == west else () for g in range(m)))
    files = {
        "net.xml": sumo_junction.net(alone),
        "trips.xml": sumo_junction.traffic(alone, flow, 1.0, (1,), fills_s=300, end_s=2000).xml,
        "plan.xml": f"<additional>{sumo_junction.program(alone, plan, 'essai')}</additional>",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    subprocess.run(
        [str(sumo), "-n", str(tmp_path / "net.xml"), "-r", str(tmp_path / "trips.xml"), "-a", str(tmp_path / "plan.xml"), "-e", "2000",
         "--seed", "1", "--time-to-teleport", "-1", "--tripinfo-output", str(tmp_path / "out.xml"), "--no-step-log", "true", "--xml-validation", "never"],
        capture_output=True, check=True,
    )  # fmt: skip
    arrived = [float(t.get("arrival")) for t in etree.parse(str(tmp_path / "out.xml")).iter("tripinfo")]
    whole_cycles = [a for a in arrived if 560 <= a < 2000]
    assert len(whole_cycles) / 16 * 3600 / 30 == pytest.approx(saturation, rel=0.07)
