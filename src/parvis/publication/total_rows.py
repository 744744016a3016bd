"""The row of totals that a spreadsheet leaves under its table: its sender is offered to leave it out, from now on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
from sqlglot import exp

from parvis.core.text import tokens
from parvis.core.types import Json
from parvis.engine.relations import RECORD, recorded
from parvis.publication.prepared_tables import PreparedTable
from parvis.readers import grid

ISSUE = "total-row"
"""What a reader calls it; `file-total-row` as a finding."""
FINDING = "file-total-row"
LONGEST = 60
WORDS = frozenset(
    tokens(
        "total totaux sous ensemble somme résultat général générale généraux de des du la le les l d depenses recettes montants annee commune ttc ht euros eur"
    )
)
"""What a row of totals says that names nobody. One that says more may name somebody: its words are kept nowhere, and it
is left out by a recipe that somebody writes.
"""


@dataclass(frozen=True, slots=True)
class TotalRow:
    """What tells the row from the others. column: as a recipe names it; words: what stands there."""

    column: str
    words: str


def under(con: duckdb.DuckDBPyConnection, table: PreparedTable) -> TotalRow | None:
    """The row of totals that stands last in a table as it would be published; None where there is none, where the first
    column holds no text, and where it says more than that it is a total.
    """
    first = _first(table)
    words = _last(con, table.typed.path, first) if first else ""
    if not grid.total_row((words,)) or len(words) > LONGEST or not set(tokens(words)) <= WORDS:
        return None
    return TotalRow(table.called[first], words)


def left_out(con: duckdb.DuckDBPyConnection, table: PreparedTable) -> bool:
    """Whether its recipe took it away: what the reader of the file said of it is no longer so."""
    first = _first(table)
    return bool(first) and table.by is not None and not grid.total_row((_last(con, table.typed.path, first),))


def step(column: str, *words: str) -> dict[str, Json]:
    """The step of a recipe that leaves out the rows on which the column says one of these, and keeps every other.

    >>> step("Asso", "TOTAL d'ici", "Sous-total")["where"]
    '"Asso" <> \\'TOTAL d\\'\\'ici\\' AND "Asso" <> \\'Sous-total\\''
    """
    others = (exp.NEQ(this=exp.column(column, quoted=True), expression=exp.Literal.string(w)) for w in words)
    return {"step": "filter", "where": exp.and_(*others).sql("duckdb")}


def _first(table: PreparedTable) -> str:
    """The first column of a table whose file ends by a total, as the version names it; "" where it is not of text."""
    first = next(iter(table.typed.schema.columns), None)
    warned = table.veiled is None and any(i.code == ISSUE for i in table.source.issues)
    return first.name if warned and first and first.type == "text" and first.name in table.called else ""


def _last(con: duckdb.DuckDBPyConnection, path: Path, column: str) -> str:
    query = (
        exp.select(exp.column(column, quoted=True))
        .from_(recorded([path]).subquery("q"))
        .order_by(exp.Ordered(this=exp.column(RECORD, quoted=True), desc=True))
        .limit(1)
    )
    row = con.execute(query.sql("duckdb")).fetchone()
    return str(row[0]) if row is not None and row[0] is not None else ""
