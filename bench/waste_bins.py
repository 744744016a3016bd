"""Bins of a made-up town, played for weeks: today's fixed calendar against forecasts and rounds of the day, on the same weeks.

The calendar is given the best of chances: it knows the true rate of every bin, its weekdays are the best spread, and its rounds come from the same solver.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from parvis.methods import fill
from parvis.methods.rounds.job import Job, Plan, Stop, Tip, Truck
from parvis.methods.rounds.season import Known, Morning, Rule, Tally, Truth, deposits, play, today, worth
from parvis.methods.rounds.solve import solve

WORKING = (0, 1, 2, 3, 4, 5)
"""Weekdays on which trucks go out: Monday to Saturday."""

CALENDAR = {1: (2,), 2: (0, 3), 3: (0, 2, 4), 4: (0, 2, 3, 5), 6: (0, 1, 2, 3, 4, 5)}
"""Days of a bin that is emptied so many times a week."""


@dataclass(frozen=True, slots=True)
class Town:
    """Bins, their truth, and the job that empties them all. group: alike bins."""

    whole: Job
    truth: Truth
    group: NDArray[np.int64]
    sensors: NDArray[np.float64]


def town(seed: int, *, bins: int = 120, trucks: int = 3, pace: float = 1.0) -> Town:
    """Clusters of bins on a grid of streets (Manhattan ways at 25 km/h, 1.5 km around), a depot at the edge, a tip 4 km out.

    pace: how fast bins fill; 1: in three to eight days.
    """
    rng = np.random.default_rng(seed)
    centres = rng.uniform(-1800, 1800, (8, 2))
    xy = centres[rng.integers(8, size=bins)] + rng.normal(0, 350, (bins, 2))
    xy = np.concatenate([xy, [[-2500.0, 0.0], [3500.0, 2000.0]]])
    metres = np.abs(xy[:, None] - xy[None]).sum(axis=2)
    truck = Truck(trucks, 40.0, bins, bins, (6 * 3600, 13 * 3600))
    whole = Job(tuple(Stop(i, 1.0, 150) for i in range(bins)), (truck,), metres, metres / (25 / 3.6), (Tip(bins + 1, 900),))
    group = rng.integers(3, size=bins)
    rate = pace * np.array([0.12, 0.2, 0.3])[group] * rng.lognormal(0, 0.45, bins)
    week = np.array([1.1, 0.9, 0.95, 0.95, 1.05, 1.3, 0.75])
    return Town(whole, Truth(rate, week / week.mean(), 0.06), group, (rng.random(bins) < 0.3).astype(float))


def calendar(place: Town, most: float) -> NDArray[np.int64]:
    """(b,) how often a week each bin is emptied: as rarely as keeps its true mean level below `most` before each emptying."""
    made = np.full(len(place.truth.rate), 6, np.int64)
    for often in sorted(CALENDAR, reverse=True):
        days = CALENDAR[often]
        gaps = [[(d + k) % 7 for k in range((days[(i + 1) % often] - d - 1) % 7 + 1)] for i, d in enumerate(days)]
        worst = max(sum(place.truth.week[k] for k in gap) for gap in gaps)
        made = np.where(place.truth.rate * worst <= most, often, made)
    return made


def fixed(place: Town, often: NDArray[np.int64], *, load: float, iterations: int) -> Rule:
    """The calendar as a rule: one plan a weekday, made once, for bins as full as `load`. A bin emptied once a week goes to the weekday with the least to do nearby."""
    n = len(often)
    by_day: dict[int, list[int]] = {d: [] for d in WORKING}
    # those emptied once a week are swept by angle around the middle, so that each day has its own corner
    once = [i for i in range(n) if often[i] == 1]
    near = {d: [i for i in range(n) if often[i] > 1 and d in CALENDAR[int(often[i])]] for d in WORKING}
    for i in once:
        room = math.ceil(len(once) / len(WORKING))
        open_ = [d for d in WORKING if sum(1 for j in by_day[d] if often[j] == 1) < room]
        best = min(open_, key=lambda d: min((place.whole.metres[i, j] for j in near[d] + by_day[d]), default=0.0))
        by_day[best].append(i)
    for d in WORKING:
        by_day[d] += near[d]
    plans: dict[int, Plan | None] = {}
    for d, wanted in by_day.items():
        job = replace(place.whole, stops=tuple(replace(place.whole.stops[i], load=load) for i in wanted))
        found = solve(job, iterations=iterations, seed=d) if wanted else None
        if found is not None:
            rounds = tuple(replace(r, visits=tuple(replace(v, which=wanted[v.which]) if v.kind == "stop" else v for v in r.visits)) for r in found.rounds)
            found = Plan(rounds, tuple(i for i in range(n) if i not in wanted))
        elif wanted:
            raise RuntimeError("the calendar needs more trucks")
        plans[d] = found
    return lambda known: plans.get(known.day % 7)


def forecast(place: Town, metres: float, *, visit: float = 0.0, calm: float = 0.0, patience: float = 0.5, warm: int = 28, before: Rule | None = None) -> Rule:
    """Ours: learn each Monday from what emptyings and sensors told, then weigh the risk of every bin against the way to it. For `warm` days the rule `before` holds."""
    state: dict[str, fill.Filling] = {}

    def rule(known: Known) -> Morning | Plan | None:
        if known.day < warm:
            return before(known) if before else None
        if known.day % 7 not in WORKING:
            return None
        if known.day % 7 == 0 or "learned" not in state:
            spans = fill.from_emptyings(known.bins, known.days, known.levels)
            state["learned"] = fill.learn(spans, place.group, now=float(known.day))
        chances = np.array([float(d) for d in range(known.day + 1, known.day + 9) if d % 7 in WORKING][:4])
        if fill.overflow(state["learned"], known.level, known.since, float(chances[0])).sum() < calm:
            return None
        worths = worth(state["learned"], known, chances, metres=metres, patience=patience)
        return today(place.whole, worths - visit, fill.expected(state["learned"], known.level, known.since, float(known.day)))

    return rule


def run(place: Town, rule: Rule, *, weeks: int, seed: int, iterations: int, warm_weeks: int = 4) -> tuple[Tally, Known]:
    """Weeks after the warm ones."""
    brought = deposits(place.truth, 7 * (weeks + warm_weeks), seed)
    return play(place.whole, brought, rule, sensors=place.sensors, iterations=iterations, seed=seed, first_day=7 * warm_weeks)


@dataclass(frozen=True, slots=True)
class Dial:
    """What the rule is set to: the worth of an overflow avoided, the price of a visit, in metres; nobody goes out for fewer overflows than `calm`."""

    metres: float
    visit: float
    calm: float


DIALS = (Dial(800, 100, 1), Dial(1300, 200, 1), Dial(1800, 200, 1), Dial(2500, 300, 2))


def tuned(place: Town, before: Rule, limit: float, *, weeks: int, seed: int, iterations: int, dials: tuple[Dial, ...] = DIALS) -> Dial:
    """The dial with the fewest kilometres among those whose share of overflowing bin-days stays below `limit`, on weeks that are not those of the trial."""
    best: tuple[float, Dial] | None = None
    for dial in dials:
        tally, _ = run(place, forecast(place, dial.metres, visit=dial.visit, calm=dial.calm, before=before), weeks=weeks, seed=seed, iterations=iterations)
        if tally.overflowed / tally.bin_days <= limit and (best is None or tally.metres < best[0]):
            best = (tally.metres, dial)
    return dials[-1] if best is None else best[1]
