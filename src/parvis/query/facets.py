"""Facets: how many records stand under each value, under the filters in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, Literal, TypeVar

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.released import Released
from parvis.core.types import Column, Schema
from parvis.engine import trees as t
from parvis.engine.relations import over
from parvis.query import parser, refinements
from parvis.query import tree as q
from parvis.query.compiler import condition
from parvis.query.fields import FACETABLE
from parvis.query.question import Ask
from parvis.query.statement import filters, scope_of
from parvis.query.values import Field, Scope, Value, wall

R = TypeVar("R", bound=Released)

VALUES = 100
"""Values of a facet unless the caller says otherwise."""
MOST = 1000
State = Literal["displayed", "refined", "excluded"]


@dataclass(frozen=True, slots=True)
class FacetAsk(Generic[R]):
    """One facet to count. counts: rows of (value, count), best first. path: under which path of a date or of
    a hierarchy they stand, "" for the first level.
    """

    name: str
    counts: R
    path: str
    refined: frozenset[str]
    excluded: tuple[str, ...]
    separator: str


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet; children: what stands below it when it is refined."""

    name: str
    value: str
    count: int
    state: State
    children: tuple[FacetValue, ...] = ()


def facets(
    released: R, ask: Ask, wanted: Sequence[str], *, now: datetime, default: Sequence[str] = ()
) -> tuple[FacetAsk[R], ...]:
    """The counts to run, one a facet and a level. wanted: `facet` parameters; default: names when there are
    none, else the declared ones.

    Raises BadQuery.
    """
    scope = scope_of(released, ask, now=now)
    wanted_facets = [one for text in wanted for one in parser.facet(text)]
    if not wanted_facets:
        wanted_facets = [q.Facet(n) for n in default] or [
            q.Facet(f.name) for f in scope.fields.values() if f.facet
        ]
    return tuple(
        level for one in wanted_facets for level in _levels(released, ask, _declared(one, scope), one, scope)
    )


def _declared(one: q.Facet, scope: Scope) -> Field:
    """The field, with what the caller says of it."""
    field = scope.within("facet").field(one.name, one)
    if field.type not in FACETABLE:
        scope.within("facet").refuse(f"{one.name} is a {field.type}: it can't be a facet", one)
    separator = field.separator
    if one.hierarchical and field.type != "text":
        scope.within("facet").refuse(f"{one.name} is a {field.type}: only a text has levels", one)
    if one.hierarchical is not None:
        separator = (one.separator or separator or "/") if one.hierarchical else ""
    return replace(
        field,
        sort=one.sort or field.sort,
        separator=separator,
        disjunctive=field.disjunctive if one.disjunctive is None else one.disjunctive,
    )


def _levels(released: R, ask: Ask, field: Field, one: q.Facet, scope: Scope) -> list[FacetAsk[R]]:
    """The first level, and the one below each refined value of a date or a hierarchy. A disjunctive facet is
    counted without its own refinement.
    """
    refined = _paths(ask.refine, field, scope.within("refine"))
    excluded = tuple(sorted(_paths(ask.exclude, field, scope.within("exclude"))))
    if field.disjunctive:
        tests = [
            *(condition(node, scope) for text in ask.where if (node := parser.where(text)) is not None),
            *refinements.conditions(ask.refine, scope.within("refine"), but=field.name),
            *refinements.left_out(ask.exclude, scope.within("exclude")),
        ]
    else:
        tests = filters(ask, scope)
    limit = VALUES if one.limit is None else min(one.limit, MOST)
    ancestors = {p for r in refined for p in _ancestors(r, field)}
    return [
        FacetAsk(
            field.name,
            released.querying(*_counts(released, field, path, tests, limit, scope)),
            path,
            frozenset(ancestors),
            excluded,
            _separator(field),
        )
        for path in ("", *sorted(ancestors))
        if path == "" or _deeper(path, field)
    ]


def _separator(field: Field) -> str:
    return "/" if field.type in ("date", "datetime") else field.separator


def _paths(texts: Sequence[str], field: Field, scope: Scope) -> list[str]:
    """Values asked of this field, dates as 2024/07/14."""
    values = [value for one, value, _ in refinements.read(texts, scope) if one.name == field.name]
    return [_date_path(v) for v in values] if field.type in ("date", "datetime") else values


