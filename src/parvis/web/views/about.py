"""Pages that say who runs the portal, under which rules, and how accessible it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from parvis import __version__
from parvis.catalogue import lists
from parvis.core.text import fold
from parvis.store import datasets
from parvis.web.page import Visit
from parvis.web.views.services import ServiceLine, lines

CRITERIA = 106
"""Criteria of the RGAA 4.1."""

BY_MACHINE = 33
"""Criteria of which axe-core 4.14 tests a part (its rules tagged RGAA)."""


@dataclass(frozen=True, slots=True)
class CityPage:
    """Who publishes, and with what."""

    city: Annotated[str, "Nom de la collectivité."]
    insee: Annotated[str, "Code INSEE de la commune ou SIREN de l’EPCI."]
    contact: Annotated[str, "Adresse de courriel de l’équipe des données."]
    url: Annotated[str, "Adresse publique du portail."]
    version: Annotated[str, "Version de Parvis."]


@dataclass(frozen=True, slots=True)
class AccessibilityPage:
    """The accessibility statement, as the law asks for it."""

    city: Annotated[str, "Nom de la collectivité."]
    contact: Annotated[str, "À qui signaler une difficulté."]
    url: Annotated[str, "Adresse publique du portail."]
    status: Annotated[str, "non conforme : aucun audit complet n’a encore été fait."]
    criteria: Annotated[int, "Nombre de critères du RGAA."]
    by_machine: Annotated[int, "Critères dont une partie est vérifiée à chaque changement."]
    by_people: Annotated[int, "Critères que seules des personnes peuvent vérifier."]


@dataclass(frozen=True, slots=True)
class SitePlanPage:
    """Every page of the portal."""

    datasets: Annotated[
        tuple[tuple[str, str], ...], "Identifiant et titre des jeux de cette page, par ordre alphabétique."
    ]
    page: Annotated[int, "Numéro de la page, à partir de 1."]
    pages: Annotated[int, "Nombre de pages."]
    organisations: Annotated[tuple[tuple[str, str], ...], "Identifiant et nom de chaque organisation."]
    services: Annotated[tuple[ServiceLine, ...], "Services publics dont les résultats sont publiés."]


SIZE = 200
"""Datasets a page of the plan."""


def about(visit: Visit) -> CityPage:
    """What every page of this kind says of the city."""
    city = visit.city.settings.city
    return CityPage(city.name, city.insee, city.contact, visit.base, __version__)


def accessibility(visit: Visit) -> AccessibilityPage:
    """GET /accessibilite."""
    city = visit.city.settings.city
    return AccessibilityPage(
        city.name, city.contact, visit.base, "non conforme", CRITERIA, BY_MACHINE, CRITERIA - BY_MACHINE
    )


def plan(visit: Visit) -> SitePlanPage:
    """GET /plan-du-site."""
    with visit.city.db.read() as conn:
        pages = max(1, -(-lists.totals(conn).datasets // SIZE))
        number = min(visit.whole("page", 1), pages)
        found = tuple(lists.alphabetical(conn, limit=SIZE, offset=(number - 1) * SIZE))
        names = datasets.organisations(conn)
    return SitePlanPage(
        found,
        number,
        pages,
        _by_name((o.id, o.name) for o in names),
        tuple(s for s in lines(visit) if s.ready),
    )


def _by_name(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(pairs, key=lambda pair: fold(pair[1])))
