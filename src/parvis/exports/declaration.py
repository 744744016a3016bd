"""What an export is: a name, a media type, and bytes that come as they are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

from parvis.core.errors import UsageError
from parvis.core.released import Released
from parvis.core.sentence import Sentence
from parvis.engine.read import Engine

Compression = Literal["snappy", "zstd"]
DELIMITERS = (";", ",", "\t", "|")
WGS_84 = 4326
COMPRESSIONS: tuple[Compression, ...] = ("snappy", "zstd")


@dataclass(frozen=True, slots=True)
class Options:
    """How the caller wants it; each format reads what concerns it. Raises UsageError for a delimiter or a
    compression that is not one.
    """

    timezone: str = "UTC"
    """IANA name: datetimes are written in it."""
    delimiter: str = ";"
    list_separator: str = ","
    """Between the elements of a cell that holds several values."""
    quote_all: bool = False
    with_bom: bool = True
    """Excel needs it to read UTF-8; programs may choke on it."""
    use_labels: bool = False
    """Titles of the columns as headers, in the formats that have headers."""
    raw: bool = False
    """Add `_raw_<name>` where a column has values that do not fit its type, in JSON, JSON Lines, GeoJSON and
    Parquet.
    """
    parquet_compression: Compression = "snappy"
    title: str = "Données"
    """Name of the sheet, of the layer, of the document."""
    name_field: str = ""
    """Column that names each record in KML and GPX; empty: the one that looks like a name."""
    description_fields: tuple[str, ...] = ()
    """Columns that describe each record in GPX."""
    use_extension: bool = True
    """Every column in GPX too, as extensions."""
    protect_formulas: bool = False
    """CSV for people: an apostrophe before each text that a spreadsheet would run (`core.formulas`)."""

    epsg: int = WGS_84
    """Coordinates of the formats that can say which theirs are (`Exporter.projects`)."""

    def __post_init__(self) -> None:
        if self.delimiter not in DELIMITERS:
            raise UsageError(
                Sentence("Séparateur de colonnes inconnu : « {delimiter} ».", delimiter=self.delimiter),
                mend="Séparateurs possibles : ; , tabulation |",
            )
        if self.parquet_compression not in COMPRESSIONS:
            raise UsageError(
                Sentence(
                    "Compression inconnue : « {parquet_compression} ».",
                    parquet_compression=self.parquet_compression,
                ),
                mend=Sentence("Compressions possibles : {list}.", list=", ".join(COMPRESSIONS)),
            )


Chunks = Iterator[bytes | memoryview]


@dataclass(frozen=True, slots=True)
class Exporter:
    """A format that a release can be written in. Declared as a module constant in `exports/<name>.py`; found
    by walking the package.

    chunks: the whole file, in order, in pieces of some megabytes at most: no cap on rows, memory stays flat.
    starts: the first bytes of any file of that format, which a test checks on a sample.
    """

    name: str
    title: str
    """French, for people: « Classeur Excel »."""
    media_type: str
    extension: str
    chunks: Callable[[Engine, Released, Options], Chunks]
    starts: bytes
    geo: bool = False
    """Only for a table with geometry."""
    projects: bool = False
    """Takes another system of coordinates than WGS 84."""
    packed: bool = False
    """Its bytes are compressed already."""
    steady: bool = True
    """The same table makes the same bytes each time: a download goes on where it broke off."""
    spooled: bool = False
    """Written to the disk before it is sent: a process that is killed leaves it there. Not for what only some
    people may read.
    """

    def write(self, engine: Engine, released: Released, out: BinaryIO, options: Options = Options()) -> None:
        """The whole file into `out`."""
        for chunk in self.chunks(engine, released, options):
            out.write(chunk)


def separated(rows: Iterable[memoryview], first: bytes, last: bytes, separator: bytes = b",\n") -> Chunks:
    """`first`, the rows, `last`. Each row ends with the separator; the very last one loses it."""
    yield first
    held: memoryview | None = None
    for chunk in rows:
        if held is not None:
            yield held
        held = chunk
    if held is not None:
        yield held[: -len(separator)]
    yield last
