"""A series of weekly counts watched by a cumulative sum: what is usual of each week, and a bar that chance alone
reaches as seldom as is asked.

The usual level has a trend and a season; weeks far above it weigh less (past outbreaks must not hide those of
today), by the rule of Noufaily et al. (2013). The sum is that of counts that vary more than chance (Höhle, Paul 2008).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from parvis.methods.outbreaks.cusum import Sums, cusum_counts, evidence
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
DRAWS = 120
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
    learnt = usual(y[None], past)
    bar = bar_for(learnt, past, watched, rise, alarms_a_year, np.random.default_rng(seed))
    here, size = learnt.means[0, -watched:], float(learnt.sizes[0])
    cusum: Sums = cusum_counts(y[-watched:], here, size, rise=rise, h=bar)
    return Watch(here, cusum.bounds, cusum.alarms, cusum.sums, size, bar)


@dataclass(frozen=True, slots=True)
class Usual:
    """means (series, weeks): the usual count of each. sizes (series,): of the negative binomial around it."""

    means: Floats
    sizes: Floats


def usual(counts: Floats, past: int) -> Usual:
    """The usual count of every week of each series, learnt from its first `past` weeks. counts: (series, weeks)."""
    week = np.arange(counts.shape[1]) / YEAR
    columns = [np.ones(len(week))]
    if past >= SEASON:
        columns += [np.sin(2 * np.pi * week), np.cos(2 * np.pi * week)]
    if past >= 1.5 * SEASON:
        columns += [week - week[:past].mean()]
    x = np.column_stack(columns)
    means = np.full(counts.shape, 0.5 / past)  # nobody was ever ill: one case is not usual
    sizes = np.full(len(counts), np.inf)
    some = np.flatnonzero(counts[:, :past].any(axis=1))
    if not len(some):
        return Usual(means, sizes)
    y = counts[some, :past]
    learnt, even = np.broadcast_to(x[:past], (*y.shape, x.shape[1])), np.ones_like(y)
    width = np.full(len(some), x.shape[1])
    first = fit(learnt, y, even)
    phi = np.maximum(1.0, dispersion(y, first.mu, first.working, width))
    weights = downweighted(y, first, phi, leverages(learnt, first), even, 2.58)
    second = fit(learnt, y, weights)
    expected = np.exp(np.clip(second.coef @ x.T, -10.0, 15.0))
    expected = np.minimum(
        expected, 2 * np.maximum(1.0, y.max(axis=1))[:, None]
    )  # a trend is not drawn out without end
    spread = np.maximum(1.0, dispersion(y, second.mu, weights, width))[:, None]
    most = second.mu + FAR * np.sqrt(spread * second.mu)  # an outbreak of the past is no usual spread
    free = np.maximum(0.1, 1 - leverages(learnt, second))  # what was learnt from a week lies nearer to it
    excess = ((np.minimum(y, most) - second.mu) ** 2 / free - second.mu).sum(axis=1)
    means[some] = expected
    sizes[some] = np.where(excess > 0, (second.mu**2).sum(axis=1) / np.maximum(excess, 1e-12), np.inf)
    return Usual(means, sizes)


def bar_for(
    learnt: Usual, past: int, watched: int, rise: float, alarms_a_year: float, rng: np.random.Generator
) -> float:
    """The bar that `DRAWS` series without an outbreak reach `alarms_a_year` times a year, taken together, when what
    is usual of each is learnt anew from its own past: what was not known well is not known well there either.

    learnt: of one series. Alarms are counted where they begin. Never below 2: odds of seven to one.
    """
    mean, size = learnt.means[0], float(learnt.sizes[0])
    true = np.broadcast_to(mean, (DRAWS, len(mean)))
    drawn = (
        rng.poisson(true) if np.isinf(size) else rng.negative_binomial(size, size / (size + true))
    ).astype(np.float64)
    again = usual(drawn, past)
    means = again.means[:, -watched:]
    gain, offset = (np.empty_like(means) for _ in range(2))
    for k in range(DRAWS):
        gain[k], offset[k] = evidence(means[k], float(again.sizes[k]), rise)
    steps = gain * drawn[:, -watched:] - offset
    wanted = alarms_a_year * DRAWS * watched / YEAR
    low, high = 2.0, 2.0
    while _onsets(steps, high) > wanted:
        low, high = high, 2 * high
    for _ in range(12):
        middle = (low + high) / 2
        if _onsets(steps, middle) > wanted:
            low = middle
        else:
            high = middle
    return high


def _onsets(steps: Floats, bar: float) -> int:
    """Alarms that begin, of sums that lie between 0 and the bar. steps: evidence of each week, (series, weeks)."""
    total, rang, begun = np.zeros(len(steps)), np.zeros(len(steps), np.bool_), 0
    for t in range(steps.shape[1]):
        total = np.maximum(0.0, total + steps[:, t])
        rings = total >= bar
        begun += int((rings & ~rang).sum())
        total, rang = np.minimum(total, bar), rings
    return begun
