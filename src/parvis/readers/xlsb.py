"""Excel binary workbooks, .xlsb."""

from __future__ import annotations

import zipfile
from pathlib import Path

from parvis.core.reading import Example, Reader, Reading, Workspace
from parvis.readers import zips
from parvis.readers.archive import members
from parvis.readers.minimal_files import small_xlsb
from parvis.readers.sheets import broken, read_workbook
from parvis.readers.xlsx_bounds import binary_sheets


def sniff(head: bytes, path: Path) -> float:
    """By the binary workbook among the parts."""
    return 1.0 if any(n.lower() == "xl/workbook.bin" for n in zips.members(head, path)) else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """Bounds first, then calamine."""
    try:
        package = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise broken(error) from error
    with package:
        members(path, workspace.limits)
        seen = binary_sheets(package, workspace.limits)
    return read_workbook(path, workspace, "xlsb", seen)


XLSB = Reader(
    name="xlsb",
    title="Classeur Excel binaire (xlsb)",
    sniff=sniff,
    read=read,
    examples=(
        Example(
            "une feuille",
            small_xlsb([["nom", "places"], ["Comédie", 788], ["Foch", 660]]),
            ("nom", "places"),
            2,
        ),
    ),
)
