"""How easily people are found again in a version: one grouping of the whole table by its quasi-identifiers. Missing values are values.

Prosecutor: the attacker knows that somebody is in the table: highest 1 / smallest class. Marketer: share of all rows found again at once: classes / rows.
Rows are counted, not persons: where a person has several rows the risk is higher than told.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from parvis.core.released import Released
from parvis.core.types import Schema, Sensitivity
from parvis.engine.read import Engine, read
from parvis.store.register import Measure

UNMEASURED = (
    "l-diversité et t-proximité : aucune colonne sensible n’est désignée",
    "individualisation, corrélation et inférence (G29, avis 05/2014) : le fichier d’origine n’est pas là pour les éprouver",
    "différence entre versions et entre jeux de la ville",
)


def quasi(schema: Schema) -> tuple[str, ...]:
    """Columns that together may single somebody out: those found indirectly personal, direct identifiers being dropped or told on their own."""
    return tuple(c.name for c in schema.columns if c.sensitivity is Sensitivity.INDIRECT and c.type != "shape")


def classes(engine: Engine, released: Released, columns: Sequence[str]) -> tuple[int, int, int, int] | None:
    """Rows, classes, smallest class and rows alone in theirs; None without columns or rows."""
    if not columns:
        return None
    (version,) = released.versions
    inner = exp.select(exp.alias_(exp.func("count", exp.Star()), "f")).from_(exp.Table(this=exp.to_identifier(version, quoted=True)))
    inner = inner.group_by(*(exp.column(name, quoted=True) for name in columns))
    f = exp.column("f")
    alone = exp.func("sum", exp.Case(ifs=[exp.If(this=exp.EQ(this=f.copy(), expression=exp.Literal.number(1)), true=exp.Literal.number(1))],
                                     default=exp.Literal.number(0)))  # fmt: skip
    sums = (exp.func("sum", f.copy()), exp.func("count", exp.Star()), exp.func("min", f.copy()), alone)
    tree = exp.select(*(exp.alias_(exp.cast(value, "BIGINT"), name) for value, name in zip(sums, "abcd", strict=True))).from_(inner.subquery("g"))
    with read(engine, released.querying(tree)) as found:
        row = found.rows()[0]
    rows, count, least, single = (v if isinstance(v := row[name], int) else 0 for name in "abcd")
    return (rows, count, least, single) if rows else None


def measures(before: tuple[int, int, int, int] | None, after: tuple[int, int, int, int] | None) -> tuple[Measure, ...]:
    """k, prosecutor and marketer risk and the share of rows alone, before (the version sent earlier, if any) and after (this one)."""
    if after is None:
        return ()

    def of(at: int) -> tuple[float | None, float]:
        def one(said: tuple[int, int, int, int]) -> float:
            rows, count, least, single = said
            return (least, 1 / least, count / rows, single / rows)[at]

        return (None if before is None else one(before), one(after))

    return tuple(Measure(name, *of(i), unit, method) for i, (name, unit, method) in enumerate(TOLD))


TOLD = (
    ("k", "lignes", "plus petite classe"),
    ("prosecutor", "part", "1 / plus petite classe"),
    ("marketer", "part", "classes / lignes"),
    ("alone", "part", "lignes seules dans leur classe"),
)
"""Name, unit and method of each measure."""
