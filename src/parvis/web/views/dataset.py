"""A dataset: what it is, its rows, where they are, what they draw, how good they are, and how to take them
home.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from urllib.parse import urlencode

from sqlalchemy import Connection
from sqlglot.expressions.core import Expr

from parvis import exports
from parvis.catalogue import vocabularies
from parvis.catalogue.entries import FORMATS, Entry, Freshness, Item, absent, entry, freshness, visible
from parvis.catalogue.lineage import is_calculated
from parvis.core.errors import NotFound
from parvis.core.released import Public
from parvis.core.sentence import Sentence
from parvis.core.types import PUBLIC, Column, ColumnProfile, Contact, Finding, Json, Organisation, Version
from parvis.engine.render import queryable
from parvis.store import datasets, listing, runs, versions
from parvis.web import (
    chart,
    chart_choice,
    chart_figures,
    chart_spec,
    chart_words,
    filter_words,
    geo,
    map_values,
    siret_names,
    table,
)
from parvis.web.chart_figures import ChartView
from parvis.web.geo import Drawing, MapView
from parvis.web.page import Visit
from parvis.web.siret_names import Named
from parvis.web.table import Asked, TableView
from parvis.web.views import desk
from parvis.web.views.base_layers import ground
from parvis.web.views.links import Download, Link
from parvis.web.views.live_table import Present, present

VERSIONS = 12
"""Versions listed, the newest first."""


PROTECTED = {"protect_formulas": "true"}
"""What people take away is opened in a spreadsheet: no text of it runs there. Programs ask the API, which
says what the data say.
"""


@dataclass(frozen=True, slots=True)
class ResourceChoice:
    """One of the tables of the dataset."""

    name: Annotated[str, "Nom de la ressource dans l’adresse (?ressource=)."]
    title: Annotated[str, "Titre de la ressource."]
    rows: Annotated[int, "Nombre d’enregistrements."]
    chosen: Annotated[bool, "Vrai pour la ressource montrée."]


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column, and what it holds in the whole table."""

    column: Annotated[Column, "Nom, type, titre, unité et sens de la colonne."]
    field: Annotated[str, "Nom de la colonne dans l’API de consultation."]
    profile: Annotated[
        ColumnProfile | None, "Comptes sur la table entière ; absent si la colonne n’a pas été profilée."
    ]


@dataclass(frozen=True, slots=True)
class Quality:
    """What the checks found, and what they did not look at."""

    errors: Annotated[int, "Nombre de constats d’erreur."]
    warnings: Annotated[int, "Nombre d’avertissements."]
    infos: Annotated[int, "Nombre d’informations."]
    filled: Annotated[float | None, "Part des cellules remplies, de 0 à 1 ; absente pour une table vide."]
    findings: Annotated[
        tuple[Finding, ...], "Constats, les plus graves d’abord, valeurs personnelles masquées."
    ]
    not_checked: Annotated[tuple[str, ...], "Ce qui n’a pas été vérifié."]
    schema: Annotated[str, "Schéma national ou local demandé, vide s’il n’y en a pas."]


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One state of the table over time."""

    digest: Annotated[str, "Empreinte SHA-256 de la version."]
    at: Annotated[datetime, "Date de publication."]
    rows: Annotated[int, "Nombre d’enregistrements."]
    change: Annotated[int | None, "Différence de lignes avec la version précédente."]


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where the version comes from."""

    what: Annotated[str, "Opération qui l’a produite."]
    at: Annotated[datetime | None, "Date de l’opération."]
    source: Annotated[str, "Fichier, adresse ou service d’origine."]
    received: Annotated[str, "Empreinte SHA-256 du fichier reçu."]
    examined: Annotated[bool, "Vrai si une page dit comment cette version a été calculée."] = False


