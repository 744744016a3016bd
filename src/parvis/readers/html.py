"""Tables of a web page, as business software saves them under the name « .xls », and Excel's « single file
web page » (MHTML).

The page is walked tag by tag: nothing is fetched, no script is run, no entity of its own is expanded. Cells
stay texts. Sources: HTML Living Standard, 4.9 (tables) and 13.2.3 (encodings); RFC 2557 (MHTML).
"""

from __future__ import annotations

import binascii
import codecs
import html
import mmap
import quopri
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from parvis.core.errors import Unreadable
from parvis.core.late import late
from parvis.core.reading import Example, Reader, Reading, Workspace
from parvis.core.sentence import Sentence
from parvis.core.settings import Limits
from parvis.readers import xml_text
from parvis.readers.encoding import MEND, detect
from parvis.readers.limits import past
from parvis.readers.memory_maps import mapped
from parvis.readers.raw import Cell
from parvis.readers.sheets import Leaf, Sheet, read_sheets
from parvis.readers.sparse import SparseSheet

if TYPE_CHECKING:
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]
else:
    etree = late("lxml.etree")

_BEGIN = frozenset(
    {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "link",
        "body",
        "table",
        "center",
        "div",
        "font",
        "form",
        "b",
        "h1",
        "h2",
        "h3",
        "p",
        "br",
    }
)
"""Elements that a page, or the piece of one that a program wrote, begins with."""
_TABLE = re.compile(rb"<\x00?t\x00?a\x00?b\x00?l\x00?e\x00?[\s>]", re.IGNORECASE)
"""In any encoding, UTF-16 as well."""
_ROW = re.compile(rb"<\x00?t\x00?[rhd]\x00?[\s>]", re.IGNORECASE)
_MHTML = re.compile(rb"\A\s*(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,20}?MIME-Version:", re.IGNORECASE)
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]+)|charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE
)
_NAME = re.compile(r"<x:Name>([^<]{1,120})</x:Name>")
_SILENT = frozenset({"script", "style", "title", "noscript", "template", "select"})
"""Elements whose text is not that of a cell."""
_BREAKS = frozenset({"br", "p", "div", "li", "tr", "hr"})
_BLOCK = 1 << 18
_PARTS = 2000
"""Parts of an MHTML file that are looked at."""
_PLAIN = frozenset(
    {
        "iso8859-2",
        "iso8859-9",
        "iso8859-15",
        "cp1250",
        "cp1251",
        "cp1253",
        "cp1254",
        "cp437",
        "cp850",
        "cp858",
        "mac-roman",
    }
)
"""Code pages of one byte a character that a page may declare, beside those that programs declare by habit."""
_COLSPAN, _ROWSPAN = 1000, 65_534
"""What the standard lets a cell span."""


def sniff(head: bytes, path: Path) -> float:
    """A page with a table in it."""
    if _MHTML.match(head[:4096]) and b"multipart/related" in head[:4096].lower():
        return 0.9
    first = xml_text.root(head)
    if first not in _BEGIN:
        return 0.0
    if first == "table" and not _ROW.search(head):
        return 0.0  # an XML of another kind
    with mapped(path) as data:
        return 0.9 if _TABLE.search(data) else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """A table for each table of the page that holds records. Raises Unreadable when there is none, or past a
    limit.
    """
    with mapped(path) as data:
        pages = tuple(_parts(data)) if _MHTML.match(data[:4096]) else (data,)
        sheets = [sheet for page in pages for sheet in _tables(page, workspace.limits)]
        codec = next((_codec(p) for p in pages if _TABLE.search(p)), None)
    useful = [s for s in sheets if s.rows > 1 and s.width > 1] or [s for s in sheets if s.rows > 1] or sheets
    if not useful:
        raise Unreadable(
            "La page web (HTML) ne contient aucune table remplie.",
            mend="Refaites l’export : il est peut-être vide, ou c’est une page d’erreur.",
        )
    for number, sheet in enumerate(useful, 1):
        if len(useful) > 1 and (
            not sheet.name or any(s.name == sheet.name for s in useful if s is not sheet)
        ):
            sheet.name = f"{sheet.name or 'Table'} {number}"
    reading = read_sheets([Leaf(s.name, _loading(s)) for s in useful], workspace, "html", {})
    return Reading(reading.format, tuple(replace(t, encoding=codec) for t in reading.tables), reading.issues)


def _loading(sheet: SparseSheet) -> Callable[[], Sheet]:
    return lambda: sheet


# ---- the bytes


