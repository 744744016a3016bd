"""Find the separator and the quotes of a text table from a sample of its lines.

Each separator is tried: a good one cuts most records to one width, and leaves cells that look like values.
After the consistency measure of van den Burg, Nazabal and Sutton (2019, arXiv 1811.11242), with the habits of
French exports as priors.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from parvis.readers.cells import look
from parvis.readers.records import Dialect, Record, Records
from parvis.readers.widths import printed

COMMON = {";": 1.0, "\t": 1.0, ",": 0.97, "|": 0.95}
"""Separators that files use, with a prior."""
RARE = {
    "^": 0.6,
    "~": 0.6,
    "¤": 0.6,
    "§": 0.6,
    "\x1f": 0.6,
    "\x01": 0.6,
    "¦": 0.6,
    "•": 0.5,
    "#": 0.4,
    ":": 0.4,
    "*": 0.4,
    "!": 0.4,
    " ": 0.3,
}
"""Tried only when no common one cuts the file."""
FEW = 300
"""Records looked at."""
_ENOUGH = 0.30

_QUOTED = re.compile(r"(?:^|[;,\t|^~:\x1f])[ ]?(['\"])(?:(?!\1).|\1\1)*\1[ ]?(?=[;,\t|^~:\x1f]|$)")
_PAIR = re.compile(r"-?\d+,\d+")
_AMONG = re.compile(r".*[^\w,.-]-?\d+,\d+(?:[^\w,].*)?")


def find(lines: Sequence[str]) -> Dialect:
    """The dialect of a file, from its first lines (each with its line end)."""
    quote = _quote(lines)
    escape = _escape(lines, quote)
    stated = stated_separator(lines)
    if stated:
        return Dialect(stated, quote, escape)
    best = _single(lines, quote, escape)
    drawn = printed(lines, best)
    longer = _longer(lines, best.separator) if drawn.bare else ""
    if not longer:
        return drawn
    sign = longer.strip(" \t")
    return Dialect(sign, quote, escape, padded=sign != longer)


def _single(lines: Sequence[str], quote: str, escape: str) -> Dialect:
    """The dialect among those of one character, or of a single column."""
    best, score = Dialect("", quote, escape), 0.0
    for candidates in (COMMON, RARE):
        for separator, prior in candidates.items():
            if not any(separator in line for line in lines):
                continue
            dialect = Dialect(separator, quote, escape)
            got = prior * _score(lines, dialect)
            if got > score:
                best, score = dialect, got
        if score >= _ENOUGH:
            break
    return best if score >= _LEAST else Dialect("", quote, escape)


_LEAST = 0.12
_TOLD = re.compile(r"\ufeff?\"?sep=([^\w\s\"]|\t)\"?[;,\t]*[\r\n]*", re.IGNORECASE)


def stated_separator(lines: Sequence[str]) -> str:
    """The separator that the first line gives to Excel (`sep=;`); "" when it tells none."""
    match = _TOLD.fullmatch(lines[0]) if lines else None
    return match.group(1) if match else ""


_SIGNS = r"[|;:~^$@#§¤&!*¦<>]"
_LONGER = re.compile(rf"([ \t]{_SIGNS}{{2,3}}[ \t]|{_SIGNS}{{3}}|{_SIGNS}{_SIGNS}|[ \t]{_SIGNS}[ \t])")
_SHORTER = re.compile(rf"({_SIGNS}{_SIGNS})")
_HEADS = 10
"""Lines among which the labels stand."""
_INSIDE = re.compile(r'"[^"]*"')


def _longer(lines: Sequence[str], single: str) -> str:
    """The separator of two or three signs (`||`, `~|`, `|;|`), or of one between blanks, that cuts every line
    as it cuts the labels; "" when there is none.

    single: the best separator of one character. It stands unless it is a part of the longer one, or nowhere
    among the labels (the commas of numbers).
    """
    filled = [line for line in lines[:FEW] if line.strip()]
    if not any(map(_LONGER.search, filled[:_HEADS])):
        return ""
    full = [_INSIDE.sub('""', line.lstrip("\ufeff").rstrip("\r\n")) for line in filled]
    for place, head in enumerate(full[:_HEADS]):
        for candidate in dict.fromkeys([*_LONGER.findall(head), *_SHORTER.findall(head)]):
            sign = candidate.strip(" \t")
            if single and single not in sign and (single in head or head.count(candidate) < 2):
                continue
            above = not any(c in line for line in full[:place] for c in sign)
            if (
                above
                and _cuts_alike(head, full[place + 1 :], candidate, sign)
                and (single or not place or head.count(candidate) > 1)
            ):
                return candidate
    return ""


def _cuts_alike(head: str, below: Sequence[str], candidate: str, sign: str) -> bool:
    """Whether the labels have no other use of the signs than this separator, and (nearly) all lines below are
    cut as they are.
    """
    inner = head.rstrip(candidate)
    count = head.count(candidate)
    if candidate not in inner or any(head.count(c) != count * sign.count(c) for c in set(sign)):
        return False
    cut = [line for line in below if candidate in line]
    alike = [line for line in cut if line.count(candidate) == count]
    exact = [line for line in alike if all(line.count(c) == count * sign.count(c) for c in set(sign))]
    enough = len(alike) >= 0.95 * len(cut) and len(cut) >= 0.8 * len(below) and len(cut) > 0
    return enough and (len(exact) >= 0.95 * len(alike) or (count > 1 and candidate == sign))


def _quote(lines: Sequence[str]) -> str:
    """`'` only where cells are between apostrophes and no cell between double quotes; `"` when there is one
    at all, else none.
    """
    quotes = Counter(m.group(1) for line in lines for m in _QUOTED.finditer(line.rstrip("\r\n")))
    if quotes["'"] > 2 * quotes['"'] and quotes["'"] >= 2:
        return "'"
    return '"' if any('"' in line for line in lines) else ""


def _escape(lines: Sequence[str], quote: str) -> str:
    """A backslash when it stands before quotes that a doubled quote would not explain."""
    if not quote:
        return ""
    slashed = sum(len(re.findall(rf'\\{re.escape(quote)}(?=[^;,\t|\r\n"])', line)) for line in lines)
    doubled = sum(line.count(quote * 2) for line in lines)
    return "\\" if slashed >= 2 and slashed > doubled / 4 else ""


def _score(lines: Sequence[str], dialect: Dialect) -> float:
    """From 0 to 1: share of records of the usual width, times how much its cells look like values."""
    rows = [
        r
        for r in _some(lines, dialect)
        if r.filled and not (len(r.cells) == 1 and r.cells[0].startswith("#"))
    ]
    if not rows:
        return 0.0
    widths = Counter(len(r.cells) for r in rows)
    wide = {w: n for w, n in widths.items() if w > 1}
    if not wide:
        return 0.0
    width = max(wide, key=lambda w: (wide[w], w))
    cut = sum(wide.values()) / len(rows)
    share = wide[width] / len(rows)
    if dialect.separator == "," and len(rows[0].cells) == 1 and (_decimals(rows, width) or _sentences(rows)):
        return 0.0
    if dialect.separator == ";" and len(rows[0].cells) == 1 and _sentences(rows, before=True):
        return 0.0
    usual = [r for r in rows if len(r.cells) == width]
    if dialect.separator not in COMMON and (
        share <= 0.95 or len(rows) < 2 or len(rows[0].cells) != width or _torn(usual, dialect.separator)
    ):
        return 0.0
    typed = _typed(usual, dialect.separator)
    return (0.7 * share * share + 0.3 * cut * share) * (1 - 0.5 / width) * typed


def _some(lines: Sequence[str], dialect: Dialect) -> list[Record]:
    taken: list[Record] = []
    for record in Records(lines, dialect):
        taken.append(record)
        if len(taken) == FEW:
            break
    # A sample cut inside a quoted cell leaves a broken last record.
    return taken


def _decimals(rows: Sequence[Record], width: int) -> bool:
    """The label has no comma, and the one comma of all else is that of a number: « 12,5 » alone, or among
    words that something else parts (spaces, « ^ »).
    """
    cut = [",".join(r.cells).strip() for r in rows[1:] if len(r.cells) == 2]
    ruled = sum(1 for r in rows[1:] if len(r.cells) == 1 and not r.cells[0].strip(" -=+"))
    return (
        width == 2
        and bool(cut)
        and len(cut) + ruled == len(rows) - 1
        and (all(map(_PAIR.fullmatch, cut)) or all(map(_AMONG.fullmatch, cut)))
    )


def _sentences(rows: Sequence[Record], *, before: bool = False) -> bool:
    """A single column of texts with commas: the label has none, and nearly every comma has its space. before:
    a space stands on both sides (« ; »).
    """
    plain = [r for r in rows[1:] if r.plain]
    pairs = [pair for r in plain for pair in pairwise(r.cells)] if len(plain) * 2 >= len(rows) - 1 else []
    spaced = sum(
        after.startswith(" ") and (not before or ahead.endswith((" ", "\u00a0", "\u202f")))
        for ahead, after in pairs
    )
    return bool(pairs) and spaced >= 0.9 * len(pairs)


def _torn(rows: Sequence[Record], separator: str) -> bool:
    """Cells that a rare separator left look like torn texts: times and addresses cut at « : », words cut at
    spaces.
    """
    first = [c.strip() for c in rows[0].cells]
    if any(not c for c in first) or len(set(first)) < len(first):
        return True
    if separator == ":":
        return all(re.match(r"//|\d{2}(?!\d)", r.cells[1]) for r in rows[1:] or rows)
    if separator == " ":
        below = [c for r in rows[1:] for c in r.cells]
        return sum(look(c) in ("number", "date") for c in below) < 0.5 * len(below)
    return False


_OTHERS = re.compile(r"[;\t|]")


def _typed(rows: Sequence[Record], separator: str) -> float:
    """Share of cells that look whole; never 0."""
    good, count = 0.0, 0
    for record in rows[:100]:
        for cell in record.cells[:60]:
            count += 1
            if look(cell) != "text":
                good += 1.0
            elif not record.plain:
                good += 0.95
            elif _OTHERS.search(cell):
                good += 0.1
            elif cell[:1] == " " and separator == ",":
                good += 0.6  # « rue de la Paix, Paris » torn at its comma
            elif separator != "," and "," in cell and " " not in cell:
                good += 0.7
            else:
                good += 1.0
    return max(0.01, good / max(1, count))
