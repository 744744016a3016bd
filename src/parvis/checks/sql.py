"""Short names for the SQL nodes that the checks are made of."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.expressions.core import Expr


def call(name: str, *arguments: Expr) -> Expr:
    """A DuckDB function by name."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def text(value: str) -> Expr:
    return exp.Literal.string(value)


def whole(value: int) -> Expr:
    """An integer literal of any size."""
    return exp.Literal.number(value)


def matches(cell: Expr, pattern: str) -> Expr:
    """The whole cell matches an RE2 pattern."""
    return call("regexp_full_match", cell.copy(), text(pattern))


def one_of(cell: Expr, values: tuple[str, ...]) -> Expr:
    return exp.In(this=cell.copy(), expressions=[text(v) for v in values]) if values else exp.false()


def is_null(cell: Expr) -> Expr:
    return exp.Is(this=cell.copy(), expression=exp.null())


def not_null(cell: Expr) -> Expr:
    return exp.Not(this=is_null(cell))


def cast(cell: Expr, kind: str) -> Expr:
    """TRY_CAST: NULL instead of an error."""
    return exp.TryCast(this=cell.copy(), to=exp.DataType.build(kind, dialect="duckdb"))


def when(*branches: tuple[Expr, Expr], otherwise: Expr | None = None) -> Expr:
    """CASE WHEN … THEN … END."""
    case = exp.Case()
    for condition, value in branches:
        case = case.when(condition, value)
    return case.else_(otherwise) if otherwise is not None else case


def both(*conditions: Expr) -> Expr:
    return exp.and_(*conditions)


def either(*conditions: Expr) -> Expr:
    return exp.or_(*conditions)
