"""Live choice among approved plans: better than the timetable on days that differ, never much worse on usual ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from parvis.methods.signals import plan_choice
from parvis.methods.signals.delay import plan_delay
from parvis.methods.signals.plan_choice import Decision, Rules
from parvis.methods.signals.values import Floats, Plan, junction

NONE = np.nan
AT = junction(("east", "north"), np.array([[NONE, 5.0], [5.0, NONE]]), np.array([1800.0, 1800.0]))
PLANS = (
    Plan(70, (((0, 30),), ((35, 30),))),
    Plan(90, (((0, 58),), ((63, 22),))),
    Plan(90, (((0, 22),), ((27, 58),))),
)
"""Even, for the east, for the north."""
STEPS = 56
USUAL = np.array([[900.0 if 8 <= k < 16 else 420.0, 900.0 if 36 <= k < 44 else 420.0] for k in range(STEPS)])
"""Veh/h by quarter of an hour: the east in the morning, the north in the evening."""
TIMETABLE = [1 if 8 <= k < 16 else 2 if 36 <= k < 44 else 0 for k in range(STEPS)]


def delays(flow: Floats) -> Floats:
    return np.array([float((plan_delay(AT, plan, flow) * flow).sum()) for plan in PLANS])


def lived(
    flow: Floats, rng: np.random.Generator, rules: Rules, blind: Callable[[int], bool] = lambda k: False
) -> tuple[float, float, list[Decision]]:
    """(delay by the timetable, by live choice, decisions) of one day whose true flows are `flow`."""
    state = plan_choice.morning(TIMETABLE[0], 2)
    by_timetable = by_choice = 0.0
    said: list[Decision] = []
    for k in range(STEPS):
        expected = plan_choice.expected(
            delays, 4 * plan_choice.forecast(state, rules, USUAL[k] / 4), USUAL[k]
        )
        state, decision = plan_choice.chosen(state, rules, expected, TIMETABLE[k])
        said.append(decision)
        true = delays(flow[k])
        by_timetable += true[TIMETABLE[k]]
        by_choice += true[decision.plan]
        counted = np.full(2, np.nan) if blind(k) else rng.poisson(flow[k] / 4).astype(float)
        state = plan_choice.seen(state, rules, counted, USUAL[k] / 4)
    return by_timetable, by_choice, said


def disturbed(rng: np.random.Generator) -> Floats:
    """A day whose peaks come at other times or on the other street, or double."""
    flow = np.roll(USUAL, int(rng.integers(-6, 7)), axis=0)
    if rng.random() < 0.5:
        start = int(rng.integers(18, 30))
        flow[start : start + 8, int(rng.integers(2))] = 950.0
    return flow * rng.uniform(0.85, 1.1)


SEEDS = range(101, 111)


def test_on_disturbed_days_less_is_lost_than_by_the_timetable() -> None:
    gains = []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        before, after, said = lived(disturbed(rng), rng, Rules())
        gains.append(1 - after / before)
        assert after <= 1.02 * before
        assert sum(d.reason == "changed" for d in said) <= Rules().changes
    assert np.mean(gains) > 0.03


def test_on_usual_days_it_is_never_worse_by_more_than_two_per_cent() -> None:
    for seed in SEEDS:
        before, after, _ = lived(USUAL, np.random.default_rng(seed), Rules())
        assert after <= 1.02 * before


def test_without_counts_the_timetable_holds() -> None:
    rng = np.random.default_rng(1)
    _, _, said = lived(np.roll(USUAL, 5, axis=0), rng, Rules(), blind=lambda k: k >= 4)
    assert all(d.plan == d.scheduled for d in said[7:])
    assert {d.reason for d in said[7:]} == {"no_counts"}


def test_a_change_wants_a_clear_gain_several_times_in_a_row() -> None:
    rules = Rules(confirm=2, least_gain=0.05)
    state = plan_choice.morning(0, 2)
    state, first = plan_choice.chosen(state, rules, np.array([100.0, 96.0, 120.0]), 0)
    assert (first.plan, first.reason) == (0, "timetable")
    state, second = plan_choice.chosen(state, rules, np.array([100.0, 80.0, 120.0]), 0)
    assert (second.plan, second.reason) == (0, "confirming")
    state, third = plan_choice.chosen(state, rules, np.array([100.0, 80.0, 120.0]), 0)
    assert (third.plan, third.reason) == (1, "changed")
    state, fourth = plan_choice.chosen(state, rules, np.array([100.0, 99.0, 120.0]), 0)
    assert (fourth.plan, fourth.reason) == (1, "held")
    _, back = plan_choice.chosen(state, rules, np.array([100.0, 101.0, 120.0]), 0)
    assert (back.plan, back.reason) == (0, "returned")


def test_a_person_is_asked_where_the_city_wants_it() -> None:
    rules = Rules(confirm=1, person=True)
    state = plan_choice.morning(0, 2)
    better = np.array([100.0, 60.0, 120.0])
    state, asked = plan_choice.chosen(state, rules, better, 0)
    assert (asked.plan, asked.wanted, asked.reason) == (0, 1, "asked")
    _, done = plan_choice.chosen(state, rules, better, 0, agreed=True)
    assert (done.plan, done.reason) == (1, "changed")


def test_changes_of_a_day_are_bounded() -> None:
    rules = Rules(confirm=1, hold=0, changes=2)
    state = plan_choice.morning(0, 2)
    reasons = []
    for k in range(8):
        state, decision = plan_choice.chosen(
            state, rules, np.array([100.0, 60.0, 50.0] if k % 2 else [100.0, 50.0, 60.0]), 0
        )
        reasons.append(decision.reason)
    assert reasons.count("changed") == 2
    assert "bounded" in reasons


@pytest.mark.parametrize(
    ("counted", "least", "most"), [(100.0, 0.99, 1.01), (130.0, 1.15, 1.3), (3.0, 0.1, 0.35)]
)
def test_a_forecast_is_the_usual_flow_moved_by_what_was_counted(
    counted: float, least: float, most: float
) -> None:
    rules = Rules()
    state = plan_choice.morning(0, 1)
    for _ in range(3):
        state = plan_choice.seen(state, rules, np.array([counted]), np.array([100.0]))
    assert least <= plan_choice.forecast(state, rules, np.array([100.0]))[0] / 100 <= most
