"""Places with more accidents than alike places have: what a place hides behind chance, by empirical Bayes with exposure.

A safety performance function says how many accidents a place of such traffic and length has; the truth of a place is spread
around it by a gamma law, so that what was counted is negative binomial. A black spot is a place that in truth has more than
`times` what alike places have; those are listed whose mean probability of not being one is at most `fdr`.

Sources: E. Hauer, Observational Before-After Studies in Road Safety (1997), ch. 11 and 12; B. Efron et al., JASA 96 (2001)
for the false discovery rate of what is listed by posterior probabilities.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from parvis.methods.incidents import negbin

Floats = npt.NDArray[np.float64]

TIMES = 2.0
FDR = 0.05
SPREAD = 0.05
"""k at least: a town whose counts show no spread at all has been counted for too short a time to know."""


@dataclass(frozen=True, slots=True)
class Spots:
    """Of each place: expected by places alike; estimate, of empirical Bayes; low, high: its interval of 95 %; excess: estimate
    less expected; doubt: probability that it is no black spot. listed: the black spots. k: spread of the truths; exponent: of
    the traffic, nan where none is known.
    """

    expected: Floats
    estimate: Floats
    low: Floats
    high: Floats
    excess: Floats
    doubt: Floats
    listed: npt.NDArray[np.bool_]
    k: float
    exponent: float


def black_spots(
    counts: npt.ArrayLike,
    exposure: npt.ArrayLike,
    traffic: npt.ArrayLike | None = None,
    *,
    times: float = TIMES,
    fdr: float = FDR,
) -> Spots:
    """counts: accidents (places,). exposure: what they are proportional to (years, times metres), positive. traffic: vehicles
    a day, positive, whose power is estimated; None where nobody counted it.
    """
    y, given = np.asarray(counts, np.float64), np.asarray(exposure, np.float64)
    columns = [np.ones(len(y))]
    if traffic is not None and float(np.ptp(np.log(np.asarray(traffic, np.float64)))) > 0:
        columns.append(np.log(np.asarray(traffic, np.float64)))
    model = negbin.fit(np.column_stack(columns), y, given)
    k, mu = max(model.k, SPREAD), model.mu
    shape, rate = 1 / k + y, 1 / (k * mu) + 1
    doubt = stats.gamma.cdf(times * mu, shape, scale=1 / rate)
    order = np.argsort(doubt, kind="stable")
    held = np.flatnonzero(np.cumsum(doubt[order]) / np.arange(1, len(y) + 1) <= fdr)
    listed = np.zeros(len(y), np.bool_)
    listed[order[: held[-1] + 1 if len(held) else 0]] = True
    estimate = shape / rate
    low, high = (stats.gamma.ppf(q, shape, scale=1 / rate) for q in (0.025, 0.975))
    exponent = float(model.coef[1]) if len(columns) > 1 else float("nan")
    return Spots(mu, estimate, low, high, estimate - mu, doubt, listed, k, exponent)
