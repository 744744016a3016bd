"""Patrols sent where patrols were: under our rule they follow what happens, under a naive one they run away."""

from __future__ import annotations

import numpy as np
import pytest

from parvis.methods.incidents.feedback import drift

RATES = (
    (0.6, 0.4),  # the two neighbourhoods of the literature
    (0.6, 0.4, 0.5, 0.3, 0.2),
    (3, 2, 2, 1, 1, 1),
)


@pytest.mark.parametrize("rates", RATES)
@pytest.mark.parametrize("seed", range(3))
def test_what_is_reported_keeps_patrols_where_incidents_are(rates: tuple[float, ...], seed: int) -> None:
    assert drift(10 * np.array(rates) / sum(rates), counts="reported", seed=seed).stable


@pytest.mark.parametrize("rates", RATES)
@pytest.mark.parametrize("seed", range(3))
def test_what_patrols_find_runs_away(rates: tuple[float, ...], seed: int) -> None:
    """One place ends with far more patrols than its share of what happens."""
    told = drift(10 * np.array(rates) / sum(rates), counts="all", seed=seed)
    assert not told.stable
    assert told.off > 0.2
    assert told.patrols.max() > 1.4 * told.true.max()


def test_nowhere_is_no_place() -> None:
    with pytest.raises(ValueError, match="two places"):
        drift([1.0], counts="all")
