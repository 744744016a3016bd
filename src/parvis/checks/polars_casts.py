"""Quick readings of a cell in its usual forms, for the second compiler.

A reading gives the value that DuckDB gives, or NULL, or NaN, which say nothing: the cell may be wrong, or
written in a rare form. Such rows are judged by DuckDB.
"""

from __future__ import annotations

import re

import polars as pl
from sqlglot import exp

from parvis.checks.declaration import called
from parvis.checks.polars_conditions import Iso, Scope, Value, full_match, one_of, translate
from parvis.checks.sql import escaped
from parvis.checks.typed import FALSE, TRUE, directives, groups, option, options, typed
from parvis.core.types import Column

_YEAR = "[1-9][0-9]{3}"
_DAYS = "(?:0[1-9]|1[0-9]|2[0-8])"
_PARTS = {"Y": _YEAR, "H": "(?:[01][0-9]|2[0-3])", "M": "[0-5][0-9]", "S": "[0-5][0-9]"}
_LONGITUDE, _LATITUDE = "-?(?:1[0-7][0-9]|[1-9]?[0-9])(?:[.][0-9]+)?", "-?[1-8]?[0-9](?:[.][0-9]+)?"
"""Degrees that are within 180 and 90 for sure."""
_ISO_DAY, _ISO_MOMENT = "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"


def reading(column: Column, cell: pl.Expr, *, valued: bool) -> Value:
    """The value of a cell that is not missing. valued: whether it is compared, or only asked whether it is
    NULL. Raises Untranslatable.
    """
    kind = called(column)
    bare = column.options.get("bareNumber") is not False
    if kind == "integer" and bare:
        return cell.str.to_integer(dtype=pl.Int64, strict=False)
    if kind == "number" and bare:
        return _number(column, cell)
    if kind == "boolean":
        true, false = (
            options(column.options.get("trueValues"), TRUE),
            options(column.options.get("falseValues"), FALSE),
        )
        return pl.when(one_of(cell, true)).then(True).when(one_of(cell, false)).then(False)
    if kind == "year":
        return pl.when(full_match(cell, "[0-9]{4}")).then(cell.str.to_integer(dtype=pl.Int64, strict=False))
    if kind == "geopoint" and column.format in ("default", "array"):
        opened, closed = ("\\[", "\\]") if column.format == "array" else ("", "")
        return pl.when(full_match(cell, f"{opened} ?{_LONGITUDE} ?, ?{_LATITUDE} ?{closed}")).then(cell)
    if kind == "time" and column.format in ("default", "") and not valued:
        return pl.when(full_match(cell, f"{_PARTS['H']}:{_PARTS['M']}:{_PARTS['S']}")).then(True)
    if kind in ("date", "datetime"):
        pattern = (
            {"date": _ISO_DAY, "datetime": _ISO_MOMENT}[kind]
            if column.format in ("default", "")
            else directives(column.format)
        )
        form = usual(pattern) if pattern else None
        if (
            form is not None
            and pattern in (_ISO_DAY, _ISO_MOMENT)
            and (pattern == _ISO_DAY) == (kind == "date")
        ):
            return Iso(pl.when(full_match(cell, form)).then(cell), pattern)
        if form is not None and not valued:
            return pl.when(full_match(cell, form)).then(True)
        if form is not None and pattern is not None and kind == "date":
            return pl.when(full_match(cell, form)).then(cell.str.to_date(pattern, strict=False))
    return translate(typed(column, exp.column("cell"), valued=valued).value, Scope({"cell": cell}))


def _number(column: Column, cell: pl.Expr) -> pl.Expr:
    """Plain digits, with the column's own marks. Without marks the engine reads what the standard allows, and
    «
    +nan », so that NaN says nothing either.
    """
    decimal, group = option(column.options.get("decimalChar")) or ".", option(column.options.get("groupChar"))
    if decimal == "." and not group:
        return cell.cast(pl.Float64, strict=False)
    mark, between = groups(group)[0] if group else "", escaped(groups(group)[0]) if group else ""
    body = cell.str.replace_all(mark, "", literal=True) if group else cell
    body = body if decimal == "." else body.str.replace(decimal, ".", literal=True)
    return pl.when(full_match(cell, f"[+-]?[0-9][0-9{between}]*(?:{escaped(decimal)}[0-9]*)?")).then(
        body.cast(pl.Float64, strict=False)
    )


def usual(pattern: str) -> str | None:
    """The regular expression of moments that exist for sure, written with all their zeros: every day but 29 February. None for other directives.

    >>> usual("%H:%M")
    >>> usual("%m/%Y") is None
    True
    """
    if sorted(re.findall("%(-?.)", pattern)) not in (
        ["Y", "d", "m"],
        ["H", "M", "S", "Y", "d", "m"],
        ["H", "M", "Y", "d", "m"],
    ):
        return None
    pair = re.search("%([dm])([^%0-9]{1,3})%([dm])", pattern)
    if pair is None:
        return None
    between = re.escape(pair[2])
    day_first = pair[1] == "d"

    def both(days: str, months: str) -> str:
        return f"{days}{between}{months}" if day_first else f"{months}{between}{days}"

    days = "|".join(
        (
            both(_DAYS, "(?:0[1-9]|1[0-2])"),
            both("(?:29|30)", "(?:0[13-9]|1[0-2])"),
            both("31", "(?:0[13578]|1[02])"),
        )
    )
    before, after = (_rest(part) for part in (pattern[: pair.start()], pattern[pair.end() :]))
    return f"{before}(?:{days}){after}"


def _rest(pattern: str) -> str:
    return re.sub("%(.)|([^%])", lambda m: _PARTS[m[1]] if m[1] else re.escape(m[2]), pattern)
