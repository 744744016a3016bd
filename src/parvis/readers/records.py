"""Cut lines of text into records of cells, whatever quotes do: never stops, never swallows the rest of a file
for one stray quote.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LOOKAHEAD, LOOKAHEAD_CHARS = 1000, 8_000_000
"""Lines and characters that a quoted cell may span before its opening quote is taken for a plain character.
"""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are kept apart."""

    separator: str
    """One character, or the two or three that some programs write together (`||`); "" when there is a single
    column.
    """
    quote: str = '"'
    """`"`, `'`, or "" when quotes are plain characters."""
    escape: str = ""
    """A backslash where quotes inside quotes are written `\\"`; else they are doubled."""
    padded: bool = False
    """Blanks around a cell only fill its column: they are no part of it."""
    boxed: bool = False
    """A separator opens each line, and one closes it, as in a drawn table."""
    cuts: tuple[int, ...] = ()
    """Where each column begins on the line, in characters, the first at 0: columns told by their width alone.
    """

    @property
    def bare(self) -> bool:
        """Cells are the text between separators, unchanged."""
        return not (self.padded or self.boxed or self.cuts)


@dataclass(frozen=True, slots=True)
class Record:
    """One record. first, last: physical lines from 1. plain: the cells are the line cut at each separator, no
    quote in it.
    """

    first: int
    last: int
    cells: list[str]
    plain: bool = True

    @property
    def filled(self) -> int:
        """Cells that hold a value."""
        cells = self.cells
        if cells and min(cells) >= "!" and max(cells) < "\xa0":
            return len(
                cells
            )  # the usual record, seen in a quarter of the time: none is empty, none begins with a blank
        return len(cells) - sum(map(blank, cells))


def blank(cell: str) -> bool:
    """Nothing to read: spaces, no-break spaces, byte-order marks."""
    return not cell or not cell.strip(" \t\r\n\xa0\u202f\ufeff\u200b\x1a")


