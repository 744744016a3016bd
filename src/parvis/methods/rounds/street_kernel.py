"""Ruin and recreate over streets that may be served in either direction: the loop that numba compiles.

A side s of task t is 2t or 2t + 1, the two directions of its street. A trip is a row of tasks; its directions
are never chosen but always the best ones: `pre[r, i, d]` is the least cost from the start to the end of the
i-th task served in direction d, `suf[r, i, d]` the least from its beginning to the end of the trip. A load
over the capacity is let through at a price, which rises while the search stays over it too often: where as
many trips as the load asks for must do, hardly a task would find room else. Only trips within the capacity
are kept as the best. Sources: J. Christiaens, G. Vanden Berghe, Slack Induction by String Removals,
Transportation Science 54 (2020), 417-433; T. Vidal, Node, Edge, Arc Routing and Turn Penalties: Multiple
Problems, One Neighborhood Extension, Operations Research 65 (2017), 992-1010; T. Vidal et al., A Hybrid
Genetic Algorithm for Multidepot and Periodic Vehicle Routing Problems, Operations Research 60 (2012), 611-624
(the price).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

STRING = 10
"""Tasks taken out of a trip at once, at most; also how many are taken out on average."""

BLINK = 0.01
"""How often a place is passed over: it keeps the insertion from being the same each time."""


class Given(NamedTuple):
    """What a search is asked. between: (2n, 2n) cost from the end of a side to the beginning of another; out,
    home: (2n,) from the start and to the end of a trip; load, service: (n,); near: (n, k) tasks by distance,
    itself first; longest: bound on cost + service of a trip; hot, cold: first and last temperature, in the
    unit of cost.
    """

    between: Floats
    out: Floats
    home: Floats
    load: Floats
    service: Floats
    near: Ints
    capacity: float
    longest: float
    hot: float
    cold: float


class Trial(NamedTuple):
    """What a search has come to: trips (most, n + 1) of tasks, their sizes, loads, work (service) and cost
    (most,); pre, suf: as above; where: (n,) the trip of each task, -1 where it has none; absent: (n,) turns
    that it spent so; best_trips, best_sizes: the best that keep every rule; figures: see below.
    """

    trips: Ints
    sizes: Ints
    loads: Floats
    work: Floats
    cost: Floats
    pre: Floats
    suf: Floats
    where: Ints
    absent: Floats
    best_trips: Ints
    best_sizes: Ints
    figures: Floats


BEST, PRICE, OVER = 0, 1, 2
"""Places in `figures`: the least cost found, without service, inf until every task has a trip that holds it;
the price of a unit of load over the capacity; turns since it last changed that ended with a load over it.
"""

TURNS, OVERLOADED, DEARER, CHEAPER = 100, 0.6, 1.1, 0.9
"""The price is looked at every so many turns, and goes up where more than this share of them ended over the
capacity, else down.
"""


def trial(n: int, most: int, price: float) -> Trial:
    """No task in any of `most` trips."""
    trips, where = np.full((most, n + 1), -1, np.int64), np.full(n, -1, np.int64)
    sizes, loads, work, cost = np.zeros(most, np.int64), np.zeros(most), np.zeros(most), np.zeros(most)
    pre, suf = np.zeros((most, n + 1, 2)), np.zeros((most, n + 1, 2))
    return Trial(
        trips,
        sizes,
        loads,
        work,
        cost,
        pre,
        suf,
        where,
        np.zeros(n),
        trips.copy(),
        sizes.copy(),
        np.array([np.inf, price, 0.0]),
    )


@njit(cache=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def _refresh(r: int, given: Given, now: Trial) -> None:
    trips, sizes, pre, suf, cost = now.trips, now.sizes, now.pre, now.suf, now.cost
    between, out, home = given.between, given.out, given.home
    n = sizes[r]
    if n == 0:
        cost[r] = 0.0
        return
    first = trips[r, 0]
    pre[r, 0, 0] = out[2 * first]
    pre[r, 0, 1] = out[2 * first + 1]
    for i in range(1, n):
        a, b = 2 * trips[r, i - 1], 2 * trips[r, i]
        for d in range(2):
            pre[r, i, d] = min(pre[r, i - 1, 0] + between[a, b + d], pre[r, i - 1, 1] + between[a + 1, b + d])
    last = trips[r, n - 1]
    suf[r, n - 1, 0] = home[2 * last]
    suf[r, n - 1, 1] = home[2 * last + 1]
    for i in range(n - 2, -1, -1):
        a, b = 2 * trips[r, i], 2 * trips[r, i + 1]
        for d in range(2):
            suf[r, i, d] = min(between[a + d, b] + suf[r, i + 1, 0], between[a + d, b + 1] + suf[r, i + 1, 1])
    cost[r] = min(pre[r, n - 1, 0] + home[2 * last], pre[r, n - 1, 1] + home[2 * last + 1])


@njit(cache=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def _inserted(r: int, i: int, t: int, given: Given, now: Trial) -> float:
    """Cost of trip r with task t put before its place i."""
    trips, sizes, pre, suf = now.trips, now.sizes, now.pre, now.suf
    between, out, home = given.between, given.out, given.home
    best = np.inf
    for d in range(2):
        s = 2 * t + d
        if i == 0:
            before = out[s]
        else:
            a = 2 * trips[r, i - 1]
            before = min(pre[r, i - 1, 0] + between[a, s], pre[r, i - 1, 1] + between[a + 1, s])
        if i == sizes[r]:
            after = home[s]
        else:
            b = 2 * trips[r, i]
            after = min(between[s, b] + suf[r, i, 0], between[s, b + 1] + suf[r, i, 1])
        best = min(best, before + after)
    return best


@njit(cache=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def _keep(r: int, now: Trial, before: Trial) -> None:
    """Note a trip as it stands, to come back to it."""
    before.sizes[r] = now.sizes[r]
    before.loads[r] = now.loads[r]
    before.work[r] = now.work[r]
    for i in range(now.sizes[r]):
        before.trips[r, i] = now.trips[r, i]


@njit(cache=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def _ruin(given: Given, now: Trial, before: Trial, touched: Flags, away: Ints) -> int:
    """Take strings of tasks out of trips near a task drawn by lot: how many tasks stand in `away`."""
    n = given.load.shape[0]
    out_of = 0
    used = n / max(1, np.sum(now.sizes > 0))
    long = min(float(STRING), used)
    strings = int(np.floor((4.0 * STRING / (1.0 + long) - 1.0) * np.random.random() + 1.0))
    origin = np.random.randint(n)
    done = 0
    for q in range(given.near.shape[1]):
        if done >= strings:
            break
        c = given.near[origin, q]
        r = int(now.where[c])
        if r < 0 or touched[r]:
            continue
        touched[r] = True
        _keep(r, now, before)
        size = int(now.sizes[r])
        take = min(int(np.floor(min(long, float(size)) * np.random.random() + 1.0)), size)
        at = 0
        for i in range(size):
            if now.trips[r, i] == c:
                at = i
                break
        spared = 0
        if (
            1 < take < size and np.random.random() < 0.5
        ):  # a string with some in its middle left where they are
            spared = 1
            while take + spared < size and np.random.random() > 0.01 and np.random.random() < 0.5:
                spared += 1
        span = take + spared
        low = max(0, at - span + 1)
        high = min(at, size - span)
        begin = low + np.random.randint(high - low + 1)
        skip = begin + 1 + np.random.randint(take - 1) if spared else -1
        write = begin
        for i in range(begin, size):
            t = now.trips[r, i]
            if i < begin + span and not (spared and skip <= i < skip + spared):
                away[out_of] = t
                out_of += 1
                now.where[t] = -1
                now.loads[r] -= given.load[t]
                now.work[r] -= given.service[t]
            else:
                now.trips[r, write] = t
                write += 1
        now.sizes[r] = write
        _refresh(r, given, now)
        done += 1
    return out_of


@njit(cache=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def _ranked(given: Given, away: Ints, key: Floats, out_of: int) -> Ints:
    """The order in which tasks are put back: by lot, by load, the farthest or the nearest first."""
    order = np.random.random() * 11.0
    for i in range(out_of):
        t = away[i]
        if order < 4.0:
            key[i] = np.random.random()
        elif order < 8.0:
            key[i] = -given.load[t] + 1e-9 * np.random.random()
        elif order < 10.0:
            key[i] = -min(given.out[2 * t], given.out[2 * t + 1])
        else:
            key[i] = min(given.out[2 * t], given.out[2 * t + 1])
    return np.argsort(key[:out_of])


@njit(cache=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def _put(t: int, given: Given, now: Trial, before: Trial, touched: Flags) -> bool:
    """Put a task where it costs least, a load over the capacity at its price; whether some trip has the time
    for it.
    """
    price = now.figures[PRICE]
    to = -1
    place = 0
    least = np.inf
    opened = False
    for r in range(now.sizes.shape[0]):
        if now.sizes[r] == 0:
            if opened:
                continue
            opened = True
        over = price * (
            max(0.0, now.loads[r] + given.load[t] - given.capacity) - max(0.0, now.loads[r] - given.capacity)
        )
        if over >= least:
            continue
        room = given.longest - now.work[r] - given.service[t]
        for i in range(now.sizes[r] + 1):
            if np.random.random() < BLINK:
                continue
            inserted = _inserted(r, i, t, given, now)
            if inserted - now.cost[r] + over < least and inserted <= room:
                least = inserted - now.cost[r] + over
                to = r
                place = i
    if to < 0:
        return False
    if not touched[to]:
        touched[to] = True
        _keep(to, now, before)
    for i in range(now.sizes[to], place, -1):
        now.trips[to, i] = now.trips[to, i - 1]
    now.trips[to, place] = t
    now.sizes[to] += 1
    now.loads[to] += given.load[t]
    now.work[to] += given.service[t]
    now.where[t] = to
    _refresh(to, given, now)
    return True


@njit(cache=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def search(given: Given, now: Trial, first: int, last: int, goal: float, seed: int) -> None:
    """Turns `first` to `last` - 1 of a search that cools down by turn `goal`; `now` holds what it has come
    to. Turn 0 begins it, and sows the seed.

    Raises nothing: where some task found no room, or no trips within the capacity were met, the best cost
    stays inf.
    """
    if first == 0:
        np.random.seed(seed)
    n = given.load.shape[0]
    before = Trial(
        now.trips.copy(),
        now.sizes.copy(),
        now.loads.copy(),
        now.work.copy(),
        now.cost,
        now.pre,
        now.suf,
        now.where,
        now.absent,
        now.best_trips,
        now.best_sizes,
        now.figures,
    )
    touched = np.zeros(now.sizes.shape[0], np.bool_)
    away = np.empty(n, np.int64)
    key = np.empty(n)
    for turn in range(first, last):
        heat = given.hot * (given.cold / given.hot) ** min(1.0, turn / goal)
        touched[:] = False
        missed = 0.0
        lost = 0
        for t in range(n):
            if now.where[t] < 0:
                away[lost] = t
                missed += 1.0 + now.absent[t]
                lost += 1
        total = _total(given, now)
        out_of = lost + (0 if turn == 0 else _ruin(given, now, before, touched, away[lost:]))
        ranks = _ranked(given, away, key, out_of)
        missing = 0.0
        for q in range(out_of):
            t = int(away[ranks[q]])
            if not _put(t, given, now, before, touched):
                missing += 1.0 + now.absent[t]
                now.absent[t] += 1.0
        cost = _total(given, now)
        if (
            turn == 0
            or missing < missed
            or (missing == missed and cost < total - heat * np.log(np.random.random()))
        ):
            excess = np.max(now.loads) > given.capacity + 1e-9
            if missing == 0.0 and not excess and cost < now.figures[BEST] - 1e-9:
                now.figures[BEST] = cost
                now.best_sizes[:] = now.sizes
                now.best_trips[:] = now.trips
        else:
            for r in range(now.sizes.shape[0]):
                if touched[r]:
                    for i in range(now.sizes[r]):
                        now.where[now.trips[r, i]] = -1
            for r in range(now.sizes.shape[0]):
                if touched[r]:
                    _keep(r, before, now)
                    for i in range(now.sizes[r]):
                        now.where[now.trips[r, i]] = r
                    _refresh(r, given, now)
        if np.max(now.loads) > given.capacity + 1e-9:
            now.figures[OVER] += 1.0
        if turn % TURNS == TURNS - 1:
            now.figures[PRICE] *= DEARER if now.figures[OVER] > OVERLOADED * TURNS else CHEAPER
            now.figures[OVER] = 0.0


@njit(cache=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def _total(given: Given, now: Trial) -> float:
    total = 0.0
    for r in range(now.sizes.shape[0]):
        total += now.cost[r] + now.figures[PRICE] * max(0.0, now.loads[r] - given.capacity)
    return total
