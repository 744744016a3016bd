"""Weeks out of the ordinary, beside R's surveillance 1.24.1 and by hand."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from parvis.methods.outbreaks.cusum import cusum_counts, cusum_rossi, evidence, log_chance
from parvis.methods.outbreaks.ears import ears_c1, ears_c2, ears_c3
from parvis.methods.outbreaks.farrington import (
    Settings,
    farrington,
    farrington_flexible,
    reference_levels,
)
from parvis.methods.outbreaks.weekly_watch import usual, watch


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def numbers(told: Sequence[Mapping[str, str]], column: str) -> np.ndarray:
    return np.array([np.nan if row[column] == "NA" else float(row[column]) for row in told])


@pytest.fixture(scope="module")
def series(shared: Path) -> Path:
    return shared / "data" / "health" / "surveillance"


def agona(series: Path) -> np.ndarray:
    return numbers(rows(series / "salmonella_agona.csv"), "y")


# --- EARS, CUSUM --------------------------------------------------------------------------------------------


def test_ears_equals_that_of_r(series: Path) -> None:
    told, y = rows(series / "agona_earsC1.csv"), agona(series)
    weeks = numbers(told, "t").astype(int) - 1
    bound = ears_c1(y)[weeks]
    np.testing.assert_allclose(bound, numbers(told, "ub"), rtol=1e-9)
    assert [str(alarm).upper() for alarm in y[weeks] > bound] == [row["alarm"] for row in told]


def test_ears_by_hand() -> None:
    y = np.array([1.0, 3, 2, 5, 4, 2, 1, 9, 9, 6, 20])
    assert np.isnan(ears_c1(y)[:7]).all()
    assert np.isnan(ears_c2(y)[:9]).all()
    first, z = y[:7], 3.090232306167813
    assert ears_c2(y)[9] == pytest.approx(first.mean() + z * first.std(ddof=1))
    score = [(y[t] - y[t - 9 : t - 2].mean()) / y[t - 9 : t - 2].std(ddof=1) for t in range(9, 11)]
    assert np.isnan(ears_c3(y)[10]), "two statistics come before the first bound"
    longer = np.append(y, 7.0)
    mean, sd = longer[2:9].mean(), longer[2:9].std(ddof=1)
    over = sum(max(0.0, s - 1) for s in score)
    assert ears_c3(longer)[11] == pytest.approx(max(0.0, mean + sd * (1.959963984540054 - over)))


def test_both_forms_of_c3_ring_as_they_are_defined() -> None:
    y = np.random.default_rng(2).poisson(4, 300).astype(float)
    y[150:154] += (4, 6, 7, 8)
    mean = np.array([y[t - 9 : t - 2].mean() if t >= 9 else np.nan for t in range(300)])
    sd = np.array([y[t - 9 : t - 2].std(ddof=1) if t >= 9 else np.nan for t in range(300)])
    over = np.maximum(0.0, (y - mean) / sd - 1)
    summed = over[2:] + over[1:-1] + over[:-2]
    with np.errstate(invalid="ignore"):
        rung = (y > ears_c3(y, form="hutwagner"))[2:]
    assert np.array_equal(rung & (over[2:] > 0), (summed > 1.959963984540054) & (over[2:] > 0))
    assert rung[148:152].any()


def test_a_baseline_that_never_moved_bounds_at_itself() -> None:
    assert ears_c1(np.array([2.0] * 8))[-1] == 2.0
    assert ears_c3(np.array([0.0] * 11 + [3.0, 0, 0]))[11] == 0.0


def test_the_cusum_of_rossi_equals_that_of_r(series: Path) -> None:
    told, y = rows(series / "agona_cusum_rossi.csv"), agona(series)
    weeks = numbers(told, "t").astype(int) - 1
    made = cusum_rossi(y[weeks], float(y[: weeks[0]].mean()))
    assert np.array_equal(made.alarms, numbers(told, "alarm") == 1)
    np.testing.assert_allclose(made.bounds, numbers(told, "ub"), rtol=1e-9)


def test_the_evidence_of_counts_is_the_ratio_of_their_chances() -> None:
    y, mu = np.array([0.0, 3, 11]), np.array([2.0, 3.5, 5])
    for size in (1.5, 40.0, float("inf")):
        gain, offset = evidence(mu, size, 1.6)
        ratio = log_chance(y, 1.6 * mu, size) - log_chance(y, mu, size)
        np.testing.assert_allclose(gain * y - offset, ratio, rtol=1e-10, atol=1e-12)


def test_counts_that_rise_a_little_for_long_ring_and_bounds_say_from_when() -> None:
    rng = np.random.default_rng(8)
    mu = 6 + 3 * np.sin(np.arange(150) / 8)
    y = rng.negative_binomial(10, 10 / (10 + mu)).astype(float)
    assert not cusum_counts(y, mu, 10.0).alarms[:100].any()
    y[100:] = rng.negative_binomial(10, 10 / (10 + 2 * mu[100:]))
    made = cusum_counts(y, mu, 10.0)
    first = int(np.flatnonzero(made.alarms)[0])
    assert 100 <= first < 110
    assert y[first] >= made.bounds[first]
    assert (y[:first] < made.bounds[:first]).all()


# --- Farrington ---------------------------------------------------------------------------------------------


def test_the_form_of_1996_equals_that_of_r(series: Path) -> None:
    told, y = rows(series / "agona_farrington.csv"), agona(series)
    made = farrington(y, [int(week) - 1 for week in numbers(told, "t")])
    bound = numbers(told, "ub")
    np.testing.assert_allclose(np.nan_to_num(made.bound[0]), bound, rtol=1e-9)
    assert np.array_equal(np.isnan(made.bound[0]), bound == 0), "R's 0 of too few cases is no number here"
    assert np.array_equal(made.alarms[0], numbers(told, "alarm") == 1)
    assert made.alarms.sum() == 9


NEWPORT = Settings(
    years=4, half_window=3, levels=1, threshold=1.0, left_out=3, trend_p=0.05, alpha=0.01, bound="delta"
)


def newport(series: Path) -> tuple[np.ndarray, list[date]]:
    told = rows(series / "salmNewport_total.csv")
    return numbers(told, "y"), [date.fromisoformat(row["date"]) for row in told]


def test_the_flexible_form_equals_that_of_r(series: Path) -> None:
    y, dates = newport(series)
    told = rows(series / "salmNewport_farringtonFlexible_ctl1.csv")
    watched = [dates.index(date.fromisoformat(row["date"])) for row in told]
    made = farrington_flexible(y, watched, dates=dates, settings=NEWPORT)
    for column, ours in (
        ("ub", made.bound),
        ("score", made.score),
        ("pval", made.p),
        ("phi", made.dispersion),
        ("trend", made.trend.astype(float)),
    ):
        np.testing.assert_allclose(ours[0], numbers(told, column), rtol=1e-6, atol=1e-9, err_msg=column)
    seen = ~np.isnan(numbers(told, "exp"))
    np.testing.assert_allclose(made.expected[0][seen], numbers(told, "exp")[seen], rtol=1e-6)
    assert [str(alarm).upper() for alarm in made.alarms[0]] == [row["alarm"] for row in told]


def test_many_series_are_each_as_alone(series: Path) -> None:
    y, dates = newport(series)
    many = np.random.default_rng(3).poisson(np.maximum(y, 0.3), (30, len(y))).astype(float)
    many[7] = 0.0
    together = farrington_flexible(many, range(424, 440), dates=dates)
    for row in (0, 7, 29):
        alone = farrington_flexible(many[row], range(424, 440), dates=dates)
        np.testing.assert_allclose(together.bound[row], alone.bound[0], rtol=1e-9)
        np.testing.assert_allclose(together.expected[row], alone.expected[0], rtol=1e-9)
    assert not together.alarms[7].any()


def test_levels_of_the_season_cover_the_year_as_even_as_can_be() -> None:
    t = 300
    levels = reference_levels(t, Settings(years=2, half_window=3, levels=10, left_out=26))
    assert min(levels) == t - 104 - 3
    assert max(levels) == t - 27
    assert [levels[t - 52 + k] for k in (-4, -3, 0, 3, 4)] == [9, 10, 10, 10, 1]
    between = [levels[week] for week in range(t - 104 + 4, t - 52 - 3)]
    assert between == sorted(between)
    assert [between.count(k) for k in range(1, 10)] == [5] * 9
    assert reference_levels(100, Settings(years=2)) == {}


def test_reference_weeks_keep_their_weekday() -> None:
    first = date(2004, 1, 5)
    dates = [first + timedelta(weeks=k) for k in range(640)]
    t = dates.index(date(2015, 12, 28))  # a year of 53 weeks
    levels = reference_levels(t, NEWPORT, dates=dates)
    centres = sorted(levels)[3::7]
    assert [dates[c] for c in centres] == [
        date(2011, 12, 26),
        date(2012, 12, 31),
        date(2013, 12, 30),
        date(2014, 12, 29),
    ]
    leap = dates.index(date(2016, 2, 29))
    assert dates[sorted(reference_levels(leap, NEWPORT, dates=dates))[3 + 21]] == date(2015, 3, 2)


def test_too_few_years_or_cases_say_nothing() -> None:
    y = np.ones(300)
    made = farrington_flexible(y, [50, 299], settings=NEWPORT)
    assert np.isnan(made.expected[0, 0])
    assert not made.alarms[0, 0]
    assert made.expected[0, 1] == pytest.approx(1.0)
    assert np.isnan(made.bound[0, 1])
    with pytest.raises(ValueError, match="missing"):
        farrington([1.0, np.nan], [1])


def sparse(rng: np.random.Generator, kind: int, weeks: int) -> np.ndarray:
    """Weeks of a place where next to nobody is ill, or where it goes up or down without end."""
    y = np.zeros(weeks)
    if kind == 0:
        some = int(rng.integers(1, 6))
        y[rng.integers(0, weeks, some)] = rng.integers(1, 4000, some)
    elif kind == 1:
        y = rng.poisson(rng.choice([0.01, 0.05, 0.3]), weeks).astype(float)
    elif kind == 2:
        y = rng.poisson(np.exp(np.linspace(rng.uniform(-20, 3), rng.uniform(-20, 9), weeks))).astype(float)
    else:
        y = (rng.random(weeks) < 0.03) * rng.integers(1, 10**6, weeks).astype(float)
    return y


@pytest.mark.parametrize("kind", range(4))
def test_places_where_next_to_nobody_is_ill_are_judged_without_a_fault(kind: int) -> None:
    """A week's means are numbers and its alarms stand above them, whatever the past was (warnings are errors here)."""
    rng = np.random.default_rng(50 + kind)
    for k in range(60):
        weeks = int(rng.integers(180, 330))
        y = sparse(rng, kind, weeks)
        y[: weeks // 2 if k % 5 == 0 else 0] = 0
        now = range(weeks - 20, weeks)
        for made in (
            farrington_flexible(y, now, settings=Settings(years=2, alpha=0.01)),
            farrington_flexible(y, now, settings=Settings(years=(weeks - 25) // 52)),
            farrington(y, now),
        ):
            assert np.isfinite(made.expected[~np.isnan(made.expected)]).all()
            assert (y[now][made.alarms[0]] > made.expected[0][made.alarms[0]]).all()
        if k % 10 == 0:
            quiet = watch(y, 20)
            assert quiet is not None
            assert np.isfinite(quiet.usual).all()


def test_a_year_without_some_of_its_levels_says_nothing() -> None:
    made = farrington_flexible(np.full(120, 4.0), range(100, 120), settings=Settings(years=1))
    assert np.isnan(made.expected).all(), (
        "of the year before, what is left out held whole levels of the season"
    )
    assert not made.alarms.any()


# --- a series watched ---------------------------------------------------------------------------------------


def seasons(
    rng: np.random.Generator, level: float, size: float, weeks: int = 312
) -> tuple[np.ndarray, np.ndarray]:
    means = level * np.exp(0.4 * np.sin(2 * np.pi * np.arange(weeks) / 52.18))
    return rng.negative_binomial(size, size / (size + means)).astype(float), means


def test_chance_rings_about_as_seldom_as_is_asked_and_outbreaks_ring_soon() -> None:
    rng = np.random.default_rng(31)
    alarms, found, waited = 0, 0, list[int]()
    for _ in range(60):
        y, means = seasons(rng, float(np.exp(rng.uniform(0.5, 3))), float(rng.choice([3.0, 10, 50])))
        quiet = watch(y, 104)
        assert quiet is not None
        alarms += int(quiet.onsets.sum())
        y[270:276] += rng.poisson(1.5 * means[270:276])
        made = watch(y, 104)
        assert made is not None
        rung = np.flatnonzero(made.alarms[270 - 208 : 278 - 208])
        found += len(rung) > 0
        waited += [int(rung[0])] if len(rung) else []
    # Half an alarm a year was asked for, so 60 of these 120 years: the 99 % band of a Poisson law.
    assert 41 <= alarms <= 81
    assert found >= 54
    assert np.mean(waited) < 2


def test_an_outbreak_of_the_past_does_not_hide_one_of_today() -> None:
    y, _ = seasons(np.random.default_rng(4), 6.0, 20.0)
    clean = usual(y[None], 208)
    y[100:106] += 60
    after = usual(y[None], 208)
    assert np.abs(after.means / clean.means - 1).max() < 0.15
    assert after.sizes[0] > 3


def test_how_much_weeks_vary_is_learnt() -> None:
    y, _ = seasons(np.random.default_rng(9), 8.0, 10.0)
    assert 5 < usual(y[None], 300).sizes[0] < 20
    assert usual(np.full((1, 120), 4.0), 110).sizes[0] == np.inf


def test_what_was_never_there_rings_at_its_third_case() -> None:
    y = np.zeros(160)
    y[-1] = 3
    made = watch(y, 20)
    assert made is not None
    assert made.alarms.tolist() == [False] * 19 + [True]
    assert watch(np.zeros(60), 20) is None
    with pytest.raises(ValueError, match="rise"):
        watch(y, 20, rise=1.0)
