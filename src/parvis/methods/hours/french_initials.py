"""Rows that begin with the first letter of their day (« L », « M », « M », « J », « V »): which « M » is Tuesday and which is
Wednesday is told by the order of the rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import combinations

from parvis.methods.hours.french_entries import DAY_NAMES
from parvis.methods.hours.french_words import fold

_NAME = r"(?:[LlMmJjVvSsDd]|[Ll]u|[Mm][ae]|[Jj]e|[Vv]e|[Ss]a|[Dd]i|L[Uu]|M[AEae]|J[Ee]|V[Ee]|S[Aa]|D[Ii])"
_HOURS = r"(?:de )?\d{1,2} ?(?:[hH:]|- ?\d)|[Ff]erm|FERM|[-–—/](?= *(?:$|[\n|;]))"
_ROW = re.compile(
    rf"(?P<begin>^|[\n|;•]|(?<=[\dhHé]) ?[,/](?= )|(?<=[\dhHé])(?= ))(?P<blank>[ \t]*)(?P<name>{_NAME})(?P<sign>\.?[ \t]*[:|>\t]?[ \t]*)(?={_HOURS})",
    re.MULTILINE,
)
_CELLS = re.compile(
    rf"(?m)^(?P<head>[^\n|\d]*?\|)??(?P<cells>[ \t]*\.?{_NAME}\.?[ \t]*(?:\|[ \t]*{_NAME}\.?[ \t]*){{2,6}})(?=\|?[ \t]*$)"
)
"""« | L | M | M | J | V | », a row of a table that names the days."""
LEAST = 3
"""Rows that make an order."""


def named_in_order(names: Sequence[str]) -> list[int] | None:
    """The days of the week, 0 is Monday, that first letters name in its order; None where they name none, or several lists.

    >>> named_in_order(["L", "M", "M", "J", "V"]), named_in_order(["L", "M", "J"]), named_in_order(["L", "Ma", "J"])
    ([0, 1, 2, 3, 4], None, [0, 1, 3])
    """
    folded = [fold(name) for name in names]
    if len(folded) < LEAST:
        return None
    lists = [
        days
        for days in combinations(range(7), len(folded))
        if all(DAY_NAMES[day].startswith(name) for day, name in zip(days, folded, strict=True))
    ]
    return list(lists[0]) if len(lists) == 1 else None


def initials_named(text: str) -> str:
    """The text with the names of the days in place of the first letters of its rows, or of the row at the head of its columns.

    >>> initials_named("L 9h-12h\\nM 9h-12h\\nM 14h-18h\\nJ fermé")
    'lundi : 9h-12h\\nmardi : 9h-12h\\nmercredi : 14h-18h\\njeudi : fermé'
    """
    text = _CELLS.sub(_named_cells, text)
    rows = list(_ROW.finditer(text))
    days = named_in_order([row["name"] for row in rows])
    if days is None or all(len(row["name"]) > 1 for row in rows):
        return text
    out: list[str] = []
    at = 0
    for row, day in zip(rows, days, strict=True):
        sign = row["sign"] if "|" in row["sign"] else " : "
        begin = row["begin"] or ("\n" if row.start() and row["blank"] else "")
        out += [text[at : row.start()], "\n" if begin.strip() in (",", "/") else begin, DAY_NAMES[day], sign]
        at = row.end()
    return "".join([*out, text[at:]])


def _named_cells(match: re.Match[str]) -> str:
    cells = match["cells"].split("|")
    days = named_in_order([cell.strip(" \t.") for cell in cells])
    return match[0] if days is None else (match["head"] or "") + _joined(DAY_NAMES[day] for day in days)


def _joined(names: Iterable[str]) -> str:
    return " " + " | ".join(names) + " "
