"""Signals in real time: rules that hold whatever comes, and choices that a hand can check."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from parvis.methods.signals import control
from parvis.methods.signals.control import Layout, Shown
from parvis.methods.signals.horizon import CHANGE, HOLDS, Lights, Model, Queue, weighed
from parvis.methods.signals.values import Flags, Floats, junction

NONE = np.nan


def crossing(*, max_red: float = 60.0, min_green: float = 6.0) -> Layout:
    """Straight ways a and b, a left turn that gives way to b beside it, pedestrians across a."""
    matrix = np.array([
        [NONE, 4.0, NONE, 5.0],
        [4.0, NONE, NONE, NONE],
        [NONE, NONE, NONE, 5.0],
        [8.0, NONE, 8.0, NONE],
    ])  # fmt: skip
    matrix[0, 2] = matrix[2, 0] = 3.0
    yields = np.zeros((4, 4), np.bool_)
    yields[2, 1] = True
    at = junction(
        ("a", "b", "left", "feet"),
        matrix,
        np.array([1800.0, 1800.0, 1800.0, 0.0]),
        min_green=min_green,
        max_red=max_red,
    )
    return control.layout(at, yields)


def queued(
    *lanes: tuple[tuple[float, int], ...],
    weight: float = 1.0,
    room: tuple[float, ...] = (),
    waited: float = 0.0,
) -> Queue:
    """Lanes of (arrival, group), each leaving by a lane of its own."""
    rows = [(k, *vehicle) for k, lane in enumerate(lanes) for vehicle in lane]
    n = len(rows)
    return Queue(
        np.array([r[1] for r in rows], np.float64),
        np.ones(n),
        np.full(n, weight),
        np.full(n, waited),
        np.array([r[2] for r in rows], np.int64),
        np.array([r[0] for r in rows], np.int64),
        np.cumsum([0, *(len(lane) for lane in lanes)]).astype(np.int64),
        np.array(room or (np.inf,) * len(lanes)),
    )


def played(layout: Layout, seed: int, seconds: int, load: float) -> tuple[Flags, Flags]:
    """(green, called) second by second, shapes (seconds, groups), under random arrivals; vehicles leave 2 s apart in green."""
    rng = np.random.default_rng(seed)
    m = len(layout.junction.groups)
    shown = control.begun(layout, 0, 0.0)
    standing: list[list[float]] = [[] for _ in range(m)]
    green, called = np.zeros((seconds, m), np.bool_), np.zeros((seconds, m), np.bool_)
    for now in range(seconds):
        for g in range(m):
            if rng.random() < load:
                standing[g].append(float(now))
        queue = queued(*(tuple((0.0, g) for _ in standing[g]) for g in range(m)))
        queue = replace(queue, waited=np.array([now - t for row in standing for t in row], np.float64))
        shown, _ = control.decided(layout, shown, queue, float(now), Model(seconds=30.0))
        green[now] = shown.green(float(now))
        called[now] = [bool(row) for row in standing]
        for g in range(m):
            if green[now, g] and now % 2 == 0 and standing[g]:
                standing[g].pop(0)
    return green, called


@pytest.mark.parametrize(("seed", "load"), [(1, 0.05), (2, 0.2), (3, 0.45)])
def test_whatever_comes_no_rule_of_safety_is_broken(seed: int, load: float) -> None:
    layout = crossing()
    green, called = played(layout, seed, 400, load)
    at = layout.junction
    m = len(at.groups)
    assert not (green[:, :, None] & green[:, None, :] & at.conflicts).any()
    starts = green & ~np.vstack([np.ones((1, m), np.bool_), green[:-1]])
    ends = ~green & np.vstack([np.zeros((1, m), np.bool_), green[:-1]])
    assert starts.sum() > 8, "a signal that never changes proves nothing"
    for g in range(m):
        for start in np.flatnonzero(starts[:, g]):
            after = np.flatnonzero(ends[start:, g])
            if len(after):
                assert after[0] >= at.min_green[g]
            for o in np.flatnonzero(at.conflicts[:, g]):
                before = np.flatnonzero(ends[: start + 1, o])
                if len(before):
                    assert start - before[-1] >= at.intergreen[o, g]
        red = wait = 0
        for now in range(len(green)):
            red = 0 if green[now, g] else red + 1
            wait = wait + 1 if called[now, g] and red else 0
            assert min(red, wait) <= at.max_red[g], f"{at.groups[g]} is red for {red} s, called for {wait} s"


def test_a_left_turn_that_found_no_gap_for_long_gets_a_stage_of_its_own() -> None:
    layout = crossing(max_red=200.0)
    beside, alone = stage_of(layout, 1, 2), stage_of(layout, 2)
    shown = control.begun(layout, beside, 0.0)
    queue = queued(((0.0, 1), (0.0, 1), (2.0, 1)), ((0.0, 2), (0.0, 2)))
    waited = np.array([0.0, 0.0, 0.0, control.LONG_S + 1, 30.0])
    after, told = control.decided(layout, shown, replace(queue, waited=waited), 20.0, Model())
    assert (told.reason, told.stage, told.overdue) == ("long_wait", alone, (2,))
    assert after.start[2] <= 20.0, "it stays green"
    held, told = control.decided(layout, after, replace(queue, waited=waited), 30.0, Model())
    assert (held, told.reason) == (after, "long_wait")
    _, told = control.decided(layout, shown, replace(queue, waited=0.5 * waited), 20.0, Model())
    assert told.reason != "long_wait"


def test_who_stands_far_back_counts_the_queue_before_them() -> None:
    lane = tuple((0.0, 0) for _ in range(20))
    waited = np.full(20, control.LONG_S - 30.0)
    assert control.waiting_long(replace(queued(lane), waited=waited), Model()) == (0,)
    assert control.waiting_long(replace(queued(lane[:10]), waited=waited[:10]), Model()) == ()
    full = replace(queued(lane, room=(0.0,)), waited=waited)
    assert control.waiting_long(full, Model()) == (), "nobody is sent into a lane that is full"


def test_below_capacity_nobody_waits_three_minutes() -> None:
    """Two streets, one far busier, and a left turn that gives way to it all the time."""
    layout = crossing(max_red=100.0)
    rng = np.random.default_rng(5)
    shown = control.begun(layout, 0, 0.0)
    standing: list[list[float]] = [[], [], []]
    longest, told = 0.0, set[str]()
    for now in range(1200):
        for g, load in enumerate((0.03, 0.3, 0.02)):
            if rng.random() < load:
                standing[g].append(float(now))
        queue = queued(*(tuple((0.0, g) for _ in standing[g]) for g in range(3)))
        queue = replace(queue, waited=np.array([now - t for row in standing for t in row], np.float64))
        shown, decision = control.decided(layout, shown, queue, float(now), Model(seconds=30.0))
        told.add(decision.reason)
        green = shown.green(float(now))
        for g in range(3):
            blocked = g == 2 and green[1]  # whoever turns left never finds a gap in this stream
            if green[g] and now % 2 == 0 and standing[g] and not blocked:
                longest = max(longest, now - standing[g].pop(0))
    assert longest < 180.0
    assert max((1200 - t for row in standing for t in row), default=0.0) < 180.0
    assert "long_wait" in told


def test_stages_hold_every_set_that_none_can_join_and_ways_apart() -> None:
    layout = crossing()
    names = {frozenset(np.flatnonzero(row).tolist()) for row in layout.stages}
    assert names == {frozenset({0}), frozenset({1, 2}), frozenset({1, 3}), frozenset({2})}
    with pytest.raises(ValueError, match="conflict"):
        control.layout(layout.junction, layout.yields, [frozenset({0, 1})])


def test_a_green_never_ends_before_its_minimum() -> None:
    layout = crossing()
    shown = control.begun(layout, 0, 10.0)
    assert control.may_change(layout, shown, 12.0).sum() == 1
    with pytest.raises(ValueError, match="minimum"):
        control.changed(layout, shown, 1, 12.0)
    assert control.may_change(layout, shown, 16.0).all()


def stage_of(layout: Layout, *groups: int) -> int:
    return int(np.flatnonzero((layout.stages == np.isin(np.arange(4), groups)).all(1))[0])


def lights(layout: Layout, stage: int, *, since: float = 20.0) -> Lights:
    green = layout.stages[stage]
    return Lights(stage, np.where(green, since, np.inf), np.where(green, np.inf, since))


def every(layout: Layout) -> Flags:
    return np.ones(len(layout.stages), np.bool_)


def test_the_cost_of_a_way_is_what_a_hand_counts() -> None:
    """Three vehicles stand at b, a is green: changed now, b begins after 4 s and lets pass at 5.5, 7.5 and 9.5 s."""
    layout = crossing()
    queue = queued((), ((0.0, 1), (0.0, 1), (0.0, 1)))
    model = Model(patience=1e12)
    a, b = stage_of(layout, 0), stage_of(layout, 1, 3)
    found = weighed(
        layout.junction, layout.stages, layout.yields, queue, lights(layout, a), every(layout), model
    )
    assert found.costs[0, b] == pytest.approx(5.5 + 7.5 + 9.5 + CHANGE)
    assert found.costs[int(np.flatnonzero(HOLDS == 11)[0]), b] == pytest.approx(16.5 + 18.5 + 20.5 + CHANGE)
    assert layout.stages[found.stage, 1]
    assert found.hold == 0


def test_green_is_held_for_a_platoon_that_comes_and_left_for_one_that_waits() -> None:
    layout = crossing()
    a = stage_of(layout, 0)
    coming = tuple((2.0 + 2.0 * k, 0) for k in range(5))
    args = (lights(layout, a), every(layout), Model())
    few = weighed(layout.junction, layout.stages, layout.yields, queued(coming, ((0.0, 1),)), *args)
    assert few.hold > 0 or few.stage == a
    many = weighed(layout.junction, layout.stages, layout.yields, queued(coming[:1], ((0.0, 1),) * 9), *args)
    assert many.hold == 0
    assert layout.stages[many.stage, 1]


def test_nobody_is_sent_into_a_lane_that_is_full() -> None:
    layout = crossing()
    a, b = stage_of(layout, 0), stage_of(layout, 1, 3)
    full = queued(((0.0, 0),) * 12, room=(0.0,))
    found = weighed(
        layout.junction, layout.stages, layout.yields, full, lights(layout, b), every(layout), Model()
    )
    assert found.stage == b, "a change that lets nobody pass is not made"
    free = replace(full, room=np.array([np.inf]))
    found = weighed(
        layout.junction, layout.stages, layout.yields, free, lights(layout, b), every(layout), Model()
    )
    assert (found.hold, found.stage) == (0.0, a)


def test_who_gives_way_waits_for_a_gap_or_for_a_stage_of_their_own() -> None:
    layout = crossing()
    both, left = stage_of(layout, 1, 2), stage_of(layout, 2)
    stream = tuple((2.0 * k, 1) for k in range(30))
    args = (every(layout), Model(seconds=40.0))
    alone = weighed(
        layout.junction, layout.stages, layout.yields, queued((), ((0.0, 2),)), lights(layout, both), *args
    )
    assert alone.costs[0, both] < 2, "nobody comes: it turns at once"
    patient = queued(stream, ((0.0, 2),), waited=80.0)
    found = weighed(layout.junction, layout.stages, layout.yields, patient, lights(layout, both), *args)
    assert found.costs[:, left].min() < found.costs[0, both]


def test_a_bus_comes_before_a_few_cars() -> None:
    layout = crossing()
    queue = queued(((0.0, 0),) * 4, ((0.0, 2),))
    light = lights(layout, stage_of(layout, 1, 3))
    cars = weighed(layout.junction, layout.stages, layout.yields, queue, light, every(layout), Model())
    assert layout.stages[cars.stage, 0]
    weight = np.where(queue.group == 2, 15.0, 1.0)
    bus = weighed(
        layout.junction,
        layout.stages,
        layout.yields,
        replace(queue, weight=weight),
        light,
        every(layout),
        Model(),
    )
    assert layout.stages[bus.stage, 2]


def test_the_longest_red_comes_first_once_it_nears_its_maximum() -> None:
    layout = crossing(max_red=60.0)
    shown = Shown(
        stage_of(layout, 0), np.array([0.0, np.inf, np.inf, np.inf]), np.array([0.0, -20.0, -45.0, -10.0])
    )
    queue = queued(((0.0, 0),) * 12, ((0.0, 1),), ((0.0, 2),))
    assert control.overdue(layout, shown, np.array([True, True, True, False]), 2.0) == (2,)
    after, decision = control.decided(layout, shown, queue, 8.0, Model())
    assert decision.reason == "max_red"
    assert layout.stages[after.stage, 2]
    assert 2 in decision.overdue


def test_without_detectors_the_plan_runs_within_the_rules() -> None:
    layout = crossing()
    shown = control.begun(layout, stage_of(layout, 0), 0.0)
    wanted: Flags = np.array([False, True, False, True])
    assert control.plan_shown(layout, shown, wanted, 3.0).stage == shown.stage
    after = control.plan_shown(layout, shown, wanted, 7.0)
    assert after.stage == stage_of(layout, 1, 3)
    assert after.start[1] == 11.0
    assert after.start[3] == 12.0
    unknown: Floats = np.array([True, True, True, True])
    assert control.plan_shown(layout, shown, unknown.astype(np.bool_), 9.0) == shown
