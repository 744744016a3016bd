"""How good laws of counts were, once it is known what happened.

Sources: T. Gneiting and A. Raftery, JASA 102 (2007), 359-378 (CRPS, proper scores); C. Czado et al.,
Biometrics 65 (2009), 1254-1261 (PIT of counts).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parvis.methods.bikes.history import Flags, Floats, Ints


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over `rows` forecasts. crps, rmse, mae: in bikes; none, full: Brier scores of « nothing there »
    and « no room left »; pit: how far the transform is from uniform (Kolmogorov's distance); covered: part
    within the 80 % interval, its ends drawn by lot (see `pit`).
    """

    rows: int
    crps: float
    rmse: float
    mae: float
    none: float
    full: float
    pit: float
    covered: float


def crps(law: Floats, happened: Ints) -> Floats:
    """Continuous ranked probability score of each row: sum over k of (F(k) - 1{happened <= k})^2. law: (m, states). For a sure forecast it is the error.

    >>> crps(np.array([[0.5, 0.5, 0.0], [0.0, 0.0, 1.0]]), np.array([0, 0])).tolist()
    [0.25, 2.0]
    """
    return ((np.cumsum(law, 1) - (np.arange(law.shape[1]) >= happened[:, None])) ** 2).sum(1)


def pit(law: Floats, happened: Ints, lots: Floats) -> Floats:
    """Where what happened falls in its law, from 0 to 1: F(y - 1) + lot p(y). Uniform when laws are right.
    lots: uniform in [0, 1], shape (m,).
    """
    rows, within = np.arange(len(happened)), np.minimum(happened, law.shape[1] - 1)
    here = law[rows, within]
    return np.where(happened < law.shape[1], np.cumsum(law, 1)[rows, within] - here * (1 - lots), 1.0)


def uniformity(transform: Floats) -> float:
    """Largest gap between a sample and the uniform distribution."""
    at = np.sort(transform)
    steps = np.arange(len(at) + 1) / len(at)
    return float(max((at - steps[:-1]).max(), (steps[1:] - at).max()))


def mean(law: Floats) -> Floats:
    """Expected count of each row."""
    return np.einsum("ms,s->m", law, np.arange(law.shape[1]))


def quantile(law: Floats, level: float) -> Ints:
    """Smallest count whose cumulative probability reaches the level, of each row."""
    return np.minimum((np.cumsum(law, 1) < level - 1e-12).sum(1), law.shape[1] - 1)


def judged(law: Floats, happened: Ints, full: Floats, was_full: Flags, lots: Floats) -> Scores:
    """All scores of laws. full: the probability given to « no room left »; was_full: whether it came so."""
    transform = pit(law, happened, lots)
    return Scores(
        rows=len(happened),
        crps=float(crps(law, happened).mean()),
        rmse=float(np.sqrt(((mean(law) - happened) ** 2).mean())),
        mae=float(np.abs(quantile(law, 0.5) - happened).mean()),
        none=float(((law[:, 0] - (happened == 0)) ** 2).mean()),
        full=float(((full - was_full) ** 2).mean()),
        pit=uniformity(transform),
        covered=float(((transform >= 0.1) & (transform <= 0.9)).mean()),
    )


def persisted(count: Ints, happened: Ints, full: Flags, was_full: Flags) -> Scores:
    """The scores of saying that nothing will change. Its interval has no width: pit is 1 and covered the
    share of counts that did not move.
    """
    error = (count - happened).astype(np.float64)
    size = float(np.abs(error).mean())
    return Scores(
        rows=len(happened),
        crps=size,
        rmse=float(np.sqrt((error**2).mean())),
        mae=size,
        none=float(((count == 0) != (happened == 0)).mean()),
        full=float((full != was_full).mean()),
        pit=1.0,
        covered=float((error == 0).mean()),
    )


def band(law: Floats, level: float) -> tuple[Ints, Ints, Floats]:
    """The run of counts, grown from the likeliest by its likelier neighbour, whose probability is nearest the level: its ends and its probability.

    Counts are whole: at a quiet station the one likeliest count may hold 95 %, and then so does the band.
    >>> [v.tolist() for v in band(np.array([[0.1, 0.5, 0.3, 0.1]]), 0.8)]
    [[1], [2], [0.8]]
    """
    low, high, mass = _runs(law, level)
    rows, nearest = np.arange(len(law)), np.abs(mass - level).argmin(1)
    return low[rows, nearest], high[rows, nearest], mass[rows, nearest]


def even_level(law: Floats, happened: Ints, share: float) -> float:
    """The level for which bands hold what happened in that share of the rows.

    As some bands hold more than they should and none can hold less than the likeliest count, it lies under
    the share: little where counts move, more where most stand still. Never under `LEAST`: where most counts
    stand still, the bands of the few that move would pay for them.
    """
    low, high, mass = _runs(law, share + ROOM)
    inside, rows = (low <= happened[:, None]) & (happened[:, None] <= high), np.arange(len(law))
    least, most = LEAST, share + ROOM
    for _ in range(20):
        middle = (least + most) / 2
        held = inside[rows, np.abs(mass - middle).argmin(1)].mean()
        least, most = (least, middle) if held > share else (middle, most)
    return least


LEAST = 0.5
"""No band aims at less: what it says shall be likelier than not."""

ROOM = 0.1
"""A level may lie so much over the share of rows that its bands are to hold: laws that are too sure of
themselves.
"""


def _runs(law: Floats, level: float) -> tuple[Ints, Ints, Floats]:
    """The runs of each row one after the other, up to the first whose probability reaches the level in every
    row: shape (m, runs).
    """
    rows, last = np.arange(len(law)), law.shape[1] - 1
    low = law.argmax(1)
    high, mass = low, law[rows, low]
    lows, highs, masses = [low], [high], [mass]
    for _ in range(last):
        if (mass >= level).all():
            break
        left = np.where(low > 0, law[rows, np.maximum(low - 1, 0)], -1.0)
        right = np.where(high < last, law[rows, np.minimum(high + 1, last)], -1.0)
        rises = right >= left
        low, high = (
            np.where(rises, low, np.maximum(low - 1, 0)),
            np.where(rises, np.minimum(high + 1, last), high),
        )
        mass = mass + np.maximum(np.maximum(left, right), 0)
        lows.append(low)
        highs.append(high)
        masses.append(mass)
    return np.stack(lows, 1), np.stack(highs, 1), np.stack(masses, 1)