def _parts(data: mmap.mmap | bytes) -> Iterator[bytes]:
    """The pages of an MHTML file, decoded from their transfer encoding. Raises Unreadable when it is not made
    as it must.
    """
    match = re.search(rb'boundary\s*=\s*"?([^"\r\n;]{1,100})', data[:8192], re.IGNORECASE)
    if match is None:
        raise Unreadable(
            "Le fichier MHTML est endommagé : rien ne dit où ses parties commencent.",
            mend="Enregistrez-le au format xlsx.",
        )
    mark = b"--" + match.group(1)
    at = data.find(mark)
    for _ in range(_PARTS):
        end = data.find(mark, at + len(mark)) if at >= 0 else -1
        if at < 0:
            return
        part = bytes(data[at + len(mark) : end if end >= 0 else len(data)])
        head, _, body = part.replace(b"\r\n", b"\n").lstrip(b"\n").partition(b"\n\n")
        part_head = head.lower()
        if b"text/html" in part_head:
            yield _transferred(body, part_head)
        at = end


def _transferred(body: bytes, part_head: bytes) -> bytes:
    if b"quoted-printable" in part_head:
        return quopri.decodestring(body)
    if b"base64" in part_head:
        try:
            return binascii.a2b_base64(body)
        except binascii.Error as error:
            raise Unreadable(
                "Le fichier MHTML est endommagé : une de ses parties est illisible.",
                mend="Enregistrez-le au format xlsx.",
            ) from error
    return body


def _codec(data: mmap.mmap | bytes) -> str:
    """Python codec of a page: what its bytes prove (a mark, strict UTF-8), else what it declares when that is
    no mere habit, else what its letters say.
    """
    seen = detect(data)
    if seen.bom or seen.clean or seen.codec.startswith("utf-16"):
        return seen.codec
    match = _CHARSET.search(data[:8192])
    declared = (match.group(1) or match.group(2)).decode("ascii") if match else ""
    try:
        name = codecs.lookup(declared).name if declared else ""
    except LookupError:
        name = ""
    return name if name in _PLAIN else seen.codec


def _text(data: mmap.mmap | bytes, codec: str) -> Iterator[bytes]:
    """The page in UTF-8, block by block, without marks and NULs."""
    decoder = codecs.getincrementaldecoder(codec)(errors=MEND)
    for at in range(0, len(data), _BLOCK):
        text = decoder.decode(bytes(data[at : at + _BLOCK]), final=at + _BLOCK >= len(data))
        yield text.replace("\ufeff", "").replace("\x00", "").encode("utf-8", "replace")


# ---- the tables


def _tables(data: mmap.mmap | bytes, limits: Limits) -> list[SparseSheet]:
    """The tables of a page, in its order; those that only hold another are left out."""
    if not _TABLE.search(data):
        return []
    codec = _codec(data)
    page = _Page(limits, _workbook_names(data, codec))
    parser = etree.HTMLParser(target=page, encoding="utf-8", no_network=True, huge_tree=True)
    try:
        for block in _text(data, codec):
            if block:
                parser.feed(block)
        parser.close()
    except etree.LxmlError as error:
        raise Unreadable(
            "La page web (HTML) est endommagée.", mend="Refaites l’export, de préférence en CSV ou en xlsx."
        ) from error
    return page.finish()


def _workbook_names(data: mmap.mmap | bytes, codec: str) -> tuple[str, ...]:
    """Names of the sheets, as Excel notes them in a comment."""
    return tuple(
        " ".join(html.unescape(n).split())
        for n in _NAME.findall(bytes(data[: 1 << 16]).decode(codec, "replace"))
    )


@dataclass(slots=True)
class _Cell:
    parts: list[str] = field(default_factory=list[str])
    right: int = 1
    down: int = 1


@dataclass(slots=True)
class _Span:
    """A cell that reaches into rows below: its columns, its last row, what it says."""

    left: int
    right: int
    last: int
    text: str


@dataclass(slots=True)
class _Table:
    sheet: SparseSheet
    at: int = -1
    """The current row."""
    column: int = 0
    cells: dict[int, Cell] = field(default_factory=dict[int, Cell])
    spans: list[_Span] = field(default_factory=list[_Span])
    cell: _Cell | None = None
    caption: list[str] | None = None
    holds: bool = False
    """Another table stands in it."""


