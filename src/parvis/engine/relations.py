"""A version as a relation to query."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.released import Released

RECORD = "_record"
"""BIGINT, from 1: the place of a row in its version, whatever the query orders or filters. There for a query
that names it; `*` never holds it.
"""

FILE_STRIDE = 1 << 40
"""Records of the second file of a version start there, those of the third at twice that: numbers stay in the
order of the rows without counting them.
"""


def parquet(paths: Sequence[Path]) -> Expr:
    """The rows of the files, in order."""
    return exp.Anonymous(
        this="read_parquet", expressions=[exp.Array(expressions=[exp.Literal.string(str(p)) for p in paths])]
    )


def recorded(paths: Sequence[Path]) -> exp.Select:
    """The rows of the files, in order, each with its RECORD."""
    place: Expr = exp.Add(this=exp.column("file_row_number"), expression=exp.Literal.number(1))
    if len(paths) > 1:
        place = exp.Add(
            this=place,
            expression=exp.Mul(this=exp.column("file_index"), expression=exp.Literal.number(FILE_STRIDE)),
        )
    return exp.select(exp.Star(), exp.alias_(place, RECORD, quoted=True)).from_(
        exp.Table(this=parquet(paths))
    )


def over(released: Released) -> exp.Select:
    """SELECT … FROM the release, without columns yet."""
    source: Expr
    if released.table.tree is None:
        (only,) = released.versions
        source = exp.Table(this=exp.Identifier(this=only, quoted=True))
    else:
        source = exp.Subquery(
            this=released.table.tree.copy(),
            alias=exp.TableAlias(this=exp.Identifier(this="_released", quoted=True)),
        )
    return exp.Select().from_(source, copy=False)
