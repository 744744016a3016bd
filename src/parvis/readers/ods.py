"""OpenDocument sheets, .ods (LibreOffice)."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from parvis.core.errors import Unreadable
from parvis.core.reading import Example, Reader, Reading, Workspace
from parvis.core.sentence import Number, Sentence
from parvis.core.settings import Limits
from parvis.readers import number_formats as masks
from parvis.readers import zips
from parvis.readers.archive import members
from parvis.readers.grid import Merge
from parvis.readers.limits import past
from parvis.readers.minimal_files import small_ods
from parvis.readers.sheets import Seen, broken, locked, read_workbook

_MIME = b"application/vnd.oasis.opendocument.spreadsheet"
_SHAPE = frozenset({"style-name", "number-columns-repeated", "number-columns-spanned", "number-rows-spanned", "number-matrix-columns-spanned",
                    "number-matrix-rows-spanned", "content-validation-name", "protect", "protected", "id"})  # fmt: skip
"""Attributes that say nothing of a cell's value."""
_MERGES = 10_000
_SIZES = {"table-row-properties": "row-height", "table-column-properties": "column-width"}
_FLAT = re.compile(r"0+(?:\.0*)?[a-z]*")
_COLUMNS, _ROWS, _DIGITS = 16_384, 1_048_576, 20


def sniff(head: bytes, path: Path) -> float:
    """By the member `mimetype`, which the standard wants first; else by the members."""
    if head.startswith(zips.MAGIC) and head[30:38] == b"mimetype" and _MIME in head[38:200]:
        return 1.0
    names = zips.members(head, path)
    return (
        0.8
        if "content.xml" in names and "META-INF/manifest.xml" in names and "mimetype" not in names
        else 0.0
    )


@dataclass(slots=True)
class _Table:
    """The sheet that is being walked."""

    name: str
    rows: int = 0
    """Rows up to the last one that holds something."""
    columns: int = 0
    at: int = 0
    """Rows met so far, repeats included."""
    width: int = 0
    """Columns of the current row up to the last cell that holds something."""
    column: int = 0
    repeat: int = 1
    merges: list[Merge] = field(default_factory=list[Merge])
    errors: int = 0
    usual: list[str] = field(default_factory=list[str])
    """Style of the cells of each column that say none."""
    style: str = ""
    """The same of the current row."""
    numbers: Counter[int] = field(default_factory=Counter[int])
    masked_cells: Counter[tuple[int, str]] = field(default_factory=Counter[tuple[int, str]])

    hidden_rows: set[int] = field(default_factory=set[int])
    hidden_columns: set[int] = field(default_factory=set[int])
    unseen: bool = False
    """Whether the current row is out of sight."""

    def masks(self) -> Mapping[int, str]:
        """Columns whose numbers are nearly all shown as codes."""
        return {
            column: mask
            for (column, mask), count in self.masked_cells.items()
            if count >= masks.SHARE * self.numbers[column]
        }


class _Codes:
    """The cell styles whose numbers are codes: a number style of whole numbers with zeros in front and
    without thousands. Source: OpenDocument 1.3, 16.29.
    """

    def __init__(self) -> None:
        self.known: dict[str, str] = {}
        """Name of a cell style to its mask."""
        self._formats: dict[str, str] = {}
        self._name = ""
        self._digits = 0
        self._between: dict[int, str] = {}
        self._place: int | None = None
        self._plain = True

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "number-style":
            self._name, self._digits, self._between, self._plain = attributes.get("name", ""), 0, {}, True
        elif self._name and name == "number":
            whole = attributes.get("decimal-places", "0") == "0" and attributes.get("grouping") != "true"
            self._digits = _count(attributes.get("min-integer-digits")) if whole else 0
        elif self._name and name == "embedded-text":
            self._place = _count(attributes.get("position"))
        elif self._name:
            self._plain = self._plain and name == "properties"
        elif (
            name == "style"
            and attributes.get("family") == "table-cell"
            and (mask := self._formats.get(attributes.get("data-style-name", "")))
        ):
            self.known[attributes.get("name", "")] = mask

    def text(self, text: str) -> None:
        if self._place is not None:
            self._between[self._place] = self._between.get(self._place, "") + text

    def end(self, name: str) -> None:
        if name == "embedded-text":
            self._place = None
        elif name == "number-style":
            if self._plain and 2 <= self._digits <= _DIGITS:
                places = range(self._digits, 0, -1)
                self._formats[self._name] = masks.mask(
                    "".join(f'"{self._between[p]}"0' if p in self._between else "0" for p in places)
                )
            self._name = ""


