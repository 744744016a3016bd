"""Two public tables over people in common, one of them protected: what the two tell together that neither
tells alone.

People are in common when rows are: those of the same file by their place, others by what their columns hold.
A file does not say whose its rows are, so rows of two files are taken for the same people when they agree far
more often than rows of different people would; a table of counts, when its counts are those of the protected
people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from parvis.core.text import fold
from parvis.methods.anonymity.grouping import combined, equal_rows, group
from parvis.methods.disclosure.subtraction import (
    Flags,
    Integers,
    Reals,
    Side,
    dominated,
    possible,
    remainders,
    subtracted,
    too_many,
    united,
)
from parvis.privacy.anonymising.applying import Anonymised
from parvis.privacy.anonymising.policy import Policy
from parvis.privacy.anonymising.treatments import Cells, numbers

SAME = 0.6
"""Rows of two files are the same people where their numbers differ by less than this part of what chance
would make of different people.
"""
ALIKE = 0.5
"""Two columns are the same where this part of the values of the one that has fewer is in the other."""
WIDEST = 200_000
"""Distinct values of columns that are compared under different names, at most."""
EQUAL = 0.5
"""A table of counts is one of these people when this part of its counts is theirs."""
CHANCE = 1e-3
"""Counts tell so when others would be equal with less than this probability: that of one is taken for one
part in itself.
"""
CENTS = 0.01
"""By how much a total may differ from the sum of its amounts."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A table as the public sees it, beside the rows that it was made of. A table that is published as it is
    shows its source.

    by: columns of the source by which people may be found, or groups are made; amounts: those of which each
    group shows the mean; kept: those that are shown row by row. labels: what each published row shows of the
    columns of its group; origin: the source row of each published row; least: 0 without protection.
    """

    source: pa.Table
    received: str
    by: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    labels: pa.Table | None = None
    origin: Integers | None = None
    published: pa.Table | None = None
    persons: str = ""
    least: int = 0
    share: float = 1.0
    guarded: bool = False
    """Whether its groups are made by values of the source as they are."""

    @property
    def protected(self) -> bool:
        return self.least > 1


def anonymous(source: pa.Table, received: str, policy: Policy, done: Anonymised) -> Shown:
    """What a table that was made under a policy shows."""
    guard = policy.guard
    names = [d.column for d in done.done if d.ncp is not None or (guard is not None and d.treatment == "by")]
    by = tuple(n for n in names if n in source.column_names)
    whole = (d.column for d in done.done if d.ncp is None and d.treatment not in ("drop", "mask"))
    clear = tuple(n for n in whole if guard is None and n in source.column_names)
    labels = done.rows.select([n for n in names if n in done.rows.column_names])
    amounts = tuple(
        n
        for n in source.column_names
        if guard is not None and any(d.column == n and d.treatment == "mean" for d in done.done)
    )
    return Shown(
        source,
        received,
        by,
        amounts,
        clear,
        labels,
        done.origin,
        done.rows,
        policy.persons,
        policy.models.k if guard is None else guard.least,
        guard.share if guard is not None else 1.0,
        guard is not None,
    )


def plain(source: pa.Table, received: str) -> Shown:
    """A table that is published as it is."""
    return Shown(source, received)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What two tables tell together. groups: how many small groups they give away; rows: of these; clear: the
    other table shows in clear what is protected.
    """

    groups: int = 0
    rows: int = 0
    columns: tuple[str, ...] = ()
    clear: bool = False
    looked: bool = True

    @property
    def safe(self) -> bool:
        return not self.groups


SAFE = Verdict()


