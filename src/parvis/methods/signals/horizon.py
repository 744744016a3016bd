"""What a signal shows next: every way to go on for a moment and then change is played through a model of queues.

A rolling horizon: hold what is shown for some seconds, change to one of the stages, and go on by a plain rule
(the stage that most vehicles wait for) to the end of the horizon; the first step of the cheapest way is taken,
and everything is weighed again a second later. Sources: D. P. Bertsekas, D. A. Castañon, Journal of Heuristics 5
(1999), 89-108 (a rule improved by playing it to the end after each first step); J.-J. Henry, J.-L. Farges, PRODYN
(1989); S. Sen, K. L. Head, Transportation Science 31 (1997), 5-17 (rolling horizon, phases in any order).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from parvis.methods.signals.values import Flags, Floats, Ints, Junction

HOLDS = np.array([0.0, 1.0, 2.0, 4.0, 7.0, 11.0, 16.0, 24.0])
"""Seconds for which what is shown is held before it changes."""
GIVING = 0.5
"""What a vehicle that has to give way counts in the plain rule."""
CHANGE = 1.0
"""What a change costs by itself, in seconds of a vehicle: nothing changes for nothing."""
FAR = 1e9


@dataclass(frozen=True, slots=True)
class Queue:
    """Vehicles before a signal, lane by lane, the first at the line first. Arrays of shape (n,), but the last two.

    arrival: seconds from now at which each would reach the line if nobody stood before it, 0 or more; size:
    vehicles that each stands for (a share where the lane is not sure); weight: what a second of its time counts;
    waited: seconds that it stands already; group: of the junction, that must be green for it; out: number of the
    lane that it leaves by; first: shape (lanes + 1,), where each lane begins; room: shape (outs,), vehicles that
    still go into each lane behind the junction, infinite where nothing is known.
    """

    arrival: Floats
    size: Floats
    weight: Floats
    waited: Floats
    group: Ints
    out: Ints
    first: Ints
    room: Floats


@dataclass(frozen=True, slots=True)
class Lights:
    """What is shown now. since: shape (groups,), seconds since each group turned green, or is about to (below 0);
    infinite for red; ended: seconds since the last green of each ended, infinite where it is green.
    """

    stage: int
    since: Floats
    ended: Floats


@dataclass(frozen=True, slots=True)
class Model:
    """How vehicles are taken to move. headway: seconds between two that leave a lane; lost: seconds from green to
    the first; gap: seconds before another comes in which whoever gives way still passes; seconds: of the horizon; patience: the
    wait at which a second more counts double; near: seconds ahead that the plain rule counts; stay: how many
    times more must wait elsewhere before the plain rule leaves vehicles that still come.
    """

    headway: float = 2.0
    lost: float = 1.5
    gap: float = 3.0
    seconds: float = 60.0
    patience: float = 60.0
    near: float = 5.0
    stay: float = 1.5


@dataclass(frozen=True, slots=True)
class Choice:
    """The cheapest way: hold for so many seconds, then the stage. costs: weighted seconds, shape (holds, stages)."""

    hold: float
    stage: int
    costs: Floats


def weighed(
    junction: Junction, stages: Flags, yields: Flags, queue: Queue, lights: Lights, open_: Flags, model: Model
) -> Choice:
    """The cheapest hold and stage.

    stages: shape (k, groups), groups that are green together; yields: shape (groups, groups), the row gives way to
    the column while both are green; open_: shape (k,), stages that may come next, at least one of them.
    """
    costs = _costs(
        np.nan_to_num(junction.intergreen, nan=-1.0),
        junction.min_green,
        stages,
        yields,
        queue.arrival,
        queue.size,
        queue.weight,
        queue.waited,
        queue.group,
        queue.out,
        queue.first,
        queue.room,
        lights.stage,
        np.where(stages, np.where(stages @ yields.T, GIVING, 1.0), 0.0),
        np.where(np.isfinite(lights.since), lights.since, -FAR),
        np.where(np.isfinite(lights.ended), lights.ended, FAR),
        open_,
        HOLDS,
        model.headway,
        model.lost,
        model.gap,
        model.seconds,
        model.patience,
        model.near,
        model.stay,
    )
    hold, stage = (int(i) for i in np.unravel_index(int(np.argmin(costs)), costs.shape))
    return Choice(float(HOLDS[hold]), stage, costs)


@njit(cache=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def _costs(
    intergreen: Floats, min_green: Floats, stages: Flags, yields: Flags,
    arrival: Floats, size: Floats, weight: Floats, waited: Floats, group: Ints, out: Ints, first: Ints, room: Floats,
    stage: int, credit: Floats, since: Floats, ended: Floats, open_: Flags, holds: Floats,
    headway: float, lost: float, gap: float, seconds: float, patience: float, near: float, stay: float,
) -> Floats:  # fmt: skip
    """Cost of each hold and stage, shape (holds, stages); infinite where a stage may not come next."""
    count = len(stages)
    costs = np.full((len(holds), count), np.inf)
    kept = False
    for h in range(len(holds)):
        for j in range(count):
            if not open_[j]:
                continue
            if j == stage:
                if kept:
                    continue
                kept = True
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
