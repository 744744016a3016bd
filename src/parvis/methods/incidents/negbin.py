"""Counts whose variance grows with the mean as mean + k mean² (negative binomial), by a log-linear model with exposure.

Source: P. McCullagh, J. Nelder, Generalized Linear Models (1989); E. Hauer, Observational Before-After Studies in Road
Safety (1997) for the form and for k by maximum likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

Floats = npt.NDArray[np.float64]

STEPS = 50
TOLERANCE = 1e-10
FLATTEST = 1e-9
"""k below which the law is Poisson's."""
WIDEST = 20.0


@dataclass(frozen=True, slots=True)
class Fit:
    """coef (columns,), cov (columns, columns), mu (rows,) the fitted means, k, loglik without what no parameter changes."""

    coef: Floats
    cov: Floats
    mu: Floats
    k: float
    loglik: float


def loglik(y: Floats, mu: Floats, k: float) -> Floats:
    """Of rows along the last axis, without the terms of y alone."""
    safe = np.maximum(mu, 1e-300)
    if k <= FLATTEST:
        return (y * np.log(safe) - mu).sum(axis=-1)
    r = 1.0 / k
    return (
        special.gammaln(y + r) - special.gammaln(r) + r * np.log(r / (r + mu)) + y * np.log(safe / (r + mu))
    ).sum(axis=-1)


def means(x: Floats, y: Floats, offset: Floats, k: float) -> tuple[Floats, Floats, Floats]:
    """Fit many at once at a given k. x: (fits, rows, columns), y: (fits, rows), offset: (rows,) logarithm of the exposure.

    Returns coef (fits, columns), the inverse of the weighted products (fits, columns, columns), mu (fits, rows).
    """
    mu = y + 0.5 * y.mean(axis=1, keepdims=True) + 0.1
    eta = np.log(mu)
    coef = np.zeros((len(y), x.shape[2]))
    inverse = np.zeros((len(y), x.shape[2], x.shape[2]))
    before = np.full(len(y), np.inf)
    for _ in range(STEPS):
        weights = mu / (1.0 + k * mu)
        z = eta - offset + (y - mu) / mu
        turned = (x * weights[:, :, None]).transpose(0, 2, 1)
        inverse = np.linalg.inv(turned @ x)
        coef = (inverse @ (turned @ z[:, :, None]))[:, :, 0]
        eta = np.clip((x @ coef[:, :, None])[:, :, 0] + offset, -30.0, 30.0)
        mu = np.exp(eta)
        now = loglik(y, mu, k)
        if (np.abs(now - before) <= TOLERANCE * (1.0 + np.abs(now))).all():
            break
        before = now
    return coef, inverse, mu


def fit(x: npt.ArrayLike, y: npt.ArrayLike, exposure: npt.ArrayLike | None = None) -> Fit:
    """x: (rows, columns) with its column of ones, of full rank; y: counts (rows,); exposure: positive, (rows,).

    Raises ValueError where counts or exposure are none, or nothing was counted.
    """
    matrix, counts = np.asarray(x, np.float64), np.asarray(y, np.float64)
    given = np.ones(len(counts)) if exposure is None else np.asarray(exposure, np.float64)
    if counts.ndim != 1 or matrix.shape[:1] != counts.shape or given.shape != counts.shape:
        raise ValueError("a row of columns and an exposure a count")
    if (counts < 0).any() or not counts.sum() > 0 or not (given > 0).all():
        raise ValueError("counts are not negative, not nothing everywhere, and exposures are positive")
    offset = np.log(given)

    def worse(log_k: float) -> float:
        k = float(np.exp(log_k))
        _, _, mu = means(matrix[None], counts[None], offset, k)
        return -float(loglik(counts, mu[0], k))

    least = optimize.minimize_scalar(worse, bounds=(np.log(1e-6), np.log(WIDEST)), method="bounded")
    k = float(np.exp(least.x))
    k = 0.0 if worse(float(np.log(1e-12))) <= float(least.fun) else k
    coef, inverse, mu = means(matrix[None], counts[None], offset, k)
    return Fit(coef[0], inverse[0], mu[0], k, float(loglik(counts, mu[0], k)))
