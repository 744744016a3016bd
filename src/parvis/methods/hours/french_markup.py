"""Opening hours that were copied out of a page: tags and entities of HTML, and the signs of a list, read as
the layout that they stand for.
"""

from __future__ import annotations

import html
import re
from unicodedata import category

_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-z][a-z0-9]*)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_LINES = frozenset(
    {
        "br",
        "p",
        "li",
        "ul",
        "ol",
        "div",
        "tr",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "dt",
        "dd",
        "dl",
        "section",
        "article",
    }
)
_CELLS = frozenset({"td", "th"})
_INLINE = frozenset(
    {"b", "strong", "i", "em", "u", "span", "a", "font", "small", "time", "tbody", "thead", "sup", "abbr"}
)
_BULLET = re.compile(r"(?m)^[ \t\xa0]*[•·*▪◦‣●■➢✓][ \t\xa0]*(?=\w)")
_INNER = re.compile(r"[ \t\xa0]+[•*▪◦●■➢✓][ \t\xa0]+")
_SAYING = frozenset("❌❎✖✗✘✕⛔🚫🆇➔➜➡➙⇒→✓✔✅☑■●▪")
"""Pictures that say closed, open, or « to »; signs before the items of a list."""
_JOINERS = frozenset("\ufe0e\ufe0f\u200d")
_EMPTY = re.compile(r"(?<=[^\W\d_])[ \t]*:?[ \t]*[-–—_]{2,}[ \t]*(?=$|[\n|;])")
"""« jeudi : --- »"""
_FRAMED = re.compile(r"(?m)^[ \t]*[-–—=~*]+[ \t]*([^\W\d_][^\n]*?[^\W_])[ \t]*[-–—=~*]+[ \t]*$")
"""« - Du lundi au vendredi - », alone on its line."""
_RULED = re.compile(r"(?m)^[ \t]*[-–—_=*~]{3,}[ \t]*(?:\n|$)")
"""A line across the page."""
_DAY = re.compile(
    r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lun|mar|mer|jeu|ven|sam|dim)s?\.?:?",
    re.IGNORECASE,
)
_FOOTNOTE = re.compile(r"(?m)^[ \t]*(?P<mark>\*{1,4}|\(\d\)|[¹²³†])[ \t]*:?[ \t]*(?P<note>[^\W\d*][^\n]*)$")
"""« * sauf en août », on a line of its own."""
_RULE = re.compile(r":?-{2,}:?")
_BLANK = re.compile(r"\s*\n\s*")


def without_markup(text: str) -> str:
    """The same text in plain lines; a text that holds no markup is left as it is, but for the signs before the items of a list.

    >>> without_markup("<ul><li>lundi : 9h&nbsp;-&nbsp;12h</li><li>mardi : ferm&eacute;</li></ul>").replace(chr(160), " ")
    'lundi : 9h - 12h\\nmardi : fermé'
    """
    if "<" in text or "&" in text:
        marked = text if _TAG.search(text) else html.unescape(text)  # « &lt;br&gt; »: escaped twice
        plain = html.unescape(_TAG.sub(_sign, marked))
        if plain != text:
            text = _BLANK.sub("\n", plain).strip("\n |")
    text = _FRAMED.sub(r"\1", text)
    text = "".join(char for char in text if not _picture(char))
    text = _EMPTY.sub(" -", _RULED.sub("", text))
    return _columns(_BULLET.sub("", _INNER.sub("\n", text)))


def footnotes_said(text: str) -> str:
    """Notes at the foot, in brackets where their mark stands; a mark without a note goes.

    >>> footnotes_said("Vendredi 14h-19h *\\n* sauf en août")
    'Vendredi 14h-19h (sauf en août)'
    """
    notes = {found["mark"]: found["note"].strip(" .") for found in _FOOTNOTE.finditer(text)}
    marks = [mark for mark in notes if re.search(rf"[\w)] ?{re.escape(mark)}(?!\*)(?= *(?:$|[\n,;:]))", text)]
    if not marks:
        return text
    body = _FOOTNOTE.sub(lambda found: "" if found["mark"] in marks else found[0], text).rstrip()
    for mark in sorted(marks, key=len, reverse=True):
        body = re.sub(rf"(?<=[\w)]) ?{re.escape(mark)}(?!\*)(?= *(?:$|[\n,;:]))", f" ({notes[mark]})", body)
    return body


def _picture(char: str) -> bool:
    """« ⚠ », « 📞 »: a sign that adds nothing to the words beside it; crosses say « fermé », and are kept."""
    return char in _JOINERS or (
        char > "\u218f"
        and not "\u2500" <= char <= "\u259f"
        and char not in _SAYING
        and category(char) == "So"
    )


def _columns(text: str) -> str:
    """Rows of the same number of cells, with tabs or semicolons between them: written with bars, a day a row."""
    lines = [line for line in text.split("\n") if line.strip()]
    for sign in ("\t", ";"):
        counts = {line.rstrip("; ").count(sign) if sign == ";" else line.count(sign) for line in lines}
        if len(lines) > (1 if sign == "\t" else 2) and len(counts) == 1 and counts != {0}:
            return _turned("\n".join(" | ".join(cell.strip() for cell in line.split(sign)) for line in lines))
    if len(lines) > 1 and all(";" in line and _DAY.fullmatch(line.split(";")[0]) for line in lines):
        return "\n".join(" | ".join(cell.strip() for cell in line.split(";")) for line in lines)
    return _turned(text)


def _turned(text: str) -> str:
    """A table whose columns are days, as one whose rows are."""
    rows = [[cell.strip() for cell in line.split("|")] for line in text.split("\n") if line.strip()]
    for edge in (0, -1):
        if rows and all(len(row) > 1 and not row[edge] for row in rows):
            rows = [row[1:] if edge == 0 else row[:-1] for row in rows]
    rows = [row for row in rows if not all(_RULE.fullmatch(cell) for cell in row)]
    head = rows[0] if rows else []
    first = 0 if head and _DAY.fullmatch(head[0]) else 1
    if (
        len(rows) < 2
        or len(head) - first < 3
        or not all(_DAY.fullmatch(cell) for cell in head[first:])
        or any(len(row) != len(head) for row in rows)
    ):
        return text
    return "\n".join(" | ".join(row[i] or "-" for row in rows) for i in range(first, len(head)))


def _sign(tag: re.Match[str]) -> str:
    name = tag["name"].lower()
    if name in _LINES:
        return "\n"
    if name in _CELLS:
        return " | " if tag["end"] else ""
    return "" if name in _INLINE else tag[0]
