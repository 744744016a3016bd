"""The catalogue: every dataset, by words and by facets, with addresses that can be kept and shared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, get_args

from parvis.catalogue.entries import Freshness
from parvis.catalogue.search import Filters, Sort
from parvis.web.page import Visit
from parvis.web.views.cards import Card, cards
from parvis.web.views.services import ServiceLine, found

SIZE = 20
"""Datasets a page."""

FACETS = {
    "theme": "theme",
    "organisation": "organisation",
    "format": "format",
    "licence": "licence",
    "freshness": "fraicheur",
    "keyword": "mot",
}
"""Facet of the index to the parameter of the address."""

SHOWN = 8
"""Values a facet shows beside the chosen ones."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet."""

    value: Annotated[str, "Code de la valeur, tel que l’adresse le porte."]
    label: Annotated[str, "Nom de la valeur en français."]
    count: Annotated[int, "Nombre de jeux qui l’ont, les autres filtres étant gardés."]
    chosen: Annotated[bool, "Vrai si le filtre est actif."]


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to narrow the search."""

    name: Annotated[str, "Nom de la facette : theme, organisation, format, licence, freshness, keyword."]
    parameter: Annotated[str, "Paramètre de l’adresse ; il se répète pour choisir plusieurs valeurs."]
    values: Annotated[tuple[FacetValue, ...], "Valeurs, de la plus fréquente à la moins fréquente."]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Datasets that match words and filters."""

    q: Annotated[str, "Mots cherchés."]
    sort: Annotated[str, "Ordre : relevance, modified ou title."]
    services: Annotated[
        tuple[ServiceLine, ...],
        "Services que ces mots cherchent, le meilleur d’abord ; sur la première page.",
    ]
    total: Annotated[int, "Nombre de jeux trouvés."]
    page: Annotated[int, "Numéro de la page, à partir de 1."]
    pages: Annotated[int, "Nombre de pages."]
    relaxed: Annotated[bool, "Vrai si aucun jeu n’a tous les mots : ceux qui en ont une partie sont montrés."]
    results: Annotated[
        tuple[Card, ...],
        "Jeux de cette page, les meilleurs d’abord ; par date, ce que les services calculent chaque jour vient après.",
    ]
    facets: Annotated[tuple[Facet, ...], "Facettes."]
    filtered: Annotated[bool, "Vrai si un filtre est actif."]
    unfiltered: Annotated[
        int, "Quand rien n’est trouvé : nombre de jeux que ces mots trouvent sans les filtres."
    ]
    themes: Annotated[
        tuple[FacetValue, ...],
        "Quand rien n’est trouvé : tous les thèmes du catalogue, du plus fourni au moins fourni.",
    ]


def search(visit: Visit) -> SearchPage:
    """Search, filter, sort and page, all by the address."""
    q = visit.query.get("q", "").strip()[:300]
    sort: Sort = visit.one_of("tri", get_args(Sort), "relevance" if q else "modified")
    number = visit.whole("page", 1)
    chosen = {
        facet: tuple(dict.fromkeys(v[:100] for v in visit.query.getlist(parameter) if v))
        for facet, parameter in FACETS.items()
    }
    states: tuple[Freshness, ...] = tuple(s for s in get_args(Freshness) if s in chosen["freshness"])
    filters = Filters(
        chosen["theme"],
        chosen["organisation"],
        chosen["format"],
        chosen["licence"],
        chosen["keyword"],
        states,
    )
    now = visit.city.now()
    with visit.city.db.read() as conn:
        hits = visit.index.search(
            conn, q, now=now, filters=filters, limit=SIZE, offset=(number - 1) * SIZE, sort=sort
        )
        unfiltered = (
            visit.index.search(conn, q, now=now, limit=0).total
            if any(chosen.values()) and not hits.total
            else 0
        )
        whole = () if hits.total else visit.index.search(conn, now=now, limit=0).facets.get("theme", ())
        results = cards(conn, visit.links, hits.ids, now)
    facets = tuple(
        Facet(
            name,
            parameter,
            tuple(
                FacetValue(b.value, b.label, b.count, b.chosen)
                for i, b in enumerate(hits.facets.get(name, ()))
                if b.chosen or i < SHOWN
            ),
        )
        for name, parameter in FACETS.items()
    )
    return SearchPage(
        q,
        sort,
        found(visit, q) if q and number == 1 else (),
        hits.total,
        number,
        max(1, -(-hits.total // SIZE)),
        hits.relaxed,
        results,
        facets,
        any(chosen.values()),
        unfiltered,
        tuple(FacetValue(b.value, b.label, b.count, b.chosen) for b in whole),
    )
