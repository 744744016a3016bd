"""The second compiler of conditions: sqlglot trees over the cells of a text file, to Polars expressions.

What is translated stands in two tables (`_NODES`, `_FUNCTIONS`), for the cases where both engines give one
answer; anything else raises `Untranslatable` and is left to DuckDB. Casts of text are not in them: TRY_CAST
reads more than the standard allows, and `polars_casts` does it instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, reduce

import polars as pl
from polars.exceptions import ComputeError
from sqlglot import exp
from sqlglot.expressions.core import Expr


class Untranslatable(Exception):
    """The condition holds something that only DuckDB says rightly."""


@dataclass(frozen=True, slots=True)
class Iso:
    """Moments kept as their ISO text, which sorts as they do: comparing texts costs less than reading dates.
    NULL where the text is no such moment.
    """

    text: pl.Expr
    form: str
    """strftime pattern of the texts."""


Constant = bool | int | float | str | date | datetime | None
Value = pl.Expr | Iso | Constant


@dataclass(frozen=True, slots=True)
class Scope:
    """The expression of each column that a condition names. nulls: where a column is NULL, when that is known
    without asking its value.
    """

    values: Mapping[str, Value]
    nulls: Mapping[str, pl.Expr | bool] = field(default_factory=dict[str, "pl.Expr | bool"])


def translate(tree: Expr, scope: Scope) -> Value:
    """The condition in Polars, or a constant when the columns decide nothing. Raises Untranslatable."""
    known = _NODES.get(type(tree))
    if known is None:
        raise Untranslatable(type(tree).__name__)
    return known(tree, scope)


def columns(tree: Expr) -> frozenset[str]:
    """Names of the columns that a condition reads."""
    return frozenset(node.name for node in tree.find_all(exp.Column))


def full_match(text: pl.Expr, pattern: str) -> pl.Expr:
    """The whole text matches an RE2 pattern. Raises Untranslatable when Rust's engine has no such form."""
    among = _literals(pattern)
    return (
        one_of(text, among) if among is not None else text.str.contains(_compiled(f"^(?:{rust(pattern)})$"))
    )


_CHAIN = 10
"""Members up to which comparing one by one is quickest."""


def one_of(text: pl.Expr, members: Sequence[str]) -> pl.Expr:
    """The text is one of these."""
    return (
        reduce(lambda a, b: a | b, [text == m for m in members])
        if 0 < len(members) <= _CHAIN
        else text.is_in(list(members))
    )


def rust(pattern: str) -> str:
    """An RE2 pattern in the words of Rust's engine, where \\d, \\w, \\s and \\b mean Unicode classes unless told otherwise.

    >>> rust(r"[\\s@]+\\d\\b")
    '[\\\\t\\\\n\\\\f\\\\r @]+[0-9](?-u:\\\\b)'
    """
    out: list[str] = []
    inside = False
    place = 0
    while place < len(pattern):
        char = pattern[place]
        if char == "\\":
            kind = pattern[place + 1 : place + 2]
            out.append(_escape(kind, inside))
            place += 2
            continue
        if inside and pattern[place : place + 2] in ("&&", "--", "~~"):
            raise Untranslatable("set operation in a class")
        if char == "[" and inside:
            posix = pattern.find(":]", place) if pattern[place + 1 : place + 2] == ":" else -1
            end = posix + 2 if posix > 0 else place + 1
            out.append(pattern[place:end] if posix > 0 else "\\[")
            place = end
            continue
        if char == "[":
            inside = True
            lead = 2 if pattern[place + 1 : place + 2] == "^" else 1
            out.append(pattern[place : place + lead])
            place += lead
            if pattern[place : place + 1] == "]":
                out.append("\\]")
                place += 1
            continue
        inside = inside and char != "]"
        out.append(char)
        place += 1
    return "".join(out)


_ASCII = {"d": "0-9", "w": "0-9A-Za-z_", "s": "\\t\\n\\f\\r "}


def _escape(kind: str, inside: bool) -> str:
    if kind in _ASCII:
        return _ASCII[kind] if inside else f"[{_ASCII[kind]}]"
    if kind.lower() in _ASCII:
        if inside:
            raise Untranslatable("negated class in a class")
        return f"[^{_ASCII[kind.lower()]}]"
    if kind in ("b", "B"):
        return f"(?-u:\\{kind})"
    if kind in ("Q", "E", "C"):
        raise Untranslatable(f"\\{kind}")
    return kind if kind in "<>" else f"\\{kind}"


