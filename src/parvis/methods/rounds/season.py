"""Weeks of collection played through: bins that fill as they do, a rule that says each morning which are emptied, and what it cost. For comparing rules on
the same weeks.

Synthetic: figures from here are optimistic by construction, and said to be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from parvis.methods import fill
from parvis.methods.fill import Filling, Floats, Ints
from parvis.methods.rounds.job import Job, Plan, driven
from parvis.methods.rounds.solve import solve


@dataclass(frozen=True, slots=True)
class Truth:
    """How b bins really fill, in parts of their capacity. rate: (b,) mean of a day; week: (7,); noise: variance of a day per mean."""

    rate: Floats
    week: Floats
    noise: float


def deposits(truth: Truth, days: int, seed: int) -> Floats:
    """(days, b) what each day brings: Gamma days, a slow season of 15 %, and now and then a day that brings three times as much (a market, a feast)."""
    rng = np.random.default_rng(seed)
    day = np.arange(days)
    season = 1 + 0.15 * np.sin(2 * np.pi * (day + rng.integers(365)) / 365)
    mean = truth.rate[None, :] * truth.week[day % 7][:, None] * season[:, None]
    feast = np.where(rng.random(mean.shape) < 0.01, 3.0, 1.0)
    return rng.gamma(mean * feast / truth.noise, truth.noise)


@dataclass(frozen=True, slots=True)
class Known:
    """What may be known on a morning. day: whole days since a Monday; level, since: the last level that was known of each bin, and when; seen: emptyings so
    far.
    """

    day: int
    level: Floats
    since: Floats
    bins: Ints
    days: Floats
    levels: Floats


@dataclass(frozen=True, slots=True)
class Morning:
    """The job of a morning over some of the bins. bins: the bin of each stop."""

    job: Job
    bins: tuple[int, ...]


Rule = Callable[[Known], Morning | Plan | None]
"""The job of a morning, to be planned, or a plan made beforehand over all bins; None: nobody goes out."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What some weeks came to. overflowed: bin-days that ended over full, of `bin_days`; spilled: capacities beside the bins; emptied_at: mean level found."""

    metres: float
    hours: float
    rounds: int
    emptied: int
    overflowed: int
    bin_days: int
    spilled: float
    emptied_at: float


def play(whole: Job, brought: Floats, rule: Rule, *, sensors: Floats, iterations: int, seed: int, first_day: int = 0) -> tuple[Tally, Known]:
    """Weeks day by day: in the morning the rule says who is emptied, during the day bins fill.

    whole: all bins as stops, in their order; the load of a stop is its capacity. brought: (days, b). sensors: (b,) 1 where a level is known each morning,
    else only emptyings are.
    first_day: the days before it are played, not counted.
    """
    bins = brought.shape[1]
    level = np.zeros(bins)
    known_level, since = np.zeros(bins), np.zeros(bins)
    seen_bin: list[int] = []
    seen_day: list[float] = []
    seen_level: list[float] = []
    metres = seconds = spilled = found = 0.0
    rounds = emptied = overflowed = 0
    known = Known(0, known_level, since, np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
    for day in range(len(brought)):
        known_level = np.where(sensors > 0, np.minimum(level, 1.0), known_level)
        since = np.where(sensors > 0, float(day), since)
        known = Known(day, known_level.copy(), since.copy(), np.array(seen_bin, np.int64), np.array(seen_day), np.array(seen_level))
        said = rule(known)
        job, names = (said.job, said.bins) if isinstance(said, Morning) else (whole, tuple(range(bins)))
        plan = solve(job, iterations=iterations, seed=seed + day) if isinstance(said, Morning) else said
        counted = day >= first_day
        if plan is not None:
            done = [names[i] for r in plan.rounds for i in r.stops]
            for i in done:
                seen_bin.append(i)
                seen_day.append(float(day))
                seen_level.append(min(level[i], 1.0))
                if counted:
                    found += min(level[i], 1.0)
            level[done] = 0.0
            known_level[done] = 0.0
            since[done] = float(day)
            if counted:
                emptied += len(done)
                rounds += len(plan.rounds)
                metres += sum(driven(job, r)[0] for r in plan.rounds)
                seconds += sum(r.back_s - r.leave_s for r in plan.rounds)
        level = level + brought[day]
        if counted:
            over = level > 1.0
            overflowed += int(over.sum())
            spilled += float(np.minimum(level - 1.0, brought[day])[over].sum())
        level = np.minimum(level, 1.6)  # beyond that people go elsewhere
    counted_days = len(brought) - first_day
    tally = Tally(metres, seconds / 3600, rounds, emptied, overflowed, counted_days * bins, spilled, found / max(1, emptied))
    return tally, known


@dataclass(frozen=True, slots=True)
class Dial:
    """What the daily rule is set to. metres: the worth of an overflow avoided; visit: the price of a stop; spared: the detour that emptying a full bin
    spares later.

    patience: by how much less a risk counts for each chance that is still to come. Nobody goes out for fewer expected overflows than `calm`.
    """

    metres: float
    visit: float
    calm: float = 0.0
    spared: float = 0.0
    patience: float = 0.5


def worth(filling: Filling, known: Known, chances: Floats, dial: Dial) -> Floats:
    """(b,) what emptying each bin this morning is worth, in metres.

    The risk that it overflows before the next chances, the later ones for less, and the visit that it spares on one of them: a bin that has lived most of
    its time is emptied when the truck passes by.
    chances: moments in days, the first being the next morning on which a truck goes out.
    Source: the prize of an overflow as in the collection of Groningen (arXiv 2409.13386), with the risk looked at over several chances; the visit spared is the
    relative value of a renewal, taken as its detour times the square of the level at the next chance.
    """
    total = np.zeros(len(known.level))
    share = 1.0
    for moment in chances:
        total += share * fill.overflow(filling, known.level, known.since, float(moment))
        share *= dial.patience
    lived = np.clip(fill.expected(filling, known.level, known.since, float(chances[0])), 0.0, 1.0)
    return dial.metres * total + dial.spared * lived**2 - dial.visit


def today(whole: Job, worths: Floats, levels: Floats, *, least: float = 1.0) -> Morning:
    """The job of a morning: a bin may be emptied for what that is worth; its load is the level expected. Bins worth less than `least` metres are left out."""
    bins = tuple(int(i) for i in np.flatnonzero(worths >= least))
    stops = tuple(replace(whole.stops[i], load=whole.stops[i].load * float(np.clip(levels[i], 0.05, 1.0)), prize=float(worths[i])) for i in bins)
    return Morning(replace(whole, stops=stops), bins)


def decide(whole: Job, filling: Filling, known: Known, chances: Floats, dial: Dial) -> Morning | None:
    """The daily rule: the bins worth a visit this morning, or None when it is better to stay in. chances: see `worth`."""
    if float(fill.overflow(filling, known.level, known.since, float(chances[0])).sum()) < dial.calm:
        return None
    return today(whole, worth(filling, known, chances, dial), fill.expected(filling, known.level, known.since, float(known.day)))


def chances(day: int, working: frozenset[int], count: int = 4) -> Floats:
    """The next mornings after `day` on which a truck goes out. day: whole days since a Monday; working: weekdays from 0.

    >>> chances(4, frozenset({0, 1, 4})).tolist()
    [7.0, 8.0, 11.0, 14.0]
    """
    return np.array([float(d) for d in range(day + 1, day + 8 * count) if d % 7 in working][:count])
