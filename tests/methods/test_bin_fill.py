"""How bins fill: what is learned against planted truth, the risk against what then happened, and the year's
rounds against the calendar.
"""

from __future__ import annotations

import numpy as np
import pytest
from bench.waste_bins import calendar, fixed, forecast, run, town

from parvis.methods import bin_fill
from parvis.methods.bin_fill import Filling, Spans
from parvis.methods.rounds.season import Truth, deposits


def emptied(seed: int, *, bins: int = 60, days: int = 140, every: int = 3) -> tuple[Truth, Spans]:
    """Bins emptied every few days; what was found is cut off at full."""
    rng = np.random.default_rng(seed)
    week = np.array([1.4, 0.8, 0.9, 0.9, 1.0, 1.3, 0.7])
    truth = Truth(rng.lognormal(np.log(0.2), 0.5, bins), week / week.mean(), 0.05)
    brought = np.stack(
        [rng.gamma(truth.rate * truth.week[d % 7] / truth.noise, truth.noise) for d in range(days)]
    )
    which, when, level = [], [], []
    for b in range(bins):
        last, full = 0, 0.0
        for d in range(days):
            if (d + b) % every == 0 and d > last:
                which.append(b)
                when.append(float(d))
                level.append(min(1.0, full))
                full, last = 0.0, d
            full += brought[d, b]
    return truth, bin_fill.from_emptyings(np.array(which), np.array(when), np.array(level))


def test_weekdays_are_counted_with_their_parts() -> None:
    assert bin_fill.weekdays(np.array([0.5, 6.0, 20.0]), np.array([1.0, 15.0, 21.0])).tolist() == [
        [0.5, 0, 0, 0, 0, 0, 0],
        [2, 1, 1, 1, 1, 1, 2],
        [0, 0, 0, 0, 0, 0, 1],
    ]


def test_rates_weekdays_and_noise_are_found_again() -> None:
    truth, spans = emptied(1)
    learned = bin_fill.learn(spans, np.zeros(60, np.int64), now=140.0, half_life_days=1e9)
    assert np.abs(learned.rate / truth.rate - 1).mean() < 0.08
    assert np.abs(learned.week - truth.week).max() < 0.12
    assert learned.noise == pytest.approx(truth.noise, rel=0.35)
    inside = np.abs(learned.rate - truth.rate) < 2 * learned.doubt
    assert inside.mean() > 0.85


def test_bins_found_full_are_not_taken_for_just_full() -> None:
    """Emptied every six days, most are found full: taking that for what they took would lose a quarter of the
    rate of the busy ones.
    """
    truth, spans = emptied(2, every=6)
    assert spans.full.mean() > 0.4
    learned = bin_fill.learn(spans, np.zeros(60, np.int64), now=140.0, half_life_days=1e9)
    naive = bin_fill.learn(
        Spans(spans.bins, spans.since, spans.until, spans.taken, np.zeros(len(spans), np.bool_)),
        np.zeros(60, np.int64),
        now=140.0,
        half_life_days=1e9,
    )
    busy = (truth.rate > 0.17) & (truth.rate < 0.3)
    assert np.median(learned.rate[busy] / truth.rate[busy]) == pytest.approx(1, abs=0.1)
    assert np.median(naive.rate[busy] / truth.rate[busy]) < 0.8


def test_a_bin_that_nobody_looked_at_is_like_its_group_and_in_doubt() -> None:
    spans = Spans(
        np.repeat(np.arange(4), 10),
        np.tile(np.arange(10.0), 4),
        np.tile(np.arange(1.0, 11.0), 4),
        np.repeat([0.1, 0.12, 0.5, 0.55], 10),
        np.zeros(40, np.bool_),
    )
    learned = bin_fill.learn(spans, np.array([0, 0, 1, 1, 0, 1, 2]), now=10.0)
    assert learned.rate[4] == pytest.approx(0.11, abs=0.02)
    assert learned.rate[5] == pytest.approx(0.525, abs=0.03)
    assert learned.rate[6] == pytest.approx(0.3175, abs=0.05)
    assert learned.doubt[4] >= learned.doubt[0]


def test_the_risk_comes_true_as_often_as_it_says() -> None:
    """Bins on held-out weeks, forecast one to four days ahead from their last emptying: in each class of risk
    what overflowed lies near what was said.
    """
    truth, spans = emptied(3, bins=200)
    learned = bin_fill.learn(spans, np.zeros(200, np.int64), now=140.0, half_life_days=1e9)
    rng = np.random.default_rng(99)
    said: list[np.ndarray] = []
    came: list[np.ndarray] = []
    for start in range(140, 240):
        total = np.zeros(200)
        for ahead in range(1, 5):
            total += rng.gamma(truth.rate * truth.week[(start + ahead - 1) % 7] / truth.noise, truth.noise)
            said.append(
                bin_fill.overflow(learned, np.zeros(200), np.full(200, float(start)), float(start + ahead))
            )
            came.append(total > 1)
    risk, happened = np.concatenate(said), np.concatenate(came).astype(float)
    for low, high in ((0.0, 0.05), (0.05, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.0)):
        some = (risk >= low) & (risk < high)
        assert some.sum() > 300
        assert happened[some].mean() == pytest.approx(risk[some].mean(), abs=0.06)
    base = np.mean((happened.mean() - happened) ** 2)
    assert np.mean((risk - happened) ** 2) < 0.55 * base


