"""The desk as a whole: which of its rooms a person sees from each, and the list of what was handed in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from parvis.publication.city import City
from parvis.store import deposits
from parvis.web.app import create_app
from parvis.web.views.deposits import SIZE
from tests.cities import webcity


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = webcity.build(tmp_path, base_url="http://testserver")
    yield made
    made.engine.connection.close()
    made.db.close()


def signed_in(city: City, email: str) -> TestClient:
    client = TestClient(create_app(city), follow_redirects=False)
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get("/connexion").text)
    assert token is not None
    form = {"csrf": token[1], "email": email, "password": webcity.PASSWORD, "suite": "/depots"}
    assert client.post("/connexion", data=form).status_code == 303
    return client


def rooms(html: str) -> list[str]:
    found = re.search(r'<nav class="local" aria-label="Espace producteur">(.*?)</nav>', html, re.S)
    return [] if found is None else re.findall(r'href="([^"]+)"', found[1])


def test_each_room_of_the_desk_leads_to_those_that_the_person_may_enter(city: City) -> None:
    """Every link that is shown opens; what a role closes is not shown; public pages have none of it."""
    seen = {who: signed_in(city, f"{who}@montclair.example") for who in ("agent", "dpo", "delegue")}
    shown = {who: rooms(client.get("/depots").text) for who, client in seen.items()}
    assert "/violations" in shown["dpo"]
    assert "/violations" not in shown["agent"]
    assert {"/depots", "/retraits", "/terrain"} <= set(shown["agent"])
    for who, paths in shown.items():
        for path in paths:
            answer = seen[who].get(path)
            assert answer.status_code == 200, (who, path)
            assert rooms(answer.text) == paths
            assert f'href="{path}" aria-current="page"' in answer.text
    assert rooms(seen["dpo"].get("/jeux").text) == []


def test_what_waits_for_a_decision_comes_first_and_the_rest_by_pages(city: City) -> None:
    """An old held file leads the list, however many came since; every deposit is on one page, once; those of
    others are on none.
    """
    with city.db.begin() as conn:
        held = next(d for d in deposits.in_states(conn, ("held",)))
        for i in range(SIZE + 3):
            deposits.save(
                conn,
                replace(
                    held,
                    id=f"plus{i}",
                    received=f"{900 + i:064x}",
                    name=f"plus{i}.csv",
                    state="published",
                    at=held.at + timedelta(minutes=i + 1),
                ),
            )
    client = signed_in(city, "agent@montclair.example")
    first = client.get("/depots.json").json()
    pages = [client.get(f"/depots.json?page={n}").json()["deposits"] for n in range(1, first["pages"] + 1)]
    ids = [d["id"] for page in pages for d in page]
    assert first["deposits"][0]["state"] == "held"
    assert first["deposits"][first["waiting"]]["id"] == f"plus{SIZE + 2}"
    assert len(first["deposits"]) == SIZE
    assert len(ids) == len(set(ids)) == first["total"]
    assert 'aria-label="Pages"' in client.get("/depots").text
    assert "plus0.csv" not in client.get("/depots").text
