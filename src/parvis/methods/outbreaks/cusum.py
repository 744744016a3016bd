"""Cumulative sums of what counts are above the ordinary: small rises that last are seen where no single week
stands out.

`cusum_rossi` keeps to the textbook (counts made nearly normal, against their mean). `cusum_counts`, the
default of the house, adds up the evidence for a rise of counts that vary more than chance alone (negative
binomial) around a mean of each week: it knows seasons, and says how often it would cry wolf.

Sources: G. Rossi, L. Lampugnani, M. Marchi, An approximate CUSUM procedure for surveillance of health events,
Stat. Med. 18 (1999); M. Höhle, M. Paul, Count data regression charts for the monitoring of surveillance time
series, Comput. Stat. Data Anal. 52 (2008); R. Watkins et al., BMC Med. Inform. Decis. Mak. 8:37 (2008).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from parvis.core.late import late

if TYPE_CHECKING:
    from scipy.special import gammaln
else:
    gammaln = late("scipy.special", "gammaln")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sums:
    """sums: (periods,), what has been added up after each. alarms: where it reached the bar. bounds: the
    smallest count that would have rung.
    """

    sums: Floats
    alarms: npt.NDArray[np.bool_]
    bounds: Floats


def cusum_rossi(counts: npt.ArrayLike, mean: float, *, k: float = 1.04, h: float = 2.26) -> Sums:
    """Counts made nearly normal, added up beyond `k` standard deviations; an alarm from `h` on.

    counts: (periods,) watched. mean: of the counts before them, positive. The sum goes on after an alarm.
    """
    y = np.asarray(counts, np.float64)
    if not mean > 0:
        raise ValueError("the mean of the counts before is positive")
    scaled = (y - 3 * mean + 2 * np.sqrt(y * mean)) / (2 * np.sqrt(mean))
    sums = np.empty_like(y)
    total = 0.0
    bounds = np.empty_like(y)
    for t, x in enumerate(scaled):
        need = h + k - total  # x from which the bar is reached; sqrt(y) solves a quadratic
        bounds[t] = _untransformed(need, mean)
        total = max(0.0, total + float(x) - k)
        sums[t] = total
    return Sums(sums, sums >= h, bounds)


def _untransformed(x: float, mean: float) -> float:
    """The count whose nearly normal value is x."""
    root = -np.sqrt(mean) + np.sqrt(max(0.0, 4 * mean + 2 * x * np.sqrt(mean)))
    return float(max(0.0, root)) ** 2


def cusum_counts(
    counts: npt.ArrayLike, means: npt.ArrayLike, size: float, *, rise: float = 1.5, h: float = 4.0
) -> Sums:
    """Evidence added up that counts rose `rise` times above their means, negative binomial.

    counts, means: (periods,), means positive. size: of the negative binomial (variance = mean + mean²/size;
    infinite: Poisson). rise: ratio that is looked for, over 1. h: natural logarithm of the odds at which it
    rings. Between weeks the sum lies between 0 and h: what a large outbreak adds beyond h does not keep the alarm up
    once it is over.
    """
    y, mu = np.asarray(counts, np.float64), np.asarray(means, np.float64)
    if y.shape != mu.shape or not (mu > 0).all() or not size > 0 or not rise > 1:
        raise ValueError("a positive mean for each count, a positive size and a rise over one")
    gain, offset = evidence(mu, size, rise)
    sums, bounds = np.empty_like(y), np.empty_like(y)
    total = 0.0
    for t in range(len(y)):
        bounds[t] = max(0.0, (h - total + offset[t]) / gain[t])
        total = max(0.0, total + gain[t] * y[t] - offset[t])
        sums[t] = total
        total = min(total, h)
    return Sums(sums, sums >= h, bounds)


def evidence(means: Floats, size: float, rise: float) -> tuple[Floats, Floats]:
    """Log-likelihood ratio of a count y under `rise` times the mean: gain·y − offset, (gain, offset) by mean."""
    if np.isinf(size):
        return np.full_like(means, np.log(rise)), (rise - 1) * means
    raised = rise * means
    return np.log(rise) + np.log((size + means) / (size + raised)), size * np.log(
        (size + raised) / (size + means)
    )


def log_chance(counts: Floats, means: Floats, size: float) -> Floats:
    """Logarithm of the chance of counts, negative binomial around their means."""
    if np.isinf(size):
        return counts * np.log(means) - means - gammaln(counts + 1)
    return (
        gammaln(counts + size)
        - gammaln(size)
        - gammaln(counts + 1)
        + size * np.log(size / (size + means))
        + counts * np.log(means / (size + means))
    )
