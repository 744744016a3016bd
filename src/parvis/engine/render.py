"""How a value of each column type reads outside, as trees: the engine writes JSON and text itself, no Python
object is made per cell.

Explore API v2.1 is the model: a missing value is null with its key present, never NaN; datetimes carry the
offset of the time zone asked for; a point is {"lon", "lat"} in JSON and « lat, lon » in text; a shape is a
GeoJSON Feature in JSON and its bare geometry in text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.text import slug
from parvis.core.types import POINT, RAW_PREFIX, SHAPE, Column, ColumnType, Schema
from parvis.engine import trees as t


@dataclass(frozen=True, slots=True)
class Shown:
    """A column as the outside sees it. name: its public name; stored: its name in the relation; raw: name of
    its raw twin, "" when it has none.
    """

    name: str
    stored: str
    type: ColumnType
    title: str = ""
    raw: str = ""
    column: Column | None = None


def shown_columns(schema: Schema) -> tuple[Shown, ...]:
    """The columns of a release as the outside sees them: raw twins are not columns; the technical geometry
    has a public name.

    `_point` is `geo_point_2d` and `_shape` is `geo_shape`, or the next free name. `_point` stays hidden when
    a column of type point already says it.
    """
    seen = [
        Shown(c.name, c.name, c.type, c.title, RAW_PREFIX + c.name if c.name in schema.raw else "", c)
        for c in schema.columns
    ]
    taken = {s.name.lower() for s in seen}
    if schema.geometry == "point" and not any(s.type == "point" for s in seen):
        seen.append(Shown(_free("geo_point_2d", taken), POINT, "point", "Point"))
    if schema.geometry == "shape" and not any(s.type == "shape" for s in seen):
        seen.append(Shown(_free("geo_shape", taken), SHAPE, "shape", "Géométrie"))
    return tuple(seen)


def queryable(schema: Schema) -> tuple[Shown, ...]:
    """The columns of a release as a query names them, without quotes: `nom_de_l_equipement` for « Nom de
    l’équipement », which becomes the title.

    A name of ASCII letters, digits and `_` stays as it is: those of the national schemas do.
    """
    columns = shown_columns(schema)
    taken = {s.name.lower() for s in columns if _plain(s.name)}
    seen: list[Shown] = []
    for one in columns:
        if not _plain(one.name):
            name = _free(re.sub("^(?=[0-9])", "_", slug(one.name).replace("-", "_")), taken)
            taken.add(name)
            one = replace(one, name=name, title=one.title or one.name)
        seen.append(one)
    return tuple(seen)


def _plain(name: str) -> bool:
    return re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", name) is not None


def _free(name: str, taken: set[str]) -> str:
    return next(n for n in (name, *(f"{name}_{i}" for i in range(2, len(taken) + 3))) if n not in taken)


def moment(value: Expr, timezone: str = "UTC") -> Expr:
    """The wall-clock TIMESTAMP of a datetime in a time zone."""
    if timezone == "UTC":
        return t.call("make_timestamp", t.call("epoch_us", value))
    return t.call("timezone", t.text(timezone), value)


def offset(value: Expr, timezone: str = "UTC") -> Expr:
    """`+02:00`: how far a time zone is from UTC at that instant."""
    if timezone == "UTC":
        return t.text("+00:00")
    minutes = t.call("date_diff", t.text("minute"), moment(value), moment(value.copy(), timezone))
    whole = t.call("abs", minutes)
    shape = t.call(
        "printf",
        t.text("%02d:%02d"),
        exp.IntDiv(this=whole, expression=t.number(60)),
        exp.Mod(this=whole.copy(), expression=t.number(60)),
    )
    return t.joined(
        t.either(exp.LT(this=minutes.copy(), expression=t.number(0)), t.text("-"), t.text("+")), shape
    )


def iso(value: Expr, timezone: str = "UTC") -> Expr:
    """`2024-12-12T10:27:24+00:00`; a fraction of a second only when there is one."""
    clock = t.call("replace", t.cast(moment(value, timezone), "VARCHAR"), t.text(" "), t.text("T"))
    return t.joined(clock, offset(value.copy(), timezone))


def json_value(value: Expr, kind: ColumnType, timezone: str = "UTC") -> Expr:
    """A tree that DuckDB's `to_json` writes as the value must read in JSON."""
    match kind:
        case "number":
            return t.either(t.call("isfinite", t.cast(value, "DOUBLE")), value.copy())
        case "datetime":
            return iso(value, timezone)
        case "date" | "time":
            return t.cast(value, "VARCHAR")
        case "json":
            return t.either(
                t.call("json_valid", value), t.cast(value.copy(), "JSON"), t.call("to_json", value.copy())
            )
        case "shape":
            return t.either(
                t.absent(value),
                exp.Null(),
                t.call(
                    "to_json",
                    t.struct(
                        type=t.text("Feature"),
                        geometry=t.cast(geojson(value.copy()), "JSON"),
                        properties=t.cast(t.text("{}"), "JSON"),
                    ),
                ),
            )
        case _:
            return value


def geojson(shape: Expr) -> Expr:
    """The bare geometry of a WKB value as GeoJSON text."""
    return t.cast(t.call("st_asgeojson", t.call("st_geomfromwkb", shape)), "VARCHAR")


def plain(value: Expr, kind: ColumnType, timezone: str = "UTC", separator: str = ",") -> Expr:
    """The value as text for CSV and sheets; NULL when missing. separator: between the elements of an array."""
    match kind:
        case "text" | "json":
            return value
        case "number":
            return t.either(t.call("isfinite", t.cast(value, "DOUBLE")), _decimal(value.copy()))
        case "datetime":
            return iso(value, timezone)
        case "array":
            return t.call("array_to_string", value, t.text(separator))
        case "point":
            return t.joined(
                t.cast(t.field(value, "lat"), "VARCHAR"),
                t.text(", "),
                t.cast(t.field(value.copy(), "lon"), "VARCHAR"),
            )
        case "shape":
            return geojson(value)
        case _:
            return t.cast(value, "VARCHAR")


def _decimal(value: Expr) -> Expr:
    return t.cast(value, "VARCHAR")


def json_row(columns: Sequence[Shown], timezone: str = "UTC", extra: Sequence[tuple[str, Expr]] = ()) -> Expr:
    """One record as the text of a JSON object, keys in the order of the columns, every key present."""
    members = [(s.name, json_value(t.column(s.stored), s.type, timezone)) for s in columns]
    if not members and not extra:
        return t.text("{}")
    return t.call(
        "to_json",
        exp.Struct(expressions=[exp.PropertyEQ(this=t.text(k), expression=v) for k, v in (*members, *extra)]),
    )
