"""The values that rooms pass around: frozen, typed, and nothing else.

A `Table` is plain data: which files, which schema, which query. Only `engine` binds it to a cursor, for one
call. What may be read outside is a `Released` (see `core/released.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from sqlglot.expressions.core import Expr

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
"""What JSON can say."""

ColumnType = Literal[
    "text",
    "integer",
    "number",
    "boolean",
    "date",
    "datetime",
    "time",
    "year",
    "array",
    "json",
    "point",
    "shape",
]
"""Types of a column. How each lies in Parquet: `DUCKDB_TYPES`."""

DUCKDB_TYPES: Mapping[ColumnType, str] = {
    "text": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE", "datetime": "TIMESTAMPTZ", "time": "TIME",
    "year": "BIGINT", "array": "VARCHAR[]", "json": "VARCHAR", "point": "STRUCT(lon DOUBLE, lat DOUBLE)", "shape": "BLOB",
}  # fmt: skip
"""How each column type is stored: a point in WGS 84 degrees, a shape as WKB in WGS 84 (lon, lat), a datetime
in UTC.
"""

POINT = "_point"
"""Technical column of a version: the row's point, when the table has coordinates (type point)."""

SHAPE = "_shape"
"""Technical column of a version: the row's line or area, when the table has geometries (type shape)."""

RAW_PREFIX = "_raw_"
"""`_raw_<name>`, a text column, holds what the file said where `<name>` could not be read as its type; it
exists only when there is such a value.
"""


