"""The catalogue as harvesters read it: valid against the official shapes, the same graph in three writings,
and every dataset kept by data.gouv.fr's rules.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyshacl
import pytest
import rdflib
from rdflib.compare import isomorphic, to_isomorphic
from rdflib.namespace import DCAT, DCTERMS, FOAF, PROV, RDF, SKOS, Namespace

from parvis.catalogue import dcat, rdf, vocabularies
from parvis.catalogue.entries import Catalogue
from parvis.core.types import Contact, Dataset, Organisation
from tests.cities.cataloguecity import BASE, described, entry, many
from tests.conftest import DATA

SH = Namespace("http://www.w3.org/ns/shacl#")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")

pytestmark = pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph is deprecated:DeprecationWarning"
)  # rdflib's own JSON-LD reader
PARSERS: dict[dcat.RdfFormat, str] = {"turtle": "turtle", "jsonld": "json-ld", "rdfxml": "xml"}


def read(graph: rdf.Graph, form: dcat.RdfFormat = "turtle") -> rdflib.Graph:
    return rdflib.Graph().parse(data=dcat.write(graph, form), format=PARSERS[form])


@pytest.fixture(scope="module")
def graph() -> rdflib.Graph:
    return read(dcat.describe(described()))


@dataclass(frozen=True)
class Shapes:
    """The official shapes, read once, and the EU vocabulary that they need beside the data."""

    folder: Path
    vocabulary: rdflib.Graph

    def violations(self, data: rdflib.Graph, name: str, *, merged: bool = True) -> list[str]:
        """What a shapes file objects to with severity Violation: path, component and node."""
        graph = rdflib.Graph()
        for triple in data:
            graph.add(triple)
        if merged:
            for triple in self.vocabulary:
                graph.add(triple)
        shapes = rdflib.Graph().parse(self.folder / name)
        # The all-in-one file names property shapes that it does not hold (one of DataService among them):
        # pyshacl refuses them, so they are left out.
        for shape, prop in [
            (s, o) for s, o in shapes.subject_objects(SH.property) if (o, SH.path, None) not in shapes
        ]:
            shapes.remove((shape, SH.property, prop))
        _, report, _ = pyshacl.validate(
            graph, shacl_graph=shapes, do_owl_imports=False, allow_warnings=True, advanced=True
        )
        assert isinstance(report, rdflib.Graph)
        return sorted(
            f"{report.value(r, SH.resultPath)} {report.value(r, SH.sourceConstraintComponent)} {report.value(r, SH.focusNode)}"
            for r in report.objects(None, SH.result)
            if report.value(r, SH.resultSeverity) == SH.Violation
        )


@pytest.fixture(scope="module")
def shapes(shared: Path) -> Shapes:
    vocabulary = rdflib.Graph().parse(shared / "standards/eu-vocabularies/eu-vocab-min.ttl")
    return Shapes(shared / "standards/dcat-ap/3.0.1/shacl", vocabulary)


NAMES = ["shapes.ttl", "range.ttl", "mdr-vocabularies.shape.ttl", "dcat-ap-SHACL.ttl"]


@pytest.mark.shared
@pytest.mark.parametrize("name", NAMES)
def test_the_catalogue_is_valid(shapes: Shapes, graph: rdflib.Graph, name: str) -> None:
    assert shapes.violations(graph, name) == []


@pytest.mark.shared
@pytest.mark.parametrize("name", ["shapes.ttl", "range.ttl"])
def test_a_page_is_valid_without_any_other_file(shapes: Shapes, name: str) -> None:
    """The codes that it points to carry their class: a validator that knows no vocabulary finds nothing
    either.
    """
    assert shapes.violations(read(dcat.describe(described(), page=2, size=1)), name, merged=False) == []


@pytest.mark.shared
def test_one_dataset_alone_is_valid(shapes: Shapes) -> None:
    catalogue = described()
    for e in catalogue.datasets:
        assert shapes.violations(read(dcat.one(catalogue, e)), "shapes.ttl") == []


ODD = (
    Dataset("nu", "Titre", "Description", "voirie"),
    Dataset("contact", "Titre", "D", "voirie", Contact("Équipe <x>", "pas un courriel", "pas une adresse")),
    Dataset("adresse", "T", "D", "voirie", Contact("", "a b@c.example", 'https://x.example/a b?c=é|{}"<>')),
    Dataset("programme", "T", "D", "voirie", Contact("x", "", "javascript:alert(1)")),
    Dataset("vide", "", "", "", licence="", frequency="", language=""),
    Dataset(
        "signes", "Titre \x00\x1f\ufffe", "D\x0b]]>&<é\u2028", "voirie", keywords=("", "  ", "é&<", "\x07")
    ),
    Dataset("guillemets", 'T"""\\" \'\'\'', 'D\\n\n"""\r\t', "voirie", keywords=('"', "\\", "\n")),
    Dataset("debut", "T", "D", "voirie", temporal=(date(1, 1, 1), None)),
    Dataset("fin", "T", "D", "voirie", temporal=(None, date(9999, 12, 31))),
    Dataset(
        "licence",
        "T",
        "D",
        "voirie",
        licence="Ma licence à moi",
        frequency="tous les mardis",
        language="klingon",
    ),
    Dataset(
        "licence-ecrite",
        "T",
        "D",
        "voirie",
        licence="https://ville.example/licence",
        themes=("TRAN", "XX", "", "a b"),
    ),
    Dataset("derive", "T", "مدينة 🏙️", "voirie", derived_from=("", "b c", "https://x.example/é è")),
)


