"""Early aberration reporting: each count against the mean and the spread of the few before it, for series too
short or too young to have a season.

C1 looks at the seven counts just before, C2 leaves out the last two (an outbreak that begins must not raise its
own bar), C3 adds up what C2 has passed of late. Two forms of C3 are in use and differ: see `ears_c3`.

Sources: L. Hutwagner et al., The bioterrorism preparedness and response Early Aberration Reporting System, J.
Urban Health 80 (2003); M. Salmon et al., Monitoring Count Time Series in R, J. Stat. Softw. 70 (2016).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from parvis.core.late import late

if TYPE_CHECKING:
    from scipy import stats
else:
    stats = late("scipy.stats")

Floats = npt.NDArray[np.float64]
BASELINE = 7


def ears_c1(counts: npt.ArrayLike, *, baseline: int = BASELINE, alpha: float = 0.001) -> Floats:
    """Upper bounds of the counts: an alarm is a count above its bound.

    counts: (…, periods). alpha: chance that an ordinary count passes. Returns (…, periods); nan where fewer
    than `baseline` counts came before.
    """
    mean, sd = _baseline(np.asarray(counts, np.float64), baseline, 0)
    return mean + float(stats.norm.ppf(1 - alpha)) * sd


def ears_c2(counts: npt.ArrayLike, *, baseline: int = BASELINE, alpha: float = 0.001) -> Floats:
    """As `ears_c1`, of a baseline that ends two periods before."""
    mean, sd = _baseline(np.asarray(counts, np.float64), baseline, 2)
    return mean + float(stats.norm.ppf(1 - alpha)) * sd


def ears_c3(
    counts: npt.ArrayLike,
    *,
    baseline: int = BASELINE,
    alpha: float = 0.025,
    form: Literal["surveillance", "hutwagner"] = "surveillance",
) -> Floats:
    """Upper bounds by the sum of what the last C2 statistics were above one.

    form: "surveillance" as R's package counts, the two periods before the current one added to it; "hutwagner"
    as first described, the sum over three periods, the current one in it, against the quantile.
    """
    y = np.asarray(counts, np.float64)
    mean, sd = _baseline(y, baseline, 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.where(y == mean, 0.0, (y - mean) / sd)  # a baseline that never moved: any rise is endless
    over = np.maximum(0.0, score - 1.0)
    before = np.full_like(y, np.nan)
    before[..., 2:] = over[..., 1:-1] + over[..., :-2]
    spare = float(stats.norm.ppf(1 - alpha)) - before
    if form == "hutwagner":
        spare = 1.0 + np.maximum(0.0, spare)
    known = np.isfinite(mean) & ~np.isnan(before)
    return np.where(
        known, np.maximum(0.0, mean + np.multiply(sd, spare, out=np.zeros_like(sd), where=sd > 0)), np.nan
    )


def _baseline(y: Floats, baseline: int, gap: int) -> tuple[Floats, Floats]:
    """Mean and standard deviation (ddof 1) of the `baseline` counts that end `gap` periods before each."""
    if baseline < 2:
        raise ValueError("a baseline has two counts at least")
    mean, sd = np.full_like(y, np.nan), np.full_like(y, np.nan)
    first = baseline + gap
    if y.shape[-1] > first:
        seen = np.lib.stride_tricks.sliding_window_view(y, baseline, axis=-1)[..., : y.shape[-1] - first, :]
        mean[..., first:], sd[..., first:] = seen.mean(axis=-1), seen.std(axis=-1, ddof=1)
    return mean, sd
