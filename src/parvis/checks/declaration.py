"""What a check is: one frozen value in one file of `checks/rules`, with its examples inside.

Mechanisms, of which a check uses one: `wrong` (SQL over the text of one cell), `judge` (Python over each
distinct text), `rule` (a condition drawn from the schema's column), `across` (a condition over the whole
row), `labels` (a look at the header), `keys` (groups of columns that may not repeat), `links` (keys that must
stand in another table), `look` (a look at all rows of the typed table, without a schema: see `survey`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot.expressions.core import Expr

from parvis.core.reading import RawTable
from parvis.core.types import Column, Dimension, ForeignKey, Json, Schema, Severity

if TYPE_CHECKING:  # it stands on NumPy, which a check of single rows does without
    from parvis.checks.typed_view import RuleHit, TypedView


@dataclass(frozen=True, slots=True)
class Distinct:
    """A condition that SQL can't say: asked once of each distinct text of the column. Returns True when the
    text is wrong; may raise TimeoutError.
    """

    wrong: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Clause:
    """What is wrong with a cell or a row, and the words that the message needs.

    column: name of the column blamed, "" for the row. params: values of the message's own {placeholders}.
    """

    wrong: Expr | Distinct
    params: Mapping[str, str] = field(default_factory=dict[str, str])
    column: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of the schema as a condition sees it.

    text: what the file says, NULL when missing. value: the same, typed; NULL when missing or not of the type.
    native: the format itself typed it, and rightly. literal: a value written in the schema, typed as the
    column; None when it is not of the type. accepted: whether the vector engine understands a pattern.
    """

    column: Column
    schema: Schema
    text: Expr
    value: Expr
    native: bool
    literal: Callable[[Json], Expr | None]
    accepted: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Record:
    """One row as a condition sees it: its cells by schema name, and the raw cells of the columns that the
    schema does not know.
    """

    schema: Schema
    cells: Mapping[str, Cell]
    unknown: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """Something to say about a column's presence or label. label: as the file writes it, None when the file
    has no such column. severity: None, the check's.
    """

    column: str
    label: str | None = None
    params: Mapping[str, str] = field(default_factory=dict[str, str])
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A small file and the records that the check must find wrong: 0 is the header, records count from 1."""

    schema: Mapping[str, Json]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    wrong: tuple[int, ...] = ()
    beside: Mapping[str, Example] = field(default_factory=dict[str, "Example"])
    """Other tables that its foreign keys point to, by resource."""
    rules: str = ""
    """Rules of the city, as TOML."""


@dataclass(frozen=True, slots=True)
class English:
    """The words of a check in English: same templates, same placeholders. What is left out is shown in
    French, and marked as French.
    """

    title: str = ""
    message: str = ""
    fix: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A rule that a table must keep. Declared as a module constant in `checks/rules/<name>.py`; found by
    walking the package.
    """

    name: str
    """Stable slug; reports and APIs quote it."""
    title: str
    """French, for the page that lists the checks."""
    message: str
    """French template: {column}, {values} (« 3 valeurs »), {cells}, {rows}, {label}, and the clause's own
    words.
    """
    fix: str
    """French template: how to mend it."""
    why: str = ""
    """French: why it matters to whoever uses the data. Empty: what is said of its dimension."""
    english: English = English()
    severity: Severity = "error"
    dimension: Dimension = "validity"
    wrong: str = ""
    """SQL condition over `v`, the text of a cell that is not missing; an unknown (NULL) counts as wrong."""
    judge: Callable[[str], bool] | None = None
    """The same in Python, for what SQL can't say: True when the text is wrong; asked once of each distinct
    text.
    """
    meanings: tuple[str, ...] = ()
    """`wrong` and `judge` apply to columns of these meanings, as a warning…"""
    custom: str = ""
    """…and to those that the schema names in a custom check of this name (Validata), with the check's own
    severity. A rule or an across reads its params.
    """
    rule: Callable[[Cell], Clause | None] | None = None
    constraint: str = ""
    """The constraint of Table Schema that `rule` holds. Where the schema writes it out of its place (`odd`),
    it warns: other tools ignore it.
    """
    across: Callable[[Record], Iterable[Clause]] | None = None
    silences: bool = False
    """A row that this check blames is judged by no other…"""
    always: bool = False
    """…but by this one."""
    labels: Callable[[RawTable, Schema], Iterable[Label]] | None = None
    keys: Callable[[Schema], Iterable[tuple[str, ...]]] | None = None
    complete: bool = False
    """Of `keys`, those with a missing part are left out; else only those that are missing whole."""
    links: Callable[[Schema], Iterable[ForeignKey]] | None = None
    look: Callable[[TypedView], Iterable[RuleHit]] | None = None
    """Declared in `checks/table_checks`."""
    field: Mapping[str, Json] = field(default_factory=lambda: {"type": "string"})
    """Table Schema field under which `right` and `bad` are tried."""
    right: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()


def odd(column: Column, constraint: str) -> bool:
    """Whether the schema writes this constraint of the column out of its place (beside `constraints`, under
    `contraints`).
    """
    listed = column.options.get("odd")
    return isinstance(listed, list) and constraint in listed


def called(column: Column) -> str:
    """Table Schema type of a column, also the ones that our own column types merge."""
    kind = column.options.get("type")
    return (
        kind
        if isinstance(kind, str)
        else {"text": "string", "point": "geopoint", "shape": "geojson", "json": "object"}.get(
            column.type, column.type
        )
    )
