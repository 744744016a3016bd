"""Alone in a sample, alone in the population: estimates against populations that are known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from parvis.methods.population import _digamma, uniques


def population(seed: int) -> np.ndarray:
    """The class of each of 60,000 people: a few large classes, many of one or two."""
    rng = np.random.default_rng(seed)
    return rng.zipf(1.6, 60_000) % 50_000


@pytest.mark.parametrize("fraction", [0.05, 0.2, 0.5])
def test_estimates_stand_around_the_truth_and_under_the_bound(fraction: float) -> None:
    for seed in range(4):
        people = population(seed)
        truth = int(np.count_nonzero(np.unique(people, return_counts=True)[1] == 1))
        drawn = np.random.default_rng(seed + 50).choice(people, int(len(people) * fraction), replace=False)
        found = uniques(np.unique(drawn, return_counts=True)[1], fraction)
        assert found.method == "Pitman"
        assert 0.5 * truth < found.population < 2 * truth
        assert found.population <= found.cautious <= found.bound
        assert truth <= found.bound * 1.05
        assert 0 < found.correct <= 1


def test_the_whole_population_is_counted() -> None:
    found = uniques(np.array([1, 1, 2, 3]), 1.0)
    assert (found.sample, found.population, found.cautious, found.bound, found.correct) == (
        2,
        2.0,
        2.0,
        2.0,
        1.0,
    )
    assert uniques(np.array([2, 3]), 0.1).population == 0
    assert uniques(np.array([1] * 5), 0.1).method == "Zayatz"
    for wrong in (0.0, 1.5):
        with pytest.raises(ValueError, match="fraction"):
            uniques(np.array([1]), wrong)


def test_digamma_is_the_slope_of_log_gamma() -> None:
    for x in (0.01, 0.5, 1.0, 3.3, 8.0, 250.0):
        step = 1e-5 * max(1.0, x) if x > 0.1 else 1e-7
        slope = (math.lgamma(x + step) - math.lgamma(x - step)) / (2 * step)
        assert _digamma(x) == pytest.approx(slope, rel=1e-5)
    assert _digamma(1.0) == pytest.approx(-0.5772156649015329, abs=1e-11)
