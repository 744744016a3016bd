"""A law made to agree with what happened: tilted by a few functions of the count, with weights that depend on
the context.

p(k) is proportional to p0(k) exp(sum over b and c of w[b, c] context[c] basis[b](k)). The weights maximise
the likelihood under a ridge: a concave problem, whose one answer Newton's steps find. Source: B. Efron and R.
Tibshirani, Ann. Statist. 24 (1996), 2431-2461 (densities tilted from a carrier).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from parvis.methods.bikes.history import Floats, Ints

RIDGE = 3.0
"""Precision of the prior on each weight, around 0."""

_BLOCK = 256
"""Rows whose moments are taken at once, so that they stay in the processor's cache."""

_TINY = 1e-30
_STEPS = 25
_ENOUGH = 1e-6
"""Newton stops when a step gains less log-likelihood than this a row."""


def tilted(law: Floats, bases: Sequence[Floats], context: Floats, weights: Floats) -> Floats:
    """The tilted law. law: (m, states); bases: b arrays (m, states); context: (m, c); weights: (b, c), or (m,
    b, c) when each row has its own.
    """
    strength = np.einsum("mc,bc->mb" if weights.ndim == 2 else "mc,mbc->mb", context, weights)
    score = np.log(np.maximum(law, _TINY))
    for number, basis in enumerate(bases):
        score += strength[:, number : number + 1] * basis
    return _normal(np.where(law > 0, score, -np.inf))


def _normal(score: Floats) -> Floats:
    """The law of these logarithms, in their place: each row adds up to 1."""
    score -= score.max(1, keepdims=True)
    np.exp(score, out=score)
    score /= score.sum(1, keepdims=True)
    return score


def _moments(law: Floats, basis: Floats) -> tuple[Floats, Floats]:
    """Means (m, b) and covariances (m, b, b) of the functions under each law. basis: (m, b, states)."""
    mean, spread = np.empty(basis.shape[:2]), np.empty((*basis.shape[:2], basis.shape[1]))
    for start in range(0, len(law), _BLOCK):
        part = slice(start, start + _BLOCK)
        weighed = law[part, None, :] * basis[part]
        mean[part] = weighed.sum(2)
        spread[part] = weighed @ basis[part].swapaxes(1, 2) - mean[part, :, None] * mean[part, None, :]
    return mean, spread


def fitted(
    law: Floats, bases: Sequence[Floats], context: Floats, happened: Ints, ridge: float = RIDGE
) -> Floats:
    """The weights, shape (b, c), under which what happened was likeliest. happened: counts, shape (m,), each
    possible under its law.
    """
    rows = np.arange(len(happened))
    b, c = len(bases), context.shape[1]
    weights = np.zeros((b, c))
    basis = np.stack(bases, 1)
    got = basis[rows, :, happened]
    carrier = np.where(law > 0, np.log(np.maximum(law, _TINY)), -np.inf)
    some, other = np.triu_indices(b)
    here, there = np.triu_indices(c)
    squares = context[:, here] * context[:, there]  # with them, one large product a step

    def judged(weights: Floats) -> tuple[Floats, float]:
        tilt = _normal(carrier + ((context @ weights.T)[:, None, :] @ basis)[:, 0])
        return tilt, float(
            np.log(np.maximum(tilt[rows, happened], _TINY)).sum() - 0.5 * ridge * (weights**2).sum()
        )

    tilt, value = judged(weights)
    for _ in range(_STEPS):
        mean, spread = _moments(tilt, basis)
        slope = ((got - mean).T @ context - ridge * weights).ravel()
        product = spread[:, some, other].T @ squares
        half = np.empty((len(some), c, c))
        half[:, here, there] = half[:, there, here] = product
        bend = np.empty((b, c, b, c))
        bend[some, :, other, :] = bend[other, :, some, :] = half
        step = np.linalg.solve(bend.reshape(b * c, b * c) + ridge * np.eye(b * c), slope).reshape(b, c)
        size = 1.0
        while True:
            after, better = judged(weights + size * step)
            if better >= value or size < 1e-3:
                break
            size /= 2
        if better <= value:
            break
        weights, tilt, gain, value = weights + size * step, after, better - value, better
        if gain < _ENOUGH * len(rows):
            break
    return weights
