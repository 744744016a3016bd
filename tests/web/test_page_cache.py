"""A page that anybody may see is made once, until something that it depends on changes; nobody gets what was made
for somebody, and nothing outlives a takedown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from parvis.people import csrf
from parvis.publication.city import City
from parvis.store import journal
from parvis.web.app import create_app
from parvis.web.page import FORM_COOKIE, Page, Visit
from parvis.web.pages import PAGES
from tests.cities import webcity


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = webcity.build(tmp_path, base_url="http://testserver")
    yield made
    made.engine.connection.close()
    made.db.close()


@dataclass
class Counter:
    """A page that tells how often it was made."""

    times: int = 0

    def __call__(self, visit: Visit) -> dict[str, int]:
        self.times += 1
        return {"fois": self.times}


def asked(client: TestClient, path: str = "/compte.json") -> int:
    answer = client.get(path)
    assert answer.status_code == 200
    return int(answer.json()["fois"])


def test_a_page_is_made_once_until_the_journal_moves(city: City) -> None:
    """For whoever comes, each address and language by itself."""
    app = create_app(city, pages=(Page("/compte", Counter(), "home.html"),))
    with TestClient(app) as one, TestClient(app) as other:
        assert [asked(one), asked(other), asked(one)] == [1, 1, 1]
        assert [asked(one, "/en/compte.json"), asked(one, "/compte.json?x=1"), asked(one)] == [2, 3, 1]
        with city.db.begin() as conn:
            journal.append(
                conn, at=city.now(), actor="system", verb="published", subject="dataset:stations-velos"
            )
        assert [asked(other), asked(one)] == [4, 4]
        app.state.site.pages.drop()
        assert asked(one) == 5


def test_what_is_made_for_somebody_is_not_kept(city: City) -> None:
    """Nor what is not steady, nor an answer to what says something of the visitor, nor a bound form."""
    pages = (
        Page("/mobile", Counter(), "home.html", steady=False),
        Page("/intime", Counter(), "home.html", personal=("q",)),
        Page("/compte", Counter(), "home.html"),
    )
    app = create_app(city, pages=pages)
    with TestClient(app) as client:
        assert [asked(client, "/mobile.json") for _ in range(2)] == [1, 2]
        assert [asked(client, "/intime.json?q=moi") for _ in range(2)] == [1, 2]
        assert [asked(client) for _ in range(2)] == [1, 1]
        bound = csrf.pre_session(app.state.site.secret, now=city.now())
        client.cookies.set(FORM_COOKIE, bound)
        assert [asked(client) for _ in range(2)] == [2, 3]


def test_what_its_address_opens_is_kept_nowhere_and_told_to_nobody(city: City) -> None:
    """A draft, a subscription: neither a cache nor another site nor a search engine holds a link that is the right."""
    app = create_app(city, pages=(Page("/lien/{token}", Counter(), "home.html"),))
    with TestClient(app) as client:
        for _ in range(2):
            answer = client.get("/lien/abc.json", headers={"Origin": "https://ailleurs.example"})
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert answer.headers["x-robots-tag"] == "noindex"
            assert "access-control-allow-origin" not in answer.headers
        assert answer.json() == {"fois": 2}
        assert {page.path for page in PAGES if page.by_link} >= {
            "/alertes/confirmer/{token}",
            "/apercu/{token}",
        }
