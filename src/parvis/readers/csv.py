"""CSV, TSV and their kin: any encoding, separator, quoting; titles above, notes below.

A file of one shape is read where it lies (or as a UTF-8 copy); any other through a Parquet file of the spool.
"""

from __future__ import annotations

import io
import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from parvis.core.errors import Unreadable
from parvis.core.reading import CsvScan, Example, Issue, ParquetScan, RawColumn, RawTable, Reader, Reading, Workspace
from parvis.core.settings import Limits
from parvis.readers import header, kinds, structure, tolerant
from parvis.readers.cells import decimal_mark
from parvis.readers.dialect import find as find_dialect
from parvis.readers.dialect import told as told_separator
from parvis.readers.header import Layout
from parvis.readers.limits import past
from parvis.readers.plain import Plain, mapped, plain
from parvis.readers.records import Dialect, Record, Records, blank

SAMPLE = 1 << 18
"""Bytes that dialect and header are found on; eight times as many where lines are long."""
LINES = 50
CELLS = 200_000
"""Cells of the sample that the decimal mark is sought in."""
ALONE = "\x1f"
"""Separator told to the engine for a single column: a character that the file does not hold."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The first lines of a text, and whether they are all of it."""

    lines: tuple[str, ...]
    whole: bool


def sample(data: mmap.mmap | bytes, bom: int) -> Sample:
    """Whole physical lines, each with its line end, from the start of a UTF-8 text."""
    for size in (SAMPLE, 8 * SAMPLE, 64 * SAMPLE):
        head = bytes(data[bom : bom + size])
        whole = bom + size >= len(data)
        lines = io.StringIO(head.decode("utf-8", "ignore"), newline="").readlines()
        if whole or len(lines) > LINES or size == 64 * SAMPLE:
            return Sample(tuple(lines if whole or len(lines) == 1 else lines[:-1]), whole)
    raise AssertionError("the last size always returns")


def sniff(head: bytes, path: Path) -> float:
    """Any text is a table as a last resort; what is surely another format is left to it."""
    if not head or kinds.kind(head) or kinds.binary(head) or head[:4] in (b"PK\x03\x04", b"PK\x05\x06") or head[:2] == b"\x1f\x8b":
        return 0.0
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return 0.1 if start in (b"<", b"{", b"[") else 0.4


def read(path: Path, workspace: Workspace) -> Reading:
    """Read one text table. Raises Unreadable: no text, no record, or past a limit."""
    return Reading("csv", (table(path, workspace),))


