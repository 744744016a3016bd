"""Latitude where longitude should be: a point that lies in France only once the two are exchanged."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.checks.declaration import English
from parvis.checks.france import in_france
from parvis.checks.repair import Exchange
from parvis.checks.sql import both, call, cast, text
from parvis.core.text import fold
from parvis.core.types import Column, Schema

_NAMES = {
    "latitude": re.compile(r"(?:.*[^a-z])?[xy]?lat(?:itude)?(?:[^a-z].*)?"),
    "longitude": re.compile(r"(?:.*[^a-z])?[xy]?(?:lon|lng|longitude)(?:[^a-z].*)?"),
}


def _pairs(schema: Schema) -> Iterable[tuple[str, str]]:
    """The one column of latitudes with the one of longitudes; none when there are several of either."""
    columns = {kind: [c.name for c in schema.columns if _is(c, kind)] for kind in _NAMES}
    if all(len(names) == 1 for names in columns.values()):
        yield columns["latitude"][0], columns["longitude"][0]


def _is(column: Column, kind: str) -> bool:
    return column.meaning == kind or (
        not column.meaning and _NAMES[kind].fullmatch(fold(column.name)) is not None
    )


def _wrong(lat: Expr, lon: Expr) -> Expr:
    y, x = (
        cast(call("replace", call("trim", cell.copy()), text(","), text(".")), "DOUBLE")
        for cell in (lat, lon)
    )
    here = call("coalesce", in_france(x, y), exp.false())
    return both(call("coalesce", in_france(y, x), exp.false()), exp.Not(this=exp.Paren(this=here)))


swapped_coordinates = Exchange(
    name="swapped-coordinates",
    title="Latitude et longitude remises à leur place",
    certain="Seulement si le point est en France une fois les deux échangées, et n’y est pas sans cela.",
    english=English(
        title="Latitude and longitude put in their places",
        why="Only if the point lies in France once the two are exchanged, and does not lie there without.",
    ),
    pairs=_pairs,
    wrong=_wrong,
    right=(("43.61", "3.87"), ("-21.1", "55.5"), ("", "3.87"), ("3.87", "x"), ("51.5", "-0.1")),
    bad=(("3.87", "43.61"), ("3,87", "43,61"), ("55.5", "-21.1")),
)
