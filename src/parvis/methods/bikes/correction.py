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
    score = np.where(law > 0, score, -np.inf)
    score -= score.max(1, keepdims=True)
    tilt = np.exp(score)
    return tilt / tilt.sum(1, keepdims=True)


def fitted(
    law: Floats, bases: Sequence[Floats], context: Floats, happened: Ints, ridge: float = RIDGE
) -> Floats:
    """The weights, shape (b, c), under which what happened was likeliest. happened: counts, shape (m,), each
    possible under its law.
    """
    rows = np.arange(len(happened))
    b, c = len(bases), context.shape[1]
    weights = np.zeros((b, c))
    got = np.stack([basis[rows, happened] for basis in bases])
    pairs = [(i, j) for i in range(b) for j in range(i, b)]
    squares = (context[:, :, None] * context[:, None, :]).reshape(
        len(rows), c * c
    )  # one large product a step: small ones keep the threads of BLAS spinning

    def judged(weights: Floats) -> tuple[Floats, float]:
        tilt = tilted(law, bases, context, weights)
        return tilt, float(
            np.log(np.maximum(tilt[rows, happened], _TINY)).sum() - 0.5 * ridge * (weights**2).sum()
        )

    tilt, value = judged(weights)
    for _ in range(_STEPS):
        mean = np.stack([(tilt * basis).sum(1) for basis in bases])
        slope = (np.einsum("bm,mc->bc", got - mean, context) - ridge * weights).ravel()
        spreads = [(tilt * bases[i] * bases[j]).sum(1) - mean[i] * mean[j] for i, j in pairs]
        bend = np.empty((b, c, b, c))
        for (i, j), flat in zip(pairs, np.stack(spreads) @ squares, strict=True):
            bend[i, :, j, :] = bend[j, :, i, :] = flat.reshape(c, c)
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
