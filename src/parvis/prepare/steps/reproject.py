"""Bring coordinates in metres, or in another system, to longitude and latitude in degrees (WGS 84)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sqlglot import exp

from parvis.core.late import late
from parvis.core.text import french_number
from parvis.core.types import Finding, Row
from parvis.engine import trees as t
from parvis.prepare.declaration import Bench, Choice, Example, Names, Parameter, Step, Values
from parvis.prepare.expressions import TEXT_NUMBER
from parvis.prepare.frame import Frame, cell, keep, tell_rows
from parvis.prepare.python_steps import append, numbers
from parvis.prepare.tracing import Cells, Flow, carried

if TYPE_CHECKING:
    import pyproj
else:
    pyproj = late("pyproj")

SYSTEMS = (
    Choice("EPSG:2154", "Lambert-93", "Lambert-93"),
    *(
        Choice(f"EPSG:{3900 + zone}", f"Conique conforme CC{zone}", f"Conic CC{zone}")
        for zone in range(42, 51)
    ),
    Choice("EPSG:27572", "Lambert II étendu", "Extended Lambert II"),
    Choice("EPSG:5490", "UTM 20 Nord (Antilles)", "UTM 20 North (Antilles)"),
    Choice("EPSG:2972", "UTM 22 Nord (Guyane)", "UTM 22 North (French Guiana)"),
    Choice("EPSG:2975", "UTM 40 Sud (La Réunion)", "UTM 40 South (Réunion)"),
    Choice("EPSG:4471", "UTM 38 Sud (Mayotte)", "UTM 38 South (Mayotte)"),
    Choice("EPSG:32631", "UTM 31 Nord", "UTM 31 North"),
    Choice("EPSG:3857", "Mercator du web", "Web Mercator"),
)
"""The systems that French town halls write coordinates in."""


def _apply(frame: Frame, params: Values, bench: Bench) -> Frame:
    places = frame.at(params.text("x")), frame.at(params.text("y"))
    longitude, latitude = params.text("lon"), params.text("lat")
    frame.free(longitude, latitude, but=() if params.flag("keep") else places)
    below = keep(frame, bench.spool / "below.parquet", con=bench.con)
    x, y = (numbers(below, i, TEXT_NUMBER, bench.con) for i in places)
    turn = pyproj.Transformer.from_crs(params.text("from"), "EPSG:4326", always_xy=True)
    lon, lat = turn.transform(x, y)
    known = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    texts = [
        [f"{v:.7f}" if ok else None for v, ok in zip(values.tolist(), known.tolist(), strict=True)]
        for values in (lon, lat)
    ]
    # Names are made sure of above; the old columns go only afterwards, so the new ones bear a name of their
    # own until then.
    with_degrees = append(below, ("\x00lon", "\x00lat"), texts, bench.spool / "made.parquet")
    added = dict(zip(("\x00lon", "\x00lat"), (longitude, latitude), strict=True))

    def say(count: int, rows: tuple[Row, ...]) -> Finding:
        many = (
            f"{french_number(count)} positions n’ont pas pu être converties"
            if count > 1
            else "1 position n’a pas pu être convertie"
        )
        return Finding(
            "recipe-reproject-failed",
            f"{many} en degrés.",
            "warning",
            "accuracy",
            params.text("x"),
            count,
            rows,
            "Vérifiez ces coordonnées et le système de projection choisi.",
        )

    evidence = t.call("concat_ws", t.text(" · "), *(with_degrees.text(i) for i in places))
    some = exp.or_(*(exp.Not(this=t.absent(with_degrees.text(i))) for i in places))
    lost = t.absent(cell(with_degrees.at("\x00lon")))
    with_finding = tell_rows(
        with_degrees, exp.And(this=exp.Paren(this=some), expression=lost), evidence, say, con=bench.con
    )
    gone = () if params.flag("keep") else places
    return with_finding.select(
        [
            (type(c)(added[c.name], added[c.name]) if c.name in added else c, cell(i))
            for i, c in enumerate(with_finding.columns)
            if i not in gone
        ]
    )


def _flow(params: Values, before: Names, after: Names) -> Flow:
    new_columns = dict.fromkeys(
        (params.text("lon"), params.text("lat")), Cells((params.text("x"), params.text("y")))
    )
    return Flow({**carried(n for n in after if n not in new_columns), **new_columns})


reproject = Step(
    name="reproject",
    title="Convertir des coordonnées en longitude et latitude",
    english="Convert coordinates to longitude and latitude",
    parameters=(
        Parameter("x", "column", "Colonne des x (est)", english=("Column of x (east)", "")),
        Parameter("y", "column", "Colonne des y (nord)", english=("Column of y (north)", "")),
        Parameter(
            "from",
            "choice",
            "Système des coordonnées",
            english=("System of the coordinates", ""),
            default="EPSG:2154",
            choices=SYSTEMS,
        ),
        Parameter(
            "lon",
            "name",
            "Colonne de la longitude",
            english=("Column for the longitude", ""),
            default="longitude",
        ),
        Parameter(
            "lat",
            "name",
            "Colonne de la latitude",
            english=("Column for the latitude", ""),
            default="latitude",
        ),
        Parameter(
            "keep",
            "flag",
            "Garder les coordonnées d’origine",
            english=("Keep the original coordinates", ""),
            default=False,
        ),
    ),
    apply=_apply,
    flow=_flow,
    examples=(
        Example(
            {"x": "x", "y": "y"},
            ("n", "x", "y"),
            (("a", "770000", "6279000"), ("b", "700 000,0", "6600000"), ("c", "", ""), ("d", "inconnu", "5")),
            ("n", "longitude", "latitude"),
            (
                ("a", "3.8667848", "43.6065952"),
                ("b", "3.0000000", "46.5000000"),
                ("c", None, None),
                ("d", None, None),
            ),
            findings=("recipe-reproject-failed",),
        ),
        Example(
            {"x": "x", "y": "y", "from": "EPSG:3944", "lon": "x", "lat": "y"},
            ("x", "y"),
            (("1700000", "3200000"),),
            ("x", "y"),
            (("3.0000000", "44.0000000"),),
        ),
        Example(
            {"x": "x", "y": "y", "keep": True},
            ("x", "y"),
            (("700000", "6600000"),),
            ("x", "y", "longitude", "latitude"),
            (("700000", "6600000", "3.0000000", "46.5000000"),),
        ),
    ),
)
