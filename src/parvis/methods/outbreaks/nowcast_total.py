"""Cases of several days together once all reports are in: of a week, say, with one interval for their sum.

Days that are nowcast one by one can't be added up: their errors have causes in common. What is not known of the delays
is the same for all of them, a level that was misread is misread for the whole week, and delays that change change for
all. So reports are one model, reports(day, delay) ~ negative binomial of mean exp(level of the day + delay + day of the week of
the report + drift of the delays), the level going on as it went (a walk with momentum), and the sum is drawn from it:
parameters with their joint doubt (Laplace's approximation, weighed over grids of what moves the level and of how much reports vary),
then reports. What the model still does not know shows in its own past: the same sum is nowcast again as of earlier days, and
the interval is widened as far as those were off.

Sources: J. Lawless, Can. J. Stat. 22 (1994); M. Höhle, M. an der Heiden, Bayesian nowcasting during the STEC O104:H4 outbreak
in Germany, 2011, Biometrics 70 (2014) (the model); doubt from past errors: `baselinenowcast` (2026).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from parvis.core.late import late
from parvis.methods.outbreaks.nowcast import DAYS, cut

if TYPE_CHECKING:
    from scipy import linalg, special, stats
else:
    linalg = late("scipy.linalg")
    special = late("scipy.special")
    stats = late("scipy.stats")

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

MOVES = (0.04, 0.1, 0.2, 0.4)
"""Standard deviations of the change of growth from one day to the next, on the log scale, that are weighed."""
SIZES = (1.5, 4.0, 12.0, 60.0)
"""Sizes of the negative binomial of reports, by day and delay, that are weighed."""
MOMENTUM = 0.8
"""How much of yesterday's growth goes on."""
LEVEL, DELAY, DELAY_STEP, WEEKDAY, DRIFT = 3.0, 3.0, 0.7, 0.5, 3.0
"""Standard deviations, before anything is seen, of: the first level, the share of a delay and its step from one delay to the
next, a day of the week, the change of long delays against short ones in `MONTH` days; all on the log scale."""
MONTH = 30.0
DRAWS, PAST_DRAWS = 2000, 400
LEAST = 28
"""Days of a triangle below which nothing is said: where an outbreak begins, delays are those of the first reports alone."""
LOOKS, APART = 8, 3
"""Earlier days as of which the sum is nowcast again, and how many days lie between two."""
TRUSTED = 14.0
"""Looks that the model's own interval is worth before its past is looked at."""
STEPS, ENOUGH = 60, 1e-5
"""Of Newton's method: most steps, and the gain below which it ends."""


@dataclass(frozen=True, slots=True)
class Total:
    """Of some days together: seen, cases that are told; expected, the median once all is told; quantiles of it, by the chance
    asked for; widened, the factor (1 or more) by which past errors widened the interval, on the log scale.
    """

    seen: float
    expected: float
    quantiles: dict[float, float]
    widened: float


def nowcast_total(
    known: Floats,
    first: int,
    last: int,
    *,
    quantiles: Sequence[float] = (0.025, 0.5, 0.975),
    weekly: bool = True,
    seed: int = 1,
) -> Total | None:
    """Nowcast of the sum of the days from `first` to `last`, both in it; the rest as of `nowcast_totals`."""
    totals = nowcast_totals(known, [(first, last)], quantiles=quantiles, weekly=weekly, seed=seed)
    return None if totals is None else totals[0]


