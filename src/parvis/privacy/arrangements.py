"""Ways in which cells that follow each other may hold one number: side by side, right to left, in another order, with a
column between, one below the other, backwards.

Only ways that nearly always give the form of a number are given; whether their check digits hold is asked elsewhere
(`joined_columns`). A number that a spreadsheet made of « 05 » has its zeros again, up to the width of its column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

import numpy as np
from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.types import Column
from parvis.privacy.cells import aliased, cell_of, record_of, rows_of
from parvis.privacy.forms import plain_text
from parvis.privacy.looking import NAMED_ELSE, Look
from parvis.privacy.number_words import whole_number

WIDEST = 300
"""Columns of digits of a table past which none are joined: each width asks for its windows."""
ROWS_READ, CELLS = 2_000, 100_000
"""Rows of columns of digits that are read at most, spread evenly over the table, and cells."""
FIRST, SPREAD = 256, 64
"""Rows that are read before any form was seen: the first ones, which follow each other, and some of all the table."""
NEARLY = 0.9
"""Share of the rows that a form must have."""
NEAR, PARTS = 7, 4
"""Columns of digits within which the parts of one number stand in any order, and how many parts then."""
WIDEST_IN_ANY_ORDER = 60
"""Columns of digits past which parts are sought in the order of the table only."""
FEWEST_DIGITS = 5
"""Different signs of a column below which it tells of yes and no, not of numbers one below the other."""
FEW = 3
"""Different numbers under which no header, none over several cells is told: any few digits pass by luck."""

_PART = re.compile(r"[0-9A-Z]{1,27}")
_SEPARATED = re.compile(r"(?:[\W_]*[0-9A-Z]){1,27}[\W_]*")
_SEPARATORS = re.compile(r"[\W_]+")
_NO_DIGIT = re.compile(r"[^0-9]+")
FORMS: Mapping[str, re.Pattern[str]] = {
    "nir": re.compile(r"[1-478][0-9]{2}(?:0[1-9]|1[0-2])(?:2[AB]|[0-9]{2})[0-9]{8}"),
    "nir-without-key": re.compile(r"[12][0-9]{2}(?:0[1-9]|1[0-2])(?:2[AB]|[0-9]{2})[0-9]{6}"),
    "tax-number": re.compile(r"[0-3][0-9]{12}"),
    "payment-card": re.compile(r"(?:4[0-9]|5[1-5])[0-9]{14}"),
    "bank-account": re.compile(r"[1-4][0-9]{9}[0-9A-Z]{11}[0-9]{2}"),
    "iban": re.compile(r"(?:FR|MC)[0-9]{12}[0-9A-Z]{11}[0-9]{2}"),
    "phone": re.compile(r"0[1-9][0-9]{8}"),
}
"""What nearly all rows must look like for a kind to be thought of."""
_WIDTHS: Mapping[int, Sequence[str]] = {
    10: ("phone",),
    13: ("nir-without-key", "tax-number"),
    15: ("nir",),
    16: ("payment-card",),
    23: ("bank-account",),
    27: ("iban",),
}
_WIDEST_NUMBER = max(_WIDTHS)
_KEYED_WIDTHS = frozenset(_WIDTHS) - {10}
LONGEST = 200
"""Characters of a cell that is read as one number."""
_BEGINS: Mapping[str, frozenset[str]] = {
    "nir": frozenset("123478"), "tax-number": frozenset("0123"), "payment-card": frozenset("45"),
    "bank-account": frozenset("1234"), "iban": frozenset("FM"),
}  # fmt: skip
"""How a number with check digits begins."""


@dataclass(frozen=True, slots=True)
class CodeCells:
    """Cells of the columns of codes of a table, in its order. cells: by column, as signs of codes alone, "" where empty;
    records: number of each row in the table; following: the first rows, which follow each other; separated: columns
    whose cells have signs between their digits, or say them in words.
    """

    records: Sequence[int]
    cells: Mapping[str, Sequence[str]]
    following: int
    separated: frozenset[str]

    def spread(self) -> CodeCells:
        """The same on a few rows of them all."""
        step = max(1, len(self.records) // SPREAD)
        thinner = {name: column[::step] for name, column in self.cells.items()}
        return CodeCells(self.records[::step], thinner, 0, self.separated)

    def plain(self) -> CodeCells:
        """The same without the columns that have signs between their digits: dates stand between parts of numbers."""
        cells = {name: column for name, column in self.cells.items() if name not in self.separated}
        return CodeCells(self.records, cells, self.following, frozenset())


@dataclass(frozen=True, slots=True)
class Arrangement:
    """One way to read numbers of so many signs. columns: whose cells are put end to end, in this order; down: those of one
    column, or of each column of a table that is turned, one below the other, from the cell `begin`; each: signs of
    what is read is turned round.
    """

    columns: tuple[str, ...]
    width: int
    backwards: bool = False
    down: bool = False
    begin: int = 0

    def texts(self, cells: CodeCells) -> tuple[list[str], list[int]]:
        """What stands there, "" where a part is empty or the width is another, and the row where each text begins."""
        if self.down:
            texts, places = self._below(cells)
        else:
            columns = [cells.cells[name] for name in self.columns]
            parts = zip(*columns, strict=True)
            whole = columns[0] if len(columns) == 1 else ["".join(p) if all(p) else "" for p in parts]
            texts = [t if len(t) == self.width else "" for t in whole]
            places = list(range(len(texts)))
        return [t[::-1] for t in texts] if self.backwards else texts, places

    def _below(self, cells: CodeCells) -> tuple[list[str], list[int]]:
        texts, places = list[str](), list[int]()
        for name in self.columns:
            column = [(i, c) for i, c in enumerate(cells.cells[name][: cells.following]) if c][self.begin :]
            signs = "".join(c for _, c in column)
            owners = [i for i, c in column for _ in c]
            for at in range(0, len(signs) - self.width + 1, self.width):
                texts.append(signs[at : at + self.width])
                places.append(owners[at])
        return texts, places


def shaped(cells: CodeCells) -> Iterator[tuple[Arrangement, str]]:
    """The ways to read cells that give the form of a kind of number nearly always, with that kind."""
    seen: set[tuple[Arrangement, str]] = set()
    spread = cells.spread()
    ways = [*_side_by_side(spread), *_in_any_order(spread)]
    if spread.separated:
        ways += _side_by_side(spread.plain())
    for way, kinds in ways:
        texts = [t for t in way.texts(spread)[0] if t]
        for kind in kinds:
            if texts and (way, kind) not in seen and _of_form(kind, texts) and _several(texts):
                seen.add((way, kind))
                yield way, kind
    yield from _down(cells)


def _several(texts: Sequence[str]) -> bool:
    """Whether numbers differ, as those of people do: one that comes again tells once, and by luck."""
    return len(set(texts)) >= min(FEW, len(texts))


def _of_form(kind: str, texts: Sequence[str]) -> bool:
    misses, allowed = 0, (1 - NEARLY) * len(texts)
    for text in texts:
        if FORMS[kind].fullmatch(text) is None:
            misses += 1
            if misses > allowed:
                return False
    return True


def _side_by_side(cells: CodeCells) -> Iterator[tuple[Arrangement, Sequence[str]]]:
    """Columns that follow each other, whose cells have together as many signs as a number, however they share them."""
    names = tuple(cells.cells)
    if not names:
        return
    widths = np.array([[len(c) for c in cells.cells[n]] for n in names], dtype=np.int32)
    ends = np.concatenate((np.zeros((1, widths.shape[1]), np.int32), np.cumsum(widths, axis=0)))
    gaps = np.concatenate((np.zeros((1, widths.shape[1]), np.int32), np.cumsum(widths == 0, axis=0)))
    for i in range(len(names)):
        last = min(len(names), i + _WIDEST_NUMBER)
        totals = ends[i + 1 : last + 1] - ends[i]
        whole = gaps[i + 1 : last + 1] == gaps[i]
        rows = whole.sum(axis=1)
        for width, kinds in _WIDTHS.items():
            right = ((totals == width) & whole).sum(axis=1)
            for j in np.flatnonzero((rows > 0) & (right >= NEARLY * rows)):
                columns = names[i : i + int(j) + 1]
                if len(columns) > 1 or names[i] in cells.separated:
                    yield Arrangement(columns, width), kinds
                yield Arrangement(columns, width, backwards=True), _keyed(kinds)
                if len(columns) > 1:
                    yield Arrangement(columns[::-1], width), _keyed(kinds)


def _in_any_order(cells: CodeCells) -> Iterator[tuple[Arrangement, Sequence[str]]]:
    """A few columns near each other, whichever stand between, in each order; of kinds that have check digits."""
    widths = {name: max(map(len, column), default=0) for name, column in cells.cells.items()}
    even = [
        name
        for name, column in cells.cells.items()
        if 0 < widths[name] < _WIDEST_NUMBER
        and sum(len(c) in (0, widths[name]) for c in column) >= NEARLY * len(column)
    ]
    if len(even) > WIDEST_IN_ANY_ORDER:
        return
    begins = {
        name: frozenset(
            kind
            for kind, signs in _BEGINS.items()
            if sum(c[0] in signs for c in filled) >= NEARLY * len(filled)
        )
        for name in even
        if (filled := [c for c in cells.cells[name] if c])
    }
    for i, first in enumerate(even):
        near = even[i + 1 : i + NEAR]
        for count in range(1, PARTS):
            for others in combinations(near, count):
                width = widths[first] + sum(widths[n] for n in others)
                if width not in _WIDTHS:
                    continue
                for order in permutations((first, *others)):
                    kinds = [k for k in _WIDTHS[width] if k in begins[next(iter(order))]]
                    if kinds:
                        yield Arrangement(order, width), kinds


def _down(cells: CodeCells) -> Iterator[tuple[Arrangement, str]]:
    """The cells of one column, one below the other; those of each column, where the table is turned."""
    turned = list[str]()
    for name, column in cells.cells.items():
        following = [c for c in column[: cells.following] if c]
        signs, longest = "".join(following), max(map(len, following), default=0)
        if len(following) == cells.following == len(column) and len(signs) in _WIDTHS:
            turned.append(name)
        if len(set(signs)) < FEWEST_DIGITS:
            continue
        for width, kinds in _WIDTHS.items():
            if longest >= width or len(signs) < FEW * width:
                continue
            at = 0
            for begin, cell in enumerate(following):
                if at >= width:
                    break
                texts = [
                    signs[i : i + width]
                    for i in range(at, min(len(signs), at + SPREAD * width) - width + 1, width)
                ]
                for kind in _keyed(kinds):
                    if _of_form(kind, texts) and _several(texts):
                        yield Arrangement((name,), width, down=True, begin=begin), kind
                at += len(cell)
    for width, kinds in _WIDTHS.items():
        columns = tuple(n for n in turned if sum(map(len, cells.cells[n])) == width)
        texts = ["".join(cells.cells[n]) for n in columns]
        for kind in _keyed(kinds):
            if len(columns) >= FEW and _of_form(kind, texts) and _several(texts):
                yield Arrangement(columns, width, down=True), kind


def _keyed(kinds: Sequence[str]) -> Sequence[str]:
    """Those that more than their form tells."""
    return [k for k in kinds if k in _BEGINS or k == "phone"]


def code_cells(look: Look, rows: int, names: Sequence[str] = ()) -> CodeCells:
    """The columns whose cells are codes, on a few rows. names: these columns, on as many rows as are read at most."""
    columns = [c for c in look.schema.columns if (c.name in names if names else _coded(look, c))]
    if not columns or len(columns) > WIDEST:
        return CodeCells((), {}, 0, frozenset())
    most = min(ROWS_READ, max(200, CELLS // len(columns))) if names else SPREAD
    number = exp.column("file_row_number")
    query = exp.select(
        number, aliased(record_of(look.paths, look.con), "r"), *(_as_text(c) for c in columns)
    ).from_(rows_of(look.paths))
    if rows > most:
        spread = exp.EQ(
            this=exp.Mod(this=number, expression=exp.Literal.number(rows // most)),
            expression=exp.Literal.number(0),
        )
        first = exp.LT(this=number, expression=exp.Literal.number(FIRST))
        query = query.where(spread if names else exp.or_(first, spread))
    table = look.con.execute(query.limit(2 * most + FIRST).sql("duckdb")).to_arrow_table()
    records = [int(r) for r in table.column(1).to_pylist() if r is not None]
    following = 0 if names else sum(r <= FIRST for r in records)
    cells: dict[str, Sequence[str]] = {}
    separated = set[str]()
    for column, values in zip(columns, table.columns[2:], strict=True):
        given = ["" if v is None else str(v) for v in values.to_pylist()]
        codes = _numbers(given) if column.type != "text" else _codes(given)
        if codes is not None:
            cells[column.name] = codes
            separated |= {column.name} if column.type == "text" and codes != given else set()
    return CodeCells(records, cells, following, frozenset(separated))


def _as_text(column: Column) -> Expr:
    cell = cell_of(column.name)
    number = exp.cast(cell, "TINYINT") if column.type == "boolean" else cell
    return exp.cast(number, "VARCHAR")


def _coded(look: Look, column: Column) -> bool:
    """Whether a column may hold codes, by its first values."""
    if column.meaning in NAMED_ELSE or column.type not in ("integer", "boolean", "text"):
        return False
    if column.type != "text":
        return True
    values = look.samples.get(column.name, ())[:50]
    return bool(values) and _codes(values) is not None


def _numbers(values: Sequence[str]) -> Sequence[str] | None:
    """Whole numbers with the zeros that they had; None where some are negative."""
    width = max(map(len, values), default=0)
    if any(v.startswith("-") for v in values):
        return None
    return [v and v.rjust(width, "0") for v in values]


def _codes(values: Sequence[str]) -> Sequence[str] | None:
    """Texts as signs of codes alone, without what stands between them and with the digits that words say; None where
    more than a few are none.
    """
    codes, strangers, allowed = list[str](), 0, (1 - NEARLY) * len(values)
    for value in values:
        code = _code(value) if value else ""
        if value and not code:
            strangers += 1
            if strangers > allowed:
                return _digits_within(values)
        codes.append(code)
    return codes


def _digits_within(values: Sequence[str]) -> Sequence[str] | None:
    """The digits of texts, where nearly all have as many as a number that has check digits."""
    numbers, strangers, allowed = list[str](), 0, (1 - NEARLY) * len(values)
    for value in values:
        digits = _NO_DIGIT.sub("", plain_text(value)) if len(value) <= LONGEST else ""
        if value and len(digits) not in _KEYED_WIDTHS:
            strangers += 1
            if strangers > allowed:
                return None
        numbers.append(digits)
    return numbers


def _code(value: str) -> str:
    """A text as signs of codes alone, "" where it is none."""
    if _PART.fullmatch(value):
        return value
    if len(value) > LONGEST:
        return ""
    plain = plain_text(value)
    if any(map(str.isdigit, plain)):
        return _SEPARATORS.sub("", plain) if _SEPARATED.fullmatch(plain) else ""
    return whole_number(plain)
