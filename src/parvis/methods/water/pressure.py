"""Leaks by pressure without a network model: how far the sensors of a night stand from what they are together, and which of them
falls more than the others explain.

A clean window tells how sensors move together; what they do not move by is whitened, and its length is Hotelling's T². The place
is coarse: the sensor that stands lowest, given all others. Sources: Hotelling 1931; SICAMS (arXiv 2512.15685).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import f as fisher

Array = NDArray[np.float64]

RISK = 0.0001
"""Chance that nights without a leak pass the limit."""

LASTING = 5
"""Nights whose mean is held against the normal: a leak of one night is demand."""


@dataclass(frozen=True, slots=True)
class Normal:
    """How sensors move together. mean: metres, shape (k,); precision: inverse covariance, shape (k, k); nights: learnt from."""

    mean: Array
    precision: Array
    nights: int

    @property
    def limit(self) -> float:
        """What T² of a mean of nights passes without a leak with the chance `RISK`."""
        n, k = self.nights, len(self.mean)
        return float(k * (n - 1) / (n - k) * fisher.ppf(1 - RISK, k, n - k))


def learn(pressures: Array) -> Normal:
    """From nights without a new leak. pressures: metres, shape (nights, sensors); a night with a silent sensor is left out.

    Raises ValueError where fewer nights than three times the sensors are known.
    """
    known = pressures[np.isfinite(pressures).all(axis=1)]
    n, k = known.shape
    if n < 3 * k:
        raise ValueError(f"{n} nights for {k} sensors")
    mean = known.mean(axis=0)
    cov = np.cov(known, rowvar=False).reshape(k, k)
    floor = 1e-6 * float(np.trace(cov)) / k  # two sensors on one pipe say the same
    return Normal(mean, np.linalg.inv(cov + floor * np.eye(k)), n)


def t2(normal: Normal, pressures: Array) -> Array:
    """Hotelling's T² of each night; NaN where a sensor is silent. pressures: shape (nights, sensors)."""
    off = pressures - normal.mean
    return np.einsum("ij,jk,ik->i", off, normal.precision, off)


@dataclass(frozen=True, slots=True)
class Fall:
    """A leak that pressures tell. since, seen: nights (index). near: sensors (index), the most likely first, with the share of
    the fall that is theirs.
    """

    since: int
    seen: int
    near: tuple[tuple[int, float], ...]


def falls(normal: Normal, pressures: Array) -> Fall | None:
    """The first nights whose mean is beyond the limit, and where it is felt most; None where there are none."""
    nights = np.flatnonzero(np.isfinite(pressures).all(axis=1))
    off = pressures - normal.mean
    scale = 1 / LASTING + 1 / normal.nights
    limit = normal.limit
    for last in range(LASTING, len(nights) + 1):
        window = nights[last - LASTING : last]
        mean = off[window].mean(axis=0)
        towards = normal.precision @ mean
        if float(mean @ towards) / scale <= limit:
            continue
        low = np.maximum(0.0, -towards / np.sqrt(np.diag(normal.precision)))
        total = float(low.sum())
        if total <= 0.0:
            continue  # all rose: no leak does that
        begun = off[window] @ towards >= 0.5 * float(mean @ towards)
        order = np.argsort(-low, kind="stable")
        near = tuple((int(i), float(low[i]) / total) for i in order if low[i] > 0)
        return Fall(int(window[int(np.argmax(begun))]), int(window[-1]), near)
    return None


@dataclass(frozen=True, slots=True)
class Placed:
    """One more sensor. place: column; gain: share of the leaks that it shows and none before it did; seen: share shown by all up to
    it.
    """

    place: int
    gain: float
    seen: float


def next_sensors(
    falls_at: Array, visible: float, count: int, have: Sequence[int] = (), weights: Array | None = None
) -> tuple[Placed, ...]:
    """Where more sensors show most leaks that none shows yet: greedy, which for such coverage is never worse than 63 % of the best
    choice (Nemhauser, Wolsey and Fisher 1978).

    falls_at: metres that a place falls by for each leak, shape (leaks, places); visible: metres that a sensor tells; have: columns
    that bear one; weights: of the leaks, by length of pipe or what it loses. Stops where nothing more is gained.
    """
    shows: NDArray[np.bool_] = np.greater_equal(np.abs(falls_at), visible)
    weight = np.ones(len(shows)) if weights is None else np.asarray(weights, dtype=np.float64)
    whole = float(weight.sum())
    seen: NDArray[np.bool_] = (
        np.any(shows[:, list(have)], axis=1) if len(have) else np.zeros(len(shows), dtype=np.bool_)
    )
    placed: list[Placed] = []
    for _ in range(count):
        gains = np.asarray(weight[~seen] @ shows[~seen], dtype=np.float64)
        best = int(np.argmax(gains))
        if whole <= 0 or gains[best] <= 0:
            break
        seen = seen | shows[:, best]
        placed.append(Placed(best, float(gains[best]) / whole, float(weight[seen].sum()) / whole))
    return tuple(placed)
