"""Every address of a city whose names, titles, headers, values and reasons are hostile, asked by a visitor
and by each role: texts, never elements, lines or faults.

The same pages in the real browser: tests/browser/test_hostile_names.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from icalendar import Calendar
from lxml import etree, html  # pyright: ignore[reportAttributeAccessIssue]
from rdflib import Dataset, Graph
from starlette.testclient import TestClient

from parvis import api
from parvis.publication.city import City
from parvis.store import deposits
from parvis.web.app import create_app
from parvis.web.views import following
from tests.cities import hostilecity, sharecity, webcity

pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated.*:DeprecationWarning")

ROLES = ("", "hdpo", "hpublisher", "hadmin")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[City, Mapping[str, str]]:
    folder = tmp_path_factory.mktemp("hostile")
    found = hostilecity.build(folder / "city")
    return webcity.open_again(folder / "city", base_url="http://testserver"), found


@pytest.fixture(scope="module")
def portal(made: tuple[City, Mapping[str, str]]) -> FastAPI:
    app = create_app(made[0])
    api.install(app, made[0])
    return app


def filled(path: str, city: City, found: Mapping[str, str]) -> Iterator[str]:
    """The addresses of a route in this city."""
    with city.db.read() as conn:
        handed = [d.id for d in deposits.list(conn, limit=50)]
    datasets = ("hostile", "classeur", "archive", "ecrit", "agents")
    known: dict[str, tuple[str, ...]] = {
        "/jeux/{id}": datasets,
        "/qualite/{id}": ("hostile", "ecrit"),
        "/terrain/{id}": ("hostile",),
        "/organisations/{id}": ("hostile",),
        "/services/{name}": ("velos",),
        "/depots/{id}": tuple(handed),
        "/partages/{id}": (found["share"],),
        "/groupes/{id}": ("hostile",),
        "/comptes/{id}": ("hpublisher", "hadmin"),
        "/registre/{id}": (found["record"],),
        "/violations/{id}": (found["breach"],),
        "/retraits/{id}": (found["takedown"],),
        "/alertes/message/{id}": (found["step"],),
        "/alertes/cap/{id}": (found["step"],),
        "/controles/{code}": ("siret",),
        "/schemas/{name:path}": ("budget",),
    }
    bare = path.removeprefix("/en")
    if bare.startswith("/api/"):  # PROGRAMS names them
        return
    for start, values in known.items():
        if bare.startswith(start):
            for value in values:
                rest = bare.removeprefix(start).replace("{format}", "csv").replace("{form}", "csv")
                if "{" not in rest:
                    yield path[: len(path) - len(bare)] + start.partition("{")[0] + quote(value) + rest
            return
    if "{" not in bare:
        yield path


SAID = quote(hostilecity.written("question"))
ASKED = (
    f"/jeux?q={SAID}", f"/jeux?theme={SAID}", f"/jeux?tri={SAID}", f"/jeux/ecrit?mots={SAID}", f"/jeux/ecrit?f={SAID}", f"/jeux/ecrit?col={SAID}&op=over&val={SAID}",
    f"/jeux/ecrit?tri={SAID}", f"/jeux/ecrit?x={SAID}&y={SAID}", f"/jeux/{SAID}", f"/organisations/{SAID}", f"/services/{SAID}", f"/services/velos?depart={SAID}",
    f"/services/velos?mots={SAID}", f"/verifier?schema={SAID}", f"/qualite?tri={SAID}", f"/controles/{SAID}", f"/schemas/{SAID}", f"/connexion?suite={SAID}", f"/{SAID}",
    f"/retirer?sujet={SAID}", f"/depots/{SAID}", f"/alertes?sujet={SAID}", f"/jeux/ecrit.json?f={SAID}", f"/en/jeux?q={SAID}", f"/jeux/ecrit?{SAID}={SAID}",
)  # fmt: skip
"""What somebody may ask of the pages."""

EXPLORE = "/api/explore/v2.1/catalog"
PROGRAMS = (
    "/catalogue.ttl", "/catalogue.rdf", "/catalogue.jsonld", "/catalogue.xml", "/jeux/ecrit.ttl", "/jeux/ecrit.rdf", "/jeux/ecrit.jsonld", f"{EXPLORE}/datasets",
    f"{EXPLORE}/datasets/ecrit", f"{EXPLORE}/datasets/ecrit/records", f"{EXPLORE}/datasets/hostile/records", f"{EXPLORE}/facets", f"{EXPLORE}/datasets/ecrit/facets",
    f"{EXPLORE}/datasets?where={SAID}", f"{EXPLORE}/datasets/ecrit/records?where={SAID}", f"{EXPLORE}/datasets/ecrit/records?select={SAID}",
    f"{EXPLORE}/datasets/ecrit/records?group_by={SAID}", f"{EXPLORE}/datasets/ecrit/records?order_by={SAID}", f"{EXPLORE}/datasets/ecrit/records?refine={SAID}",
    f"{EXPLORE}/datasets/ecrit/records?{SAID}={SAID}", f"{EXPLORE}/datasets/{SAID}", f"{EXPLORE}/datasets/ecrit/records?lang={SAID}&timezone={SAID}",
    f"{EXPLORE}/datasets/ecrit/exports/{SAID}", f"{EXPLORE}/exports/csv", f"{EXPLORE}/exports/rdf", f"{EXPLORE}/exports/ttl", f"{EXPLORE}/exports/json",
    *(f"{EXPLORE}/datasets/{name}/exports/{form}" for name in ("ecrit", "hostile", "classeur") for form in ("csv", "json", "jsonl", "geojson", "xlsx", "parquet", "kml", "gpx", "shp", "fgb")),
    f"{EXPLORE}/datasets/ecrit/exports/csv?delimiter={SAID}", f"{EXPLORE}/datasets/ecrit/exports/csv?list_separator={SAID}", "/jeux/ecrit/datapackage.json",
    "/jeux/hostile/datapackage.json", "/jeux/ecrit.atom", "/qualite/regressions.atom", "/alertes.atom", "/api/openapi.json",
)  # fmt: skip
"""What programs ask."""


def faults(path: str, answer: Any) -> list[str]:
    """What is wrong with an answer."""
    if answer.status_code >= 500:
        return [f"{path}: {answer.status_code}"]
    if any(
        name.lower() == "x-parvis" or re.search("[^\t -~\xa0-\xff]", value)
        for name, value in answer.headers.items()
    ):
        return [f"{path}: a header of theirs"]
    try:
        return [
            f"{path}: {wrong}"
            for wrong in read(answer.headers.get("content-type", "").partition(";")[0], answer.content)
        ]
    except (etree.XMLSyntaxError, ValueError, SyntaxError) as unreadable:
        return [f"{path}: {unreadable!r:.200}"]


def read(kind: str, body: bytes) -> list[str]:
    """What is wrong with a body, read as what it says that it is; raises what its reader raises."""
    if not body:
        return []
    if kind == "text/html":
        return elements(html.fromstring(body))
    if kind.endswith(("/json", "+json")):
        json.loads(body)
        if kind == "application/ld+json":
            Dataset().parse(data=body, format="json-ld")
    if kind.endswith(("/xml", "+xml")):
        if kind == "application/rdf+xml":
            Graph().parse(data=body, format="xml")
        return elements(etree.fromstring(body))
    if kind == "text/turtle":
        Graph().parse(data=body, format="turtle")
    if kind == "text/calendar":
        Calendar.from_ical(body)
        return ["a line of theirs"] if re.search(rb"(?m)^X-Parvis", body) else []
    return []


def elements(root: Any) -> list[str]:
    """Elements, handlers and addresses that nobody of ours wrote."""
    wrong: list[str] = []
    for one in root.iter():
        if not isinstance(one.tag, str):
            continue
        if etree.QName(one).localname == hostilecity.ELEMENT:
            wrong.append(f"an element of theirs in {[a.tag for a in one.iterancestors()][:4]}")
        for name, value in one.attrib.items():
            if (
                re.fullmatch("on[a-z]+", name)
                or re.match(r"\s*javascript:", value)
                or (name == "src" and value == "x")
            ):
                wrong.append(f"{one.tag} {name}={value[:40]!r}")
    return wrong


@pytest.mark.parametrize("role", ROLES)
def test_every_address_shows_texts(
    made: tuple[City, Mapping[str, str]], portal: FastAPI, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        following, "LONGEST_S", 0.0
    )  # a deposit that nobody reads here would be followed a minute
    city, found = made
    paths = sorted(
        {
            p
            for route in portal.routes
            if "GET" in (getattr(route, "methods", None) or ())
            for p in filled(getattr(route, "path", ""), city, found)
        }
    )
    paths = [p for p in paths if not p.startswith("/en") or not p.endswith(".json")]
    if role:  # what is public is the same for everybody, but for the names in the page's head
        paths = [
            p
            for p in paths
            if re.match(
                r"(/en)?/(depots|terrain|decisions|partages|groupes|comptes|mon-compte|registre|violations|retraits|retirer|alertes/a)",
                p,
            )
            or p.endswith(
                (
                    "/recette",
                    "/anonymisation",
                    "/description",
                    "/colonnes",
                    "/decision",
                    "/jeux/ecrit",
                    "/qualite",
                )
            )
        ]
    with TestClient(portal, follow_redirects=False, raise_server_exceptions=False) as client:
        if role:
            sharecity.sign_in(city, client, role)
        wrong: list[str] = []
        shown = 0
        for path in (*paths, *(() if role else (*ASKED, *PROGRAMS))):
            answer = client.get(path)
            wrong += faults(path, answer)
            shown += hostilecity.ELEMENT in answer.text if answer.status_code == 200 else 0
    assert wrong == [], "\n".join(wrong)
    assert shown >= 20, "the walk does not see what is hostile"
