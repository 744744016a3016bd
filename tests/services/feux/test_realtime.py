"""The study of real-time control: what is said of its result, what it refuses; run where SUMO is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from parvis.core.errors import UsageError
from parvis.services.answers import Attached
from parvis.services.feux import realtime
from parvis.services.feux.realtime_study import REALTIME
from parvis.services.feux.sumo_trial import Outcome, Trial
from parvis.services.study import Result

NET = Path(__file__).with_name("two_signals.net.xml").read_bytes()
TRIPS = b'<routes><flow id="a" from="wc" to="ef" begin="0" end="600" period="exp(0.15)"/>' + (
    b'<flow id="b" from="nc" to="cs" begin="0" end="600" period="exp(0.05)"/></routes>'
)
SAID = {
    "debut": 0.0, "fin": 600.0, "tirages": 2.0, "demande": 100.0, "boucles": 80.0, "vert_min": 6.0, "rouge_max": 110.0, "pannes": 0.0,
}  # fmt: skip


class Kept:
    """A progress that remembers."""

    def __init__(self, kept: bytes = b"") -> None:
        self.kept = kept
        self.checkpoints: list[bytes] = []

    def __call__(self, share: float, step: str = "") -> None:
        assert 0 <= share <= 1

    def keep(self, state: bytes) -> None:
        self.checkpoints.append(state)


def run(net: bytes = NET, trips: bytes = TRIPS, kept: Kept | None = None, **others: float) -> Result:
    said: Mapping[str, Any] = {
        **SAID,
        **others,
        "reseau": Attached("n.net.xml", net),
        "trafic": Attached("t.rou.xml", trips),
    }
    return realtime.run({}, said, 3, kept or Kept(), lambda: False)


@pytest.mark.parametrize("net", [b"", b"<net/>", b"<routes/>"])
def test_what_is_no_net_with_signals_is_refused_before_anything_is_simulated(net: bytes) -> None:
    with pytest.raises(UsageError):
        run(net)


def test_hours_that_end_before_they_begin_are_refused() -> None:
    with pytest.raises(UsageError, match="fin"):
        run(debut=900.0)


def test_without_sumo_it_is_said() -> None:
    if find_spec("libsumo") is not None:
        pytest.skip("SUMO is here")
    with pytest.raises(UsageError, match="SUMO"):
        run()


def outcomes(*delays: float, arrived: int = 100) -> list[tuple[Trial, Outcome]]:
    """Plan and real time by turns, one seed a pair."""
    first = Trial("plan", 0, 0.0, 600.0)
    return [
        (
            replace(first, control=realtime.BOTH[k % 2], seed=k // 2),
            Outcome(d, 2 * d, 120, k, arrived, 3 * d, {"wc_0": [d / 10, d]}, {"c": {"held": 5, "changed": 3, "max_red": 1, "no_detector": 1}}, [(1, "c", 2, "changed", 4.0, -1.0)]),
        )
        for k, d in enumerate(delays)
    ]  # fmt: skip


def test_tables_hold_what_came_out_draw_by_draw() -> None:
    pairs = outcomes(40.0, 20.0, 50.0, 30.0)
    trials = realtime._trials(pairs)
    assert [r["commande"] for r in trials] == ["plan", "temps réel"] * 2
    assert not any(r["bloque"] for r in trials)
    queues = realtime._queues(pairs, {"wc_0": "c"}, {"wc_0": 25.0})
    assert queues[0]["file_plan"] == 4.5
    assert queues[0]["pointe_temps_reel"] == 30.0
    signals = realtime._signals(pairs, {"c": 4})
    assert (signals[0]["changements"], signals[0]["rouges_au_plus"], signals[0]["sans_capteurs"]) == (
        8,
        2,
        10.0,
    )
    assert realtime._journal(pairs).decode().splitlines()[1] == "1,c,2,changed,4.0,"


def test_a_net_that_locks_is_seen() -> None:
    (plan,) = outcomes(40.0)
    (_, ours) = outcomes(40.0, 30.0, arrived=80)
    assert [r["bloque"] for r in realtime._trials([plan, ours])] == [False, True]


def test_in_simulation_two_runs_of_a_seed_are_one_and_a_killed_one_goes_on() -> None:
    pytest.importorskip("libsumo", reason="extra simulation")
    whole = Kept()
    first = run(kept=whole)
    assert len(whole.checkpoints) == 4
    again = run(kept=Kept(whole.checkpoints[1]))
    assert again.tables == first.tables
    assert again.files == first.files
    rows = first.tables["essais"].to_pylist()
    assert sum(r["retard"] for r in rows if r["commande"] == "temps réel") < sum(
        r["retard"] for r in rows if r["commande"] == "plan"
    )
    for name, schema in REALTIME.schemas.items():
        assert first.tables[name].column_names == [c.name for c in schema.columns]
