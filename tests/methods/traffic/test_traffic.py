"""Traffic from counts: cleaning by the rules, the diagram that data were drawn from, states with doubt, forecasts
that look at nothing later, intervals that hold what they say, planted faults found and nothing else.
"""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from bench.traffic_cases import disturb, draw, plant

from parvis.methods.traffic import cleaning, fundamental, profile
from parvis.methods.traffic.cleaning import Fault
from parvis.methods.traffic.forecast import ahead, forecasts, learn, naive, within
from parvis.methods.traffic.fundamental import BLOCKED, FLUID, HEAVY, SATURATED, UNKNOWN
from parvis.methods.traffic.grid import SATURDAY, UNWORKED, WORKED, grid, placed
from parvis.methods.traffic.health import faults

PARIS = ZoneInfo("Europe/Paris")
MONDAY_S = 1_789_336_800  # 2026-09-14 00:00 in Paris


# --- the grid -----------------------------------------------------------------------------------------------


def test_slots_are_of_the_local_day_also_when_the_clock_changes() -> None:
    # 25 October 2026 has 25 hours in Paris, the hour of 2 twice
    made = grid(1_792_879_200, 3600, 25, PARIS)
    assert made.slot.tolist() == [0, 1, 2, 2, *range(3, 24)]
    assert set(made.kind.tolist()) == {UNWORKED}


def test_days_are_worked_saturdays_or_without_work() -> None:
    made = grid(MONDAY_S, 3600, 24 * 7, PARIS, [date(2026, 9, 16)])
    assert made.kind[::24].tolist() == [WORKED, WORKED, UNWORKED, WORKED, WORKED, SATURDAY, UNWORKED]


def test_a_step_that_does_not_divide_a_day_is_refused() -> None:
    with pytest.raises(ValueError, match="divide"):
        grid(0, 7 * 60, 10, PARIS)


def test_what_nobody_measured_is_not_zero() -> None:
    made = placed(np.array([5.0]), np.array([1]), np.array([0]), (2, 2))
    assert made[0, 1] == 5.0
    assert np.isnan(made).sum() == 3


# --- cleaning -----------------------------------------------------------------------------------------------


def _flags(q: list[float], k: list[float], lanes: float = 1.0, step_s: int = 360) -> list[int]:
    when = grid(MONDAY_S, step_s, len(q), PARIS)
    made = cleaning.flags(np.array(q)[:, None], np.array(k)[:, None], when, np.array([lanes]))
    return [int(v) for v in made[:, 0]]


NAN = float("nan")


@pytest.mark.parametrize(
    ("q", "k", "fault"),
    [
        (-1.0, 5.0, Fault.RANGE),
        (2401.0, 30.0, Fault.RANGE),
        (500.0, -0.1, Fault.RANGE),
        (500.0, 100.1, Fault.RANGE),
        (0.0, 10.1, Fault.PAIR),
        (600.0, 0.0, Fault.PAIR),
        (NAN, NAN, Fault.MISSING),
        (2400.0, 40.0, 0),
        (0.0, 0.0, 0),
        (0.0, 10.0, 0),
        (NAN, 12.0, 0),
        (700.0, NAN, 0),
    ],
)
def test_one_measure_by_the_rules(q: float, k: float, fault: int) -> None:
    assert _flags([q], [k]) == [fault]


def test_two_lanes_pass_twice_as_much() -> None:
    assert _flags([4000.0], [30.0], lanes=2) == [0]


def test_a_loop_that_is_full_for_hours_is_broken_for_a_queue_is_not() -> None:
    jam = [600.0 + t for t in range(40)]
    assert not any(v & Fault.FULL for v in _flags(jam, [61.0 + t / 100 for t in range(19)] + [30.0] * 21))
    assert (
        sum(bool(v & Fault.FULL) for v in _flags(jam, [61.0 + t / 100 for t in range(20)] + [30.0] * 20))
        == 20
    )


