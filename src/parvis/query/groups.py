"""Group by: one inner query that computes each key and each aggregate once, one outer query that shows,
orders and pages the groups.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.types import Schema
from parvis.engine import trees as t
from parvis.query import tree as q
from parvis.query.compiler import applied, value
from parvis.query.functions import FUNCTIONS
from parvis.query.outputs import Output, column, ordered, paged
from parvis.query.question import GROUPS, Ask
from parvis.query.ranges import Buckets, buckets
from parvis.query.values import FAMILIES, Scope, Value


@dataclass(frozen=True, slots=True)
class Key:
    """One group key. reference: its column in the inner query; output: what the answer says."""

    name: str
    node: q.Node
    reference: Expr
    output: Value
    dropped: bool
    """Rows outside every bucket make no group."""


@dataclass(slots=True)
class Groups:
    """The inner query: keys `_g0`… and aggregates `_a0`…, each computed once; the outer one shows, orders and
    pages them.
    """

    scope: Scope
    source: exp.Select
    items: Sequence[q.Item]
    keys: list[Key] = field(default_factory=list[Key])
    inner: list[Expr] = field(default_factory=list[Expr])
    aggregates: dict[q.Call, Value] = field(default_factory=dict[q.Call, Value])
    computed: int = 0

    def query(
        self,
        items: Sequence[q.SelectItem],
        orders: Sequence[q.OrderItem],
        ask: Ask,
        limit: Expr | None,
        offset: Expr | None,
    ) -> tuple[exp.Select, Schema, exp.Select]:
        """The page of groups, its schema, and the query that counts all groups."""
        for item in self.items:
            self.key(item)
        outputs = self.outputs(items)
        ordering = self.ordering(orders, {o.name: o.value for o in outputs}, ask)
        columns = [t.alias(o.value.sql, o.name) for o in outputs]
        outer = exp.Select().select(*columns, copy=False).from_(self.grouped(), copy=False)
        for key in self.keys:
            if key.dropped:
                outer = outer.where(exp.Not(this=t.absent(key.reference.copy())), copy=False)
        count = outer.copy().select(exp.Count(this=exp.Star()), append=False, copy=False)
        if not self.keys:
            times = exp.GenerateSeries(start=t.number(1), end=limit if limit is not None else t.number(1))
            outer = outer.join(
                exp.Table(this=times, alias=exp.TableAlias(this=exp.to_identifier("_times"))),
                join_type="cross",
                copy=False,
            )
            return outer, self.schema(outputs), count
        return paged(outer, ordering, limit, offset), self.schema(outputs), count

    def schema(self, outputs: list[Output]) -> Schema:
        return Schema(columns=tuple(column(o) for o in outputs))

    def grouped(self) -> Expr:
        source = self.source.copy()
        if not source.expressions:
            source = source.select(*(self.inner or [t.alias(exp.Count(this=exp.Star()), "_n")]), copy=False)
        for position in range(len(self.keys)):
            source = source.group_by(t.number(position + 1), copy=False)
        return exp.Subquery(this=source, alias=exp.TableAlias(this=exp.to_identifier("_groups")))

    def key(self, item: q.Item) -> None:
        scope = self.scope.within("group_by")
        name, reference = f"_g{len(self.keys)}", t.column(f"_g{len(self.keys)}")
        if isinstance(item.value, q.Call) and item.value.name in ("range", "geo_cluster"):
            time_buckets = buckets(item.value, scope)
            labelled = Value(
                self.label(time_buckets, reference),
                time_buckets.type,
                item.value,
                FAMILIES[time_buckets.type],
            )
            tree, dropped = time_buckets.key, True
        else:
            typed = value(item.value, scope)
            if typed.family == "geo":
                scope.refuse(
                    "Aggregation on geo point field is not possible. Use the geo_cluster(<field>, int_precision) aggregation function instead",
                    item.value,
                )
            tree, dropped, kind = typed.sql, False, typed.type
            if typed.type == "array":
                tree, kind = self.element(typed), "text"
            labelled = Value(reference, kind, item.value, FAMILIES[kind])
        label = item.alias or (item.value.name if isinstance(item.value, q.Name) else item.written)
        if any(k.name.lower() == label.lower() for k in self.keys):
            scope.refuse(f"Alias '{label}' is declared several times", item.value)
        self.inner.insert(len(self.keys), t.alias(tree, name))
        self.keys.append(Key(label, item.value, reference, labelled, dropped))

    def label(self, time_buckets: Buckets, reference: Expr) -> Expr:
        return time_buckets.label(reference.copy(), [self.compute(e) for e in time_buckets.extras])

    def element(self, array: Value) -> Expr:
        """One row an element; a missing or empty array is one row without."""
        name = f"_u{len(self.keys)}"
        elements = t.either(
            exp.GT(this=t.call("len", array.sql), expression=t.number(0)),
            array.sql,
            exp.Array(expressions=[t.cast(exp.Null(), "VARCHAR")]),
        )
        inside = self.source.copy().select(exp.Star(), t.alias(t.call("unnest", elements), name), copy=False)
        self.source = exp.Select().from_(
            exp.Subquery(
                this=inside, alias=exp.TableAlias(this=exp.to_identifier(f"_unnested{len(self.keys)}"))
            ),
            copy=False,
        )
        return t.column(name)

    def compute(self, tree: Expr) -> Expr:
        name = f"_a{self.computed}"
        self.computed += 1
        self.inner.append(t.alias(tree, name))
        return t.column(name)

    def resolve(self, scope: Scope) -> Callable[[q.Node], Value | None]:
        """Group keys by alias or by saying the same; aggregates; any other field is not grouped."""

        def meaning(node: q.Node) -> Value | None:
            for key in self.keys:
                if node == key.node or (isinstance(node, q.Name) and node.name == key.name):
                    return key.output
            if isinstance(node, q.Call):
                if node.name in ("geo_cluster", "range"):
                    scope.refuse(
                        f"unexpected {node.name}( at position {node.at}: {node.name}() stands in group_by",
                        node,
                        "ODSQLSyntaxError",
                    )
                if (function := FUNCTIONS.get(node.name)) is not None and function.aggregate:
                    return self.aggregate(node, scope)
            if isinstance(node, q.Name):
                scope.field(node.name, node)
                scope.refuse(f"Field {node.name} must stand in group_by or in an aggregation", node)
            return None

        return meaning

    def aggregate(self, node: q.Call, scope: Scope) -> Value:
        known = self.aggregates.get(node)
        if known is None:
            typed = applied(FUNCTIONS[node.name], node, scope, _inside(scope))
            known = Value(self.compute(typed.sql), typed.type, node, typed.family, counted=True)
            self.aggregates[node] = known
        return known

    def outputs(self, items: Sequence[q.SelectItem]) -> list[Output]:
        scope = self.scope.within("select")
        resolve = self.resolve(scope)
        keys = {k.name.lower(): Output(k.name, k.output) for k in self.keys}
        by_name: dict[str, Output] = {}
        for item in items:
            if not isinstance(item, q.Item):
                if isinstance(item, q.Everything) and self.keys:
                    continue
                scope.refuse("a grouped select may only hold grouped expressions and aggregations", item)
            typed = value(item.value, scope, resolve)
            name = item.alias or (item.value.name if isinstance(item.value, q.Name) else item.written)
            same = keys.get(name.lower()) or by_name.get(name.lower())
            if same is not None and (item.alias or same.value.prototype != typed.prototype):
                scope.refuse(f"Alias '{name}' is declared several times", item.value)
            by_name.setdefault(name.lower(), Output(name, typed))
        return [*keys.values(), *(o for n, o in by_name.items() if n not in keys)]

    def ordering(self, orders: Sequence[q.OrderItem], aliases: Mapping[str, Value], ask: Ask) -> list[Expr]:
        scope = self.scope.within("order_by")
        general = self.resolve(scope)
        orderings: list[Expr] = []
        plain_seen = False
        for item in orders:
            if isinstance(item, q.Shuffle):
                shuffled = t.call("hash", *(k.reference.copy() for k in self.keys), t.number(item.seed))
                orderings.append(ordered(shuffled, descending=item.descending))
                continue
            key = next(
                (
                    k
                    for k in self.keys
                    if item.value == k.node or (isinstance(item.value, q.Name) and item.value.name == k.name)
                ),
                None,
            )
            alias = aliases.get(item.value.name) if isinstance(item.value, q.Name) else None
            subject = alias if alias is not None and key is None else value(item.value, scope, general)
            if subject.fixed:
                continue
            if subject.counted and plain_seen:
                scope.refuse("aggregations must stand before fields in order_by", item.value)
            if subject.counted and ask.whole and ask.limit is not None and ask.limit > GROUPS:
                scope.refuse(
                    f"aggregation function in order by is not supported with a limit > {GROUPS}. "
                    f"Please remove the order by or set a limit parameter lower than {GROUPS + 1}",
                    item.value,
                )
            plain_seen = plain_seen or not subject.counted
            orderings.append(
                ordered(key.reference.copy() if key is not None else subject.sql, descending=item.descending)
            )
        return (
            [*orderings, *(ordered(k.reference.copy(), descending=False) for k in self.keys)]
            if orderings
            else orderings
        )


def _inside(scope: Scope) -> Callable[[q.Node], Value | None]:
    """Inside an aggregate, no other aggregate."""

    def meaning(node: q.Node) -> Value | None:
        if (
            isinstance(node, q.Call)
            and (function := FUNCTIONS.get(node.name)) is not None
            and function.aggregate
        ):
            scope.refuse(f"invalid_function(): {node.name}() can't stand inside another aggregation", node)
        return None

    return meaning
