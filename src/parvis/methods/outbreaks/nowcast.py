"""Cases that happened but were not told yet: what the last days will count once all reports are in.

Two ways. `lawless` raises each day by the share of reports that is still to come, by the delays of the past.
`nowcast` also knows that a day resembles the days before it, so that one early report does not make a wave, and takes
the width of its interval from how far it was off in the past; it is quick, and fails where delays change. The default of
the house is `nowcast_total`, which does not.

Sources: J. Lawless, Adjustments for reporting delays and the prediction of occurred but not reported events,
Can. J. Stat. 22 (1994); delays and doubt from past errors: the method of `baselinenowcast` (2026); discounted
gamma-Poisson filter: M. West, J. Harrison, Bayesian Forecasting and Dynamic Models (1997), 10.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from parvis.core.late import late

if TYPE_CHECKING:
    from scipy import optimize, stats
else:
    optimize = late("scipy.optimize")
    stats = late("scipy.stats")

Floats = npt.NDArray[np.float64]

DAYS = 60
"""Days of the past whose delays are believed to be those of today."""
RETROSPECTS = 30
"""Days of the past from which nowcasts are made again, to learn how far they are off."""
DISCOUNTS = (0.3, 0.5, 0.65, 0.8, 0.9, 0.97)
"""How much of what was known of yesterday's level is known of today's; the best of the past is taken."""
USUAL = 20.0
"""Size of the negative binomial of what is still to come, before anything is learnt."""
SAID = 0.05
"""Cases still to come below which a past nowcast teaches nothing."""


@dataclass(frozen=True, slots=True)
class Nowcast:
    """By day, all (days,): seen, cases told so far; expected, cases in the end; quantiles of it, by the chance
    asked for; told, the share of a day's cases that is told by now.
    """

    seen: Floats
    expected: Floats
    quantiles: dict[float, Floats]
    told: Floats


def triangle(
    happened: Sequence[int],
    reported: Sequence[int],
    today: int,
    longest: int,
    *,
    cases: Sequence[float] | None = None,
) -> Floats:
    """Cases by day and delay, (days, longest + 1): nan where the report is still to come.

    happened, reported: day numbers from 0 of each case; reports after `today` are not seen. longest: delay
    into which all longer ones are put. cases: of each pair of days, where they were added up (one each without).
    """
    counts = np.zeros((today + 1, longest + 1))
    for day, report, number in zip(
        happened, reported, [1.0] * len(happened) if cases is None else cases, strict=True
    ):
        if report < day or day < 0:
            raise ValueError("a case is told of on its day or later, and days are numbered from 0")
        if report <= today:
            counts[day, min(report - day, longest)] += number
    return cut(counts, today)


def cut(full: Floats, today: int) -> Floats:
    """What of a table by day and delay is known on a day."""
    known = np.array(full[: today + 1], np.float64)
    day, delay = np.indices(known.shape)
    known[day + delay > today] = np.nan
    return known


def hazards(known: Floats) -> Floats:
    """Chance that a case told within each delay was told at that delay, (delays,), from a triangle; the first
    is 1, as is one that nothing is known of.
    """
    chances = np.ones(known.shape[1])
    upto = np.nancumsum(known, axis=1)
    for x in range(1, len(chances)):
        there = np.isfinite(known[:, x])
        below = upto[there, x].sum()
        chances[x] = known[there, x].sum() / below if below > 0 else 0.0
    return chances


def told_shares(known: Floats, hazard: Floats) -> Floats:
    """Share of each day's cases that is told by now, (days,)."""
    days, delays = known.shape
    still = np.concatenate([np.cumprod(1 - hazard[:0:-1])[::-1], [1.0]])  # told within each delay
    reached = np.minimum(days - 1 - np.arange(days), delays - 1)
    return still[reached]