def compared(one: Shown, other: Shown) -> Verdict:
    """What two public tables tell together. At least one is protected; where only one is, it may be either."""
    if not one.protected:
        one, other = other, one
    least = max(one.least, other.least)
    if not one.protected or not one.source.num_rows or not other.source.num_rows:
        return SAFE
    columns = matched(one.source, other.source)
    rows = aligned(one, other, columns)
    if rows is None:
        return SAFE if other.protected else _counted(one, other.source, columns)
    first, second = rows
    people = _people(one, other, first, second)
    mine = side(one, first)
    if other.protected:
        theirs = side(other, second)
        groups = _together(
            mine, theirs, people, least, one.kept and any(columns.get(n) in other.kept for n in one.kept)
        )
        by_rows = {
            rows.tobytes(): rows
            for rows in (
                *groups,
                *_amounts((one, mine, first), (other, theirs, second), columns, people, least),
            )
        }
        looked = subtracted(mine, theirs, people, least).looked
        return _verdict(list(by_rows.values()), one.by, clear=False, looked=looked)
    seen = [columns[n] for n in (*one.by, *one.amounts) if n in columns]
    if not seen:
        return SAFE
    theirs = _clear(other.source, seen, second)
    small = _small(theirs, people, least)
    by_rows = small or list(subtracted(mine, theirs, people, least).groups)
    return _verdict(by_rows, tuple(n for n in (*one.by, *one.amounts) if n in columns), clear=bool(small))


def united_with(base: Shown, before: Sequence[Shown], new: Shown) -> Verdict:
    """What a protected table, others and a new one tell together that they do not tell without the new one: what a group of
    `base` has more than groups of several others that share nobody. The new one may be `base`, or stands beside it.

    Pairs are told by `compared`. SAFE where fewer than two of them share people with `base`.
    """
    least = max(table.least for table in (base, new, *before))
    others = [t for t in before if t is not base and t is not new]
    sides, count = list[tuple[Shown, Integers]](), base.source.num_rows
    for other in (*others, *(() if new is base else (new,))):
        columns = matched(base.source, other.source)
        pairs = aligned(base, other, columns)
        if pairs is None or not (other.protected or any(n in columns for n in base.by)):
            continue
        first, second = pairs
        alone = second[first < 0]
        places = np.full(count + len(alone), -1, np.int64)
        places[first[first >= 0]] = second[first >= 0]
        places[count:] = alone
        count = len(places)
        sides.append((other, places))
    if len(sides) < 2 or (new is not base and sides[-1][0] is not new):
        return SAFE
    mine = side(base, _long(np.arange(base.source.num_rows), count))
    theirs = [_beside(base, other, _long(places, count)) for other, places in sides]
    people = _people(base, base, *(_long(np.arange(base.source.num_rows), count),) * 2)
    groups = _apart(mine, theirs, people, least)
    if new is not base:
        known = _apart(mine, theirs[:-1], people, least)
        groups = {key: one for key, one in groups.items() if key not in known}
    return _verdict(list(groups.values()), base.by, clear=False)


def _long(rows: Integers, count: int) -> Integers:
    return np.concatenate((rows, np.full(count - len(rows), -1, np.int64)))


def _beside(base: Shown, other: Shown, rows: Integers) -> Side:
    """What another table shows of the people of `base`."""
    if other.protected:
        return side(other, rows)
    columns = matched(base.source, other.source)
    return _clear(other.source, [columns[n] for n in base.by if n in columns], rows)


def _apart(mine: Side, theirs: Sequence[Side], people: Integers, least: int) -> dict[bytes, Integers]:
    """Small groups that several tables give away beside one, by their rows; each begins in its turn."""
    groups: dict[bytes, Integers] = {}
    for i in range(len(theirs)):
        both = united([theirs[i], *theirs[:i], *theirs[i + 1 :]])
        groups |= {rows.tobytes(): rows for rows in subtracted(mine, both, people, least).groups}
    return groups


def _verdict(
    groups: Sequence[Integers], columns: tuple[str, ...], *, clear: bool, looked: bool = True
) -> Verdict:
    rows = len(np.unique(np.concatenate(groups))) if groups else 0
    return Verdict(len(groups), rows, columns, clear, looked)