@cache
def _compiled(pattern: str) -> str:
    """The pattern, once the engine has taken it."""
    try:
        pl.select(pl.lit("").str.contains(pattern))
    except ComputeError as refused:
        raise Untranslatable(pattern) from refused
    return pattern


def _literals(pattern: str) -> tuple[str, ...] | None:
    """The texts of a pattern that `sql.one_of` made, None for any other."""
    if not pattern.startswith("(?s)"):
        return None
    literals = [""]
    rest = iter(pattern.removeprefix("(?s)"))
    for char in rest:
        if char == "|":
            literals.append("")
        elif char == "\\":
            escaped_char = next(rest, "")
            if escaped_char.isalnum():
                return None
            literals[-1] += escaped_char
        elif char.isalnum() or char in " _" or not char.isascii():
            literals[-1] += char
        else:
            return None
    return tuple(literals)


# --- nodes --------------------------------------------------------------------------------------------------


def _column(tree: Expr, scope: Scope) -> Value:
    if tree.name not in scope.values:
        raise Untranslatable(f"column {tree.name}")
    return scope.values[tree.name]


def _literal(tree: Expr, scope: Scope) -> Value:
    if tree.is_string:
        return tree.name
    try:
        return int(tree.name)
    except ValueError:
        return float(tree.name)


def _inner(tree: Expr, scope: Scope) -> Value:
    return translate(tree.this, scope)


def _and(tree: Expr, scope: Scope) -> Value:
    return conjunction([translate(part, scope) for part in tree.flatten()])


def _or(tree: Expr, scope: Scope) -> Value:
    return disjunction([translate(part, scope) for part in tree.flatten()])


def conjunction(parts: Sequence[Value]) -> Value:
    """AND with three values."""
    if any(p is False for p in parts):
        return False
    loud = [truth(p) for p in parts if p is not True]
    return reduce(lambda a, b: a & b, loud) if loud else True


def disjunction(parts: Sequence[Value]) -> Value:
    """OR with three values."""
    if any(p is True for p in parts):
        return True
    loud = [p for p in parts if p is not False]
    if any(p is None for p in loud) and all(p is None for p in loud):
        return None
    return reduce(lambda a, b: a | b, [truth(p) for p in loud]) if loud else False


def negation(value: Value) -> Value:
    """NOT with three values."""
    return None if value is None else ~value if isinstance(value, pl.Expr) else not value


def null(value: Value) -> Value:
    """IS NULL."""
    if isinstance(value, Iso):
        return value.text.is_null()
    return value.is_null() if isinstance(value, pl.Expr) else value is None


def _not(tree: Expr, scope: Scope) -> Value:
    return negation(translate(tree.this, scope))


def _is(tree: Expr, scope: Scope) -> Value:
    test = tree.expression
    if isinstance(test, exp.Null):
        this = tree.this.unnest()
        if isinstance(this, exp.Column) and this.name in scope.nulls:
            return scope.nulls[this.name]
        return null(translate(this, scope))
    value = translate(tree.this, scope)
    if not isinstance(test, exp.Boolean):
        raise Untranslatable("IS")
    wanted = bool(test.this)
    return value.eq_missing(wanted) if isinstance(value, pl.Expr) else value is wanted


def _case(tree: Expr, scope: Scope) -> Value:
    if tree.args.get("this") is not None:
        raise Untranslatable("CASE x WHEN")
    default = tree.args.get("default")
    branches: list[tuple[pl.Expr, Value]] = []
    last: Value = None
    for branch in tree.args["ifs"]:
        condition = translate(branch.this, scope)
        if condition is True:
            last = translate(branch.args["true"], scope)
            break
        if condition is False or condition is None:
            continue
        branches.append((truth(condition), translate(branch.args["true"], scope)))
    else:
        last = translate(default, scope) if default is not None else None
    out = last
    for condition, value in reversed(branches):
        out = pl.when(condition).then(_expr(value)).otherwise(_expr(out))
    return out


def _between(tree: Expr, scope: Scope) -> Value:
    value = translate(tree.this, scope)
    return conjunction(
        [
            _compared(exp.GTE, value, translate(tree.args["low"], scope)),
            _compared(exp.LTE, value, translate(tree.args["high"], scope)),
        ]
    )


def _in(tree: Expr, scope: Scope) -> Value:
    members = [translate(m, scope) for m in tree.expressions]
    if not members or not all(isinstance(m, str) for m in members):
        raise Untranslatable("IN")
    return _text(translate(tree.this, scope)).is_in(members)


