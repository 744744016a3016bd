"""Find the table in a grid of cells: the titles above it, its header rows, its columns, the notes below it.

Everything here is a pure function over rows of cells, row 0 being the first row of the sheet. A cell is blank
when it is '' or white space.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from parvis.core.text import fold
from parvis.readers.raw import Cell, cell_text
from parvis.readers.second_header import absent, labels_again
from parvis.readers.units import proof, unit

Row = Sequence[Cell]
Merge = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell of a merged area, as (row, column) from 0."""

SAMPLE = 300
"""Rows that are looked at to find the header."""

_NUMBER = re.compile(r"\s*+[+-]?[\s\u00a0\u202f.,']*+\d[\d\s\u00a0\u202f.,']*+[%€]?\s*+", re.ASCII)
_DATE = re.compile(r"\s*(\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})([ T].*)?", re.ASCII)
_FOOT = re.compile(
    r"\W*(total|sous-total|ensemble|source|note|nota|nb\b|n\.b|champ\b|lecture|legende|disclaimer|avertissement|remarque|precision|mise a jour|maj\b|"
    r"derniere mise|date de|extrait|edite|fait le|imprime|copyright|credit|mention|licence|contact|voir )"
)
_LONG = 60
"""A single cell of so many characters below a table is a note."""


@dataclass(frozen=True, slots=True)
class Block:
    """One table of a grid."""

    header_first: int
    """First header row from 0, -1 when there is none."""
    header_last: int
    """Last header row from 0, -1 when there is none."""
    start: int
    """First row that may hold data, from 0."""
    columns: tuple[int, ...]
    """Columns of the grid, from 0, that belong to the table as far as the sample shows."""
    labels: tuple[str, ...]
    """Label of each column, '' where the header has none."""


def blank(value: Cell) -> bool:
    return value is None or value == "" or (isinstance(value, str) and not value.strip())


def filled(row: Row) -> list[int]:
    """Columns of the row that hold something."""
    return [i for i, value in enumerate(row) if not blank(value)]


def is_text(value: Cell) -> bool:
    """A cell that could be a label: a text that is neither a number nor a date."""
    return isinstance(value, str) and not _NUMBER.fullmatch(value) and not _DATE.fullmatch(value)


def blocks(
    rows: Sequence[Row], merges: Sequence[Merge] = (), *, header_row: int | None = None
) -> tuple[Block, ...]:
    """The tables of a grid, from the sample of its first rows. header_row: the last header row from 1 when
    the publisher said it, 0 for none.

    One block, as a rule; several when tables stand side by side, each under a header of its own. None when
    every row is blank.
    """
    marks = [filled(row) for row in rows]
    if not any(marks):
        return ()
    if header_row is None:
        first, last = _header(rows, marks, merges)
    elif header_row == 0:
        first = last = -1
    else:
        last = min(header_row, len(rows)) - 1
        first = _top(rows, marks, merges, last)
    start = last + 1 if last >= 0 else next(i for i, m in enumerate(marks) if m)
    if last < 0 and header_row is None:
        start = _first_solid(marks)
    width = max((len(row) for row in rows), default=0)
    labels = _labels(rows, merges, first, last, width) if last >= 0 else [""] * width
    used = {c for m in marks[start:] for c in m} | {i for i, label in enumerate(labels) if label}
    columns = [c for c in range(width) if c in used]
    return tuple(
        Block(first, last, start, tuple(group), tuple(labels[c] for c in group))
        for group in _side_by_side(columns, labels, marks, first, start)
    )


