"""The rows of a release most like each person: Gower's distance, over distinct rows, a block at a time.

Numbers count by how far they are, as a part of the column's span, from what the row says; names count 0 when
the row's label holds them, else 1; two missing values count 1, as one does (nothing speaks for their being
the same). Source: J. C. Gower, Biometrics 27 (1971), 857-871.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from parvis.methods.attacks.records import Codes, Column, Floats, Numbers, distinct, people, stated

BLOCK = 1 << 18
"""Distances computed at a time: they stay in the processor's cache."""

SHARE = 8
"""Columns are added up first where they have so many times fewer distinct combinations than there are
distinct rows.
"""

FINEST = 1e-6
"""Distances nearer than this are equal: sums in another order must not tell rows apart."""


def nearest(columns: Sequence[Column], count: int, seed: int) -> Codes:
    """The `count` nearest rows of the release to each person, in any order; ties are broken at random, anew
    for each person.

    Returns shape (people, count); count at most the rows of the release.
    """
    values = [stated(c) for c in columns]
    place, first = distinct([codes for _, codes in values])
    order = np.argsort(place, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(place, minlength=len(first)))])
    groups = _groups([codes[first] for _, codes in values])
    rng = np.random.default_rng(seed)
    person_count = people(tuple(columns))
    rows_nearest = np.empty((person_count, count), np.int64)
    step = max(1, BLOCK // max(1, len(first)))
    for start in range(0, person_count, step):
        some = np.arange(start, min(start + step, person_count))
        distances = np.zeros((len(some), len(first)), np.float32)
        for group in groups:
            apart = [
                _far(columns[m].people(some), values[m][0])[:, codes]
                for m, codes in zip(group.members, group.codes, strict=True)
            ]
            distances += np.sum(apart, axis=0)[:, group.of]
        for at, one in enumerate(distances, start):
            rows_nearest[at] = _first(one, order, starts, count, rng)
    return rows_nearest


@dataclass(frozen=True, slots=True)
class _Group:
    """Columns whose distances are added up before they are spread over the rows. codes: of each member, for
    each distinct combination; of: which of these each row has.
    """

    members: tuple[int, ...]
    codes: tuple[Codes, ...]
    of: Codes


def _groups(columns: Sequence[Codes]) -> list[_Group]:
    """Columns put together, those of fewest values first, while that leaves few combinations."""
    left = sorted(range(len(columns)), key=lambda i: int(columns[i].max(initial=0)))
    groups: list[_Group] = []
    while left:
        members = [left.pop(0)]
        place, first = distinct([columns[members[0]]])
        while left:
            wider, firsts = distinct([place, columns[left[0]]])
            if len(firsts) * SHARE > len(place):
                break
            members.append(left.pop(0))
            place, first = wider, firsts
        groups.append(_Group(tuple(members), tuple(columns[m][first] for m in members), place))
    return groups


def _first(
    distances: npt.NDArray[np.float32], order: Codes, starts: Codes, count: int, rng: np.random.Generator
) -> Codes:
    """Rows of the nearest distinct rows, `count` in all; of the last ones that are equally near, some at
    random.
    """
    limit = distances.min()
    near = np.flatnonzero(distances <= limit + FINEST)
    inside = np.zeros(0, np.int64)
    while True:
        rows = np.concatenate([order[starts[t] : starts[t + 1]] for t in near.tolist()])
        if len(inside) + len(rows) >= count:
            return np.concatenate([inside, rng.choice(rows, count - len(inside), replace=False)])
        inside = np.concatenate([inside, rows])
        beyond = distances > limit + FINEST
        limit = distances[beyond].min()
        near = np.flatnonzero(beyond & (distances <= limit + FINEST))


def _far(column: Column, values: Floats) -> npt.NDArray[np.float32]:
    """Distance of each person to each distinct value of the release in a column, shape (people, k)."""
    if isinstance(column, Numbers):
        who = column.original[:, None]
        with np.errstate(invalid="ignore"):  # an endless number beside an endless range
            outside = np.nan_to_num(
                np.maximum(np.maximum(values[0] - who, who - values[1]), 0) / column.span,
                nan=0.0,
                posinf=np.inf,
            )
        return np.where(np.isnan(who) | (values[0] == np.inf), 1.0, outside).astype(np.float32)
    who, there = column.original, column.original >= 0
    apart = np.ones((len(who), len(column.covers) + 1), np.float32)
    apart[there, :-1] -= column.covers[:, who[there]].T
    return apart