@dataclass(frozen=True, slots=True)
class ResourceView:
    """The table that the page shows."""

    name: Annotated[str, "Nom de la ressource."]
    title: Annotated[str, "Titre de la ressource."]
    description: Annotated[str, "Description de la ressource."]
    version: Annotated[str, "Empreinte de la version montrée."]
    at: Annotated[datetime, "Date de cette version."]
    rows: Annotated[int, "Nombre d’enregistrements."]
    api: Annotated[str, "Adresse des enregistrements dans l’API de consultation."]
    table: Annotated[TableView, "Lignes montrées."]
    map: Annotated[MapView | None, "Carte, si la table a une géométrie."]
    chart: Annotated[ChartView | None, "Graphique, si les colonnes s’y prêtent."]
    columns: Annotated[tuple[ColumnView, ...], "Colonnes et leur profil."]
    quality: Annotated[Quality, "Résumé de la qualité."]
    versions: Annotated[tuple[VersionLine, ...], "Versions publiées, la plus récente d’abord."]
    downloads: Annotated[tuple[Download, ...], "Téléchargements."]
    lineage: Annotated[Lineage, "Origine de la version."]
    present: Annotated[
        Present | None,
        "État courant, si la table est relevée en continu ; les versions en sont l’historique.",
    ]
    filtered: Annotated[
        bool, "Vrai si les filtres de la table valent aussi pour les téléchargements et l’API."
    ]
    where: Annotated[str, "Ces filtres en ODSQL, pour le paramètre where de l’API ; vide sans filtre."]
    names: Annotated[
        Mapping[str, Named],
        "Nom des établissements que les lignes montrées ne disent que par leur SIRET, là où un jeu public de la ville le dit.",
    ]


@dataclass(frozen=True, slots=True)
class DatasetPage:
    """A dataset and one of its tables."""

    id: Annotated[str, "Identifiant du jeu."]
    title: Annotated[str, "Titre."]
    description: Annotated[str, "Description, en paragraphes séparés par une ligne vide."]
    publisher: Annotated[Organisation, "Organisation qui publie."]
    contact: Annotated[Contact | None, "À qui écrire."]
    licence: Annotated[str, "Code européen de la licence."]
    themes: Annotated[tuple[str, ...], "Codes des thèmes européens."]
    keywords: Annotated[tuple[str, ...], "Mots-clés."]
    spatial: Annotated[str, "Code INSEE du territoire couvert, vide pour toute la ville."]
    temporal: Annotated[tuple[date | None, date | None] | None, "Période couverte : début et fin."]
    frequency: Annotated[str, "Fréquence de mise à jour, au vocabulaire de data.gouv.fr."]
    freshness: Annotated[
        Freshness, "current : à jour ; late : en retard ; unpromised : aucune échéance promise."
    ]
    live: Annotated[bool, "Vrai si une ressource est relevée en continu."]
    issued: Annotated[datetime, "Première publication."]
    modified: Annotated[datetime, "Dernière mise à jour."]
    derived_from: Annotated[tuple[Link, ...], "Jeux dont celui-ci est calculé."]
    derives: Annotated[tuple[Link, ...], "Jeux calculés à partir de celui-ci."]
    language: Annotated[str, "Langue du titre et de la description."]
    url: Annotated[str, "Adresse permanente de la page."]
    dcat: Annotated[str, "Adresse de la description DCAT-AP (Turtle)."]
    resources: Annotated[tuple[ResourceChoice, ...], "Tables du jeu."]
    resource: Annotated[ResourceView, "Table montrée."]
    acts: Annotated[tuple[desk.Act, ...], "Ce que la personne connectée peut faire de ce jeu."] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """The dataset, table and rows that an address names."""

    entry: Entry
    item: Item
    released: Public
    version: Version
    asked: Asked
    where: Expr | None
    values: Sequence[object]


def shown(visit: Visit, conn: Connection) -> Shown:
    """What the address names. Raises NotFound or Gone; a dataset that is not public is not there."""
    found = entry(conn, visit.links, visit.params["id"])
    if found is None:
        raise absent(conn, visit.params["id"])
    asked_name = visit.query.get("ressource", "")
    item = next((i for i in found.items if i.name == asked_name), None if asked_name else opening(found))
    if item is None:
        raise NotFound(
            Sentence("Ce jeu n’a pas de ressource « {asked_name} ».", asked_name=asked_name[:60]),
            mend="Les ressources du jeu sont sur sa page.",
        )
    version = versions.version(conn, item.version)
    if version is None:
        raise NotFound("Cette version n’est plus là.")
    released = visit.city.served(item.resource.id)
    asked = table.ask(visit.query, released.schema.columns, visit.language.zone)
    where, values = table.condition(asked, released.schema.columns, visit.language.zone)
    return Shown(found, item, released, version, asked, where, values)


