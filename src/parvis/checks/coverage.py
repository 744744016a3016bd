"""What is checked when a table is checked against a schema: without it a score would reward a file that
nobody checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from parvis.checks.checking import checks
from parvis.checks.declaration import Cell, Check, called
from parvis.checks.layout import Layout, cells, lay, record
from parvis.core.reading import RawTable
from parvis.core.types import Checked, Dimension, Schema

_TYPE = "type-error"
"""Says nothing of a plain text, which every cell is."""


def looked_at(
    raw: RawTable, schema: Schema, *, inferred: bool = False, known: Mapping[str, Check] | None = None
) -> tuple[Checked, ...]:
    """Rules and columns by dimension, in the alphabetical order of dimensions; "" stands for the table as a
    whole.

    inferred: the schema was drawn from the table itself: typed columns are looked at for validity, and
    nothing is known of what must be there.
    """
    layout = lay(raw, schema)
    by_name = cells(layout, lambda _: True)
    rules_by_dimension: dict[Dimension, dict[str, set[str]]] = {}
    for each in (checks() if known is None else known).values():
        for column in _columns(each, layout, by_name, inferred):
            rules_by_dimension.setdefault(each.dimension, {}).setdefault(
                layout.name(column) if column else "", set()
            ).add(each.name)
    if inferred:
        for name, cell in by_name.items():
            if called(cell.column) not in ("string", "any"):
                rules_by_dimension.setdefault("validity", {}).setdefault(layout.name(name), set()).add(
                    "type-misfit"
                )
    return tuple(
        Checked(
            d,
            sum(len(rules) for rules in rules_by_dimension[d].values()),
            tuple(sorted(rules_by_dimension[d])),
        )
        for d in sorted(rules_by_dimension)
    )


def _columns(each: Check, layout: Layout, by_name: Mapping[str, Cell], inferred: bool) -> Iterator[str]:
    """The columns that a check has something to say about."""
    if each.wrong or each.judge is not None:
        for name, cell in by_name.items():
            if cell.column.meaning in each.meanings or (
                not inferred and each.custom and _named(layout.schema, each.custom, name)
            ):
                yield name
    if inferred:
        return
    if each.rule is not None:
        yield from (
            name
            for name, cell in by_name.items()
            if each.rule(cell) is not None and not (each.name == _TYPE and cell.value == cell.text)
        )
    if each.across is not None:
        yield from (clause.column for clause in each.across(record(layout, by_name)))
    if each.keys is not None:
        yield from (name for key in each.keys(layout.schema) for name in key)
    if each.labels is not None and each.severity != "info":
        yield ""


def _named(schema: Schema, custom: str, column: str) -> bool:
    """Whether a custom check of the schema names this column."""
    params_of_custom = (c.get("params") for c in schema.custom_checks if c.get("name") == custom)
    return any(isinstance(p, Mapping) and p.get("column") == column for p in params_of_custom)
