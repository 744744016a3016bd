"""Bound an Excel workbook before it is opened: how far its cells reach, and what formulas and errors it
holds. Streams; nothing is laid out.

calamine allocates (rows x columns) of the area between the first and the last cell, so a file of a few
hundred bytes may ask for 17 billion cells.
"""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from parvis.core.errors import Unreadable
from parvis.core.sentence import Number, Sentence
from parvis.core.settings import Limits
from parvis.readers import biff12, number_formats
from parvis.readers.limits import MB, past
from parvis.readers.sheets import Seen, broken
from parvis.readers.xml_stream import BadXml, Element, attributes, forget, local, walk

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
_BLOCK = 8_000_000
_REF = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"')
_DIGITS, _LETTERS = b"0123456789", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PREFIXED = re.compile(rb":c[ >/\t\n\r]")
_OTHERS = re.compile(rb"<c(?:ol|f|onditional|ustom|ell|ontrol)")
"""Elements of a sheet that begin like a cell."""
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


@dataclass(slots=True)
class _Extent:
    """Area of the cells met so far."""

    rows: int = 0
    columns: int = 0
    lost_formulas: int = 0
    errors: int = 0
    hidden_rows: set[int] = field(default_factory=set[int])
    hidden_columns: set[int] = field(default_factory=set[int])
    """Rows and columns from 0 that are hidden, filtered or folded away, or that have no height or width."""
    flat: bool = False
    """Columns have no width unless they say one."""
    sized: set[int] = field(default_factory=set[int])
    """Columns from 0 that say a width."""
    odd: bool = False
    """Cells are written in a way that the quick scan does not count."""


def xml_sheets(archive: zipfile.ZipFile, limits: Limits) -> Mapping[str, Seen]:
    """Of each worksheet, by name. Raises Unreadable when one reaches too far, or when the package is damaged."""
    try:
        names = _sheet_names(archive, limits)
        by_name: dict[str, Seen] = {}
        known = number_formats.styles(archive, limits)
        for member in archive.infolist():
            path = member.filename
            if not path.lower().endswith((".xml", ".rels")):
                continue
            # Every part is read to its end, so that sizes are the true ones: the zip layer refuses a member
            # that is longer than it says.
            tally = number_formats.Tally(known) if known else None
            extent = _scan(archive, member, tally) if _is_sheet(path, names) else _drain(archive, member)
            if extent.odd:
                extent = _slow_scan(archive, member, extent, limits)
            _refuse(extent, names.get(path, path), limits)
            if path in names:
                masked = (
                    {_column(letters) - 1: mask for letters, mask in tally.columns().items()} if tally else {}
                )
                unshown = {_column(letters) - 1 for letters in tally.unshown} if tally else set[int]()
                unshown |= set(range(extent.columns)) - extent.sized if extent.flat else set[int]()
                rows, columns = frozenset(extent.hidden_rows), frozenset(extent.hidden_columns | unshown)
                by_name[names[path]] = Seen(
                    extent.lost_formulas,
                    extent.errors,
                    masks=masked,
                    hidden_rows=rows,
                    hidden_columns=columns,
                )
        return by_name
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        BadXml,
        KeyError,
    ) as error:
        raise broken(error) from error


def _refuse(extent: _Extent, sheet: str, limits: Limits) -> None:
    if extent.rows > MAX_ROWS or extent.columns > MAX_COLUMNS:
        raise Unreadable(
            Sentence("La feuille « {sheet} » a des cellules hors des limites d’un tableur.", sheet=sheet)
        )
    if extent.rows * extent.columns > limits.cells:
        raise past(
            "cells",
            limits.cells,
            Sentence(
                "La feuille « {sheet} » s’étend sur {n} lignes et {n2} colonnes",
                sheet=sheet,
                n=Number(extent.rows),
                n2=Number(extent.columns),
            ),
        )


def _is_sheet(path: str, names: Mapping[str, str]) -> bool:
    return path in names or ("sheet" in path.lower() and "sharedstrings" not in path.lower())


