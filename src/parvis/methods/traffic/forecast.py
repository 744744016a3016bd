"""What a counter will say a while from now, with the interval that holds it four times out of five.

Each series has a profile of its kinds of days that follows the last weeks, and at each horizon a regression on
what is known at the moment of the forecast: the profile, the value and its distance from the profile now and
before, the same moment a day and a week earlier. Its weights are learnt step by step with forgetting (recursive
least squares), so that a lockdown or a new street plan is followed in days. The interval is a quantile of past
errors, scaled by how uncertain that time of day is, whose level is steered to the share that it must hold
(adaptive conformal inference).

Everything is causal: what is said of a step was computed from what was measured before it. Works on the square
root of counts, whose errors do not grow with the count.

Sources: I. Gibbs, E. Candès, Adaptive Conformal Inference Under Distribution Shift, NeurIPS 2021; recursive least
squares: S. Haykin, Adaptive Filter Theory, ch. 10.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parvis.methods.traffic.grid import KINDS, Flags, Floats, Grid

SHARE = 0.8
"""What an interval must hold."""
RATE = 0.15
"""Part of a new day in the profile of its kind."""
FORGETS_DAYS = 30.0
"""Days after which the weights have."""
STEERS = 0.05
"""How fast the level of the interval follows what it held."""
ERRORS = 300
"""Past errors of which an interval is a quantile."""
STIFF = 1.0
"""Weight of the first guess of the weights, in observations."""
FEATURES = 7
HOLDS_DAYS = 0.5
"""Days after which a gap from the profile that nobody measured again has faded by two thirds."""
NEAR = 1e-6
"""A count so near its bound lies within: squares of roots are not exact."""
WORTH_DAYS = 3.0
"""Days over which it is remembered how far each way of saying was off."""
SHARP = 6.0
"""How much less is heard of the way that was off more."""
CLIP = 4.0
"""An error of more than so many usual errors teaches no more than that."""


@dataclass(frozen=True, slots=True)
class Forecasts:
    """Forecasts of one horizon, shape (steps, series), at the step that they speak of; nan where none could be
    made.
    """

    value: Floats
    low: Floats
    high: Floats


@dataclass(slots=True)
class _Weights:
    """What one horizon has learnt of every series: theta (series, FEATURES) and its covariance; worth, how
    far each way of saying has been off of late (series, 2: the regression, the last value); scores, the past
    errors of what was said (ERRORS, series); seen, how many there were; level, of the interval.
    """

    theta: Floats
    cov: Floats
    worth: Floats
    scores: Floats
    seen: Floats
    level: Floats


@dataclass(frozen=True, slots=True)
class _Known:
    """What was known when something was said: features, both ways of saying it, what was said."""

    x: Floats
    ways: Floats
    value: Floats


def forecasts(counts: Floats, grid: Grid, horizons: tuple[int, ...]) -> dict[int, Forecasts]:
    """Forecasts of all steps, each made `horizon` steps before. horizons: in steps, growing.

    counts: shape (steps, series), not negative, nan where nothing was measured. The last `horizon` rows of
    what is returned lie beyond the grid and are not there: see `ahead`.
    """
    return _run(counts, grid, horizons)[0]


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a night learns, for the forecasts of the day after.

    root, spread: of the root of counts, shape (KINDS, slots, series); by horizon: theta (series, FEATURES),
    worth (series, 2), width (series,), the half width of the interval in spreads, nan where not known.
    """

    root: Floats
    spread: Floats
    theta: dict[int, Floats]
    worth: dict[int, Floats]
    width: dict[int, Floats]


def learn(counts: Floats, grid: Grid, horizons: tuple[int, ...]) -> tuple[Learnt, dict[int, Forecasts]]:
    """What there is to learn from counts, and the forecasts that were made on the way, as `forecasts` has
    them.
    """
    forecasts_made, root, spread, weights = _run(counts, grid, horizons)
    learnt = Learnt(
        root, spread, {h: weights[h].theta for h in horizons}, {h: weights[h].worth for h in horizons}, {h: _quantile(weights[h]) for h in horizons}
    )  # fmt: skip
    return learnt, forecasts_made