class _Page:
    """Receives the page from the parser, tag by tag."""

    def __init__(self, limits: Limits, names: Sequence[str]) -> None:
        self._limits = limits
        self._names = names
        self._open: list[_Table] = []
        self._silent = 0
        self._depth = 0
        self._work = 0
        self._found: list[_Table] = []

    # The parser's own names.

    def start(self, tag: str, attrib: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth > self._limits.nesting:
            raise past("nesting", self._limits.nesting, Sentence("La page web imbrique trop d’éléments"))
        if tag in _SILENT:
            self._silent += 1
        if tag == "table":
            self._nested()
            return
        if not self._open:
            return
        table = self._open[-1]
        if tag == "tr":
            self._end_row(table)
            self._begin_row(table)
        elif tag in ("td", "th"):
            self._end_cell(table)
            if table.at < 0:
                self._begin_row(table)
            table.cell = _Cell(
                [], _span(attrib.get("colspan"), _COLSPAN), _span(attrib.get("rowspan"), _ROWSPAN)
            )
        elif tag == "caption":
            table.caption = []
        elif tag in _BREAKS and table.cell is not None:
            table.cell.parts.append(" ")

    def end(self, tag: str) -> None:
        self._depth -= 1
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        if not self._open:
            return
        table = self._open[-1]
        if tag in ("td", "th"):
            self._end_cell(table)
        elif tag == "tr":
            self._end_row(table)
        elif tag == "caption" and table.caption is not None:
            table.sheet.name = " ".join("".join(table.caption).split())[:80]
            table.caption = None
        elif tag == "table":
            self._end_row(table)
            self._open.pop()
        elif tag in _BREAKS and table.cell is not None:
            table.cell.parts.append(" ")

    def data(self, text: str) -> None:
        if self._silent or not self._open:
            return
        table = self._open[-1]
        if table.caption is not None:
            table.caption.append(text)
        elif table.cell is not None:
            table.cell.parts.append(text)

    def close(self) -> None:
        for table in self._open:
            self._end_row(table)
        self._open.clear()

    # Ours.

    def finish(self) -> list[SparseSheet]:
        """The tables that hold something. A header alone, above a table of the same width, is that table's."""
        full = [t for t in self._found if t.sheet.rows and not t.holds] or [
            t for t in self._found if t.sheet.rows
        ]
        sheets: list[SparseSheet] = []
        for table in full:
            above = sheets[-1] if sheets else None
            if above is not None and above.rows == 1 and above.width > 1 and above.aligned(table.sheet):
                above.append(table.sheet)
                above.name = above.name or table.sheet.name
            else:
                sheets.append(table.sheet)
        if len(self._names) == 1 and len(sheets) == 1:
            sheets[0].name = sheets[0].name or self._names[0]
        return sheets

    def _nested(self) -> None:
        for table in self._open:
            table.holds = True
        table = _Table(SparseSheet("", self._limits))
        self._open.append(table)
        self._found.append(table)

    def _begin_row(self, table: _Table) -> None:
        table.at += 1
        table.column = 0
        table.cells = {}
        table.spans = [s for s in table.spans if s.last >= table.at]
        for span in table.spans:
            if span.text:
                table.cells[span.left] = span.text
        self._count(1 + len(table.spans))

    def _end_cell(self, table: _Table) -> None:
        cell = table.cell
        if cell is None:
            return
        table.cell = None
        text = " ".join("".join(cell.parts).split())
        while (over := next((s for s in table.spans if s.left <= table.column <= s.right), None)) is not None:
            self._count(len(table.spans))
            table.column = over.right + 1
        left, right, last = table.column, table.column + cell.right - 1, table.at + cell.down - 1
        self._count(1 + len(table.spans))
        table.column = right + 1
        if text:
            table.cells[left] = text
            if cell.right > 1 or cell.down > 1:
                table.sheet.merge(table.at, left, last, right)
        if cell.down > 1:
            table.spans.append(_Span(left, right, last, text))

    def _count(self, steps: int) -> None:
        """A few cells that span many rows may ask for more work than the page is long."""
        self._work += steps
        if self._work > self._limits.cells:
            raise past("cells", self._limits.cells, Sentence("Les tables de la page ont trop de cellules"))

    def _end_row(self, table: _Table) -> None:
        self._end_cell(table)
        if table.cells:
            table.sheet.add(table.at, table.cells)
            table.cells = {}


def _span(attribute: str | None, most: int) -> int:
    """How many rows or columns a cell takes: what is no number is one."""
    digits = (attribute or "").strip()
    return max(1, min(most, int(digits))) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 1


_EXPORT = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1252"></head>
<body><table><tr><td colspan=2><b>Équipements</b></td></tr><tr><th>Nom<th>Places</tr>
<tr><td>Comédie</td><td>788</td></tr><tr><td>Foch&nbsp;&amp; Œuvre</td><td>1 660,5</td></tr></table></body></html>
"""
_MHT = """MIME-Version: 1.0
X-Document-Type: Workbook
Content-Type: multipart/related; boundary="----=_Suivant"

------=_Suivant
Content-Location: file:///C:/classeur.htm
Content-Transfer-Encoding: quoted-printable
Content-Type: text/html; charset="utf-8"

<html><body><table border=3D1><tr><td>nom</td><td>places</td></tr>
<tr><td>Com=C3=A9die</td><td>788</td></tr></table></body></html>
------=_Suivant--
"""

HTML = Reader(
    name="html",
    title="Page web avec des tables (HTML, souvent nommée .xls)",
    sniff=sniff,
    read=read,
    examples=(
        Example("export nommé .xls", _EXPORT.encode("cp1252"), ("Nom", "Places"), 2, "cp1252"),
        Example("page web d’un seul fichier", _MHT.encode(), ("nom", "places"), 1, "utf-8"),
        Example("table seule", b"<table>\n<tr><td>a<td>b\n<tr><td>1<td>2\n</table>", ("a", "b"), 1, "utf-8"),
    ),
)
