"""A point outside France that falls in France once longitude and latitude are swapped."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from parvis.checks.declaration import Check, Clause, English, Example, Record
from parvis.checks.france import NAME, in_france, points
from parvis.checks.sql import both, not_null


def _across(record: Record) -> Iterable[Clause]:
    for cell, lon, lat in points(record):
        yield Clause(
            both(not_null(cell.value), exp.Not(this=in_france(lon, lat)), in_france(lat, lon)),
            column=cell.column.name,
        )


gps_reversed = Check(
    name="gps-reversed",
    title="Longitude et latitude inversées",
    message="{values} de la colonne « {column} » : longitude et latitude inversées.",
    fix="Écrivez la longitude d’abord, la latitude ensuite : [3.8767, 43.6108] pour Montpellier.",
    english=English(
        title="Longitude and latitude swapped",
        message="{values} of column “{column}”: longitude and latitude swapped.",
        fix="Write the longitude first, then the latitude: [3.8767, 43.6108] for Montpellier.",
    ),
    dimension="accuracy",
    custom=NAME,
    across=_across,
    examples=(
        Example(
            {
                "fields": [{"name": "p", "type": "geopoint"}, {"name": "x"}],
                "custom_checks": [{"name": NAME, "params": {"column": "p"}}],
            },
            ("p", "x"),
            (("3.8767,43.6108", "a"), ("43.6108, 3.8767", "a"), ("0,0", "a"), ("", "a")),
            (2,),
        ),
    ),
)
