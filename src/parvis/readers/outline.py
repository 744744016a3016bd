"""What the first lines say of a plain text table, before it is read to the end: for an engine that proves the
rest while it works.

Plain: UTF-8, one separator, no quotes, no mark that asks for care. Where there is any doubt there is no
outline, and the reader does its whole work.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from parvis.core.limits import Limits
from parvis.core.reading import CsvScan, RawTable, Workspace
from parvis.readers import file_signatures, header
from parvis.readers.dialect import find as find_dialect
from parvis.readers.first_lines import label_issues, layout_issues, notes_below, rows, sample, useful
from parvis.readers.limits import MB
from parvis.readers.records import blank

HEAD = 1 << 16
BLOCK = 1 << 20
_OTHERS = b"<{[\x1e"
"""What begins another format of text."""
_MARKS = (
    (b"\x00", b"\x00"),
    (b"\xef", b"\xef\xbf\xbd"),
    (b"\xef", b"\xef\xbb\xbf"),
    (b"\x83", b"\xc3\x83\xc2"),
    (b"\x82", b"\xc3\xa2\xe2\x82\xac"),
)
"""NUL, the replacement character, a byte-order mark, UTF-8 encoded twice: each after its rarest byte, which
is quicker to look for.
"""


@dataclass(frozen=True, slots=True)
class Outline:
    """A text table whose records are not counted.

    The promise of `table.scan` holds when every record has `width` cells, none is blank or like the header,
    and the cells, with their separators and line ends, make up `body`.
    """

    table: RawTable
    """rows: 0, not known."""
    start: int
    """Where the first record begins."""
    body: int
    """Bytes from there on."""
    line_end: int
    """Bytes of a line end: 1, or 2 for CR LF."""
    ended: bool
    """The last record ends with a line end."""
    longest: int
    """Bytes that a record may have."""
    header: tuple[str, ...]
    """Cells of the header: a record like it is no record."""
    plain: Callable[[], bool]
    """Look at every byte: whether none asks for more care. Meant to run beside the engine."""
    content: Callable[[], bytes] | None = None
    """The bytes of the file, where somebody has brought them."""

    def holds(self, records: int, cells: int) -> bool:
        """Whether so many records, whose cells have so many bytes in all, are the whole body."""
        ends = self.line_end * (records if self.ended else records - 1)
        return records > 0 and self.body == cells + records * (len(self.table.columns) - 1) + ends


def outline(path: Path, workspace: Workspace) -> Outline | None:
    """The outline of a file, None when it is not surely a plain text table with a header."""
    size = path.stat().st_size
    if (
        not size
        or size > workspace.limits.upload_mb * MB
        or workspace.sheet
        or workspace.header_row is not None
    ):
        return None
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        head = bytes(data[:HEAD])
        other = (
            file_signatures.kind(head)
            or file_signatures.binary(head)
            or head.lstrip()[:1] in (bytes([b]) for b in _OTHERS)
        )
        if other or not _utf_8(head, whole=size <= HEAD):
            return None
        return _outline(path, data, workspace.limits)


def _outline(path: Path, data: mmap.mmap, limits: Limits) -> Outline | None:
    first = sample(data, 0)
    dialect = find_dialect(useful(first.lines))
    if dialect.quote or dialect.escape or not dialect.bare or len(dialect.separator.encode("utf-8")) != 1:
        return None
    first_rows = rows(first, dialect)
    layout = header.find(first_rows)
    named = len(layout.labels) == layout.width > 1 and not blank(layout.labels[-1])
    if not named or layout.comments or layout.width > limits.columns or first.lines[0].startswith("\ufeff"):
        return None
    above = first.lines[: layout.data - 1]
    ends = {line.endswith("\r\n") for line in above}
    start = sum(len(line.encode("utf-8")) for line in above)
    if (
        len(ends) != 1
        or not all(line.endswith("\n") for line in above)
        or start >= len(data)
        or notes_below(data, start, dialect, layout)
    ):
        return None
    if layout.header_first != layout.header_last:
        return None
    labels = tuple(first.lines[layout.header_last - 1].rstrip("\r\n").split(dialect.separator))
    columns = header.columns(layout.labels, layout.width)
    table = RawTable(
        name="",
        columns=columns,
        scan=CsvScan(path, dialect.separator, "", layout.data - 1),
        rows=0,
        header_row=layout.header_last,
        encoding="utf-8",
        separator=dialect.separator,
        issues=(*layout_issues(layout), *label_issues(columns, layout)),
        blanks=layout.blanks,
        blank_lines=layout.blank_lines,
        heading=layout.heading,
    )
    crlf = ends == {True}
    return Outline(
        table,
        start,
        len(data) - start,
        1 + crlf,
        data[-1:] == b"\n",
        limits.line_mb * MB,
        labels,
        partial(_plain, path, start, crlf=crlf),
    )


def _utf_8(head: bytes, *, whole: bool) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as bad:
        return not whole and bad.start > len(head) - 4 and "end of data" in bad.reason
    return True


def _plain(path: Path, start: int, *, crlf: bool) -> bool:
    """No byte or mark that the reader would mend or report, one kind of line end."""
    before = b""
    with path.open("rb") as file:
        file.seek(start)
        while block := file.read(BLOCK):
            near = before + block
            if any(byte in near and mark in near for byte, mark in _MARKS):
                return False
            if crlf and near.count(b"\r", 0, -1) != near.count(b"\r\n"):
                return False
            if not crlf and b"\r" in block:
                return False
            before = near[-4:]
    return True