@pytest.mark.shared
def test_odd_datasets_are_valid_and_the_same_in_three_writings(shapes: Shapes) -> None:
    """No contact, no licence, no period, addresses that are none, every kind of character: nothing that a
    validator refuses, nothing read in two ways.
    """
    odd = Organisation("x", 'Ville <&> "é"', url="pas une adresse")
    catalogue = replace(described(), datasets=tuple(entry(d, organisation=odd) for d in ODD))
    made = dcat.describe(catalogue)
    graph = read(made)
    assert all(isomorphic(graph, read(made, form)) for form in ("jsonld", "rdfxml"))
    assert [fault for name in ("shapes.ttl", "range.ttl") for fault in shapes.violations(graph, name)] == []


@pytest.mark.shared
def test_high_value_datasets_meet_their_own_shapes(shapes: Shapes) -> None:
    catalogue = described()
    only = replace(catalogue, datasets=catalogue.datasets[:1])
    hvd = replace(shapes, folder=shapes.folder.parent.parent / "3.0.0-hvd/shacl")
    assert hvd.violations(read(dcat.describe(only)), "hvd-SHACL-base.ttl") == []
    ordinary = replace(catalogue, datasets=catalogue.datasets[1:2])
    assert hvd.violations(read(dcat.describe(ordinary)), "hvd-SHACL-base.ttl"), (
        "the shapes must be able to fail"
    )


@pytest.mark.shared
@pytest.mark.parametrize(
    ("fault", "name", "path"),
    [
        ("title", "shapes.ttl", DCTERMS.title),
        ("accessURL", "shapes.ttl", DCAT.accessURL),
        ("file type", "range.ttl", DCTERMS.format),
        ("publisher", "shapes.ttl", DCTERMS.publisher),
        ("checksum", "shapes.ttl", SPDX.checksumValue),
        ("frequency", "mdr-vocabularies.shape.ttl", DCTERMS.accrualPeriodicity),
    ],
)
def test_a_fault_is_found(shapes: Shapes, fault: str, name: str, path: rdflib.URIRef) -> None:
    """The same validation, on our catalogue with one thing wrong, names that thing and nothing else."""
    bad = read(dcat.describe(described()))
    charging = rdflib.URIRef(f"{BASE}/jeux/bornes-recharge#jeu")
    csv = rdflib.URIRef(f"{BASE}/jeux/bornes-recharge#table-1-csv")
    if fault == "title":
        bad.remove((charging, DCTERMS.title, None))
    elif fault == "accessURL":
        bad.set((csv, DCAT.accessURL, rdflib.Literal("pas une adresse")))
    elif fault == "file type":
        bad.set((csv, DCTERMS.format, rdflib.URIRef(vocabularies.authority("file-type", "CSVX"))))
    elif fault == "publisher":
        bad.add(
            (
                rdflib.URIRef(f"{BASE}/#catalogue"),
                DCTERMS.publisher,
                rdflib.URIRef(f"{BASE}/organisations/voirie"),
            )
        )
    elif fault == "checksum":
        checksum = bad.value(csv, SPDX.checksum)
        assert checksum is not None
        bad.set((checksum, SPDX.checksumValue, rdflib.Literal("abc")))
    else:
        bad.set(
            (
                charging,
                DCTERMS.accrualPeriodicity,
                rdflib.URIRef(vocabularies.authority("frequency", "SOMETIMES")),
            )
        )
    found = shapes.violations(bad, name)
    assert found
    assert {f.split()[0] for f in found} == {str(path)}


