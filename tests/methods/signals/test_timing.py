"""Stages, cycles and greens: against enumeration, and against a checker that shares nothing with the optimiser."""

from __future__ import annotations

from itertools import combinations, permutations, product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from parvis.methods.signals import delay, permissive, splits, stages
from parvis.methods.signals.plan_checks import violations
from parvis.methods.signals.values import Plan, junction
from tests.methods.signals.junctions import CROSS, cross, crossroads

NAN = np.nan


@given(st.integers(1, 8), st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_stages_are_the_sets_that_nothing_can_join(groups: int, seed: int) -> None:
    conflicts = crossroads(np.random.default_rng(seed), groups)[0].conflicts
    free = [
        frozenset(chosen)
        for size in range(1, groups + 1)
        for chosen in combinations(range(groups), size)
        if not conflicts[np.ix_(chosen, chosen)].any()
    ]
    wanted = {one for one in free if not any(one < other for other in free)}
    found = stages.maximal_stages(conflicts)
    assert set(found) == wanted
    assert len(found) == len(wanted)


@given(st.integers(2, 6), st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_no_order_of_stages_loses_less(groups: int, seed: int) -> None:
    one, _ = crossroads(np.random.default_rng(seed), groups)
    chosen = stages.maximal_stages(one.conflicts)[:6]

    def lost(order: tuple[stages.Stage, ...]) -> float:
        return sum(stages.change_s(one, a, b) for a, b in zip(order, (*order[1:], order[0]), strict=True))

    order, seconds = stages.ordered(one, chosen)
    assert sorted(map(sorted, order)) == sorted(map(sorted, chosen))
    assert seconds == lost(order)
    assert seconds == min(lost((chosen[0], *rest)) for rest in permutations(chosen[1:]))


def test_every_group_of_a_crossroads_is_in_each_order_of_stages() -> None:
    found = stages.candidates(cross(), np.zeros(len(CROSS)))
    assert len(found) > 3
    assert all(frozenset[int]().union(*order) == frozenset(range(len(CROSS))) for order in found)


@given(st.integers(2, 7), st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_plans_break_no_rule(groups: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    one, flow = crossroads(rng, groups)
    walkers = np.where(one.vehicles, 0.0, 30.0)
    try:
        best = splits.best_timing(one, flow, range(40, 121, 10), walkers=walkers)
    except splits.Infeasible as error:
        assume(error.seconds > 120)  # then there is no plan to look at
        raise
    plan = best.plan()
    assert violations(one, plan) == ()
    assert plan.displayed() == pytest.approx(best.structure.served @ best.seconds + best.structure.fixed)
    shown = plan.seconds().sum(1)
    assert shown == pytest.approx(plan.displayed())


def test_a_plan_of_a_crossroads_keeps_every_rule_and_beats_equal_greens() -> None:
    one = cross()
    flow = np.array([900.0, 700, 400, 350, 150, 120, 100, 90, 0, 0])
    best = splits.best_timing(one, flow, range(50, 121))
    plan = best.plan()
    assert violations(one, plan) == ()
    waits = delay.plan_delay(one, plan, flow)
    n = len(best.seconds)
    even = splits.Timing(best.structure, np.full(n, best.seconds.sum() // n), 0.0).plan()
    assert (flow * waits).sum() < 0.8 * (flow * delay.plan_delay(one, even, flow)).sum()
    assert best.cost == pytest.approx((flow * waits).sum())


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_whole_seconds_are_the_best_there_are(seed: int) -> None:
    """Three stages that share no group: every way of sharing out the cycle is tried."""
    rng = np.random.default_rng(seed)
    matrix = np.full((3, 3), NAN)
    matrix[~np.eye(3, dtype=bool)] = rng.integers(3, 8, 6)
    one = junction(("a", "b", "c"), matrix, np.array([1800.0, 3600, 1800]), max_red=np.inf)
    flow = rng.uniform(100, 500, 3)
    shape = splits.structure(one, tuple(frozenset({k}) for k in range(3)))
    cycle = int(rng.integers(50, 80))
    found = splits.timed(one, shape, flow, [cycle])
    total = cycle - int(shape.changes.sum())
    every = np.array([t for t in product(range(6, total), repeat=3) if sum(t) == total])
    best = splits.cost(one, shape, every, flow, np.zeros(3)).min()
    assert found.cost == pytest.approx(best, rel=1e-9)


def test_reserve_is_where_the_worst_group_fills_its_target() -> None:
    one = cross()
    flow = np.array([700.0, 600, 350, 350, 120, 120, 100, 90, 0, 0])
    shape = splits.structure(one, splits.best_timing(one, flow, range(50, 121, 10)).structure.stages)
    grows, cycle = splits.reserve_capacity(one, shape, flow, 50.0, 120.0)
    assert 1.0 < grows < 3.0
    assert cycle == pytest.approx(120.0)  # the longest cycle loses the least share
    timed = splits.timed(one, shape, flow * grows, [120])
    green = shape.served @ timed.seconds + shape.fixed
    moved = one.vehicles
    ratio = (flow * grows * 120)[moved] / (one.saturation * green)[moved]
    assert ratio.max() >= splits.TARGET - 0.01
    assert splits.reserve_capacity(one, shape, np.zeros(10), 50.0, 120.0)[0] == np.inf


def test_what_no_cycle_can_hold_is_said() -> None:
    matrix = np.full((3, 3), 20.0)
    np.fill_diagonal(matrix, NAN)
    one = junction(("a", "b", "c"), matrix, np.full(3, 1800.0))
    with pytest.raises(splits.Infeasible) as caught:
        splits.best_timing(one, np.full(3, 100.0), range(40, 71))
    assert (caught.value.reason, caught.value.seconds) == ("cycle_too_short", 78.0)


def test_the_checker_sees_each_kind_of_fault() -> None:
    matrix = np.array([[NAN, 5.0, NAN], [6.0, NAN, NAN], [NAN, NAN, NAN]])
    one = junction(("a", "b", "c"), matrix, np.full(3, 1800.0), min_green=8.0, max_red=40.0)
    good = Plan(60, (((0, 20),), ((25, 29),), ((0, 60),)))
    assert violations(one, good) == ()

    def kinds(*greens: tuple[tuple[int, int], ...]) -> set[str]:
        return {v.kind for v in violations(one, Plan(60, greens))}

    assert kinds(((0, 26),), ((25, 29),), ((0, 60),)) == {"conflict"}
    assert kinds(((0, 21),), ((25, 29),), ((0, 60),)) == {"intergreen"}
    assert kinds(((0, 20),), ((25, 30),), ((0, 60),)) == {"intergreen"}  # around the end of the cycle
    assert kinds(((0, 7),), ((25, 29),), ((0, 60),)) == {"min_green", "max_red"}
    assert kinds(((0, 20),), ((25, 29),), ()) == {"never_green"}
    assert kinds(((0, 20),), ((25, 29),), ((0, 8), (10, 7))) == {"min_green", "max_red"}


def test_delay_by_the_formula() -> None:
    """Uniform and incremental parts worked out by hand: X = 0.75, d1 = 20.83 s, d2 = 6.39 s."""
    got = delay.control_delay(np.array([600.0]), np.array([1800.0]), np.array([40.0]), 90.0)[0]
    share = 40 / 90
    d1 = 0.5 * 90 * (1 - share) ** 2 / (1 - 0.75 * share)
    d2 = 225 * (-0.25 + (0.25**2 + 4 * 0.75 / (800 * 0.25)) ** 0.5)
    assert got == pytest.approx(d1 + d2)
    assert (d1, d2) == pytest.approx((20.83, 6.39), abs=0.01)


@given(st.floats(0, 2000), st.floats(1, 89))
def test_delay_falls_with_green_and_grows_with_flow(flow: float, green: float) -> None:
    def at(f: float, g: float) -> float:
        return float(delay.control_delay(np.array([f]), np.array([1800.0]), np.array([g]), 90.0)[0])

    assert at(flow, green + 1) <= at(flow, green) + 1e-9
    assert at(flow + 10, green) >= at(flow, green) - 1e-9


def test_no_green_is_endless_and_no_vehicle_waits_at_no_green() -> None:
    waits = delay.control_delay(np.array([10.0, 0.0]), np.full(2, 1800.0), np.zeros(2), 90.0)
    assert waits.tolist() == [np.inf, 0.0]
    assert delay.level_of_service(np.array([10.0, 10.1, 81.0, 5.0]), np.array([0.5, 0.5, 0.5, 1.1])) == [
        *"ABFF"
    ]


def test_a_junction_whose_conflicts_hold_one_way_is_refused() -> None:
    with pytest.raises(ValueError, match="both ways"):
        junction(("a", "b"), np.array([[NAN, 4.0], [NAN, NAN]]), np.ones(2))


def test_left_turns_that_give_way_are_let_pass_alone_once_they_are_many() -> None:
    """Two opposing approaches: together while few turn left, one after the other when many do."""
    matrix = np.full((3, 3), 5.0)
    matrix[0, 1] = matrix[1, 0] = NAN
    np.fill_diagonal(matrix, NAN)
    flow = np.array([700.0, 700, 300])

    def stages_of(left: float) -> int:
        turning = permissive.left_flow(flow[:2], np.full(2, 0.4), np.full(2, 20.0))
        share = permissive.share_left(np.full(2, left), np.full(2, 2.0), np.full(2, 1800.0), turning)
        kept = np.ones((3, 3))
        kept[0, 1], kept[1, 0] = share
        one = junction(("north", "south", "west"), matrix, np.array([3600.0, 3600, 1800]), passing_share=kept)
        best = splits.best_timing(one, flow, range(40, 121, 5))
        assert violations(one, best.plan()) == ()
        assert best.cost == pytest.approx((flow * delay.plan_delay(one, best.plan(), flow)).sum(), rel=1e-6)
        return sum({0, 1} <= stage for stage in best.structure.stages)

    assert stages_of(0.02) == 1
    assert stages_of(0.5) == 0


def test_more_who_come_and_more_who_turn_let_fewer_pass() -> None:
    flows = permissive.left_flow(np.array([0.0, 300, 900]), np.full(3, 0.4), np.full(3, 20.0))
    assert (np.diff(flows) < 0).all()
    assert flows[-1] >= permissive.SNEAKERS * 3600 / 20
    kept = permissive.share_left(
        np.array([0.0, 0.1, 0.4]), np.full(3, 2.0), np.full(3, 1800.0), np.full(3, 500.0)
    )
    assert kept[0] == 1.0
    assert (np.diff(kept) < 0).all()
    # 0.4 of the group may not be over 500 veh/h: 1,250 of 3,600 veh/h.
    assert kept[2] == pytest.approx(500 / 0.4 / 3600)
