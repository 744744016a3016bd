"""Prove that the records of a text file all have one shape, by one vectorised scan of its bytes: then the
engine reads it where it lies.
"""

from __future__ import annotations

import mmap
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from parvis.core.sentence import Sentence
from parvis.core.settings import Limits
from parvis.readers.limits import MB, past
from parvis.readers.memory_maps import passed

BLOCK = 3 << 18
"""Bytes looked at in one go: they stay in the processor's cache, and are enough that two threads seldom wait
for each other's Python.
"""

LARGE = 1 << 25
"""Bytes from which a text is scanned by two threads, a half each."""

_SPACES = b" \t\r\n\x1a"

Positions = npt.NDArray[np.int64]
Kinds = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Shape:
    """What the scan saw. regular: every record below `start` has the same number of cells, quotes open and
    close where they must, one kind of line end.
    """

    regular: bool
    records: int = 0
    trailing: int = 0
    """Empty lines after the last record."""
    longest: int = 0
    """Bytes of the longest record."""
    over: int = 0
    """The first record, from 1, that goes past the limit; 0: none does. The scan ends there."""


IRREGULAR = Shape(False)


@dataclass(frozen=True, slots=True)
class Cut:
    """Separators and line ends outside quotes in one block, and the state at its end. faulty: a quote stands
    where none may.
    """

    at: Positions
    kind: Kinds
    inside: bool
    faulty: bool = False


def cut(
    data: mmap.mmap | bytes, start: int, stop: int, *, separator: int, newline: int, quote: int, inside: bool
) -> Cut:
    """The separators and line ends of data[start:stop] outside quotes, as offsets in the file.

    separator, newline, quote: byte values; -1 when there is none. inside: `start` lies in quotes.
    """
    block = np.frombuffer(data, dtype=np.uint8, count=stop - start, offset=start)
    marks = block == newline
    if separator >= 0:
        marks |= block == separator
    quotes = block == quote if quote >= 0 else None
    if quotes is None or not (inside or quotes.any()):
        at = np.flatnonzero(marks)
        return Cut(at + start, block[at], inside)
    marks |= quotes
    at = np.flatnonzero(marks)
    kind = block[at]
    is_quote = kind == quote
    after = (np.cumsum(is_quote) + inside) & 1
    # Each quote is opening (the state after it is inside) or closing. `""` within a cell closes and opens
    # again.
    opens, closes = at[is_quote & (after == 1)], at[is_quote & (after == 0)]
    size = len(data)
    faulty = False
    if len(opens):
        before = block[np.maximum(opens - 1, 0)]
        if opens[0] == 0:
            before[0] = data[start - 1] if start else newline
        faulty = not bool(((before == newline) | (before == separator) | (before == quote)).all())
    if len(closes) and not faulty:
        behind = block[np.minimum(closes + 1, len(block) - 1)]
        if closes[-1] + 1 == len(block):
            behind[-1] = data[stop] if stop < size else newline
        faulty = not bool(
            ((behind == newline) | (behind == separator) | (behind == quote) | (behind == 13)).all()
        )
    keep = ~is_quote & (after == 0)
    return Cut(at[keep] + start, kind[keep], bool((int(np.count_nonzero(is_quote)) + inside) & 1), faulty)


def shape(
    data: mmap.mmap | bytes,
    start: int,
    *,
    separator: int,
    newline: Literal[10, 13],
    quote: int,
    width: int,
    limits: Limits,
    returns: bool = False,
    crlf: bool | None = None,
) -> Shape:
    """Scan data[start:], which begins a record. returns: the file has carriage returns. crlf: how the lines
    above end, None when there are none.

    Raises Unreadable when a record goes past `line_mb`.
    """
    size = len(data)
    ends = returns and newline == 10
    if ends and crlf is None:
        first = data.find(b"\n", start)
        crlf = first > 0 and data[first - 1] == 13
    rules = _Rules(separator, newline, quote, width, crlf if ends else None, limits.line_mb * MB)
    seen = _in_halves(data, start, size, rules) if size - start >= LARGE else _scan(data, start, size, rules)
    if seen.over:
        raise past(
            "line_mb",
            limits.line_mb,
            Sentence("L’enregistrement {over} est trop long", over=seen.over),
            unit="Mo",
        )
    return IRREGULAR if ends and seen.regular and _loose_returns(data, start) else seen


@dataclass(frozen=True, slots=True)
class _Rules:
    """What the bytes of a text mean, and what each record must be. crlf: whether lines end by a return and a
    feed; None: not to be looked at.
    """

    separator: int
    newline: int
    quote: int
    width: int
    crlf: bool | None
    allowed: int
    """Bytes that a record may have."""


