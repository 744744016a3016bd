"""What the portal says of each dataset that everybody may see: the one place that pages, DCAT, the query API and search read from.

An entry is a dataset that is published, open to the public, and has at least one version with a public release in force; its items are the resources that
have one. Nothing else of the store shows through an entry.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from sqlalchemy import Connection, case, func, select

from parvis.catalogue import vocabularies
from parvis.catalogue.links import Links, resource_part, table_name
from parvis.core import origin
from parvis.core.errors import Gone, NotFound
from parvis.core.settings import Settings
from parvis.core.types import PUBLIC, Column, Contact, Dataset, Organisation, Resource, Schema
from parvis.store import codec, datasets, tables, versions

GEOGRAPHIC = frozenset({"geojson", "kml", "gml", "gpx", "shp", "gpkg"})
"""Formats that only a table with geometry has."""

FORMATS = ("csv", "json", "jsonl", "geojson", "parquet", "xlsx")
"""Formats offered when nothing else is said, the first one first."""

GRACE = timedelta(days=1)
"""How late an update may be before it is said to be late, as data.gouv.fr counts."""

FIRST = "première publication"
"""Where the period of a continuous feed is taken from."""

FEW = 5
"""Up to so many datasets, each is asked for by itself."""

Freshness = Literal["current", "late", "unpromised"]
"""Up to date; later than its frequency promises; no promise that could be broken."""

FRESHNESS: Mapping[Freshness, str] = {"current": "À jour", "late": "En retard", "unpromised": "Sans échéance"}
"""French label of each."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What is known of an export that was made: exact size and digest."""

    bytes: int
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to take a table home."""

    format: str
    """Key of `vocabularies.FORMATS`."""
    url: str
    bytes: int | None = None
    """Size of what is downloaded, None when the export was never measured: exports are written anew, Parquet too."""
    sha256: str = ""

    @property
    def label(self) -> str:
        return vocabularies.FORMATS[self.format].label


@dataclass(frozen=True, slots=True)
class Item:
    """A resource and the version of it that is served now."""

    resource: Resource
    version: str
    """Digest."""
    at: datetime
    rows: int
    bytes: int
    schema: Schema
    run: str
    table: str
    """Name in the query API."""
    records: str
    """Address of its rows in the query API."""
    offers: tuple[Offer, ...] = ()

    @property
    def name(self) -> str:
        return resource_part(self.resource.id)


@dataclass(frozen=True, slots=True)
class Entry:
    """A dataset as everybody may see it."""

    dataset: Dataset
    organisation: Organisation
    items: tuple[Item, ...]
    url: str
    """Its permanent page."""
    issued: datetime
    modified: datetime

    @property
    def id(self) -> str:
        return self.dataset.id

    @property
    def rows(self) -> int:
        return sum(i.rows for i in self.items)

    @property
    def columns(self) -> tuple[Column, ...]:
        """Columns of all tables, in order, each name once."""
        return tuple({c.name: c for i in self.items for c in i.schema.columns}.values())

    @property
    def formats(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(o.format for i in self.items for o in i.offers))

    @property
    def geometry(self) -> bool:
        return any(i.schema.geometry for i in self.items)

    @property
    def extent(self) -> Box | None:
        """The box of all its places, measured; None when it has none."""
        boxes = [c.box for i in self.items if (c := i.schema.coverage) and c.box]
        west, south, east, north = zip(*boxes, strict=True) if boxes else ((), (), (), ())
        return (min(west), min(south), max(east), max(north)) if boxes else None

    @property
    def period(self) -> Period | None:
        """The period that it covers: as declared, else as its dates tell, else since its first publication for a feed and for what a service makes of others'
        data; None when nothing says."""
        said = self.dataset.temporal
        if said is not None and any(said):
            return Period(*said)
        told = [(c.since, c.until, c.column) for i in self.items if (c := i.schema.coverage) and c.since and c.until]
        if told:
            return Period(min(t[0] for t in told), max(t[1] for t in told), ", ".join(dict.fromkeys(t[2] for t in told)))
        flows = self.dataset.frequency == "continuous" or any(i.resource.source.startswith("service:") for i in self.items)
        return Period(self.issued.date(), None, FIRST) if flows else None


Box = tuple[float, float, float, float]
"""lon min, lat min, lon max, lat max, degrees WGS 84."""


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, None when open. derived: the columns that it was read from, "" when the publisher declared it."""

    since: date | None
    until: date | None
    derived: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A portal's catalogue, whole."""

    base_url: str
    """Public address, without a final slash."""
    title: str
    description: str
    publisher: Organisation
    """Who answers for the catalogue. id "": the city itself, which has no page among the organisations."""
    datasets: tuple[Entry, ...]
    contact: Contact | None = None
    """Whom to write to when a dataset names nobody."""
    territory: str = ""
    """Name of the territory, for people."""
    box: Box | None = None
    """Its extent, None when unknown."""
    licence: str = "ETALAB_2_0"
    """Licence of the catalogue itself."""

    @property
    def links(self) -> Links:
        return Links(self.base_url)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which formats are offered, and what is known of exports already made."""

    formats: tuple[str, ...] = FORMATS
    measures: Mapping[tuple[str, str], Measure] = field(default_factory=dict[tuple[str, str], Measure])
    """(version digest, format) to its measure."""


def offers(links: Links, table: str, schema: Schema, version: str, selection: Selection) -> tuple[Offer, ...]:
    """The ways to take one table home."""
    found: list[Offer] = []
    for name in selection.formats:
        if name in GEOGRAPHIC and not schema.geometry:
            continue
        measure = selection.measures.get((version, name))
        found.append(Offer(name, links.export(table, name), measure.bytes if measure else None, measure.sha256 if measure else ""))
    return tuple(found)


def due(frequency: str, last: datetime) -> datetime | None:
    """The moment after which a dataset is late, None when its frequency promises nothing."""
    delay = vocabularies.frequency(frequency).delay
    return None if delay is None else last + delay + GRACE


def freshness(dataset: Dataset, last: datetime, now: datetime) -> Freshness:
    """Whether a dataset is kept as often as it promises. last: when its newest version came.

    Source of the rule: data.gouv.fr (last update + delay of the frequency, one day of grace; month = 31 days, year = 365).
    """
    limit = due(dataset.frequency, last)
    if limit is None:
        return "unpromised"
    return "late" if now > limit else "current"


def visible(conn: Connection) -> frozenset[str]:
    """Ids of the datasets that are entries: what search may show. Two queries, whatever the number."""
    d, r = tables.datasets, tables.resources
    serving = versions.serving(conn, PUBLIC)
    rows = conn.execute(select(r.c.id, r.c.dataset).join(d, d.c.id == r.c.dataset).where(d.c.state == "published", d.c.access == "public"))
    return frozenset(row.dataset for row in rows if row.id in serving)


def entries(conn: Connection, links: Links, *, only: Collection[str] | None = None, selection: Selection = Selection()) -> list[Entry]:
    """Entries by id; only: those ids. A handful of queries, whatever the number of datasets."""
    chosen = [d for d in _datasets(conn, only) if d.access == "public" and d.state == "published"]
    if not chosen:
        return []
    resources = _resources(conn, None if only is None else [d.id for d in chosen])
    serving = versions.serving(conn, PUBLIC) if only is None or len(chosen) > FEW else _served(conn, resources)
    wanted = [serving[r.id] for d in chosen for r in resources.get(d.id, ()) if r.id in serving]
    if not wanted:
        return []
    organisations = {o.id: o for o in datasets.organisations(conn)}
    facts = _facts(conn, None if only is None else wanted)
    eldest, since = _eldest(conn, None if only is None else [d.id for d in chosen])
    found: list[Entry] = []
    for dataset in chosen:
        items = _items(links, resources.get(dataset.id, ()), eldest.get(dataset.id, ""), serving, facts, selection)
        if items:
            newest = max(i.at for i in items)
            first = dataset.issued or since.get(dataset.id) or min(i.at for i in items)
            found.append(Entry(dataset, organisations[dataset.publisher], items, links.dataset(dataset.id), first, newest))
    return found


def entry(conn: Connection, links: Links, dataset_id: str, *, selection: Selection = Selection()) -> Entry | None:
    """The entry of a dataset, None when nothing of it is public (`absent` says why)."""
    return next(iter(entries(conn, links, only=[dataset_id], selection=selection)), None)


def absent(conn: Connection, dataset_id: str) -> Gone | NotFound:
    """Why a dataset has no entry: it was public and was withdrawn, or it is not there for the public."""
    known = datasets.dataset(conn, dataset_id)
    if known is not None and known.state == "withdrawn" and known.access == "public":
        return Gone("Ce jeu de données a été retiré.", mend="Écrivez à l’équipe des données pour en savoir plus.")
    return NotFound("Ce jeu de données n’existe pas ou n’est pas publié.")


def named(conn: Connection, links: Links, table: str, *, selection: Selection = Selection()) -> tuple[Entry, Item] | None:
    """The entry and the item that the query API knows by a name, None when nothing public bears it."""
    for dataset_id in dict.fromkeys((table, table.partition("--")[0])):
        found = entry(conn, links, dataset_id, selection=selection)
        item = next((i for i in found.items if i.table == table), None) if found else None
        if found and item:
            return found, item
    return None


def computed(conn: Connection) -> frozenset[str]:
    """Ids of the datasets of which every resource is what a service of the city computes."""
    theirs = func.min(case((tables.resources.c.source.startswith("service:"), 1), else_=0))
    return frozenset(conn.execute(select(tables.resources.c.dataset).group_by(tables.resources.c.dataset).having(theirs == 1)).scalars())


def base_url(settings: Settings) -> str:
    """The public address of the portal; the listening one when none is set."""
    return origin.listened(settings.serve)


def catalogue(conn: Connection, settings: Settings, *, selection: Selection = Selection()) -> Catalogue:
    """The whole catalogue of a city, with what its settings say of it."""
    city, base = settings.city, base_url(settings)
    box = city.bbox
    return Catalogue(
        base, f"Données ouvertes de {city.name}", f"Les jeux de données que {city.name} publie, à réutiliser librement.", Organisation("", city.name),
        tuple(entries(conn, Links(base), selection=selection)), Contact(f"Équipe des données de {city.name}", city.contact) if city.contact else None,
        city.name, (box[0], box[1], box[2], box[3]) if len(box) == 4 else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Facts:
    at: datetime
    rows: int
    bytes: int
    schema: Schema
    run: str


def _items(
    links: Links, resources: Sequence[Resource], eldest: str, serving: Mapping[str, str], facts: Mapping[str, _Facts], selection: Selection
) -> tuple[Item, ...]:
    """The eldest resource comes first and bears the dataset's name in the query API."""
    items: list[Item] = []
    for resource in sorted(resources, key=lambda r: r.id != eldest):
        digest = serving.get(resource.id)
        if digest is None:
            continue
        f = facts[digest]
        table = table_name(resource.id, first=resource.id == eldest)
        served = offers(links, table, f.schema, digest, selection)
        items.append(Item(resource, digest, f.at, f.rows, f.bytes, f.schema, f.run, table, links.records(table), served))
    return tuple(items)