def ahead(learnt: Learnt, counts: Floats, grid: Grid) -> dict[int, Forecasts]:
    """What is forecast at the last of some recent steps: one row a horizon.

    counts: shape (steps, series), eight days or more, so that a week before is among them; grid: theirs, and
    the longest horizon more. Raises ValueError when it ends before.
    """
    steps, series = counts.shape
    if grid.steps < steps + max(learnt.theta, default=0):
        raise ValueError("the grid ends before the forecasts")
    y = np.sqrt(np.maximum(counts, 0.0))
    expected = np.full((steps, series), np.nan)
    state = _State(series)
    for t in range(steps):
        expected[t] = _near(learnt.root, int(grid.kind[t]), int(grid.slot[t]))
        state.follow(y[t], expected[t], grid.slots)
    by_horizon = dict[int, Forecasts]()
    for h in learnt.theta:
        at = steps - 1 + h
        x = _features(y, learnt.root, grid, expected, steps - 1, h, state)
        row = Forecasts(*(np.full((1, series), np.nan) for _ in range(3)))
        near = _near(learnt.spread, int(grid.kind[at]), int(grid.slot[at]))
        _say(learnt.theta[h], learnt.worth[h], learnt.width[h], x, state.last, row, 0, near)
        by_horizon[h] = row
    return by_horizon


class _State:
    """What of the steps so far bears on those to come, by series: the last root, how far it was from its
    profile, how far the one before was, and how far the last day was.
    """

    def __init__(self, series: int) -> None:
        self.last = np.full(series, np.nan)
        self.gap, self.before, self.drift = np.zeros(series), np.zeros(series), np.zeros(series)

    def follow(self, y: Floats, expected: Floats, slots: int) -> None:
        """Bring it up to one more step."""
        usable = ~np.isnan(y) & ~np.isnan(expected)
        off = np.where(usable, y - expected, 0.0)
        fades = float(np.exp(-1 / (HOLDS_DAYS * slots)))
        self.drift = np.where(usable, self.drift + (off - self.drift) / slots, self.drift)
        self.last = np.where(np.isnan(y), self.last, y)
        # a silent counter is as far from its profile as when it last spoke, for a few hours
        self.before = np.where(usable, self.gap, self.before * fades)
        self.gap = np.where(usable, off, self.gap * fades)


def _run(
    counts: Floats, grid: Grid, horizons: tuple[int, ...]
) -> tuple[dict[int, Forecasts], Floats, Floats, dict[int, _Weights]]:
    """Forecasts by horizon, the profile and the spread of each kind of day and slot, and the weights by
    horizon.
    """
    steps, series = counts.shape
    slots = grid.slots
    y = np.sqrt(np.maximum(counts, 0.0))
    profile = np.full((KINDS, slots, series), np.nan)
    spread = np.full((KINDS, slots, series), np.nan)
    expected = np.full((steps, series), np.nan)
    out = {h: Forecasts(*(np.full((steps, series), np.nan) for _ in range(3))) for h in horizons}
    weights = {h: _start(series) for h in horizons}
    forget = 1 - 1 / (FORGETS_DAYS * slots)
    pending: dict[int, dict[int, _Known]] = {h: {} for h in horizons}
    state = _State(series)
    for t in range(steps):
        k, s = int(grid.kind[t]), int(grid.slot[t])
        for h in horizons:
            before = pending[h].pop(t, None)
            if before is not None:
                _learn(weights[h], before, y[t], out[h], t, forget, 1 / (WORTH_DAYS * slots), spread[k, s])
        expected[t] = _near(profile, k, s)
        state.follow(y[t], expected[t], slots)
        _follow(profile, spread, k, s, y[t])
        for h in horizons:
            if t + h < steps:
                x = _features(y, profile, grid, expected, t, h, state)
                w = weights[h]
                near = _near(spread, int(grid.kind[t + h]), int(grid.slot[t + h]))
                pending[h][t + h] = _say(w.theta, w.worth, _quantile(w), x, state.last, out[h], t + h, near)
    return out, profile, spread, weights