def _sheet_names(archive: zipfile.ZipFile, limits: Limits) -> dict[str, str]:
    """Part of the package to sheet name, from the workbook and its relations."""
    names: dict[str, str] = {}
    for workbook in (n for n in archive.namelist() if n.lower().endswith(("workbook.xml", "workbook.bin"))):
        folder = posixpath.dirname(workbook)
        relations = posixpath.join(folder, "_rels", posixpath.basename(workbook) + ".rels")
        if relations not in archive.namelist() or workbook.endswith(".bin"):
            continue
        targets = {
            relation.get("Id"): relation.get("Target", "")
            for relation in _attributes(archive, relations, "Relationship", limits)
        }
        for sheet in _attributes(archive, workbook, "sheet", limits):
            target = targets.get(sheet.get(_RELATION) or sheet.get(_STRICT_RELATION))
            if target:
                names[_part(folder, target)] = sheet.get("name", "")
    return names


def _attributes(archive: zipfile.ZipFile, part: str, tag: str, limits: Limits) -> list[dict[str, str]]:
    if archive.getinfo(part).file_size > 20 * MB:
        raise Unreadable("Le classeur a un sommaire démesuré.")
    with archive.open(part) as source:
        return [
            attributes(element)
            for event, element in walk(source, limits)
            if event == "start" and local(element) == tag
        ]


