"""`range()` and `geo_cluster()`: what a bucket is and how it is called.

A bucket has a key, by which rows are grouped and ordered, and a label made from the key.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.types import ColumnType
from parvis.engine import trees as t
from parvis.engine.render import iso, moment
from parvis.query import places
from parvis.query import tree as q
from parvis.query.compiler import compare, value
from parvis.query.instants import Interval
from parvis.query.values import Scope, Value, wall

UNITS: Mapping[str, str] = {
    "ms": "millisecond",
    "s": "second",
    "m": "minute",
    "h": "hour",
    "d": "day",
    "w": "week",
    "M": "month",
    "q": "quarter",
    "y": "year",
}
CALENDAR = frozenset({"week", "month", "quarter", "year"})
MAX_BOUNDS = 1000
MAX_ZOOM = 25
TILE_PX = 256


@dataclass(frozen=True, slots=True)
class Buckets:
    """key: a tree over the rows, NULL outside every bucket. label: from a reference to the key. extras:
    aggregates that the label also needs.
    """

    key: Expr
    label: Callable[[Expr, Sequence[Expr]], Expr]
    type: ColumnType = "text"
    extras: tuple[Expr, ...] = ()


def buckets(node: q.Call, scope: Scope) -> Buckets:
    """Read `range(…)` or `geo_cluster(…)`. Raises BadQuery."""
    if not node.arguments:
        scope.refuse(f"invalid_function(): {node.name}() needs a field", node)
    subject = value(node.arguments[0], scope)
    if node.name == "geo_cluster":
        return _clusters(subject, node, scope)
    rest = node.arguments[1:]
    if subject.family not in ("number", "moment") or subject.fixed:
        scope.refuse("invalid_function(): range() needs a number or a date field", node.arguments[0])
    if not rest or len(rest) > MAX_BOUNDS:
        scope.refuse(f"invalid_function(): range() needs a width, or 2 to {MAX_BOUNDS} bounds", node)
    if len(rest) == 1 and not isinstance(rest[0], q.Star):
        return _widths(subject, rest[0], scope)
    return _bounds(subject, rest, scope)


def _widths(subject: Value, width: q.Node, scope: Scope) -> Buckets:
    if subject.family == "moment":
        return _periods(subject, width, scope)
    if not isinstance(width, q.Number) or width.value <= 0:
        scope.refuse("invalid_function(): range() needs a width above 0", width)
    step = exp.Literal.number(width.written)
    key = t.cast(t.call("floor", exp.Div(this=subject.sql, expression=step)), "BIGINT")
    closed = subject.type != "number" and isinstance(width.value, int)

    def label(ref: Expr, _: Sequence[Expr]) -> Expr:
        low = exp.Paren(this=exp.Mul(this=ref, expression=step.copy()))
        high = exp.Paren(this=exp.Add(this=low.copy(), expression=step.copy()))
        if closed:
            high = exp.Paren(this=exp.Sub(this=high, expression=t.number(1)))
        return t.joined(
            t.text("["),
            t.cast(low, "VARCHAR"),
            t.text(", "),
            t.cast(high, "VARCHAR"),
            t.text("]" if closed else "["),
        )

    return Buckets(key, label)


def _periods(subject: Value, width: q.Node, scope: Scope) -> Buckets:
    if not isinstance(width, q.Quantity):
        scope.refuse("invalid_function(): range() on a date needs a width with a unit, like 1 day", width)
    unit = UNITS.get(width.unit) or next(
        (u for u in UNITS.values() if width.unit.lower() in (u, u + "s")), ""
    )
    count = width.value
    if not unit:
        scope.refuse(
            f"invalid_function(): unknown unit {width.unit} (known: {', '.join((*UNITS, *UNITS.values()))})",
            width,
        )
    if not isinstance(count, int) or not 0 < count < 1_000_000 or (unit in CALENDAR and count != 1):
        scope.refuse(
            f"invalid_function(): the width of a range() in {unit}s is "
            + ("1" if unit in CALENDAR else "a whole number above 0"),
            width,
        )
    clock = wall(subject, scope)
    span = t.call(f"to_{unit}s", t.number(count))
    epoch = t.cast(t.text("1970-01-01"), "TIMESTAMP")
    floor = (
        t.call("date_trunc", t.text(unit), clock)
        if count == 1
        else t.call("time_bucket", span.copy(), clock, epoch)
    )
    zone = scope.timezone if subject.type == "datetime" else "UTC"
    if unit not in CALENDAR and unit != "day" and zone != "UTC":
        return _hours(subject, clock, floor, span, zone)

    def label(ref: Expr, _: Sequence[Expr]) -> Expr:
        return _between(
            _instant(ref, zone), _instant(exp.Add(this=ref.copy(), expression=span.copy()), zone), zone
        )

    return Buckets(floor, label)


def _hours(subject: Value, clock: Expr, floor: Expr, span: Expr, zone: str) -> Buckets:
    """Buckets shorter than a day start on the local clock but are instants: the hour that comes twice in
    autumn is two buckets.
    """
    key = exp.Sub(this=subject.sql, expression=exp.Paren(this=exp.Sub(this=clock.copy(), expression=floor)))

    def label(ref: Expr, _: Sequence[Expr]) -> Expr:
        return _between(ref, exp.Add(this=ref.copy(), expression=span.copy()), zone)

    return Buckets(key, label)


def _instant(clock: Expr, zone: str) -> Expr:
    """A wall clock as a TIMESTAMPTZ."""
    return t.call("timezone", t.text(zone), exp.Paren(this=clock))


def _between(low: Expr, high: Expr, zone: str) -> Expr:
    return t.joined(
        t.text("["), _edge(low, zone), t.text(", "), _edge(exp.Paren(this=high), zone), t.text("[")
    )


def _edge(instant: Expr, zone: str) -> Expr:
    if zone == "UTC":
        return t.call("strftime", moment(instant), t.text("%Y-%m-%dT%H:%M:%S.%gZ"))
    return iso(instant, zone)


def _bounds(subject: Value, nodes: Sequence[q.Node], scope: Scope) -> Buckets:
    below, above = isinstance(nodes[0], q.Star), isinstance(nodes[-1], q.Star) and len(nodes) > 1
    inner = nodes[1 if below else 0 : len(nodes) - 1 if above else len(nodes)]
    for one in inner:
        if isinstance(one, q.Star | q.Quantity):
            scope.refuse(
                "invalid_function(): * stands first or last in range(), and bounds have no unit", one
            )
    marks = [value(n, scope) for n in inner]
    if not marks or len(marks) + below + above < 2:
        scope.refuse("invalid_function(): range() needs at least two bounds", nodes[0])
    if any(not m.fixed or m.family != subject.family for m in marks):
        scope.refuse(f"invalid_function(): the bounds of this range() must be {subject.family}s", inner[0])
    if any(not _position(a) < _position(b) for a, b in pairwise(marks)):
        scope.refuse("invalid_function(): the bounds of range() must go up", inner[0])
    edges = [*([None] if below else []), *marks, *([None] if above else [])]
    labels = [_label(low, high, subject, scope) for low, high in pairwise(edges)]
    cases = [exp.If(this=t.absent(subject.sql), true=exp.Null())]
    if not below:
        cases.append(exp.If(this=compare("<", subject, marks[0], scope), true=exp.Null()))
    for position, mark in enumerate(marks[0 if below else 1 :]):
        cases.append(exp.If(this=compare("<", subject, mark, scope), true=t.number(position)))
    key = exp.Case(ifs=cases, default=t.number(len(labels) - 1) if above else exp.Null())

    def label(ref: Expr, _: Sequence[Expr]) -> Expr:
        return t.call(
            "list_extract",
            exp.Array(expressions=[t.text(one) for one in labels]),
            exp.Add(this=ref, expression=t.number(1)),
        )

    return Buckets(key, label)


def _position(mark: Value) -> float:
    if isinstance(mark.constant, Interval):
        return (mark.constant.low_utc - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
    return float(mark.constant) if isinstance(mark.constant, int | float) else math.nan


def _label(low: Value | None, high: Value | None, subject: Value, scope: Scope) -> str:
    closed = (
        subject.family == "number"
        and subject.type != "number"
        and all(e is None or isinstance(e.constant, int) for e in (low, high))
    )
    left = "*" if low is None else _edge_text(low, subject, scope)
    if high is None:
        return f"[{left}, *{']' if closed else '['}"
    if closed and isinstance(high.constant, int):
        return f"[{left}, {high.constant - 1}]"
    return f"[{left}, {_edge_text(high, subject, scope)}["


def _edge_text(edge: Value, subject: Value, scope: Scope) -> str:
    span = edge.constant
    if not isinstance(span, Interval):
        return str(span)
    if subject.type != "datetime":
        return span.low.isoformat(timespec="milliseconds") + "Z"
    if scope.timezone == "UTC":
        return span.low_utc.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
    return span.low_utc.astimezone(ZoneInfo(scope.timezone)).isoformat()


def _clusters(subject: Value, node: q.Call, scope: Scope) -> Buckets:
    """Square cells of the Web Mercator plane, as wide as the radius (pixels of 256-pixel tiles) at that zoom;
    each stands at the mean of its points.
    """
    rest = node.arguments[1:]
    numbers = [n.value for n in rest if isinstance(n, q.Number) and isinstance(n.value, int)]
    if subject.type != "point" or subject.fixed:
        scope.refuse("invalid_function(): geo_cluster() needs a geo_point_2d field", node.arguments[0])
    if (
        not rest
        or len(numbers) != len(rest)
        or len(rest) > 2
        or not 0 <= numbers[0] <= MAX_ZOOM
        or not 0 < (*numbers, 40)[1] <= 10_000
    ):
        scope.refuse(
            f"invalid_function(): geo_cluster() takes a zoom from 0 to {MAX_ZOOM} and a radius in pixels",
            node,
        )
    side = (*numbers, 40)[1] / TILE_PX / 2 ** numbers[0]
    lon, lat = places.lon_lat(subject.sql)
    x = exp.Div(this=exp.Paren(this=exp.Add(this=lon, expression=t.number(180))), expression=t.number(360))
    bounded = t.call("greatest", t.number(-85.0), t.call("least", t.number(85.0), lat))
    tangent = t.call(
        "tan",
        exp.Add(
            this=t.number(math.pi / 4),
            expression=exp.Div(this=t.call("radians", bounded), expression=t.number(2)),
        ),
    )
    y = exp.Div(this=t.call("ln", tangent), expression=t.number(2 * math.pi))
    cells = [
        t.cast(t.call("floor", exp.Div(this=exp.Paren(this=c), expression=t.number(side))), "BIGINT")
        for c in (x, y)
    ]
    key = t.either(
        exp.Not(this=t.absent(subject.sql)),
        t.joined(t.cast(cells[0], "VARCHAR"), t.text("/"), t.cast(cells[1], "VARCHAR")),
    )
    lon, lat = places.lon_lat(subject.sql)

    def label(_: Expr, extras: Sequence[Expr]) -> Expr:
        return t.cast(
            t.call("to_json", t.struct(cluster_centroid=t.struct(lat=extras[0], lon=extras[1]))), "VARCHAR"
        )

    return Buckets(key, label, "json", (t.call("avg", lat), t.call("avg", lon)))