def _start(series: int) -> _Weights:
    theta = np.zeros((series, FEATURES))
    theta[:, 0], theta[:, 1] = 1.0, 0.6
    cov = np.broadcast_to(np.eye(FEATURES) / STIFF, (series, FEATURES, FEATURES)).copy()
    scores, level = np.full((ERRORS, series), np.nan), np.full(series, SHARE)
    return _Weights(theta, cov, np.ones((series, 2)), scores, np.zeros(series), level)


def _near(values: Floats, k: int, s: int) -> Floats:
    """Of a slot; where that kind of day was never seen then, of the same slot on another kind of day."""
    slot_values = values[k, s].copy()
    for other in range(KINDS):
        lacking = np.isnan(slot_values)
        if not lacking.any():
            break
        slot_values[lacking] = values[other, s][lacking]
    return slot_values


def _follow(profile: Floats, spread: Floats, k: int, s: int, y: Floats) -> None:
    """Bring the profile and its usual error up to one more step."""
    seen = ~np.isnan(y)
    new = seen & np.isnan(profile[k, s])
    old = seen & ~new
    error = np.abs(y - profile[k, s])
    # a day that stands out teaches, but no more than CLIP usual errors
    width = np.where(np.isnan(spread[k, s]), np.inf, np.maximum(CLIP * spread[k, s], 0.5))
    step = np.clip(y - profile[k, s], -width, width)
    profile[k, s] = np.where(old, profile[k, s] + RATE * step, np.where(new, y, profile[k, s]))
    first = old & np.isnan(spread[k, s])
    followed = np.where(old, spread[k, s] + RATE * (np.minimum(error, width) - spread[k, s]), spread[k, s])
    spread[k, s] = np.where(first, error, followed)


def _features(
    y: Floats,
    profile: Floats,
    grid: Grid,
    expected: Floats,
    t: int,
    h: int,
    state: _State,
) -> Floats:
    """What is known at t of t + h, shape (series, FEATURES); what is not known is as the profile has it."""
    gap, before, drift = state.gap, state.before, state.drift
    slots = grid.slots
    base = _near(profile, int(grid.kind[t + h]), int(grid.slot[t + h]))
    day, week = t + h - slots, t + h - 7 * slots
    yesterday = np.nan_to_num(y[day] - expected[day]) if 0 <= day <= t else np.zeros_like(gap)
    last_week = np.nan_to_num(y[week] - base) if 0 <= week <= t else np.zeros_like(gap)
    trend = np.nan_to_num(base - expected[t])
    return np.stack([base, gap, before, yesterday, last_week, drift, trend], axis=1)


def _say(
    theta: Floats,
    worth: Floats,
    wide: Floats,
    x: Floats,
    last: Floats,
    out: Forecasts,
    at: int,
    spread: Floats,
) -> _Known:
    """Say what will be measured at a step. Both ways have their say, by how little each was off of late."""
    regressed = np.maximum(np.einsum("sf,sf->s", np.nan_to_num(x), theta), 0.0)
    ways = np.stack([np.where(np.isnan(x[:, 0]), np.nan, regressed), last], axis=1)
    voice = np.where(np.isnan(ways), 0.0, worth**-SHARP)
    total = voice.sum(axis=1)
    value = np.where(total > 0, (voice * np.nan_to_num(ways)).sum(axis=1) / np.maximum(total, 1e-300), np.nan)
    scale = np.where(np.isnan(spread), 1.0, np.maximum(spread, 0.25))
    width = wide * scale
    out.value[at] = value**2
    out.low[at] = np.maximum(value - width, 0.0) ** 2
    out.high[at] = (value + width) ** 2
    return _Known(x, ways, value)


