"""`refine` and `exclude`: equality on the path of a facet.

Between facets AND; inside a facet whose field is disjunctive OR, otherwise AND. A date is refined by a prefix
of its path (2024, 2024/07, 2024-07-14) in the time zone asked for; a hierarchical text by a prefix of its
own.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.engine import trees as t
from parvis.query import instants, parser
from parvis.query import tree as q
from parvis.query.compiler import compare
from parvis.query.values import FAMILIES, Field, Scope, Value

_TRUE = frozenset({"true", "1", "oui", "vrai"})
_FALSE = frozenset({"false", "0", "non", "faux"})


def read(texts: Sequence[str], scope: Scope) -> list[tuple[Field, str, q.Refine]]:
    """Field, value and place of each refinement. Raises BadQuery for an unknown field."""
    parsed = [parser.refine(text, scope.clause) for text in texts if text.strip()]
    return [(scope.field(r.name, r), r.value, r) for r in parsed]


def conditions(texts: Sequence[str], scope: Scope, *, but: str = "") -> list[Expr]:
    """Conditions of `refine`, to be joined by AND. but: leave out those of this field."""
    by_field: dict[str, list[Expr]] = {}
    disjunctive: dict[str, bool] = {}
    for one, value, node in read(texts, scope):
        if one.name != but:
            by_field.setdefault(one.name, []).append(matches(one, value, node, scope))
            disjunctive[one.name] = one.disjunctive
    return [
        exp.Paren(this=exp.or_(*tests, copy=False)) if disjunctive[name] else exp.and_(*tests, copy=False)
        for name, tests in by_field.items()
    ]


def left_out(texts: Sequence[str], scope: Scope) -> list[Expr]:
    """Conditions of `exclude`: what has no value stays."""
    return [
        exp.Not(this=exp.Paren(this=t.surely(matches(one, value, node, scope))))
        for one, value, node in read(texts, scope)
    ]


def matches(one: Field, value: str, node: q.Refine, scope: Scope) -> Expr:
    """Whether the row has this value of the facet. A value that the field can't hold is under no row."""
    subject = Value(
        one.tree, one.type, q.Name(one.name, at=node.at), FAMILIES[one.type], field=one, bare=True
    )
    match subject.family:
        case "moment":
            return compare("=", subject, _date(value, node, scope), scope)
        case "number":
            return _number(subject, value)
        case "boolean":
            word = value.strip().lower()
            return (
                exp.EQ(this=subject.sql, expression=exp.true() if word in _TRUE else exp.false())
                if word in _TRUE | _FALSE
                else exp.false()
            )
        case "geo":
            scope.refuse(f"{one.name} is a geometry: it can't be refined", node)
        case "array":
            return t.call("list_contains", subject.sql, t.text(value))
        case "time":
            return exp.EQ(this=subject.sql, expression=t.try_cast(t.text(value), "TIME"))
        case _:
            exact = exp.EQ(this=subject.sql, expression=t.text(value))
            if not one.separator:
                return exact
            below = t.call(
                "starts_with", subject.sql, t.text(value.removesuffix(one.separator) + one.separator)
            )
            return exp.Paren(this=exp.or_(exact, below, copy=False))


def _number(subject: Value, value: str) -> Expr:
    return exp.EQ(this=subject.sql, expression=t.try_cast(t.text(value.strip()), "DOUBLE"))


def _date(value: str, node: q.Refine, scope: Scope) -> Value:
    span = instants.interval(value, scope.timezone)
    if span is None:
        scope.refuse(f"invalid date: {value[:60]} (write 2024, 2024/07 or 2024/07/14)", node)
    return Value(t.text(value), "datetime", node_of(node), "moment", fixed=True, constant=span)


def node_of(node: q.Refine) -> q.Node:
    """The place of a refinement, as a value."""
    return q.Text(node.value, at=node.at, end=node.end)
