"""Where France is, for the custom check of coordinates (Validata's `french-gps-coordinates`)."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.checks.custom import column, custom_params
from parvis.checks.declaration import Cell, Record, called
from parvis.checks.sql import both, either, not_null
from parvis.checks.typed import coordinates

NAME = "french-gps-coordinates"

BOXES = (
    (-5.141277, 41.333571, 9.560091, 51.088989),
    (-61.809839, 15.832041, -61.001959, 16.514488),
    (-61.229033, 14.388646, -60.809655, 14.878723),
    (-54.60239, 2.111055, -51.619041, 5.748138),
    (55.216526, -21.389631, 55.836654, -20.8718),
    (45.01833, -13.005254, 45.299985, -12.63659),
)
"""West, south, east, north in degrees: metropolitan France, Guadeloupe, Martinique, Guyane, La Réunion,
Mayotte. Source: Validata's own boxes.
"""


def points(record: Record) -> Iterator[tuple[Cell, Expr, Expr]]:
    """The geopoint columns that the schema wants in France, with their longitude and latitude."""
    for params in custom_params(record.schema, NAME):
        cell = record.cells.get(column(params, "column"))
        if cell is not None and called(cell.column) == "geopoint":
            lon, lat = coordinates(cell.column, cell.value)
            yield cell, lon, lat


def in_france(lon: Expr, lat: Expr) -> Expr:
    """The point lies in one of the boxes."""

    def between(value: Expr, low: float, high: float) -> Expr:
        return exp.Between(this=value.copy(), low=exp.Literal.number(low), high=exp.Literal.number(high))

    inside = (
        both(between(lon, west, east), between(lat, south, north)) for west, south, east, north in BOXES
    )
    return exp.Paren(this=both(not_null(lon), not_null(lat), exp.Paren(this=either(*inside))))
