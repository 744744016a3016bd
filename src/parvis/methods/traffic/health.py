"""Detectors that do not measure what passes: dead, stuck, counting twice, in another unit, drifting.

Each detector is compared with itself, slot by slot of the kind of day, less what the whole street did: a holiday
or a lockdown is no fault. Where it has an occupancy too, the flow is compared with it: what moves both is traffic.
A sudden change of level is looked for between all blocks of a day, the best split in two levels; a slow one by a
line that explains the days better than any split.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from parvis.methods.traffic.cleaning import MAD_SIGMA
from parvis.methods.traffic.fundamental import EFFECTIVE_M
from parvis.methods.traffic.grid import DAY_S, Flags, Floats, Grid, Ints
from parvis.methods.traffic.profile import known_median, profile

Kind = Literal["dead", "stuck", "unit", "double", "drift"]

EXPECTED = 60.0
"""Vehicles that should have passed while a detector counted none."""
SILENT_H = 6.0
"""Hours without any measure, of a detector that speaks most of the time."""
CHANCE = 1e-4
"""Probability that an honest detector repeats itself so long once in all that is looked at."""
PASSING = 2.0
"""Vehicles in a step below which a repeated value says nothing."""
OCCUPIED = 0.2
"""Per cent of occupancy below which a loop says little."""
FAR_HOURS = 2.5
"""Deviations of an hour from its day's level beyond which it counts no more."""
DOUBLE = (1.6, 2.5)
"""Factor of a detector that counts each vehicle twice, axles or splash from the next lane included."""
UNITS = (10.0, 60.0, 100.0, 1000.0)
"""Factors between units: per cent and share, per hour and per step or minute, per thousand."""
NEAR_UNIT = 0.22
"""How near, as a logarithm, a change of level must come to such a factor."""
SAME = 0.25
"""Change of level, as a logarithm, that is none."""
DRIFT = 0.18
"""Change of level, as a logarithm, that a drift must have made."""
SURE = 20.0
"""By how much a slope must explain the days better than one level does, in squared deviations of a day: twice the
logarithm of a ratio of likelihoods.
"""
LIKELIER = 2.0
"""Less than that, of a slope against a step or of a step against a slope, tells nothing: days are too noisy to tell a
small slope from a step, and without a step of a known kind a slide is the likelier fault.
"""
HELD_BACK = 0.3
"""Distance of a day, as a logarithm, beyond which it counts no more: a closed street is no level."""
FEWEST_DAYS = 6
SPEEDS = (2.5, 640.0)
"""km/h that flow and occupancy may imply most of the time, where the flow may be that of four lanes together."""
STREET = 5
"""Detectors whose median is what the whole street does."""


@dataclass(frozen=True, slots=True)
class Faulty:
    """A detector at fault. since: first step; size: of the change, as a factor (1: none), or hours of a run."""

    series: int
    kind: Kind
    since: int
    size: float


def faults(q: Floats, k: Floats, grid: Grid) -> tuple[Faulty, ...]:
    """At most one fault a detector, the gravest first: dead, stuck, unit, double, drift.

    q: veh/h; k: per cent; shape (steps, detectors), nan where not measured.
    """
    steps, series = q.shape
    middle = profile(q, grid).at(grid)[0]
    levels = _levels(q, grid, PASSING * 3600 / grid.step_s)
    k_levels = _levels(k, grid, OCCUPIED)
    faulty = list[Faulty]()
    for n in range(series):
        one = (
            _dead(n, q[:, n], k[:, n], middle[:, n], grid)
            or _stuck(n, q[:, n], k[:, n], grid)
            or _unit(n, q[:, n], k[:, n], levels[:, n], k_levels[:, n], grid, steps)
            or _double(n, levels[:, n], k_levels[:, n], grid, steps)
            or _drift(n, levels[:, n], k_levels[:, n], grid, steps)
        )
        if one is not None:
            faulty.append(one)
    return tuple(faulty)


# --- levels -------------------------------------------------------------------------------------------------


def _levels(values: Floats, grid: Grid, busy_from: float) -> Floats:
    """Level of each detector in each block of a day, as a logarithm against its profile, less the street's:
    shape (blocks, detectors); nan where little was measured. The last block ends with the last step.

    busy_from: value of the profile below which a step says little. A first pass is against the profile of what was
    measured; days that are off their level blur that profile, so a second one is against that of levelled days.
    """
    levels = _against(values, values, grid, busy_from)
    steps, per = len(values), DAY_S // grid.step_s
    block = len(levels) - 1 - (steps - 1 - np.arange(steps)) // per
    known = np.where(np.isnan(levels), 0.0, levels)
    levels = _against(values, values / np.exp(known[np.maximum(block, 0)]), grid, busy_from)
    if values.shape[1] >= STREET:
        for b in range(len(levels)):
            street = levels[b][~np.isnan(levels[b])]
            if len(street) >= STREET:
                levels[b] -= np.median(street)
    return levels - _offsets(levels, _kinds(grid, len(levels)))


