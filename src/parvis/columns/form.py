"""What a form is: one way to write a value, and how it reads.

Patterns are kept to what RE2 (DuckDB) and Python's `re` both understand, with explicit digit classes, so that
the guess on a sample (Python) and the cast of the whole table (SQL) accept the same cells. A pattern always
meets the whole cell, stripped of outer blanks.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp, parse_one
from sqlglot.expressions.core import Expr

from parvis.core.types import ColumnType

BLANKS = " \t\r\n\v\f\u00a0\u2007\u2009\u200b\u202f\u3000\ufeff"
"""What is stripped from both ends of a cell before it is read."""

GROUP = "[ \u00a0\u2007\u2009\u202f]"
"""What French typists put between thousands."""


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a value of a type. Declared as a module constant below `columns/forms`; found by
    walking the package.

    cast: a DuckDB expression over `v` (the cell, which meets the pattern) and `zone` (the city's time zone);
    NULL when there is no such value (30 February). right: cell -> the value as DuckDB writes it as text, in
    UTC for a datetime read in Europe/Paris. wrong: cells that are not of this form. Tests run them.
    """

    name: str
    title: str
    """French, by an example: « 12/03/2024 »."""
    type: ColumnType
    pattern: str
    cast: str
    right: Mapping[str, str] = field(default_factory=dict[str, str])
    wrong: Sequence[str] = ()
    values: Mapping[str, str | Sequence[str]] = field(default_factory=dict[str, "str | Sequence[str]"])
    """Texts of a schema that the cast names (a date pattern, words for true): they become literal nodes,
    never SQL.
    """


@functools.cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern for Python, to be used with `fullmatch`."""
    return re.compile(pattern)


@functools.cache
def _template(sql: str) -> Expr:
    return parse_one(sql, dialect="duckdb")


def expression(sql: str, values: Mapping[str, Expr]) -> Expr:
    """A constant SQL text of ours with its bare names replaced by nodes."""
    return (
        _template(sql)
        .copy()
        .transform(
            lambda node: (
                values[node.name].copy() if isinstance(node, exp.Column) and node.name in values else node
            )
        )
    )


def cast_of(form: Form, cell: Expr, zone: Expr) -> Expr:
    """The cell, which meets the form's pattern, as a value."""
    literals = {name: _literal(value) for name, value in form.values.items()}
    return expression(form.cast, {**literals, "v": cell, "zone": zone})


def clock_of(form: Form, cell: Expr) -> Expr | None:
    """What the cell, which meets the form's pattern, says of the clock: a moment without zone. None when the
    form says an instant, or no moment at all.
    """
    whole = cast_of(form, cell, exp.column("zone"))
    local = (
        isinstance(whole, exp.Anonymous)
        and whole.name == "timezone"
        and isinstance(whole.expressions[0], exp.Column)
    )
    return whole.expressions[1] if local else None


def _literal(value: str | Sequence[str]) -> Expr:
    return (
        exp.Literal.string(value)
        if isinstance(value, str)
        else exp.Array(expressions=[exp.Literal.string(v) for v in value])
    )


def matches(cell: Expr, pattern: str) -> Expr:
    """True where the whole cell meets the pattern."""
    return exp.Anonymous(this="regexp_full_match", expressions=[cell.copy(), exp.Literal.string(pattern)])


def among(cell: Expr, texts: Sequence[str]) -> Expr:
    """True where the cell is one of the texts. Not `IN`: DuckDB makes a join of a long one, and a join loses
    the order of rows.
    """
    return exp.Anonymous(
        this="list_contains",
        expressions=[exp.Array(expressions=[exp.Literal.string(t) for t in texts]), cell.copy()],
    )


def stripped(cell: Expr) -> Expr:
    """The cell without outer blanks."""
    return exp.Anonymous(this="trim", expressions=[cell.copy(), exp.Literal.string(BLANKS)])


def read_as(
    cell: Expr, forms: Sequence[Form], zone: str, *, missing: Sequence[str] = (), unit: str = ""
) -> Expr:
    """The cell read by the first of the forms that it meets, else NULL. missing: cells that say nothing;
    unit: what follows every number.

    The first form is tried on the cell as it is, since most cells are clean; only what is left is stripped
    and tried on (CASE is lazy in DuckDB).
    """
    zoned = exp.Literal.string(zone)
    tail = stripped(cell)
    case = exp.Case()
    if missing:
        case = case.when(among(cell, missing), exp.null())
    if not unit:
        case = case.when(matches(cell, forms[0].pattern), cast_of(forms[0], cell, zoned))
    case = case.when(
        exp.or_(
            exp.Is(this=cell.copy(), expression=exp.null()),
            exp.EQ(this=cell.copy(), expression=exp.Literal.string("")),
        ),
        exp.null(),
    )
    if unit:
        pattern = f"{GROUP}*{re.escape(unit)}"
        case = case.when(exp.Not(this=matches(tail, f"(?s).*{pattern}")), exp.null())
        tail = exp.Anonymous(
            this="regexp_replace",
            expressions=[tail.copy(), exp.Literal.string(f"{pattern}$"), exp.Literal.string("")],
        )
    for form in forms:
        case = case.when(matches(tail, form.pattern), cast_of(form, tail, zoned))
    return case
