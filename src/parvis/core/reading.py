"""What a reader hands on: the raw cells of each table, where they lie, and what was seen on the way.

A reader understands structure (encoding, separator, header, sheets, layers), never meaning: cells stay as the
file says them. `columns` types them afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from parvis.core.limits import Limits
from parvis.core.types import ColumnType


@dataclass(frozen=True, slots=True)
class Issue:
    """Something to tell about how the file is made. code: stable slug; message: French sentence; where:
    sheet, line or member, "" for the whole file.
    """

    code: str
    message: str
    where: str = ""
    lines: tuple[int, ...] = ()
    """Physical lines (or sheet rows) that it speaks of, the first ones."""
    count: int = 1
    """How many there are in all."""


@dataclass(frozen=True, slots=True)
class CsvScan:
    """Cells lie in a clean UTF-8 text file: one width, one separator, no blank records below `skip` lines.
    DuckDB reads it as it is, all text.
    """

    path: Path
    separator: str
    quote: str = '"'
    """Empty when the file has no quotes at all."""
    skip: int = 0
    """Physical lines before the first data record (header and junk included)."""
    longest: int = 0
    """Bytes of the longest record, or line above the records; 0 when nobody measured it. The engine cuts the
    file in as many parts as that allows.
    """


@dataclass(frozen=True, slots=True)
class ParquetScan:
    """Cells lie in a Parquet file of the spool, one row group order = record order. Column i of the table is
    named `c0`, `c1`…; all VARCHAR unless native.
    """

    path: Path
    line_column: bool = False
    """True when the file also has `_line` BIGINT: the physical line (or sheet row) of each record, from 1."""
    names: tuple[str, ...] = ()
    """What the columns are called there, when not c0, c1…: a typed file seen as raw cells. Only the engine
    reads such a one.
    """


@dataclass(frozen=True, slots=True)
class RawColumn:
    """One column as the file has it."""

    name: str
    """Unique, not empty: what the rest of the house calls it (duplicates get `_2`, empty ones `colonne_3`).
    """
    label: str
    """As the file writes it."""
    native: ColumnType | None = None
    """Type when the format itself says it and the scan delivers it typed (sheet dates, JSON numbers,
    geometries as WKB in WGS 84); None: text to be typed.
    """
    place: int = -1
    """Column of the sheet from 0, where the format has sheets: what is left of a table, or empty, is no
    column of it.
    """


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table of a file: a CSV, a sheet, a layer, a member of an archive."""

    name: str
    """Sheet, layer or member; "" for a file that is one table."""
    columns: tuple[RawColumn, ...]
    scan: CsvScan | ParquetScan
    rows: int
    """Data records below the header that hold a value."""
    header_row: int = 0
    """Physical line (or sheet row) of the last header line from 1; 0: no header."""
    encoding: str | None = None
    """Python codec, `utf-8-sig` with a BOM; None for binary formats."""
    separator: str | None = None
    decimal: str | None = None
    """Decimal mark seen in the numbers, None when there are none."""
    crs: str = ""
    """Coordinate system of the source before it was brought to WGS 84, "" when not geographic."""
    issues: tuple[Issue, ...] = ()
    blanks: int = 0
    """Records without any value above the last that holds one, passed over."""
    blank_lines: tuple[int, ...] = ()
    """Physical line (or sheet row) of the first of them."""
    heading: str = ""
    """What the only line above the header says, in its only cell; "" where it is otherwise."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a reader saw in one file."""

    format: str
    """What the bytes are, whatever the name says: csv, gzip+csv (bzip2+, xz+), zip+csv (tar+), xlsx, xls,
    ods, html, excel2003, json, jsonl, xml, geojson, zip+shapefile, gpkg, gdb, zip+mapinfo, gml, flatgeobuf,
    kml, gpx, parquet, gtfs, gbfs, icalendar, totem, decp, finess, enedis, grdf.
    """
    tables: tuple[RawTable, ...]
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where a reader may write, and how much it may take."""

    spool: Path
    """An empty folder of this reading's own; removed by the caller when the version is made."""
    limits: Limits = field(default_factory=Limits)
    sheet: str = ""
    """Sheet, layer or member chosen by the publisher, "" for all."""
    header_row: int | None = None
    """Header line chosen by the publisher, None to find it."""
    hidden: Literal["read", "leave"] = "read"
    """What becomes of the sheets, rows and columns of a workbook that are out of sight: read and told, or
    left out.
    """
    depth: int = 0
    """How many archives the file was taken out of."""


@dataclass(frozen=True, slots=True)
class Example:
    """A small file that a reader must understand: bytes, and what must be seen. Tests run it."""

    name: str
    content: bytes
    columns: tuple[str, ...]
    rows: int
    encoding: str | None = None
    separator: str | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """A file format. Declared as a module constant in `readers/<name>.py`; found by walking the package.

    sniff: (first 64 KiB, path) -> how sure from 0 to 1 that the bytes are of this format; looks at content
    only. read: raises Unreadable with the reason.
    """

    name: str
    title: str
    """French, for people: « Classeur Excel (xlsx) »."""
    sniff: Callable[[bytes, Path], float]
    read: Callable[[Path, Workspace], Reading]
    examples: tuple[Example, ...] = ()
