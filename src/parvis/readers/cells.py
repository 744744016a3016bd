"""What one cell looks like, as far as structure needs it: to tell a header from data, a separator from a
decimal mark. `columns` finds types proper.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Literal

Look = Literal["empty", "number", "date", "code", "text"]

_NUMBER = re.compile(
    r"[+\-−]?(?:\d{1,3}(?:[ \xa0\u202f.,'’]\d{3})+|\d+)(?:[.,]\d+)?(?:[eE][+-]?\d+)?\s?(?:%|€|\$|£|k€|M€)?|[+\-−]?[.,]\d+|-?\d+[.,]"
)
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)?(?:Z| ?[+-]\d{2}:?\d{2})?"
    r"|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}(?:[T ]\d{1,2}[:h]\d{2}(?::\d{2})?)?|\d{1,2}[:h]\d{2}(?::\d{2})?"
)
_CODE = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.-]+|https?://\S+|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
    r"|[A-Z]{0,6}[-_/]?\d[\dA-Z]*(?:[-_/.:]\d[\dA-Z]*)*|[\[{(].*[\]})]",
    re.DOTALL,
)
_LONG = 200
"""Characters that no number, date or code has."""
_DECIMAL = re.compile(r"[+\-−]?(\d[\d \xa0\u202f.,'’]*)([.,])(\d+)(?:[eE][+-]?\d+)?\s?(?:%|€)?")


def look(cell: str) -> Look:
    """The kind of a cell, without its outer spaces."""
    bare = cell.strip(" \t\r\n\xa0\u202f\ufeff")
    if not bare:
        return "empty"
    if len(bare) > _LONG:
        return "code" if bare[0] in "[{" else "text"
    if not any(c.isdigit() for c in bare):
        return "code" if bare[:1] in "[{" or "@" in bare or bare.startswith("http") else "text"
    if _NUMBER.fullmatch(bare):
        return "number"
    if _DATE.fullmatch(bare):
        return "date"
    return "code" if _CODE.fullmatch(bare) else "text"


def decimal_mark(rows: Iterable[Sequence[str]], separator: str) -> str | None:
    """`,` or `.` as the numbers use it; None when no number has a decimal part.

    One mark before exactly three digits may be a thousands mark: it counts only when nothing better is seen,
    not beside whole numbers of the same column (« 1.204 » above « 950 »), and a comma in a file cut at commas
    is thousands.
    """
    sure, maybe = Counter[str](), Counter[str]()
    for column in zip_longest(*rows, fillvalue=""):
        grouped = Counter[str]()
        whole_numbers = 0
        for cell in column:
            bare = cell.strip()
            if len(bare) > _LONG:
                continue
            match = _DECIMAL.fullmatch(bare)
            if not match:
                whole_numbers += bare.isdecimal()
                continue
            whole, mark, part = match.groups()
            if mark in whole:
                continue  # the mark is repeated: 1,234,567
            other = "." if mark == "," else ","
            if len(part) == 3 and other not in whole and whole.lstrip("0") and len(whole) <= 3:
                grouped[mark] += 1
            else:
                sure[mark] += 1
        if not whole_numbers:
            maybe.update(grouped)
    if sure:
        return max(sure, key=lambda m: sure[m])
    if maybe["."] > maybe[","]:
        return "."
    return "," if maybe[","] and separator != "," else None