def _in_halves(data: mmap.mmap | bytes, start: int, size: int, rules: _Rules) -> Shape:
    """The shape of data[start:size], by two threads, cut where a line ends: where a record does, unless
    quotes are open there.
    """
    middle = data.find(bytes((rules.newline,)), (start + size) // 2) + 1
    if not middle:
        return _scan(data, start, size, rules)
    with ThreadPoolExecutor(1) as hand:
        below = hand.submit(_scan, data, middle, size, rules)
        above = _scan(data, start, middle, rules)
        if not above.regular and rules.quote >= 0:  # perhaps for the quotes alone that were open
            return _scan(data, start, size, rules)
        return _joined(above, below.result())


def _joined(above: Shape, below: Shape) -> Shape:
    """The shape of two parts of a text, the first of which ends a line."""
    if not above.regular or above.over:
        return above
    if not below.regular or (above.trailing and below.records):
        return IRREGULAR
    if below.over:
        return Shape(True, over=above.records + below.over)
    return Shape(
        True,
        above.records + below.records,
        above.trailing + below.trailing,
        max(above.longest, below.longest),
    )


def _scan(data: mmap.mmap | bytes, start: int, size: int, rules: _Rules) -> Shape:
    """The shape of data[start:size], which begins a record."""
    separator, newline, quote, width, allowed = (
        rules.separator,
        rules.newline,
        rules.quote,
        rules.width,
        rules.allowed,
    )
    records = trailing = longest = 0
    begun = start  # offset where the open record starts
    cells = 0  # separators of the open record so far
    inside = False
    for block_start in range(start, size, BLOCK):
        passed(data, block_start, BLOCK)
        stop = min(size, block_start + BLOCK)
        pieces = cut(
            data, block_start, stop, separator=separator, newline=newline, quote=quote, inside=inside
        )
        inside = pieces.inside
        if pieces.faulty:
            return IRREGULAR
        ends = np.flatnonzero(pieces.kind == newline)
        if len(ends) == 0:
            cells += len(pieces.at)
            if stop - begun > allowed:
                return Shape(True, over=records + 1)
            continue
        seps = np.diff(ends, prepend=-1) - 1
        seps[0] += cells
        offsets = pieces.at[ends]
        lengths = np.diff(offsets, prepend=begun - 1) - 1
        longest = max(longest, int(lengths.max()))
        if longest > allowed:
            return Shape(True, over=records + int(np.argmax(lengths > allowed)) + 1)
        if rules.crlf is not None:
            if bool((_ended_by_return(data, block_start, stop, offsets) != rules.crlf).any()):
                return IRREGULAR
            lengths -= int(rules.crlf)
        cells = len(pieces.at) - 1 - int(ends[-1])
        begun = int(offsets[-1]) + 1
        empty = lengths == 0
        if trailing or bool(empty.any()):
            # Empty lines may only stand at the end of the file.
            if trailing and not bool(empty.all()):
                return IRREGULAR
            first = 0 if trailing else int(np.argmax(empty))
            if not bool(empty[first:].all()):
                return IRREGULAR
            trailing += len(lengths) - first
            seps, lengths, offsets = seps[:first], lengths[:first], offsets[:first]
        if len(seps) and (
            bool((seps != width - 1).any()) or _any_blank(data, offsets, lengths, width, separator, quote)
        ):
            return IRREGULAR
        records += len(seps)
    if inside:
        return IRREGULAR
    if begun < size:
        if trailing or cells != width - 1 or not bytes(data[begun:size]).strip(b" \t\r\n\x1a"):
            return IRREGULAR
        if _blank(bytes(data[begun:size]), separator, quote) or (
            rules.crlf is not None and b"\r" in bytes(data[begun:size]) and quote < 0
        ):
            return IRREGULAR
        records += 1
    return Shape(True, records, trailing, max(longest, size - begun))


def _ended_by_return(
    data: mmap.mmap | bytes, start: int, stop: int, offsets: Positions
) -> npt.NDArray[np.bool_]:
    block = np.frombuffer(data, dtype=np.uint8, count=stop - start, offset=start)
    before = block[np.maximum(offsets - start - 1, 0)] == 13
    if offsets[0] == start:
        before[0] = start > 0 and data[start - 1] == 13
    return before


def _loose_returns(data: mmap.mmap | bytes, start: int) -> bool:
    """A carriage return that no line feed follows: it may end a record for one reader and not for another."""
    for at in range(start, len(data), BLOCK):
        passed(data, at, BLOCK)
        block = bytes(data[at : at + BLOCK + 1])
        if block[:BLOCK].count(b"\r") != block.count(b"\r\n"):
            return True
    return False


def _any_blank(
    data: mmap.mmap | bytes, offsets: Positions, lengths: Positions, width: int, separator: int, quote: int
) -> bool:
    """A record without any value among those ended by `offsets`. Only records short enough to be empty cells
    and a few spaces are looked at.
    """
    reach = width - 1 + 8 + (2 * width if quote >= 0 else 0)
    short = np.flatnonzero(lengths <= reach)
    if len(short) == 0:
        return False
    if bool((lengths[short] <= width - 1).any()):
        return True
    if width > 256:
        return any(
            _blank(bytes(data[int(offsets[i] - lengths[i]) - 1 : int(offsets[i])]), separator, quote)
            for i in short.tolist()
        )
    # One row of bytes for each such record, from its end backwards: a value in none of them is a blank
    # record.
    whole = np.frombuffer(data, dtype=np.uint8)
    steps = np.arange(1, reach + 2)
    bytes_back = whole[np.maximum(offsets[short][:, None] - steps, 0)]
    return not bool(
        (_values(separator, quote)[bytes_back] & (steps <= lengths[short][:, None] + 1)).any(axis=1).all()
    )


@cache
def _values(separator: int, quote: int) -> npt.NDArray[np.bool_]:
    """For each byte, whether it is part of a value."""
    table = np.ones(256, dtype=np.bool_)
    table[[*_SPACES, *(b for b in (separator, quote) if b >= 0)]] = False
    return table


def _blank(record: bytes, separator: int, quote: int) -> bool:
    return not record.strip(_SPACES + bytes(b for b in (separator, quote) if b >= 0))
