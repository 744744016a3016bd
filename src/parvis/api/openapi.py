"""OpenAPI 3.1 of what programs may ask, made from the same declarations as the routes: a client is generated
from it, a portal lists it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from parvis import __version__, exports
from parvis.api import answers, parameters
from parvis.api.response_cache import cache_of
from parvis.catalogue.links import EXPLORE
from parvis.core.types import Json

PATH = "/api/openapi.json"


@dataclass(frozen=True, slots=True)
class Operation:
    """One address: what it answers, the parameters that it knows, and in which media type."""

    path: str
    name: str
    says: str
    known: frozenset[str] = frozenset()
    schema: str = ""
    """Name of the component that the answer is; "" for any object."""
    media: tuple[str, ...] = ("application/json",)


FORMATS = tuple(exports.exporters().values())
OPERATIONS = (
    Operation("/catalog", "catalog", "Où aller : les adresses du catalogue.", schema="Links"),
    Operation("/catalog/datasets", "datasets", "Les jeux de données, filtrés et triés, par pages.", parameters.QUERY, "Datasets"),
    Operation("/catalog/facets", "catalogFacets", "Combien de jeux par thème, producteur, mot-clé ou licence.", parameters.FACETS, "Facets"),
    Operation("/catalog/exports", "catalogExports", "Les formats du catalogue entier.", schema="Links"),
    Operation("/catalog/exports/{format}", "catalogExport", "Le catalogue entier : csv ou json ; ttl, rdf et jsonld mènent au catalogue DCAT-AP.",
              parameters.EXPORT, media=("application/json", "text/csv")),
    Operation("/catalog/datasets/{id}", "dataset", "Un jeu : sa description, ses colonnes et leurs types.", parameters.RECORD, "Dataset"),
    Operation("/catalog/datasets/{id}/records", "records", "Les enregistrements qui conviennent, groupés ou non, et leur nombre.", parameters.QUERY, "Records"),
    Operation("/catalog/datasets/{id}/records/{rid}", "record", "Un enregistrement, par son rang dans la version, à partir de 1.", parameters.RECORD, "Record"),
    Operation("/catalog/datasets/{id}/facets", "facets", "Combien d’enregistrements a chaque valeur d’une colonne.", parameters.FACETS, "Facets"),
    Operation("/catalog/datasets/{id}/attachments", "attachments", "Les pièces jointes : aucune."),
    Operation("/catalog/datasets/{id}/exports", "exports", "Les formats de la table entière.", schema="Links"),
    Operation("/catalog/datasets/{id}/exports/{format}", "export", "La table entière, ou tout ce qui convient, en un fichier ; Range en donne une partie.",
              parameters.EXPORT, media=tuple(sorted({e.media_type.partition(";")[0] for e in FORMATS}))),
)  # fmt: skip
"""Every address of the dialect, but the two that version 2.1 took away."""

SAID: Mapping[str, tuple[Mapping[str, Json], str]] = {
    "select": ({"type": "string"}, "Colonnes et calculs voulus : « espece, count(*) as n »."),
    "where": ({"type": "string"}, "Condition : « hauteur_m > 10 and espece = \"Platane\" »."),
    "group_by": ({"type": "string"}, "Colonnes ou calculs qui groupent."),
    "order_by": ({"type": "string"}, "Ordre : « -n, espece »."),
    "limit": ({"type": "integer", "minimum": -1}, "Nombre d’enregistrements ; records : 100 au plus (20000 groupes) ; exports : -1, tout."),
    "offset": ({"type": "integer", "minimum": 0}, "Enregistrements à sauter ; offset + limit : 10000 au plus."),
    "refine": ({"type": "array", "items": {"type": "string"}}, "Facette à garder : « espece:Platane »."),
    "exclude": ({"type": "array", "items": {"type": "string"}}, "Facette à écarter : « espece:Platane »."),
    "facet": ({"type": "array", "items": {"type": "string"}}, "Facettes voulues : « facet(name=\"espece\", limit=20) », ou le nom d’une colonne."),
    "lang": ({"type": "string", "default": "fr"}, "Langue des nombres et des dates écrits en toutes lettres."),
    "timezone": ({"type": "string", "default": "UTC"}, "Fuseau (nom IANA) des dates, des filtres et de la réponse."),
    "include_links": ({"type": "boolean", "default": False}, "Donner les adresses des autres pages."),
    "include_app_metas": ({"type": "boolean", "default": False}, "Admis, sans effet."),
    "use_labels": ({"type": "boolean", "default": False}, "Titres des colonnes au lieu de leurs noms."),
    "use_labels_for_header": ({"type": "boolean", "default": False}, "Le même, sous son ancien nom."),
    "compressed": ({"type": "boolean", "default": False}, "Un fichier .gz."),
    "epsg": ({"type": "integer", "default": 4326}, "shp, fgb : code EPSG des coordonnées ; les autres formats, en WGS 84, en refusent un autre."),
    "delimiter": ({"type": "string", "enum": [";", ",", "\t", "|"], "default": ";"}, "CSV : séparateur."),
    "list_separator": ({"type": "string", "default": ","}, "CSV : séparateur des valeurs d’une liste."),
    "quote_all": ({"type": "boolean", "default": False}, "CSV : toutes les cellules entre guillemets."),
    "with_bom": ({"type": "boolean", "default": True}, "CSV : marque UTF-8 en tête, que les tableurs attendent."),
    "protect_formulas": (
        {"type": "boolean", "default": False}, "CSV : une apostrophe devant chaque texte qu’un tableur prendrait pour une formule (=, +, -, @, tabulation).",
    ),
    "parquet_compression": ({"type": "string", "enum": ["snappy", "zstd"], "default": "snappy"}, "Parquet : compression."),
    "raw": ({"type": "boolean", "default": False}, "Joindre ce que le fichier disait là où la valeur ne se lit pas dans le type de sa colonne."),
    "name_field": ({"type": "string"}, "GPX, KML : colonne du nom."),
    "description_field_list": ({"type": "string"}, "GPX, KML : colonnes de la description, séparées par des virgules."),
    "use_extension": ({"type": "boolean", "default": True}, "GPX : toutes les colonnes, en extension."),
}  # fmt: skip
"""Of each query parameter: its schema and, in French, what it does."""

_OBJECT: Mapping[str, Json] = {"type": "object", "additionalProperties": True}
_LINKS: Json = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["rel", "href"],
        "properties": {"rel": {"type": "string"}, "href": {"type": "string"}},
    },
}
_COUNT: Json = {"type": "integer", "minimum": 0}
SCHEMAS: Mapping[str, Json] = {
    "Record": {**_OBJECT, "description": "Un enregistrement : une valeur par colonne."},
    "Records": {
        "type": "object",
        "required": ["total_count", "results"],
        "properties": {
            "total_count": _COUNT,
            "links": _LINKS,
            "results": {"type": "array", "items": {"$ref": "#/components/schemas/Record"}},
        },
    },
    "Dataset": {
        "type": "object",
        "required": ["dataset_id", "fields", "metas"],
        "properties": {
            "dataset_id": {"type": "string"},
            "has_records": {"type": "boolean"},
            "metas": dict(_OBJECT),
            "fields": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["name", "type"],
                    "properties": {
                        "name": {"type": "string"},
                        "label": {"type": "string"},
                        "type": {"type": "string"},
                        "description": {"type": ["string", "null"]},
                    },
                },
            },
        },
    },
    "Datasets": {
        "type": "object",
        "required": ["total_count", "results"],
        "properties": {
            "total_count": _COUNT,
            "results": {"type": "array", "items": {"type": "object", "additionalProperties": True}},
        },
    },
    "Facets": {
        "type": "object",
        "required": ["facets"],
        "properties": {"links": _LINKS, "facets": {"type": "array", "items": dict(_OBJECT)}},
    },
    "Links": {"type": "object", "required": ["links"], "properties": {"links": _LINKS}},
    "Error": {
        "type": "object",
        "required": ["error_code", "message"],
        "properties": {
            "error_code": {"type": "string"},
            "message": {"type": "string"},
            "error": {"type": "string", "description": "message, sous un autre nom."},
            "clause": {"type": "string", "description": "Paramètre fautif."},
            "at": {"type": "integer", "description": "Place de la faute, à partir de 0."},
            "expected": {"type": "array", "items": {"type": "string"}},
        },
    },
}


def document(base: str, city: str) -> dict[str, Json]:
    """The whole document. base: public address of the portal."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{city} : données ouvertes",
            "version": __version__,
            "description": "Lecture sans clé ni inscription, au dialecte Explore v2.1. Un paramètre inconnu n’empêche pas la réponse : "
            "X-Parvis-Ignored-Parameters le dit. ETag et If-None-Match évitent de relire ce qui n’a pas changé.",
        },
        "servers": [{"url": base + EXPLORE}],
        "paths": {o.path: {"get": _operation(o)} for o in OPERATIONS},
        "components": {
            "schemas": dict(SCHEMAS),
            "parameters": {name: _parameter(name, *described) for name, described in SAID.items()},
            "responses": {
                "Error": {
                    "description": "Ce qui ne va pas, et où.",
                    "content": {"application/json": {"schema": _ref("schemas", "Error")}},
                }
            },
        },
    }


