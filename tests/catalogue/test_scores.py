"""What other portals will read of us, and the points that they give: rule by rule, each indicator alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
import rdflib

from parvis.catalogue import data_gouv, dcat, mqa
from parvis.catalogue.data_gouv import NOTHING, Line, Reading
from parvis.catalogue.entries import Catalogue, Entry, Period
from parvis.catalogue.mqa import INDICATORS, Mqa, Scored, Tally, band
from parvis.catalogue.rdf import PREFIXES, Graph, Iri, Node, Object, Text, iri, properties, text
from parvis.catalogue.scores import Score, score
from parvis.core.types import Column, Coverage, Dataset, Schema
from tests.cities.cataloguecity import NOW, described, entry

CITY = described()
FULL = CITY.datasets[0]


def reading(catalogue: Catalogue, one: Entry) -> Reading:
    return data_gouv.read(dcat.one(catalogue, one), dcat.dataset_iri(catalogue.links, one.id), now=NOW)


def nine(
    catalogue: Catalogue, one: Entry, *, available: bool | None = True, later: timedelta = timedelta(0)
) -> Score:
    return score(reading(catalogue, one), NOW + later, available=available)


# The nine criteria of data.gouv.fr


def test_a_full_description_has_nine_points() -> None:
    told = nine(CITY, FULL)
    assert (told.points, told.share, told.missing, told.unchecked) == (9, 1.0, (), ())


def test_links_that_nobody_asked_are_not_a_point() -> None:
    told = nine(CITY, FULL, available=None)
    assert (told.points, told.missing, [c.name for c in told.unchecked]) == (
        8,
        (),
        ["all_resources_available"],
    )


def test_each_criterion_can_be_missed_alone() -> None:
    d = FULL.dataset
    only_excel = replace(
        FULL,
        items=tuple(replace(i, offers=tuple(o for o in i.offers if o.format == "xlsx")) for i in FULL.items),
    )
    mute = replace(
        FULL, items=tuple(replace(i, resource=replace(i.resource, description="")) for i in FULL.items)
    )
    cases = {
        "license": nine(CITY, replace(FULL, dataset=replace(d, licence="?"))),
        "temporal_coverage": nine(CITY, replace(FULL, dataset=replace(d, temporal=(None, None)))),
        "spatial": nine(replace(CITY, box=None), FULL),
        "update_frequency": nine(CITY, replace(FULL, dataset=replace(d, frequency="unknown"))),
        "update_fulfilled_in_time": nine(CITY, FULL, later=timedelta(days=30)),
        "dataset_description_quality": nine(CITY, replace(FULL, dataset=replace(d, description="x" * 100))),
        "has_open_format": nine(CITY, only_excel),
        "all_resources_available": nine(CITY, FULL, available=False),
        "resources_documentation": nine(CITY, mute),
    }
    for name, told in cases.items():
        assert [c.name for c in told.missing] == [name]
        assert told.missing[0].todo.fr
        assert told.missing[0].todo.en


def test_without_any_file_the_last_three_criteria_are_missed() -> None:
    told = nine(CITY, replace(FULL, items=tuple(replace(i, offers=()) for i in FULL.items)))
    assert [c.name for c in told.missing] == [
        "has_open_format",
        "all_resources_available",
        "resources_documentation",
    ]


# What data.gouv.fr reads


def line(of: Reading, name: str) -> Line:
    return next(x for x in of.lines if x.name == name)


def test_our_own_dcat_is_read_whole() -> None:
    told = reading(CITY, FULL)
    assert told.refused == NOTHING
    assert (told.identifier, told.licence, told.frequency, told.temporal, told.spatial, told.modified) == (
        "bornes-recharge",
        "lov2",
        "daily",
        True,
        True,
        NOW,
    )
    assert "hvd" in told.tags
    assert line(told, "license").value == "Licence Ouverte / Open Licence version 2.0"
    assert line(told, "license").why.fr == "Reconnue par dct:rights.", (
        "the European code is an address that data.gouv.fr does not know: dct:rights saves it"
    )
    assert (
        line(told, "contact").value
        == "Équipe mobilités, mobilites@montclair-ville.fr, https://www.montclair-ville.fr/contact"
    )
    assert [r.format for r in told.accepted] == ["csv", "json", "json", "geojson", "parquet", "xlsx"]
    assert {r.schema for r in told.accepted} == {"https://schema.data.gouv.fr/schemas/irve.json"}
    assert told.accepted[0].bytes == 1234


PLACE = Node(
    "",
    ("dct:Location",),
    properties(("dcat:bbox", text("POLYGON((0 0, 1 0, 1 1, 0 0))", datatype="geo:wktLiteral"))),
)


def told_of(*pairs: tuple[str, Object], more: Graph = ()) -> Reading:
    name = "https://x.example/jeux/a#jeu"
    return data_gouv.read((Node(name, ("dcat:Dataset",), properties(*pairs)), *more), name, now=NOW)


@pytest.mark.parametrize(
    ("pair", "name", "state", "value"),
    [
        (("dct:title", text("x" * 351)), "title", "cut", "x" * 350),
        (("dct:abstract", text("court")), "description", "read", "court"),
        (
            ("dct:license", iri("https://www.etalab.gouv.fr/licence-ouverte-open-licence")),
            "license",
            "read",
            "Licence Ouverte / Open Licence version 2.0",
        ),
        (
            ("dct:license", text("odc-odbl")),
            "license",
            "read",
            "Open Data Commons Open Database License (ODbL)",
        ),
        (
            ("dct:rights", text("Licence Ouverte / Open License version 2.0")),
            "license",
            "read",
            "Licence Ouverte / Open Licence version 2.0",
        ),
        (
            ("dct:license", iri("https://x.example/ma-licence")),
            "license",
            "lost",
            "https://x.example/ma-licence",
        ),
        (
            (
                "dct:accrualPeriodicity",
                iri("http://publications.europa.eu/resource/authority/frequency/WEEKLY"),
            ),
            "frequency",
            "read",
            "Toutes les semaines",
        ),
        (
            (
                "dct:accrualPeriodicity",
                iri("http://publications.europa.eu/resource/authority/frequency/UNKNOWN"),
            ),
            "frequency",
            "default",
            "Inconnue",
        ),
        (
            ("dct:accrualPeriodicity", iri("https://x.example/souvent")),
            "frequency",
            "lost",
            "https://x.example/souvent",
        ),
        (("dct:modified", text("2031-01-01T00:00:00Z")), "modified", "lost", "2031-01-01T00:00:00Z"),
        (("dct:modified", text("hier")), "modified", "lost", "hier"),
        (("dct:temporal", text("2020-01-01/2021-01-01")), "temporal", "read", "2020-01-01/2021-01-01"),
        (("dct:temporal", text("2024-05")), "temporal", "read", "2024-05"),
        (("dct:temporal", text("l’an dernier")), "temporal", "lost", "l’an dernier"),
        (("dct:spatial", PLACE), "spatial", "read", "emprise"),
        (
            ("dct:spatial", Node("", ("dct:Location",), properties(("skos:prefLabel", text("Lyon"))))),
            "spatial",
            "lost",
            "Lyon",
        ),
        (("dcat:theme", iri("http://data.europa.eu/bna/c_b79e35eb")), "hvd", "read", "hvd"),
        (("dcatap:hvdCategory", iri("http://data.europa.eu/bna/c_b79e35eb")), "hvd", "default", "non"),
        (("dcat:keyword", iri("https://x.example/mot")), "tags", "missing", ""),
    ],
)
def test_each_rule_alone(pair: tuple[str, Object], name: str, state: str, value: str) -> None:
    told = line(told_of(pair), name)
    assert (told.state, told.value) == (state, value)


def test_what_is_refused_and_what_is_dropped() -> None:
    assert "dct:identifier" in told_of(("dct:title", text("a"))).refused.fr
    assert "dct:title" in told_of(("dct:identifier", text("a"))).refused.fr
    lost = Node(
        "https://x.example/d",
        ("dcat:Distribution",),
        properties(("dct:title", text("Sans adresse")), ("dcat:accessURL", text("https://x.example/f.csv"))),
    )
    api = Node(
        "https://x.example/api",
        ("dcat:Distribution",),
        properties(
            ("dcat:accessURL", iri("https://x.example/")), ("dcat:accessService", iri("https://x.example/s"))
        ),
    )
    told = told_of(("dct:identifier", text("a")), ("dcat:distribution", Iri(lost.iri)), more=(lost,))
    assert (told.accepted, [r.title for r in told.resources], told.resources[0].dropped == NOTHING) == (
        (),
        ["Sans adresse"],
        False,
    )
    assert told_of(("dcat:distribution", Iri(api.iri)), more=(api,)).accepted[0].kind == "api"


def test_licence_of_the_distributions_counts_when_they_agree() -> None:
    def files(*licences: str) -> Reading:
        each = [
            Node(f"https://x.example/{i}", ("dcat:Distribution",), properties(("dct:rights", iri(u))))
            for i, u in enumerate(licences)
        ]
        return told_of(*(("dcat:distribution", Iri(d.iri)) for d in each), more=tuple(each))

    open_ = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
    assert files(open_, open_).licence == "lov2"
    assert files(open_, "http://opendatacommons.org/licenses/odbl/summary/").licence == ""


def graph_of(triples: rdflib.Graph) -> Graph:
    """The nodes of what rdflib read: the way of a harvester, from bytes."""
    short = sorted(((full, prefix) for prefix, full in PREFIXES.items()), key=lambda p: -len(p[0]))

    def name(u: rdflib.URIRef) -> str:
        return next(
            (f"{prefix}:{str(u)[len(full) :]}" for full, prefix in short if str(u).startswith(full)), str(u)
        )

    def node(subject: rdflib.term.Node) -> Node:
        kinds = tuple(
            sorted(name(k) for k in triples.objects(subject, rdflib.RDF.type) if isinstance(k, rdflib.URIRef))
        )
        pairs = [
            (name(p), thing(o))
            for p, o in sorted(triples.predicate_objects(subject))
            if p != rdflib.RDF.type and isinstance(p, rdflib.URIRef)
        ]
        by: dict[str, list[Object]] = {}
        for p, o in pairs:
            by.setdefault(p, []).append(o)
        return Node(
            str(subject) if isinstance(subject, rdflib.URIRef) else "", kinds, properties(*by.items())
        )

    def thing(o: rdflib.term.Node) -> Object:
        if isinstance(o, rdflib.Literal):
            return Text(str(o), o.language or "", name(o.datatype) if o.datatype else "")
        return Iri(str(o)) if isinstance(o, rdflib.URIRef) else node(o)

    return tuple(node(s) for s in sorted(set(triples.subjects())) if isinstance(s, rdflib.URIRef))


@pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph is deprecated:DeprecationWarning"
)  # rdflib's own JSON-LD reader
@pytest.mark.parametrize("extension", ["ttl", "rdf", "jsonld"])
def test_what_is_shown_before_is_what_our_bytes_say(extension: str) -> None:
    """The catalogue as served, parsed by rdflib, gives the same reading and the same points as the graph that
    we hold.
    """
    form = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld"}[extension]
    served = graph_of(rdflib.Graph().parse(data=dcat.serialise(CITY, extension), format=form))
    for one in CITY.datasets:
        name = dcat.dataset_iri(CITY.links, one.id)
        there, here = data_gouv.read(served, name, now=NOW), reading(CITY, one)
        same = ("licence", "frequency", "temporal", "spatial", "modified", "title", "description")
        assert [getattr(there, k) for k in same] == [getattr(here, k) for k in same]
        assert {r.url: (r.format, r.bytes) for r in there.accepted} == {
            r.url: (r.format, r.bytes) for r in here.accepted
        }
        assert mqa.tallies(served, name, {}) == mqa.tallies(dcat.one(CITY, one), name, {})


def test_what_the_publisher_did_not_say_is_derived_from_the_rows() -> None:
    """The box of its places, the days of its dates; what was declared wins; a schema of ours is an address on
    the portal.
    """
    seen = Schema(
        "arbres",
        "1.0.0",
        (Column("a"),),
        source="/schemas/arbres@1.0.0",
        coverage=Coverage((3.8, 43.5, 3.9, 43.6), date(2021, 5, 1), date(2022, 6, 30), "jour"),
    )
    other = Schema(
        "",
        "",
        (Column("b"),),
        coverage=Coverage((3.7, 43.55, 3.85, 43.65), date(2020, 1, 1), date(2020, 12, 31), "an"),
    )
    bare = Dataset("a", "A", "Une description.", "mobilite")
    one = entry(bare, schemas=(seen, other))
    assert one.extent == (3.7, 43.5, 3.9, 43.65)
    assert one.period == Period(date(2020, 1, 1), date(2022, 6, 30), "jour, an")
    assert entry(replace(bare, temporal=(date(2019, 1, 1), None)), schemas=(seen,)).period == Period(
        date(2019, 1, 1), None
    )
    assert (entry(bare).extent, entry(bare).period) == (None, None)
    told = reading(CITY, one)
    assert line(told, "temporal").value == "2020-01-01 – 2022-06-30"
    assert {r.schema for r in told.accepted} == {f"{CITY.base_url}/schemas/arbres@1.0.0", ""}
    assert b"POLYGON((3.7 43.5, 3.9 43.5, 3.9 43.65, 3.7 43.65, 3.7 43.5))" in dcat.write(
        dcat.one(CITY, one), "turtle"
    )


# MQA

EXAMPLE: Mapping[str, tuple[int, int]] = {
    "spatial": (42, 46), "temporal": (0, 46), "download_url": (0, 255), "download_url_answers": (0, 255), "vocabulary": (378, 510), "non_proprietary": (131, 255),
    "machine_readable": (252, 255), "dcat_ap": (0, 46), "license_vocabulary": (245, 255), "access_rights_vocabulary": (0, 46), "byte_size": (0, 255),
}  # fmt: skip


def test_the_published_example() -> None:
    """46 datasets and 255 distributions of the methodology's own example: 280.31, Good."""
    sizes = {"dataset": 46, "distribution": 255}
    told = Mqa(tuple(Scored(i, Tally(*EXAMPLE.get(i.name, (sizes[i.of], sizes[i.of])))) for i in INDICATORS))
    assert told.low == pytest.approx(280.31, abs=0.01)
    assert told.high == told.low
    assert band(told.low) == "good"
    assert next(s for s in told.scored if s.indicator.name == "vocabulary").low == pytest.approx(
        7.41, abs=0.005
    )


