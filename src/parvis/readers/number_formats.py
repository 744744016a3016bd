"""Codes that a workbook holds as numbers and shows with their zeros: « 01004 » is the number 1004 under the
format « 00000 ».

Only the format knows that the column is one of codes, so what people saw is what is read. Source: ECMA-376
part 1, 18.8.30 (numFmt), 18.8.10 (cellXfs).
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Mapping

from parvis.core.settings import Limits
from parvis.readers.xml_stream import local, walk

STYLES = "xl/styles.xml"
SHARE = 0.8
"""Of the numbers of a column, how many must be shown so."""
_MOST = 40
"""Placeholders of the longest code."""
_NOTHING = re.compile(r"(?:\[[^\]]*\])?;(?:\[[^\]]*\])?;(?:\[[^\]]*\])?;?")
"""A format whose sections are all empty: what the cell holds is shown as nothing, texts too where there are
four sections.
"""
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|([0#])|([ ./|()-])')
_CELL = re.compile(rb'<c r="([A-Z]{1,3})[0-9]{1,7}"(?: s="([0-9]{1,5})")?(?: t="n")?>')
"""A cell that holds a number: no other type is said, and it is not empty."""


def mask(code: str) -> str:
    """The format as a mask: `0` a digit always shown, `#` one that may be missing, the rest as it is, each literal digit or hash behind a `\\`; "" when the
    format is not one of codes: it has marks of numbers or dates, or no zero in front.

    >>> mask("00000"), mask('0#" "##" "##'), mask("#,##0"), mask("0"), mask("0.00")
    ('00000', '0# ## ##', '', '', '')
    """
    parts: list[str] = []
    at = places = 0
    for match in _TOKEN.finditer(code):
        if match.start() != at or (match[4] == "." and "0." in code and code.count(".") == 1):
            return ""
        at = match.end()
        places += match[3] is not None
        literal = match[1] if match[1] is not None else match[2] or match[4] or ""
        parts.append(match[3] or re.sub(r"([0#\\])", r"\\\1", literal))
    mask_text = "".join(parts)
    zeros = mask_text.startswith("0") and (mask_text.count("0") > 1 or "#" in mask_text)
    return mask_text if at == len(code) and zeros and 2 <= places <= _MOST else ""


def masked(value: float, mask_text: str) -> str | None:
    """A whole number under a mask, None when it is none or has too many digits.

    >>> masked(1004.0, "00000"), masked(499000001, "0# ## ## ## ##"), masked(1.5, "00000")
    ('01004', '04 99 00 00 01', None)
    """
    tokens = re.findall(r"\\.|.", mask_text)
    places = sum(t in ("0", "#") for t in tokens)
    if value != int(value) or value < 0 or len(digits := str(int(value))) > places:
        return None
    left = list(digits)
    out: list[str] = []
    for token in reversed(tokens):
        if token not in ("0", "#"):
            out.append(token[-1])
        elif left:
            out.append(left.pop())
        elif token == "0":
            out.append("0")
    return "".join(reversed(out))


UNSHOWN = "\0"
"""In place of a mask: cells of that style show nothing of what they hold."""


def styles(archive: zipfile.ZipFile, limits: Limits) -> Mapping[bytes, str]:
    """Number of a cell style, as sheets write it, to its mask or UNSHOWN; those with one only. Raises as the
    archive and its XML do.
    """
    if STYLES not in archive.namelist():
        return {}
    codes: dict[str, str] = {}
    masks: dict[bytes, str] = {}
    count = -1
    with archive.open(STYLES) as source:
        for event, element in walk(source, limits):
            tag = local(element)
            if event == "end" and tag == "cellXfs":
                break
            if event != "start":
                continue
            if tag == "numFmt" and (mask_text := _known_mask(element.get("formatCode") or "")):
                codes[element.get("numFmtId") or ""] = mask_text
            elif tag == "cellXfs":
                count = 0
            elif tag == "xf" and count >= 0:
                if (mask_text := codes.get(element.get("numFmtId") or "")) is not None:
                    masks[b"%d" % count] = mask_text
                count += 1
    return masks


def _known_mask(code: str) -> str:
    return UNSHOWN if _NOTHING.fullmatch(code) else mask(code)


class Tally:
    """How the numbers of each column of a sheet are shown, block by block."""

    def __init__(self, known: Mapping[bytes, str]) -> None:
        self._known = {style: mask_text for style, mask_text in known.items() if mask_text != UNSHOWN}
        unshown = b"|".join(sorted(style for style, mask_text in known.items() if mask_text == UNSHOWN))
        self._unshown = (
            re.compile(rb'<c r="([A-Z]{1,3})[0-9]{1,7}"[^>]*? s="(?:' + unshown + rb')"[^>/]*>')
            if unshown
            else None
        )
        self.unshown: set[bytes] = set()
        """Letters of the columns in which a cell shows nothing of what it holds."""
        self._all = Counter[bytes]()
        self._masked = Counter[tuple[bytes, str]]()

    def add(self, block: bytes) -> None:
        """Count the cells of a piece of the sheet."""
        if self._unshown is not None:
            self.unshown |= set(self._unshown.findall(block))
        for column, style in _CELL.findall(block):
            self._all[column] += 1
            if style in self._known:
                self._masked[column, self._known[style]] += 1

    def columns(self) -> Mapping[bytes, str]:
        """Letters of a column to the mask that nearly all of its numbers are shown with."""
        return {
            column: mask_text
            for (column, mask_text), count in self._masked.items()
            if count >= SHARE * self._all[column]
        }
