"""The first rows of a file that nobody handed in yet: its first table typed and searched for personal data, as its
sender would see it before publishing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlglot import exp

from parvis.core.limits import Limits
from parvis.core.types import Column
from parvis.engine.relations import parquet
from parvis.inspection.file_check import opened
from parvis.inspection.inspection import Expected, search_values
from parvis.inspection.reporting import MASKED

ROWS = 5
COLUMNS = 40
"""Rows and columns that are read."""
WIDTH = 120
"""Characters of a cell."""
UNSHOWN = frozenset({"point", "shape"})


@dataclass(frozen=True, slots=True)
class FirstRows:
    """format: what the bytes are; tables: how many the file holds; columns, rows: of the first one, as texts, without the
    columns in which something personal was seen, which are `hidden`; total: its rows.
    """

    format: str
    tables: int
    columns: tuple[Column, ...]
    rows: tuple[tuple[str | None, ...], ...]
    hidden: tuple[str, ...]
    total: int


def first_rows(file: Path, name: str, folder: Path, limits: Limits, today: date) -> FirstRows:
    """Read a file. folder: where it may write. Raises Unreadable with the reason in plain words."""
    with opened(file, name=name, limits=limits, folder=folder) as desk:
        if not desk.reading.tables:
            return FirstRows(desk.reading.format, 0, (), (), (), 0)
        path = desk.spool / "first-rows.parquet"
        typed = Expected(today).typed(desk.reading.tables[0], path, desk.con)
        _, levels = search_values(desk.con, typed)
        personal = {c for c, level in levels.items() if level in MASKED}
        wanted = tuple(c for c in typed.schema.columns if c.name not in personal and c.type not in UNSHOWN)[
            :COLUMNS
        ]
        rows: tuple[tuple[str | None, ...], ...] = ()
        if wanted:
            query = exp.select(*(exp.cast(exp.column(c.name, quoted=True), "text") for c in wanted)).from_(
                exp.Table(this=parquet([path]))
            )
            head = desk.con.execute(query.limit(ROWS).sql("duckdb")).fetchall()
            rows = tuple(tuple(None if v is None else str(v)[:WIDTH] for v in row) for row in head)
        return FirstRows(
            desk.reading.format, len(desk.reading.tables), wanted, rows, tuple(sorted(personal)), typed.rows
        )
