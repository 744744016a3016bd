"""One filter everywhere: what filters a dataset's table filters its chart, its map, its downloads and the call that
its page writes for programs; what cannot be said to the API is said not to filter them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from parvis import api
from parvis.web.app import create_app
from tests.cities import webcity

PAGE = "/jeux/stations-velos"
RECORDS = "/api/explore/v2.1/catalog/datasets/stations-velos/records"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    city = webcity.build(tmp_path_factory.mktemp("filters"))
    app = create_app(city)
    api.install(app, city)
    yield TestClient(app)
    city.db.close()


@pytest.mark.parametrize(
    "filters",
    [
        ("over:capacite:20",),
        ("under:capacite:20",),
        ("equals:etat:ouverte",),
        ("differs:etat:ouverte",),
        ("contains:nom:gare",),
        ("over:ouverture:2020-01-01",),
        ("under:ouverture:31/12/2019", "over:capacite:12"),
    ],
)
def test_the_same_rows_everywhere(site: TestClient, filters: tuple[str, ...]) -> None:
    """Table, chart, map, API and CSV count the same rows, each its own way."""
    said = site.get(
        f"{PAGE}.json", params={"f": list(filters), "y": "", "calcul": "count", "x": "etat"}
    ).json()["resource"]
    total = said["table"]["total"]
    assert 0 < total < said["table"]["of"], "the filter filters something"
    assert said["filtered"]
    assert sum(bar["y"] for bar in said["chart"]["bars"]) == total
    assert said["map"]["placed"] == total
    asked = site.get(RECORDS, params={"where": said["where"], "limit": 1}).json()
    assert asked["total_count"] == total
    url = urlsplit(next(d["url"] for d in said["downloads"] if d["format"] == "csv"))
    taken = site.get(f"{url.path}?{url.query}").text
    assert len(list(csv.reader(io.StringIO(taken), delimiter=";"))) - 1 == total
    assert parse_qs(url.query)["where"] == [said["where"]]


def test_the_page_writes_the_filter_into_its_examples(site: TestClient) -> None:
    """The call of the page, run as it stands, gives the filtered rows; the address of the view is there to copy."""
    page = unescape(site.get(PAGE, params={"f": "over:capacite:20"}).text)
    call = page.partition('curl "')[2].partition('"')[0]
    total = site.get(f"{PAGE}.json", params={"f": "over:capacite:20"}).json()["resource"]["table"]["total"]
    assert site.get(call.partition("http://localhost")[2] or call).json()["total_count"] == total
    assert "lignes filtrées" in page
    assert "f=over%3Acapacite%3A20" in page.partition("Adresse de cette vue")[0].rpartition("href=")[2]


def test_what_the_api_cannot_say_is_said(site: TestClient) -> None:
    said = site.get(f"{PAGE}.json", params={"mots": "gare"}).json()["resource"]
    assert not said["filtered"]
    assert said["where"] == ""
    assert "elle ne filtre pas les fichiers" in site.get(PAGE, params={"mots": "gare"}).text
