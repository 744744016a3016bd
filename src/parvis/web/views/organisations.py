"""Who publishes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from parvis.catalogue.entries import entries
from parvis.core.errors import NotFound
from parvis.core.types import Organisation
from parvis.store import datasets
from parvis.web.page import Visit
from parvis.web.views.cards import Card, newest_first


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
    datasets: Annotated[tuple[Card, ...], "Jeux publiés, le plus récent d’abord."]


def organisations(visit: Visit) -> OrganisationsPage:
    """GET /organisations."""
    with visit.city.db.read() as conn:
        every = datasets.organisations(conn)
        found = entries(conn, visit.links)
    held = [e.organisation.id for e in found]
    return OrganisationsPage(tuple(OrganisationLine(o, held.count(o.id)) for o in sorted(every, key=lambda o: (o.kind != "department", o.name))))


def organisation(visit: Visit) -> OrganisationPage:
    """GET /organisations/{id}."""
    with visit.city.db.read() as conn:
        one = datasets.organisation(conn, visit.params["id"])
        if one is None:
            raise NotFound("Cette organisation n’existe pas.")
        found = [e for e in entries(conn, visit.links) if e.organisation.id == one.id]
    return OrganisationPage(one, sum(e.rows for e in found), newest_first(found, visit.city.now()))