def _together(mine: Side, theirs: Side, people: Integers, least: int, joined: object) -> list[Integers]:
    """Small groups that two protected tables give away; joined: rows of both can be put together by a column
    that both show, row by row.
    """
    if not joined:
        return list(subtracted(mine, theirs, people, least).groups)
    both = np.flatnonzero((mine.groups >= 0) & (theirs.groups >= 0))
    both = both[mine.published[mine.groups[both]] & theirs.published[theirs.groups[both]]]
    cells = equal_rows([mine.groups[both], theirs.groups[both]]).ids if len(both) else both
    small = [rows for rows in _parts(both, cells) if len(np.unique(people[rows])) < least]
    return [*small, *subtracted(mine, theirs, people, least).groups]


def _parts(rows: Integers, names: Integers) -> list[Integers]:
    order = np.argsort(names, kind="stable")
    return np.split(rows[order], np.flatnonzero(np.diff(names[order])) + 1) if len(rows) else []


def _small(side: Side, people: Integers, least: int) -> list[Integers]:
    """Groups that a table shows though they are small."""
    there = np.flatnonzero((side.groups >= 0) & side.published[side.groups])
    return [rows for rows in _parts(there, side.groups[there]) if len(np.unique(people[rows])) < least]


# --- which rows are the same people -------------------------------------------------------------------------


def matched(first: pa.Table, second: pa.Table) -> dict[str, str]:
    """Columns of two tables that hold the same values: by their names, and what is left by its values alone.
    First name to second.
    """
    values = [
        {name: _distinct(table.column(name)) for name in table.column_names} for table in (first, second)
    ]
    left = {fold(n): n for n, v in values[1].items() if v is not None}
    names: dict[str, str] = {}
    for name, one in values[0].items():
        other = left.get(fold(name))
        if one is not None and other is not None and _alike(one, values[1][other], EVEN_FEW):
            names[name] = left.pop(fold(name))
    for name, one in values[0].items():
        if name in names or one is None or not 1 < len(one) <= WIDEST:
            continue
        near = {
            n: _alike(one, v, ALIKE)
            for n in left.values()
            if (v := values[1][n]) is not None and 1 < len(v) <= WIDEST
        }
        best = max(near, key=lambda n: near[n], default="")
        if best and near[best]:
            names[name] = left.pop(fold(best))
    return names


EVEN_FEW = 0.1
"""The same, of two columns of one name."""


def _distinct(column: Cells) -> pa.StringArray | None:
    """The distinct values of a column as text, numbers in one form; None for what is no plain value."""
    kind = column.type
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return None
    return cast(pa.StringArray, pc.drop_null(_text(column).unique()))


def _text(column: Cells) -> Cells:
    return cast(Cells, (column.cast(pa.float64()) if _numeric(column.type) else column).cast(pa.string()))


def _alike(one: pa.StringArray, other: pa.StringArray | None, least: float) -> float:
    """The part of the values of the shorter list that the longer one has; 0 below `least`."""
    if other is None or not len(one) or not len(other):
        return 0.0
    few, many = (one, other) if len(one) <= len(other) else (other, one)
    part = float(np.asarray(pc.is_in(few, value_set=many)).mean())
    return part if part >= least else 0.0


def aligned(one: Shown, other: Shown, columns: Mapping[str, str]) -> tuple[Integers, Integers] | None:
    """The rows of two tables side by side: for each person's row, its place in either source, -1 where it is
    not there. None: they share nobody.
    """
    keys = _keys(one.source, other.source, columns)
    if keys is None:
        return None
    first, second = keys
    same_file = bool(one.received) and one.received == other.received
    if same_file and len(first) == len(second) and len(first) and float((first == second).mean()) > 0.95:
        return np.arange(len(first)), np.arange(len(first))
    count = int(max(first.max(initial=-1), second.max(initial=-1))) + 1
    mine, theirs = (np.bincount(k, minlength=count) for k in (first, second))
    if not (same_file and _many(mine, theirs)) and not same_people(mine, theirs):
        return None
    return _joined(first, second)


