"""A point outside the commune that its row names, where the city has brought the outlines of its communes
(`communes.geojson`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from sqlglot import exp

from parvis.checks.declaration import Check, English, Example
from parvis.checks.sql import both, call, one_of, text, whole
from parvis.checks.typed_view import RuleHit, TypedView, cell, present
from parvis.core.late import late
from parvis.core.types import POINT

if TYPE_CHECKING:
    import shapely
else:
    shapely = late("shapely")

MARGIN = 0.002
"""Degrees of tolerance, some 200 m: outlines are simplified, and streets run along them."""


def _look(view: TypedView) -> Iterator[RuleHit]:
    column = next((c.name for c, _ in view.columns("text") if c.meaning == "commune_insee"), None)
    if column is None or view.schema.geometry != "point" or not view.territory.limits:
        return
    lon, lat = (call("struct_extract", cell(POINT), text(axis)) for axis in ("lon", "lat"))
    number = exp.Add(this=exp.column("file_row_number"), expression=whole(1))
    placed = both(present(column, POINT), one_of(cell(column), tuple(sorted(view.territory.limits))))
    points = view.fetch(view.select(number, cell(column), lon, lat).where(placed, copy=False))
    rows = [
        (n, c, x, y)
        for n, c, x, y in points
        if isinstance(n, int) and isinstance(x, float) and isinstance(y, float)
    ]
    wrong: list[tuple[int, str]] = []
    for code, outline in view.territory.limits.items():
        mine = [(n, x, y) for n, c, x, y in rows if c == code]
        area = shapely.buffer(shapely.from_geojson(outline), MARGIN)
        inside = np.atleast_1d(
            shapely.contains_xy(area, np.array([x for _, x, _ in mine]), np.array([y for _, _, y in mine]))
        )
        wrong += [
            (n, f"{code} : {x:.5f}, {y:.5f}")
            for (n, x, y), good in zip(mine, inside, strict=True)
            if not good
        ]
    if wrong:
        yield RuleHit(column, len(wrong), tuple(sorted(wrong)[: view.limit]))


point_commune = Check(
    name="point-commune",
    title="Point hors de sa commune",
    message="{rows} dont le point tombe hors de la commune de la colonne « {column} ».",
    fix="Vérifiez les coordonnées et le code de commune de ces lignes.",
    english=English(
        title="Point outside its commune",
        message="{rows} whose point falls outside the commune of column “{column}”.",
        fix="Check the coordinates and the code of commune of these rows.",
    ),
    severity="warning",
    dimension="accuracy",
    look=_look,
    examples=(
        Example(
            {},
            ("nom", "code_insee", "lat", "lon"),
            tuple(
                (
                    f"a{i}",
                    "34172" if i % 2 else "34057",
                    "43.7100" if i == 5 else f"43.6{i:02}1",
                    f"3.87{i:02}",
                )
                for i in range(1, 20)
            ),
            (5,),
        ),
    ),
)
