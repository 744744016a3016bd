"""Texts that a spreadsheet would run: a CSV has no types, so a cell that begins as a formula is one for
whoever opens it with a double click.

The policy: files for programs say exactly what the data say; files that people open in a spreadsheet (the
links of the pages, the register, an annotated copy) put an apostrophe before such a text. It is one for any
spreadsheet then, and taking one apostrophe away gives it back: a text that has some already gets one more.
Numbers, amounts, dates and telephone numbers with a sign are no formulas and stay as they are, and so are all
columns that are not texts.
"""

from __future__ import annotations

import re

SPACE = r"[\s\x{b}\x{a0}\x{200b}\x{feff}']*"
BEGINS = rf"^(?:{SPACE}[=@+\-＝＠＋－]|[\t\r\n]).*"
"""A text that may be run, as RE2 (the engine) reads it, with `s`: the dot takes line breaks."""
HARMLESS = r"^[ \x{a0}\x{202f}]*[+\-][0-9 \x{a0}\x{202f}.,:/()%€+\-]*(?:[0-9][eE][+\-]?[0-9]+)?$"
"""Of these, what holds but digits and their punctuation: -12,5 %, +33 4 67 00 00 00, -1.5e-3."""
_BEGINS, _HARMLESS = (
    re.compile(re.sub(r"\\x\{([0-9a-f]+)\}", lambda m: chr(int(m[1], 16)), p), re.DOTALL | re.ASCII)
    for p in (BEGINS, HARMLESS)
)
MARK = "'"


def runs(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula.

    >>> [runs(t) for t in ("=1+1", "@SUM(A1)", "-2+cmd|' /C calc'!A0", "\\tx", "-12,5", "+33 4 67 00 00 00", "a=b", "")]
    [True, True, True, True, False, False, False, False]
    """
    return _BEGINS.match(text) is not None and _HARMLESS.fullmatch(text) is None


def inert(text: str) -> str:
    """The text as a cell that no spreadsheet runs."""
    return MARK + text if runs(text) else text
