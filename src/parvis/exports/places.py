"""What the formats of maps share: the name that a record bears there, and its geometry, whole or piece by
piece (collections are opened).

A piece is a point, a line or a polygon, with its coordinates as GeoJSON writes them: `[2.3,48.8]`,
`[[0.0,0.0],[1.0,1.0]]`, `[[[…]],[[…]]]`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.core.text import fold
from parvis.engine import trees as t
from parvis.engine.render import Shown

Kind = Literal["POINT", "LINESTRING", "POLYGON"]
NAMES = ("nom", "name", "titre", "title", "libelle", "intitule", "label")
"""Of columns that name a record, before any other text."""


def place(columns: Sequence[Shown]) -> Shown | None:
    """The column that is the geometry of each record: a shape before a point. None when there is none."""
    return next((c for kind in ("shape", "point") for c in columns if c.type == kind), None)


def label(columns: Sequence[Shown], wanted: str = "") -> Shown | None:
    """The column that names each record: the one that is wanted, else one of NAMES, else the first text. None
    when there is none.

    Raises UsageError when the one that is wanted is not there.
    """
    if wanted:
        named = next((c for c in columns if c.name == wanted), None)
        if named is None:
            raise UsageError(
                Sentence("Colonne inconnue : « {wanted} ».", wanted=wanted),
                mend=Sentence("Colonnes : {list}.", list=", ".join(c.name for c in columns)),
            )
        return named
    texts = [c for c in columns if c.type == "text"]
    return next((c for n in NAMES for c in texts if fold(c.name) == n), texts[0] if texts else None)


def geometry(one: Shown) -> Expr:
    """The value of a column as a geometry of the engine; NULL for a point that is nowhere."""
    value = t.column(one.stored)
    if one.type == "shape":
        return t.call("st_geomfromwkb", value)
    lon, lat = t.field(value, "lon"), t.field(value.copy(), "lat")
    somewhere = t.call("isfinite", exp.Add(this=lon.copy(), expression=lat.copy()))
    return t.either(somewhere, t.call("st_point", lon, lat))


def drawn(one: Shown, drawing: dict[Kind, Callable[[Expr], Expr]]) -> Expr:
    """A list of texts: each piece of these kinds, drawn from its coordinates. Empty pieces are left out; NULL
    where a record has no geometry.
    """
    piece = t.field(_variable("p"), "geom")
    coordinates = t.cast(
        t.call("json_extract", t.call("st_asgeojson", piece), t.text("$.coordinates")), "VARCHAR"
    )
    kind = t.cast(t.call("st_geometrytype", piece.copy()), "VARCHAR")
    each = exp.Case(
        ifs=[exp.If(this=t.call("st_isempty", piece.copy()), true=exp.Null())]
        + [
            exp.If(this=exp.EQ(this=kind.copy(), expression=t.text(k)), true=draw(coordinates.copy()))
            for k, draw in drawing.items()
        ]
    )
    pieces = t.call("list_transform", t.call("st_dump", geometry(one)), _function("p", each))
    return t.call("list_filter", pieces, _function("d", exp.Not(this=t.absent(_variable("d")))))


def _variable(name: str) -> Expr:
    return exp.Column(this=exp.Identifier(this=name, quoted=False))


def _function(name: str, body: Expr) -> Expr:
    return exp.Lambda(this=body, expressions=[exp.Identifier(this=name, quoted=False)])
