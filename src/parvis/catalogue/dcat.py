"""The catalogue as DCAT-AP 3.0.1, for harvesters: data.gouv.fr, data.europa.eu, other portals. Pure: values
in, a graph out.

Sources: SEMICeu DCAT-AP 3.0.1 and its SHACL shapes; DCAT-AP HVD 3.0.0 for high-value datasets; how
data.gouv.fr's harvester reads (identifier mandatory, licence by dct:license then dct:rights, period as a
nameless node, area as WKT, one page a graph, HVD known by dcat:theme).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Literal

from parvis.catalogue import rdf, vocabularies
from parvis.catalogue.entries import Box, Catalogue, Entry, Item, Offer
from parvis.catalogue.links import Links
from parvis.catalogue.rdf import Graph, Iri, Node, Object, Properties, Text, iri, properties, text
from parvis.catalogue.vocabularies import authority
from parvis.core.text import slug
from parvis.core.types import Organisation

PAGE = 200
"""Datasets on a page unless asked otherwise."""

MOST = 1000
"""Datasets on a page at most."""

RdfFormat = Literal["turtle", "jsonld", "rdfxml"]

GEOJSON = "https://www.iana.org/assignments/media-types/application/vnd.geo+json"
"""Datatype of a GeoJSON literal."""

MEDIA_TYPES: Mapping[RdfFormat, str] = {
    "turtle": "text/turtle; charset=utf-8",
    "jsonld": "application/ld+json; charset=utf-8",
    "rdfxml": "application/rdf+xml; charset=utf-8",
}
"""Content-Type of each writing. The charset is said: without it data.gouv.fr reads Turtle as Latin-1."""

EXTENSIONS: Mapping[str, RdfFormat] = {
    "ttl": "turtle",
    "n3": "turtle",
    "jsonld": "jsonld",
    "json": "jsonld",
    "rdf": "rdfxml",
    "xml": "rdfxml",
}
"""Extension of an address to what it serves. Turtle is valid N3."""

_ACCEPTED: Mapping[str, RdfFormat] = {
    "text/turtle": "turtle", "application/x-turtle": "turtle", "text/n3": "turtle", "application/ld+json": "jsonld", "application/json": "jsonld",
    "application/rdf+xml": "rdfxml", "application/xml": "rdfxml", "text/xml": "rdfxml",
}  # fmt: skip


_ANY: Mapping[str, tuple[RdfFormat, ...]] = {
    "*/*": ("turtle", "jsonld", "rdfxml"),
    "text/*": ("turtle",),
    "application/*": ("jsonld", "rdfxml"),
}


def negotiate(accept: str, extension: str = "") -> RdfFormat | None:
    """What to write: the extension decides; else the Accept header by weight (RFC 9110), Turtle for `*/*` or nothing. None: 406, or 404 for an extension.

    >>> negotiate("application/rdf+xml;q=0.9, application/ld+json"), negotiate("text/html"), negotiate("text/html", "ttl"), negotiate("")
    ('jsonld', None, 'turtle', 'turtle')
    """
    if extension:
        return EXTENSIONS.get(extension.lower().lstrip("."))
    best: tuple[float, int, RdfFormat] | None = None
    ranges = _ranges(accept)
    refused = {_ACCEPTED.get(media) for media, weight in ranges if weight <= 0}
    for media, weight in ranges:
        offered: RdfFormat | None = _ACCEPTED.get(media) or next(
            (f for f in _ANY.get(media, ()) if f not in refused), None
        )
        specific = media.count("*")
        if offered and weight > 0 and (best is None or (weight, -specific) > (best[0], -best[1])):
            best = (weight, specific, offered)
    return best[2] if best else None


def prefers_page(accept: str, *, anything: bool) -> bool:
    """Whether an Accept header would rather have a page for people than RDF; with equal weights, a page.

    anything: whether `*/*` alone means a page. JSON that isn't said to be linked data counts as anything: it is no way to ask for RDF.

    >>> prefers_page("text/turtle, text/html;q=0.1", anything=True), prefers_page("text/html,application/xml;q=0.9,*/*;q=0.8", anything=False)
    (False, True)
    """
    page, rdf_weight, rest = 0.0, 0.0, 0.0
    for media, weight in _ranges(accept):
        if media in ("text/html", "application/xhtml+xml"):
            page = max(page, weight)
        elif media in _ACCEPTED and media != "application/json":
            rdf_weight = max(rdf_weight, weight)
        elif "*" in media or media == "application/json":
            rest = max(rest, weight)
    if anything and not page:
        page = rest if rdf_weight else 1.0
    return page > 0 and page >= rdf_weight


def _ranges(accept: str) -> list[tuple[str, float]]:
    """What an Accept header names, in lower case, each with its weight. Nothing said is `*/*`."""
    ranges: list[tuple[str, float]] = []
    for part in accept.split(","):
        media, *parameters = (p.strip().lower() for p in part.split(";"))
        if part.strip():
            ranges.append((media, _weight(parameters)))
    return ranges or [("*/*", 1.0)]


def _weight(parameters: Sequence[str]) -> float:
    for p in parameters:
        if p.startswith("q="):
            try:
                return float(p[2:])
            except ValueError:
                return 0.0
    return 1.0


def chunks(graph: Iterable[Node], form: RdfFormat) -> Iterator[bytes]:
    """The graph in UTF-8, a piece for each node. The same graph is always the same bytes."""
    return {"turtle": rdf.turtle, "jsonld": rdf.jsonld, "rdfxml": rdf.rdfxml}[form](graph)


def write(graph: Iterable[Node], form: RdfFormat) -> bytes:
    """`chunks`, whole."""
    return b"".join(chunks(graph, form))


def serialise(catalogue: Catalogue, extension: str = "ttl", *, page: int = 1, size: int = 0) -> bytes:
    """The catalogue, or a page of it, in the format of an extension of `EXTENSIONS`. Raises KeyError for
    another one: see `negotiate`.
    """
    return write(nodes(catalogue, page=page, size=size, extension=extension), EXTENSIONS[extension])


def pages(catalogue: Catalogue, size: int = PAGE) -> int:
    """How many pages of `size` datasets there are; at least one."""
    return max(1, math.ceil(len(catalogue.datasets) / max(1, min(size, MOST))))


def describe(catalogue: Catalogue, *, page: int = 1, size: int = 0, extension: str = "ttl") -> Graph:
    """The graph of a catalogue, or of one of its pages (from 1) when size is given. extension: of the
    addresses of the other pages.

    A page stands alone: every dataset is whole in one page, with its agents and codes. Page numbers outside
    are brought back inside.
    """
    return tuple(nodes(catalogue, page=page, size=size, extension=extension))


def nodes(catalogue: Catalogue, *, page: int = 1, size: int = 0, extension: str = "ttl") -> Iterator[Node]:
    """`describe`, node by node."""
    every, page_entries, at = catalogue.datasets, catalogue.datasets, None
    if size:
        size = min(size, MOST)
        last = pages(catalogue, size)
        page = min(max(page, 1), last)
        page_entries = page_entries[(page - 1) * size : page * size]
        at = Place(extension, page, last, size)
    outline = Outline(
        tuple(e.id for e in page_entries),
        tuple({e.organisation.id: e.organisation for e in page_entries}.values()),
        min((e.issued for e in every), default=None),
        max((e.modified for e in every), default=None),
        tuple(dict.fromkeys(h for e in page_entries for h in hvd_categories(e.dataset.keywords))),
    )
    return graph_nodes(catalogue, outline, page_entries, at)


@dataclass(frozen=True, slots=True)
class Place:
    """Which page of the catalogue is written, of how many. extension: of the addresses of the others."""

    extension: str
    page: int
    last: int
    size: int


@dataclass(frozen=True, slots=True)
class Outline:
    """What the head of a catalogue says of its datasets."""

    ids: Sequence[str]
    """Of those that are described."""
    organisations: Sequence[Organisation]
    """Theirs."""
    issued: datetime | None
    """When the first dataset of the whole catalogue came; None when it is empty."""
    modified: datetime | None
    categories: Sequence[str]
    """High-value categories of those that are described."""


def graph_nodes(
    catalogue: Catalogue, outline: Outline, entries: Iterable[Entry], place: Place | None = None
) -> Iterator[Node]:
    """The graph node by node: a large catalogue is written without being held. catalogue: what the city says
    of it, its datasets are not looked at; entries: the datasets of the outline, in its order, as they come;
    place: None for the whole catalogue.
    """
    return _with_codes(_nodes(catalogue, outline, entries, place), _own(catalogue.links))


def one(catalogue: Catalogue, entry: Entry) -> Graph:
    """The graph of one dataset, for its page in RDF: the dataset, its distributions, its publisher."""
    graph = [_agent(catalogue.links, entry.organisation), *_dataset(catalogue, entry, frozenset({entry.id}))]
    return tuple(_with_codes(graph, _own(catalogue.links)))


# Parts


def _nodes(
    catalogue: Catalogue, outline: Outline, entries: Iterable[Entry], place: Place | None
) -> Iterator[Node]:
    links = catalogue.links
    here = frozenset(outline.ids)
    agents = {o.id: o for o in (catalogue.publisher, *outline.organisations)}
    yield _catalogue(catalogue, outline, links)
    if place is not None:
        yield _view(links, place.extension, place.page, place.last, place.size)
    yield from (_agent(links, agents[name]) for name in sorted(agents))
    if here:
        yield _service(catalogue, outline)
    for e in entries:
        yield from _dataset(catalogue, e, here)


@lru_cache(maxsize=2048)
def _code_iri(table: str, code: str) -> Iri:
    """One value for each code: a catalogue names the same ones ten thousand times."""
    return iri(authority(table, code))


@lru_cache(maxsize=64)
def _media_iri(media_type: str) -> Iri:
    return iri(vocabularies.IANA + media_type)


def _fr(value: str, language: str = "fr") -> Text | None:
    literal = text(value, language)
    return literal if literal.value.strip() else None


def _moment(value: datetime) -> Text:
    return Text(value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), datatype="xsd:dateTime")


def _day(value: date | None) -> Text | None:
    return None if value is None else Text(value.isoformat(), datatype="xsd:date")


def dataset_iri(links: Links, dataset: str) -> str:
    """The name of a dataset: a part of its page, since a page and what it tells of are two things."""
    return f"{links.dataset(dataset)}#jeu"


def _catalogue_iri(links: Links) -> str:
    return f"{links.home}#catalogue"


def _service_iri(links: Links) -> str:
    return f"{links.api}#service"


def _catalogue(c: Catalogue, outline: Outline, links: Links) -> Node:
    return Node(
        _catalogue_iri(links),
        ("dcat:Catalog",),
        properties(
            ("dct:title", _fr(c.title)),
            ("dct:description", _fr(c.description)),
            ("dct:publisher", _agent_iri(links, c.publisher)),
            ("dct:language", _code_iri("language", "FRA")),
            ("dct:license", _licence(c.licence)),
            ("foaf:homepage", iri(links.home)),
            ("dcat:themeTaxonomy", iri(vocabularies.AUTHORITY + "data-theme")),
            ("dct:spatial", _place(c)),
            ("dct:issued", _moment(outline.issued) if outline.issued else None),
            ("dct:modified", _moment(outline.modified) if outline.modified else None),
            ("dcat:service", iri(_service_iri(links)) if outline.ids else None),
            ("dcat:dataset", [iri(dataset_iri(links, name)) for name in outline.ids]),
        ),
    )


def _view(links: Links, extension: str, page: int, last: int, size: int) -> Node:
    def at(number: int) -> Iri:
        return iri(links.catalogue(extension, number, size))

    return Node(
        at(page).value,
        ("hydra:PartialCollectionView",),
        properties(
            ("hydra:first", at(1)),
            ("hydra:previous", at(page - 1) if page > 1 else None),
            ("hydra:next", at(page + 1) if page < last else None),
            ("hydra:last", at(last)),
        ),
    )


def _agent_iri(links: Links, o: Organisation) -> Iri:
    """An organisation is named by its page, the city itself (id "") by the home page."""
    return iri(links.organisation(o.id) if o.id else f"{links.home}#collectivite")


def _agent(links: Links, o: Organisation) -> Node:
    return Node(
        _agent_iri(links, o).value,
        ("foaf:Agent",),
        properties(
            ("foaf:name", text(o.name or o.id)),
            ("foaf:homepage", _web(o.url)),
            ("dct:identifier", text(o.siret) if o.siret else None),
        ),
    )


def _place(c: Catalogue, own: Box | None = None) -> Node | None:
    """The territory: its name, and its box, or `own`, that of a dataset's places.

    The box is given twice, as WKT for the shapes and as the GeoJSON literal that data.gouv.fr reads under any
    predicate. Not under locn:geometry: one official file of shapes wants a literal there, another a node.
    """
    box = own or c.box
    if box is None and not c.territory:
        return None
    wkt = geojson = None
    if box is not None:
        west, south, east, north = (round(v, 6) for v in box)
        corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
        wkt = Text("POLYGON((" + ", ".join(f"{x} {y}" for x, y in corners) + "))", datatype="geo:wktLiteral")
        rings = ",".join(f"[{x},{y}]" for x, y in corners)
        geojson = Text(f'{{"type":"Polygon","coordinates":[[{rings}]]}}', datatype=GEOJSON)
    return Node(
        "",
        ("dct:Location",),
        properties(("skos:prefLabel", _fr(c.territory)), ("dcat:bbox", wkt), ("geo:asGeoJSON", geojson)),
    )


def hvd_categories(keywords: Sequence[str]) -> tuple[str, ...]:
    """The high-value categories that the keywords of a dataset name; none unless it bears the keyword `hvd`.

    >>> hvd_categories(["HVD", "Mobilité", "bus"]), hvd_categories(["mobilité"])
    (('c_b79e35eb',), ())
    """
    slugs = [slug(k) for k in keywords]
    if vocabularies.HVD_KEYWORD not in slugs:
        return ()
    return tuple(dict.fromkeys(vocabularies.HVD_KEYWORDS[s] for s in slugs if s in vocabularies.HVD_KEYWORDS))


def hvd_marks(keyword: str) -> bool:
    """Whether a keyword says that its dataset is of high value."""
    return slug(keyword) == vocabularies.HVD_KEYWORD


def _contact(c: Catalogue, entry: Entry | None) -> Node | None:
    contact = (entry.dataset.contact if entry else None) or c.contact
    if contact is None:
        return None
    return Node(
        "",
        ("vcard:Organization", "vcard:Kind"),
        properties(
            ("vcard:fn", text(contact.name)),
            ("vcard:hasEmail", [iri(f"mailto:{one}") for one in _ADDRESS.findall(contact.email)]),
            ("vcard:hasURL", _web(contact.url)),
        ),
    )


_ADDRESS = re.compile(r"[^\s@<>()\[\]:;,\"?]+@[^\s@<>()\[\]:;,\"?]+")
"""The addresses in what somebody wrote under e-mail: « Service <a@ville.fr> », « a@ville.fr ; b@ville.fr ».
"""


def _web(address: str) -> Iri | None:
    """An address of the web; None for any other text: a relative one would mean something else in each
    writing.
    """
    return iri(address) if address.startswith(("https://", "http://")) else None


_LICENCE_CODE = re.compile("[A-Z][A-Z0-9_]*")


def _licence(licence: str) -> Iri | None:
    """A code of the authority table, or the address of a licence."""
    return _code_iri("licence", licence) if _LICENCE_CODE.fullmatch(licence) else _web(licence)


def _rights(licence: str) -> Iri | Node | None:
    """The page of a known licence; of a licence that is neither a code nor an address, what it says."""
    known = vocabularies.LICENCES.get(licence)
    if known or not licence.strip() or _licence(licence):
        return iri(known.url) if known else None
    return Node("", ("dct:RightsStatement",), properties(("rdfs:label", text(licence))))


def _dataset(c: Catalogue, e: Entry, here: frozenset[str]) -> list[Node]:
    d, links = e.dataset, c.links
    categories = hvd_categories(d.keywords)
    themes = [_code_iri("data-theme", t) for t in d.themes if t in vocabularies.THEMES]
    period = None
    if e.period is not None:
        period = Node(
            "",
            ("dct:PeriodOfTime",),
            properties(("dcat:startDate", _day(e.period.since)), ("dcat:endDate", _day(e.period.until))),
        )
    sources = sorted(set(d.derived_from))
    # A language that the table lacks isn't said to be French: its literals still bear its tag.
    spoken = vocabularies.LANGUAGES.get(d.language.partition("-")[0].lower())
    language = _code_iri("language", spoken) if spoken else None
    legislation = iri(vocabularies.HVD_LEGISLATION) if categories else None
    licence = _licence(d.licence)
    access, _ = vocabularies.ACCESS[d.access]
    dataset = Node(
        iri(dataset_iri(links, e.id)).value,
        ("dcat:Dataset",),
        properties(
            ("dct:identifier", text(d.id)),
            ("dct:title", _fr(d.title, d.language) or text(d.id)),
            ("dct:description", _fr(d.description, d.language) or _fr(d.title, d.language) or text(d.id)),
            ("dct:publisher", _agent_iri(links, e.organisation)),
            ("dcat:contactPoint", _contact(c, e)),
            ("dcat:keyword", [_fr(k, d.language) for k in d.keywords]),
            ("dcat:theme", [*themes, *(iri(vocabularies.HVD + h) for h in categories)]),
            ("dct:spatial", _place(c, e.extent)),
            ("dct:temporal", period),
            ("dct:accrualPeriodicity", _code_iri("frequency", vocabularies.frequency(d.frequency).code)),
            ("dct:license", licence),
            ("dct:rights", _rights(d.licence)),
            ("dct:accessRights", _code_iri("access-right", access)),
            ("dct:language", language),
            ("dcat:landingPage", iri(e.url)),
            ("dct:issued", _moment(e.issued)),
            ("dct:modified", _moment(e.modified)),
            ("dcat:version", text(max(e.items, key=lambda i: i.at).version[:12])),
            ("dct:conformsTo", [_standard(links, i.schema.source) for i in e.items]),
            # A source on another page is not described here, and dct:source asks for a described dataset.
            ("dct:source", [iri(dataset_iri(links, s)) for s in sources if s in here and s != d.id]),
            ("prov:wasDerivedFrom", [iri(dataset_iri(links, s)) for s in sources]),
            ("dcatap:applicableLegislation", legislation),
            ("dcatap:hvdCategory", [iri(vocabularies.HVD + h) for h in categories]),
            ("dcat:distribution", [iri(_distribution_iri(e, i, o)) for i in e.items for o in i.offers]),
        ),
    )
    common = properties(
        ("dct:license", licence),
        ("dct:rights", _rights(d.licence)),
        ("dct:issued", _moment(e.issued)),
        ("dct:language", language),
        ("dcatap:applicableLegislation", legislation),
    )
    page = iri(e.url)
    files = (
        _distribution(e, i, o, page, _standard(links, i.schema.source), common)
        for i in e.items
        for o in i.offers
    )
    return [dataset, Node(page.value, ("foaf:Document",)), *files]


def _standard(links: Links, source: str) -> Iri | None:
    """The address of a schema: its own, or its page on the portal; None for a file that nobody else can read."""
    address = links.base + source if source.startswith("/schemas/") else source
    return _web(address)


def _distribution_iri(e: Entry, item: Item, offer: Offer) -> str:
    return f"{e.url}#{item.name}-{offer.format}"


def _distribution(
    e: Entry, item: Item, offer: Offer, page: Iri, standard: Iri | None, common: Properties
) -> Node:
    """page: of the dataset. standard: its schema. common: what all distributions of the dataset say alike."""
    form, d = vocabularies.FORMATS[offer.format], e.dataset
    checksum = None
    if offer.sha256:
        # The shape of the code lists wants this https form of the algorithm, though the SPDX vocabulary
        # itself is http.
        checksum = Node(
            "",
            ("spdx:Checksum",),
            properties(
                ("spdx:algorithm", Iri(SHA256)),
                ("spdx:checksumValue", Text(offer.sha256, datatype="xsd:hexBinary")),
            ),
        )
    title = item.resource.title or d.title
    own = properties(
        ("dct:identifier", text(f"{item.resource.id}.{offer.format}")),
        ("dct:title", text(f"{title} ({form.label})", d.language)),
        ("dct:description", _fr(item.resource.description, d.language)),
        ("dcat:accessURL", page),
        ("dcat:downloadURL", iri(offer.url)),
        ("dct:format", _code_iri("file-type", form.code) if form.code else None),
        ("dcat:mediaType", _media_iri(form.media_type) if form.registered else None),
        (
            "dcat:byteSize",
            Text(str(offer.bytes), datatype="xsd:nonNegativeInteger") if offer.bytes is not None else None,
        ),
        ("spdx:checksum", checksum),
        ("dct:modified", _moment(item.at)),
        ("dct:conformsTo", standard),
    )
    return Node(iri(_distribution_iri(e, item, offer)).value, ("dcat:Distribution",), own + common)


SHA256 = "https://spdx.org/rdf/terms/#checksumAlgorithm_sha256"
"""The algorithm, as DCAT-AP's code-list shape spells it."""


