"""What a forecast is worth, beside the best that costs nothing: yesterday, the evening, the month.

Every figure of a test is of a forecast made before the day it speaks of: the model is fitted anew every
`every` days on what came before, and its intervals follow how they did (adaptive conformal inference: Gibbs
and Candès, NeurIPS 2021, algorithm 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parvis.methods.air import forecast
from parvis.methods.air.days import Array, figure
from parvis.methods.air.forecast import Lead, Past

LEVEL = 0.9
STEP = 0.02
"""How far the level moves after an interval that missed (times 0.9) or held (times 0.1)."""


@dataclass(frozen=True, slots=True)
class Replay:
    """What would have been said, day by day. All of shape (k,); day: place of the day of issue in the past
    that was given.
    """

    day: NDArray[np.int64]
    figures: Array
    mean: Array
    low: Array
    high: Array
    announced: NDArray[np.bool_]
    """Whether the day was announced as over the bound."""
    probability: Array
    """That the figure is over the bound."""
    fits: int
    tail: float
    """Share that the interval of the next day leaves outside its two quantiles, after what came on the days
    before.
    """


@dataclass(frozen=True, slots=True)
class Score:
    """How a forecast did on k days, one unit throughout. csi = hits / (hits + misses + false alarms), NaN
    when there is none of them.
    """

    days: int
    events: int
    mae: float
    rmse: float
    pod: float
    far: float
    csi: float


def replay(
    past: Past,
    *,
    since: int,
    bound: float,
    lead: Lead = 1,
    issued: int = 24,
    every: int = 30,
    level: float = LEVEL,
) -> Replay:
    """Go through the days from place `since` on as if each were today. bound: the event is a figure over it.

    Raises ValueError when there are too few days before `since` to learn from.
    """
    features, figures = forecast.design(past, lead=lead, issued=issued), forecast.target(past, lead=lead)
    issued_rows: list[tuple[int, float, float, float, bool, float]] = []
    tail, fits = 1.0 - level, 0
    for start in range(since, len(figures), every):
        # On the day of issue the last figure that is known whole is that of the day before.
        before = np.arange(len(figures)) < start - lead
        model = forecast.fit(features[before], figures[before])
        cut = forecast.best_cut(*forecast.unseen(model, features[before], figures[before]), bound)
        fits += 1
        predicted = forecast.predict(model, features[start : start + every])
        share, mean = predicted.above(bound), predicted.mean
        for row, place in enumerate(range(start, min(start + every, len(figures)))):
            one = forecast.Forecast(predicted.draws[row : row + 1])
            low, high = interval(one, tail)
            issued_rows.append(
                (place, float(mean[row]), low, high, bool(share[row] >= cut), float(share[row]))
            )
            if np.isfinite(figures[place]):
                missed = not low <= figures[place] <= high
                tail += STEP * ((1 - level) - missed)
    measured = [s for s in issued_rows if np.isfinite(figures[s[0]])]
    day = np.array([s[0] for s in measured], dtype=np.int64)
    columns = [np.array([s[i] for s in measured], dtype=np.float64) for i in (1, 2, 3, 5)]
    return Replay(
        day,
        figures[day],
        columns[0],
        columns[1],
        columns[2],
        np.array([s[4] for s in measured], dtype=np.bool_),
        columns[3],
        fits,
        tail,
    )


def interval(one: forecast.Forecast, tail: float) -> tuple[float, float]:
    """Between the two quantiles of a single forecast that leave `tail` outside, half on each side."""
    half = min(max(tail, 0.002), 0.998) / 2
    return float(one.quantile(half)[0]), float(one.quantile(1 - half)[0])


def score(predicted: Array, figures: Array, announced: NDArray[np.bool_], bound: float) -> Score:
    """How figures that were said did against what came, shape (k,) each.

    >>> s = score(np.array([60.0, 40.0]), np.array([50.0, 60.0]), np.array([True, False]), 45.0); (s.events, s.pod, s.far, s.csi)
    (2, 0.5, 0.0, 0.5)
    """
    event = figures > bound
    hits, misses, alarms = (
        int((announced & event).sum()),
        int((~announced & event).sum()),
        int((announced & ~event).sum()),
    )
    error = predicted - figures
    return Score(
        len(figures),
        int(event.sum()),
        float(np.abs(error).mean()),
        float(np.sqrt((error**2).mean())),
        _share(hits, hits + misses),
        _share(alarms, hits + alarms),
        _share(hits, hits + misses + alarms),
    )


def references(past: Past, *, lead: Lead = 1) -> Mapping[str, Array]:
    """What costs nothing, said on each day of its target: `veille` (the last whole day), `soir` (mean of
    18-24 h), `mois` (mean of that month over the past), `semaine` (mean of seven days). Shape (days,), NaN
    where it can't be said. Everything in them lies before the target.
    """
    day = figure(past.hours, past.statistic)
    evening = figure(past.hours[:, 18:24], "mean", expected=4)
    shift = 1 if lead == 0 else 0  # on the day of issue the last whole day is the one before
    whole, late = _late(day, shift), _late(evening, shift)
    month = (
        np.array([np.datetime64(past.first, "D") + n for n in range(len(day))])
        .astype("datetime64[M]")
        .astype(int)
        % 12
    )
    target_month = (
        np.array([np.datetime64(past.first, "D") + n + lead for n in range(len(day))])
        .astype("datetime64[M]")
        .astype(int)
        % 12
    )
    mean = np.full(len(day), np.nan)
    for m in range(12):
        own = np.where((month == m) & np.isfinite(day), day, 0.0)
        count = np.cumsum((month == m) & np.isfinite(day))
        running = np.cumsum(own) / np.maximum(count, 1)
        running = np.where(count > 0, running, np.nan)
        there = target_month == m
        mean[there] = _late(running, shift)[there]
    return {"veille": whole, "soir": late, "mois": mean, "semaine": _late(_week(day), shift)}


def covered(low: Array, high: Array, figures: Array) -> float:
    """Share of figures that are in their interval."""
    return float(((low <= figures) & (figures <= high)).mean())


def _week(day: Array) -> Array:
    return np.array([_nanmean(day[max(0, i - 6) : i + 1]) for i in range(len(day))])


def _nanmean(values: Array) -> float:
    heard = values[np.isfinite(values)]
    return float(heard.mean()) if len(heard) else float("nan")


def _late(values: Array, by: int) -> Array:
    return values if by == 0 else np.concatenate([np.full(by, np.nan), values[:-by]])


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
