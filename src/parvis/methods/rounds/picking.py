"""Which of the stops that are worth something are emptied this morning, and in which trips: many quick looks,
then PyVRP for hours, windows and rests.

PyVRP's own search is made for stops that must all be served: of 120 optional ones it chose so that, on a
morning of the bench's first town, 4,000 iterations (2.1 CPU seconds) won a tenth less than 500 turns of this
one (0.03).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from parvis.methods.rounds.job import Job, Plan
from parvis.methods.rounds.solve import solve

Floats = NDArray[np.float64]

TRIPS = 3
"""Trips of a truck in a morning, at most, where it has a tip to go to."""

NEAR = 30
"""Neighbours of a stop that are looked at with it."""

POLISH = 20
"""Iterations of PyVRP on the stops picked, begun from their trips."""


def pick(job: Job, *, iterations: int, seed: int) -> Plan | None:
    """The rounds that win most, in prizes less metres; without rounds where nothing is worth the way. None
    when no plan that keeps every rule was found.

    Windows and rests are not looked at when stops are picked, only how long a shift is. The same seed gives
    the same plan. Raises ValueError for a stop without a prize, and for a job that does not hold together.
    """
    if any(s.prize is None for s in job.stops):
        raise ValueError("a stop without a prize is not to be picked but emptied")
    first = trips(job, iterations=iterations, seed=seed)
    bins = sorted(i for truck in first for trip in truck for i in trip)
    every = tuple(range(len(job.stops)))
    if not bins:
        return Plan((), every)
    at = {b: i for i, b in enumerate(bins)}
    begin = [[[at[b] for b in trip] for trip in truck] for truck in first]
    best = solve(
        replace(job, stops=tuple(job.stops[b] for b in bins)), iterations=POLISH, seed=seed, first=begin
    )
    if best is None:
        return solve(job, iterations=iterations, seed=seed)
    rounds = tuple(
        replace(r, visits=tuple(replace(v, which=bins[v.which]) if v.kind == "stop" else v for v in r.visits))
        for r in best.rounds
    )
    done = {i for r in rounds for i in r.stops}
    return Plan(rounds, tuple(i for i in every if i not in done))


def trips(job: Job, *, iterations: int, seed: int) -> list[list[list[int]]]:
    """By truck, in the order of the kinds, its trips of stops. Stops that are not worth their detour are in
    none.
    """
    fleet = [t for t in job.trucks for _ in range(t.count)]
    if not job.stops or not fleet:
        return [[] for _ in fleet]
    place = np.array([s.place for s in job.stops])
    cost = job.metres + job.metres_per_s * job.seconds
    metres = cost[np.ix_(place, place)]
    tips = np.array([t.place for t in job.tips], np.int64)
    work = np.array([float(t.service_s) for t in job.tips])
    over, over_s = np.full_like(metres, np.inf), np.full_like(metres, np.inf)
    if len(tips):
        by = np.argmin(cost[np.ix_(place, tips)][:, None] + cost[np.ix_(tips, place)].T[None], axis=2)
        over = cost[place[:, None], tips[by]] + cost[tips[by], place[None]]
        over_s = job.seconds[place[:, None], tips[by]] + work[by] + job.seconds[tips[by], place[None]]
    out, home = np.stack([cost[t.start, place] for t in fleet]), np.empty((len(fleet), len(place)))
    out_s, home_s = np.stack([job.seconds[t.start, place] for t in fleet]), np.empty((len(fleet), len(place)))
    for k, truck in enumerate(fleet):
        home[k], home_s[k] = cost[place, truck.end], job.seconds[place, truck.end]
        if len(tips):
            last = np.argmin(cost[np.ix_(place, tips)] + cost[tips, truck.end], axis=1)
            home[k] = cost[place, tips[last]] + cost[tips[last], truck.end]
            home_s[k] = job.seconds[place, tips[last]] + work[last] + job.seconds[tips[last], truck.end]
    hot = max(1.0, _step(metres))
    each = TRIPS if len(tips) else 1
    from parvis.methods.rounds.picking_kernel import (
        search,
    )  # brings numba, a fifth of a second: only where stops are picked

    routes, sizes, _ = search(
        metres,
        out,
        home,
        over,
        job.seconds[np.ix_(place, place)],
        out_s,
        home_s,
        over_s,
        np.array([s.prize or 0.0 for s in job.stops]),
        np.array([float(s.load) for s in job.stops]),
        np.array([float(s.service_s) for s in job.stops]),
        np.argsort(metres, axis=1, kind="stable")[:, :NEAR],
        np.array([float(t.capacity - t.aboard) for t in fleet]),
        np.array([float(t.hours[1] - t.hours[0] - (t.rest.seconds if t.rest else 0)) for t in fleet]),
        np.array([float(t.day_load) for t in fleet]),
        np.array([t.day_stops for t in fleet], np.int64),
        np.array([float(t.fixed) for t in fleet]),
        each,
        hot,
        hot / 100,
        iterations,
        seed,
    )
    return [
        [routes[r, : sizes[r]].tolist() for r in range(k * each, (k + 1) * each) if sizes[r]]
        for k in range(len(fleet))
    ]


def _step(metres: Floats) -> float:
    """The mean way from a stop to its nearest few."""
    return float(np.sort(metres, axis=1)[:, 1:6].mean()) if len(metres) > 1 else 1.0