def _many(mine: Integers, theirs: Integers) -> bool:
    """Whether rows of the smaller table are mostly in the other: tables of one file need not say more."""
    return 2 * int(np.minimum(mine, theirs).sum()) >= min(int(mine.sum()), int(theirs.sum()))


def _keys(first: pa.Table, second: pa.Table, columns: Mapping[str, str]) -> tuple[Integers, Integers] | None:
    """What each row says in the columns that both tables have, as one number from 0."""
    codes: list[Integers] = []
    for name, other in columns.items():
        both = cast(
            Cells,
            pa.chunked_array(
                [*_text(first.column(name)).chunks, *_text(second.column(other)).chunks], pa.string()
            ),
        )
        codes.append(_with_empty(both))
    if not codes:
        return None
    keys, domain = combined(codes, [int(c.max(initial=0)) + 1 for c in codes])
    ids = group(keys, domain).ids
    return ids[: first.num_rows], ids[first.num_rows :]


def same_people(mine: Integers, theirs: Integers) -> bool:
    """Whether two lists are of the same people, or one of some of the other's: how often each key stands in
    both agrees better than chance would have it.

    mine, theirs: rows of each key, shape (keys,). Rows of different people agree as well as two counts around
    the same mean do.
    """
    few, many = (mine, theirs) if mine.sum() <= theirs.sum() else (theirs, mine)
    there = few > 0
    apart = float(np.abs(few[there] - many[there]).sum())
    mean = (few[there] + many[there]) / 2
    chance = float(np.minimum(2 * mean * np.exp(-0.5 * mean), np.sqrt(4 * mean / np.pi)).clip(0.5).sum())
    return bool(there.any()) and apart < SAME * chance


def _joined(first: Integers, second: Integers) -> tuple[Integers, Integers]:
    """Rows of one key in pairs, as many as both have; the others alone."""

    def named(keys: Integers) -> tuple[Integers, Integers]:
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
        starts = (
            np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(keys) else np.zeros(0, np.int64)
        )
        within = np.arange(len(keys)) - np.repeat(starts, np.diff(np.r_[starts, len(keys)]))
        return order, ordered * (max(len(first), len(second)) + 1) + within

    (order, mine), (other_order, theirs) = named(first), named(second)
    every = np.union1d(mine, theirs)
    rows = np.full((2, len(every)), -1, np.int64)
    rows[0, np.searchsorted(every, mine)] = order
    rows[1, np.searchsorted(every, theirs)] = other_order
    return rows[0], rows[1]


def _people(one: Shown, other: Shown, first: Integers, second: Integers) -> Integers:
    """Whose each row is."""
    people = np.arange(len(first)) + len(first)
    for table, rows in ((other, second), (one, first)):
        if table.persons and table.persons in table.source.column_names:
            codes, there = _encoded(table.source.column(table.persons))[0], rows >= 0
            known = there & np.r_[codes >= 0, False][rows]
            people = np.where(known, np.r_[codes, 0][rows], people)
    return people


def _encoded(column: Cells) -> tuple[Integers, pa.StringArray]:
    """Codes of values, -1 where there is none, and the values as text."""
    coded = pc.dictionary_encode(_text(column).combine_chunks())
    if not isinstance(coded, pa.DictionaryArray):
        raise TypeError("one chunk is encoded as one array")
    codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return np.asarray(codes, np.int64), cast(pa.StringArray, coded.dictionary)


def _with_empty(column: Cells) -> Integers:
    """Codes of values, the empty one among them."""
    codes = _encoded(column)[0]
    return np.where(codes < 0, int(codes.max(initial=-1)) + 1, codes)


# --- what a table shows of them -----------------------------------------------------------------------------


