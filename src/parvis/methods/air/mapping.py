"""Between the stations: ordinary kriging of the logarithm, whose doubt is stretched until it covers what it
says.

How far two places are alike (range, nugget) is not read off a variogram by eye: it is chosen as what predicts
best each station from the others over the last days, all such predictions of a day coming out of one inverse
(Dubrule, Mathematical Geology 15, 1983, 687-699). The same predictions tell by how much the kriging
deviation, known to be too small (a fitted variogram is taken for the true one), must be stretched.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parvis.methods.air.days import Array

FLOOR = 1.0
RANGES_KM = (25.0, 50.0, 100.0, 200.0, 400.0, 800.0)
NUGGETS = (0.05, 0.1, 0.2, 0.35, 0.5, 0.7)
"""Share of the variance that is of the place alone."""

Z = {0.8: 1.2815515655, 0.9: 1.6448536270, 0.95: 1.9599639845}
"""Two-sided normal quantiles."""

LEAST_STATIONS = 4
LEAST_ERRORS = 30
"""Predictions from the others without which the doubt can't be stretched with any trust: it is then stretched
by `BLIND`.
"""

BLIND = 1.5


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two places are: exp(-distance / range), but for a share that is of the place alone. stretch:
    of the deviation; checked: on how many.
    """

    range_km: float
    nugget: float
    stretch: float
    checked: int
    rmse: float
    """Of each station told by the others, in the unit of the values."""


@dataclass(frozen=True, slots=True)
class Field:
    """Values at k places: middle, and an interval that holds the true one with probability `level`."""

    middle: Array
    low: Array
    high: Array
    level: float


def learn(x_km: Array, y_km: Array, days: Array, *, level: float = 0.9) -> Likeness:
    """Choose the likeness from past days. x_km, y_km: places of n stations in a plane. days: shape (d, n),
    the values, NaN where missing; never the day that is to be judged. Days with fewer than `LEAST_STATIONS`
    are passed. Raises ValueError when none is left.
    """
    apart = _apart(x_km, y_km, x_km, y_km)
    heard, which = np.unique(np.isfinite(days), axis=0, return_inverse=True)
    # Days on which the same stations spoke have one inverse.
    used = [
        (apart[np.ix_(h, h)], days[which == i][:, h])
        for i, h in enumerate(heard)
        if h.sum() >= LEAST_STATIONS
    ]
    if not used:
        raise ValueError(f"no day with {LEAST_STATIONS} stations")
    best: tuple[float, float, float, Array, Array] | None = None
    for reach in RANGES_KM:
        for nugget in NUGGETS:
            parts = [_left_out(between, _log(values), reach, nugget) for between, values in used]
            error, z = (np.concatenate([a.ravel() for a in p]) for p in zip(*parts, strict=True))
            loss = float((error**2).mean())
            if best is None or loss < best[0]:
                best = loss, reach, nugget, error, z
    assert best is not None
    _, reach, nugget, error, z = best
    truth = np.concatenate([values.ravel() for _, values in used])
    predicted = np.exp(np.clip(_log(truth) - error, -5.0, 9.0))
    stretch = _quantile(np.abs(z), level) / Z[level] if len(z) >= LEAST_ERRORS else BLIND
    return Likeness(reach, nugget, stretch, len(z), float(np.sqrt(((predicted - truth) ** 2).mean())))


def krige(
    x_km: Array,
    y_km: Array,
    values: Array,
    at_x: Array,
    at_y: Array,
    likeness: Likeness,
    *,
    level: float = 0.9,
) -> Field:
    """Values at other places, shape (k,), from n stations (NaN: left out). Raises ValueError under
    `LEAST_STATIONS`.

    The middle is the median of what may be there; the deviation, in logarithms, makes the interval lopsided
    as concentrations are.
    """
    heard = np.isfinite(values)
    if heard.sum() < LEAST_STATIONS:
        raise ValueError(f"{int(heard.sum())} stations, {LEAST_STATIONS} are needed")
    x, y, log_values = x_km[heard], y_km[heard], _log(values[heard])
    n = len(log_values)
    system = _bordered(_like(_apart(x, y, x, y), likeness.range_km, likeness.nugget))
    inverse: Array = np.linalg.inv(system).astype(np.float64)
    sill = _sill(inverse, log_values)
    # The nugget is of the place: two places, however near, share none of it.
    right = np.ones((n + 1, len(at_x)))
    right[:n] = (1 - likeness.nugget) * np.exp(-_apart(x, y, at_x, at_y) / likeness.range_km)
    weights = inverse @ right
    middle = weights[:n].T @ log_values
    variance = np.maximum(0.0, 1.0 - (weights * right).sum(axis=0)) * sill
    half = Z[level] * likeness.stretch * np.sqrt(variance)
    return Field(np.exp(middle), np.exp(middle - half), np.exp(middle + half), level)


