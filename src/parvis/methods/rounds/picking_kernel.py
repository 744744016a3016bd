"""Ruin and recreate over the rounds of a morning on which no bin must be emptied and each is worth something:
the loop that numba compiles.

A truck is a row of trips; between the last stop of a trip and the first of the next it goes over a tip. Bins
near one another are taken out of their trips and put back where they cost least, or nowhere where that is
more than they are worth. Now and then a whole truck is sent home, or one that stays at home is sent out at a
loss, which the bins that follow may turn into a gain. Sources: J. Christiaens, G. Vanden Berghe, Slack
Induction by String Removals, Transportation Science 54 (2020), 417-433; prizes: P. Vansteenwegen, A. Gunawan,
Orienteering Problems (2019), chapter 4.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STRING = 10
"""Stops taken out of a trip at once, at most."""

BLINK = 0.01
"""How often a place is passed over: it keeps the insertion from being the same each time."""

BOLD = 0.06
"""How often a whole truck is sent home or out."""


LURED = 0.3
"""How often a stop in no trip is put in though it costs more than it is worth: with its neighbours it may be
worth the way.
"""


@njit(cache=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def _close_up(k: int, each: int, trips: Ints, sizes: Ints) -> None:
    """The trips of truck k without the empty ones between them."""
    write = k * each
    for r in range(k * each, (k + 1) * each):
        if sizes[r] == 0:
            continue
        if r != write:
            for i in range(sizes[r]):
                trips[write, i] = trips[r, i]
            sizes[write] = sizes[r]
            sizes[r] = 0
        write += 1


@njit(cache=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def _length(
    k: int, each: int, trips: Ints, sizes: Ints, between: Floats, out: Floats, home: Floats, over: Floats
) -> float:
    """What truck k drives, in the unit of the matrices; nought when it stays at home."""
    total = 0.0
    last = -1
    for r in range(k * each, (k + 1) * each):
        for i in range(sizes[r]):
            t = trips[r, i]
            if last < 0:
                total += out[k, t]
            elif i == 0:
                total += over[last, t]
            else:
                total += between[last, t]
            last = t
    return total + home[k, last] if last >= 0 else 0.0


@njit(cache=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def _longer(
    k: int,
    r: int,
    i: int,
    t: int,
    each: int,
    trips: Ints,
    sizes: Ints,
    between: Floats,
    out: Floats,
    home: Floats,
    over: Floats,
) -> float:
    """What stop t adds to truck k before place i of its trip r, which may be the first empty one."""
    fresh = sizes[r] == 0
    if i > 0:
        a = trips[r, i - 1]
        before = between[a, t]
    elif r > k * each:
        a = trips[r - 1, sizes[r - 1] - 1]
        before = over[a, t]
    else:
        a = -1
        before = out[k, t]
    if i < sizes[r]:
        c = trips[r, i]
        after = between[t, c]
        was = out[k, c] if a < 0 else over[a, c] if i == 0 else between[a, c]
    elif not fresh and r + 1 < (k + 1) * each and sizes[r + 1] > 0:
        c = trips[r + 1, 0]
        after = over[t, c]
        was = over[a, c]
    else:
        after = home[k, t]
        was = 0.0 if a < 0 else home[k, a]
    return before + after - was


@njit(cache=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def search(
    metres: Floats,
    metres_out: Floats,
    metres_home: Floats,
    metres_over: Floats,
    seconds: Floats,
    seconds_out: Floats,
    seconds_home: Floats,
    seconds_over: Floats,
    prize: Floats,
    load: Floats,
    service: Floats,
    near: Ints,
    capacity: Floats,
    shift: Floats,
    day_load: Floats,
    day_stops: Ints,
    fixed: Floats,
    each: int,
    hot: float,
    cold: float,
    iterations: int,
    seed: int,
) -> tuple[Ints, Ints, float]:
    """Trips (K * each, n) of stops and sizes (K * each,) by truck, and what is won: prizes less metres.

    metres, seconds: (n, n) between stops; out, home: (K, n) from where truck k starts, and to where it ends
    by way of a tip; over: (n, n) by way of a tip. prize, load, service (seconds): (n,); near: (n, m) stops by
    distance, itself first. capacity, shift (seconds), day_load, day_stops, fixed (metres): (K,) of each
    truck. each: trips of a truck, at most. hot, cold: first and last temperature, in metres.
    """
    np.random.seed(seed)
    n = service.shape[0]
    trucks = capacity.shape[0]
    rows = trucks * each
    trips = np.full((rows, n), -1, np.int64)
    sizes = np.zeros(rows, np.int64)
    loads = np.zeros(rows)
    driven = np.zeros(trucks)
    busy = np.zeros(trucks)
    taken = np.zeros(trucks)
    stops = np.zeros(trucks, np.int64)
    where = np.full(n, -1, np.int64)
    kept_trips, kept_sizes, kept_loads, kept_where = trips.copy(), sizes.copy(), loads.copy(), where.copy()
    kept_driven, kept_busy, kept_taken, kept_stops = driven.copy(), busy.copy(), taken.copy(), stops.copy()
    best_trips, best_sizes = trips.copy(), sizes.copy()
    touched = np.zeros(trucks, np.bool_)
    gone = np.zeros(n, np.bool_)
    away = np.empty(n, np.int64)
    key = np.empty(n)
    now = 0.0
    best = 0.0
    cooling = (cold / hot) ** (1.0 / max(1, iterations))
    heat = hot
    for turn in range(iterations + 1):
        touched[:] = False
        gone[:] = False
        forced = -1
        origin = np.random.randint(n)
        bold = np.random.random() < BOLD or turn == 0
        if bold:
            k = np.random.randint(trucks)
            if driven[k] > 0.0:  # sent home
                touched[k] = True
                for r in range(k * each, (k + 1) * each):
                    for i in range(sizes[r]):
                        gone[trips[r, i]] = True
            else:
                forced = k
                if np.random.random() < 0.5:  # and in place of another one
                    other = np.random.randint(trucks)
                    if driven[other] > 0.0:
                        touched[other] = True
                        for r in range(other * each, (other + 1) * each):
                            for i in range(sizes[r]):
                                gone[trips[r, i]] = True
        else:
            strings = 1 + np.random.randint(4)
            done = 0
            for q in range(near.shape[1]):
                if done >= strings:
                    break
                c = near[origin, q]
                r = where[c]
                if r < 0 or gone[c]:
                    continue
                k = r // each
                touched[k] = True
                done += 1
                take = min(1 + np.random.randint(STRING), sizes[r])
                at = 0
                while trips[r, at] != c:
                    at += 1
                low = max(0, at - take + 1)
                high = min(at, sizes[r] - take)
                begin = low + np.random.randint(high - low + 1)
                skip = begin + np.random.randint(take) if take > 2 and np.random.random() < 0.5 else -1
                for i in range(begin, begin + take):
                    if i != skip:
                        gone[trips[r, i]] = True
        for k in range(trucks):
            if not touched[k]:
                continue
            busy[k] = 0.0
            taken[k] = 0.0
            stops[k] = 0
            for r in range(k * each, (k + 1) * each):
                write = 0
                for i in range(sizes[r]):
                    t = trips[r, i]
                    if gone[t]:
                        where[t] = -1
                    else:
                        trips[r, write] = t
                        write += 1
                sizes[r] = write
            _close_up(k, each, trips, sizes)
            for r in range(k * each, (k + 1) * each):
                loads[r] = 0.0
                for i in range(sizes[r]):
                    t = trips[r, i]
                    where[t] = r
                    loads[r] += load[t]
                    busy[k] += service[t]
                taken[k] += loads[r]
                stops[k] += sizes[r]
            driven[k] = _length(k, each, trips, sizes, metres, metres_out, metres_home, metres_over)
            busy[k] += _length(k, each, trips, sizes, seconds, seconds_out, seconds_home, seconds_over)
        count = 0
        for q in range(n if bold else near.shape[1]):  # those in no trip, and those just taken out
            t = q if bold else near[origin, q]
            if where[t] < 0 and not gone[t]:
                away[count] = t
                count += 1
        for t in range(n):
            if gone[t]:
                away[count] = t
                count += 1
        order = np.random.random()
        for i in range(count):
            t = away[i]
            if order < 0.4:
                key[i] = np.random.random()
            elif order < 0.8:
                key[i] = -prize[t] * (1.0 + 0.2 * np.random.random())
            else:
                key[i] = metres[origin, t]
        if not bold and where[origin] < 0 and np.random.random() < LURED:
            forced = trucks
        ranks = np.argsort(key[:count])
        for q in range(-1 if forced >= 0 else 0, count):
            t = int(origin if q < 0 else away[ranks[q]])
            if where[t] >= 0:
                continue
            to = -1
            place = 0
            most = -np.inf if q < 0 else 0.0
            for k in range(trucks):
                if q < 0 and forced < trucks and k != forced:
                    continue
                worth = prize[t]
                if worth <= most:
                    continue
                if stops[k] + 1 > day_stops[k] or taken[k] + load[t] > day_load[k] + 1e-9:
                    continue
                lone = fixed[k] if stops[k] == 0 else 0.0
                for r in range(k * each, (k + 1) * each):
                    if loads[r] + load[t] <= capacity[k] + 1e-9:
                        for i in range(sizes[r] + 1):
                            if np.random.random() < BLINK and q >= 0:
                                continue
                            won = (
                                worth
                                - lone
                                - _longer(
                                    k,
                                    r,
                                    i,
                                    t,
                                    each,
                                    trips,
                                    sizes,
                                    metres,
                                    metres_out,
                                    metres_home,
                                    metres_over,
                                )
                            )
                            if won > most:
                                more = service[t] + _longer(
                                    k,
                                    r,
                                    i,
                                    t,
                                    each,
                                    trips,
                                    sizes,
                                    seconds,
                                    seconds_out,
                                    seconds_home,
                                    seconds_over,
                                )
                                if busy[k] + more <= shift[k]:
                                    most = won
                                    to = r
                                    place = i
                    if sizes[r] == 0:
                        break
            if to < 0:
                continue
            k = to // each
            driven[k] += _longer(
                k, to, place, t, each, trips, sizes, metres, metres_out, metres_home, metres_over
            )
            busy[k] += service[t] + _longer(
                k, to, place, t, each, trips, sizes, seconds, seconds_out, seconds_home, seconds_over
            )
            for i in range(sizes[to], place, -1):
                trips[to, i] = trips[to, i - 1]
            trips[to, place] = t
            sizes[to] += 1
            loads[to] += load[t]
            taken[k] += load[t]
            stops[k] += 1
            where[t] = to
        total = 0.0
        for k in range(trucks):
            if stops[k]:
                total -= driven[k] + fixed[k]
        for t in range(n):
            if where[t] >= 0:
                total += prize[t]
        if total > now + heat * np.log(np.random.random()):
            now = total
            kept_trips[:], kept_sizes[:], kept_loads[:], kept_where[:] = trips, sizes, loads, where
            kept_driven[:], kept_busy[:], kept_taken[:], kept_stops[:] = driven, busy, taken, stops
            if total > best + 1e-9:
                best = total
                best_trips[:], best_sizes[:] = trips, sizes
        else:
            trips[:], sizes[:], loads[:], where[:] = kept_trips, kept_sizes, kept_loads, kept_where
            driven[:], busy[:], taken[:], stops[:] = kept_driven, kept_busy, kept_taken, kept_stops
        heat *= cooling
    return best_trips, best_sizes, best
