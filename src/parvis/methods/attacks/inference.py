"""Inference: someone who knows some columns of a person takes the secret from the most alike row of the
release.

A number is guessed right within 5 % of the guess. The peer anonymeter 1.1.0 divides by the guess itself, so
that a negative guess is always right; here by its size.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from parvis.methods.attacks.nearest import nearest
from parvis.methods.attacks.rates import Outcome
from parvis.methods.attacks.records import Codes, Column, Floats, Mask, Numbers, people, rows

TOLERANCE = 0.05
"""Part of a guessed number within which it is right."""


def inference(known: Sequence[Column], secret: Column, *, attempts: int = 500, seed: int = 0) -> Outcome:
    """Attack `attempts` people, or all. known, secret: columns of the same people and the same release.

    A guess is the secret of a row drawn at random. With a control the same attack is tried on people who are
    not in the data.
    """
    columns = tuple(known)
    rng = np.random.default_rng(seed)
    who = rng.choice(people(columns), min(people(columns), attempts), replace=False)
    tried = len(who)
    successes = _right(secret, who, _nearest(columns, who, rng, control=False), control=False)
    guessed = _right(secret, who, rng.integers(0, rows(columns), tried), control=False)
    if not people(columns, control=True):
        return Outcome(tried, int(successes.sum()), int(guessed.sum()), predicates=tried)
    others = rng.choice(
        people(columns, control=True), min(people(columns, control=True), attempts), replace=False
    )
    controlled = _right(secret, others, _nearest(columns, others, rng, control=True), control=True)
    return Outcome(tried, int(successes.sum()), int(guessed.sum()), int(controlled.sum()), len(others), tried)


def _nearest(columns: tuple[Column, ...], who: Codes, rng: np.random.Generator, *, control: bool) -> Codes:
    return nearest([c.people(who, control=control) for c in columns], 1, int(rng.integers(2**32)))[:, 0]


def _right(secret: Column, who: Codes, row: Codes, *, control: bool) -> Mask:
    """Whether what the rows say is the secret of these people."""
    if isinstance(secret, Numbers):
        truth = (secret.control if control else secret.original)[who]
        return close(secret.low[row], secret.high[row], truth)
    truth, label = (secret.control if control else secret.original)[who], secret.release[row]
    right = (truth < 0) & (label < 0)
    there = np.flatnonzero((truth >= 0) & (label >= 0))
    covered = secret.covers[label[there]]
    right[there] = covered[np.arange(len(there)), truth[there]] & (covered.sum(axis=1) == 1)
    return right


def close(low: Floats, high: Floats, truth: Floats) -> Mask:
    """Whether the middle of a range is within 5 % of the truth, or both are missing. All of shape (k,).

    >>> close(np.array([-10.0, 100.0, np.nan]), np.array([-10.0, 100.0, np.nan]), np.array([500.0, 104.0, np.nan])).tolist()
    [False, True, True]
    """
    with np.errstate(invalid="ignore"):  # no end on either side: no guess
        guess = (low + high) / 2
        near = np.abs(guess - truth) <= TOLERANCE * np.abs(guess) + 1e-12
    return near | (np.isnan(guess) & np.isnan(truth))
