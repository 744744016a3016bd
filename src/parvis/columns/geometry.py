"""Where the rows of a table are: which columns say it, and how a point or a shape is made of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.columns.evidence import Evidence
from parvis.columns.form import expression
from parvis.columns.forms import degrees, structures
from parvis.columns.forms.structures import (
    GEOJSON_POINT,
    GEOJSON_SHAPE,
    LAT_LON,
    LAT_LON_COMMAS,
    LAT_LON_NAMED,
    LON_LAT,
    WKB_POINT,
    WKB_SHAPE,
    WKT_METRES,
    WKT_POINT,
    WKT_SHAPE,
)
from parvis.columns.guess import Guess
from parvis.columns.projection import PROJECTIONS, Projection, layers
from parvis.columns.requested_type import FRANCE, lon_first
from parvis.columns.words import joined
from parvis.core.reading import RawColumn
from parvis.core.types import POINT, SHAPE

Box = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Geometry:
    """How `_point` or `_shape` is made.

    cell: position of the one column that holds it as text, with the forms that read it. pair: positions of x
    and y (or lon and lat), with the projection when they are metres. native: position of a column that holds
    it already. meanings: what the columns are now known to be.
    """

    kind: Literal["", "point", "shape"] = ""
    native: int = -1
    cell: int = -1
    forms: tuple[structures.Form, ...] = ()
    pair: tuple[int, int] = (-1, -1)
    projection: Projection | None = None
    meanings: Mapping[int, str] = field(default_factory=dict[int, str])

    @property
    def sources(self) -> tuple[int, ...]:
        """Positions of the columns that it is made of."""
        return tuple(i for i in (self.native, self.cell, *self.pair) if i >= 0)

    @property
    def spatial(self) -> bool:
        """True when the engine's spatial extension is needed."""
        return any("ST_" in f.cast for f in self.forms)


def find(
    columns: Sequence[RawColumn], guesses: Mapping[int, Guess], evidences: Mapping[int, Evidence], bbox: Box
) -> Geometry:
    """The geometry of a table: native first, then what a publisher calls one, shapes as text, points as text,
    a pair of degrees, a pair of metres.

    guesses: also those of native columns.
    """
    for i, column in enumerate(columns):
        if column.native in ("point", "shape") and column.name in (POINT, SHAPE):
            return Geometry("point" if column.native == "point" else "shape", native=i)
    for i, column_guess in guesses.items():
        if column_guess.type in ("point", "shape") and column_guess.fixed:
            return Geometry(
                "point" if column_guess.type == "point" else "shape", cell=i, forms=column_guess.forms
            )
    geometry = _of_text(columns, guesses, evidences)
    if geometry.kind:
        return _also_degrees(columns, guesses, evidences, bbox, geometry)
    return _of_pair(columns, guesses, evidences, bbox)


_WRITTEN: Mapping[str, tuple[tuple[structures.Form, ...], structures.Form]] = {
    "wkt": ((WKT_POINT, WKT_METRES), WKT_SHAPE),
    "wkb": ((WKB_POINT,), WKB_SHAPE),
    "geojson": ((GEOJSON_POINT,), GEOJSON_SHAPE),
}
"""Ways to write a geometry as text, by the meaning of the column: the forms of a point, and that of any
shape.
"""


def _of_text(
    columns: Sequence[RawColumn], guesses: Mapping[int, Guess], evidences: Mapping[int, Evidence]
) -> Geometry:
    for meaning, (points, shapes) in _WRITTEN.items():
        for i, guess in guesses.items():
            if guess.meaning == meaning and not guess.fixed:
                met = tuple(form for form in points if evidences[i].weight(form.pattern))
                only_points = evidences[i].fits(
                    sum(evidences[i].weight(form.pattern) for form in met), share=0.9
                )
                return Geometry(
                    "point" if only_points else "shape",
                    cell=i,
                    forms=met if only_points else (shapes,),
                    meanings={i: meaning},
                )
    for i, guess in guesses.items():
        if guess.meaning == "latlon" and guess.type == "text":
            for form in (LAT_LON_COMMAS, degrees.PAIR, LAT_LON_NAMED):
                if evidences[i].fits(evidences[i].weight(form.pattern), share=0.8):
                    return Geometry("point", cell=i, forms=(form,), meanings={i: "latlon"})
            turned = lon_first(columns[i].label, evidences[i])
            return Geometry(
                "point",
                cell=i,
                forms=(LON_LAT if turned else LAT_LON,),
                meanings={i: "lonlat" if turned else "latlon"},
            )
    return Geometry()


def _also_degrees(
    columns: Sequence[RawColumn],
    guesses: Mapping[int, Guess],
    evidences: Mapping[int, Evidence],
    bbox: Box,
    geometry: Geometry,
) -> Geometry:
    """The geometry, with what is known of a pair of columns beside it."""
    pair = _of_pair(columns, guesses, evidences, bbox)
    return Geometry(
        geometry.kind,
        cell=geometry.cell,
        forms=geometry.forms,
        meanings={**pair.meanings, **geometry.meanings},
    )


