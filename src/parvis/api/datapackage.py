"""A dataset as a Frictionless data package, with the Table Schema of each of its tables: where the rows are,
and how each column reads.

/jeux/{id}/datapackage.json. The rows are the CSV export with commas and no byte order mark, which every
library reads with nothing said. Source: Data Package 1 and Table Schema 1 (specs.frictionlessdata.io).
"""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from parvis.api import answers
from parvis.api.response_cache import ResponseCache, cache_of
from parvis.catalogue import vocabularies
from parvis.catalogue.entries import Entry, Item
from parvis.core.types import ColumnType, Json
from parvis.engine.render import Shown, queryable

PATH = "/jeux/{id}/datapackage.json"
TYPES: Mapping[ColumnType, str] = {
    "text": "string", "integer": "integer", "number": "number", "boolean": "boolean", "date": "date", "datetime": "datetime", "time": "time", "year": "year",
    "array": "string", "json": "string", "point": "string", "shape": "string",
}  # fmt: skip
"""As the CSV export writes them: « lat, lon » is no geopoint of Table Schema, which is « lon, lat »."""


def package(entry: Entry, cache: ResponseCache) -> dict[str, Json]:
    """The descriptor of a dataset."""
    d = entry.dataset
    licence = vocabularies.LICENCES.get(d.licence)
    descriptor: dict[str, Json] = {
        "profile": "data-package",
        "name": entry.id,
        "id": entry.url,
        "title": d.title,
        "description": d.description,
        "homepage": entry.url,
        "created": entry.issued.isoformat(),
        "keywords": list(d.keywords),
        "licenses": [{"title": licence.title, "path": licence.url}] if licence else [],
        "contributors": [{"title": entry.organisation.name, "role": "publisher"}],
        "resources": [_resource(i, cache) for i in entry.items],
    }
    return {k: v for k, v in descriptor.items() if v not in ("", [])}


def _resource(item: Item, cache: ResponseCache) -> Json:
    fields: list[Json] = [_field(c) for c in queryable(item.schema)]
    schema: dict[str, Json] = {"fields": fields}
    names = {c.stored: c.name for c in queryable(item.schema)}
    if item.schema.primary_key and all(k in names for k in item.schema.primary_key):
        schema["primaryKey"] = [names[k] for k in item.schema.primary_key]
    rows = f"{cache.links.export(item.table, 'csv')}?delimiter=,&with_bom=false"
    return {
        "profile": "tabular-data-resource",
        "name": item.table,
        "title": item.resource.title,
        "path": rows,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
        "version": item.version,
        "modified": item.at.isoformat(),
        "rows": item.rows,
    }


def _field(one: Shown) -> Json:
    descriptor: dict[str, Json] = {"name": one.name, "type": TYPES[one.type]}
    if one.title and one.title != one.name:
        descriptor["title"] = one.title
    if one.column is not None and one.column.description:
        descriptor["description"] = one.column.description
    if one.type == "datetime":
        descriptor["format"] = "any"
    return descriptor


def described(request: Request) -> Response:
    """The data package of a dataset."""
    cache = cache_of(request)
    entry = cache.entry(request.path_params["id"])
    return answers.document(request, orjson.dumps(package(entry, cache)), entry.modified)


ROUTES = (Route(PATH, answers.crossed(answers.in_dialect(described)), methods=answers.METHODS),)
