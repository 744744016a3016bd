"""A question in ODSQL, clause by clause, as two queries over a release: the page of rows, and how many there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Generic, TypeVar

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.errors import BadQuery
from parvis.core.released import Released
from parvis.core.types import RAW_PREFIX, Column, Schema
from parvis.engine import trees as t
from parvis.engine.relations import RECORD, over
from parvis.query import parser, refinements
from parvis.query import tree as q
from parvis.query.compiler import applied, condition, value, visible
from parvis.query.fields import fields
from parvis.query.functions import FUNCTIONS
from parvis.query.instants import known_zones
from parvis.query.ranges import Buckets, buckets
from parvis.query.values import FAMILIES, Field, Scope, Value

R = TypeVar("R", bound=Released)

PAGE = 100
"""Most records in a page."""
REACH = 10_000
"""offset + limit, ungrouped."""
GROUPS = 20_000
"""Most groups, and offset + limit, grouped."""
LANGUAGES = ("en", "fr", "nl", "pt", "it", "ar", "de", "es", "ca", "eu", "sv")


@dataclass(frozen=True, slots=True)
class Ask:
    """The clauses as the caller wrote them. limit None: the default of the place; whole: an export, without page nor cap."""

    select: str = ""
    where: tuple[str, ...] = ()
    group_by: str = ""
    order_by: str = ""
    limit: int | None = None
    offset: int = 0
    refine: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    timezone: str = "UTC"
    lang: str = "fr"
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Answer(Generic[R]):
    """rows: the page. count: one row, one BIGINT: how many records match, or how many groups there are. steady: the same text gives the same rows later."""

    rows: R
    count: R
    grouped: bool
    limit: int
    """Rows of the page at most; -1: all."""
    steady: bool
    filtered: bool
    repeated: bool = False
    """An aggregate without group_by: one row, said as many times as the limit, as upstream does."""


@dataclass(frozen=True, slots=True)
class Clauses:
    """The clauses understood as text. Two that say the same are equal, wherever their words stood."""

    items: tuple[q.SelectItem, ...]
    where: tuple[q.Node, ...]
    groups: tuple[q.Item, ...]
    orders: tuple[q.OrderItem, ...]

    @property
    def counted(self) -> bool:
        """An aggregate stands in the select."""
        return any(isinstance(i, q.Item) and _aggregated(i.value) for i in self.items)


@dataclass(frozen=True, slots=True)
class Built:
    """The trees of a question: its rows, with their schema, and how many there are."""

    rows: exp.Select
    schema: Schema
    count: exp.Select
    grouped: bool
    filtered: bool
    repeated: bool


def parsed(ask: Ask) -> Clauses:
    """Read the clauses. Raises BadQuery."""
    where = tuple(node for one in ask.where if (node := parser.where(one)) is not None)
    return Clauses(parser.select(ask.select), where, parser.group_by(ask.group_by), parser.order_by(ask.order_by))


def records(released: R, ask: Ask, *, now: datetime, dataset: str = "", modified: datetime | None = None, only: int | None = None) -> Answer[R]:
    """Understand a question and build its queries. only: the one record of that number, from 1. Raises BadQuery with the clause and the offset."""
    scope = scope_of(released, ask, now=now, dataset=dataset, modified=modified)
    clauses = parsed(ask)
    limit = bounded(ask, grouped=bool(clauses.groups))
    made = build(released, ask, clauses, scope, t.number(limit) if limit >= 0 else None, t.number(ask.offset) if ask.offset else None, only=only)
    rows, count = released.querying(made.rows, made.schema), released.querying(made.count)
    return Answer(rows, count, made.grouped, limit, steady(ask), made.filtered, made.repeated)


def steady(ask: Ask) -> bool:
    """The same text gives the same rows later: nothing asks for the time."""
    return "now" not in "".join((ask.select, *ask.where, ask.group_by, ask.order_by)).lower()


def build(
    released: Released, ask: Ask, clauses: Clauses, scope: Scope, limit: Expr | None, offset: Expr | None, *, only: int | None = None
) -> Built:  # fmt: skip
    """The trees of a question. limit, offset: what to cut by; None: nothing. Raises BadQuery."""
    conditions = [*(condition(node, scope) for node in clauses.where), *refined(ask, scope)]
    if only is not None:
        conditions.append(exp.EQ(this=t.column(RECORD), expression=t.number(only)))
    source = over(released)
    if limit is not None and offset is not None and not (conditions or clauses.groups or clauses.counted or clauses.orders) and _one_file(released):
        # Nothing is left out: the page is a run of records, which the engine finds without reading those before it.
        reach = exp.Add(this=offset.copy(), expression=limit.copy())
        run = source.copy().where(exp.GT(this=t.column(RECORD), expression=offset), exp.LTE(this=t.column(RECORD), expression=reach), copy=False)
        rows, schema = _plain(released, run, _outputs(clauses.items, scope), (), scope, limit, None, raw=ask.whole)
        return Built(rows, schema, _counting(source), False, False, False)
    for one in conditions:
        source = source.where(one, copy=False)
    if clauses.groups or clauses.counted:
        rows, schema, count = _Groups(scope, source, clauses.groups).query(clauses.items, clauses.orders, ask, limit, offset)
        if clauses.groups:
            return Built(rows, schema, count, True, True, False)
        return Built(rows, schema, _counting(source), False, bool(conditions), True)
    rows, schema = _plain(released, source, _outputs(clauses.items, scope), clauses.orders, scope, limit, offset, raw=ask.whole)
    return Built(rows, schema, _counting(source), False, bool(conditions), False)


def _one_file(released: Released) -> bool:
    """Whether RECORD numbers the rows of the release from 1 without a gap: over several files it does not."""
    return released.table.tree is None and sum(len(one.files) for one in released.table.sources) == 1


def scope_of(released: Released, ask: Ask, *, now: datetime, dataset: str = "", modified: datetime | None = None) -> Scope:
    """What the clauses may refer to. Raises BadQuery for an unknown time zone or language."""
    if ask.timezone not in known_zones():
        raise BadQuery(f"Invalid value for timezone API parameter: {ask.timezone[:60]}", code="InvalidRESTParameterError", clause="timezone")
    if ask.lang not in LANGUAGES:
        raise BadQuery(
            f"Invalid value for lang API parameter: {ask.lang[:60]} was found but one of {', '.join(LANGUAGES)} is expected.",
            code="InvalidRESTParameterError", clause="lang",
        )  # fmt: skip
    return Scope(fields(released, dataset=dataset, modified=modified), now, ask.timezone, ask.lang)


def filters(ask: Ask, scope: Scope) -> list[Expr]:
    """Every condition of `where`, `refine` and `exclude`, to be joined by AND."""
    return [*(condition(node, scope) for one in ask.where if (node := parser.where(one)) is not None), *refined(ask, scope)]


def refined(ask: Ask, scope: Scope) -> list[Expr]:
    """Conditions of `refine` and `exclude`."""
    return [*refinements.kept(ask.refine, scope.within("refine")), *refinements.left_out(ask.exclude, scope.within("exclude"))]


def bounded(ask: Ask, *, grouped: bool) -> int:
    """The limit that holds, -1 for all. Raises BadQuery past a cap, and says which."""
    if ask.offset < 0:
        raise _out_of_range("offset", ask.offset, "0 <= offset")
    if ask.whole:
        if ask.limit is not None and ask.limit < -1:
            raise _out_of_range("limit", ask.limit, "-1 <= limit")
        return -1 if ask.limit is None else ask.limit
    most = GROUPS if grouped else PAGE
    limit = 10 if ask.limit is None else ask.limit
    if not -1 <= limit <= most:
        raise _out_of_range("limit", limit, f"-1 <= limit <= {most}")
    limit = most if limit == -1 else limit
    reach = GROUPS if grouped else REACH
    if ask.offset + limit > reach:
        raise _out_of_range("sum of offset + limit", ask.offset + limit, f"<= {reach}")
    return limit


def _out_of_range(name: str, found: int, expected: str) -> BadQuery:
    more = "" if name == "offset" else " Use /exports to read a whole table."
    return BadQuery(
        f"Invalid value for {name} API parameter: {found} was found but {expected} is expected.{more}", code="InvalidRESTParameterError", clause="limit"
    )


def _counting(source: exp.Select) -> exp.Select:
    return source.copy().select(exp.Count(this=exp.Star()), copy=False)


def _aggregated(node: q.Node) -> bool:
    """Does the expression hold an aggregate."""
    match node:
        case q.Call(name, arguments):
            return (name in FUNCTIONS and FUNCTIONS[name].aggregate) or any(_aggregated(a) for a in arguments)
        case q.Arithmetic(_, left, right):
            return _aggregated(left) or _aggregated(right)
        case q.Minus(part):
            return _aggregated(part)
        case _:
            return False


# plain rows


@dataclass(frozen=True, slots=True)
class Output:
    """One column of the answer."""

    name: str
    value: Value
    title: str = ""

    @property
    def raw(self) -> str:
        return self.value.field.raw if self.value.field else ""


def _outputs(items: Sequence[q.SelectItem], scope: Scope) -> list[Output]:
    scope = scope.within("select")
    found: dict[str, Output] = {}
    for output in _spread(items or (q.Everything(),), scope):
        same = found.get(output.name.lower())
        if same is not None and same.value.node != output.value.node:
            scope.refuse(f"Alias '{output.name}' is declared several times", output.value.node)
        found[output.name.lower()] = output
    return list(found.values())


def _spread(items: Sequence[q.SelectItem], scope: Scope) -> list[Output]:
    """Fields by `*`, include and exclude, in their order; expressions where they stand."""
    includes = [i for i in items if isinstance(i, q.Include) and i.keep]
    excludes = [i for i in items if isinstance(i, q.Include) and not i.keep]
    for one in (*includes, *excludes):
        for pattern in one.patterns:
            if not pattern.endswith("*"):
                scope.field(pattern, one)
    outputs: list[Output] = []
    spread = False
    for item in items:
        if isinstance(item, q.Item):
            found = value(item.value, scope)
            name = item.alias or (found.field.name if found.field else item.written)
            outputs.append(Output(name, found, found.field.title if found.field and not item.alias else ""))
        elif not spread:
            spread = True
            every = any(isinstance(i, q.Everything) for i in items) or not includes
            outputs += [_output(f) for f in visible(scope) if (every or _named(f, includes)) and not _named(f, excludes)]
    return outputs


def _named(one: Field, items: Sequence[q.Include]) -> bool:
    return any(fnmatchcase(one.name, _pattern(p)) or one.name.lower() == p.lower() for i in items for p in i.patterns)


def _pattern(pattern: str) -> str:
    stem = pattern.removesuffix("*")
    return stem.replace("[", "[[]").replace("?", "[?]") + ("*" if pattern.endswith("*") else "")


def _output(one: Field) -> Output:
    return Output(one.name, Value(one.tree, one.type, q.Name(one.name), FAMILIES[one.type], field=one, bare=True), one.title)


def _plain(
    released: Released, source: exp.Select, outputs: list[Output], orders: Sequence[q.OrderItem], scope: Scope, limit: Expr | None,
    offset: Expr | None, *, raw: bool,
) -> tuple[exp.Select, Schema]:  # fmt: skip
    columns: list[Expr] = [t.alias(o.value.sql, o.name) for o in outputs]
    twins = [o for o in outputs if raw and o.raw]
    columns += [t.alias(t.column(o.raw), RAW_PREFIX + o.name) for o in twins]
    tree = source.copy().select(*columns, copy=False) if columns else source.copy().select(t.alias(exp.Null(), "_"), copy=False)
    aliases = {o.name: o.value for o in outputs}
    ordering = _ordering(orders, scope.within("order_by"), lambda node: aliases.get(node.name) if isinstance(node, q.Name) else None)
    if ordering and released.table.tree is None:
        ordering.append(_ordered(t.column(RECORD), descending=False))
    tree = _paged(tree, ordering, limit, offset)
    return tree, Schema(
        released.schema.name, released.schema.version, tuple(_column(o) for o in outputs), raw=tuple(o.name for o in twins), source=released.schema.source
    )


def _column(output: Output) -> Column:
    one = output.value.field
    return Column(output.name, output.value.type, output.title or (one.title if one and one.name == output.name else ""))


def _paged(tree: exp.Select, ordering: list[Expr], limit: Expr | None, offset: Expr | None) -> exp.Select:
    if ordering:
        tree = tree.order_by(*ordering, copy=False)
    if limit is not None:
        tree.set("limit", exp.Limit(expression=limit))
    if offset is not None:
        tree.set("offset", exp.Offset(expression=offset))
    return tree


def _ordered(tree: Expr, *, descending: bool) -> Expr:
    """Missing values last, both ways."""
    return exp.Ordered(this=tree, desc=descending, nulls_first=False)


def _ordering(orders: Sequence[q.OrderItem], scope: Scope, resolve: Callable[[q.Node], Value | None]) -> list[Expr]:
    """Constants order nothing and are no fault."""
    found: list[Expr] = []
    for item in orders:
        if isinstance(item, q.Shuffle):
            seeded = t.call("hash", t.cast(t.column(RECORD), "BIGINT"), t.number(item.seed))
            found.append(_ordered(seeded, descending=item.descending))
            continue
        subject = value(item.value, scope, resolve)
        if subject.family == "geo":
            scope.refuse("a geometry can't be ordered: use distance()", item.value)
        if not subject.fixed:
            found.append(_ordered(subject.sql, descending=item.descending))
    return found


# groups


@dataclass(frozen=True, slots=True)
class Key:
    """One group key. reference: its column in the inner query; shown: what the answer says."""

    name: str
    node: q.Node
    reference: Expr
    shown: Value
    dropped: bool
    """Rows outside every bucket make no group."""


@dataclass(slots=True)
class _Groups:
    """The inner query: keys `_g0`… and aggregates `_a0`…, each computed once; the outer one shows, orders and pages them."""

    scope: Scope
    source: exp.Select
    items: Sequence[q.Item]
    keys: list[Key] = field(default_factory=list[Key])
    inner: list[Expr] = field(default_factory=list[Expr])
    aggregates: dict[q.Call, Value] = field(default_factory=dict[q.Call, Value])
    computed: int = 0

    def query(self, items: Sequence[q.SelectItem], orders: Sequence[q.OrderItem], ask: Ask, limit: Expr | None, offset: Expr | None
    ) -> tuple[exp.Select, Schema, exp.Select]:  # fmt: skip
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
            outer = outer.join(exp.Table(this=times, alias=exp.TableAlias(this=exp.to_identifier("_times"))), join_type="cross", copy=False)
            return outer, self.schema(outputs), count
        return _paged(outer, ordering, limit, offset), self.schema(outputs), count

    def schema(self, outputs: list[Output]) -> Schema:
        return Schema(columns=tuple(_column(o) for o in outputs))

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
            made = buckets(item.value, scope)
            shown = Value(self.label(made, reference), made.type, item.value, FAMILIES[made.type])
            tree, dropped = made.key, True
        else:
            found = value(item.value, scope)
            if found.family == "geo":
                scope.refuse(
                    "Aggregation on geo point field is not possible. Use the geo_cluster(<field>, int_precision) aggregation function instead", item.value
                )
            tree, dropped, kind = found.sql, False, found.type
            if found.type == "array":
                tree, kind = self.element(found), "text"
            shown = Value(reference, kind, item.value, FAMILIES[kind])
        label = item.alias or (item.value.name if isinstance(item.value, q.Name) else item.written)
        if any(k.name.lower() == label.lower() for k in self.keys):
            scope.refuse(f"Alias '{label}' is declared several times", item.value)
        self.inner.insert(len(self.keys), t.alias(tree, name))
        self.keys.append(Key(label, item.value, reference, shown, dropped))

    def label(self, made: Buckets, reference: Expr) -> Expr:
        return made.label(reference.copy(), [self.compute(e) for e in made.extras])

    def element(self, found: Value) -> Expr:
        """One row an element; a missing or empty array is one row without."""
        name = f"_u{len(self.keys)}"
        elements = t.either(exp.GT(this=t.call("len", found.sql), expression=t.number(0)), found.sql, exp.Array(expressions=[t.cast(exp.Null(), "VARCHAR")]))
        inside = self.source.copy().select(exp.Star(), t.alias(t.call("unnest", elements), name), copy=False)
        self.source = exp.Select().from_(exp.Subquery(this=inside, alias=exp.TableAlias(this=exp.to_identifier(f"_unnested{len(self.keys)}"))), copy=False)
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
                    return key.shown
            if isinstance(node, q.Call):
                if node.name in ("geo_cluster", "range"):
                    scope.refuse(f"unexpected {node.name}( at position {node.at}: {node.name}() stands in group_by", node, "ODSQLSyntaxError")
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
            found = applied(FUNCTIONS[node.name], node, scope, _inside(scope))
            known = Value(self.compute(found.sql), found.type, node, found.family, counted=True)
            self.aggregates[node] = known
        return known

    def outputs(self, items: Sequence[q.SelectItem]) -> list[Output]:
        scope = self.scope.within("select")
        resolve = self.resolve(scope)
        keys = {k.name.lower(): Output(k.name, k.shown) for k in self.keys}
        found: dict[str, Output] = {}
        for item in items:
            if not isinstance(item, q.Item):
                if isinstance(item, q.Everything) and self.keys:
                    continue
                scope.refuse("a grouped select may only hold grouped expressions and aggregations", item)
            shown = value(item.value, scope, resolve)
            name = item.alias or (item.value.name if isinstance(item.value, q.Name) else item.written)
            same = keys.get(name.lower()) or found.get(name.lower())
            if same is not None and (item.alias or same.value.prototype != shown.prototype):
                scope.refuse(f"Alias '{name}' is declared several times", item.value)
            found.setdefault(name.lower(), Output(name, shown))
        return [*keys.values(), *(o for n, o in found.items() if n not in keys)]

    def ordering(self, orders: Sequence[q.OrderItem], aliases: Mapping[str, Value], ask: Ask) -> list[Expr]:
        scope = self.scope.within("order_by")
        general = self.resolve(scope)
        found: list[Expr] = []
        plain_seen = False
        for item in orders:
            if isinstance(item, q.Shuffle):
                shuffled = t.call("hash", *(k.reference.copy() for k in self.keys), t.number(item.seed))
                found.append(_ordered(shuffled, descending=item.descending))
                continue
            key = next((k for k in self.keys if item.value == k.node or (isinstance(item.value, q.Name) and item.value.name == k.name)), None)
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
            found.append(_ordered(key.reference.copy() if key is not None else subject.sql, descending=item.descending))
        return [*found, *(_ordered(k.reference.copy(), descending=False) for k in self.keys)] if found else found


def _inside(scope: Scope) -> Callable[[q.Node], Value | None]:
    """Inside an aggregate, no other aggregate."""

    def meaning(node: q.Node) -> Value | None:
        if isinstance(node, q.Call) and (function := FUNCTIONS.get(node.name)) is not None and function.aggregate:
            scope.refuse(f"invalid_function(): {node.name}() can't stand inside another aggregation", node)
        return None

    return meaning

