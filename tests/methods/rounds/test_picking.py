"""Which stops are picked and in which trips: against every choice and order of a small morning, and looked at
again by the checker.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from parvis.methods.rounds import checking
from parvis.methods.rounds.job import Break, Job, Plan, Stop, Tip, Truck, length
from parvis.methods.rounds.picking import pick, trips

HOURS = (6 * 3600, 14 * 3600)


def morning(seed: int, bins: int, *, prize: float, truck: Truck | None = None, tips: int = 1) -> Job:
    """Bins in a square of 5 km, worth between nought and twice `prize`."""
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 5000, (bins + 1 + tips, 2))
    metres = np.abs(xy[:, None] - xy[None]).sum(axis=2)
    stops = tuple(
        Stop(i, float(rng.uniform(0.3, 1)), 120, prize=float(rng.uniform(0, 2 * prize))) for i in range(bins)
    )
    return Job(
        stops,
        (truck or Truck(1, 20.0, bins, bins, HOURS),),
        metres,
        metres / 7,
        tuple(Tip(bins + 1 + k, 600) for k in range(tips)),
    )


def won(job: Job, plan: Plan) -> float:
    return sum(job.stops[i].prize or 0.0 for r in plan.rounds for i in r.stops) - length(job, plan)


def best(job: Job) -> float:
    """What the best of all choices and orders of one trip wins."""
    home, tip = job.trucks[0].start, job.tips[0].place
    most = 0.0
    for count in range(1, len(job.stops) + 1):
        for order in itertools.permutations(range(len(job.stops)), count):
            way = [home, *order, tip, home]
            most = max(
                most,
                sum(job.stops[i].prize or 0.0 for i in order)
                - sum(float(job.metres[a, b]) for a, b in itertools.pairwise(way)),
            )
    return most


@pytest.mark.parametrize("seed", range(4))
def test_the_best_of_all_choices_is_found(seed: int) -> None:
    job = morning(seed, 6, prize=3500.0)
    plan = pick(job, iterations=1000, seed=1)
    assert plan is not None
    assert best(job) > 0
    assert won(job, plan) == pytest.approx(best(job), abs=1.0)


def test_nobody_goes_out_at_a_loss() -> None:
    job = morning(1, 6, prize=100.0)
    assert best(job) == 0
    assert pick(job, iterations=300, seed=1) == Plan((), tuple(range(6)))
    assert pick(replace(job, stops=()), iterations=300, seed=1) == Plan(())


def test_a_morning_of_many_keeps_every_rule() -> None:
    """Trucks that must tip on the way, rest, and come home in time; two tips; limits over the day."""
    truck = Truck(
        2,
        8.0,
        40,
        40,
        (6 * 3600, 10 * 3600),
        day_load=14.0,
        day_stops=20,
        rest=Break(1200, (8 * 3600, 9 * 3600)),
    )
    job = morning(2, 40, prize=3000.0, truck=truck, tips=2)
    plan = pick(job, iterations=500, seed=1)
    assert plan is not None
    assert checking.faults(job, plan) == []
    assert any(sum(v.kind == "tip" for v in r.visits) > 1 for r in plan.rounds)
    for number, one in enumerate(trips(job, iterations=500, seed=1)):
        assert all(sum(job.stops[i].load for i in trip) <= 8.0 + 1e-6 for trip in one), number
        assert sum(len(trip) for trip in one) <= 20


def test_windows_are_kept_by_the_rounds() -> None:
    job = morning(3, 12, prize=4000.0)
    job = replace(
        job,
        stops=tuple(
            replace(s, windows=((7 * 3600, 7 * 3600 + 1800),)) if i % 2 else s
            for i, s in enumerate(job.stops)
        ),
    )
    plan = pick(job, iterations=500, seed=1)
    assert plan is not None
    assert checking.faults(job, plan) == []
    assert plan.rounds


def test_the_same_seed_picks_the_same() -> None:
    job = morning(4, 40, prize=1500.0)
    assert trips(job, iterations=200, seed=3) == trips(job, iterations=200, seed=3)


def test_a_stop_that_must_be_emptied_is_refused() -> None:
    job = morning(5, 6, prize=1000.0)
    with pytest.raises(ValueError, match="prize"):
        pick(replace(job, stops=(replace(job.stops[0], prize=None), *job.stops[1:])), iterations=10, seed=1)
