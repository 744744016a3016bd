"""What is said of the columns of a table, edited by whoever answers for it: title, description, unit. The version
stays the one it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated

from parvis.core.errors import NotFound
from parvis.core.language import mark
from parvis.core.types import POINT, RAW_PREFIX, SHAPE, Column, Dataset, Resource
from parvis.decisions import clearing
from parvis.people.rights import Person
from parvis.publication import describing
from parvis.store import versions
from parvis.store.column_words import ColumnWords
from parvis.web.form import Again, Moved, Sent, form
from parvis.web.page import Page, Visit, page
from parvis.web.views.describing import PERSONAL, editable
from parvis.web.views.desk import Choice, Wrong

TEMPLATE = "describing_columns.html"
MOST = 300
"""Columns of one form."""
SHORT, LONG = 200, 2_000
"""Characters of a title or a unit, and of a description."""
_LIMITS: Mapping[str, int] = {"title": SHORT, "description": LONG, "unit": SHORT}
_FIELDS: Mapping[str, str] = {"title": "titre", "description": "description", "unit": "unite"}


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """One column."""

    name: Annotated[str, "Nom de la colonne, tel que la version le porte."]
    type: Annotated[str, "Type lu."]
    examples: Annotated[tuple[str, ...], "Trois valeurs ; aucune pour une colonne personnelle."]
    title: Annotated[str, "Titre montré."]
    description: Annotated[str, "Description."]
    unit: Annotated[str, "Unité."]


@dataclass(frozen=True, slots=True)
class ColumnsPage:
    """The columns of a table, to be described."""

    id: Annotated[str, "Identifiant du jeu."]
    state: Annotated[str, "draft, published ou archived."]
    title: Annotated[str, "Titre du jeu."]
    resource: Annotated[str, "Nom de la table, dans l’adresse."]
    resources: Annotated[tuple[Choice, ...], "Tables du jeu."]
    columns: Annotated[tuple[ColumnLine, ...], "Colonnes, dans l’ordre de la table."]
    others: Annotated[int, "Colonnes qui ne sont pas montrées : le formulaire en tient 300."]
    may_clear: Annotated[
        bool, "Vrai si la personne peut dire que des mots ne désignent personne, ou avec son accord."
    ]
    personal: Annotated[
        bool, "Vrai si le formulaire est renvoyé parce que des mots semblent désigner quelqu’un."
    ] = False
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()


@dataclass(frozen=True, slots=True)
class _Edited:
    person: Person
    dataset: Dataset
    resource: Resource
    resources: tuple[Resource, ...]
    columns: tuple[Column, ...]
    examples: Mapping[str, tuple[str, ...]]


def describe(visit: Visit) -> ColumnsPage:
    """GET /jeux/{id}/colonnes."""
    return _page(_edited(visit, visit.query.get("ressource", "")))


def save(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /jeux/{id}/colonnes: keep it, unless a word points at somebody."""
    found = _edited(visit, sent.text("ressource"))
    told = tuple(
        replace(
            column,
            **{field: sent.text(f"{_FIELDS[field]}-{n}")[:most] for field, most in _LIMITS.items()},
        )
        for n, column in enumerate(found.columns[:MOST], 1)
    )
    shown = _page(replace(found, columns=(*told, *found.columns[MOST:])))
    here = f"/jeux/{found.dataset.id}/colonnes"
    wrong = tuple(
        Wrong(f"{_FIELDS[field]}-{n}", mark("Ce texte est trop long."))
        for n in range(1, len(told) + 1)
        for field, most in _LIMITS.items()
        if len(sent.text(f"{_FIELDS[field]}-{n}")) > most
    )
    if wrong:
        return Again(here, TEMPLATE, replace(shown, wrong=wrong))
    said = {c.name: ColumnWords(c.title, c.description, c.unit) for c in told}
    cleared = sent.text("personne") == "1" and shown.may_clear
    places = () if cleared else describing.personal_columns(visit.city, found.resource, said)
    if places:
        numbers = {c.name: n for n, c in enumerate(told, 1)}
        pointed = tuple(Wrong(f"{_FIELDS[p.field]}-{numbers[p.column]}", PERSONAL) for p in places)
        return Again(here, TEMPLATE, replace(shown, personal=True, wrong=pointed))
    describing.keep_columns(visit.city, found.resource, said, actor=found.person.id, cleared=cleared)
    return Moved(here, {"ressource": shown.resource, "fait": "1"})


def _edited(visit: Visit, name: str) -> _Edited:
    """The table of that name, the first one without a name. Raises as `describing.editable`, and NotFound while
    no file of it was read.
    """
    person, dataset, every = editable(visit, visit.params["id"])
    resources = tuple(every)
    resource = next(
        (r for r in resources if _name(r) == name), None if name or not resources else resources[0]
    )
    with visit.city.db.read() as conn:
        version = versions.latest(conn, resource.id) if resource else None
    if resource is None or version is None:
        raise NotFound(
            "Aucun fichier de cette table n’a encore été lu.",
            mend="Déposez-le d’abord : ses colonnes seront ici.",
        )
    hidden = {f.column for f in version.report.findings if f.dimension == "confidentiality"}
    examples = {p.name: p.examples[:3] for p in version.report.profile if p.name not in hidden}
    columns = tuple(
        c
        for c in version.schema.columns
        if c.name not in (POINT, SHAPE) and not c.name.startswith(RAW_PREFIX)
    )
    return _Edited(person, dataset, resource, resources, columns, examples)


def _name(resource: Resource) -> str:
    return resource.id.partition("/")[2]


def _page(found: _Edited) -> ColumnsPage:
    return ColumnsPage(
        found.dataset.id,
        found.dataset.state,
        found.dataset.title,
        _name(found.resource),
        tuple(Choice(_name(r), r.title, r == found.resource) for r in found.resources),
        tuple(
            ColumnLine(c.name, c.type, found.examples.get(c.name, ()), c.title, c.description, c.unit)
            for c in found.columns[:MOST]
        ),
        max(0, len(found.columns) - MOST),
        clearing.may_clear(found.person, found.dataset.publisher),
    )


PAGES: tuple[Page, ...] = (page("/jeux/{id}/colonnes", describe, TEMPLATE, steady=False),)

ROUTES = (*form("/jeux/{id}/colonnes", save, fields=3 * MOST + 10),)