_SIGNS: Mapping[type[Expr], Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    exp.EQ: lambda a, b: a == b,
    exp.NEQ: lambda a, b: a != b,
    exp.LT: lambda a, b: a < b,
    exp.LTE: lambda a, b: a <= b,
    exp.GT: lambda a, b: a > b,
    exp.GTE: lambda a, b: a >= b,
}


def _comparison(tree: Expr, scope: Scope) -> Value:
    return _compared(type(tree), translate(tree.this, scope), translate(tree.expression, scope))


def _compared(sign: type[Expr], left: Value, right: Value) -> Value:
    if left is None or right is None:
        return None
    if isinstance(left, Iso) and isinstance(right, (date, datetime)):
        return _SIGNS[sign](left.text, pl.lit(_iso(right, left.form)))
    if isinstance(left, Iso) and isinstance(right, Iso) and left.form == right.form:
        return _SIGNS[sign](left.text, right.text)
    if isinstance(left, Iso) or isinstance(right, Iso):
        raise Untranslatable("comparison of moments")
    if not isinstance(left, pl.Expr) and not isinstance(right, pl.Expr):
        raise Untranslatable("comparison of constants")
    return _SIGNS[sign](_expr(left), _expr(right))


def _cast(tree: Expr, scope: Scope) -> Value:
    """What a schema writes as a bound or a member: a constant text, cast. Cells are read by `polars_casts`."""
    kind = tree.args["to"].this
    operand = tree.this
    if isinstance(operand, exp.Anonymous) and operand.name == "try_strptime":
        text, pattern = (_constant_text(translate(a, scope)) for a in operand.expressions)
        return _moment(text, pattern, day=kind is exp.DType.DATE)
    value = translate(operand, scope)
    if isinstance(value, int) and kind is exp.DType.INT128:
        return value
    text = _constant_text(value)
    if kind is exp.DType.DOUBLE:
        return float(text)
    if kind is exp.DType.INT128:
        return int(text) if abs(int(text)) < 1 << 63 else float(text)
    if kind is exp.DType.DATE and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return _moment(text, "%Y-%m-%d", day=True)
    if kind in (exp.DType.TIMESTAMPTZ, exp.DType.TIMESTAMPNTZ):
        for form, pattern in (
            ("[0-9]{4}-[0-9]{2}-[0-9]{2}", "%Y-%m-%d"),
            ("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}", "%Y-%m-%dT%H:%M:%S"),
        ):
            if re.fullmatch(form, text.removesuffix("Z") if "T" in text else text):
                return _moment(text.removesuffix("Z"), pattern, day=False)
    raise Untranslatable(f"cast to {kind.value}")


def _moment(text: str, pattern: str, *, day: bool) -> date | datetime | None:
    if not set(re.findall("%(.)", pattern)) <= set("YmdHMS"):
        raise Untranslatable(pattern)
    try:
        moment = datetime.strptime(text, pattern)  # noqa: DTZ007
    except ValueError:
        return None
    return moment.date() if day else moment


def _iso(moment: date | datetime, form: str) -> str:
    whole = moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001
    if "T" not in form and (whole.hour or whole.minute or whole.second or whole.microsecond):
        raise Untranslatable("a day compared with an hour")
    if whole.microsecond:
        raise Untranslatable("fractions of a second")
    return whole.strftime(form)


# --- functions ----------------------------------------------------------------------------------------------


def _function(tree: Expr, scope: Scope) -> Value:
    known = _FUNCTIONS.get(tree.name.lower())
    if known is None:
        raise Untranslatable(tree.name)
    return known(tree.expressions, scope)


def _coalesce(arguments: Sequence[Expr], scope: Scope) -> Value:
    values: list[Value] = []
    for argument in arguments:
        value = translate(argument, scope)
        if isinstance(value, Iso):
            raise Untranslatable("coalesce of moments")
        if value is not None:
            values.append(value)
        if value is not None and not isinstance(value, pl.Expr):
            break
    if not any(isinstance(value, pl.Expr) for value in values):
        return values[0] if values else None
    return pl.coalesce(*(_expr(value) for value in values))


def _matches(arguments: Sequence[Expr], scope: Scope) -> Value:
    cell, pattern = translate(arguments[0], scope), translate(arguments[1], scope)
    if cell is None:
        return None
    if isinstance(cell, str):
        return bool(pl.select(full_match(pl.lit(cell), _constant_text(pattern))).item())
    return full_match(_text(cell), _constant_text(pattern))


