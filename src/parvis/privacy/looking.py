"""A table that is being looked at: its files, its schema, and distinct values of its columns of text on rows
spread evenly over it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from sqlglot import exp

from parvis.core.text import french_number
from parvis.core.types import ColumnProfile, Row, Schema
from parvis.privacy.cells import call, cell_of, filled, rows_of
from parvis.privacy.declaration import stars

SAMPLE = 20_000
"""Rows looked at for names, words and sentences; a table of as many is looked at whole."""

SENTENCES = 600
"""Distinct values of a column of a larger table that are read as sentences: the longest reading there is,
some 25 µs each.
"""

WORDS = 200
"""Distinct values of a column of a larger table in which addresses and words are sought."""

LONGEST = 400
"""Characters of a cell that are read as a sentence."""

LABEL = 4
"""Spaces of a cell up to which it is the name of something, not a sentence: names of places are made of
people's.
"""

SURE = 0.5
"""Confidence from which a kind is told."""

NAMED_ELSE = frozenset({"siret", "siren", "commune_insee", "code_postal"})
"""Meanings whose texts are no names. A column that its header calls a telephone may hold names all the same.
"""


@dataclass(frozen=True, slots=True)
class Look:
    """A table that is being looked at. samples: distinct values of its text columns, on rows spread evenly
    over it.
    """

    con: duckdb.DuckDBPyConnection
    paths: Sequence[Path]
    schema: Schema
    samples: Mapping[str, Sequence[str]]
    thorough: bool
    whole: bool
    """Whether the samples are the whole table."""
    many: bool
    """Whether columns whose values come again are looked at value by value."""
    again: frozenset[str]
    """Columns whose values are known to come again."""
    years: Mapping[str, tuple[int, int]]
    """First and last year (UTC) of the columns of dates of which they are known."""

    def values(self, column: str, most: int) -> Sequence[str]:
        """Distinct values of a text column: all that were sampled, or at most so many."""
        known = self.samples.get(column, ())
        return known if self.thorough else known[:most]

    def filled(self, column: str) -> tuple[int, tuple[Row, ...]]:
        return filled(self.con, self.paths, column, stars)


def nameable(schema: Schema, name: str) -> bool:
    column = schema.column(name)
    return column is not None and column.meaning not in NAMED_ELSE


def samples_of(
    con: duckdb.DuckDBPyConnection, paths: Sequence[Path], schema: Schema, rows: int
) -> dict[str, list[str]]:
    """Distinct values by text column, on rows spread evenly over the table: the same ones each time."""
    texts = [c.name for c in schema.columns if c.type == "text"]
    if not texts:
        return {}
    query = exp.select(*(cell_of(n) for n in texts)).from_(rows_of(paths))
    if rows > SAMPLE:
        spread = exp.Mod(
            this=call("hash", exp.column("file_row_number")),
            expression=exp.Literal.number(max(1, rows // SAMPLE)),
        )
        query = query.where(exp.EQ(this=spread, expression=exp.Literal.number(0)))
    cells = con.execute(query.limit(4 * SAMPLE).sql("duckdb")).to_arrow_table()
    return {n: [v for v in cells.column(n).unique().to_pylist() if isinstance(v, str)] for n in texts}


def integers(look: Look, name: str) -> list[str]:
    """Some distinct values of a column of whole numbers, as texts: enough to tell identifiers from what
    numbers the rows.
    """
    present = exp.Not(this=exp.Is(this=cell_of(name), expression=exp.null()))
    query = (
        exp.select(exp.cast(cell_of(name), "VARCHAR")).distinct().from_(rows_of(look.paths)).where(present)
    )
    return [str(v) for (v,) in look.con.execute(query.limit(SAMPLE).sql("duckdb")).fetchall()]


def years_of(profile: Sequence[ColumnProfile]) -> dict[str, tuple[int, int]]:
    """First and last year of the columns of dates, where their profile says it in clear."""
    ends = ((p.name, p.min or "", p.max or "") for p in profile if p.type in ("date", "datetime"))
    return {
        name: (int(low[:4]), int(high[:4]))
        for name, low, high in ends
        if _DAY.fullmatch(low) and _DAY.fullmatch(high)
    }


_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}(T.*)?")


def message_of(title: str, column: str, count: int, cells: int, more: str = "", *, free: bool = False) -> str:
    share = f"{french_number(100 * min(1.0, count / cells), 1)} % des cellules remplies" if cells else ""
    where = "dans le texte libre de" if free else "dans"
    return f"{title.capitalize()} {where} la colonne « {column} » : {french_number(count)} ({share}).{more}"
