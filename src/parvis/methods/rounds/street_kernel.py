"""Ruin and recreate over streets that may be served in either direction: the loop that numba compiles.

A side s of task t is 2t or 2t + 1, the two directions of its street. A trip is a row of tasks; its directions are never chosen but always the best ones:
`pre[r, i, d]` is the least cost from the start to the end of the i-th task served in direction d, `suf[r, i, d]` the least from its beginning to the end of
the trip.
Sources: J. Christiaens, G. Vanden Berghe, Slack Induction by String Removals, Transportation Science 54 (2020), 417-433; T. Vidal, Node, Edge, Arc Routing
and Turn
Penalties: Multiple Problems, One Neighborhood Extension, Operations Research 65 (2017), 992-1010.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STRING = 10
"""Tasks taken out of a trip at once, at most; also how many are taken out on average."""

BLINK = 0.01
"""How often a place is passed over: it keeps the insertion from being the same each time."""


@njit(cache=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def _refresh(r: int, trips: Ints, sizes: Ints, between: Floats, out: Floats, home: Floats, pre: Floats, suf: Floats, cost: Floats) -> None:
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
def _inserted(r: int, i: int, t: int, trips: Ints, sizes: Ints, between: Floats, out: Floats, home: Floats, pre: Floats, suf: Floats) -> float:
    """Cost of trip r with task t put before its place i."""
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
def search(
    between: Floats, out: Floats, home: Floats, load: Floats, service: Floats, near: Ints, capacity: float, longest: float, most: int, hot: float, cold: float,
    iterations: int, seed: int,
) -> tuple[Ints, Ints, float]:  # fmt: skip
    """Trips of least cost found: trips (most, n) of tasks, sizes (most,), cost without service.

    between: (2n, 2n) cost from the end of a side to the beginning of another; out, home: (2n,) from the start and to the end of a trip; load, service: (n,);
    near: (n, k) tasks by distance, itself first; longest: bound on cost + service of a trip; most: trips at most; hot, cold: first and last temperature, in
    the unit of cost.
    A cost of inf comes back when some task found no room.
    """
    np.random.seed(seed)
    n = load.shape[0]
    trips = np.full((most, n + 1), -1, np.int64)
    sizes = np.zeros(most, np.int64)
    loads = np.zeros(most)
    work = np.zeros(most)
    cost = np.zeros(most)
    pre = np.zeros((most, n + 1, 2))
    suf = np.zeros((most, n + 1, 2))
    where = np.full(n, -1, np.int64)

    old_trips = np.empty_like(trips)
    old_sizes = np.empty_like(sizes)
    old_loads = np.empty_like(loads)
    old_work = np.empty_like(work)
    touched = np.zeros(most, np.bool_)
    ruined = np.zeros(most, np.bool_)
    best_trips = trips.copy()
    best_sizes = sizes.copy()
    away = np.empty(n, np.int64)
    key = np.empty(n)
    best = np.inf
    now = np.inf
    missing = n
    cooling = (cold / hot) ** (1.0 / max(1, iterations))
    heat = hot

    for turn in range(iterations + 1):
        for r in range(most):
            touched[r] = False
            ruined[r] = False
        out_of = 0
        if turn == 0:
            for t in range(n):
                away[t] = t
            out_of = n
        else:
            used = n / max(1, np.sum(sizes > 0))
            long = min(float(STRING), used)
            strings = int(np.floor((4.0 * STRING / (1.0 + long) - 1.0) * np.random.random() + 1.0))
            origin = np.random.randint(n)
            done = 0
            for q in range(near.shape[1]):
                if done >= strings:
                    break
                c = near[origin, q]
                r = int(where[c])
                if r < 0 or ruined[r]:
                    continue
                ruined[r] = True
                touched[r] = True
                old_sizes[r] = sizes[r]
                old_loads[r] = loads[r]
                old_work[r] = work[r]
                for i in range(sizes[r]):
                    old_trips[r, i] = trips[r, i]
                take = int(np.floor(min(long, float(sizes[r])) * np.random.random() + 1.0))
                take = min(take, sizes[r])
                at = 0
                for i in range(sizes[r]):
                    if trips[r, i] == c:
                        at = i
                        break
                kept = 0
                if take < sizes[r] and take > 1 and np.random.random() < 0.5:  # a string with some in its middle left where they are
                    kept = 1
                    while take + kept < sizes[r] and np.random.random() > 0.01 and np.random.random() < 0.5:
                        kept += 1
                span = take + kept
                low = max(0, at - span + 1)
                high = min(at, sizes[r] - span)
                begin = low + np.random.randint(high - low + 1)
                skip = begin + 1 + np.random.randint(take - 1) if kept else -1
                write = begin
                for i in range(begin, sizes[r]):
                    t = trips[r, i]
                    gone = i < begin + span and not (kept and skip <= i < skip + kept)
                    if gone:
                        away[out_of] = t
                        out_of += 1
                        where[t] = -1
                        loads[r] -= load[t]
                        work[r] -= service[t]
                    else:
                        trips[r, write] = t
                        write += 1
                sizes[r] = write
                _refresh(r, trips, sizes, between, out, home, pre, suf, cost)
                done += 1
        if missing and turn > 0:  # those that found no room before try again
            for t in range(n):
                if where[t] == -1:
                    seen = False
                    for i in range(out_of):
                        if away[i] == t:
                            seen = True
                            break
                    if not seen:
                        away[out_of] = t
                        out_of += 1
        order = np.random.random() * 11.0
        for i in range(out_of):
            t = away[i]
            if order < 4.0:
                key[i] = np.random.random()
            elif order < 8.0:
                key[i] = -load[t] + 1e-9 * np.random.random()
            elif order < 10.0:
                key[i] = -min(out[2 * t], out[2 * t + 1])
            else:
                key[i] = min(out[2 * t], out[2 * t + 1])
        ranks = np.argsort(key[:out_of])
        left = 0
        for q in range(out_of):
            t = int(away[ranks[q]])
            to = -1
            place = 0
            least = np.inf
            opened = False
            for r in range(most):
                if sizes[r] == 0:
                    if opened:
                        continue
                    opened = True
                if loads[r] + load[t] > capacity + 1e-9:
                    continue
                for i in range(sizes[r] + 1):
                    if np.random.random() < BLINK:
                        continue
                    made = _inserted(r, i, t, trips, sizes, between, out, home, pre, suf)
                    if made - cost[r] < least and made + work[r] + service[t] <= longest:
                        least = made - cost[r]
                        to = r
                        place = i
            if to < 0:
                left += 1
                continue
            if not touched[to]:
                touched[to] = True
                old_sizes[to] = sizes[to]
                old_loads[to] = loads[to]
                old_work[to] = work[to]
                for i in range(sizes[to]):
                    old_trips[to, i] = trips[to, i]
            for i in range(sizes[to], place, -1):
                trips[to, i] = trips[to, i - 1]
            trips[to, place] = t
            sizes[to] += 1
            loads[to] += load[t]
            work[to] += service[t]
            where[t] = to
            _refresh(to, trips, sizes, between, out, home, pre, suf, cost)
        total = np.sum(cost)
        if left < missing or (left == missing and total < now - heat * np.log(np.random.random())):
            missing = left
            now = total
            if left == 0 and total < best - 1e-9:
                best = total
                best_sizes[:] = sizes
                for r in range(most):
                    for i in range(sizes[r]):
                        best_trips[r, i] = trips[r, i]
                    for i in range(sizes[r], n + 1):
                        best_trips[r, i] = -1
        else:
            for r in range(most):
                if touched[r]:
                    for i in range(sizes[r]):
                        where[trips[r, i]] = -1
            for r in range(most):
                if touched[r]:
                    sizes[r] = old_sizes[r]
                    loads[r] = old_loads[r]
                    work[r] = old_work[r]
                    for i in range(sizes[r]):
                        trips[r, i] = old_trips[r, i]
                        where[trips[r, i]] = r
                    _refresh(r, trips, sizes, between, out, home, pre, suf, cost)
        heat *= cooling
    return best_trips, best_sizes, best