def test_the_points_of_each_dimension() -> None:
    assert len(INDICATORS) == len({i.name for i in INDICATORS}) == 23
    assert sum(i.points for i in INDICATORS) == 405
    by: dict[str, int] = {}
    for i in INDICATORS:
        by[i.dimension] = by.get(i.dimension, 0) + i.points
        assert i.title.fr
        assert i.title.en
        assert i.fix.fr
        assert i.fix.en
    assert by == {
        "findability": 100,
        "accessibility": 100,
        "interoperability": 110,
        "reusability": 75,
        "contextuality": 20,
    }


DATASET = "https://x.example/jeux/a#jeu"
FILE = "https://x.example/a.csv"
AUTHORITY = "http://publications.europa.eu/resource/authority/"
OF_DATASET: Mapping[str, Object] = {
    "dct:title": text("a"), "dct:description": text("b"), "dcat:keyword": text("k"), "dcat:theme": iri(AUTHORITY + "data-theme/TRAN"), "dct:spatial": PLACE,
    "dct:temporal": text("2020"), "dct:accessRights": iri(AUTHORITY + "access-right/PUBLIC"), "dcat:contactPoint": Node("", ("vcard:Kind",), properties(("vcard:fn", text("c")))),
    "dct:publisher": Node("", ("foaf:Agent",), properties(("foaf:name", text("p")))), "dct:issued": text("2020-01-01"), "dct:modified": text("2020-01-01"),
    "dcat:distribution": Iri("https://x.example/d"),
}  # fmt: skip
OF_FILE: Mapping[str, Object] = {
    "dcat:accessURL": iri("https://x.example/a"),
    "dcat:downloadURL": iri(FILE),
    "dct:format": iri(AUTHORITY + "file-type/CSV"),
    "dcat:mediaType": iri("http://www.iana.org/assignments/media-types/text/csv"),
    "dct:license": iri(AUTHORITY + "licence/ETALAB_2_0"),
    "dct:rights": iri("https://x.example/r"),
    "dcat:byteSize": text("12"),
}
ANSWERS = {FILE: True, "https://x.example/a": True}


