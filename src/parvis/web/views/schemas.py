"""The Table Schemas that the city knows: what each asks for, and files to begin with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from parvis import schemas
from parvis.core.errors import NotFound, UsageError
from parvis.schemas import Known, templates
from parvis.schemas.library import Origin
from parvis.schemas.templates import Form
from parvis.web.page import Page, Visit, page, send, visit_of


@dataclass(frozen=True, slots=True)
class SchemaLine:
    """One schema in the list."""

    name: Annotated[str, "Nom, pour --schema et pour les adresses."]
    version: Annotated[str, "Version la plus récente."]
    title: Annotated[str, "Titre."]
    description: Annotated[str, "Ce que décrit une table de ce schéma."]
    columns: Annotated[int, "Nombre de colonnes."]
    required: Annotated[int, "Nombre de colonnes obligatoires."]
    origin: Annotated[Origin, "parvis : fourni ; city : écrit par la ville ; national : pris d’un catalogue."]


@dataclass(frozen=True, slots=True)
class SchemasPage:
    """All schemas that are known by a name."""

    schemas: Annotated[tuple[SchemaLine, ...], "Schémas, ceux de la ville et de Parvis d’abord."]


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One column that a schema asks for."""

    name: Annotated[str, "Nom de la colonne."]
    title: Annotated[str, "Titre."]
    description: Annotated[str, "Ce qu’on y met."]
    type: Annotated[str, "Type, en français."]
    required: Annotated[bool, "Vrai si elle est obligatoire."]
    allowed: Annotated[str, "Valeurs permises, séparées par une virgule ; vide si elles sont libres."]
    example: Annotated[str, "Un exemple."]


@dataclass(frozen=True, slots=True)
class SchemaPage:
    """One schema."""

    name: Annotated[str, "Nom."]
    version: Annotated[str, "Version."]
    versions: Annotated[tuple[str, ...], "Versions connues, la plus récente d’abord."]
    title: Annotated[str, "Titre."]
    description: Annotated[str, "Ce que décrit une table de ce schéma."]
    origin: Annotated[Origin, "parvis : fourni ; city : écrit par la ville ; national : pris d’un catalogue."]
    key: Annotated[tuple[str, ...], "Colonnes de la clé primaire."]
    fields: Annotated[tuple[FieldLine, ...], "Colonnes, dans l’ordre."]
    document: Annotated[str, "Adresse du Table Schema (JSON)."]


def every(visit: Visit) -> SchemasPage:
    """GET /schemas."""
    known = schemas.library(visit.city.settings.folder)
    return SchemasPage(
        tuple(
            SchemaLine(k.name, k.version, k.title, k.description, len(k.fields), _required(k), k.origin)
            for k in known.newest
        )
    )


def one(visit: Visit) -> SchemaPage:
    """GET /schemas/{name}, name or name@version. Raises NotFound."""
    k = named(visit)
    rows = ((templates.described(f), templates.example(f)) for f in k.fields)
    fields = tuple(FieldLine(d[0], d[1], d[2], d[3], bool(d[4]), d[5], example) for d, example in rows)
    versions = tuple(
        other.version for other in schemas.library(visit.city.settings.folder) if other.name == k.name
    )
    return SchemaPage(
        k.name,
        k.version,
        versions,
        k.title,
        k.description,
        k.origin,
        k.schema.primary_key,
        fields,
        f"{visit.base}{k.address}/schema.json",
    )


def named(visit: Visit) -> Known:
    """The schema that the address names. Raises NotFound."""
    try:
        return schemas.library(visit.city.settings.folder).find(visit.params["name"])
    except UsageError as unknown:
        raise NotFound(unknown.message, mend="La liste des schémas est à /schemas.") from unknown


def document(request: Request) -> Response:
    """/schemas/{name}/schema.json: the Table Schema itself, for other tools."""
    return send(
        request,
        orjson.dumps(named(visit_of(request)).document, option=orjson.OPT_INDENT_2),
        "application/json",
        headers=_OPEN,
    )


def blank(request: Request) -> Response:
    """/schemas/{name}/modele.csv or .xlsx: the header alone."""
    return _file(request, "modele")


def filled(request: Request) -> Response:
    """/schemas/{name}/exemple.csv or .xlsx: the header and a row of examples."""
    return _file(request, "exemple")


def _file(request: Request, what: Literal["modele", "exemple"]) -> Response:
    known, asked = named(visit_of(request)), request.path_params["form"]
    form: Form | None = "xlsx" if asked == "xlsx" else "csv" if asked == "csv" else None
    if form is None:
        raise NotFound("Ce modèle n’existe pas.", mend="Demandez-le en .csv ou en .xlsx.")
    body = (templates.filled if what == "exemple" else templates.blank)(known, form)
    name = f"{known.name.rpartition('/')[2]}-{what}.{form}"
    media = (
        "text/csv; charset=utf-8"
        if form == "csv"
        else "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    return send(
        request, body, media, headers={**_OPEN, "Content-Disposition": f'attachment; filename="{name}"'}
    )


def _required(known: Known) -> int:
    return sum(c.constraints.get("required") is True for c in known.schema.columns)


_OPEN = {"Access-Control-Allow-Origin": "*"}

PAGES: tuple[Page, ...] = (
    page("/schemas", every, "schemas.html", steady=False),
    page("/schemas/{name:path}", one, "schema.html", steady=False),
)
"""Not steady: a synchronisation changes the folder, not the journal."""

ROUTES = tuple(
    Route(f"{prefix}/schemas/{{name:path}}/{tail}", handler)
    for prefix in ("", "/en")
    for tail, handler in (("schema.json", document), ("modele.{form}", blank), ("exemple.{form}", filled))
)
