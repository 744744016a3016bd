"""Old Excel workbooks, .xls, and any Office file kept behind a password."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

from parvis.core.reading import Example, Reader, Reading, Workspace
from parvis.core.sentence import Number, Sentence
from parvis.readers import biff
from parvis.readers.limits import past
from parvis.readers.memory_maps import mapped
from parvis.readers.minimal_files import small_xls
from parvis.readers.sheets import Seen, broken, locked, read_workbook

_WORKBOOK = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def sniff(head: bytes, path: Path) -> float:
    """A compound file that holds a workbook, or something encrypted by Office."""
    if not head.startswith(biff.MAGIC):
        return 0.0
    with mapped(path) as data:
        return 1.0 if any(data.find(name) >= 0 for name in (*_WORKBOOK, _ENCRYPTED)) else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """Bounds first, then calamine."""
    with mapped(path) as data:
        if data.find(_ENCRYPTED) >= 0:
            raise locked()
        try:
            stream = biff.workbook(data)
            reach = biff.extent(stream)
            codes = {} if reach.locked else biff.codes(stream)
            unseen = {} if reach.locked else biff.unseen(stream)
        except (ValueError, struct.error, IndexError) as error:
            raise broken(error) from error
    if reach.locked:
        raise locked()
    if reach.rows * reach.columns > workspace.limits.cells:
        raise past(
            "cells",
            workspace.limits.cells,
            Sentence(
                "Une feuille s’étend sur {n} lignes et {n2} colonnes",
                n=Number(reach.rows),
                n2=Number(reach.columns),
            ),
        )
    return read_workbook(path, workspace, "xls", _seen(codes, unseen))


def _seen(
    codes: Mapping[str, Mapping[int, str]], unseen: Mapping[str, tuple[frozenset[int], frozenset[int]]]
) -> dict[str, Seen]:
    return {
        sheet: Seen(masks=codes.get(sheet, {}), hidden_rows=rows, hidden_columns=columns)
        for sheet, (rows, columns) in unseen.items()
    }


XLS = Reader(
    name="xls",
    title="Classeur Excel ancien (xls)",
    sniff=sniff,
    read=read,
    examples=(
        Example(
            "une feuille",
            small_xls([["nom", "places"], ["Comédie", 788], ["Foch", 660]]),
            ("nom", "places"),
            2,
        ),
    ),
)
