"""DCAT-AP by extension and by negotiation: the same graph in each writing, and the portal's pages left alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import rdflib
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, RDF
from starlette.testclient import TestClient

from parvis import api
from parvis.store import datasets
from parvis.web.app import create_app
from tests.cities.webcity import build

# rdflib's own JSON-LD and XML parsers still use its old class.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

PARSERS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml"}


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Pages and dialects together, as `parvis serve` joins them."""
    city = build(tmp_path_factory.mktemp("city"), base_url="https://donnees.montclair.example")
    app = create_app(city)
    api.install(app, city)
    with TestClient(app) as client:
        yield client


def graph(text: str, form: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=text, format=form)


@pytest.mark.parametrize("path", ["/catalogue", "/jeux/stations-velos"])
def test_three_writings_of_one_graph(portal: TestClient, path: str) -> None:
    """Turtle, JSON-LD and RDF/XML by extension say the same; each is what its Accept header gives at the
    address itself.
    """
    found = {}
    for extension, form in PARSERS.items():
        answer = portal.get(f"{path}.{extension}")
        assert answer.status_code == 200
        media = answer.headers["content-type"]
        found[extension] = graph(answer.text, form)
        negotiated = portal.get(path, headers={"accept": media.partition(";")[0]})
        assert (negotiated.status_code, "Accept," in negotiated.headers["vary"]) == (200, True)
        assert isomorphic(graph(negotiated.text, form), found[extension])
        assert (
            portal.get(f"{path}.{extension}", headers={"if-none-match": answer.headers["etag"]}).status_code
            == 304
        )
    assert isomorphic(found["ttl"], found["jsonld"])
    assert isomorphic(found["ttl"], found["rdf"])


def test_the_catalogue_has_every_public_dataset_and_no_other(portal: TestClient) -> None:
    whole = graph(portal.get("/catalogue.ttl").text, "turtle")
    ids = {str(d).rpartition("/")[2].removesuffix("#jeu") for d in whole.subjects(RDF.type, DCAT.Dataset)}
    assert {"stations-velos", "quartiers", "budget-primitif"} <= ids
    assert "agents" not in ids, "held"
    paged = [
        graph(portal.get("/catalogue.ttl", params={"page": p, "page_size": 4}).text, "turtle") for p in (1, 2)
    ]
    assert [len(set(g.subjects(RDF.type, DCAT.Dataset))) for g in paged] == [4, 4]


def test_people_get_pages(portal: TestClient) -> None:
    """A browser that accepts HTML, a program that accepts anything or JSON, and the JSON twin are answered as
    before.
    """
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    for accept in (browser, "*/*", "application/json"):
        assert (
            portal.get("/jeux/quartiers", headers={"accept": accept})
            .headers["content-type"]
            .startswith("text/html")
        )
    assert portal.get("/jeux/quartiers.json").json()["id"] == "quartiers"
    assert (
        portal.get("/catalogue", headers={"accept": browser}, follow_redirects=False).headers["location"]
        == "/jeux"
    )


NEGOTIATED = (
    # Accept | /catalogue | the dataset
    ("text/turtle, text/html;q=0.1", "text/turtle", "text/turtle"),
    (
        "application/rdf+xml,text/rdf+n3;q=0.9,application/xhtml+xml;q=0.5,*/*;q=0.1",
        "application/rdf+xml",
        "application/rdf+xml",
    ),  # rdflib
    ("text/html;q=0, text/turtle", "text/turtle", "text/turtle"),
    ("text/turtle, text/html", "", "text/html"),
    (
        'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"',
        "application/ld+json",
        "application/ld+json",
    ),
    ("text/turtle;q=0, */*", "application/ld+json", "text/html"),
    ("application/xhtml+xml", "", "text/html"),
)


@pytest.mark.parametrize(("accept", "catalogue", "dataset"), NEGOTIATED)
def test_weights_decide_between_rdf_and_a_page(
    portal: TestClient, accept: str, catalogue: str, dataset: str
) -> None:
    """catalogue: "" for the way to the search."""
    answer = portal.get("/catalogue", headers={"accept": accept}, follow_redirects=False)
    assert (
        answer.headers["content-type"].partition(";")[0]
        if answer.status_code == 200
        else answer.headers["location"]
    ) == (catalogue or "/jeux")
    page = portal.get("/jeux/quartiers", headers={"accept": accept})
    assert (page.headers["content-type"].startswith(dataset), page.headers["vary"].startswith("Accept,")) == (
        True,
        True,
    )


def test_what_is_not_there(portal: TestClient) -> None:
    """404 for an unknown format, an unknown and a held dataset; 406 for a type that we do not write; 400 for
    a page that is no number.
    """
    for path in ("/catalogue.exe", "/jeux/rien.ttl", "/jeux/agents.ttl"):
        assert portal.get(path).status_code == 404
    assert portal.get("/catalogue", headers={"accept": "image/png"}).status_code == 406
    assert portal.get("/catalogue.ttl", params={"page": "deux"}).status_code == 400


def test_a_harvester_that_counts_pages_comes_to_an_end(portal: TestClient) -> None:
    """A page without a size has one; the page after the last is not there, so that counting upwards ends; no
    slash is answered by a redirection.
    """
    alone = portal.get("/catalogue.ttl", params={"page": 1})
    assert "hydra:PartialCollectionView" in alone.text
    assert [
        portal.get("/catalogue.ttl", params=p).status_code for p in ({"page": 2}, {"page": 9, "page_size": 4})
    ] == [404, 404]
    for path in ("/catalogue", "/catalogue.rdf"):
        slashed = portal.get(f"{path}/", follow_redirects=False)
        assert (slashed.status_code, slashed.content) == (200, portal.get(path).content)
    assert portal.get("/jeux/stations-velos.xml").content == portal.get("/jeux/stations-velos.rdf").content


@pytest.mark.parametrize("path", ["/catalogue", "/catalogue.ttl", "/jeux/stations-velos.jsonld"])
def test_a_page_of_another_origin_may_ask_with_an_etag(portal: TestClient, path: str) -> None:
    """If-None-Match is no simple header: the browser asks first whether it may be sent."""
    asked = {
        "Origin": "https://ailleurs.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match",
    }
    answer = portal.options(path, headers=asked)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, "*")
    assert "if-none-match" in answer.headers["access-control-allow-headers"].lower()


def test_a_withdrawn_dataset_is_gone_at_every_address(tmp_path: Path) -> None:
    city = build(tmp_path)
    with city.db.begin() as conn:
        known = datasets.dataset(conn, "prenoms")
        assert known is not None
        datasets.save_dataset(conn, replace(known, state="withdrawn"))
    app = create_app(city)
    api.install(app, city)
    with TestClient(app) as client:
        assert [
            client.get(f"/jeux/prenoms{e}", headers={"accept": "text/turtle"}).status_code
            for e in (".ttl", "")
        ] == [410, 410]
        assert [
            client.get(f"/jeux/prenoms{e}").status_code for e in ("/datapackage.json", ".atom", "", ".json")
        ] == [410] * 4
        assert "prenoms" not in client.get("/catalogue.ttl").text
    city.engine.connection.close()
    city.db.close()