def _datasets(conn: Connection, only: Collection[str] | None) -> list[Dataset]:
    if only is None:
        return datasets.datasets(conn)
    return [d for d in (datasets.dataset(conn, name) for name in sorted(set(only))) if d is not None]


def _resources(conn: Connection, only: Sequence[str] | None) -> dict[str, list[Resource]]:
    return datasets.all_resources(conn) if only is None else {name: datasets.resources(conn, name) for name in only}


def _facts(conn: Connection, only: Sequence[str] | None) -> dict[str, _Facts]:
    v = tables.versions
    query = select(v.c.digest, v.c.current_since, v.c.rows, v.c.bytes, v.c.schema, v.c.run)
    if only is not None:
        query = query.where(v.c.digest.in_(only))
    return {r.digest: _Facts(r.current_since, r.rows, r.bytes, _schema(r.schema), r.run) for r in conn.execute(query)}


def _served(conn: Connection, resources: Mapping[str, Sequence[Resource]]) -> dict[str, str]:
    """`versions.serving` for a few datasets, without looking at the whole city."""
    found = ((r.id, versions.served(conn, r.id, PUBLIC)) for of_one in resources.values() for r in of_one)
    return {name: version.digest for name, version in found if version is not None}


def _eldest(conn: Connection, only: Sequence[str] | None) -> tuple[dict[str, str], dict[str, datetime]]:
    """The resource of each dataset that was public first, withdrawn since or not, and when that was: a name never passes from one table to another, and one
    that was never public leaves no trace in the names of the others."""
    v, r, s = tables.versions, tables.resources, tables.releases
    query = (
        select(r.c.dataset, r.c.id, func.min(s.c.at).label("at")).join(v, v.c.resource == r.c.id).join(s, s.c.version == v.c.digest)
        .where(s.c.audience == PUBLIC.name).group_by(r.c.dataset, r.c.id)
    )  # fmt: skip
    if only is not None:
        query = query.where(r.c.dataset.in_(only))
    found: dict[str, str] = {}
    since: dict[str, datetime] = {}
    for row in sorted(conn.execute(query), key=lambda row: (row.at, row.id)):
        found.setdefault(row.dataset, row.id)
        since.setdefault(row.dataset, row.at)
    return found, since


@lru_cache(maxsize=4096)
def _schema(text: str) -> Schema:
    """Remembered by text: a version never changes."""
    return codec.loads(Schema, text)
