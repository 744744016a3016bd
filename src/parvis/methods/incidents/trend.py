"""Whether a monthly count rises or falls once the season is taken out, and whether its level changed at some month.

A log-linear model with two waves a year and a negative binomial law; a change is the step beside the trend that fits
best, and its p is the share of series without one, drawn from the fitted law, whose best step fits as well (D. Hinkley's
problem of an unknown change point, by simulation).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from parvis.methods.incidents import negbin

Floats = npt.NDArray[np.float64]

FEWEST = 24
"""Months below which no season can be told from a trend."""
APART = 6
"""Months that must lie on each side of a change."""
Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Trend:
    """per_year: relative change a year, with its interval of 95 %. k: of the law. change: first month of the new level, by
    its index, that fits best; factor: new level over the old; p: how often chance alone fits a step as well.
    """

    per_year: float
    low: float
    high: float
    k: float
    change: int
    factor: float
    p: float


def trend(counts: npt.ArrayLike, first_month: int = 1, *, draws: int = 99, seed: int = 1) -> Trend | None:
    """counts: (months,), one after the other, nan where none is known; first_month: of the first, 1 to 12. None where
    fewer than FEWEST are known, or nothing was counted.
    """
    given = np.asarray(counts, np.float64)
    at = np.flatnonzero(~np.isnan(given))
    if len(at) < FEWEST or not given[at].sum() > 0:
        return None
    y = given[at]
    angle = 2 * np.pi * (at + first_month - 1) / 12
    waves = [np.cos(angle), np.sin(angle), np.cos(2 * angle), np.sin(2 * angle)]
    x = np.column_stack([np.ones(len(at)), *waves, (at - at.mean()) / 12])
    sloped = negbin.fit(x, y)
    slope, spread = float(sloped.coef[-1]), float(np.sqrt(sloped.cov[-1, -1]))
    steps = np.arange(APART, len(at) - APART + 1)
    observed, best, factor = _best_step(x, y[None], steps, sloped.k)
    drawn = _draw(np.random.default_rng(seed), sloped.mu, sloped.k, draws)
    chance, _, _ = _best_step(x, drawn, steps, sloped.k)
    p = (1 + int((chance >= observed[0]).sum())) / (draws + 1)
    low, high = slope - Z * spread, slope + Z * spread
    return Trend(
        float(np.expm1(slope)), float(np.expm1(low)), float(np.expm1(high)), sloped.k,
        int(at[steps[best[0]]]), float(np.exp(factor[0])), p,
    )  # fmt: skip


def _draw(rng: np.random.Generator, mu: Floats, k: float, draws: int) -> Floats:
    rates = np.tile(mu, (draws, 1))
    if k > negbin.FLATTEST:
        rates = rng.gamma(1 / k, k * rates)
    return rng.poisson(rates).astype(np.float64)


def _best_step(
    base: Floats, y: Floats, steps: npt.NDArray[np.int64], k: float
) -> tuple[Floats, npt.NDArray[np.int64], Floats]:
    """Of each series (series, rows): twice the gain in likelihood of its best step, which step, its coefficient."""
    offset = np.zeros(y.shape[1])
    _, _, mu = negbin.means(np.broadcast_to(base, (len(y), *base.shape)), y, offset, k)
    without = negbin.loglik(y, mu, k)
    gains, sizes = np.empty((len(y), len(steps))), np.empty((len(y), len(steps)))
    for n, step in enumerate(steps):
        after = (np.arange(y.shape[1]) >= step).astype(np.float64)
        x = np.column_stack([base, after])
        coef, _, mu = negbin.means(np.broadcast_to(x, (len(y), *x.shape)), y, offset, k)
        gains[:, n], sizes[:, n] = 2 * (negbin.loglik(y, mu, k) - without), coef[:, -1]
    best = gains.argmax(axis=1)
    rows = np.arange(len(y))
    return gains[rows, best], best, sizes[rows, best]