def _against(values: Floats, usual: Floats, grid: Grid, busy_from: float) -> Floats:
    """Level of each block against the profile of `usual`: the mean of the ratios, each weighed by what its slot varies."""
    steps, series = values.shape
    per = DAY_S // grid.step_s
    blocks = steps // per
    middle, deviation = profile(usual, grid).at(grid)
    busy = np.nan_to_num(middle) > busy_from
    ratio = np.where(busy, values / np.where(busy, middle, 1.0), np.nan)
    weight = np.where(busy, 1 / _varies(middle, deviation, busy), 0.0)
    levels = np.full((blocks, series), np.nan)
    for b in range(blocks):
        day = slice(steps - (blocks - b) * per, steps - (blocks - 1 - b) * per)
        known = ~np.isnan(ratio[day])
        at, w = np.where(known, ratio[day], 0.0), np.where(known, weight[day], 0.0)
        enough = known.sum(axis=0) >= np.maximum(3, 0.25 * busy[day].sum(axis=0))
        total = np.where(enough, w.sum(axis=0), 1.0)
        mean = (w * at).sum(axis=0) / total
        enough &= mean > 0
        # an evening's event is no level: what is far from the day's own level counts as far, not more
        far = FAR_HOURS * mean / np.sqrt(np.where(w > 0, w, np.inf))
        mean = (w * np.clip(at, mean - far, mean + far)).sum(axis=0) / total
        enough &= mean > 0
        levels[b, enough] = np.log(mean[enough])
    return levels


def _varies(middle: Floats, deviation: Floats, busy: Flags) -> Floats:
    """Variance of a ratio to the profile, shape of `middle`: a part that every slot has and one that falls with
    what passes, as counts have it, fitted to the slots of each detector.
    """
    out = np.ones_like(middle)
    for n in range(middle.shape[1]):
        at = np.flatnonzero(busy[:, n] & ~np.isnan(deviation[:, n]))
        if not len(at):
            continue
        m = middle[at, n]
        seen = (MAD_SIGMA * deviation[at, n] / m) ** 2
        small = 1 / m
        spread = float(((small - small.mean()) ** 2).mean())
        rises = float(((small - small.mean()) * (seen - seen.mean())).mean()) / spread if spread > 0 else 0.0
        rises = max(0.0, min(rises, float(seen.mean() / small.mean())))
        out[at, n] = np.maximum(1e-4, seen.mean() + rises * (small - small.mean()))
    return out


def _kinds(grid: Grid, blocks: int) -> Ints:
    """Kind of the day in which most of each block lies."""
    per = DAY_S // grid.step_s
    middle = grid.steps - (blocks - np.arange(blocks)) * per + per // 2
    return grid.kind[middle]


def _offsets(levels: Floats, kinds: Ints) -> Floats:
    """What each kind of day is off the days around it: a profile of few Saturdays is off as a whole."""
    around = np.full_like(levels, np.nan)
    for b in range(len(levels)):
        around[b] = known_median(levels[max(0, b - 3) : b + 4])
    offsets = np.zeros_like(levels)
    for kind in np.unique(kinds):
        here = kinds == kind
        apart = (levels - around)[here]
        seen = (~np.isnan(apart)).sum(axis=0) >= 2
        offsets[np.ix_(here, seen)] = known_median(apart[:, seen])
    return offsets


@dataclass(frozen=True, slots=True)
class _Fit:
    """Two levels, the second of which begins with block `at`, or a level, then a slope from there to the end.
    change: the end less the beginning; error: of all days, squared and held back.
    """

    at: int
    change: float
    error: float


def _error(rest: Floats) -> float:
    return float(np.minimum(rest**2, HELD_BACK**2).sum())


def _level(x: Floats) -> float:
    """Mean of the days that lie together; of two that don't, their middle."""
    middle = float(np.median(x))
    near = np.abs(x - middle) < HELD_BACK
    return float(x[near].mean()) if near.any() else middle


def _split(levels: Floats) -> _Fit | None:
    """The best split in two levels."""
    known = np.flatnonzero(~np.isnan(levels))
    if len(known) < FEWEST_DAYS:
        return None
    x = levels[known]
    best: _Fit | None = None
    for cut in range(1, len(x)):
        a, b = _level(x[:cut]), _level(x[cut:])
        error = _error(x[:cut] - a) + _error(x[cut:] - b)
        if best is None or error < best.error:
            best = _Fit(int(known[cut]), b - a, error)
    return best


