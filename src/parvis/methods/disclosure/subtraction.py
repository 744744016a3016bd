"""Two tables over people in common, each of groups that are large enough: which small groups the two tell
together, by subtraction.

Each table counts its groups; a group that it does not show (too small, or left out) is there all the same.
Whoever has both tables knows which groups may share people: those whose values go together, because both
tables have the column, or because one follows from the other (a street lies in one zone). A small group is
given away when the two tables leave it no choice: what a group has more than the other table's groups that
lie within it; what a set of groups has more than the other table's over the same values; and, where few
groups are linked, what a linear program bounds on both sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from parvis.methods.disclosure.programs import Infeasible, Program
from parvis.methods.disclosure.tables import Equations

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Reals = npt.NDArray[np.float64]

MOST = 1 << 25
"""Pairs of groups that are looked at, at most."""
CHANCE = 1e-6
"""A column follows from another when values drawn at random would agree so with less than this probability.
"""
CELLS = 400
"""Pairs of groups of a linear program, at most."""
PROGRAMS = 400
"""Intervals that are computed, at most."""


@dataclass(frozen=True, slots=True)
class Side:
    """One table. Every row of either table has a place; all arrays over rows are of shape (rows,).

    groups: group of each row, from 0, -1 where the table does not have the row; published: whether the number
    of a group is, shape (groups,); columns: codes from 0 of what the groups are made by, one array
    over rows each, -1 where nothing is known of it.
    """

    groups: Integers
    published: Flags
    columns: tuple[Integers, ...] = ()


@dataclass(frozen=True, slots=True)
class Disclosures:
    """What two tables tell together. groups: rows of each small group that they give away; looked: False when
    there were too many pairs of groups.
    """

    groups: tuple[Integers, ...]
    looked: bool = True

    @property
    def rows(self) -> int:
        """Rows of all those groups."""
        return len(np.unique(np.concatenate(self.groups))) if self.groups else 0


def subtracted(first: Side, second: Side, people: Integers, least: int) -> Disclosures:
    """The groups of fewer than `least` people that two tables give away together. people: whose each row is, shape (rows,).

    >>> district = Side(np.zeros(25, np.int64), np.array([True]), (np.zeros(25, np.int64),))
    >>> ages = np.array([0] * 12 + [1] * 12 + [2])
    >>> by_age = Side(ages, np.array([True, True, False]), (np.zeros(25, np.int64), ages))
    >>> [g.tolist() for g in subtracted(district, by_age, np.arange(25), 11).groups]
    [[24]]
    """
    if too_many(first, second):
        return Disclosures((), looked=False)
    may = possible(first, second)
    by_rows: dict[bytes, Integers] = {}

    def keep(rows: Integers) -> None:
        if len(rows) and len(np.unique(people[rows])) < least:
            by_rows.setdefault(rows.tobytes(), rows)

    for one, other, pairs in ((first, second, may), (second, first, may.T)):
        for rows in remainders(one, other, pairs):
            keep(rows)
    for rows in _balances(first, second, may):
        keep(rows)
    for rows in _bounded(first, second, may, people, least):
        keep(rows)
    return Disclosures(tuple(by_rows.values()))


def united(sides: Sequence[Side]) -> Side:
    """Several tables over the same rows as one, for what they tell together: each adds the shown groups of which no row is in
    a group of an earlier one; the numbers of groups that share nobody add up.

    >>> young = Side(np.array([0] * 12 + [-1] * 13), np.array([True]), (np.array([0] * 12 + [-1] * 13),))
    >>> old = Side(np.array([-1] * 12 + [0] * 12 + [-1]), np.array([True]), (np.array([-1] * 12 + [0] * 12 + [-1]),))
    >>> everybody = Side(np.zeros(25, np.int64), np.array([True]), (np.zeros(25, np.int64),))
    >>> [g.tolist() for g in subtracted(everybody, united([young, old]), np.arange(25), 11).groups]
    [[24]]
    """
    count = len(sides[0].groups)
    groups, published, columns = np.full(count, -1, np.int64), list[Flags](), list[Integers]()
    for side in sides:
        inside = side.groups >= 0
        clashing = np.zeros(len(side.published), bool)
        clashing[side.groups[inside & (groups >= 0)]] = True
        usable = side.published & ~clashing
        added = inside & usable[side.groups]
        groups[added] = side.groups[added] + sum(map(len, published))
        published.append(usable)
        columns += [np.where(added, column, -1) for column in side.columns]
    return Side(groups, np.concatenate(published), tuple(columns))


def too_many(first: Side, second: Side) -> bool:
    """Whether two tables have too many pairs of groups to look at."""
    return len(first.published) * len(second.published) > MOST


def possible(first: Side, second: Side) -> Flags:
    """Which groups of the two tables can share people, as their readers know it, shape (groups, groups)."""
    both = (first.groups >= 0) & (second.groups >= 0)
    may = np.ones((len(first.published), len(second.published)), bool)
    for x in (*first.columns, first.groups):
        for y in (*second.columns, second.groups):
            there = both & (x >= 0) & (y >= 0)
            together = _meet(x[there], y[there], int(x.max(initial=0)) + 1, int(y.max(initial=0)) + 1)
            if together is None:
                continue
            of_first, of_second = _value(first, x), _value(second, y)
            known = (of_first >= 0)[:, None] & (of_second >= 0)[None, :]
            may &= ~known | together[of_first][:, of_second]
    may[first.groups[both], second.groups[both]] = True
    return may


def _meet(x: Integers, y: Integers, many: int, others: int) -> Flags | None:
    """Which values of two columns can stand together, shape (many, others); None where all can, as far as
    anybody knows.

    Where one follows from the other, those that do; else those that do or that chance may have kept apart.
    """
    if not len(x) or many * others > MOST:
        return None
    together = np.zeros((many, others), bool)
    together[x, y] = True
    if linked(x, y):
        return together
    expected = np.outer(np.bincount(x, minlength=many), np.bincount(y, minlength=others)) / len(x)
    together |= expected < -np.log(CHANCE)
    return None if together.all() else together


def linked(x: Integers, y: Integers) -> bool:
    """Whether one of two columns follows from the other, beyond chance. x, y: codes, shape (rows,)."""
    if not len(x):
        return False
    pairs = len(np.unique(x * (int(y.max()) + 1) + y))
    for one, other in ((x, y), (y, x)):
        shares = np.unique(other, return_counts=True)[1] / len(other)
        values = len(np.unique(one))
        if (
            pairs == values
            and len(shares) > 1
            and (len(one) - values) * np.log(float((shares**2).sum())) < np.log(CHANCE)
        ):
            return True
    return False


def _value(side: Side, column: Integers) -> Integers:
    """What each group says in a column, -1 where its rows differ or it has none."""
    low, high = np.full(len(side.published), np.iinfo(np.int64).max), np.full(len(side.published), -1)
    inside = side.groups >= 0
    np.minimum.at(low, side.groups[inside], column[inside])
    np.maximum.at(high, side.groups[inside], column[inside])
    return np.where(low == high, high, -1)


def remainders(one: Side, other: Side, may: Flags) -> list[Integers]:
    """What each shown group of a table has more than the shown groups of the other that can lie nowhere but
    in it: rows of each such rest.

    may: which groups can share people, shape (groups of one, groups of other).
    """
    absent = np.zeros(len(other.published), bool)
    absent[other.groups[(other.groups >= 0) & (one.groups < 0)]] = True
    captive = other.published & (may.sum(axis=0) == 1) & ~absent
    holds = np.zeros(len(one.published), bool)
    holds[np.argmax(may[:, captive], axis=0)] = True
    rest = (one.groups >= 0) & ~((other.groups >= 0) & captive[other.groups])
    rest &= (one.published & holds)[one.groups]
    return _parted(np.flatnonzero(rest), one.groups)


def _parted(rows: Integers, groups: Integers) -> list[Integers]:
    """Rows by group."""
    if not len(rows):
        return []
    order = rows[np.argsort(groups[rows], kind="stable")]
    return np.split(order, np.flatnonzero(np.diff(groups[order])) + 1)


def _balances(first: Side, second: Side, may: Flags) -> list[Integers]:
    """Sets of groups over the same values: where only one of the two tables can have people that the other
    lacks, the difference of their sums is those.
    """
    count = len(first.published)
    where = np.nonzero(may)
    if not len(where[0]):
        return []
    graph = coo_array(
        (np.ones(len(where[0]), bool), (where[0], where[1] + count)),
        shape=(count + len(second.published),) * 2,
    )
    parts, part = connected_components(graph, directed=False)
    of_row = np.where(first.groups >= 0, part[first.groups], part[count + second.groups])
    sides: list[tuple[Flags, Flags]] = []
    for one, other, pairs, at in ((first, second, may, part[:count]), (second, first, may.T, part[count:])):
        published = (one.groups >= 0) & one.published[one.groups]
        lacks = published & ~((other.groups >= 0) & other.published[other.groups])
        could = np.zeros(parts, bool)
        could[of_row[lacks]] = True
        could[at[one.published & pairs[:, ~other.published].any(axis=1)]] = True
        sides.append((lacks, could))
    groups: list[Integers] = []
    for (lacks, _), (_, could) in (sides, sides[::-1]):
        groups += _parted(np.flatnonzero(lacks & ~could[of_row]), of_row)
    return groups


def _bounded(first: Side, second: Side, may: Flags, people: Integers, least: int) -> list[Integers]:
    """Small groups in one group of both tables that a linear program bounds on both sides, where few groups
    are linked.
    """
    a_many, b_many = may.shape
    groups = (
        np.where(first.groups >= 0, first.groups, a_many),
        np.where(second.groups >= 0, second.groups, b_many),
    )
    wide = np.zeros((a_many + 1, b_many + 1), bool)  # the last of each: those that the table does not have
    wide[:-1, :-1] = may
    wide[groups] = True
    published = np.append(first.published, False), np.append(second.published, False)
    wide &= published[0][:, None] | published[1][None, :]
    where = np.nonzero(wide)
    if not len(where[0]):
        return []
    apart = np.where(where[0] == a_many, a_many + b_many + 2 + where[1], where[0])
    graph = coo_array(
        (np.ones(len(apart), bool), (apart, where[1] + a_many + 1)), shape=(a_many + 2 * b_many + 4,) * 2
    )
    part = connected_components(graph, directed=False)[1][apart]
    sizes = np.bincount(part)
    keys = groups[0] * (b_many + 1) + groups[1]
    cell_keys = where[0] * (b_many + 1) + where[1]
    place = np.searchsorted(cell_keys, keys)
    there = np.append(cell_keys, -1)[place] == keys
    counts = np.bincount(place[there], minlength=len(cell_keys))
    some = (counts > 0) & (counts < least) & (sizes[part] <= CELLS) & (sizes[part] > 1)
    some &= ~((counts == 0) | ((where[0] < a_many) & ~published[0][where[0]] & (where[1] == b_many)))
    small_groups: list[Integers] = []
    left = PROGRAMS
    for component in np.unique(part[some]):
        inside = np.flatnonzero(part == component)
        program = _program(where[0][inside], where[1][inside], counts[inside], published)
        for cell in np.flatnonzero(some & (part == component)):
            if left <= 0:
                return small_groups
            left -= 1
            at = np.array([int(np.searchsorted(inside, cell))])
            try:
                if (
                    program.extreme(at, largest=True) < least - 1e-6
                    and program.extreme(at, largest=False) > 1e-6
                ):
                    small_groups.append(np.flatnonzero(there & (place == cell)))
            except Infeasible:
                break
    return small_groups


def _program(a: Integers, b: Integers, counts: Integers, published: tuple[Flags, Flags]) -> Program:
    """What both tables say of the cells of their crossing. a, b, counts: of each cell."""
    lists: list[Integers] = []
    for names, there in ((a, published[0]), (b, published[1])):
        lists += [np.flatnonzero(names == name) for name in np.unique(names[there[names]])]
    starts = np.concatenate([[0], np.cumsum([len(one) for one in lists])]).astype(np.int64)
    cells = np.concatenate(lists)
    sums = np.array([counts[one].sum() for one in lists], np.float64)
    return Program(
        Equations(starts, cells, np.ones(len(cells)), sums), np.zeros(len(a)), np.full(len(a), np.inf)
    )


def dominated(
    rests: Sequence[Integers], amounts: Reals, people: Integers, least: int, share: float
) -> list[Integers]:
    """Of groups whose total is known, those of fewer than `least` people, or of which one makes more than
    `share`. amounts: shape (rows,), NaN is none.
    """
    small_groups: list[Integers] = []
    for rows in rests:
        known = rows[~np.isnan(amounts[rows])]
        if not len(known):
            continue
        _, who = np.unique(people[known], return_inverse=True)
        each = np.bincount(who.reshape(-1), np.abs(amounts[known]))
        if len(each) < least or each.max() > share * each.sum() > 0:
            small_groups.append(rows)
    return small_groups
