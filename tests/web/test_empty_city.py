"""A city with nothing in it yet: every page says so and leads to the first publication, for whoever stands
there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from parvis.core.types import Organisation
from parvis.people import accounts
from parvis.people.passwords import Passwords
from parvis.publication.city import City
from parvis.store import datasets
from parvis.web.app import create_app
from tests.cities import webcity


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = webcity.open_again(tmp_path, base_url="http://testserver")
    yield made
    made.engine.connection.close()
    made.db.close()


def test_the_home_leads_to_the_first_publication(city: City) -> None:
    """Without an account: how to make one. With one: sign in. Signed in without a role: ask for it. With one:
    hand in a file.
    """
    client = TestClient(create_app(city), follow_redirects=False)
    home = client.get("/")
    assert "parvis people add" in home.text
    assert 'href="/verifier"' in home.text
    assert 'name="q"' not in home.text, "nothing to search yet"
    assert client.get("/index.json").json()["accounts"] is False
    with city.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("mairie", "Mairie"))
        kept = Passwords().hash(webcity.PASSWORD)
        who = accounts.make(
            conn,
            email="agent@ville.example",
            name="Alex Rey",
            password_hash=kept,
            actor="system",
            at=webcity.NOW,
        )
    home = client.get("/")
    assert "parvis people add" not in home.text
    assert "Se connecter" in home.text
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get("/connexion").text)
    assert token is not None
    client.post(
        "/connexion",
        data={"csrf": token[1], "email": "agent@ville.example", "password": webcity.PASSWORD, "suite": "/"},
    )
    assert "pas encore de rôle" in client.get("/").text
    with city.db.begin() as conn:
        accounts.give_role(conn, who.id, "mairie", "publisher", actor="system", at=webcity.NOW)
    assert 'href="/depots/nouveau"' in client.get("/").text
    desk = client.get("/depots").text
    assert desk.count('href="/depots/nouveau"') == 1
    assert "L’essayer d’abord" in desk


def test_empty_lists_say_that_nothing_is_published_rather_than_that_nothing_matches(city: City) -> None:
    """A search, too, when it looks for nothing; what services lack is named, and its model is a page."""
    client = TestClient(create_app(city), follow_redirects=False)
    for path in ("/jeux", "/qualite"):
        page = client.get(path).text
        assert "Rien n’est encore publié" in page, path
        assert "Vérifiez l’orthographe" not in page
    assert "Vérifiez l’orthographe" in client.get("/jeux?q=velo").text
    lacking = [one for one in client.get("/services.json").json()["services"] if one["schemas"]]
    assert {"fontaines", "soins"} <= {one["name"] for one in lacking}
    services = client.get("/services").text
    for one in lacking:
        for name in one["schemas"]:
            assert f'href="/schemas/{name}"' in services
            assert client.get(f"/schemas/{name}").status_code == 200
