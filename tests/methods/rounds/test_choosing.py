"""What a visit is worth: against a chain solved by hand, against plans with and without each bin, and on
weeks played through.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from parvis.methods import bin_fill
from parvis.methods.bin_fill import Filling
from parvis.methods.rounds.choosing import AGES, Daily, Prices, calibrated, detours, prizes, today, values
from parvis.methods.rounds.job import Job, Plan, Round, Stop, Tip, Truck, Visit, driven
from parvis.methods.rounds.solve import solve

EVERY = frozenset(range(7))
SOME = Filling(
    np.array([0.12, 0.3]), np.array([0.01, 0.02]), np.array([1.2, 0.8, 0.9, 0.9, 1.1, 1.3, 0.8]), 0.06
)


def gain(risk: list[float], detours: list[float], price: float) -> float:
    """What a day costs at best, by iterating over the values of one bin, half a step at a time."""
    h, cost = [0.0] * len(risk), 0.0
    for _ in range(1500):
        after = price * risk[0] + h[1]
        made = [
            sum(min(c + after, price * risk[a] + h[min(a + 1, len(h) - 1)]) for c in detours) / len(detours)
            for a in range(len(h))
        ]
        cost = made[0] - h[0]
        h = [(x + y) / 2 - (made[0] + h[0]) / 2 for x, y in zip(made, h, strict=True)]
    return cost


def test_a_week_costs_what_the_chain_of_one_bin_costs() -> None:
    """Every day alike, detours of three lengths: against plain value iteration."""
    plain = replace(SOME, week=np.ones(7))
    lengths = [300.0, 900.0, 2400.0]
    found = values(plain, Prices(3000.0, np.repeat(lengths, 2).reshape(3, 2)), EVERY).week / 7
    for b in range(2):
        risk = [
            float(bin_fill.overflow(plain, np.zeros(2), np.zeros(2), float(d + 1))[b])
            for d in range(AGES + 1)
        ]
        assert found[b] == pytest.approx(gain(risk, lengths, 3000.0), rel=5e-3)


def test_a_detour_that_is_always_the_same_makes_a_calendar() -> None:
    """The best whole number of days between two visits, and no other, is what its days cost."""
    plain = replace(SOME, week=np.ones(7))
    found = values(plain, Prices(3000.0, np.array([[800.0, 800.0]])), EVERY).week / 7
    for b in range(2):
        risk = [
            float(bin_fill.overflow(plain, np.zeros(2), np.zeros(2), float(d + 1))[b]) for d in range(AGES)
        ]
        assert found[b] == pytest.approx(
            min((800 + 3000 * sum(risk[:days])) / days for days in range(1, AGES)), rel=0.05
        )


def test_a_visit_is_worth_more_the_fuller_the_bin_and_the_dearer_overflow() -> None:
    cheap, dear = (
        Prices(1000.0, np.array([[500.0, 500.0], [2000.0, 2000.0]])),
        Prices(4000.0, np.array([[500.0, 500.0], [2000.0, 2000.0]])),
    )
    by_age = [
        prizes(SOME, cheap, values(SOME, cheap, EVERY), np.zeros(2), np.full(2, 14.0 - age), 14, EVERY)
        for age in range(1, 7)
    ]
    assert (np.diff(np.stack(by_age), axis=0) > -1e-6).all()
    level = np.array([0.8, 0.8])
    assert (
        prizes(SOME, dear, values(SOME, dear, EVERY), level, np.full(2, 14.0), 14, EVERY)
        > prizes(SOME, cheap, values(SOME, cheap, EVERY), level, np.full(2, 14.0), 14, EVERY)
    ).all()
    assert prizes(
        SOME, cheap, values(SOME, cheap, EVERY), np.zeros(2), np.full(2, 14.0), 14, EVERY
    ) == pytest.approx(0, abs=1)  # emptied a moment ago


def test_before_a_sunday_a_visit_is_worth_more() -> None:
    """On Saturday the next chance is two days away: to a bin that fills in three days that matters."""
    prices = Prices(2000.0, np.array([[300.0, 300.0], [700.0, 700.0]]))
    plain = replace(SOME, week=np.ones(7))
    known = values(plain, prices, frozenset(range(6)))
    friday, saturday = (
        prizes(plain, prices, known, np.full(2, 0.5), np.full(2, float(d)), d, frozenset(range(6)))
        for d in (18, 19)
    )
    assert saturday[1] > 2 * friday[1]


def square(seed: int, bins: int = 8) -> Job:
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 5000, (bins + 2, 2))
    metres = np.abs(xy[:, None] - xy[None]).sum(axis=2)
    return Job(
        tuple(Stop(i, 1.0, 100) for i in range(bins)),
        (Truck(1, 20.0, bins, bins, (0, 30_000)),),
        metres,
        metres / 7,
        (Tip(bins + 1, 300),),
    )


def test_a_detour_is_what_the_round_is_longer_by() -> None:
    job = square(1)
    plan = solve(replace(job, stops=job.stops[:5]), iterations=50, seed=1)
    assert plan is not None
    found = detours(job, plan)
    (one,) = plan.rounds
    whole = driven(job, one)[0]
    for v in one.visits:
        if v.kind == "stop":
            assert found[v.which] == pytest.approx(
                whole - driven(job, replace(one, visits=tuple(u for u in one.visits if u is not v)))[0]
            )
    for i in (5, 6, 7):
        ways = [
            driven(job, replace(one, visits=(*one.visits[:k], Visit("stop", i, 0, 0, 0), *one.visits[k:])))[0]
            - whole
            for k in range(len(one.visits) + 1)
        ]
        assert found[i] == pytest.approx(min(ways))
    alone = [
        driven(job, Round(0, 0, (Visit("stop", i, 0, 0, 0), Visit("tip", 0, 0, 0, 0)), 0))[0]
        for i in range(8)
    ]
    assert detours(job, None) == pytest.approx(alone)
    assert detours(job, Plan(())) == pytest.approx(alone)


def test_the_price_is_set_to_keep_overflow_within_the_limit() -> None:
    """Against a known law: overflow is 6000 over the price to the power 1.2, metres rise with its logarithm."""
    tried = calibrated(
        lambda price: (1000 * float(np.log(price)), 6000 / price**1.2), 1.5, first=300.0, runs=6
    )
    assert tried[0][2] <= 1.5
    assert tried[0][2] > 1.3
    assert [t for t in tried if t[2] <= 1.5] == sorted((t for t in tried if t[2] <= 1.5), key=lambda t: t[1])
    never = calibrated(lambda price: (price, 10 + 1 / price), 1.0, first=100.0, runs=3)
    assert never[0][2] == min(t[2] for t in never)


def test_nobody_goes_out_for_nothing_and_the_full_bin_is_emptied() -> None:
    job = square(2)
    filling = Filling(np.full(8, 0.1), np.full(8, 0.01), np.ones(7), 0.05)
    daily = Daily(job, Prices(3000.0, detours(job, None)[None]), frozenset(range(6)), iterations=50, seed=1)
    daily.learn(filling)
    assert daily.plan(20, np.zeros(8), np.full(8, 20.0)) is None  # a Sunday
    assert daily.plan(21, np.zeros(8), np.full(8, 21.0)) is None
    full = np.where(np.arange(8) == 3, 1.0, 0.1)
    plan = daily.plan(22, full, np.full(8, 22.0))
    assert plan is not None
    assert 3 in plan.rounds[0].stops
    assert daily.visits[-1] == pytest.approx(detours(job, plan))


def test_the_morning_takes_only_what_is_worth_it() -> None:
    job = square(3)
    morning = today(job, np.array([5.0, 0.2, -3.0, 900.0, 0, 0, 0, 0]), np.full(8, 0.4))
    assert morning.bins == (0, 3)
    assert [s.load for s in morning.job.stops] == [0.4, 0.4]
    assert morning.whole(
        Plan((Round(0, 0, (Visit("stop", 1, 0, 0, 0), Visit("tip", 0, 0, 0, 0)), 0),))
    ).rounds[0].stops == (3,)
    assert list(itertools.chain.from_iterable(r.stops for r in morning.whole(Plan(())).rounds)) == []
