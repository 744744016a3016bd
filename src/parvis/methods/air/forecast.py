"""Today's and tomorrow's figure of one station and pollutant, as a distribution, from its own past hours and,
where there is one, a weather forecast.

A ridge regression of the logarithm of the figure on means over parts of the last day, past days, the season
and the weather, each also as hinges, so that it bends (a linear spline: Hastie, Tibshirani, Friedman, The
Elements of Statistical Learning, 2009, 5.2 and 3.4.1). Its penalty is chosen, and its errors are measured, on
blocks of days that it did not see; the errors make the distribution. A fit takes some milliseconds, so it is
made anew at every issue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np

from parvis.methods.air.days import Array, Statistic, figure

FLOOR = 1.0
"""ug/m3 (or ppb) below which a logarithm would speak of the noise of the device."""

KNOTS = (-0.7, 0.0, 0.7)
"""Where the hinges stand, in standard deviations of each feature."""

PENALTIES = (10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0)
FOLDS = 6
GUARD = 3
"""Days left out on both sides of a block that is predicted: neighbours of a day know it."""

LEAST_ERROR = 0.05
"""Of the logarithm: a day that was said to the point is no proof that its kind always is."""

SPREAD_PENALTY = 1000.0
LARGEST = 9.0
"""Logarithm of the largest figure that is ever said (8,100): no draw runs away."""

LEAST_DAYS = 120
"""Days with a figure without which no forecast is made."""

Lead = Literal[0, 1, 2]
"""0: the figure of the day of issue; 1: that of the next day; 2: that of the day after."""


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of one station and pollutant. All grids: shape (days, 24), NaN where missing, days
    without a hole from `first`.
    """

    first: date
    hours: Array
    """Concentrations, one unit throughout."""
    statistic: Statistic
    weather: Mapping[str, Array] = field(default_factory=dict[str, Array])
    """Measured, hour by hour."""
    ahead: Mapping[str, Array] = field(default_factory=dict[str, Array])
    """Forecast for each hour, as it stood at the issue before; the last row is that of the day to come (days
    + lead rows).
    """


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted forecast. errors: sorted, of the logarithm, on days that were not seen, each over the spread
    that was expected of its day.
    """

    centre: Array
    scale: Array
    fill: Array
    weights: Array
    intercept: float
    spread: Array
    spread_at: float
    penalty: float
    errors: Array
    seen: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """Distributions of k figures. Each row of `draws` is a sample of the figure, in its unit, sorted."""

    draws: Array

    @property
    def mean(self) -> Array:
        """Shape (k,): what minimises the squared error."""
        return self.draws.mean(axis=1)

    def quantile(self, share: float) -> Array:
        """Shape (k,): the value that the figure stays below with that probability."""
        n = self.draws.shape[1]
        # The rank of split conformal prediction: with n past errors, the k-th of n + 1.
        rank = int(np.ceil(share * (n + 1))) - 1 if share >= 0.5 else int(np.floor(share * (n + 1))) - 1
        return self.draws[:, min(max(rank, 0), n - 1)]

    def above(self, bound: float) -> Array:
        """Shape (k,): the probability that the figure is over a bound."""
        return (self.draws > bound).mean(axis=1)


def known(grid: Array, issued: int) -> Array:
    """Each day's last 24 hours as they stood at hour `issued` (1 to 24) of it: shape (days, 24).

    >>> known(np.arange(48.0).reshape(2, 24), 6)[1, [0, -1]].tolist()
    [6.0, 29.0]
    """
    shift = 24 - issued
    flat = np.concatenate([np.full(shift, np.nan), grid.ravel()])
    return flat[: grid.size].reshape(grid.shape)


def design(past: Past, *, lead: Lead = 1, issued: int = 24) -> Array:
    """What is known at hour `issued` of each day, shape (days, features). NaN where unknown."""
    last = known(np.log(np.maximum(past.hours, FLOOR)), issued)
    day = _mean(last)
    columns = [_mean(last[:, a:b]) for a, b in ((21, 24), (18, 24), (12, 18), (6, 12), (0, 6))]
    columns += [day, _extreme(last, np.fmin), _extreme(last, np.fmax), last[:, 23]]
    columns += [_before(day, k) for k in (1, 2, 3, 6)]
    columns += [_trailing(day, 7), _trailing(day, 30)]
    if issued < 24:
        today = np.log(np.maximum(past.hours[:, :issued], FLOOR))
        columns += [_mean(today), _extreme(today, np.fmax)]
    columns += _calendar(past.first, len(past.hours), lead)
    for grid in past.weather.values():
        seen = known(grid, issued)
        columns += [
            _mean(seen[:, 18:]),
            _mean(seen),
            _mean(seen[:, 18:]) - _mean(seen[:, 6:12]),
            _mean(seen[:, 18:]) - _before(_mean(seen[:, 18:]), 1),
        ]
    for name, grid in past.ahead.items():
        forecast = (
            grid[lead : lead + len(past.hours)]
            if len(grid) >= len(past.hours) + lead
            else np.concatenate([grid[lead:], np.full((lead, 24), np.nan)])
        )
        columns += [_mean(forecast), _mean(forecast[:, :12]), _mean(forecast[:, 12:])]
        if name in past.weather:
            columns.append(_mean(forecast) - _mean(known(past.weather[name], issued)))
    return np.stack(columns, axis=1)


def target(past: Past, *, lead: Lead = 1) -> Array:
    """The figure that each day's forecast is of: shape (days,), NaN where it is not known (yet)."""
    day = figure(past.hours, past.statistic)
    return np.concatenate([day[lead:], np.full(min(lead, len(day)), np.nan)])


