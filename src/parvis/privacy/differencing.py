"""What a new version of a release of rows tells beside the one that is out: each may be made of classes of k,
and their difference be one person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.engine import trees as t
from parvis.engine.relations import parquet


@dataclass(frozen=True, slots=True)
class Difference:
    """Classes of equal rows, before and after. changed: those that differ; small: by fewer than `least` rows,
    and by how many (`rows`) in all.
    """

    columns: tuple[str, ...]
    least: int
    changed: int
    small: int
    rows: int

    @property
    def safe(self) -> bool:
        return not self.small

    @property
    def sentence(self) -> str:
        """What the two versions say together, in French; empty where they are safe."""
        if self.safe:
            return ""
        groups = "un groupe" if self.small == 1 else f"{self.small} groupes"
        return (
            f"Comparée à la version publiée, celle-ci change {groups} de moins de {self.least} lignes : "
            f"la différence des deux montre ces personnes ({', '.join(self.columns)})."
        )


MEND = "Gardez les généralisations de la version publiée, et n’ajoutez ou n’ôtez des lignes que par groupes assez grands ; ou attendez."


def between(
    con: duckdb.DuckDBPyConnection,
    before: Sequence[Path],
    after: Sequence[Path],
    columns: Sequence[str],
    least: int,
) -> Difference:
    """Compare two versions by the columns that may be known of a person (those of the policy). before, after:
    Parquet files of each, with these columns.

    A change of the generalisation itself shows as classes that go and come whole: safe where both are of
    `least` rows or more.
    """
    keys = [t.column(n) for n in columns]
    sides = [
        exp.Select()
        .select(*(k.copy() for k in keys), t.alias(t.number(sign), "_d"), copy=False)
        .from_(exp.Table(this=parquet(list(files))))
        for sign, files in ((-1, before), (1, after))
    ]
    both = exp.Union(this=sides[0], expression=sides[1], distinct=False)
    moved: Expr = exp.Sum(this=t.column("_d"))
    classes = (
        exp.Select()
        .select(t.alias(moved, "_d"), copy=False)
        .from_(both.subquery("b"))
        .group_by(*(k.copy() for k in keys))
    )
    size = exp.Abs(this=t.column("_d"))
    few = exp.and_(
        exp.GT(this=size.copy(), expression=t.number(0)), exp.LT(this=size.copy(), expression=t.number(least))
    )
    sums = [
        exp.Sum(this=t.either(c.copy(), t.number(1), t.number(0)))
        for c in (exp.GT(this=size.copy(), expression=t.number(0)), few)
    ]
    rows = exp.Sum(this=t.either(few.copy(), size.copy(), t.number(0)))
    query = exp.select(*(t.call("coalesce", s, t.number(0)) for s in (*sums, rows))).from_(
        classes.subquery("c")
    )
    row = con.execute(query.sql("duckdb")).fetchone() or (0, 0, 0)
    return Difference(tuple(columns), least, *(int(n) for n in row))