def nowcast_totals(
    known: Floats,
    spans: Sequence[tuple[int, int]],
    *,
    quantiles: Sequence[float] = (0.025, 0.5, 0.975),
    weekly: bool = True,
    seed: int = 1,
) -> list[Total] | None:
    """Nowcasts of sums of days, each from a first to a last one, both in it; of one day where they are the same. None where
    fewer days than four weeks, or twice the longest delay, are known.

    known: a triangle (days, delays), nan where the report is still to come. weekly: reports follow the day of the week.
    """
    if not all(0 <= first <= last < len(known) for first, last in spans):
        raise ValueError("days of the triangle, the first no later than the last")
    if len(known) < max(LEAST, 2 * (known.shape[1] - 1)):
        return None
    skipped = max(0, len(known) - DAYS - known.shape[1])
    ready = known[skipped:]
    days = [range(max(0, first - skipped), max(0, last + 1 - skipped)) for first, last in spans]
    rng = np.random.default_rng(seed)
    coming = [_mask(ready, span) & ~np.isfinite(ready) for span in days]
    fits = _fits(ready, weekly, [(move, size) for move in MOVES for size in SIZES])
    drawn = _drawn(fits, ready.shape, weekly, coming, DRAWS, rng)
    best = max(fits, key=lambda one: one.evidence)
    widened = _past_errors(ready, days, best, weekly, rng)
    totals: list[Total] = []
    for (first, last), sums, wider in zip(spans, drawn, widened, strict=True):
        seen, logged = float(np.nansum(known[first : last + 1])), np.log1p(sums)
        middle = float(np.median(logged))
        total = seen + np.round(np.expm1(np.maximum(0.0, middle + wider * (logged - middle))))
        by_quantile = {q: float(np.quantile(total, q, method="nearest")) for q in quantiles}
        totals.append(Total(seen, float(np.median(total)), by_quantile, wider))
    return totals


def _mask(table: Floats, days: range) -> Bools:
    mask = np.zeros(table.shape, np.bool_)
    mask[days.start : days.stop] = True
    return mask


def _past_errors(
    known: Floats, spans: Sequence[range], best: _Fit, weekly: bool, rng: np.random.Generator
) -> list[float]:
    """For each span, how much wider than the model's own the errors of past nowcasts were, of sums of days of the same age."""
    count, delays = known.shape
    scores: list[list[float]] = [[] for _ in spans]
    for back in range(APART, APART * LOOKS + 1, APART):
        today = count - 1 - back
        if today < delays + 4:
            break
        past = cut(np.nan_to_num(known), today)
        told_since = ~np.isfinite(past) & np.isfinite(known[: today + 1])
        cells = [
            _mask(past, range(max(0, s.start - back), max(0, s.stop - back))) & told_since for s in spans
        ]
        drawn = _drawn(
            _fits(past, weekly, [(best.move, best.size)]), past.shape, weekly, cells, PAST_DRAWS, rng
        )
        for errors, mask, draws in zip(scores, cells, drawn, strict=True):
            came = known[: today + 1][mask].sum()
            if draws.max() > 0 or came > 0:
                below = (draws < came).sum() + rng.random() * ((draws == came).sum() + 1)
                chance = np.clip(below / (len(draws) + 1), 1e-4, 1 - 1e-4)
                errors.append(float(stats.norm.ppf(chance)))
    return [max(1.0, float(np.sqrt((TRUSTED + np.square(e).sum()) / (TRUSTED + len(e))))) for e in scores]


@dataclass(frozen=True, slots=True)
class _Fit:
    """at (parameters,), the mode; root, Cholesky's of the precision there; evidence, the log of the marginal likelihood."""

    at: Floats
    root: Floats
    evidence: float
    move: float
    size: float


def _design(days: int, delays: int, weekly: bool) -> Floats:
    """(days · delays, parameters): levels, delays, weekdays of the report, the drift of delays."""
    day, delay = (part.ravel() for part in np.indices((days, delays)))
    row = np.arange(days * delays)
    x = np.zeros((len(row), days + delays + 8))
    x[row, day], x[row, days + delay] = 1.0, 1.0
    if weekly:
        x[row, days + delays + (day + delay) % 7] = 1.0
    x[:, -1] = (day - (days - 1)) / MONTH * (delay - (delays - 1) / 2) / max(1, delays - 1)
    return x


def _prior(days: int, delays: int, move: float, level: float) -> tuple[Floats, Floats]:
    """Precision and mean of the parameters before anything is seen. level: logarithm of the reports of a day and delay's row."""
    count = days + delays + 8
    precision, mean = np.zeros((count, count)), np.zeros(count)
    growth = np.diff(np.eye(days), axis=0)
    change = growth.copy()
    change[1:] -= MOMENTUM * growth[:-1]
    precision[:days, :days] = change.T @ change / move**2
    precision[0, 0] += LEVEL**-2
    mean[:days] = level
    steps = np.diff(np.eye(delays), axis=0)
    last = days + delays
    precision[days:last, days:last] = steps.T @ steps / DELAY_STEP**2 + np.eye(delays) * DELAY**-2
    mean[days:last] = -np.log(delays)
    precision[last:-1, last:-1] = np.eye(7) * WEEKDAY**-2
    precision[-1, -1] = DRIFT**-2
    return precision, mean


