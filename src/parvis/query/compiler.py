"""From what a text says to a tree of the engine, with every type checked.

Three rules hold everywhere (records, exports, facets): a comparison with a missing value is unknown, so that
`!=` drops it; `not` is the exact complement, so that it keeps it; a date literal is an interval of its own
granularity.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.engine import trees as t
from parvis.query import instants, places, text_search
from parvis.query import tree as q
from parvis.query.functions import FUNCTIONS, count_distinct, searched
from parvis.query.instants import Interval
from parvis.query.values import FAMILIES, Family, Field, Function, Scope, Takes, Value, computed, wall

Resolve = Callable[[q.Node], Value | None]
"""What a node means in this place before the general rules: a group key, an alias, an aggregate; None:
nothing special.
"""

_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_TREES: dict[str, type[exp.Binary]] = {
    "=": exp.EQ,
    "!=": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}
_ARITHMETIC: dict[str, type[exp.Binary]] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul, "/": exp.Div}


def nothing(_: q.Node) -> Value | None:
    """No node means anything special."""
    return None


# conditions


def condition(node: q.Node, scope: Scope, resolve: Resolve = nothing) -> Expr:
    """A condition as a boolean tree; unknown counts as false at the end. Raises BadQuery."""
    match node:
        case q.Every(parts):
            return exp.and_(*(condition(p, scope, resolve) for p in parts), copy=False)
        case q.Some(parts):
            return exp.or_(*(condition(p, scope, resolve) for p in parts), copy=False)
        case q.Not(part):
            return exp.Not(this=exp.Paren(this=t.surely(condition(part, scope, resolve))))
        case q.Compare(op, left, right):
            return compare(op, value(left, scope, resolve), value(right, scope, resolve), scope)
        case q.Like(left, pattern):
            return text_search.like(_text(value(left, scope, resolve), scope), pattern)
        case q.Among(left, items):
            subject = value(left, scope, resolve)
            return _among(subject, [value(i, scope, resolve) for i in items], scope)
        case q.Between():
            return _between(node, scope, resolve)
        case q.Holds(item, name):
            return compare("=", value(name, scope, resolve), value(item, scope, resolve), scope)
        case q.Is(left, what, negated):
            return _is(value(left, scope, resolve), what, negated, scope)
        case q.Text(search_text):
            tests = [
                text_search.matches(searched(scope, ()), text_search.whole(w))
                for w in text_search.terms(search_text)
            ]
            return exp.and_(*tests, copy=False) if tests else exp.true()
        case _:
            typed = value(node, scope, resolve)
            if typed.family not in ("boolean", "null"):
                scope.refuse(f"a condition was expected, not a {typed.family}", node)
            return typed.sql


def compare(op: str, left: Value, right: Value, scope: Scope) -> Expr:
    """left op right."""
    if left.family == "null" or right.family == "null":
        return exp.false()
    if left.fixed and not right.fixed:
        left, right, op = right, left, _FLIPPED[op]
    if isinstance(left.constant, Interval) and isinstance(right.constant, Interval):
        return _binary(
            op, t.text(left.constant.low_utc.isoformat()), t.text(right.constant.low_utc.isoformat())
        )
    match left.family:
        case "array":
            return _compare_array(op, left, right, scope)
        case "moment":
            return _compare_moment(op, left, right, scope)
        case "number":
            return _compare_number(op, left, right, scope)
        case "text":
            return _compare_text(op, left, right, scope)
        case "time":
            return _compare_time(op, left, right, scope)
        case "geo":
            scope.clash(
                f"{_named(left)} is a geometry: use in_bbox, within_distance, intersects, within or disjoint",
                left.node,
            )
        case _:
            if right.family != left.family or op not in ("=", "!="):
                scope.clash(f"{_named(left)} is a {left.family}", right.node)
            return _binary(op, left.sql, right.sql)


def _named(subject: Value) -> str:
    return subject.field.name if subject.field else "the left side"


def _binary(op: str, left: Expr, right: Expr) -> Expr:
    return _TREES[op](this=left, expression=right)


def _compare_array(op: str, left: Value, right: Value, scope: Scope) -> Expr:
    """True when any element equals; `!=`: when there is a value and none does."""
    if right.family not in ("text", "number") or right.type == "array" or op not in ("=", "!="):
        scope.clash(f"{_named(left)} holds several values: it is compared to one text by = or !=", right.node)
    wanted = t.text(right.node.written) if isinstance(right.node, q.Number) else right.sql
    holds = t.call("list_contains", left.sql, wanted)
    return holds if op == "=" else exp.Not(this=holds)


def _compare_text(op: str, left: Value, right: Value, scope: Scope) -> Expr:
    if isinstance(right.node, q.Number) and right.fixed and op in ("=", "!="):
        return _binary(op, left.sql, t.text(right.node.written))
    if right.family != "text":
        scope.clash(f"{_named(left)} is a text" + ("; quote the value" if right.fixed else ""), right.node)
    return _binary(op, left.sql, right.sql)


def _compare_number(op: str, left: Value, right: Value, scope: Scope) -> Expr:
    if left.type == "year" and isinstance(right.constant, Interval):
        return _in_interval(op, left, right.constant, scope)
    if (
        left.type == "year"
        and isinstance(right.constant, str)
        and right.constant.strip().lstrip("-").isdecimal()
        and len(right.constant) < 9
    ):
        return _binary(op, left.sql, t.number(int(right.constant)))
    if right.family != "number":
        hint = "; write the number without quotes" if right.fixed and right.family == "text" else ""
        scope.clash(f"{_named(left)} is a number{hint}", right.node)
    return _binary(op, left.sql, right.sql)


def _compare_time(op: str, left: Value, right: Value, scope: Scope) -> Expr:
    if right.family == "time":
        return _binary(op, left.sql, right.sql)
    if right.family != "text" or not right.fixed:
        scope.clash(f"{_named(left)} is a time: compare it to a text like '08:30'", right.node)
    return _binary(op, left.sql, t.try_cast(right.sql, "TIME"))


def _compare_moment(op: str, left: Value, right: Value, scope: Scope) -> Expr:
    if isinstance(right.constant, Interval):
        return _in_interval(op, left, right.constant, scope)
    if isinstance(right.constant, str):
        span = instants.interval(right.constant, scope.timezone)
        if op in ("=", "!=") or span is None:
            example = right.constant if span is not None else "2024-07-01"
            scope.clash(
                f"{_named(left)} is a date and '{right.constant[:40]}' a text: write date'{example}'",
                right.node,
            )
        return _in_interval(op, left, span, scope)
    if right.family != "moment" and right.type != "year":
        scope.clash(f"{_named(left)} is a date: write date'2024-07-01'", right.node)
    if left.type == right.type:
        return _binary(op, left.sql, right.sql)
    return _binary(op, wall(left, scope), wall(right, scope))


def _in_interval(op: str, left: Value, span: Interval, scope: Scope) -> Expr:
    """[low, high): = inside; >= low; > high (or past the instant); < low; <= before high."""
    low, high = _bounds(left, span)
    point = span.low == span.high
    subject = (
        left
        if left.type == "datetime" or (left.type == "date" and span.whole_days)
        else Value(wall(left, scope), "datetime", left.node)
    )
    match op:
        case "=":
            if point:
                return exp.EQ(this=subject.sql, expression=low)
            return exp.and_(
                exp.GTE(this=subject.sql, expression=low),
                exp.LT(this=subject.sql, expression=high),
                copy=False,
            )
        case "!=":
            if point:
                return exp.NEQ(this=subject.sql, expression=low)
            return exp.Paren(
                this=exp.or_(
                    exp.LT(this=subject.sql, expression=low),
                    exp.GTE(this=subject.sql, expression=high),
                    copy=False,
                )
            )
        case ">=":
            return exp.GTE(this=subject.sql, expression=low)
        case ">":
            return (
                exp.GT(this=subject.sql, expression=low)
                if point
                else exp.GTE(this=subject.sql, expression=high)
            )
        case "<":
            return exp.LT(this=subject.sql, expression=low)
        case _:
            return (
                exp.LTE(this=subject.sql, expression=low)
                if point
                else exp.LT(this=subject.sql, expression=high)
            )


def _bounds(left: Value, span: Interval) -> tuple[Expr, Expr]:
    """The first moment of an interval and the first after it, as the type of the left side."""
    if left.type == "datetime":
        return at_instant(span.low_utc), at_instant(span.high_utc)
    kind = "DATE" if left.type == "date" and span.whole_days else "TIMESTAMP"
    return t.cast(t.text(_clock(span.low, kind)), kind), t.cast(t.text(_clock(span.high, kind)), kind)


def _clock(moment: datetime, kind: str) -> str:
    return moment.date().isoformat() if kind == "DATE" else moment.isoformat(sep=" ")


def at_instant(moment: datetime) -> Expr:
    """A TIMESTAMPTZ literal."""
    return t.cast(t.text(moment.isoformat(sep=" ")), "TIMESTAMPTZ")


def _among(subject: Value, items: list[Value], scope: Scope) -> Expr:
    known = [i for i in items if i.family != "null"]
    simple = (
        subject.family in ("text", "number")
        and all(i.fixed and i.family == subject.family for i in known)
        and subject.type != "year"
    )
    if simple and known:
        return exp.In(this=subject.sql, expressions=[i.sql for i in known])
    tests = [compare("=", subject, i, scope) for i in known]
    return exp.Paren(this=exp.or_(*tests, copy=False)) if tests else exp.false()


def _between(node: q.Between, scope: Scope, resolve: Resolve) -> Expr:
    subject = value(node.left, scope, resolve)
    low, high = value(node.low, scope, resolve), value(node.high, scope, resolve)
    if subject.family not in ("number", "moment", "null"):
        scope.clash(f"{_named(subject)} is neither a number nor a date", node.left)
    return exp.and_(
        compare(">=" if node.from_in else ">", subject, low, scope),
        compare("<=" if node.to_in else "<", subject, high, scope),
        copy=False,
    )


def _is(subject: Value, what: bool | None, negated: bool, scope: Scope) -> Expr:
    if what is None:
        test: Expr = t.absent(exp.Paren(this=subject.sql))
    else:
        if subject.family not in ("boolean", "null"):
            scope.clash(f"{_named(subject)} is not a boolean", subject.node)
        test = exp.Is(this=exp.Paren(this=subject.sql), expression=exp.true() if what else exp.false())
    return exp.Not(this=test) if negated else test


def _text(subject: Value, scope: Scope) -> Expr:
    if subject.type == "array":
        return t.call("array_to_string", subject.sql, t.text(" "))
    if subject.family == "geo":
        scope.clash(f"{_named(subject)} is a geometry", subject.node)
    return subject.sql if subject.family == "text" else t.cast(subject.sql, "VARCHAR")


# values


def value(node: q.Node, scope: Scope, resolve: Resolve = nothing) -> Value:
    """An expression as a typed value. Raises BadQuery."""
    special = resolve(node)
    if special is not None:
        return special
    match node:
        case q.Text(literal):
            return Value(t.text(literal), "text", node, "text", fixed=True, constant=literal)
        case q.Number(n):
            return Value(
                t.number(n),
                "number" if isinstance(n, float) else "integer",
                node,
                "number",
                fixed=True,
                constant=n,
            )
        case q.Given(kind, place):
            return Value(exp.Parameter(this=t.number(place)), kind, node, FAMILIES[kind], fixed=True)
        case q.Boolean(b):
            return Value(exp.true() if b else exp.false(), "boolean", node, "boolean", fixed=True, constant=b)
        case q.Null():
            return Value(exp.Null(), "text", node, "null", fixed=True)
        case q.Moment(literal):
            span = instants.interval(literal, scope.timezone)
            if span is None:
                scope.refuse(f"invalid date: {literal[:60]}", node)
            return Value(at_instant(span.low_utc), "datetime", node, "moment", fixed=True, constant=span)
        case q.Geometry(literal):
            return _geometry(node, literal, scope)
        case q.Name(name):
            field = scope.field(name, node)
            return Value(field.tree, field.type, node, FAMILIES[field.type], field=field, bare=True)
        case q.Minus(part):
            inner = _number(value(part, scope, resolve), scope)
            return computed(
                exp.Paren(this=exp.Neg(this=exp.Paren(this=inner.sql))),
                "integer" if inner.type == "year" else inner.type,
                node,
                inner,
            )
        case q.Arithmetic():
            return _arithmetic(node, scope, resolve)
        case q.Call():
            return call(node, scope, resolve)
        case _:
            scope.refuse("a value was expected, not a condition", node)


def _geometry(node: q.Node, literal: str, scope: Scope) -> Value:
    shape = places.literal(literal)
    if isinstance(shape, str):
        scope.refuse(f"invalid geometry: {literal[:60]} {shape}", node)
    return Value(t.call("st_aswkb", shape.tree), "shape", node, "geo", fixed=True, constant=shape)


def _number(operand: Value, scope: Scope) -> Value:
    if operand.family not in ("number", "null"):
        scope.refuse(f"arithmetic needs numbers, not a {operand.family}", operand.node)
    return operand


def _arithmetic(node: q.Arithmetic, scope: Scope, resolve: Resolve) -> Value:
    left, right = (_number(value(side, scope, resolve), scope) for side in (node.left, node.right))
    whole = node.op != "/" and "number" not in (left.type, right.type)
    divisor = t.call("nullif", right.sql, t.number(0)) if node.op == "/" else right.sql
    tree = exp.Paren(this=_ARITHMETIC[node.op](this=_dividend(left.sql, node.op), expression=divisor))
    return computed(tree, "integer" if whole else "number", node, left, right)


def _dividend(tree: Expr, op: str) -> Expr:
    return t.cast(tree, "DOUBLE") if op == "/" else tree


def call(node: q.Call, scope: Scope, resolve: Resolve) -> Value:
    """A function of the table, or `now()`."""
    if node.name == "now":
        return _now(node, scope)
    function = FUNCTIONS.get(node.name)
    if function is None:
        scope.refuse(
            f"unexpected {node.name}( at position {node.at}: {node.name}() can't stand here",
            node,
            "ODSQLSyntaxError",
        )
    if function.aggregate:
        scope.refuse(f"aggregation function {node.name}() is not allowed here", node)
    return applied(function, node, scope, resolve)


def applied(function: Function, node: q.Call, scope: Scope, resolve: Resolve) -> Value:
    """A function with its arguments checked and placed."""
    arguments = _arguments(function, node, scope, resolve)
    if node.distinct:
        tree: Expr | Value = count_distinct(arguments[0])
    else:
        tree = function.build(scope, arguments)
    if isinstance(tree, Value):
        return Value(
            tree.prototype, tree.type, node, FAMILIES[tree.type], bare=tree.bare, counted=tree.counted
        )
    return computed(tree, function.returns, node, *arguments)


def _arguments(function: Function, node: q.Call, scope: Scope, resolve: Resolve) -> tuple[Value, ...]:
    given = node.arguments
    if function.fields:
        return _fields_then_text(node, scope)
    most = len(function.takes)
    if not most - function.optional <= len(given) <= most:
        scope.refuse(
            f"invalid_function(): {function.name}() takes {most} argument(s), not {len(given)}", node
        )
    return tuple(
        _argument(function, takes, g, scope, resolve) for takes, g in zip(function.takes, given, strict=False)
    )


def _fields_then_text(node: q.Call, scope: Scope) -> tuple[Value, ...]:
    *named, last = node.arguments or (q.Null(at=node.at),)
    if not isinstance(last, q.Text):
        scope.refuse(f"invalid_function(): {node.name}() ends with a quoted text", last)
    fields: list[Value] = []
    for one in named:
        if isinstance(one, q.Name):
            fields.append(value(one, scope))
        elif not isinstance(one, q.Star):
            scope.refuse(f"invalid_function(): {node.name}() takes names of fields before its text", one)
    if any(f.family == "geo" for f in fields):
        scope.refuse(f"invalid_function(): {node.name}() can't search a geometry", node)
    return (*fields, value(last, scope))


def _argument(function: Function, takes: Takes, node: q.Node, scope: Scope, resolve: Resolve) -> Value:
    match takes, node:
        case "countable", q.Star():
            return Value(exp.Null(), "integer", node, "number", fixed=True, constant=node)
        case "length", q.Quantity(number):
            return Value(t.number(number), "number", node, "number", fixed=True, constant=node)
        case "mode", q.Name(word) | q.Text(word):
            return Value(t.text(word), "text", node, "text", fixed=True, constant=word)
        case _, q.Star() | q.Quantity() | q.Setting():
            scope.refuse(f"invalid_function(): {function.name}() can't take this argument", node)
        case _:
            argument = value(node, scope, resolve)
    if not _fits(takes, argument):
        if function.aggregate and takes in ("number", "ordered"):
            scope.refuse("StatAggregation only supports numeric or date expression", node)
        scope.refuse(
            f"invalid_function(): {function.name}() expects {_WANTED[takes]} there, not a {argument.family}",
            node,
        )
    return argument


_WANTED: dict[Takes, str] = {
    "any": "a value", "text": "a text", "number": "a number", "ordered": "a number or a date", "moment": "a date", "geo": "a geometry field",
    "string": "a quoted text", "shape": "a geometry like geom'POINT(2.3 48.8)'", "length": "a length like 800m", "constant": "a number",
    "countable": "a value or *", "mode": "a mode",
}  # fmt: skip
_FITTING: dict[Takes, tuple[Family, ...]] = {
    "text": ("text", "null"),
    "number": ("number",),
    "ordered": ("number", "moment"),
    "geo": ("geo",),
}


def _fits(takes: Takes, argument: Value) -> bool:
    match takes:
        case "any" | "countable":
            return True
        case "moment":
            return argument.family == "moment" or argument.type == "year"
        case "string" | "mode":
            return isinstance(argument.constant, str)
        case "shape":
            return isinstance(argument.constant, places.Shape)
        case "constant" | "length":
            return isinstance(argument.constant, int | float) and not isinstance(argument.constant, bool)
        case _:
            return argument.family in _FITTING[takes] and not (takes == "geo" and argument.fixed)


def _now(node: q.Call, scope: Scope) -> Value:
    settings: list[tuple[str, int]] = []
    for one in node.arguments:
        if not isinstance(one, q.Setting) or one.name not in instants.NOW_SETTINGS:
            name = one.name if isinstance(one, q.Setting) else ""
            scope.refuse(
                f"invalid_function(): now() does not know {name} (known: {', '.join(instants.NOW_SETTINGS)})",
                one,
            )
        settings.append((one.name, one.value))
    try:
        moment = instants.now(scope.now, scope.timezone, settings)
    except (ValueError, OverflowError):
        scope.refuse("invalid_function(): now() is out of range", node)
    return Value(
        at_instant(moment),
        "datetime",
        node,
        "moment",
        fixed=True,
        constant=instants.instant(moment, scope.timezone),
    )


def visible(scope: Scope) -> list[Field]:
    """The fields that `*` selects."""
    return [f for f in scope.fields.values() if not f.hidden]
