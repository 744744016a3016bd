"""Trends of monthly counts, and the law they rest on."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from parvis.methods.incidents import negbin
from parvis.methods.incidents.trend import trend

MONTHS = np.arange(60)
SEASON = 40 * np.exp(0.3 * np.cos(2 * np.pi * MONTHS / 12))


def drawn(seed: int, mu: np.ndarray, k: float = 0.05) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.poisson(rng.gamma(1 / k, k * mu)).astype(float)


def test_without_spread_the_fit_is_that_of_poisson_by_hand() -> None:
    """Two groups: the coefficients are the logarithms of their means over their exposures."""
    x = np.array([[1.0, 0], [1, 0], [1, 1], [1, 1]])
    made = negbin.fit(x, [9.0, 11, 21, 19], [1.0, 1, 2, 2])
    assert made.k == 0
    np.testing.assert_allclose(made.coef, [np.log(10), np.log(10 / 10)], atol=1e-6)
    np.testing.assert_allclose(made.cov[0, 0], 1 / 20, rtol=1e-6)


def test_the_likelihood_is_that_of_the_law() -> None:
    y, mu, k = np.array([0.0, 3, 9]), np.array([1.0, 2, 5]), 0.4
    ours = negbin.loglik(y, mu, k) - negbin.loglik(y, np.ones(3), k)
    law = [stats.nbinom.logpmf(y, 1 / k, 1 / (1 + k * m)).sum() for m in (mu, np.ones(3))]
    assert ours == pytest.approx(law[0] - law[1])


def test_spread_and_slope_are_recovered() -> None:
    rng = np.random.default_rng(5)
    z = rng.normal(size=4000)
    y = rng.poisson(rng.gamma(2.0, 0.5 * np.exp(1 + 0.4 * z)))
    made = negbin.fit(np.column_stack([np.ones(4000), z]), y)
    assert made.k == pytest.approx(0.5, abs=0.06)
    np.testing.assert_allclose(made.coef, [1.0, 0.4], atol=4 * np.sqrt(np.diag(made.cov)).max())


def test_intervals_hold_the_truth_and_chance_alone_changes_seldom() -> None:
    held = changed = 0
    for seed in range(16):
        told = trend(drawn(seed, SEASON * np.exp(-0.1 * MONTHS / 12)), draws=19)
        assert told is not None
        held += told.low <= np.expm1(-0.1) <= told.high
        changed += told.p <= 0.05
    assert held >= 12  # 15 are expected; fewer than 12 about once in a thousand
    assert changed <= 4


def test_a_step_is_found_where_it_was_put() -> None:
    told = trend(drawn(2, SEASON * np.where(MONTHS >= 36, 1.8, 1.0), 0.02), draws=39)
    assert told is not None
    assert abs(told.change - 36) <= 1
    assert told.p <= 0.05
    assert told.factor > 1.3


def test_too_little_says_nothing_and_unknown_months_are_no_zeros() -> None:
    assert trend(np.arange(20.0)) is None
    assert trend(np.zeros(40)) is None
    gappy = np.where(MONTHS % 5 == 0, np.nan, SEASON.round())
    told = trend(gappy, draws=1)
    assert told is not None
    assert abs(told.per_year) < 0.03
    with pytest.raises(ValueError, match="counts"):
        negbin.fit(np.ones((2, 1)), [0.0, 0.0])
