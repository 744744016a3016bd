"""Weeks of collection played through: bins that fill as they do, a rule that says each morning which are
emptied, and what it cost. For comparing rules on the same weeks.

Synthetic: figures from here are optimistic by construction, and said to be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from parvis.methods.bin_fill import Floats, Ints
from parvis.methods.rounds.job import Job, Plan, driven


@dataclass(frozen=True, slots=True)
class Truth:
    """How b bins really fill, in parts of their capacity. rate: (b,) mean of a day; week: (7,); noise:
    variance of a day per mean.
    """

    rate: Floats
    week: Floats
    noise: float


def deposits(truth: Truth, days: int, seed: int) -> Floats:
    """(days, b) what each day brings: Gamma days, a slow season of 15 %, and now and then a day that brings
    three times as much (a market, a feast).
    """
    rng = np.random.default_rng(seed)
    day = np.arange(days)
    season = 1 + 0.15 * np.sin(2 * np.pi * (day + rng.integers(365)) / 365)
    mean = truth.rate[None, :] * truth.week[day % 7][:, None] * season[:, None]
    feast = np.where(rng.random(mean.shape) < 0.01, 3.0, 1.0)
    return rng.gamma(mean * feast / truth.noise, truth.noise)


@dataclass(frozen=True, slots=True)
class Known:
    """What may be known on a morning. day: whole days since a Monday; level, since: the last level that was
    known of each bin, and when; seen: emptyings so far.
    """

    day: int
    level: Floats
    since: Floats
    bins: Ints
    days: Floats
    levels: Floats


Rule = Callable[[Known], Plan | None]
"""The plan of a morning over all bins; None: nobody goes out."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What some weeks came to. overflowed: bin-days that ended over full, of `bin_days`; spilled: capacities
    beside the bins; emptied_at: mean level found.
    """

    metres: float
    hours: float
    rounds: int
    emptied: int
    overflowed: int
    bin_days: int
    spilled: float
    emptied_at: float


def play(
    whole: Job, brought: Floats, rule: Rule, *, sensors: Floats, first_day: int = 0
) -> tuple[Tally, Known]:
    """Weeks day by day: in the morning the rule says who is emptied, during the day bins fill.

    whole: all bins as stops, in their order; the load of a stop is its capacity. brought: (days, b). sensors:
    (b,) 1 where a level is known each morning, else only emptyings are. first_day: the days before it are
    played, not counted.
    """
    bins = brought.shape[1]
    level = np.zeros(bins)
    known_level, since = np.zeros(bins), np.zeros(bins)
    seen_bin: list[int] = []
    seen_day: list[float] = []
    seen_level: list[float] = []
    metres = seconds = spilled = filled = 0.0
    rounds = emptied = overflowed = 0
    known = Known(0, known_level, since, np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
    for day in range(len(brought)):
        known_level = np.where(sensors > 0, np.minimum(level, 1.0), known_level)
        since = np.where(sensors > 0, float(day), since)
        known = Known(
            day,
            known_level.copy(),
            since.copy(),
            np.array(seen_bin, np.int64),
            np.array(seen_day),
            np.array(seen_level),
        )
        plan = rule(known)
        counted = day >= first_day
        if plan is not None:
            done = [i for r in plan.rounds for i in r.stops]
            for i in done:
                seen_bin.append(i)
                seen_day.append(float(day))
                seen_level.append(min(level[i], 1.0))
                if counted:
                    filled += min(level[i], 1.0)
            level[done] = 0.0
            known_level[done] = 0.0
            since[done] = float(day)
            if counted:
                emptied += len(done)
                rounds += len(plan.rounds)
                metres += sum(driven(whole, r)[0] for r in plan.rounds)
                seconds += sum(r.back_s - r.leave_s for r in plan.rounds)
        level = level + brought[day]
        if counted:
            over = level > 1.0
            overflowed += int(over.sum())
            spilled += float(np.minimum(level - 1.0, brought[day])[over].sum())
        level = np.minimum(level, 1.6)  # beyond that people go elsewhere
    counted_days = len(brought) - first_day
    tally = Tally(
        metres,
        seconds / 3600,
        rounds,
        emptied,
        overflowed,
        counted_days * bins,
        spilled,
        filled / max(1, emptied),
    )
    return tally, known
