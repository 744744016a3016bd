"""The rows of an answer as JSON text, written by the engine."""

from __future__ import annotations

from typing import TypeVar

from sqlglot import exp

from parvis.core.released import Released
from parvis.core.types import Column, Schema
from parvis.engine import trees as t
from parvis.engine.relations import over
from parvis.engine.render import json_row, shown_columns

R = TypeVar("R", bound=Released)


def json_rows(released: R, timezone: str = "UTC") -> R:
    """One column `json`: each record as the text of an object."""
    row = json_row(shown_columns(released.schema), timezone)
    tree = over(released).select(
        t.alias(exp.Cast(this=row, to=exp.DataType.build("VARCHAR")), "json"), copy=False
    )
    return released.querying(tree, Schema(columns=(Column("json", "json"),)))