@pytest.mark.shared
def test_our_reading_of_the_shapes_agrees_with_the_known_cases(shapes: Shapes, shared: Path) -> None:
    """The two reference catalogues give the verdicts that are known of them: the validation itself works."""
    good, bad = (rdflib.Graph().parse(shared / f"standards/dcat-ap/{n}.ttl") for n in ("cat", "cat_bad"))
    assert all(shapes.violations(good, name) == [] for name in NAMES)
    assert [v.split()[0] for v in shapes.violations(bad, "shapes.ttl")] == [
        str(DCTERMS.title),
        str(DCAT.accessURL),
    ]


# Writings


@pytest.mark.parametrize("form", ["jsonld", "rdfxml"])
def test_all_writings_say_the_same_graph(graph: rdflib.Graph, form: dcat.RdfFormat) -> None:
    assert isomorphic(read(dcat.describe(described()), form), graph)


def built(graph: rdf.Graph) -> rdflib.Graph:
    """Our value as rdflib builds it node by node: what our writers must say."""
    made = rdflib.Graph()

    def term(o: rdf.Object) -> rdflib.term.Node:
        if isinstance(o, rdf.Iri):
            return rdflib.URIRef(o.value)
        if isinstance(o, rdf.Name):
            return rdflib.URIRef(rdf.expand(o.value))
        if isinstance(o, rdf.Text):
            return rdflib.Literal(
                o.value, lang=o.language or None, datatype=rdf.expand(o.datatype) if o.datatype else None
            )
        return add(o)

    def add(node: rdf.Node) -> rdflib.term.Node:
        subject = rdflib.URIRef(node.iri) if node.iri else rdflib.BNode()
        for kind in node.kinds:
            made.add((subject, RDF.type, rdflib.URIRef(rdf.expand(kind))))
        for predicate, objects in node.properties:
            for o in objects:
                made.add((subject, rdflib.URIRef(rdf.expand(predicate)), term(o)))
        return subject

    for node in graph:
        add(node)
    return made


@pytest.mark.parametrize("form", ["turtle", "jsonld", "rdfxml"])
def test_reading_back_gives_what_was_written(form: dcat.RdfFormat) -> None:
    value = dcat.describe(described())
    assert isomorphic(read(value, form), built(value))


AWKWARD = [
    "",
    "«\u202f»",
    'guillemets " et \\',
    "deux\nlignes",
    "retour\r\nchariot\rseul",
    "\ttab",
    "<b>&amp;</b>",
    "]]>",
    "emoji 🚲",
    "é\u0301",
    "\u2028",
    " bords ",
]


@pytest.mark.parametrize("value", AWKWARD)
@pytest.mark.parametrize("form", ["turtle", "jsonld", "rdfxml"])
def test_any_text_survives(form: dcat.RdfFormat, value: str) -> None:
    node = rdf.Node(
        "https://x.fr/é?a=1&b='2'",
        ("dcat:Dataset", "prov:Entity"),
        rdf.properties(
            ("dct:title", [rdf.text(value, "fr"), rdf.text(value), rdf.text(value, datatype="xsd:string")]),
            ("dct:source", rdf.Name("dcat:Catalog")),
        ),
    )
    back = read((node,), form)
    titles = {
        (str(o), o.language) for o in back.objects(None, DCTERMS.title) if isinstance(o, rdflib.Literal)
    }
    assert titles == {(value, "fr"), (value, None)}
    assert set(back.subjects()) == {rdflib.URIRef(node.iri)}
    assert (None, DCTERMS.source, DCAT.Catalog) in back


def test_what_xml_forbids_is_left_out_of_every_writing() -> None:
    assert rdf.text("a\x00b\x0bc\ufffed\ud800e").value == "abcde"
    assert rdf.iri('https://x.fr/a b"<>\\^`{|}').value == "https://x.fr/a%20b%22%3C%3E%5C%5E%60%7B%7C%7D"


def test_the_same_catalogue_is_always_the_same_bytes() -> None:
    for extension in dcat.EXTENSIONS:
        first = dcat.serialise(described(), extension)
        assert first == dcat.serialise(described(), extension)
        assert b"_:" not in first
        assert b"nodeID" not in first


