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

from parvis.catalogue.entries import Entry, Freshness, Item, absent, entry, freshness, visible
from parvis.core.errors import NotFound
from parvis.core.released import Public
from parvis.core.sentence import Sentence
from parvis.core.types import PUBLIC, Column, ColumnProfile, Contact, Finding, Json, Organisation, Version
from parvis.engine.render import queryable
from parvis.store import datasets, listing, runs, versions
from parvis.web import chart, filter_words, geo, table
from parvis.web.chart import ChartView
from parvis.web.geo import Drawing, MapView
from parvis.web.page import Visit
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
    profile = s.version.report.profile
    choice = chart.choose(visit.query, s.released.schema.columns, profile)
    lineage = Lineage(
        made.what if made else "",
        made.at if made else None,
        s.item.resource.source.removeprefix("upload:"),
        s.version.received,
    )
    said = filter_words.where(s.asked, s.released.schema)
    filtered, where = s.where is not None and said is not None, said or ""
    resource = ResourceView(
        s.item.name,
        s.item.resource.title,
        s.item.resource.description,
        s.item.version,
        s.item.at,
        s.item.rows,
        s.item.records,
        table.view(engine, s.released, s.asked, visit.language.zone),
        _map(visit, s),
        chart.chart(engine, s.released, choice, profile, s.where, s.values) if choice else None,
        _columns(s.version),
        _quality(s.version),
        published,
        tuple(_download(o.format, o.url, o.bytes, where if filtered else "") for o in s.item.offers),
        lineage,
        present(visit, s.item.resource.id),
        filtered,
        where,
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


def _download(format_: str, url: str, size: int | None, where: str) -> Download:
    """A file of the table, of the rows that the filters keep where there are some."""
    asked = dict(PROTECTED) if format_ == "csv" else dict[str, str]()
    asked |= {"where": where} if where else {}
    return Download(format_, f"{url}?{urlencode(asked)}" if asked else url, None if asked else size)


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


def _map(visit: Visit, s: Shown) -> MapView | None:
    if not s.released.schema.geometry:
        return None
    found = geo.extent(visit.city.engine, s.released, s.where, s.values)
    address = visit.here({"lot": None, "tri": None}, path=f"{visit.path}/carte.geojson")
    return (
        None
        if found is None
        else MapView(found.box, found.placed, found.far, min(found.placed, geo.MOST_FEATURES), address)
    )


def picture(visit: Visit, page: DatasetPage) -> Drawing | None:
    """The picture of the map, for the template: no part of the twin."""
    if page.resource.map is None:
        return None
    with visit.city.db.read() as conn:
        s = shown(visit, conn)
        land = ground(visit, conn)
    return geo.drawing(visit.city.engine, s.released, s.where, s.values, page.resource.map.box, land)


def figure(visit: Visit, page: DatasetPage) -> str:
    """The chart as SVG, for the template."""
    view = page.resource.chart
    return (
        ""
        if view is None
        else chart.svg(
            vega(visit, view), french=visit.language.code == "fr", labelled="graphique-titre graphique-phrase"
        )
    )


def vega(visit: Visit, view: ChartView) -> dict[str, Json]:
    """The chart as Vega-Lite, in the visitor's language."""
    words = {said: visit.language.say(said) for said in ("oui", "non")}
    return chart.spec(view, title=view.x.title or view.x.name, words=words)
