"""Tables one below the other on a sheet: where each of them begins. A blank row alone parts nothing: labels
of another table must follow it.

Pure functions over rows of cells, as in `grid`.
"""

from __future__ import annotations

from collections.abc import Sequence

from parvis.readers.grid import Row, blank, filled, is_text
from parvis.readers.raw import cell_text

ROWS = 100_000
"""Rows of a sheet that is looked at so: those that people fill by hand. A longer one is one table."""
_FEW = 6
"""Records of a table of two columns at the top of a sheet: fewer may be parameters (« Exercice, 2025 »)."""
_LONG = 80
"""Characters of a label."""


def starts(rows: Sequence[Row]) -> tuple[int, ...]:
    """Rows from 0 where a further table begins, at its title or its labels; none as a rule."""
    marks = [filled(row) for row in rows]
    places: list[int] = []
    since = 0
    for at in range(1, len(rows)):
        if not marks[at] or marks[at - 1]:
            continue
        head = _head(marks, at)
        if head and _table(rows, marks, since, at, top=not places) and _begins(rows, marks, since, at, head):
            places.append(at)
            since = at
    return tuple(places)


def _head(marks: Sequence[Sequence[int]], at: int) -> int:
    """The row of labels of a table that begins at this row: here, or below a title that is alone on its row;
    0 when there is none.
    """
    if len(marks[at]) > 1:
        return at
    below = next((i for i in range(at + 1, min(at + 3, len(marks))) if marks[i]), 0)
    return below if below and len(marks[below]) > 1 else 0


def _labels(rows: Sequence[Row], marks: Sequence[Sequence[int]], since: int, end: int) -> int:
    """The first row of two texts at least, all different: the labels of the table; -1 when there is none."""
    return next((i for i in range(since, end) if len(marks[i]) > 1 and _named(rows[i], marks[i])), -1)


def _named(row: Row, mark: Sequence[int]) -> bool:
    texts = [(cell_text(row[c]) or "").strip().casefold() for c in mark]
    return (
        all(is_text(row[c]) for c in mark) and len(set(texts)) == len(texts) and max(map(len, texts)) <= _LONG
    )


def _turned(rows: Sequence[Row], head: int, body: Sequence[int]) -> bool:
    """Whether some column holds a text in the row `head` and hardly any in the rows of the body."""
    for c in filled(rows[head]):
        cells = [rows[r][c] for r in body if c < len(rows[r]) and not blank(rows[r][c])]
        if is_text(rows[head][c]) and cells and sum(1 for v in cells if is_text(v)) <= 0.2 * len(cells):
            return True
    return False


def _table(rows: Sequence[Row], marks: Sequence[Sequence[int]], since: int, end: int, *, top: bool) -> bool:
    """Whether the rows above are a table, and not a title or parameters: labels, and records that are unlike
    them or have three columns.
    """
    head = _labels(rows, marks, since, end)
    body = [r for r in range(head + 1, end) if len(marks[r]) > 1] if head >= 0 else []
    wide = head >= 0 and len(marks[head]) > 2
    return len(body) > (1 if wide or not top else _FEW) and (wide or _turned(rows, head, body))


def _begins(rows: Sequence[Row], marks: Sequence[Sequence[int]], since: int, at: int, head: int) -> bool:
    """Whether the row `head` has labels of its own, above records of its own."""
    mark = marks[head]
    end = next((i for i in range(head + 1, len(rows)) if not marks[i]), len(rows))
    body = [r for r in range(head + 1, end) if len(marks[r]) > 1]
    if (
        not body
        or not _named(rows[head], mark)
        or mark[-1] - mark[0] + 1 != len(mark)
        or any(c not in mark for r in body for c in marks[r])
    ):
        return False
    above = _labels(rows, marks, since, at)
    if [cell_text(rows[above][c]) for c in marks[above]] == [cell_text(rows[head][c]) for c in mark]:
        return False
    before = [r for r in range(above + 1, at) if len(marks[r]) > 1]
    other = mark != marks[above]
    unlike = _turned(rows, head, body)
    return (unlike and (other or _turned(rows, head, before))) or (other and head > at and len(mark) > 2)