def _service(c: Catalogue, outline: Outline) -> Node:
    links = c.links
    categories = outline.categories
    return Node(
        _service_iri(links),
        ("dcat:DataService",),
        properties(
            ("dct:identifier", text("explore-v2.1")),
            ("dct:title", _fr(f"API de consultation : {c.title}")),
            (
                "dct:description",
                _fr(
                    "Interroger, filtrer, regrouper et exporter chaque table du catalogue (API Explore v2.1)."
                ),
            ),
            ("dcat:endpointURL", iri(links.api)),
            ("dcat:endpointDescription", iri(links.api_page)),
            ("foaf:page", iri(links.api_page)),
            ("dct:publisher", _agent_iri(links, c.publisher)),
            ("dcat:contactPoint", _contact(c, None)),
            ("dct:license", _licence(c.licence)),
            ("dct:accessRights", _code_iri("access-right", "PUBLIC")),
            ("dcatap:applicableLegislation", iri(vocabularies.HVD_LEGISLATION) if categories else None),
            ("dcatap:hvdCategory", [iri(vocabularies.HVD + h) for h in categories]),
            ("dcat:servesDataset", [iri(dataset_iri(links, name)) for name in outline.ids]),
        ),
    )


# Classes of what is only pointed to, so that a page is valid without any other file

