"""Linkability: someone who finds a person's data in two files, some columns in each, links the two through
the release.

The link is found when both halves have a row of the release among their nearest in common.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from parvis.methods.attacks.nearest import nearest
from parvis.methods.attacks.rates import Outcome
from parvis.methods.attacks.records import Codes, Column, people, rows


def linkability(
    first: Sequence[Column],
    second: Sequence[Column],
    *,
    attempts: int = 500,
    neighbours: int = 1,
    seed: int = 0,
) -> Outcome:
    """Attack `attempts` people, or all. first, second: the columns of the two files, of the same people and
    the same release.

    With a control (people who are not in the data, known by the same columns) the same attack is tried on
    them.
    """
    one, two = tuple(first), tuple(second)
    rng = np.random.default_rng(seed)
    count = min(neighbours, rows(one))
    inside = _links(one, two, _drawn(people(one), attempts, rng), count, rng, control=False)
    tried = len(inside)
    guessed = _together(
        *(np.array([rng.choice(rows(one), count, replace=False) for _ in range(tried)]) for _ in range(2))
    )
    if not people(one, control=True):
        return Outcome(tried, int(inside.sum()), int(guessed.sum()), predicates=tried)
    outside = _links(one, two, _drawn(people(one, control=True), attempts, rng), count, rng, control=True)
    return Outcome(tried, int(inside.sum()), int(guessed.sum()), int(outside.sum()), len(outside), tried)


def _drawn(many: int, attempts: int, rng: np.random.Generator) -> Codes:
    return rng.choice(many, min(many, attempts), replace=False)


def _links(
    one: tuple[Column, ...],
    two: tuple[Column, ...],
    who: Codes,
    count: int,
    rng: np.random.Generator,
    *,
    control: bool,
) -> Codes:
    halves = [
        nearest([c.people(who, control=control) for c in half], count, int(rng.integers(2**32)))
        for half in (one, two)
    ]
    return _together(*halves)


def _together(first: Codes, second: Codes) -> Codes:
    """Whether the two sets of each row meet."""
    return (first[:, :, None] == second[:, None, :]).any(axis=(1, 2))
