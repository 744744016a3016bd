"""What the portal says of each dataset that everybody may see: the one place that pages, DCAT, the query API
and search read from.

An entry is a dataset that is published, open to the public, and has at least one version with a public
release in force; its items are the resources that have one. Nothing else of the store shows through an entry.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from sqlalchemy import ColumnElement, Connection, RowMapping, select

from parvis.catalogue import vocabularies
from parvis.catalogue.links import Links, resource_part, table_name
from parvis.core import origin
from parvis.core.errors import Gone, NotFound
from parvis.core.settings import Settings
from parvis.core.types import Column, Contact, Dataset, Organisation, Resource, Schema
from parvis.store import codec, column_words, datasets, listing, tables
from parvis.store.tables import listed

GEOGRAPHIC = frozenset({"geojson", "kml", "gml", "gpx", "shp", "gpkg"})
"""Formats that only a table with geometry has."""

FORMATS = ("csv", "json", "jsonl", "geojson", "parquet", "xlsx")
"""Formats offered when nothing else is said, the first one first."""

GRACE = timedelta(days=1)
"""How late an update may be before it is said to be late, as data.gouv.fr counts."""

FIRST = "première publication"
"""Where the period of a continuous feed is taken from."""

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
    """Size of what is downloaded, None when the export was never measured: exports are written anew, Parquet
    too.
    """
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
    """Of what it is computed from, it names what everybody may see."""
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
    def computed(self) -> bool:
        """Whether services of the city make all of it."""
        return all(i.resource.source.startswith("service:") for i in self.items)

    @property
    def extent(self) -> Box | None:
        """The box of all its places, measured; None when it has none."""
        boxes = [c.box for i in self.items if (c := i.schema.coverage) and c.box]
        west, south, east, north = zip(*boxes, strict=True) if boxes else ((), (), (), ())
        return (min(west), min(south), max(east), max(north)) if boxes else None

    @property
    def period(self) -> Period | None:
        """The period that it covers: as declared, else as its dates tell, else since its first publication
        for a feed and for what a service makes of others' data; None when nothing says.
        """
        declared = self.dataset.temporal
        if declared is not None and any(declared):
            return Period(*declared)
        periods = [
            (c.since, c.until, c.column)
            for i in self.items
            if (c := i.schema.coverage) and c.since and c.until
        ]
        if periods:
            return Period(
                min(t[0] for t in periods),
                max(t[1] for t in periods),
                ", ".join(dict.fromkeys(t[2] for t in periods)),
            )
        flows = self.dataset.frequency == "continuous" or any(
            i.resource.source.startswith("service:") for i in self.items
        )
        return Period(self.issued.date(), None, FIRST) if flows else None


Box = tuple[float, float, float, float]
"""lon min, lat min, lon max, lat max, degrees WGS 84."""


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, None when open. derived: the columns that it was read from, "" when the publisher
    declared it.
    """

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
    offer_list: list[Offer] = []
    for name in selection.formats:
        if name in GEOGRAPHIC and not schema.geometry:
            continue
        measure = selection.measures.get((version, name))
        offer_list.append(
            Offer(
                name,
                links.export(table, name),
                measure.bytes if measure else None,
                measure.sha256 if measure else "",
            )
        )
    return tuple(offer_list)


def due(frequency: str, last: datetime) -> datetime | None:
    """The moment after which a dataset is late, None when its frequency promises nothing."""
    delay = vocabularies.frequency(frequency).delay
    return None if delay is None else last + delay + GRACE


def freshness(dataset: Dataset, last: datetime, now: datetime) -> Freshness:
    """Whether a dataset is kept as often as it promises. last: when its newest version came.

    Source of the rule: data.gouv.fr (last update + delay of the frequency, one day of grace; month = 31 days,
    year = 365).
    """
    limit = due(dataset.frequency, last)
    if limit is None:
        return "unpromised"
    return "late" if now > limit else "current"


BATCH = 200
"""Datasets read at once when all are wanted."""


def visible(conn: Connection, among: Collection[str]) -> frozenset[str]:
    """Those of these datasets that are entries."""
    listing.update_listing(conn)
    return frozenset(conn.execute(select(listed.c.dataset).where(listed.c.dataset.in_(among))).scalars())


def mentioning(conn: Connection, word: str) -> frozenset[str]:
    """Those that have a table whose schema bears a word anywhere: a first look, before the few that are left are read
    and asked properly.
    """
    listing.update_listing(conn)
    t, v = tables.listed_tables, tables.versions
    bears = v.c.schema.contains(word, autoescape=True)
    return frozenset(
        conn.execute(select(t.c.dataset).join(v, v.c.digest == t.c.version).where(bears)).scalars()
    )


def entries(
    conn: Connection, links: Links, *, only: Collection[str] | None = None, selection: Selection = Selection()
) -> list[Entry]:
    """Entries by id; only: those ids. A handful of queries for each `BATCH` of them, and nothing is read of
    the others.
    """
    if only is None:
        return [e for batch in batches(conn, links, selection=selection) for e in batch]
    wanted = sorted(set(only))
    chunks = [wanted[i : i + BATCH] for i in range(0, len(wanted), BATCH)]
    return [e for chunk in chunks for e in _entries(conn, links, listed.c.dataset.in_(chunk), selection)]


