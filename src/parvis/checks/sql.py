"""Short names for the SQL nodes that the checks are made of.

What is built may hold one node in several places: nothing here is copied, for writing the query
(`Expression.sql`) copies it whole, once, and gives each place its own. So a node that was handed in is never
changed afterwards. A quarter of the time that a small table takes to check went into copies of parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    return call("regexp_full_match", cell, text(pattern))


_SHORT = 4
"""Members up to which comparing one by one is quickest; DuckDB makes no join of so few."""

_FEW = 500
"""Members up to which a list of texts is read as one pattern."""


def one_of(cell: Expr, values: tuple[str, ...]) -> Expr:
    """The text is one of these.

    Not by IN: from some members on DuckDB makes a join of each IN, and a wide table has a hundred of them
    (0.7 s and 700 MB for two rows). A pattern costs one walk over the text however many the members; a very
    long list is worth its join.
    """
    if not values:
        return exp.false()
    if len(values) <= _SHORT:
        return exp.Paren(this=exp.or_(*(exp.EQ(this=cell, expression=text(v)) for v in values), copy=False))
    if len(values) > _FEW:
        return exp.In(this=cell, expressions=[text(v) for v in values])
    return matches(cell, "(?s)" + "|".join(escaped(v) for v in values))


def among(cell: Expr, values: Sequence[Expr]) -> Expr:
    """The value is one of these constants; for the reason above not by IN either."""
    return call("list_contains", call("list_value", *values), cell)


def escaped(literal: str) -> str:
    """A text that an RE2 pattern takes as it is."""
    return "".join(c if c.isalnum() or c in " _" or not c.isascii() else "\\" + c for c in literal)


def is_null(cell: Expr) -> Expr:
    return exp.Is(this=cell, expression=exp.null())


def not_null(cell: Expr) -> Expr:
    return exp.Not(this=is_null(cell))


def cast(cell: Expr, kind: str) -> Expr:
    """TRY_CAST: NULL instead of an error."""
    return exp.TryCast(this=cell, to=_type(kind))


def surely(cell: Expr, kind: str) -> Expr:
    """CAST of what can't fail."""
    return exp.Cast(this=cell, to=_type(kind))


def _type(kind: str) -> exp.DataType:
    """A type by DuckDB's name of it. Not read by the dialect, which is long to load and wanted for nothing
    else until a query is written.
    """
    if kind.endswith("[]"):
        return exp.DataType(this=exp.DType.ARRAY, expressions=[_type(kind.removesuffix("[]"))], nested=True)
    return exp.DataType(this=_TYPES[kind])


_TYPES: Mapping[str, exp.DType] = {
    "BIGINT": exp.DType.BIGINT, "HUGEINT": exp.DType.INT128, "INTEGER": exp.DType.INT, "DOUBLE": exp.DType.DOUBLE, "DATE": exp.DType.DATE,
    "TIME": exp.DType.TIME, "TIMESTAMP": exp.DType.TIMESTAMPNTZ, "TIMESTAMPTZ": exp.DType.TIMESTAMPTZ, "VARCHAR": exp.DType.TEXT, "JSON": exp.DType.JSON,
}  # fmt: skip


def when(*branches: tuple[Expr, Expr], otherwise: Expr | None = None) -> Expr:
    """CASE WHEN … THEN … END."""
    return exp.Case(
        ifs=[exp.If(this=condition, true=value) for condition, value in branches], default=otherwise
    )


def both(*conditions: Expr) -> Expr:
    """AND."""
    return exp.and_(*conditions, copy=False)


def either(*conditions: Expr) -> Expr:
    return exp.or_(*conditions, copy=False)


def select_from(source: exp.Select | Expr, *columns: Expr) -> exp.Select:
    """SELECT columns FROM a subquery or a table function."""
    whence = (
        exp.Subquery(this=source, alias=exp.TableAlias(this=exp.to_identifier("below", quoted=True)))
        if isinstance(source, exp.Select)
        else exp.Table(this=source)
    )
    return exp.Select(expressions=list(columns), from_=exp.From(this=whence))
