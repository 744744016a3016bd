"""Supplies added one by one: against every choice, and a bound that no choice passes."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from parvis.methods.incidents.one_more import add


def worth(near: np.ndarray, lack: np.ndarray, weights: np.ndarray, chosen: tuple[int, ...]) -> float:
    had = near[list(chosen)].sum(axis=0) if chosen else np.zeros(len(lack))
    return float((weights * np.minimum(1.0, had / lack)).sum())


@pytest.mark.parametrize("seed", range(12))
def test_against_every_choice(seed: int) -> None:
    rng = np.random.default_rng(seed)
    near = rng.integers(0, 90, (9, 14)) * (rng.random((9, 14)) < 0.35)
    lack, weights = rng.integers(20, 120, 14).astype(float), rng.integers(1, 5, 14).astype(float)
    place, thing = np.nonzero(near)
    for count in (1, 2, 3):
        added = add(place, thing, near[place, thing].astype(float), lack, count, weights=weights)
        best = max(worth(near, lack, weights, c) for c in itertools.combinations(range(9), count))
        assert added.gain == pytest.approx(worth(near, lack, weights, added.chosen))
        assert (1 - 1 / np.e) * best - 1e-9 <= added.gain <= best + 1e-9
        assert added.bound >= best - 1e-9
        assert count > 1 or added.gain == pytest.approx(added.bound)
        assert list(added.gains) == sorted(added.gains, reverse=True)


def test_nothing_is_chosen_that_adds_nothing() -> None:
    one = np.zeros(1, np.int64)
    added = add(one, one, np.array([50.0]), np.array([20.0]), 5)
    assert (added.chosen, added.gain, added.bound) == ((0,), 1.0, 1.0)
    nothing = add(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.array([20.0]), 5)
    assert (nothing.chosen, nothing.bound) == ((), 0.0)
    with pytest.raises(ValueError, match="lacks nothing"):
        add(one, one, np.ones(1), np.zeros(1), 1)
