"""Files for the sender to take away: a mended copy, the list of changed cells, and the file itself with its
faults marked. A CSV stays a CSV of the same separator, in UTF-8; a workbook stays that workbook, with its
sheets, formats and formulas; anything else becomes a CSV.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

import duckdb

from parvis.checks.answer import Fault
from parvis.checks.codes import tell
from parvis.checks.declaration import called
from parvis.checks.layout import lay, named, raw_cell
from parvis.checks.mending import Cell
from parvis.checks.sql import select_from, surely
from parvis.core.formulas import inert
from parvis.core.reading import RawTable
from parvis.core.sentence import Speaker, either
from parvis.core.types import Finding, Schema, Severity
from parvis.engine import scans

WORKBOOK_CELLS = 600_000
"""Cells up to which a workbook is rewritten as a workbook: some 30 s. Beyond, the copy is a CSV."""

COMMENTS = 2_000
"""Cells that bear a comment in an annotated workbook; those after them are coloured only. A spreadsheet opens
slowly with more.
"""

_BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Mark:
    """One fault of one cell, with its sentences. place: None for the row as a whole."""

    record: int
    place: int | None
    severity: Severity
    title: str
    fix: str


def marks(raw: RawTable, findings: Iterable[Finding], language: Speaker) -> tuple[Mark, ...]:
    """Every fault of a record, with its cell."""
    places = {c.name: i for i, c in enumerate(raw.columns)}
    out: list[Mark] = []
    for finding in findings:
        words = tell(finding, language)
        at = [places[n] for n in (finding.column, *finding.column.split(", ")) if n in places] or [None]
        out += (
            Mark(r.record, place, finding.severity, words.title, words.fix)
            for r in finding.rows
            for place in dict.fromkeys(at)
            if r.record
        )
    return tuple(out)


def listed(faults: Iterable[Fault], language: Speaker) -> tuple[tuple[str, ...], ...]:
    """The sheet « Rapport » of an annotated workbook: a header, then one row a fault."""
    header = tuple(either(pair, language) for pair in _LISTED)
    return (header, *(_row(f, language) for f in faults))


_LISTED = (
    ("Gravité", "Severity"), ("Colonne", "Column"), ("Lignes", "Rows"), ("Premières lignes", "First lines"), ("Ce qui ne va pas", "What is wrong"),
    ("Comment corriger", "How to mend it"), ("Pourquoi", "Why it matters"), ("Code", "Code"),
)  # fmt: skip
_SEVERITIES: Mapping[Severity, tuple[str, str]] = {
    "error": ("Erreur", "Error"),
    "warning": ("Avertissement", "Warning"),
    "info": ("Information", "Information"),
}


def _row(fault: Fault, language: Speaker) -> tuple[str, ...]:
    first = ", ".join(str(r.line) for r in fault.rows[:10] if r.line)
    return (
        either(_SEVERITIES[fault.severity], language),
        fault.column,
        str(fault.count),
        first,
        fault.message,
        fault.fix,
        fault.why,
        fault.code,
    )


def records(raw: RawTable, con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, ...]]:
    """The cells of a table as text, record by record; what is absent is empty."""
    query = select_from(
        scans.relation(raw.scan, len(raw.columns)),
        *(named(surely(raw_cell(i), "VARCHAR"), f"c{i}") for i in range(len(raw.columns))),
    )
    cursor = con.cursor()
    try:
        cursor.execute(query.sql("duckdb"))
        while rows := cursor.fetchmany(_BATCH):
            yield from (tuple("" if v is None else str(v) for v in row) for row in rows)
    finally:
        cursor.close()


def write_csv(raw: RawTable, out: BinaryIO, *, con: duckdb.DuckDBPyConnection) -> None:
    """The table: header, then every record."""
    with _text(out, raw) as text:
        writer = csv.writer(text, delimiter=raw.separator or ";", lineterminator="\n")
        writer.writerow([c.label or c.name for c in raw.columns])
        writer.writerows(records(raw, con))


def write_annotated_csv(
    raw: RawTable,
    faulty_cells: Sequence[Mark],
    lines: Mapping[int, int],
    out: BinaryIO,
    language: Speaker,
    *,
    con: duckdb.DuckDBPyConnection,
) -> None:
    """The table with three columns more: the line of each faulty record in the file, its faults, and how to
    mend them; no cell runs in a spreadsheet.
    """
    by_record: defaultdict[int, list[Mark]] = defaultdict(list)
    for mark in faulty_cells:
        by_record[mark.record].append(mark)
    titles = (
        ("line_of_the_file", "faults", "fixes")
        if language.code == "en"
        else ("ligne_du_fichier", "anomalies", "corrections")
    )
    with _text(out, raw) as text:
        writer = csv.writer(text, delimiter=raw.separator or ";", lineterminator="\n")
        writer.writerow([*(inert(c.label or c.name) for c in raw.columns), *titles])
        for number, cells in enumerate(records(raw, con), 1):
            mine = by_record.get(number, ())
            messages = [
                f"{raw.columns[m.place].label} : {m.title}" if m.place is not None else m.title for m in mine
            ]
            fixes = dict.fromkeys(m.fix for m in mine if m.fix)
            line_cells = (
                *cells,
                str(lines.get(number, "")) if mine else "",
                " | ".join(dict.fromkeys(messages)),
                " | ".join(fixes),
            )
            writer.writerow([inert(cell) for cell in line_cells])


def write_changes(
    changed: Sequence[Cell], lines: Mapping[int, int], header_row: int, out: BinaryIO, language: Speaker
) -> None:
    """Every changed cell: line of the file, column, before, after, repair. To be read in a spreadsheet: no
    cell runs.
    """
    titles = (
        ("line", "record", "column", "before", "after", "repair")
        if language.code == "en"
        else ("ligne", "enregistrement", "colonne", "avant", "apres", "reparation")
    )
    with _text(out) as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(titles)
        for c in changed:
            line = lines.get(c.record, 0) if c.record else header_row
            writer.writerow(
                (
                    line,
                    c.record,
                    *(inert(text) for text in (c.column, c.before, c.after, " + ".join(c.repairs))),
                )
            )


def write_workbook(
    file: Path,
    raw: RawTable,
    changed: Sequence[Cell],
    lines: Mapping[int, int],
    schema: Schema,
    out: BinaryIO,
) -> None:
    """The sender's workbook with the changed cells in it. Numbers and dates become cells of those kinds,
    codes stay text.
    """
    from openpyxl import (
        load_workbook,
    )  # here, not above: half a second, for those who take a workbook away only
    from openpyxl.cell import MergedCell

    kinds = {
        place: (called(c), c.format)
        for name, place in lay(raw, schema).places.items()
        if (c := schema.column(name)) is not None
    }
    with file.open("rb") as opened:  # by its bytes: a path is refused for what it is called
        book = load_workbook(opened)
    sheet = book[_sheet(raw, book.sheetnames)]
    for change in changed:
        row = lines.get(change.record, 0) if change.record else raw.header_row
        if row:
            cell = sheet.cell(row, raw.columns[change.place].place + 1)
            value = (
                _value(change.after, *kinds.get(change.place, ("string", "")))
                if change.record
                else change.after
            )
            if isinstance(cell, MergedCell):
                continue
            cell.value = value
            if isinstance(value, str):
                cell.data_type, cell.number_format = "s", "@"
            elif isinstance(value, date):
                cell.number_format = "yyyy-mm-dd"
    book.save(out)


def write_annotated_workbook(
    file: Path,
    tables: Sequence[tuple[RawTable, Sequence[Mark], Mapping[int, int]]],
    report: Sequence[Sequence[str]],
    out: BinaryIO,
) -> None:
    """The sender's workbook with faulty cells coloured and commented, and a sheet that lists the faults.
    report: rows of that sheet, its header first.
    """
    from openpyxl import load_workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill

    fills = {
        s: PatternFill("solid", fgColor=colour)
        for s, colour in (("error", "FFF4B6AE"), ("warning", "FFFFE3A3"), ("info", "FFD6E8EE"))
    }
    with file.open("rb") as opened:  # by its bytes: a path is refused for what it is called
        book = load_workbook(opened)
    left = COMMENTS
    for raw, faulty_cells, lines in tables:
        sheet = book[_sheet(raw, book.sheetnames)]
        by_cell: defaultdict[tuple[int, int], list[Mark]] = defaultdict(list)
        for mark in faulty_cells:
            by_cell[lines.get(mark.record, 0), raw.columns[mark.place or 0].place + 1].append(mark)
        for (row, column), mine in sorted(by_cell.items()):
            if row < 1 or column < 1:
                continue
            cell = sheet.cell(row, column)
            cell.fill = fills[min((m.severity for m in mine), key=("error", "warning", "info").index)]
            if left > 0:
                cell.comment = Comment(
                    "\n".join(dict.fromkeys(f"{m.title}\n→ {m.fix}" for m in mine)),
                    "Parvis",
                    width=360,
                    height=160,
                )
                left -= 1
    sheet = book.create_sheet(
        next(
            name
            for name in ("Rapport", "Rapport Parvis", "Rapport de contrôle")
            if name not in book.sheetnames
        ),
        0,
    )
    for row in report:
        sheet.append([""] * len(row))
        for place, value in enumerate(row, 1):
            cell = sheet.cell(sheet.max_row, place)
            cell.value, cell.data_type = value, "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABCDEFGH", (14, 24, 12, 24, 60, 60, 60, 28), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    book.save(out)


def _sheet(raw: RawTable, names: Sequence[str]) -> str:
    """The sheet of a table: a second table of a sheet is called « Feuille (H) »."""
    return raw.name if raw.name in names else raw.name.rpartition(" (")[0]


def _value(text: str, kind: str, form: str) -> str | int | float | date:
    """A mended text as a cell of a workbook."""
    body = text.replace(",", ".")
    if kind == "integer" and len(text) < 16:
        return int(text) if text.lstrip("-").isdigit() else text
    if kind == "number" and len(text) < 16 and body.replace(".", "", 1).lstrip("-").isdigit():
        return float(body)
    if kind == "date" and form in ("", "default") and len(text) == 10:
        return date.fromisoformat(text)
    return text


def _text(out: BinaryIO, raw: RawTable | None = None) -> io.TextIOWrapper:
    """UTF-8 text over a binary file, which stays open; with a byte order mark where the file had one."""
    codec = "utf-8-sig" if raw is not None and raw.encoding == "utf-8-sig" else "utf-8"
    return _LeftOpen(out, codec, newline="", write_through=True)


class _LeftOpen(io.TextIOWrapper):
    """A text over a file of the caller's, who closes it."""

    def __exit__(self, *raised: object) -> None:
        self.flush()
        self.detach()
