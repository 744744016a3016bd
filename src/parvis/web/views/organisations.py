"""Who publishes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from parvis.catalogue import lists
from parvis.core.errors import NotFound
from parvis.core.types import Organisation
from parvis.store import datasets
from parvis.web.page import Visit
from parvis.web.views.cards import Card, cards

SIZE = 20
"""Datasets a page."""


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """An organisation in the list."""

    organisation: Annotated[Organisation, "Identifiant, nom, description et nature."]
    datasets: Annotated[int, "Nombre de jeux publiés."]


@dataclass(frozen=True, slots=True)
class OrganisationsPage:
    """The organisations that publish something, and those that will."""

    organisations: Annotated[tuple[OrganisationLine, ...], "Organisations, par nature puis par nom."]


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """One organisation and what it publishes."""

    organisation: Annotated[Organisation, "Identifiant, nom, description, nature, site et SIRET."]
    rows: Annotated[int, "Nombre total d’enregistrements publiés."]
    total: Annotated[int, "Nombre de jeux publiés."]
    page: Annotated[int, "Numéro de la page, à partir de 1."]
    pages: Annotated[int, "Nombre de pages."]
    datasets: Annotated[tuple[Card, ...], "Jeux publiés de cette page, le plus récent d’abord."]


def organisations(visit: Visit) -> OrganisationsPage:
    """GET /organisations."""
    with visit.city.db.read() as conn:
        every = datasets.organisations(conn)
        held = lists.by_organisation(conn)
    return OrganisationsPage(
        tuple(
            OrganisationLine(o, held.get(o.id, 0))
            for o in sorted(every, key=lambda o: (o.kind != "department", o.name))
        )
    )


def organisation(visit: Visit) -> OrganisationPage:
    """GET /organisations/{id}."""
    with visit.city.db.read() as conn:
        one = datasets.organisation(conn, visit.params["id"])
        if one is None:
            raise NotFound("Cette organisation n’existe pas.")
        totals = lists.totals(conn, one.id)
        pages = max(1, -(-totals.datasets // SIZE))
        number = min(visit.whole("page", 1), pages)
        found = cards(
            conn,
            visit.links,
            lists.newest(conn, limit=SIZE, offset=(number - 1) * SIZE, organisation=one.id),
            visit.city.now(),
        )
    return OrganisationPage(one, totals.rows, totals.datasets, number, pages, found)
