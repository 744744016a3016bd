"""Counts by a log-linear model whose variance is a multiple of the mean (quasi-Poisson), many series and many
moments at once: every fit of a batch has its own rows, its own columns and stops when it has converged.

Source: P. McCullagh, J. Nelder, Generalized Linear Models (1989), 2.5 and 9; the rule of stopping is R's `glm`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

TOLERANCE = 1e-8
"""Relative change of the deviance at which a fit stops."""
STEPS = 25
FAR = 100.0
"""Logarithm of a mean from which on it is as good as none, or endless: its squares and ratios are still numbers."""


@dataclass(frozen=True, slots=True)
class Fits:
    """coef (fits, columns); mu (fits, rows), the fitted means; working (fits, rows), the weights of the last
    step; cov (fits, columns, columns), the inverse of the weighted products: times a dispersion, the
    covariance of coef; converged (fits,).
    """

    coef: Floats
    mu: Floats
    working: Floats
    cov: Floats
    converged: Bools


def fit(x: Floats, y: Floats, weights: Floats) -> Fits:
    """Fit a batch. x: (fits, rows, columns), of full rank where weights are positive; y, weights: (fits, rows);
    a row of weight 0 is not there.
    """
    count, rows, columns = x.shape
    mu, working = y + 0.1, np.zeros((count, rows))
    eta = np.log(mu)
    coef, cov = np.zeros((count, columns)), np.zeros((count, columns, columns))
    deviance = _deviance(y, mu, weights)
    converged = np.zeros(count, np.bool_)
    left = np.arange(count)
    for _ in range(STEPS):
        if not len(left):
            break
        at, w = x[left], weights[left] * mu[left]
        z = eta[left] + (y[left] - mu[left]) / mu[left]
        products = np.matmul((at * w[:, :, None]).transpose(0, 2, 1), at)
        right = np.matmul((at * w[:, :, None]).transpose(0, 2, 1), z[:, :, None])[:, :, 0]
        inverse = _inverse(products)
        estimate = np.matmul(inverse, right[:, :, None])[:, :, 0]
        eta[left] = np.clip(np.matmul(at, estimate[:, :, None])[:, :, 0], -FAR, FAR)
        mu[left] = np.exp(eta[left])
        coef[left], cov[left], working[left] = estimate, inverse, w
        now = _deviance(y[left], mu[left], weights[left])
        done = np.abs(now - deviance[left]) / (np.abs(now) + 0.1) < TOLERANCE
        deviance[left] = now
        converged[left[done]] = True
        left = left[~done]
    return Fits(coef, mu, working, cov, converged)


def _inverse(products: Floats) -> Floats:
    """Inverses of (fits, columns, columns). Where a few rows weigh so much more than the others that columns can't be
    told apart, the least change is taken.
    """
    try:
        return np.asarray(np.linalg.inv(products), np.float64)
    except np.linalg.LinAlgError:
        size = np.sqrt(np.maximum(np.einsum("fcc->fc", products), np.finfo(np.float64).tiny))
        scale = size[:, :, None] * size[:, None, :]
        return np.asarray(np.linalg.pinv(products / scale, rcond=1e-12, hermitian=True) / scale, np.float64)


def leverages(x: Floats, fits: Fits) -> Floats:
    """How much each row draws its own fit to it, (fits, rows), by the weights of the last step."""
    return np.einsum("frc,frc->fr", np.matmul(x, fits.cov), x) * fits.working


def dispersion(y: Floats, mu: Floats, weights: Floats, columns: npt.NDArray[np.int64]) -> Floats:
    """Pearson's: squared relative errors, weighed, over the degrees of freedom. columns: of each fit."""
    free = (weights > 0).sum(axis=1) - columns
    relative = np.divide(y - mu, mu, out=np.zeros_like(y), where=mu > 0)
    return (weights * relative**2).sum(axis=1) / np.maximum(free, 1)


def downweighted(
    y: Floats, fits: Fits, phi: Floats, leverage: Floats, real: Floats, threshold: float
) -> Floats:
    """Weights of a second fit, less for rows far above what the first says: outbreaks of the past must not hide
    those of today. phi: dispersion, (fits,). real: (fits, rows), 1 where a row is there. threshold: Anscombe's
    residual from which a row weighs less. Source: Farrington et al. (1996).
    """
    spread = np.sqrt(phi[:, None] * np.maximum(1e-12, 1 - leverage))
    residuals = 1.5 * (y ** (2 / 3) * fits.mu ** (-1 / 6) - np.sqrt(fits.mu)) / spread
    with np.errstate(divide="ignore"):
        weights = np.where(residuals > threshold, residuals**-2, 1.0) * real
    return weights * (real.sum(axis=1) / weights.sum(axis=1))[:, None]


def _deviance(y: Floats, mu: Floats, weights: Floats) -> Floats:
    ratio = np.divide(y, mu, out=np.ones_like(y), where=y > 0)
    return 2.0 * (weights * (y * np.log(ratio) - (y - mu))).sum(axis=1)