def test_the_context_of_json_ld_is_inside() -> None:
    """A reader must not need the network to understand it."""
    context = json.loads(dcat.serialise(described(), "jsonld"))["@context"]
    assert isinstance(context, dict)
    assert all(isinstance(v, str) for v in context.values())


SNAPSHOT = DATA / "catalogue_dataset.ttl"


def test_one_dataset_reads_as_it_should() -> None:
    """A snapshot, to be read by people when it changes: update it by hand with the bytes that this test
    prints.
    """
    catalogue = described()
    written = dcat.write(dcat.one(catalogue, catalogue.datasets[0]), "turtle").decode()
    if written != SNAPSHOT.read_text("utf-8"):
        pytest.fail(f"the description has changed; if that is meant, let the snapshot hold:\n{written}")


# What is said


def test_a_distribution_points_to_page_and_file(graph: rdflib.Graph) -> None:
    csv = rdflib.URIRef(f"{BASE}/jeux/bornes-recharge#table-1-csv")
    assert graph.value(csv, DCAT.accessURL) == rdflib.URIRef(f"{BASE}/jeux/bornes-recharge")
    assert graph.value(csv, DCAT.downloadURL) == rdflib.URIRef(
        f"{BASE}/api/explore/v2.1/catalog/datasets/bornes-recharge/exports/csv"
    )
    assert graph.value(csv, DCAT.mediaType) == rdflib.URIRef(
        "http://www.iana.org/assignments/media-types/text/csv"
    )
    assert graph.value(csv, DCAT.byteSize).toPython() == 1234  # type: ignore[union-attr]


def test_every_offer_is_a_distribution(graph: rdflib.Graph) -> None:
    offered = sum(len(i.offers) for e in described().datasets for i in e.items)
    assert len(set(graph.subjects(RDF.type, DCAT.Distribution))) == offered == 6 + 10 + 6 + 5
    assert len(set(graph.objects(None, DCAT.downloadURL))) == offered


def test_parquet_has_a_media_type_and_no_invented_code(graph: rdflib.Graph) -> None:
    parquet = rdflib.URIRef(f"{BASE}/jeux/bornes-recharge#table-1-parquet")
    assert graph.value(parquet, DCTERMS.format) is None
    assert graph.value(parquet, DCAT.mediaType) is not None
    assert graph.value(parquet, DCAT.byteSize) is None, "its size at rest is not that of what is downloaded"


def test_derived_datasets_name_their_sources(graph: rdflib.Graph) -> None:
    derived = rdflib.URIRef(f"{BASE}/jeux/etat-bornes#jeu")
    here, elsewhere = (rdflib.URIRef(f"{BASE}/jeux/{n}#jeu") for n in ("bornes-recharge", "ailleurs"))
    assert set(graph.objects(derived, PROV.wasDerivedFrom)) == {here, elsewhere}
    assert set(graph.objects(derived, DCTERMS.source)) == {here}, (
        "a source that is not described here would break the range of dct:source"
    )


def test_the_service_serves_all_that_is_shown(graph: rdflib.Graph) -> None:
    (service,) = graph.subjects(RDF.type, DCAT.DataService)
    assert set(graph.objects(service, DCAT.servesDataset)) == set(graph.subjects(RDF.type, DCAT.Dataset))
    assert (None, DCAT.service, service) in graph
    assert str(graph.value(service, DCTERMS.identifier)) == "explore-v2.1"


def test_high_value_is_said_in_both_ways(graph: rdflib.Graph) -> None:
    """hvdCategory for Europe, dcat:theme for data.gouv.fr, and the legislation on dataset, distributions and
    service.
    """
    category = rdflib.URIRef("http://data.europa.eu/bna/c_b79e35eb")
    charging = rdflib.URIRef(f"{BASE}/jeux/bornes-recharge#jeu")
    assert (charging, DCATAP.hvdCategory, category) in graph
    assert (charging, DCAT.theme, category) in graph
    assert graph.value(category, SKOS.prefLabel) is not None
    assert len(set(graph.subjects(DCATAP.applicableLegislation, None))) == 1 + 6 + 1
    assert (None, DCATAP.hvdCategory, None) not in read(
        dcat.describe(replace(described(), datasets=described().datasets[1:]))
    )


