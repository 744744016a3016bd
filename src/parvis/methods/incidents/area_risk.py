"""Building fires by area: what areas of so many buildings and such traits have, drawn to what each one had (empirical
Bayes), and whether that ranks areas better than their plain count.

A trait is one of the built: its age, its use. Nothing here is about a household.

Source: E. Hauer, Observational Before-After Studies in Road Safety (1997), ch. 11; the back-test is that of `hotspots`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from parvis.methods.incidents import negbin
from parvis.methods.incidents.hotspots import BackTest, Grid, back_test, counted

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

COUNT, MODEL = "count", "model"
SPREAD = 0.02
"""k at least: areas of which a few years show no spread still differ."""
FEWEST = 30
"""Fires of the past below which no law is fitted: the ranking is then the count."""


@dataclass(frozen=True, slots=True)
class Risk:
    """Fires a year of each area, and between which 95 % lie of what its truth may be."""

    yearly: Floats
    low: Floats
    high: Floats


def drawn(counts: Floats, years: float, buildings: Floats, traits: Floats) -> Risk:
    """By areas alike. counts: (areas,) of so many years; buildings: (areas,) positive; traits: (areas, t)."""
    apart = traits - traits.mean(axis=0)
    scale = apart.std(axis=0)
    columns = np.column_stack([np.ones(len(counts)), apart[:, scale > 0] / scale[scale > 0]])
    fitted = negbin.fit(columns, counts, buildings * years)
    k = max(fitted.k, SPREAD)
    shape, rate = 1 / k + counts, 1 / (k * fitted.mu) + 1
    low, high = (stats.gamma.ppf(q, shape, scale=1 / rate) / years for q in (0.025, 0.975))
    return Risk(shape / rate / years, low, high)


def plain(counts: Floats, years: float) -> Risk:
    """By its own count alone, with the exact interval of Poisson's law."""
    low = np.where(counts > 0, stats.chi2.ppf(0.025, 2 * np.maximum(counts, 1)) / 2, 0.0)
    return Risk(counts / years, low / years, stats.chi2.ppf(0.975, 2 * (counts + 1)) / 2 / years)


@dataclass(frozen=True, slots=True)
class Examined:
    """test: the model beside the plain count, None where no year has enough before it. foreseen, seen: fires of the judged
    years by the model, and as they came.
    """

    test: BackTest | None
    foreseen: float
    seen: int

    @property
    def chosen(self) -> str:
        """The model where it beat the count beyond chance, else the count."""
        return self.test.chosen if self.test is not None else COUNT


def examine(
    fires: Ints,
    buildings: Floats,
    traits: Floats,
    share: float,
    *,
    least: int = 2,
    draws: int = 500,
    seed: int = 1,
) -> Examined:
    """Rank areas by the years before each year, judge by that year. fires: (areas, years); share: of the areas that are
    watched; least: years that must stand before the first that is judged.
    """
    areas, years = fires.shape
    area, year = np.nonzero(fires)
    times = fires[area, year]
    over = Grid(np.repeat(area, times), (1, areas), (0.0, 0.0), 1.0, np.ones(areas, np.bool_))
    when = np.repeat(year, times).astype(np.float64)
    judged: Sequence[int] = [
        t for t in range(least, years) if fires[:, :t].sum() >= FEWEST and fires[:, t].sum() > 0
    ]
    if not judged:
        return Examined(None, 0.0, 0)

    def model(_: Grid, ages: Floats) -> Floats:
        return drawn(
            counted(over, ages), 1.0, buildings, traits
        ).yearly  # so many years alike: the order is the same

    cuts = [float(t) for t in judged]
    test = back_test(
        over,
        when,
        cuts,
        share,
        rankings={COUNT: counted, MODEL: model},
        baseline=COUNT,
        draws=draws,
        seed=seed,
    )
    foreseen = sum(
        float(drawn(fires[:, :t].sum(axis=1).astype(np.float64), float(t), buildings, traits).yearly.sum())
        for t in judged
    )
    return Examined(test, foreseen, int(fires[:, judged].sum()))
