"""What the rows of a typed table cover: where its places lie, and between which days. For the catalogue, when
the publisher says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb
from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.columns.profile import Bounds, bounds
from parvis.columns.spatial import area, edges, in_one, inside
from parvis.core.text import fold
from parvis.core.types import POINT, SHAPE, Column, Coverage, Schema, Sensitivity
from parvis.engine import connect

MOST = 0.8
"""Share of the places that must lie where they may, or of the cells that must be dated, for the table to
speak of that.
"""

EARLIEST, LATEST = date(1900, 1, 2), date(2099, 12, 31)
"""Days outside are placeholders or slips (1 January 1900 is the commonest)."""

_DIGITS = 5
"""Decimals of a degree that are kept: a metre."""

_OF_THINGS = re.compile(
    r"\b(maj|mise|modif\w*|creation|cree\w*|naissance|ne|nee|install\w*|pose|plantation|construction|service|ouverture|fermeture|verification|entretien|update\w*|"
    r"created|birth|expir\w*|publication|saisie|dermnt)\b"
)
"""Words in the name of a date that dates a thing or the row itself, not what the table tells of."""


def coverage(
    out: Path,
    schema: Schema,
    *,
    con: duckdb.DuckDBPyConnection,
    bbox: Sequence[float],
    timezone: str = "Europe/Paris",
) -> Coverage | None:
    """The box of the places and the first and last day of a typed file; None when it speaks of neither.

    bbox: the city in degrees. timezone: in which an instant has its day. Places far from the city, or at 0°,
    0°, are left out: they are slips, and told as such elsewhere. Personal columns are not looked at.
    """
    rows, known = bounds(out)
    box = _box(out, schema, con, bbox, known)
    column, since, until = _period(out, schema, con, timezone, rows, known)
    return Coverage(box, since, until, column) if box or since else None


def _box(
    out: Path,
    schema: Schema,
    con: duckdb.DuckDBPyConnection,
    bbox: Sequence[float],
    footer: Mapping[str, Bounds],
) -> tuple[float, float, float, float] | None:
    """West, south, east, north of the geometries; None when they are sensitive, or when too few of them have
    a place.
    """
    place = schema.column(POINT) or schema.column(SHAPE)
    if not schema.geometry or (
        place is not None and place.sensitivity not in (Sensitivity.NONE, Sensitivity.INDIRECT)
    ):
        return None
    footer_box = edges(footer) if schema.geometry == "point" else None
    if footer_box is not None and in_one(area(bbox).boxes, footer_box):  # all of them lie where they may
        w, s, e, n = (round(v, _DIGITS) for v in footer_box)
        return w, s, e, n
    if schema.geometry == "point":
        west = east = _part("lon")
        south = north = _part("lat")
    else:
        connect.load_spatial(con)
        west, south, east, north = (_edge(name) for name in ("ST_XMin", "ST_YMin", "ST_XMax", "ST_YMax"))
    known = exp.Not(
        this=exp.Is(
            this=exp.column(POINT if schema.geometry == "point" else SHAPE, quoted=True),
            expression=exp.null(),
        )
    )
    corners = (
        exp.select(*(exp.alias_(e, n) for e, n in ((west, "w"), (south, "s"), (east, "e"), (north, "n"))))
        .from_(_file(out))
        .where(known)
    )
    boxes = area(bbox).boxes
    there = exp.and_(
        inside(boxes, exp.column("w"), exp.column("s")), inside(boxes, exp.column("e"), exp.column("n"))
    )
    rows = (
        exp.select("min(w)", "min(s)", "max(e)", "max(n)", "count(*)")
        .from_(corners.subquery("q"))
        .where(there)
    )
    row = con.execute(rows.sql("duckdb")).fetchone()
    total = con.execute(exp.select("count(*)").from_(_file(out)).where(known).sql("duckdb")).fetchone()
    if row is None or total is None or not row[4] or row[4] < MOST * total[0]:
        return None
    w, s, e, n = (round(float(v), _DIGITS) for v in row[:4])
    return w, s, e, n


def _part(name: str) -> Expr:
    return exp.Dot(this=exp.column(POINT, quoted=True), expression=exp.to_identifier(name))


def _edge(function: str) -> Expr:
    return exp.Anonymous(
        this=function,
        expressions=[exp.Anonymous(this="ST_GeomFromWKB", expressions=[exp.column(SHAPE, quoted=True)])],
    )


def _file(out: Path) -> Expr:
    return exp.Table(this=exp.Anonymous(this="read_parquet", expressions=[exp.Literal.string(str(out))]))


def _period(
    out: Path,
    schema: Schema,
    con: duckdb.DuckDBPyConnection,
    timezone: str,
    rows: int,
    footer: Mapping[str, Bounds],
) -> tuple[str, date | None, date | None]:
    """The first column that dates the rows; a column of years counts by whole years."""
    for column in schema.columns:
        if (
            column.type not in ("date", "datetime", "year")
            or column.sensitivity not in (Sensitivity.NONE, Sensitivity.INDIRECT)
            or _dates_a_thing(column)
        ):
            continue
        limits = footer.get(column.name)
        if limits is not None and column.type == "date" and _without_slips(limits):
            if (
                isinstance(limits.low, date)
                and isinstance(limits.high, date)
                and rows - limits.nulls >= MOST * rows
            ):
                return column.name, limits.low, limits.high
            continue
        cell = exp.column(column.name, quoted=True)
        day = _day(cell, column, timezone)
        dated = exp.Not(this=exp.Is(this=cell.copy(), expression=exp.null()))
        days = exp.select(exp.alias_(day, "d")).from_(_file(out)).where(dated)
        bounds = [exp.cast(exp.Literal.string(d.isoformat()), "DATE") for d in (EARLIEST, LATEST)]
        within = exp.Between(this=exp.column("d"), low=bounds[0], high=bounds[1])
        if column.type == "year":
            days = days.where(
                exp.Between(
                    this=cell.copy(),
                    low=exp.Literal.number(EARLIEST.year),
                    high=exp.Literal.number(LATEST.year),
                )
            )
            within = exp.true()
        seen = con.execute(
            exp.select("min(d)", "max(d)", "count(*)").from_(days.subquery("q")).where(within).sql("duckdb")
        ).fetchone()
        total = con.execute(exp.select("count(*)").from_(_file(out)).sql("duckdb")).fetchone()
        if seen is None or total is None or not seen[2] or seen[2] < MOST * total[0]:
            continue
        since, until = seen[0], seen[1]
        if isinstance(since, date) and isinstance(until, date):
            return column.name, since, date(until.year, 12, 31) if column.type == "year" else until
    return "", None, None


def _without_slips(dates: Bounds) -> bool:
    """Whether every day of a column is a likely day, as its footer says."""
    return (
        isinstance(dates.low, date)
        and isinstance(dates.high, date)
        and dates.low >= EARLIEST
        and dates.high <= LATEST
    )


def _day(cell: Expr, column: Column, timezone: str) -> Expr:
    if column.type == "year":
        return exp.Anonymous(
            this="make_date", expressions=[cell, exp.Literal.number(1), exp.Literal.number(1)]
        )
    local = (
        exp.Anonymous(this="timezone", expressions=[exp.Literal.string(timezone), cell])
        if column.type == "datetime"
        else cell
    )
    return exp.cast(local, "DATE")


def _dates_a_thing(column: Column) -> bool:
    return any(
        _OF_THINGS.search(re.sub(r"[_\-.]", " ", fold(name_text)))
        for name_text in (column.name, column.title)
        if name_text
    )