def fit(features: Array, figures: Array) -> Model:
    """Learn from days whose figure is known. features: (k, f); figures: (k,), NaN is left out. Raises
    ValueError under `LEAST_DAYS`.
    """
    has_figure = np.isfinite(figures)
    if has_figure.sum() < LEAST_DAYS:
        raise ValueError(f"{int(has_figure.sum())} days with a figure, {LEAST_DAYS} are needed")
    raw, log_figures = features[has_figure], np.log(np.maximum(figures[has_figure], FLOOR))
    empty = ~np.isfinite(raw).any(axis=0)
    fill = np.where(empty, 0.0, np.nanmedian(np.where(empty, 0.0, raw), axis=0))
    filled = np.where(np.isfinite(raw), raw, fill)
    centre, scale = filled.mean(axis=0), filled.std(axis=0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    basis = _basis(np.clip((filled - centre) / scale, -4.0, 4.0))
    errors = {penalty: _unseen(basis, log_figures, penalty) for penalty in PENALTIES}
    penalty = min(PENALTIES, key=lambda p: float(np.mean(errors[p] ** 2)))
    weights, intercept = _ridge(basis, log_figures, penalty)
    missed = errors[penalty]
    spread, spread_at = _ridge(basis, np.log(np.abs(missed) + LEAST_ERROR), SPREAD_PENALTY)
    return Model(
        centre,
        scale,
        fill,
        weights,
        intercept,
        spread,
        spread_at,
        penalty,
        np.sort(missed / np.exp(spread_at + basis @ spread)),
        int(has_figure.sum()),
    )


def predict(model: Model, features: Array) -> Forecast:
    """Distributions for rows of features, shape (k, f)."""
    basis = _basis(_standard(model, features))
    return Forecast(_draws(model, basis, model.intercept + basis @ model.weights))


def unseen(model: Model, features: Array, figures: Array) -> tuple[Array, Forecast]:
    """The days that a model learnt from, each as it is said by the blocks without it: figures, shape (k,),
    and their distributions.
    """
    has_figure = np.isfinite(figures)
    basis = _basis(_standard(model, features[has_figure]))
    log_figures = np.log(np.maximum(figures[has_figure], FLOOR))
    return figures[has_figure], Forecast(
        _draws(model, basis, log_figures - _unseen(basis, log_figures, model.penalty))
    )


def _standard(model: Model, features: Array) -> Array:
    """Features in their standard deviations. One far outside all that was seen is no reason for a figure far
    outside too.
    """
    return np.clip(
        (np.where(np.isfinite(features), features, model.fill) - model.centre) / model.scale, -4.0, 4.0
    )


def _draws(model: Model, basis: Array, middle: Array) -> Array:
    spread = np.exp(model.spread_at + basis @ model.spread)
    return np.exp(np.minimum(middle[:, None] + spread[:, None] * model.errors[None, :], LARGEST))


def best_cut(
    figures: Array,
    predicted: Forecast,
    bound: float,
    *,
    choices: Sequence[float] = tuple(np.round(np.arange(0.1, 0.71, 0.02), 2)),
) -> float:
    """The probability from which a day is announced as over the bound: the one with the best critical success
    index on known days; 0.5 without an event.
    """
    event = figures > bound
    if not event.any():
        return 0.5
    share = predicted.above(bound)

    def index(cut: float) -> float:
        announced = share >= cut
        return float((announced & event).sum() / (announced | event).sum())

    near = [
        np.mean([index(c + d) for d in (-0.04, -0.02, 0.0, 0.02, 0.04)]) for c in choices
    ]  # a lone peak is chance
    return float(choices[int(np.argmax(near))])


def _basis(z: Array) -> Array:
    return np.concatenate([z, *(np.maximum(0.0, z - k) for k in KNOTS)], axis=1)


def _ridge(basis: Array, log_figures: Array, penalty: float) -> tuple[Array, float]:
    """Weights of a ridge regression, shape (features,), and its intercept."""
    middle, at = basis.mean(axis=0), float(log_figures.mean())
    centred = basis - middle
    weights = np.linalg.solve(
        centred.T @ centred + penalty * np.eye(basis.shape[1]), centred.T @ (log_figures - at)
    )
    return weights, at - float(middle @ weights)


def _unseen(basis: Array, log_figures: Array, penalty: float) -> Array:
    """Errors on blocks of consecutive days, each predicted from the others but its neighbours."""
    errors = np.empty(len(log_figures))
    for block in np.array_split(np.arange(len(log_figures)), FOLDS):
        apart = np.r_[
            0 : max(0, block[0] - GUARD), min(len(log_figures), block[-1] + 1 + GUARD) : len(log_figures)
        ]
        weights, intercept = _ridge(basis[apart], log_figures[apart], penalty)
        errors[block] = log_figures[block] - intercept - basis[block] @ weights
    return errors


def _mean(grid: Array) -> Array:
    heard = np.isfinite(grid)
    count = heard.sum(axis=1)
    return np.where(count > 0, np.where(heard, grid, 0.0).sum(axis=1) / np.maximum(count, 1), np.nan)


def _extreme(grid: Array, of: np.ufunc) -> Array:
    extremes: Array = of.reduce(grid, axis=1)
    return extremes


def _before(values: Array, days: int) -> Array:
    return np.concatenate([np.full(min(days, len(values)), np.nan), values[: max(0, len(values) - days)]])


def _trailing(values: Array, days: int) -> Array:
    """Mean of the last days, this one included."""
    heard = np.isfinite(values)
    total = np.concatenate([np.zeros(1), np.cumsum(np.where(heard, values, 0.0))])
    count = np.concatenate([np.zeros(1), np.cumsum(heard)])
    end = np.arange(1, len(values) + 1)
    start = np.maximum(0, end - days)
    n = count[end] - count[start]
    return np.where(n > 0, (total[end] - total[start]) / np.maximum(n, 1), np.nan)


def _calendar(first: date, days: int, lead: int) -> list[Array]:
    number = first.toordinal() + lead + np.arange(days)
    season = 2 * np.pi * np.array([date.fromordinal(int(n)).timetuple().tm_yday for n in number]) / 365.25
    week = (number - 1) % 7  # 0 is Monday
    return [
        np.sin(season),
        np.cos(season),
        np.sin(2 * season),
        np.cos(2 * season),
        (week == 5).astype(float),
        (week == 6).astype(float),
    ]
