"""Queries kept ready: a question that differs from an earlier one by its values alone is not built again.

Numbers compared with number fields and texts compared with text fields, limit and offset are given at each
run (`$1`…); everything else of a question, dates, patterns and the like, is part of what makes it another
one. What comes out is the same as without: a test runs both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlglot import exp

from parvis.core.dropping_cache import DroppingCache
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


class Plans:
    """The queries that one process keeps ready."""

    def __init__(self) -> None:
        self._plans: DroppingCache[_Plan] = DroppingCache(KEPT)
        self._scopes: DroppingCache[Scope] = DroppingCache(KEPT)

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
        begun = self._plans.state
        scope = self._scopes.of(
            about, lambda: scope_of(released, ask, now=now, dataset=dataset, modified=modified)
        )
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
                self._plans.put(key, plan, begun)
        if plan.repeated:
            given = (*lifted.values, limit)
        return Page(plan.rows, plan.count, given, counted, limit, plan.filtered, plan.repeated)

    def drop(self) -> None:
        """Hold no question any more: something was taken down."""
        self._plans.drop()
        self._scopes.drop()


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
