"""How well a table hides its people, and what it is still worth, in one pass over its rows.

Sources: the papers named in `models`; F. Dankar and K. El Emam, PAIS 2010 (prosecutor, journalist, marketer);
R. Bayardo and R. Agrawal, ICDE 2005 (DM); K. LeFevre et al., ICDE 2006 (average class size over k).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from parvis.methods.anonymity.grouping import Codes, Integers, equal_rows
from parvis.methods.anonymity.models import BLOCK, Diversity, closeness, diversity

Reals = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Risk:
    """What an attacker may hope for, as probabilities. Without a population table the population is the table
    itself, over its sampling share.
    """

    prosecutor: float
    """Finding a person who is known to be in the table, at worst: 1 / smallest class."""
    journalist: float
    """Finding some person of the population, at worst: 1 / smallest class of the population."""
    marketer: float
    """Share of people who are found when every record is matched by chance within its class."""
    uniques: int
    """People who are alone with their values."""


@dataclass(frozen=True, slots=True)
class Measures:
    """A table of N rows in classes of equal quasi-identifiers. l and t are None without a sensitive column;
    of several the worst counts.
    """

    rows: int
    classes: int
    k: int
    """Smallest class, in persons when they were given, else in rows."""
    l: int | None  # noqa: E741
    """Fewest distinct sensitive values of a class."""
    entropy_l: float | None
    """exp of the smallest entropy of a class."""
    recursive_l: int | None
    """Largest l for which every class is recursively (c, l)-diverse."""
    t: float | None
    """Largest distance of a class from the whole table."""
    rows_disclosed: int
    """Rows in classes that have one sensitive value only: to know the class is to know it."""
    risk: Risk
    discernibility: int
    """Sum of squared class sizes, and N for each row that was left out."""
    average_class: float
    """Mean rows of a class, over k when k > 0 was asked for."""


def measure(
    columns: Sequence[Codes],
    *,
    sensitive: Sequence[Codes] = (),
    persons: Integers | None = None,
    ordered: Sequence[bool] = (),
    c: float = 3.0,
    sampling: float = 1.0,
    population: Integers | None = None,
    left_out: int = 0,
    asked_k: int = 0,
    wholes: Sequence[Codes] = (),
) -> Measures:
    """Measure a table. columns: codes of its quasi-identifiers, each shape (N,), N > 0; missing is a value. ordered: for each sensitive column, whether t
    counts steps. sampling: share of the population that the table holds. population: for each row, how many people of the population share its class.
    left_out: rows that were suppressed before; wholes: for each sensitive column the codes of all rows, those included, against which t is. Raises ValueError
    without a row.

    >>> m = measure([np.array([0, 0, 1, 1, 1], np.int32)], sensitive=[np.array([0, 1, 0, 0, 0], np.int32)])
    >>> (m.k, m.l, round(m.t or 0, 3), m.rows_disclosed, m.risk.prosecutor, m.risk.marketer, m.discernibility)
    (2, 1, 0.3, 3, 0.5, 0.4, 13)
    """
    rows = len(columns[0]) if columns else 0
    if not rows:
        raise ValueError("a table without a row has no measure")
    grouping = equal_rows(columns)
    sizes = np.bincount(grouping.ids, minlength=grouping.count)
    people = sizes
    if persons is not None:
        span = int(persons.max(initial=0)) + 1
        people = np.bincount(np.unique(grouping.ids * span + persons) // span, minlength=grouping.count)
    held = people / sampling if population is None else population[grouping.one].astype(np.float64)
    total = int(people.sum())
    risk = Risk(
        1 / int(people.min()),
        float(1 / max(held.min(), 1.0)),
        float(max(grouping.count / held.sum(), (people / held).sum() / total))
        if population is not None
        else grouping.count / total * min(sampling, 1.0),
        int((people == 1).sum()),
    )
    columns_measured = zip(
        sensitive, [*ordered, *[False] * len(sensitive)], wholes or sensitive, strict=False
    )
    recoded = [
        _sensitive(grouping.ids, grouping.count, s, order, c, every) for s, order, every in columns_measured
    ]
    squares = int((sizes.astype(np.float64) ** 2).sum())
    return Measures(
        rows,
        grouping.count,
        int(people.min()),
        min((int(s[0]) for s in recoded), default=None),
        min((s[1] for s in recoded), default=None),
        min((int(s[2]) for s in recoded), default=None),
        max((s[3] for s in recoded), default=None),
        max((s[4] for s in recoded), default=0),
        risk,
        squares + (rows + left_out) * left_out,
        rows / grouping.count / max(asked_k, 1),
    )


def _sensitive(
    ids: Integers, count: int, values: Codes, ordered: bool, c: float, every: Codes
) -> tuple[float, float, float, float, int]:
    """Smallest distinct, entropy and recursive l, largest t, and rows in classes of one value."""
    width = int(max(values.max(initial=0), every.max(initial=0))) + 1
    whole = np.bincount(every, minlength=width)
    order = np.argsort(ids, kind="stable")
    starts = np.searchsorted(ids[order], np.arange(count + 1))
    figures: list[tuple[float, float, float, float, int]] = []
    step = max(1, BLOCK // width)
    for first in range(0, count, step):
        last = min(first + step, count)
        inside = order[starts[first] : starts[last]] if count > step else order
        shares = np.bincount(
            (ids[inside] - first) * width + values[inside], minlength=(last - first) * width
        ).reshape(last - first, width)
        kinds: tuple[Diversity, ...] = ("distinct", "entropy", "recursive")
        distinct, entropy, recursive = (diversity(shares, kind, c) for kind in kinds)
        t = closeness(shares, whole, ordered=ordered)
        figures.append(
            (
                distinct.min(),
                entropy.min(),
                recursive.min(),
                t.max(),
                int(shares.sum(axis=1)[distinct == 1].sum()),
            )
        )
    by = list(zip(*figures, strict=True))
    return float(min(by[0])), float(min(by[1])), float(min(by[2])), float(max(by[3])), int(sum(by[4]))


def correlations(columns: Reals) -> Reals:
    """Pearson correlations of columns, shape (d, n) to (d, d); pairs are those without NaN; 0 where a column
    does not vary.
    """
    d = len(columns)
    matrix = np.eye(d)
    for i in range(d):
        for j in range(i):
            both = ~(np.isnan(columns[i]) | np.isnan(columns[j]))
            x, y = columns[i][both], columns[j][both]
            if len(x) > 1 and x.std() > 0 and y.std() > 0:
                matrix[i, j] = matrix[j, i] = float(
                    np.mean((x - x.mean()) * (y - y.mean())) / (x.std() * y.std())
                )
    return matrix