def _drain(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> _Extent:
    with archive.open(member) as part:
        while part.read(_BLOCK):
            pass
    return _Extent()


def _blocks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in blocks cut between two tags."""
    carry = b""
    with archive.open(member) as part:
        while block := part.read(_BLOCK):
            block = carry + block
            cut = block.rfind(b"<row")
            if cut <= 0:
                cut = block.rfind(b"<")
            if cut <= 0:
                cut = len(block)
            carry = block[cut:]
            yield block[:cut]
    yield carry


def _scan(archive: zipfile.ZipFile, member: zipfile.ZipInfo, tally: number_formats.Tally | None) -> _Extent:
    extent = _Extent()
    letters: set[bytes] = set()
    for block in _blocks(archive, member):
        refs = _REF.findall(block)
        if refs:
            joined = b" ".join(refs)
            letters |= set(joined.translate(None, _DIGITS).split())
            extent.rows = max(extent.rows, *map(int, set(joined.translate(None, _LETTERS).split())))
        likely = block.count(b"<c")
        if (likely != len(refs) and likely != len(refs) + len(_OTHERS.findall(block))) or (
            b":c" in block and _PREFIXED.search(block)
        ):
            extent.odd = True
        if b"<f" in block:
            extent.lost_formulas += (
                block.count(b"</f></c>") + block.count(b"</f><v></v></c>") + block.count(b"</f><v/></c>")
            )
        extent.errors += block.count(b' t="e"')
        extent.flat = extent.flat or _NO_WIDTH.search(block) is not None
        if b"hidden" in block or extent.flat or _FLAT.search(block):
            _unseen(extent, block)
        if tally is not None:
            tally.add(block)
    extent.columns = max(map(_column, letters), default=0)
    return extent


_FLAT = re.compile(rb"""<(?:\w+:)?(?:row|col)\s[^>]*(?:ht|width)\s*=\s*["']0(?:\.0*)?["']""")
_NO_WIDTH = re.compile(rb"""<(?:\w+:)?sheetFormatPr\s[^>]*defaultColWidth\s*=\s*["']0(?:\.0*)?["']""")
_LINE = re.compile(rb"<(?:\w+:)?(row|col)\s([^>]*)>")
_SAID = re.compile(rb"""([A-Za-z]+)\s*=\s*["']([^"']*)["']""")


def _unseen(extent: _Extent, block: bytes) -> None:
    """Note the hidden rows and columns of a block. Source: ECMA-376 part 1, 18.3.1.13 (col) and 18.3.1.73
    (row).
    """
    for kind, text in _LINE.findall(block):
        attributes = dict(_SAID.findall(text))
        size = attributes.get(b"ht" if kind == b"row" else b"width", b"1")
        if attributes.get(b"hidden", b"0") not in (b"1", b"true") and not re.fullmatch(rb"0(?:\.0*)?", size):
            if kind == b"col" and b"width" in attributes:
                extent.sized |= _span(attributes)
            continue
        if kind == b"row" and attributes.get(b"r", b"").isdigit():
            extent.hidden_rows.add(int(attributes[b"r"]) - 1)
        elif kind == b"col":
            extent.hidden_columns |= _span(attributes)


def _span(attributes: Mapping[bytes, bytes]) -> set[int]:
    """The columns from 0 that a `col` speaks of."""
    first, last = attributes.get(b"min", b""), attributes.get(b"max", b"")
    return (
        set(range(int(first) - 1, min(int(last), MAX_COLUMNS)))
        if first.isdigit() and last.isdigit()
        else set()
    )


def _column(letters: bytes) -> int:
    value = 0
    for letter in letters:
        value = value * 26 + letter - 64
    return value


def _slow_scan(archive: zipfile.ZipFile, member: zipfile.ZipInfo, seen: _Extent, limits: Limits) -> _Extent:
    """Cells without reference, or written unusually: follow the tags one by one."""
    extent = _Extent(
        lost_formulas=seen.lost_formulas,
        errors=seen.errors,
        hidden_rows=seen.hidden_rows,
        hidden_columns=seen.hidden_columns,
        flat=seen.flat,
        sized=seen.sized,
    )
    row = column = 0
    with archive.open(member) as part:
        for event, element in walk(part, limits):
            tag = local(element)
            if event == "start" and tag == "row":
                reference = element.get("r") or ""
                row, column = int(reference) if reference.isdecimal() and len(reference) < 9 else row + 1, 0
                if element.get("hidden") in ("1", "true") or re.fullmatch(
                    r"0(?:\.0*)?", element.get("ht") or ""
                ):
                    extent.hidden_rows.add(row - 1)
            elif event == "start" and tag == "c":
                row_of_cell, column = _place(element, row, column)
                extent.rows, extent.columns = max(extent.rows, row_of_cell), max(extent.columns, column)
            elif event == "end" and tag == "row":
                forget(element)
    return extent


def _place(cell: Element, row: int, column: int) -> tuple[int, int]:
    """Row and column of a cell from 1: as its reference says, else the place behind the last one."""
    ref = re.fullmatch(r"\$?([A-Za-z]{1,6})\$?([0-9]{1,9})", cell.get("r") or "")
    return (int(ref.group(2)), _column(ref.group(1).upper().encode())) if ref else (row, column + 1)


def binary_sheets(archive: zipfile.ZipFile, limits: Limits) -> Mapping[str, Seen]:
    """The same for the binary workbook (xlsb): its records are followed. Errors and lost formulas are not
    told there.
    """
    try:
        names = _binary_names(archive, limits)
        known = biff12.styles(archive.read(_BINARY_STYLES)) if _BINARY_STYLES in archive.namelist() else {}
        by_name: dict[str, Seen] = {}
        for member in archive.infolist():
            path = member.filename
            if not (path in names or (path.lower().endswith(".bin") and "sheet" in path.lower())):
                _drain(archive, member)
                continue
            part = archive.read(member)
            rows, columns = biff12.extent(part)
            _refuse(_Extent(rows, columns), names.get(path, path), limits)
            if path in names:
                rows_unseen, columns_unseen = biff12.unseen(part)
                by_name[names[path]] = Seen(
                    masks=biff12.codes(part, known), hidden_rows=rows_unseen, hidden_columns=columns_unseen
                )
        return by_name
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        BadXml,
        KeyError,
        struct.error,
        IndexError,
    ) as error:
        raise broken(error) from error


_BINARY_BOOK, _BINARY_STYLES = "xl/workbook.bin", "xl/styles.bin"


def _binary_names(archive: zipfile.ZipFile, limits: Limits) -> dict[str, str]:
    """Part of the package to sheet name."""
    relations = "xl/_rels/workbook.bin.rels"
    if (
        not {_BINARY_BOOK, relations} <= set(archive.namelist())
        or archive.getinfo(_BINARY_BOOK).file_size > 20 * MB
    ):
        return {}
    named = biff12.sheets(archive.read(_BINARY_BOOK))
    targets = {
        relation.get("Id", ""): relation.get("Target", "")
        for relation in _attributes(archive, relations, "Relationship", limits)
    }
    return {_part("xl", target): named[key] for key, target in targets.items() if key in named}


def _part(folder: str, target: str) -> str:
    return (
        target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
    )
