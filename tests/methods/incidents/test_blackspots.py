"""Black spots: Hauer's weights by hand, and what was planted is recovered at the rate that is stated."""

from __future__ import annotations

import numpy as np
import pytest

from parvis.methods.incidents.blackspots import FDR, TIMES, black_spots


def town(seed: int, planted: int = 0) -> tuple[np.ndarray, ...]:
    """900 streets; counts, exposure, traffic, and how many times what alike places have each has in truth."""
    rng = np.random.default_rng(seed)
    metres, traffic = rng.uniform(80, 400, 900), np.exp(rng.normal(8, 0.8, 900))
    times = rng.gamma(1 / 0.3, 0.3, 900)
    times[:planted] *= 6
    mu = 5 * 3e-6 * metres * traffic**0.8
    return rng.poisson(mu * times).astype(float), 5 * metres, traffic, times


def test_the_estimate_is_hauers() -> None:
    counts, exposure, traffic, _ = town(1)
    made = black_spots(counts, exposure, traffic)
    weight = 1 / (1 + made.k * made.expected)
    np.testing.assert_allclose(made.estimate, weight * made.expected + (1 - weight) * counts)
    np.testing.assert_allclose(made.excess, made.estimate - made.expected)
    assert ((made.low < made.estimate) & (made.estimate < made.high)).all()
    assert made.exponent == pytest.approx(0.8, abs=0.12)
    assert made.k == pytest.approx(0.3, abs=0.12)


def test_planted_ones_are_recovered_at_the_stated_rate() -> None:
    listed = false = found = 0
    for seed in range(20):
        counts, exposure, traffic, times = town(seed, planted=15)
        made = black_spots(counts, exposure, traffic)
        listed += int(made.listed.sum())
        false += int((made.listed & (times <= TIMES)).sum())
        found += int(made.listed[:15].sum())
    assert false / listed <= FDR + 3 * np.sqrt(FDR * (1 - FDR) / listed)
    assert found / (20 * 15) >= 0.3


def test_where_all_are_alike_hardly_any_is_listed_and_a_bad_year_is_no_black_spot() -> None:
    rng = np.random.default_rng(3)
    counts = rng.poisson(0.6, 1000).astype(float)
    made = black_spots(counts, np.ones(1000))
    assert made.listed.sum() <= 2
    assert np.isnan(made.exponent)
    worst = int(counts.argmax())
    assert made.estimate[worst] < counts[worst] / 2  # regression to the mean
