"""Queries kept ready: a question that differs from an earlier one by its values alone is not built again.

Numbers compared with number fields and texts compared with text fields, limit and offset are given at each
run (`$1`…); everything else of a question, dates, patterns and the like, is part of what makes it another
one. What comes out is the same as without: a test runs both.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import Generic, TypeVar

from sqlglot import exp

from parvis.core.released import Public
from parvis.core.types import Column, Schema
from parvis.engine import trees as t
from parvis.engine.render import json_row, shown_columns
from parvis.query import tree as q
from parvis.query.question import Ask, bounded
from parvis.query.statement import Clauses, build, parsed, scope_of
from parvis.query.values import Scope

KEPT = 500
MOST_GIVEN = 50
"""Literals of one question that are given; the further ones are part of it."""

Given = int | float | str
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of records. rows: one column, each record as the text of a JSON object. given: values of its
    `$`; count takes only the first `counted`.
    """

    rows: Public
    count: Public
    given: tuple[Given, ...]
    counted: int
    limit: int
    filtered: bool
    repeated: bool


@dataclass(frozen=True, slots=True)
class _Plan:
    rows: Public
    count: Public
    filtered: bool
    repeated: bool


class _Newest(Generic[T]):
    """The last values kept, by key. Safe between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[object, T] = OrderedDict()
        self._lock = Lock()

    def get(self, key: object) -> T | None:
        with self._lock:
            cached = self._kept.get(key)
            if cached is not None:
                self._kept.move_to_end(key)
            return cached

    def keep(self, key: object, value: T) -> None:
        with self._lock:
            self._kept[key] = value
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)


class Plans:
    """The queries that one process keeps ready."""

    def __init__(self) -> None:
        self._plans: _Newest[_Plan] = _Newest(KEPT)
        self._scopes: _Newest[Scope] = _Newest(KEPT)

    def page(
        self,
        released: Public,
        ask: Ask,
        *,
        now: datetime,
        dataset: str = "",
        modified: datetime | None = None,
    ) -> Page:
        """The queries of a page of records, new or kept. Raises BadQuery."""
        clauses = parsed(ask)
        limit = bounded(ask, grouped=bool(clauses.groups))
        about = (released.seal, dataset, modified, ask.timezone, ask.lang)
        scope = self._scopes.get(about)
        if scope is None:
            scope = scope_of(released, ask, now=now, dataset=dataset, modified=modified)
            self._scopes.keep(about, scope)
        scope = replace(scope, now=now)
        lifted = _Lifted(scope)
        clauses = Clauses(
            clauses.items,
            tuple(lifted.condition(node) for node in clauses.where),
            clauses.groups,
            clauses.orders,
        )
        counted = len(lifted.values)
        given = (*lifted.values, limit, ask.offset)
        same = replace(ask, where=(), limit=None, offset=0, select="", group_by="", order_by="")
        names = tuple(i.written for i in (*clauses.items, *clauses.groups) if isinstance(i, q.Item))
        key = (about, same, clauses, names, counted)
        plan = self._plans.get(key) if clauses.steady else None
        if plan is None:
            plan = _plan(released, ask, clauses, scope, counted)
            if clauses.steady:
                self._plans.keep(key, plan)
        if plan.repeated:
            given = (*lifted.values, limit)
        return Page(plan.rows, plan.count, given, counted, limit, plan.filtered, plan.repeated)


def _plan(released: Public, ask: Ask, clauses: Clauses, scope: Scope, counted: int) -> _Plan:
    limit, offset = (exp.Parameter(this=t.number(counted + place)) for place in (1, 2))
    statement = build(released, ask, clauses, scope, limit, offset)
    row = json_row(shown_columns(statement.schema), ask.timezone)
    inner = exp.Subquery(
        this=statement.rows, alias=exp.TableAlias(this=exp.Identifier(this="_page", quoted=True))
    )
    rows = exp.Select().select(t.alias(t.cast(row, "VARCHAR"), "json"), copy=False).from_(inner, copy=False)
    return _Plan(
        released.querying(rows, Schema(columns=(Column("json", "json"),))),
        released.querying(statement.count),
        statement.filtered,
        statement.repeated,
    )


class _Lifted:
    """Takes literals out of conditions, where only their value matters."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.values: list[Given] = []

    def condition(self, node: q.Node) -> q.Node:
        match node:
            case q.Every(parts):
                return replace(node, parts=tuple(self.condition(p) for p in parts))
            case q.Some(parts):
                return replace(node, parts=tuple(self.condition(p) for p in parts))
            case q.Not(part):
                return replace(node, part=self.condition(part))
            case q.Compare(_, q.Name(name), right):
                return replace(node, right=self.literal(name, right))
            case q.Among(q.Name(name), values):
                return replace(node, values=tuple(self.literal(name, v) for v in values))
            case q.Between(q.Name(name), low, high):
                return replace(node, low=self.literal(name, low), high=self.literal(name, high))
            case _:
                return node

    def literal(self, name: str, node: q.Node) -> q.Node:
        field = self.scope.fields.get(name)
        if field is None or len(self.values) >= MOST_GIVEN:
            return node
        if isinstance(node, q.Number) and field.type in ("integer", "number") and abs(node.value) < 2**63:
            self.values.append(node.value)
            return q.Given(
                "number" if isinstance(node.value, float) else "integer",
                len(self.values),
                at=node.at,
                end=node.end,
            )
        if isinstance(node, q.Text) and field.type == "text":
            self.values.append(node.value)
            return q.Given("text", len(self.values), at=node.at, end=node.end)
        return node
