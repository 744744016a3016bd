"""Tables of counts as the public has them, one beside others, without the rows that they were made of: what readers
find who add up and subtract.

`parvis tabulate` writes such tables: « Ensemble » is a total, « secret » a number that is hidden. Whether two are of the
same people nobody says: they are where what both show is equal, or nearer than counts of other people would be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
import pyarrow as pa

from parvis.core.text import fold
from parvis.methods.disclosure.presets import PRESETS
from parvis.methods.disclosure.programs import Infeasible
from parvis.methods.disclosure.readers_sums import Sums, agree, given_back, small_changes, small_groups
from parvis.methods.disclosure.rules import MARGIN
from parvis.methods.disclosure.tables import Floats, Mask
from parvis.privacy.tables import LARGEST, TOTAL, Label

STATUS = "statut"
COUNT = "nombre"
STATES = frozenset({"publié", "secret", "arrondi"})
ROWS = ""
"""The measure of rows that are counted."""
LARGEST_SUMS = 4_000_000
"""Cells of all tables, times their crossings, at most."""
LARGEST_ATOMS = 1_500
"""Crossings of the columns of several tables, at most: each may be a linear program."""
MOST_VALUES = 60
"""Values of a column of another table that may be a breakdown, at most."""
MOST_COLUMNS = 3
"""Breakdowns that another table brings besides those in common, at most."""
CHANCE = 1 / 20
"""Counts are of the same people where others would be as near with less than this probability."""
NEAR = 0.6
"""And where they differ, by less than this part of what counts of other people would."""


@dataclass(frozen=True, slots=True)
class CountTable:
    """A table of counts. columns: its breakdowns; labels: one a cell, TOTAL where it counts all; low, high: what a
    number may be, shape (cells,): equal where it is published, 0 and infinity where it is hidden.

    protected: some rule hides small groups in it; measure: the column of its numbers, ROWS where rows are counted.
    """

    columns: tuple[str, ...]
    labels: tuple[Label, ...]
    low: Floats
    high: Floats
    measure: str
    protected: bool = False

    @property
    def counts(self) -> bool:
        """Whether it counts people, and does not add an amount up."""
        return self.measure in (COUNT, ROWS)

    def cells(self, columns: Sequence[str]) -> dict[Label, tuple[float, float]]:
        """What it shows of some of its columns, all others together."""
        wanted = [self.columns.index(c) for c in columns]
        others = [i for i in range(len(self.columns)) if i not in wanted]
        return {
            tuple(label[i] for i in wanted): (low, high)
            for label, low, high in zip(self.labels, self.low.tolist(), self.high.tolist(), strict=True)
            if all(label[i] == TOTAL for i in others) and not np.isinf(high)
        }

    @property
    def leaves(self) -> list[Label]:
        """Its innermost cells."""
        return [label for label in self.labels if TOTAL not in label]


def is_one(names: Sequence[str]) -> bool:
    """Whether a table with these columns may be one that `parvis tabulate` wrote."""
    return STATUS in names and len(names) > 2


def read(table: pa.Table) -> CountTable | None:
    """A table that `parvis tabulate` wrote, None when it is none."""
    if not is_one(table.column_names) or not 0 < table.num_rows <= LARGEST:
        return None
    states = _texts(table, STATUS)
    columns = tuple(n for n in table.column_names if n != STATUS)
    measure = columns[-1]
    if not set(states) <= STATES or not _numeric(table.schema.field(measure).type):
        return None
    labels = tuple(zip(*(_texts(table, n) for n in columns[:-1]), strict=True))
    stated = table.column(measure).cast(pa.float64()).to_numpy().astype(np.float64)
    if len(set(labels)) < len(labels) or not any(TOTAL in label for label in labels):
        return None
    base = _base(stated[~np.isnan(stated)]) if "arrondi" in states else 1.0
    hidden = np.isnan(stated)
    return CountTable(
        columns[:-1],
        labels,
        np.where(hidden, 0.0, np.maximum(np.nan_to_num(stated) - (base - 1), 0.0)),
        np.where(hidden, np.inf, np.nan_to_num(stated) + (base - 1)),
        measure,
        True,
    )


def _base(stated: Floats) -> float:
    """The multiple that all numbers are rounded to."""
    return float(max(np.gcd.reduce(np.round(stated).astype(np.int64)), 1)) if len(stated) else 1.0


def others_of(table: pa.Table, beside: CountTable) -> list[CountTable]:
    """What a table of another kind counts by the columns that it shares with one of counts: its rows, and each of its
    numbers, where it is a table of counts itself.
    """
    folded = {fold(c) for c in beside.columns}
    texts = [n for n in table.column_names if not _numeric(table.schema.field(n).type) or fold(n) in folded]
    few = {
        n: values
        for n in texts
        if not pa.types.is_nested(table.schema.field(n).type)
        and len(set(values := _texts(table, n))) <= (LARGEST if fold(n) in folded else MOST_VALUES)
    }
    shared = [n for n in few if fold(n) in folded]
    by = tuple([*shared, *(n for n in few if n not in shared)][: len(shared) + MOST_COLUMNS])
    if not shared or not table.num_rows:
        return []
    measures = [n for n in table.column_names if n not in by and _numeric(table.schema.field(n).type)]
    labels = list(zip(*(few[n] for n in by), strict=True))
    every = sorted(set(labels))
    if len(every) > LARGEST_ATOMS:
        return []
    numbers = {ROWS: np.ones(table.num_rows)}
    if len(every) == len(labels):
        numbers |= {
            n: np.nan_to_num(table.column(n).cast(pa.float64()).to_numpy().astype(np.float64))
            for n in measures[:MOST_COLUMNS]
        }
    place = {label: i for i, label in enumerate(every)}
    codes = np.array([place[label] for label in labels])
    return [
        _with_totals(by, every, np.bincount(codes, worth, len(every)).astype(np.float64), name)
        for name, worth in numbers.items()
        if (worth >= 0).all()
    ]


def _with_totals(
    columns: tuple[str, ...], labels: Sequence[Label], values: Floats, measure: str
) -> CountTable:
    """A table of all its sums."""
    sums: dict[Label, float] = {}
    for wanted in product((False, True), repeat=len(columns)):
        for label, value in zip(labels, values.tolist(), strict=True):
            cell = tuple(part if keep else TOTAL for part, keep in zip(label, wanted, strict=True))
            sums[cell] = sums.get(cell, 0.0) + value
    numbers = np.array(list(sums.values()))
    return CountTable(columns, tuple(sums), numbers, numbers, measure if measure == ROWS else COUNT)


def _numeric(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)


def _texts(table: pa.Table, name: str) -> list[str]:
    column = table.column(name)
    if pa.types.is_nested(column.type) or pa.types.is_binary(column.type):
        return [""] * table.num_rows
    return ["" if v is None else str(v) for v in column.cast(pa.string()).to_pylist()]


# --- what several tell --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """What tables of counts tell together: how many small groups, by which columns; looked: they could be compared."""

    groups: int = 0
    columns: tuple[str, ...] = ()
    looked: bool = True


NOTHING = Told()


def alone(one: CountTable) -> Told:
    """What a table tells by itself: a number that is hidden and follows from the others."""
    return _together([one])


def together(new: CountTable, others: Sequence[CountTable]) -> list[tuple[int, Told]]:
    """What a table tells beside others: beside each (its place), and beside all that are of the same people (place -1)
    where no pair tells anything. Of each pair one at least is protected.
    """
    leaks = list[tuple[int, Told]]()
    same = list[CountTable]()
    for place, other in enumerate(others):
        if not (new.protected or other.protected) or new.counts != other.counts:
            continue
        there = _renamed(other, new)
        kind = related(new, there)
        if kind == "same":
            same.append(there)
            leak = _together([new, there])
        elif kind == "later" and new.counts:
            leak = _changed(there, new)
        else:
            continue
        if leak.groups or not leak.looked:
            leaks.append((place, leak))
    if len(same) > 1 and not leaks:
        leak = _together([new, *same])
        if leak.groups or not leak.looked:
            leaks.append((-1, leak))
    return leaks


def _renamed(other: CountTable, one: CountTable) -> CountTable:
    """Its columns by the names that another table has for them: of the same name, or of the same values."""
    left = {fold(c): c for c in one.columns}
    names: dict[str, str] = {c: left.pop(fold(c)) for c in other.columns if fold(c) in left}
    for column in other.columns:
        mine = _values(other, column)
        alike = (c for c in left.values() if 2 * len(mine & _values(one, c)) >= max(len(mine), 1))
        if column not in names and (match := next(alike, None)) is not None:
            names[column] = left.pop(fold(match))
    taken = set(one.columns)
    columns = tuple(names.get(c, f"{c} " if c in taken else c) for c in other.columns)
    return CountTable(columns, other.labels, other.low, other.high, other.measure, other.protected)


def _values(table: CountTable, column: str) -> set[str]:
    place = table.columns.index(column)
    return {label[place] for label in table.labels} - {TOTAL}


def related(one: CountTable, other: CountTable) -> str:
    """Whether two tables are of the same people (« same »), of these at another moment (« later »), or of others
    (""), by the numbers of what both show.
    """
    shared = [c for c in one.columns if c in other.columns]
    mine, theirs = one.cells(shared), other.cells(shared)
    both = [label for label in mine if label in theirs]
    if not both:
        return ""
    patterns: dict[tuple[bool, ...], list[Label]] = {}
    for label in both:
        patterns.setdefault(tuple(part == TOTAL for part in label), []).append(label)
    distances = [_near([mine[c] for c in cells], [theirs[c] for c in cells]) for cells in patterns.values()]
    unlikely, nearness = min(distances)
    if unlikely > np.log(CHANCE):
        return ""
    others = [
        label for label in both if mine[label][1] < theirs[label][0] or theirs[label][1] < mine[label][0]
    ]
    if not others:
        return "same"
    return "later" if shared and nearness < NEAR else ""


def _near(mine: Sequence[tuple[float, float]], theirs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """How unlikely it is that counts of other people come as near, as a logarithm, and how far they are apart as a part
    of what counts of other people would be: these differ as two draws around one mean do.
    """
    (low, high), (first, last) = np.array(mine).T, np.array(theirs).T
    apart = np.maximum(np.maximum(first - high, low - last), 0)
    mean = np.maximum((low + high + first + last) / 4, 0.5)
    wide = 2 * apart + 1 + (high - low) + (last - first)
    unlikely = np.log(np.minimum(wide / np.sqrt(4 * np.pi * mean), 1)).sum()
    return float(unlikely), float(apart.sum() / np.sqrt(4 * mean / np.pi).sum())


def _together(tables: Sequence[CountTable]) -> Told:
    """Small groups that follow from all of them; of amounts, hidden totals."""
    columns = tuple(dict.fromkeys(c for t in tables for c in t.columns))
    for known in (_relations(tables), []):
        atoms = _atoms(tables, columns, known)
        if atoms is None or len(atoms) * sum(len(t.labels) for t in tables) > LARGEST_SUMS:
            return Told(looked=False)
        sums = _sums(tables, columns, atoms)
        if agree(sums):
            break
    else:
        return NOTHING
    try:
        if not all(t.counts for t in tables):
            back = given_back(sums, MARGIN)
            return Told(len(back), columns if len(back) else ())
        groups, by = _groups(atoms, columns)
        clear, hidden = (
            {row.tobytes() for row in sums.members[which]} for which in (~sums.hidden, sums.hidden)
        )
        clear -= hidden  # what one table shows in clear is told where another hides it
        keep = np.array([row.tobytes() not in clear for row in groups], bool)
        small = small_groups(sums, groups[keep], _least(tables))
    except Infeasible:
        return NOTHING
    named = [by[i] for i in np.flatnonzero(keep)[small]]
    return Told(len(small), min(named, key=len, default=()))


def _changed(before: CountTable, after: CountTable) -> Told:
    """Groups of which fewer than the threshold came or left between two moments."""
    shared = [c for c in after.columns if c in before.columns]
    least = _least([before, after])
    early, late = before.cells(shared), after.cells(shared)
    ranges = [
        (late[label][0] - early[label][1], late[label][1] - early[label][0])
        for label in early
        if label in late
    ]
    groups_ = sum(0 < low <= high < least or -least < low <= high < 0 for low, high in ranges)
    if groups_:
        return Told(groups_, tuple(shared))
    parts = [atoms for t in (before, after) if (atoms := _atoms([t], t.columns, [])) is not None]
    if len(parts) < 2:
        return Told(looked=False)
    sides = [_sums([t], t.columns, a) for t, a in zip((before, after), parts, strict=True)]
    (cells, atoms), (more, others) = (s.members.shape for s in sides)
    every = {tuple(label[t.columns.index(c)] for c in shared) for t in (before, after) for label in t.labels}
    groups = sorted(every - (early.keys() & late.keys()))
    if (cells + more + len(groups)) * (atoms + others) > LARGEST_SUMS:
        return Told(looked=False)
    members = np.zeros((cells + more, atoms + others), bool)
    members[:cells, :atoms], members[cells:, atoms:] = sides[0].members, sides[1].members
    both = Sums(members, np.concatenate([s.low for s in sides]), np.concatenate([s.high for s in sides]))
    inside = [_inside(groups, shared, t.columns, a) for t, a in zip((before, after), parts, strict=True)]
    try:
        signed = np.concatenate([-inside[0].astype(np.float64), inside[1].astype(np.float64)], axis=1)
        small = small_changes(both, signed, least)
    except Infeasible:
        return NOTHING
    return Told(len(small), tuple(shared) if len(small) else ())


def _least(tables: Sequence[CountTable]) -> float:
    """The threshold under which these tables hide: the largest of the known rules that none of their numbers breaks."""
    numbers = [float(n) for t in tables if t.protected for n in t.low[~np.isinf(t.high)].tolist() if n > 0]
    smallest = min(numbers, default=0.0)
    return max(
        (p.least for p in PRESETS.values() if p.zone == 0 and p.years == 1 and p.least <= smallest), default=2
    )


def _sums(tables: Sequence[CountTable], columns: Sequence[str], atoms: Sequence[Label]) -> Sums:
    return Sums(
        np.concatenate([_inside(t.labels, t.columns, columns, atoms) for t in tables]),
        np.concatenate([t.low for t in tables]),
        np.concatenate([t.high for t in tables]),
    )


def _inside(
    labels: Sequence[Label], columns: Sequence[str], every: Sequence[str], atoms: Sequence[Label]
) -> Mask:
    """Which atoms each label counts, shape (labels, atoms). columns: of the labels; every: of the atoms."""
    inside = np.ones((len(labels), len(atoms)), bool)
    for i, column in enumerate(columns):
        names = np.array([label[i] for label in labels], object)
        there = np.array([atom[every.index(column)] for atom in atoms], object)
        inside &= (names == TOTAL)[:, None] | (names[:, None] == there[None, :])
    return inside


def _groups(atoms: Sequence[Label], columns: Sequence[str]) -> tuple[Mask, list[tuple[str, ...]]]:
    """Every group that some of the columns make, and these columns."""
    rows, by = list[Mask](), list[tuple[str, ...]]()
    for size in range(1, len(columns) + 1):
        for some in combinations(range(len(columns)), size):
            crossings = [tuple(atom[i] for i in some) for atom in atoms]
            for label in sorted(set(crossings)):
                rows.append(np.array([one == label for one in crossings]))
                by.append(tuple(columns[i] for i in some))
    return np.array(rows, bool).reshape(len(rows), len(atoms)), by


def _atoms(
    tables: Sequence[CountTable], columns: Sequence[str], known: Sequence[_Relation]
) -> list[Label] | None:
    """Every crossing of all columns in which somebody may be; None where they are too many.

    A crossing of one table is in another where what both say is the same; one that is in no cell of the other is only
    in its total.
    """
    partial: list[dict[str, str]] = [{}]
    for table in tables:
        leaves = [dict(zip(table.columns, leaf, strict=True)) for leaf in table.leaves]
        joined = list[dict[str, str]]()
        for atom in partial:
            fit = [leaf for leaf in leaves if all(atom.get(c, v) == v for c, v in leaf.items())]
            joined += [{**atom, **leaf} for leaf in fit] or [atom]
            if len(joined) > 50 * LARGEST_ATOMS:
                return None
        there = {tuple(atom.get(c, "") for c in table.columns) for atom in joined}
        joined += [leaf for leaf in leaves if tuple(leaf.values()) not in there]
        partial = [atom for atom in joined if all(r.allows(atom) for r in known)]
    atoms = sorted({tuple(atom.get(c, "") for c in columns) for atom in partial})
    return atoms if len(atoms) <= LARGEST_ATOMS else None


# --- what labels say of one another -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Relation:
    """Which values of two columns somebody can have both."""

    one: str
    other: str
    pairs: frozenset[tuple[str, str]]

    def allows(self, atom: Mapping[str, str]) -> bool:
        return (
            self.one not in atom or self.other not in atom or (atom[self.one], atom[self.other]) in self.pairs
        )


def _relations(tables: Sequence[CountTable]) -> list[_Relation]:
    """What a reader knows of columns of different tables: bands of one scale that meet or do not, codes that begin as
    those of the zone that they lie in.
    """
    values: dict[str, set[str]] = {}
    for table in tables:
        for column in table.columns:
            values[column] = values.get(column, set()) | _values(table, column)
    apart = [
        (a, b)
        for a, b in combinations(values, 2)
        if not any(a in t.columns and b in t.columns for t in tables)
    ]
    relations = list[_Relation]()
    for a, b in apart:
        bands = [{v: band(v) for v in values[c]} for c in (a, b)]
        if all(None not in side.values() for side in bands) and _cut(bands):
            meet = ((v, w) for v, w in product(values[a], values[b]) if _meet(bands[0][v], bands[1][w]))
        elif _nested(values[a], values[b]):
            meet = ((v, w) for v, w in product(values[a], values[b]) if w.startswith(v))
        elif _nested(values[b], values[a]):
            meet = ((v, w) for v, w in product(values[a], values[b]) if v.startswith(w))
        else:
            continue
        relations.append(_Relation(a, b, frozenset(meet)))
    return relations


Band = tuple[float, float]


def _cut(bands: Sequence[Mapping[str, Band | None]]) -> bool:
    """Whether both columns cut one scale into bands: not single numbers only, and over the same range."""
    ends = [[b for b in side.values() if b is not None] for side in bands]
    wide = all(any(high - low > 1 for low, high in side) for side in ends)
    first, second = ((min(low for low, _ in s), max(high for _, high in s)) for s in ends if s)
    return wide and first[0] < second[1] and second[0] < first[1]


def _meet(one: Band | None, other: Band | None) -> bool:
    return one is not None and other is not None and one[0] < other[1] and other[0] < one[1]


def _nested(zones: set[str], parts: set[str]) -> bool:
    """Whether each part begins with the code of exactly one zone, and is longer."""
    return len(zones) > 1 and all(
        sum(part.startswith(zone) and part != zone for zone in zones) == 1 for part in parts
    )


_NUMBER = r"(\d+(?:[.,]\d+)?)"
_UNIT = r"(?: ?(?:ans?|years?|mois|euros?|eur|€|m2|m²|%|personnes?|pieces?|h))?"
_BANDS = (
    (re.compile(rf"(?:de )?{_NUMBER}{_UNIT} ?(?:-|–|a|to|et|;) ?{_NUMBER}{_UNIT}"), "both"),
    (
        re.compile(
            rf"(?:{_NUMBER}{_UNIT} ?(?:et|ou|and|or) (?:plus|more|over)|{_NUMBER} ?\+|(?:>=|≥|des|a partir de|from) ?{_NUMBER}){_UNIT}"
        ),
        "from",
    ),
    (re.compile(rf"(?:plus de|over|more than|apres|>) ?{_NUMBER}{_UNIT}"), "over"),
    (re.compile(rf"(?:moins de|avant|under|less than|<) ?{_NUMBER}{_UNIT}"), "under"),
    (
        re.compile(
            rf"(?:jusqu'a|jusqu’a|<=|≤|au plus) ?{_NUMBER}{_UNIT}|{_NUMBER}{_UNIT} (?:et|ou|and|or) (?:moins|less)"
        ),
        "until",
    ),
    (re.compile(rf"{_NUMBER}{_UNIT}"), "one"),
)


def band(label: str) -> Band | None:
    """The numbers that a label covers, the last one left out, None when it is no band.

    >>> band("18-64"), band("65 ans et plus"), band("avant 67 ans"), band("plus de 60"), band("Nord")
    ((18.0, 65.0), (65.0, inf), (-inf, 67.0), (61.0, inf), None)
    """
    folded = fold(label).strip()
    for pattern, kind in _BANDS:
        if match := pattern.fullmatch(folded):
            numbers = [float(g.replace(",", ".")) for g in match.groups() if g]
            first, last = numbers[0], numbers[-1]
            return {
                "both": (first, last + 1),
                "from": (first, np.inf),
                "over": (first + 1, np.inf),
                "under": (-np.inf, first),
                "until": (-np.inf, first + 1),
                "one": (first, first + 1),
            }[kind]
    return None