def _threshold(marks: Sequence[Sequence[int]]) -> tuple[int, int]:
    """Usual number of filled cells in a row, and how many make a row that is not a title."""
    counts = sorted(len(m) for m in marks if m)
    usual = counts[round(0.75 * (len(counts) - 1))]
    return usual, min(usual, max(2, (usual + 1) // 2))


def _first_solid(marks: Sequence[Sequence[int]]) -> int:
    _, enough = _threshold(marks)
    return next(i for i, m in enumerate(marks) if len(m) >= enough)


def _header(rows: Sequence[Row], marks: Sequence[Sequence[int]], merges: Sequence[Merge]) -> tuple[int, int]:
    """First and last header row from 0; (-1, -1) when the table has none."""
    usual, enough = _threshold(marks)
    solid = [i for i, m in enumerate(marks) if len(m) >= enough]
    if sum(1 for m in marks if m) == 1:
        # One row alone: the header of an empty table, or one value.
        only = solid[0]
        return (
            (only, only)
            if len(marks[only]) >= 2 and all(is_text(rows[only][c]) for c in marks[only])
            else (-1, -1)
        )
    if usual == 1:
        solid = solid[_lone_title(marks, solid) :]
    head = -1
    most = 0
    for i in solid[:60]:
        record = len(marks[i]) > most
        after_gap = i > 0 and not marks[i - 1]
        most = max(most, len(marks[i]))
        if head < 0:
            if (record or after_gap) and _header_like(rows, marks, i):
                head = i
            continue
        bottom = _bottom(rows, marks, merges, head)
        if i <= bottom or not _header_like(rows, marks, i):
            continue
        gap = any(not m for m in marks[bottom + 1 : i])
        fuller = (
            record and len(marks[head]) < 0.7 * usual and len(marks[i]) >= 0.9 * usual and i - bottom <= 3
        )
        above = range(bottom + 1, i)
        plain = all(is_text(rows[r][c]) for r in above for c in marks[r])
        better = (
            gap
            and plain
            and len(above) <= 6
            and (
                (record and usual > 2)
                or (_contrast(rows, marks, i) and not _contrast_between(rows, marks, head, i))
            )
        )
        if fuller or better:
            head = i
    if head < 0:
        return -1, -1
    last = _bottom(rows, marks, merges, head)
    return _top(rows, marks, merges, head), last


def _lone_title(marks: Sequence[Sequence[int]], solid: Sequence[int]) -> int:
    """In a table of one column, 1 when the first row stands alone above a gap and more rows follow."""
    if len(solid) >= 3 and solid[1] > solid[0] + 1 and solid[2] == solid[1] + 1:
        return 1
    return 0


def _header_like(rows: Sequence[Row], marks: Sequence[Sequence[int]], i: int) -> bool:
    """A row of labels: texts, or texts and years, unlike what stands below."""
    other = [c for c in marks[i] if not is_text(rows[i][c])]
    if not other:
        return True
    texts = len(marks[i]) - len(other)
    if (
        texts
        and all(_year_like(rows[i][c]) for c in other)
        and len({cell_text(rows[i][c]) for c in other}) == len(other)
    ):
        below = [
            rows[r][c]
            for r in range(i + 1, min(i + 20, len(rows)))
            for c in other
            if c < len(rows[r]) and not blank(rows[r][c])
        ]
        return len(other) > 1 and bool(below) and not all(_year_like(v) for v in below)
    return texts >= 3 and len(other) <= 0.2 * len(marks[i]) and len(_contrasts(rows, marks, i)) >= 2


def _year_like(value: Cell) -> bool:
    if isinstance(value, (date, datetime)):
        return True
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, (int, float)):
        return float(value).is_integer() and 1900 <= value <= 2100
    return isinstance(value, str) and re.fullmatch(r"(19|20)\d\d", value.strip()) is not None


def _contrasts(rows: Sequence[Row], marks: Sequence[Sequence[int]], i: int) -> list[int]:
    """Columns with a text in row i and hardly any text below."""
    columns: list[int] = []
    for c in marks[i]:
        if is_text(rows[i][c]):
            below = [
                rows[r][c] for r in range(i + 1, len(rows)) if c < len(rows[r]) and not blank(rows[r][c])
            ]
            if below and sum(1 for v in below if is_text(v)) <= 0.1 * len(below):
                columns.append(c)
    return columns


def _contrast(rows: Sequence[Row], marks: Sequence[Sequence[int]], i: int) -> bool:
    return bool(_contrasts(rows, marks, i))


def _contrast_between(rows: Sequence[Row], marks: Sequence[Sequence[int]], top: int, end: int) -> bool:
    return any(not is_text(rows[r][c]) for r in range(top + 1, end) for c in marks[r])


def _bottom(rows: Sequence[Row], marks: Sequence[Sequence[int]], merges: Sequence[Merge], first: int) -> int:
    """Last header row of a header that begins at `first`: down merged labels, under merged groups, and over
    rows of units.
    """
    last = first
    while True:
        reach = last
        for (top, left), (down, right) in merges:
            if first <= top <= last and left < len(rows[top]) and not blank(rows[top][left]):
                if down > top:
                    reach = max(reach, down)
                if right > left and down == last and last + 1 < len(rows):
                    under = [c for c in marks[last + 1] if left <= c <= right]
                    if len(under) >= 2 and all(
                        is_text(rows[last + 1][c]) or _year_like(rows[last + 1][c]) for c in marks[last + 1]
                    ):
                        reach = max(reach, last + 1)
        if reach >= len(rows) or reach - first > 12:
            break
        if reach == last:
            break
        last = reach
    return last + 1 if _second_row(rows, marks, last) else last


def _second_row(rows: Sequence[Row], marks: Sequence[Sequence[int]], last: int) -> bool:
    """True when the row below the header is a header as well (units, years): text where all that follows is
    numbers.
    """
    below = last + 1
    if below + 1 < len(rows) and _unit_row(rows, marks, below):
        return True
    if (
        below + 2 >= len(rows)
        or len(marks[below]) < 2
        or not all(is_text(rows[below][c]) for c in marks[below])
        or any(absent(cell_text(rows[below][c]) or "") for c in marks[below])
    ):
        return False
    numeric = _contrasts(rows, marks, below)
    body = [r for r in range(below + 1, len(rows)) if len(marks[r]) >= 2]
    texts = [c for c in marks[below] if c not in numeric]
    # A first record whose numbers all read « n.c. » looks the same, but its names do too: ask that most cells
    # contrast.
    above = [rows[last][c] for c in numeric if c < len(rows[last]) and not blank(rows[last][c])]
    return (
        len(body) >= 2 and len(numeric) >= 2 and len(numeric) > len(texts) and all(is_text(v) for v in above)
    )


def second_header(rows: Sequence[Row], last: int) -> int:
    """The row from 0 under the header that labels the columns once more and is read as a record; -1 when none does."""
    below = next((i for i in range(last + 1, len(rows)) if filled(rows[i])), -1)
    if last < 0 or below < 0:
        return -1
    texts = [[cell_text(c) or "" for c in row] for row in (rows[last], *rows[below:])]
    return below if labels_again(texts[1], texts[0], [row for row in texts[2:] if any(row)]) else -1


def _unit_row(rows: Sequence[Row], marks: Sequence[Sequence[int]], i: int) -> bool:
    """A row of units only, one of them at least above numbers or dates."""
    cells = [cell_text(rows[i][c]) or "" for c in marks[i]]
    return any(map(proof, cells)) and all(map(unit, cells)) and _contrast(rows, marks, i)


def _top(rows: Sequence[Row], marks: Sequence[Sequence[int]], merges: Sequence[Merge], last: int) -> int:
    """First header row above `last`: rows of merged groups that stand right above it, or of groups that tell
    apart labels said twice.
    """
    first = last
    while first > 0 and marks[first - 1]:
        above = first - 1
        texts = [c for c in marks[above] if is_text(rows[above][c]) or _year_like(rows[above][c])]
        if len(texts) < len(marks[above]):
            break
        wide = [m for m in merges if m[0][0] <= above <= m[1][0] and m[1][1] > m[0][1]]
        spread = [m for m in wide if m[1][1] - m[0][1] + 1 < len(marks[last])]
        tall = any(top <= above < down and down >= first for (top, _), (down, _) in merges)
        labels = [cell_text(rows[last][c]) for c in marks[last]]
        doubled = len(set(labels)) < len(labels)
        if not (spread or tall or (doubled and len(marks[above]) >= 2 and not wide)):
            break
        first = above
    return first


def _labels(rows: Sequence[Row], merges: Sequence[Merge], first: int, last: int, width: int) -> list[str]:
    """The label of each column: what stands above it, from the top down, each part once."""
    parts: list[list[str]] = [[] for _ in range(width)]
    for r in range(first, last + 1):
        row = [_label(rows[r][c]) if c < len(rows[r]) else "" for c in range(width)]
        merged: set[int] = set()
        for (top, left), (down, right) in merges:
            if top <= r <= down and first <= top and left < len(rows[top]):
                for c in range(left, min(right, width - 1) + 1):
                    row[c] = _label(rows[top][left])
                    merged.add(c)
        if r < last and not merged:
            row = _spread(row, [_label(rows[last][c]) if c < len(rows[last]) else "" for c in range(width)])
        for c, text in enumerate(row):
            if text and (not parts[c] or parts[c][-1] != text):
                parts[c].append(text)
    return [" ".join(p) for p in parts]


def _spread(groups: list[str], labels: list[str]) -> list[str]:
    """Carry a group's name to the columns on its right that have a label and no group, when that tells apart
    labels said twice.
    """
    if len({x for x in labels if x}) == len([x for x in labels if x]):
        return groups
    carried, name = list(groups), ""
    for c, text in enumerate(groups):
        name = text or name
        carried[c] = name if labels[c] else text
    return carried


def _label(value: Cell) -> str:
    return " ".join((cell_text(value) or "").split())


def _side_by_side(
    columns: Sequence[int], labels: Sequence[str], marks: Sequence[Sequence[int]], first: int, start: int
) -> list[list[int]]:
    """Columns in groups: one, unless an empty column parts two tables that each have a title of their own,
    repeat a label, or end at rows of their own.
    """
    groups: list[list[int]] = []
    for c in columns:
        if groups and c == groups[-1][-1] + 1:
            groups[-1].append(c)
        else:
            groups.append([c])
    if len(groups) < 2 or first < 0 or any(len(g) < 2 or not all(labels[c] for c in g) for g in groups):
        return [list(columns)]
    titled = all(any(g[0] in m for m in marks[:first]) for g in groups)
    folded = [labels[c].casefold() for c in columns]
    repeated = len(set(folded)) < len(folded) and all(len({labels[c] for c in g}) == len(g) for g in groups)
    return groups if titled or repeated or _uneven(groups, marks[start:]) else [list(columns)]


def _uneven(groups: Sequence[Sequence[int]], marks: Sequence[Sequence[int]]) -> bool:
    """Whether each group is filled from its first row to its last, without a hole, and these last rows are
    not the same.
    """
    ends = set[int]()
    for group in groups:
        whole = [set(group) <= set(mark) for mark in marks]
        some = [any(c in mark for c in group) for mark in marks]
        if whole != some or whole != sorted(whole, reverse=True) or sum(whole) < 3:
            return False
        ends.add(sum(whole))
    return len(ends) > 1


def footer(rows: Sequence[Row]) -> int:
    """How many rows at the end are notes, not data. rows: those after the last row with several filled cells;
    each is blank or holds one cell.
    """
    data_rows = len(rows)
    gap = next((i for i, row in enumerate(rows) if not filled(row)), len(rows))
    if all(is_text(row[c]) for row in rows[gap:] for c in filled(row)):
        data_rows = gap
    while data_rows and (
        not filled(rows[data_rows - 1])
        or all(_note(rows[data_rows - 1][c]) for c in filled(rows[data_rows - 1]))
    ):
        data_rows -= 1
    return len(rows) - data_rows


def _note(value: Cell) -> bool:
    return (
        isinstance(value, str)
        and is_text(value)
        and (len(value) >= _LONG or _FOOT.match(fold(value)) is not None)
    )


def total_row(row: Iterable[Cell]) -> bool:
    """True when the row looks like a sum of the others: its first text says so."""
    first = next((v for v in row if not blank(v)), None)
    return isinstance(first, str) and re.match(r"\W*(total|ensemble|somme)\b", fold(first)) is not None
