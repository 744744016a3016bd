"""Points where they can't be: latitude and longitude swapped, far from the city, at zero degrees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb
from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.columns.findings import nothing_said
from parvis.columns.form import expression
from parvis.columns.profile import Bounds
from parvis.columns.requested_type import FRANCE
from parvis.core.text import french_number
from parvis.core.types import POINT, SHAPE, Finding, Row

LEAST_MARGIN = 0.3
"""Degrees around the city's box within which a point is near, whatever the size of the box."""

_NULL_ISLAND = "abs(lon) < 0.001 AND abs(lat) < 0.001"
_FAR = 0.001
"""Degrees of latitude beyond which nothing is taken for a point at zero."""


@dataclass(frozen=True, slots=True)
class Area:
    """Where points are expected: boxes of lon min, lat min, lon max, lat max, and what people call them."""

    boxes: tuple[tuple[float, float, float, float], ...]
    name: str


def area(bbox: Sequence[float]) -> Area:
    """The city with as much again on each side, or France when the city's box is unknown."""
    if len(bbox) != 4:
        return Area(FRANCE, "la France")
    west, south, east, north = bbox
    dx, dy = max(east - west, LEAST_MARGIN), max(north - south, LEAST_MARGIN)
    return Area(((west - dx, south - dy, east + dx, north + dy),), "la commune")


def all_near(known: Mapping[str, Bounds], bbox: Sequence[float]) -> bool:
    """Whether the footer of a typed file shows that each row has a point, near the city and in France: then
    there is nothing to look at.
    """
    box = edges(known)
    if box is None or known[f"{POINT}.lon"].nulls or known[f"{POINT}.lat"].nulls:
        return False
    return (box[1] > _FAR or box[3] < -_FAR) and in_one(area(bbox).boxes, box) and in_one(FRANCE, box)


def edges(known: Mapping[str, Bounds]) -> tuple[float, float, float, float] | None:
    """West, south, east and north edge of the points of a typed file, as its footer has them; None when it
    does not say.
    """
    lon, lat = known.get(f"{POINT}.lon"), known.get(f"{POINT}.lat")
    if lon is None or lat is None:
        return None
    west, south, east, north = lon.low, lat.low, lon.high, lat.high
    if (
        isinstance(west, float)
        and isinstance(south, float)
        and isinstance(east, float)
        and isinstance(north, float)
    ):
        return west, south, east, north
    return None


def in_one(
    boxes: Sequence[tuple[float, float, float, float]], box: tuple[float, float, float, float]
) -> bool:
    """Whether one of the boxes holds the whole box."""
    return any(w <= box[0] and s <= box[1] and box[2] <= e and box[3] <= n for w, s, e, n in boxes)


def inside(boxes: Sequence[tuple[float, float, float, float]], lon: Expr, lat: Expr) -> Expr:
    """True where the point is in one of the boxes."""
    tests = [
        expression(
            "x BETWEEN w AND e AND y BETWEEN s AND n",
            {"x": lon, "y": lat, "w": _degrees(w), "s": _degrees(s), "e": _degrees(e), "n": _degrees(n)},
        )
        for w, s, e, n in boxes
    ]
    return exp.or_(*tests)


def _degrees(value: float) -> Expr:
    return exp.cast(exp.Literal.number(repr(value)), "DOUBLE")


def check(
    path: Path,
    table: str,
    column: str,
    bbox: Sequence[float],
    *,
    con: duckdb.DuckDBPyConnection,
    limit: int,
    swap: bool,
) -> tuple[Finding, ...]:
    """Findings on the points of a typed file. column: the one that they came from. swap: whether swapped
    coordinates make sense (degrees, not metres).
    """
    expected = area(bbox)
    lon, lat = exp.column("lon"), exp.column("lat")
    null_island = expression(_NULL_ISLAND, {"lon": lon, "lat": lat})
    near = inside(expected.boxes, lon, lat)
    turned = (
        exp.and_(exp.Not(this=exp.paren(near.copy())), inside(expected.boxes, lat, lon))
        if swap
        else exp.false()
    )
    if swap and expected.boxes is not FRANCE:
        in_france = exp.and_(exp.Not(this=exp.paren(inside(FRANCE, lon, lat))), inside(FRANCE, lat, lon))
        turned = exp.or_(turned, in_france)
    fault = (
        exp.Case()
        .when(null_island, exp.Literal.string("null-island"))
        .when(turned, exp.Literal.string("swapped-coordinates"))
        .when(exp.Not(this=exp.paren(near)), exp.Literal.string("point-outside"))
    )
    points = (
        exp.select(
            exp.alias_(
                exp.Dot(this=exp.column(POINT, quoted=True), expression=exp.to_identifier("lon")), "lon"
            ),
            exp.alias_(
                exp.Dot(this=exp.column(POINT, quoted=True), expression=exp.to_identifier("lat")), "lat"
            ),
            "file_row_number",
        )
        .from_(_numbered(path))
        .where(exp.Not(this=exp.Is(this=exp.column(POINT, quoted=True), expression=exp.null())))
    )
    judged = exp.select("*", exp.alias_(fault, "fault")).from_(points.subquery("p"))
    first = expression(
        "min(struct_pack(r := file_row_number, x := lon, y := lat), most)",
        {"most": exp.Literal.number(limit)},
    )
    query = (
        exp.select("fault", "count(*)", exp.alias_(first, "f")).from_(judged.subquery("j")).group_by("fault")
    )
    counted = {row[0]: (int(row[1]), row[2]) for row in con.execute(query.sql("duckdb")).fetchall()}
    total = sum(n for n, _ in counted.values())
    return tuple(
        _finding(code, *counted[code], total, expected, table, column)
        for code in ("swapped-coordinates", "null-island", "point-outside")
        if code in counted
    )


