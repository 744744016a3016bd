"""Short names for the nodes that query trees are made of. A node has one parent: `.copy()` what stands twice."""

from __future__ import annotations

from functools import lru_cache

from sqlglot import exp
from sqlglot.expressions.core import Expr


def call(name: str, *arguments: Expr) -> Expr:
    """A function of the engine, by its own name."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def column(name: str) -> Expr:
    """A column, quoted."""
    return exp.Column(this=exp.Identifier(this=name, quoted=True))


def text(value: str) -> Expr:
    """A text literal. A NUL, at which the engine would stop reading the query, is written by the engine
    itself.
    """
    if "\0" in value:
        return call("concat_ws", call("chr", number(0)), *map(text, value.split("\0")))
    return exp.Literal(this=value, is_string=True)


def number(value: float) -> Expr:
    """A number literal; finite."""
    literal = exp.Literal(this=repr(abs(value)), is_string=False)
    return exp.Paren(this=exp.Neg(this=literal)) if value < 0 else literal


def cast(value: Expr, kind: str) -> Expr:
    """CAST(value AS kind); kind: a type of DuckDB."""
    return exp.Cast(this=value, to=_type(kind).copy())


def try_cast(value: Expr, kind: str) -> Expr:
    """TRY_CAST(value AS kind)."""
    return exp.TryCast(this=value, to=_type(kind).copy())


def alias(value: Expr, name: str) -> Expr:
    """value AS "name"."""
    return exp.Alias(this=value, alias=exp.Identifier(this=name, quoted=True))


def table(version: str) -> Expr:
    """A version, by its digest."""
    return exp.Table(this=exp.Identifier(this=version, quoted=True))


def either(condition: Expr, value: Expr, otherwise: Expr | None = None) -> Expr:
    """CASE WHEN condition THEN value ELSE otherwise END."""
    return exp.Case(ifs=[exp.If(this=condition, true=value)], default=otherwise)


def field(struct: Expr, name: str) -> Expr:
    """One member of a struct."""
    return call("struct_extract", struct, text(name))


def struct(**members: Expr) -> Expr:
    """{'name': value, …}"""
    return exp.Struct(expressions=[exp.PropertyEQ(this=text(k), expression=v) for k, v in members.items()])


def joined(*parts: Expr) -> Expr:
    """a || b || …: NULL when one is."""
    concatenated = parts[0]
    for part in parts[1:]:
        concatenated = exp.DPipe(this=concatenated, expression=part)
    return concatenated


def absent(value: Expr) -> Expr:
    """value IS NULL."""
    return exp.Is(this=value, expression=exp.Null())


def surely(condition: Expr) -> Expr:
    """(condition) IS TRUE: never unknown."""
    return exp.Is(this=exp.Paren(this=condition), expression=exp.true())


@lru_cache(maxsize=64)
def _type(kind: str) -> exp.DataType:
    return exp.DataType.build(kind, dialect="duckdb")
