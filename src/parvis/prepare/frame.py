"""A table on its way through a recipe: its columns, and the query that makes its cells.

Nothing runs while a recipe is laid out: each step stands its SELECT on the one before, and `finish` writes
the last one to Parquet in one go. A step that can't be said in SQL keeps what there is so far (`keep`) and
goes on from there. Beside its cells c0, c1… each row carries `_record`, the record of the file it comes from,
and `_part`, its place among those that come from the same one: whatever a recipe does, a fault can be told at
the line of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.errors import ParvisError
from parvis.core.reading import CsvScan, ParquetScan, RawColumn, RawTable
from parvis.core.sentence import Sentence
from parvis.core.types import Finding, Row
from parvis.engine import trees as t
from parvis.engine.scans import column as cell_name
from parvis.engine.scans import relation

RECORD = "_record"
"""Record of the file that a row comes from, from 1."""
PART = "_part"
"""Place of a row among those that come from one record, from 0."""
GEOMETRIES = ("point", "shape")
ROW_GROUP = 20_480
TOLD = 100
"""Rows told of a finding."""


class NoColumn(ParvisError):
    """A step names a column that the table does not have (`there` False), or would make one that it has
    already (`there` True).
    """

    status = 409
    exit_code = 3

    def __init__(self, column: str, *, there: bool = False) -> None:
        super().__init__(Sentence("colonne « {column} »", column=column))
        self.column = column
        self.there = there


@dataclass(frozen=True, slots=True)
class Frame:
    """Columns, and a query that yields their cells c0, c1… and RECORD and PART.

    ordered: rows come out in the order of (RECORD, PART) by themselves. findings: what the steps so far have
    to tell, rows by record.
    """

    columns: tuple[RawColumn, ...]
    query: exp.Select
    name: str = ""
    ordered: bool = True
    findings: tuple[Finding, ...] = field(default=())

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)

    def at(self, name: str) -> int:
        """Position of a column, by its name. Raises NoColumn."""
        for i, column in enumerate(self.columns):
            if column.name == name:
                return i
        raise NoColumn(name)

    def free(self, *names: str, but: Sequence[int] = ()) -> None:
        """Make sure that no column has these names yet, but those at positions that go. Raises NoColumn."""
        taken = {c.name for i, c in enumerate(self.columns) if i not in but}
        seen: set[str] = set()
        for name in names:
            if name in taken or name in seen:
                raise NoColumn(name, there=True)
            seen.add(name)

    def text(self, position: int) -> Expr:
        """A cell as text, NULL when it is empty. A geometry says nothing as text."""
        native = self.columns[position].native
        if native in GEOMETRIES:
            return exp.null()
        raw = cell(position)
        return t.call("nullif", t.cast(raw, "VARCHAR") if native else raw, t.text(""))

    def select(self, cells: Sequence[tuple[RawColumn, Expr]], *more: Expr, record: bool = True) -> Frame:
        """The same rows with these columns. more: technical columns; record False: they bring RECORD and PART
        themselves.
        """
        technical = (t.column(RECORD), t.column(PART)) if record else ()
        values = [t.alias(value, cell_name(i)) for i, (_, value) in enumerate(cells)]
        return replace(
            self,
            columns=tuple(c for c, _ in cells),
            query=exp.Select(expressions=[*values, *technical, *more]).from_(self.below(), copy=False),
        )

    def changed(self, values: Mapping[int, Expr]) -> Frame:
        """The same table with other cells in the columns at these positions, which are text from now on."""
        return self.select(
            [
                (replace(c, native=None), values[i]) if i in values else (c, cell(i))
                for i, c in enumerate(self.columns)
            ]
        )

    def added(self, values: Mapping[str, Expr]) -> Frame:
        """The same table with more text columns at its end. Raises NoColumn when one is there already."""
        self.free(*values)
        cells: list[tuple[RawColumn, Expr]] = [(c, cell(i)) for i, c in enumerate(self.columns)]
        at = self.end()
        cells[at:at] = [(RawColumn(name, name), value) for name, value in values.items()]
        return self.select(cells)

    def end(self) -> int:
        """Where new columns go: a geometry stays last."""
        count = len(self.columns)
        return count - 1 if count and self.columns[-1].native in GEOMETRIES else count

    def where(self, condition: Expr) -> Frame:
        """Only the rows of which the condition is true."""
        return replace(
            self,
            query=exp.Select(expressions=[exp.Star()])
            .from_(self.below(), copy=False)
            .where(t.surely(condition), copy=False),
        )

    def below(self) -> exp.Subquery:
        """The query, to be stood on."""
        return exp.Subquery(
            this=self.query.copy(), alias=exp.TableAlias(this=exp.to_identifier("below", quoted=True))
        )

    def sorted(self) -> exp.Select:
        """The query, rows in their order."""
        return (
            self.query.copy()
            if self.ordered
            else self.query.copy().order_by(t.column(RECORD), t.column(PART), copy=False)
        )

    def tell(self, finding: Finding) -> Frame:
        """The same table with one more finding."""
        return replace(self, findings=(*self.findings, finding))


def cell(position: int) -> Expr:
    """A cell as the query below delivers it."""
    return t.column(cell_name(position))


def head(raw: RawTable, rows: int, path: Path, *, con: duckdb.DuckDBPyConnection) -> RawTable:
    """The first records of a raw table, in a file of their own."""
    cells = [cell(i) for i in range(len(raw.columns))]
    query = (
        exp.Select(expressions=cells)
        .from_(exp.Table(this=relation(raw.scan, len(raw.columns))))
        .limit(rows, copy=False)
    )
    return replace(raw, scan=ParquetScan(write(query, path, con=con)), rows=min(rows, raw.rows))


def emptied(raw: RawTable, names: Collection[str], path: Path, *, con: duckdb.DuckDBPyConnection) -> RawTable:
    """A raw table without the cells of these columns, in a file of its own: nothing that is made of it can
    depend on them.
    """
    cells = [
        t.alias(t.cast(exp.null(), "VARCHAR"), cell_name(i)) if c.name in names else cell(i)
        for i, c in enumerate(raw.columns)
    ]
    query = exp.Select(expressions=cells).from_(exp.Table(this=relation(raw.scan, len(raw.columns))))
    columns = tuple(replace(c, native=None) if c.name in names else c for c in raw.columns)
    return replace(raw, columns=columns, scan=ParquetScan(write(query, path, con=con)))


def start(raw: RawTable, *, con: duckdb.DuckDBPyConnection, spool: Path) -> Frame:
    """A raw table at the beginning of its recipe.

    A text file is copied to Parquet first: that runs on every core, while numbering its records on the way
    would not.
    """
    scan, width = raw.scan, len(raw.columns)
    cells = [cell(i) for i in range(width)]
    if isinstance(scan, CsvScan):
        query = exp.Select(expressions=[c.copy() for c in cells]).from_(exp.Table(this=relation(scan, width)))
        scan = ParquetScan(write(query, spool / "start.parquet", con=con))
    source = relation(scan, width)
    source.append("expressions", exp.EQ(this=exp.to_identifier("file_row_number"), expression=exp.true()))
    record = t.cast(exp.Add(this=t.column("file_row_number"), expression=t.number(1)), "BIGINT")
    query = exp.Select(
        expressions=[*cells, t.alias(record, RECORD), t.alias(t.cast(t.number(0), "BIGINT"), PART)]
    ).from_(exp.Table(this=source))
    return Frame(raw.columns, query, raw.name)


def keep(frame: Frame, path: Path, *, con: duckdb.DuckDBPyConnection) -> Frame:
    """The same table, worked out and lying in a Parquet file, rows in their order."""
    write(frame.sorted(), path, con=con)
    return lying(frame, path)


def lying(frame: Frame, path: Path) -> Frame:
    """The same table, of which a Parquet file holds the cells, RECORD and PART."""
    cells = [cell(i) for i in range(len(frame.columns))]
    source = exp.Table(this=t.call("read_parquet", t.text(str(path))))
    query = exp.Select(expressions=[*cells, t.column(RECORD), t.column(PART)]).from_(source)
    return replace(frame, query=query, ordered=True)


def write(query: exp.Select, path: Path, *, con: duckdb.DuckDBPyConnection) -> Path:
    """Put the rows of a query in a Parquet file, in their order."""
    options = [
        ("FORMAT", exp.var("parquet")),
        ("COMPRESSION", exp.var("snappy")),
        ("ROW_GROUP_SIZE", exp.Literal.number(ROW_GROUP)),
    ]
    copy = exp.Copy(
        this=exp.Subquery(this=query),
        kind=False,
        files=[t.text(str(path))],
        params=[exp.CopyParameter(this=exp.var(name), expression=value) for name, value in options],
    )
    con.execute(copy.sql("duckdb"))
    return path


def tell_rows(
    frame: Frame,
    wrong: Expr,
    evidence: Expr,
    say: Callable[[int, tuple[Row, ...]], Finding],
    *,
    con: duckdb.DuckDBPyConnection,
) -> Frame:
    """The same table with a finding about the rows of which a condition holds, when there are any. evidence:
    what of a row is told.
    """
    blamed = frame.where(wrong).query
    counted = con.execute(
        exp.select(exp.Count(this=exp.Star())).from_(exp.Subquery(this=blamed.copy())).sql("duckdb")
    ).fetchone()
    count = int(counted[0]) if counted else 0
    if not count:
        return frame
    first = exp.Select(expressions=[t.column(RECORD), t.alias(evidence, "shown")]).from_(
        exp.Subquery(this=blamed), copy=False
    )
    first = first.order_by(t.column(RECORD), t.column(PART), copy=False).limit(TOLD, copy=False)
    rows = tuple(
        Row(frame.name, 0, int(record), value)
        for record, value in con.execute(first.sql("duckdb")).fetchall()
    )
    return frame.tell(say(count, rows))
