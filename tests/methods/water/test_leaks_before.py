"""Leaks that ran before anybody watched: found against the model itself, none where it explains all, none where it is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from parvis.methods.water import leaks_before

Array = NDArray[np.float64]
NODES, READINGS = 60, 40


@dataclass(frozen=True)
class Linear:
    """A network whose readings follow leaks in proportion, and a model as wrong as its covariance says."""

    by_node: Array
    errors: Array
    measured: Array

    def covariance(self) -> Array:
        return self.errors

    def residual(self, leaks: Mapping[int, float]) -> Array:
        return self.measured - sum((self.by_node[n] * f for n, f in leaks.items()), np.zeros(READINGS))

    def signatures(self, leaks: Mapping[int, float], flow: float) -> Array:
        return self.by_node


def town(seed: int, leaks: Mapping[int, float], *, wrong: float = 1.0) -> Linear:
    """wrong: times that the model errs beyond what it thinks."""
    rng = np.random.default_rng(seed)
    signatures = 0.01 * rng.standard_normal((NODES, READINGS))
    error = 0.002 * rng.standard_normal((READINGS, READINGS))
    covariance = error @ error.T + 0.003**2 * np.eye(READINGS)
    noise = wrong * rng.multivariate_normal(np.zeros(READINGS), covariance)
    return Linear(signatures, covariance, sum((signatures[n] * f for n, f in leaks.items()), noise))


@pytest.mark.parametrize("seed", range(6))
def test_leaks_of_before_are_found_with_their_flow(seed: int) -> None:
    leaks = {7: 6.0, 23: 4.0, 51: 8.0}
    running = leaks_before.running(town(seed, leaks), 27)
    assert {leak.node for leak in running} == set(leaks)
    for leak in running:
        assert leak.night == 27
        assert leak.flow == pytest.approx(leaks[leak.node], abs=1.5)
        assert int(leak.probability.argmax()) == leak.node
        assert leak.probability.sum() == pytest.approx(1)


@pytest.mark.parametrize("seed", range(20))
def test_a_model_as_wrong_as_it_thinks_tells_no_leak(seed: int) -> None:
    assert leaks_before.running(town(seed, {}), 27) == ()


@pytest.mark.parametrize("seed", range(10))
def test_a_model_that_is_wrong_beyond_what_it_thinks_tells_nothing(seed: int) -> None:
    """Its errors would be taken for leaks: what is left after them says that it is wrong."""
    assert leaks_before.running(town(seed, {7: 6.0}, wrong=6.0), 27) == ()
