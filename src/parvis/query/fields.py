"""The fields of a release as a query sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from sqlglot import expressions as exp

from parvis.core.released import Released
from parvis.engine import trees as t
from parvis.engine.relations import RECORD
from parvis.engine.render import Shown, queryable
from parvis.query.values import Field

FACETABLE = frozenset({"text", "boolean", "array", "year", "date", "datetime", "integer"})


def fields(released: Released, *, dataset: str = "", modified: datetime | None = None) -> Mapping[str, Field]:
    """Field by name, in the order of the schema, then the technical ones, then the columns by the label that
    the file gives them, hidden.

    The keys `facet`, `disjunctive`, `hierarchical` (its separator) and `facetsort` of a column's options say
    how it is filtered.
    """
    columns = queryable(released.schema)
    by_name = {s.name: _field(s) for s in columns}
    technical = [Field("datasetid", "text", t.text(dataset), hidden=True)]
    if released.table.tree is None:
        technical.append(Field("recordid", "text", t.cast(t.column(RECORD), "VARCHAR"), hidden=True))
    if modified is not None:
        technical.append(
            Field(
                "record_timestamp",
                "datetime",
                t.cast(t.text(modified.isoformat(sep=" ")), "TIMESTAMPTZ"),
                hidden=True,
            )
        )
    for one in technical:
        by_name.setdefault(one.name, one)
    for column in columns:
        if column.column is not None:
            by_name.setdefault(
                column.column.name, replace(by_name[column.name], name=column.column.name, hidden=True)
            )
    return MappingProxyType(by_name)


def _field(column: Shown) -> Field:
    options = column.column.options if column.column else {}
    separator = options.get("hierarchical", "")
    sort = options.get("facetsort", "-count")
    tree = t.column(column.stored)
    if column.type == "array":
        # A list without elements says what a missing one says, as in a CSV file: grouping, `is null`, `!=`
        # and what is answered agree.
        tree = t.call("nullif", tree, exp.Array(expressions=[]))
    return Field(
        column.name,
        column.type,
        tree,
        column.title,
        column.raw,
        facet=bool(options.get("facet", False)),
        disjunctive=bool(options.get("disjunctive", False)),
        separator=separator if isinstance(separator, str) else "/" if separator else "",
        sort=sort if isinstance(sort, str) else "-count",
    )
