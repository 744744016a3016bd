"""Pressure without a network model: T² by hand, its false alarms, a leak seen and placed; sensors against brute force."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from parvis.methods.water import pressure

SENSORS = 8


def nights(seed: int, count: int) -> np.ndarray:
    """Pressures that a town's demand and its tank move together, and a little noise of each sensor."""
    rng = np.random.default_rng(seed)
    along = np.linspace(0.5, 1.5, SENSORS)
    common = rng.normal(0, 0.8, (count, 1)) * along + rng.normal(0, 0.4, (count, 1))
    return 45 + common + rng.normal(0, 0.03, (count, SENSORS))


def leak(at: int, metres: float) -> np.ndarray:
    """What each sensor falls by: less with distance along the pipe."""
    return metres * 0.6 ** np.abs(np.arange(SENSORS) - at)


def test_t2_by_hand() -> None:
    """Two sensors that do not move together: the squares of their distances add up."""
    known = np.array([[1.0, 10], [-1, 10], [1, -10], [-1, -10]] * 5)
    normal = pressure.learn(known)
    spread = known.var(axis=0, ddof=1)
    assert pressure.t2(normal, np.array([[2.0, 5.0]]))[0] == pytest.approx(
        4 / spread[0] + 25 / spread[1], rel=1e-4
    )


def test_a_quiet_town_is_left_alone_and_a_leak_is_seen_and_placed() -> None:
    """Thirty towns of a year without a leak, then the same with one that moves the nearest sensor by 0.3 m where demand moves
    all by more than a metre.
    """
    false, late, near = 0, 0, 0
    for seed in range(30):
        normal = pressure.learn(nights(seed, 120))
        quiet = nights(1000 + seed, 365)
        false += pressure.falls(normal, quiet) is not None
        at = seed % SENSORS
        quiet[100:] -= leak(at, 0.3)
        found = pressure.falls(normal, quiet)
        late += found is None or not 96 <= found.since <= found.seen <= 107
        near += found is not None and abs(found.near[0][0] - at) <= 1
    assert false <= 2  # of thirty years
    assert late <= false
    assert near >= 27


def test_silent_sensors_and_too_few_nights() -> None:
    some = nights(1, 60)
    some[3, 2] = np.nan
    normal = pressure.learn(some)
    assert normal.nights == 59
    assert np.isnan(pressure.t2(normal, some)[3])
    with pytest.raises(ValueError, match="nights"):
        pressure.learn(some[:20])


def test_sensors_are_placed_nearly_as_well_as_by_trying_all() -> None:
    rng = np.random.default_rng(4)
    for _ in range(20):
        moved = rng.gamma(1.0, 0.05, (40, 9))
        weight = rng.random(40)
        chosen = pressure.next_sensors(moved, 0.1, 3, weights=weight)
        shows = moved >= 0.1
        best = (
            max(weight[shows[:, list(c)].any(axis=1)].sum() for c in combinations(range(9), 3)) / weight.sum()
        )
        assert chosen[-1].seen >= 0.63 * best
        assert chosen[-1].seen == pytest.approx(sum(p.gain for p in chosen))
        assert [p.gain for p in chosen] == sorted((p.gain for p in chosen), reverse=True)
    assert pressure.next_sensors(np.ones((4, 2)), 0.5, 5, have=(0,)) == ()
