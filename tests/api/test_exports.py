"""Exports by the API: grouped and empty questions in every format, systems of coordinates, facets of numbers,
what depends on the hour, errors that are told.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from parvis import api, exports
from parvis.query.question import Ask
from parvis.query.statement import steady
from parvis.web.app import create_app
from tests.cities import webcity
from tests.exports.test_matrix import READERS

HERE = "/api/explore/v2.1/catalog/datasets/stations-velos"


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    city = webcity.build(tmp_path_factory.mktemp("city") / "city", base_url="http://testserver")
    app = create_app(city)
    api.install(app, city)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client
    city.engine.connection.close()
    city.db.close()


ASKED = {
    "group_by=etat&select=count(*) as n": 2, "group_by=etat&select=sum(capacite)": 2, "select=count(*)": 1, "where=code%3D\"zzz\"": 0, "select=nom&limit=3": 3,
    "limit=0": 0, "group_by=year(ouverture)": 6, "select=nom,capacite&where=code%3D\"zzz\"": 0,
}  # fmt: skip


@pytest.mark.parametrize("form", exports.exporters())
def test_what_is_asked_opens_in_every_format(portal: TestClient, form: str, tmp_path: Path) -> None:
    """Without its geometry a table is written by the formats of maps too: FlatGeobuf answered 500, a
    Shapefile was cut.
    """
    for i, (question, rows) in enumerate(ASKED.items()):
        answer = portal.get(f"{HERE}/exports/{form}?{question}")
        assert answer.status_code == 200, (question, answer.text[:300])
        folder = tmp_path / str(i)
        folder.mkdir()
        _, count = READERS[form](answer.content, folder)
        assert count == (0 if form == "gpx" else rows), question


def test_epsg_is_heard_or_refused(portal: TestClient) -> None:
    """It was ignored: coordinates came in another system than was asked, without a word."""
    assert portal.get(f"{HERE}/exports/fgb?epsg=2154").content != portal.get(f"{HERE}/exports/fgb").content
    assert portal.get(f"{HERE}/exports/geojson?epsg=4326").status_code == 200
    for form, code in (
        ("geojson", "2154"),
        ("csv", "3857"),
        ("kml", "2154"),
        ("shp", "99999"),
        ("shp", "lambert"),
        ("shp", "5773"),
    ):
        answer = portal.get(f"{HERE}/exports/{form}?epsg={code}")
        assert answer.status_code == 400, (form, code)
        assert "epsg" in answer.json()["message"]


def test_facets_of_numbers_are_counted_or_refused(portal: TestClient) -> None:
    for facet in ("capacite", 'facet(name="capacite",hierarchical=false)', "ouverture", "etat"):
        assert portal.get(f"{HERE}/facets?facet={quote(facet)}").status_code == 200
    for facet in (
        'facet(name="capacite",hierarchical=true)',
        'facet(name="ouverture",hierarchical=true,separator="-")',
        "latitude",
        "\x07",
    ):
        assert portal.get(f"{HERE}/facets?facet={quote(facet)}").status_code == 400, facet


@pytest.mark.parametrize("name", ["a\x07b", "a\tb", "a\x1b[31m", "\x7f", "é\u2028", "a\r\nX-Bad: 1"])
def test_a_name_of_a_parameter_is_no_header(portal: TestClient, name: str) -> None:
    answer = portal.get(f"{HERE}/records?{quote(name)}=1")
    assert answer.status_code == 200
    assert all(" " <= c <= "~" for c in answer.headers["x-parvis-ignored-parameters"])


@pytest.mark.parametrize(
    "question",
    [
        "where=ouverture<now()",
        "where=ouverture<%6eow()",
        "where=ouverture<%4e%4fW()",
        "where=not(ouverture>=now(days%3D-1))",
        "select=nom&where=capacite>3+and+ouverture<NOW()",
    ],
)
def test_what_depends_on_the_hour_is_not_remembered(portal: TestClient, question: str) -> None:
    """Written otherwise in the address, `now()` was kept and went stale."""
    answer = portal.get(f"{HERE}/records?{question}")
    assert (answer.status_code, answer.headers["cache-control"], answer.headers.get("etag")) == (
        200,
        "no-store",
        None,
    )


@pytest.mark.parametrize(
    "ask",
    [
        Ask(where=('nom="now()"',)),
        Ask(select="capacite as snow"),
        Ask(where=('nom like "know"',)),
        Ask(order_by="nom"),
    ],
)
def test_a_word_is_no_hour(ask: Ask) -> None:
    """Texts and names that hold the letters are as steady as others."""
    assert steady(ask)


def test_an_error_before_the_first_byte_has_its_status(portal: TestClient) -> None:
    """Whatever the format, and told as the value that it is, not as a fault of the portal."""
    for form in set(exports.exporters()) - {"gpx"}:  # which has nothing to say of a table without places
        answer = portal.get(f"{HERE}/exports/{form}?select={quote('capacite*9223372036854775807 as v')}")
        assert answer.status_code == 400, form
