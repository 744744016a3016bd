"""A file checked against a schema that is not its own: said once and first, with the schema that fits,
instead of column by column.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from parvis.checks.headers import align, asked_of, foreign
from parvis.core.reading import RawTable
from parvis.core.text import french_number
from parvis.core.types import ColumnType, Finding, Json, Schema
from parvis.schemas.library import Known, Library
from parvis.schemas.ranking import Fit, rank

CODE = "schema-unfit"

ALONE = 0.25
"""Share of the asked columns below which a file is not of a schema even where no other one fits it."""

_TYPES: Mapping[ColumnType, str] = {
    "text": "string",
    "point": "geopoint",
    "shape": "geojson",
    "json": "object",
}
"""Types whose name is another one in a Table Schema."""


def unfit(
    raw: RawTable, schema: Schema, schema_name: str, known: Library, con: duckdb.DuckDBPyConnection
) -> Finding | None:
    """Say that a table is not of this schema, and which of the known ones it is of; None when it may be of
    it, columns renamed or missing.

    schema_name: what the schema is called.
    """
    if not foreign(raw, schema):
        return None
    own = _as_known(schema)
    others = [k for k in known.newest if {str(f["name"]) for f in k.fields} != set(schema.names)]
    ranked = rank(raw, con, (own, *others))
    if any(fit.name == own.name and fit.likely for fit in ranked):
        return None
    better = next((fit for fit in ranked if fit.name != own.name and fit.likely), None)
    schema_name = schema_name or schema.name
    present, wanted = align(raw, schema), asked_of(schema)
    present_count = sum(name in present for name in wanted)
    if better is None and present_count >= ALONE * len(wanted):
        return None
    some = f"que {french_number(present_count)}" if present_count else "aucune"
    message = f"Ce fichier n’a {some} des {french_number(len(wanted))} colonnes que demande le schéma « {schema_name} » : il n’est pas fait pour lui."
    return Finding(CODE, message, "error", "consistency", count=1, fix=_fix(better))


def _fix(better: Fit | None) -> str:
    if better is None:
        return "Aucun autre schéma connu ne lui convient : vérifiez que c’est le bon fichier, et que sa première ligne donne le nom des colonnes."
    known, n = len(better.matches), len(better.matches) + len(better.unknown)
    seen = f"il reconnaît {french_number(known)} de ses {french_number(n)} colonnes"
    return (
        f"Le schéma « {better.name} » ({better.title}) lui convient : {seen}. Vérifiez le fichier avec lui."
    )


def _as_known(schema: Schema) -> Known:
    """The schema as one to be ranked: names, titles, types and constraints."""
    fields: list[Json] = [
        {
            "name": c.name,
            "title": c.title,
            "type": _TYPES.get(c.type, c.type),
            "constraints": dict(c.constraints),
        }
        for c in schema.columns
    ]
    return Known("", schema.version, Path(), "city", {"fields": fields})