def test_a_known_level_counts() -> None:
    learned = Filling(np.array([0.1, 0.1, 0.1]), np.array([0.01, 0.01, 0.01]), np.ones(7), 0.05)
    risk = bin_fill.overflow(learned, np.array([0.0, 0.8, 1.0]), np.zeros(3), 2.0)
    assert risk[0] < 0.01
    assert 0.2 < risk[1] < 0.7
    assert risk[2] == 1.0
    assert bin_fill.expected(learned, np.array([0.0, 0.8, 1.0]), np.zeros(3), 2.0) == pytest.approx(
        [0.2, 1.0, 1.2]
    )


def test_levels_of_a_sensor_become_spans() -> None:
    """A fall is an emptying; small falls are noise; readings an hour apart are one; a full bin tells nothing
    more.
    """
    day = np.array([0.0, 0.04, 1.0, 2.0, 2.1, 3.0, 4.0, 5.0, 6.0])
    level = np.array([0.1, 0.12, 0.4, 0.7, 0.05, 0.2, 0.18, 1.0, 1.0])
    spans = bin_fill.from_levels(np.zeros(9, np.int64), day, level)
    assert spans.since.tolist() == pytest.approx([0.0, 1.0, 2.1, 3.0, 4.0])
    assert spans.taken.tolist() == pytest.approx([0.3, 0.3, 0.15, 0.0, 0.82])
    assert spans.full.tolist() == [False, False, False, False, True]
    assert len(bin_fill.from_levels(np.zeros(1, np.int64), np.zeros(1), np.zeros(1))) == 0


def test_an_emptying_noted_twice_and_a_sensor_that_stopped_teach_nothing_wrong() -> None:
    """A badge read again 20 minutes later is no bin that filled up in 20 minutes; a sensor at 37 % for two
    weeks is no bin that nobody uses.
    """
    day, level = np.array([0.0, 3.0, 6.0]), np.array([0.5, 0.6, 0.55])
    once = bin_fill.from_emptyings(np.zeros(3, np.int64), day, level)
    twice = bin_fill.from_emptyings(np.zeros(6, np.int64), np.r_[day, day + 20 / 1440], np.r_[level, level])
    assert (once.since.tolist(), once.taken.tolist()) == (twice.since.tolist(), twice.taken.tolist())
    at = np.arange(14.0)
    runs = [
        (np.full(14, 0.37), 13),
        (np.full(14, 1.0), 0),
        (np.r_[np.full(7, 0.3), np.linspace(0.31, 0.4, 7)], 0),
        (np.r_[0.1, np.full(13, 0.0)], 12),
    ]
    for said, stopped in runs:
        assert bin_fill.stuck(np.zeros(14, np.int64), at, said).sum() == stopped
    both = bin_fill.stuck(
        np.r_[np.zeros(14), np.ones(14)].astype(np.int64), np.r_[at, at], np.r_[np.full(14, 0.37), at / 14]
    )
    assert both.tolist() == [False, *[True] * 13, *[False] * 14]


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing is known"):
        bin_fill.learn(bin_fill.NONE, np.zeros(3, np.int64), now=1.0)
    bad = Spans(np.zeros(1, np.int64), np.ones(1), np.ones(1), np.ones(1), np.zeros(1, np.bool_))
    with pytest.raises(ValueError, match="without length"):
        bin_fill.learn(bad, np.zeros(1, np.int64), now=2.0)
    assert (
        len(
            bin_fill.from_emptyings(
                np.zeros(3, np.int64), np.array([1.0, 1.0, 2.0]), np.array([0.1, 0.2, np.nan])
            )
        )
        == 0
    )


def test_what_falls_into_the_bins_is_the_truth_s() -> None:
    truth = Truth(np.array([0.1, 0.4]), np.ones(7), 0.05)
    brought = deposits(truth, 3650, 1)
    assert brought.mean(axis=0) == pytest.approx(
        truth.rate * 1.02, rel=0.05
    )  # a day in a hundred brings three times as much


def test_rounds_of_the_day_beat_the_calendar_on_the_same_weeks() -> None:
    """A small town, six weeks after four of warming up: fewer kilometres, and no more bins over full. The
    whole year is in bench/waste.py.
    """
    place = town(7, bins=50, trucks=2, pace=0.5)
    today = fixed(place, calendar(place, 0.75), load=0.85, iterations=200)
    before = run(place, today, weeks=6, seed=21)
    after = run(place, forecast(place, 5000.0, today, iterations=100), weeks=6, seed=21)
    assert after.metres < 0.85 * before.metres
    assert after.overflowed <= before.overflowed
    assert before.bin_days == after.bin_days == 50 * 42