def side(table: Shown, rows: Integers) -> Side:
    """The groups of a protected table, its small and its left out ones too. rows: source row at each place,
    -1 where the table has none.
    """
    source, published = (
        table.source,
        table.origin if table.origin is not None else np.arange(table.source.num_rows),
    )
    there = np.zeros(source.num_rows, bool)
    there[published] = True
    if table.guarded or table.labels is None:
        columns = [_with_empty(source.column(n)) for n in table.by]
        ids = equal_rows(columns).ids if columns else np.zeros(source.num_rows, np.int64)
    else:
        labels = [_with_empty(table.labels.column(n)) for n in table.labels.column_names]
        ids = np.full(source.num_rows, -1, np.int64)
        ids[published] = equal_rows(labels).ids if labels else 0
        columns = []
        for codes in labels:
            spread = np.full(source.num_rows, -1, np.int64)
            spread[published] = codes
            columns.append(spread)
        ids[~there] = int(ids.max(initial=-1)) + 1
    is_shown = np.zeros(int(ids.max(initial=-1)) + 1, bool)
    is_shown[ids[there]] = True
    return _placed(ids, is_shown, columns, rows)


def _placed(ids: Integers, is_shown: Flags, columns: Sequence[Integers], rows: Integers) -> Side:
    def at(values: Integers) -> Integers:
        return np.where(rows >= 0, values[rows], -1) if len(values) else np.full(len(rows), -1)

    return Side(at(ids), is_shown, tuple(at(c) for c in columns))


def _clear(source: pa.Table, names: Sequence[str], rows: Integers) -> Side:
    """The groups of a table that is published as it is, by some of its columns."""
    columns = [_with_empty(source.column(n)) for n in names]
    ids = equal_rows(columns).ids
    return _placed(ids, np.ones(int(ids.max(initial=-1)) + 1, bool), columns, rows)


_Seen = tuple[Shown, Side, Integers]


def _amounts(
    one: _Seen, other: _Seen, columns: Mapping[str, str], people: Integers, least: int
) -> list[Integers]:
    """Groups whose total of an amount follows by subtraction, though fewer people than `least` make it up, or
    one makes most of it.
    """
    groups_: list[Integers] = []
    for name in one[0].amounts:
        if columns.get(name) not in other[0].amounts or too_many(one[1], other[1]):
            continue
        sides: list[Side] = []
        for (table, groups, rows), column in ((one, name), (other, columns[name])):
            means = numbers(table.published.column(column)) if table.published is not None else np.zeros(0)
            known = np.zeros(table.source.num_rows, bool)
            if table.origin is not None:
                known[table.origin[~np.isnan(means)]] = True
            known = np.where(rows >= 0, known[rows], False)
            is_shown = np.zeros(len(groups.published), bool)
            is_shown[groups.groups[known]] = True
            sides.append(Side(groups.groups, is_shown, groups.columns))
        values = numbers(one[0].source.column(name))
        amounts: Reals = np.where(one[2] >= 0, values[one[2]], np.nan)
        may = possible(*sides)
        rests = [*remainders(sides[0], sides[1], may), *remainders(sides[1], sides[0], may.T)]
        groups_ += dominated(rests, amounts, people, least, max(min(one[0].share, other[0].share), 0.5))
    return groups_


# --- tables of counts ---------------------------------------------------------------------------------------


