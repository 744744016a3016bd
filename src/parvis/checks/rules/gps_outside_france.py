"""A point that is neither in France (metropolitan or one of five overseas departments) nor there once
longitude and latitude are swapped.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from parvis.checks.declaration import Check, Clause, English, Example, Record
from parvis.checks.france import NAME, in_france, points
from parvis.checks.sql import both, not_null


def _across(record: Record) -> Iterable[Clause]:
    for cell, lon, lat in points(record):
        yield Clause(
            both(not_null(cell.value), exp.Not(this=in_france(lon, lat)), exp.Not(this=in_france(lat, lon))),
            column=cell.column.name,
        )


gps_outside_france = Check(
    name="gps-outside-france",
    title="Coordonnées hors de France",
    message="{values} de la colonne « {column} » : points hors de France.",
    fix="Vérifiez la longitude et la latitude, en degrés (WGS 84), dans cet ordre.",
    english=English(
        title="Coordinates outside France",
        message="{values} of column “{column}”: points outside France.",
        fix="Check longitude and latitude, in degrees (WGS 84), in that order.",
    ),
    dimension="accuracy",
    custom=NAME,
    across=_across,
    examples=(
        Example(
            {
                "fields": [{"name": "p", "type": "geopoint", "format": "array"}, {"name": "x"}],
                "custom_checks": [{"name": NAME, "params": {"column": "p"}}],
            },
            ("p", "x"),
            (
                ("[3.8767,43.6108]", "a"),
                ("[43.6108,3.8767]", "a"),
                ("[0,0]", "a"),
                ("[55.45,-20.88]", "a"),
                ("", "a"),
                ("ici", "a"),
            ),
            (3,),
        ),
    ),
)