def _begins(block: int, levels: Floats, grid: Grid, steps: int) -> int:
    per = DAY_S // grid.step_s
    return max(0, steps - (len(levels) - block) * per)


def _noise(levels: Floats, split: _Fit) -> float:
    """Robust deviation of the days around their two levels."""
    known = ~np.isnan(levels)
    before = known & (np.arange(len(levels)) < split.at)
    after = known & ~before
    rest = np.concatenate([levels[m] - np.median(levels[m]) for m in (before, after) if m.any()])
    return max(0.02, MAD_SIGMA * float(np.median(np.abs(rest))))


# --- faults -------------------------------------------------------------------------------------------------


def _dead(n: int, q: Floats, k: Floats, middle: Floats, grid: Grid) -> Faulty | None:
    """It has said nothing, or counted nobody, up to now, for longer than is believable."""
    steps = len(q)
    known = ~np.isnan(q) | ~np.isnan(k)
    spoke = np.flatnonzero(known)
    if not len(spoke):
        return Faulty(n, "dead", 0, steps * grid.step_s / 3600)
    silent = (steps - 1 - int(spoke[-1])) * grid.step_s / 3600
    usual = known[: int(spoke[-1]) + 1].mean()
    longest = _longest_gap(known[: int(spoke[-1]) + 1]) * grid.step_s / 3600
    if (
        silent >= max(SILENT_H, 2 * grid.step_s / 3600)
        and usual > 0.5
        and silent > 1.5 * min(longest, SILENT_H)
    ):
        return Faulty(n, "dead", int(spoke[-1]) + 1, silent)
    moving = np.flatnonzero(np.nan_to_num(q) > 0)
    last = int(moving[-1]) + 1 if len(moving) else 0
    tail = slice(last, steps)
    expected = float((np.nan_to_num(middle[tail]) * (q[tail] == 0)).sum()) * grid.step_s / 3600
    if expected >= EXPECTED:
        return Faulty(n, "dead", last, (steps - last) * grid.step_s / 3600)
    return None


def _longest_gap(known: Flags) -> int:
    at = np.flatnonzero(known)
    return int(np.diff(at).max() - 1) if len(at) > 1 else 0


def _stuck(n: int, q: Floats, k: Floats, grid: Grid) -> Faulty | None:
    """It repeats itself, in its flow or in both, for longer than chance has it, and that is its last word or
    lasts a quarter of a day.
    """
    passing = np.nan_to_num(q) * grid.step_s / 3600 >= PASSING
    same_q = np.zeros(len(q), np.bool_)
    same_q[1:] = (q[1:] == q[:-1]) & passing[1:]
    same_k = np.zeros(len(q), np.bool_)
    same_k[1:] = (k[1:] == k[:-1]) & (k[1:] > 0) & passing[1:]
    for same, mate in ((same_q, ~np.isnan(k)), (same_k, np.zeros(len(q), np.bool_))):
        if mate.mean() > 0.5 and same is same_q:
            same = same_q & (same_k | np.isnan(k))
        runs = _runs(same)
        if not len(runs):
            continue
        start, length = (int(v) for v in runs[np.argmax(runs[:, 1])])
        vehicles = float(q[start]) * grid.step_s / 3600
        # two counts of a Poisson law of that mean are equal so often
        chance = max(_repeats(same, passing), min(0.6, 0.5 / np.sqrt(np.pi * max(vehicles, 0.1))))
        needed = max(4, int(np.ceil(np.log(CHANCE / len(q)) / np.log(chance))))
        if length + 1 >= needed and (start + length >= len(q) - 1 or length * grid.step_s >= DAY_S / 8):
            return Faulty(n, "stuck", start - 1, (length + 1) * grid.step_s / 3600)
    return None


def _runs(true: Flags) -> Ints:
    """Runs of true: (start, length), shape (n, 2)."""
    edge = np.diff(np.concatenate([[0], true.astype(np.int64), [0]]))
    start, end = np.flatnonzero(edge == 1), np.flatnonzero(edge == -1)
    return np.stack([start, end - start], axis=1)


def _repeats(same: Flags, passing: Flags) -> float:
    """How often it repeats itself by chance, outside its longest run."""
    runs = _runs(same)
    longest = int(runs[:, 1].max()) if len(runs) else 0
    tries = max(1, int(passing.sum()) - longest)
    return float(np.clip((int(same.sum()) - longest + 1) / tries, 0.005, 0.6))