def _date_path(value: str) -> str:
    parts = value.split("T")[0].replace("-", "/").split("/")
    return "/".join(p.zfill(2) for p in parts[:3])


def _ancestors(path: str, field: Field) -> list[str]:
    separator = _separator(field)
    if not separator:
        return [path]
    parts = path.split(separator)
    return [separator.join(parts[: i + 1]) for i in range(len(parts))]


def _deeper(path: str, field: Field) -> bool:
    return len(path) < 10 if field.type in ("date", "datetime") else bool(field.separator)


def _counts(
    released: Released, field: Field, path: str, tests: Sequence[Expr], limit: int, scope: Scope
) -> tuple[Expr, Schema]:
    """The query that counts the values of one level, and the schema of its rows: value, count."""
    source = over(released).select(t.alias(_key(field, path, scope), "value"), copy=False)
    for test in tests:
        source = source.where(test.copy(), copy=False)
    if path and field.type in ("date", "datetime"):
        source = source.where(refinements.matches(field, path, q.Refine(field.name, path), scope), copy=False)
    inner = exp.Subquery(this=source, alias=exp.TableAlias(this=exp.to_identifier("_values")))
    query = (
        exp.Select()
        .select(t.alias(t.column("value"), "value"), t.alias(exp.Count(this=exp.Star()), "count"), copy=False)
        .from_(inner, copy=False)
    )
    query = query.where(exp.Not(this=t.absent(t.column("value"))), copy=False).group_by(
        t.number(1), copy=False
    )
    query = query.order_by(*_order(field), copy=False).limit(limit, copy=False)
    return query, Schema(columns=(Column("value"), Column("count", "integer")))


def _key(field: Field, path: str, scope: Scope) -> Expr:
    """The value of a row at this level, NULL when it is not below `path`."""
    tree = field.tree.copy()
    if field.type in ("date", "datetime"):
        clock = wall(Value(field.tree, field.type, q.Name(field.name), "moment"), scope)
        return t.call("strftime", clock, t.text({0: "%Y", 4: "%Y/%m", 7: "%Y/%m/%d"}[len(path)]))
    if field.type == "array":
        return t.call("unnest", tree)
    if field.separator:
        level = path.count(field.separator) + 2 if path else 1
        parts = t.call("string_split", tree, t.text(field.separator))
        head = t.call(
            "array_to_string",
            t.call("list_slice", parts, t.number(1), t.number(level)),
            t.text(field.separator),
        )
        if not path:
            return head
        return t.either(t.call("starts_with", field.tree.copy(), t.text(path + field.separator)), head)
    return tree if field.type == "text" else t.cast(tree, "VARCHAR")


def _order(field: Field) -> list[Expr]:
    down = field.sort.startswith("-")
    by_value = exp.Ordered(
        this=t.column("value"), desc=down and not field.sort.endswith("count"), nulls_first=False
    )
    match field.sort.lstrip("-"):
        case "count":
            return [exp.Ordered(this=t.column("count"), desc=down, nulls_first=False), by_value]
        case "num":
            return [
                exp.Ordered(this=t.try_cast(t.column("value"), "DOUBLE"), desc=down, nulls_first=False),
                by_value,
            ]
        case _:
            return [by_value]


def assembled(
    answered: Sequence[tuple[FacetAsk[R], Sequence[tuple[str, int]]]],
) -> Mapping[str, tuple[FacetValue, ...]]:
    """Counts put together by facet, in the order asked; levels nested under the value they belong to."""
    levels: dict[str, dict[str, tuple[FacetAsk[R], Sequence[tuple[str, int]]]]] = {}
    for one, rows in answered:
        levels.setdefault(one.name, {})[one.path] = (one, rows)
    return {name: _values(by_path, "") for name, by_path in levels.items()}


def _values(
    by_path: Mapping[str, tuple[FacetAsk[R], Sequence[tuple[str, int]]]], path: str
) -> tuple[FacetValue, ...]:
    if path not in by_path:
        return ()
    one, rows = by_path[path]
    values = [
        FacetValue(
            _last(value, one.separator),
            value,
            count,
            "refined" if value in one.refined else "displayed",
            _values(by_path, value),
        )
        for value, count in rows
    ]
    if not path:
        values += [FacetValue(_last(v, one.separator), v, 0, "excluded") for v in one.excluded]
    return tuple(values)


def _last(value: str, separator: str) -> str:
    return value.rsplit(separator, 1)[-1] if separator else value
