"""Which bins are emptied, and on which morning: what a visit is worth is what it spares from then on, in
metres of truck and in overflow.

A bin is looked at alone first. On each morning a visit would take a detour that is not known beforehand (a
truck passes near, or does not): it is drawn from what detours took on the last mornings. So its mornings are
a chain of stopping problems, whose relative values say what it costs, from now on, to have been emptied some
days ago. The difference between going this morning and waiting is the prize of the visit; the rounds of the
morning then take the bins whose prize is worth their true detour. Sources: relative values of a periodic
chain: M. L. Puterman, Markov Decision Processes (1994), chapter 8; prizes from them in routes that are chosen
day by day: W. J. Bell et al., Interfaces 13 (1983), 4-23; A. J. Kleywegt, V. S. Nori, M. W. P. Savelsbergh,
Transportation Science 36 (2002), 94-118.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from parvis.methods import bin_fill
from parvis.methods.bin_fill import Filling, Floats
from parvis.methods.rounds.job import Job, Plan
from parvis.methods.rounds.picking import pick

AGES = 28
"""Days since it was emptied that are told apart; a bin that has waited longer is taken to have waited so
long.
"""

AHEAD = 14
"""Days over which what happens to a bin in a known state is followed; after them it is taken for one that was
emptied when its level was last known.
"""

MEMORY = 24
"""Mornings whose detours are remembered: four weeks."""

AIM = 0.97
"""Of the limit of overflow, what the next price that is tried aims at."""

WEEKS = 16
"""Weeks of the chain, the second half of which is looked at."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What things cost, in metres. overflow: a bin that is over full at the end of a day. visit: (m, b)
    detours that each bin may take on a morning, all equally likely.
    """

    overflow: float
    visit: Floats


@dataclass(frozen=True, slots=True)
class Values:
    """What b bins cost from a morning on, in metres, beside what they would cost anyhow. at: (b, 7, AGES + 1)
    by weekday and days since they were emptied, before it is known whether they will be that day; after: (b,
    7) once they were; week: (b,) what a week costs.
    """

    at: Floats
    after: Floats
    week: Floats

    def on(self, day: int, origin: int) -> tuple[Floats, Floats]:
        """`at` and `after` on a day, seen from the Monday of the week of `origin`: a later week has one week
        less to pay.
        """
        spent = (day // 7 - origin // 7) * self.week
        return self.at[:, day % 7] - spent[:, None], self.after[:, day % 7] - spent


def values(filling: Filling, prices: Prices, working: frozenset[int]) -> Values:
    """Relative values of all bins. working: weekdays, from 0 for Monday, on which a truck may come."""
    b = len(filling.rate)
    empty = np.zeros(b)
    risk = np.stack(
        [
            np.stack(
                [
                    bin_fill.overflow(
                        filling, empty, np.full(b, float(14 * AGES + d - age)), float(14 * AGES + d + 1)
                    )
                    for age in range(AGES + 1)
                ],
                axis=1,
            )
            for d in range(7)
        ],
        axis=1,
    )
    later = np.zeros((b, AGES + 1))
    at, after = np.zeros((WEEKS, b, 7, AGES + 1)), np.zeros((WEEKS, b, 7))
    for w in range(WEEKS):
        for d in range(6, -1, -1):
            waits = prices.overflow * risk[:, d] + np.concatenate([later[:, 1:], later[:, -1:]], axis=1)
            after[w, :, d] = prices.overflow * risk[:, d, 0] + later[:, 1]
            later = at[w, :, d] = _better(prices.visit, after[w, :, d], waits) if d in working else waits
    # over several weeks: what is repeated every few days comes to no rest from week to week
    second_half = slice(WEEKS // 2, None)
    return Values(
        at[second_half].mean(axis=0),
        after[second_half].mean(axis=0),
        np.diff(at[second_half, :, 0, 0], axis=0).mean(axis=0),
    )


def _better(visit: Floats, after: Floats, waits: Floats) -> Floats:
    """(b, k) the mean, over detours, of the better of going and waiting."""
    goes = visit + after
    return np.minimum(goes[:, :, None], waits[None]).mean(axis=0)


def prizes(
    filling: Filling,
    prices: Prices,
    known: Values,
    level: Floats,
    since: Floats,
    day: int,
    working: frozenset[int],
) -> Floats:
    """(b,) what emptying each bin this morning spares, in metres, against not emptying it before the next one
    on which that is worth it.

    level, since: (b,) the last level that is known of each bin, and when. day: whole days since a Monday.
    """
    risk = np.stack([bin_fill.overflow(filling, level, since, float(d + 1)) for d in range(day, day + AHEAD)])
    left, _ = known.on(day + AHEAD, day)
    ages = np.clip(np.rint(day + AHEAD - since), 0, AGES).astype(np.int64)
    waiting = left[np.arange(len(level)), ages]
    for d in range(day + AHEAD - 1, day - 1, -1):
        waiting = prices.overflow * risk[d - day] + waiting
        if d > day and d % 7 in working:
            waiting = _better(prices.visit, known.on(d, day)[1], waiting[:, None])[:, 0]
    return waiting - known.on(day, day)[1]


def detours(job: Job, plan: Plan | None) -> Floats:
    """(b,) metres that a visit to each stop takes: what is spared without it where it is visited, else the
    least that it adds; alone where nobody goes.
    """
    place = np.array([s.place for s in job.stops])
    metres = job.metres
    best = np.full(len(place), np.inf)
    for truck in job.trucks:
        for at in [t.place for t in job.tips] or [truck.end]:
            best = np.minimum(best, metres[truck.start, place] + metres[place, at] + metres[at, truck.end])
    visited: dict[int, float] = {}
    for one in plan.rounds if plan else ():
        truck = job.trucks[one.truck]
        steps = [v for v in one.visits if v.kind != "rest"]
        way = np.array(
            [
                truck.start,
                *(job.stops[v.which].place if v.kind == "stop" else job.tips[v.which].place for v in steps),
                truck.end,
            ]
        )
        a, c = way[:-1], way[1:]
        best = np.minimum(
            best, (metres[np.ix_(a, place)] + metres[np.ix_(place, c)].T - metres[a, c][:, None]).min(axis=0)
        )
        for x, visit, y, z in zip(way, steps, way[1:], way[2:], strict=False):
            if visit.kind == "stop":
                visited[visit.which] = float(metres[x, y] + metres[y, z] - metres[x, z])
    best[list(visited)] = list(visited.values())
    return np.maximum(best, 0.0)


@dataclass(frozen=True, slots=True)
class Morning:
    """The job of a morning over some of the bins. bins: the bin of each stop."""

    job: Job
    bins: tuple[int, ...]

    def whole(self, plan: Plan) -> Plan:
        """The plan over all bins."""
        rounds = (
            replace(
                r,
                visits=tuple(
                    replace(v, which=self.bins[v.which]) if v.kind == "stop" else v for v in r.visits
                ),
            )
            for r in plan.rounds
        )
        return Plan(tuple(rounds))


def today(whole: Job, worths: Floats, levels: Floats, *, least: float = 1.0) -> Morning:
    """The job of a morning: a bin may be emptied for what that is worth; its load is the level expected. Bins
    worth less than `least` metres are left out.
    """
    bins = tuple(int(i) for i in np.flatnonzero(worths >= least))
    stops = tuple(
        replace(
            whole.stops[i],
            load=whole.stops[i].load * float(np.clip(levels[i], 0.05, 1.0)),
            prize=float(worths[i]),
        )
        for i in bins
    )
    return Morning(replace(whole, stops=stops), bins)


class Daily:
    """The daily rule, which remembers what detours took on its last mornings. working: weekdays, from 0 for
    Monday, on which trucks go out.

    prices: with the detours of mornings before the first. The same seed does the same.
    """

    def __init__(
        self, whole: Job, prices: Prices, working: frozenset[int], *, iterations: int, seed: int
    ) -> None:
        self.whole, self.working, self.iterations, self.seed = whole, working, iterations, seed
        self.overflow = prices.overflow
        self.visits = deque(prices.visit, maxlen=MEMORY)

    def learn(self, filling: Filling) -> None:
        """Weigh visits anew: by how bins fill, and by what detours took lately."""
        self.prices = Prices(self.overflow, np.stack(self.visits))
        self.filling, self.values = filling, values(filling, self.prices, self.working)

    def morning(self, day: int, level: Floats, since: Floats) -> Morning:
        """The bins worth a visit on a morning, after `learn`."""
        worths = prizes(self.filling, self.prices, self.values, level, since, day, self.working)
        return today(self.whole, worths, bin_fill.expected(self.filling, level, since, float(day)))

    def plan(self, day: int, level: Floats, since: Floats) -> Plan | None:
        """The rounds of a morning over all bins, None when nobody goes out."""
        if day % 7 not in self.working:
            return None
        morning = self.morning(day, level, since)
        picked = pick(morning.job, iterations=self.iterations, seed=self.seed + day)
        out = morning.whole(picked) if picked is not None and picked.rounds else None
        self.visits.append(detours(self.whole, out))
        return out


def calibrated(
    cost: Callable[[float], tuple[float, float]], limit: float, *, first: float, runs: int
) -> list[tuple[float, float, float]]:
    """(overflow price, metres, over full) of `runs` tries, the one to take first: the least metres of those
    whose overflow is within the limit, else the least overflow.

    cost: what a price leads to on weeks that are played through. Tries follow one another by the overflow
    being about inversely proportional to its price.
    """
    tried: list[tuple[float, float, float]] = []
    price = first
    for _ in range(runs):
        metres, over = cost(price)
        tried.append((price, metres, over))
        good = [t for t in tried if t[2] <= limit]
        bad = [t for t in tried if t[2] > limit]
        if good and bad:
            low, high = max(bad, key=lambda t: t[0]), min(good, key=lambda t: t[0])
            part = np.log(low[2] / (AIM * limit)) / np.log(low[2] / max(high[2], 1e-9)) if limit > 0 else 0.5
            price = float(low[0] * (high[0] / low[0]) ** np.clip(part, 0.1, 0.9))
        else:
            price *= float(np.clip(over / max(limit, 1e-9), 0.4, 2.5)) * (1.05 if bad else 0.95)
    fair = sorted((t for t in tried if t[2] <= limit), key=lambda t: t[1])
    rest = sorted((t for t in tried if t[2] > limit), key=lambda t: t[2])
    return [*fair, *rest]
