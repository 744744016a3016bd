"""Plans polished by simulation: less is lost, no rule is broken, and what only the draws that chose it like is not taken."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from parvis.methods.signals import splits
from parvis.methods.signals.plan_checks import violations
from parvis.methods.signals.polishing import DEMANDS, Draws, better, polished
from parvis.methods.signals.splits import Timing
from tests.methods.signals.junctions import cross

FLOW = np.array([900.0, 700, 400, 350, 150, 120, 100, 90, 0, 0])
CYCLES = range(40, 121)
DRAWS = Draws(range(3), range(100, 105), most=200)
ONE = cross()
GIVEN = splits.best_timing(ONE, FLOW, CYCLES)


def lost(timing: Timing, wanted: npt.NDArray[Any]) -> float:
    """As a street might lose that is not what the formula says: least at other seconds of the stages."""
    return 30 + 0.02 * float(((timing.seconds - wanted) ** 2).sum())


def noise(seed: int, timing: Timing, size: float) -> float:
    """The luck of a draw, which all plans share, and some that is a plan's own."""
    own = np.random.default_rng([seed, *timing.seconds.tolist()]).normal(0, size)
    return float(np.random.default_rng(seed).normal(0, 5) + own)


def test_less_is_lost_and_no_rule_is_broken() -> None:
    wanted = GIVEN.seconds + np.where(np.arange(len(GIVEN.seconds)) % 2, 7.0, 5.0)
    seen: list[Timing] = []

    def simulate(timing: Timing, seed: int, demand: float) -> float:
        seen.append(timing)
        return demand * (lost(timing, wanted) + noise(seed, timing, 0.02))

    result = polished(GIVEN, simulate, DRAWS, CYCLES)
    assert result.taken
    assert lost(result.timing, wanted) < 0.5 * lost(GIVEN, wanted) + 15
    assert all(violations(ONE, one.plan()) == () for one in seen)
    assert all(one.cycle in CYCLES for one in seen)
    assert result.simulations == len(seen) <= DRAWS.most + 2 * len(DEMANDS) * len(DRAWS.deciding)


def test_what_only_the_draws_that_chose_it_like_is_not_taken() -> None:
    def simulate(timing: Timing, seed: int, demand: float) -> float:
        return demand * (30 + noise(seed, timing, 1.0))

    result = polished(GIVEN, simulate, DRAWS, CYCLES)
    assert result.before.size, "something looked better on three draws"
    assert not result.taken
    assert result.timing is GIVEN


@pytest.mark.parametrize("demand", [0.8, 1.2])
def test_what_is_worse_with_less_or_more_traffic_is_not_taken(demand: float) -> None:
    wanted = GIVEN.seconds + 6.0

    def simulate(timing: Timing, seed: int, of: float) -> float:
        sign = -0.2 if of == demand else 1.0
        return 30 + sign * lost(timing, wanted) + noise(seed, timing, 0.01)

    assert not polished(GIVEN, simulate, DRAWS, CYCLES).taken


def test_what_is_best_already_stays_and_nothing_is_decided() -> None:
    result = polished(GIVEN, lambda one, _seed, _demand: lost(one, GIVEN.seconds), DRAWS, CYCLES)
    assert (result.taken, result.timing, result.before.size) == (False, GIVEN, 0)


def test_it_ends_when_it_is_told_to_and_within_its_simulations() -> None:
    calls = 0

    def simulate(timing: Timing, seed: int, demand: float) -> float:
        nonlocal calls
        calls += 1
        return lost(timing, GIVEN.seconds + 20.0)

    few = Draws(range(3), range(100, 102), most=9)
    polished(GIVEN, simulate, few, CYCLES)
    assert calls <= 9 + 2 * len(DEMANDS) * 2
    calls = 0
    polished(GIVEN, simulate, few, CYCLES, stop=lambda: True)
    assert calls == 3, "what is given is simulated, and nothing else"


def test_draws_that_chose_do_not_decide() -> None:
    with pytest.raises(ValueError, match="decides"):
        Draws((1, 2), (2, 3))
    with pytest.raises(ValueError, match="two to decide"):
        Draws((1, 2), (3,))
    same = np.full((3, 5), 30.0)
    assert not better(same, same)
    assert better(same, same - 1.0 - np.linspace(0, 0.1, 5))