def test_the_same_pair_four_times_is_stuck_three_times_is_not() -> None:
    q, k = [400.0, 500.0, 500.0, 500.0, 410.0, 420.0], [5.0, 6.1, 6.1, 6.1, 5.2, 5.3]
    assert not any(v & Fault.STUCK for v in _flags(q, k))
    q[4], k[4] = 500.0, 6.1
    assert [bool(v & Fault.STUCK) for v in _flags(q, k)] == [False, True, True, True, True, False]


def test_a_quiet_street_that_repeats_itself_is_not_stuck() -> None:
    assert not any(v & Fault.STUCK for v in _flags([20.0] * 12, [0.5] * 12))


def test_occupancy_that_stands_while_the_flow_moves_is_stuck() -> None:
    assert all(v & Fault.STUCK for v in _flags([500.0 + 10 * t for t in range(12)], [6.0] * 12))


def test_vehicles_have_the_length_of_vehicles() -> None:
    when = grid(MONDAY_S, 360, 2, PARIS)
    q, k, v = np.array([[600.0], [600.0]]), np.array([[8.0], [8.0]]), np.array([[40.0], [150.0]])
    found = cleaning.flags(q, k, when, np.array([1.0]), v)[:, 0]
    assert [bool(f & Fault.LENGTH) for f in found] == [False, True]  # 5.3 m and 20 m


def test_what_enters_a_node_leaves_it() -> None:
    entering, leaving = np.array([[100.0, 50.0], [NAN, 9.0]]), np.array([[120.0], [5.0]])
    assert cleaning.imbalance(entering, leaving) == pytest.approx(0.2)
    assert np.isnan(cleaning.imbalance(np.array([[NAN]]), np.array([[1.0]])))


def test_short_gaps_are_bridged_longer_ones_are_the_profile_and_said_so() -> None:
    values = np.array([[10.0], [NAN], [NAN], [40.0], [NAN], [NAN], [NAN], [50.0]])
    made, how = cleaning.estimates(values, np.full((8, 1), 7.0))
    assert made[:, 0].tolist() == [10, 20, 30, 40, 7, 7, 7, 50]
    assert how[:, 0].tolist() == [0, 1, 1, 0, 2, 2, 2, 0]


# --- profile and anomalies ----------------------------------------------------------------------------------


def test_a_profile_is_robust_and_an_anomaly_lasts_two_steps() -> None:
    when = grid(MONDAY_S, 3600, 24 * 21, PARIS)
    rng = np.random.default_rng(3)
    values = (100 + 10 * when.slot + rng.normal(0, 5, when.steps))[:, None]
    values[24 * 20 + 8] = 900.0  # a single wild hour
    values[24 * 16 + 8 : 24 * 16 + 10] = 900.0  # two running
    made = profile.profile(values, when)
    middle, deviation = made.at(when)
    assert abs(middle[24 * 20 + 8, 0] - 180) < 8
    assert cleaning.outliers(values, middle, deviation)[24 * 20 + 8, 0]
    far = profile.anomalies(profile.scores(values, middle, deviation))[:, 0]
    assert np.flatnonzero(far).tolist() == [24 * 16 + 9]


# --- the diagram --------------------------------------------------------------------------------------------


def _arc(
    seed: int, vf: float, capacity: float, w: float, points: int = 4000
) -> tuple[np.ndarray, np.ndarray]:
    """Points of a triangular diagram with noise."""
    rng = np.random.default_rng(seed)
    critical = capacity / vf
    density = (
        np.where(rng.random(points) < 0.75, rng.uniform(0.5, 1.0, points), rng.uniform(1.0, 2.6, points))
        * critical
    )
    q = np.minimum(vf * density, capacity - w * (density - critical))
    return q * np.exp(rng.normal(0, 0.05, points)), density * fundamental.EFFECTIVE_M / 10