def mqa_of(
    dataset: Mapping[str, Object | None],
    file: Mapping[str, Object | None],
    answers: Mapping[str, bool] = ANSWERS,
) -> Mqa:
    nodes = (
        Node(DATASET, ("dcat:Dataset",), properties(*dataset.items())),
        Node("https://x.example/d", ("dcat:Distribution",), properties(*file.items())),
    )
    return mqa.of_dataset(nodes, DATASET, answers)


def test_a_perfect_dataset_has_405() -> None:
    told = mqa_of(OF_DATASET, OF_FILE)
    assert (told.low, told.high, told.fixes, told.unchecked) == (405, 405, (), ())


ODD = iri("https://x.example/odd")


@pytest.mark.parametrize(
    ("missed", "dataset", "file"),
    [
        ("keyword", {"dcat:keyword": None}, {}),
        ("theme", {"dcat:theme": None}, {}),
        ("spatial", {"dct:spatial": None}, {}),
        ("temporal", {"dct:temporal": None}, {}),
        ("access_url_answers", {}, {"dcat:accessURL": ODD}),
        ("download_url download_url_answers", {}, {"dcat:downloadURL": None}),
        ("download_url_answers", {}, {"dcat:downloadURL": ODD}),
        ("format vocabulary non_proprietary machine_readable", {}, {"dct:format": None}),
        ("vocabulary non_proprietary machine_readable", {}, {"dct:format": ODD}),
        ("media_type vocabulary", {}, {"dcat:mediaType": None}),
        ("vocabulary", {}, {"dcat:mediaType": ODD}),
        ("non_proprietary", {}, {"dct:format": iri(AUTHORITY + "file-type/XLSX")}),
        ("machine_readable", {}, {"dct:format": iri(AUTHORITY + "file-type/PDF")}),
        ("dcat_ap", {"dct:title": None}, {}),
        ("dcat_ap access_url_answers", {}, {"dcat:accessURL": text("https://x.example/a")}),
        ("dcat_ap publisher", {"dct:publisher": None, "dct:description": None}, {}),
        ("license license_vocabulary", {}, {"dct:license": None}),
        ("license_vocabulary", {}, {"dct:license": ODD}),
        ("access_rights access_rights_vocabulary", {"dct:accessRights": None}, {}),
        ("access_rights_vocabulary", {"dct:accessRights": ODD}, {}),
        ("contact_point", {"dcat:contactPoint": None}, {}),
        ("publisher", {"dct:publisher": None}, {}),
        ("rights", {}, {"dct:rights": None}),
        ("byte_size", {}, {"dcat:byteSize": None}),
        ("issued", {"dct:issued": None}, {}),
        ("modified", {"dct:modified": None}, {}),
    ],
)
def test_each_indicator_alone(
    missed: str, dataset: Mapping[str, Object | None], file: Mapping[str, Object | None]
) -> None:
    told = mqa_of({**OF_DATASET, **dataset}, {**OF_FILE, **file}, {**ANSWERS, ODD.value: False})
    assert {s.indicator.name for s in told.fixes} == set(missed.split())
    assert told.low == pytest.approx(405 - sum(s.gain for s in told.fixes))
    assert [s.gain for s in told.fixes] == sorted((s.gain for s in told.fixes), reverse=True)


def test_links_are_never_assumed() -> None:
    told = mqa_of(OF_DATASET, OF_FILE, {})
    assert (told.low, told.high, told.fixes) == (325, 405, ())
    assert [s.indicator.name for s in told.unchecked] == ["access_url_answers", "download_url_answers"]


def test_of_one_dataset_the_best_file_counts_and_of_a_catalogue_all() -> None:
    one = entry(Dataset("a", "A", "Une description.", "mobilite", themes=("TRAN",), keywords=("k",)))
    graph, name = dcat.one(CITY, one), dcat.dataset_iri(CITY.links, "a")
    best, all_ = mqa.of_dataset(graph, name, {}), mqa.of_catalogue([mqa.tallies(graph, name, {})])
    assert best.dimension("interoperability") == 110
    assert all_.dimension("interoperability") == pytest.approx(110 - 20 / 5 - 10 / 5 - 10 * 2 / 10 - 20 / 5)
    assert len(mqa.addresses(graph, name)) == 6, "the page once, and five files"