def _quantile(w: _Weights) -> Floats:
    """The errors' quantile at the steered level, by series, between the two nearest; nan while fewer than 20 are
    known. All series at once: this is asked at every step.
    """
    known = np.minimum(w.seen, ERRORS).astype(np.int64)
    rows = int(known.max(initial=0))
    if rows < 20:
        return np.full(len(known), np.nan)
    held = np.arange(rows)[:, None] < known
    ordered = np.sort(np.where(held, w.scores[:rows], np.finfo(np.float64).max), axis=0)
    last = np.maximum(known - 1, 0)
    at = np.clip(w.level, 0.0, 1.0) * last
    low = at.astype(np.int64)
    series = np.arange(len(known))
    below, above = ordered[low, series], ordered[np.minimum(low + 1, last), series]
    return np.where(w.seen >= 20, below + (above - below) * (at - low), np.nan)


def _learn(
    w: _Weights,
    expected: _Known,
    y: Floats,
    out: Forecasts,
    t: int,
    forget: float,
    rate: float,
    spread: Floats,
) -> None:
    """Compare what was said of a step with what came, and bring weights, errors and level up to it."""
    at = np.flatnonzero(~np.isnan(y) & ~np.isnan(expected.value))
    if not len(at):
        return
    ys = y[at]
    scale = np.where(np.isnan(spread[at]), 1.0, np.maximum(spread[at], 0.25))
    held = ~np.isnan(out.low[t, at])
    inside = (out.low[t, at] <= ys**2 + 1e-9) & (ys**2 - 1e-9 <= out.high[t, at])
    w.level[at] += np.where(held, STEERS * (SHARE - inside), 0.0)
    w.scores[(w.seen[at] % ERRORS).astype(np.int64), at] = np.abs(ys - expected.value[at]) / scale
    w.seen[at] += 1
    off = np.abs(ys[:, None] - expected.ways[at])
    w.worth[at] += np.where(np.isnan(off), 0.0, rate * (off - w.worth[at]))
    w.worth[at] = np.maximum(w.worth[at], 1e-3)
    at = at[~np.isnan(expected.ways[at, 0])]
    xs, error = expected.x[at], y[at] - np.einsum("sf,sf->s", expected.x[at], w.theta[at])
    most = CLIP * np.where(np.isnan(spread[at]), 1.0, np.maximum(spread[at], 0.25))
    px = np.einsum("sij,sj->si", w.cov[at], xs)
    gain = px / (forget + np.einsum("si,si->s", xs, px))[:, None]
    w.theta[at] += gain * np.clip(error, -most, most)[:, None]
    cov = (w.cov[at] - gain[:, :, None] * px[:, None, :]) / forget
    # without news in some direction the covariance would grow for ever
    trace = np.trace(cov, axis1=1, axis2=2)
    w.cov[at] = cov * np.minimum(1.0, 10 * FEATURES / np.maximum(trace, 1e-12))[:, None, None]


def naive(counts: Floats, grid: Grid, horizon: int) -> tuple[Floats, Floats]:
    """What whoever has no method says: (the same moment a week before, the last value known), shape
    (steps, series), at the step that they speak of. A gap takes the value before it: a week more back, a step
    more back.
    """
    steps, series = counts.shape
    week = 7 * grid.slots
    seasonal, last = np.full((steps, series), np.nan), np.full((steps, series), np.nan)
    held = np.full(series, np.nan)
    for t in range(steps):
        held = np.where(np.isnan(counts[t]), held, counts[t])
        if t + horizon < steps:
            last[t + horizon] = held
        for back in range(1, 4):
            at = t - back * week
            if at < 0:
                break
            seasonal[t] = np.where(np.isnan(seasonal[t]), counts[at], seasonal[t])
    return seasonal, last


def within(counts: Floats, predicted: Forecasts, wanted: Flags) -> float:
    """Share of the steps asked for, where both are known, that the interval holds."""
    known = wanted & ~np.isnan(counts) & ~np.isnan(predicted.low)
    return float(((predicted.low <= counts + NEAR) & (counts <= predicted.high + NEAR))[known].mean())