def _length(arguments: Sequence[Expr], scope: Scope) -> Value:
    cell = translate(arguments[0], scope)
    return None if cell is None else _text(cell).str.len_chars().cast(pl.Int64)


def _starts_with(arguments: Sequence[Expr], scope: Scope) -> Value:
    cell, prefix = translate(arguments[0], scope), translate(arguments[1], scope)
    return None if cell is None else _text(cell).str.starts_with(_constant_text(prefix))


def _replace(arguments: Sequence[Expr], scope: Scope) -> Value:
    cell, old, new = (translate(a, scope) for a in arguments)
    return (
        None
        if cell is None
        else _text(cell).str.replace_all(_constant_text(old), _constant_text(new), literal=True)
    )


def _regexp_replace(arguments: Sequence[Expr], scope: Scope) -> Value:
    cell, pattern, new = (translate(a, scope) for a in arguments[:3])
    if (
        len(arguments) < 4
        or _constant_text(translate(arguments[3], scope)) != "g"
        or "\\" in _constant_text(new)
        or "$" in _constant_text(new)
    ):
        raise Untranslatable("regexp_replace")
    return (
        None
        if cell is None
        else _text(cell).str.replace_all(_compiled(rust(_constant_text(pattern))), _constant_text(new))
    )


def _list_contains(arguments: Sequence[Expr], scope: Scope) -> Value:
    listed, cell = arguments[0], translate(arguments[1], scope)
    if not isinstance(listed, exp.Anonymous) or listed.name != "list_value":
        raise Untranslatable("list_contains")
    members = [m for m in (translate(e, scope) for e in listed.expressions) if m is not None]
    return None if cell is None else disjunction([_compared(exp.EQ, cell, m) for m in members])


def _expr(value: Value) -> pl.Expr:
    if isinstance(value, Iso):
        return value.text
    return value if isinstance(value, pl.Expr) else pl.lit(value)


def truth(value: Value) -> pl.Expr:
    """A condition as an expression."""
    if isinstance(value, pl.Expr):
        return value
    if value is None or isinstance(value, bool):
        return pl.lit(value, pl.Boolean)
    raise Untranslatable("a condition that is no truth value")


def _text(value: Value) -> pl.Expr:
    if isinstance(value, Iso):
        return value.text
    if not isinstance(value, pl.Expr):
        raise Untranslatable("a constant text")
    return value


def _constant_text(value: Value) -> str:
    if not isinstance(value, str):
        raise Untranslatable("an argument that is no constant text")
    return value


def _arguments(*names: str) -> Callable[[Expr], list[Expr]]:
    return lambda tree: [tree.args[n] for n in names if tree.args.get(n) is not None]


def _named(function: Callable[[Sequence[Expr], Scope], Value], *names: str) -> Callable[[Expr, Scope], Value]:
    """A function that the parser knows as a node of its own, with its arguments under these names."""
    return lambda tree, scope: function(_arguments(*names)(tree), scope)


_FUNCTIONS: Mapping[str, Callable[[Sequence[Expr], Scope], Value]] = {
    "coalesce": _coalesce,
    "regexp_full_match": _matches,
    "length": _length,
    "starts_with": _starts_with,
    "replace": _replace,
    "regexp_replace": _regexp_replace,
    "list_contains": _list_contains,
}
"""Functions that both engines know, by their DuckDB name."""

_NODES: Mapping[type[Expr], Callable[[Expr, Scope], Value]] = {
    exp.Column: _column, exp.Literal: _literal, exp.Null: lambda tree, scope: None, exp.Boolean: lambda tree, scope: bool(tree.this), exp.Paren: _inner,
    exp.And: _and, exp.Or: _or, exp.Not: _not, exp.Is: _is, exp.Case: _case, exp.Between: _between, exp.In: _in, exp.EQ: _comparison, exp.NEQ: _comparison,
    exp.LT: _comparison, exp.LTE: _comparison, exp.GT: _comparison, exp.GTE: _comparison, exp.Cast: _cast, exp.TryCast: _cast, exp.Anonymous: _function,
    exp.RegexpFullMatch: _named(_matches, "this", "expression"), exp.StartsWith: _named(_starts_with, "this", "expression"),
    exp.Length: _named(_length, "this"), exp.RegexpReplace: _named(_regexp_replace, "this", "expression", "replacement", "modifiers"),
}  # fmt: skip
