"""Tables that were printed: columns aligned by blanks, cells padded to one width, bars drawn around. Any
doubt leaves the file whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from parvis.readers.records import Dialect, by_width

LINES = 300
_AGREE = 0.95
_RULE = re.compile(r" *(?:-+|=+)(?: +(?:-+|=+))+ *")
"""Dashes under each label, as database programs draw them: they say where columns begin and end."""
_FEW = 5
"""Lines that must agree on columns whose blanks are two wide at least…"""
_MANY = 10
"""…and on those kept apart by a single one."""
_TOP = 12
"""Lines among which the table begins."""


def printed(lines: Sequence[str], dialect: Dialect) -> Dialect:
    """The dialect with what a printed table adds: padded cells, bars around, or the places of columns that
    nothing but blanks keeps apart.
    """
    bare_lines = [line.lstrip("\ufeff").rstrip("\r\n\x0c") for line in lines[:LINES]]
    cuts = _ruled(bare_lines, dialect.separator)
    if cuts:
        return Dialect("", "", cuts=cuts)
    if dialect.separator:
        boxed = _boxed(bare_lines, dialect.separator)
        padded = _padded(bare_lines, dialect.separator, boxed=boxed)
        return replace(dialect, boxed=boxed and (padded or dialect.separator != " "), padded=padded)
    cuts = _by_blanks(bare_lines)
    return Dialect("", "", cuts=cuts) if cuts else dialect


def _ruled(lines: Sequence[str], separator: str) -> tuple[int, ...]:
    """Where the dashes under the labels begin, when no word of the lines below runs over such a place."""
    at = next(
        (
            i
            for i, line in enumerate(lines[:_TOP])
            if i and lines[i - 1].strip() and _RULE.fullmatch(line) and "--" in line.replace("=", "-")
        ),
        0,
    )
    if not at or (separator and separator in lines[at].strip() and separator != " "):
        return ()
    starts = tuple(m.start() for m in re.finditer(r"[-=]+", lines[at]))
    cuts = (0, *starts[1:])
    below = [line for line in lines[at + 1 :] if line.strip()]
    fit = sum(1 for line in below if len(by_width(line, cuts)) == len(cuts))
    return (
        cuts
        if len(cuts) > 1
        and len(by_width(lines[at - 1], cuts)) == len(cuts)
        and fit >= 0.8 * len(below)
        and (fit or not below)
        else ()
    )


def _by_blanks(lines: Sequence[str]) -> tuple[int, ...]:
    """Where columns begin that blanks alone keep apart, from the labels to the last record."""
    if any("\t" in line for line in lines):
        return ()
    filled = [
        not line.strip() or not line.strip(" -=_*") for line in lines
    ]  # blank lines and rules part titles from the table
    for start in (0, *(i + 1 for i, empty in enumerate(filled[:_TOP]) if empty)):
        end = next(
            (i for i in range(start, len(lines)) if filled[i] and not (i == start + 1 and lines[i].strip())),
            len(lines),
        )
        whole = [line for line, empty in zip(lines[start:], filled[start:], strict=True) if not empty]
        block = [line for line, empty in zip(lines[start:end], filled[start:end], strict=True) if not empty]
        cuts = _gutters(whole) or _gutters(block)
        if cuts and sum(1 for line in whole if len(by_width(line, cuts)) == len(cuts)) >= 0.8 * len(whole):
            return cuts
    return ()


def _gutters(block: Sequence[str]) -> tuple[int, ...]:
    """Where the columns of a block of lines begin: after places that are blank in all of them. Each has a
    label, and cells below.
    """
    if len(block) < _FEW:
        return ()
    width = max(map(len, block))
    padded = [line.ljust(width) for line in block]
    empty = [all(line[i] in " \xa0" for line in padded) for i in range(width)]
    least = 1 if len(block) >= _MANY else 2
    cuts = [0]
    for i in range(1, width):
        labelled = (
            padded[0][max(0, i - 2) : i] == "  " and padded[0][i] != " "
        )  # a label begins here, well apart from the one before
        if (
            empty[i - 1]
            and not empty[i]
            and (labelled or all(empty[max(0, i - least) : i]))
            and i - least >= 0
            and not all(empty[:i])
        ):
            cuts.append(i)
    head, *below = (by_width(line, tuple(cuts)) for line in block)
    if len(cuts) < 2 or not all(head) or any(len(row) != len(cuts) for row in below):
        return ()
    wide = all(all(empty[cut - 2 : cut]) for cut in cuts[1:])
    full = [sum(1 for row in below if row[i]) / len(below) for i in range(len(cuts))]
    return tuple(cuts) if min(full) >= 0.2 and full[0] >= 0.9 and (len(cuts) > 2 or wide) else ()


def _boxed(lines: Sequence[str], separator: str) -> bool:
    """Whether a bar opens and closes (nearly) every line that has one."""
    with_bars = [line.strip() for line in lines if separator in line]
    drawn = [
        line
        for line in with_bars
        if line.startswith(separator) and line.endswith(separator) and len(line) > 2 * len(separator)
    ]
    return separator[:1] in "|¦" and len(drawn) >= 2 and len(drawn) >= _AGREE * len(with_bars)


def _padded(lines: Sequence[str], separator: str, *, boxed: bool) -> bool:
    """Whether blanks fill each cell to the width of its column: the separators of all lines stand one below
    the other.
    """
    text = "\n".join(lines)
    if '"' in text or separator == " " or not (f" {separator}" in text or f"{separator} " in text):
        return False
    places = [
        [m.start() for m in re.finditer(re.escape(separator), line)] for line in lines if separator in line
    ]
    cells = [
        cell
        for line in lines
        if separator in line
        for cell in line.strip().strip(separator if boxed else "").split(separator)
    ]
    blanks = sum(1 for c in cells if c != c.strip())
    if len(places) < 3 or not blanks:
        return False
    usual = max(places, key=places.count)
    if places.count(usual) >= _AGREE * len(places) and blanks * 3 >= len(cells):
        return True
    return boxed and blanks >= _AGREE * len(cells)
