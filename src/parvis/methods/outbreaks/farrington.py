"""Weeks with more cases than the same season of the years before leads to expect.

Two forms. The first (1996) compares with the same weeks of past years. The flexible one (Noufaily) uses all
weeks, the season as levels of a factor, and takes past outbreaks down more sharply; health agencies run it over
thousands of series each week.

Sources: C. Farrington et al., A statistical algorithm for the early detection of outbreaks of infectious
disease, J. R. Stat. Soc. A 159 (1996); A. Noufaily et al., An improved algorithm for outbreak detection in
multiple surveillance systems, Stat. Med. 32 (2013). Steps where the papers leave a choice are those of R's
`surveillance`, with which the results are compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from parvis.core.late import late
from parvis.methods.outbreaks.loglinear import FAR, Bools, Floats, dispersion, downweighted, fit, leverages

if TYPE_CHECKING:
    from scipy import stats
else:
    stats = late("scipy.stats")

Ints = npt.NDArray[np.int64]
POWERS = {"2/3": 2 / 3, "1/2": 1 / 2, "none": 1.0}
"""Powers of a count that are nearly normal."""
YEAR = 52
"""Weeks between two reference weeks where no dates are given."""
BATCH = 400
"""Fits that are worked out at once: some 100 MB of memory."""


@dataclass(frozen=True, slots=True)
class Settings:
    """years: back that are looked at. half_window: weeks on each side of a reference week. levels: of the
    season (1: only the windows around the reference weeks are used). threshold: Anscombe's residual from which
    a past week weighs less. left_out: latest weeks that teach nothing. trend_p: a trend is kept below that
    chance (1: always). alpha: chance that an ordinary week passes the bound. bound: how it is made. least: an
    alarm needs so many cases in so many weeks.
    """

    years: int = 5
    half_window: int = 3
    levels: int = 10
    threshold: float = 2.58
    left_out: int = 26
    trend: bool = True
    trend_p: float = 1.0
    alpha: float = 0.05
    bound: Literal["delta", "negative-binomial"] = "negative-binomial"
    least: tuple[int, int] = (5, 4)
    power: Literal["2/3", "1/2", "none"] = "2/3"

    def __post_init__(self) -> None:
        if self.years < 1 or self.half_window < 0 or self.levels < 1 or self.left_out < 0:
            raise ValueError("years and levels are one at least, weeks none below zero")
        if not 0 < self.alpha < 1 or self.least[1] < 1:
            raise ValueError("alpha lies between 0 and 1, and cases are counted over a week at least")


FIRST = Settings(
    years=3, half_window=3, levels=1, threshold=1.0, left_out=0, trend_p=0.05, alpha=0.01, bound="delta"
)
"""The form of 1996, as it is usually set."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What was said of the watched weeks, all (series, weeks). expected: cases that the past leads to expect.
    bound: above it a week is out of the ordinary; nan where fewer than the least cases were seen, or too few
    years came before. score: 1 at the bound, 0 at what was expected. p: chance of so many cases or more. trend:
    whether one was kept. dispersion: how much more than chance the weeks vary.
    """

    expected: Floats
    bound: Floats
    score: Floats
    p: Floats
    alarms: Bools
    trend: Bools
    dispersion: Floats


def farrington_flexible(
    counts: npt.ArrayLike,
    watched: Sequence[int],
    *,
    dates: Sequence[date] | None = None,
    settings: Settings = Settings(),
) -> Watched:
    """Watch weeks of one or many series by the flexible form.

    counts: (weeks,) or (series, weeks). watched: indices of weeks, from 0. dates: first day of each week; the
    reference weeks are then those of the same date of past years, nearest by weekday (52 weeks apart without).
    """
    rows = [reference_levels(t, settings, dates=dates) for t in watched]
    return _watch(counts, watched, rows, settings, two_sided=False, reweighted=True)


def farrington(counts: npt.ArrayLike, watched: Sequence[int], *, settings: Settings = FIRST) -> Watched:
    """Watch weeks by the form of 1996: as the flexible one on windows of past years only, with a bound that is
    two-sided and an error that takes the dispersion of the fit. Arguments as there, weeks 52 apart.
    """
    rows = [
        {
            week: settings.levels
            for i in range(settings.years, 0, -1)
            for week in range(t - YEAR * i - settings.half_window, t - YEAR * i + settings.half_window + 1)
        }
        for t in watched
    ]
    return _watch(counts, watched, rows, settings, two_sided=True, reweighted=False)


def reference_levels(t: int, settings: Settings, *, dates: Sequence[date] | None = None) -> dict[int, int]:
    """Level of the season of each past week that week t is compared with, by index, in order.

    The windows around reference weeks are the last level; the weeks between two of them are cut into the
    others, as even as can be. Empty when the years asked for do not all lie in the series.
    """
    references = [_reference(t, i, dates) for i in range(settings.years, 0, -1)]
    w, levels = settings.half_window, settings.levels
    if any(r is None or r - w < 0 for r in references):
        return {}
    centres = [r for r in references if r is not None] + [t]
    level_of: dict[int, int] = {}
    for here, there in zip(centres, [*centres[1:], None], strict=True):
        end = here + w if there is not None else t
        for week in range(here - w, end + 1):
            level_of[week] = levels
        if there is None or levels == 1:
            continue
        gap = range(here + w + 1, there - w)
        size, longer = divmod(len(gap), levels - 1)
        at = 0
        for level in range(1, levels):
            length = size + (level <= longer)
            for week in gap[at : at + length]:
                level_of[week] = level
            at += length
    return {week: level_of[week] for week in sorted(level_of) if week < t - settings.left_out}


def _reference(t: int, years: int, dates: Sequence[date] | None) -> int | None:
    """Index of the week that is compared with week t, so many years before."""
    if dates is None:
        return t - YEAR * years
    day = dates[t]
    try:
        past = day.replace(year=day.year - years)
    except ValueError:  # a 29th of February: the day after the 28th
        past = date(day.year - years, 3, 1)
    turn = (day.weekday() - past.weekday() + 3) % 7 - 3
    weeks = (past + timedelta(days=turn) - dates[0]).days
    step = (dates[1] - dates[0]).days
    return weeks // step if weeks >= 0 and weeks % step == 0 else None


def _watch(
    counts: npt.ArrayLike,
    watched: Sequence[int],
    rows: Sequence[dict[int, int]],
    settings: Settings,
    *,
    two_sided: bool,
    reweighted: bool,
) -> Watched:
    series = np.array(counts, np.float64, ndmin=2)
    if not np.isfinite(series).all() or (series < 0).any():
        raise ValueError("counts of weeks are none negative and none missing")
    shape = (len(series), len(watched))
    out = {name: np.full(shape, np.nan) for name in ("expected", "se2", "phi")}
    trend = np.zeros(shape, np.bool_)
    usable = [
        k
        for k, r in enumerate(rows)
        if r and min(r) >= 0 and len(r) > settings.levels + 1 and len(set(r.values())) == settings.levels
    ]
    jobs = [(s, k) for k in usable for s in range(len(series))]
    for at in range(0, len(jobs), BATCH):
        part = jobs[at : at + BATCH]
        batch = _design(series, [(s, watched[k], rows[k]) for s, k in part], settings)
        mu0, se2, phi, has_trend = _expected(batch, settings, reweighted=reweighted)
        ss, kk = np.array([s for s, _ in part]), np.array([k for _, k in part])
        out["expected"][ss, kk], out["se2"][ss, kk], out["phi"][ss, kk] = mu0, se2, phi
        trend[ss, kk] = has_trend
    return _judge(series, watched, out["expected"], out["se2"], out["phi"], trend, settings, two_sided)


@dataclass(frozen=True, slots=True)
class _Batch:
    """x (fits, rows, columns): intercept, time, levels after the first. now (fits, columns): the week to be
    said. real (fits, rows): 1 where a row is there.
    """

    x: Floats
    y: Floats
    now: Floats
    real: Floats


def _design(series: Floats, jobs: Sequence[tuple[int, int, dict[int, int]]], settings: Settings) -> _Batch:
    rows = max(len(levels) for _, _, levels in jobs)
    columns = 1 + settings.levels
    x = np.zeros((len(jobs), rows, columns))
    y, real = np.ones((len(jobs), rows)), np.zeros((len(jobs), rows))
    now = np.zeros((len(jobs), columns))
    for j, (s, t, levels) in enumerate(jobs):
        weeks, level_by_week = np.array(list(levels)), np.array(list(levels.values()))
        n = len(weeks)
        centre, scale = weeks.mean(), max(1.0, float(np.ptp(weeks)) / 2)
        x[j, :n, 0], x[j, :n, 1] = 1.0, (weeks - centre) / scale
        for level in range(2, settings.levels + 1):
            x[j, :n, level] = level_by_week == level
        now[j, 0], now[j, 1] = 1.0, (t - centre) / scale
        if settings.levels > 1:
            now[j, settings.levels] = 1.0
        y[j, :n], real[j, :n] = series[s, weeks], 1.0
    return _Batch(x, y, now, real)


def _expected(batch: _Batch, settings: Settings, *, reweighted: bool) -> tuple[Floats, Floats, Floats, Bools]:
    """Expected cases, the squared standard error of them, the dispersion, and whether a trend was kept."""
    mu0, se2, phi, t_p = _fitted(batch, settings, timed=True, reweighted=reweighted)
    most = np.where(batch.real > 0, batch.y, 0.0).max(axis=1)
    has_trend = (t_p < settings.trend_p) & (settings.years >= 3) & (mu0 <= most)
    has_trend &= settings.trend
    again = np.flatnonzero(~has_trend)
    if len(again):
        part = _Batch(batch.x[again], batch.y[again], batch.now[again], batch.real[again])
        mu0[again], se2[again], phi[again], _ = _fitted(part, settings, timed=False, reweighted=reweighted)
    return mu0, se2, phi, has_trend


def _fitted(
    batch: _Batch, settings: Settings, *, timed: bool, reweighted: bool
) -> tuple[Floats, Floats, Floats, Floats]:
    x = batch.x if timed else np.delete(batch.x, 1, axis=2)
    now = batch.now if timed else np.delete(batch.now, 1, axis=1)
    columns = np.full(len(x), x.shape[2])
    blank = np.where(batch.real > 0, batch.y, 0.0).sum(axis=1) == 0  # nobody was ever ill: nothing to fit
    y = np.where(blank[:, None], 1.0, batch.y)
    first = fit(x, y, batch.real)
    phi = np.maximum(1.0, dispersion(y, first.mu, first.working, columns))
    weights = downweighted(y, first, phi, leverages(x, first), batch.real, settings.threshold)
    second = fit(x, y, weights)
    varied = dispersion(y, second.mu, second.working, columns)
    phi = np.maximum(1.0, varied)
    if reweighted:  # R lays the weights of past outbreaks over those of the fit before it asks for its errors
        varied = dispersion(y, second.mu, weights, columns)
    spread = varied if reweighted else phi
    mu0 = np.exp(np.clip(np.einsum("fc,fc->f", second.coef, now), -FAR, FAR))
    se2 = spread * np.einsum("fc,fcd,fd->f", now, second.cov, now) * mu0**2
    t_p = np.ones(len(x))
    if timed:
        with np.errstate(divide="ignore", invalid="ignore"):
            t = second.coef[:, 1] / np.sqrt(varied * second.cov[:, 1, 1])
        free = np.maximum(1.0, batch.real.sum(axis=1) - columns)
        t_p = np.nan_to_num(2 * stats.t.sf(np.abs(t), free), nan=1.0)
        t_p[blank | ~first.converged | ~second.converged] = np.inf
    mu0[blank], se2[blank], phi[blank] = 0.0, 0.0, 1.0
    return mu0, se2, phi, t_p


def _judge(
    series: Floats,
    watched: Sequence[int],
    mu0: Floats,
    se2: Floats,
    phi: Floats,
    trend: Bools,
    settings: Settings,
    two_sided: bool,
) -> Watched:
    at = np.asarray(watched, np.int64)
    y = series[:, at]
    chance = 1 - settings.alpha / 2 if two_sided else 1 - settings.alpha
    with np.errstate(divide="ignore", invalid="ignore"):
        if settings.bound == "delta":
            power = POWERS[settings.power]
            spread = np.sqrt(power**2 * mu0 ** (2 * power - 1) * (phi + se2 / mu0))
            bound = np.maximum(0.0, mu0**power + float(stats.norm.ppf(chance)) * spread) ** (1 / power)
            p = np.asarray(stats.norm.sf((y**power - mu0**power) / spread), np.float64)
        else:
            bound, p = _negative_binomial(chance, y, mu0, phi)
        score = (y - mu0) / (bound - mu0)
    cases, weeks = settings.least
    summed = np.concatenate([np.zeros((len(series), 1)), np.cumsum(series, axis=1)], axis=1)
    few = summed[:, at + 1] - summed[:, np.maximum(0, at + 1 - weeks)] < cases
    rung = (np.nan_to_num(score) > 1) & (y > 0) & ~few
    return Watched(mu0, np.where(few, np.nan, bound), score, p, rung, trend, phi)


def _negative_binomial(chance: float, y: Floats, mu0: Floats, phi: Floats) -> tuple[Floats, Floats]:
    """Bound and chance of y cases or more, of variance phi times the mean; Poisson at phi 1."""
    over = (phi > 1) & (mu0 > 0)
    size, share = np.where(over, mu0 / np.where(over, phi - 1, 1.0), 1.0), 1 / np.where(over, phi, 2.0)
    mean = np.where(mu0 > 0, mu0, 0.0)
    bound = np.where(over, stats.nbinom.ppf(chance, size, share), stats.poisson.ppf(chance, mean))
    p = np.where(over, stats.nbinom.sf(y - 1, size, share), stats.poisson.sf(y - 1, mean))
    known = np.isfinite(mu0)
    return np.where(known, bound, np.nan), np.where(known, p, np.nan)