def opening(found: Entry) -> Item:
    """The table that a page opens with: the first one, or the first that has rows. A live one may have none for
    hours, and a page of nothing says that the dataset is empty.
    """
    return next((i for i in found.items if i.rows), found.items[0])


def dataset(visit: Visit) -> DatasetPage:
    """One dataset with the table, filters and chart that the address asks for."""
    with visit.city.db.read() as conn:
        s = shown(visit, conn)
        d = s.entry.dataset
        sources, derived = sorted(visible(conn, d.derived_from)), listing.derived(conn, d.id)
        titles = datasets.titles(conn, (*sources, *derived))
        published = _published(conn, s.item.resource.id)
        made = runs.run(conn, s.version.run)
    engine = visit.city.engine
    lineage = Lineage(
        made.what if made else "",
        made.at if made else None,
        s.item.resource.source.removeprefix("upload:"),
        s.version.received,
        made is not None and is_calculated(made.what),
    )
    said = filter_words.where(s.asked, s.released.schema)
    filtered, where = s.where is not None and said is not None, said or ""
    rows = table.view(engine, s.released, s.asked, visit.language.zone)
    resource = ResourceView(
        s.item.name,
        s.item.resource.title,
        s.item.resource.description,
        s.item.version,
        s.item.at,
        s.item.rows,
        s.item.records,
        rows,
        map_of(visit, s),
        chart_of(visit, s),
        _columns(s.version),
        _quality(s.version),
        published,
        _downloads(visit, s, where if filtered else ""),
        lineage,
        present(visit, s.item.resource.id),
        filtered,
        where,
        names_of(visit, rows),
    )
    return DatasetPage(
        d.id,
        d.title,
        d.description,
        s.entry.organisation,
        d.contact,
        d.licence,
        d.themes,
        d.keywords,
        d.spatial,
        d.temporal,
        d.frequency,
        freshness(d, s.entry.modified, visit.city.now()),
        any(i.resource.every_s for i in s.entry.items) or resource.present is not None,
        s.entry.issued,
        s.entry.modified,
        tuple(Link(name, titles[name]) for name in sources),
        tuple(Link(name, titles[name]) for name in derived),
        d.language,
        s.entry.url,
        f"{s.entry.url}.ttl",
        tuple(ResourceChoice(i.name, i.resource.title, i.rows, i is s.item) for i in s.entry.items),
        resource,
        desk.acts(visit.person, d, s.item.resource),
    )


def _downloads(visit: Visit, s: Shown, where: str) -> tuple[Download, ...]:
    """Every format that the table is written in: those of the catalogue first. The rows that the filters keep,
    where there are some.
    """
    offered = {o.format: o for o in s.item.offers}
    further = [
        e.name
        for e in exports.exporters().values()
        if e.name not in offered and (s.released.schema.geometry or not e.geo)
    ]
    return tuple(
        _download(
            name,
            offered[name].url if name in offered else visit.links.export(s.item.table, name),
            offered[name].bytes if name in offered else None,
            where,
        )
        for name in (*offered, *further)
    )


def _download(name: str, url: str, size: int | None, where: str) -> Download:
    known = vocabularies.FORMATS.get(name)
    label = known.label if known else exports.exporters()[name].title
    wanted = (PROTECTED if name == "csv" else {}) | ({"where": where} if where else {})
    return Download(
        name,
        f"{url}?{urlencode(wanted)}" if wanted else url,
        None if wanted else size,
        label,
        name not in FORMATS,
    )


def _columns(version: Version) -> tuple[ColumnView, ...]:
    held = {p.name: p for p in version.report.profile}
    fields = {s.stored: s.name for s in queryable(version.schema)}
    return tuple(ColumnView(c, fields[c.name], held.get(c.name)) for c in version.schema.columns)


