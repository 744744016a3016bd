"""The first lines of a text table: its separator, its header, and what they have to tell. Light: `outline`
stands on nothing else.
"""

from __future__ import annotations

import codecs
import io
import mmap
from collections.abc import Iterator
from dataclasses import dataclass

from parvis.core.reading import Issue, RawColumn
from parvis.core.text import counted
from parvis.readers import header
from parvis.readers.dialect import stated_separator
from parvis.readers.header import Layout
from parvis.readers.records import Dialect, Record, Records, blank

SAMPLE = 1 << 18
"""Bytes that dialect and header are found on; eight times as many where lines are long."""
LINES = 50
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


def useful(lines: tuple[str, ...]) -> tuple[str, ...]:
    """At most 1,000 lines: separators don't need more."""
    return lines[:1000]


def rows(first: Sample, dialect: Dialect) -> list[Record]:
    """The records of the sample, cut a second time once the usual width is known."""
    cut = list(Records(first.lines, dialect))
    if dialect.quote:
        cut = list(Records(first.lines, dialect, width=header.usual_width(cut)))
    return cut[1:] if stated_separator(first.lines) else cut


def header_again(data: mmap.mmap | bytes, lines: tuple[str, ...], start: int) -> bool:
    """Whether the header comes again below `start`."""
    line = "".join(lines).lstrip("\ufeff").rstrip("\r\n").encode("utf-8")
    at = data.find(line, start)
    while at >= 0:
        begins = at == start or data[at - 1] in (10, 13) or data[max(0, at - 3) : at] == codecs.BOM_UTF8
        if begins and data[at + len(line) : at + len(line) + 1] in (b"", b"\n", b"\r"):
            return True
        at = data.find(line, at + 1)
    return False


def notes_below(
    data: mmap.mmap | bytes, start: int, dialect: Dialect, layout: Layout, *, trailing: int = 0
) -> bool:
    """Whether the last records look like notes, a total or an end mark, so that the file must be read record
    by record.
    """
    begin = max(start, len(data) - (1 << 16))
    text = bytes(data[begin:]).decode("utf-8", "ignore")
    lines = io.StringIO(text, newline="").readlines()
    if begin > start:
        lines = lines[1:]
    last = [r for r in list(Records(lines, dialect, width=layout.width))[-3 - trailing :] if r.filled]
    return any(header.note(r, layout.width, after_blank=False) or header.total(r.cells[0]) for r in last)


def layout_issues(layout: Layout) -> Iterator[Issue]:
    if not layout.labels:
        yield Issue(
            "no-header", "Aucune ligne d’en-tête reconnue : les colonnes sont nommées d’après leur position."
        )
    if layout.titles:
        yield Issue(
            "title-lines",
            f"{counted(layout.titles, 'ligne', 'lignes')} de titre au-dessus de la table.",
            f"avant la ligne {layout.header_first or layout.data}",
        )
    if layout.comments:
        yield Issue(
            "comment-lines",
            f"{counted(layout.comments, 'ligne', 'lignes')} de commentaire (« # ») au-dessus des données.",
        )
    if layout.repeats:
        yield Issue(
            "repeated-header",
            f"L’en-tête est répété {layout.repeats} fois sous lui-même.",
            f"ligne {layout.header_last}",
        )
    if layout.units:
        yield Issue(
            "multi-row-header",
            "L’en-tête tient sur 2 lignes, les noms et les unités : elles ont été jointes.",
            f"ligne {layout.header_last}",
        )
    if layout.groups:
        yield Issue(
            "multi-row-header",
            "L’en-tête tient sur 2 lignes : elles ont été jointes.",
            f"ligne {layout.header_last}",
        )
    if layout.names:
        taken = "L’en-tête tient sur 2 lignes, les titres et les noms techniques : ceux-ci ont été pris."
        yield Issue("multi-row-header", taken, f"ligne {layout.header_last}")
    if layout.second:
        again = (
            "Cette ligne, sous l’en-tête, semble en être une seconde : elle est lue comme un enregistrement."
        )
        yield Issue("multi-row-header", again, f"ligne {layout.second}")
    if layout.rules:
        yield Issue("rule-line", "Une ligne de tirets sous l’en-tête, passée.")
    if layout.blanks:
        yield Issue("blank-rows", f"{counted(layout.blanks, 'ligne vide', 'lignes vides')} sous l’en-tête.")


def label_issues(columns: tuple[RawColumn, ...], layout: Layout) -> Iterator[Issue]:
    if not layout.labels:
        return
    where = f"ligne {layout.header_last}"
    empty = [c.name for c in columns if blank(c.label)]
    if empty:
        yield Issue(
            "empty-label",
            f"{counted(len(empty), 'colonne', 'colonnes')} sans nom : {', '.join(empty[:10])}.",
            where,
        )
    twice = [c.name for c in columns if not blank(c.label) and c.name != header.names((c.label,))[0]]
    if twice:
        yield Issue(
            "duplicate-label",
            f"{counted(len(twice), 'nom', 'noms')} de colonne en double : {', '.join(twice[:10])}.",
            where,
        )
