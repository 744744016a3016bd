"""Excel's XML of 2003 (« Feuille de calcul XML 2003 »), which accounting and register software still writes,
often under the name « .xls ».

Source: Microsoft, XML Spreadsheet Reference (Office XP and 2003).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from pathlib import Path

from parvis.core.errors import Unreadable
from parvis.core.reading import Example, Reader, Reading, Workspace
from parvis.core.sentence import Number, Sentence
from parvis.core.settings import Limits
from parvis.readers import xml_text
from parvis.readers.limits import past
from parvis.readers.raw import Cell
from parvis.readers.sheets import Leaf, Seen, Sheet, read_sheets
from parvis.readers.sparse import SparseSheet
from parvis.readers.xml_stream import Element, attributes, forget, local, name, walk

_SPACE = b"urn:schemas-microsoft-com:office:spreadsheet"
_DIGITS = 15
"""Digits that a number of a spreadsheet keeps."""
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,40}", re.ASCII)


@dataclass(slots=True)
class _Leaf:
    """A sheet while it is read."""

    sheet: SparseSheet
    hidden: bool = False
    row: int = -1
    lost: int = 0
    errors: int = 0
    cells: dict[int, Cell] = field(default_factory=dict[int, Cell])
    column: int = -1
    hidden_rows: set[int] = field(default_factory=set[int])
    hidden_columns: set[int] = field(default_factory=set[int])


def sniff(head: bytes, path: Path) -> float:
    """The root `Workbook` and the namespace of its sheets."""
    return 0.95 if xml_text.root(head) == "workbook" and _SPACE in head.replace(b"\x00", b"") else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """A table for each sheet that holds one. Raises Unreadable: not well-formed, empty, or past a limit."""
    text, leaves = xml_text.walked(path, workspace, lambda text: (text, _leaves(text, workspace.limits)))
    if not leaves:
        raise Unreadable("Le classeur n’a aucune feuille de calcul.")
    seen = {
        leaf.sheet.name: Seen(
            leaf.lost,
            leaf.errors,
            hidden_rows=frozenset(leaf.hidden_rows),
            hidden_columns=frozenset(leaf.hidden_columns),
        )
        for leaf in leaves
    }
    reading = read_sheets(
        [Leaf(leaf.sheet.name, _loading(leaf.sheet), leaf.hidden) for leaf in leaves],
        workspace,
        "excel2003",
        seen,
    )
    tables = tuple(
        replace(t, encoding=text.encoding, issues=(*text.issues, *t.issues)) for t in reading.tables
    )
    return Reading(reading.format, tables, reading.issues)


def _loading(sheet: SparseSheet) -> Callable[[], Sheet]:
    return lambda: sheet


def _leaves(text: xml_text.Text, limits: Limits) -> list[_Leaf]:
    """Every sheet, in the order of the workbook."""
    leaves: list[_Leaf] = []
    with text.open() as source:
        for event, element in walk(source, limits):
            tag = local(element)
            if event == "start":
                if tag == "Worksheet":
                    leaves.append(
                        _Leaf(
                            SparseSheet(_attribute(element, "Name") or f"Feuille {len(leaves) + 1}", limits)
                        )
                    )
                continue
            leaf = leaves[-1] if leaves else None
            if leaf is not None and tag == "Column":
                first = max(leaf.column + 1, _count(element, "Index") - 1)
                leaf.column = min(first + _count(element, "Span"), limits.columns)
                if _out_of_sight(element, "Width"):
                    leaf.hidden_columns.update(range(first, leaf.column + 1))
            if leaf is not None and tag == "Row":
                _row(leaf, element, limits)
                forget(element)
            elif leaf is not None and tag == "Visible":
                leaf.hidden = (element.text or "").strip() in ("SheetHidden", "SheetVeryHidden")
            elif tag in ("Worksheet", "Styles", "Names", "DocumentProperties"):
                forget(element)
    return leaves


def _attribute(element: Element, wanted: str) -> str:
    return next((value for key, value in attributes(element).items() if name(key) == wanted), "")


def _count(element: Element, wanted: str) -> int:
    """An attribute that counts; 0 when it is missing or makes no sense."""
    digits = _attribute(element, wanted).strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0


def _out_of_sight(element: Element, size: str) -> bool:
    """Whether a row or a column is hidden, or has no size."""
    return (
        _attribute(element, "Hidden") == "1"
        or re.fullmatch(r"0+(?:\.0*)?", _attribute(element, size)) is not None
    )


def _row(leaf: _Leaf, element: Element, limits: Limits) -> None:
    leaf.row = max(leaf.row + 1, _count(element, "Index") - 1)
    if _out_of_sight(element, "Height"):
        leaf.hidden_rows.update(range(leaf.row, leaf.row + min(_count(element, "Span"), 1_048_576) + 1))
    column = -1
    cells: dict[int, Cell] = {}
    for child in element:
        if local(child) != "Cell":
            continue
        column = max(column + 1, _count(child, "Index") - 1)
        if column >= limits.columns:
            raise past(
                "columns",
                limits.columns,
                Sentence(
                    "La feuille « {name} » compte plus de {n} colonnes",
                    name=leaf.sheet.name,
                    n=Number(limits.columns),
                ),
            )
        value = _value(leaf, child)
        if value is not None:
            cells[column] = value
        right, down = _count(child, "MergeAcross"), _count(child, "MergeDown")
        if right or down:
            leaf.sheet.merge(leaf.row, column, leaf.row + down, column + right)
        column += right
    leaf.sheet.add(leaf.row, cells)
    leaf.row += _count(element, "Span")


def _value(leaf: _Leaf, cell: Element) -> Cell:
    data = next((child for child in cell if local(child) == "Data"), None)
    if data is None:
        leaf.lost += bool(_attribute(cell, "Formula"))
        return None
    text = _text(data)
    kind = _attribute(data, "Type")
    if kind == "Error":
        leaf.errors += 1
        return None
    if kind == "Number":
        return _number(text.strip())
    if kind == "Boolean":
        return {"1": True, "0": False}.get(text.strip(), text)
    return _moment(text.strip()) if kind == "DateTime" else text


def _number(text: str) -> Cell:
    """Whole numbers that a spreadsheet could not hold stay as they are written."""
    if not _NUMBER.fullmatch(text) or (_WHOLE.fullmatch(text) and len(text) > _DIGITS):
        return text
    value = float(text)
    return value if math.isfinite(value) else text


def _text(element: Element) -> str:
    """The text of a cell with that of its formatting tags; comments stand beside `Data`, not in it."""
    return (element.text or "") + "".join(_text(child) + (child.tail or "") for child in element)


def _moment(text: str) -> Cell:
    """A day, a day with a time, or a time alone: Excel dates those of the last day of 1899."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if moment.date() == date(1899, 12, 31):
        return moment.time()
    return moment.date() if moment.time() == time() else moment


_BOOK = """<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="Régies"><Table>
<Row><Cell ss:MergeAcross="2"><Data ss:Type="String">Régies de recettes</Data></Cell></Row>
<Row ss:Index="3"><Cell><Data ss:Type="String">nom</Data></Cell><Cell><Data ss:Type="String">ouverte</Data></Cell><Cell><Data ss:Type="String">plafond</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">Piscine</Data></Cell><Cell><Data ss:Type="DateTime">2020-09-01T00:00:00.000</Data></Cell><Cell><Data ss:Type="Number">1220.5</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">Musée</Data></Cell><Cell ss:Index="3"><Data ss:Type="Number">300</Data></Cell></Row>
</Table></Worksheet></Workbook>
"""  # noqa: E501

EXCEL_2003 = Reader(
    name="excel2003",
    title="Classeur Excel en XML (2003)",
    sniff=sniff,
    read=read,
    examples=(
        Example(
            "titre, ligne sautée, cellule sautée", _BOOK.encode(), ("nom", "ouverte", "plafond"), 2, "utf-8"
        ),
    ),
)
