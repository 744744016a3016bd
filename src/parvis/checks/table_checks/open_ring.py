"""A polygon written as GeoJSON whose last position is not its first (RFC 7946, 3.1.6).

A warning: the reference of Table Schema takes such a cell for a geometry, and some national schemas give one as an
example.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.checks.declaration import Check, English, Example
from parvis.checks.sql import both, call, cast, either, one_of, text
from parvis.checks.typed_view import RuleHit, TypedView, cell

_RINGS = {"Polygon": "$.coordinates[*]", "MultiPolygon": "$.coordinates[*][*]"}
"""Where the rings of a geometry lie."""


def _look(view: TypedView) -> Iterator[RuleHit]:
    for column, known in view.columns("text", "json"):
        if known.max is None or not str(known.max).lstrip().startswith("{"):
            continue
        whole = cast(cast(cell(column.name), "VARCHAR"), "JSON")
        parts = (whole, call("json_extract", whole.copy(), text("$.geometry")))
        hit = view.where(exp.Paren(this=either(*(_open(part) for part in parts))), column.name)
        if hit is not None:
            yield hit


def _open(whole: Expr) -> Expr:
    """Whether JSON is a polygon of which a ring does not end where it begins."""
    named = call("json_extract_string", whole.copy(), text("$.type"))
    conditions: list[Expr] = []
    for name, path in _RINGS.items():
        first, last = (
            cast(call("json_extract", whole.copy(), text(path + at)), "DOUBLE[][]") for at in ("[0]", "[#-1]")
        )
        conditions.append(
            exp.Paren(this=both(one_of(named.copy(), (name,)), exp.NEQ(this=first, expression=last)))
        )
    return exp.Paren(this=either(*conditions))


_CLOSED = '{"type":"Polygon","coordinates":[[[3.8,43.5],[3.9,43.5],[3.9,43.6],[3.8,43.5]]]}'
_LEFT_OPEN = '{"type":"Polygon","coordinates":[[[3.8,43.5],[3.9,43.5],[3.9,43.6],[3.85,43.55]]]}'

open_ring = Check(
    name="open-ring",
    title="Polygone non fermé",
    message="{values} de la colonne « {column} » : polygone dont le dernier point n’est pas le premier.",
    fix="Répétez le premier point à la fin de chaque anneau, comme le demande GeoJSON.",
    english=English(
        title="Polygon not closed",
        message="{values} of column “{column}”: a polygon whose last position is not its first.",
        fix="Repeat the first position at the end of each ring, as GeoJSON asks.",
    ),
    severity="warning",
    dimension="validity",
    look=_look,
    examples=(
        Example(
            {},
            ("zone", "contour"),
            tuple((f"z{i}", _LEFT_OPEN if i == 3 else _CLOSED) for i in range(1, 12)),
            (3,),
        ),
        Example(
            {},
            ("zone", "contour"),
            tuple(
                (f"z{i}", '{"type":"LineString","coordinates":[[3.8,43.5],[3.9,43.6]]}') for i in range(1, 12)
            ),
            (),
        ),
    ),
)