_GRAVITY: Mapping[str, int] = {"error": 0, "warning": 1, "info": 2}


def _quality(version: Version) -> Quality:
    report = version.report
    cells = sum(p.rows for p in report.profile)
    said = [f.severity for f in report.findings]
    return Quality(
        said.count("error"),
        said.count("warning"),
        said.count("info"),
        1 - sum(p.nulls for p in report.profile) / cells if cells else None,
        tuple(sorted(report.findings, key=lambda f: (_GRAVITY[f.severity], -f.count))),
        report.not_checked,
        report.schema,
    )


def _published(conn: Connection, resource: str) -> tuple[VersionLine, ...]:
    """Versions that the public may still read."""
    open_ = versions.dated(conn, resource, PUBLIC, limit=VERSIONS + 1)
    lines = [
        VersionLine(*v, v[2] - open_[i + 1][2] if i + 1 < len(open_) else None) for i, v in enumerate(open_)
    ]
    return tuple(lines[:VERSIONS])


def map_of(visit: Visit, s: Shown) -> MapView | None:
    """Where the rows that pass the filters lie; None when none has a position."""
    if not s.released.schema.geometry:
        return None
    found = geo.extent(visit.city.engine, s.released, s.where, s.values)
    if found is None:
        return None
    address = visit.here({"lot": None, "tri": None}, path=f"/jeux/{s.entry.dataset.id}/carte.geojson")
    offered = map_values.choices(s.released.schema, s.version.report.profile)
    shown_by = value_of(visit, s)
    return MapView(
        found.box,
        found.placed,
        found.far,
        min(found.placed, geo.MOST_FEATURES),
        address,
        map_values.valued(rows_of(visit, s), shown_by) if shown_by else None,
        offered,
    )


def value_of(visit: Visit, s: Shown) -> Column | None:
    """The column that the address asks the map to show."""
    offered = map_values.choices(s.released.schema, s.version.report.profile)
    return next((c for c in offered if c.name == visit.query.get("valeur")), None)


def names_of(visit: Visit, rows: TableView) -> Mapping[str, Named]:
    """The names of the establishments that rows show by their number alone."""
    return siret_names.names(visit.city, visit.links, siret_names.unnamed(rows))


def rows_of(visit: Visit, s: Shown) -> chart_figures.Rows:
    """The rows that pass the filters of the address."""
    return chart_figures.Rows(visit.city.engine, s.released, s.where, s.values)


def picture(visit: Visit, page: DatasetPage) -> Drawing | None:
    """The picture of the map, for the template: no part of the twin."""
    return None if page.resource.map is None else drawn_map(visit, page.resource.map)


def drawn_map(visit: Visit, view: MapView) -> Drawing:
    """The picture of a map of the rows that the address asks for."""
    with visit.city.db.read() as conn:
        s = shown(visit, conn)
        land = ground(visit, conn)
    return geo.by_value(visit.city.engine, s.released, s.where, s.values, view, land)


def chart_of(visit: Visit, s: Shown) -> ChartView | None:
    """The chart that the address asks for, or ours; None when the columns allow none."""
    chosen = chart_choice.choose(visit.query, s.released.schema.columns, s.version.report.profile)
    return chart_figures.chart(rows_of(visit, s), *chosen) if chosen else None


def figure(visit: Visit, view: ChartView, *, narrow: bool = False) -> str:
    """The chart as SVG, for the template. narrow: as wide as a phone."""
    drawn = vega(visit, view)
    return chart.svg(
        chart.narrowed(drawn) if narrow else drawn,
        french=visit.language.code == "fr",
        labelled="graphique-titre graphique-phrase",
    )


def vega(visit: Visit, view: ChartView) -> dict[str, Json]:
    """The chart as Vega-Lite, in the visitor's language."""

    def text(category: str) -> str:
        return visit.language.say(category) if category in ("oui", "non") else category

    return chart_spec.spec(view, text=text, series=chart_words.series(view, visit.language))
