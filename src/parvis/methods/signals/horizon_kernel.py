"""Every way to go on, played to the end of the horizon: the loop that numba compiles.

It stands apart so that whoever only names a queue or a model does not load the compiler: 70 MB of a web process, whose
list of services names the studies of signals.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from parvis.methods.signals.horizon import CHANGE, FAR
from parvis.methods.signals.values import Flags, Floats, Ints


@njit(cache=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def weigh(
    intergreen: Floats, min_green: Floats, stages: Flags, yields: Flags,
    arrival: Floats, size: Floats, weight: Floats, waited: Floats, group: Ints, out: Ints, first: Ints, room: Floats,
    stage: int, credit: Floats, since: Floats, ended: Floats, open_: Flags, holds: Floats,
    headway: float, lost: float, gap: float, seconds: float, patience: float, near: float, stay: float,
) -> Floats:  # fmt: skip
    """Cost of each hold and stage, shape (holds, stages); infinite where a stage may not come next."""
    count = len(stages)
    costs = np.full((len(holds), count), np.inf)
    is_held = False
    for h in range(len(holds)):
        for j in range(count):
            if not open_[j]:
                continue
            if j == stage:
                if is_held:
                    continue
                is_held = True
            costs[h, j] = _played(
                intergreen, min_green, stages, yields, arrival, size, weight, waited, group, out, first, room,
                stage, credit, since, ended, holds[h], j, headway, lost, gap, seconds, patience, near, stay,
            ) + (0.0 if j == stage else CHANGE)  # fmt: skip
    return costs


@njit(cache=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def _played(
    intergreen: Floats, min_green: Floats, stages: Flags, yields: Flags,
    arrival: Floats, size: Floats, weight: Floats, waited: Floats, group: Ints, out: Ints, first: Ints, room: Floats,
    stage: int, credit: Floats, since: Floats, ended: Floats, hold: float, then: int,
    headway: float, lost: float, gap: float, seconds: float, patience: float, near: float, stay: float,
) -> float:  # fmt: skip
    """Weighted seconds that vehicles lose until the end of the horizon, and those that are left a while longer."""
    m = stages.shape[1]
    lanes = len(first) - 1
    on = np.empty(m)
    end = np.empty(m)
    for g in range(m):
        on[g] = -since[g] if since[g] > -FAR else FAR
        end[g] = -ended[g]
    head = first[:-1].copy()
    seen = first[:-1].copy()
    free = np.full(lanes, -FAR)
    left = room.copy()
    waiting = np.zeros(m)
    busy = np.zeros(m, np.bool_)
    now = stage
    planned = then != stage
    cost = 0.0
    t = 0.0
    while t < seconds:
        # Who comes near, by group.
        for lane in range(lanes):
            k = seen[lane]
            while k < first[lane + 1] and arrival[k] <= t + near:
                waiting[group[k]] += size[k] * weight[k]
                k += 1
            seen[lane] = k
        # What is shown next, when something else may be shown.
        target = now
        if planned:
            if t >= hold:
                target = then
        elif t >= 1.0 and int(t) % 2 == 1:
            best = 0.0
            mine = 0.0
            for j in range(len(stages)):
                total = 0.0
                for g in range(m):
                    total += credit[j, g] * waiting[g]
                if j == now:
                    mine = total
                if total > best + 1e-9:
                    best = total
                    target = j
            if mine > 0.5 and best < stay * mine + 1.0:
                target = now
        if target != now:
            ready = True
            for g in range(m):
                if stages[now, g] and not stages[target, g] and t - on[g] < min_green[g] - 1e-6:
                    ready = False
            if ready:
                planned = False
                for g in range(m):
                    if stages[now, g] and not stages[target, g]:
                        on[g] = FAR
                        end[g] = t
                for g in range(m):
                    if stages[target, g] and on[g] >= FAR:
                        start = t
                        for o in range(m):
                            if intergreen[o, g] >= 0.0 and end[o] + intergreen[o, g] > start:
                                start = end[o] + intergreen[o, g]
                        on[g] = start
                now = target
        # Who leaves in this second.
        for g in range(m):
            busy[g] = False
        for lane in range(lanes):
            k = head[lane]
            if (
                k < first[lane + 1]
                and arrival[k] < t + gap
                and on[group[k]] <= t + gap
                and left[out[k]] >= size[k]
            ):
                busy[group[k]] = True
        for lane in range(lanes):
            k = head[lane]
            while k < first[lane + 1]:
                g = group[k]
                if on[g] >= t + 1.0 or left[out[k]] < size[k]:
                    break
                gives = False
                for o in range(m):
                    if yields[g, o] and busy[o]:
                        gives = True
                if gives:
                    break
                go = max(arrival[k], t, free[lane] + headway, on[g] + lost)
                if go >= t + 1.0:
                    break
                free[lane] = go + headway * (size[k] - 1.0)
                left[out[k]] -= size[k]
                later = max(go - arrival[k], 0.0)
                cost += size[k] * weight[k] * later * (1.0 + (waited[k] + 0.5 * later) / patience)
                if k < seen[lane]:
                    waiting[g] -= size[k] * weight[k]
                else:
                    seen[lane] = k + 1
                k += 1
            head[lane] = k
        t += 1.0
    for lane in range(lanes):
        behind = 0.0
        for k in range(head[lane], first[lane + 1]):
            if arrival[k] < seconds:
                later = seconds - arrival[k] + 10.0 + headway * behind
                cost += size[k] * weight[k] * later * (1.0 + (waited[k] + 0.5 * later) / patience)
                behind += size[k]
    return float(cost)