class Sensitivity(StrEnum):
    """How personal or secret a column is, from the least to the most."""

    NONE = "none"
    INDIRECT = "indirect"
    DIRECT = "direct"
    SPECIAL = "special"
    SECRET = "secret"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a schema."""

    name: str
    type: ColumnType = "text"
    title: str = ""
    description: str = ""
    unit: str = ""
    format: str = "default"
    """The Table Schema `format` (a date pattern, email…), "default" when none."""
    constraints: Mapping[str, Json] = field(default_factory=dict[str, Json])
    """Table Schema constraints, as written: required, unique, enum, pattern, minimum…"""
    options: Mapping[str, Json] = field(default_factory=dict[str, Json])
    """Other Table Schema keys that change how a value reads: decimalChar, groupChar, trueValues, falseValues,
    missingValues, bareNumber.
    """
    meaning: str = ""
    """What it holds, when known: siret, siren, commune_insee, code_postal, email, phone, latitude, longitude,
    lambert93_x, url, year…
    """
    sensitivity: Sensitivity = Sensitivity.NONE


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns of this table whose values must exist in another resource; resource "" is the table itself."""

    columns: tuple[str, ...]
    resource: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the rows of one version cover, measured. box: lon min, lat min, lon max, lat max in degrees WGS
    84. column: where since and until come from.
    """

    box: tuple[float, float, float, float] | None = None
    since: date | None = None
    until: date | None = None
    column: str = ""


@dataclass(frozen=True, slots=True)
class Schema:
    """What a table promises. Read from Table Schema JSON; no Python per schema."""

    name: str = ""
    version: str = ""
    columns: tuple[Column, ...] = ()
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    unique_keys: tuple[tuple[str, ...], ...] = ()
    """Groups of columns whose values may not repeat together (Table Schema 2)."""
    missing_values: tuple[str, ...] = ("",)
    custom_checks: tuple[Mapping[str, Json], ...] = ()
    fields_match: str = ""
    """Table Schema 2: exact, equal, subset (the file may have more columns), superset (fewer), partial
    (both); "" when the schema does not say.
    """
    geometry: Literal["", "point", "shape"] = ""
    """Which technical geometry column the table carries."""
    raw: tuple[str, ...] = ()
    """Names of the columns that have a `_raw_` twin."""
    source: str = ""
    """Where the schema comes from: a URL, a file, or "" when it was inferred."""
    coverage: Coverage | None = None
    """In a version: what its rows cover, where they tell. None in a schema that is asked for."""

    def column(self, name: str) -> Column | None:
        """The column of that name, None when there is none."""
        return next((c for c in self.columns if c.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)


@dataclass(frozen=True, slots=True)
class Source:
    """One version as a query sees it: its digest names it in the tree, its files hold the rows, in order."""

    version: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Plain data: versions, schema, and a query tree over them (None: the one version whole).

    In the tree a version is the table whose identifier is its digest: `exp.to_table(digest, quoted)`; see
    `engine`.
    """

    sources: tuple[Source, ...]
    schema: Schema
    tree: Expr | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to write to about a dataset."""

    name: str
    email: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Organisation:
    """A department of the town hall, or an outside body of the territory."""

    id: str
    name: str
    description: str = ""
    kind: Literal["department", "body"] = "department"
    url: str = ""
    siret: str = ""


@dataclass(frozen=True, slots=True)
class Dataset:
    """What DCAT says of a dataset. Ids are slugs: `stations-velos`."""

    id: str
    title: str
    description: str
    publisher: str
    """Id of the organisation."""
    contact: Contact | None = None
    licence: str = "ETALAB_2_0"
    """Code of the EU licence authority table: ETALAB_2_0, ODC_BL…"""
    themes: tuple[str, ...] = ()
    """Codes of the EU data-theme table: TRAN, ENVI…"""
    keywords: tuple[str, ...] = ()
    spatial: str = ""
    """INSEE code of the commune, EPCI… covered; "" for the whole city."""
    temporal: tuple[date | None, date | None] | None = None
    frequency: str = "unknown"
    """data.gouv.fr frequency: daily, annual, punctual, continuous…"""
    access: Literal["public", "restricted", "non_public"] = "public"
    state: Literal["draft", "published", "archived", "withdrawn"] = "draft"
    derived_from: tuple[str, ...] = ()
    """Ids of the datasets this one is computed from."""
    issued: datetime | None = None
    modified: datetime | None = None
    language: str = "fr"


@dataclass(frozen=True, slots=True)
class Resource:
    """A table or file of a dataset, which gets versions."""

    id: str
    """`<dataset>/<name>`."""
    dataset: str
    title: str
    description: str = ""
    source: str = ""
    """Where it comes from: upload:<file name>, a URL, a service name."""
    reader: str = ""
    table: str = ""
    """Sheet, layer or archive member, "" for the first."""
    recipe: tuple[Mapping[str, Json], ...] = ()
    schema: str = ""
    """Name or path of the Table Schema asked for, "" when none."""
    corrections: Mapping[str, str] = field(default_factory=dict[str, str])
    """Column name to type, set by the publisher; wins over what is inferred, at every reload."""
    policy: Literal["open", "hold"] = "open"
    every_s: int = 0
    """Polling period of a live source in seconds, 0 when it is not polled."""
    gate: Mapping[str, str] = field(default_factory=dict[str, str])
    """What errors, warnings, changes and breaks do to a new version (warn, hold, refuse), where it is not
    what the city's settings say; see `checks.gate`.
    """
    header_row: int | None = None
    """Header line of its files (or sheet row) from 1, set by the publisher; 0: they have none; None: found."""


GateKind = Literal["errors", "warnings", "changes", "breaks"]
"""What the gate before publication tells apart; see `checks.gate`."""

GateVerdict = Literal["warn", "hold", "refuse"]
"""What it does: publish and tell, wait for a person, or not at all."""

Severity = Literal["error", "warning", "info"]
Dimension = Literal[
    "accuracy", "completeness", "consistency", "currentness", "uniqueness", "validity", "confidentiality"
]


@dataclass(frozen=True, slots=True)
class Row:
    """A row in an answer. line: physical line in the file from 1 (0: unknown). record: data record from 1.
    value: as the file says, or masked.
    """

    table: str
    line: int
    record: int
    value: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault or remark on a table, with the exact count and the first rows."""

    check: str
    """Code of the check: type-error, constraint-required, swapped-coordinates…"""
    message: str
    """French sentence for the clerk: what is wrong."""
    severity: Severity = "error"
    dimension: Dimension = "validity"
    column: str = ""
    count: int = 0
    rows: tuple[Row, ...] = ()
    fix: str = ""
    """How to mend it, in plain words."""
    said: Mapping[str, str] = field(default_factory=dict[str, str])
    """The words of the check's own {placeholders}, so that the finding can be told again in another language;
    empty when the message is all there is.
    """


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at under one dimension: how many rules, and on which columns ("" is the table as a
    whole).
    """

    dimension: Dimension
    rules: int
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What a column holds, counted on the whole table. min, max, top: as text; masked when the column is
    sensitive.
    """

    name: str
    type: ColumnType
    rows: int
    nulls: int
    distinct: int
    """Distinct values, exact up to 10,000, then estimated."""
    misfits: int = 0
    """Values kept raw because they do not fit the type."""
    min: str | None = None
    max: str | None = None
    mean: float | None = None
    top: tuple[tuple[str, int], ...] = ()
    """Most frequent values with their counts, at most 10."""
    histogram: tuple[tuple[str, int], ...] = ()
    """Label of the bin and count, at most 20, for numbers and dates."""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked on one version, what was found, and what was not checked."""

    findings: tuple[Finding, ...] = ()
    profile: tuple[ColumnProfile, ...] = ()
    rows: int = 0
    not_checked: tuple[str, ...] = ()
    schema: str = ""
    checked: tuple[Checked, ...] = ()
    """What was looked at, by dimension; empty in reports of before it was noted."""

    @property
    def valid(self) -> bool:
        return not any(f.severity == "error" for f in self.findings)


@dataclass(frozen=True, slots=True)
class File:
    """A Parquet file of a version, named by the SHA-256 of its bytes."""

    digest: str
    bytes: int
    rows: int


@dataclass(frozen=True, slots=True)
class Version:
    """An immutable state of a resource."""

    digest: str
    """SHA-256 over resource, schema and file digests: one version belongs to one resource."""
    resource: str
    at: datetime
    rows: int
    bytes: int
    files: tuple[File, ...]
    schema: Schema
    report: Report
    run: str
    received: str = ""
    """Digest of the bytes it was read from."""

    @property
    def table(self) -> Table:
        """The whole version as a table."""
        return Table((Source(self.digest, tuple(f.digest for f in self.files)),), self.schema)


@dataclass(frozen=True, slots=True)
class Run:
    """What was done, with what, and what came out: the lineage."""

    id: str
    what: str
    at: datetime
    parameters: Mapping[str, Json] = field(default_factory=dict[str, Json])
    seed: int = 0
    inputs: tuple[str, ...] = ()
    """Version digests read."""
    outputs: tuple[str, ...] = ()
    """Version digests made."""
    outcome: Literal["published", "held", "refused", "failed", "unchanged", "running"] = "running"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. Ids only, never content."""

    seq: int
    at: datetime
    actor: str
    """Opaque id of a person, or "system"."""
    verb: str
    """received, read, held, refused, released, published, withdrawn, polled-down…"""
    subject: str
    """Id of what it happened to: a resource, a version digest, a dataset."""
    ids: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may read: the public, or a named group with a purpose and an end."""

    name: str = "public"
    purpose: str = ""
    until: date | None = None

    @property
    def public(self) -> bool:
        return self.name == "public"


PUBLIC = Audience()


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """The record without which nothing is readable."""

    id: str
    version: str
    audience: Audience
    policy: str
    decided_by: str
    why: str
    at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """Not released: which findings hold it back, and what to do."""

    version: str
    findings: tuple[Finding, ...]
    todo: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its doubt."""

    value: float
    low: float
    high: float
    unit: str
    method: str
    level: float = 0.95
    seen: int = 0
    expected: int = 0