@pytest.mark.parametrize(
    ("vf", "capacity", "w"), [(50.0, 1700.0, 15.0), (30.0, 900.0, 10.0), (80.0, 2000.0, 18.0)]
)
def test_the_diagram_that_points_were_drawn_from_is_found(vf: float, capacity: float, w: float) -> None:
    made = fundamental.fit(*_arc(5, vf, capacity, w))
    assert made.known
    assert made.vf == pytest.approx(vf, rel=0.06)
    assert made.capacity == pytest.approx(capacity, rel=0.12)
    assert made.critical_pct == pytest.approx(capacity / vf * fundamental.EFFECTIVE_M / 10, rel=0.15)
    assert made.w == pytest.approx(w, rel=0.4)


def test_too_few_points_give_no_state() -> None:
    q, k = _arc(5, 50, 1700, 15, points=30)
    made = fundamental.fit(q, k)
    assert not made.known
    state, doubt = fundamental.states(k, q, made)
    assert set(state.tolist()) == {UNKNOWN}
    assert set(doubt.tolist()) == {1.0}


def test_states_follow_the_limits_and_doubt_is_greatest_at_a_limit() -> None:
    made = fundamental.fit(*_arc(5, 50, 1700, 15))
    ratio = np.array([0.2, 0.6, 0.8, 1.5, 3.0, NAN])
    k = ratio * made.critical_pct
    q = np.full(6, NAN)
    state, doubt = fundamental.states(k, q, made)
    assert [state[0], *state[2:]] == [FLUID, HEAVY, SATURATED, BLOCKED, UNKNOWN]
    assert doubt[1] == pytest.approx(0.5, abs=0.05)
    assert doubt[0] < 0.01
    assert doubt[5] == 1.0


def test_a_crawl_is_blocked_whatever_the_occupancy_says() -> None:
    made = fundamental.fit(*_arc(5, 50, 1700, 15))
    k = np.array([1.5 * made.critical_pct])
    slow = 0.1 * made.vf * 10 * k / fundamental.EFFECTIVE_M
    assert fundamental.states(k, slow, made)[0].tolist() == [BLOCKED]


# --- forecasts ----------------------------------------------------------------------------------------------


def test_forecasts_look_at_nothing_later() -> None:
    street = draw(3, arcs=3, days=10, step_s=3600)
    whole = forecasts(street.q, street.grid, (1, 3))
    cut = street.q.copy()
    cut[150:] = 9_999.0
    again = forecasts(cut, street.grid, (1, 3))
    for h in (1, 3):
        assert np.array_equal(whole[h].value[: 150 + h], again[h].value[: 150 + h], equal_nan=True)


def test_what_a_night_learnt_says_is_near_what_the_replay_says() -> None:
    """The recent steps are read against the last profile, not against what it was at each of them."""
    street = draw(4, arcs=2, days=9, step_s=3600)
    steps = street.grid.steps - 3
    now = grid(street.grid.start_s, 3600, steps, PARIS)
    learnt, _ = learn(street.q[:steps], now, (1, 3))
    made = ahead(learnt, street.q[:steps], street.grid)
    replay = forecasts(street.q, street.grid, (1, 3))
    for h in (1, 3):
        at = steps - 1 + h
        assert made[h].value[0] == pytest.approx(replay[h].value[at], rel=0.05)
        width = replay[h].high[at] - replay[h].low[at]
        assert made[h].high[0] - made[h].low[0] == pytest.approx(width, rel=0.05)


