"""Sorting by district: what is recycled, what is refused, with the doubt; where a campaign would gain most;
whether a measure changed anything.

Rates follow the national reports: the rate "oriented to recycling" does not take off what the sorting centre
refuses, the net one does; the capture rate is what is sorted of what could be. Their doubt is that of months
that differ: a bootstrap over whole months, in blocks, since neighbouring months resemble each other. Sources:
B. Efron, R. Tibshirani, An Introduction to the Bootstrap (1993), chapters 6 and 8; before and after with
controls: J. Angrist, J.-S. Pischke, Mostly Harmless Econometrics (2009), chapter 5; its test by permutation
of districts: R. A. Fisher, The Design of Experiments (1935).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from parvis.core.types import Estimate

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MISPLACED = 0.40
"""Share of residual waste that belonged in a sorting bin, whole of France (MODECOM 2017, ADEME); a city's own
survey is better.
"""

DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Sorting:
    """Tonnes by month and district, (m, d) each. residual: not sorted; sorted: brought to sorting or
    composting; refused: of `sorted`, what the centre turned away.
    """

    residual: Floats
    sorted: Floats
    refused: Floats

    def __post_init__(self) -> None:
        if not self.residual.shape == self.sorted.shape == self.refused.shape or self.residual.ndim != 2:
            raise ValueError("three tables of months by districts")
        every = np.stack([self.residual, self.sorted, self.refused])
        if not np.isfinite(every).all() or (every < 0).any() or (self.refused > self.sorted + 1e-9).any():
            raise ValueError("tonnes are not negative, and no more is refused than was brought")


def rates(sorting: Sorting, *, seed: int, kind: str = "recycled") -> list[Estimate]:
    """One rate a district, over all months. kind: recycled (oriented, refusals not taken off), net, or
    refused (of what was brought to be sorted).

    The interval is the percentile one at 95 %, over months drawn in blocks of three; with fewer than six
    months it is (0, 1) and says so by its method.
    """
    months = sorting.residual.shape[0]
    draws = _months(months, seed)
    top, bottom = _parts(sorting, kind)
    value = _ratio(top.sum(axis=0), bottom.sum(axis=0))
    estimates: list[Estimate] = []
    drawn = _ratio(top[draws].sum(axis=1), bottom[draws].sum(axis=1))
    for d in range(top.shape[1]):
        if months < 6:
            estimates.append(
                Estimate(
                    float(value[d]),
                    0.0,
                    1.0,
                    "part",
                    "moins de six mois : intervalle inconnu",
                    seen=months,
                    expected=months,
                )
            )
            continue
        low, high = np.quantile(drawn[:, d], [0.025, 0.975])
        low, high = float(min(low, value[d])), float(max(high, value[d]))
        estimates.append(
            Estimate(
                float(value[d]),
                low,
                high,
                "part",
                "bootstrap par blocs de trois mois",
                seen=months,
                expected=months,
            )
        )
    return estimates


def _parts(sorting: Sorting, kind: str) -> tuple[Floats, Floats]:
    """What a rate of that kind divides, and by what: tonnes, shape (months, districts)."""
    whole = sorting.residual + sorting.sorted
    parts = {
        "recycled": (sorting.sorted, whole),
        "net": (sorting.sorted - sorting.refused, whole),
        "refused": (sorting.refused, sorting.sorted),
    }
    return parts[kind]


def _ratio(top: Floats, bottom: Floats) -> Floats:
    return np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)


def _months(months: int, seed: int, block: int = 3) -> Ints:
    """(DRAWS, months) months drawn in blocks that wrap around."""
    rng = np.random.default_rng(seed)
    starts = rng.integers(months, size=(DRAWS, -(-months // block)))
    return ((starts[:, :, None] + np.arange(block)) % months).reshape(DRAWS, -1)[:, :months]


@dataclass(frozen=True, slots=True)
class Gain:
    """What a campaign could bring in one district. tonnes, low, high: a year, brought to sorting instead of
    the residual bin; each: kilograms a head.
    """

    district: int
    tonnes: float
    low: float
    high: float
    each: float
    capture: float


def gains(
    sorting: Sorting, people: Floats, *, seed: int, misplaced: float = MISPLACED, reached: float = 0.5
) -> list[Gain]:
    """Districts by what a campaign would gain, most first: half of the way (`reached`) from a district's
    capture rate to that of the best quarter, in tonnes a year.

    capture = sorted / (sorted + misplaced x residual). people: (d,) inhabitants. A gain whose interval
    reaches nought is no better than chance: it comes with that interval.
    """
    months, districts = sorting.residual.shape
    if people.shape != (districts,) or (people <= 0).any():
        raise ValueError("one number of inhabitants a district, more than none")
    value = _gain(sorting.residual.sum(axis=0), sorting.sorted.sum(axis=0), misplaced, reached) * 12 / months
    draws = _months(months, seed)
    drawn = (
        np.array(
            [
                _gain(sorting.residual[d].sum(axis=0), sorting.sorted[d].sum(axis=0), misplaced, reached)
                for d in draws
            ]
        )
        * 12
        / months
    )
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    capture = _capture(sorting.residual.sum(axis=0), sorting.sorted.sum(axis=0), misplaced)
    gain_list = [
        Gain(
            d,
            float(value[d]),
            float(min(low[d], value[d])),
            float(max(high[d], value[d])),
            float(1000 * value[d] / people[d]),
            float(capture[d]),
        )
        for d in range(districts)
    ]
    return sorted(gain_list, key=lambda g: (-g.tonnes, g.district))


def _capture(residual: Floats, brought: Floats, misplaced: float) -> Floats:
    return _ratio(brought, brought + misplaced * residual)


def _gain(residual: Floats, brought: Floats, misplaced: float, reached: float) -> Floats:
    capture = _capture(residual, brought, misplaced)
    goal = np.quantile(capture, 0.75)
    return np.maximum(goal - capture, 0.0) * reached * (brought + misplaced * residual)


@dataclass(frozen=True, slots=True)
class Effect:
    """A measure, before and after. change: difference of the change in the districts that had it and in the
    others, in parts; p: how often chance alone does as much.
    """

    change: Estimate
    p: float
    treated: int
    controls: int
    months_before: int
    months_after: int


def effect(rate: Floats, treated: NDArray[np.bool_], month: int, *, seed: int) -> Effect:
    """What a measure taken from `month` on did to a monthly rate (m, d), by difference in differences against
    the districts without it.

    The p value permutes which districts had the measure: exact when there are at most 20,000 ways, else by
    20,000 draws. Without a district on either side, or fewer than three months on either side, the question
    has no answer: ValueError. The interval comes from blocks of months.
    """
    months, districts = rate.shape
    if not 3 <= month <= months - 3 or not treated.any() or treated.all():
        raise ValueError(
            "three months at least before and after, and a district with and one without the measure"
        )
    change = rate[month:].mean(axis=0) - rate[:month].mean(axis=0)
    value = float(change[treated].mean() - change[~treated].mean())
    count = int(treated.sum())
    rng = np.random.default_rng(seed)
    if comb(districts, count) <= 20_000:
        chosen = np.array(list(combinations(range(districts), count)))
    else:
        chosen = np.array([rng.permutation(districts)[:count] for _ in range(20_000)])
    total = change.sum()
    inside = change[chosen].sum(axis=1)
    others = inside / count - (total - inside) / (districts - count)
    extreme = int((np.abs(others) >= abs(value) - 1e-12).sum())
    exact = comb(districts, count) <= 20_000
    p = extreme / len(chosen) if exact else (extreme + 1) / (len(chosen) + 1)
    before, after = _months(month, seed), _months(months - month, seed + 1)
    gap = rate[:, treated].mean(axis=1) - rate[:, ~treated].mean(axis=1)
    drawn = gap[month:][after].mean(axis=1) - gap[:month][before].mean(axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    method = "différence des différences, bootstrap par blocs de trois mois"
    estimate = Estimate(
        value, float(min(low, value)), float(max(high, value)), "part", method, seen=months, expected=months
    )
    return Effect(estimate, p, count, districts - count, month, months - month)
