"""The last weeks of a series, unusual or not, by the method that its past allows.

"season": each week against the same season of two to five years before (Farrington's flexible form). On the 42
scenarios of Bédubourg and Le Strat it finds more outbreaks with fewer false alarms than sums do, already with two
years of weeks (`python -m bench.detection`, decision 0076). "sums": where fewer years came before, or where small
rises that last are looked for, evidence is added up (`weekly_watch`). Both take the false alarms that are put up with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt

from parvis.methods.outbreaks.farrington import Settings, farrington_flexible
from parvis.methods.outbreaks.loglinear import Floats
from parvis.methods.outbreaks.weekly_watch import LEAST, LEFT_OUT, YEAR, watch

Method = Literal["season", "sums"]
YEARS = (2, 5)
"""Years before the first watched week without which no week is compared with its season, and beyond which none is used."""
_SEASON = Settings()
MOST = 0.5
"""Chance of a false alarm a week above which asking for alarms makes no sense."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Of the watched weeks, (weeks,): usual, the cases that are usual; bounds, the count above which a week is
    unusual (nan: too few cases lately for any alarm); alarms. method: that judged. learnt: weeks that it learnt from.
    """

    method: Method
    learnt: int
    usual: Floats
    bounds: Floats
    alarms: npt.NDArray[np.bool_]


def years_before(weeks: int, watched: int) -> int:
    """Whole years, with the margin of a window, before the watched weeks of a series, five at most."""
    return min(YEARS[1], int((weeks - watched - _SEASON.half_window - 1) / YEAR))


def judge(
    counts: npt.ArrayLike,
    watched: int,
    *,
    dates: Sequence[date] | None = None,
    method: Method = "season",
    rise: float = 2.0,
    alarms_a_year: float = 0.5,
    seed: int = 1,
) -> Judged | None:
    """Judge the last weeks of a series; None where less than a year came before.

    counts: (weeks,). watched: how many of the last weeks. dates: first day of each week (years are 52 weeks without).
    method: that is wanted; "sums" is taken where fewer than two years came before. rise, seed: of the sums (see
    `weekly_watch`). alarms_a_year: by chance alone that are put up with, of weeks one by one or of sums that begin.
    """
    y = np.asarray(counts, np.float64)
    years = years_before(len(y), watched)
    if method == "season" and years >= YEARS[0]:
        settings = Settings(years=years, alpha=min(MOST, alarms_a_year / YEAR))
        now = range(len(y) - watched, len(y))
        flexible = farrington_flexible(y, now, dates=dates, settings=settings)
        return Judged(
            "season", round(years * YEAR), flexible.expected[0], flexible.bound[0], flexible.alarms[0]
        )
    summed = watch(y, watched, rise=rise, alarms_a_year=alarms_a_year, seed=seed)
    if summed is None:
        return None
    return Judged("sums", len(y) - watched - LEFT_OUT, summed.usual, summed.bounds, summed.alarms)


def watchable(weeks: int, watched: int) -> int:
    """How many of the last weeks can be judged, at most as many as asked; 0 or less where less than a year came before."""
    return min(watched, weeks - LEFT_OUT - LEAST)
