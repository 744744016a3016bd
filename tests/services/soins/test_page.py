"""The vaccination calendar's page as the server gives it: the table by age without JavaScript, what it says
of itself, and nothing to send anything to.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from parvis.cli.init import create
from parvis.core import settings
from parvis.publication.city import open_city
from parvis.services.soins import calendar
from parvis.web.app import create_app
from tests.cities.livecity import Clock


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("vaccins") / "city"
    create(folder, "Ville")
    city = open_city(settings.load(folder, {}), clock=Clock(datetime(2026, 11, 26, 9, tzinfo=UTC)))
    yield TestClient(create_app(city))
    city.db.close()


class Fields(HTMLParser):
    """Forms, and fields that a form could send."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[str] = []
        self.named: list[str] = []
        self.fields: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = dict(attrs)
        if tag == "form":
            self.forms.append(at.get("action") or "")
        if tag in ("input", "select", "textarea"):
            self.fields.append(at.get("id") or "")
            if at.get("name"):
                self.named.append(at["name"] or "")


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def test_without_javascript_the_calendar_is_a_table_by_age(site: TestClient) -> None:
    """Every rule that holds on the day is a line or more, from birth on, with its source and what is still to
    be checked.
    """
    said = site.get("/services/soins/vaccins.json").json()
    page = main_of(site.get("/services/soins/vaccins").text)
    names = [line["name"] for line in said["lines"]]
    held = {
        s["name"][0] for s in calendar.data()["series"] if not s.get("until") or s["until"] >= "2026-11-26"
    }  # type: ignore[union-attr, index, call-overload]
    assert set(names) == held
    assert [line["age"] for line in said["lines"]][:2] == ["naissance", "2 mois"]
    assert [line["age"] for line in said["lines"] if line["name"] == "Hexavalent"] == [
        "2 mois",
        "4 mois",
        "11 mois",
    ]
    assert page.count("<tr>") == len(names) + 1
    assert page.count("(à vérifier)") == sum(not line["checked"] for line in said["lines"])
    assert "Rattrapage" in page or "rattrapage" in page


def test_it_says_that_nobody_has_reviewed_it_and_that_it_is_old(site: TestClient) -> None:
    page = site.get("/services/soins/vaccins").text
    assert "Aucun professionnel de santé n’a encore relu ce calendrier" in page
    assert "une édition plus récente existe sans doute" in page
    assert "Ce n’est ni une ordonnance ni un diagnostic" in page
    english = site.get("/en/services/soins/vaccins").text
    assert "No health professional has read this calendar yet" in english
    assert re.search(r"<th scope=\"row\">2 months</th>", english)


def test_there_is_nothing_to_send_a_birth_date_to(site: TestClient) -> None:
    """In the page's own part: no form, no field with a name; and the browser is told to open no connection."""
    page = site.get("/services/soins/vaccins").text
    fields = Fields()
    fields.feed(main_of(page))
    assert fields.forms == []
    assert fields.named == []
    assert {"naissance", "prenom", "terme", "risque", "phrase"} <= set(fields.fields)
    assert "connect-src 'none'" in page
    assert '<meta name="referrer" content="no-referrer">' in page


def test_no_script_of_the_page_can_send() -> None:
    """None of its four modules names a way out: the spy of the browser test looks at what is done, this at
    what is written.
    """
    from parvis.web.assets import FOLDER

    for name in ("vaccins.js", "vaccins-page.js", "coffre.js", "agenda.js"):
        code = (FOLDER / name).read_text(encoding="utf-8")
        assert not re.search(
            r"\bfetch\(|XMLHttpRequest|sendBeacon|WebSocket|EventSource|\.src\s*=|location\s*=|\.submit\(|document\.cookie",
            code,
        ), name


def test_the_rules_travel_with_the_page(site: TestClient) -> None:
    """What the script reads is the data file, whole; a name with a bracket in it could not end the block."""
    page = site.get("/services/soins/vaccins").text
    found = re.search(r'<script type="application/json" id="regles">(.*?)</script>', page, re.DOTALL)
    assert found
    assert json.loads(found[1]) == calendar.data()
    assert "<" not in found[1]