def _unit(
    n: int, q: Floats, k: Floats, levels: Floats, k_levels: Floats, grid: Grid, steps: int
) -> Faulty | None:
    """Its flow or its occupancy came to be in another unit, or is in one that no traffic explains."""
    per_hour = 3600 / grid.step_s
    factors = {*UNITS, per_hour} if per_hour > 4 else set(UNITS)
    for one, other in ((levels, k_levels), (k_levels, levels)):
        split = _split(one)
        if split is None or abs(split.change) < np.log(4):
            continue
        near = min(abs(abs(split.change) - np.log(f)) for f in factors)
        mate = _split(other)
        both = mate is not None and abs(mate.change) > np.log(4) and abs(mate.at - split.at) <= 1
        if near < NEAR_UNIT and not both:
            return Faulty(n, "unit", _begins(split.at, one, grid, steps), float(np.exp(split.change)))
    with np.errstate(invalid="ignore", divide="ignore"):
        speed = np.where((q * grid.step_s / 3600 >= PASSING) & (k > 0), q * EFFECTIVE_M / (10 * k), np.nan)
    known = speed[~np.isnan(speed)]
    # a jam is slow, but not most of the time: three quarters of all moments tell of the unit
    if len(known) >= 50 and not SPEEDS[0] <= float(np.quantile(known, 0.75)) <= SPEEDS[1]:
        return Faulty(n, "unit", 0, float(np.quantile(known, 0.75)) / 50)
    return None


def _double(n: int, levels: Floats, k_levels: Floats, grid: Grid, steps: int) -> Faulty | None:
    """Its flow doubled from one day to the next, its occupancy did not."""
    split = _split(levels)
    if split is None or not np.log(DOUBLE[0]) <= split.change <= np.log(DOUBLE[1]):
        return None
    mate = k_levels[: split.at], k_levels[split.at :]
    known = [part[~np.isnan(part)] for part in mate]
    if all(len(part) for part in known):
        change = float(np.median(known[1]) - np.median(known[0]))
        if change > split.change / 2:
            return None
    if split.change < 3 * _noise(levels, split) or _ramps(levels, split):
        return None
    return Faulty(n, "double", _begins(split.at, levels, grid, steps), float(np.exp(split.change)))


def _ramps(levels: Floats, split: _Fit) -> bool:
    """Whether a level, then a slope to the end, explains the days better than two levels do."""
    ramp = _ramp(levels)
    return ramp is not None and split.error - ramp[0].error > LIKELIER * ramp[1] ** 2


def _ramp(levels: Floats) -> tuple[_Fit, float] | None:
    """The best « level, then a slope to the end », and the deviation of the days around it. One that bends in the
    last two days is no slope.
    """
    known = np.flatnonzero(~np.isnan(levels))
    if len(known) < FEWEST_DAYS:
        return None
    x = levels[known]
    best: tuple[_Fit, float] | None = None
    for bend in range(len(known) - 3):
        rise = np.maximum(known - known[bend], 0).astype(np.float64)
        design = np.stack([np.ones(len(x)), rise], axis=1)
        weight = np.ones(len(x))
        theta = np.zeros(2)
        for _ in range(4):
            theta = np.linalg.lstsq(design * weight[:, None], x * weight, rcond=None)[0]
            weight = np.sqrt(1 / np.maximum(1.0, np.abs(x - design @ theta) / 0.15))
        rest = x - design @ theta
        error = _error(rest)
        if best is None or error < best[0].error:
            # three numbers were fitted
            around = MAD_SIGMA * float(np.median(np.abs(rest))) * len(x) / (len(x) - 3)
            best = _Fit(int(known[bend]), float(theta[1] * rise[-1]), error), max(0.02, around)
    return best


def _drift(n: int, levels: Floats, k_levels: Floats, grid: Grid, steps: int) -> Faulty | None:
    """Its level has slid away, day after day, from the street's, and from its own occupancy."""
    apart = levels - k_levels if (~np.isnan(k_levels)).sum() >= FEWEST_DAYS else levels
    for one in (apart, levels):
        split, ramp = _split(one), _ramp(one)
        if split is None or ramp is None:
            continue
        slope, noise = ramp
        known = one[~np.isnan(one)]
        moves = _error(known - _level(known)) - slope.error >= SURE * noise**2
        slides = split.error - slope.error > -LIKELIER * noise**2
        if abs(slope.change) >= DRIFT and moves and slides:
            return Faulty(n, "drift", _begins(slope.at, one, grid, steps), float(np.exp(slope.change)))
    return None