def test_an_empty_catalogue_stands(shapes: Shapes) -> None:
    empty = read(dcat.describe(replace(described(), datasets=(), box=None, territory="", contact=None)))
    assert shapes.violations(empty, "shapes.ttl") == []
    assert (None, RDF.type, DCAT.DataService) not in empty


# What data.gouv.fr keeps


@dataclass(frozen=True)
class Kept:
    """A dataset as data.gouv.fr's harvester would keep it."""

    identifier: str
    title: str
    description: str
    tags: frozenset[str]
    licence: str
    frequency: str
    temporal: tuple[str, str]
    spatial: str
    modified: datetime | None
    contacts: tuple[str, ...]
    resources: tuple[tuple[str, str, str], ...]
    """Title, URL, format."""
    remote_url: str
    sha256: int


def harvest(catalogue: Catalogue, extension: str, *, size: int = 0, now: datetime) -> Iterator[Kept | str]:
    """Walk the pages by the rules of the harvester, all in the format of the first address; a refused dataset
    gives the reason.
    """
    fetched = {
        catalogue.links.catalogue(extension, p, size): dcat.serialise(catalogue, extension, page=p, size=size)
        for p in range(1, dcat.pages(catalogue, size or 9999) + 1)
    }
    url: str | None = catalogue.links.catalogue(extension, 1, size)
    parser = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld"}[urlsplit(url).path.rpartition(".")[2]]
    seen: set[str] = set()
    while url is not None:
        page = rdflib.Graph().parse(data=fetched[url], format=parser)
        views = list(page.subjects(RDF.type, HYDRA.PartialCollectionView))
        following = page.value(views[0], HYDRA.next) if views else None
        for node in page.subjects(RDF.type, DCAT.Dataset):
            identifier = page.value(node, DCTERMS.identifier)
            if identifier is None:
                yield "missing identifier"
            elif str(identifier) in seen:
                yield f"identifier {identifier} already exists"
            elif page.value(node, DCTERMS.title) is None:
                yield "missing title on dataset"
            else:
                seen.add(str(identifier))
                yield keep(page, node, now)
        url = str(following) if following is not None else None


LICENCES = {known.url: known.id for known in vocabularies.LICENCES.values()} | {
    known.title: known.id for known in vocabularies.LICENCES.values()
}


def label(page: rdflib.Graph, node: rdflib.term.Node) -> str:
    return str(page.value(node, rdflib.RDFS.label) or page.value(node, SKOS.prefLabel) or node)


def keep(page: rdflib.Graph, node: rdflib.term.Node, now: datetime) -> Kept:
    tags = {str(k) for k in page.objects(node, DCAT.keyword) if isinstance(k, rdflib.Literal)}
    for theme in page.objects(node, DCAT.theme):
        tags |= {
            str(t)
            for t in page.objects(theme, SKOS.prefLabel)
            if isinstance(t, rdflib.Literal) and t.language == "fr"
        }
        if str(theme).startswith("http://data.europa.eu/bna/"):
            tags.add("hvd")
    distributions = list(page.objects(node, DCAT.distribution))
    hints = [o for p in (DCTERMS.license, DCTERMS.rights) for o in page.objects(node, p)] + [
        o for d in distributions for o in page.objects(d, DCTERMS.license)
    ]
    licence = next((LICENCES[label(page, h)] for h in hints if label(page, h) in LICENCES), "notspecified")
    period = page.value(node, DCTERMS.temporal)
    assert not isinstance(period, rdflib.URIRef), "an address here would be fetched"
    modified = page.value(node, DCTERMS.modified)
    moment = modified.toPython() if isinstance(modified, rdflib.Literal) else None
    spatial = [
        str(o)
        for place in page.objects(node, DCTERMS.spatial)
        for o in page.objects(place)
        if isinstance(o, rdflib.Literal)
        and str(o.datatype) == "https://www.iana.org/assignments/media-types/application/vnd.geo+json"
    ]
    resources = [
        (
            str(page.value(d, DCTERMS.title)),
            str(page.value(d, DCAT.downloadURL) or page.value(d, DCAT.accessURL)),
            str(page.value(d, DCTERMS.format)).rpartition("/")[2].lower(),
        )
        for d in distributions
        if page.value(d, DCAT.downloadURL) or page.value(d, DCAT.accessURL)
    ]
    return Kept(
        identifier=str(page.value(node, DCTERMS.identifier)),
        title=str(page.value(node, DCTERMS.title)),
        description=str(page.value(node, DCTERMS.description)),
        tags=frozenset(tags),
        licence=licence,
        frequency=str(page.value(node, DCTERMS.accrualPeriodicity)).rpartition("/")[2],
        temporal=(str(page.value(period, DCAT.startDate)), str(page.value(period, DCAT.endDate)))
        if period
        else ("", ""),
        spatial=json.loads(spatial[0])["type"] if spatial else "",
        modified=moment if isinstance(moment, datetime) and moment <= now else None,
        contacts=tuple(str(page.value(c, VCARD.hasEmail)) for c in page.objects(node, DCAT.contactPoint))
        + tuple(str(page.value(a, FOAF.name)) for a in page.objects(node, DCTERMS.publisher)),
        resources=tuple(sorted(resources)),
        remote_url=str(page.value(node, DCAT.landingPage) or node),
        sha256=sum(
            page.value(page.value(d, SPDX.checksum), SPDX.checksumValue) is not None
            for d in distributions
            if page.value(d, SPDX.checksum)
        ),
    )


