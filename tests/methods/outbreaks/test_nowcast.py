"""Cases still to be told: beside R's surveillance 1.24.1, and on drawn epidemics whose end is known."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from parvis.methods.outbreaks.nowcast import cut, hazards, lawless, nowcast, told_shares, triangle


def drawn(seed: int, days: int = 160, longest: int = 10, level: float = 30.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    delay = stats.nbinom.pmf(np.arange(longest + 1), 3, 0.45)
    return np.array(
        [
            rng.multinomial(rng.poisson(level * (1.5 + np.sin(t / 15))), delay / delay.sum())
            for t in range(days)
        ],
        np.float64,
    )


def test_the_list_of_2011_equals_that_of_r(shared: Path) -> None:
    data = shared / "data" / "health" / "nowcast"
    with (data / "husO104Hosp.csv").open(newline="") as file:
        cases = [
            tuple(date.fromisoformat(row[k]) for k in ("dHosp", "dReport")) for row in csv.DictReader(file)
        ]
    first, today = min(day for day, _ in cases), date(2011, 6, 2)
    known = triangle(
        [(day - first).days for day, _ in cases],
        [(told - first).days for _, told in cases],
        (today - first).days,
        15,
    )
    made = lawless(known, variance="surveillance")
    with (data / "hus_nowcast_lawless_half.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            at = (date.fromisoformat(row["date"]) - first).days
            ours = [made.seen[at], *(made.quantiles[q][at] for q in (0.5, 0.025, 0.975))]
            assert ours == [float(row[k]) for k in ("observed", "nowcast", "lo", "hi")], row["date"]


def test_shares_told_by_hand() -> None:
    known = triangle([0, 0, 0, 0, 1, 1, 1, 2], [0, 0, 1, 2, 1, 2, 9, 2], 2, 2)
    assert np.array_equal(known, [[2, 1, 1], [1, 1, np.nan], [1, np.nan, np.nan]], equal_nan=True)
    # told at one day of those told within one: 2 of 5; at two days: 1 of 4
    np.testing.assert_allclose(hazards(known), [1, 2 / 5, 1 / 4])
    np.testing.assert_allclose(told_shares(known, hazards(known)), [1, 3 / 4, 3 / 5 * 3 / 4])
    made = lawless(known)
    np.testing.assert_allclose(made.expected, [4, 2 / 0.75, 1 / 0.45])
    with pytest.raises(ValueError, match="later"):
        triangle([3], [2], 5, 2)


@pytest.mark.parametrize("way", [lawless, nowcast])
def test_a_day_that_is_all_told_is_what_was_told(way: object) -> None:
    full = drawn(3)
    made = way(cut(full, 150))  # type: ignore[operator]
    truth = full.sum(axis=1)
    for told in (made.expected, *made.quantiles.values()):
        np.testing.assert_allclose(told[:140], truth[:140])
        assert (told[140:] >= made.seen[140:] - 1e-9).all()
    low, middle, high = (made.quantiles[q] for q in (0.025, 0.5, 0.975))
    assert (low <= middle).all()
    assert (middle <= high).all()


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Six epidemics replayed: 95 % intervals of the last week hold 90 to 98 %, and err less than Lawless."""
    held, ours, theirs = list[bool](), list[float](), list[float]()
    for seed in range(6):
        full = drawn(seed, level=8.0 + 10 * seed)
        truth = full.sum(axis=1)
        for today in range(100, 156, 11):
            known = cut(full, today)
            made, other = nowcast(known), lawless(known)
            for day in range(today - 6, today + 1):
                held.append(made.quantiles[0.025][day] <= truth[day] <= made.quantiles[0.975][day])
                ours.append(abs(made.quantiles[0.5][day] - truth[day]))
                theirs.append(abs(other.quantiles[0.5][day] - truth[day]))
    assert 0.90 <= np.mean(held) <= 0.98
    assert np.mean(ours) < 0.8 * np.mean(theirs)


@pytest.mark.parametrize("days", [1, 5, 12, 25])
def test_few_days_are_answered_with_what_there_is(days: int) -> None:
    made = nowcast(cut(drawn(1, days=days), days - 1))
    assert np.isfinite(made.expected).all()
    assert np.isfinite(made.quantiles[0.975]).all()
    assert np.isfinite(nowcast(cut(np.zeros((days, 6)), days - 1)).expected).all()
