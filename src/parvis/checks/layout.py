"""The cells of one raw table under one schema, as nested selects below the conditions.

Three floors, because DuckDB computes a repeated expression each time: the raw cells (c0…), their texts
without missing values (x0…), their typed values (t0…).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.checks.declaration import Cell, Record, called
from parvis.checks.headers import align
from parvis.checks.sql import call, cast, one_of, select_from, surely, text, when
from parvis.checks.table_schema import missing
from parvis.checks.typed import literal, native_fits, typed
from parvis.core.reading import ParquetScan, RawTable
from parvis.core.types import Column, Json, Schema
from parvis.engine import scans

RECORD = "_record"
"""Number of the data record from 1, on the floors where it is asked for."""

_COMPARED = ("enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "unique")


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column of the file each column of the schema is. places: schema column name to position in the
    file.
    """

    raw: RawTable
    schema: Schema
    places: Mapping[str, int]
    cut: bool = False
    """The scan holds some of the records only, with their numbers in the column `RECORD`."""
    compared: bool = False
    """Every column is compared with another or with a constant: all values are wanted, not only whether they
    fit.
    """

    @property
    def by_numbers(self) -> bool:
        """Whether record numbers come for free with the scan."""
        return isinstance(self.raw.scan, ParquetScan)

    def name(self, column: str) -> str:
        """What the house calls the column of the file that stands for a schema column."""
        return self.raw.columns[self.places[column]].name if column in self.places else column


def lay(raw: RawTable, schema: Schema) -> Layout:
    """Match the columns of a file with those of a schema."""
    return Layout(raw, schema, align(raw, schema))


def raw_cell(place: int) -> Expr:
    """A cell as the scan delivers it, on any floor."""
    return exp.column(f"c{place}", quoted=True)


def shown_cell(layout: Layout, place: int) -> Expr:
    """A cell as text, for an answer: numbers and dates as the format says, geometries not at all."""
    native = layout.raw.columns[place].native
    return exp.null() if native in ("shape", "point") else surely(raw_cell(place), "VARCHAR")


def cells(layout: Layout, accepted: Callable[[str], bool]) -> Mapping[str, Cell]:
    """The columns of the schema that the file has, as conditions see them on the typed floor."""

    def cell(column: Column) -> Cell:
        place = layout.places[column.name]
        value = exp.column(f"t{place}" if has_value(layout, column) else f"x{place}", quoted=True)

        def typed_literal(value: Json) -> Expr | None:
            return literal(column, value)

        return Cell(
            column,
            layout.schema,
            exp.column(f"x{place}", quoted=True),
            value,
            _fits(layout, column),
            typed_literal,
            accepted,
        )

    known = {c.name: c for c in reversed(layout.schema.columns)}  # the first of a name, as `Schema.column`
    return {name: cell(known[name]) for name in layout.places if name in known}


def record(layout: Layout, known: Mapping[str, Cell]) -> Record:
    """The whole row as a condition sees it."""
    taken = set(layout.places.values())
    rest = (p for p in range(len(layout.raw.columns)) if p not in taken)
    return Record(
        layout.schema,
        known,
        tuple(shown_cell(layout, p) if layout.raw.columns[p].native else raw_cell(p) for p in rest),
    )


def floor(layout: Layout, *, numbered: bool, only: Collection[str] | None = None) -> exp.Select:
    """The typed floor: c, x and t of each column that conditions need, and the record number when asked for.

    only: schema columns to lay out, all by default.
    """
    relation = scans.relation(
        layout.raw.scan, len(layout.raw.columns), numbered=numbered and layout.by_numbers and not layout.cut
    )
    columns = [
        c for c in layout.schema.columns if c.name in layout.places and (only is None or c.name in only)
    ]
    places = range(len(layout.raw.columns)) if only is None else [layout.places[c.name] for c in columns]
    raw = [raw_cell(p) for p in places]
    if numbered and layout.cut:
        raw.append(exp.column(RECORD, quoted=True))
    elif numbered and layout.by_numbers:
        raw.append(
            named(exp.Add(this=exp.column("file_row_number"), expression=exp.Literal.number(1)), RECORD)
        )
    elif numbered:
        raw.append(named(exp.Window(this=exp.RowNumber()), RECORD))
    texts = select_from(
        select_from(relation, *raw),
        exp.Star(),
        *(named(_text(layout, c), f"x{layout.places[c.name]}") for c in columns),
    )
    values = [named(_value(layout, c), f"t{layout.places[c.name]}") for c in columns if has_value(layout, c)]
    return select_from(texts, exp.Star(), *values)


def named(value: Expr, name: str) -> Expr:
    """value AS "name"."""
    return exp.Alias(this=value, alias=exp.to_identifier(name, quoted=True))


def _text(layout: Layout, column: Column) -> Expr:
    place = layout.places[column.name]
    native = layout.raw.columns[place].native
    if native in ("shape", "point"):
        return when((exp.Not(this=exp.Is(this=raw_cell(place), expression=exp.null())), text("géométrie")))
    cell_text = raw_cell(place)
    if native is not None:
        cell_text = surely(cell_text, "VARCHAR")
        if native == "number":
            short = surely(cast(raw_cell(place), "HUGEINT"), "VARCHAR")
            cell_text = when(
                (
                    exp.EQ(this=call("trunc", raw_cell(place)), expression=raw_cell(place)),
                    call("coalesce", short, cell_text.copy()),
                ),
                otherwise=cell_text,
            )
        return cell_text
    return (
        when(
            (
                exp.Not(
                    this=call(
                        "coalesce", one_of(cell_text, missing(column.options, layout.schema)), exp.true()
                    )
                ),
                cell_text,
            )
        )
        if missing(column.options, layout.schema)
        else cell_text
    )


def _fits(layout: Layout, column: Column) -> bool:
    native = layout.raw.columns[layout.places[column.name]].native
    return native is not None and native_fits(native, called(column))


def has_value(layout: Layout, column: Column) -> bool:
    """Whether the typed value is something else than the text."""
    return _fits(layout, column) or called(column) not in ("string", "any") or column.format != "default"


def _value(layout: Layout, column: Column) -> Expr:
    place, kind = layout.places[column.name], called(column)
    if _fits(layout, column):
        target = {
            "integer": "HUGEINT",
            "year": "BIGINT",
            "number": "DOUBLE",
            "date": "DATE",
            "time": "TIME",
            "datetime": "TIMESTAMPTZ",
        }.get(kind)
        return (
            cast(raw_cell(place), target)
            if target
            else raw_cell(place)
            if kind == "boolean"
            else exp.column(f"x{place}", quoted=True)
        )
    return typed(column, exp.column(f"x{place}", quoted=True), valued=compared(layout, column)).value


def compared(layout: Layout, column: Column) -> bool:
    """Whether a rule looks at the typed value; else it is enough to know that there is one."""
    schema = layout.schema
    keyed = (
        column.name in schema.primary_key
        or any(column.name in key for key in schema.unique_keys)
        or any(column.name in key.columns for key in schema.foreign_keys)
    )
    return (
        layout.compared
        or keyed
        or any(k in column.constraints for k in _COMPARED)
        or bool(schema.custom_checks)
    )