def lawless(
    known: Floats,
    *,
    quantiles: Sequence[float] = (0.025, 0.5, 0.975),
    variance: Literal["full", "surveillance"] = "full",
) -> Nowcast:
    """Each day's cases over the share that is told by now, and a normal law around it.

    known: a triangle. variance: "full" with the doubt of the delays themselves; "surveillance" without, and
    with the law's mass below what was seen given to the rest, as R's package counts.
    """
    hazard = hazards(known)
    share = told_shares(known, hazard)
    seen = np.nansum(known, axis=1)
    expected = np.divide(seen, share, out=np.full_like(seen, np.nan), where=share > 0)
    spread2 = expected * (1 - share) / np.where(share > 0, share, np.nan)
    if variance == "full":
        spread2 = spread2 + expected**2 * _doubt(known, hazard)
    by_quantile: dict[float, Floats] = {}
    support = np.arange(0, max(10.0, np.nanmax(expected + 8 * np.sqrt(spread2) + 2)) if len(seen) else 10.0)
    for q in quantiles:
        by_quantile[q] = np.empty_like(seen)
        for t in range(len(seen)):
            if not spread2[t] > 0:
                by_quantile[q][t] = expected[t]
                continue
            law = stats.norm(expected[t], np.sqrt(spread2[t]))
            below = float(law.cdf(seen[t]))
            if variance == "surveillance":
                mass = law.cdf(support) / (1 - below)
            else:
                mass = np.maximum(0.0, law.cdf(support + 0.5) - law.cdf(seen[t] - 0.5)) / law.sf(
                    seen[t] - 0.5
                )
            by_quantile[q][t] = float(np.searchsorted(mass, q))
    return Nowcast(seen, expected, by_quantile, share)


def _doubt(known: Floats, hazard: Floats) -> Floats:
    """Relative variance of each day's share told, by how many cases each hazard was learnt from."""
    days, delays = known.shape
    upto = np.nancumsum(known, axis=1)
    relative = np.zeros(delays)
    for x in range(1, delays):
        below = upto[np.isfinite(known[:, x]), x].sum()
        if below > 0 and hazard[x] < 1:
            relative[x] = hazard[x] / (below * (1 - hazard[x]))
    ahead = np.concatenate([np.cumsum(relative[:0:-1])[::-1], [0.0]])
    return ahead[np.minimum(days - 1 - np.arange(days), delays - 1)]


def nowcast(
    known: Floats, *, quantiles: Sequence[float] = (0.025, 0.5, 0.975), days: int = DAYS, weekly: bool = True
) -> Nowcast:
    """Nowcast of every day of a triangle, `known` (days, delays).

    The level of each day is a gamma law that forgets as days pass (at the rate that would have done best);
    what was told of a day weighs as much as it is a share of the day. What is still to come is negative
    binomial, whose spread at each age of a day is that of past nowcasts. weekly: the level follows the day of
    the week. Source: see the module.
    """
    ready = known[-(days + known.shape[1]) :]
    skipped = len(known) - len(ready)
    best, sizes = _learnt(ready, weekly)
    expected, share = _level(ready, best, weekly)
    seen = np.nansum(ready, axis=1)
    coming = np.maximum(0.0, expected - seen)
    ages = np.minimum(len(ready) - 1 - np.arange(len(ready)), known.shape[1] - 1)
    by_quantile = {q: seen + _coming_quantile(q, coming, sizes[ages]) for q in quantiles}
    before = np.nansum(known[:skipped], axis=1)
    return Nowcast(
        np.concatenate([before, seen]),
        np.concatenate([before, expected]),
        {q: np.concatenate([before, told_q]) for q, told_q in by_quantile.items()},
        np.concatenate([np.ones(skipped), share]),
    )


def _coming_quantile(q: float, coming: Floats, sizes: Floats) -> Floats:
    share = sizes / (sizes + np.maximum(coming, 1e-12))
    cases = stats.nbinom.ppf(q, sizes, np.clip(share, 1e-12, 1.0))
    return np.where(coming > 1e-9, cases, 0.0)