def table(path: Path, workspace: Workspace) -> RawTable:
    """The table of a text file."""
    limits = workspace.limits
    text = plain(path, workspace.spool, limits)
    with mapped(text.path) as data:
        first = sample(data, text.bom)
        dialect = find_dialect(_useful(first.lines))
        rows = _rows(first, dialect)
        layout = header.find(rows, chosen=workspace.header_row)
        if not any(r.filled for r in rows):
            raise Unreadable("Le fichier ne contient aucun texte.")
        if layout.width > limits.columns:
            raise past("columns", limits.columns, f"La table a {layout.width} colonnes", line=layout.header_last)
        scan = _in_place(data, text, first, dialect, layout, limits)
        decimal = decimal_mark([r.cells for r in rows if r.first >= layout.data][: max(20, CELLS // layout.width)], dialect.separator)
    told = [*text.issues, *_layout_issues(layout)]
    if scan is not None:
        columns = header.columns(layout.labels, layout.width)
        if scan[1].trailing:
            told.append(Issue("blank-rows", f"{scan[1].trailing} ligne(s) vide(s) à la fin du fichier."))
        return _raw(columns, scan[0], scan[1].records, layout, text, dialect, decimal, told)
    out = workspace.spool / "table.parquet"
    workspace.spool.mkdir(parents=True, exist_ok=True)
    tally = tolerant.convert(text.path, out, dialect, layout)
    told += tolerant.issues(tally, layout)
    width = _width(layout, tally)
    if width < layout.width:
        told.append(Issue("trailing-delimiter", f"{layout.width - width} colonne(s) finale(s) sans nom ni valeur ôtée(s)."))
    columns = header.columns(layout.labels, width)
    return _raw(columns, ParquetScan(out, line_column=True), tally.rows, layout, text, dialect, decimal, told)


def _raw(
    columns: tuple[RawColumn, ...], scan: CsvScan | ParquetScan, rows: int, layout: Layout, text: Plain, dialect: Dialect, decimal: str | None,
    told: list[Issue],
) -> RawTable:  # fmt: skip
    return RawTable(
        name="", columns=columns, scan=scan, rows=rows, header_row=layout.header_last, encoding=text.encoding.codec, separator=dialect.separator or None,
        decimal=decimal, issues=(*told, *_label_issues(columns, layout)),
    )  # fmt: skip


def _useful(lines: tuple[str, ...]) -> tuple[str, ...]:
    """At most 1,000 lines: separators don't need more."""
    return lines[:1000]


def _rows(first: Sample, dialect: Dialect) -> list[Record]:
    """The records of the sample, cut a second time once the usual width is known."""
    rows = list(Records(first.lines, dialect))
    if dialect.quote:
        rows = list(Records(first.lines, dialect, width=header.usual_width(rows)))
    return rows[1:] if told_separator(first.lines) else rows


def _width(layout: Layout, tally: tolerant.Tally) -> int:
    """The columns that have a label or a value: trailing ones with neither are dropped."""
    named = next((i + 1 for i in range(len(layout.labels) - 1, -1, -1) if not blank(layout.labels[i])), 0)
    return max(1, min(layout.width, max(named, tally.filled)))


def _in_place(data: mmap.mmap | bytes, text: Plain, first: Sample, dialect: Dialect, layout: Layout, limits: Limits) -> tuple[CsvScan, structure.Shape] | None:
    """The scan of the file where it lies, when its records are all of one shape and nothing in it must be left out; else None."""
    newline = 13 if text.returns and not text.feeds else 10
    head = first.lines[: layout.data - 1]
    start = text.bom + sum(len(line.encode("utf-8")) for line in head)
    separator = (dialect.separator or ALONE).encode("utf-8")
    if len(separator) > 1 or dialect.escape or layout.comments or (layout.labels and blank(layout.labels[-1])) or len(layout.labels) not in (0, layout.width):
        return None
    if not dialect.separator and data.find(separator) >= 0:
        return None
    mark = ord(dialect.quote) if dialect.quote and data.find(dialect.quote.encode(), text.bom) >= 0 else -1
    # The engine skips records, not lines: the head must hold as many of one as of the other, and end its lines as the rest does.
    before = structure.cut(data, text.bom, start, separator=separator[0], newline=newline, quote=mark, inside=False) if start > text.bom else None
    if before is not None and (before.faulty or before.inside or int((before.kind == newline).sum()) < sum(1 for line in head if line[-1:] in "\r\n")):
        return None
    ends = {line.endswith("\r\n") for line in head if line[-1:] in "\r\n"} if text.returns and newline == 10 else set[bool]()
    if len(ends) > 1:
        return None
    if layout.labels and layout.width > 1 and header_again(data, first.lines[layout.header_first - 1 : layout.header_last], start):
        return None
    seen = structure.shape(
        data, start, separator=separator[0], newline=newline, quote=mark, width=layout.width, returns=text.returns, crlf=next(iter(ends), None), limits=limits
    )
    if not seen.regular or (not layout.labels and _ends_empty(first, dialect)) or _notes_below(data, start, dialect, layout, seen):
        return None
    return CsvScan(text.path, separator.decode(), dialect.quote if mark >= 0 else "", layout.data - 1), seen


def header_again(data: mmap.mmap | bytes, lines: tuple[str, ...], start: int) -> bool:
    """Whether the header stands once more below `start`."""
    line = "".join(lines).lstrip("\ufeff").rstrip("\r\n").encode("utf-8")
    at = data.find(line, start)
    while at >= 0:
        if (at == start or data[at - 1] in (10, 13)) and data[at + len(line) : at + len(line) + 1] in (b"", b"\n", b"\r"):
            return True
        at = data.find(line, at + 1)
    return False


def _ends_empty(first: Sample, dialect: Dialect) -> bool:
    """Without header: every record of the sample ends with an empty cell."""
    return bool(dialect.separator) and all(line.rstrip("\r\n").endswith(dialect.separator) for line in first.lines)


def _notes_below(data: mmap.mmap | bytes, start: int, dialect: Dialect, layout: Layout, seen: structure.Shape) -> bool:
    """Whether the last records look like notes, a total or an end mark, so that the file must be read record by record."""
    begin = max(start, len(data) - (1 << 16))
    text = bytes(data[begin:]).decode("utf-8", "ignore")
    lines = io.StringIO(text, newline="").readlines()
    if begin > start:
        lines = lines[1:]
    rows = [r for r in list(Records(lines, dialect, width=layout.width))[-3 - seen.trailing :] if r.filled]
    return any(header.note(r, layout.width, after_blank=False) or header.total(r.cells[0]) for r in rows)


def _layout_issues(layout: Layout) -> Iterator[Issue]:
    if not layout.labels:
        yield Issue("no-header", "Aucune ligne d’en-tête reconnue : les colonnes sont nommées d’après leur position.")
    if layout.titles:
        yield Issue("title-lines", f"{layout.titles} ligne(s) de titre au-dessus de la table.", f"avant la ligne {layout.header_first or layout.data}")
    if layout.comments:
        yield Issue("comment-lines", f"{layout.comments} ligne(s) de commentaire (« # ») au-dessus des données.")
    if layout.repeats:
        yield Issue("repeated-header", f"L’en-tête est répété {layout.repeats} fois sous lui-même.", f"ligne {layout.header_last}")
    if layout.blanks:
        yield Issue("blank-rows", f"{layout.blanks} ligne(s) vide(s) sous l’en-tête.")


def _label_issues(columns: tuple[RawColumn, ...], layout: Layout) -> Iterator[Issue]:
    if not layout.labels:
        return
    where = f"ligne {layout.header_last}"
    empty = [c.name for c in columns if blank(c.label)]
    if empty:
        yield Issue("empty-label", f"{len(empty)} colonne(s) sans nom : {', '.join(empty[:10])}.", where)
    twice = [c.name for c in columns if not blank(c.label) and c.name != header.names((c.label,))[0]]
    if twice:
        yield Issue("duplicate-label", f"{len(twice)} nom(s) de colonne en double : {', '.join(twice[:10])}.", where)


CSV = Reader(
    name="csv",
    title="Texte tabulé (CSV, TSV)",
    sniff=sniff,
    read=read,
    examples=(
        Example("point-virgule", "nom;prix\nÉcole;1,5\nMairie;2,5\n".encode(), ("nom", "prix"), 2, "utf-8", ";"),
        Example("windows", "nom;ville\r\nHélène;Orléans\r\n".encode("cp1252"), ("nom", "ville"), 1, "cp1252", ";"),
        Example("titre", "Budget 2024;;\n;;\nposte;montant;année\neau;12;2024\ngaz;13;2024\n".encode(), ("poste", "montant", "année"), 2, "utf-8", ";"),
        Example("inégal", b"a,b,c\n1,2,3\n4,5\n6,7,8,9\n", ("a", "b", "c"), 3, "utf-8", ","),
        Example("doublons", b"id\tnom\tnom\t\n1\ta\tb\tc\n", ("id", "nom", "nom_2", "colonne_4"), 1, "utf-8", "\t"),
    ),
)
