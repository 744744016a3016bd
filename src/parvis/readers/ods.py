"""OpenDocument sheets, .ods (LibreOffice)."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from parvis.core.errors import Unreadable
from parvis.core.reading import Example, Reader, Reading, Workspace
from parvis.core.settings import Limits
from parvis.core.text import french_number
from parvis.readers import zips
from parvis.readers.archive import members
from parvis.readers.grid import Merge
from parvis.readers.limits import past
from parvis.readers.package import small_ods
from parvis.readers.sheets import Seen, broken, locked, read_workbook

_MIME = b"application/vnd.oasis.opendocument.spreadsheet"
_SHAPE = frozenset({"style-name", "number-columns-repeated", "number-columns-spanned", "number-rows-spanned", "number-matrix-columns-spanned",
                    "number-matrix-rows-spanned", "content-validation-name", "protect", "protected", "id"})  # fmt: skip
"""Attributes that say nothing of a cell's value."""
_MERGES = 10_000


def sniff(head: bytes, path: Path) -> float:
    """By the member `mimetype`, which the standard wants first; else by the members."""
    if head.startswith(zips.MAGIC) and head[30:38] == b"mimetype" and _MIME in head[38:200]:
        return 1.0
    names = zips.members(head, path)
    return 0.8 if "content.xml" in names and "META-INF/manifest.xml" in names and "mimetype" not in names else 0.0


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


class _Walk:
    """Follows the tags of content.xml and adds up what the repeats ask for. Refuses a sheet as soon as it passes the limit."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._cell: tuple[int, int] | None = None
        self._depth = 0
        self.tables: list[_Table] = []
        self._open: list[_Table] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > self._limits.nesting:
            raise past("nesting", self._limits.nesting, "Le classeur imbrique trop d’éléments")
        name = tag.rpartition(" ")[2]
        said = {k.rpartition(" ")[2]: v for k, v in attributes.items()}
        if name == "table":
            table = _Table(said.get("name", ""))
            self.tables.append(table)
            self._open.append(table)
        elif not self._open:
            return
        elif name == "table-row":
            table = self._open[-1]
            table.repeat, table.width, table.column = _count(said.get("number-rows-repeated")), 0, 0
        elif name in ("table-cell", "covered-table-cell"):
            table = self._open[-1]
            times = _count(said.get("number-columns-repeated"))
            self._cell = (table.column, times)
            table.column += times
            if said.keys() - _SHAPE:
                self._holds(table)
            down, right = _count(said.get("number-rows-spanned")), _count(said.get("number-columns-spanned"))
            if (down > 1 or right > 1) and len(table.merges) < _MERGES:
                first = table.column - times
                table.merges.append(((table.at, first), (table.at + down - 1, first + right - 1)))
        elif name == "p" and self._cell:
            self._holds(self._open[-1])

    def _holds(self, table: _Table) -> None:
        table.width = max(table.width, table.column)

    def end(self, tag: str) -> None:
        self._depth -= 1
        name = tag.rpartition(" ")[2]
        if name == "table" and self._open:
            self._open.pop()
        elif name in ("table-cell", "covered-table-cell"):
            self._cell = None
        elif name == "table-row" and self._open:
            table = self._open[-1]
            table.at += table.repeat
            if table.width:
                table.rows = table.at
                table.columns = max(table.columns, table.width)
                if table.rows * table.columns > self._limits.cells:
                    reach = f"{french_number(table.rows)} lignes et {french_number(table.columns)} colonnes"
                    raise past("cells", self._limits.cells, f"La feuille « {table.name} » s’étend sur {reach}")


def _count(said: str | None) -> int:
    return int(said) if said and said.isdecimal() and len(said) < 12 and int(said) > 0 else 1


def bounds(path: Path, limits: Limits) -> Mapping[str, Seen]:
    """Of each sheet, by name. Raises Unreadable when one is too large, or when the file is damaged or encrypted."""
    walk = _Walk(limits)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.EntityDeclHandler = _entity
    try:
        with zipfile.ZipFile(path) as archive:
            members(path, limits)
            if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise locked()
            with archive.open("content.xml") as content:
                while block := content.read(1_000_000):
                    parser.Parse(block, False)
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise broken(error) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, OSError, NotImplementedError, RuntimeError) as error:
        raise broken(error) from error
    return {t.name: Seen(merges=tuple(t.merges)) for t in walk.tables}


def _entity(*_: object) -> None:
    raise Unreadable("Le classeur déclare des entités XML : ce n’est pas un classeur ordinaire, il est refusé.")


def read(path: Path, workspace: Workspace) -> Reading:
    """Bounds first, then calamine."""
    return read_workbook(path, workspace, "ods", bounds(path, workspace.limits))


ODS = Reader(
    name="ods",
    title="Classeur OpenDocument (ods)",
    sniff=sniff,
    read=read,
    examples=(
        Example("une feuille", small_ods([["nom", "places"], ["Comédie", 788], ["Foch", 660]]), ("nom", "places"), 2),
        Example("titre, ligne vide, première colonne vide", small_ods([["Parkings"], [], ["", "nom", "places"], ["", "Comédie", 788]]), ("nom", "places"), 1),
    ),
)
