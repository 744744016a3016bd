"""What is odd in how a building uses energy: steps that last, nights and weekends as busy as days, heating that
serves nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parvis.methods.energy.baseline import CLOSED, Baseline, Calendar, Days, groups_of
from parvis.methods.energy.changepoint import Array, points_between, sums
from parvis.methods.energy.changepoint import fit as fit_changepoint

BETWEEN_ALARMS = 3 * 365.25
"""Days between two false alarms of a meter whose use does not change, both directions together, were the baseline
exact: it is not, and what it lacks costs about as many again.
"""

SOUGHT = 0.08
"""Part of the mean that a step must be seen at."""

RELEARNT = 30
"""Days after an alarm whose level is taken for the new one before the next alarm."""

DRIFT, CALM = 60, 0.5
"""While the sums are below that part of the limit, the level follows the residuals by one in so many: what the
baseline does not know of a season is no step. While they grow it stands still.
"""

DIRTY = 4.0
"""Standard residuals beyond which one day is taken for this: it must not look like a step."""


@dataclass(frozen=True, slots=True)
class Step:
    """Use that moved and stayed. seen: the day of the alarm; since: the last day before the sum began to grow. change:
    kWh a day, signed; part: of the mean.
    """

    since: np.datetime64
    seen: np.datetime64
    change: float
    part: float


@dataclass(frozen=True, slots=True)
class Watch:
    """How a meter is watched. sigma: kWh a day of what chance does; visible: the part of the mean that a step must be to
    be seen within three weeks on average.
    """

    reference: float
    limit: float
    sigma: float
    visible: float


def watch(baseline: Baseline, sought: float = SOUGHT, between: float = BETWEEN_ALARMS) -> Watch:
    """The reference and limit of a CUSUM in both directions that is tuned to a step of that part of the mean and
    gives one false alarm in so many days. Source: D. Siegmund, Sequential Analysis (1985), the corrected run length.
    """
    sigma = max(baseline.rmse, 1e-9)
    rho = min(max(baseline.rho, 0.0), 0.9)
    whitened = float(np.sqrt((1 - rho) / (1 + rho)))
    shift = float(np.clip(sought * baseline.mean / sigma * whitened, 0.2, 2.0))
    k = shift / 2
    limit = _limit(k, 2 * between)
    seen = k + limit / 21.0
    return Watch(k, limit, sigma, seen * sigma / whitened / max(baseline.mean, 1e-9))


def _limit(k: float, wanted: float) -> float:
    """The limit whose run length is that many days, by halving."""
    low, high = 0.1, 200.0
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (middle, high) if _run_length(middle, k) < wanted else (low, middle)
    return (low + high) / 2


def _run_length(limit: float, k: float) -> float:
    b = limit + 1.166
    return float((np.exp(2 * k * b) - 2 * k * b - 1) / (2 * k * k))


def steps(
    baseline: Baseline,
    days: Days,
    temperature: Array,
    use: Array,
    calendar: Calendar | None = None,
    *,
    how: Watch | None = None,
) -> list[Step]:
    """Steps of the days that follow those a baseline learnt from, oldest first. After an alarm the new level is the
    reference, so that what goes on is said once.
    """
    how = how or watch(baseline)
    known = np.isfinite(use) & np.isfinite(temperature)
    days, left = days[known], (use - baseline.predict(days, temperature, calendar))[known]
    rho = min(max(baseline.rho, 0.0), 0.9)
    number = days.astype("datetime64[D]").astype(np.int64)
    scale = how.sigma * float(np.sqrt(1 - rho * rho))
    step_list: list[Step] = []
    level, up, down, since_up, since_down, armed = 0.0, 0.0, 0.0, 0, 0, 0
    for at in range(len(left)):
        follows = at > 0 and number[at] - number[at - 1] == 1
        now = left[at] - level
        z = (now - rho * (left[at - 1] - level)) / scale if follows else now / how.sigma
        z = float(np.clip(z, -DIRTY, DIRTY))
        if at < armed:  # after an alarm the new level is learnt before anything is said of it
            level = float(left[since_up : at + 1].mean())
            continue
        up, down = max(0.0, up + z - how.reference), max(0.0, down - z - how.reference)
        since_up, since_down = (at + 1 if up == 0 else since_up), (at + 1 if down == 0 else since_down)
        if max(up, down) > how.limit:
            first = since_up if up > how.limit else since_down
            moved = float(np.median(left[first : at + 1]) - level)
            step_list.append(Step(days[first], days[at], moved, moved / max(baseline.mean, 1e-9)))
            up, down, since_up, since_down, armed = 0.0, 0.0, first, first, at + RELEARNT
        elif max(up, down) < how.limit * CALM:
            level += now / DRIFT
    return step_list


@dataclass(frozen=True, slots=True)
class Habits:
    """How a week is used, from readings within the day. night: mean power from midnight to five over that of working hours
    (8 to 18) of working days; weekend: mean of Saturdays and Sundays over that of working days. NaN where unknown.
    """

    night: float
    weekend: float


def habits(days: Days, grid: Array, calendar: Calendar | None = None) -> Habits:
    """grid: shape (days, steps of the local day), kWh or W, NaN where nothing is known."""
    group = groups_of(days, calendar)
    working = (group % 2 == 0) & (group != CLOSED)
    weekend = (group % 2 == 1) & (group != CLOSED)
    step = grid.shape[1] / 24
    clock = np.arange(grid.shape[1]) / step
    night, hours = grid[working][:, clock < 5], grid[working][:, (clock >= 8) & (clock < 18)]
    return Habits(_ratio(night, hours), _ratio(grid[weekend], grid[working]))


def _ratio(one: Array, other: Array) -> float:
    a, b = _mean(one), _mean(other)
    return a / b if b > 0 else float("nan")


def _mean(values: Array) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


@dataclass(frozen=True, slots=True)
class HeatingLeftOn:
    """Heating that serves nobody. weekend: slope by degree on days off over that of working days, NaN where one is not
    known; kwh: a year, what a lower slope on days off would not use. summer: kWh a day used in July and August by an
    energy that only heats, over its winter mean.
    """

    weekend: float
    kwh: float
    summer: float


REDUCED = 0.6
"""Slope of a building that is kept from freezing and no more, over its slope in use: what weekends are held to."""


def heating_left_on(
    days: Days, temperature: Array, use: Array, calendar: Calendar | None = None
) -> HeatingLeftOn:
    """Of one meter that heats, over a year or so of days."""
    known = np.isfinite(use) & np.isfinite(temperature)
    days, temperature, use = days[known], temperature[known], use[known]
    group = groups_of(days, None if calendar is None else calendar[known])
    apart = (group % 2 == 1) | (group == CLOSED)
    points = points_between(temperature)
    both = sums(temperature, use, apart.astype(np.int64), 2, points)
    on, off = (fit_changepoint(both.of(g), cools=False) for g in (0, 1))
    ratio = off.heating / on.heating if on.heating > 0 else float("nan")
    degrees = np.maximum(0.0, on.heating_point - temperature[apart]).sum() if on.heating > 0 else 0.0
    years = max(len(days) / 365.25, 1e-9)
    wasted = max(0.0, off.heating - REDUCED * on.heating) * degrees / years if on.heating > 0 else 0.0
    month = days.astype("datetime64[M]").astype(np.int64) % 12 + 1
    summer, winter = use[(month == 7) | (month == 8)], use[(month <= 2) | (month == 12)]
    share = (
        float(summer.mean() / winter.mean())
        if len(summer) and len(winter) and winter.mean() > 0
        else float("nan")
    )
    return HeatingLeftOn(float(ratio), float(wasted), share)


def robust_z(values: Array) -> Array:
    """How far each value stands from the median of its peers, in standard deviations by the MAD; NaN stays."""
    known = values[np.isfinite(values)]
    if len(known) < 3:
        return np.full(len(values), np.nan)
    middle = np.median(known)
    spread = 1.4826 * np.median(np.abs(known - middle))
    return (values - middle) / spread if spread > 0 else np.where(np.isfinite(values), 0.0, np.nan)
