"""A question in ODSQL, clause by clause, as two queries over a release: the page of rows, and how many there
are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, is_dataclass
from dataclasses import fields as parts
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Generic, TypeVar, cast

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.errors import BadQuery
from parvis.core.released import Released
from parvis.core.types import RAW_PREFIX, Schema
from parvis.engine import trees as t
from parvis.engine.relations import RECORD, over
from parvis.query import parser, refinements
from parvis.query import tree as q
from parvis.query.compiler import condition, value, visible
from parvis.query.fields import fields
from parvis.query.functions import FUNCTIONS
from parvis.query.groups import Groups
from parvis.query.instants import known_zones
from parvis.query.outputs import Output, column, ordered, paged
from parvis.query.question import Ask, bounded
from parvis.query.values import FAMILIES, Field, Scope, Value

R = TypeVar("R", bound=Released)

LANGUAGES = ("en", "fr", "nl", "pt", "it", "ar", "de", "es", "ca", "eu", "sv")


@dataclass(frozen=True, slots=True)
class Answer(Generic[R]):
    """rows: the page. count: one row, one BIGINT: how many records match, or how many groups there are.
    steady: the same text gives the same rows later.
    """

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
    def steady(self) -> bool:
        """The same question gives the same rows later: nothing in it asks for the time."""
        return not _asks_time((self.items, self.where, self.groups, self.orders))

    @property
    def counted(self) -> bool:
        """Whether there is an aggregate in the select."""
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


def _asks_time(node: object) -> bool:
    """Whether `now()` is used anywhere in a tree of the language, or in a tuple of them."""
    if isinstance(node, tuple):
        return any(_asks_time(one) for one in cast("tuple[object, ...]", node))
    if isinstance(node, q.Call) and node.name == "now":
        return True
    return is_dataclass(node) and any(_asks_time(getattr(node, part.name)) for part in parts(node))


def steady(ask: Ask) -> bool:
    """Whether the answer to a question holds as long as its table: what can't be understood has no answer to
    hold.
    """
    texts = (ask.select, *ask.where, ask.group_by, ask.order_by)
    if not any(
        "now" in text.lower() for text in texts
    ):  # a name of a function is written as it is: most questions need not be read for this
        return True
    try:
        return parsed(ask).steady
    except BadQuery:
        return False


def parsed(ask: Ask) -> Clauses:
    """Read the clauses. Raises BadQuery."""
    where = tuple(node for one in ask.where if (node := parser.where(one)) is not None)
    return Clauses(
        parser.select(ask.select), where, parser.group_by(ask.group_by), parser.order_by(ask.order_by)
    )


def records(
    released: R,
    ask: Ask,
    *,
    now: datetime,
    dataset: str = "",
    modified: datetime | None = None,
    only: int | None = None,
) -> Answer[R]:
    """Understand a question and build its queries. only: the one record of that number, from 1. Raises
    BadQuery with the clause and the offset.
    """
    scope = scope_of(released, ask, now=now, dataset=dataset, modified=modified)
    clauses = parsed(ask)
    limit = bounded(ask, grouped=bool(clauses.groups))
    statement = build(
        released,
        ask,
        clauses,
        scope,
        t.number(limit) if limit >= 0 else None,
        t.number(ask.offset) if ask.offset else None,
        only=only,
    )
    rows, count = released.querying(statement.rows, statement.schema), released.querying(statement.count)
    return Answer(
        rows, count, statement.grouped, limit, clauses.steady, statement.filtered, statement.repeated
    )


def build(
    released: Released,
    ask: Ask,
    clauses: Clauses,
    scope: Scope,
    limit: Expr | None,
    offset: Expr | None,
    *,
    only: int | None = None,
) -> Built:
    """The trees of a question. limit, offset: what to cut by; None: nothing. Raises BadQuery."""
    conditions = [*(condition(node, scope) for node in clauses.where), *refined(ask, scope)]
    if only is not None:
        conditions.append(exp.EQ(this=t.column(RECORD), expression=t.number(only)))
    source = over(released)
    if (
        limit is not None
        and offset is not None
        and not (conditions or clauses.groups or clauses.counted or clauses.orders)
        and _one_file(released)
    ):
        # Nothing is left out: the page is a run of records, which the engine finds without reading those
        # before it.
        reach = exp.Add(this=offset.copy(), expression=limit.copy())
        run = source.copy().where(
            exp.GT(this=t.column(RECORD), expression=offset),
            exp.LTE(this=t.column(RECORD), expression=reach),
            copy=False,
        )
        rows, schema = _plain(
            released, run, _outputs(clauses.items, scope), (), scope, limit, None, raw=ask.whole
        )
        return Built(rows, schema, _counting(source), False, False, False)
    for one in conditions:
        source = source.where(one, copy=False)
    if clauses.groups or clauses.counted:
        rows, schema, count = Groups(scope, source, clauses.groups).query(
            clauses.items, clauses.orders, ask, limit, offset
        )
        if clauses.groups:
            return Built(rows, schema, count, True, True, False)
        return Built(rows, schema, _counting(source), False, bool(conditions), True)
    rows, schema = _plain(
        released, source, _outputs(clauses.items, scope), clauses.orders, scope, limit, offset, raw=ask.whole
    )
    return Built(rows, schema, _counting(source), False, bool(conditions), False)


def _one_file(released: Released) -> bool:
    """Whether RECORD numbers the rows of the release from 1 without a gap: over several files it does not."""
    return released.table.tree is None and sum(len(one.files) for one in released.table.sources) == 1


def scope_of(
    released: Released, ask: Ask, *, now: datetime, dataset: str = "", modified: datetime | None = None
) -> Scope:
    """What the clauses may refer to. Raises BadQuery for an unknown time zone or language."""
    if ask.timezone not in known_zones():
        raise BadQuery(
            f"Invalid value for timezone API parameter: {ask.timezone[:60]}",
            code="InvalidRESTParameterError",
            clause="timezone",
        )
    if ask.lang not in LANGUAGES:
        raise BadQuery(
            f"Invalid value for lang API parameter: {ask.lang[:60]} was found but one of {', '.join(LANGUAGES)} is expected.",
            code="InvalidRESTParameterError",
            clause="lang",
        )
    return Scope(fields(released, dataset=dataset, modified=modified), now, ask.timezone, ask.lang)


def filters(ask: Ask, scope: Scope) -> list[Expr]:
    """Every condition of `where`, `refine` and `exclude`, to be joined by AND."""
    return [
        *(condition(node, scope) for one in ask.where if (node := parser.where(one)) is not None),
        *refined(ask, scope),
    ]


def refined(ask: Ask, scope: Scope) -> list[Expr]:
    """Conditions of `refine` and `exclude`."""
    return [
        *refinements.conditions(ask.refine, scope.within("refine")),
        *refinements.left_out(ask.exclude, scope.within("exclude")),
    ]


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


def _outputs(items: Sequence[q.SelectItem], scope: Scope) -> list[Output]:
    scope = scope.within("select")
    by_name: dict[str, Output] = {}
    for output in _spread(items or (q.Everything(),), scope):
        same = by_name.get(output.name.lower())
        if same is not None and same.value.node != output.value.node:
            scope.refuse(f"Alias '{output.name}' is declared several times", output.value.node)
        by_name[output.name.lower()] = output
    return list(by_name.values())


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
            typed = value(item.value, scope)
            name = item.alias or (typed.field.name if typed.field else item.written)
            outputs.append(Output(name, typed, typed.field.title if typed.field and not item.alias else ""))
        elif not spread:
            spread = True
            every = any(isinstance(i, q.Everything) for i in items) or not includes
            outputs += [
                _output(f)
                for f in visible(scope)
                if (every or _named(f, includes)) and not _named(f, excludes)
            ]
    return outputs


def _named(one: Field, items: Sequence[q.Include]) -> bool:
    return any(
        fnmatchcase(one.name, _pattern(p)) or one.name.lower() == p.lower() for i in items for p in i.patterns
    )


def _pattern(pattern: str) -> str:
    stem = pattern.removesuffix("*")
    return stem.replace("[", "[[]").replace("?", "[?]") + ("*" if pattern.endswith("*") else "")


def _output(one: Field) -> Output:
    return Output(
        one.name,
        Value(one.tree, one.type, q.Name(one.name), FAMILIES[one.type], field=one, bare=True),
        one.title,
    )


def _plain(
    released: Released,
    source: exp.Select,
    outputs: list[Output],
    orders: Sequence[q.OrderItem],
    scope: Scope,
    limit: Expr | None,
    offset: Expr | None,
    *,
    raw: bool,
) -> tuple[exp.Select, Schema]:
    """The query of ungrouped rows, and its schema."""
    columns: list[Expr] = [t.alias(o.value.sql, o.name) for o in outputs]
    twins = [o for o in outputs if raw and o.raw]
    columns += [t.alias(t.column(o.raw), RAW_PREFIX + o.name) for o in twins]
    tree = (
        source.copy().select(*columns, copy=False)
        if columns
        else source.copy().select(t.alias(exp.Null(), "_"), copy=False)
    )
    aliases = {o.name: o.value for o in outputs}
    ordering = _ordering(
        orders,
        scope.within("order_by"),
        lambda node: aliases.get(node.name) if isinstance(node, q.Name) else None,
    )
    if ordering and released.table.tree is None:
        ordering.append(ordered(t.column(RECORD), descending=False))
    tree = paged(tree, ordering, limit, offset)
    return tree, Schema(
        released.schema.name,
        released.schema.version,
        tuple(column(o) for o in outputs),
        raw=tuple(o.name for o in twins),
        source=released.schema.source,
    )


def _ordering(
    orders: Sequence[q.OrderItem], scope: Scope, resolve: Callable[[q.Node], Value | None]
) -> list[Expr]:
    """Constants order nothing and are no fault."""
    orderings: list[Expr] = []
    for item in orders:
        if isinstance(item, q.Shuffle):
            seeded = t.call("hash", t.cast(t.column(RECORD), "BIGINT"), t.number(item.seed))
            orderings.append(ordered(seeded, descending=item.descending))
            continue
        subject = value(item.value, scope, resolve)
        if subject.family == "geo":
            scope.refuse("a geometry can't be ordered: use distance()", item.value)
        if not subject.fixed:
            orderings.append(ordered(subject.sql, descending=item.descending))
    return orderings
