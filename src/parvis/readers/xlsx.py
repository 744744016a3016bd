"""Excel workbooks, .xlsx and .xlsm."""

from __future__ import annotations

import zipfile
from pathlib import Path

from parvis.core.reading import Example, Reader, Reading, Workspace
from parvis.readers import zips
from parvis.readers.archive import members
from parvis.readers.minimal_files import small_xlsx
from parvis.readers.sheets import broken, read_workbook
from parvis.readers.xlsx_bounds import xml_sheets


def sniff(head: bytes, path: Path) -> float:
    """By the parts of the package; a package cut short is known by its first parts."""
    names = zips.members(head, path)
    if names:
        return (
            1.0
            if any(n.lower().startswith("xl/") and n.lower().endswith("workbook.xml") for n in names)
            else 0.0
        )
    cut = head.startswith(zips.MAGIC) and (
        b"xl/wor" in head
        or b"xl/_rels" in head
        or (b"[Content_Types].xml" in head[:100] and b"word/" not in head)
    )
    return 0.9 if cut else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """Bounds first, then calamine."""
    try:
        package = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise broken(error) from error
    with package:
        members(path, workspace.limits)
        seen = xml_sheets(package, workspace.limits)
    return read_workbook(path, workspace, "xlsx", seen)


_TITLED = [["Budget 2026"], [], ["Service", "Montant"], ["Voirie", 1200.5], ["Écoles", 300]]
_SHIFTED = [["", "Nom", "Places"], ["", "Comédie", 788], ["", "Foch", 660], [], ["", "Source : ville"]]
_DOUBLED = [["id", "nom", "", "nom"], [1, "a", "x", "b"]]

XLSX = Reader(
    name="xlsx",
    title="Classeur Excel (xlsx)",
    sniff=sniff,
    read=read,
    examples=(
        Example("un titre et une ligne vide au-dessus", small_xlsx(_TITLED), ("Service", "Montant"), 2),
        Example("première colonne vide, note sous la table", small_xlsx(_SHIFTED), ("Nom", "Places"), 2),
        Example("étiquettes doubles et vides", small_xlsx(_DOUBLED), ("id", "nom", "colonne_3", "nom_2"), 1),
    ),
)