def batches(
    conn: Connection, links: Links, *, size: int = BATCH, selection: Selection = Selection()
) -> Iterator[list[Entry]]:
    """All entries, by id, so many at a time."""
    last = ""
    while batch := after(conn, links, last, limit=size, selection=selection):
        yield batch
        last = batch[-1].id


def after(
    conn: Connection, links: Links, last: str, *, limit: int = BATCH, selection: Selection = Selection()
) -> list[Entry]:
    """The next entries by id, after that one ("": the first)."""
    ids = select(listed.c.dataset).where(listed.c.dataset > last).order_by(listed.c.dataset).limit(limit)
    return _entries(conn, links, listed.c.dataset.in_(ids), selection)


def _entries(conn: Connection, links: Links, which: ColumnElement[bool], selection: Selection) -> list[Entry]:
    listing.update_listing(conn)  # whoever reads what he writes
    d, t, v = tables.datasets, tables.listed_tables, tables.versions
    published = select(d, listed.c.issued.label("first_issued")).join(listed, listed.c.dataset == d.c.id)
    heads = conn.execute(published.where(which).order_by(d.c.id)).mappings().all()
    if not heads:
        return []
    known = {o.id: o for o in datasets.organisations(conn, {h["publisher"] for h in heads})}
    items: dict[str, list[Item]] = {}
    query = (
        select(
            tables.resources,
            t.c.first,
            v.c.digest,
            v.c.current_since,
            v.c.rows,
            v.c.bytes,
            v.c.schema,
            v.c.run,
        )
        .join(t, t.c.resource == tables.resources.c.id)
        .join(v, v.c.digest == t.c.version)
        .where(t.c.dataset.in_([h["id"] for h in heads]))
        .order_by(t.c.dataset, t.c.position)
    )
    rows = conn.execute(query).mappings().all()
    words = column_words.of(conn, [row["id"] for row in rows])
    for row in rows:
        items.setdefault(row["dataset"], []).append(_item(links, row, words.get(row["id"]), selection))
    described = [datasets.dataset_told(h) for h in heads]
    public_sources = visible(conn, {source for one in described for source in one.derived_from})
    return [
        Entry(
            replace(one, derived_from=tuple(s for s in one.derived_from if s in public_sources)),
            known[h["publisher"]],
            tuple(items[h["id"]]),
            links.dataset(h["id"]),
            h["first_issued"],
            max(i.at for i in items[h["id"]]),
        )
        for h, one in zip(heads, described, strict=True)
    ]


def _item(links: Links, row: RowMapping, words: column_words.Said | None, selection: Selection) -> Item:
    resource = datasets.resource_told(row)
    schema = column_words.worded(_schema(row["schema"]), words)
    table = table_name(resource.id, first=row["first"])
    served = offers(links, table, schema, row["digest"], selection)
    return Item(
        resource,
        row["digest"],
        row["current_since"],
        row["rows"],
        row["bytes"],
        schema,
        row["run"],
        table,
        links.records(table),
        served,
    )


def entry(
    conn: Connection, links: Links, dataset_id: str, *, selection: Selection = Selection()
) -> Entry | None:
    """The entry of a dataset, None when nothing of it is public (`absent` says why)."""
    return next(iter(entries(conn, links, only=[dataset_id], selection=selection)), None)


def absent(conn: Connection, dataset_id: str) -> Gone | NotFound:
    """Why a dataset has no entry: it was public and was withdrawn, or it is not there for the public."""
    known = datasets.dataset(conn, dataset_id)
    if known is not None and known.state == "withdrawn" and known.access == "public":
        return Gone(
            "Ce jeu de données a été retiré.", mend="Écrivez à l’équipe des données pour en savoir plus."
        )
    return NotFound("Ce jeu de données n’existe pas ou n’est pas publié.")


def named(
    conn: Connection, links: Links, table: str, *, selection: Selection = Selection()
) -> tuple[Entry, Item] | None:
    """The entry and the item that the query API knows by a name, None when nothing public has it."""
    for dataset_id in dict.fromkeys((table, table.partition("--")[0])):
        entry_found = entry(conn, links, dataset_id, selection=selection)
        item = next((i for i in entry_found.items if i.table == table), None) if entry_found else None
        if entry_found and item:
            return entry_found, item
    return None


def base_url(settings: Settings) -> str:
    """The public address of the portal; the listening one when none is set."""
    return origin.listened(settings.serve)


def catalogue(
    conn: Connection,
    settings: Settings,
    *,
    only: Collection[str] | None = None,
    selection: Selection = Selection(),
) -> Catalogue:
    """The catalogue of a city, with what its settings say of it: whole, or of those datasets only."""
    city, base = settings.city, base_url(settings)
    box = city.bbox
    return Catalogue(
        base,
        f"Données ouvertes de {city.name}",
        f"Les jeux de données que {city.name} publie, à réutiliser librement.",
        Organisation("", city.name),
        tuple(entries(conn, Links(base), only=only, selection=selection)),
        Contact(f"Équipe des données de {city.name}", city.contact) if city.contact else None,
        city.name,
        (box[0], box[1], box[2], box[3]) if len(box) == 4 else None,
    )


@lru_cache(maxsize=4096)
def _schema(text: str) -> Schema:
    """Remembered by text: a version never changes."""
    return codec.loads(Schema, text)
