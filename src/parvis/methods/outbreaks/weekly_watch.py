"""A series of weekly counts watched by a cumulative sum: what is usual of each week, and a bar that chance alone
reaches as seldom as is asked.

The usual level has a trend and a season; weeks far above it weigh less (past outbreaks must not hide those of
today), by the rule of Noufaily et al. (2013). The sum is that of counts that vary more than chance (Höhle, Paul 2008).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from parvis.methods.outbreaks.cusum import Sums, cusum_counts, evidence, size_of
from parvis.methods.outbreaks.loglinear import Floats, dispersion, downweighted, fit, leverages

YEAR = 52.1775
"""Weeks of a year."""
LEAST = 52
"""Weeks of the past without which nothing is said."""
SEASON = 104
"""Weeks of the past from which on a season is learnt, and a trend at half as many again."""
LEFT_OUT = 4
"""Last weeks before those watched that teach nothing: they may hold the outbreak that begins."""
FAR = 4.0
"""Deviations above the usual from which a past week says no more of how much weeks vary."""
DRAWS = 400
"""Series without an outbreak from which the bar is learnt."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Of the watched weeks, (weeks,): usual, the cases that are usual; bounds, the count from which the week
    rings; alarms; sums. size: of the negative binomial; bar: of the sum. onsets: weeks in which an alarm begins.
    """

    usual: Floats
    bounds: Floats
    alarms: npt.NDArray[np.bool_]
    sums: Floats
    size: float
    bar: float

    @property
    def onsets(self) -> npt.NDArray[np.bool_]:
        before = np.concatenate([[False], self.alarms[:-1]])
        return self.alarms & ~before


def watch(
    counts: npt.ArrayLike, watched: int, *, rise: float = 2.0, alarms_a_year: float = 0.5, seed: int = 1
) -> Watch | None:
    """Watch the last weeks of a series; None where too little came before.

    counts: (weeks,). watched: how many of the last weeks. rise: of the usual level that is looked for, over 1.
    alarms_a_year: alarms by chance alone that are put up with.
    """
    y = np.asarray(counts, np.float64)
    if y.ndim != 1 or not np.isfinite(y).all() or (y < 0).any():
        raise ValueError("counts of weeks are none negative and none missing")
    if not (rise > 1 and alarms_a_year > 0 and 0 < watched <= len(y)):
        raise ValueError("a rise over one, some alarms a year, and weeks to watch")
    past = len(y) - watched - LEFT_OUT
    if past < LEAST:
        return None
    learnt = usual(y, past)
    here, size = learnt.means[len(y) - watched :], learnt.size
    bar = bar_for(learnt, watched, rise, alarms_a_year, np.random.default_rng(seed))
    made: Sums = cusum_counts(y[len(y) - watched :], here, size, rise=rise, h=bar)
    return Watch(here, made.bounds, made.alarms, made.sums, size, bar)


@dataclass(frozen=True, slots=True)
class Usual:
    """means (weeks,): the usual count of each. size: of the negative binomial around it. doubt (weeks, columns):
    times standard normal numbers, an error of the logarithm of the means as large as what they were learnt from
    leaves open.
    """

    means: Floats
    size: float
    doubt: Floats


def usual(counts: Floats, past: int) -> Usual:
    """The usual count of every week of a series, learnt from its first `past` weeks."""
    week = np.arange(len(counts)) / YEAR
    columns = [np.ones(len(counts))]
    if past >= SEASON:
        columns += [np.sin(2 * np.pi * week), np.cos(2 * np.pi * week)]
    if past >= 1.5 * SEASON:
        columns += [week - week[:past].mean()]
    x = np.column_stack(columns)
    learnt, y = x[None, :past], counts[None, :past]
    if y.sum() == 0:
        nobody = np.full(len(counts), 0.5 / past)  # nobody was ever ill: one case is not usual
        return Usual(nobody, float("inf"), np.zeros((len(counts), 1)))
    even = np.ones_like(y)
    first = fit(learnt, y, even)
    phi = np.maximum(1.0, dispersion(y, first.mu, first.working, np.array([x.shape[1]])))
    weights = downweighted(y, first, phi, leverages(learnt, first), even, 2.58)
    second = fit(learnt, y, weights)
    means = np.exp(np.clip(x @ second.coef[0], -10.0, 15.0))
    means = np.minimum(
        means, 2 * max(1.0, float(counts[:past].max()))
    )  # a trend is not drawn out without end
    spread = dispersion(y, second.mu, weights, np.array([x.shape[1]]))[0]
    root = np.linalg.cholesky(second.cov[0] * max(1.0, float(spread)) + 1e-12 * np.eye(x.shape[1]))
    most = second.mu[0] + FAR * np.sqrt(
        max(1.0, float(spread)) * second.mu[0]
    )  # an outbreak of the past is no usual spread
    return Usual(means, size_of(np.minimum(counts[:past], most), means[:past]), x @ root)


def bar_for(
    learnt: Usual, watched: int, rise: float, alarms_a_year: float, rng: np.random.Generator
) -> float:
    """The bar that `DRAWS` series without an outbreak reach `alarms_a_year` times a year, taken together, when
    the usual level is as little known as it is.

    Alarms are counted where they begin. Never below 2: odds of seven to one.
    """
    means, size = learnt.means[-watched:], learnt.size
    gain, offset = evidence(means, size, rise)
    errors = rng.standard_normal((DRAWS, learnt.doubt.shape[1])) @ learnt.doubt[-watched:].T
    true = means * np.exp(np.clip(errors, -2.0, 2.0))
    drawn = (
        rng.poisson(true) if np.isinf(size) else rng.negative_binomial(size, size / (size + true))
    ).astype(np.float64)
    sums = np.empty_like(drawn)
    total = np.zeros(DRAWS)
    for t in range(len(means)):
        total = np.maximum(0.0, total + gain[t] * drawn[:, t] - offset[t])
        sums[:, t] = total
    wanted = alarms_a_year * DRAWS * len(means) / YEAR
    before = np.concatenate([np.zeros((DRAWS, 1)), sums[:, :-1]], axis=1)
    low, high = 2.0, max(2.0, float(sums.max()) + 1.0)
    for _ in range(40):
        middle = (low + high) / 2
        if ((sums >= middle) & (before < middle)).sum() > wanted:
            low = middle
        else:
            high = middle
    return high