class Records:
    """The records of `lines` (each with its line end), numbered from `line`.

    width: the usual number of cells, when known: it settles whether a quote opens a cell. `raw()` hands the
    next line as it is to a caller that needs no cutting; `record(raw)` cuts it, with the lines that its
    quotes reach.
    """

    def __init__(self, lines: Iterable[str], dialect: Dialect, *, width: int = 0, line: int = 1) -> None:
        self._source = iter(lines)
        self._ahead: deque[str] = deque()
        self._dialect = dialect
        self._bare = dialect.bare
        self._width = width
        self._reach = LOOKAHEAD
        self.line = line
        """Physical line that comes next."""

    def raw(self) -> str | None:
        """The next physical line with its line end, None at the end."""
        raw = self._ahead.popleft() if self._ahead else next(self._source, None)
        if raw is not None:
            self.line += 1
        return raw

    def record(self, raw: str) -> Record:
        """The record that starts with the line just taken."""
        if self._bare:
            return self._record(raw)
        if self._dialect.cuts:
            return Record(self.line - 1, self.line - 1, by_width(raw.rstrip("\r\n\x0c"), self._dialect.cuts))
        record = self._record(_unboxed(raw, self._dialect.separator) if self._dialect.boxed else raw)
        return Record(record.first, record.last, [c.strip(_FILLING) for c in record.cells], record.plain)

    def _record(self, raw: str) -> Record:
        first = self.line - 1
        quote, separator = self._dialect.quote, self._dialect.separator
        text = raw.rstrip("\r\n")
        if not quote or quote not in text:
            return Record(first, first, text.split(separator) if separator else [text])
        cells, unclosed = split(text, self._dialect)
        taken: list[str] = []
        if unclosed:
            taken, cells, unclosed = self._reach_on(raw, cells)
            # A stray quote: it never closes, or only by eating the records below it.
            alone = split(text, self._dialect, literal=True)[0]
            if unclosed or (self._width and len(cells) != self._width and len(alone) == self._width):
                self._ahead.extendleft(reversed(taken))
                self.line -= len(taken)
                taken, cells = [], alone
                # A file with a stray quote on every line must not be read a thousand times over.
                self._reach = max(4, self._reach // 2)
            else:
                self._reach = min(LOOKAHEAD, max(2 * self._reach, 4 * len(taken)))
        return Record(first, first + len(taken), cells, plain=False)

    def _reach_on(self, raw: str, cells: list[str]) -> tuple[list[str], list[str], bool]:
        """Go on reading lines until the quote that was left open in `raw` closes: the lines taken, the cells,
        and whether it is still open.
        """
        dialect = self._dialect
        head, held = cells[:-1], [cells[-1] + raw[len(raw.rstrip("\r\n")) :]]
        taken: list[str] = []
        size = 0
        while len(taken) < self._reach and size < LOOKAHEAD_CHARS:
            following = self.raw()
            if following is None:
                break
            taken.append(following)
            size += len(following)
            end = _closing(following, 0, dialect) if dialect.quote in following else -1
            if end < 0:
                held.append(following)
                continue
            head.append(_unquoted("".join(held) + following[:end], dialect))
            at = following.find(dialect.separator, end + 1) if dialect.separator else -1
            if at < 0:
                return taken, head, False
            rest, unclosed = split(following[at + len(dialect.separator) :].rstrip("\r\n"), dialect)
            if not unclosed:
                return taken, head + rest, False
            head += rest[:-1]
            held = [rest[-1] + following[len(following.rstrip("\r\n")) :]]
        return taken, [*head, "".join(held)], True

    def __iter__(self) -> Iterator[Record]:
        while (raw := self.raw()) is not None:
            yield self.record(raw)


_FILLING = " \t\xa0\ufeff"
"""Blanks that fill a column."""


def _unboxed(raw: str, separator: str) -> str:
    """A line without the separators that open and close it, when both are there."""
    text = raw.lstrip("\ufeff").strip()
    inner = text.removeprefix(separator).removesuffix(separator)
    return inner if len(text) - len(inner) == 2 * len(separator) else raw


def by_width(text: str, cuts: tuple[int, ...]) -> list[str]:
    """The cells of a line whose columns begin at `cuts`; the whole line as one cell when a word runs over the beginning of a column: it is no record.

    >>> by_width("0001  Foch   12", (0, 6, 12)), by_width("24 rows selected.", (0, 6, 12))
    (['0001', 'Foch', '12'], ['24 rows selected.'])
    """
    if any(text[cut - 1 : cut].strip(_FILLING) and text[cut : cut + 1].strip(_FILLING) for cut in cuts[1:]):
        return [text]
    return [text[a:b].strip(_FILLING) for a, b in zip(cuts, (*cuts[1:], len(text)), strict=True)]


def split(text: str, dialect: Dialect, *, literal: bool = False) -> tuple[list[str], bool]:
    """The cells of one record, and whether its last cell is still open. literal: an unclosed quote is a plain
    character.
    """
    quote, separator = dialect.quote, dialect.separator
    cells: list[str] = []
    size, at = len(text), 0
    while True:
        start = at
        while start < size and text[start] in " \ufeff" and separator[:1] != text[start]:
            start += 1
        if start < size and text[start] == quote:
            end = _closing(text, start + 1, dialect)
            if end < 0 and not literal:
                cells.append(text[start + 1 :])
                return cells, True
            if end >= 0:
                cells.append(_unquoted(text[start + 1 : end], dialect))
                at = text.find(separator, end + 1) if separator else -1
                if at < 0:
                    return cells, False
                at += len(separator)
                continue
        stop = text.find(separator, at) if separator else -1
        if stop < 0:
            cells.append(text[at:])
            return cells, False
        cells.append(text[at:stop])
        at = stop + len(separator)


def _closing(text: str, at: int, dialect: Dialect) -> int:
    """Offset of the quote that closes a cell opened before `at`; -1 when there is none. A quote closes when a
    separator or the end follows.
    """
    quote, separator, escape = dialect.quote, dialect.separator, dialect.escape
    size = len(text)
    while True:
        end = text.find(quote, at)
        if end < 0:
            return -1
        if escape:
            slashes = end
            while slashes > at and text[slashes - 1] == escape:
                slashes -= 1
            if (end - slashes) % 2:
                at = end + 1
                continue
        if end + 1 < size and text[end + 1] == quote:
            at = end + 2
            continue
        after = end + 1
        while after < size and text[after] == " " and separator[:1] != " ":
            after += 1
        if (
            after == size
            or (separator and text.startswith(separator, after))
            or (text[after] in "\r\n" and not text[after:].strip("\r\n"))
        ):
            return end
        at = end + 1


def _unquoted(text: str, dialect: Dialect) -> str:
    quote, escape = dialect.quote, dialect.escape
    if escape and escape in text:
        return (
            text.replace(escape + escape, "\x00")
            .replace(escape + quote, quote)
            .replace("\x00", escape)
            .replace(quote + quote, quote)
        )
    return text.replace(quote + quote, quote) if quote in text else text