def test_better_than_last_week_and_last_value_and_intervals_hold_four_of_five() -> None:
    street = draw(21, arcs=8, days=35, step_s=1800)
    made, others = forecasts(street.q, street.grid, (1,))[1], naive(street.q, street.grid, 1)
    asked = np.broadcast_to((np.arange(street.grid.steps) > street.grid.steps // 2)[:, None], street.q.shape)
    known = asked & ~np.isnan(street.q) & ~np.isnan(others[0]) & ~np.isnan(others[1])
    ours, week, last = (np.abs(v - street.q)[known].mean() for v in (made.value, *others))
    assert ours < 0.85 * min(week, last)
    assert 0.78 <= within(street.q, made, known) <= 0.82


def test_a_fall_of_all_traffic_is_followed_in_days_and_its_interval_widens_first() -> None:
    street = draw(22, arcs=4, days=56, step_s=3600)
    counts = street.q.copy()
    counts[24 * 28 :] = np.round(counts[24 * 28 :] * 0.3)
    made, week = forecasts(counts, street.grid, (1,))[1], naive(counts, street.grid, 1)[0]
    later = slice(24 * 30, 24 * 35)
    assert np.nanmean(np.abs(made.value - counts)[later]) < 0.5 * np.nanmean(np.abs(week - counts)[later])
    asked = np.zeros(counts.shape, np.bool_)
    asked[24 * 28 :] = True
    assert 0.76 <= within(counts, made, asked) <= 0.84


def test_a_counter_that_never_spoke_is_forecast_by_nothing() -> None:
    street = draw(23, arcs=2, days=8, step_s=3600)
    counts = street.q.copy()
    counts[:, 1] = np.nan
    made = forecasts(counts, street.grid, (1,))[1]
    assert np.isnan(made.value[:, 1]).all()
    assert not np.isnan(made.value[48:, 0]).any()


# --- detectors ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("occupancy", "step_s"), [(True, 360), (True, 3600), (False, 360), (False, 3600)])
def test_planted_faults_are_found_and_nothing_else(occupancy: bool, step_s: int) -> None:
    found = right = planted = 0
    for seed in (31, 32, 33):
        street, truth = plant(disturb(draw(seed, occupancy=occupancy, step_s=step_s), seed), seed)
        said = {one.series: one.kind for one in faults(street.q, street.k, street.grid)}
        found, right, planted = found + len(said), right + len(set(said) & set(truth)), planted + len(truth)
    assert right / found >= 0.95
    assert right / planted >= 0.95


def test_a_lockdown_is_no_fault() -> None:
    street = draw(41, arcs=12, step_s=3600)
    q, k = street.q.copy(), street.k.copy()
    q[24 * 18 :] = np.round(q[24 * 18 :] * 0.4)
    k[24 * 18 :] *= 0.4
    assert faults(q, k, street.grid) == ()


@pytest.mark.parametrize("size", [0.7, 1.4])
def test_traffic_that_goes_another_way_from_one_day_to_the_next_is_no_slide(size: float) -> None:
    street = draw(43, arcs=12, step_s=3600, occupancy=False)
    q = street.q.copy()
    q[24 * 17 :, 3] = np.round(q[24 * 17 :, 3] * size)
    assert faults(q, street.k, street.grid) == ()


@pytest.mark.parametrize("step_s", [360, 3600])
def test_a_slide_is_seen_in_counts_alone(step_s: int) -> None:
    street = draw(44, arcs=12, step_s=step_s, occupancy=False)
    q, steps = street.q.copy(), len(street.q)
    days = np.maximum(0, np.arange(steps) - steps // 2) * step_s / 86_400
    q[:, 5] *= np.exp(-0.03 * days)
    (one,) = faults(q, street.k, street.grid)
    assert (one.series, one.kind) == (5, "drift")
    assert one.size == pytest.approx(np.exp(-0.03 * 14), rel=0.2)


def test_a_fault_says_since_when_and_how_much() -> None:
    street = draw(42, arcs=12, step_s=360)
    q = street.q.copy()
    q[240 * 20 :, 4] *= 2
    (one,) = faults(q, street.k, street.grid)
    assert (one.series, one.kind) == (4, "double")
    assert abs(one.since - 240 * 20) <= 240
    assert one.size == pytest.approx(2, rel=0.15)