def _ref(kind: str, name: str) -> dict[str, Json]:
    return {"$ref": f"#/components/{kind}/{name}"}


def _parameter(name: str, schema: Mapping[str, Json], says: str) -> Json:
    return {"name": name, "in": "query", "description": says, "schema": dict(schema)}


def _operation(one: Operation) -> Json:
    parameters: list[Json] = [_in_path(name, one) for name in re.findall(r"\{(\w+)\}", one.path)]
    parameters += [_ref("parameters", name) for name in SAID if name in one.known]
    body: Json = _ref("schemas", one.schema) if one.schema else dict(_OBJECT)
    return {
        "operationId": one.name,
        "summary": one.says,
        "parameters": parameters,
        "responses": {
            "200": {
                "description": one.says,
                "content": {
                    media: {"schema": body} if media == "application/json" else {} for media in one.media
                },
            },
            "304": {"description": "Rien n’a changé depuis l’étiquette (ETag) que vous tenez."},
            **{status: _ref("responses", "Error") for status in _faults(one)},
        },
    }


def _faults(one: Operation) -> Iterable[str]:
    return (*(("400",) if one.known else ()), *(("404",) if "{" in one.path else ()))


def _in_path(name: str, one: Operation) -> Json:
    says = {
        "id": "Identifiant du jeu ; ses autres tables : « jeu--table ».",
        "rid": "Rang de l’enregistrement, à partir de 1.",
        "format": "Format.",
    }
    formats: list[Json] = (
        ["csv", "json", "ttl", "rdf", "dcat", "jsonld"]
        if "{id}" not in one.path
        else [e.name for e in FORMATS]
    )
    schema: dict[str, Json] = {"type": "integer", "minimum": 1} if name == "rid" else {"type": "string"}
    if name == "format":
        schema["enum"] = formats
    return {"name": name, "in": "path", "required": True, "description": says[name], "schema": schema}


def described(request: Request) -> Response:
    """/api/openapi.json: what programs may ask, for programs."""
    cache = cache_of(request)
    return answers.document(
        request, orjson.dumps(document(cache.links.base, cache.context.settings.city.name)), None
    )


ROUTES = (Route(PATH, answers.crossed(described), methods=answers.METHODS),)