LATER = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.mark.parametrize("extension", ["ttl", "rdf", "jsonld"])
@pytest.mark.parametrize("size", [0, 1, 3])
def test_data_gouv_keeps_every_dataset(extension: str, size: int) -> None:
    kept = {
        k.identifier: k for k in harvest(described(), extension, size=size, now=LATER) if isinstance(k, Kept)
    }
    assert set(kept) == {"bornes-recharge", "budget", "etat-bornes", "sans-rien"}
    assert not [k for k in harvest(described(), extension, size=size, now=LATER) if isinstance(k, str)]
    charging, budget, derived = kept["bornes-recharge"], kept["budget"], kept["etat-bornes"]
    assert (charging.licence, budget.licence) == ("lov2", "odc-odbl")
    assert charging.tags >= {"hvd", "IRVE", "mobilité", "véhicule électrique", "Transports", "Énergie"}
    assert (charging.frequency, budget.frequency, derived.frequency) == ("DAILY", "ANNUAL", "UPDATE_CONT")
    assert charging.temporal == ("2020-01-01", "None")
    assert budget.temporal == ("2019-01-01", "2025-12-31")
    assert {k.spatial for k in kept.values()} == {"Polygon"}
    assert charging.contacts == ("mailto:mobilites@montclair-ville.fr", "Direction des mobilités")
    assert budget.contacts == ("mailto:donnees@montclair-ville.fr", "Voirie & propreté")
    assert all(k.modified for k in kept.values())
    assert [f for _, _, f in budget.resources].count("csv") == 2, (
        "CSV beside XLSX, or the score loses its open format"
    )
    assert charging.sha256 == 1
    assert charging.remote_url == f"{BASE}/jeux/bornes-recharge"


def test_the_harvester_above_can_refuse() -> None:
    """The small reader does find the faults that data.gouv.fr's finds."""
    catalogue = described()
    twice = replace(catalogue, datasets=catalogue.datasets[:1] * 2)
    assert [k for k in harvest(twice, "ttl", size=1, now=LATER) if isinstance(k, str)] == [
        "identifier bornes-recharge already exists"
    ]
    before = datetime(2020, 1, 1, tzinfo=UTC)
    assert all(isinstance(k, Kept) and k.modified is None for k in harvest(catalogue, "ttl", now=before))


# Pages and negotiation


def test_pages_hold_every_dataset_once() -> None:
    catalogue = many(7)
    assert dcat.pages(catalogue, 3) == 3
    shown: list[str] = []
    for page in range(1, 4):
        g = read(dcat.describe(catalogue, page=page, size=3))
        shown += sorted(str(s) for s in g.subjects(RDF.type, DCAT.Dataset))
        (view,) = g.subjects(RDF.type, HYDRA.PartialCollectionView)
        assert parse_qs(urlsplit(str(view)).query) == {"page": [str(page)], "page_size": ["3"]}
        assert (g.value(view, HYDRA.next) is None) == (page == 3)
        assert (g.value(view, HYDRA.previous) is None) == (page == 1)
        assert g.value(view, HYDRA.last) == rdflib.URIRef(catalogue.links.catalogue("ttl", 3, 3))
    assert len(shown) == len(set(shown)) == 7


