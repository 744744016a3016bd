"""What a whole typed table says of itself, without a schema: values that stand out, series that stopped, rows
that repeat, words spelt in two ways.

These checks look at many rows at once, so that they run on the typed Parquet of the table, led by its
profile: a column of which the profile shows that nothing can be found there is not read at all. They warn; a
table is never wrong for what it merely lets suspect.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

import duckdb

from parvis.checks import table_checks as declarations
from parvis.checks.checking import finding
from parvis.checks.condition_scan import Hits
from parvis.checks.declaration import Check
from parvis.checks.own_codes import own_codes
from parvis.checks.territory import NOWHERE, Territory
from parvis.checks.typed_view import TypedView
from parvis.core.registry import declared
from parvis.core.types import ColumnProfile, Finding, Schema


@cache
def known_table_checks() -> Mapping[str, Check]:
    """All declared checks of many rows, by name."""
    return declared(
        declarations, Check, belongs=lambda one: one.look is not None and one.name not in own_codes()
    )


def survey(
    path: Path,
    schema: Schema,
    profile: Sequence[ColumnProfile],
    rows: int,
    *,
    con: duckdb.DuckDBPyConnection,
    today: date,
    table: str = "",
    territory: Territory = NOWHERE,
    limit: int = 100,
    known: Mapping[str, Check] | None = None,
) -> tuple[Finding, ...]:
    """Run every check of many rows on a typed table (`columns.type_table`), in the order of their names.
    Counts are exact, rows cut at `limit`.
    """
    view = TypedView(path, schema, {p.name: p for p in profile}, rows, con, today, territory, limit)
    table_checks = (
        [
            (each, each.look)
            for each in (known_table_checks() if known is None else known).values()
            if each.look is not None
        ]
        if rows
        else []
    )
    return tuple(
        finding(
            each, each.severity, rule_hit.column, Hits(rule_hit.count, rule_hit.rows), table, rule_hit.params
        )
        for each, look in table_checks
        for rule_hit in look(view)
    )
