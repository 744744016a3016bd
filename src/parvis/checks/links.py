"""Keys that point to another table: which records point to nothing there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.checks.condition_scan import Hits
from parvis.checks.declaration import Cell, called
from parvis.checks.layout import RECORD, Layout, cells, floor, lay, named
from parvis.checks.sql import both, call, either, is_null, not_null, select_from, text
from parvis.core.reading import RawTable
from parvis.core.types import ForeignKey, Schema

if TYPE_CHECKING:
    import duckdb

_ALIKE = {"year": "integer"}


@dataclass(frozen=True, slots=True)
class Linked:
    """Another table, that keys of this one point to, with its schema."""

    raw: RawTable
    schema: Schema


def orphans(
    con: duckdb.DuckDBPyConnection,
    layout: Layout,
    parts: Sequence[Cell],
    key: ForeignKey,
    other: Linked,
    limit: int,
) -> Hits | None:
    """Records whose key is in no record of the other table; a key wholly missing points nowhere and is left
    out. None when the other lacks a column.

    Values are compared after typing when both sides have one type, as texts otherwise. A cell of a wrong type
    is told as such, not here.
    """
    there = lay(other.raw, replace(other.schema, primary_key=key.references))
    known = cells(there, _never)
    if len(key.references) != len(parts) or not all(name in known for name in key.references):
        return None
    targets = [known[name] for name in key.references]
    typed = [_kind(p) == _kind(t) for p, t in zip(parts, targets, strict=True)]
    mine = [(p.value if same else p.text).copy() for p, same in zip(parts, typed, strict=True)]
    theirs = [
        named((t.value if same else t.text).copy(), f"k{i}")
        for i, (t, same) in enumerate(zip(targets, typed, strict=True))
    ]
    keys = select_from(floor(there, numbered=False, only=frozenset(key.references)), *theirs).distinct(
        copy=False
    )
    pairs = (
        (exp.column(f"m{i}", table="mine", quoted=True), exp.column(f"k{i}", table="theirs", quoted=True))
        for i in range(len(parts))
    )
    meets = both(*(exp.NullSafeEQ(this=m, expression=k) for m, k in pairs))
    pointing = both(
        either(*(not_null(p.value) for p in parts)),
        *(either(is_null(p.text), not_null(p.value)) for p in parts),
    )
    only = frozenset(p.column.name for p in parts)
    key_text = named(call("concat_ws", text(" · "), *(p.text.copy() for p in parts)), "v")

    def lost(*columns: Expr, numbered: bool) -> exp.Select:
        base = select_from(
            floor(layout, numbered=numbered, only=only),
            *columns,
            *(named(m.copy(), f"m{i}") for i, m in enumerate(mine)),
        )
        base = base.where(pointing.copy(), copy=False)
        left = exp.Subquery(this=base, alias=exp.TableAlias(this=exp.to_identifier("mine", quoted=True)))
        right = exp.Subquery(
            this=keys.copy(), alias=exp.TableAlias(this=exp.to_identifier("theirs", quoted=True))
        )
        return exp.Select(
            from_=exp.From(this=left), joins=[exp.Join(this=right, kind="ANTI", on=meets.copy())]
        )

    row = con.execute(
        lost(numbered=False).select(exp.Count(this=exp.Star()), copy=False).sql("duckdb")
    ).fetchone()
    count = int(row[0]) if row else 0
    if not count or not limit:
        return Hits(count)
    record = exp.column(RECORD, quoted=True)
    first = lost(record, key_text, numbered=True).select(
        record.copy(), exp.column("v", quoted=True), copy=False
    )
    rows = con.execute(
        first.order_by(record.copy(), copy=False).limit(limit, copy=False).sql("duckdb")
    ).fetchall()
    return Hits(count, tuple((int(r), v) for r, v in rows))


def _kind(cell: Cell) -> str:
    return _ALIKE.get(called(cell.column), called(cell.column))


def _never(pattern: str) -> bool:
    """No pattern is asked of the other table here."""
    return False