def _fits(known: Floats, weekly: bool, grid: Sequence[tuple[float, float]]) -> list[_Fit]:
    """The model at each pair (move of the level, size of reports), each begun where the one before ended."""
    days, delays = known.shape
    there = np.isfinite(known).ravel()
    x, y = _design(days, delays, weekly)[there], known.ravel()[there]
    level = float(np.log(max(0.5, y.sum() / days)))
    fits: list[_Fit] = []
    at = np.concatenate([np.full(days, level), np.full(delays, -np.log(delays)), np.zeros(8)])
    for move, size in grid:
        precision, mean = _prior(days, delays, move, level)
        at, root, loss = _mode(x, y, precision, mean, size, at)
        constant = (special.gammaln(y + size) - special.gammaln(size) - special.gammaln(y + 1)).sum()
        evidence = constant - loss + np.linalg.slogdet(precision)[1] / 2 - np.log(np.diag(root)).sum()
        # Before anything is seen: sizes around 8, moves around .1, each within a factor of 4 or 3.
        evidence -= ((np.log(size / 8) / 1.5) ** 2 + np.log(move / 0.1) ** 2) / 2
        fits.append(_Fit(at, root, float(evidence), move, size))
    return fits


def _mode(
    x: Floats, y: Floats, precision: Floats, mean: Floats, size: float, at: Floats
) -> tuple[Floats, Floats, float]:
    """Mode of the parameters, Cholesky's root of the precision there and the loss, by Newton's method with halved steps."""

    def loss_at(where: Floats) -> tuple[float, Floats]:
        mu = np.exp(np.clip(x @ where, -50.0, 30.0))
        away = where - mean
        fit = (y * np.log(mu / (size + mu)) - size * np.log1p(mu / size)).sum()
        return float(away @ precision @ away / 2 - fit), mu

    def curvature(mu: Floats) -> Floats:
        weight = mu * size * (size + y) / (size + mu) ** 2
        return (x * weight[:, None]).T @ x + precision

    loss, mu = loss_at(at)
    for _ in range(STEPS):
        slope = x.T @ (y - (y + size) * mu / (size + mu)) - precision @ (at - mean)
        step = linalg.cho_solve(linalg.cho_factor(curvature(mu)), slope)
        part = 1.0
        new, new_mu = loss_at(at + step)
        while new > loss + 1e-9 and part > 1e-3:
            part /= 2
            new, new_mu = loss_at(at + part * step)
        at, gain, loss, mu = at + part * step, loss - new, new, new_mu
        if gain < ENOUGH:
            break
    return at, np.asarray(np.linalg.cholesky(curvature(mu)), np.float64), loss


def _drawn(
    fits: Sequence[_Fit],
    shape: tuple[int, ...],
    weekly: bool,
    cells: Sequence[Bools],
    draws: int,
    rng: np.random.Generator,
) -> list[Floats]:
    """Sums of the reports of each set of cells, (draws,), each fit drawn as often as it is likely."""
    x = _design(shape[0], shape[1], weekly)
    likely = np.exp(np.array([one.evidence for one in fits]) - max(one.evidence for one in fits))
    sums: list[list[Floats]] = [[] for _ in cells]
    for count, one in zip(rng.multinomial(draws, likely / likely.sum()), fits, strict=True):
        if not count:
            continue
        noise = linalg.solve_triangular(one.root.T, rng.standard_normal((len(one.at), count)))
        for mine, mask in zip(sums, cells, strict=True):
            mu = np.exp(np.clip(x[mask.ravel()] @ (one.at[:, None] + noise), -50.0, 16.0))
            reports = rng.negative_binomial(one.size, one.size / (one.size + mu))
            mine.append(reports.sum(axis=0).astype(np.float64))
    return [np.concatenate(mine) for mine in sums]
