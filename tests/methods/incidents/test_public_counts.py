"""Counts that may be shown: never a small one, and none that follows from the others."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from parvis.methods.incidents.public_counts import closed, shown_cells, shown_months


def test_fewer_than_five_and_cells_under_two_hundred_metres_are_never_shown() -> None:
    assert shown_months([[4, 5], [0, 12]]).tolist() == [[False, True], [False, True]]
    with pytest.raises(ValueError, match="fewer than 5"):
        shown_months([[9]], least=3)
    with pytest.raises(ValueError, match="fewer than 5"):
        shown_cells([9, 9], 18, 200, least=4)
    with pytest.raises(ValueError, match="199"):
        shown_cells([9, 9], 18, 199)


def test_a_rest_that_would_give_one_cell_away_takes_the_smallest_shown_with_it() -> None:
    """9 + 7 + 6 of 25 leave 3 in one cell: 6 goes too, and the rest is 9 in two cells."""
    assert shown_cells([9, 3, 7, 6, 0], 25, 200).tolist() == [True, False, True, False, False]
    assert shown_cells([9, 0, 7], 16, 200).tolist() == [True, False, True]  # nothing is hidden
    assert shown_cells([9, 2, 7, 4, 1], 23, 200).tolist() == [True, False, True, False, False]


def test_cells_never_hold_more_than_the_shown_months() -> None:
    """Months show 14 of 16: cells that held 16 would give the hidden month away."""
    shown = shown_cells([9, 7, 0], 14, 200)
    assert np.array([9, 7, 0])[shown].sum() <= 14


def test_at_random_what_is_left_is_nothing_or_five_in_two_cells() -> None:
    rng = np.random.default_rng(1)
    for _ in range(300):
        counts = rng.poisson(rng.choice([0.3, 2.0, 6.0]), 12)
        most = int(counts.sum() - rng.integers(0, 5))
        shown = shown_cells(counts, most, 250)
        rest = counts[~shown]
        assert not shown.any() or not rest.any() or (rest.sum() >= 5 and (rest > 0).sum() > 1)
        assert counts[shown].sum() <= max(0, most)
        assert (counts[shown] >= 5).all()


def test_a_period_is_shown_a_month_after_its_end() -> None:
    assert not closed(date(2026, 1, 1), date(2026, 1, 31))
    assert closed(date(2026, 1, 1), date(2026, 2, 1))
