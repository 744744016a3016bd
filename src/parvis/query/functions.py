"""Every function of the language, in one table. To add one: one row here, one line in the tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.types import ColumnType
from parvis.engine import trees as t
from parvis.query import places, text_search
from parvis.query import tree as q
from parvis.query.patterns import formatted
from parvis.query.places import LENGTHS, Shape
from parvis.query.values import Build, Field, Function, Scope, Takes, Value, computed, wall


def _part(name: str) -> Build:
    """A part of the wall clock, in the time zone asked for."""

    def build(scope: Scope, a: tuple[Value, ...]) -> Expr:
        if a[0].type == "year" and name == "year":
            return a[0].sql
        return t.call(name, wall(a[0], scope))

    return build


def _simple(name: str) -> Build:
    return lambda _, a: t.call(name, *(v.sql for v in a))


def _date_format(scope: Scope, a: tuple[Value, ...]) -> Expr:
    pattern = str(a[1].constant)
    tree = formatted(wall(a[0], scope), pattern, scope.lang)
    if isinstance(tree, int):
        scope.refuse(
            f"invalid date format: unexpected {pattern[tree : tree + 1]} at position {tree} in {pattern[:60]}",
            a[1].node,
        )
    return tree


def _ifnull(scope: Scope, a: tuple[Value, ...]) -> Value:
    first, second = a[0], a[1]
    if first.family != second.family and "null" not in (first.family, second.family):
        scope.refuse(
            f"ifnull() needs two values of one type, not {first.family} and {second.family}", second.node
        )
    kind: ColumnType = "number" if "number" in (first.type, second.type) else first.type
    return computed(exp.Coalesce(this=first.sql, expressions=[second.sql]), kind, first.node, first, second)


def _json_format(_: Scope, a: tuple[Value, ...]) -> Expr:
    json_text, *fallback = a
    return t.either(
        t.call("json_valid", json_text.sql), json_text.sql, fallback[0].sql if fallback else exp.Null()
    )


def _distance(scope: Scope, a: tuple[Value, ...]) -> Expr | Value:
    if len(a) == 3:
        return computed(_within_distance(scope, a), "boolean", a[0].node, a[0])
    return places.distance(a[0].sql, a[0].type, _shape(a[1]))


def _shape(value: Value) -> Shape:
    if not isinstance(value.constant, Shape):
        raise TypeError("checked by the compiler: a geometry literal")
    return value.constant


def _within_distance(scope: Scope, a: tuple[Value, ...]) -> Expr:
    return exp.LTE(
        this=places.distance(a[0].sql, a[0].type, _shape(a[1])), expression=t.number(_metres(scope, a[2]))
    )


def _metres(scope: Scope, value: Value) -> float:
    if isinstance(value.constant, q.Quantity):
        if value.constant.unit.lower() not in LENGTHS:
            scope.refuse(
                f"unknown unit of length: {value.constant.unit} (known: {', '.join(LENGTHS)})", value.node
            )
        return value.constant.value * LENGTHS[value.constant.unit.lower()]
    return _plain_number(value)


def _plain_number(value: Value) -> float:
    if isinstance(value.constant, bool) or not isinstance(value.constant, int | float):
        raise TypeError("checked by the compiler: a number literal")
    return float(value.constant)


def _in_bbox(_: Scope, a: tuple[Value, ...]) -> Expr:
    lat1, lon1, lat2, lon2 = (_plain_number(v) for v in a[1:])
    return places.in_box(a[0].sql, a[0].type, lon1, lat1, lon2, lat2)


def _related(how: str) -> Build:
    return lambda _, a: places.related(a[0].sql, a[0].type, how, _shape(a[1]))


def _geometry(scope: Scope, a: tuple[Value, ...]) -> Expr:
    place, shape, *mode = a
    how = str(mode[0].constant).lower() if mode else "intersects"
    if how not in ("intersects", "disjoint", "within"):
        scope.refuse(f"unknown mode: {how} (known: intersects, disjoint, within)", mode[0].node)
    return places.related(place.sql, place.type, how, _shape(shape))


def text_of(field: Field) -> Expr:
    """A field as text to search in."""
    if field.type == "array":
        return t.call("array_to_string", field.tree.copy(), t.text(" "))
    return field.tree.copy() if field.type in ("text", "json") else t.cast(field.tree.copy(), "VARCHAR")


def searched(scope: Scope, named: Sequence[Value]) -> Expr:
    """The text of the fields named, or of all visible text fields when none or * is."""
    chosen = [v.field for v in named if v.field is not None]
    fields = chosen or [f for f in scope.fields.values() if f.type in ("text", "array") and not f.hidden]
    if not fields:
        return t.text("")
    return (
        text_of(fields[0])
        if len(fields) == 1
        else t.call("concat_ws", t.text("\n"), *(text_of(f) for f in fields))
    )


def _search(scope: Scope, a: tuple[Value, ...]) -> Expr:
    return text_search.search(searched(scope, a[:-1]), str(a[-1].constant))


def _suggest(scope: Scope, a: tuple[Value, ...]) -> Expr:
    return text_search.matches(searched(scope, a[:-1]), text_search.phrase_start(str(a[-1].constant)))


def _startswith(scope: Scope, a: tuple[Value, ...]) -> Expr:
    chosen = [v.field for v in a[:-1] if v.field is not None]
    fields = chosen or [f for f in scope.fields.values() if f.type == "text" and not f.hidden]
    tests = [t.call("starts_with", text_of(f), t.text(str(a[-1].constant))) for f in fields]
    return exp.or_(*tests, copy=False) if tests else exp.false()


def _sum(_: Scope, a: tuple[Value, ...]) -> Value:
    kind: ColumnType = "number" if a[0].type == "number" else "integer"
    return computed(t.call("sum", a[0].sql), kind, a[0].node, a[0])


def _extreme(name: str) -> Callable[[Scope, tuple[Value, ...]], Value]:
    return lambda _, a: computed(t.call(name, a[0].sql), a[0].type, a[0].node, a[0])


def _count(_: Scope, a: tuple[Value, ...]) -> Expr:
    return exp.Count(this=exp.Star()) if isinstance(a[0].constant, q.Star) else exp.Count(this=a[0].sql)


def count_distinct(value: Value) -> Expr:
    """Exact. Of an array: its distinct elements."""
    if value.type == "array":
        return t.call("len", t.call("list_distinct", t.call("flatten", t.call("list", value.sql))))
    return exp.Count(this=exp.Distinct(expressions=[value.sql]))


def _percentile(scope: Scope, a: tuple[Value, ...]) -> Expr:
    rank = _plain_number(a[1])
    if not 0 <= rank <= 100:
        scope.refuse("percentile() expects a rank from 0 to 100", a[1].node)
    return t.call("quantile_cont", a[0].sql, t.number(rank / 100))


def _bbox(_: Scope, a: tuple[Value, ...]) -> Expr:
    if a[0].type == "point":
        lon, lat = places.lon_lat(a[0].sql)
        box = t.call(
            "st_makeenvelope",
            *(t.call(f, m.copy()) for f, m in (("min", lon), ("min", lat), ("max", lon), ("max", lat))),
        )
    else:
        box = t.call("st_extent_agg", t.call("st_geomfromwkb", a[0].sql))
    return t.call("st_aswkb", box)


def _envelope(_: Scope, a: tuple[Value, ...]) -> Expr:
    return t.call(
        "st_aswkb",
        t.call(
            "st_convexhull", t.call("st_collect", t.call("list", places.as_geometry(a[0].sql, a[0].type)))
        ),
    )


_ON: tuple[Takes, ...] = ("geo", "shape")

_TABLE: tuple[Function, ...] = (
    Function("length", "Nombre de caractères", ("text",), "integer", _simple("length"), example="length(nom) = 12"),
    Function("lower", "En minuscules", ("text",), "text", _simple("lower"), example='lower(ville) = "créteil"'),
    Function("upper", "En capitales", ("text",), "text", _simple("upper"), example='upper(ville) = "PARIS"'),
    Function("ifnull", "Valeur de remplacement quand il n’y en a pas", ("any", "any"), "text", _ifnull, example='ifnull(ville, "?") = "?"'),
    Function(
        "json_format", "Texte JSON rendu comme du JSON", ("text", "text"), "json", _json_format, optional=1, spark=False,
        example="json_format(nom) is null",
    ),
    Function("year", "Année", ("moment",), "integer", _part("year"), example="year(maj) = 2024"),
    Function("month", "Mois, de 1 à 12", ("moment",), "integer", _part("month"), example="month(maj) = 7"),
    Function("day", "Jour du mois", ("moment",), "integer", _part("day"), example="day(maj) = 1"),
    Function("hour", "Heure, de 0 à 23", ("moment",), "integer", _part("hour"), example="hour(maj) >= 12"),
    Function("minute", "Minute", ("moment",), "integer", _part("minute"), example="minute(maj) = 30"),
    Function("second", "Seconde", ("moment",), "integer", _part("second"), example="second(maj) = 9"),
    Function("date_format", "Date écrite selon un motif", ("moment", "string"), "text", _date_format, spark=False, example="date_format(maj, 'MM') = '07'"),
    Function(
        "distance", "Distance en mètres", ("geo", "shape", "length"), "number", _distance, optional=1,
        example="distance(geo, geom'POINT(2.35 48.85)') < 1000",
    ),
    Function(
        "within_distance", "Plus près que", ("geo", "shape", "length"), "boolean", _within_distance,
        example="within_distance(geo, geom'POINT(2.2678 48.8419)', 800m)",
    ),
    Function(
        "in_bbox", "Dans la boîte lat1, lon1, lat2, lon2", ("geo", "constant", "constant", "constant", "constant"), "boolean", _in_bbox,
        example="in_bbox(geo, 48.84, 2.25, 48.86, 2.36)",
    ),
    Function("intersects", "Touche la géométrie", _ON, "boolean", _related("intersects"), spark=False, example="intersects(geo, geom'POINT(0 0)')"),
    Function("disjoint", "Ne touche pas la géométrie", _ON, "boolean", _related("disjoint"), spark=False, example="disjoint(geo, geom'POINT(0 0)')"),
    Function("within", "Est dans la géométrie", _ON, "boolean", _related("within"), spark=False, example="within(geo, geom'POINT(0 0)')"),
    Function("polygon", "Est dans le polygone", _ON, "boolean", _related("within"), spark=False, example="polygon(geo, geom'POINT(0 0)')"),
    Function(
        "geometry", "Selon le mode : intersects, disjoint, within", ("geo", "shape", "mode"), "boolean", _geometry, optional=1, spark=False,
        example="geometry(geo, geom'POINT(0 0)', disjoint)",
    ),
    Function("search", "Recherche tolérante aux fautes", ("string",), "boolean", _search, fields=True, spark=False, example='search(nom, "exelmnas vers")'),
    Function("suggest", "Un mot commence par", ("string",), "boolean", _suggest, fields=True, example='suggest(nom, "VERS")'),
    Function("startswith", "Le texte commence par", ("string",), "boolean", _startswith, fields=True, example='startswith(nom, "Gare")'),
    Function("count", "Nombre", ("countable",), "integer", _count, aggregate=True, example="count(*)"),
    Function("sum", "Somme", ("number",), "number", _sum, aggregate=True, example="sum(cap)"),
    Function("avg", "Moyenne", ("number",), "number", _simple("avg"), aggregate=True, example="avg(cap)"),
    Function("min", "Plus petite valeur", ("ordered",), "number", _extreme("min"), aggregate=True, example="min(maj)"),
    Function("max", "Plus grande valeur", ("ordered",), "number", _extreme("max"), aggregate=True, example="max(jour)"),
    Function("median", "Médiane", ("number",), "number", _simple("median"), aggregate=True, example="median(cap)"),
    Function("percentile", "Centile, rang de 0 à 100", ("number", "constant"), "number", _percentile, aggregate=True, example="percentile(cap, 50)"),
    Function("envelope", "Enveloppe convexe", ("geo",), "shape", _envelope, aggregate=True, spark=False, example="envelope(geo)"),
    Function("bbox", "Boîte englobante", ("geo",), "shape", _bbox, aggregate=True, spark=False, example="bbox(geo)"),
)  # fmt: skip

FUNCTIONS: Mapping[str, Function] = MappingProxyType({f.name: f for f in _TABLE})
"""By name, in lower case."""
