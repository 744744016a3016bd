"""One filter everywhere: what filters a dataset's table filters its chart, its map, its downloads and the call that
its page writes for programs; what cannot be said to the API is said not to filter them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from parvis import api
from parvis.core.types import Column, Schema
from parvis.web.app import create_app
from parvis.web.filter_words import where
from parvis.web.table import Asked
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


@pytest.mark.parametrize("words", ["gare", "GARE", "chateau", "ouverte gare", "égl"])
def test_words_are_sought_everywhere_alike(site: TestClient, words: str) -> None:
    """Words of letters have their words in the API: every text of the row, whatever the case and the accents."""
    answer = site.get(f"{PAGE}.json", params={"mots": words, "y": "", "calcul": "count", "x": "etat"}).json()
    said = answer["resource"]
    assert said["filtered"]
    assert said["table"]["total"] < said["table"]["of"]
    api_answer = site.get(RECORDS, params={"where": said["where"], "limit": 1}).json()
    assert api_answer["total_count"] == said["table"]["total"]


def test_words_are_not_sought_in_the_names_of_coordinates(site: TestClient) -> None:
    """A place is stored as two numbers with their names: « lat » is in no cell that people see."""
    assert site.get(f"{PAGE}.json", params={"mots": "lon"}).json()["resource"]["table"]["total"] < 10


def test_every_format_is_a_button_and_each_answers(site: TestClient) -> None:
    """What the API writes and the page offers are the same, filtered alike."""
    resource = site.get(f"{PAGE}.json", params={"f": "over:capacite:20"}).json()["resource"]
    offered = {d["format"] for d in resource["downloads"]}
    api_formats = site.get(RECORDS.replace("/records", "/exports")).json()["links"]
    assert offered == {one["rel"] for one in api_formats}
    page = unescape(site.get(PAGE).text)
    for one in resource["downloads"]:
        assert f">{one['label']}<" in page
        url = urlsplit(one["url"])
        assert "where=" in url.query
        assert site.head(f"{url.path}?{url.query}").status_code == 200, one["format"]


def test_what_a_frame_shows_is_filtered_like_the_page(site: TestClient) -> None:
    """Rows, chart and map of the frames, at the addresses that the page writes."""
    asked = {"f": "over:capacite:20", "y": "", "calcul": "count", "x": "etat", "type": "bar"}
    page = unescape(unescape(site.get(PAGE, params=asked).text))
    total = site.get(f"{PAGE}.json", params=asked).json()["resource"]["table"]["total"]
    frames = re.findall(r'<iframe src="([^"]+)" title="[^"]+" width="100%" height="(\d+)"', page)
    assert [urlsplit(src).path.rsplit("/", 1)[1] for src, _ in frames] == ["table", "graphique", "carte"]
    counts: list[int] = []
    for src, height in frames:
        assert int(height) > 300
        url = urlsplit(src)
        answer = site.get(f"{url.path}?{url.query}")
        assert answer.status_code == 200
        assert "<script" not in answer.text
        assert "<form" not in answer.text
        twin = site.get(f"{url.path}.json?{url.query}").json()
        counts.append(
            twin["table"]["total"]
            if "table" in twin
            else twin["map"]["placed"]
            if "map" in twin
            else sum(b["y"] for b in twin["chart"]["bars"])
        )
    assert counts == [total] * 3


@pytest.mark.parametrize("path", ["table", "graphique", "carte", "rien"])
def test_only_frames_may_be_framed(site: TestClient, path: str) -> None:
    """Any site may frame them, an error about one too; nothing else of the portal; they leave no cookie."""
    framed = site.get(f"/integrer/stations-velos/{path}", headers={"accept": "text/html"})
    policy = framed.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "form-action 'none'" in policy
    assert "x-frame-options" not in framed.headers
    assert "set-cookie" not in framed.headers
    again = site.get(f"/integrer/stations-velos/{path}", headers={"if-none-match": framed.headers["etag"]})
    assert "x-frame-options" not in again.headers
    for other in (PAGE, "/integrer", "/connexion", "/jeux/integrer/table"):
        headers = site.get(other).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"], other
        assert headers["x-frame-options"] == "DENY"


def test_a_frame_speaks_the_language_that_its_address_says(site: TestClient) -> None:
    french, english = (
        site.get("/integrer/stations-velos/table", params={"lang": code, "f": "over:capacite:20"}).text
        for code in ("fr", "en")
    )
    assert '<html lang="fr"' in french
    assert "qui passent les filtres" in french
    assert '<html lang="en"' in english
    assert "qui passent les filtres" not in english
    page = unescape(unescape(site.get(f"/en{PAGE}", params={"f": "over:capacite:20"}).text))
    assert "/integrer/stations-velos/table?f=over%3Acapacite%3A20&lang=en" in page


def test_what_the_api_cannot_say_is_said(site: TestClient) -> None:
    """Digits are sought in numbers and days too, which the API has no words for."""
    said = site.get(f"{PAGE}.json", params={"mots": "2020"}).json()["resource"]
    assert not said["filtered"]
    assert said["where"] == ""
    assert "elle ne filtre pas les fichiers" in site.get(PAGE, params={"mots": "2020"}).text


def test_a_word_with_letters_and_digits_is_sought_in_texts_everywhere_alike() -> None:
    """No number and no day holds letters: such a word filters the files and the API too, and digits alone do where there
    are only texts. They did not.
    """
    name, places = Column("nom"), Column("capacite", "integer")
    asked = Asked("RN113", (), "", False, 1, 25, ())
    assert where(asked, Schema("rues", "1", (name, places))) == 'nom LIKE "%rn113%"'
    digits = replace(asked, words="113")
    assert where(digits, Schema("rues", "1", (name, places))) is None, "a number may hold it"
    assert where(digits, Schema("rues", "1", (name,))) == 'nom LIKE "%113%"'
    assert where(replace(asked, words="a%b"), Schema("rues", "1", (name,))) is None