def _finding(
    code: str,
    count: int,
    first: Sequence[dict[str, object]],
    total: int,
    expected: Area,
    table: str,
    column: str,
) -> Finding:
    rows = tuple(
        Row(table, 0, number + 1, f"{f['x']}, {f['y']}") for f in first if isinstance(number := f["r"], int)
    )
    many = count > 1
    points = f"{french_number(count)} point{'s' if many else ''}"
    if code == "swapped-coordinates":
        whole = count >= 0.8 * total
        message = (
            "Latitude et longitude sont inversées dans toute la colonne."
            if whole
            else f"Latitude et longitude sont inversées pour {points}."
        )
        fix = "Échangez les deux colonnes." if whole else "Échangez latitude et longitude sur ces lignes."
    elif code == "null-island":
        message = f"{points} {'sont' if many else 'est'} à 0°, 0°, au large du Ghana : sans doute des coordonnées manquantes."
        fix = "Laissez les coordonnées vides quand elles sont inconnues."
    else:
        message = f"{points} {'sont' if many else 'est'} loin de {expected.name}."
        fix = "Vérifiez ces coordonnées, ou l’emprise déclarée de la commune."
    return Finding(code, message, "warning", "accuracy", column, count, rows, fix)


def unplaced(
    path: Path,
    table: str,
    sources: Sequence[str],
    kind: Literal["point", "shape"],
    *,
    con: duckdb.DuckDBPyConnection,
    limit: int,
) -> tuple[Finding, ...]:
    """The finding on rows that say something of their place, but not enough to be placed. sources: the column
    of the geometry, or the two of a pair.
    """
    if not sources:
        return ()
    place: Expr = exp.column(POINT if kind == "point" else SHAPE, quoted=True)
    says = exp.or_(
        *(exp.Not(this=exp.Is(this=exp.column(s, quoted=True), expression=exp.null())) for s in sources)
    )
    place_text = exp.Anonymous(
        this="concat_ws",
        expressions=[exp.Literal.string(", "), *(exp.column(s, quoted=True) for s in sources)],
    )
    lost = exp.select(
        "file_row_number", exp.alias_(exp.Left(this=place_text, expression=exp.Literal.number(200)), "cell")
    ).from_(_numbered(path))
    lost = lost.where(exp.Is(this=place, expression=exp.null())).where(exp.paren(says))
    if len(sources) == 1:
        lost = lost.where(exp.Not(this=nothing_said(exp.column(sources[0], quoted=True))))
    row = con.execute(exp.select("count(*)").from_(lost.subquery("l")).sql("duckdb")).fetchone()
    count = int(row[0]) if row else 0
    if not count:
        return ()
    first: Sequence[tuple[int, str]] = con.execute(lost.order_by("1").limit(limit).sql("duckdb")).fetchall()
    rows = tuple(Row(table, 0, number + 1, cell) for number, cell in first)
    lines = (
        "1 ligne a une position incomplète ou illisible"
        if count == 1
        else f"{french_number(count)} lignes ont une position incomplète ou illisible"
    )
    message = f"{lines} : pas de {'point' if kind == 'point' else 'forme'} sur la carte."
    fix = "Complétez ou corrigez les coordonnées de ces lignes."
    return (
        Finding("geometry-unreadable", message, "warning", "completeness", sources[-1], count, rows, fix),
    )


def _numbered(path: Path) -> exp.Table:
    numbered = exp.EQ(this=exp.to_identifier("file_row_number"), expression=exp.true())
    return exp.Table(
        this=exp.Anonymous(this="read_parquet", expressions=[exp.Literal.string(str(path)), numbered])
    )