def _level(known: Floats, discount: float, weekly: bool) -> tuple[Floats, Floats]:
    """Expected final count of each day and the share of it that is told."""
    share = told_shares(known, hazards(known))
    seen = np.nansum(known, axis=1)
    season = _season(seen, share) if weekly else np.ones(len(seen))
    expected = np.empty_like(seen)
    a, b = 0.5, 0.5 / max(0.5, float(seen[: max(7, len(seen) // 3)].mean()) if len(seen) else 0.5)
    for t in range(len(seen)):
        weight = share[t] * season[t]
        a, b = discount * a + seen[t], discount * b + weight
        level = a / b
        expected[t] = seen[t] + (1 - share[t]) * season[t] * level
    return expected, share


def _season(seen: Floats, share: Floats) -> Floats:
    """Each day against its week, by day of the week, on days that are nearly all told; shrunk towards 1."""
    full = seen / np.where(share > 0, share, 1.0)
    usable = share > 0.9
    if usable.sum() < 21:
        return np.ones(len(seen))
    level = np.convolve(np.where(usable, full, 0.0), np.ones(7), "same") / np.maximum(
        1.0, np.convolve(usable.astype(float), np.ones(7), "same")
    )
    day = np.arange(len(seen)) % 7
    by_weekday = np.ones(7)
    for d in range(7):
        mine = usable & (day == d) & (level > 0)
        by_weekday[d] = (full[mine].sum() + 10) / (level[mine].sum() + 10)
    return (by_weekday / by_weekday.mean())[day]


@dataclass(slots=True)
class _Errors:
    """Of past nowcasts, one entry a day and look: cases told since, what was forecast of them, the day's age then."""

    actual: list[Floats]
    forecast: list[Floats]
    age: list[Floats]


def _learnt(known: Floats, weekly: bool) -> tuple[float, Floats]:
    """The discount that past nowcasts did best with, and the size of the negative binomial by age of a day."""
    days, delays = known.shape
    looks = range(max(delays + 7, days - RETROSPECTS), days - 1)
    if not looks:
        return DISCOUNTS[2], np.full(delays, USUAL)
    upto = np.nancumsum(known, axis=1)
    errors = {d: _Errors([], [], []) for d in DISCOUNTS}
    for cutoff in looks:
        past = cut(np.nan_to_num(known), cutoff)
        day = np.arange(max(0, cutoff + 1 - delays), cutoff + 1)
        seen = np.nansum(past, axis=1)[day]
        shares = told_shares(known, hazards(past))[day]  # of a day's cases, told by today
        for d, gathered in errors.items():
            expected, share = _level(past, d, weekly)
            part = np.clip((shares - share[day]) / np.maximum(1e-9, 1 - share[day]), 0.0, 1.0)
            gathered.actual.append(upto[day, np.minimum(days - 1 - day, delays - 1)] - seen)
            gathered.forecast.append((expected[day] - seen) * part)
            gathered.age.append((cutoff - day).astype(np.float64))

    def missed(d: float) -> float:
        gathered = errors[d]
        off = np.abs(np.concatenate(gathered.actual) - np.concatenate(gathered.forecast))
        return float(off[np.concatenate(gathered.age) <= 7].sum())

    best = min(DISCOUNTS, key=missed)
    actual, forecast, age = (
        np.concatenate(part) for part in (errors[best].actual, errors[best].forecast, errors[best].age)
    )
    sizes = np.empty(delays)
    for x in range(delays):
        near = (np.abs(age - x) <= 1) & (forecast > SAID)
        sizes[x] = _size(actual[near], forecast[near])
    return best, sizes


def _size(counts: Floats, means: Floats) -> float:
    """Size of the negative binomial by likelihood, between .1 and 1,000, near `USUAL` where little is known."""

    def loss(log_size: float) -> float:
        size = float(np.exp(log_size))
        chance = stats.nbinom.logpmf(counts, size, size / (size + means)).sum()
        return 0.5 * ((log_size - np.log(USUAL)) / 2) ** 2 - float(chance)

    least = optimize.minimize_scalar(loss, bounds=(np.log(0.1), np.log(1000.0)), method="bounded")
    return float(np.exp(least.x))