class _Walk:
    """Follows the tags of content.xml and adds up what the repeats ask for. Refuses a sheet as soon as it
    passes the limit.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._cell: tuple[int, int] | None = None
        self._depth = 0
        self.tables: list[_Table] = []
        self._open: list[_Table] = []
        self._codes = _Codes()
        self._folded = 0
        """How many groups of rows or columns around are folded away."""
        self._groups: list[bool] = []
        self._style = ""
        self._flat: set[str] = set()
        """Styles of rows and columns without height or width."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > self._limits.nesting:
            raise past("nesting", self._limits.nesting, Sentence("Le classeur imbrique trop d’éléments"))
        name = tag.rpartition(" ")[2]
        named = {k.rpartition(" ")[2]: v for k, v in attributes.items()}
        if name == "table":
            table = _Table(named.get("name", ""))
            self.tables.append(table)
            self._open.append(table)
        elif not self._open:
            self._codes.start(name, named)
            if name == "style":
                self._style = (
                    named.get("name", "") if named.get("family") in ("table-row", "table-column") else ""
                )
            elif (
                name in ("table-row-properties", "table-column-properties")
                and self._style
                and _FLAT.fullmatch(named.get(_SIZES[name], "1"))
            ):
                self._flat.add(self._style)
        elif name in ("table-row-group", "table-column-group"):
            self._groups.append(named.get("display") == "false")
            self._folded += self._groups[-1]
        elif name == "table-column":
            usual = self._open[-1].usual
            if self._out_of_sight(named):
                first = len(usual)
                self._open[-1].hidden_columns.update(
                    range(first, min(first + _count(named.get("number-columns-repeated")), _COLUMNS))
                )
            usual += [named.get("default-cell-style-name", "")] * min(
                _count(named.get("number-columns-repeated")), max(0, _COLUMNS - len(usual))
            )
        elif name == "table-row":
            table = self._open[-1]
            table.repeat, table.width, table.column = _count(named.get("number-rows-repeated")), 0, 0
            table.style = named.get("default-cell-style-name", "")
            table.unseen = self._out_of_sight(named)
        elif name in ("table-cell", "covered-table-cell"):
            table = self._open[-1]
            times = _count(named.get("number-columns-repeated"))
            self._cell = (table.column, times)
            table.column += times
            if named.keys() - _SHAPE:
                self._holds(table)
            if self._codes.known and named.get("value-type") == "float" and times < _COLUMNS:
                self._number(table, named.get("style-name") or table.style, times)
            down, right = (
                _count(named.get("number-rows-spanned")),
                _count(named.get("number-columns-spanned")),
            )
            if (down > 1 or right > 1) and len(table.merges) < _MERGES:
                first = table.column - times
                table.merges.append(((table.at, first), (table.at + down - 1, first + right - 1)))
        elif name == "p" and self._cell:
            self._holds(self._open[-1])

    def _out_of_sight(self, attributes: Mapping[str, str]) -> bool:
        """Whether a row or a column is hidden, filtered or folded away, or has no size. Source: OpenDocument
        1.3, 19.749 (visibility), 19.612 (display).
        """
        return (
            bool(self._folded)
            or attributes.get("visibility") in ("collapse", "filter")
            or attributes.get("style-name") in self._flat
        )

    def text(self, text: str) -> None:
        """The text between tags: of use in the number styles only."""
        if not self._open:
            self._codes.text(text)

    def _number(self, table: _Table, style: str, times: int) -> None:
        for column in range(table.column - times, table.column):
            table.numbers[column] += table.repeat
            mask = self._codes.known.get(style or (table.usual[column] if column < len(table.usual) else ""))
            if mask:
                table.masked_cells[column, mask] += table.repeat

    def _holds(self, table: _Table) -> None:
        table.width = max(table.width, table.column)

    def end(self, tag: str) -> None:
        self._depth -= 1
        name = tag.rpartition(" ")[2]
        if not self._open:
            self._codes.end(name)
        if name == "table" and self._open:
            self._open.pop()
        elif name in ("table-row-group", "table-column-group") and self._groups:
            self._folded -= self._groups.pop()
        elif name in ("table-cell", "covered-table-cell"):
            self._cell = None
        elif name == "table-row" and self._open:
            table = self._open[-1]
            if table.unseen and table.width:
                table.hidden_rows.update(range(table.at, table.at + min(table.repeat, _ROWS)))
            table.at += table.repeat
            if table.width:
                table.rows = table.at
                table.columns = max(table.columns, table.width)
                if table.rows * table.columns > self._limits.cells:
                    reach = Sentence(
                        "{n} lignes et {n2} colonnes", n=Number(table.rows), n2=Number(table.columns)
                    )
                    raise past(
                        "cells",
                        self._limits.cells,
                        Sentence("La feuille « {name} » s’étend sur {reach}", name=table.name, reach=reach),
                    )


def _count(digits: str | None) -> int:
    return int(digits) if digits and digits.isdecimal() and len(digits) < 12 and int(digits) > 0 else 1


def bounds(path: Path, limits: Limits) -> Mapping[str, Seen]:
    """Of each sheet, by name. Raises Unreadable when one is too large, or when the file is damaged or
    encrypted.
    """
    walk = _Walk(limits)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.text
    parser.EntityDeclHandler = _entity
    try:
        with zipfile.ZipFile(path) as archive:
            members(path, limits)
            if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in archive.read(
                "META-INF/manifest.xml"
            ):
                raise locked()
            with archive.open("content.xml") as content:
                while block := content.read(1_000_000):
                    parser.Parse(block, False)
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise broken(error) from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        OSError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise broken(error) from error
    return {
        t.name: Seen(
            merges=tuple(t.merges),
            masks=t.masks(),
            hidden_rows=frozenset(t.hidden_rows),
            hidden_columns=frozenset(t.hidden_columns),
        )
        for t in walk.tables
    }


def _entity(*_: object) -> None:
    raise Unreadable(
        "Le classeur déclare des entités XML : ce n’est pas un classeur ordinaire, il est refusé."
    )


def read(path: Path, workspace: Workspace) -> Reading:
    """Bounds first, then calamine."""
    return read_workbook(path, workspace, "ods", bounds(path, workspace.limits))


ODS = Reader(
    name="ods",
    title="Classeur OpenDocument (ods)",
    sniff=sniff,
    read=read,
    examples=(
        Example(
            "une feuille",
            small_ods([["nom", "places"], ["Comédie", 788], ["Foch", 660]]),
            ("nom", "places"),
            2,
        ),
        Example(
            "titre, ligne vide, première colonne vide",
            small_ods([["Parkings"], [], ["", "nom", "places"], ["", "Comédie", 788]]),
            ("nom", "places"),
            1,
        ),
    ),
)
