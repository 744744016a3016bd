"""One table looked at: typed, searched for personal data, held to what is expected of it.

A deposit and a check come here and get one value: what is told of a table does not depend on the door that its
file came through. A scan has its tables typed here, and asks the detectors itself: it needs more of their evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import duckdb

from parvis import checks, columns, privacy
from parvis.checks.assertions import Assertion
from parvis.checks.coverage import looked_at
from parvis.checks.mistyped import graver
from parvis.checks.survey import survey
from parvis.checks.territory import NOWHERE, Territory
from parvis.columns.table import Typed
from parvis.core.reading import RawTable
from parvis.core.types import Checked, ColumnType, Finding, Schema, Sensitivity

PLACES = frozenset({"swapped-coordinates", "null-island", "point-outside"})
"""What typing tells of positions, which a schema does not check."""

Personal = tuple[tuple[Finding, ...], Mapping[str, Sensitivity]]
"""What is personal in a table: findings, worst first, their evidence masked, and the sensitivity of the
columns that have any.
"""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a table is held to. schema: None for what its values let expect. corrections: the publisher's word
    on types, by column. rules: of the city or of the sender. bbox: the city in degrees. timezone: of instants
    without one. today: what lies after it is in the future. limit: rows shown of each finding.
    """

    today: date
    schema: Schema | None = None
    corrections: Mapping[str, ColumnType | str] = field(default_factory=dict[str, ColumnType | str])
    rules: tuple[Assertion, ...] = ()
    territory: Territory = NOWHERE
    bbox: tuple[float, ...] = ()
    timezone: str = "Europe/Paris"
    limit: int = 100

    def typed(self, raw: RawTable, out: Path, con: duckdb.DuckDBPyConnection) -> Typed:
        """The table typed into the file `out`. Raises UsageError on a correction that is no type."""
        return columns.type_table(
            raw,
            out,
            con=con,
            corrections=self.corrections,
            expected=self.schema,
            bbox=self.bbox,
            timezone=self.timezone,
        )


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was seen in one table. schema: what it was held to, with the sensitivity of each column. wrong:
    what typing, schema and rules tell; surveyed: what the table says of itself as a whole; personal: what is
    personal or secret in it. checked: rules and columns that were looked at, by dimension.
    """

    schema: Schema
    wrong: tuple[Finding, ...]
    surveyed: tuple[Finding, ...]
    personal: tuple[Finding, ...]
    checked: tuple[Checked, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of them, without physical lines."""
        return (*self.wrong, *self.surveyed, *self.personal)


def search_values(con: duckdb.DuckDBPyConnection, typed: Typed) -> Personal:
    """What the detectors see in the cells of a typed table."""
    return privacy.find(con, typed.path, typed.schema, typed.rows, profile=typed.profile)


def inspect(
    con: duckdb.DuckDBPyConnection,
    raw: RawTable,
    typed: Typed,
    expected: Expected,
    *,
    find: Callable[[], Personal] | None = None,
    surveyed: bool = True,
    texts: bool = False,
) -> Inspection:
    """Look at one table. typed: of `raw`, by `expected.typed`, or of what a policy made of it.

    find: how what is personal is searched for (`search_values`, with more where more is known), None to leave
    it. texts: hold the cells as the file has them, also where no schema says what to expect: a proposal to
    mend them needs their texts.
    """
    personal, levels = find() if find is not None else ((), {})
    schema = replace(
        typed.schema,
        columns=tuple(
            replace(c, sensitivity=levels.get(c.name, c.sensitivity)) for c in typed.schema.columns
        ),
    )
    seen = ()
    if surveyed:
        seen = survey(
            typed.path,
            schema,
            typed.profile,
            typed.rows,
            con=con,
            today=expected.today,
            table=raw.name,
            territory=expected.territory,
            limit=expected.limit,
        )
    wrong = _wrong(con, raw, typed, expected, texts=texts)
    checked = looked_at(raw, expected.schema or typed.schema, inferred=expected.schema is None)
    return Inspection(schema, wrong, seen, personal, checked)


def _wrong(
    con: duckdb.DuckDBPyConnection, raw: RawTable, typed: Typed, expected: Expected, *, texts: bool
) -> tuple[Finding, ...]:
    """What typing, schema and rules tell. Without a schema, what most values of a column fail is an error;
    under one, typing speaks of what it leaves.
    """
    if expected.schema is not None:
        known = frozenset(expected.schema.names)
        beside = (f for f in typed.findings if f.check in PLACES or f.column not in known)
        return (
            *checks.check(raw, expected.schema, con=con, limit=expected.limit, rules=expected.rules),
            *beside,
        )
    if not texts:
        wrong = checks.check(
            typed.table, typed.schema, con=con, limit=expected.limit, inferred=True, rules=expected.rules
        )
        return graver((*typed.findings, *wrong), typed.profile)
    wrong = checks.check(raw, typed.schema, con=con, limit=expected.limit, inferred=True)
    rules = expected.rules
    ruled = (
        checks.check(
            typed.table, typed.schema, con=con, limit=expected.limit, inferred=True, known={}, rules=rules
        )
        if rules
        else ()
    )
    return (*graver((*typed.findings, *wrong), typed.profile), *ruled)
