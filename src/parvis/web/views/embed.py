"""What other sites show in a frame: the rows, the chart or the map of a dataset, filtered as on its page, with where
they come from. They need no script and leave no cookie.

    /integrer/arbres/graphique?f=equals:quartier:Centre&type=bar&lang=en

The address takes what the page of the dataset takes; `lang` is a language of the portal. A frame is as high as the
site makes it: what is shown scrolls inside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Annotated, Literal
from urllib.parse import quote, urlencode

from parvis.core.errors import NotFound
from parvis.web import table
from parvis.web.chart_figures import ChartView
from parvis.web.geo import Drawing, MapView
from parvis.web.page import Page, Visit, page
from parvis.web.siret_names import Named
from parvis.web.table import TableView
from parvis.web.views import dataset

Part = Literal["table", "graphique", "carte"]

HEIGHTS: dict[Part, int] = {"table": 520, "graphique": 480, "carte": 520}
"""Pixels that a frame is given where nothing else is chosen."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where what a frame shows comes from."""

    id: Annotated[str, "Identifiant du jeu."]
    title: Annotated[str, "Titre du jeu."]
    publisher: Annotated[str, "Organisation qui publie."]
    licence: Annotated[str, "Code européen de la licence."]
    modified: Annotated[datetime, "Dernière mise à jour."]
    language: Annotated[str, "Langue du titre."]
    url: Annotated[str, "Adresse de la page du jeu, avec les mêmes filtres."]


@dataclass(frozen=True, slots=True)
class TableFrame:
    """Rows of a dataset in a frame."""

    source: Annotated[Source, "Origine."]
    table: Annotated[TableView, "Lignes montrées."]
    names: Annotated[
        Mapping[str, Named], "Nom des établissements dits par leur SIRET, quand un jeu public le dit."
    ]


@dataclass(frozen=True, slots=True)
class ChartFrame:
    """The chart of a dataset in a frame."""

    source: Annotated[Source, "Origine."]
    chart: Annotated[ChartView, "Graphique."]


@dataclass(frozen=True, slots=True)
class MapFrame:
    """The map of a dataset in a frame."""

    source: Annotated[Source, "Origine."]
    map: Annotated[MapView, "Carte."]
    filtered: Annotated[bool, "Vrai si des filtres laissent des lignes de côté."]


def framed_table(visit: Visit) -> TableFrame:
    """Rows of the table that the address names."""
    s = _shown(visit)
    rows = table.view(visit.city.engine, s.released, s.asked, visit.language.zone)
    return TableFrame(_source(visit, s), rows, dataset.names_of(visit, rows))


def framed_chart(visit: Visit) -> ChartFrame:
    """The chart that the address asks for. Raises NotFound where the columns allow none."""
    s = _shown(visit)
    view = dataset.chart_of(visit, s)
    if view is None:
        raise NotFound("Les colonnes de cette table ne se prêtent pas à un graphique.")
    return ChartFrame(_source(visit, s), view)


def framed_map(visit: Visit) -> MapFrame:
    """The map of the rows that pass the filters. Raises NotFound for a table without geometry."""
    s = _shown(visit)
    view = dataset.map_of(visit, s)
    if view is None:
        raise NotFound("Cette table n’a pas de géométrie.")
    return MapFrame(_source(visit, s), view, s.where is not None)


def map_picture(visit: Visit, frame: MapFrame) -> Drawing:
    """The picture of the map, for the template: no part of the twin."""
    return dataset.drawn_map(visit, frame.map)


def code(visit: Visit, dataset: str, title: str, part: Part) -> str:
    """What to paste into another page: the frame of a part, with what the page of the dataset was asked, in its
    language.
    """
    wanted = [(k, v) for k, v in visit.query.multi_items() if v and k not in ("lot", "lang")]
    wanted += [("lang", visit.language.code)] if visit.language.prefix else []
    address = f"{visit.base}/integrer/{quote(dataset)}/{part}" + (f"?{urlencode(wanted)}" if wanted else "")
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="100%" height="{HEIGHTS[part]}" '
        'frameborder="0" loading="lazy"></iframe>'
    )


def _shown(visit: Visit) -> dataset.Shown:
    with visit.city.db.read() as conn:
        return dataset.shown(visit, conn)


def _source(visit: Visit, s: dataset.Shown) -> Source:
    d = s.entry.dataset
    asked = [(k, v) for k, v in visit.query.multi_items() if v and k not in ("lang", "lot")]
    return Source(
        d.id,
        d.title,
        s.entry.organisation.name,
        d.licence,
        s.entry.modified,
        d.language,
        visit.base + visit.href(f"/jeux/{d.id}") + (f"?{urlencode(asked)}" if asked else ""),
    )


PAGES: tuple[Page, ...] = (
    page("/integrer/{id}/table", framed_table, "embed_table.html"),
    page("/integrer/{id}/graphique", framed_chart, "embed_chart.html"),
    page("/integrer/{id}/carte", framed_map, "embed_map.html"),
)
