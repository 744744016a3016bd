"""How easily people are found again in a version: one grouping of the whole table by its quasi-identifiers.
Missing values are values.

Prosecutor: the attacker knows that somebody is in the table: highest 1 / smallest class. Marketer: share of
all rows found again at once: classes / rows. Rows are counted, not persons: where a person has several rows
the risk is higher than told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
from sqlglot import exp

from parvis.core.sentence import mark
from parvis.core.types import Schema, Sensitivity
from parvis.engine.relations import parquet
from parvis.privacy.attacking import Attack, assess
from parvis.store.register import Measure

UNMEASURED = (
    mark(
        "différence avec les autres jeux de la ville : les tables protégées y sont comparées à leur arrivée, les autres ne le sont pas"
    ),
)
NO_SECRET = mark("l-diversité et t-proximité : aucune colonne sensible n’est désignée")
NO_ORIGINAL = mark(
    "individualisation, corrélation et inférence (G29, avis 05/2014) : aucune version d’avant anonymisation n’a été déposée pour les éprouver"
)
NOBODY = mark(
    "risque de réidentification : aucune colonne n’est indirectement personnelle, et aucun petit ensemble de colonnes n’isole de lignes"
)

ATTACKED = 10_000
"""Rows on which the three attacks are tried: the first ones of each version."""

ATTEMPTS = 300
KNOWN = 8
"""Columns that the attacker knows, at most."""


@dataclass(frozen=True, slots=True)
class Source:
    """The rows of a version where they lie, for whom measures them: nothing of them is shown to anybody."""

    con: duckdb.DuckDBPyConnection
    paths: tuple[Path, ...]

    @property
    def table(self) -> exp.Table:
        return exp.Table(this=parquet(list(self.paths)))

    def row(self, tree: exp.Select) -> tuple[object, ...]:
        """The first row of an answer."""
        return self.con.execute(tree.sql("duckdb")).fetchone() or ()


def quasi(schema: Schema) -> tuple[str, ...]:
    """Columns that together may single somebody out: those found indirectly personal, direct identifiers
    being dropped or told on their own.
    """
    return tuple(
        c.name for c in schema.columns if c.sensitivity is Sensitivity.INDIRECT and c.type != "shape"
    )


def sensitive(schema: Schema, named: Sequence[str] = ()) -> tuple[str, ...]:
    """Columns whose value nobody should learn of anybody: special categories, and those that the policy of
    the version protects (named).
    """
    return tuple(
        c.name
        for c in schema.columns
        if c.type in _COMPARED and (c.sensitivity is Sensitivity.SPECIAL or c.name in named)
    )


def diversity(source: Source, columns: Sequence[str], secrets: Sequence[str]) -> tuple[int, float] | None:
    """Fewest distinct values of a sensitive column in a class (l), and largest distance of a class from the
    whole table, all values as far from each other (t); of several columns the worst. None without columns,
    sensitive ones or rows.
    """
    measured = [
        one
        for name in secrets
        if (one := _diversity(source, [c for c in columns if c != name], name)) is not None
    ]
    return (min(least for least, _ in measured), max(far for _, far in measured)) if measured else None


def _diversity(source: Source, columns: Sequence[str], secret: str) -> tuple[int, float] | None:
    if not columns:
        return None
    names = [exp.column(name, quoted=True) for name in columns]
    keys = [exp.alias_(name, f"k{i}") for i, name in enumerate(names)]
    cells = exp.select(
        *keys,
        exp.alias_(exp.column(secret, quoted=True), "s"),
        exp.alias_(exp.func("count", exp.Star()), "n"),
    )
    cells = cells.from_(source.table).group_by(*(n.copy() for n in names), exp.column(secret, quoted=True))
    classes_ = [exp.column(f"k{i}") for i in range(len(names))]

    def total(*by: exp.Column) -> exp.Window:
        return exp.Window(this=exp.func("sum", exp.column("n")), partition_by=[b.copy() for b in by])

    of_class = exp.Div(this=exp.cast(exp.column("n"), "DOUBLE"), expression=total(*classes_))
    of_all = exp.Div(this=exp.cast(total(exp.column("s")), "DOUBLE"), expression=total())
    shares = exp.select(
        *(c.copy() for c in classes_), exp.alias_(of_class, "p"), exp.alias_(of_all, "q")
    ).from_(cells.subquery("c"))
    # Of the values that a class lacks, the whole distance is their share of the table: one minus the shares
    # of those that it has.
    far = exp.func(
        "sum",
        exp.Sub(
            this=exp.Abs(this=exp.Sub(this=exp.column("p"), expression=exp.column("q"))),
            expression=exp.column("q"),
        ),
    )
    each = (
        exp.select(exp.alias_(exp.func("count", exp.Star()), "l"), exp.alias_(far, "f"))
        .from_(shares.subquery("s"))
        .group_by(*(c.copy() for c in classes_))
    )
    tree = exp.select(
        exp.alias_(exp.cast(exp.func("min", exp.column("l")), "BIGINT"), "a"),
        exp.alias_(exp.cast(exp.func("max", exp.column("f")), "DOUBLE"), "b"),
    ).from_(each.subquery("e"))
    least, furthest = source.row(tree)
    return (
        (least, max(0.0, (1 + furthest) / 2))
        if isinstance(least, int) and isinstance(furthest, float)
        else None
    )


def secrecy(before: tuple[int, float] | None, after: tuple[int, float] | None) -> tuple[Measure, ...]:
    """l and t as measures, before and after."""
    if after is None:
        return ()
    return (
        Measure(
            "l",
            before[0] if before else None,
            after[0],
            "valeurs",
            "valeurs sensibles distinctes, au pire d’une classe",
        ),
        Measure(
            "t",
            before[1] if before else None,
            after[1],
            "part",
            "écart d’une classe à la table, au pire (distances égales)",
        ),
    )


def classes(source: Source, columns: Sequence[str]) -> tuple[int, int, int, int] | None:
    """Rows, classes, smallest class and rows alone in theirs; None without columns or rows."""
    if not columns:
        return None
    inner = exp.select(exp.alias_(exp.func("count", exp.Star()), "f")).from_(source.table)
    inner = inner.group_by(*(exp.column(name, quoted=True) for name in columns))
    f = exp.column("f")
    alone = exp.func(
        "sum",
        exp.Case(
            ifs=[
                exp.If(
                    this=exp.EQ(this=f.copy(), expression=exp.Literal.number(1)), true=exp.Literal.number(1)
                )
            ],
            default=exp.Literal.number(0),
        ),
    )
    sums = (exp.func("sum", f.copy()), exp.func("count", exp.Star()), exp.func("min", f.copy()), alone)
    tree = exp.select(
        *(exp.alias_(exp.cast(value, "BIGINT"), name) for value, name in zip(sums, "abcd", strict=True))
    ).from_(inner.subquery("g"))
    rows, count, least, single = (v if isinstance(v, int) else 0 for v in source.row(tree))
    return (rows, count, least, single) if rows else None


def measures(
    before: tuple[int, int, int, int] | None, after: tuple[int, int, int, int] | None
) -> tuple[Measure, ...]:
    """k, prosecutor and marketer risk and the share of rows alone, before (the version sent earlier, if any)
    and after (this one).
    """
    if after is None:
        return ()

    def of(at: int) -> tuple[float | None, float]:
        def one(counts: tuple[int, int, int, int]) -> float:
            rows, count, least, single = counts
            return (least, 1 / least, count / rows, single / rows)[at]

        return (None if before is None else one(before), one(after))

    return tuple(Measure(name, *of(i), unit, method) for i, (name, unit, method) in enumerate(TOLD))


def known(source: Source, columns: Sequence[str], secrets: Sequence[str]) -> float | None:
    """Share of rows that are alone with their values and a sensitive one, of several the worst: for who knows
    that of somebody too. None without columns.
    """
    shares = [
        (c[3] / c[0])
        for name in secrets
        if columns and (c := classes(source, [*(n for n in columns if n != name), name])) is not None
    ]
    return max(shares, default=None)


def knowing(before: float | None, after: float | None) -> tuple[Measure, ...]:
    """The same as a measure, before and after."""
    return (
        ()
        if after is None
        else (
            Measure(
                "alone-known", before, after, "part", "lignes seules dans leur classe, valeur sensible connue"
            ),
        )
    )


TOLD = (
    ("k", "lignes", "plus petite classe"),
    ("prosecutor", "part", "1 / plus petite classe"),
    ("marketer", "part", "classes / lignes"),
    ("alone", "part", "lignes seules dans leur classe"),
)
"""Name, unit and method of each measure."""


_COMPARED = frozenset({"text", "integer", "number", "boolean", "date", "datetime", "year"})


def comparable(before: Schema, after: Schema) -> tuple[str, ...]:
    """Columns that both versions have and that an attacker may compare, those found personal first."""
    names = {c.name for c in before.columns if c.type in _COMPARED}
    shared = [c for c in after.columns if c.name in names and c.type in _COMPARED]
    return tuple(c.name for c in sorted(shared, key=lambda c: c.sensitivity is Sensitivity.NONE))[:KNOWN]


def rows_of(source: Source, columns: Sequence[str]) -> pa.Table:
    """The first rows of a version, those columns only."""
    tree = (
        exp.select(*(exp.column(name, quoted=True) for name in columns)).from_(source.table).limit(ATTACKED)
    )
    return source.con.execute(tree.sql("duckdb")).to_arrow_table()


def attacked(original: pa.Table, release: pa.Table) -> tuple[Measure, ...]:
    """The three attacks of the working party on the original as it is (before) and on the release (after),
    with their 95 % intervals.
    """
    if original.num_columns < 2 or not original.num_rows or not release.num_rows:
        return ()
    before, after = (assess(original, one, attempts=ATTEMPTS).worst for one in (original, release))
    known = f"l’attaquant connaît : {', '.join(original.column_names)} ; intervalle de Wilson à 95 %"
    return tuple(
        _measure(name, before, after, known)
        for name in ("singling-out", "linkability", "inference")
        if name in before or name in after
    )


def _measure(name: str, before: Mapping[str, Attack], after: Mapping[str, Attack], known: str) -> Measure:
    def of(one: Mapping[str, Attack]) -> tuple[float | None, tuple[float, ...]]:
        risk = one[name].risk if name in one else None
        return (None, ()) if risk is None else (risk.value, (risk.low, risk.high))

    (first, wide), (second, narrow) = of(before), of(after)
    return Measure(name, first, second, "part", known, wide, narrow)