_TABLES: Mapping[str, tuple[str, ...]] = {
    "file-type": ("dct:MediaTypeOrExtent",),
    "frequency": ("dct:Frequency",),
    "language": ("dct:LinguisticSystem",),
    "access-right": ("dct:RightsStatement",),
}

_POINTED: Mapping[str, str] = {
    "dct:conformsTo": "dct:Standard", "dcat:mediaType": "dct:MediaType", "dct:rights": "dct:RightsStatement", "foaf:homepage": "foaf:Document",
    "foaf:page": "foaf:Document", "dcatap:applicableLegislation": "eli:LegalResource", "spdx:algorithm": "spdx:ChecksumAlgorithm",
    "dct:license": "dct:LicenseDocument",
}  # fmt: skip


def _own(links: Links) -> str:
    """Start of the addresses that only datasets have, each described with its dataset."""
    return links.dataset("")


def _with_codes(graph: Iterable[Node], own: str) -> Iterator[Node]:
    """The nodes, then what they point to, with its class; a theme with its labels: data.gouv.fr makes
    keywords of those that stand in the same graph. What begins with `own` is not described again, and not
    remembered: there are as many as datasets.
    """
    classes: dict[str, str] = {}
    authorities: set[str] = set()
    known: set[str] = set()

    def look(said_of: Properties) -> None:
        for predicate, objects in said_of:
            pointed = _POINTED.get(predicate)
            for o in objects:
                if isinstance(o, Iri):
                    if o.value.startswith(_AUTHORITIES):
                        authorities.add(o.value)
                    elif pointed is not None and not o.value.startswith(own):
                        classes[o.value] = pointed
                elif isinstance(o, Node):
                    look(o.properties)

    for node in graph:
        if not node.iri.startswith(own):
            known.add(node.iri)
        look(node.properties)
        yield node
    yield from (_code(value) for value in sorted(authorities))
    yield from (Node(value, (kind,)) for value, kind in sorted(classes.items()) if value not in known)


_AUTHORITIES = (vocabularies.AUTHORITY, vocabularies.HVD)


def _code(value: str) -> Node:
    if value.startswith(vocabularies.HVD):
        label = vocabularies.HVD_CATEGORIES[value.removeprefix(vocabularies.HVD)]
        return Node(
            value,
            ("skos:Concept",),
            properties(("skos:prefLabel", [text(label.fr, "fr"), text(label.en, "en")])),
        )
    table, _, code = value.removeprefix(vocabularies.AUTHORITY).partition("/")
    scheme = Iri(vocabularies.AUTHORITY + table)
    if not code:
        return Node(value, ("skos:ConceptScheme",), properties(("dct:title", text(table, "en"))))
    if table == "data-theme":
        label = vocabularies.THEMES[code]
        return Node(
            value,
            ("skos:Concept",),
            properties(
                ("skos:prefLabel", [text(label.fr, "fr"), text(label.en, "en")]), ("skos:inScheme", scheme)
            ),
        )
    if table == "licence":
        known = vocabularies.LICENCES.get(code)
        labels: list[Object] = [text(known.title)] if known else [text(code)]
        return Node(value, ("dct:LicenseDocument",), properties(("rdfs:label", labels)))
    return Node(value, _TABLES[table])
