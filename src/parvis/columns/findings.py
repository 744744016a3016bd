"""What is said of cells that do not fit, of words for nothing, and of doubts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.columns.form import GROUP, among, stripped
from parvis.columns.guess import Guess
from parvis.columns.requested_type import french_type
from parvis.columns.words import MISSING
from parvis.core.text import french_number
from parvis.core.types import RAW_PREFIX, Finding, Row


@dataclass(frozen=True, slots=True)
class TypedCounts:
    """Raw texts kept beside one column: how many do not fit, how many say that there is no value."""

    misfits: int
    missing: int


def count(
    path: Path, names: Mapping[int, str], guesses: Mapping[int, Guess], *, con: duckdb.DuckDBPyConnection
) -> Mapping[int, TypedCounts]:
    """What the `_raw_` columns at these positions hold. names: position to column name."""
    if not names:
        return {}
    cells: list[Expr] = []
    for i, name in names.items():
        twin = exp.column(RAW_PREFIX + name, quoted=True)
        cells += [exp.Count(this=twin.copy()), exp.CountIf(this=says_nothing(twin, guesses[i]))]
    row = con.execute(exp.select(*cells).from_(_file(path)).sql("duckdb")).fetchone() or ()
    return {i: TypedCounts(row[2 * k] - row[2 * k + 1], row[2 * k + 1]) for k, i in enumerate(names)}


def says_nothing(twin: Expr, guess: Guess) -> Expr:
    """True where a kept text is a marker of a missing value: one of ours, or one that the schema declares."""
    ours = nothing_said(twin)
    if not guess.missing:
        return ours
    return exp.or_(ours, among(twin, guess.missing))


def nothing_said(cell: Expr) -> Expr:
    """True where a cell is blank, or a marker of a missing value that people use."""
    folded = exp.Anonymous(this="strip_accents", expressions=[exp.Lower(this=stripped(cell))])
    bare = exp.Anonymous(
        this="regexp_replace", expressions=[folded, exp.Literal.string(f"{GROUP}*€$"), exp.Literal.string("")]
    )
    return among(bare, ["", *sorted(MISSING)])


def misfit(
    path: Path,
    table: str,
    name: str,
    guess: Guess,
    counts: TypedCounts,
    *,
    con: duckdb.DuckDBPyConnection,
    limit: int,
) -> Finding:
    """The finding on the cells of one column that do not fit its type."""
    wrong = exp.Not(this=says_nothing(exp.column(RAW_PREFIX + name, quoted=True), guess))
    kind = french_type(guess.type)
    written = f" « {guess.forms[0].title} »" if guess.forms and guess.forms[0].title else f" {kind}"
    values = (
        "1 valeur ne se lit"
        if counts.misfits == 1
        else f"{french_number(counts.misfits)} valeurs ne se lisent"
    )
    return Finding(
        "type-misfit",
        f"{values} pas comme {kind} ; le texte d’origine est gardé.",
        "warning",
        "validity",
        name,
        counts.misfits,
        _rows(path, table, name, wrong, con=con, limit=limit),
        f"Écrivez chaque valeur comme{written}, ou laissez la cellule vide.",
    )


def nothing(
    path: Path,
    table: str,
    name: str,
    guess: Guess,
    counts: TypedCounts,
    *,
    con: duckdb.DuckDBPyConnection,
    limit: int,
) -> Finding:
    """The finding on the cells of one column that say in words that there is no value."""
    rows = _rows(
        path,
        table,
        name,
        says_nothing(exp.column(RAW_PREFIX + name, quoted=True), guess),
        con=con,
        limit=limit,
    )
    seen = ", ".join(f"« {v} »" for v in list(dict.fromkeys(r.value or "" for r in rows))[:5])
    cells = (
        "1 cellule dit qu’il n’y a pas de valeur"
        if counts.missing == 1
        else f"{french_number(counts.missing)} cellules disent qu’il n’y a pas de valeur"
    )
    counted = "elle compte comme vide" if counts.missing == 1 else "elles comptent comme vides"
    return Finding(
        "missing-marker",
        f"{cells} ({seen}) ; {counted}.",
        "info",
        "completeness",
        name,
        counts.missing,
        rows,
        "Laissez ces cellules vides.",
    )


def doubts(name: str, guess: Guess, rows: int) -> tuple[Finding, ...]:
    """What the cells of a column do not settle."""
    return tuple(
        Finding(d.code, d.message, "info", "consistency", name, rows, (), d.fix) for d in guess.doubts
    )


def _rows(
    path: Path, table: str, name: str, where: Expr, *, con: duckdb.DuckDBPyConnection, limit: int
) -> tuple[Row, ...]:
    twin = exp.column(RAW_PREFIX + name, quoted=True)
    query = (
        exp.select("file_row_number", twin)
        .from_(_file(path, numbered=True))
        .where(exp.Not(this=exp.Is(this=twin.copy(), expression=exp.null())))
        .where(where)
    )
    pairs: Sequence[tuple[int, str]] = con.execute(query.order_by("1").limit(limit).sql("duckdb")).fetchall()
    return tuple(Row(table, 0, number + 1, value) for number, value in pairs)


def _file(path: Path, *, numbered: bool = False) -> exp.Table:
    options: list[Expr] = [exp.Literal.string(str(path))]
    if numbered:
        options.append(exp.EQ(this=exp.to_identifier("file_row_number"), expression=exp.true()))
    return exp.Table(this=exp.Anonymous(this="read_parquet", expressions=options))