def _of_pair(
    columns: Sequence[RawColumn], guesses: Mapping[int, Guess], evidences: Mapping[int, Evidence], bbox: Box
) -> Geometry:
    numeric = {
        i: guess for i, guess in guesses.items() if guess.type in ("number", "integer") and not guess.unit
    }
    stems = {stem: y for y in numeric if (stem := _stem(columns[y].label, "y"))}
    pairs = [
        (x, stems[stem])
        for x in numeric
        if (stem := _stem(columns[x].label, "x")) in stems and stems[stem] != x
    ]
    cleared = {
        i: ""
        for i, guess in numeric.items()
        if guess.meaning in ("latitude", "longitude") and _bare(columns[i].label)
    }
    best: Geometry | None = None
    for x, y in pairs:
        first, second = _middle(evidences.get(x)), _middle(evidences.get(y))
        if first is None or second is None:
            continue
        if _degrees(columns, x, y, first, second, bbox):
            return Geometry("point", pair=(x, y), meanings={**cleared, x: "longitude", y: "latitude"})
        metres = next(
            (
                p
                for p in PROJECTIONS
                if p.holds(first, second)
                and (p.epsg == 2154 or (p.epsg < 4000 and p.name.startswith("cc")) or _near(p, bbox))
            ),
            None,
        )
        if metres is not None and best is None:
            best = Geometry(
                "point",
                pair=(x, y),
                projection=metres,
                meanings={**cleared, x: f"{metres.name}_x", y: f"{metres.name}_y"},
            )
    return best or Geometry(meanings=cleared)


_AXES: Mapping[str, re.Pattern[str]] = {
    "x": re.compile("_(xlongitude|longitude|xlong|xlon|long|lon|lng|coordx|xcoord|x|easting|est)(?=_)"),
    "y": re.compile("_(ylatitude|latitude|ylat|lat|coordy|ycoord|y|northing|nord)(?=_)"),
}
"""Words for the two axes."""


def _stem(label: str, axis: str) -> str:
    """What is left of a header when its axis word is put as `*`; "" when it has none. Two columns with one
    stem are a pair.
    """
    name = joined(label)
    cut = _AXES[axis].sub("_*", name, count=1)
    return cut if cut != name else ""


def _bare(label: str) -> bool:
    """True for « x » or « y » alone: a name that says little."""
    return not re.search(r"lat|lon|lng", joined(label))


def _middle(evidence: Evidence | None) -> float | None:
    """The median number of a column; None when it has none."""
    if evidence is None:
        return None
    values: list[float] = []
    for text, _ in evidence.cells:
        plain = re.sub(r"[\s\u00a0\u202f]", "", text).replace(",", ".")
        if re.fullmatch(r"[+-]?[0-9]{1,12}([.][0-9]{0,30})?", plain):
            values.append(float(plain))
        elif (angle := degrees.value(text)) is not None:
            values.append(angle)
    return sorted(values)[len(values) // 2] if values else None


def _degrees(columns: Sequence[RawColumn], x: int, y: int, lon: float, lat: float, bbox: Box) -> bool:
    """True for degrees: named so, or, when they are only « x » and « y », lying where the city or France is,
    either way round.
    """
    if not (-180 <= lon <= 180 and -180 <= lat <= 180):
        return False
    if not (_bare(columns[x].label) and _bare(columns[y].label)):
        return -90 <= lat <= 90 or -90 <= lon <= 90
    boxes = (*FRANCE, *((bbox,) if len(bbox) == 4 else ()))
    return any(
        w - 1 <= a <= e + 1 and s - 1 <= b <= n + 1
        for w, s, e, n in boxes
        for a, b in ((lon, lat), (lat, lon))
    )


def _near(projection: Projection, bbox: Box) -> bool:
    """True when the city is in the projection's territory."""
    if len(bbox) != 4:
        return False
    lon, lat = (bbox[0] + bbox[2]) / 2, (bbox[1] + bbox[3]) / 2
    west, south, east, north = projection.territory
    return west <= lon <= east and south <= lat <= north


def steps(geometry: Geometry, x: Expr, y: Expr) -> tuple[dict[str, Expr], ...]:
    """Layers of names to compute below the last projection, when metres must become degrees."""
    if geometry.projection is None:
        return ()
    metres: dict[str, Expr] = {"x": exp.cast(x.copy(), "DOUBLE"), "y": exp.cast(y.copy(), "DOUBLE")}
    return (metres, *layers(geometry.projection))


def point(lon: Expr, lat: Expr) -> Expr:
    """STRUCT(lon, lat), NULL when a part is missing or is no place on Earth."""
    return expression(
        "CASE WHEN lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90 THEN struct_pack(lon := lon, lat := lat) END",
        {"lon": exp.cast(lon, "DOUBLE"), "lat": exp.cast(lat, "DOUBLE")},
    )
