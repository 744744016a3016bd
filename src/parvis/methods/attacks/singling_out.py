"""Singling out: someone reads the release for conditions that one row alone meets, and tries them on the
people themselves.

A condition is the value of a row in one column (univariate) or in three (multivariate): names are equal,
numbers at least or at most the row's, whichever is rarer. It succeeds when exactly one person meets it. Rows
and people that equal others on all columns are taken once. Conditions are sets of bits, so that trying a
thousand of them is a thousand ANDs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from parvis.methods.attacks.rates import Outcome
from parvis.methods.attacks.records import Codes, Column, Floats, Mask, Names, distinct, people, rows, stated

Bits = npt.NDArray[np.uint64]
Mode = Literal["univariate", "multivariate"]

TRIES = 100_000
"""Rows looked at for conditions, at most."""

WORK = 1 << 33
"""Bits looked at, at most, over all tries: large releases are tried less often."""

OFTEN = 20
"""Times that each possible condition is drawn, at most on average: a small table has few, and looking on
finds no more.
"""

BATCH = 1_000
SIZES = 10
"""Parts of the control, by which successes are brought to the size of the original."""


def singling_out(
    columns: Sequence[Column],
    mode: Mode,
    *,
    attempts: int = 200,
    together: int = 3,
    tries: int = TRIES,
    seed: int = 0,
) -> Outcome:
    """Attack with `attempts` conditions, or as many as are found; the rate is of `attempts` all the same: a
    release without any is what is wished for.

    columns: of people, release and, where there is one, control. together: columns of a multivariate
    condition. A control of another size than the original is corrected by how successes grow with size, n w
    (1 - w)^(n - 1): A. Cohen and K. Nissim, PNAS 117 (2020), 8344-8352.
    """
    rng = np.random.default_rng(seed)
    release = _Release.of(columns)
    width = min(together, len(columns)) if mode == "multivariate" else 1
    drawn = (
        _univariate(release, attempts, rng)
        if mode == "univariate"
        else _multivariate(release, width, attempts, tries, rng)
    )
    original = _People.of(columns, control=False)
    successes = int(np.count_nonzero(original.meeting(release, drawn) == 1))
    guessed = original.guesses(release, attempts, width, rng)
    if not people(tuple(columns), control=True):
        return Outcome(attempts, successes, guessed, predicates=len(drawn))
    control = _People.of(columns, control=True)
    met = control.meeting(release, drawn)
    hits = float(np.count_nonzero(met == 1))
    if hits and control.count != original.count:
        hits *= _growth(met, control.count, original.count)
    return Outcome(attempts, successes, guessed, min(hits, attempts), attempts, len(drawn))


Condition = tuple[tuple[int, int], ...]
"""(column, which of the distinct things the release says there), in order of columns; ~which: numbers equal
to it, not beyond it.
"""


@dataclass(frozen=True, slots=True)
class _Bounds:
    """A column of the release: its distinct values, which of them each row says, and for numbers the range
    and whether it is above the median.
    """

    codes: Codes
    many: int
    low: Floats
    high: Floats
    above: Mask
    missing: Mask


@dataclass(slots=True)
class _Release:
    """The distinct rows of a release. columns as given; bounds: one a column."""

    columns: tuple[Column, ...]
    bounds: tuple[_Bounds, ...]
    count: int
    cache: dict[tuple[int, int], Bits] = field(default_factory=dict[tuple[int, int], "Bits"])

    @classmethod
    def of(cls, columns: Sequence[Column]) -> _Release:
        every = [_bounds(c) for c in columns]
        first = (
            np.sort(distinct([s.codes for s in every])[1]) if rows(tuple(columns)) else np.zeros(0, np.int64)
        )
        return cls(tuple(columns), tuple(replace(s, codes=s.codes[first]) for s in every), len(first))

    def bits(self, column: int, which: int) -> Bits:
        """The rows that meet a condition on one column."""
        cached = self.cache.get((column, which))
        if cached is None:
            bounds = self.bounds[column]
            if which < 0 or bounds.missing[which] or isinstance(self.columns[column], Names):
                met = np.arange(bounds.many) == (~which if which < 0 else which)
            elif bounds.above[which]:
                met = bounds.low >= bounds.low[which]
            else:
                met = bounds.high <= bounds.high[which]
            cached = _packed(met[bounds.codes])
            if len(self.cache) * len(cached) < 1 << 24:
                self.cache[column, which] = cached
        return cached


@dataclass(slots=True)
class _People:
    """Distinct people. values: one array a column, numbers or codes."""

    values: tuple[npt.NDArray[np.float64] | Codes, ...]
    count: int

    @classmethod
    def of(cls, columns: Sequence[Column], *, control: bool) -> _People:
        every = [c.control if control else c.original for c in columns]
        coded = [np.unique(v, return_inverse=True)[1].reshape(-1) for v in every]
        first = np.sort(distinct(coded)[1]) if len(every[0]) else np.zeros(0, np.int64)
        return cls(tuple(v[first] for v in every), len(first))

    def meets(self, release: _Release, column: int, which: int) -> Mask:
        """Who meets a condition on one column."""
        bounds, values, kind = release.bounds[column], self.values[column], release.columns[column]
        if isinstance(kind, Names):
            codes = values.astype(np.int64)
            return (
                codes < 0
                if bounds.missing[which]
                else (kind.covers[which, codes] & (codes >= 0) if kind.covers.size else codes >= 0)
            )
        if which < 0:
            return np.asarray((values >= bounds.low[~which]) & (values <= bounds.high[~which]), np.bool_)
        if bounds.missing[which]:
            return np.isnan(values)
        return np.asarray(
            values >= bounds.low[which] if bounds.above[which] else values <= bounds.high[which], np.bool_
        )

    def meeting(self, release: _Release, conditions: Sequence[Condition]) -> Codes:
        """How many people meet each condition."""
        cache: dict[tuple[int, int], Bits] = {}

        def one(column: int, which: int) -> Bits:
            if (column, which) not in cache:
                cache[column, which] = _packed(self.meets(release, column, which))
            return cache[column, which]

        return _counted(_met(conditions, one, self.count))

    def guesses(self, release: _Release, attempts: int, width: int, rng: np.random.Generator) -> int:
        """Successes of conditions drawn at random: columns, values and comparisons."""
        present = [np.flatnonzero(np.bincount(s.codes, minlength=s.many)) for s in release.bounds]
        cache: dict[tuple[int, int, int], Bits] = {}
        hits = 0
        for _ in range(attempts):
            met: Bits | None = None
            for column in rng.choice(len(release.bounds), width, replace=False).tolist():
                which, kind = int(rng.choice(present[column])), int(rng.integers(6))
                single = (column, which, kind)
                if single not in cache:
                    cache[single] = _packed(self._compared(release, *single))
                met = cache[single] if met is None else met & cache[single]
            hits += int(met is not None and int(np.bitwise_count(met).sum()) == 1)
        return hits

    def _compared(self, release: _Release, column: int, which: int, kind: int) -> Mask:
        """Who compares so with what the release says: equal or not, and for numbers more, less, at least, at
        most.
        """
        bounds, values = release.bounds[column], self.values[column]
        if bounds.missing[which] or isinstance(release.columns[column], Names):
            equal = self.meets(release, column, which)
            there = values >= 0 if isinstance(release.columns[column], Names) else ~np.isnan(values)
            return equal if kind % 2 == 0 else ~equal & (there | bounds.missing[which])
        low, high = bounds.low[which], bounds.high[which]
        inside = (values >= low) & (values <= high)
        return (
            inside,
            ~inside & ~np.isnan(values),
            values > high,
            values < low,
            values >= low,
            values <= high,
        )[kind]


def _bounds(column: Column) -> _Bounds:
    if isinstance(column, Names):
        missing = len(column.covers)
        _, codes = stated(column)
        nothing = np.zeros(missing + 1)
        return _Bounds(
            codes, missing + 1, nothing, nothing, nothing.astype(bool), np.arange(missing + 1) == missing
        )
    values, codes = stated(column)
    missing = values[0] == np.inf
    middle = np.where(
        np.isinf(values).any(axis=0), np.nan, np.where(np.isinf(values), 0.0, values).sum(axis=0) / 2
    )
    known = middle[codes][~np.isnan(middle[codes])]
    median = float(np.median(known)) if len(known) else 0.0
    return _Bounds(
        codes, values.shape[1], values[0], np.where(missing, np.nan, values[1]), middle > median, missing
    )


def _univariate(release: _Release, attempts: int, rng: np.random.Generator) -> list[Condition]:
    """Values that occur once, the smallest, the largest and the one missing, in one order at random."""
    conditions: list[Condition] = []
    for column, stated_there in enumerate(release.bounds):
        once = np.flatnonzero(np.bincount(stated_there.codes, minlength=stated_there.many) == 1)
        missing = stated_there.missing[once]
        if isinstance(release.columns[column], Names):
            conditions += [((column, which),) for which in once.tolist()]
            continue
        conditions += [((column, which),) for which in once[missing].tolist()]
        conditions += [((column, ~which),) for which in once[~missing].tolist()]
        present = np.setdiff1d(stated_there.codes, np.flatnonzero(stated_there.missing))
        for which in present[[0, -1]].tolist() if len(present) else ():
            if int(_counted(release.bits(column, which)[None])[0]) == 1:
                conditions.append(((column, which),))
    order = rng.permutation(len(conditions))[:attempts]
    return [conditions[i] for i in order.tolist()]


def _multivariate(
    release: _Release, width: int, attempts: int, tries: int, rng: np.random.Generator
) -> list[Condition]:
    """Conditions of rows drawn at random, in columns drawn at random, that one row alone meets; each once."""
    conditions: dict[Condition, None] = {}
    offsets = np.cumsum([0, *(s.many for s in release.bounds[:-1])])
    batch = max(1, min(BATCH, (1 << 27) // max(1, release.count)))
    every = release.count * math.comb(
        len(release.bounds), width
    )  # conditions that there are: drawn so often, nearly all were
    left = min(tries, WORK // max(1, release.count * width), OFTEN * every)
    while left > 0 and len(conditions) < attempts and release.count:
        size = min(batch, left)
        left -= size
        drawn = rng.integers(0, release.count, size)
        columns = np.sort(np.argsort(rng.random((size, len(release.bounds))), axis=1)[:, :width], axis=1)
        which = np.stack([s.codes for s in release.bounds])[columns, drawn[:, None]]
        singles, place = np.unique(which + offsets[columns], return_inverse=True)
        owner = np.searchsorted(offsets, singles, side="right") - 1
        table = np.stack(
            [
                release.bits(c, w)
                for c, w in zip(owner.tolist(), (singles - offsets[owner]).tolist(), strict=True)
            ]
        )
        place = place.reshape(size, width)
        met = table[place[:, 0]]
        for other in place.T[1:]:
            met &= table[other]
        for i in np.flatnonzero(_counted(met) == 1).tolist():
            conditions.setdefault(tuple(zip(columns[i].tolist(), which[i].tolist(), strict=True)))
    return list(conditions)[:attempts]


# --- bits ---------------------------------------------------------------------------------------------------


def _packed(met: Mask) -> Bits:
    """Booleans as bits, padded with zeros to whole words."""
    padded = np.zeros(-(-len(met) // 64) * 64, bool)
    padded[: len(met)] = met
    return np.packbits(padded).view(np.uint64)


def _met(conditions: Sequence[Condition], bits: Callable[[int, int], Bits], count: int) -> Bits:
    """What meets each condition, shape (conditions, words): single conditions are looked up once, then ANDed."""
    if not conditions:
        return np.zeros((0, -(-count // 64)), np.uint64)
    singles = {single: i for i, single in enumerate(dict.fromkeys(s for c in conditions for s in c))}
    table = np.stack([bits(*single) for single in singles])
    places = np.array([[singles[s] for s in c] for c in conditions])
    met = table[places[:, 0]]
    for other in places.T[1:]:
        met &= table[other]
    return met


def _counted(bits: Bits) -> Codes:
    """Ones in each row."""
    return np.bitwise_count(bits).sum(axis=1, dtype=np.int64)


def _growth(met: Codes, control: int, original: int) -> float:
    """By how much successes on so many people of the control would change on as many as the original. met:
    people of the control that meet each condition.

    How many conditions single one out among fewer people follows from `met`; how that goes on with more is
    the model fitted to it.
    """
    parts = np.linspace(0.1, 1.0, SIZES)
    successes = (met * parts[:, None] * (1 - parts[:, None]) ** np.maximum(met - 1, 0)).sum(axis=1)
    weights = np.geomspace(1e-3 / control, 1.0, 600)
    shapes = _singled((parts * control)[:, None], weights[None, :])
    scale = (shapes * successes[:, None]).sum(axis=0) / np.maximum((shapes**2).sum(axis=0), 1e-300)
    best = int(np.argmin(((scale * shapes - successes[:, None]) ** 2).sum(axis=0)))
    ends = _singled(np.array([float(original), float(control)]), weights[best])
    return float(ends[0] / ends[1])


def _singled(size: Floats, most: Floats | float) -> Floats:
    """Integral of n w (1 - w)^(n - 1) over w up to `most`."""
    return np.asarray((1 - (size * most + 1) * (1 - most) ** size) / (size + 1), np.float64)
