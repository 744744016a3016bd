"""Turning flows and times of day from counts."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.methods.signals import day_plans, turning

PRIOR = np.array([[0.0, 0.2, 0.6, 0.2], [0.2, 0.0, 0.2, 0.6], [0.6, 0.2, 0.0, 0.2], [0.2, 0.6, 0.2, 0.0]])


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_turning_flows_add_up_and_lie_in_what_counts_allow(seed: int) -> None:
    rng = np.random.default_rng(seed)
    true = rng.uniform(10, 300, (4, 4)) * (PRIOR > 0)
    found = turning.turns(true.sum(1), true.sum(0), PRIOR)
    assert found.flow.sum(1) == pytest.approx(true.sum(1), rel=1e-6)
    assert found.flow.sum(0) == pytest.approx(true.sum(0), rel=1e-3)
    assert (found.flow >= found.least - 1.0).all()
    assert (found.flow <= found.most + 1.0).all()
    assert (true >= found.least - 1e-6).all()
    assert (true <= found.most + 1e-6).all()


def test_one_exit_is_fixed_by_the_counts_and_said_so() -> None:
    found = turning.turns(np.array([300.0, 200.0]), np.array([500.0]), np.ones((2, 1)))
    assert found.least.tolist() == found.most.tolist() == [[300.0], [200.0]]


def test_a_series_tells_shares_that_one_total_does_not() -> None:
    rng = np.random.default_rng(5)
    true = np.array([[0.0, 0.5, 0.4, 0.1], [0.3, 0.0, 0.1, 0.6], [0.7, 0.1, 0.0, 0.2], [0.1, 0.8, 0.1, 0.0]])
    entering = rng.poisson(rng.uniform(40, 250, (96, 4))).astype(float)
    leaving = np.zeros((96, 4))
    for t in range(96):
        for i in range(4):
            leaving[t] += rng.multinomial(int(entering[t, i]), true[i])
    leaving[rng.random(leaving.shape) < 0.05] = np.nan
    found = turning.shares(entering, leaving, PRIOR)
    assert found.sum(1) == pytest.approx(1.0)
    assert np.abs(found - true).max() < 0.06
    assert np.abs(PRIOR - true).max() > 0.29
    assert found[PRIOR == 0].max() == 0


@given(st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_no_other_cut_of_the_day_costs_less(seed: int) -> None:
    rng = np.random.default_rng(seed)
    flows = rng.uniform(0, 100, (14, 2))
    change = float(rng.uniform(0.1, 5))
    found = day_plans.segments(flows, change=change, least=3, most=4)
    scaled = flows / flows.std(0)

    def cost(starts: tuple[int, ...]) -> float:
        cuts = (*starts, 14)
        parts = [scaled[a:b] for a, b in pairwise(cuts)]
        return sum(float(((p - p.mean(0)) ** 2).sum()) for p in parts) + change * (len(starts) - 1)

    every = [
        (0, *rest)
        for k in range(4)
        for rest in combinations(range(1, 14), k)
        if all(b - a >= 3 for a, b in zip((0, *rest), (*rest, 14), strict=True))
    ]
    assert found.cost == pytest.approx(min(map(cost, every)))
    assert cost(tuple(found.starts.tolist())) == pytest.approx(found.cost)


def test_peaks_of_a_day_are_found_though_some_hours_are_missing() -> None:
    level = np.repeat([100.0, 900, 500, 1000, 200], [28, 12, 24, 16, 16])  # quarters of an hour
    flows = np.stack([level, 0.5 * level], 1) + np.random.default_rng(1).normal(0, 20, (96, 2))
    flows[50:53, 0] = np.nan
    found = day_plans.segments(flows, change=2.0)
    assert {28, 40, 64, 80} <= {int(s) + d for s in found.starts for d in (-1, 0, 1)}


def test_days_that_are_alike_go_together() -> None:
    rng = np.random.default_rng(2)
    week, saturday = rng.uniform(100, 900, 96), rng.uniform(100, 900, 96)
    profiles = np.stack([week * f for f in (1.0, 1.02, 0.97, 1.01, 0.99)] + [saturday, saturday * 0.4])
    assert day_plans.day_types(profiles, apart=0.25).tolist() == [0, 0, 0, 0, 0, 1, 2]
