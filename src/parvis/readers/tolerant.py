"""Read a text table that is not of one shape: every record kept, every doubt counted, into a Parquet file
with the physical line of each record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from parvis.core.reading import Issue
from parvis.core.text import french_number, in_number
from parvis.engine.scans import NEVER, column
from parvis.readers.header import Layout, comment, note, rule, total
from parvis.readers.records import Dialect, Record, Records, blank

GROUP = 20_480
"""Rows of a row group."""
CHUNK_ROWS, CHUNK_CHARS = 4 * GROUP, 1 << 24
NAMED = 10_000
"""Lines kept of each kind of fault…"""
SHOWN = 100
"""…and told with it."""
HELD = 500
"""Records after the data that may turn out to be a footer."""

EXTRA = "_extra"
"""Column beside c0, c1…: the cells past the width of the table, as the file joins them; NULL where there are
none. Read on demand only.
"""


@dataclass
class Tally:
    """What was met on the way: counts, and the first physical lines."""

    rows: int = 0
    blanks: int = 0
    within: int = 0
    """Blank records above the last that was kept…"""
    blank_lines: list[int] = field(default_factory=list[int])
    """…and the lines of the first blank ones."""
    short: list[int] = field(default_factory=list[int])
    long: list[int] = field(default_factory=list[int])
    n_short: int = 0
    n_long: int = 0
    trailing: int = 0
    headers: list[int] = field(default_factory=list[int])
    pages: int = 0
    """Lines between the records and a header that comes back: numbers of pages, titles that come back with
    it, rules.
    """
    comments: int = 0
    footer: int = 0
    footer_line: int = 0
    total: int = 0
    """Physical line of a last record that says « Total », 0 when there is none."""
    filled: int = 0
    """Columns up to the last one that holds a value."""


def convert(path: Path, out: Path, dialect: Dialect, layout: Layout) -> Tally:
    """Write the records of a UTF-8 text below its header to the Parquet file `out`: c0…, `_line`, `_extra`.
    Memory stays flat: one chunk at a time.
    """
    tally = Tally()
    separator = dialect.separator if dialect.separator.isascii() and len(dialect.separator) == 1 else "\x1f"
    names = [column(i) for i in range(layout.width)]
    schema = pa.schema([*((n, pa.string()) for n in names), ("_line", pa.int64()), (EXTRA, pa.string())])
    with (
        path.open(encoding="utf-8-sig", newline="", errors="replace") as lines,
        pq.ParquetWriter(out, schema, compression="snappy") as writer,
    ):
        for chunk in _chunks(lines, dialect, layout, separator, tally):
            table = _table(chunk, names, separator)
            tally.filled = max(tally.filled, _last_filled(table, layout.width, tally.filled))
            writer.write_table(table.cast(schema), row_group_size=GROUP)
    return tally


@dataclass
class _Chunk:
    text: list[str] = field(default_factory=list[str])
    line: list[int] = field(default_factory=list[int])
    extra: dict[int, str] = field(default_factory=dict[int, str])
    size: int = 0
    multiline: bool = False


def _table(chunk: _Chunk, names: list[str], separator: str) -> pa.Table:
    data = "\n".join(chunk.text).encode("utf-8") + b"\n"
    table = pa_csv.read_csv(
        pa.BufferReader(data),  # pyright: ignore[reportArgumentType]
        read_options=pa_csv.ReadOptions(column_names=names, block_size=min(len(data) + 1, (1 << 31) - 1)),
        parse_options=pa_csv.ParseOptions(
            delimiter=separator, newlines_in_values=chunk.multiline, ignore_empty_lines=False
        ),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[NEVER],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            check_utf8=False,
        ),
    )
    extra = (
        pa.nulls(len(chunk.line), pa.string())
        if not chunk.extra
        else pa.array([chunk.extra.get(i) for i in range(len(chunk.line))], pa.string())
    )
    return table.append_column("_line", pa.array(chunk.line, pa.int64())).append_column(EXTRA, extra)


def _last_filled(table: pa.Table, width: int, known: int) -> int:
    """Columns up to the last one that holds a value in this chunk; those before `known` need no look."""
    for position in range(width - 1, known - 1, -1):
        trimmed = pc.utf8_trim(table.column(position), " \t\r\n\xa0\u202f\ufeff")
        if pc.any(pc.greater(pc.binary_length(trimmed), pa.scalar(0))).as_py():
            return position + 1
    return known


def _chunks(
    lines: Iterator[str], dialect: Dialect, layout: Layout, separator: str, tally: Tally
) -> Iterator[_Chunk]:
    source = Records(lines, dialect, width=layout.width)
    headers: set[str] = set()  # the header as lines write it, quoted or not
    titles, begins = (
        set[str](),
        set[str](),
    )  # the lines above it, which the top of a page repeats, and their first letters
    while source.line < layout.data and (raw := source.raw()) is not None:
        if source.line - 1 == layout.header_first == layout.header_last:
            headers.add(raw.rstrip("\r\n").removeprefix("\ufeff"))
        elif layout.labels and source.line - 1 < layout.header_first and _WORD.search(raw):
            titles.add(_numberless(raw))
            begins.add(raw[:1])
    width = layout.width
    seps = width - 1
    verbatim = dialect.bare and (dialect.separator == separator or not dialect.separator)
    plain_separator = dialect.separator or separator
    strict = _strict(dialect, separator, width)
    if layout.labels:
        headers.add(plain_separator.join(layout.labels))
    chunk = _Chunk()
    held: list[Record] = []
    after_blank = layout.blanks > 0
    topped = False  # a header has just come back
    last = ""
    bare = plain_separator + " \t\r\n\xa0\u202f\ufeff\u200b\x1a"
    while (raw := source.raw()) is not None:
        text = raw.rstrip("\r\n")
        # The quick way: a plain line of the right width, with a value in its last cell, is passed on as it
        # is.
        if (
            verbatim
            and not held
            and not after_blank
            and not (text[:1] in begins and _numberless(text) in titles)
            and text[-1:] not in bare
            and text not in headers
            and text[0] != "\ufeff"
            and "\r" not in text
            and width > 1
            and (
                text.count(plain_separator) == seps and (not dialect.quote or dialect.quote not in text)
                if '"' not in text
                else strict is not None and not text.endswith('""') and strict(text) is not None
            )
        ):
            chunk.text.append(text)
            chunk.line.append(source.line - 1)
            chunk.size += len(text)
            last = text
        else:
            record = source.record(raw)
            if not record.filled:
                if not any("\ufeff" in c or "\x1a" in c for c in record.cells):
                    tally.blanks += 1
                    if len(tally.blank_lines) < NAMED:
                        tally.blank_lines.append(record.first)
                    if len(record.cells) > 1 and not held:
                        # separators and nothing else: a record, wherever it stands, as an empty line at the
                        # end is none
                        tally.within = tally.blanks
                after_blank = True
                if held:
                    held.append(record)
                continue
            if comment(record, width):
                tally.comments += 1
                continue
            if (
                width > 1
                and layout.labels
                and record.cells[-1] == layout.labels[-1]
                and _bare(record.cells) == layout.labels
            ):
                tally.headers.append(record.first)
                headers.add(text)
                tally.pages += sum(1 for r in held if r.filled)
                held = []
                topped = True
                continue
            if topped and rule(record):
                tally.pages += 1
                continue
            if not dialect.bare and rule(record):
                continue  # drawn between records
            topped = False
            trailer = note(record, width, after_blank=after_blank or bool(held)) or (
                bool(titles) and _numberless(text) in titles
            )
            # Below a first note, lines of another shape than the table are notes too.
            trailer = trailer or (
                bool(held) and record.filled <= 2 and width >= 5 and len(record.cells) != width
            )
            after_blank = False
            if trailer and len(held) < HELD:
                held.append(record)
                continue
            for one in held:
                if one.filled:
                    _keep(chunk, one, width, separator, dialect, tally)
            held = []
            _keep(chunk, record, width, separator, dialect, tally)
            tally.within = tally.blanks
            last = next((c for c in record.cells if not blank(c)), "")
        if len(chunk.line) >= CHUNK_ROWS or chunk.size >= CHUNK_CHARS:
            tally.rows += len(chunk.line)
            yield chunk
            chunk = _Chunk()
    if held:
        filled = [r for r in held if r.filled]
        tally.footer, tally.footer_line = len(filled), held[0].first
        tally.blanks -= len(held) - len(filled)
    if chunk.line:
        tally.total = chunk.line[-1] if total(last) else 0
        tally.rows += len(chunk.line)
        yield chunk


_WORD = re.compile(r"[^\W\d_]{3}")


def _numberless(line: str) -> str:
    """A line without its numbers and the delimiters around: the title of a page is the same but for the page
    and the hour.
    """
    return re.sub(r"\d+", "#", line.strip(' \t\r\n\x0c\ufeff;,|"'))


def _bare(cells: list[str]) -> tuple[str, ...]:
    """The cells of a record, without the byte-order mark that a file glued to another one begins with."""
    return (cells[0].lstrip("\ufeff"), *cells[1:])


def _strict(dialect: Dialect, separator: str, width: int) -> Callable[[str], re.Match[str] | None] | None:
    """Whether a line is, as it stands, one record of `width` cells whose quotes are exact; None when quotes
    are not `"` doubled.
    """
    if dialect.quote != '"' or dialect.escape or dialect.separator != separator:
        return None
    apart = re.escape(separator)
    cell = f'(?:"[^"]*+(?:""[^"]*+)*+"|[^"{apart}]*+)'
    return re.compile(f"{cell}(?:{apart}{cell}){{{width - 1}}}").fullmatch


def _keep(chunk: _Chunk, record: Record, width: int, separator: str, dialect: Dialect, tally: Tally) -> None:
    cells = record.cells
    if len(cells) > width:
        beyond = cells[width:]
        if all(blank(c) for c in beyond):
            tally.trailing += 1
        else:
            tally.n_long += 1
            if len(tally.long) < NAMED:
                tally.long.append(record.first)
            chunk.extra[len(chunk.line)] = dialect.separator.join(beyond)
        cells = cells[:width]
    line = _emit(cells, separator)
    if len(cells) < width:
        tally.n_short += 1
        if len(tally.short) < NAMED:
            tally.short.append(record.first)
        line += (separator + NEVER) * (width - len(cells))
    chunk.multiline = chunk.multiline or "\n" in line or "\r" in line
    chunk.text.append(line)
    chunk.line.append(record.first)
    chunk.size += len(line)


def _emit(cells: list[str], separator: str) -> str:
    return separator.join(
        '"' + c.replace('"', '""') + '"'
        if '"' in c or separator in c or "\n" in c or "\r" in c or c[:1] == "\ufeff"
        else c
        for c in cells
    )


def issues(tally: Tally, layout: Layout) -> Iterator[Issue]:
    """The issues of the tally, in French, with counts and first lines; never the content of a cell."""
    if tally.n_long:
        more = f"{_count(tally.n_long, 'ligne a', 'lignes ont')} plus de {layout.width} cellules : l’excédent est gardé à part."
        yield Issue("ragged-rows", more, _lines(tally.long), tuple(tally.long[:SHOWN]), tally.n_long)
    if tally.n_short:
        fewer = f"{_count(tally.n_short, 'ligne a', 'lignes ont')} moins de {layout.width} cellules : les cellules absentes sont tenues pour manquantes."
        yield Issue("ragged-rows", fewer, _lines(tally.short), tuple(tally.short[:SHOWN]), tally.n_short)
    if tally.trailing:
        yield Issue(
            "trailing-delimiter",
            f"{_count(tally.trailing, 'ligne se termine', 'lignes se terminent')} par des séparateurs en trop.",
        )
    if tally.blanks > 0:
        yield Issue("blank-rows", f"{_count(tally.blanks, 'ligne vide ignorée', 'lignes vides ignorées')}.")
    if tally.headers:
        again = f"L’en-tête est répété {french_number(len(tally.headers))} fois dans les données : ces lignes sont ôtées."
        if tally.pages:
            others = f"{_count(tally.pages, 'ligne', 'lignes')} de haut ou de bas de page"
            again = f"L’en-tête est répété {french_number(len(tally.headers))} fois dans les données, avec {others} : ces lignes sont ôtées."
        yield Issue("repeated-header", again, _lines(tally.headers))
    if tally.comments:
        yield Issue(
            "comment-lines",
            in_number(tally.comments, "{n} ligne[s] de commentaire (« # ») ôtée[s]."),
        )
    if tally.footer:
        below = in_number(tally.footer, "{n} ligne[s] de note[s] après les données : ôtée[s] de la table.")
        yield Issue("footer", below, f"ligne {tally.footer_line}")
    if tally.total:
        yield Issue(
            "total-row",
            "La dernière ligne est un total : elle est gardée, mais fausserait une somme.",
            f"ligne {tally.total}",
        )


def _count(count: int, one: str, many: str) -> str:
    return f"{french_number(count)} {one if count == 1 else many}"


def _lines(first: list[int]) -> str:
    numbers = ", ".join(str(n) for n in first[:5])
    return f"ligne{'s' if len(first) > 1 else ''} {numbers}"