@pytest.mark.parametrize(("asked", "shown"), [(-5, 1), (0, 1), (1, 1), (3, 3), (99, 3)])
def test_a_page_outside_is_brought_inside(asked: int, shown: int) -> None:
    (view,) = read(dcat.describe(many(7), page=asked, size=3)).subjects(RDF.type, HYDRA.PartialCollectionView)
    assert f"page={shown}&" in str(view)


NEGOTIATED = """
text/turtle => turtle
application/ld+json => jsonld
application/rdf+xml => rdfxml
 => turtle
*/* => turtle
text/html => None
text/html, */*;q=0.1 => turtle
text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 => rdfxml
application/rdf+xml;q=0.5, application/ld+json;q=0.6 => jsonld
TEXT/TURTLE => turtle
text/turtle;q=0, application/ld+json;q=0.1 => jsonld
text/turtle;q=0 => None
text/turtle;q=beaucoup => None
application/* => jsonld
*/*, application/rdf+xml => rdfxml
text/turtle; charset=utf-8 => turtle
,, ; => None
"""


@pytest.mark.parametrize("line", [line for line in NEGOTIATED.split("\n") if "=>" in line])
def test_negotiation_by_accept(line: str) -> None:
    accept, _, wanted = line.partition("=>")
    assert str(dcat.negotiate(accept.strip())) == wanted.strip()


@pytest.mark.parametrize(
    ("extension", "wanted"),
    [
        ("ttl", "turtle"),
        (".rdf", "rdfxml"),
        ("XML", "rdfxml"),
        ("jsonld", "jsonld"),
        ("n3", "turtle"),
        ("html", None),
    ],
)
def test_negotiation_by_extension_wins(extension: str, wanted: str | None) -> None:
    assert dcat.negotiate("application/ld+json", extension) == wanted


@pytest.mark.parametrize("extension", ["ttl", "n3", "rdf", "xml", "jsonld", "json"])
def test_every_media_type_says_its_charset(extension: str) -> None:
    assert dcat.MEDIA_TYPES[dcat.EXTENSIONS[extension]].endswith("; charset=utf-8")


def test_no_word_of_a_publisher_escapes(graph: rdflib.Graph) -> None:
    """Titles, ids and addresses of any shape make no statement of their own."""
    wicked = Dataset(
        "x> <y",
        'a" . <https://pirate.fr> a <https://pirate.fr> . "',
        '"""\\',
        "mobilite",
        keywords=("</rdf:RDF>", "@fr", "\\u0022"),
    )
    catalogue = replace(described(), datasets=(entry(wicked),))
    value = dcat.describe(catalogue)
    for form in PARSERS:
        back = read(value, form)
        assert to_isomorphic(back) == to_isomorphic(built(value))
        assert rdflib.URIRef("https://pirate.fr") not in set(back.all_nodes())


@pytest.mark.parametrize(
    ("written", "addresses"),
    [
        ("Service <data@ville.fr>", {"data@ville.fr"}),
        ("a@ville.fr; b@ville.fr", {"a@ville.fr", "b@ville.fr"}),
        (" a@ville.fr ", {"a@ville.fr"}),
        ("mailto:a@ville.fr?subject=x y", {"a@ville.fr"}),
        ("@", set[str]()),
        ("à la mairie", set[str]()),
    ],
)
def test_addresses_are_found_in_what_was_written(written: str, addresses: set[str]) -> None:
    catalogue = replace(
        described(),
        datasets=(entry(Dataset("a", "A", "", "mobilite", Contact("Service", written))),),
        contact=None,
    )
    assert {str(o) for o in read(dcat.describe(catalogue)).objects(None, VCARD.hasEmail)} == {
        f"mailto:{a}" for a in addresses
    }


def test_a_language_without_code_is_not_said_to_be_french() -> None:
    """Its literals bear its tag; a word without a visible character is none."""
    for tag, code in (("ar", "ARA"), ("fr-CA", "FRA"), ("tlh", "")):
        graph = read(
            dcat.describe(
                replace(
                    described(),
                    datasets=(
                        entry(Dataset("a", "T", "", "mobilite", language=tag, keywords=("\x01", "mot"))),
                    ),
                )
            )
        )
        dataset = next(graph.subjects(RDF.type, DCAT.Dataset))
        assert [str(o).rpartition("/")[2] for o in graph.objects(dataset, DCTERMS.language)] == (
            [code] if code else []
        )
        assert [
            (str(k), k.language)
            for k in graph.objects(dataset, DCAT.keyword)
            if isinstance(k, rdflib.Literal)
        ] == [("mot", tag)]
