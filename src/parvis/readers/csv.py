"""CSV, TSV and their kin: any encoding, separator, quoting; titles above, notes below.

A file of one shape is read where it lies (or as a UTF-8 copy); any other through a Parquet file of the spool.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from parvis.core.errors import Unreadable
from parvis.core.reading import (
    CsvScan,
    Example,
    Issue,
    ParquetScan,
    RawColumn,
    RawTable,
    Reader,
    Reading,
    Workspace,
)
from parvis.core.sentence import Sentence
from parvis.core.settings import Limits
from parvis.core.text import counted
from parvis.readers import file_signatures, header, structure, tolerant
from parvis.readers.cells import decimal_mark
from parvis.readers.dialect import find as find_dialect
from parvis.readers.first_lines import (
    ALONE,
    Sample,
    header_again,
    label_issues,
    layout_issues,
    notes_below,
    rows,
    sample,
    useful,
)
from parvis.readers.header import Layout
from parvis.readers.limits import past
from parvis.readers.memory_maps import mapped
from parvis.readers.plain_utf8 import Plain, plain
from parvis.readers.records import Dialect, blank
from parvis.readers.wrapped import aligned, formulas, unformulated, unwrap, wrapped

CELLS = 200_000
"""Cells of the sample that the decimal mark is sought in."""


def sniff(head: bytes, path: Path) -> float:
    """Any text is a table as a last resort; what is surely another format is left to it."""
    if (
        not head
        or file_signatures.kind(head)
        or file_signatures.binary(head)
        or head[:4] in (b"PK\x03\x04", b"PK\x05\x06")
        or head[:2] == b"\x1f\x8b"
    ):
        return 0.0
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return 0.1 if start in (b"<", b"{", b"[") else 0.4


def read(path: Path, workspace: Workspace) -> Reading:
    """Read one text table. Raises Unreadable: no text, no record, or past a limit."""
    return Reading("csv", (table(path, workspace),))


def table(path: Path, workspace: Workspace) -> RawTable:
    """The table of a text file."""
    limits = workspace.limits
    text = _opened(path, workspace)
    with mapped(text.path) as data:
        first = sample(data, text.bom)
        if _script(first.lines):
            raise Unreadable(
                "Le fichier est un script SQL, non une table.",
                mend="Exportez la table en CSV depuis la base, ou depuis votre logiciel.",
            )
        dialect = find_dialect(useful(first.lines))
        first_rows = rows(first, dialect)
        layout = header.find(first_rows, chosen=workspace.header_row)
        if not any(r.filled for r in first_rows) or (
            first.whole and not any(c.isalnum() for line in first.lines for c in line)
        ):
            raise Unreadable("Le fichier ne contient aucun texte.")
        if layout.width > limits.columns:
            raise past(
                "columns",
                limits.columns,
                Sentence("La table a {width} colonnes", width=layout.width),
                line=layout.header_last,
            )
        scan = _in_place(data, text, first, dialect, layout, limits)
        decimal = decimal_mark(
            [r.cells for r in first_rows if r.first >= layout.data][: max(20, CELLS // layout.width)],
            dialect.separator,
        )
    issues = [*text.issues, *layout_issues(layout)]
    if dialect.cuts:
        issues.append(
            Issue(
                "fixed-width",
                "Les colonnes, alignées par des espaces, ont été coupées à leur largeur. Vérifiez les cellules.",
            )
        )
    elif not dialect.separator and aligned(first.lines):
        issues.append(
            Issue(
                "fixed-width",
                "Les colonnes semblent alignées par des espaces : lues comme une seule. Exportez avec un séparateur (CSV).",
            )
        )
    if scan is not None:
        columns = header.columns(layout.labels, layout.width)
        if scan[1].trailing:
            issues.append(
                Issue(
                    "blank-rows",
                    f"{counted(scan[1].trailing, 'ligne vide', 'lignes vides')} à la fin du fichier.",
                )
            )
        return _raw(columns, scan[0], scan[1].records, layout, text, dialect, decimal, issues)
    out = workspace.spool / "table.parquet"
    workspace.spool.mkdir(parents=True, exist_ok=True)
    tally = tolerant.convert(text.path, out, dialect, layout)
    issues += tolerant.issues(tally, layout)
    width = _width(layout, tally)
    if width < layout.width:
        issues.append(
            Issue(
                "trailing-delimiter",
                counted(
                    layout.width - width,
                    "dernière colonne sans nom ni valeur : ôtée.",
                    "dernières colonnes sans nom ni valeur : ôtées.",
                ),
            )
        )
    columns = header.columns(layout.labels, width)
    raw = _raw(
        columns, ParquetScan(out, line_column=True), tally.rows, layout, text, dialect, decimal, issues
    )
    return replace(
        raw,
        blanks=raw.blanks + tally.within,
        blank_lines=(*raw.blank_lines, *tally.blank_lines[: tally.within]),
    )


_SQL = re.compile(
    r"\s*(?:INSERT INTO|CREATE TABLE|DROP TABLE|START TRANSACTION|BEGIN TRANSACTION|PRAGMA|SET)\b",
    re.IGNORECASE,
)
_INSERT = re.compile(r"\s*INSERT INTO\b.*", re.IGNORECASE | re.DOTALL)


def _script(lines: Sequence[str]) -> bool:
    """Whether these are the orders that would fill a database, and not what it holds."""
    orders = [line for line in lines[:1000] if line.strip() and not line.startswith(("--", "/*"))]
    return bool(orders) and _SQL.match(orders[0]) is not None and any(map(_INSERT.match, orders))


def _opened(path: Path, workspace: Workspace) -> Plain:
    """The text in UTF-8, freed of quotes around each line and of formulas around codes."""
    text = plain(path, workspace.spool, workspace.limits)
    with mapped(text.path) as data:
        lines = useful(sample(data, text.bom).lines)
    around = (
        lines[:1]
        and lines[0].lstrip("\ufeff").startswith('"')
        and not find_dialect(lines).separator
        and wrapped(lines)
    )
    if around:
        return unwrap(text, workspace.spool)
    return unformulated(text, workspace.spool) if formulas(lines) else text


def _raw(
    columns: tuple[RawColumn, ...],
    scan: CsvScan | ParquetScan,
    rows: int,
    layout: Layout,
    text: Plain,
    dialect: Dialect,
    decimal: str | None,
    issues: list[Issue],
) -> RawTable:
    return RawTable(
        name="",
        columns=columns,
        scan=scan,
        rows=rows,
        header_row=layout.header_last,
        encoding=text.encoding.codec,
        separator=dialect.separator or None,
        decimal=decimal,
        issues=(*issues, *label_issues(columns, layout)),
        blanks=layout.blanks,
        blank_lines=layout.blank_lines,
        heading=layout.heading,
    )


def _width(layout: Layout, tally: tolerant.Tally) -> int:
    """The columns that have a label or a value: trailing ones with neither are dropped."""
    named = next((i + 1 for i in range(len(layout.labels) - 1, -1, -1) if not blank(layout.labels[i])), 0)
    return max(1, min(layout.width, max(named, tally.filled)))


def _in_place(
    data: mmap.mmap | bytes, text: Plain, first: Sample, dialect: Dialect, layout: Layout, limits: Limits
) -> tuple[CsvScan, structure.Shape] | None:
    """The scan of the file where it lies, when its records are all of one shape and nothing in it must be
    left out; else None.
    """
    newline = 13 if text.returns and not text.feeds else 10
    head = first.lines[: layout.data - 1]
    start = text.bom + sum(len(line.encode("utf-8")) for line in head)
    separator = (dialect.separator or ALONE).encode("utf-8")
    if len(separator) > 1 or not dialect.bare or dialect.escape:
        return None
    if (
        layout.comments
        or (layout.labels and blank(layout.labels[-1]))
        or len(layout.labels) not in (0, layout.width)
    ):
        return None
    if not dialect.separator and data.find(separator) >= 0:
        return None
    mark = ord(dialect.quote) if dialect.quote and data.find(dialect.quote.encode(), text.bom) >= 0 else -1
    # The engine skips records, not lines: the head must hold as many of one as of the other, and end its
    # lines as the rest does.
    before = (
        structure.cut(
            data, text.bom, start, separator=separator[0], newline=newline, quote=mark, inside=False
        )
        if start > text.bom
        else None
    )
    if before is not None and (
        before.faulty
        or before.inside
        or int((before.kind == newline).sum()) < sum(1 for line in head if line[-1:] in "\r\n")
    ):
        return None
    ends = (
        {line.endswith("\r\n") for line in head if line[-1:] in "\r\n"}
        if text.returns and newline == 10
        else set[bool]()
    )
    if len(ends) > 1:
        return None
    if (
        layout.labels
        and layout.width > 1
        and header_again(data, first.lines[layout.header_first - 1 : layout.header_last], start)
    ):
        return None
    seen = structure.shape(
        data,
        start,
        separator=separator[0],
        newline=newline,
        quote=mark,
        width=layout.width,
        returns=text.returns,
        crlf=next(iter(ends), None),
        limits=limits,
    )
    if (
        not seen.regular
        or (not layout.labels and _ends_empty(first, dialect))
        or notes_below(data, start, dialect, layout, trailing=seen.trailing)
    ):
        return None
    longest = max(seen.longest, start - text.bom)  # the lines above are skipped by the same reader
    return CsvScan(
        text.path, separator.decode(), dialect.quote if mark >= 0 else "", layout.data - 1, longest
    ), seen


def _ends_empty(first: Sample, dialect: Dialect) -> bool:
    """Without header: every record of the sample ends with an empty cell."""
    return bool(dialect.separator) and all(
        line.rstrip("\r\n").endswith(dialect.separator) for line in first.lines
    )


CSV = Reader(
    name="csv",
    title="Texte tabulé (CSV, TSV)",
    sniff=sniff,
    read=read,
    examples=(
        Example(
            "point-virgule", "nom;prix\nÉcole;1,5\nMairie;2,5\n".encode(), ("nom", "prix"), 2, "utf-8", ";"
        ),
        Example(
            "windows", "nom;ville\r\nHélène;Orléans\r\n".encode("cp1252"), ("nom", "ville"), 1, "cp1252", ";"
        ),
        Example(
            "titre",
            "Budget 2024;;\n;;\nposte;montant;année\neau;12;2024\ngaz;13;2024\n".encode(),
            ("poste", "montant", "année"),
            2,
            "utf-8",
            ";",
        ),
        Example("inégal", b"a,b,c\n1,2,3\n4,5\n6,7,8,9\n", ("a", "b", "c"), 3, "utf-8", ","),
        Example(
            "doublons", b"id\tnom\tnom\t\n1\ta\tb\tc\n", ("id", "nom", "nom_2", "colonne_4"), 1, "utf-8", "\t"
        ),
    ),
)
