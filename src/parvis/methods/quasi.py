"""Small sets of columns that single rows out, found by measuring all sets up to a size.

Rows are integer codes. They are compressed first to distinct tuples with weights: what stands twice is never
alone. A row that is alone under some columns is alone under more of them, so a class of one is not carried
further, and sets that already single nearly everybody out are not extended.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int64]

LEVELS = (0.01, 0.05, 0.2, 0.5, 0.8)
"""Shares of rows alone that are worth telling. A set is minimal when it passes one that no set within it
does; past the last one sets are not extended.
"""

WORK = 300_000_000
"""Tuples looked at in all, over all sets: about one second and a half."""

SET = 4_000
"""Tuples that take as long as what each set costs whatever its rows, some 20 µs: of a table of few rows and
many columns, there are millions.
"""

MERGING = 3
"""Columns left to add from which tuples are merged again before: a sort, which less would not pay for."""


@dataclass(frozen=True, slots=True)
class IdentifyingSet:
    """One set of columns. columns: their places, ascending; alone: rows that no other row equals on them;
    share: of all rows.
    """

    columns: tuple[int, ...]
    alone: int
    share: float


@dataclass(frozen=True, slots=True)
class Search:
    """minimal: the sets to show, smallest then strongest first. looked: sets measured; spared: not measured
    because a set within them says enough; skipped: not measured for want of work, by size. wide: columns that
    sets of each size were made of.
    """

    rows: int
    minimal: tuple[IdentifyingSet, ...]
    looked: int
    spared: int
    skipped: tuple[int, ...]
    wide: tuple[int, ...]


def compress(columns: Sequence[Codes]) -> tuple[list[Codes], Codes]:
    """Distinct tuples and how often each stands.

    columns: codes from 0, one array of shape (rows,) a column, at least one. Returns as many arrays of shape (tuples,), and the weights, shape (tuples,).
    >>> [t.tolist() for t in compress([np.array([1, 0, 1]), np.array([2, 2, 2])])[0]], compress([np.array([1, 0, 1])])[1].tolist()
    ([[0, 1], [2, 2]], [1, 2])
    """
    sizes = [int(c.max()) + 1 if len(c) else 1 for c in columns]
    if math.prod(sizes) < 2**62:
        key = np.zeros(len(columns[0]), np.int64)
        for column, size in zip(columns, sizes, strict=True):
            key = key * size + column
        key.sort()
        starts = np.flatnonzero(np.diff(key, prepend=-1))
        key, weights = key[starts], np.diff(starts, append=len(key))
        tuples: list[Codes] = []
        for size in reversed(sizes):
            key, code = np.divmod(key, size)
            tuples.append(code)
        return tuples[::-1], weights
    key, classes = np.zeros(len(columns[0]), np.int64), 1
    for column, size in zip(columns, sizes, strict=True):
        key, classes = _ranked(key * size + column, classes * size)
    _, first, weights = np.unique(key, return_index=True, return_counts=True)
    return [c[first] for c in columns], weights


def search(
    columns: Sequence[Codes],
    *,
    most: int = 4,
    levels: Sequence[float] = LEVELS,
    work: int = WORK,
    persons: Codes | None = None,
) -> Search:
    """Measure how many rows each set of at most `most` columns leaves alone, and name the minimal sets that
    pass a level.

    columns: codes from 0, shape (rows,) each; what is missing is a code like any other. work: bound on the
    tuples looked at; where it does not allow all sets of a size, those of the columns with most distinct
    values are measured and the others counted as skipped. The same input gives the same answer. persons: code
    of the person of each row, from 0 without gaps, where a person has several: then people are counted, not
    rows. A set singles a person out where some row of theirs equals no row of anybody else's; `alone` and
    `share` are of people, and `rows` is how many there are.
    """
    if persons is not None:
        return _by_person(columns, persons, most, levels, work)
    rows = len(columns[0]) if columns else 0
    live = [i for i, c in enumerate(columns) if rows and int(c.max()) > 0]
    # The columns of most values first: they leave most rows alone, so that little is carried into larger
    # sets.
    order = sorted(live, key=lambda i: (-int(columns[i].max()), i))
    if not order:
        return Search(rows, (), 0, 0, (0,) * most, (0,) * most)
    tuples, weights = compress([columns[i] for i in order])
    wide = _wide(len(order), len(weights), most, work)
    seen = _Seen(tuples, weights, rows, wide, max(levels))
    passing = [
        IdentifyingSet(tuple(sorted(order[i] for i in s)), n, n / rows)
        for s, n in seen.alone.items()
        if _crosses(s, seen.alone, rows, levels)
    ]
    skipped = tuple(math.comb(len(order), s) - math.comb(w, s) for s, w in enumerate(wide, 1))
    spared = sum(math.comb(w, s) for s, w in enumerate(wide, 1)) - len(seen.alone)
    minimal = tuple(sorted(passing, key=lambda f: (len(f.columns), -f.alone, f.columns)))
    return Search(rows, minimal, len(seen.alone), spared, skipped, wide)


def _by_person(
    columns: Sequence[Codes], persons: Codes, most: int, levels: Sequence[float], work: int
) -> Search:
    """The same by people: each set is measured on the distinct pairs of a tuple and a person."""
    people = int(persons.max(initial=-1)) + 1
    live = [i for i, c in enumerate(columns) if people and int(c.max()) > 0]
    order = sorted(live, key=lambda i: (-int(columns[i].max()), i))
    if not order:
        return Search(people, (), 0, 0, (0,) * most, (0,) * most)
    pairs, _ = compress([*(columns[i] for i in order), persons])
    tuples, whose = pairs[:-1], pairs[-1]
    wide = _wide(len(order), len(whose), most, work)
    alone: dict[tuple[int, ...], int] = {}
    spared = 0
    for size in range(1, most + 1):
        for columns_taken in combinations(range(wide[size - 1]), size):
            if any(alone.get(within, people) >= max(levels) * people for within in _within(columns_taken)):
                spared += 1
                continue
            key, domain = tuples[columns_taken[0]], int(tuples[columns_taken[0]].max()) + 1
            for place in columns_taken[1:]:
                key, domain = _ranked(
                    key * (int(tuples[place].max()) + 1) + tuples[place],
                    domain * (int(tuples[place].max()) + 1),
                )
            alone[columns_taken] = _people_alone(key, domain, whose, people)
    passing = [
        IdentifyingSet(tuple(sorted(order[i] for i in s)), n, n / people)
        for s, n in alone.items()
        if _crosses(s, alone, people, levels)
    ]
    skipped = tuple(math.comb(len(order), s) - math.comb(w, s) for s, w in enumerate(wide, 1))
    return Search(
        people,
        tuple(sorted(passing, key=lambda f: (len(f.columns), -f.alone, f.columns))),
        len(alone),
        spared,
        skipped,
        wide,
    )


def _people_alone(key: Codes, domain: int, whose: Codes, people: int) -> int:
    """People of whom some class is all theirs.

    >>> _people_alone(np.array([0, 0, 1, 1, 2]), 3, np.array([0, 0, 0, 1, 2]), 3)
    2
    """
    last = np.zeros(domain, np.int64)
    last[key] = whose
    shared = np.zeros(domain, bool)
    shared[key[whose != last[key]]] = True
    singled = np.zeros(people, bool)
    singled[whose[~shared[key]]] = True
    return int(np.count_nonzero(singled))


def _wide(columns: int, tuples: int, most: int, work: int) -> tuple[int, ...]:
    """Of how many columns sets of each size are made, so that all of them look at no more than `work` tuples,
    each at `SET` or more.
    """
    wide: list[int] = []
    left, last = work // max(SET, tuples), columns
    for size in range(1, most + 1):
        while last > size and math.comb(last, size) > left:
            last -= 1
        fits = last >= size and math.comb(last, size) <= left
        wide.append(last if fits else 0)
        left -= math.comb(last, size) if fits else left
    return tuple(wide)


class _Seen:
    """The walk over the sets: alone holds the rows left alone by each set that was measured (places in order,
    ascending).
    """

    def __init__(
        self, tuples: Sequence[Codes], weights: Codes, rows: int, wide: Sequence[int], top: float
    ) -> None:
        self.sizes = [int(t.max()) + 1 for t in tuples]
        self.wide = wide
        self.enough = top * rows
        self.alone: dict[tuple[int, ...], int] = {}
        heavy = np.flatnonzero(weights > 1)
        # A tuple that stands more than once is put in twice, and then counts are enough.
        self._extend(
            (),
            np.zeros(len(weights) + len(heavy), np.int64),
            1,
            [np.concatenate([t, t[heavy]]) for t in tuples],
            0,
        )

    def _extend(
        self, prefix: tuple[int, ...], classes: Codes, many: int, columns: Sequence[Codes], before: int
    ) -> None:
        """Measure the sets made of prefix and one more. classes: under prefix, in [0, many); columns: those
        behind prefix; before: rows alone already.
        """
        size, start = len(prefix) + 1, prefix[-1] + 1 if prefix else 0
        # From the last place down: each set comes after those within it.
        for place in range(self.wide[size - 1] - 1, start - 1, -1):
            columns_taken = (*prefix, place)
            if any(self.alone.get(within, self.enough) >= self.enough for within in _within(columns_taken)):
                continue
            key, domain = classes * self.sizes[place] + columns[place - start], many * self.sizes[place]
            end = self.wide[size] if size < len(self.wide) else 0
            if end <= place + 1:
                self.alone[columns_taken] = before + _ones(key, domain)
                continue
            key, domain = _ranked(key, domain)
            shared = np.bincount(key, minlength=domain)[key] > 1
            self.alone[columns_taken] = alone_rows = before + len(key) - int(np.count_nonzero(shared))
            if alone_rows < self.enough:
                behind = [c[shared] for c in columns[place + 1 - start : end - start]]
                child = (key[shared], domain, behind)
                self._extend(
                    columns_taken,
                    *(_merged(*child, self.sizes[place + 1 : end]) if place > start else child),
                    alone_rows,
                )


def _merged(
    classes: Codes, many: int, columns: Sequence[Codes], sizes: Sequence[int]
) -> tuple[Codes, int, Sequence[Codes]]:
    """Each (class, tuple) once, or twice where it stands more often: what the columns that are left out told
    apart is one again.
    """
    if len(columns) < MERGING or many * math.prod(sizes) >= 2**62:
        return classes, many, columns
    key = classes
    for column, size in zip(columns, sizes, strict=True):
        key = key * size + column
    domain = many * math.prod(sizes)
    if domain <= 8 * len(key) + 1024:
        counts = np.bincount(key)
        there = np.flatnonzero(counts)
        key = np.repeat(there, np.minimum(counts[there], 2))
    else:
        key = np.sort(key)
        again = np.concatenate([[False], key[1:] == key[:-1]])
        key = key[~(again & np.concatenate([[False], again[:-1]]))]
    codes: list[Codes] = []
    for size in reversed(sizes):
        key, code = np.divmod(key, size)
        codes.append(code)
    return key, many, codes[::-1]


def _within(columns: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """The sets of one column less; none within a single column."""
    return combinations(columns, len(columns) - 1) if len(columns) > 1 else iter(())


def _crosses(
    columns: tuple[int, ...], alone: dict[tuple[int, ...], int], rows: int, levels: Sequence[float]
) -> bool:
    """Whether a set passes a level that none within it passes."""
    best = max((alone[w] for w in _within(columns)), default=-1)
    return any(best < level * rows <= alone[columns] for level in levels)


def _ones(key: Codes, domain: int) -> int:
    """How many keys stand once."""
    if domain <= 8 * len(key) + 1024:
        return int(np.count_nonzero(np.bincount(key, minlength=1) == 1))
    ordered = np.sort(key)
    changes = (
        np.concatenate([[True], ordered[1:] != ordered[:-1], [True]]) if len(ordered) else np.zeros(1, bool)
    )
    return int(np.count_nonzero(changes[1:] & changes[:-1]))


def _ranked(key: Codes, domain: int) -> tuple[Codes, int]:
    """The same classes, numbered without holes; and how many there are."""
    if domain <= 8 * len(key) + 1024:
        there = np.zeros(domain, bool)
        there[key] = True
        number = np.cumsum(there) - 1
        return number[key], int(number[-1]) + 1 if domain else 0
    values, ranks = np.unique(key, return_inverse=True)
    return ranks.reshape(-1), len(values)