def leave_one_out(
    x_km: Array, y_km: Array, values: Array, likeness: Likeness, *, level: float = 0.9
) -> Field:
    """Each station told by the others of the same day, NaN where it is silent or too few speak: how the map
    is judged.
    """
    heard = np.isfinite(values)
    grids = [np.full(len(values), np.nan) for _ in range(3)]
    if heard.sum() >= LEAST_STATIONS + 1:
        log_values = _log(values[heard])
        apart = _apart(x_km[heard], y_km[heard], x_km[heard], y_km[heard])
        error, z = _left_out(apart, log_values, likeness.range_km, likeness.nugget)
        deviation = np.abs(error) / np.maximum(np.abs(z), 1e-12)
        half = Z[level] * likeness.stretch * deviation
        middle = log_values - error
        for into, these in zip(grids, (middle, middle - half, middle + half), strict=True):
            into[heard] = np.exp(np.clip(these, -5.0, 9.0))
    return Field(grids[0], grids[1], grids[2], level)


def by_distance(
    x_km: Array, y_km: Array, values: Array, at_x: Array, at_y: Array, *, power: float = 2.0
) -> Array:
    """Inverse distance weighting, the peer that maps without any doubt: shape (k,). A place on a station
    takes its value.
    """
    heard = np.isfinite(values)
    weights = 1.0 / np.maximum(_apart(x_km[heard], y_km[heard], at_x, at_y), 1e-9) ** power
    return (weights * values[heard][:, None]).sum(axis=0) / weights.sum(axis=0)


def plane(lon: Array, lat: Array, *, about: tuple[float, float]) -> tuple[Array, Array]:
    """Kilometres east and north of a point (lon, lat), all in degrees. Good to some thousandths over a region.

    >>> [round(v.item(), 1) for v in plane(np.array([5.0]), np.array([46.0]), about=(4.0, 45.0))]
    [77.9, 111.2]
    """
    east = np.radians(lon - about[0]) * np.cos(np.radians((lat + about[1]) / 2)) * 6371.0
    return east, np.radians(lat - about[1]) * 6371.0


def _left_out(apart: Array, log_values: Array, reach: float, nugget: float) -> tuple[Array, Array]:
    """Errors of each value told by the others, and the same in their own deviations. log_values: shape (n,), or
    (days, n); so are both.
    """
    n = log_values.shape[-1]
    inverse = np.linalg.inv(_bordered(_like(apart, reach, nugget)))[:n, :n]
    diagonal = np.diag(inverse)
    weighed = log_values @ inverse  # symmetric
    error = weighed / diagonal
    # The sill is estimated without the value that is left out, or it would know it.
    whole = (weighed * log_values).sum(axis=-1, keepdims=True)
    without = np.maximum(whole - diagonal * error**2, 1e-12) / max(n - 2, 1)
    return error, error / np.sqrt(without / diagonal)


def _sill(inverse: Array, log_values: Array) -> float:
    """Variance, by the generalised least squares that the inverse holds."""
    n = len(log_values)
    return max(float(log_values @ inverse[:n, :n] @ log_values) / max(n - 1, 1), 1e-12)


def _bordered(like: Array) -> Array:
    n = len(like)
    system = np.ones((n + 1, n + 1))
    system[:n, :n] = like
    system[n, n] = 0.0
    return system


def _like(apart: Array, reach: float, nugget: float) -> Array:
    like = (1 - nugget) * np.exp(-apart / reach)
    np.fill_diagonal(like, 1.0)
    return like


def _apart(x: Array, y: Array, to_x: Array, to_y: Array) -> Array:
    return np.hypot(x[:, None] - to_x[None, :], y[:, None] - to_y[None, :])


def _log(values: Array) -> Array:
    return np.log(np.maximum(values, FLOOR))


def _quantile(values: Array, level: float) -> float:
    """The rank of split conformal prediction: the ceil(level (n + 1))-th value."""
    rank = min(int(np.ceil(level * (len(values) + 1))), len(values)) - 1
    return float(np.sort(values)[rank])