def _counted(table: Shown, counts: pa.Table, columns: Mapping[str, str]) -> Verdict:
    """What a table of counts tells beside a protected one, where its counts are of the same people. Totals
    are tables of their own, of fewer columns.
    """
    names = [n for n in columns if n in table.source.column_names]
    theirs = [columns[n] for n in names]
    measures = [n for n in counts.column_names if n not in theirs and _numeric(counts.column(n).type)]
    if not names or not measures or counts.num_rows > table.source.num_rows + 1:
        return SAFE
    codes, cells = _codes(table.source, counts, names, theirs)
    everywhere = np.arange(table.source.num_rows)
    people = _people(table, table, everywhere, everywhere)
    mine = side(table, everywhere)
    wholes = [
        ("", np.ones(table.source.num_rows)),
        *((n, np.nan_to_num(numbers(table.source.column(n)))) for n in table.amounts),
    ]
    groups_: list[Integers] = []
    clear = known_to_be_theirs = False
    for pattern in sorted(np.unique(cells >= 0, axis=0), key=lambda p: -int(p.sum())):
        some = np.flatnonzero(((cells >= 0) == pattern).all(axis=1))
        by = np.flatnonzero(pattern)
        ids = (
            equal_rows([codes[:, j] for j in by]).ids
            if len(by)
            else np.zeros(table.source.num_rows, np.int64)
        )
        number = int(ids.max(initial=0)) + 1
        place = _places(codes[:, by], ids, cells[some][:, by])
        for amount, whole in wholes:
            sums = np.bincount(ids, whole, number)
            for measure in measures:
                stated = numbers(counts.column(measure))[some]
                known = ~np.isnan(stated) & (place >= 0)
                right = known & (np.abs(stated - sums[place]) <= CENTS)
                unlikely = float(np.log(np.maximum(sums[place[right]], 1)).sum())
                if (
                    not right.any()
                    or right.sum() < EQUAL * known.sum()
                    or (not known_to_be_theirs and unlikely < -np.log(CHANCE))
                ):
                    continue
                known_to_be_theirs = True
                is_shown = np.zeros(number, bool)
                is_shown[place[right]] = True
                theirs_shown = Side(ids, is_shown, tuple(codes[:, j] for j in by))
                if amount:
                    groups_ += _rests((mine, theirs_shown), table, amount, people)
                    continue
                small = _small(theirs_shown, people, table.least)
                clear |= bool(small)
                groups_ += small or list(subtracted(mine, theirs_shown, people, table.least).groups)
    return _verdict(groups_, tuple(names), clear=clear)


def _numeric(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)


def _rests(sides: tuple[Side, Side], table: Shown, amount: str, people: Integers) -> list[Integers]:
    """Groups whose total follows from the means of a protected table (the first side) and the totals of the
    other, though it tells of somebody.
    """
    means = numbers(table.published.column(amount)) if table.published is not None else np.zeros(0)
    known = np.zeros(len(sides[0].published), bool)
    if table.origin is not None:
        known[sides[0].groups[table.origin[~np.isnan(means)]]] = True
    one, other = Side(sides[0].groups, known, sides[0].columns), sides[1]
    if too_many(one, other):
        return []
    may = possible(one, other)
    every = _parts(np.arange(len(other.groups)), other.groups)
    rests = [
        *remainders(one, other, may),
        *remainders(other, one, may.T),
        *(rows for rows in every if other.published[other.groups[rows[0]]]),
    ]
    return dominated(rests, numbers(table.source.column(amount)), people, table.least, table.share)


def _codes(
    source: pa.Table, counts: pa.Table, names: Sequence[str], theirs: Sequence[str]
) -> tuple[Integers, Integers]:
    """Codes of the source's values, shape (rows, columns), and of what each count is of, -1 where that is no
    value of the source: a total.
    """
    mine: list[Integers] = []
    others: list[Integers] = []
    for name, other in zip(names, theirs, strict=True):
        codes, values = _encoded(source.column(name))
        mine.append(np.where(codes < 0, len(values), codes))
        place = {v: i for i, v in enumerate(values.to_pylist())}
        counted, theirs_said = _encoded(counts.column(other))
        known = np.array(
            [*(place.get(v, -1) for v in theirs_said.to_pylist()), -1], np.int64
        )  # the last: a cell that is empty
        others.append(known[counted])
    return np.stack(mine, axis=1), np.stack(others, axis=1)


def _places(codes: Integers, ids: Integers, cells: Integers) -> Integers:
    """The group that each count is of, -1 where nobody is in it."""
    if not codes.shape[1]:
        return np.zeros(len(cells), np.int64)
    every = np.concatenate([codes, cells])
    same = equal_rows([every[:, j] for j in range(every.shape[1])]).ids
    of = np.full(int(same.max(initial=0)) + 1, -1, np.int64)
    of[same[: len(codes)]] = ids
    return of[same[len(codes) :]]
