"""What becomes of patrols that are sent where incidents were recorded, when patrols themselves record incidents.

Two kinds of incidents happen at the same rates: some are reported by those who suffer them, wherever patrols are; others
are known only where a patrol is. A rule that counts both sends patrols where patrols were: the share of the first place
grows without end. One that counts the reported alone cannot.

Sources: D. Ensign, S. Friedler, S. Neville, C. Scheidegger, S. Venkatasubramanian, Runaway Feedback Loops in Predictive
Policing, FAT* 2018; K. Lum, W. Isaac, To predict and serve?, Significance 13 (2016).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

DAYS = 1500
STABLE = 0.10
"""Share of the patrols by which a place may be off its share of the incidents, chance included."""


@dataclass(frozen=True, slots=True)
class Drift:
    """true (places,): shares of what happens. patrols (places,): shares of patrols in the last quarter. off: the largest
    difference between both.
    """

    true: Floats
    patrols: Floats

    @property
    def off(self) -> float:
        return float(np.abs(self.patrols - self.true).max())

    @property
    def stable(self) -> bool:
        return self.off <= STABLE


def drift(
    rates: npt.ArrayLike,
    *,
    counts: Literal["reported", "all"],
    days: int = DAYS,
    patrols: int = 10,
    met: float = 0.5,
    reported: float = 0.1,
    fade_days: float = 365.0,
    seed: int = 1,
) -> Drift:
    """rates: incidents a day of each place, of each kind. counts: which records send patrols. found: incidents of
    the second kind that a patrol on the spot records, over the rate. reported: probability that one of the first is reported.
    fade_days: after which a record weighs 1/e. Raises ValueError where nothing happens.
    """
    rate = np.asarray(rates, np.float64)
    if rate.ndim != 1 or len(rate) < 2 or (rate < 0).any() or not rate.sum() > 0:
        raise ValueError("two places at least, where something happens")
    rng = np.random.default_rng(seed)
    records = rate / rate.sum()  # what is known at the start is right
    sent = np.zeros((days, len(rate)))
    for day in range(days):
        sent[day] = rng.multinomial(patrols, records / records.sum())
        records = records * np.exp(-1 / fade_days) + rng.binomial(rng.poisson(rate), reported)
        if counts == "all":
            records = records + rng.poisson(rate * met * sent[day])
    late = sent[3 * days // 4 :].sum(axis=0)
    return Drift(rate / rate.sum(), late / late.sum())
